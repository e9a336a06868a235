"""Worlds of a run, some regions at a time, so that memory does not grow with the district.

Regions are drawn and balanced in parts of whole sets that exchange pupils; of a region whose
rows are done nothing remains but what sums still need. Sums add regions in code order, so that
no bit depends on the parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.model.balance import components
from capacity.model.draws.demand import draw_demand
from capacity.model.draws.samples import KEPT, Sampler, Samples
from capacity.model.draws.streams import SINGLE, Block, Singles, blocks
from capacity.model.draws.supply import draw_places
from capacity.model.rows import balance, reached, with_levels

#: Bytes of samples that are worked out at once; one set of linked regions may take more.
AT_ONCE = 32 * 2**20
#: Bytes of samples up to which a run keeps all of them; else they are drawn again when asked for.
MOST_KEPT = 64 * 2**20

#: Draws of regions or of sums by name, each ``(horizon, row, level, draw)``.
_Cells = dict[str, Singles]


@dataclass(frozen=True, eq=False)
class Worlds(Arrays):
    """The worlds of a run: a row that is not kept is drawn again, to the same bits.

    Attributes
    ----------
    sampler
    draws
        Number of them.
    seed
    kept : dict
        Samples by the position of their region row.
    """

    sampler: Sampler
    draws: int
    seed: int
    kept: Mapping[int, Samples]

    def of(self, rows: Sequence[int]) -> Iterator[Samples]:
        """Yield the samples of some region rows, in any order."""
        known = [row for row in rows if row in self.kept]
        yield from (self.kept[row] for row in known)
        if absent := [row for row in rows if row not in self.kept]:
            yield from sampled(self.sampler, self.draws, self.seed, rows=absent)

    def shortage(self, rows: Sequence[int], year: int, level: int) -> Singles:
        """Return the shortage of region rows in one year and level row, ``(row, draw)``."""
        found = np.empty((len(rows), self.draws), SINGLE)
        at = {row: number for number, row in enumerate(rows)}
        for samples in self.of(rows):
            found[[at[row] for row in samples.rows]] = samples.shortage[year, :, level]
        return found


def keeps(sampler: Sampler, draws: int, samples: Samples) -> bool:
    """Whether a run keeps these samples: all where they are few, else those of the district."""
    axes = sampler.data.axes
    few = len(axes.row) * _bytes_of_a_row(axes, draws) <= MOST_KEPT
    return few or samples.rows == (len(axes.row) - 1,)


def sample(
    sampler: Sampler, draws: int, seed: int, workers: int = 1, *, at_once: int = AT_ONCE
) -> Samples:
    """Draw worlds of all rows at once: for districts whose samples memory holds.

    Parameters
    ----------
    sampler, draws, seed, workers, at_once
        As in `sampled`.
    """
    parts = list(sampled(sampler, draws, seed, workers, at_once=at_once))
    order = in_order([part.rows for part in parts])
    joined = {
        name: by_row([getattr(part, name) for part in parts], order) for name in (*KEPT, "bands")
    }
    return Samples(rows=tuple(range(len(order))), **joined)


def in_order(parts: Sequence[Sequence[int]]) -> list[int]:
    """Return where each row stands in the parts laid end to end."""
    rows = [row for part in parts for row in part]
    return sorted(range(len(rows)), key=rows.__getitem__)


def by_row(parts: Sequence[Floats], order: Sequence[int]) -> Floats:
    """Lay parts ``(horizon, row, …)`` end to end, in an order of `in_order`."""
    return np.asarray(np.concatenate(parts, axis=1)[:, order])


def sampled(
    sampler: Sampler,
    draws: int,
    seed: int,
    workers: int = 1,
    *,
    rows: Sequence[int] | None = None,
    at_once: int = AT_ONCE,
) -> Iterator[Samples]:
    """Draw worlds and balance each: clip in each draw, then sum; quantiles come last.

    Parameters
    ----------
    sampler
    draws
        At least 1.
    seed
    workers
        Threads; the same bits for any number of them.
    rows
        Positions of the region rows that are wanted; all by default.
    at_once
        Bytes of samples that are worked out at once; no bit depends on it.

    Yields
    ------
    Samples
        Of some rows; each row stands in one.
    """
    axes = sampler.data.axes
    wanted = range(len(axes.row)) if rows is None else rows
    alone = _alone(axes, wanted)
    sums = _Sums({row: axes.members[row] for row in wanted if row not in alone.values()})
    with ThreadPoolExecutor(workers) as pool:
        most = at_once // _bytes_of_a_row(axes, draws)
        for regions in _parts(sampler, alone.keys() | sums.regions, most):
            cells = _draw(sampler, draws, seed, regions, (pool, workers))
            if own := [region for region in regions if region in alone]:
                leaves = cells if len(own) == len(regions) else _of(cells, regions, own)
                yield _samples(sampler, leaves, [alone[region] for region in own], draws)
            for row, total in sums.add(regions, cells):
                yield _samples(sampler, total, [row], draws)
            del cells  # before the next part is drawn


def _alone(axes: Axes, rows: Sequence[int]) -> dict[int, int]:
    """Return by region the row that holds it alone, where there is one."""
    last = len(axes.row) - 1
    return {axes.members[row][0]: row for row in rows if len(axes.members[row]) == 1 and row < last}


def _parts(sampler: Sampler, wanted: Collection[int], most: int) -> Iterator[list[int]]:
    """Split regions into parts of so many at most, linked ones together."""
    axes, part = sampler.data.axes, list[int]()
    of = axes.region_of.tolist()
    pairs = [(of[areas[0]], of[area]) for areas in sampler.demand.linked for area in areas[1:]]
    for linked in components(len(axes.region), pairs):
        chosen = [region for region in linked if region in wanted]
        if part and len(part) + len(chosen) > most:
            yield part
            part = []
        part += chosen
    if part:
        yield part


def _bytes_of_a_row(axes: Axes, draws: int) -> int:
    one = np.dtype(SINGLE).itemsize * len(KEPT)
    return one * draws * len(axes.horizon) * (len(axes.level) + 1)


def _of(cells: _Cells, regions: Sequence[int], chosen: Sequence[int]) -> _Cells:
    """Return the cells of some of the regions."""
    at = [regions.index(region) for region in chosen]
    return {name: part[:, at] for name, part in cells.items()}


def _draw(
    sampler: Sampler, draws: int, seed: int, regions: Sequence[int], threads: tuple[Executor, int]
) -> _Cells:
    """Draw every block of some regions; where blocks are fewer than threads, in pieces."""
    pool, workers = threads
    axes, varied = sampler.data.axes, draws if sampler.supply.varies else 1
    shape = (len(axes.horizon), len(regions), len(axes.level))
    depth = {"demand": draws, "entrants": draws, "usable": varied, "rooms": varied}
    drawn = {name: np.empty((*shape, size), SINGLE) for name, size in depth.items()}
    numbered = list(blocks(draws))
    size = -(-len(regions) // -(-workers // len(numbered)))
    tasks = [
        pool.submit(
            _draw_block,
            sampler,
            Block(seed, number, len(axes.horizon) - 1),
            regions[first : first + size],
            {name: part[:, first : first + size] for name, part in drawn.items()},
            at,
        )
        for number, at in numbered
        for first in range(0, len(regions), size)
    ]
    for task in tasks:
        task.result()
    entry = {name: drawn[name] for name in ("entrants", "rooms")}
    return balance(drawn["demand"], drawn["usable"]) | entry


def _draw_block(
    sampler: Sampler, block: Block, regions: Sequence[int], into: _Cells, at: slice
) -> None:
    """Draw one block of some regions into its place."""
    demand, entrants = draw_demand(sampler.demand, block, regions)
    usable, full = draw_places(sampler.supply, block, regions)
    rooms = np.asarray(full / sampler.data.axes.span[:, None], SINGLE)
    found = {"demand": demand, "entrants": entrants, "usable": usable, "rooms": rooms}
    for name, part in found.items():
        there = into[name][..., at] if into[name].shape[-1] > 1 else into[name]
        there[...] = part[..., : there.shape[-1]]


class _Sums:
    """Rows that add regions up in code order, each until its last region is there.

    Parameters
    ----------
    members : dict
        By row, the regions that it adds up, in code order.
    """

    def __init__(self, members: Mapping[int, Sequence[int]]) -> None:
        self._members = members
        self._total: dict[int, _Cells] = {}
        self._waiting: dict[int, _Cells] = {}  # drawn before their turn, with those linked
        self._rows: dict[int, list[int]] = {}
        for row, regions in members.items():
            for region in regions:
                self._rows.setdefault(region, []).append(row)
        self._left = sorted(self._rows, reverse=True)

    @property
    def regions(self) -> frozenset[int]:
        """All that any row adds up."""
        return frozenset(self._rows)

    def add(self, regions: Sequence[int], cells: _Cells) -> Iterator[tuple[int, _Cells]]:
        """Add regions whose turn has come, and yield the rows that are whole."""
        here = {region: at for at, region in enumerate(regions) if region in self._rows}
        while self._left and (self._left[-1] in here or self._left[-1] in self._waiting):
            region = self._left.pop()
            at = here.pop(region, None)
            one = self._waiting.pop(region) if at is None else _row(cells, at)
            for row in self._rows[region]:
                self._add(row, one)
                if region == self._members[row][-1]:
                    yield row, self._total.pop(row)
        for region, at in here.items():
            self._waiting[region] = {name: part.copy() for name, part in _row(cells, at).items()}

    def _add(self, row: int, one: _Cells) -> None:
        if row not in self._total:
            self._total[row] = {name: part.copy() for name, part in one.items()}
            return
        for name, part in self._total[row].items():
            np.add(part, one[name], out=part)


def _row(cells: _Cells, at: int) -> _Cells:
    return {name: part[:, at : at + 1] for name, part in cells.items()}


def _samples(sampler: Sampler, cells: _Cells, rows: Sequence[int], draws: int) -> Samples:
    """Make samples of regions or of sums: with a row of all levels, and bands."""
    data = sampler.data
    district = rows[-1] == len(data.axes.row) - 1
    return Samples(
        rows=tuple(rows),
        **with_levels(cells, data.pooled, district=district),
        bands=_bands(cells["entrants"], cells["rooms"], data.pooled, district=district) / draws,
    )


def _bands(entrants: Singles, rooms: Singles, pooled: Bools, *, district: bool) -> Floats:
    """Count the draws in each band, ``(horizon, region row, level, band)``."""
    yellow, red = reached(entrants, rooms)
    reds = red.sum(axis=-1)
    counts = np.stack([yellow.sum(axis=-1) - reds, reds], axis=-1).astype(np.float64)
    counts[np.isnan(rooms[..., 0])] = np.nan
    if not district:
        counts[:, :, pooled] = np.nan
    return np.asarray(counts)
