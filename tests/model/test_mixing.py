"""Small areas keep more of what they have: by pencil, by size, and only what shrunk calibrated."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given

from capacity.base import Axis, Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import calibrate, held
from tests.worlds import BASE, Setup, arrays, axes_of, quiet_world, same_bits, setups

NAN = np.nan
SHRUNK = DemandSettings(progression=Calibration(method="shrunk"), entry=Calibration(method="mean"))


def whole(pupils: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nothing was closed."""
    return pupils, np.ones(pupils.shape, dtype=bool)


def small(pupils: list[list[float]], *, regions: int = 1, levels: tuple[int, ...] = (2,)) -> Setup:
    """Regions with these pupils ``[year][grade]``, nothing stated but entry: 1 per birth."""
    axes = axes_of(regions, spans=levels)
    past = np.full((len(axes.year), regions, len(axes.grade)), NAN)
    past[axes.start - len(pupils) + 1 : axes.start + 1] = np.array(pupils)[:, None, :]
    given_ratios = np.full((len(axes.horizon), regions, len(axes.grade)), NAN)
    given_ratios[:, :, 0] = 1.0
    return Setup(quiet_world(axes, pupils=past, given=given_ratios), SHRUNK)


def test_total_and_shares_by_pencil() -> None:
    """300 pupils today: 500 / (500 + 300) = .625 of the total is held, 100 / (100 + 300) = .25 of
    the shares. By grade (.6): (100 + .6·50) / 1.6 and (200 + .6·150) / 1.6, so 300 times 130 / 420
    and 290 / 420.

    Of the cohorts 60 and 240 the total is .375·300 + .625·300 = 300; the grades .75·60 + .25·usual
    and .75·240 + .25·usual, which add up to 300 already. Of 60 and 140 it is .375·200 + .625·300
    = 262.5, and the grades, which add up to .75·200 + .25·300 = 225, are scaled to it.
    """
    today = held(*whole(np.array([[[50.0, 150]], [[100, 200]]])))
    usual = np.array([[300 * 130 / 420, 300 * 290 / 420]])
    assert (today.total[0], today.grades[0]) == (0.625, 0.25)
    assert today.usual == pytest.approx(usual, rel=1e-14)
    every, holds = np.ones((1, 2), dtype=bool), np.array([True])
    for cohorts, scale in (([60.0, 240], 1.0), ([60.0, 140], 262.5 / 225)):
        mixed = today.mixed(np.array([cohorts]), every, holds)
        shaped = 0.75 * np.array([cohorts]) + 0.25 * usual
        assert mixed == pytest.approx(shaped * scale, rel=1e-14)


def test_a_closed_grade_holds_nothing_and_stays_closed() -> None:
    pupils = np.array([[[50.0, 150]], [[100, 200]]])
    _, opened = whole(pupils)
    opened[:, :, 1] = False
    today = held(pupils, opened)
    assert today.usual.tolist() == [[300, 0]]
    mixed = today.mixed(np.array([[60.0, 0]]), np.ones((1, 2), dtype=bool), np.array([True]))
    assert mixed == pytest.approx(np.array([[0.375 * 60 + 0.625 * 300, 0]]), rel=1e-14)


def test_the_larger_an_area_the_less_it_holds_and_of_shares_less_than_of_the_total() -> None:
    today = held(*whole(np.array([[[0.0], [1], [100], [500], [1e9]]])))
    assert today.total[0] == today.grades[0] == 0  # nothing to hold
    assert today.total[3] == today.grades[2] == 0.5
    for share in (today.total, today.grades):
        assert (np.diff(share[1:]) < 0).all()
        assert share[4] < 1e-6
    assert (today.grades[1:] < today.total[1:]).all()


CELLS = arrays((3, 2, 4), st.integers(0, 400).map(float))


@given(CELLS, arrays((2, 4), st.integers(0, 400).map(float)), st.integers(0, 15))
def test_the_total_is_mixed_by_the_one_and_shares_by_the_other(
    pupils: np.ndarray, cohorts: np.ndarray, which: int
) -> None:
    """Over the grades that mix ΣF = (1−q)·ΣC + q·Σusual; the others stay as they come."""
    today = held(*whole(pupils))
    chosen = np.array([[bool(which >> grade & 1) for grade in range(4)]] * 2)
    mixed = today.mixed(cohorts, chosen, np.ones(2, dtype=bool))
    same_bits(mixed[~chosen], cohorts[~chosen])
    assert (mixed >= 0).all()
    come, usual, found = (
        np.where(chosen, side, 0.0).sum(axis=1) for side in (cohorts, today.usual, mixed)
    )
    aim = (1 - today.total) * come + today.total * usual
    np.testing.assert_allclose(found, aim, rtol=1e-12, atol=1e-12)
    quarter = today.grades[:, None]
    shaped = np.where(chosen, (1 - quarter) * cohorts + quarter * today.usual, 0.0)
    every = np.maximum(shaped.sum(axis=1), 1e-300)
    of_all = np.where(chosen, mixed, 0.0) / np.maximum(found, 1e-300)[:, None]
    np.testing.assert_allclose(of_all, shaped / every[:, None], rtol=1e-9, atol=1e-12)


@given(CELLS, arrays((2, 4), st.integers(0, 400).map(float)))
def test_who_holds_nothing_keeps_the_cohorts_to_the_bit(
    pupils: np.ndarray, cohorts: np.ndarray
) -> None:
    today, every = held(*whole(pupils)), np.ones((2, 4), dtype=bool)
    mixed = today.mixed(cohorts, every, np.array([True, False]))
    same_bits(mixed[1], cohorts[1])
    same_bits(mixed[:1], today.mixed(cohorts, every, np.array([True, True]))[:1])


def test_the_forecast_is_the_mixture() -> None:
    """Above the first grade, in every year; C is the forecast of cohorts, never of the mixture."""
    setup = small([[100, 80, 90], [110, 95, 85]], levels=(3,))
    ran = setup.run()
    ratios = calibrate(setup.world, SHRUNK).progression[:, 0]
    past = setup.world.pupils[: setup.world.axes.start + 1]
    usual, cohort = held(*whole(past)).usual[0, 1:], past[-1, 0].copy()
    total, grades = 500 / (500 + 290), 100 / (100 + 290)
    for year in range(1, len(setup.world.axes.horizon)):
        cohort = np.concatenate([[100.0], ratios[year, 1:] * cohort[:-1]])
        aim = (1 - total) * cohort[1:].sum() + total * usual.sum()
        shaped = (1 - grades) * cohort[1:] + grades * usual
        expected = shaped * aim / shaped.sum()
        np.testing.assert_allclose(ran.pupils[year, 0, 1:], expected, rtol=1e-13)
        assert ran.pupils[year, 0, 1:].sum() == pytest.approx(aim, rel=1e-13)


def filling(grades: int, size: float = 80.0) -> Setup:
    """A school of six grades with cohorts of one size, beside two that are full.

    It opened with its first grade, and its ``grades``-th was reached in the base year.
    """
    axes = axes_of(3, spans=(6,), last=BASE + 8)
    pupils = np.full((len(axes.year), 3, 6), NAN)
    pupils[: axes.start + 1] = np.array([size, 300, 300])[:, None]
    for ago in range(axes.start + 1):
        pupils[axes.start - ago, 0, max(grades - ago, 0) :] = 0.0
    births = np.full((len(axes.year), 3), 1.0) * [size, 300, 300]
    unknown = np.full((len(axes.horizon), 3, 6), NAN)
    how = SHRUNK.model_copy(update={"entry": Calibration(method="shrunk")})
    return Setup(quiet_world(axes, pupils=pupils, births=births, given=unknown), how)


@pytest.mark.parametrize("grades", [1, 2, 5, 6, 7, 9])
def test_a_school_that_fills_goes_on_to_its_full_size(grades: int) -> None:
    """160 pupils in two grades become 480 in six; mixed with what it has they would be 224.

    And they stay 480 where the last grade was reached of late: mixed with the years before its
    grades had pupils they would be 473.
    """
    found = filling(grades).run().pupils[:, 0]
    assert found[0].sum() == min(grades, 6) * 80
    for year, pupils in enumerate(found):
        there = min(grades + year, 6)
        assert pupils == pytest.approx([80.0] * there + [0.0] * (6 - there), rel=1e-9)
    assert found[-1].sum() == pytest.approx(480, rel=1e-9)


def jumped(ago: int) -> Setup:
    """Two schools; pupils of the first are doubled since a year, as are births."""
    axes = axes_of(2, spans=(4,), first=BASE - 9)
    rng = np.random.default_rng(2)
    pupils = np.full((len(axes.year), 2, 4), NAN)
    pupils[: axes.start + 1] = 100 + rng.integers(-3, 4, (axes.start + 1, 2, 4))
    pupils[axes.start - ago : axes.start + 1, 0] *= 2
    births = np.full((len(axes.year), 2), 100.0)
    births[axes.start - ago - 2 :, 0] = 200.0
    unknown = np.full((len(axes.horizon), 2, 4), NAN)
    return Setup(quiet_world(axes, pupils=pupils, births=births, given=unknown), SHRUNK)


@pytest.mark.parametrize(("ago", "holds"), [(0, False), (3, False), (4, True)])
def test_an_area_that_broke_in_the_last_four_years_holds_nothing(ago: int, holds: bool) -> None:
    """The other goes on as if nothing had been."""
    ran = jumped(ago).run()
    axes = ran.setup.world.axes
    years = [(one.year, one.area) for one in ran.demand.past.breaks]
    assert years == [(axes.start - ago, 0)]
    moves = ran.demand.small_area[1:, :, 1:]
    assert (moves[:, 0] != 0).any() == holds
    assert (moves[:, 1] != 0).all()


def test_the_first_grade_does_not_mix() -> None:
    ran = small([[10, 8], [12, 9]]).run()
    assert (ran.pupils[1:, 0, 0] == 100).all()
    assert (ran.demand.small_area[:, :, 0] == 0).all()
    assert (ran.demand.small_area[1:, :, 1] != 0).any()


def test_a_given_ratio_never_mixes() -> None:
    setup = small([[100, 80, 70], [110, 95, 75]], levels=(3,))
    stated = setup.world.given.copy()
    stated[:, :, 1] = 0.9
    ran = setup.with_world(given=stated).run()
    assert (ran.demand.small_area[:, :, 1] == 0).all()
    assert (ran.demand.small_area[1:, :, 2] != 0).any()
    np.testing.assert_allclose(ran.pupils[1:, 0, 1], 0.9 * ran.pupils[:-1, 0, 0], rtol=1e-15)


@pytest.mark.parametrize("method", ["mean", "pooled"])
def test_other_methods_never_mix(method: str) -> None:
    setup = small([[100, 80], [110, 95]])
    other = DemandSettings(progression=Calibration.model_validate({"method": method}))
    assert (replace(setup, demand=other).run().demand.small_area == 0).all()


def test_mixing_is_worked_out_before_levers() -> None:
    setup = small([[100, 80], [110, 95]])
    moved = setup.and_then("progression", "times", 1.5)
    same_bits(setup.run().demand.small_area, moved.run().demand.small_area)
    assert (moved.run().pupils[1:, 0, 1] > setup.run().pupils[1:, 0, 1]).all()


def test_two_areas_alike_mix_alike_and_one_alone_mixes_as_in_company() -> None:
    both, one = small([[100, 80], [110, 95]], regions=2), small([[100, 80], [110, 95]])
    found = both.run().demand.small_area
    same_bits(found[:, 0], found[:, 1])
    np.testing.assert_allclose(found[:, :1], one.run().demand.small_area, rtol=1e-12, atol=1e-12)


@given(setups(levers=False))
def test_pupils_are_conserved_with_mixing(setup: Setup) -> None:
    """I1 on districts that do mix: what is neither carried up nor moved is clipped at 0."""
    setup = replace(setup, demand=replace_method(setup.demand))
    ran = setup.run()
    assume((ran.demand.small_area != 0).any())
    assert all(check.passed for check in ran.checks)


def replace_method(demand: DemandSettings) -> DemandSettings:
    return demand.model_copy(update={"progression": Calibration(method="shrunk")})


def test_a_ratio_stated_for_a_grade_that_none_leads_to_changes_nothing() -> None:
    """Grades 1, 2, 5 and 6: those of 5 are held, whatever is stated, and so is what is mixed."""
    setup = small([[60, 70, 50, 40], [50, 40, 70, 60], [70, 60, 40, 55]], levels=(2, 2))
    axes = replace(setup.world.axes, grade=Axis("grade", (1, 2, 5, 6)), first=(1, 5), last=(2, 6))
    apart = setup.with_world(axes=axes)
    assert apart.run().demand.held[1:, 0].tolist() == [[False, False, True, False]] * 4
    stated = apart.world.given.copy()
    stated[:, :, 2] = 0.9
    same_bits(apart.with_world(given=stated).run().pupils, apart.run().pupils)


def test_a_grade_that_none_leads_to_lets_the_others_mix() -> None:
    """It is held for want of a grade below, and its school does not empty."""
    whole = small([[60, 70, 50, 40], [50, 40, 70, 60], [70, 60, 40, 55]], levels=(2, 2))
    axes = replace(whole.world.axes, grade=Axis("grade", (1, 2, 5, 6)), first=(1, 5), last=(2, 6))
    ran = whole.with_world(axes=axes).run()
    assert not ran.demand.stated.changing.any()
    mixed = ran.demand.small_area[1:, 0, :, 0]
    assert (mixed[:, [1, 3]] != 0).all() and not mixed[:, [0, 2]].any()
