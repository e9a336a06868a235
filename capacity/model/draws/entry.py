"""First grades in draws: early warnings, and the ranges of entrants and of classes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.base.settings import QUANTILES
from capacity.model.data import Bands
from capacity.model.draws.ranges import between, neighbours, sufficing
from capacity.model.draws.streams import SINGLE, Singles
from capacity.model.rows import classes, reached

#: What of a class may be rounding: single precision holds seven digits.
ROUNDING = 1e-4
ENTRANTS, ROOMS, CLASSES = "entrants", "rooms", "classes"


def whole_classes(entrants: Singles, class_size: Floats) -> Singles:
    """Whole classes that seat entrants, ``(horizon, region, level, draw)``."""
    return np.asarray(classes(entrants, class_size.astype(SINGLE), ROUNDING), SINGLE)


def entry_columns(cells: Mapping[str, Singles], holds: Bools, bands: Bands) -> dict[str, Floats]:
    """Return what draws say of first grades, by column, each ``(horizon, region row, level)``.

    Parameters
    ----------
    cells : dict
        `ENTRANTS`, `ROOMS` (entry places less those that are kept free) and `CLASSES`, each
        ``(horizon, region row, level, draw)``; the draw axis of rooms may have length 1.
    holds : (region row, level)
        Where a row is short by itself; elsewhere no warning is given.
    bands

    Returns
    -------
    dict
        Quantiles of entrants, between neighbours by straight lines; of classes the fewest whole
        ones that suffice in such a share of the draws; the share in each early-warning band.
    """
    entrants, needed, shares = cells[ENTRANTS], cells[CLASSES], tuple(QUANTILES.values())
    found = between(neighbours(entrants, shares), shares, entrants.shape[-1])
    ordered = np.sort(needed, axis=-1)
    columns = {f"{ENTRANTS}_{label}": of for label, of in zip(QUANTILES, found, strict=True)}
    for label, share in QUANTILES.items():
        columns[f"{CLASSES}_{label}"] = sufficing(ordered, share).astype(np.float64)
    yellow, red = _bands(entrants, cells[ROOMS], holds, bands)
    return columns | {"prob_yellow": yellow, "prob_red": red}


def _bands(entrants: Singles, rooms: Singles, holds: Bools, bands: Bands) -> tuple[Floats, Floats]:
    """Share of the draws in 黄, and in 红."""
    yellow, red = reached(entrants, rooms, bands)
    reds = red.sum(axis=-1)
    counts = np.stack([yellow.sum(axis=-1) - reds, reds]).astype(np.float64)
    counts[:, np.isnan(rooms[..., 0])] = np.nan
    counts[:, :, ~holds] = np.nan
    low, high = counts / entrants.shape[-1]
    return low, high
