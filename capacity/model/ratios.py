"""Ratios of a district: stated in ratios.csv, else calibrated on its own years; before levers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.axes import Arrays, Bools, Floats, along, ordered_sum
from capacity.inputs.arrays.world import World
from capacity.inputs.scenarios.declared import Calibration
from capacity.inputs.scenarios.declared import Demand as DemandSettings
from capacity.model import calibration, shrunk
from capacity.model.history import History, history_of

SHRUNK = "shrunk"


@dataclass(frozen=True, eq=False)
class Estimate(Arrays):
    """Ratios that an origin finds in its past; nan where there is none.

    Attributes
    ----------
    per_birth, per_child : (area)
        Entrants of the first grade per birth, and per child, of their cohort.
    entrants : (area)
        Entrants to expect where the first grade has no ratio.
    progression : (area, grade)
        Ratio into each grade; 0 at the first grade of all.
    """

    per_birth: Floats
    per_child: Floats
    entrants: Floats
    progression: Floats


@dataclass(frozen=True, eq=False)
class Ratios(Arrays):
    """What a forecast carries into the years ahead; nan where there is no ratio.

    Attributes
    ----------
    per_birth, per_child : (horizon, area)
        Entrants of the first grade per birth, and per child, of their cohort.
    entrants : (area)
        Entrants to expect where the first grade has no ratio.
    progression : (horizon, area, grade)
        Ratio into each grade; 0 at the first grade of all.
    mixes : (horizon, area, grade)
        Grades calibrated by `shrunk`, which small areas mix with what they have.
    """

    per_birth: Floats
    per_child: Floats
    entrants: Floats
    progression: Floats
    mixes: Bools


def calibrate(world: World, settings: DemandSettings) -> Ratios:
    """Calibrate every ratio that is not stated.

    Parameters
    ----------
    world
    settings
        Method and window, for entry and for progression.
    """
    found = estimate(history_of(world), settings)
    ratios = _stated_or(world.given, found.progression)
    ratios[:, :, 0] = 0.0
    ratios[:, :, list(world.axes.orphans)] = np.nan
    mixes = np.isnan(world.given) & ~np.isnan(ratios)
    mixes &= settings.progression.method == SHRUNK
    mixes[:, :, 0] = False
    return Ratios(
        per_birth=_stated_or(world.given[:, :, 0], found.per_birth),
        per_child=_stated_or(world.given_per_child, found.per_child),
        entrants=found.entrants,
        progression=ratios,
        mixes=mixes,
    )


def _stated_or(given: Floats, calibrated: Floats) -> Floats:
    """Ratios stated in ratios.csv win over calibration."""
    return np.where(np.isnan(given), calibrated, given)


def estimate(history: History, settings: DemandSettings) -> Estimate:
    """Find the ratios that the past up to an origin gives.

    Parameters
    ----------
    history
        What the origin knows.
    settings
        Method and window, for entry and for progression.
    """
    smoothed = settings.entry.method == SHRUNK
    last = history.pupils[-1, :, 0]
    return Estimate(
        per_birth=_entry(history, history.born, settings.entry),
        per_child=_entry(history, history.children, settings.entry),
        entrants=shrunk.level_of_entry(history.pupils[:, :, 0]) if smoothed else last,
        progression=_progression(history, settings.progression),
    )


def _entry(history: History, cohort: Floats, settings: Calibration) -> Floats:
    if settings.method == SHRUNK:
        return shrunk.entry(history.entrants, cohort)
    method = calibration.METHODS[settings.method]
    return method(history.entrants, cohort, history.recent(settings.window))


def _progression(history: History, settings: Calibration) -> Floats:
    source = calibration.came_from(history.pupils)
    source[:, :, list(history.orphans)] = np.nan
    ratios = _by_method(history, history.into, source, settings)
    for grade in history.flows:
        arriving = ordered_sum(along(history.into[:, :, grade], 1))
        leaving = ordered_sum(along(history.pupils[:, :, grade - 1], 1))
        before = np.concatenate([[np.nan], leaving[:-1]])
        # One ratio for the whole district: flows already say which region gains from which.
        whole = (arriving[:, None, None], before[:, None, None])
        ratios[:, grade] = _by_method(history, *whole, settings)[0, 0]
    return ratios


def _by_method(history: History, into: Floats, source: Floats, settings: Calibration) -> Floats:
    if settings.method == SHRUNK:
        return shrunk.progression(into, source)
    method = calibration.METHODS[settings.method]
    return method(into, source, history.recent(settings.window))
