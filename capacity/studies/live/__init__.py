"""Live levers: the tab of a report whose sliders work out the run anew, by its own arithmetic."""
