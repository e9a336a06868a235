"""Levers: what a scenario may change, and what its changes must keep."""
