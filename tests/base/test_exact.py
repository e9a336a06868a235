"""Exact functions against the standard library's, on any number and at the edges."""

from __future__ import annotations

import math
from hashlib import sha256
from statistics import NormalDist

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import exp, exp_in_place, log, normal_quantile, power, weighted_sum

#: Two last bits, and what single precision may stray.
NEAR, SINGLE = 2.0**-51, 2e-7
POSITIVE = st.floats(5e-324, 1.7e308)


@given(st.floats(-707.0, 709.0))
def test_exp_is_right_within_two_last_bits(x: float) -> None:
    assert float(exp(x)) == pytest.approx(math.exp(x), rel=NEAR, abs=0.0)


@given(POSITIVE | st.floats(0.5, 2.0))
def test_log_is_right_within_two_last_bits(x: float) -> None:
    assert float(log(x)) == pytest.approx(math.log(x), rel=NEAR, abs=0.0)


@pytest.mark.filterwarnings("error")
def test_edges_of_exp_and_log() -> None:
    assert exp([0.0, -0.0, 1e9, math.inf, -1e9, -math.inf]).tolist() == [
        1,
        1,
        *[math.inf] * 2,
        0,
        0,
    ]
    assert exp([-745.0, -708.9]) == pytest.approx([math.exp(-745.0), math.exp(-708.9)], rel=1e-12)
    assert np.isnan(exp([math.nan, 0.0])).tolist() == [True, False]
    assert log([1.0, 0.0, -0.0, math.inf]).tolist() == [0.0, -math.inf, -math.inf, math.inf]
    assert np.isnan(log([-1.0, -math.inf, math.nan, 2.0])).tolist() == [True, True, True, False]
    assert log(np.zeros((2, 0))).shape == exp(np.zeros((2, 0))).shape == (2, 0)


@given(st.lists(st.floats(-20.0, 20.0, width=32), max_size=50))
def test_exp_in_place_is_right_in_single_precision(x: list[float]) -> None:
    numbers = np.array(x, np.float32)
    exp_in_place(numbers)
    assert numbers.tolist() == pytest.approx([math.exp(each) for each in x], rel=SINGLE, abs=0.0)


@pytest.mark.filterwarnings("error")
def test_exp_in_place_takes_any_shape_and_stays_beyond_its_reach() -> None:
    x = np.linspace(-0.5, 0.5, 3 * 7 * 2048 + 1, dtype=np.float32)[1:].reshape(3, 7, 2048)
    numbers = x.copy()
    exp_in_place(numbers)
    np.testing.assert_allclose(numbers, np.exp(x.astype(float)), rtol=SINGLE)
    edges = np.array([0.0, -0.0, 20.0, 25.0, 1e30, -20.0, -6145.0, -1e30], np.float32)
    exp_in_place(edges)
    assert edges[:2].tolist() == [1.0, 1.0]
    assert edges[2:5] == pytest.approx(math.exp(20.0), rel=1e-3)
    assert edges[5:] == pytest.approx(math.exp(-20.0), rel=1e-3)
    with pytest.raises(ValueError, match="one piece"):
        exp_in_place(np.zeros((4, 4), np.float32)[:, :2])


@given(st.floats(-3.0, 3.0), st.integers(0, 40))
def test_a_power_is_the_product(base: float, exponent: int) -> None:
    assert float(power(base, exponent)) == pytest.approx(base**exponent, rel=1e-14)


def test_a_power_of_many_exponents_at_once() -> None:
    assert power(0.5, np.arange(3.0, -2.0, -1.0)).tolist() == [0.125, 0.25, 0.5, 1.0, 2.0]
    assert power([[2.0], [0.0]], [0, 1, 3]).tolist() == [[1.0, 2.0, 8.0], [1.0, 0.0, 0.0]]
    with pytest.raises(ValueError, match="whole"):
        power(2.0, [0.5])


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9), st.floats(-9, 9)), min_size=1))
def test_a_weighted_sum_adds_in_order(rows: list[tuple[float, float, float]]) -> None:
    expected = [0.0, 0.0]
    for weight, *parts in rows:
        expected = [total + weight * part for total, part in zip(expected, parts, strict=True)]
    weights, *parts = np.array(rows).T
    assert weighted_sum(weights, np.transpose(parts)).tolist() == expected


def test_a_weighted_sum_takes_weights_of_many_sums_at_once() -> None:
    weights, parts = np.float32([[1, 2, 3], [4, 5, 6]]), np.float32([[1, -1], [2, 0]])
    found = weighted_sum(weights[:, :, None], parts[:, None])
    assert (found.tolist(), found.dtype) == ([[9, -1], [12, -2], [15, -3]], np.float32)
    assert weighted_sum([2], [[3]]).dtype == np.float64


@given(st.floats(0.0, 1.0, exclude_min=True, exclude_max=True))
def test_normal_quantiles_are_those_of_the_standard_library(probability: float) -> None:
    expected = NormalDist().inv_cdf(probability)
    assert normal_quantile(probability) == pytest.approx(expected, rel=1e-12, abs=1e-14)


@pytest.mark.parametrize("probability", [0.0, 1.0, -0.1, math.nan])
def test_there_are_no_quantiles_of_certainty(probability: float) -> None:
    with pytest.raises(ValueError, match="between"):
        normal_quantile(probability)


def hashed(numbers: np.ndarray) -> str:
    little = numbers.astype(numbers.dtype.newbyteorder("<"))
    return sha256(little.tobytes()).hexdigest()[:16]


def test_the_bits_themselves_stay() -> None:
    """Known values: a run written down on one processor is drawn again on another."""
    steps = np.arange(-7000, 7001) / 10.0
    singles = np.arange(-20_000, 20_001, dtype=np.float32) / np.float32(1024.0)
    exp_in_place(singles)
    shares = [normal_quantile(share / 1000.0) for share in range(1, 1000)]
    found = [exp(steps), log(np.arange(1, 14_001) / 700.0), power(0.83, np.arange(-40, 41)),
             singles, np.array(shares)]  # fmt: skip
    assert [hashed(each) for each in found] == [
        "c07c6f4fdec94790",
        "7c83d4371f08686d",
        "c97182eb21cd300c",
        "efe128349bcc40d1",
        "7b3abef0d1f097f5",
    ]
