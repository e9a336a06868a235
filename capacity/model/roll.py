"""Carry cohorts up one grade a year: the kernel of the model."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Floats


@dataclass(frozen=True, eq=False)
class Transfers(Arrays):
    """Where the entrants of a level come from and go to, beside their own area.

    Attributes
    ----------
    flows
        By position of a level's first grade: ``share[from, to]`` over areas, of the leavers.
    rezoned
        By position of a level's first grade: ``share[year, from, to]`` over areas, of the
        entrants.
    """

    flows: Mapping[int, Floats]
    rezoned: Mapping[int, Floats]


def roll_forward(
    base: Floats, entrants: Floats, ratios: Floats, moves: Floats, transfers: Transfers
) -> tuple[Floats, Floats]:
    """Roll the pupils of the base year forward.

    ``E[t+1,a,g+1] = ρ[t+1,a,g+1]·E[t,a,g] + M[t+1,a,g+1]``, never below 0.

    Parameters
    ----------
    base : (area, grade, draw)
        Pupils of the base year. A draw axis of length 1, here and below, is the same in every
        draw.
    entrants : (year, area, draw)
        Children who come into the first grade, before moves, from the year after the base.
    ratios : (year, area, grade, draw)
        Progression ratio into each grade; that of the first grade is not used.
    moves : (year, area, grade, draw)
        Pupils added or taken, every grade.
    transfers
        Levels whose entrants are mixed over areas.

    Returns
    -------
    pupils : (year, area, grade, draw)
        The base year first.
    clipped : (year, area, grade, draw)
        Pupils that were added to keep a count from falling below 0.
    """
    years, parts = len(entrants), (base, entrants, ratios, moves)
    draws = np.broadcast_shapes(*(part.shape[-1:] for part in parts))
    pupils = np.empty((years + 1, *base.shape[:2], *draws), np.result_type(*parts))
    clipped = np.zeros(pupils.shape, pupils.dtype)
    pupils[0] = base
    may_fall = bool((moves < 0).any())  # where nothing is taken, no count falls below 0
    for year in range(years):
        now = pupils[year + 1]
        progressed(pupils[year], ratios[year], transfers, out=now)
        now[:, 0] = entrants[year]
        now += moves[year]
        if may_fall and now.min() < 0:  # rare, and writing every page of what was clipped is dear
            np.maximum(-now, 0.0, out=clipped[year + 1])
            np.maximum(now, 0.0, out=now)
        for grade, share in transfers.rezoned.items():
            now[:, grade] = rezone(now[:, grade], share[year])
    return pupils, clipped


def progressed(
    before: Floats, ratios: Floats, transfers: Transfers, *, out: Floats | None = None
) -> Floats:
    """Pupils that ratios carry up a grade: ``(area, grade, draw)``, none into the first grade."""
    out = np.empty(np.broadcast_shapes(before.shape, ratios.shape)) if out is None else out
    out[:, 0] = 0.0
    np.multiply(before[:, :-1], ratios[:, 1:], out=out[:, 1:])
    for grade, share in transfers.flows.items():
        out[:, grade] = ratios[:, grade] * redistribute(before[:, grade - 1], share)
    return out


def redistribute(leavers: Floats, share: Floats) -> Floats:
    """Send leavers where they go: ``Σ_from share[from, to]·leavers[from]``, (area, draw)."""
    arriving = np.zeros_like(leavers)
    for here, row in enumerate(share):
        arriving += row[:, None] * leavers[here]
    return arriving


def rezone(entrants: Floats, share: Floats) -> Floats:
    """Move shares ``[from, to]`` of the entrants ``(area, draw)``, all at once."""
    staying = 1.0 - share.sum(axis=1)
    kept: Floats = staying[:, None] * entrants
    return kept + redistribute(entrants, share)


def by_region(heads: Floats, axes: Axes) -> Floats:
    """Add areas up to regions, in code order: ``(year, area, …)`` to ``(year, region, …)``."""
    regions = np.zeros((len(heads), len(axes.region), *heads.shape[2:]))
    for area, region in enumerate(axes.region_of):
        regions[:, region] += heads[:, area]
    return regions


def by_level(pupils: Floats, axes: Axes) -> Floats:
    """Demand: pupils by region and level.

    Parameters
    ----------
    pupils : (year, area, grade, draw)
    axes

    Returns
    -------
    (year, region, level, draw)
    """
    regions = by_region(pupils, axes)
    demand = np.zeros((len(pupils), len(axes.region), len(axes.level), pupils.shape[-1]))
    for grade, level in enumerate(axes.level_of):
        demand[:, :, level] += regions[:, :, grade]
    return demand


def by_grade(pupils: Floats, axes: Axes) -> Floats:
    """Demand by grade: pupils by region, level and grade of the level.

    Parameters
    ----------
    pupils : (year, area, grade, draw)
    axes

    Returns
    -------
    (year, region, level, grade of the level, draw)
        0 beyond the last grade of a level.
    """
    regions, most = by_region(pupils, axes), int(axes.span.max())
    shape = (*regions.shape[:2], len(axes.level), most, pupils.shape[-1])
    demand = np.zeros(shape, regions.dtype)
    for level, (first, span) in enumerate(zip(axes.entry, axes.span.astype(int), strict=True)):
        demand[:, :, level, :span] = regions[:, :, first : first + span]
    return demand
