"""Rows of the results: leaf cells, parent regions, the district, and all levels together.

Shortage and surplus are clipped per region and level (for a pooled level over the district)
inside each draw, and only then summed; quantiles come last and are never added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from capacity.base.axes import Axes, Bools, Floats, along, ordered_sum
from capacity.model.data import USUAL_BANDS, Bands, Projects
from capacity.model.pools import Pools
from capacity.model.roll import by_region, entrants_by_level
from capacity.model.simulation import Outcome
from capacity.model.supply import Supply, project_places

#: Variables of every row, in the order of their columns.
ROWS = (
    *("demand", "places", "places_listed", "gap", "shortage", "surplus"),
    *("shortage_after", "utilisation"),
)
#: Of every row as well, after whether it is constrained.
BY_GRADE = "shortage_by_grade"
#: Demand − places · (1 − margin), from which shortage and surplus are clipped; no column.
MARGIN_GAP = "margin_gap"
#: Places that stand without any project; what levers add, close and convert, signed.
EXISTING, MEASURES = "existing", "measures"
#: A whole number of classes that came out of divisions may stand a rounding error above it.
_ROUNDING = 1e-9


def totals(outcome: Outcome, members: Sequence[Sequence[int]], pools: Pools) -> dict[str, Floats]:
    """Work out every variable of the results for every row.

    Parameters
    ----------
    outcome
    members
        For each region of the results the positions of its leaf regions, in code order; the
        whole district last.
    pools

    Returns
    -------
    dict
        ``(year, region row, level row, draw)`` by name; the last level row is all levels.
        nan is an empty cell. Of `ROWS`, `BY_GRADE` and `MARGIN_GAP`.
    """
    holds = pools.holds(members)
    after = _clipped(outcome.shortage_kept, members, holds)
    after[:, -1, :-1] = outcome.shortage_after
    after[:, -1, -1] = ordered_sum(along(outcome.shortage_after, 1))
    demand, places = (summed(side, members) for side in (outcome.demand, outcome.places))
    gap = outcome.margin_gap
    return {
        "demand": demand,
        "places": places,
        "places_listed": summed(outcome.listed, members),
        "gap": summed(outcome.gap, members),
        "shortage": _clipped(pools.clipped(gap), members, holds),
        "surplus": _clipped(pools.clipped(-gap), members, holds),
        "shortage_after": after,
        "utilisation": np.divide(
            demand, places, out=np.full_like(demand, np.nan), where=places > 0
        ),
        BY_GRADE: _clipped(outcome.shortage_by_grade, members, holds),
        MARGIN_GAP: summed(gap, members),
    }


def balanced(demand: Floats, places: Floats, margin: Floats | None = None) -> dict[str, Floats]:
    """Work out the gap of every cell, and clip its shortage; all with a draw axis last.

    Parameters
    ----------
    demand, places : (year, region, level, draw)
    margin : (year, region, level, 1), optional
        Share of places that is kept free; then `MARGIN_GAP` is there too.
    """
    gap = demand - places
    cells = {"demand": demand, "places": places, "gap": gap}
    if margin is not None:
        cells[MARGIN_GAP] = demand - places * (1 - margin)
    return cells | {"shortage": np.maximum(cells.get(MARGIN_GAP, gap), 0.0)}


def with_levels(
    rows: Mapping[str, Floats], holds: Bools, into: Mapping[str, Floats] | None = None
) -> dict[str, Floats]:
    """Add the row of all levels to what `balanced` gives, summed to region rows.

    Parameters
    ----------
    rows : dict
        ``(year, region row, level, draw)`` by name.
    holds : (region row, level)
        Where a row is short by itself.
    into : dict, optional
        Where to put it, by name; new arrays by default.
    """
    there = into or {}
    names = [name for name in ("demand", "places", "gap", MARGIN_GAP) if name in rows]
    found = {name: _with_every(rows[name], there.get(name)) for name in names}
    return found | {"shortage": _own_levels(rows["shortage"], holds, there.get("shortage"))}


def any_part(marked: Bools, members: Sequence[Sequence[int]]) -> Bools:
    """Mark a row where any part of it is marked: ``(region, level)`` → rows as in `totals`."""
    regions = np.stack([marked[list(leaves)].any(axis=0) for leaves in members])
    return np.concatenate([regions, regions.any(axis=1, keepdims=True)], axis=1)


def summed(cells: Floats, members: Sequence[Sequence[int]]) -> Floats:
    """Sum leaf cells to region rows, and levels to all."""
    return _with_every(sum_members(cells, members))


def _with_every(regions: Floats, out: Floats | None = None) -> Floats:
    """Sum levels to all."""
    found = _a_level_more(regions) if out is None else out
    found[:, :, :-1] = regions
    every, (first, *others) = found[:, :, -1], along(regions, 2)
    every[...] = first
    for level in others:
        every += level
    return found


def _a_level_more(regions: Floats) -> Floats:
    """Return room for these rows and one of all levels."""
    years, rows, levels, draws = regions.shape
    return np.empty((years, rows, levels + 1, draws), regions.dtype)


def _clipped(cells: Floats, members: Sequence[Sequence[int]], holds: Bools) -> Floats:
    """Sum clipped cells: a level counts for the rows that hold it alone."""
    return _own_levels(sum_members(cells, members), holds)


def _own_levels(regions: Floats, holds: Bools, out: Floats | None = None) -> Floats:
    """Sum clipped levels to all, those that a row holds; the others are empty."""
    found = _a_level_more(regions) if out is None else out
    found[:, :, :-1] = regions
    every = found[:, :, -1]
    every[...] = 0.0
    for level, rows in enumerate(holds.T):
        if rows.all():
            every += regions[:, :, level]
        elif rows.any():
            every[:, rows] += regions[:, rows, level]
        found[:, ~rows, level] = np.nan
    return found


def pupils_by_group(pupils: Floats, axes: Axes) -> dict[str, Floats]:
    """Pupils of each group by region row, ``(year, row, grade, draw)``; empty without groups."""
    groups = sorted({group for _, group in axes.area.labels})
    if groups == [""]:
        return {}
    own = {of: [a for a, (_, one) in enumerate(axes.area.labels) if one == of] for of in groups}
    return {
        group: sum_members(by_region(pupils, axes, np.array(areas)), axes.members)
        for group, areas in own.items()
    }


def sum_members(cells: Floats, members: Sequence[Sequence[int]]) -> Floats:
    """Sum leaf regions to region rows: ``(year, region, …)`` to ``(year, row, …)``."""
    return np.stack(
        [ordered_sum([cells[:, leaf] for leaf in leaves]) for leaves in members], axis=1
    )


def entry_rows(
    outcome: Outcome, axes: Axes, pools: Pools, bands: Bands = USUAL_BANDS
) -> dict[str, Floats]:
    """Work out entrants, entry places, their gap and the classes needed.

    Parameters
    ----------
    outcome
    axes
    pools
    bands

    Returns
    -------
    dict
        ``entrants``, ``entry_places``, ``entry_gap``, ``classes_needed``, each
        ``(year, region row, level, draw)``, and ``band``: 1 from the yellow line, 2 from the
        red one, nan where empty.
    """
    cells, members = entrants_by_level(outcome.pupils, axes), axes.members
    places = outcome.entry_places + 0.0 * cells
    needed = classes(cells, outcome.class_size)
    entrants, rooms = sum_members(cells, members), sum_members(places, members)
    kept = sum_members(places * (1.0 - outcome.margin), members)
    rows = {
        "entrants": entrants,
        "entry_places": rooms,
        "entry_gap": entrants - rooms,
        "classes_needed": sum_members(needed, members),
        "band": band(entrants, kept, bands),
    }
    apart = ~pools.holds(members)
    for name in ("entry_gap", "band"):
        rows[name][:, apart] = np.nan
    return rows


def classes(entrants: Floats, class_size: Floats, rounding: float = _ROUNDING) -> Floats:
    """Whole classes that seat entrants, a trace of ``rounding`` above a whole number left out."""
    found = np.asarray(entrants / class_size)
    found -= rounding
    return np.maximum(np.ceil(found, out=found), 0.0, out=found)


def band(entrants: Floats, places: Floats, bands: Bands = USUAL_BANDS) -> Floats:
    """Early-warning band: 0, 1 (黄) from the yellow line of the entry places, 2 (红)."""
    yellow, red = reached(entrants, places, bands)
    return np.where(np.isnan(places), np.nan, yellow.astype(float) + red)


def reached(entrants: Floats, places: Floats, bands: Bands) -> tuple[Bools, Bools]:
    """Mark what reaches 黄, and what reaches 红; where places are nan neither."""
    some, used = entrants > 0, share_used(entrants, places)
    return tuple(  # type: ignore[return-value]
        some & (used >= used.dtype.type(limit)) for limit in (bands.yellow, bands.red)
    )


def share_used(used: Floats, places: Floats) -> Floats:
    """Return what is used ÷ places: endless, or nan, where there are none.

    Of whole numbers it is the line's own number where they stand on a line such as 1.1, in either
    precision; the line times the places may be more, or less.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(used / places)


def composition(supply: Supply, axes: Axes) -> dict[str, tuple[Floats, Floats]]:
    """Split the places of a run by what they come from.

    Parameters
    ----------
    supply
        As prepared: the central run.
    axes

    Returns
    -------
    dict
        Usable and listed places, each ``(horizon, region, level, draw)``, by part: `EXISTING`,
        each status of a counted project, less what its works take away, `MEASURES`. The parts
        add up to the places of the run; existing places are nan where they are unknown.
    """
    parts = {EXISTING: (supply.stock, supply.stock)}
    for status in dict.fromkeys(supply.projects.status):
        rows = [row for row, found in enumerate(supply.projects.status) if found == status]
        parts[status] = _of_projects(supply.projects.take(rows), supply, axes)
    parts[MEASURES] = (supply.altered, supply.altered)
    return parts


def composition_rows(supply: Supply, axes: Axes) -> dict[str, tuple[Floats, Floats]]:
    """Sum the parts of `composition` to region rows."""
    return {
        part: (sum_members(usable, axes.members), sum_members(listed, axes.members))
        for part, (usable, listed) in composition(supply, axes).items()
    }


def _of_projects(projects: Projects, supply: Supply, axes: Axes) -> tuple[Floats, Floats]:
    return project_places(projects, np.array(axes.horizon.labels), axes.span, supply.scale)
