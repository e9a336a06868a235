"""Edges that a change of one sign or bound would move without any other test telling."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.base import BirthsAhead, Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import CELL_PER_HEAD, Check, find_breaks, history_of
from capacity.model.draws import (
    NO_BIRTHS,
    Block,
    OneStep,
    Variance,
    cut,
    draw_split,
    estimate_spread,
    fitted,
    not_below_none,
    one_step,
    spread_of,
    standardised,
)
from tests.drawn import drawn, scales_with, spread_with
from tests.model.draws.test_bounds import calm, past
from tests.worlds import Setup, axes_of, quiet_world, stock_of

SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)
BIRTHS = 0.03  # prior scale of a year of births, that of three years


@pytest.mark.parametrize("areas", [5, 12])
def test_a_break_is_told_in_deviations_of_the_mean_of_its_cells(areas: int) -> None:
    """The variance of a mean of independent parts is their sum ÷ the square of their number."""
    pupils = calm([1000.0] * areas)
    pupils[-1, 0] *= 1.3
    history = history_of(past(pupils).world)
    last = len(pupils) - 1
    found = [one for one in find_breaks(history, SHRUNK) if one.year == last and one.whole]
    assert [one.area for one in found] == [0]
    step = one_step(history, SHRUNK, last)
    others = [one_step(history, SHRUNK, year) for year in range(last - 1, last - 6, -1) if year > 1]
    spread = spread_of(others, pupils.shape[2], NO_BIRTHS)
    errors = np.log(step.counted / step.expected)[:, 1:]
    by_area = np.median(errors, axis=1)
    heads = step.expected[:, 1:]
    own = spread.cell_fixed[1:] + spread.cell_per_head[1:] / heads
    own = np.maximum(own, CELL_PER_HEAD.value / heads)
    whole = spread.area.fixed + spread.area.per_head / heads.sum(axis=1)
    variance = whole[0] + own[0].sum() / heads.shape[1] ** 2
    expected = (by_area[0] - np.median(by_area)) / np.sqrt(variance)
    assert found[0].deviations == pytest.approx(expected, rel=0.05)  # medians of even numbers


def test_errors_that_are_missing_reach_no_fit() -> None:
    rng = np.random.default_rng(1)
    errors, heads = 0.1 * rng.standard_normal(40), np.exp(rng.uniform(0, 7, 40))
    known = fitted(errors, heads)
    holes = np.concatenate([errors, [np.nan, 5.0, 5.0]])
    assert fitted(holes, np.concatenate([heads, [10.0, 0.0, np.nan]])) == known
    assert fitted(np.array([np.nan]), np.array([10.0])) == Variance(0.0, 0.0)
    steps = [
        OneStep(np.full((3, 3), 100.0), np.full((3, 3), 100.0) * np.exp(errors[:9].reshape(3, 3)))
    ]
    holed = [step.without(np.arange(9).reshape(3, 3) == 4) for step in steps]
    found = spread_of(holed, 3, NO_BIRTHS)
    assert len(found.cell_pool) == 5  # of six cells above the first grade
    assert np.isfinite([found.common, found.grade, found.area.fixed, *found.cell_fixed]).all()


def test_a_grade_without_pupils_is_split_without_a_word() -> None:
    """Nothing is divided by nothing, and no warning of a library is raised."""
    axes, none = axes_of(2, spans=(2,)), np.zeros((2, 2))
    base = np.array([[30.0, 0.0], [10.0, 0.0]])  # nobody in the second grade
    with np.errstate(all="raise"):
        found = draw_split(axes, np.array([0.05, 0.05]), base, none, Block(1, 0, 2))
    assert found is not None
    np.testing.assert_array_equal(found.of_base(0)[1], 1.0)
    np.testing.assert_array_equal(found.of_entrants(0), 1.0)
    assert found.of_base(0)[0].std() > 0


def test_where_no_places_are_none_are_drawn() -> None:
    """A share of nothing is nothing, without a warning of a library."""
    axes = axes_of(1, spans=(1, 1))
    stock = stock_of(axes, [(0, 0), (0, 1)], [100.0, 0.0], sd=np.array([0.05, 0.05]))
    setup = Setup(quiet_world(axes, stock=stock))
    with np.errstate(all="raise"):
        places = drawn(setup, sources=["places"]).places
    assert places[0, 0, 0].std() > 0
    np.testing.assert_array_equal(places[:, 0, 1], 0.0)


def test_an_area_without_pupils_strays_as_a_new_school() -> None:
    spread = spread_with(3, area=(0.0, 0.6), cell=(0.0, 0.3), first=(0.0, 1.0))
    none, new = (scales_with(spread, np.full((4, 1, 3), heads)) for heads in (0.0, 100.0))
    np.testing.assert_array_equal(none.area, new.area)
    np.testing.assert_array_equal(none.own, new.own)
    np.testing.assert_array_equal(none.area_stays, new.area_stays)


def test_a_year_without_births_says_nothing_of_how_far_an_area_strays() -> None:
    """Neither the year without nor the one that is held against it."""
    rng = np.random.default_rng(1)
    births = 100.0 * np.exp(0.1 * rng.standard_normal((9, 3)).cumsum(axis=0))
    births[4, 2] = 0.0
    found = estimate_spread([], 3, births, "hold")
    came, due = births[-6:], births[-7:-1]
    own = np.log(np.where(came > 0, came, np.nan) / np.where(due > 0, due, np.nan))
    own -= np.log(came.sum(axis=1) / due.sum(axis=1))[:, None]
    assert np.isfinite(own).sum() == own.size - 2
    expected = fitted(own, due)
    assert found.births_years == len(came)
    assert found.births_area.fixed == pytest.approx(expected.fixed, rel=1e-9)
    assert found.births_area.per_head == pytest.approx(expected.per_head, rel=1e-9)


@pytest.mark.parametrize("known", [2, 3, 5])
def test_births_of_the_first_known_year_are_what_the_second_is_held_against(known: int) -> None:
    births = np.full((9, 1), np.nan)
    births[2 : 2 + known, 0] = 100 * np.exp(np.cumsum([0.3, 0.2, -0.1, 0.05, 0.1][:known]))
    found = estimate_spread([], 3, births, "hold")
    steps = np.diff(np.log(births[2 : 2 + known, 0]))
    assert found.births_years == known - 1
    expected = np.sqrt((sum(steps**2) + 3 * BIRTHS**2) / (len(steps) + 3))
    assert found.births == pytest.approx(expected, rel=1e-9)


def test_a_year_of_births_alone_has_nothing_to_be_held_against() -> None:
    births = np.full((4, 1), np.nan)
    births[1] = 100.0
    found = estimate_spread([], 3, births, BirthsAhead(after_last="hold").after_last)
    assert (found.births, found.births_years) == (BIRTHS, 0)


def test_a_law_that_is_missed_by_its_tolerance_holds_and_by_more_fails() -> None:
    assert Check("I1", "", 1e-9, 1e-9).passed
    assert Check("I5", "", 0.0, 0.0).passed
    assert not Check("I1", "", np.nextafter(1e-9, 1), 1e-9).passed
    assert not Check("I1", "", float("nan"), 1e-9).passed


def test_squares_are_cut_from_eight_on_at_their_limit() -> None:
    few, enough = [1.0] * 6 + [26.0], [1.0] * 7 + [26.0]
    assert cut(np.array(few)).tolist() == few
    assert cut(np.array(enough)).tolist() == [1.0] * 7 + [25.0]
    assert cut(np.array([*few, np.nan]))[6] == 26.0  # what is missing does not count
    assert cut(np.array([1.0] * 7 + [25.0])).max() == 25.0


def test_two_residuals_are_a_pool_and_one_is_none() -> None:
    one, two = np.array([0.1]), np.array([0.1, -0.3])
    assert len(standardised(one, np.array([0.01]))) == 0
    assert standardised(two, np.full(2, 0.01)).tolist() == [1.0, -1.0]
    assert len(standardised(np.array([0.1, 0.1]), np.full(2, 0.01))) == 0
    assert len(standardised(two, np.array([0.01, 0.0]))) == 0  # one that cannot vary


def test_of_cells_of_one_size_all_variance_is_one_part() -> None:
    """No size to tell the parts by: they give the same variance there."""
    same = np.array([[1.0, 0.01]] * 4)
    found = not_below_none(same, np.full(4, 0.5), np.ones(4))
    assert (same @ found).tolist() == pytest.approx([0.5] * 4)
    assert (found == 0).sum() == 1
    found = fitted(np.array([0.1, -0.1, 0.1]), np.full(3, 100.0))
    assert found.of(np.array([100.0])) == pytest.approx([0.01])
