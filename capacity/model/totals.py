"""Rows of the results: leaf cells, parent regions, the district, and all levels together.

Shortage and surplus are clipped per region and level (for a pooled level over the district)
inside each draw, and only then summed; quantiles come last and are never added.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capacity.axes import Bools, Floats, ordered_sum
from capacity.model.balance import clip
from capacity.model.simulate import Outcome


def totals(outcome: Outcome, members: Sequence[Sequence[int]], pooled: Bools) -> dict[str, Floats]:
    """Work out every variable of the results for every row.

    Parameters
    ----------
    outcome
    members
        For each region of the results the positions of its leaf regions, in code order; the
        whole district last.
    pooled : (level)

    Returns
    -------
    dict
        ``(year, region row, level row, draw)`` by name; the last level row is all levels.
        nan is an empty cell.
    """
    gap = outcome.gap
    shortage, surplus = clip(gap)
    rows = {
        "demand": _summed(outcome.demand, members),
        "places": _summed(outcome.places, members),
        "places_listed": _summed(outcome.listed, members),
        "gap": _summed(gap, members),
    }
    district = clip(rows["gap"][:, -1, :-1])
    rows["shortage"] = _clipped(shortage, members, pooled, district[0])
    rows["surplus"] = _clipped(surplus, members, pooled, district[1])
    rows["shortage_after"] = _clipped(outcome.shortage_kept, members, pooled, district[0] * np.nan)
    rows["shortage_after"][:, -1, :-1] = outcome.shortage_after
    rows["shortage_after"][:, -1, -1] = _over_levels(outcome.shortage_after)
    rows["utilisation"] = np.divide(
        rows["demand"],
        rows["places"],
        out=np.full_like(rows["demand"], np.nan),
        where=rows["places"] > 0,
    )
    return rows


def any_part(marked: Bools, members: Sequence[Sequence[int]]) -> Bools:
    """Mark a row where any part of it is marked: ``(region, level)`` → rows as in `totals`."""
    regions = np.stack([marked[list(leaves)].any(axis=0) for leaves in members])
    return np.concatenate([regions, regions.any(axis=1, keepdims=True)], axis=1)


def _summed(cells: Floats, members: Sequence[Sequence[int]]) -> Floats:
    """Sum leaf cells to region rows, and levels to all."""
    regions = sum_members(cells, members)
    every = ordered_sum([regions[:, :, level] for level in range(regions.shape[2])])
    return np.concatenate([regions, every[:, :, None]], axis=2)


def _clipped(
    cells: Floats, members: Sequence[Sequence[int]], pooled: Bools, district: Floats
) -> Floats:
    """Sum clipped cells: a pooled level counts for the district alone."""
    regions = sum_members(cells, members)
    regions[:, :, pooled] = np.nan
    regions[:, -1, pooled] = district[:, pooled]
    own = [level for level in range(regions.shape[2]) if not pooled[level]]
    every = np.zeros((*regions.shape[:2], 1, regions.shape[3]))
    for level in own:
        every[:, :, 0] += regions[:, :, level]
    every[:, -1, 0] = _over_levels(regions[:, -1])
    return np.concatenate([regions, every], axis=2)


def sum_members(cells: Floats, members: Sequence[Sequence[int]]) -> Floats:
    """Sum leaf regions to region rows: ``(year, region, …)`` to ``(year, row, …)``."""
    return np.stack(
        [ordered_sum([cells[:, leaf] for leaf in leaves]) for leaves in members], axis=1
    )


def _over_levels(district: Floats) -> Floats:
    return ordered_sum([district[:, level] for level in range(district.shape[1])])
