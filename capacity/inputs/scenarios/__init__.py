"""Scenario files with all that they extend."""
