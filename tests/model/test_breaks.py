"""Breaks: jumps that shrinkage and luck do not explain, named once; quiet pasts stay quiet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from capacity.base import Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import Break, History, LookBack, find_breaks, middle

NAN = np.nan
SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)
YEARS, GRADES = 9, 6
TEXAS = Path(__file__).parents[3] / "shared" / "data" / "texas_districts" / "enrolment.csv"


def past(areas: int, *, size: int = 1000, seed: int = 1) -> np.ndarray:
    """Pupils ``(year, area, grade)`` who go up a grade with a usual luck, births unknown."""
    rng = np.random.default_rng(seed)
    pupils = np.empty((YEARS, areas, GRADES))
    pupils[0] = rng.poisson(size, (areas, GRADES))
    for year in range(1, YEARS):
        pupils[year, :, 0] = rng.poisson(size, areas)
        luck = np.exp(rng.normal(0, np.sqrt(0.19 / size), (areas, GRADES - 1)))
        pupils[year, :, 1:] = np.round(pupils[year - 1, :, :-1] * luck)
    return pupils


def history(pupils: np.ndarray) -> History:
    unknown = np.full(pupils.shape[:2], NAN)
    return History(
        pupils=pupils,
        into=pupils,
        entrants=pupils[:, :, 0],
        born=unknown,
        children=unknown,
        series=np.arange(pupils.shape[1]),
        ahead=np.ones(pupils.shape[1], dtype=bool),
        flows=(),
        unlinked_grades=(),
        absent=np.zeros(pupils.shape[1:], dtype=bool),
    )


def breaks(pupils: np.ndarray) -> list[Break]:
    return list(find_breaks(history(pupils), SHRUNK))


@pytest.mark.parametrize("areas", [1, 2, 3, 40])
def test_a_quiet_past_has_no_break(areas: int) -> None:
    assert all(not breaks(past(areas, seed=seed)) for seed in range(5))


@pytest.mark.parametrize("areas", [1, 2, 5, 40])
def test_an_area_that_jumps_in_all_grades_is_named_once_and_for_that_year(areas: int) -> None:
    pupils = past(areas)
    pupils[5:, 0] *= 1.6  # as when a virtual school opens; later years go on from there
    found = breaks(pupils)
    assert [(one.year, one.whole) for one in found] == [(5, True)]
    assert found[0].area == (None if areas == 1 else 0)
    assert found[0].counted / found[0].expected == pytest.approx(1.6, rel=0.05)
    assert found[0].deviations > 5


@pytest.mark.parametrize("share", [0.2, 0.5])
@pytest.mark.parametrize("areas", [3, 5])
@pytest.mark.parametrize("years", [4, 5, 9])
def test_a_boundary_change_is_named_for_its_year_and_no_other(
    years: int, areas: int, share: float
) -> None:
    """Whichever year it was that has ratios: none of the forecasts that lean on it excuses it."""
    for year in range(1, years):
        pupils = past(areas, size=600)[:years]
        gone = np.round(pupils[year:, 0] * share)
        pupils[year:, 0] -= gone
        pupils[year:, 1] += gone
        assert {(one.year, one.area) for one in breaks(pupils) if one.whole} == {
            (year, 0),
            (year, 1),
        }


def test_a_closure_is_a_break_downwards() -> None:
    pupils = past(4)
    pupils[6, 2] *= 0.5
    pupils[7:, 2] = past(4, size=500)[7:, 2]
    first = breaks(pupils)[0]
    assert (first.year, first.area, first.whole) == (6, 2, True)
    assert first.deviations < -5


def test_one_cohort_is_named_with_its_grade_and_ratio() -> None:
    pupils = past(5)
    pupils[5, 3, 2] *= 1.4
    pupils[6, 3, 3] = pupils[5, 3, 2]  # the cohort stays large
    pupils[7, 3, 4], pupils[8, 3, 5] = pupils[6, 3, 3], pupils[6, 3, 3]
    found = breaks(pupils)
    assert [(one.year, one.area, one.grades) for one in found] == [(5, 3, (2,))]
    assert found[0].before == pupils[4, 3, 1]
    assert found[0].counted / found[0].before == pytest.approx(1.4, rel=0.05)
    assert found[0].expected / found[0].before == pytest.approx(1.0, rel=0.05)


def test_a_few_grades_that_jump_alike_are_one_break() -> None:
    pupils = past(8)
    pupils[5, 1, 2:4] *= 1.5
    for year in range(6, YEARS):
        pupils[year, 1, 1:] = pupils[year - 1, 1, :-1]
    assert [(one.year, one.area, one.grades) for one in breaks(pupils)] == [(5, 1, (2, 3))]


def test_a_break_does_not_make_the_next_usual_year_one() -> None:
    """Three years of ratio 1 after a jump: none is held against the jump."""
    pupils = past(6)
    pupils[4:, 0] *= 1.7
    assert {one.year for one in breaks(pupils)} == {4}


def test_a_ratio_that_stays_changed_is_learned() -> None:
    """Half go elsewhere after grade 2 from year 4 on: named at first, then expected."""
    pupils = past(6)
    for year in range(4, YEARS):
        pupils[year, 0, 1:] = pupils[year - 1, 0, :-1]
        pupils[year, 0, 3] = 0.5 * pupils[year - 1, 0, 2]
    years = [one.year for one in breaks(pupils)]
    assert years[0] == 4
    assert YEARS - 1 not in years


def test_a_shock_that_all_areas_share_is_named_once() -> None:
    pupils = past(30)
    pupils[6:] *= 1.3
    found = breaks(pupils)
    assert [(one.year, one.area) for one in found if one.whole] == [(6, None)]
    assert all(one.area is None for one in found)


def test_entry_that_jumps_alone_is_a_break_of_the_first_grade() -> None:
    pupils = past(5)
    pupils[6, 2, 0] *= 1.8
    for grade in (1, 2):
        pupils[6 + grade, 2, grade] = pupils[6, 2, 0]
    first = next(one for one in breaks(pupils) if one.year == 6)
    assert (first.area, first.grades) == (2, (0,))
    assert np.isnan(first.before)


def test_flagged_years_are_no_breaks() -> None:
    pupils = past(5)
    pupils[5:, 0] *= 1.6
    flagged = history(pupils)
    into, entrants = flagged.into.copy(), flagged.entrants.copy()
    into[5, 0], entrants[5, 0] = NAN, NAN
    assert not find_breaks(replace(flagged, into=into, entrants=entrants), SHRUNK)


def test_how_far_out_a_jump_is_does_not_leap_where_one_pupil_is_expected() -> None:
    """What is expected tells how large luck is, not the many who came: just below one as above."""
    out = []
    for ratio in (0.98, 1.02):
        pupils = np.full((YEARS, 6, GRADES), 1000.0) * ratio ** np.arange(GRADES)
        pupils[:, 1] /= 1000.0
        pupils[5, 1, 3] = 60.0
        found = next(one for one in breaks(pupils) if one.year == 5)
        assert (found.area, found.grades) == (1, (3,))
        assert found.expected == pytest.approx(ratio**3)
        out.append(found.deviations)
    assert out[0] == pytest.approx(out[1], rel=0.1)


def test_years_before_the_first_count_change_nothing() -> None:
    pupils = past(6)
    pupils[5:, 0] *= 1.6
    longer = np.concatenate([np.full((4, 6, GRADES), NAN), pupils])
    one, other = (LookBack(history(those), SHRUNK) for those in (pupils, longer))
    assert [(step.year + 4, step.area, step.deviations) for step in one.breaks] == [
        (step.year, step.area, step.deviations) for step in other.breaks
    ]
    assert len(one.steps) == len(other.steps)
    for ours, theirs in zip(one.steps, other.steps, strict=True):
        np.testing.assert_array_equal(ours.expected, theirs.expected)


@pytest.mark.parametrize(("left", "stayed"), [(0.0, (2,)), (0.5, ())])
def test_of_the_last_year_a_closing_alone_is_meant_to_stay(
    left: float, stayed: tuple[int, ...]
) -> None:
    pupils = past(5)
    pupils[-1, 3, 2] *= left
    found = breaks(pupils)
    assert [(one.year, one.area, one.grades) for one in found] == [(YEARS - 1, 3, (2,))]
    assert found[0].stayed == stayed


def test_few_pupils_are_no_break() -> None:
    pupils = past(5, size=20)
    pupils[5, 0, 2] = 45
    assert not breaks(pupils)


@pytest.mark.parametrize("years", [1, 2])
def test_too_short_a_past_has_none(years: int) -> None:
    assert not breaks(past(3)[:years])


@given(st.permutations(range(5)))
def test_the_order_of_areas_does_not_matter(order: list[int]) -> None:
    pupils = past(5)
    pupils[5:, 0] *= 1.6
    found = breaks(pupils[:, order])
    assert [(one.year, order[one.area or 0]) for one in found] == [(5, 0)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([3.0], 3.0),
        ([0.5, 0.1], 0.1),
        ([-0.5, 0.1], 0.0),
        ([0.0, 0.0, 9.0], 0.0),
        ([NAN, 2.0, NAN, 1.0], 1.0),
        ([NAN, NAN], 0.0),
        ([4.0, 1.0, 2.0, 8.0], 2.0),
    ],
)
def test_the_middle_is_the_median_nearer_to_none(values: list[float], expected: float) -> None:
    assert middle(np.array(values), 0) == expected
    assert middle(np.array([values]), 1)[0] == expected


@pytest.mark.skipif(not TEXAS.exists(), reason="public Texan tables are not beside")
def test_the_published_breaks_of_texan_districts_are_found() -> None:
    """Virtual schools of Hallsville (102904, from 2018) and Huntsville (236902, 2021), a district
    that shrank (004901, 2017); and few others among a million pupils' cohorts."""
    rows = pd.read_csv(TEXAS, dtype={"area": str})
    rows = rows[rows["grade"].between(0, 12)]
    wide = rows.pivot_table(index=["year", "area"], columns="grade", values="enrolment")
    areas, years = sorted(rows["area"].unique()), sorted(rows["year"].unique())
    grid = wide.reindex(pd.MultiIndex.from_product([years, areas])).to_numpy()
    found = breaks(grid.reshape(len(years), len(areas), -1))
    named: dict[tuple[int, str], Break] = {}
    for one in found:  # by year, the widest first
        if one.area is not None:
            named.setdefault((years[one.year], areas[one.area]), one)
    assert named[2018, "102904"].whole
    assert named[2018, "102904"].counted > 1.6 * named[2018, "102904"].expected
    assert named[2021, "236902"].grades == (3, 4, 5, 6, 7, 8)
    assert named[2017, "004901"].whole
    assert named[2017, "004901"].deviations < 0
    cohorts = (len(years) - 2) * len(areas)
    assert len(found) < 0.01 * cohorts
