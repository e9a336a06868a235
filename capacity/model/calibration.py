"""Ratios from the district's own history: yearly ratios, and two ways to average them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from capacity.base.axes import Bools, Floats

#: A calibration: (into, came from, positions of the window) -> ratio, nan where there is none.
Method = Callable[[Floats, Floats, Sequence[int]], Floats]


def mean(into: Floats, source: Floats, window: Sequence[int]) -> Floats:
    """Average the yearly ratios of the window: plain cohort survival.

    Parameters
    ----------
    into : (year, …)
        Pupils counted in a year; nan where unknown or kept out.
    source : (year, …)
        What they come from: pupils one grade lower a year before, births or children of the
        cohort.
    window
        Positions of the years that count.

    Returns
    -------
    (…)
        Mean of ``into ÷ source`` over the years where both are known and the source is not 0.
    """
    into, source = into[window], source[window]
    used = usable(into, source)
    ratio = np.divide(into, source, out=np.zeros_like(into), where=used)
    return divided(ratio.sum(axis=0), used.sum(axis=0))


def pooled(into: Floats, source: Floats, window: Sequence[int]) -> Floats:
    """Divide the sum over the window by the sum of what it came from; shapes as in `mean`."""
    into, source = into[window], source[window]
    used = usable(into, source)
    return divided(np.where(used, into, 0.0).sum(axis=0), np.where(used, source, 0.0).sum(axis=0))


METHODS: dict[str, Method] = {"mean": mean, "pooled": pooled}


def usable(into: Floats, source: Floats) -> Bools:
    """Mark the yearly ratios that there are: both known, and the source above 0."""
    known: Bools = ~np.isnan(into) & ~np.isnan(source)
    return known & (np.nan_to_num(source) > 0)


def came_from(pupils: Floats) -> Floats:
    """Pupils one grade lower a year before, at the place of each grade and year.

    Parameters
    ----------
    pupils : (year, area, grade)

    Returns
    -------
    (year, area, grade)
        nan in the first year and the first grade, which come from no grade.
    """
    before = np.full_like(pupils, np.nan)
    before[1:, :, 1:] = pupils[:-1, :, :-1]
    return before


def divided(top: Floats, bottom: Floats) -> Floats:
    """Divide; nan where there is nothing to divide by."""
    ratio: Floats = np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=bottom > 0)
    return ratio
