"""Sums of draws over regions, whose parts come a few at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from capacity.model.draws.streams import Singles

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
    """

    def __init__(self, members: Mapping[int, Sequence[int]], levels: int) -> None:
        self._members, self._levels = members, levels
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
            for row in self._rows[region]:
                self._add(row, one)
                if region == self._members[row][-1]:
                    yield row, self._total.pop(row)
        for region, at in here.items():
            self._waiting[region] = {
                name: part.copy() for name, part in self._cut(cells, at).items()
            }

    def _add(self, row: int, one: Cells) -> None:
        if row not in self._total:
            self._total[row] = {name: part.copy() for name, part in one.items()}
            return
        for name, part in self._total[row].items():
            np.add(part, one[name], out=part)

    def _cut(self, cells: Cells, at: int) -> Cells:
        return {name: part[:, at : at + 1, : self._levels] for name, part in cells.items()}
