"""Quantiles of draws."""

from __future__ import annotations

import math

import numpy as np

from capacity.base.axes import Floats
from capacity.model.draws.streams import Singles


def quantiles(draws: Singles, shares: tuple[float, ...]) -> Floats:
    """Quantiles along the last axis, between neighbours by straight lines: ``(share, …)``."""
    return between(neighbours(draws, shares), shares, draws.shape[-1])


def neighbours(draws: Singles, shares: tuple[float, ...]) -> Floats:
    """Values on both sides of each quantile, ``(side, share, …)``.

    Sorting rows in single precision is faster here than partitioning them.
    """
    ordered = np.sort(draws, axis=-1)
    last = ordered.shape[-1] - 1
    below = [int(share * last) for share in shares]
    sides = [ordered[..., [min(at + side, last) for at in below]] for side in (0, 1)]
    return np.moveaxis(np.array(sides, np.float64), -1, 1)


def between(sides: Floats, shares: tuple[float, ...], draws: int) -> Floats:
    """Quantiles between their neighbours, ``(share, …)``, by straight lines."""
    low, high = sides
    last = draws - 1
    parts = np.array([share * last - int(share * last) for share in shares])
    return np.asarray(low + parts.reshape(-1, *[1] * (low.ndim - 1)) * (high - low))


def sufficing(ordered: Singles, share: float) -> Singles:
    """Return the least value that a share of the draws does not exceed; draws last, sorted."""
    last = ordered.shape[-1] - 1
    return ordered[..., min(max(math.ceil(share * (last + 1)) - 1, 0), last)]
