"""Sampled worlds: how far ratios, births, projects and base-year figures may stray, and draws."""
