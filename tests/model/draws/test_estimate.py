"""Spreads found again in histories that were made with known ones."""

from __future__ import annotations

from dataclasses import dataclass

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given, settings

from capacity.base import BirthsAhead, Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import (
    BIRTHS_SPREAD,
    CELL_PER_HEAD,
    COMMON_PRIOR,
    COMMON_SPREAD,
    ENTRY_PRIOR,
    ENTRY_SPREAD,
    GRADE_PRIOR,
    PRIOR_ORIGINS,
    SQUARES_LIMIT,
    History,
)
from capacity.model.draws import (
    BirthsSpread,
    OneStep,
    Spread,
    Variance,
    cut,
    estimate_spread,
    fitted,
    spread_of,
    standardised,
)
from tests.drawn import measured
from tests.model.draws.plain_spread import spread

pytestmark = pytest.mark.filterwarnings("error")
MEAN = DemandSettings(
    progression=Calibration(method="mean", window=3), entry=Calibration(method="mean", window=3)
)
SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)


@dataclass(frozen=True)
class Truth:
    """Spreads that errors are made with; variances as fixed, per head."""

    common: float = 0.0
    grade: float = 0.0
    entry: float = 0.0
    area: tuple[float, float] = (0.0, 0.0)
    cell: tuple[float, float] = (0.0, 0.0)
    first: tuple[float, float] = (0.0, 0.0)


def made(truth: Truth, *, origins: int = 40, areas: int = 200, grades: int = 12) -> Spread:
    """The spread found in errors of areas from 10 to 3,000 pupils a grade."""
    rng = np.random.default_rng(1)
    heads = np.exp(rng.uniform(np.log(10), np.log(3000), areas))[:, None] * np.ones(grades)
    steps = []
    for _ in range(origins):
        error = np.zeros((areas, grades))
        error[:, 1:] += truth.common * rng.standard_normal()
        error[:, 1:] += truth.grade * rng.standard_normal(grades - 1)
        whole = heads.sum(axis=1)  # the first grade too
        own = np.sqrt(truth.area[0] + truth.area[1] / whole) * rng.standard_normal(areas)
        error[:, 1:] += own[:, None]
        sd = np.sqrt(truth.cell[0] + truth.cell[1] / heads)
        error[:, 1:] += (sd * rng.standard_normal(heads.shape))[:, 1:]
        error[:, 0] += truth.entry * rng.standard_normal()
        sd = np.sqrt(truth.first[0] + truth.first[1] / heads[:, 0])
        error[:, 0] += sd * rng.standard_normal(areas)
        steps.append(OneStep(heads, heads * np.exp(error)))
    return spread_of(steps, grades, BirthsSpread(0.03, Variance(0.0, 0.0), 0))


def with_prior(scale: float, prior: float, origins: int = 40) -> float:
    """What a scale is drawn to by its prior."""
    count = PRIOR_ORIGINS.value
    return float(np.sqrt((origins * scale**2 + count * prior**2) / (origins + count)))


def test_shared_shocks_are_found_again() -> None:
    found = made(Truth(common=0.02, grade=0.01, entry=0.05))
    assert found.common == pytest.approx(with_prior(0.02, COMMON_PRIOR.value), rel=0.25)
    assert found.grade == pytest.approx(with_prior(0.01, GRADE_PRIOR.value), rel=0.1)
    assert found.entry == pytest.approx(with_prior(0.05, ENTRY_PRIOR.value), rel=0.25)
    assert found.freedom == 43
    np.testing.assert_allclose(found.cell_fixed, 0, atol=1e-7)


def test_own_shocks_are_found_again() -> None:
    """The cells' own part of an area's variance is off: draws add it once more by themselves."""
    truth = Truth(area=(0.0004, 2.0), cell=(0.0004, 0.5), first=(0.0025, 1.5))
    found = made(truth)
    np.testing.assert_allclose(found.cell_fixed[1:], 0.0004, rtol=0.25)
    np.testing.assert_allclose(found.cell_per_head[1:], 0.5, rtol=0.15)
    assert found.cell_fixed[0] == pytest.approx(0.0025, rel=0.15)
    assert found.cell_per_head[0] == pytest.approx(1.5, rel=0.25)
    assert found.area.fixed == pytest.approx(0.0004, rel=0.3)
    assert found.area.per_head == pytest.approx(2.0, rel=0.12)


def test_districts_without_noise_keep_the_priors_of_what_is_shared() -> None:
    found = made(Truth(), origins=6)
    assert found.common == pytest.approx(with_prior(0.0, COMMON_PRIOR.value, 6), rel=1e-6)
    assert found.area.per_head == found.area.fixed == 0
    np.testing.assert_allclose(found.cell_fixed, 0, atol=1e-12)


@pytest.mark.parametrize("truth", [(0.01, 0.0), (0.0, 2.0), (0.003, 0.7)])
def test_a_variance_is_split_by_size(truth: tuple[float, float]) -> None:
    rng = np.random.default_rng(2)
    heads = np.exp(rng.uniform(0, 8, 40_000))
    errors = rng.standard_normal(40_000) * np.sqrt(truth[0] + truth[1] / heads)
    found = fitted(errors, heads)
    assert found.fixed == pytest.approx(truth[0], rel=0.1, abs=2e-4)
    assert found.per_head == pytest.approx(truth[1], rel=0.1, abs=0.02)


def test_the_fit_is_that_of_least_squares_not_below_nought() -> None:
    """One round of weights by hand, against the general solver."""
    from scipy.optimize import nnls

    from capacity.model.draws import not_below_none

    rng = np.random.default_rng(3)
    for _ in range(200):
        terms = np.stack([np.ones(30), 1 / rng.uniform(1, 1000, 30)], axis=1)
        squares = rng.exponential(1, 30) * np.abs(terms @ rng.normal(0, 1, 2))
        weights = rng.uniform(0.5, 2, 30)
        expected = nnls(terms / weights[:, None], squares / weights)[0]
        found = not_below_none(terms, squares, weights)
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-9)


def test_residuals_are_standard_and_cut() -> None:
    errors = np.array([0.1, -0.2, 0.05, np.nan, 99.0])
    found = standardised(errors, np.full(5, 0.01))
    assert len(found) == 4
    assert found.mean() == pytest.approx(0, abs=1e-6)
    assert found.std() == pytest.approx(1, abs=1e-6)
    assert len(standardised(np.full(3, 0.1), np.zeros(3))) == 0  # nothing varies: no residual


# Whole histories ------------------------------------------------------------------------------


def history(pupils: np.ndarray, births: np.ndarray | None = None) -> History:
    unknown = np.full(pupils.shape[:2], np.nan)
    return History(
        pupils=pupils,
        into=pupils,
        entrants=pupils[:, :, 0],
        born=unknown if births is None else births,
        children=unknown,
        series=np.arange(pupils.shape[1]),
        ahead=np.ones(pupils.shape[1], dtype=bool),
        flows=(),
        unlinked_grades=(),
        absent=np.zeros(pupils.shape[1:], dtype=bool),
    )


def simulated(sd: float, years: int = 10, areas: int = 40) -> np.ndarray:
    rng = np.random.default_rng(4)
    pupils = np.full((years, areas, 6), 1000.0)
    for year in range(1, years):
        pupils[year, :, 1:] = pupils[year - 1, :, :-1]
        pupils[year] *= np.exp(sd * rng.standard_normal((areas, 6)))
    return pupils


NO_BIRTHS = np.full((10, 40), np.nan)


@pytest.mark.parametrize("settings", [MEAN, SHRUNK])
def test_forecasts_stray_by_the_year_and_by_what_calibration_missed(settings) -> None:
    """Yearly noise of .02: a mean of three years adds a third of its variance."""
    found = measured(history(simulated(0.02)), settings, NO_BIRTHS)
    assert found.origins == 6
    of_cells = np.sqrt(found.cell_fixed[1:] + found.cell_per_head[1:] / 1000)
    np.testing.assert_allclose(of_cells, 0.02 * np.sqrt(4 / 3), rtol=0.2)
    assert found.common < 0.006


@pytest.mark.parametrize("settings", [MEAN, SHRUNK])
@pytest.mark.parametrize("years", [1, 2])
def test_without_a_past_forecast_the_defaults_hold(settings, years: int) -> None:
    found = measured(history(simulated(0.02, years)), settings, NO_BIRTHS)
    assert found.origins == 0
    assert (found.common, found.entry) == (COMMON_SPREAD.value, ENTRY_SPREAD.value)
    np.testing.assert_array_equal(found.cell_per_head[1:], CELL_PER_HEAD.value)
    assert (found.births, found.births_years) == (BIRTHS_SPREAD.value, 0)
    assert len(found.cell_pool) == 0


def test_three_years_give_one_past_forecast() -> None:
    assert measured(history(simulated(0.02, 3)), MEAN, NO_BIRTHS).origins == 1


@pytest.mark.parametrize("settings", [MEAN, SHRUNK])
def test_one_area_alone_is_all_shared(settings) -> None:
    """Nothing tells its own luck from that of all: the whole error is in the shared parts."""
    found = measured(history(simulated(0.02, areas=1)), settings, NO_BIRTHS[:, :1])
    assert found.origins == 6
    assert found.area.fixed + found.area.per_head == 0
    np.testing.assert_allclose(found.cell_fixed, 0, atol=1e-12)
    assert np.hypot(found.common, found.grade) == pytest.approx(0.02, rel=0.5)


@pytest.mark.parametrize("settings", [MEAN, SHRUNK])
def test_flagged_years_zeros_and_missing_cells_do_no_harm(settings) -> None:
    pupils = simulated(0.02)
    pupils[4, 3, 2] = 0.0
    pupils[6, 5] = np.nan
    pupils[:, 7, 4:] = 0.0
    into = pupils.copy()
    into[8:] *= 1.4  # a break in every area
    kept = history(pupils)
    flagged = into.copy()
    flagged[8] = np.nan
    without = History(
        pupils=into, into=flagged, entrants=flagged[:, :, 0], born=kept.born,
        children=kept.children, series=kept.series, ahead=kept.ahead, flows=(),
        unlinked_grades=(), absent=kept.absent,
    )  # fmt: skip
    found = measured(without, settings, NO_BIRTHS)
    assert found.origins == 4  # neither the year that all flags name, nor the one that leans on it
    assert found.common < 0.02
    with_break = measured(history(into), settings, NO_BIRTHS)
    assert with_break.common == found.common  # told by no flag, it is found and left out as well


def test_births_stray_from_how_they_are_continued() -> None:
    rng = np.random.default_rng(5)
    walk = 1000 * np.exp(np.cumsum(0.05 * rng.standard_normal(40)))
    births = np.repeat(walk[:, None], 2, axis=1)
    held = MEAN.model_copy(update={"births": BirthsAhead(after_last="hold")})
    found = measured(history(simulated(0.02, 2, 2)), held, births)
    last = np.diff(np.log(walk))[-6:]
    count, prior = PRIOR_ORIGINS.value, BIRTHS_SPREAD.value
    assert found.births_years == 6
    expected = np.sqrt(((last**2).sum() + count * prior**2) / (6 + count))
    assert found.births == pytest.approx(expected, rel=1e-6)
    trend = measured(history(simulated(0.02, 2, 2)), MEAN, births)
    assert trend.births != found.births


def test_an_areas_own_births_stray_by_steps_and_by_counts() -> None:
    """Areas walk by 5 % a year, and a count of n births strays by 1/√n on top."""
    rng, years, areas = np.random.default_rng(3), 8, 600
    size = np.where(np.arange(areas) % 2, 100.0, 10_000.0)
    expected = size * np.exp(np.cumsum(rng.normal(0, 0.05, (years, areas)), axis=0))
    births = rng.poisson(expected).astype(float)
    births[0, 0] = 0.0  # an area may have a year without any
    history = history_of_births(births)
    found = measured(history, DemandSettings(births=BirthsAhead(after_last="hold")), births)
    assert found.births_area.fixed == pytest.approx(0.05**2, rel=0.15)
    assert found.births_area.per_head == pytest.approx(2.0, rel=0.15)  # of both counts


def history_of_births(births: np.ndarray) -> History:
    """One year of pupils: nothing but births has a past."""
    pupils = np.full((1, births.shape[1], 2), 100.0)
    none = np.full((1, births.shape[1]), np.nan)
    series = np.arange(births.shape[1])
    absent = np.zeros(pupils.shape[1:], dtype=bool)
    return History(pupils, pupils, pupils[:, :, 0], none, none, series, series >= 0, (), (), absent)


# Against plain loops ----------------------------------------------------------------------------


@st.composite
def one_steps(draw: st.DrawFn) -> list[OneStep]:
    """Errors of small pasts: holes, zeros, single areas and grades, jumps, areas that go astray."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    origins, areas, grades = (draw(st.integers(1, most)) for most in (6, 5, 5))
    shape, sizes = (origins, areas, grades), draw(st.sampled_from([30.0, 300.0, 10_000.0]))
    expected = np.exp(rng.uniform(0, np.log(sizes), shape))
    error = rng.standard_normal(shape) * np.sqrt(0.0004 + 0.3 / expected)
    error += 0.01 * rng.standard_normal((origins, 1, 1))
    error += np.where(rng.random(shape) < draw(st.sampled_from([0.0, 0.05])), np.log(100), 0.0)
    if draw(st.booleans()):
        error[:, 0] += rng.choice([-1.0, 1.0], (origins, 1))
    counted = expected * np.exp(error)
    counted[rng.random(shape) < 0.05] = 0.0
    holes = rng.random(shape) < draw(st.sampled_from([0.0, 0.2]))
    expected[holes] = counted[holes] = np.nan
    return [OneStep(*both) for both in zip(expected, counted, strict=True)]


@settings(max_examples=3 * settings().max_examples)
@given(one_steps())
def test_spreads_agree_with_plain_loops(steps: list[OneStep]) -> None:
    """Cut squares, areas that strayed too far and years without cohorts are among them."""
    grades = steps[0].expected.shape[1]
    found = spread_of(steps, grades, NO_BIRTHS_KNOWN)
    if not found.origins:
        return  # the documented defaults
    plain = spread(steps)
    near = {"rel": 1e-9, "abs": 1e-13}
    for name in ("common", "grade", "entry"):
        assert getattr(found, name) == pytest.approx(getattr(plain, name), **near), name
    assert (found.area.fixed, found.area.per_head) == pytest.approx(plain.area, **near)
    assert found.cell_fixed.tolist() == pytest.approx(plain.cell_fixed, **near)
    assert found.cell_per_head.tolist() == pytest.approx(plain.cell_per_head, **near)
    assert found.irregular.tolist() == plain.irregular
    for name in ("area_pool", "cell_pool", "entry_pool"):
        pool = getattr(plain, name)
        assert getattr(found, name).tolist() == pytest.approx(pool, rel=1e-6, abs=1e-6), name


NO_BIRTHS_KNOWN = BirthsSpread(0.03, Variance(0.0, 0.0), 0)


def test_one_error_far_out_is_cut() -> None:
    """An error a hundred times the others in 60 cells widens their spread by less than half."""
    rng = np.random.default_rng(6)
    expected = np.full((60, 2), 1000.0)
    quiet = expected * np.exp(0.02 * rng.standard_normal(expected.shape))
    jumped = quiet.copy()
    jumped[7, 1] = 7000.0
    one, other = (spread_of([OneStep(expected, c)], 2, NO_BIRTHS_KNOWN) for c in (quiet, jumped))
    total = [s.area.fixed + s.area.per_head / 2000 for s in (one, other)]
    assert total[1] < 2.5 * total[0]
    assert cut(np.array([1.0] * 7 + [1e9])).max() == SQUARES_LIMIT.value
    assert cut(np.array([1.0] * 6 + [1e9])).max() == 1e9  # seven are too few to tell


def test_an_area_without_births_in_a_year_leaves_their_spread_finite() -> None:
    """Neither what came of that year nor what it let expect of the next has a log."""
    births = np.random.default_rng(1).uniform(80.0, 120.0, (9, 3))
    births[5, 1] = 0.0
    found = estimate_spread([], 2, births, "hold")
    assert found.births_years == 6
    assert np.isfinite([found.births, found.births_area.fixed, found.births_area.per_head]).all()
    assert found.births_area.per_head + found.births_area.fixed < 0.1 * 120.0
