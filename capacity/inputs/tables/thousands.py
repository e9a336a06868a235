"""Counts in which a point stands for a comma of thousands: 1.234 for 1,234."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def are_thousands(numbers: NDArray[np.float64], rows: NDArray[np.intp]) -> bool:
    """Whether the fractions of a column look like thousands with a point for their comma.

    All have three decimals or fewer, and a thousand times them lies nearer to the whole numbers
    beside them than they do; with few of these, they need three decimals somewhere.

    Parameters
    ----------
    numbers : array of float
        The column; nan where there is none.
    rows : array of int
        Where its fractions are.

    Examples
    --------
    >>> are_thousands(np.array([980.0, 1.012, 1.1, 995.0]), np.array([1, 2]))
    True
    >>> are_thousands(np.array([102.0, 103.5, 99.125]), np.array([1, 2]))
    False
    """
    fractions = numbers[rows]
    times = fractions * 1000
    if (np.abs(times - np.round(times)) > 1e-6).any() or (fractions >= 1000).any():
        return False
    if (fractions < 1).any():
        return False
    whole = numbers[~np.isnan(numbers)]
    whole = whole[(whole == np.floor(whole)) & (whole > 0)]
    if not len(whole):
        hundredths = fractions * 100
        return bool((np.abs(hundredths - np.round(hundredths)) > 1e-6).any())
    middle, own = float(np.median(whole)), float(np.median(fractions))
    return _times(own * 1000, middle) < _times(own, middle)


def _times(one: float, other: float) -> float:
    """Return how many times the smaller of two numbers the greater is."""
    return max(one, other) / min(one, other)
