"""Tables of a district folder to checked frames, a file a stage.

`files` reads bytes and text · `sheets` cuts CSV text into cells with their places, `xlsx` a
workbook, where `office` finds header, notes and totals · `headers` finds columns by name ·
`values` and `readers` read a cell · `frames` keeps the rows without a fault · `rules` checks what
holds across rows · `folder` conducts. What columns there are stands in ``words/tables.toml``.
"""
