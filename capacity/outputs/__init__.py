"""What is made of a run: results, run folders, charts, words."""
