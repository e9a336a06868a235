"""Pupils whom new homes bring, beyond the growth that the ratios hold already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints, along, ordered_sum
from capacity.base.settings import Calibration
from capacity.base.settings import Demand as DemandSettings
from capacity.model.data import Adjustment, ModelData
from capacity.model.levers import Step, adjust
from capacity.model.ratios import SHRUNK, Estimate
from capacity.model.shrunk import Weights, entry_weights, progression_weights


@dataclass(frozen=True, eq=False)
class Homes(Arrays):
    """What homes bring, and what of them the ratios hold.

    Attributes
    ----------
    moves : (horizon, area, grade)
        Pupils that homes beyond the usual number bring.
    unplaced : (horizon, area, grade)
        Those of them who were not counted: their area has no school for them.
    usual : (area, grade)
        Homes a year that the ratio into a grade already holds.
    taken_off : (area, grade)
        Pupils a year of those homes, which were not counted again.
    counted : (year, area, grade)
        True for years up to the base year on which ``usual`` rests.
    without_past : (region)
        Homes are given, but for no year on which a ratio leans.
    steps
        What each lever changed.
    """

    moves: Floats
    unplaced: Floats
    usual: Floats
    taken_off: Floats
    counted: Bools
    without_past: Bools
    steps: tuple[Step, ...]

    def placed_in(self, school: Bools) -> Homes:
        """Return the same where there is a school, ``(horizon, area, grade)``, alone."""
        placed = np.where(school, self.moves, 0.0)
        return replace(self, moves=placed, unplaced=self.moves - placed)


def prepare_homes(
    data: ModelData,
    settings: DemandSettings,
    found: Estimate,
    by_children: Bools,
    levers: Sequence[Adjustment],
) -> Homes:
    """Work out what homes bring, levers applied.

    Parameters
    ----------
    data
    settings
        Methods and windows of the ratios.
    found
        The calibrated ratios.
    by_children : (area)
        Areas whose first grade is at first a ratio of children counted; elsewhere of births.
    levers
        On homes, by year of completion and region.
    """
    axes, cells = data.axes, (len(data.axes.area), len(data.axes.grade))
    known = ~np.isnan(data.homes)
    past, built = axes.start + 1, data.homes[:, axes.region_of]
    if not known.any() and not levers:
        none = np.zeros(cells)
        moves, counted = np.zeros((len(axes.horizon), *cells)), np.zeros((past, *cells), dtype=bool)
        nowhere = np.zeros(len(axes.region), dtype=bool)
        return Homes(moves, np.zeros_like(moves), none, none, counted, nowhere, ())
    weights = years_leaned_on(found, settings, by_children)
    usual, counted = usual_homes(built[:past], weights)
    every = np.ones(cells[1], dtype=bool)
    by_cell = [
        replace(change, chosen=(change.chosen[0], change.chosen[1][axes.region_of], every))
        for change in levers
    ]
    homes, _ = adjust("housing", completed_homes(built, usual), by_cell)
    _, steps = adjust("housing", np.where(known, data.homes, _by_region(usual, data)), levers)
    share = _share_of_region(data)
    arriving = ordered_sum(along(data.per_home, 0))
    unheard = np.zeros(len(axes.region), dtype=bool)
    np.logical_or.at(unheard, axes.region_of, (~counted.any(axis=0) & (arriving > 0)).any(axis=1))
    moves = home_arrivals(homes, usual, data.per_home)[axes.start :] * share
    return Homes(
        moves=moves,
        unplaced=np.zeros_like(moves),
        usual=usual,
        taken_off=usual * arriving * share,
        counted=counted,
        without_past=np.asarray(known.any(axis=0) & unheard),
        steps=tuple(steps),
    )


def years_leaned_on(found: Estimate, settings: DemandSettings, by_children: Bools) -> Floats:
    """Weight of each year of the past in the ratio into each grade, ``(year, area, grade)``.

    Where no ratio rests on any year, the years of the window weigh alike. Weights of a cell need
    not sum to 1.
    """
    above = found.progression
    weights = _weights(above.past.source, above.used, settings.progression, progression_weights)
    births, children = (
        _weights(one.past.source, one.used, settings.entry, entry_weights)
        for one in (found.per_birth, found.per_child)
    )
    weights[:, :, 0] = np.where(by_children, children, births)
    return weights


def _weights(source: Floats, used: Bools, settings: Calibration, leaning: Weights) -> Floats:
    counts = np.where(used, source, 0.0)
    if settings.method == SHRUNK:
        weights = leaning(counts)
    else:
        weights = counts if settings.method == "pooled" else used.astype(float)
    window = np.zeros((len(counts), *[1] * (counts.ndim - 1)))
    window[max(len(counts) - settings.window, 0) :] = 1.0
    return np.where(weights.sum(axis=0) > 0, weights, window)


def usual_homes(homes: Floats, weights: Floats) -> tuple[Floats, Bools]:
    """Homes completed in a usual year, and the years on which that rests.

    The ratios hold the growth that homes brought in the years on which they lean, so only what
    differs from those moves pupils. 0 where no such year has a row.

    Parameters
    ----------
    homes : (year, area)
        Homes completed in the area's region; nan where there is no row.
    weights : (year, area, grade)
        From `years_leaned_on`.

    Returns
    -------
    usual : (area, grade)
    counted : (year, area, grade)
    """
    known = ~np.isnan(homes)
    latest = len(homes) - 1 - known[::-1].argmax(axis=0)
    last = np.nan_to_num(homes[latest, np.arange(homes.shape[1])])
    counted: Bools = known[..., None] & (weights > 0)
    weights = np.where(counted, weights, 0.0)
    away = np.where(known, homes - last, 0.0)[..., None]  # so that equal years give just these
    total = ordered_sum(along(weights, 0))
    mean = np.zeros_like(total)
    np.divide(ordered_sum(along(weights * away, 0)), total, out=mean, where=total > 0)
    return np.where(total > 0, last[:, None] + mean, 0.0), counted


def completed_homes(homes: Floats, usual: Floats) -> Floats:
    """Homes by year, area and grade: the usual number where there is no row.

    Parameters
    ----------
    homes : (year, area)
    usual : (area, grade)
    """
    return np.where(np.isnan(homes)[..., None], usual, homes[..., None])


def home_arrivals(homes: Floats, usual: Floats, per_home: Floats) -> Floats:
    """Pupils that arrive: ``Σ_k (H[t−k] − H̄)·arrivals(g, k)``, signed.

    Parameters
    ----------
    homes : (year, area, grade)
        Homes completed, every year known.
    usual : (area, grade)
        What the ratios already hold.
    per_home : (years since completion, area, grade)
        Pupils of a grade who arrive per home that many years after its completion.

    Returns
    -------
    (year, area, grade)
    """
    unusual = homes - usual
    moves = np.zeros_like(unusual)
    for since, yields in enumerate(per_home[: len(homes)]):
        moves[since:] += unusual[: len(homes) - since] * yields
    return moves


def _by_region(usual: Floats, data: ModelData) -> Floats:
    """Return one usual number for a region, for the log of levers: the mean of its cells."""
    of = data.axes.region_of
    cells = [usual[of == region] for region in range(len(data.axes.region))]
    return np.array([c.min() + (c - c.min()).mean() if c.size else 0.0 for c in cells])


def _share_of_region(data: ModelData) -> Floats:
    """Share of its region's base-year pupils that an area holds, ``(area, grade)``.

    Among the areas that are of one level in a grade: homes bring pupils to each level.
    """
    axes = data.axes
    pupils = ordered_sum(along(data.pupils[axes.start], 1))
    share = np.zeros(axes.level_of.shape)
    for grade in range(len(axes.grade)):
        for level in np.unique(axes.level_of[:, grade]):
            own = (axes.level_of[:, grade] == level) & ~axes.nowhere[:, grade]
            share[own, grade] = _shared(pupils[own], axes.region_of[own], len(axes.region))
    return share


def _shared(pupils: Floats, region_of: Ints, regions: int) -> Floats:
    """Share of their region's pupils that some areas hold; alike where it has none."""
    region = np.zeros(regions)
    np.add.at(region, region_of, pupils)
    groups = np.bincount(region_of, minlength=regions)[region_of]
    total = region[region_of]
    shared = np.divide(pupils, total, out=1.0 / groups, where=total > 0)
    return np.where(groups == 1, 1.0, shared)
