"""Worlds of a run, some regions at a time, so that memory does not grow with the district.

Regions are drawn and balanced in parts of whole sets that exchange pupils; of a region whose
rows are done nothing remains but what sums still need. Sums add regions in code order, so that
no bit depends on the parts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

import numpy as np

from capacity.base.axes import Axes
from capacity.model.balance import components
from capacity.model.draws.demand import draw_demand
from capacity.model.draws.samples import KEPT, Sampler, Samples
from capacity.model.draws.streams import BLOCK, SINGLE, Block, Singles, blocks, each
from capacity.model.draws.summary import (
    CLASSES,
    ENTRANTS,
    ROOMS,
    SIZE,
    by_row,
    by_year,
    columns_by_row,
    entry_columns,
    in_order,
    whole_classes,
)
from capacity.model.draws.supply import draw_places
from capacity.model.pools import Pools
from capacity.model.rows import MARGIN_GAP, balanced, with_levels
from capacity.model.supply import entry_places

#: Draws of regions or of sums by name, each ``(horizon, row, level, draw)``.
Cells = dict[str, Singles]
#: Bytes of samples that are worked out at once; one set of linked regions may take more.
AT_ONCE = 32 * 2**20
#: Bytes of samples up to which a run keeps all of them; else they are drawn again when asked for.
MOST_KEPT = 64 * 2**20
#: Blocks that are drawn together at most: threads make more of few large arrays.
TOGETHER = 2


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
    names = (*KEPT, "margin_gap")
    joined = {name: by_row([getattr(part, name) for part in parts], order) for name in names}
    entry = columns_by_row([part.entry for part in parts], order)
    return Samples(rows=tuple(range(len(order))), **joined, entry=entry)


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
    axes, holds = sampler.data.axes, sampler.holds
    wanted = range(len(axes.row)) if rows is None else rows
    alone = _alone(axes, wanted)
    rest = set(wanted) - set(alone.values())
    members = {row: axes.members[row] for row in sorted(rest)}
    sums = Sums(members, len(axes.level), sampler.data.pools)
    most = at_once // bytes_of_a_row(axes, draws)
    for regions in _parts(sampler, alone.keys() | sums.regions, most):
        cells = _draw(sampler, draws, seed, regions, workers)
        if own := [region for region in regions if region in alone]:
            leaves = cells if len(own) == len(regions) else _of(cells, regions, own)
            leaves = leaves | {SIZE: sampler.supply.class_size[:, own, :, None]}
            yield _samples(sampler, leaves, [alone[region] for region in own], workers)
            del leaves
        for row, total in sums.add(regions, cells):
            whole = with_levels(total, holds[[row]])
            yield _samples(sampler, total | whole, [row], workers)
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


def bytes_of_a_row(axes: Axes, draws: int) -> int:
    """Bytes of the samples of a region row."""
    one = np.dtype(SINGLE).itemsize * len(KEPT)
    return one * draws * len(axes.horizon) * (len(axes.level) + 1)


def _of(cells: Cells, regions: Sequence[int], chosen: Sequence[int]) -> Cells:
    """Return the cells of some of the regions."""
    at = [regions.index(region) for region in chosen]
    return {name: part[:, at] for name, part in cells.items()}


def _draw(sampler: Sampler, draws: int, seed: int, regions: Sequence[int], workers: int) -> Cells:
    """Draw every block of some regions; where blocks are fewer than threads, in pieces.

    Returns
    -------
    dict
        `KEPT`, and `MARGIN_GAP` where places are kept free, with a row of all levels; entrants,
        their places and classes.
    """
    axes, varied = sampler.data.axes, draws if sampler.supply.varies else 1
    years, levels = len(axes.horizon), len(axes.level)
    names = (*KEPT, MARGIN_GAP) if sampler.supply.margin.any() else KEPT
    deep = {name: (levels + 1, draws) for name in names}
    deep |= {ENTRANTS: (levels, draws), CLASSES: (levels, draws)}
    deep |= {"places": (levels + 1, varied), ROOMS: (levels, varied)}
    drawn = {name: np.empty((years, len(regions), *size), SINGLE) for name, size in deep.items()}
    together = min(-(-draws // (BLOCK * 2 * workers)), TOGETHER)
    numbered = list(blocks(draws, seed, years - 1, together))
    size = -(-len(regions) // -(-workers // len(numbered)))

    def put(task: tuple[Block, slice, int]) -> None:
        block, at, first = task
        some = slice(first, first + size)
        into = {name: part[:, some] for name, part in drawn.items()}
        _draw_block(sampler, block, regions[some], into, at)

    each(
        put, [(*one, first) for one in numbered for first in range(0, len(regions), size)], workers
    )
    return drawn


def _draw_block(
    sampler: Sampler, block: Block, regions: Sequence[int], into: Cells, at: slice
) -> None:
    """Draw and balance one block of some regions into its place."""
    supply, count = sampler.supply, at.stop - at.start
    there = {
        name: part[..., at if part.shape[-1] > 1 else slice(0, 1)] for name, part in into.items()
    }
    demand, entrants = draw_demand(sampler.demand, block, regions)
    usable, full = draw_places(supply, block, regions)
    margin, more, size = (
        side[:, regions, :, None] for side in (supply.margin, supply.entry_more, supply.class_size)
    )
    margin = margin.astype(SINGLE)
    kept = margin if MARGIN_GAP in into else None
    cells = balanced(demand[..., :count], usable[..., :count], kept)
    with_levels(cells, sampler.alone[regions], into=there)
    there[ENTRANTS][...] = entrants[..., :count]
    there[CLASSES][...] = whole_classes(there[ENTRANTS], size)
    rooms = entry_places(full, more.astype(SINGLE), sampler.data.axes.span)
    there[ROOMS][...] = (rooms if kept is None else rooms * (1 - margin))[..., :count]


def _samples(sampler: Sampler, cells: Cells, rows: Sequence[int], workers: int) -> Samples:
    """Make samples of regions or of sums: first grades are summed up."""
    holds, bands = sampler.holds[list(rows)], sampler.data.bands
    entry = {name: cells[name] for name in (ENTRANTS, ROOMS, SIZE if SIZE in cells else CLASSES)}
    return Samples(
        rows=tuple(rows),
        **{name: cells[name] for name in KEPT},
        margin_gap=cells.get(MARGIN_GAP, cells["gap"]),
        entry=by_year(lambda some: entry_columns(some, holds, bands), entry, workers),
    )


class Sums:
    """Rows that add regions up in code order, each until its last region is there.

    Parameters
    ----------
    members : dict
        By row, the regions that it adds up, in code order.
    levels
        Number of levels.
    pools
        Sets of regions that are short together: what one lacks is added with its last region.
    """

    def __init__(self, members: Mapping[int, Sequence[int]], levels: int, pools: Pools) -> None:
        self._members, self._levels = members, levels
        self._sets: dict[int, list[tuple[int, int]]] = {}  # by region its levels, last regions
        self._lacking: dict[tuple[int, int], Singles] = {}
        for level, sets in enumerate(pools.sets):
            for one in sets:
                for region in one:
                    self._sets.setdefault(region, []).append((level, one[-1]))
        self._total: dict[int, Cells] = {}
        self._waiting: dict[int, Cells] = {}  # drawn before their turn, with those linked
        self._rows: dict[int, list[int]] = {}
        for row, regions in members.items():
            for region in regions:
                self._rows.setdefault(region, []).append(row)
        self._left = sorted(self._rows, reverse=True)

    @property
    def regions(self) -> frozenset[int]:
        """All that any row adds up."""
        return frozenset(self._rows)

    def add(self, regions: Sequence[int], cells: Cells) -> Iterator[tuple[int, Cells]]:
        """Add regions whose turn has come, and yield the rows that are whole.

        Parameters
        ----------
        regions
            Positions, in the order of the cells.
        cells
            Their rows of all levels, if they have any, are left out.

        Yields
        ------
        row, total
        """
        here = {region: at for at, region in enumerate(regions) if region in self._rows}
        while self._left and (self._left[-1] in here or self._left[-1] in self._waiting):
            region = self._left.pop()
            at = here.pop(region, None)
            one = self._waiting.pop(region) if at is None else self._cut(cells, at)
            one = self._pooled(region, one) if region in self._sets else one
            for row in self._rows[region]:
                self._add(row, one)
                if region == self._members[row][-1]:
                    yield row, self._total.pop(row)
        for region, at in here.items():
            self._waiting[region] = {
                name: part.copy() for name, part in self._cut(cells, at).items()
            }

    def _pooled(self, region: int, one: Cells) -> Cells:
        """Let sets be short together: what each lacks stands at its last region, 0 before."""
        short, gap = one["shortage"].copy(), one.get(MARGIN_GAP, one["gap"])
        for level, last in self._sets[region]:
            before, here = self._lacking.pop((level, last), None), gap[:, :, level]
            whole = here if before is None else before + here
            short[:, :, level] = np.maximum(whole, 0.0) if region == last else 0.0
            if region != last:
                self._lacking[level, last] = whole.copy() if before is None else whole
        return one | {"shortage": short}

    def _add(self, row: int, one: Cells) -> None:
        if row not in self._total:
            self._total[row] = {name: part.copy() for name, part in one.items()}
            return
        for name, part in self._total[row].items():
            np.add(part, one[name], out=part)

    def _cut(self, cells: Cells, at: int) -> Cells:
        return {name: part[:, at : at + 1, : self._levels] for name, part in cells.items()}
