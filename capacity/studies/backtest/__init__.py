"""Forecasts of a district's own past beside what came."""
