"""The spread of a district's forecasts, estimated from its own past ones by moments.

The error of a year is split from the whole to the part: what all areas and grades share, what
all areas share in a grade, what an area's grades share, what is left in a cohort; and the same
for the first grade. Each part is measured after the ones before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.exact import log
from capacity.base.settings import Demand as DemandSettings
from capacity.model.assumptions import (
    BIRTHS_PRIOR,
    BIRTHS_SPREAD,
    CELL_PRIOR_CELLS,
    COMMON_PRIOR,
    ENTRY_PRIOR,
    GRADE_PRIOR,
    PRIOR_ORIGINS,
    RESIDUAL_LIMIT,
    SHOCK_LIMIT,
    SPREAD_ORIGINS,
    SQUARES_FROM,
    SQUARES_LIMIT,
)
from capacity.model.births import extend_births
from capacity.model.draws.spread import BirthsSpread, Spread, Variance, default_spread
from capacity.model.history import History
from capacity.model.ratios import Estimate, estimate


@dataclass(frozen=True, eq=False)
class OneStep(Arrays):
    """What one origin expected a year later, and what came.

    Attributes
    ----------
    expected, counted : (area, grade)
        Pupils; nan where there was no forecast, or no count that counts.
    """

    expected: Floats
    counted: Floats

    def with_pupils(self) -> OneStep:
        """Return it without the cells where either is 0: a spread is one of logs."""
        return self.without(~((self.expected > 0) & (self.counted > 0)))  # nan: neither

    def without(self, cells: Bools) -> OneStep:
        """Return it without some cells, ``(area, grade)``."""
        if not cells.any():
            return self
        return OneStep(*(np.where(cells, np.nan, side) for side in (self.expected, self.counted)))


def one_step(
    history: History, settings: DemandSettings, year: int, past: History | None = None
) -> OneStep:
    """Forecast the year at a position from what was known a year before, and give what came.

    The ratios are those of ``past``, if given.
    """
    found = estimate(history.until(year) if past is None else past, settings)
    expected = np.full(history.pupils.shape[1:], np.nan)
    expected[:, 1:] = found.progression.ratio[:, 1:] * history.pupils[year - 1, :, :-1]
    for flow in history.flows:
        arriving = flow.arriving(history.pupils[year - 1, :, flow.grade - 1, None], 0)[:, 0]
        cells = (flow.into, flow.grade)
        expected[cells] = found.progression.ratio[cells] * arriving[flow.into]
    expected[:, 0] = _entrants(history, found, year)
    counted = history.into[year].copy()
    counted[:, 0] = history.entrants[year]
    known = ~np.isnan(expected) & ~np.isnan(counted)
    return OneStep(np.where(known, expected, np.nan), np.where(known, counted, np.nan))


def _entrants(history: History, found: Estimate, year: int) -> Floats:
    by_children = found.per_child.ratio * history.children[year]
    by_births = found.per_birth.ratio * found.passing.of(history.born[[year]])[0]
    either = np.where(np.isnan(by_children), by_births, by_children)
    return np.where(np.isnan(either), found.entrants, either)


#: Rounds of reweighting; the fit moves by less than 1 % in the last ones.
_ROUNDS = 10
#: A variance that is nought all the same has a weight.
_TINY = 1e-12


def estimate_spread(
    steps: Sequence[OneStep], grades: int, births: Floats, after_last: str | float
) -> Spread:
    """Measure how far one-step forecasts of a district strayed.

    Parameters
    ----------
    steps
        Forecasts of the past a year ahead, by year; the latest `SPREAD_ORIGINS` count.
    grades
    births : (year, area)
        Births as known, by births year.
    after_last
        How a scenario continues them.

    Returns
    -------
    Spread
        The documented defaults where there is no past forecast.
    """
    latest = steps[-int(SPREAD_ORIGINS.value) :]
    return spread_of(latest, grades, _births(births, after_last))


def spread_of(steps: Sequence[OneStep], grades: int, births: BirthsSpread) -> Spread:
    """Split one-step errors into the spreads of what they hit.

    The documented defaults where no step has cohorts; births are measured by themselves.
    """
    steps = [step.with_pupils() for step in steps]
    steps = [step for step in steps if not np.isnan(step.expected[:, 1:]).all()]
    if not steps:
        return default_spread(grades, births)
    irregular = _irregular(steps)
    steps = [step.without(cells | irregular[:, None]) for step, cells in _with_alone(steps)]
    above = [(step.counted[:, 1:], step.expected[:, 1:]) for step in steps]
    common = np.array([_log_ratio(*sides) for sides in above])
    grade = np.array([_log_ratio(step.counted, step.expected, axis=0)[1:] for step in steps])
    grade -= common[:, None]
    area = np.array([_log_ratio(*sides, axis=1) for sides in above]) - common[:, None]
    entry = np.array([_log_ratio(step.counted[:, :1], step.expected[:, :1]) for step in steps])
    heads = np.array([np.nansum(step.expected, axis=1) for step in steps])
    sizes = np.array([step.expected for step in steps])
    # What is left in each cohort after the shared parts; the first grade as it is.
    cells = log(np.array([step.counted for step in steps]) / sizes)
    cells[:, :, 1:] -= common[:, None, None] + grade[:, None] + np.nan_to_num(area)[:, :, None]
    of_area, of_cell = fitted(area, heads), fitted(cells[:, :, 1:], sizes[:, :, 1:])
    fixed = _fixed_by_grade(cells, sizes, of_cell)
    entry_cells = cells[:, :, 0] - entry[:, None]
    of_entry = fitted(entry_cells, sizes[:, :, 0])
    fixed[0] = of_entry.fixed
    per_head = np.full(len(fixed), of_cell.per_head)
    per_head[0] = of_entry.per_head
    variances = fixed + per_head / np.maximum(sizes, 1.0)
    pooled = standardised(cells[:, :, 1:], variances[:, :, 1:])
    return Spread(
        origins=len(steps),
        common=_scale(common, COMMON_PRIOR.value),
        grade=_scale(grade, GRADE_PRIOR.value),
        entry=_scale(entry, ENTRY_PRIOR.value),
        freedom=len(steps) + PRIOR_ORIGINS.value,
        area=Variance(of_area.fixed, max(of_area.per_head - of_cell.per_head, 0.0)),
        cell_fixed=fixed,
        cell_per_head=per_head,
        births=births.common,
        births_area=births.area,
        births_years=births.years,
        area_pool=standardised(area, of_area.of(heads)),
        cell_pool=pooled,
        entry_pool=standardised(entry_cells, variances[:, :, 0]),
        irregular=irregular,
    )


def _with_alone(steps: Sequence[OneStep]) -> Iterator[tuple[OneStep, Bools]]:
    """Yield steps, each with its first grades that stand alone, ``(area, grade)``.

    Where an area breaks as a whole its grades above the first are left out; what befell them
    befell the first grade too.
    """
    known = ~np.isnan(np.array([step.expected for step in steps]))
    above = known[:, :, 1:].any(axis=2)
    for step, here, there in zip(steps, known, above, strict=True):
        alone = np.zeros_like(here)
        alone[:, 0] = here[:, 0] & ~there
        yield step, alone


def _irregular(steps: Sequence[OneStep]) -> Bools:
    """Mark the areas that strayed by more than is ever drawn, ``(area)``; none where all would.

    What happened to them says nothing of others. Where no grade above the first is ever known,
    the first one tells.
    """
    above, first = (
        np.array([_log_ratio(step.counted[:, at], step.expected[:, at], axis=1) for step in steps])
        for at in (slice(1, None), slice(0, 1))
    )
    cohorts = ~np.isnan(above).all(axis=0)
    each = np.where(cohorts, above, first)
    known = ~np.isnan(each)
    mean = np.nansum(each * each, axis=0) / np.maximum(known.sum(axis=0), 1)
    found = mean > SHOCK_LIMIT.value * SHOCK_LIMIT.value
    return np.asarray(found & ~found[cohorts].all())


def _log_ratio(counted: Floats, expected: Floats, axis: int | None = None) -> Floats:
    """Return the log of what came ÷ what was expected along an axis, or in all; nan where none."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return log(np.nansum(counted, axis=axis) / np.nansum(expected, axis=axis))


def fitted(errors: Floats, heads: Floats) -> Variance:
    """Fit ``E error² = fixed + per_head ÷ heads`` by weighted least squares, neither below 0.

    Squares are `cut`; weights are the inverse squared variance, found again in each round.
    """
    known = ~np.isnan(errors) & (heads > 0)
    squares, inverse = errors[known] ** 2, 1.0 / np.maximum(heads[known], 1.0)
    if len(squares) == 0:
        return Variance(0.0, 0.0)
    half = squares.mean() / 2.0
    found = np.array([half, half / inverse.mean()])
    terms = np.stack([np.ones_like(inverse), inverse], axis=1)
    for _ in range(_ROUNDS):
        variances = found[0] + found[1] * inverse + _TINY
        found = not_below_none(terms, cut(squares / variances) * variances, variances)
    return Variance(float(found[0]), float(found[1]))


def cut(squares: Floats) -> Floats:
    """Cut squared errors at `SQUARES_LIMIT` times their median; as they are where few are known."""
    known = squares[~np.isnan(squares)]
    if len(known) < SQUARES_FROM.value:
        return squares
    return np.minimum(squares, SQUARES_LIMIT.value * float(np.median(known)))


def not_below_none(terms: Floats, squares: Floats, sd: Floats) -> Floats:
    """Fit two weights by least squares, each 0 where it would fall below."""
    left, right = (terms / sd[:, None]).T
    came = squares / sd
    ll, lr, rr = (left * left).sum(), (left * right).sum(), (right * right).sum()
    of_left, of_right = (left * came).sum(), (right * came).sum()
    free = ll * rr - lr * lr
    if free > _TINY * ll * rr:
        both = np.array([rr * of_left - lr * of_right, ll * of_right - lr * of_left]) / free
        if (both >= 0.0).all():
            return np.asarray(both)
    if of_left * of_left * rr >= of_right * of_right * ll:
        return np.array([of_left / ll, 0.0])
    return np.array([0.0, of_right / rr])


def _fixed_by_grade(cells: Floats, sizes: Floats, every: Variance) -> Floats:
    """Draw the fixed variance of each grade towards that of all.

    A cell counts by its inverse squared variance, the largest one 1: small cells say little of
    what their size does not explain.
    """
    prior, heads = CELL_PRIOR_CELLS.value, np.maximum(sizes, 1.0)
    squares = cells**2
    variances = every.of(heads) + _TINY
    squares[:, :, 1:] = cut((squares / variances)[:, :, 1:]) * variances[:, :, 1:]
    above = squares - every.per_head / heads
    weights = np.where(np.isnan(above), 0.0, 1.0 / (every.of(heads) + _TINY) ** 2)
    weights /= weights[:, :, 1:].max()
    total = np.nansum(weights * above, axis=(0, 1))
    count = weights.sum(axis=(0, 1))
    return np.asarray(np.maximum((total + prior * every.fixed) / (count + prior), 0.0))


def _scale(shocks: Floats, prior: float) -> float:
    """Scale of shared shocks, drawn towards a prior that counts for `PRIOR_ORIGINS` origins.

    ``shocks`` is ``(origin)`` or ``(origin, grade)``; an origin counts once, by the mean square of
    what it has.
    """
    each = shocks.reshape(len(shocks), -1)
    known = ~np.isnan(each)
    origins = int(known.any(axis=1).sum())
    mean = np.nansum(cut(each**2)) / max(int(known.sum()), 1)
    total = origins * mean + PRIOR_ORIGINS.value * prior * prior
    return float(np.sqrt(total / (origins + PRIOR_ORIGINS.value)))


def standardised(errors: Floats, variances: Floats) -> NDArray[np.float32]:
    """Residuals with mean 0 and variance 1, none beyond `RESIDUAL_LIMIT`."""
    known: Bools = ~np.isnan(errors) & (variances > _TINY)
    limit = RESIDUAL_LIMIT.value
    found = np.clip(errors[known] / np.sqrt(variances[known]), -limit, limit)
    if len(found) < 2 or found.std() == 0:
        return np.zeros(0, np.float32)
    return np.asarray(np.clip((found - found.mean()) / found.std(), -limit, limit), np.float32)


def _births(births: Floats, after_last: str | float) -> BirthsSpread:
    """Measure a year's error in births, from continuing known years as the scenario does."""
    known = np.flatnonzero(~np.isnan(births).any(axis=1))
    years = [year for year in known[-int(SPREAD_ORIGINS.value) :] if year - 1 in known]
    due = np.array([_continued(births, year, after_last) for year in years])
    came = births[years]
    sound = [row for row in range(len(years)) if came[row].sum() > 0 and due[row].sum() > 0]
    if not sound:
        return BirthsSpread(BIRTHS_SPREAD.value, Variance(0.0, 0.0), 0)
    came, due = came[sound], due[sound]
    common = log(came.sum(axis=1) / due.sum(axis=1))
    there = (came > 0) & (due > 0)
    own = log(np.where(there, came, 1.0) / np.where(there, due, 1.0)) - common[:, None]
    area = fitted(np.where(there, own, np.nan), due)
    return BirthsSpread(_scale(common, BIRTHS_PRIOR.value), area, len(sound))


def _continued(births: Floats, year: int, after_last: str | float) -> Floats:
    """Return what was due in a year by those before it, ``(area)``."""
    before = births.copy()
    before[year:] = np.nan
    return np.asarray(extend_births(before, after_last)[year])
