"""Ratios of a district: stated in ratios.csv, else calibrated on its own years; before levers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.settings import Calibration
from capacity.base.settings import Demand as DemandSettings
from capacity.model import openings, shrunk
from capacity.model.assumptions import RATIO_LIMIT, SHRUNK_MEMORY
from capacity.model.data import ModelData
from capacity.model.history import History, divided, from_below, history_of, through_flows
from capacity.model.passing import Passing, find_passing, not_passing
from capacity.model.shrunk import ShrunkRatio
from capacity.model.zeros import Past

SHRUNK = "shrunk"


@dataclass(frozen=True, eq=False)
class Calibrated(Arrays):
    """Ratios of a past, with what each leans on; arrays ``(area)`` or ``(area, grade)``.

    Attributes
    ----------
    found : ShrunkRatio
        The ratio used is nan where nothing is known of any area.
    past : Past
    used : (year, …)
        Years that the ratio rests on.
    own : (…)
        The ratio of the cell's own years, before limits; nan where there is none.
    everywhere : (…)
        The ratio of all areas; 1 where none has a year that says something.
    """

    found: ShrunkRatio
    past: Past
    used: Bools
    own: Floats
    everywhere: Floats

    def of_grade(self, grade: int) -> Calibrated:
        """Return those into one grade, arrays ``(area)``."""
        parts = (self.found.of_grade(grade), self.past.of_grade(grade))
        ratios = (self.own[:, grade], self.everywhere[:, grade])
        return Calibrated(*parts, self.used[:, :, grade], *ratios)

    @property
    def replaced(self) -> Bools:
        """Where the own ratio lies beyond `RATIO_LIMIT`, and that of all areas stands instead."""
        return np.asarray(~self.past.closed & (np.nan_to_num(self.own) > RATIO_LIMIT.value))

    @property
    def ratio(self) -> Floats:
        """The ratio used."""
        return self.found.ratio


@dataclass(frozen=True, eq=False)
class Estimate(Arrays):
    """Ratios that an origin finds in its past; nan where there is none.

    Attributes
    ----------
    per_birth, per_child : Calibrated of (area)
        Entrants of the first grade per birth, and per child, of their cohort.
    entrants : (area)
        Entrants to expect where the first grade has no ratio.
    without_cohort : Past of (area)
        Its years by themselves.
    passing
        How births show in first grades; as counted but for the method `shrunk`.
    progression : Calibrated of (area, grade)
        Ratio into each grade; of the first grade of all without meaning.
    """

    per_birth: Calibrated
    per_child: Calibrated
    entrants: Floats
    without_cohort: Past
    passing: Passing
    progression: Calibrated


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
        Ratio into each grade; 0 at the first grade of all. nan too where pupils without a grade
        below them will get none: they are held.
    small_area : (horizon, area, grade)
        Grades calibrated by `shrunk`, which small areas mix with what they have.
    closed : (horizon, area, grade)
        Cells that calibration found closed, in the years for which no ratio is stated.
    unreached : (area, grade)
        Cells that somebody reaches for the first time.
    meant : (horizon, area)
        Areas in which, up to a year, a cell without pupils is to open: its ratio is stated, or
        flows lead to it.
    emptying : (area, grade)
        Cells that had pupils of late, and that nobody reaches any more.
    open : (year, area, grade)
        Years of the past in and after which a cell was not closed.
    unfed : (area, grade)
        Grades with pupils that no grade below them feeds, now or later: they are held.
    estimate
        The calibrated ratios, stated or not.
    """

    per_birth: Floats
    per_child: Floats
    entrants: Floats
    progression: Floats
    small_area: Bools
    closed: Bools
    unreached: Bools
    meant: Bools
    emptying: Bools
    open: Bools
    unfed: Bools
    estimate: Estimate

    @property
    def changing(self) -> Bools:
        """Areas whose school fills or empties, ``(horizon, area)``."""
        return np.asarray((self.unreached | self.emptying).any(axis=1) | self.meant)


def calibrate(data: ModelData, settings: DemandSettings) -> Ratios:
    """Calibrate every ratio that is not stated.

    Parameters
    ----------
    data
    settings
        Method and window, for entry and for progression.
    """
    history = history_of(data)
    found = estimate(history, settings)
    ratios = _stated_or(data.given, found.progression.ratio)
    ratios[:, :, 0] = 0.0
    ratios[:, :, list(data.axes.unlinked_grades)] = np.nan
    per_birth = _stated_or(data.given[:, :, 0], found.per_birth.ratio)
    per_child = _stated_or(data.given_per_child, found.per_child.ratio)
    entered = openings.entered(per_birth, per_child, found.entrants)
    reached = openings.reached(history, ratios, entered)
    source = found.progression.past.source
    unfed = (history.pupils[-1] > 0) & (source[-1] == 0) & ~reached
    unfed &= ~history.flowing
    stated = ~np.isnan(openings.next_year(data.given))
    unfed &= ~stated
    ratios[unfed & np.isnan(data.given)] = np.nan
    closed = found.progression.past.closed.copy()
    closed[:, 0] = _entry_closed(history, found)
    closed |= history.absent
    emptying = openings.lately(history) & ~reached & ~unfed
    emptying[:, list(data.axes.unlinked_grades)] = False  # none ever came from below
    return Ratios(
        per_birth=per_birth,
        per_child=per_child,
        entrants=found.entrants,
        progression=ratios,
        small_area=_small_area(data, ratios, settings),
        closed=closed & np.isnan(data.given),
        unreached=openings.unreached(history, source) & reached,
        meant=openings.meant(history, data),
        emptying=emptying,
        open=_opened(history, found),
        unfed=unfed,
        estimate=found,
    )


def _small_area(data: ModelData, ratios: Floats, settings: DemandSettings) -> Bools:
    """Mark the grades that mix, ``(horizon, area, grade)``: only calibrated ones, and by size."""
    mixes: Bools = np.isnan(data.given) & np.isnan(data.later_per_birth)
    mixes &= np.isnan(data.later_per_child) & ~np.isnan(ratios)
    mixes[:, :, 0] = False
    mixes &= ~data.axes.nowhere
    return mixes & (settings.progression.method == SHRUNK)


def _opened(history: History, found: Estimate) -> Bools:
    """Mark the years in and after which a cell was not closed, ``(year, area, grade)``."""
    marked = found.progression.past.open.copy()
    by_cohort = found.per_birth.past.open & found.per_child.past.open
    marked[:, :, 0] = np.where(_unborn(history), found.without_cohort.open, by_cohort)
    return marked


def _entry_closed(history: History, found: Estimate) -> Bools:
    """Mark the areas whose first grade is closed, by cohorts where they are known, ``(area)``."""
    by_cohort = found.per_birth.past.closed | found.per_child.past.closed
    return np.where(_unborn(history), found.without_cohort.closed, by_cohort)


def _unborn(history: History) -> Bools:
    """Mark the areas of whose cohorts nothing is known, ``(area)``."""
    return np.asarray((np.isnan(history.born) & np.isnan(history.children)).all(axis=0))


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
    progression, level = _progression(history, settings.progression)
    first = _alone(history)
    last = np.where(first.closed, 0.0, history.pupils[-1, :, 0])
    smoothed = settings.entry.method == SHRUNK
    nobody = np.where(history.absent[:, 0], history.pupils[:, :, 0], history.entrants)
    known = (history.born, nobody, history.series, history.ahead)
    passing = find_passing(*known) if smoothed else not_passing(len(level))
    return Estimate(
        per_birth=_entry(history, passing.of(history.born), settings.entry, level),
        per_child=_entry(history, history.children, settings.entry, level),
        entrants=shrunk.level_of_entry(first, history.pupils[-1, :, 0]) if smoothed else last,
        without_cohort=first,
        passing=passing,
        progression=progression,
    )


def mean(into: Floats, source: Floats, used: Bools) -> Floats:
    """Average the yearly ratios that are used: plain cohort survival.

    Parameters
    ----------
    into : (year, …)
        Pupils counted in a year.
    source : (year, …)
        What they come from: pupils one grade lower a year before, births or children of the
        cohort.
    used : (year, …)
        Years whose ratio counts; both counts are known there, and the source above 0.

    Returns
    -------
    (…)
        Mean of ``into ÷ source`` over those years; nan where there is none.
    """
    ratio = np.divide(into, source, out=np.zeros_like(into), where=used)
    return divided(ratio.sum(axis=0), used.sum(axis=0))


def pooled(into: Floats, source: Floats, used: Bools) -> Floats:
    """Divide the sum of the years by the sum of what they came from; shapes as in `mean`."""
    return divided(np.where(used, into, 0.0).sum(axis=0), np.where(used, source, 0.0).sum(axis=0))


#: By method: (into, came from, years used) -> ratio, nan where there is none.
METHODS: dict[str, Callable[[Floats, Floats, Bools], Floats]] = {"mean": mean, "pooled": pooled}


def _used(past: Past, settings: Calibration) -> Bools:
    """Mark the years that a method looks at; flagged ones use up no window."""
    if settings.method == SHRUNK:
        return past.memory(int(SHRUNK_MEMORY.value))
    return past.window(settings.window)


def _finished(
    found: ShrunkRatio, past: Past, used: Bools, everywhere: Floats, typical: Floats, known: Bools
) -> Calibrated:
    """Say what stands where a cell has no year of its own, goes too far, or is closed.

    Parameters
    ----------
    found, past, used
    everywhere, typical : (…)
        Ratio of all areas; the same at the area's level.
    known : (…)
        Whether anything is known of any area.
    """
    own = np.where(known & past.counts.any(axis=0), found.ratio, np.nan)
    ratio = np.where(np.isnan(found.ratio), typical, found.ratio)
    beyond = ratio > RATIO_LIMIT.value
    ratio = np.where(beyond, np.minimum(typical, RATIO_LIMIT.value), ratio)
    ratio = np.where(past.closed, 0.0, ratio)
    found = replace(found, ratio=np.where(known, ratio, np.nan))
    return Calibrated(found, past, used, own, np.broadcast_to(everywhere, own.shape))


def _entry(history: History, cohort: Floats, settings: Calibration, level: Floats) -> Calibrated:
    past, everywhere = _past(history.entrants, cohort, history.pupils[-1, :, 0])
    never = (np.nan_to_num(history.pupils) == 0).all(axis=(0, 2)) & history.empty.any(axis=0)
    never |= history.absent[:, 0]
    past = replace(past, counts=past.counts & ~history.empty, closed=past.closed | never)
    used = _used(past, settings)
    if settings.method == SHRUNK:
        found = shrunk.entry(past)
    else:
        found = ShrunkRatio.unshrunk(METHODS[settings.method](past.into, past.source, used))
    known = np.broadcast_to(past.counts.any(), found.ratio.shape) | past.closed
    return _finished(found, past, used, everywhere, everywhere * level, known)


def _alone(history: History) -> Past:
    """Return the years of the first grade where nothing is known of its cohorts, ``(area)``.

    Its own mean stands for what would have come.
    """
    into, today = history.into[:, :, 0].copy(), history.pupils[-1, :, 0]
    into[-1] = np.where(np.isnan(into).all(axis=0), today, into[-1])
    with_pupils = into > 0
    usual = divided(np.where(with_pupils, into, 0.0).sum(axis=0), with_pupils.sum(axis=0) * 1.0)
    past = Past.of(into, np.ones_like(into), np.broadcast_to(usual, into.shape), today)
    return replace(past, counts=past.counts & ~history.empty)


def _progression(history: History, settings: Calibration) -> tuple[Calibrated, Floats]:
    """Ratios into each grade, and the level of each area.

    A grade that flows lead into has one ratio in every area of its level.
    """
    into, source = history.into, from_below(history)
    known = np.broadcast_to((~np.isnan(into) & ~np.isnan(source)).any(axis=(0, 1)), into.shape[1:])
    everywhere, past, level = _leans_on(into, source, history.pupils[-1])
    typical, into, source = everywhere * level[:, None], into.copy(), source.copy()
    everywhere = np.broadcast_to(everywhere, typical.shape).copy()
    known = np.broadcast_to(known, typical.shape).copy()
    for flow in history.flows:
        cells = (flow.into, flow.grade)
        sides = through_flows(history, flow)
        into[:, *cells], source[:, *cells] = (side[:, :, 0] for side in sides)
        together, _, whole = _leans_on(*sides, sides[0][-1])
        everywhere[cells], typical[cells] = together[0], together[0] * whole[0]
        known[cells] |= bool((~np.isnan(sides[0]) & ~np.isnan(sides[1])).any())
    if history.flows:
        past = Past.of(into, source, everywhere * source, history.pupils[-1])
    used = _used(past, settings)
    if settings.method == SHRUNK:
        found = shrunk.progression(past, typical, everywhere)
    else:
        found = ShrunkRatio.unshrunk(METHODS[settings.method](past.into, past.source, used))
    past = replace(past, closed=past.closed | history.absent)
    return _finished(found, past, used, everywhere, typical, known | history.absent), level


def _leans_on(into: Floats, source: Floats, last: Floats) -> tuple[Floats, Past, Floats]:
    """Ratio of all areas by grade, the years that say something, and the level of each area."""
    past, everywhere = _past(into, source, last)
    return everywhere, past, shrunk.area_level(past, everywhere)


def _past(into: Floats, source: Floats, last: Floats) -> tuple[Past, Floats]:
    """Read the zeros of a past, and the ratio of all areas in the years that say something.

    Both need the other: what is closed is judged by the years with pupils on both sides.
    """
    with_both = (np.nan_to_num(into) > 0) & (np.nan_to_num(source) > 0)
    usual = shrunk.all_areas(into, source, with_both) * source
    past = Past.of(into, source, usual, last)
    return past, shrunk.all_areas(into, source, with_both & past.counts)
