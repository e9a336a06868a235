"""Sums of draws over regions, whose parts come a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from capacity.model.draws.streams import Singles
from capacity.model.pools import Pools
from capacity.model.rows import MARGIN_GAP

#: Draws of regions or of sums by name, each ``(horizon, row, level, draw)``.
Cells = dict[str, Singles]


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
