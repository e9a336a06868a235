"""Distributions as tables of equally probable values: as even as draws, and six times as fast."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Floats

#: Draws are kept in single precision: a place in 10 million.
Singles = NDArray[np.float32]
SINGLE = np.float32
#: Values of a table, each drawn by 16 random bits.
VALUES = 2**16
#: Standard deviations that the table of normals covers; one in 65,536 lies beyond 4.2.
_FARTHEST = 6.0


def draw(generator: np.random.Generator, table: Singles, shape: tuple[int, ...]) -> Singles:
    """Draw values of a table into an array."""
    chosen = generator.integers(0, VALUES, shape, dtype=np.uint16)
    return np.asarray(table.take(chosen))


@cache
def students(freedom: float) -> Singles:
    """Student's t; with ``x = √ν·tan θ`` the density of θ is ``cos(θ)^(ν−1)``."""
    angle = np.linspace(-np.pi / 2, np.pi / 2, 2 * VALUES + 1)
    angles = _quantiles(angle, np.maximum(np.cos(angle), 0.0) ** (freedom - 1.0))
    return np.asarray(np.sqrt(freedom) * np.tan(angles), SINGLE)


@cache
def normals() -> Singles:
    """Give the table of the standard normal distribution."""
    at = np.linspace(-_FARTHEST, _FARTHEST, 2 * VALUES + 1)
    return np.asarray(_quantiles(at, np.exp(-0.5 * at**2)), SINGLE)


def pooled(residuals: Singles) -> Singles:
    """Give a table of measured residuals, each as often as any other; normal where there is none.

    In order, so that where the table does not hold each equally often its neighbour makes up.
    """
    if not len(residuals):
        return normals()
    at = (2 * np.arange(VALUES) + 1) * len(residuals) // (2 * VALUES)
    return np.asarray(np.sort(residuals)[at])


def _quantiles(at: Floats, density: Floats) -> Floats:
    """Values in the middle of `VALUES` equally probable parts, of a density on an even grid."""
    below = np.concatenate([[0.0], np.cumsum(density[1:] + density[:-1])])
    wanted = (np.arange(VALUES) + 0.5) / VALUES
    return np.asarray(np.interp(wanted * below[-1], below, at))
