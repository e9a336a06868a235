"""School-place supply and demand by region, level and year, under scenarios."""

from __future__ import annotations

__version__ = "0.1.0"
