"""Ratios from history: against figures worked by hand, and what they leave out."""

from __future__ import annotations

import itertools
import statistics
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.model import METHODS, Past, came_from, mean, pooled, spell
from tests.worlds import arrays, same_bits, whole

NAN = np.nan


def test_mean_and_pooled_by_hand() -> None:
    """A cohort of 100, 200 and 50 the year before becomes 90, 220 and 55:

    mean of .9, 1.1 and 1.1 = 3.1 / 3; pooled (90 + 220 + 55) / (100 + 200 + 50) = 365 / 350.
    """
    base, into = np.array([1000.0, 100, 200, 50]), np.array([1.0, 90, 220, 55])
    three, two = (np.arange(4) >= first for first in (1, 2))
    assert mean(into, base, three) == pytest.approx(3.1 / 3, rel=1e-15)
    assert pooled(into, base, three) == pytest.approx(365 / 350, rel=1e-15)
    assert mean(into, base, two) == pytest.approx(1.1, rel=1e-15)
    assert pooled(into, base, two) == pytest.approx(275 / 250, rel=1e-15)


def test_years_without_both_counts_or_with_a_base_of_none_do_not_count() -> None:
    into, base = np.array([80.0, NAN, 5, 90]), np.array([100.0, 100, 0, NAN])
    past = Past.of(into, base, np.zeros(4))
    assert past.counts.tolist() == [True, False, False, False]
    for method in METHODS.values():
        assert method(into, base, past.counts) == pytest.approx(0.8)


def test_a_window_is_of_years_that_count() -> None:
    """Unknown and flagged years use up no window."""
    into, base = np.array([[50.0], [80], [NAN], [90]]), np.full((4, 1), 100.0)
    past = Past.of(into, base, base)
    assert past.window(2)[:, 0].tolist() == [False, True, False, True]
    assert past.memory(2)[:, 0].tolist() == [False, False, False, True]


@pytest.mark.parametrize("method", METHODS.values())
def test_no_year_left_gives_no_ratio(method: Any) -> None:
    found = method(np.array([[5.0, 5]]), np.array([[0.0, NAN]]), np.zeros((1, 2), dtype=bool))
    assert np.isnan(found).all()


@given(arrays((3, 4), whole(1, 90)), st.integers(-8, 8), st.sampled_from(sorted(METHODS)))
def test_i08_ratios_do_not_depend_on_size(base: np.ndarray, power: int, name: str) -> None:
    into, every = base[::-1].copy(), np.ones((3, 4), dtype=bool)
    found = METHODS[name](into, base, every)
    same_bits(found, METHODS[name](into * 2.0**power, base * 2.0**power, every))


@given(arrays((4, 3), whole(1, 90)), st.sampled_from(sorted(METHODS)))
def test_one_ratio_in_all_years_is_found_again(base: np.ndarray, name: str) -> None:
    found = METHODS[name](base * 1.25, base, np.ones((4, 3), dtype=bool))
    np.testing.assert_allclose(found, 1.25, rtol=1e-15)


@given(arrays((4, 3), whole(0, 90)), arrays((4, 3), whole(1, 90)))
def test_both_methods_stay_within_the_yearly_ratios(into: np.ndarray, base: np.ndarray) -> None:
    yearly = into / base
    for method in METHODS.values():
        found = method(into, base, np.ones((4, 3), dtype=bool))
        assert (found >= yearly.min(axis=0) - 1e-12).all()
        assert (found <= yearly.max(axis=0) + 1e-12).all()


def test_pupils_come_from_one_grade_lower_a_year_before() -> None:
    pupils = np.arange(12.0).reshape(2, 2, 3)  # two years, two areas, three grades
    found = came_from(pupils)
    assert np.isnan(found[0]).all()
    assert np.isnan(found[:, :, 0]).all()
    same_bits(found[1, :, 1:], pupils[0, :, :2])


def test_a_first_year_without_anybody_of_many_is_a_closing() -> None:
    """A hundred are missing at once, though no year before tells of a school."""
    none, few = (Past.of(np.zeros(1), np.array([one]), np.array([one])) for one in (100.0, 9.0))
    assert none.closed
    assert not few.closed


# What a ratio rests on --------------------------------------------------------------------------


@pytest.mark.parametrize("used", list(itertools.product([False, True], repeat=4)))
def test_a_spell_tells_of_its_years(used: tuple[bool, ...]) -> None:
    """How many, the first, the last, and how far they lie apart; of one year alone too."""
    ratio = np.array([0.9, 1.3, 0.2, 1.0])
    found = spell(np.where(used, ratio, NAN)[:, None], np.array(used)[:, None])
    at = [year for year, some in enumerate(used) if some]
    expected = (len(at), at[0], at[-1]) if at else (0, -1, -1)
    assert (found.years[0], found.first[0], found.last[0]) == expected
    if len(at) > 1:
        assert found.sd[0] == pytest.approx(statistics.stdev(ratio[at]), rel=1e-12)
    else:
        assert np.isnan(found.sd[0])
