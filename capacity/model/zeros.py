"""What the zeros of a past say: a cell that is closed, or a small place's ordinary year.

A cell is a grade of an area, the first grade likewise. A run of years without pupils is *closed*
where those who came from below would have filled it, had they gone on as in all areas; else it
is ordinary: a village of three pupils a grade has such years.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Bools, Floats, Ints
from capacity.model.assumptions import CLOSED_FROM


@dataclass(frozen=True, eq=False)
class Past(Arrays):
    """Pupils of each year beside what they came from, and which years say something.

    Attributes
    ----------
    into, source : (year, …)
        Pupils, and the pupils, births or children that they came from; nan where unknown or
        kept out.
    counts : (year, …)
        Years on which a ratio may rest: those open in which somebody came from below.
    open : (year, …)
        Years in and after which the cell was not closed.
    closed : (…)
        Closed in the last year that is known: no school there, or one that closed. Where nobody
        came from below in that year, nobody can tell any more: the cell is not reached yet.
    alone : (…)
        Closed in that year alone, after a year with pupils.
    """

    into: Floats
    source: Floats
    counts: Bools
    open: Bools
    closed: Bools
    alone: Bools

    @staticmethod
    def of(into: Floats, source: Floats, usual: Floats, today: Floats | float = 0.0) -> Past:
        """Read the zeros of a past.

        Parameters
        ----------
        into, source : (year, …)
        usual : (year, …)
            Pupils that would have come as in all areas; nan where unknown.
        today : (…), optional
            The last counts, flagged or not: what has pupils today is not closed.
        """
        zero: Bools = into == 0
        unknown: Bools = np.isnan(into)
        closed = zero & (_run_totals(zero, unknown, usual) >= CLOSED_FROM.value)
        later = np.logical_or.accumulate(closed[::-1])[::-1]
        counts = ~unknown & ~later & (source > 0)
        last, before = (_latest(into, unknown, back) for back in (0, 1))
        now = _at(closed, last) & (last >= 0) & (_at(source, last) > 0)
        alone = now & (before >= 0) & (_at(into, before) > 0)
        return Past(into, source, counts, ~later, now & ~(np.asarray(today) > 0), alone)

    def of_grade(self, grade: int) -> Past:
        """Return that of one grade, arrays ``(…, area)``, of arrays ``(…, area, grade)``."""
        return Past(*(getattr(self, part.name)[..., grade] for part in fields(self)))

    def window(self, length: int) -> Bools:
        """Mark the last ``length`` years that count, ``(year, …)``."""
        rank = np.cumsum(self.counts[::-1], axis=0)[::-1]
        return self.counts & (rank <= length)

    def memory(self, length: int) -> Bools:
        """Mark those of the last ``length`` years of all that count, ``(year, …)``."""
        kept = self.counts.copy()
        kept[: max(len(kept) - length, 0)] = False
        return kept


def _run_totals(zero: Bools, unknown: Bools, usual: Floats) -> Floats:
    """Sum what a run of zeros would have had, at each of its years; unknown years are skipped."""
    totals = np.zeros(usual.shape)
    if not zero.any():
        return totals
    usual = np.where(np.isnan(usual), 0.0, usual)
    running = np.zeros(usual.shape[1:])
    for year in range(len(usual)):
        running = np.where(zero[year], running + usual[year], np.where(unknown[year], running, 0.0))
        totals[year] = np.where(zero[year], running, 0.0)
    whole = np.zeros(usual.shape[1:])
    for year in reversed(range(len(usual))):
        whole = np.where(zero[year], np.maximum(whole, totals[year]), whole)
        whole = np.where(zero[year] | unknown[year], whole, 0.0)
        totals[year] = np.where(zero[year], whole, 0.0)
    return totals


def _latest(into: Floats, unknown: Bools, back: int) -> Ints:
    """Position of the last known year, or of the one ``back`` known years before it; else −1."""
    rank = np.cumsum(~unknown[::-1], axis=0)[::-1]
    here = ~unknown & (rank == back + 1)
    at = len(into) - 1 - here[::-1].argmax(axis=0)
    return np.where(here.any(axis=0), at, -1)


def _at(values: NDArray[Any], year: Ints) -> NDArray[Any]:
    """Values at a year of each cell."""
    return np.asarray(np.take_along_axis(values, np.maximum(year, 0)[None], axis=0)[0])
