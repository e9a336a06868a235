"""Pupils from new homes: signed, and only what the ratios do not hold already."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Calibration, Demand
from capacity.model import (
    History,
    entry_weights,
    estimate,
    home_arrivals,
    progression_weights,
    usual_homes,
)
from tests.worlds import (
    BASE,
    Setup,
    arrays,
    axes_of,
    hundredths,
    quiet_world,
    same_bits,
    setups,
    until,
    whole,
)

NAN = np.nan
#: The one area of a past sees the one series of births.
ALONE = np.zeros(1, int)


def test_the_usual_year_is_the_weighted_mean_of_the_years_that_have_rows() -> None:
    homes = np.array([[900.0, NAN], [100, NAN], [NAN, NAN], [300, NAN]])
    weights = np.array([0.0, 1, 5, 3])[:, None, None] * np.ones((4, 2, 1))
    usual, counted = usual_homes(homes, weights)
    assert usual[:, 0] == pytest.approx([(100 + 3 * 300) / 4, 0])
    assert counted[..., 0].T.tolist() == [[False, True, False, True], [False] * 4]


def test_homes_above_the_usual_bring_pupils_in_the_years_after() -> None:
    """100 homes above the usual bring 20 and 10 pupils of the first grade in their first two
    years; 50 homes fewer a year later take 10 and 5 away."""
    homes = np.array([[100.0], [200], [50], [100]])[..., None] * np.ones(2)
    per_home = np.array([[0.2, 0.0], [0.1, 0.3]])
    found = home_arrivals(homes, np.array([[100.0, 100]]), per_home)
    assert found[:, 0, 0] == pytest.approx([0, 20, 10 - 10, -5])
    assert found[:, 0, 1] == pytest.approx([0, 0, 30, -15])


def by_loop(counts: list[float], recent: float, run: float, behind: float) -> list[float]:
    """Weights .4^k·D + 1000·run^k·D ÷ (S_run(D) + behind) of the last eight years."""
    ago = [len(counts) - 1 - year for year in range(len(counts))]
    spread = sum(run**k * d for k, d in zip(ago, counts, strict=True) if k < 8) + behind
    return [
        (recent**k * d + 1000 * run**k * d / spread) if k < 8 else 0.0
        for k, d in zip(ago, counts, strict=True)
    ]


@given(arrays((10, 2), whole(0, 3000)))
def test_shrunk_ratios_lean_on_their_years_as_their_formula_weighs_them(counts: np.ndarray) -> None:
    counts[-1] += 1.0
    found = progression_weights(counts[:, :, None])[:, :, 0]
    entered = entry_weights(counts[:, :, None])[:, :, 0]
    for area, own in enumerate(counts.T.tolist()):
        assert found[:, area] == pytest.approx(by_loop(own, 0.4, 0.9, 300), rel=1e-12)
        assert entered[:, area] == pytest.approx(by_loop(own, 0.4, 0.8, 0), rel=1e-12)


def entered(entrants: np.ndarray, born: np.ndarray) -> float:
    """The ratio of entry of one area."""
    pupils, none = np.round(entrants[:, :, None], 9), np.full(born.shape, np.nan)
    found = estimate(
        History(
            pupils, pupils, entrants, born, none, ALONE, ALONE == 0, (), (), ALONE[:, None] < 0
        ),
        Demand(entry=Calibration(method="shrunk")),
    )
    return float(found.per_birth.ratio[0])


@given(arrays((9, 1), whole(1, 3000)), arrays((9, 1), hundredths(50, 150)))
def test_shrunk_ratios_move_with_a_years_ratio_by_its_weight(
    source: np.ndarray, ratios: np.ndarray
) -> None:
    """Of one area drawn to nothing but itself: the derivative of the ratio by each year's is the
    unscaled weight, ÷ the recent counts and theirs."""
    weights = entry_weights(source[..., None])[:, 0, 0]
    base = entered(ratios * source, source)
    for year in range(len(source)):
        more = ratios.copy()
        more[year] += 1.0
        moved = entered(more * source, source) - base
        assert moved == pytest.approx(weights[year] / weights.sum(), rel=1e-6, abs=1e-9)


METHODS = st.sampled_from(["mean", "pooled", "shrunk"])


@given(setups(), METHODS, METHODS, whole(0, 500), st.integers(1, 9))
def test_homes_built_at_the_same_rate_always_move_nobody(
    setup: Setup, into: Any, entering: Any, rate: float, window: int
) -> None:
    """Known or not known in some years, by any method: the ratios hold them."""
    axes = setup.world.axes
    how = Demand(
        progression=Calibration(method=into, window=window),
        entry=Calibration(method=entering, window=window),
    )
    built = np.full((len(axes.year), len(axes.region)), rate)
    plain = Setup(setup.world, how).with_world(homes=np.full_like(built, NAN)).run()
    found = Setup(setup.world, how).with_world(homes=built).run()
    same_bits(found.pupils, plain.pupils)
    gaps = built.copy()
    gaps[axes.start + 1 :: 2] = NAN
    same_bits(Setup(setup.world, how).with_world(homes=gaps).run().pupils, plain.pupils)


@pytest.mark.parametrize(("method", "close"), [("mean", 1e-9), ("pooled", 1e-9), ("shrunk", 20)])
def test_homes_that_pause_while_the_ratios_are_measured_are_counted_once(
    method: Any, close: float
) -> None:
    """Births of 500 enter one to one; 200 homes a year bring .4 pupils each into 4 grades, 20 a
    grade, but for the three last years. When building goes on, each grade is 20 above the last:
    500 + 20·(1 + 2 + 3 + 4) + … = 4·500 + 20·10 = 2,200 four years on."""
    axes = axes_of(1, spans=(4,), first=BASE - 9, last=BASE + 5)
    homes = np.full((len(axes.year), 1), 200.0)
    homes[axes.start - 2 : axes.start + 1] = 0.0
    pupils = np.full((len(axes.year), 1, 4), NAN)
    for year in range(axes.start + 1):
        for grade in range(4):  # 20 more for each year of homes since entry
            pupils[year, 0, grade] = 500.0 + 20.0 * sum(
                homes[max(year - k, 0), 0] > 0 for k in range(grade + 1)
            )
    own = quiet_world(
        axes,
        pupils=pupils,
        births=np.full((len(axes.year), 1), 500.0),
        given=np.full((len(axes.horizon), 1, 4), NAN),
        homes=homes,
        per_home=np.full((1, 4), 0.1),
    )
    how = Demand(progression=Calibration(method=method), entry=Calibration(method=method))
    assert Setup(own, how).run().pupils[5].sum() == pytest.approx(2200.0, abs=close)


@given(METHODS, st.integers(0, 1), st.floats(0.01, 1.0))
def test_homes_bring_nobody_where_there_is_no_school(
    method: Any, lacks: int, yields: float
) -> None:
    """One region of two lacks the upper level, whether or not it has the grade that feeds it; its
    homes bring pupils to the lower one alone, and from the year that a ratio is stated for."""
    axes = axes_of(2, spans=(2, 2), last=BASE + 4)
    pupils = np.full((len(axes.year), 2, 4), NAN)
    pupils[: axes.start + 1] = 100.0
    pupils[: axes.start + 1, 1, 2:] = 0.0
    homes = np.full((len(axes.year), 2), NAN)
    homes[axes.start + 1 :] = 100.0
    given_ratios = np.full((len(axes.horizon), 2, 4), NAN)
    own = quiet_world(axes, pupils=pupils, homes=homes, per_home=np.full((1, 4), yields))
    how = Demand(progression=Calibration(method=method))
    found = Setup(own, how).with_world(given=given_ratios).run()
    assert (found.pupils[:, 1, 2:] == 0).all()
    assert (found.pupils[1:, 0, 2:] > 0).all()
    assert found.demand.homes.unplaced[1:, 1, 2:] == pytest.approx(np.full((4, 2), 100.0 * yields))
    assert not found.demand.homes.unplaced[:, 0].any()
    opening = given_ratios.copy()
    opening[3:, 1, 2:] = 1.0
    opened = Setup(own, how).with_world(given=opening).run()
    assert (opened.pupils[3:, 1, 2] >= 100.0 * yields).all()
    assert (opened.pupils[:3, 1, 2:] == 0).all()


@given(arrays((5, 2), whole(0, 90)), arrays((5, 2), whole(0, 90)), arrays((7, 3), hundredths(0, 9)))
def test_i09_arrivals_add_up(one: np.ndarray, other: np.ndarray, per_home: np.ndarray) -> None:
    none = np.zeros((2, 3))
    one, other = (homes[..., None] * np.ones(3) for homes in (one, other))
    both = home_arrivals(one + other, none, per_home)
    apart = home_arrivals(one, none, per_home) + home_arrivals(other, none, per_home)
    np.testing.assert_allclose(both, apart, rtol=1e-12, atol=1e-12)


@given(arrays((6, 1), whole(0, 90)), st.integers(0, 5), arrays((4, 2), hundredths(1, 9)))
def test_i12_homes_move_nobody_before_they_stand(
    homes: np.ndarray, year: int, per_home: np.ndarray
) -> None:
    more = homes.copy()
    more[year] += 10.0
    base, found = (
        home_arrivals(value[..., None] * np.ones(2), np.zeros((1, 2)), per_home)
        for value in (homes, more)
    )
    same_bits(found[:year], base[:year])
    same_bits(found[year + 4 :], base[year + 4 :])
    assert (found[year] > base[year]).all()


def test_the_usual_number_does_not_go_by_how_far_a_run_looks() -> None:
    """A run of the base year alone leans on the same years: births, children being unknown."""
    axes = axes_of(1, spans=(2,))
    pupils = np.full((len(axes.year), 1, 2), NAN)
    pupils[: axes.start + 1] = 100.0
    homes = np.arange(float(len(axes.year)))[:, None] ** 2
    how = Demand(entry=Calibration(method="shrunk"), progression=Calibration(method="shrunk"))
    given_ratios = np.full((len(axes.horizon), 1, 2), NAN)
    own = quiet_world(axes, pupils=pupils, homes=homes, per_home=np.ones((1, 1, 2)))
    whole_run = Setup(own, how).with_world(given=given_ratios)
    longer, shorter = whole_run.run().demand.homes, until(whole_run, BASE).run().demand.homes
    same_bits(shorter.usual, longer.usual)
    same_bits(shorter.taken_off, longer.taken_off)
