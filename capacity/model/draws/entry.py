"""First grades in draws: early warnings, and the ranges of entrants and of classes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.base.settings import QUANTILES
from capacity.model.data import Bands
from capacity.model.draws.ranges import between, neighbours, ranked, share_of, sufficing
from capacity.model.draws.streams import SINGLE, Singles
from capacity.model.rows import classes, reached

#: What of a class may be rounding: single precision holds seven digits.
ROUNDING = 1e-4
ENTRANTS, ROOMS, CLASSES, SIZE = "entrants", "rooms", "classes", "class_size"


def whole_classes(entrants: Singles, class_size: Floats) -> Singles:
    """Whole classes that seat entrants, ``(horizon, region, level, draw)``."""
    return np.asarray(classes(entrants, class_size.astype(SINGLE), ROUNDING), SINGLE)


def entry_columns(cells: Mapping[str, Singles], holds: Bools, bands: Bands) -> dict[str, Floats]:
    """Return what draws say of first grades, by column, each ``(horizon, region row, level)``.

    Parameters
    ----------
    cells : dict
        `ENTRANTS`, `ROOMS` (entry places less those that are kept free) and, of sums, `CLASSES`,
        of single regions `SIZE` (pupils a class), each ``(horizon, region row, level, draw)``; the
        draw axis of rooms may have length 1, that of sizes has.
    holds : (region row, level)
        Where a row is short by itself; elsewhere no warning is given.
    bands

    Returns
    -------
    dict
        Quantiles of entrants, between neighbours by straight lines; of classes the fewest whole
        ones that suffice in such a share of the draws; the share in each early-warning band.
    """
    entrants, shares = cells[ENTRANTS], tuple(QUANTILES.values())
    sides = neighbours(entrants, shares)
    found = between(sides, shares, entrants.shape[-1])
    columns = {f"{ENTRANTS}_{label}": of for label, of in zip(QUANTILES, found, strict=True)}
    needed = _sufficing(cells, sides, shares)
    columns |= {f"{CLASSES}_{label}": of for label, of in zip(QUANTILES, needed, strict=True)}
    yellow, red = _bands(entrants, cells[ROOMS], holds, bands)
    return columns | {"prob_yellow": yellow, "prob_red": red}


def _sufficing(cells: Mapping[str, Singles], sides: Floats, shares: Sequence[float]) -> Floats:
    """Fewest classes that suffice in shares of the draws, ``(share, horizon, region row, level)``.

    ``sides`` are the entrants on both sides of each quantile: a region's classes follow from them.
    """
    draws = cells[ENTRANTS].shape[-1]
    ranks = [sufficing(draws, share) for share in shares]
    if SIZE not in cells:
        return np.moveaxis(ranked(cells[CLASSES], ranks), -1, 0).astype(np.float64)
    side = [rank - int(share * (draws - 1)) for rank, share in zip(ranks, shares, strict=True)]
    heads = sides[side, range(len(shares))].astype(SINGLE)
    return whole_classes(heads, cells[SIZE][..., 0]).astype(np.float64)


def _bands(entrants: Singles, rooms: Singles, holds: Bools, bands: Bands) -> tuple[Floats, Floats]:
    """Share of the draws in 黄, and in 红."""
    yellow, red = reached(entrants, rooms, bands)
    shares = np.stack([share_of(yellow & ~red), share_of(red)])
    shares[:, np.isnan(rooms[..., 0])] = np.nan
    shares[:, :, ~holds] = np.nan
    low, high = shares
    return low, high
