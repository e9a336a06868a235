"""Rows of the results: leaf cells, parent regions, the district, and all levels together.

Shortage and surplus are clipped per region and level (for a pooled level over the district)
inside each draw, and only then summed; quantiles come last and are never added.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from capacity.base.axes import Axes, Bools, Floats, along, ordered_sum
from capacity.model.assumptions import BAND_RED, BAND_YELLOW
from capacity.model.data import Projects
from capacity.model.roll import by_region, entrants_by_level
from capacity.model.simulation import Outcome
from capacity.model.supply import Supply, project_places

#: Variables of every row, in the order of their columns.
ROWS = (
    *("demand", "places", "places_listed", "gap", "shortage", "surplus"),
    *("shortage_after", "utilisation"),
)
#: Places that stand without any project; what levers add, close and convert, signed.
EXISTING, MEASURES = "existing", "measures"
#: A whole number of classes that came out of divisions may stand a rounding error above it.
_ROUNDING = 1e-9


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
    rows = balance_rows(outcome.demand, outcome.places, members, pooled)
    rows["surplus"] = clipped_rows(-outcome.gap, -rows["gap"], members, pooled)
    rows["places_listed"] = _summed(outcome.listed, members)
    nothing = rows["gap"][:, -1, :-1] * np.nan
    rows["shortage_after"] = _clipped(outcome.shortage_kept, members, pooled, nothing)
    rows["shortage_after"][:, -1, :-1] = outcome.shortage_after
    rows["shortage_after"][:, -1, -1] = _over_levels(outcome.shortage_after)
    rows["utilisation"] = np.divide(
        rows["demand"],
        rows["places"],
        out=np.full_like(rows["demand"], np.nan),
        where=rows["places"] > 0,
    )
    return {name: rows[name] for name in ROWS}


def balance_rows(
    demand: Floats, places: Floats, members: Sequence[Sequence[int]], pooled: Bools
) -> dict[str, Floats]:
    """Sum demand, places and gap, and clip the shortage: in each draw, and before it is summed.

    Parameters
    ----------
    demand, places : (year, region, level, draw)
    members, pooled
        As in `totals`.
    """
    cells = balance(demand, places)
    rows = {name: sum_members(part, members) for name, part in cells.items()}
    return with_levels(rows, pooled, district=True)


def balance(demand: Floats, places: Floats) -> dict[str, Floats]:
    """Work out the gap of every cell, and clip its shortage; all with a draw axis last."""
    gap = demand - places
    return {"demand": demand, "places": places, "gap": gap, "shortage": np.maximum(gap, 0.0)}


def with_levels(
    rows: Mapping[str, Floats],
    pooled: Bools,
    *,
    district: bool,
    into: Mapping[str, Floats] = MappingProxyType({}),
) -> dict[str, Floats]:
    """Add the row of all levels to what `balance` gives, summed to region rows.

    Parameters
    ----------
    rows : dict
        ``(year, region row, level, draw)`` by name.
    pooled
        As in `totals`.
    district
        Whether the last region row is the whole district.
    into : dict
        Where to put it, by name; new arrays by default.
    """
    whole = np.maximum(rows["gap"][:, -1], 0.0) if district else None
    found = {name: _with_every(rows[name], into.get(name)) for name in ("demand", "places", "gap")}
    return found | {"shortage": _own_levels(rows["shortage"], pooled, whole, into.get("shortage"))}


def clipped_rows(
    gap: Floats, rows: Floats, members: Sequence[Sequence[int]], pooled: Bools
) -> Floats:
    """Clip a gap at 0 in every cell, a pooled level's over the district, then sum.

    Parameters
    ----------
    gap : (year, region, level, draw)
    rows : (year, region row, level row, draw)
        The same, summed.
    members, pooled
        As in `totals`.
    """
    return _clipped(np.maximum(gap, 0.0), members, pooled, np.maximum(rows[:, -1, :-1], 0.0))


def any_part(marked: Bools, members: Sequence[Sequence[int]]) -> Bools:
    """Mark a row where any part of it is marked: ``(region, level)`` → rows as in `totals`."""
    regions = np.stack([marked[list(leaves)].any(axis=0) for leaves in members])
    return np.concatenate([regions, regions.any(axis=1, keepdims=True)], axis=1)


def _summed(cells: Floats, members: Sequence[Sequence[int]]) -> Floats:
    """Sum leaf cells to region rows, and levels to all."""
    return _with_every(sum_members(cells, members))


def _with_every(regions: Floats, out: Floats | None = None) -> Floats:
    """Sum levels to all."""
    found = _a_level_more(regions) if out is None else out
    found[:, :, :-1] = regions
    found[:, :, -1] = ordered_sum(along(regions, 2))
    return found


def _a_level_more(regions: Floats) -> Floats:
    """Return room for these rows and one of all levels."""
    years, rows, levels, draws = regions.shape
    return np.empty((years, rows, levels + 1, draws), regions.dtype)


def _clipped(
    cells: Floats, members: Sequence[Sequence[int]], pooled: Bools, district: Floats
) -> Floats:
    """Sum clipped cells: a pooled level counts for the district alone."""
    return _own_levels(sum_members(cells, members), pooled, district)


def _own_levels(
    regions: Floats, pooled: Bools, district: Floats | None, out: Floats | None = None
) -> Floats:
    """Sum clipped levels to all: a pooled one counts for the district, the last row, alone."""
    found = _a_level_more(regions) if out is None else out
    found[:, :, :-1] = regions
    found[:, :, :-1][:, :, pooled] = np.nan
    own = np.flatnonzero(~pooled).tolist()
    found[:, :, -1] = ordered_sum([regions[:, :, level] for level in own]) if own else 0.0
    if district is not None:
        found[:, -1, :-1][:, pooled] = district[:, pooled]
        found[:, -1, -1] = _over_levels(found[:, -1, :-1])
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


def _over_levels(district: Floats) -> Floats:
    return ordered_sum([district[:, level] for level in range(district.shape[1])])


def entry_rows(outcome: Outcome, axes: Axes, pooled: Bools) -> dict[str, Floats]:
    """Work out entrants, entry places, their gap and the classes needed.

    Parameters
    ----------
    outcome
    axes
    pooled : (level)

    Returns
    -------
    dict
        ``entrants``, ``entry_places``, ``entry_gap``, ``classes_needed``, each
        ``(year, region row, level, draw)``, and ``band``: 0 below .9 of entry places, 1 from
        there, 2 from 1, nan where empty.
    """
    cells = entrants_by_level(outcome.pupils, axes)
    places = outcome.listed / axes.span[:, None] + 0.0 * cells
    classes = np.maximum(np.ceil(cells / outcome.class_size - _ROUNDING), 0.0)
    entrants, rooms = sum_members(cells, axes.members), sum_members(places, axes.members)
    rows = {
        "entrants": entrants,
        "entry_places": rooms,
        "entry_gap": entrants - rooms,
        "classes_needed": sum_members(classes, axes.members),
        "band": band(entrants, rooms),
    }
    for name in ("entry_gap", "band"):
        rows[name][:, :-1, pooled] = np.nan
    return rows


def band(entrants: Floats, places: Floats) -> Floats:
    """Early-warning band: 0, 1 (黄) from .9 of the entry places, 2 (红) from 1."""
    yellow, red = reached(entrants, places)
    return np.where(np.isnan(places), np.nan, yellow.astype(float) + red)


def reached(entrants: Floats, places: Floats) -> tuple[Bools, Bools]:
    """Mark what reaches 黄, and what reaches 红; where places are nan neither."""
    some = entrants > 0
    return tuple(  # type: ignore[return-value]
        some & (entrants >= places.dtype.type(limit.value) * places)
        for limit in (BAND_YELLOW, BAND_RED)
    )


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
