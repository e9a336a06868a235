"""Breaks: years in which pupils jump as neither shrinkage nor luck explains.

Every year is forecast one step ahead, zeros included: a fall to nothing is as much a break as one
to a fifth, and pupils without a grade below them are one. The error is split from the whole to
the part: what all areas share, what an area's grades share, what all areas share in a grade, what
is left in one cohort; a part beyond `BREAK_DEVIATIONS` of its standard deviation, and of some
size, is a break. Shared parts are medians, so that one jump does not become everybody's. The
spread comes from other years, forecast without the one in question above the first grade, so that
a jump there excuses itself in none of them; and a break is left out of what is expected after it,
unless the next year confirms it. The ratios of the first year that has any, which nothing
foretells, are held against those of the two years after. What is left, year by year, is how far
forecasts of this past strayed where nothing broke: the spread of what is ahead rests on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, fingerprint
from capacity.base.exact import log
from capacity.base.settings import Demand as DemandSettings
from capacity.model.assumptions import (
    BREAK_DEVIATIONS,
    BREAK_NONE,
    BREAK_PUPILS,
    BREAK_SHARE,
    CELL_PER_HEAD,
    CLOSED_FROM,
    SPREAD_ORIGINS,
)
from capacity.model.draws.estimate import OneStep, one_step, spread_of
from capacity.model.draws.spread import NO_BIRTHS, Spread
from capacity.model.history import History, from_below

#: Pasts of which is kept what was found in them.
_PASTS = 4
#: The second year of counts has no ratio to be forecast from, but where nobody was nobody is due.
_FIRST = 1


@dataclass(frozen=True)
class Break:
    """A jump of one year.

    Attributes
    ----------
    year : int
        Position of the year.
    area : int or None
        Position of the area; None: all areas.
    grades : tuple of int
        Positions of the grades that jump alike.
    whole : bool
        Whether all grades above the first jump together.
    counted, expected, before : float
        Pupils, and those a year before one grade lower; nan of the first grade.
    deviations : float
        Error of the log, in standard deviations; below 0 where fewer came than were expected.
        Of several cohorts the widest.
    stayed : tuple of int
        Those of the grades in which the years since agree with it; else it was odd.
    """

    year: int
    area: int | None
    grades: tuple[int, ...]
    whole: bool
    counted: float
    expected: float
    before: float
    deviations: float
    stayed: tuple[int, ...] = ()


@dataclass(frozen=True)
class LookBack:
    """A past forecast year by year, each from the years before it; done when first asked for.

    Attributes
    ----------
    history
        Flagged years are left out already, and are no breaks.
    settings
        Method and window of the forecasts that the counts are held against.
    """

    history: History
    settings: DemandSettings

    @property
    def breaks(self) -> tuple[Break, ...]:
        """The breaks, by year, the widest first."""
        return self._found[0]

    @property
    def steps(self) -> tuple[OneStep, ...]:
        """What was expected and what came, by year, where the counts are ordinary.

        Without cells that break, told or not, and those whose last year is left out: flagged, or a
        break that nothing has confirmed yet.
        """
        return self._found[1]

    @cached_property
    def _found(self) -> tuple[tuple[Break, ...], tuple[OneStep, ...]]:
        return _known(_Past(fingerprint(self.history, self.settings), self))

    def broken(self, years: range, areas: int) -> Bools:
        """Mark the areas that broke by themselves in any of the years, ``(area)``."""
        marked = np.zeros(areas, dtype=bool)
        for one in self.breaks:
            if one.year in years and (one.area is not None or areas == 1):
                marked[one.area or 0] = True
        return marked


def find_breaks(history: History, settings: DemandSettings) -> tuple[Break, ...]:
    """Find the breaks of a past, by year, the widest first; as `LookBack`."""
    return LookBack(history, settings).breaks


@dataclass(frozen=True)
class _Past:
    """A past that is looked back on, told from others by what it holds."""

    fingerprint: bytes
    of: LookBack = field(compare=False)


@lru_cache(_PASTS)
def _known(past: _Past) -> tuple[tuple[Break, ...], tuple[OneStep, ...]]:
    """Look back on a past once: scenarios of one district have one past."""
    return _look_back(past.of.history, past.of.settings)


def _look_back(
    history: History, settings: DemandSettings
) -> tuple[tuple[Break, ...], tuple[OneStep, ...]]:
    """Return the breaks of a past, and its forecasts a year ahead where nothing broke."""
    counted = np.flatnonzero(~np.isnan(history.pupils).all(axis=(1, 2)))
    years = range(int(counted[0]) + _FIRST if len(counted) else len(history), len(history))
    known = steady = history  # without breaks; and with only the years since those that stayed
    found: list[Break] = []
    unbroken: dict[int, OneStep] = {}
    since = _Since.of(history)
    before: Floats = np.zeros(history.pupils.shape[1:])
    left_out: Bools = before > 0
    changed = np.full(before.shape, np.nan)  # log ratios that stayed
    for year in years:
        ahead = one_step(known, settings, year)
        step = _with_first(known, settings, year, ahead) if year == years[0] else ahead
        spread = spread_of(
            _others(known, settings, years, year, unbroken), before.shape[1], NO_BIRTHS
        )
        breaks = _Year(year, step, spread, history.pupils[year - 1]).breaks()
        lasting = np.zeros(before.shape, dtype=bool)
        for one in breaks:
            if since.told(one, step, changed) or _left_out(history, one):
                continue
            stayed = since.stayed(one, step)
            areas = slice(None) if one.area is None else one.area
            changed[areas, list(stayed)] = since.ratio[year, areas][..., list(stayed)]
            lasting[areas, list(stayed)] = True
            found.append(replace(one, stayed=stayed))
        signs = _signs(breaks, before.shape)
        # A forecast that leans on a past without its last year errs as no other.
        flagged = np.isnan(history.into[year - 1]) & ~np.isnan(history.pupils[year - 1])
        fair = ahead if steady is known else one_step(steady, settings, year)
        unbroken[year] = fair.without((signs != 0) | left_out | flagged)
        zero = (step.counted == 0) | (step.expected == 0)  # a past reads its zeros itself
        broken = (signs != 0) & (signs != before) & ~zero
        left_out, before = broken & ~lasting, signs
        if broken.any():
            known = _without(known, slice(year, year + 1), broken)
            steady = _without(steady, slice(year, year + 1), left_out)
            steady = _without(steady, slice(None, year), broken & lasting)
    return tuple(found), tuple(unbroken.values())


def _others(
    known: History,
    settings: DemandSettings,
    years: range,
    year: int,
    unbroken: Mapping[int, OneStep],
) -> list[OneStep]:
    """Forecast the nearest other years, none of them leaning on the year above the first grade.

    Earlier ones are ``unbroken`` already.
    """
    above = np.ones(known.into.shape[1:], dtype=bool)
    above[:, 0] = False  # its level is the last count in any case: fewer errors would tell less
    blind = _without(known, slice(year, year + 1), above)
    return [
        unbroken[other] if other < year else one_step(blind, settings, other)
        for other in _nearest(years, year)
    ]


def _with_first(history: History, settings: DemandSettings, year: int, step: OneStep) -> OneStep:
    """Add what no year foretells to a step: the ratios of its year beside those of the two after.

    One alone may be the odd one of two. Where either year would have brought more than came, or
    either fewer, the nearer of both was expected; else what came.
    """
    if year + 2 >= len(history):
        return step
    every = np.ones(history.into.shape[1:], dtype=bool)
    one, other = (
        one_step(history, settings, year, _without(history, slice(None, at), every).until(at + 1))
        for at in (year + 1, year + 2)
    )
    low, high = np.minimum(one.expected, other.expected), np.maximum(one.expected, other.expected)
    told = np.isnan(step.expected) & (low > 0) & (one.counted > 0)
    told[:, 0] = False  # whose level of a later year is no forecast of this one
    near = np.clip(one.counted, low, high)
    return OneStep(np.where(told, near, step.expected), np.where(told, one.counted, step.counted))


def _left_out(history: History, one: Break) -> bool:
    """Whether flags.csv leaves out all years before a break: it is told already."""
    areas = slice(None) if one.area is None else slice(one.area, one.area + 1)
    before = slice(None, one.year), areas, list(one.grades)
    return bool(np.isnan(history.into[before]).all() and not np.isnan(history.pupils[before]).all())


def _nearest(years: range, year: int) -> list[int]:
    """Return the nearest other years, as many as spreads are measured on."""
    others = sorted((other for other in years if other != year), key=lambda y: (abs(y - year), -y))
    return others[: int(SPREAD_ORIGINS.value)]


def _signs(breaks: Sequence[Break], shape: tuple[int, ...]) -> Floats:
    """Mark broken cells, ``(area, grade)``: 1 upwards, −1 downwards."""
    signs = np.zeros(shape)
    for one in breaks:
        areas = slice(None) if one.area is None else one.area
        signs[areas, list(one.grades)] = np.sign(one.deviations)
    return signs


def _without(history: History, years: slice, broken: Bools) -> History:
    """Keep broken cells of some years out of later ratios."""
    into, entrants = history.into.copy(), history.entrants.copy()
    into[years, broken] = np.nan
    entrants[years, broken[:, 0]] = np.nan
    return replace(history, into=into, entrants=entrants)


@dataclass(frozen=True, eq=False)
class _Since(Arrays):
    """Pupils of every year beside what they came from, ``(year, area, grade)``; nan is unknown."""

    into: Floats
    source: Floats

    @staticmethod
    def of(history: History) -> _Since:
        source = from_below(history)
        cohort = np.where(np.isnan(history.children), history.born, history.children)
        source[:, :, 0] = np.where(np.isnan(cohort), 1.0, cohort)
        return _Since(history.pupils, source)

    @cached_property
    def ratio(self) -> Floats:
        """Log of pupils ÷ what they came from, ``(year, area, grade)``."""
        return _log(self.into, self.source)

    def told(self, one: Break, step: OneStep, changed: Floats) -> bool:
        """Whether a break is but an earlier change that stayed, of which it is told once."""
        cells = (slice(None) if one.area is None else one.area, list(one.grades))
        now, came = self.ratio[one.year][cells], self.source[one.year][cells]
        apart = np.abs(now - _log(step.expected[cells], came))
        return bool((np.abs(now - changed[cells]) < apart / 2).all())  # nan: no

    def stayed(self, one: Break, step: OneStep) -> tuple[int, ...]:
        """Return the grades in which later years are nearer to what was counted than expected."""
        return tuple(grade for grade in one.grades if self._stayed(one, step, grade))

    def _stayed(self, one: Break, step: OneStep, grade: int) -> bool:
        areas = slice(None) if one.area is None else slice(one.area, one.area + 1)
        into, source = (side[one.year :, areas, grade] for side in (self.into, self.source))
        both = ~np.isnan(into) & ~np.isnan(source)
        top, bottom = (np.where(both, side, 0.0).sum(axis=1) for side in (into, source))
        if not both[1:].any():  # nobody can tell, but an opening or a closing is meant to stay
            none = np.nansum(step.expected[areas, grade]) == 0 or top[0] == 0
            return bool(none)
        counted = _log(top[0], bottom[0])
        expected = _log(float(np.nansum(step.expected[areas, grade])), bottom[0])
        now = _log(top[1:].sum(), bottom[1:].sum())
        return bool(abs(now - counted) < abs(now - expected))


#: Of a pupil: what stands for none where a log is taken.
_HALF = 0.5


def _log(top: Floats | float, bottom: Floats | float) -> Floats:
    return log(np.maximum(top, _HALF) / np.maximum(bottom, _HALF))


@dataclass(frozen=True)
class _Year:
    """One year's counts beside what was expected, the spread of other years, the year before."""

    year: int
    step: OneStep
    spread: Spread
    pupils: Floats

    def breaks(self) -> list[Break]:
        shared, entry = list(self._shared()), list(self._entry())
        up = {one.area: one.deviations > 0 for one in shared if one.whole}
        joined = {one.area: one for one in entry if up.get(one.area) == (one.deviations > 0)}
        found = [_joined(one, joined.get(one.area)) if one.whole else one for one in shared]
        found += [one for one in entry if one.area not in joined]
        return sorted([*found, *self._cohorts()], key=lambda one: -abs(one.deviations))

    @cached_property
    def _errors(self) -> Floats:
        counted, expected = self.step.counted, self.step.expected
        either, both = np.maximum(counted, expected), np.minimum(counted, expected)
        told = (both > 0) | (either >= CLOSED_FROM.value)
        whole = log(BREAK_NONE.value)
        from_or_to_none = np.where(counted > expected, whole, -whole)
        return np.where(told, np.where(both > 0, _log(counted, expected), from_or_to_none), np.nan)

    @cached_property
    def _variances(self) -> Floats:
        """Variance of each cohort's own part, at least that of sampling: ``(area, grade)``."""
        expected = self.step.expected
        heads = np.where(expected > 0, expected, self.step.counted)
        heads = np.maximum(heads, 1.0)
        own = self.spread.cell_fixed + self.spread.cell_per_head / heads
        return np.maximum(own, CELL_PER_HEAD.value / heads)

    @cached_property
    def _parts(self) -> tuple[Floats, Floats, Floats, Floats]:
        """Deviations above the first grade: of all, by area, by grade, and by cohort."""
        errors, variances = self._errors[:, 1:], self._variances[:, 1:]
        heads = np.nansum(self.step.expected[:, 1:], axis=1)
        area = middle(errors, 1)
        of_area = self.spread.area.of(heads) + _of_mean(variances, 1)
        common = _shared(area)
        grade = _shared(errors - area[:, None])
        return (
            _deviations(common, self.spread.common * self.spread.common + _of_mean(of_area, 0)),
            _deviations(area - common, of_area),
            _deviations(grade, self.spread.grade * self.spread.grade + _of_mean(variances, 0)),
            _deviations(errors - area[:, None] - grade, variances),
        )

    def _entry(self) -> Iterator[Break]:
        errors, variances = self._errors[:, 0], self._variances[:, 0]
        common = _shared(errors)
        every = _deviations(common, self.spread.entry * self.spread.entry + _of_mean(variances, 0))
        yield from self._break(None, [0], float(every))
        for area, own in enumerate(_deviations(errors - common, variances)):
            yield from self._break(area, [0], float(own))

    def _shared(self) -> Iterator[Break]:
        """Find what all areas share, what the grades of an area do, and all areas in a grade."""
        every, by_area, by_grade, _ = self._parts
        above = list(range(1, self.pupils.shape[1]))
        yield from self._break(None, above, float(every))
        for area, own in enumerate(by_area):
            yield from self._break(area, above, float(own))
        for grade, own in enumerate(by_grade, start=1):
            yield from self._break(None, [grade], float(own))

    def _cohorts(self) -> Iterator[Break]:
        """Find cohorts that jump by themselves, those of an area alike together."""
        cells = self._parts[3]
        jumped = {one.area for one in self._shared() if one.whole}
        alike: dict[tuple[int, bool], list[int]] = {}
        for area, at in np.argwhere(np.abs(cells) >= BREAK_DEVIATIONS.value).tolist():
            own = float(cells[area, at])
            if area not in jumped and any(self._break(area, [at + 1], own)):
                alike.setdefault((area, own > 0), []).append(at)
        for (area, _), found in alike.items():
            widest = max(found, key=lambda at: abs(float(cells[area, at])))
            grades = [at + 1 for at in found]
            yield from self._break(area, grades, float(cells[area, widest]))

    def _break(self, area: int | None, grades: list[int], deviations: float) -> Iterator[Break]:
        """Yield a break where a part is far out, and more than a few pupils."""
        if abs(deviations) < BREAK_DEVIATIONS.value:
            return
        areas = list(range(len(self.pupils))) if area is None else [area]
        counted, expected = (
            float(np.nansum(side[np.ix_(areas, grades)]))
            for side in (self.step.counted, self.step.expected)
        )
        jump = abs(counted - expected)
        if jump < BREAK_PUPILS.value or jump < BREAK_SHARE.value * expected:
            return
        before = np.nan
        if 0 not in grades:
            known = ~np.isnan(self.step.expected[np.ix_(areas, grades)])
            lower = [grade - 1 for grade in grades]
            before = float(self.pupils[np.ix_(areas, lower)][known].sum())
        whole = len(grades) > 1 and len(grades) == self.pupils.shape[1] - 1
        yield Break(self.year, area, tuple(grades), whole, counted, expected, before, deviations)


def _joined(whole: Break, entry: Break | None) -> Break:
    """Count the first grade in where it jumps with all others."""
    if entry is None:
        return whole
    return replace(
        whole,
        grades=(*entry.grades, *whole.grades),
        counted=whole.counted + entry.counted,
        expected=whole.expected + entry.expected,
        before=np.nan,
    )


def _shared(values: Floats) -> Floats:
    """Return what areas share, the first axis: nothing where one of several alone is known."""
    alone = ((~np.isnan(values)).sum(axis=0) == 1) & (len(values) > 1)
    return np.where(alone, 0.0, middle(values, 0))


def middle(values: Floats, axis: int) -> Floats:
    """Return the median along an axis; of two in the middle the one nearer to 0. nan are left out.

    So one of two areas that jumps jumps by itself, and two that jump apart do. All nan: 0.
    """
    if values.shape[axis] == 0:
        return np.zeros(np.delete(values.shape, axis))
    order = np.sort(values, axis=axis)  # nan last
    count = np.asarray((~np.isnan(values)).sum(axis=axis, keepdims=True))
    low, high = (
        np.take_along_axis(order, np.maximum(at, 0), axis)
        for at in ((count - 1) // 2, count // 2 - (count == 0))
    )
    near = np.where(np.abs(low) <= np.abs(high), low, high)
    near = np.where(low * high < 0, 0.0, near)
    return np.asarray(np.nan_to_num(near).squeeze(axis))


def _of_mean(variances: Floats, axis: int) -> Floats:
    """Variance of a mean of independent parts; nan are left out."""
    count = (~np.isnan(variances)).sum(axis=axis)
    return np.asarray(np.nansum(variances, axis=axis) / np.maximum(count, 1) ** 2)


def _deviations(errors: Floats | float, variances: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.nan_to_num(np.asarray(errors / np.sqrt(variances)), posinf=0.0, neginf=0.0)
