"""What draws say: their quantiles and shares, of every cell and of first grades."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.settings import QUANTILES
from capacity.model.data import Bands
from capacity.model.draws.samples import KEPT, Samples
from capacity.model.draws.streams import SINGLE, Singles, each
from capacity.model.rows import MARGIN_GAP, classes, reached, share_used

#: Numbers of each array that a task takes, so that what it works out stays in near memory.
_NUMBERS = 1 << 19
#: What of a class may be rounding: single precision holds seven digits.
ROUNDING = 1e-4
ENTRANTS, ROOMS, CLASSES, SIZE = "entrants", "rooms", "classes", "class_size"
#: Draws up to which sorting all is the quickest way to those of some ranks.
FEW = 4096
#: Numbers that are put in their places at a time, so that they stay in near memory.
_CHUNK = 1 << 17
#: Columns beside the quantiles.
_SHARES = ("shortage_mean", "surplus_mean", "prob_shortage", "prob_idle")


@dataclass(frozen=True, eq=False)
class Summary(Arrays):
    """Draws in figures, each ``(horizon, region row, level row)``; nan is an empty cell.

    Attributes
    ----------
    quantiles : dict
        By column name, of `KEPT`: the variable, then a label of `QUANTILES`.
    shortage_mean, surplus_mean
    prob_shortage
        Share of the draws with gap > 0, of places less those that are kept free.
    prob_idle
        Share of the draws in which fewer of the places are used than the line of idleness.
    entry_columns : dict
        Columns that draws add to the rows of first grades, by name, as in `entry_columns`.
    """

    quantiles: dict[str, Floats]
    shortage_mean: Floats
    surplus_mean: Floats
    prob_shortage: Floats
    prob_idle: Floats
    entry_columns: dict[str, Floats]

    @property
    def columns(self) -> dict[str, Floats]:
        """Columns that draws add to the rows of the results, by name."""
        return self.quantiles | {name: getattr(self, name) for name in _SHARES}


def summarise(samples: Samples, idle: float, workers: int = 1) -> Summary:
    """Sum draws up.

    Parameters
    ----------
    samples
    idle
        Utilisation below which places stand idle.
    workers
        Threads; the same bits for any number of them.
    """
    cells = {name: getattr(samples, name) for name in (*KEPT, MARGIN_GAP)}
    found = by_year(lambda some: _columns(some, idle), cells, workers)
    shares = {name: found.pop(name) for name in _SHARES}
    return Summary(quantiles=found, entry_columns=dict(samples.entry), **shares)


def _columns(cells: Mapping[str, Singles], idle: float) -> dict[str, Floats]:
    """Return quantiles and `_SHARES` of cells, each ``(horizon, region row, level row)``."""
    shortage, short = cells["shortage"], cells[MARGIN_GAP]
    prob = np.where(np.isnan(short[..., 0]), np.nan, share_of(short > 0))
    prob[:, :, :-1][np.isnan(shortage[:, :, :-1, 0])] = np.nan  # rows of a pooled level
    mean = shortage.mean(axis=-1, dtype=np.float64)
    return {
        **_quantiles(cells),
        "shortage_mean": mean,
        "surplus_mean": _surplus(mean, short.mean(axis=-1, dtype=np.float64)),
        "prob_shortage": prob,
        "prob_idle": _idle(cells["demand"], cells["places"], idle),
    }


def _quantiles(cells: Mapping[str, Singles]) -> dict[str, Floats]:
    """Return the quantiles of `KEPT` by column name."""
    shares, shortage = tuple(QUANTILES.values()), cells["shortage"]
    clipped = (shortage == np.maximum(cells["gap"], 0.0)).all(axis=-1)  # no sum of several
    beside = {name: neighbours(cells[name], shares) for name in ("demand", "places", "gap")}
    beside["shortage"] = np.maximum(beside["gap"], 0.0)  # what is the gap needs no sorting
    beside["shortage"][:, :, ~clipped] = neighbours(shortage[~clipped], shares)
    return {
        f"{name}_{label}": values
        for name in KEPT
        for label, values in zip(
            QUANTILES, between(beside[name], shares, cells[name].shape[-1]), strict=True
        )
    }


def joined(parts: Sequence[Summary], order: Sequence[int]) -> Summary:
    """Join what was said of some rows each."""
    return Summary(
        quantiles=columns_by_row([part.quantiles for part in parts], order),
        entry_columns=columns_by_row([part.entry_columns for part in parts], order),
        **{name: by_row([getattr(part, name) for part in parts], order) for name in _SHARES},
    )


def in_order(parts: Sequence[Sequence[int]]) -> list[int]:
    """Return where each row stands in the parts laid end to end."""
    rows = [row for part in parts for row in part]
    return sorted(range(len(rows)), key=rows.__getitem__)


def by_row(parts: Sequence[Floats], order: Sequence[int]) -> Floats:
    """Lay parts ``(horizon, row, …)`` end to end, in an order of `in_order`."""
    return np.asarray(np.concatenate(parts, axis=1)[:, order])


def columns_by_row(
    parts: Sequence[Mapping[str, Floats]], order: Sequence[int]
) -> dict[str, Floats]:
    """Lay columns of the same names end to end, as `by_row`."""
    return {name: by_row([part[name] for part in parts], order) for name in parts[0]}


def _idle(used: Singles, places: Singles, line: float) -> Floats:
    """Share of the draws in which fewer than a share of the places are used; nan without any."""
    share = share_of(share_used(used, places) < places.dtype.type(line))
    return np.where((places > 0).any(axis=-1), share, np.nan)


def _surplus(shortage: Floats, gap: Floats) -> Floats:
    """Mean surplus, from surplus = shortage − gap in every cell and the sums over levels."""
    surplus = shortage - gap
    own, every = surplus[:, :, :-1], surplus[:, :, -1:]
    unknown = np.isnan(shortage[:, :, -1:])
    every[...] = np.where(unknown, np.nan, np.nansum(own, axis=2, keepdims=True))
    return np.maximum(surplus, 0.0)  # single precision may leave a trace below


def by_year(
    task: Callable[[dict[str, Singles]], dict[str, Floats]],
    cells: Mapping[str, Singles],
    workers: int,
) -> dict[str, Floats]:
    """Work out columns ``(horizon, …)`` of cells ``(horizon, …, draw)``, some years at a time."""
    years = len(next(iter(cells.values())))
    a_year = max(part.size for part in cells.values()) // years
    size = max(_NUMBERS // a_year, 1)

    def found(first: int) -> dict[str, Floats]:
        return task({name: part[first : first + size] for name, part in cells.items()})

    parts = each(found, range(0, years, size), workers)
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


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

    Few draws are sorted; of many only the values of these ranks are put where they belong.
    """
    count = draws.shape[-1]
    if count <= FEW:
        return np.asarray(np.sort(draws, axis=-1)[..., list(ranks)])
    rows, size, wanted = draws.reshape(-1, count), max(_CHUNK // count, 1), sorted(set(ranks))
    found = np.empty((len(rows), len(wanted)), SINGLE)
    for first in range(0, len(rows), size):
        _put_ranked(rows[first : first + size].copy(), wanted, found[first : first + size])
    return found[:, np.searchsorted(wanted, ranks)].reshape(*draws.shape[:-1], len(ranks))


def _put_ranked(rows: Singles, ranks: Sequence[int], found: Singles, least: int = 0) -> None:
    """Put down the values of ranks, in order, of rows whose own begin at one; rows are shuffled."""
    if not ranks:
        return
    if ranks[0] - least == rows.shape[1] - 1:  # a neighbour of the one that split them
        np.max(rows, axis=1, out=found[:, 0])
        return
    middle = len(ranks) // 2
    at = ranks[middle] - least
    rows.partition(at, axis=1)
    found[:, middle] = rows[:, at]
    _put_ranked(rows[:, :at], ranks[:middle], found[:, :middle], least)
    _put_ranked(rows[:, at + 1 :], ranks[middle + 1 :], found[:, middle + 1 :], least + at + 1)
