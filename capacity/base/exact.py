"""Exponentials, logarithms, powers and weighted sums with the same bits on every processor.

Libraries choose their code by the processor that they find, and the last bit of ``exp``, ``log``
or a matrix product goes with the choice. Here all is made of what IEEE 754 rounds in one way
everywhere (+ − × ÷, square root, rounding to whole numbers, exponent bits) in a fixed order.
"""

from __future__ import annotations

import math
from functools import cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from capacity.base.axes import Floats

#: ln 2 in two parts: the first has so few digits that multiples of it are exact.
_LN2_HIGH, _LN2_LOW = float.fromhex("0x1.62e42fee00000p-1"), float.fromhex("0x1.a39ef35793c76p-33")
#: Steps of a table of 2^x within 1, and how far x may go for `exp` to be neither 0 nor infinite.
_BITS = 6
_STEPS = 1 << _BITS
_LOWEST, _HIGHEST = -746.0, 710.0
#: Terms of the series of `exp` within half a step, and of `log` within √½ … √2.
_EXP = tuple(1.0 / math.factorial(n) for n in range(5, 0, -1))
_LOG = tuple(2.0 / (2 * n + 1) for n in range(11, 0, -1))
_SQRT_HALF = math.sqrt(0.5)

#: Single precision: steps of the table within 1, and its reach either way.
_FINE, _REACH = 2048, 20
#: A number whose last bit is worth a step, so that adding it rounds to whole steps.
_ROUNDING = np.array(1.5 * 2.0**23 / _FINE, np.float32)
_FIRST = np.array(int(_ROUNDING.view(np.int32)) - _REACH * _FINE, np.intp)
#: Numbers worked on at a time, so that they stay in the nearest memory.
_CHUNK = 1 << 16


def exp(x: ArrayLike) -> Floats:
    """Return e to the power of ``x``, within 2 last bits; exactly 1 at 0.

    >>> float(exp(1.0)), float(exp(0.0)), float(exp(-1e9)), float(exp(1e9))
    (2.718281828459045, 1.0, 0.0, inf)
    """
    x = np.asarray(x, np.float64)
    near = np.clip(np.where(np.isnan(x), 0.0, x), _LOWEST, _HIGHEST)
    steps = np.rint(near * (_STEPS / (_LN2_HIGH + _LN2_LOW)))
    rest = near - steps * (_LN2_HIGH / _STEPS) - steps * (_LN2_LOW / _STEPS)
    whole = steps.astype(np.int32)
    part = _roots_of_2().take(whole & (_STEPS - 1))
    with np.errstate(over="ignore", under="ignore"):
        found = np.ldexp(part + part * (_horner(_EXP, rest) * rest), whole >> _BITS)
    return np.asarray(np.where(np.isnan(x), x, found))


def log(x: ArrayLike) -> Floats:
    """Return the natural logarithm of ``x``, within 2 last bits; −∞ of 0, nan below it.

    >>> float(log(1.0)), float(log(0.0)), float(log(10.0))
    (0.0, -inf, 2.302585092994046)
    """
    x = np.asarray(x, np.float64)
    inside = (x > 0.0) & (x < np.inf)
    mantissa, exponent = np.frexp(np.where(inside, x, 1.0))
    low = mantissa < _SQRT_HALF
    away = np.where(low, 2.0 * mantissa, mantissa) - 1.0
    twos = exponent - low
    # log(1 + f) = f − (f²/2 − s·(f²/2 + R)), s = f ÷ (2 + f), R the series of 2·artanh(s) beyond 2s
    ratio, half = away / (2.0 + away), 0.5 * away * away
    square = ratio * ratio
    series = _horner(_LOG, square) * square
    bent = half - (ratio * (half + series) + twos * _LN2_LOW)
    outside = np.where(x == 0.0, -np.inf, np.where(x > 0.0, x, np.nan))
    return np.asarray(np.where(inside, twos * _LN2_HIGH - (bent - away), outside))


def exp_in_place(x: NDArray[np.float32]) -> None:
    """Turn single-precision numbers into e to their power, within 2e-7; exactly 1 at 0.

    Beyond ±20 it stays as it is there. The array is one piece of memory.
    """
    if not x.flags.c_contiguous:
        raise ValueError("exp_in_place needs an array in one piece")
    table, numbers = _singles(), x.reshape(-1)
    size = min(_CHUNK, len(numbers))
    floats, places = np.empty((2, size), np.float32), np.empty(size, np.intp)
    for start in range(0, len(numbers), _CHUNK):
        rest = numbers[start : start + _CHUNK]
        (near, there), at = floats[:, : len(rest)], places[: len(rest)]
        np.add(rest, _ROUNDING, out=near)
        np.copyto(at, near.view(np.int32))
        at -= _FIRST
        np.take(table, at, out=there, mode="clip")
        near -= _ROUNDING
        rest -= near
        rest *= there
        rest += there


def power(base: ArrayLike, exponents: ArrayLike) -> Floats:
    """Return ``base`` to whole exponents, by multiplication.

    >>> power(0.5, [0, 1, 2, -1]).tolist()
    [1.0, 0.5, 0.25, 2.0]
    """
    whole = np.asarray(exponents).astype(np.int64)
    if not np.array_equal(whole, exponents):
        raise ValueError("exponents must be whole")
    factor, left = np.asarray(base, np.float64), np.abs(whole)
    found = np.ones(np.broadcast_shapes(factor.shape, whole.shape))
    while left.any():
        found = np.where(left % 2, found * factor, found)
        left = left // 2
        factor = factor * factor if left.any() else factor
    with np.errstate(divide="ignore"):
        return np.where(whole < 0, 1.0 / found, found)


def weighted_sum(weights: ArrayLike, parts: ArrayLike) -> Floats:
    """Add the parts, each times its weight, in their order: the first axis of both.

    >>> float(weighted_sum([0.5, 2.0], [4.0, 3.0]))
    8.0
    """
    weights, parts = np.asarray(weights), np.asarray(parts)
    shape = np.broadcast_shapes(weights.shape[1:], parts.shape[1:])
    total = np.zeros(shape, np.result_type(weights.dtype, parts.dtype, np.float32))
    for weight, part in zip(weights, parts, strict=True):
        total += weight * part
    return total


def normal_quantile(probability: float) -> float:
    """Return the standard normal value that is below with a probability, strictly in 0 … 1.

    Wichura (1988), Applied Statistics 37: 477–484, algorithm AS 241 (PPND16).

    >>> round(normal_quantile(0.975), 12), normal_quantile(0.5)
    (1.95996398454, 0.0)
    """
    if not 0.0 < probability < 1.0:
        raise ValueError("a probability lies between 0 and 1")
    middle = probability - 0.5
    if abs(middle) <= 0.425:
        square = 0.180625 - middle * middle
        return _ratio(_MIDDLE, square) * middle
    tail = math.sqrt(-float(log(min(probability, 1.0 - probability))))
    found = _ratio(_NEAR, tail - 1.6) if tail <= 5.0 else _ratio(_FAR, tail - 5.0)
    return found if middle > 0.0 else -found


def _horner(terms: tuple[float, ...], x: Floats) -> Floats:
    """Return the polynomial of ``x``, the highest term first."""
    found = np.full_like(x, terms[0])
    for term in terms[1:]:
        found *= x
        found += term
    return found


def _ratio(terms: tuple[tuple[float, ...], tuple[float, ...]], x: float) -> float:
    """Return one polynomial over another."""
    above, below = (float(_horner(each, np.asarray(x))) for each in terms)
    return above / below


@cache
def _roots_of_2() -> Floats:
    """2^(n/64) for n = 0 … 63: six square roots of a whole number, so exact but for rounding."""
    digits, found = 64, []
    for step in range(_STEPS):
        root = 1 << (step + digits * _STEPS)
        for _ in range(_BITS):
            root = math.isqrt(root)
        found.append(root / (1 << digits))
    return np.array(found)


@cache
def _singles() -> NDArray[np.float32]:
    """e^(n/2048) up to ±20, each the product of a coarse step and the fine ones beyond it."""
    coarse, fine = exp(np.arange(-_REACH * 32, _REACH * 32 + 1) / 32), exp(np.arange(64) / _FINE)
    return np.multiply.outer(coarse, fine).reshape(-1)[:-63].astype(np.float32)


#: Coefficients of AS 241, above and below the line, the highest power first.
_MIDDLE = (
    (
        2.5090809287301226727e3,
        3.3430575583588128105e4,
        6.7265770927008700853e4,
        4.5921953931549871457e4,
        1.3731693765509461125e4,
        1.9715909503065514427e3,
        1.3314166789178437745e2,
        3.3871328727963666080e0,
    ),
    (
        5.2264952788528545610e3,
        2.8729085735721942674e4,
        3.9307895800092710610e4,
        2.1213794301586595867e4,
        5.3941960214247511077e3,
        6.8718700749205790830e2,
        4.2313330701600911252e1,
        1.0,
    ),
)
_NEAR = (
    (
        7.74545014278341407640e-4,
        2.27238449892691845833e-2,
        2.41780725177450611770e-1,
        1.27045825245236838258e0,
        3.64784832476320460504e0,
        5.76949722146069140550e0,
        4.63033784615654529590e0,
        1.42343711074968357734e0,
    ),
    (
        1.05075007164441684324e-9,
        5.47593808499534494600e-4,
        1.51986665636164571966e-2,
        1.48103976427480074590e-1,
        6.89767334985100004550e-1,
        1.67638483018380384940e0,
        2.05319162663775882187e0,
        1.0,
    ),
)
_FAR = (
    (
        2.01033439929228813265e-7,
        2.71155556874348757815e-5,
        1.24266094738807843860e-3,
        2.65321895265761230930e-2,
        2.96560571828504891230e-1,
        1.78482653991729133580e0,
        5.46378491116411436990e0,
        6.65790464350110377720e0,
    ),
    (
        2.04426310338993978564e-15,
        1.42151175831644588870e-7,
        1.84631831751005468180e-5,
        7.86869131145613259100e-4,
        1.48753612908506148525e-2,
        1.36929880922735805310e-1,
        5.99832206555887937690e-1,
        1.0,
    ),
)
