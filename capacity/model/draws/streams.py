"""Blocks of draws: their streams of random numbers, and the tables that they draw from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from math import prod
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Floats
from capacity.base.exact import exp, log
from capacity.model.assumptions import RESIDUAL_LIMIT

Item = TypeVar("Item")
Found = TypeVar("Found")
#: Draws of a block. A block is always drawn whole, so that fewer draws are a prefix of more.
BLOCK = 1024
#: Draws are kept in single precision: a place in 10 million.
Singles = NDArray[np.float32]
SINGLE = np.float32
#: Quarters of random words.
Words = NDArray[np.uint16]
#: Values of a table, each drawn by 16 random bits.
VALUES = 2**16
#: Quarters of a random word, seeds that one part of entropy holds, names whose keys are kept.
_QUARTERS, _WORD, _NAMES = 4, 2**32, 1 << 12
#: Values that are looked up at a time, so that their places stay in the nearest memory.
_CHUNK = 1 << 16
#: Standard deviations that the table of normals covers; one in 65,536 lies beyond 4.2.
_FARTHEST = 6.0


def stream(seed: int, component: str, code: str, block: int) -> np.random.PCG64DXSM:
    """Return the stream of a component of chance, for one area (or other code) and block.

    Parameters
    ----------
    seed
        Of the run.
    component
        What is drawn, for example ``cell``.
    code
        Whom it is about: an area, a project; "" for what all share.
    block
        Number of the block of `BLOCK` draws, from 0.
    """
    key = [seed, *_named(component, code), block]
    # Small numbers in an array give the same seed as in a list, in less time.
    entropy = np.array(key, np.uint32) if seed < _WORD else key
    return np.random.PCG64DXSM(np.random.SeedSequence(entropy))


@lru_cache(_NAMES)
def _named(component: str, code: str) -> tuple[int, ...]:
    named = hashlib.sha256(f"{component}\x1f{code}".encode()).digest()
    return tuple(np.frombuffer(named[:16], dtype="<u4").tolist())


@dataclass(frozen=True)
class Block:
    """Blocks of draws of one run, of which each has streams of its own.

    Attributes
    ----------
    seed : int
    number : int
        Of the first.
    years : int
        Years ahead.
    count : int
        How many, one after another.
    """

    seed: int
    number: int
    years: int
    count: int = 1

    @property
    def draws(self) -> int:
        """How many draws they are."""
        return BLOCK * self.count

    def draw(
        self,
        table: Singles,
        component: str,
        code: str = "",
        *,
        shape: tuple[int, ...] = (),
        after: int = 0,
    ) -> Singles:
        """Draw values of a table, ``(*shape, draw)``, each by a quarter of a random word.

        Parameters
        ----------
        table, component, code
        shape
        after
            Values of each draw that are passed over.
        """
        found = self.draw_each(table, component, [code], shape=shape, after=after)
        return np.asarray(found[0])

    def draw_each(
        self,
        table: Singles,
        component: str,
        codes: Sequence[str],
        *,
        shape: tuple[int, ...] = (),
        after: int = 0,
        out: Singles | None = None,
    ) -> Singles:
        """Draw what `draw` gives for each of some codes, ``(code, *shape, draw)``.

        Into ``out``, if given, of which the values of a code and of one place on the first axis of
        the shape are one piece of memory.
        """
        size, found = prod(shape), (len(codes), *shape, self.draws)
        words = np.empty((len(codes), size, self.count, BLOCK), "<u2")
        for of_code, code in zip(words, codes, strict=True):
            for at in range(self.count):
                one = stream(self.seed, component, code, self.number + at)
                of_code[:, at] = _words(one, size * BLOCK, after * BLOCK).reshape(size, BLOCK)
        if out is None:
            values = np.empty(found, SINGLE)
            _look_up(table, words.reshape(-1), values.reshape(-1))
            return values
        for of_code, into in zip(words.reshape(*found[:2], prod(found[2:])), out, strict=True):
            for own, values in zip(of_code, into, strict=True):
                _look_up(table, own, values.reshape(-1))
        return out


def blocks(draws: int, seed: int, years: int, together: int = 1) -> Iterator[tuple[Block, slice]]:
    """Yield the blocks that draws need, so many together, and where the draws of each stand."""
    number = -(-draws // BLOCK)
    for first in range(0, number, together):
        block = Block(seed, first, years, min(together, number - first))
        yield block, slice(first * BLOCK, min(first * BLOCK + block.draws, draws))


def each(task: Callable[[Item], Found], items: Iterable[Item], workers: int) -> list[Found]:
    """Do a task for each item, in so many threads; without any where there is nothing to share."""
    several = list(items)
    if workers == 1 or len(several) < 2:
        return list(map(task, several))
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(task, several))


def _words(bits: np.random.PCG64DXSM, count: int, after: int) -> Words:
    """Return so many quarters of random words, after some that are passed over."""
    if after:
        bits.advance(after // _QUARTERS)
    return bits.random_raw(-(-count // _QUARTERS)).astype("<u8", copy=False).view("<u2")[:count]


def _look_up(table: Singles, words: Words, values: Singles) -> None:
    """Look values of a table up."""
    places = np.empty(min(_CHUNK, len(words)), np.intp)
    for start in range(0, len(words), _CHUNK):
        part = words[start : start + _CHUNK]
        at = places[: len(part)]
        np.copyto(at, part)
        table.take(at, out=values[start : start + _CHUNK], mode="clip")


@cache
def students(freedom: float) -> Singles:
    """Student's t; with ``x = √ν·tan θ`` the density of θ is ``cos(θ)^(ν−1)``.

    Values beyond `RESIDUAL_LIMIT` are set to it.
    With ``h = tan(θ/2)``, from −1 to 1, tangent, cosine and ``dθ = 2 dh ÷ (1 + h²)`` are fractions.
    """
    half = np.linspace(-1.0, 1.0, 2 * VALUES + 1)
    cosine = (1.0 - half * half) / (1.0 + half * half)
    halves = _quantiles(half, exp((freedom - 1.0) * log(cosine)) / (1.0 + half * half))
    found = np.sqrt(freedom) * 2.0 * halves / (1.0 - halves * halves)
    limit = RESIDUAL_LIMIT.value
    return np.asarray(np.clip(found, -limit, limit), SINGLE)


@cache
def normals() -> Singles:
    """Return the table of the standard normal distribution."""
    at = np.linspace(-_FARTHEST, _FARTHEST, 2 * VALUES + 1)
    return np.asarray(_quantiles(at, exp(-0.5 * at * at)), SINGLE)


def pooled(residuals: Singles) -> Singles:
    """Return a table of measured residuals, each as often as any other; normal where there is none.

    In order, so that where the table does not hold each equally often its neighbour makes up.
    """
    if not len(residuals):
        return normals()
    at = (2 * np.arange(VALUES) + 1) * len(residuals) // (2 * VALUES)
    return np.asarray(np.sort(residuals)[at])


@dataclass(frozen=True, eq=False)
class Cumulant(Arrays):
    """Cumulants of a table: ``K(s) = ln mean e^(s·v)`` over its values v.

    Between the points of a grid ``(K(s) − s·mean v) ÷ s²`` goes by straight lines, from half the
    variance at 0. What is drawn with a coefficient s less K(s) has an exponential of mean 1.

    Attributes
    ----------
    mean
    bent : (point)
        At `_POINTS` points from 0 to `_WIDEST`.
    """

    mean: float
    bent: Floats

    def of(self, coefficient: Floats) -> Floats:
        """Return K of coefficients, none below 0; beyond the grid its last bend holds."""
        place = np.minimum(coefficient * ((_POINTS - 1) / _WIDEST), _POINTS - 1.0)
        below = np.minimum(place.astype(np.int64), _POINTS - 2)
        low, high = self.bent[below], self.bent[below + 1]
        bent = low + (place - below) * (high - low)
        return np.asarray(coefficient * self.mean + coefficient * coefficient * bent)


#: Largest coefficient of the grid, and its points.
_WIDEST, _POINTS = 4.0, 33


def cumulant(table: Singles) -> Cumulant:
    """Return the cumulants of a table."""
    single, count = np.unique(table, return_counts=True)
    values, often = single.astype(np.float64), count / len(table)
    mean = float((values * often).sum())
    away, step = values - mean, _WIDEST / (_POINTS - 1)
    bent = [0.5 * float((away * away * often).sum())]
    one = exp(step * away)
    grown = often.copy()
    for point in range(1, _POINTS):  # from point to point it grows by the same factor
        grown *= one
        at = step * point
        bent.append(float(log(grown.sum())) / (at * at))
    return Cumulant(mean, np.array(bent))


@cache
def student_cumulant(freedom: float) -> Cumulant:
    """Return that of `students`."""
    return cumulant(students(freedom))


@cache
def normal_cumulant() -> Cumulant:
    """Return that of `normals`."""
    return cumulant(normals())


def cumulant_of(residuals: Singles) -> Cumulant:
    """Return that of `pooled`."""
    return cumulant(pooled(residuals)) if len(residuals) else normal_cumulant()


def _quantiles(at: Floats, density: Floats) -> Floats:
    """Values in the middle of `VALUES` equally probable parts, of a density on an even grid."""
    below = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    wanted = (np.arange(VALUES) + 0.5) / VALUES * below[-1]
    after = np.searchsorted(below, wanted, side="right")
    start, least = at[after - 1], below[after - 1]
    share = (wanted - least) / (below[after] - least)
    return np.asarray(start + share * (at[after] - start))
