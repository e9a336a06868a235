"""What everything stands on: errors that people read, axes, words."""
