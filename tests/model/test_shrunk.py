"""Shrunk ratios: by pencil, at their limits, and what they lean on."""

from __future__ import annotations

from dataclasses import fields, replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import (
    History,
    ShrunkRatio,
    calibrate,
    entry_weights,
    estimate,
    history_of,
)
from tests.worlds import Setup, arrays, axes_of, flow_of, quiet_world, same_bits, whole

NAN = np.nan
SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)


def past(pupils: np.ndarray, born: np.ndarray | None = None) -> History:
    """What is known of pupils ``(year, area, grade)``, and births of the cohorts that enter."""
    unknown = np.full(pupils.shape[:2], NAN)
    born = unknown if born is None else born
    series, none = np.arange(pupils.shape[1]), np.zeros(pupils.shape[1:], dtype=bool)
    return History(
        pupils, pupils, pupils[:, :, 0], born, unknown, series, series >= 0, (), (), none
    )


def of_pupils(pupils: np.ndarray) -> ShrunkRatio:
    return estimate(past(pupils), SHRUNK).progression.found


def of_births(entrants: np.ndarray, born: np.ndarray) -> ShrunkRatio:
    return estimate(past(entrants[:, :, None], born), SHRUNK).per_birth.found


def held(entrants: np.ndarray) -> np.ndarray:
    """Entrants to expect where no births are known."""
    return estimate(past(entrants[:, :, None]), SHRUNK).entrants


def history(by_year: list[list[float]]) -> np.ndarray:
    """Pupils ``(year, 1 area, grade)``."""
    return np.array(by_year, float)[:, None, :]


def test_one_area_of_two_grades_over_two_years_by_pencil() -> None:
    """Grade 1 has 100, then 200; a year later 90, then 210 sit in grade 2: ratios .9 and 1.05.

    All areas (.6): P = (210 + .6·90) / (200 + .6·100) = 264 / 260.
    Area (.9): A = (210 + .9·90 + 2000) / (P·(200 + .9·100) + 2000) = 2291 / (P·290 + 2000).
    Long run (.9): L = (291 + 300·P·A) / (290 + 300).
    Used (.4): r = (210 + .4·90 + 1000·L) / (200 + .4·100 + 1000) = (246 + 1000·L) / 1240.
    """
    found = of_pupils(history([[100, NAN], [200, 90], [NAN, 210]]))
    everywhere = 264 / 260
    area = 2291 / (everywhere * 290 + 2000)
    long_run = (291 + 300 * everywhere * area) / 590
    assert found.all_areas[0, 1] == pytest.approx(everywhere, rel=1e-14)
    assert found.long_run[0, 1] == pytest.approx(long_run, rel=1e-14)
    assert found.recent[0, 1] == pytest.approx(246 / 240, rel=1e-14)
    assert found.ratio[0, 1] == pytest.approx((246 + 1000 * long_run) / 1240, rel=1e-14)
    assert found.recent_share[0, 1] == pytest.approx(240 / 1240, rel=1e-14)
    assert found.own_share[0, 1] == pytest.approx(290 / 590, rel=1e-14)
    assert found.ratio[0, 1] == pytest.approx(1.011886, abs=5e-7)


def test_entry_by_pencil() -> None:
    """90 entrants of 100 births, then 210 of 200: the long run (.8) is 282 / 280, the recent
    (.4) 246 / 240; e = (246 + 1000·282 / 280) / 1240."""
    found = of_births(np.array([[90.0], [210]]), np.array([[100.0], [200]]))
    assert found.ratio[0] == pytest.approx((246 + 1000 * 282 / 280) / 1240, rel=1e-14)
    assert found.long_run[0] == pytest.approx(282 / 280, rel=1e-14)
    assert np.isnan(found.all_areas[0])


def test_the_level_of_entry_by_pencil() -> None:
    """80, then 100: the usual (.5) is (100 + 40) / 1.5; (100² + 300·usual) / (100 + 300)."""
    usual = 140 / 1.5
    found = held(np.array([[80.0], [100]]))
    assert found[0] == pytest.approx((100**2 + 300 * usual) / 400, rel=1e-14)


def test_a_grade_of_one_pupil_a_year_closes_after_ten_years_without() -> None:
    """Ten pupils are missing then: the years before the closing count no more."""

    def entrants(without: int) -> float:
        entered = np.array([1.0] * 3 + [0.0] * without + [1.0])
        pupils = np.stack([entered, np.full_like(entered, 5.0)], axis=1)[:, None]
        return float(estimate(past(pupils), SHRUNK).entrants[0])

    assert entrants(10) == pytest.approx(1.0, rel=1e-14)
    assert entrants(9) < 0.7


def test_years_without_a_cohort_have_no_weight() -> None:
    found = entry_weights(np.array([[0.0, 0.0], [0.0, 4.0]]))
    np.testing.assert_array_equal(found[:, 0], 0.0)
    assert found[1, 1] > 0


def test_the_level_of_entry_is_the_last_count_where_that_is_large() -> None:
    huge = held(np.array([[8e9], [1e10]]))
    assert huge[0] == pytest.approx(1e10, rel=1e-7)


def test_huge_cohorts_follow_recent_years_and_tiny_ones_all_areas() -> None:
    """Two areas, one of a billion pupils at ratio 1.2, one of two pupils at ratio .5."""
    pupils = np.full((4, 2, 2), 1e9)
    pupils[:, 0, 1] *= 1.2
    pupils[:, 1] = [2, 1]
    found = of_pupils(pupils)
    assert found.ratio[0, 1] == pytest.approx(1.2, rel=1e-6)
    assert found.ratio[0, 1] == pytest.approx(found.recent[0, 1], rel=1e-6)
    assert found.ratio[1, 1] == pytest.approx(found.all_areas[1, 1], rel=0.02)
    assert found.own_share[1, 1] < 0.02


def test_pupils_whom_no_grade_below_feeds_are_held() -> None:
    axes = axes_of(1, spans=(3,))
    world = quiet_world(axes)
    pupils, nobody = np.full_like(world.pupils, NAN), np.zeros_like(world.births)
    pupils[axes.start - 2 : axes.start + 1, 0] = [[0, 9, 50], [0, 8, 50], [0, 7, 50]]
    given = np.full_like(world.given, NAN)
    ran = Setup(quiet_world(axes, pupils=pupils, given=given, births=nobody), SHRUNK).run()
    assert (ran.pupils[1:, 0, 1] == 7).all()
    assert ran.demand.stated.unfed.tolist() == [[False, True, False]]


def test_a_flagged_year_counts_neither_into_its_ratios_nor_is_lost_below() -> None:
    """The flagged count is kept out; the next year's pupils still come from it."""
    axes = axes_of(1, spans=(2,))
    pupils = np.full((len(axes.year), 1, 2), NAN)
    pupils[axes.start - 3 : axes.start + 1, 0] = [[100, 90], [110, 95], [500, 600], [120, 450]]
    flagged = np.zeros((len(axes.year), 1, 2), dtype=bool)
    flagged[axes.start - 1] = True
    world = quiet_world(axes, pupils=pupils, flagged=flagged)
    found = estimate(history_of(world), SHRUNK)
    known = pupils[: axes.start + 1].copy()
    known[axes.start - 1, 0, 1] = NAN
    expected = estimate(replace(past(pupils[: axes.start + 1]), into=known), SHRUNK)
    assert found.progression.ratio[0, 1] == expected.progression.ratio[0, 1]
    assert found.progression.ratio[0, 1] < 1


@given(arrays((6, 3, 4), whole(10, 49)))
def test_a_ratio_lies_between_what_it_leans_on(pupils: np.ndarray) -> None:
    found = of_pupils(pupils)
    known = ~np.isnan(found.recent)
    low, high = (pick(found.recent, found.long_run)[known] for pick in (np.minimum, np.maximum))
    assert (found.ratio[known] >= low - 1e-12).all()
    assert (found.ratio[known] <= high + 1e-12).all()
    share = found.recent_share
    mixed = share * np.nan_to_num(found.recent) + (1 - share) * found.long_run
    np.testing.assert_allclose(found.ratio[known], mixed[known], rtol=1e-12)


@given(arrays((5, 2), whole(300, 900)), arrays((5, 2), whole(300, 900)))
def test_entry_lies_between_the_yearly_ratios(entrants: np.ndarray, born: np.ndarray) -> None:
    """Of births as first grades show them."""
    made = estimate(past(entrants[:, :, None], born), SHRUNK)
    yearly, found = entrants / made.passing.of(born), made.per_birth.ratio
    assert (found >= yearly.min(axis=0) - 1e-12).all()
    assert (found <= yearly.max(axis=0) + 1e-12).all()


@given(arrays((7, 3), whole(1, 400)), st.sampled_from([0.8, 1.0, 1.25]))
def test_one_ratio_everywhere_is_found_again(entered: np.ndarray, ratio: float) -> None:
    """With weights that draw towards the same ratio, only the area's level may lean to 1."""
    cohorts = [entered[2 - grade : 7 - grade] * ratio**grade for grade in range(3)]
    found = of_pupils(np.stack(cohorts, axis=2))
    near = (np.minimum(ratio, 1.0) - 1e-12, np.maximum(ratio, 1.0) + 1e-12)
    above = found.ratio[:, 1:]
    assert ((above >= near[0]) & (above <= near[1])).all()
    np.testing.assert_allclose(found.all_areas[:, 1:], ratio, rtol=1e-12)


@given(arrays((4, 2, 3), whole(110, 500)))
def test_more_pupils_of_the_same_ratios_lean_more_on_their_own_years(pupils: np.ndarray) -> None:
    small, large = of_pupils(pupils), of_pupils(pupils * 1000)
    known = ~np.isnan(small.recent)
    assert (large.recent_share[known] > small.recent_share[known]).all()
    near, far = (np.abs(side.ratio - side.recent)[known] for side in (large, small))
    assert near.max() <= far.max() + 1e-2


def test_a_past_longer_than_the_memory_changes_nothing() -> None:
    rng = np.random.default_rng(3)
    pupils = rng.integers(1, 500, (12, 2, 3)).astype(float)
    for name in (one.name for one in fields(ShrunkRatio)):
        same_bits(getattr(of_pupils(pupils[-9:]), name), getattr(of_pupils(pupils), name))


def entering(**known: np.ndarray) -> Setup:
    """One area and grade with 100, 120 and 150 entrants up to the base year, no ratio stated."""
    axes = axes_of(1, spans=(1,))
    pupils = np.full((len(axes.year), 1, 1), NAN)
    pupils[axes.start - 2 : axes.start + 1, 0, 0] = [100, 120, 150]
    given = np.full((len(axes.horizon), 1, 1), NAN)
    births = np.full((len(axes.year), 1), NAN)
    world = quiet_world(axes, pupils=pupils, given=given, births=births)
    return Setup(world, SHRUNK).with_world(**known)


def test_children_win_over_births() -> None:
    years = len(axes_of(1, spans=(1,)).year)
    births, children = np.full((years, 1), 200.0), np.full((years, 1), 400.0)
    by_births = entering(births=births).run()
    by_children = entering(births=births, children=children).run()
    found = calibrate(by_children.setup.world, SHRUNK)
    assert found.per_child[0, 0] == pytest.approx(found.per_birth[0, 0] / 2, rel=0.05)
    same_bits(by_children.central.entrants[1:], 400 * found.per_child[1:])
    assert by_births.central.entrants[1, 0] != by_children.central.entrants[1, 0]


def test_without_births_and_children_the_level_of_entry_is_held() -> None:
    setup = entering()
    level = held(history_of(setup.world).pupils[:, :, 0])
    found = setup.run().pupils[1:, 0, 0]
    assert (found == level[0]).all()
    assert 120 < level[0] < 150


@pytest.mark.parametrize("method", ["shrunk", "mean"])
@pytest.mark.parametrize("births", [100.0, NAN])
def test_a_first_grade_with_pupils_today_is_not_closed_though_today_is_flagged(
    method: str, births: float
) -> None:
    """It was closed for two years, and opened again in a year that flags.csv leaves out."""
    axes = axes_of(1, spans=(2,))
    pupils = np.full((len(axes.year), 1, 2), NAN)
    pupils[axes.start - 4 : axes.start + 1, 0, 0] = [60, 60, 0, 0, 50]
    pupils[axes.start - 4 : axes.start + 1, 0, 1] = 50
    flagged = np.zeros(pupils.shape, dtype=bool)
    flagged[axes.start] = True
    world = quiet_world(
        axes,
        pupils=pupils,
        flagged=flagged,
        births=np.full((len(axes.year), 1), births),
        given=np.full((len(axes.horizon), 1, 2), NAN),
    )
    one = Calibration.model_validate({"method": method})
    ran = Setup(world, DemandSettings(progression=one, entry=one)).run()
    assert (ran.pupils[1:, 0, 0] == 50).all()


def test_flows_have_one_ratio_for_the_district() -> None:
    rng = np.random.default_rng(5)
    axes = axes_of(2, spans=(1, 1))
    pupils = np.full((len(axes.year), 2, 2), NAN)
    pupils[axes.start - 3 : axes.start + 1] = rng.integers(50, 200, (4, 2, 2))
    world = quiet_world(axes, pupils=pupils, flows=(flow_of(1, [[0.7, 0.3], [0.2, 0.8]]),))
    found = estimate(history_of(world), SHRUNK).progression.found
    known = pupils[axes.start - 3 : axes.start + 1].sum(axis=1, keepdims=True)
    whole_district = of_pupils(known)
    for name in (one.name for one in fields(ShrunkRatio)):
        expected = getattr(whole_district, name)[0, 1]
        np.testing.assert_allclose(getattr(found, name)[:, 1], expected, rtol=1e-14)


def test_mean_and_pooled_lean_on_nothing() -> None:
    axes = axes_of(1, spans=(2,))
    pupils = np.full((len(axes.year), 1, 2), NAN)
    pupils[axes.start - 1 : axes.start + 1, 0] = [[100, 90], [110, 95]]
    plain = DemandSettings(
        progression=Calibration(method="mean"), entry=Calibration(method="pooled")
    )
    found = estimate(history_of(quiet_world(axes, pupils=pupils)), plain).progression
    assert found.ratio[0, 1] == 0.95
    assert np.isnan(found.found.long_run).all()


def test_the_own_ratio_is_empty_where_a_cell_has_no_year_of_its_own() -> None:
    """The second region was counted once: its ratio is that of all areas, and none of it is own."""
    axes = axes_of(2, spans=(2,))
    pupils = np.full((len(axes.year), 2, 2), np.nan)
    pupils[: axes.start + 1, 0] = 100.0
    pupils[axes.start, 1] = 100.0
    world = quiet_world(axes, pupils=pupils, given=np.full((len(axes.horizon), 2, 2), np.nan))
    how = DemandSettings(progression=Calibration(method="shrunk"))
    found = Setup(world, how).run().demand.stated.estimate.progression
    assert found.ratio[:, 1] == pytest.approx([1.0, 1.0])
    assert found.own[0, 1] == pytest.approx(1.0)
    assert np.isnan(found.own[1, 1])
