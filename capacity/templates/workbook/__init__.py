"""A template's tables as one workbook: notes, drop-downs, and text that stays text."""
