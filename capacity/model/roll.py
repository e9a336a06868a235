"""Carry cohorts up one grade a year: the kernel of the model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats, Ints
from capacity.base.settings import ROUNDING


@dataclass(frozen=True, eq=False)
class Flow(Arrays):
    """Where the entrants of one level come from.

    Attributes
    ----------
    level, grade
        Positions of the level and of its first grade.
    into : (area)
        Areas of the level: those that the flow leads into.
    share : (year, from, to)
        Share of the leavers of each area who go to each. One year stands for all.
    row : (from, to)
        Position on `Axes.flow` of the row that states it; −1 where there is none.
    """

    level: int
    grade: int
    into: Bools
    share: Floats
    row: Ints

    @property
    def feeding(self) -> Bools:
        """Mark the areas whose leavers it sends anywhere, ``(area)``."""
        return np.asarray((self.row >= 0).any(axis=1))

    def stating(self, shares: Floats) -> Flow:
        """Return it with the shares ``(year, row)`` of its rows."""
        return replace(self, share=np.where(self.row >= 0, shares[:, self.row], 0.0))

    def arriving(self, leavers: Floats, year: int) -> Floats:
        """Return those who come to each area, of the leavers ``(area, draw)`` a year before."""
        return redistribute(leavers, self.share[min(year, len(self.share) - 1)])

    def among(self, areas: Sequence[int]) -> Flow:
        """Return the flow among some of the areas."""
        within = np.ix_(areas, areas)
        share = np.stack([one[within] for one in self.share])
        return replace(self, into=self.into[list(areas)], share=share, row=self.row[within])


@dataclass(frozen=True, eq=False)
class Transfers(Arrays):
    """Where the entrants of a level come from and go to, beside their own area.

    Attributes
    ----------
    flows
        One for each level that has any.
    rezoned
        By position of a first grade: ``share[year, from, to]`` over areas, of the entrants.
    """

    flows: tuple[Flow, ...]
    rezoned: Mapping[int, Floats]


def roll_forward(
    base: Floats,
    entrants: Floats,
    ratios: Floats,
    moves: Floats,
    transfers: Transfers,
    *,
    limits: tuple[Floats, Floats] | None = None,
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
    limits : (year, area, grade, draw), optional
        The fewest and the most whom ratios carry up.

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
    moved = [bool(year.any()) for year in moves]
    for year in range(years):
        now = pupils[year + 1]
        progressed(pupils[year], ratios[year], transfers, year, out=now)
        if limits is not None:
            np.clip(now, *(side[year] for side in limits), out=now)
        now[:, 0] = entrants[year]
        if moved[year]:
            now += moves[year]
        if may_fall and now.min() < 0:  # rare, and writing every page of what was clipped is dear
            np.maximum(-now, 0.0, out=clipped[year + 1])
            np.maximum(now, 0.0, out=now)
        for grade, share in transfers.rezoned.items():
            now[:, grade] = rezone(now[:, grade], share[year])
    return pupils, clipped


def progressed(
    before: Floats,
    ratios: Floats,
    transfers: Transfers,
    year: int = 0,
    *,
    out: Floats | None = None,
) -> Floats:
    """Pupils that ratios carry up a grade: ``(area, grade, draw)``, none into the first grade.

    ``year`` counts the years of the transfers.
    """
    out = np.empty(np.broadcast_shapes(before.shape, ratios.shape)) if out is None else out
    out[:, 0] = 0.0
    np.multiply(before[:, :-1], ratios[:, 1:], out=out[:, 1:])
    for flow in transfers.flows:
        arriving = flow.arriving(before[:, flow.grade - 1], year)
        out[flow.into, flow.grade] = (ratios[:, flow.grade] * arriving)[flow.into]
    return out


def redistribute(leavers: Floats, share: Floats) -> Floats:
    """Send leavers where they go: ``Σ_from share[from, to]·leavers[from]``, (area, draw)."""
    arriving = np.zeros_like(leavers)
    for here, row in enumerate(share):
        arriving += row[:, None] * leavers[here]
    return arriving


def rezone(entrants: Floats, share: Floats) -> Floats:
    """Move shares ``[from, to]`` of the entrants ``(area, draw)``, all at once.

    Where all go but the rounding of their shares, nobody stays.
    """
    staying = 1.0 - share.sum(axis=1)
    staying[staying < ROUNDING] = 0.0
    kept: Floats = staying[:, None] * entrants
    return kept + redistribute(entrants, share)


def by_region(heads: Floats, axes: Axes, areas: Ints | None = None) -> Floats:
    """Add areas up to regions, in code order: ``(year, area, …)`` to ``(year, region, …)``.

    All of them, or those at some positions.
    """
    regions = np.zeros((len(heads), len(axes.region), *heads.shape[2:]))
    for area in range(len(axes.area)) if areas is None else areas:
        regions[:, axes.region_of[area]] += heads[:, area]
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
    demand = np.zeros((len(pupils), len(axes.region), len(axes.level), pupils.shape[-1]))
    for level, _, heads in _in_levels(pupils, axes):
        demand[:, :, level] += heads
    return demand


def _in_levels(pupils: Floats, axes: Axes) -> Iterator[tuple[int, int, Floats]]:
    """Yield a level, a grade of it from 0, and the pupils ``(year, region, draw)`` in both."""
    for areas, levels in axes.streams:
        regions = by_region(pupils, axes, areas)
        for grade, level in enumerate(levels.tolist()):
            if level >= 0:
                yield level, grade - axes.entry[level], regions[:, :, grade]


def entrants_by_level(pupils: Floats, axes: Axes) -> Floats:
    """Pupils of each level's first grade by region: ``(year, region, level, draw)``."""
    entrants = np.zeros((len(pupils), len(axes.region), len(axes.level), pupils.shape[-1]))
    for areas, levels in axes.streams:
        own = [level for level, first in enumerate(axes.entry) if levels[first] == level]
        first = [axes.entry[level] for level in own]
        entrants[:, :, own] += by_region(pupils[:, :, first], axes, areas)
    return entrants


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
    most = int(axes.span.max())
    shape = (len(pupils), len(axes.region), len(axes.level), most, pupils.shape[-1])
    demand = np.zeros(shape)
    for level, grade, heads in _in_levels(pupils, axes):
        demand[:, :, level, grade] += heads
    return demand
