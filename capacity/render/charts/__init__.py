"""Charts: functions of a results frame and its labels that draw on axes, ignorant of the model."""
