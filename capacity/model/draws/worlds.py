"""Worlds of a run, some regions at a time, so that memory does not grow with the district.

Regions are drawn and balanced in parts of whole sets that exchange pupils; of a region whose
rows are done nothing remains but what sums still need. Sums add regions in code order, so that
no bit depends on the parts.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Floats, ordered_sum
from capacity.model.balance import components
from capacity.model.draws.demand import draw_demand, draw_grades
from capacity.model.draws.entry import CLASSES, ENTRANTS, ROOMS, SIZE, entry_columns, whole_classes
from capacity.model.draws.samples import KEPT, Sampler, Samples
from capacity.model.draws.streams import BLOCK, SINGLE, Block, Singles, blocks
from capacity.model.draws.sums import Cells, Sums
from capacity.model.draws.supply import draw_places
from capacity.model.draws.threads import by_year, each
from capacity.model.rows import MARGIN_GAP, balanced, with_levels
from capacity.model.supply import entry_places

#: Bytes of samples that are worked out at once; one set of linked regions may take more.
AT_ONCE = 32 * 2**20
#: Blocks that are drawn together at most: threads make more of few large arrays.
TOGETHER = 2
#: Bytes of samples up to which a run keeps all of them; else they are drawn again when asked for.
MOST_KEPT = 64 * 2**20


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

    def cells(self, name: str, rows: Sequence[int], levels: Sequence[int]) -> Singles:
        """Return one of `KEPT` in region rows and level rows, ``(horizon, row, level, draw)``.

        No row stands twice.
        """
        years = len(self.sampler.data.axes.horizon)
        found = np.empty((years, len(rows), len(levels), self.draws), SINGLE)

        def taken(part: Samples) -> tuple[Sequence[int], Singles]:
            return part.rows, getattr(part, name)[:, :, list(levels)]

        at = {row: number for number, row in enumerate(rows)}
        # Mapped, so that samples are gone before the next are drawn.
        for some, drawn in map(taken, self.of(rows)):
            found[:, [at[row] for row in some]] = drawn
        return found

    def shortage(self, rows: Sequence[int], year: int, level: int) -> Singles:
        """Return the shortage of region rows in one year and level row, ``(row, draw)``."""
        found = np.empty((len(rows), self.draws), SINGLE)
        at, parts = {row: number for number, row in enumerate(rows)}, self.of(rows)
        # Mapped, so that samples are gone before the next are drawn.
        for some, drawn in map(lambda one: (one.rows, one.shortage[year, :, level].copy()), parts):
            found[[at[row] for row in some]] = drawn
        return found

    def entrants(self, rows: Sequence[int]) -> Singles:
        """Draw the pupils of each level's first grade again, ``(horizon, row, level, draw)``."""
        wanted = self._regions(rows)

        def block(one: Block) -> Singles:
            return draw_demand(self.sampler.demand, one, wanted)[1]

        return self._by_row(block, wanted, rows)

    def pupils(self, rows: Sequence[int], levels: Sequence[int] | None = None) -> Singles:
        """Draw the pupils of each grade again, ``(horizon, row, grade, draw)``.

        Those of some levels, or of all; other grades, and pupils of other levels, are 0.
        """
        wanted = self._regions(rows)

        def block(one: Block) -> Singles:
            return draw_grades(self.sampler.demand, one, wanted, levels)

        return self._by_row(block, wanted, rows)

    def _regions(self, rows: Sequence[int]) -> list[int]:
        members = self.sampler.data.axes.members
        return sorted({region for row in rows for region in members[row]})

    def _by_row(
        self, drawn: Callable[[Block], Singles], regions: Sequence[int], rows: Sequence[int]
    ) -> Singles:
        """Draw block after block of regions, and add them up in code order, as `Sums` does."""
        axes, at = self.sampler.data.axes, {region: k for k, region in enumerate(regions)}
        parts: list[Singles] = []
        for block, where in blocks(self.draws, self.seed, len(axes.horizon) - 1):
            cells = drawn(block)[..., : where.stop - where.start]
            members = [[cells[:, at[region]] for region in axes.members[row]] for row in rows]
            parts.append(np.stack([ordered_sum(own) for own in members], axis=1))
        return np.concatenate(parts, axis=-1)


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
    names = (*KEPT, "margin_gap")
    joined = {name: by_row([getattr(part, name) for part in parts], order) for name in names}
    entry = columns_by_row([part.entry for part in parts], order)
    return Samples(rows=tuple(range(len(order))), **joined, entry=entry)


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
    most = at_once // _bytes_of_a_row(axes, draws)
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


def _bytes_of_a_row(axes: Axes, draws: int) -> int:
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
