"""Sets of regions in which a spare place of a level serves all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, ordered_sum

#: Positions of regions, in code order.
Set = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Pools(Arrays):
    """Where the places of each level serve.

    Attributes
    ----------
    sets : tuple of tuple of tuple of int
        By level, the sets of regions whose places serve them all; a region in none by itself.
    district : (level)
        True where one set is the whole district: only the row of all regions is short.
    """

    sets: tuple[tuple[Set, ...], ...]
    district: Bools

    @cached_property
    def pooled(self) -> Bools:
        """Whether places of a level are shared at all, ``(level)``."""
        return np.array([bool(sets) for sets in self.sets], dtype=bool)

    def alone(self, regions: int) -> Bools:
        """Mark the cells of regions that share no places, ``(region, level)``."""
        marks = np.ones((regions, len(self.sets)), dtype=bool)
        for level, sets in enumerate(self.sets):
            for one in sets:
                marks[list(one), level] = False
        return marks

    def holds(self, members: Sequence[Sequence[int]]) -> Bools:
        """Mark the rows that are short or not by themselves, ``(row, level)``: they cut no set.

        Parameters
        ----------
        members
            Positions of the regions of each row; of the whole district last.
        """
        rows = [frozenset(leaves) for leaves in members]
        marks = np.array(
            [
                [all(row.isdisjoint(one) or row.issuperset(one) for one in sets) for row in rows]
                for sets in self.sets
            ],
            dtype=bool,
        ).T.copy()
        marks[:-1, self.district] = False
        return marks

    def clipped(self, gap: Floats) -> Floats:
        """Clip a gap at 0, that of a set over all of it.

        Parameters
        ----------
        gap : (year, region, level, …)
            Positive is short; nan is unknown.

        Returns
        -------
        (year, region, level, …)
            What a set lacks stands at its last region, 0 at its others.
        """
        short = np.maximum(gap, 0.0)
        for level, sets in enumerate(self.sets):
            for one in sets:
                total = ordered_sum([gap[:, region, level] for region in one])
                for region in one[:-1]:
                    short[:, region, level] = 0.0
                short[:, one[-1], level] = np.maximum(total, 0.0)
        return np.asarray(short)

    def shared(self, side: Floats, most: Floats, level: int) -> None:
        """Cut what regions of sets lack, or have to spare, to what their sets do, in place.

        Parameters
        ----------
        side : (year, region, draw)
            Shortage, or surplus, of the regions of a level; ≥ 0, 0 where unknown.
        most : (year, region, draw)
            Of each region its gap, or its gap with the other sign, 0 where unknown: what the
            sum of a set is clipped from.
        level
        """
        for one in self.sets[level]:
            here = list(one)
            whole = np.maximum(ordered_sum([most[:, region] for region in one]), 0.0)
            total = ordered_sum([side[:, region] for region in one])
            share = np.divide(whole, total, out=np.zeros_like(whole), where=total > 0)
            side[:, here] *= np.minimum(share, 1.0)[:, None]
