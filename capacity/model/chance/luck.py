"""Shocks of one block of draws: drawn once, kept as factors, the kernel only multiplies.

A shock of a year stays in part: the error of step h is ``ε_h = ξ_h + α·Σ_{j<h} ξ_j``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from capacity.model.assumptions import (
    AREA_PERSISTENCE,
    CELL_PERSISTENCE,
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
)
from capacity.model.chance.spread import Spread
from capacity.model.chance.streams import BLOCK, stream

#: Draws are kept in single precision: a place in 10 million.
Singles = NDArray[np.float32]
SINGLE = np.float32
#: Equally probable parts of a distribution that is drawn from a table.
_QUANTILES = 2**16


@dataclass(frozen=True)
class Block:
    """A block of draws of one run: its number, the seed, and the years ahead."""

    seed: int
    number: int
    years: int

    def of(self, component: str, code: str = "") -> np.random.Generator:
        """Give the stream of a component for a code."""
        return stream(self.seed, component, code, self.number)


def shared(block: Block, spread: Spread, grades: int) -> Singles:
    """Log shocks that all areas share, ``(year ahead, grade, draw)``."""
    shocks = np.empty((block.years, grades, BLOCK), SINGLE)
    common = _students(block.of("common"), spread.freedom, (block.years, BLOCK))
    persist(common, COMMON_PERSISTENCE.value)
    by_grade = _students(block.of("grade"), spread.freedom, (block.years, grades - 1, BLOCK))
    persist(by_grade, COMMON_PERSISTENCE.value)
    np.multiply(by_grade, SINGLE(spread.grade), out=shocks[:, 1:])
    shocks[:, 1:] += (common * SINGLE(spread.common))[:, None]
    entry = _students(block.of("entry"), spread.freedom, (block.years, BLOCK))
    persist(entry, ENTRY_PERSISTENCE.value)
    np.multiply(entry, SINGLE(spread.entry), out=shocks[:, 0])
    return shocks


def factors(
    block: Block, code: str, spread: Spread, sd: Singles, of_area: Singles, common: Singles
) -> Singles:
    """Shocks of one area as factors on its ratios, ``(year ahead, grade, draw)``.

    Parameters
    ----------
    block
    code
        Of the area.
    spread
    sd : (year ahead, grade)
        Standard deviation of each cohort's own shock.
    of_area : (year ahead)
        Of the shock on all grades of the area.
    common : (year ahead, grade, draw)
        From `shared`.
    """
    shocks = np.empty((block.years, sd.shape[1], BLOCK), SINGLE)
    shocks[:, 1:] = _residuals(block.of("cell", code), spread.cell_pool, shocks[:, 1:].shape)
    persist(shocks[:, 1:], CELL_PERSISTENCE.value)
    shocks[:, 0] = _residuals(block.of("first", code), spread.entry_pool, shocks[:, 0].shape)
    persist(shocks[:, :1], ENTRY_PERSISTENCE.value)
    shocks *= sd[:, :, None]
    shocks += common
    if of_area.any():
        area = _residuals(block.of("area", code), spread.area_pool, (block.years, BLOCK))
        persist(area, AREA_PERSISTENCE.value)
        shocks += (area * of_area[:, None])[:, None]
    return np.asarray(np.exp(shocks, out=shocks))


def persist(shocks: Singles, stays: float) -> None:
    """Turn yearly shocks ``(year, …)`` into errors of which a part stays, in place."""
    before = np.zeros(shocks.shape[1:], SINGLE)
    for year, drawn in enumerate(shocks.copy()):
        shocks[year] += before
        before += drawn * SINGLE(stays)


def walk(block: Block, component: str, code: str, years: int) -> Singles:
    """Add standard normal steps up year by year, ``(year, draw)``."""
    steps = block.of(component, code).standard_normal((years, BLOCK), dtype=SINGLE)
    return np.asarray(np.cumsum(steps, axis=0, out=steps))


def _students(generator: np.random.Generator, freedom: float, shape: tuple[int, ...]) -> Singles:
    """Draw Student's t from its quantiles: as even as draws, and twenty times as fast."""
    chosen = generator.integers(0, _QUANTILES, shape, dtype=np.uint16)
    return np.asarray(_quantiles(freedom)[chosen])


@cache
def _quantiles(freedom: float) -> Singles:
    """Quantiles of Student's t in the middle of `_QUANTILES` equally probable parts."""
    return np.asarray(stdtrit(freedom, (np.arange(_QUANTILES) + 0.5) / _QUANTILES), SINGLE)


def _residuals(generator: np.random.Generator, pool: Singles, shape: tuple[int, ...]) -> Singles:
    """Draw standardised residuals from a pool; normal where there is none."""
    if not len(pool):
        return generator.standard_normal(shape, dtype=SINGLE)
    chosen = generator.integers(0, len(pool), shape, dtype=np.uint32)
    return pool[chosen]
