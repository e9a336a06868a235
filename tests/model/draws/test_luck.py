"""Shocks: how large, how lasting, whose, and what centres and bounds them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from capacity.base import Floats
from capacity.model import (
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
    HELD_PERSISTENCE,
    SHOCK_LIMIT,
    SHOCK_UNDONE,
)
from capacity.model.draws import (
    BLOCK,
    Block,
    Singles,
    Spread,
    centres,
    cumulant,
    log_shocks,
    normals,
    persist,
    shared_shocks,
    students,
    walk,
    young_loads,
)
from tests.drawn import scales_with, spread_with
from tests.model.draws.lucks import Drawn, lucks, residuals
from tests.model.draws.plain_luck import Centre, Luck

YEARS, GRADES, BLOCKS = 6, 4, 20
ALONE = np.ones((YEARS, 1, GRADES), dtype=bool)  # every cell starts anew: no way to follow
LARGE = np.full((YEARS, 1, GRADES), 1e9)  # pupils that add nothing by size


def logs(
    spread: Spread, pupils: Floats = LARGE, code: str = "north", *, held=False, starts=ALONE
) -> Singles:
    """Log shocks of one area, ``(year, grade, draw)``."""
    scales, parts = scales_with(spread, pupils, held=[held], starts=starts), []
    for number in range(BLOCKS):
        block = Block(1, number, YEARS)
        shared = shared_shocks(block, spread, GRADES)
        parts.append(log_shocks(block, [code], spread, scales, shared)[0])
    return np.concatenate(parts, axis=-1)


def growing(scale: float, stays: float) -> Floats:
    """Standard deviation of the error of each step: ε_h = ξ_h + α·Σ_{j<h} ξ_j."""
    return scale * np.sqrt(1 + stays**2 * np.arange(YEARS))


def test_errors_persist_in_part() -> None:
    shocks = np.float32([[1], [10], [100]])
    persist(shocks, 0.5)
    assert shocks[:, 0].tolist() == [1, 10 + 0.5, 100 + 0.5 * 11]


@pytest.mark.parametrize(
    ("part", "stays", "grades"),
    [
        ({"common": 0.02}, COMMON_PERSISTENCE.value, slice(1, None)),
        ({"grade": 0.02}, COMMON_PERSISTENCE.value, slice(1, None)),
        ({"entry": 0.02}, ENTRY_PERSISTENCE.value, slice(0, 1)),
        ({"cell": (0.0004, 0)}, 0.05 + 0.45, slice(1, None)),
        ({"first": (0.0004, 0)}, 0.2 + 0.4, slice(0, 1)),
    ],
)
def test_each_shock_hits_its_grades_with_its_size(part, stays, grades) -> None:
    found = logs(spread_with(GRADES, freedom=30.0, **part)).std(axis=-1)
    scale = 0.02 * (np.sqrt(30 / 28) if next(iter(part)) in ("common", "grade", "entry") else 1)
    expected = np.broadcast_to(growing(scale, stays)[:, None], found[:, grades].shape)
    np.testing.assert_allclose(found[:, grades], expected, rtol=0.03)
    others = found.copy()
    others[:, grades] = 0
    np.testing.assert_allclose(others, 0, atol=1e-6)


@pytest.mark.parametrize(
    ("part", "stays"),
    [({"entry": 0.02}, HELD_PERSISTENCE.value), ({"first": (0.0004, 0)}, 0.2 + 0.8)],
)
def test_errors_of_a_first_grade_that_is_held_all_stay(part, stays: float) -> None:
    found = logs(spread_with(GRADES, freedom=1e6, **part), held=True)[:, 0].std(axis=-1)
    np.testing.assert_allclose(found, growing(0.02, stays), rtol=0.03)


@pytest.mark.parametrize("heads", [1.0, 50.0, 200.0, 400.0, 2000.0, 1e6])
def test_what_falls_with_size_does_not_stay(heads: float) -> None:
    """Methods §8, in words of its own; an area has `GRADES` times the pupils of a cell."""
    pupils, spread = np.full((1, 2, GRADES), heads), spread_with(GRADES)
    found = scales_with(spread, pupils, held=[False, True])
    whole = GRADES * heads
    np.testing.assert_allclose(found.area_stays, 0.05 + 0.40 * whole / (whole + 5000))
    np.testing.assert_allclose(found.own_stays[:, 1:], 0.05 + 0.45 * heads / (heads + 400))
    more = np.array([0.4, 0.8])
    np.testing.assert_allclose(found.own_stays[:, 0], 0.2 + more * heads / (heads + 200))


def test_the_shock_of_an_area_hits_young_grades_first() -> None:
    found = logs(spread_with(GRADES, area=(0.0004, 0)))
    loads = young_loads(range(1, GRADES + 1))
    np.testing.assert_allclose(found, found[:, :1] / loads[0] * loads[:, None], atol=1e-6)
    np.testing.assert_allclose(
        found[:, 0].std(axis=-1), growing(0.02 * loads[0], 0.05 + 0.40), rtol=0.03
    )


@pytest.mark.parametrize("grades", [range(1, 13), range(-2, 7), [5, 6], [0]])
def test_loads_are_one_on_average_above_the_first_grade(grades) -> None:
    found = young_loads(grades)
    plain = np.array([1 + 0.5 * (6 - grade) / 6 for grade in grades])
    mean = plain[1:].mean() if len(plain) > 1 else 1.0
    np.testing.assert_allclose(found, plain / mean, rtol=1e-12)


def test_a_cohort_loses_a_fifth_of_its_own_shock_a_year_later() -> None:
    """Shocks of grade 2 in year 1 and of grade 3 in year 2 of the same cohort: −.2 along it."""
    small, undone = np.full_like(LARGE, 1e-9), SHOCK_UNDONE.value
    spread = spread_with(GRADES, cell=(0.0004, 0.0))
    found = logs(spread, small, starts=None)
    here, later = found[0, 1], found[1, 2]
    fresh = later - (1 - undone) * here
    stays = scales_with(spread, small).own_stays[0, 2]
    assert np.corrcoef(here, fresh)[0, 1] == pytest.approx(0, abs=0.03)
    assert fresh.std() == pytest.approx(0.02 * np.sqrt(1 + stays**2), rel=0.03)
    step = later - here
    assert (step * here).mean() / (here * here).mean() == pytest.approx(-undone, abs=0.03)


def test_shared_shocks_are_shared_and_others_are_not() -> None:
    common, own = spread_with(GRADES, common=0.02, entry=0.02), spread_with(GRADES, cell=(0.01, 0))
    np.testing.assert_array_equal(logs(common, code="north"), logs(common, code="east"))
    one, other = logs(own, code="north")[0, 1], logs(own, code="east")[0, 1]
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


def test_variances_of_parts_add_up() -> None:
    parts = {"common": 0.01, "grade": 0.02, "cell": (0.0009, 0), "area": (0.0016, 0)}
    found = logs(spread_with(GRADES, freedom=30.0, **parts))[0, 1:].var(axis=-1)
    loads = young_loads(range(1, GRADES + 1))[1:]
    whole = (0.01**2 + 0.02**2) * 30 / 28 + 0.03**2 + 0.04**2 * loads**2
    np.testing.assert_allclose(found, whole, rtol=0.05)


def test_tails_of_the_common_shock_are_those_of_student_up_to_six_scales() -> None:
    found = logs(spread_with(GRADES, freedom=3.0, common=0.01))[0, 1]
    assert (np.abs(found) > 0.01 * 5.841).mean() == pytest.approx(0.01, abs=0.003)
    assert np.abs(found).max() == np.float32(0.06)


def test_a_walk_adds_a_step_a_year() -> None:
    found = np.concatenate(
        [walk(Block(1, n, YEARS), "births", "", range(9)) for n in range(BLOCKS)], axis=1
    )
    assert found.shape == (9, BLOCKS * BLOCK)
    np.testing.assert_allclose(found.std(axis=1), np.sqrt(np.arange(1, 10)), rtol=0.03)


# Scales ----------------------------------------------------------------------------------------


def test_scales_are_those_of_size_of_what_is_stated_and_never_beyond_the_limit() -> None:
    spread = spread_with(2, area=(0.0001, 2.0), cell=(0.0009, 0.5), first=(0.0025, 1.5))
    pupils = np.array([[[1.0, 4.0], [1000.0, 900.0]]])
    stated = np.full((1, 2, 2), np.nan)
    stated[0, 1, 0] = 0.07
    found = scales_with(spread, pupils, stated=stated)
    assert found.own[0, 0].tolist() == [SHOCK_LIMIT.value, pytest.approx(np.sqrt(0.1259))]
    assert found.own[0, 1].tolist() == [0.07, pytest.approx(np.sqrt(0.0009 + 0.5 / 900))]
    assert found.area[0].tolist() == [SHOCK_LIMIT.value, pytest.approx(np.sqrt(0.0001 + 2 / 1900))]


def test_areas_that_strayed_too_far_to_be_measured_are_drawn_at_the_limit() -> None:
    irregular = np.array([False, True])
    spread = replace(spread_with(3, cell=(0.0001, 0.0)), irregular=irregular)
    found = scales_with(spread, np.full((2, 2, 3), 100.0))
    assert (found.own[:, 1] == SHOCK_LIMIT.value).all()
    assert (found.area[:, 1] == SHOCK_LIMIT.value).all()
    np.testing.assert_allclose(found.own[:, 0, 1:], 0.01)
    none = scales_with(spread.without_ratio_shocks(), np.full((2, 2, 3), 100.0))
    assert not none.own.any()
    assert not none.area.any()


@pytest.mark.parametrize("lacks", [1, 2, 3])
def test_grades_that_an_area_lacks_make_it_no_larger(lacks: int) -> None:
    """Its own shock and what of it stays are those of as many pupils in every grade."""
    spread = spread_with(GRADES, area=(0.0001, 0.6), cell=(0.0, 0.2))
    pupils = np.full((YEARS, 2, GRADES), 30.0)
    pupils[:, 1, -lacks:] = 0.0
    pupils[:, 1, :-lacks] *= GRADES / (GRADES - lacks)
    found = scales_with(spread, pupils)
    np.testing.assert_allclose(found.area[:, 1], found.area[:, 0], rtol=1e-12)
    np.testing.assert_allclose(found.area_stays[1], found.area_stays[0], rtol=1e-12)
    np.testing.assert_allclose(found.area**2, 0.0001 + 0.6 / (30.0 * GRADES), rtol=1e-12)


def test_without_pupils_before_levers_a_cell_is_as_large_as_the_others_of_its_area() -> None:
    """Not as those of other areas; four classes where its area has none in the year."""
    spread = spread_with(3, cell=(0.0, 1.0), first=(0.0, 1.0))
    pupils = np.array([[[400.0, 100.0, 0.0], [0.0, 0.0, 0.0]]])
    found = scales_with(spread, pupils).own ** -2
    np.testing.assert_allclose(found, [[[400, 100, 250], [100, 100, 100]]])


# Against plain loops ----------------------------------------------------------------------------


@settings(max_examples=2 * settings().max_examples)
@given(lucks())
def test_log_shocks_are_those_of_every_cohort_walked_back(case: Drawn) -> None:
    spread, scales, years = case.spread, case.scales, len(case.scales.own)
    block = Block(case.seed, 1, years)
    shared = shared_shocks(block, spread, scales.own.shape[2])
    for area in range(scales.own.shape[1]):
        code = f"area {area}"
        found = log_shocks(block, [code], spread, scales.of([area]), shared)[0]
        plain = Luck.of(block, code, spread, scales, area)
        for at in (0, 511, BLOCK - 1):
            for year, grade in np.ndindex(found.shape[:2]):
                expected = plain.log((year, grade), at)
                assert found[year, grade, at] == pytest.approx(expected, rel=1e-5, abs=3e-6)


#: How far straight lines between the points of its grid lead a cumulant astray, as a share of s²:
#: most at Student's t with 3 degrees of freedom; at s = .1 a mean is off by 6 in 100,000.
BETWEEN = 6e-3


@settings(max_examples=12)
@given(lucks())
def test_centres_are_the_cumulants_of_every_cohort_walked_back(case: Drawn) -> None:
    found, plain = centres(case.spread, case.scales), Centre(case.spread, case.scales)
    for year, area, grade in np.ndindex(found.shape):
        expected = plain.of(area, (year, grade))
        apart = BETWEEN * plain.squares(area, (year, grade))
        assert found[year, area, grade] == pytest.approx(expected, abs=apart + 1e-9)


@pytest.mark.parametrize("skewed", [False, True])
@pytest.mark.parametrize("freedom", [3.0, 9.0])
def test_a_cumulant_is_exact_on_its_grid_and_near_it_between(skewed: bool, freedom: float) -> None:
    rng = np.random.default_rng(7)
    for table in (normals(), students(freedom), residuals(rng, 60 if skewed else 2000)):
        found, values = cumulant(table), table.astype(float)
        at = np.linspace(0.0, 4.0, 321)
        exact = np.array([np.log(np.exp(s * values).mean()) for s in at])
        on_grid = slice(10, None, 10)  # 33 points
        np.testing.assert_allclose(found.of(at)[on_grid], exact[on_grid], rtol=1e-9)
        apart = np.abs(found.of(at)[1:] - exact[1:]) / at[1:] ** 2
        assert apart.max() < BETWEEN
        assert found.of(np.zeros(1)) == 0
