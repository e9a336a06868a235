"""Births beyond the last known year, and the months of births that make a cohort."""

from __future__ import annotations

import math
from collections import Counter
from datetime import date, timedelta
from itertools import product

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.inputs import entry_weights
from capacity.model import birth_cohorts, extend_births, log_slope
from tests.worlds import arrays, same_bits, whole

NAN = np.nan


def column(*values: float) -> np.ndarray:
    return np.array(values, dtype=float)[:, None]


# After the last known year -----------------------------------------------------------------------


def test_the_trend_is_the_slope_of_the_last_four_years_damped_by_a_fifth_a_year() -> None:
    """The damped trend of Gardner & McKenzie (1985), "Forecasting trends in time series",
    Management Science 31(10), eq. for the h-step forecast l + (φ + φ² + … + φ^h)·b, on ln B.

    ln B rises by ln 1.1 a year exactly over the last four years (the years before are not read):
    1331 = 1000 × 1.1³, then +.8 ln 1.1, +(.8 + .64) ln 1.1, +(.8 + .64 + .512) ln 1.1.
    """
    births = column(5, 7000, 1000, 1100, 1210, 1331, NAN, NAN, NAN)
    assert log_slope(births) == pytest.approx(math.log(1.1), rel=1e-12)
    expected = [1331 * 1.1**0.8, 1331 * 1.1**1.44, 1331 * 1.1**1.952]
    assert extend_births(births, "trend")[6:, 0] == pytest.approx(expected, rel=1e-12)


def test_the_slope_is_the_least_squares_line_through_four_points() -> None:
    # Points ln B = 0, 1, 0, 3 at -1.5, -.5, .5, 1.5: (-.5 + 4.5) / (2.25 + .25 + .25 + 2.25) = .8
    births = column(1, math.e, 1, math.e**3)
    assert log_slope(births) == pytest.approx(0.8, rel=1e-12)


def test_one_slope_serves_all_series_and_counts_their_sum() -> None:
    # Sums 100, 200: slope ln 2, though one series is level.
    births = np.array([[50, 50], [50, 150], [NAN, NAN]])
    found = extend_births(births, "trend")
    assert found[2] == pytest.approx([50 * 2**0.8, 150 * 2**0.8], rel=1e-12)


def test_the_slope_reads_the_last_years_that_every_series_knows() -> None:
    # The second series ends a year earlier: common years 0 to 2, sums 20, 40, 80.
    births = np.array([[10, 10], [20, 20], [40, 40], [900, NAN], [NAN, NAN]])
    assert log_slope(births) == pytest.approx(math.log(2), rel=1e-12)
    found = extend_births(births, "trend")  # each continues from its own last year
    assert found[3, 1] == pytest.approx(40 * 2**0.8, rel=1e-12)
    assert found[4] == pytest.approx([900 * 2**0.8, 40 * 2**1.44], rel=1e-12)


@pytest.mark.parametrize(
    "births", [column(5, NAN), column(NAN, NAN), column(0, 0), np.empty((3, 0))]
)
def test_there_is_no_slope_without_two_years_of_births(births: np.ndarray) -> None:
    assert log_slope(births) == 0.0
    same_bits(extend_births(births, "trend"), extend_births(births, "hold"))


def test_an_area_without_births_does_not_count() -> None:
    births = np.array([[100, NAN], [110, NAN], [NAN, NAN]])
    assert log_slope(births) == pytest.approx(math.log(1.1), rel=1e-12)
    assert np.isnan(extend_births(births, "trend")[:, 1]).all()


def test_births_may_be_held_or_change_by_a_stated_share() -> None:
    births = column(100, 200, NAN, NAN)
    same_bits(extend_births(births, "hold"), column(100, 200, 200, 200))
    assert extend_births(births, -0.03)[:, 0] == pytest.approx([100, 200, 194, 188.18], rel=1e-12)


@given(arrays((6, 2), whole(0, 50)), st.integers(0, 5), st.sampled_from(["trend", "hold", 0.1]))
def test_what_is_known_is_kept(births: np.ndarray, last: int, rule: str | float) -> None:
    births[last + 1 :] = NAN
    births[0, 0] = NAN  # a hole before the last known year is not filled
    found = extend_births(births, rule)
    same_bits(found[: last + 1], births[: last + 1])
    if last:
        assert not np.isnan(found[last + 1 :]).any()


# Cohorts -----------------------------------------------------------------------------------------


def test_a_cohort_is_a_weighted_mean_of_two_births_years() -> None:
    births = column(30, 60, 90, 120)
    found = birth_cohorts(births, {2: 1 / 3, 1: 2 / 3})[:, 0]
    assert np.isnan(found[:2]).all()
    assert found[2:] == pytest.approx([(30 + 2 * 60) / 3, (60 + 2 * 90) / 3])


def test_a_lag_may_be_none_or_negative() -> None:
    births = column(30, 60, 90)
    same_bits(birth_cohorts(births, {0: 1.0}), births)
    same_bits(birth_cohorts(births, {-1: 1.0}), column(60, 90, NAN))


def test_without_an_entry_age_no_cohort_is_known() -> None:
    assert np.isnan(birth_cohorts(column(30, 60), {})).all()


# Months ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("age", "cutoff", "ends", "expected"),
    [
        (6, (8, 31), (12, 31), {6: 8 / 12, 7: 4 / 12}),  # Beijing: ω₆ = 2/3, ω₇ = 1/3
        (4, (8, 31), (6, 30), {4: 10 / 12, 3: 2 / 12}),  # English births years: ω₄ = 5/6, ω₃ = 1/6
        (6, (12, 31), (12, 31), {6: 1.0}),
        (6, (9, 1), (12, 31), {6: 8 / 12, 7: 4 / 12}),  # the nearest month end is that of August
        (0, (12, 31), (6, 30), {0: 0.5, -1: 0.5}),
    ],
)
def test_weights_of_a_cohort(
    age: int, cutoff: tuple[int, int], ends: tuple[int, int], expected: dict[int, float]
) -> None:
    assert entry_weights(age, cutoff, ends) == pytest.approx(expected, rel=1e-15)


def last_day(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def counted(cutoff: int, ends: int) -> Counter[int]:
    """Count months of birth by date: who is 6 by the cut-off of 2020 and was not by that of 2019,
    and the births year (named by the calendar year in which it ends) in which each was born."""
    found: Counter[int] = Counter()
    for year in range(2010, 2021):
        for month in range(1, 13):
            if last_day(2013, cutoff) < last_day(year, month) <= last_day(2014, cutoff):
                found[2020 - (year if month <= ends else year + 1)] += 1
    return found


def test_weights_follow_the_calendar_for_every_month() -> None:
    for cutoff, ends in product(range(1, 13), repeat=2):
        day = last_day(2013, cutoff).day, last_day(2013, ends).day
        found = entry_weights(6, (cutoff, day[0]), (ends, day[1]))
        months = counted(cutoff, ends)
        assert found == {lag: many / 12 for lag, many in months.items()}, (cutoff, ends)
        assert sum(found.values()) == pytest.approx(1.0, rel=1e-15), (cutoff, ends)
