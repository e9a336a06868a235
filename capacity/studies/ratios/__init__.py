"""The ratios of a district's own past: how sure they are, and where it breaks."""
