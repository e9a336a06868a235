"""Ratios of a district: stated in ratios.csv, else calibrated on its own years; before levers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.settings import Calibration
from capacity.base.settings import Demand as DemandSettings
from capacity.model import shrunk
from capacity.model.data import ModelData
from capacity.model.history import History, divided, from_below, history_of, through_flows, usable
from capacity.model.shrunk import ShrunkRatio

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
class ShrunkRatios:
    """The ratios of an `Estimate`, with what each leans on.

    Attributes
    ----------
    per_birth, per_child : ShrunkRatio of (area)
    progression : ShrunkRatio of (area, grade)
    """

    per_birth: ShrunkRatio
    per_child: ShrunkRatio
    progression: ShrunkRatio


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
    small_area: Bools


def calibrate(data: ModelData, settings: DemandSettings) -> Ratios:
    """Calibrate every ratio that is not stated.

    Parameters
    ----------
    data
    settings
        Method and window, for entry and for progression.
    """
    found = estimate(history_of(data), settings)
    ratios = _stated_or(data.given, found.progression)
    ratios[:, :, 0] = 0.0
    ratios[:, :, list(data.axes.unlinked_grades)] = np.nan
    small_area = np.isnan(data.given) & ~np.isnan(ratios)
    small_area &= settings.progression.method == SHRUNK
    small_area[:, :, 0] = False
    return Ratios(
        per_birth=_stated_or(data.given[:, :, 0], found.per_birth),
        per_child=_stated_or(data.given_per_child, found.per_child),
        entrants=found.entrants,
        progression=ratios,
        small_area=small_area,
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
    last, found = history.pupils[-1, :, 0], shrunk_ratios(history, settings)
    return Estimate(
        per_birth=found.per_birth.ratio,
        per_child=found.per_child.ratio,
        entrants=shrunk.level_of_entry(history.pupils[:, :, 0]) if smoothed else last,
        progression=found.progression.ratio,
    )


def shrunk_ratios(history: History, settings: DemandSettings) -> ShrunkRatios:
    """Find the ratios that the past up to an origin gives, and what each leans on."""
    return ShrunkRatios(
        per_birth=_entry(history, history.born, settings.entry),
        per_child=_entry(history, history.children, settings.entry),
        progression=_progression(history, settings.progression),
    )


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


#: By method: (into, came from, positions of the window) -> ratio, nan where there is none.
METHODS: dict[str, Callable[[Floats, Floats, Sequence[int]], Floats]] = {
    "mean": mean,
    "pooled": pooled,
}


def _entry(history: History, cohort: Floats, settings: Calibration) -> ShrunkRatio:
    if settings.method == SHRUNK:
        return shrunk.entry(history.entrants, cohort)
    method = METHODS[settings.method]
    return ShrunkRatio.unshrunk(method(history.entrants, cohort, history.recent(settings.window)))


def _progression(history: History, settings: Calibration) -> ShrunkRatio:
    into, source = history.into, from_below(history)
    found = _by_method(history, into, source, settings)
    if not history.flows:
        return found
    parts = {part.name: getattr(found, part.name).copy() for part in fields(found)}
    for grade in history.flows:
        whole = _by_method(history, *through_flows(history, grade), settings)
        for name, part in parts.items():
            part[:, grade] = getattr(whole, name)[0, 0]
    return ShrunkRatio(**parts)


def _by_method(
    history: History, into: Floats, source: Floats, settings: Calibration
) -> ShrunkRatio:
    if settings.method == SHRUNK:
        return shrunk.progression(into, source)
    method = METHODS[settings.method]
    return ShrunkRatio.unshrunk(method(into, source, history.recent(settings.window)))
