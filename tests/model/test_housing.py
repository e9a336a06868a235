"""Pupils from new homes: signed, and only what the ratios do not hold already."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.model import completed_homes, home_arrivals, usual_homes
from tests.worlds import arrays, hundredths, same_bits, whole

NAN = np.nan


def test_the_usual_year_is_the_mean_of_the_calibration_years_that_have_rows() -> None:
    homes = np.array([[900.0, NAN], [100, NAN], [NAN, NAN], [300, NAN], [700, 50]])
    assert usual_homes(homes, range(1, 4)).tolist() == [200.0, 0.0]


def test_homes_above_the_usual_bring_pupils_in_the_years_after() -> None:
    """100 homes above the usual bring 20 and 10 pupils of the first grade in their first two
    years; 50 homes fewer a year later take 10 and 5 away."""
    homes = np.array([[100.0], [200], [50], [100]])
    per_home = np.array([[0.2, 0.0], [0.1, 0.3]])
    found = home_arrivals(homes, np.array([100.0]), per_home)
    assert found[:, 0, 0] == pytest.approx([0, 20, 10 - 10, -5])
    assert found[:, 0, 1] == pytest.approx([0, 0, 30, -15])


@given(whole(0, 500), arrays((3, 2), hundredths(0, 40)), st.sets(st.integers(0, 5)))
def test_constant_building_at_the_usual_rate_moves_nobody(
    rate: float, per_home: np.ndarray, without_row: set[int]
) -> None:
    homes = np.full((6, 1), rate)
    homes[sorted(without_row)] = NAN
    usually = usual_homes(homes, range(6))
    moved = home_arrivals(completed_homes(homes, usually), usually, per_home)
    same_bits(moved, np.zeros((6, 1, 2)))


@given(arrays((5, 2), whole(0, 90)), arrays((5, 2), whole(0, 90)), arrays((7, 3), hundredths(0, 9)))
def test_i09_arrivals_add_up(one: np.ndarray, other: np.ndarray, per_home: np.ndarray) -> None:
    none = np.zeros(2)
    both = home_arrivals(one + other, none, per_home)
    apart = home_arrivals(one, none, per_home) + home_arrivals(other, none, per_home)
    np.testing.assert_allclose(both, apart, rtol=1e-12, atol=1e-12)


@given(arrays((6, 1), whole(0, 90)), st.integers(0, 5), arrays((4, 2), hundredths(1, 9)))
def test_i12_homes_move_nobody_before_they_stand(
    homes: np.ndarray, year: int, per_home: np.ndarray
) -> None:
    more = homes.copy()
    more[year] += 10.0
    base, found = (home_arrivals(value, np.zeros(1), per_home) for value in (homes, more))
    same_bits(found[:year], base[:year])
    same_bits(found[year + 4 :], base[year + 4 :])
    assert (found[year] > base[year]).all()
