"""Pupils that new homes bring, without counting growth twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capacity.base.axes import Floats


def usual(homes: Floats, window: Sequence[int]) -> Floats:
    """Homes completed in a usual year: the mean over the calibration years, ``(region)``.

    The ratios of those years hold the growth that these homes brought, so only what differs
    from them moves pupils. 0 where no calibration year has a row.

    Parameters
    ----------
    homes : (year, region)
        Homes completed; nan where there is no row.
    window
        Positions of the calibration years.
    """
    rows = homes[window]
    known = ~np.isnan(rows)
    mean = np.zeros(rows.shape[1])
    np.divide(
        np.where(known, rows, 0.0).sum(axis=0), known.sum(axis=0), out=mean, where=known.any(axis=0)
    )
    return mean


def completed(homes: Floats, usual_year: Floats) -> Floats:
    """Homes by year and region, the usual number where there is no row."""
    return np.where(np.isnan(homes), usual_year, homes)


def arrivals(homes: Floats, usual_year: Floats, per_home: Floats) -> Floats:
    """Pupils that arrive: ``Σ_k (H[t−k] − H̄)·arrivals(g, k)``, signed.

    Parameters
    ----------
    homes : (year, region)
        Homes completed, every year known.
    usual_year : (region)
        What the ratios already hold.
    per_home : (years since completion, grade)
        Pupils of a grade who arrive per home that many years after its completion.

    Returns
    -------
    (year, region, grade)
    """
    unusual = homes - usual_year
    moves = np.zeros((*homes.shape, per_home.shape[1]))
    for since, yields in enumerate(per_home[: len(homes)]):
        late = unusual[: len(homes) - since, :, None] * yields
        moves[since:] += late
    return moves
