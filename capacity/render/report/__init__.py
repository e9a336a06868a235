"""The report: blocks as one HTML file that needs nothing else."""
