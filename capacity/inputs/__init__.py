"""Files to frozen, checked objects: the only place that reads what users write."""
