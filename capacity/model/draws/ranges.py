"""Quantiles of draws."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Bools, Floats
from capacity.model.draws.streams import SINGLE, Singles

#: Draws up to which sorting all is the quickest way to those of some ranks.
FEW = 4096
#: Numbers that are shared out at a time, draws to a bucket, were they spread evenly, and most
#: buckets to a row: all that stand at a time are counted by 16 bits.
_CHUNK, _A_BUCKET, _BUCKETS = 1 << 17, 4, 1 << 15
#: One in so many: where more are in the buckets that hold a rank, sorting all is quicker.
_MANY = 8


def quantiles(draws: Singles, shares: tuple[float, ...]) -> Floats:
    """Quantiles along the last axis, between neighbours by straight lines: ``(share, …)``."""
    return between(neighbours(draws, shares), shares, draws.shape[-1])


def neighbours(draws: Singles, shares: tuple[float, ...]) -> Floats:
    """Values on both sides of each quantile, ``(side, share, …)``."""
    last = draws.shape[-1] - 1
    below = [int(share * last) for share in shares]
    ranks = [min(at + side, last) for side in (0, 1) for at in below]
    found = np.moveaxis(ranked(draws, ranks), -1, 0)
    return np.asarray(found.reshape(2, len(shares), *draws.shape[:-1]), np.float64)


def between(sides: Floats, shares: tuple[float, ...], draws: int) -> Floats:
    """Quantiles between their neighbours, ``(share, …)``, by straight lines."""
    low, high = sides
    last = draws - 1
    parts = np.array([share * last - int(share * last) for share in shares])
    return np.asarray(low + parts.reshape(-1, *[1] * (low.ndim - 1)) * (high - low))


def sufficing(draws: int, share: float) -> int:
    """Rank of the least value that a share of so many draws does not exceed.

    It is one of the two on both sides of the quantile.
    """
    return min(max(math.ceil(share * draws) - 1, 0), draws - 1)


def share_of(marked: Bools) -> Floats:
    """Return the share of the draws, along the last axis, that are marked."""
    rows = marked.reshape(-1, marked.shape[-1])
    count = np.array([np.count_nonzero(row) for row in rows], np.float64)
    return np.asarray(count.reshape(marked.shape[:-1]) / marked.shape[-1])


def ranked(draws: Singles, ranks: Sequence[int]) -> Singles:
    """Return the values that have some ranks along the last axis, from 0: ``(…, rank)``.

    Many draws are shared out to buckets between the least and the greatest, and only buckets that
    hold a rank are sorted.
    """
    count = draws.shape[-1]
    if count <= FEW:
        return np.asarray(np.sort(draws, axis=-1)[..., list(ranks)])
    rows, size = draws.reshape(-1, count), max(_CHUNK // count, 1)
    found = np.empty((len(rows), len(ranks)), SINGLE)
    for first in range(0, len(rows), size):
        found[first : first + size] = _ranked_of_many(rows[first : first + size], np.array(ranks))
    return found.reshape(*draws.shape[:-1], len(ranks))


def _ranked_of_many(rows: Singles, ranks: NDArray[np.intp]) -> Singles:
    """Return what `ranked` does of rows, ``(row, rank)``."""
    buckets = min(rows.shape[1] // _A_BUCKET, _BUCKETS)
    with np.errstate(invalid="ignore", over="ignore", divide="ignore"):
        least = rows.min(axis=1)
        scale = SINGLE(buckets - 1) / (rows.max(axis=1) - least)
    even = np.isfinite(scale) & (scale > 0)
    if even.all():
        place = rows - least[:, None]
        place *= scale[:, None]
        bucket = place.astype(np.uint16)
        bucket += (buckets * np.arange(len(rows))).astype(np.uint16)[:, None]
        return _from_buckets(rows, ranks, bucket, buckets)
    found = np.empty((len(rows), len(ranks)), SINGLE)
    found[~even] = np.sort(rows[~even], axis=1)[:, ranks]  # all alike, empty or endless
    if even.any():
        found[even] = _ranked_of_many(rows[even], ranks)
    return found


def _from_buckets(
    rows: Singles, ranks: NDArray[np.intp], bucket: NDArray[np.uint16], buckets: int
) -> Singles:
    """Sort what stands in the buckets that hold a rank; each row has so many of its own."""
    up_to = np.bincount(bucket.reshape(-1), minlength=buckets * len(rows)).cumsum()
    wanted = rows.shape[1] * np.arange(len(rows))[:, None] + ranks
    holding = np.searchsorted(up_to, wanted, side="right")
    inside = np.zeros(rows.shape, dtype=bool)
    for one in holding.T.astype(np.uint16):
        inside |= bucket == one[:, None]
    many = np.count_nonzero(inside)
    if _MANY * many > rows.size:  # many are alike
        return np.asarray(np.sort(rows, axis=1)[:, ranks])
    order = (bucket[inside].astype(np.int64) << 32) + _in_order(rows[inside])
    order.sort()
    first = np.searchsorted(order, (holding << 32) - (1 << 31))
    before = up_to[holding - 1] * (holding > 0)
    return _in_order(order[first + wanted - before].astype(np.int32)).view(SINGLE)


def _in_order(values: NDArray[np.generic]) -> NDArray[np.int32]:
    """Turn single-precision numbers into whole ones in the same order, and back."""
    bits = values.view(np.int32)
    return np.asarray(bits ^ ((bits >> 31) & 0x7FFFFFFF), np.int32)
