"""Ratios of a district: stated in ratios.csv, else calibrated on its own years; before levers."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, along, ordered_sum
from capacity.base.settings import Calibration
from capacity.base.settings import Demand as DemandSettings
from capacity.model import calibration, shrunk
from capacity.model.data import World
from capacity.model.history import History, history_of
from capacity.model.shrunk import Leaning

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
class Leanings:
    """The ratios of an `Estimate`, with what each leans on.

    Attributes
    ----------
    per_birth, per_child : Leaning of (area)
    progression : Leaning of (area, grade)
    """

    per_birth: Leaning
    per_child: Leaning
    progression: Leaning


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
    last, found = history.pupils[-1, :, 0], leanings(history, settings)
    return Estimate(
        per_birth=found.per_birth.ratio,
        per_child=found.per_child.ratio,
        entrants=shrunk.level_of_entry(history.pupils[:, :, 0]) if smoothed else last,
        progression=found.progression.ratio,
    )


def leanings(history: History, settings: DemandSettings) -> Leanings:
    """Find the ratios that the past up to an origin gives, and what each leans on."""
    return Leanings(
        per_birth=_entry(history, history.born, settings.entry),
        per_child=_entry(history, history.children, settings.entry),
        progression=_progression(history, settings.progression),
    )


def _entry(history: History, cohort: Floats, settings: Calibration) -> Leaning:
    if settings.method == SHRUNK:
        return shrunk.entry(history.entrants, cohort)
    method = calibration.METHODS[settings.method]
    return Leaning.on_nothing(method(history.entrants, cohort, history.recent(settings.window)))


def _progression(history: History, settings: Calibration) -> Leaning:
    into, source = history.into, from_below(history)
    found = _by_method(history, into, source, settings)
    if not history.flows:
        return found
    parts = {part.name: getattr(found, part.name).copy() for part in fields(found)}
    for grade in history.flows:
        whole = _by_method(history, *through_flows(history, grade), settings)
        for name, part in parts.items():
            part[:, grade] = getattr(whole, name)[0, 0]
    return Leaning(**parts)


def from_below(history: History) -> Floats:
    """Give the pupils one grade lower a year before, ``(year, area, grade)``; nan where none."""
    source = calibration.came_from(history.pupils)
    source[:, :, list(history.orphans)] = np.nan
    return source


def through_flows(history: History, grade: int) -> tuple[Floats, Floats]:
    """Give the pupils of a grade that flows lead into, and where they came from, all areas.

    One ratio serves the whole district: flows already say which region gains from which.

    Returns
    -------
    into, source : (year, 1, 1)
    """
    arriving = ordered_sum(along(history.into[:, :, grade], 1))
    leaving = ordered_sum(along(history.pupils[:, :, grade - 1], 1))
    before = np.concatenate([[np.nan], leaving[:-1]])
    return arriving[:, None, None], before[:, None, None]


def _by_method(history: History, into: Floats, source: Floats, settings: Calibration) -> Leaning:
    if settings.method == SHRUNK:
        return shrunk.progression(into, source)
    method = calibration.METHODS[settings.method]
    return Leaning.on_nothing(method(into, source, history.recent(settings.window)))
