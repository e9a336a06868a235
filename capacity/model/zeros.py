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
from capacity.model.history import History, divided


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
    """

    into: Floats
    source: Floats
    counts: Bools
    open: Bools
    closed: Bools

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
        last = _last_known(unknown)
        now = _at(closed, last) & (last >= 0) & (_at(source, last) > 0)
        return Past(into, source, counts, ~later, now & ~(np.asarray(today) > 0))

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


def _last_known(unknown: Bools) -> Ints:
    """Position of the last known year of each cell; −1 where there is none."""
    at = len(unknown) - 1 - (~unknown[::-1]).argmax(axis=0)
    return np.where(unknown.all(axis=0), -1, at)


def _at(values: NDArray[Any], year: Ints) -> NDArray[Any]:
    """Values at a year of each cell."""
    return np.asarray(np.take_along_axis(values, np.maximum(year, 0)[None], axis=0)[0])


def closed_alone(
    history: History, ratios: Floats, entering: Floats, level_of: Ints, answered: Bools
) -> tuple[Floats, Floats]:
    """Find the cells that are closed in the last year alone, as far as anybody counted.

    Those that had pupils when they were counted before, while another grade of their level has
    some. And those that were never counted before, below a whole cohort in a grade of their level:
    no school that fills has one there. Of the first grade of a level only the next one tells:
    where that has nobody either, the school has taken nobody for longer, and empties.

    Parameters
    ----------
    history
        What the last year knows.
    ratios : (area, grade)
        Into each grade, as stated for all areas or as they have it.
    entering : (area, grade)
        Who would have entered by births or children of their cohort; nan where none are told.
    level_of : (area, grade)
        Position of the level of each cell.
    answered : (area, grade)
        Cells of which somebody has said what goes on.

    Returns
    -------
    usual : (area, grade)
        Pupils that such a cell would have had; of the first grade as many as it or, where nobody
        counted it, the next one has. 0 for all others.
    before : (area, grade)
        Its last count before; nan where there is none.
    """
    now, before = np.nan_to_num(history.pupils[-1]), _latest(history.pupils[:-1])
    before = np.where(_latest(history.into[:-1]) == 0, 0.0, before)  # a flag hides no earlier zero
    empty: Bools = (history.into[-1] == 0) & (before != 0) & ~answered
    coming = _coming(history, ratios, entering, np.where(empty, np.nan, now), level_of)
    first = np.diff(level_of, axis=1, prepend=-2) != 0
    in_level = now[:, None] * (level_of[:, :, None] == level_of[:, None])  # area, of grade, grade
    higher, far = (np.triu(np.ones((now.shape[1],) * 2, bool), k) for k in (1, 2))
    telling = np.where(higher & ~(first[:, :, None] & far), in_level, 0.0)
    below_cohort = telling.max(axis=2) >= CLOSED_FROM.value
    asked = np.where(np.isnan(before), below_cohort, (in_level > 0).any(axis=2))
    closed = empty & asked & (coming >= CLOSED_FROM.value)
    coming[:, 0] = np.where(np.isnan(before[:, 0]), in_level[:, 0, 1:2].sum(axis=1), before[:, 0])
    return np.where(closed, coming, 0.0), before


def _latest(counts: Floats) -> Floats:
    """Return the last known count of each cell; nan where there is none."""
    found = np.full(counts.shape[1:], np.nan)
    for year in counts:
        found = np.where(np.isnan(year), found, year)
    return found


def _coming(
    history: History, ratios: Floats, entering: Floats, now: Floats, level_of: Ints
) -> Floats:
    """Return who would have come to each cell in the last year, ``(area, grade)``.

    For a grade below that nobody counted a year before stand its pupils of today; where it is empty
    itself (nan), within a level, those who would have come to it. Into a grade that none feeds, as
    many come as on average.
    """
    into = history.into[:-1]
    mean = divided(np.where(into > 0, into, 0.0).sum(axis=0), (into > 0).sum(axis=0) * 1.0)
    coming = np.nan_to_num(mean)
    coming[:, 0] = np.nan_to_num(np.fmax(mean[:, 0], entering[:, 0]))
    known = history.pupils[-2] if len(history) > 1 else np.full_like(now, np.nan)
    standing = np.nan_to_num(now[:, 0])
    for grade in range(1, now.shape[1]):
        feeding = np.where(np.isnan(known[:, grade - 1]), standing, known[:, grade - 1])
        if grade not in history.unlinked_grades:
            coming[:, grade] = ratios[:, grade] * feeding
        for flow in history.flows:
            if flow.grade == grade:
                arriving = flow.arriving(feeding[:, None], 0)[:, 0]
                coming[flow.into, grade] = (ratios[:, grade] * arriving)[flow.into]
        told = ~np.isnan(entering[:, grade])
        coming[told, grade] = entering[told, grade]
        here = np.where(level_of[:, grade] == level_of[:, grade - 1], coming[:, grade], 0.0)
        standing = np.where(np.isnan(now[:, grade]), here, now[:, grade])
    return coming
