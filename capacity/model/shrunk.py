"""Ratios that lean on longer pasts and larger areas the fewer pupils there are.

Large cohorts follow the last two or three years, small ones their area's long run, tiny ones the
ratio of all areas. Every sum is discounted: `S_λ(x) = Σ_k λ^k x[t−k]` over the last
`SHRUNK_MEMORY` years in which both counts of a ratio are known. Forms and weights were measured on
public enrolment of English authorities and Texan districts; `capacity backtest` measures them on
a district's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, along, ordered_sum
from capacity.base.exact import power, weighted_sum
from capacity.model.assumptions import (
    SHRUNK_AREA_DECAY,
    SHRUNK_AREA_WEIGHT,
    SHRUNK_ENTRY_RECENT_DECAY,
    SHRUNK_ENTRY_RUN_DECAY,
    SHRUNK_ENTRY_WEIGHT,
    SHRUNK_LEVEL_DECAY,
    SHRUNK_LEVEL_WEIGHT,
    SHRUNK_LEVEL_YEARS,
    SHRUNK_MEMORY,
    SHRUNK_POOL_DECAY,
    SHRUNK_RECENT_DECAY,
    SHRUNK_RECENT_WEIGHT,
    SHRUNK_RUN_WEIGHT,
)
from capacity.model.history import divided
from capacity.model.zeros import Past


@dataclass(frozen=True, eq=False)
class ShrunkRatio(Arrays):
    """Ratios, and what each leans on; all of one shape, nan where there is none.

    Attributes
    ----------
    ratio
        The ratio used.
    recent
        That of the last two or three years alone.
    recent_share
        Its weight in the ratio, 0 to 1; the rest is the long run's.
    long_run
        That of the area's longer past, itself drawn towards all areas.
    own_share
        Weight of the area's own grade in the long run; the rest is that of all areas, at the
        area's level.
    all_areas
        That of all areas together; entry has none.
    """

    ratio: Floats
    recent: Floats
    recent_share: Floats
    long_run: Floats
    own_share: Floats
    all_areas: Floats

    def of_grade(self, grade: int) -> ShrunkRatio:
        """Return those into one grade, arrays ``(area)``."""
        return ShrunkRatio(*(getattr(self, part.name)[:, grade] for part in fields(self)))

    @classmethod
    def unshrunk(cls, ratio: Floats) -> ShrunkRatio:
        """Return ratios that lean on nothing but their own years."""
        return cls(ratio, *(np.full_like(ratio, np.nan) for _ in fields(cls)[1:]))


def discounted(counts: Floats, known: Floats, decay: float, years: float) -> Floats:
    """Sum the last ``years`` years, each ``decay`` of the next: ``(year, …)`` to ``(…)``.

    ``known`` is 1 where a year counts, else 0.
    """
    length = min(int(years), len(counts))
    weights = _weights(decay, length)
    last = np.where(known[len(counts) - length :] > 0, counts[len(counts) - length :], 0.0)
    return weighted_sum(weights, last)


@cache
def _weights(decay: float, years: int) -> Floats:
    """Weights of so many years, the last one 1."""
    found = power(decay, np.arange(years - 1, -1, -1))
    found.setflags(write=False)
    return found


def all_areas(into: Floats, source: Floats, counts: Bools) -> Floats:
    """Ratio of all areas together by grade; 1 where none has a year that counts.

    Parameters
    ----------
    into, source, counts : (year, area, …)

    Returns
    -------
    (…)
    """
    top, bottom = _sums(into, source, counts, SHRUNK_POOL_DECAY.value)
    top, bottom = ordered_sum(along(top, 0)), ordered_sum(along(bottom, 0))
    return np.asarray(np.divide(top, bottom, out=np.ones_like(top), where=bottom > 0))


def area_level(past: Past, everywhere: Floats) -> Floats:
    """How an area's grades together stand to those of all areas, ``(area)``.

    Parameters
    ----------
    past
        Arrays ``(year, area, grade)``.
    everywhere : (grade)
    """
    run, came = _sums(past.into, past.source, past.counts, SHRUNK_AREA_DECAY.value)
    weight = SHRUNK_AREA_WEIGHT.value
    expected = ordered_sum(along(everywhere * came, 1))
    return np.asarray((ordered_sum(along(run, 1)) + weight) / (expected + weight))


def _sums(into: Floats, source: Floats, counts: Bools, decay: float) -> tuple[Floats, Floats]:
    known, memory = counts.astype(float), SHRUNK_MEMORY.value
    return discounted(into, known, decay, memory), discounted(source, known, decay, memory)


def progression(past: Past, typical: Floats, everywhere: Floats) -> ShrunkRatio:
    """Ratio into each grade from the one below.

    Parameters
    ----------
    past
        Arrays ``(year, area, grade)``.
    typical : (area, grade)
        Ratio of all areas at the level of the area: what a cell without years of its own has.
    everywhere : (grade)
    """
    run, came = _sums(past.into, past.source, past.counts, SHRUNK_AREA_DECAY.value)
    recent, from_below = _sums(past.into, past.source, past.counts, SHRUNK_RECENT_DECAY.value)
    prior, weight = SHRUNK_RUN_WEIGHT.value, SHRUNK_RECENT_WEIGHT.value
    long_run = (run + prior * typical) / (came + prior)
    return ShrunkRatio(
        ratio=(recent + weight * long_run) / (from_below + weight),
        recent=divided(recent, from_below),
        recent_share=from_below / (from_below + weight),
        long_run=long_run,
        own_share=came / (came + prior),
        all_areas=np.broadcast_to(everywhere, long_run.shape),
    )


def entry(past: Past) -> ShrunkRatio:
    """Entrants of the first grade per birth, or per child, of their cohort.

    Parameters
    ----------
    past
        Arrays ``(year, area)``.

    Returns
    -------
    ShrunkRatio
        ``(area)``, nan where no year counts.
    """
    run, of = _sums(past.into, past.source, past.counts, SHRUNK_ENTRY_RUN_DECAY.value)
    decay, weight = SHRUNK_ENTRY_RECENT_DECAY.value, SHRUNK_ENTRY_WEIGHT.value
    recent, of_recent = _sums(past.into, past.source, past.counts, decay)
    long_run = divided(run, of)
    parts = (
        (recent + weight * long_run) / (of_recent + weight),
        divided(recent, of_recent),
        of_recent / (of_recent + weight),
        long_run,
        np.ones_like(long_run),
        np.full_like(long_run, np.nan),
    )
    return ShrunkRatio(*(np.where(of > 0, part, np.nan) for part in parts))


def level_of_entry(past: Past, last: Floats) -> Floats:
    """Entrants to expect where neither births nor children are known.

    The last count, drawn towards the mean of the last `SHRUNK_LEVEL_YEARS` the smaller it is;
    none where the grade is closed. No trend: one makes turning points worse.

    Parameters
    ----------
    past
        Arrays ``(year, area)``; the source is not read.
    last : (area)
        The last count, flagged or not.

    Returns
    -------
    (area)
    """
    entrants, known, decay = past.into, past.counts.astype(float), SHRUNK_LEVEL_DECAY.value
    years, weight = SHRUNK_LEVEL_YEARS.value, SHRUNK_LEVEL_WEIGHT.value
    total = discounted(entrants, known, decay, years)
    count = discounted(np.ones_like(entrants), known, decay, years)
    usual = np.divide(total, count, out=last.copy(), where=count > 0)
    return np.where(past.closed, 0.0, (last * last + weight * usual) / (last + weight))


# How much of a ratio is each year --------------------------------------------------------------

#: Counts from which a ratio comes, ``(year, area, …)``, 0 in years that do not count -> the
#: weight of each year.
Weights = Callable[[Floats], Floats]


def progression_weights(source: Floats) -> Floats:
    """Weight of each year's ratio in what `progression` makes of them, unscaled.

    Of the long run only the area's own grade counts, not what it is drawn towards.

    Parameters
    ----------
    source : (year, area, grade)
        Pupils one grade lower a year before; 0 in years that do not count.

    Returns
    -------
    (year, area, grade)
    """
    run = _faded(source, SHRUNK_AREA_DECAY.value)
    behind = ordered_sum(along(run, 0)) + SHRUNK_RUN_WEIGHT.value
    return _faded(source, SHRUNK_RECENT_DECAY.value) + SHRUNK_RECENT_WEIGHT.value * run / behind


def entry_weights(cohort: Floats) -> Floats:
    """Weight of each year's ratio in what `entry` makes of them, unscaled; as above."""
    run = _faded(cohort, SHRUNK_ENTRY_RUN_DECAY.value)
    behind = ordered_sum(along(run, 0))
    drawn = np.divide(run, behind, out=np.zeros_like(run), where=behind > 0)
    recent = _faded(cohort, SHRUNK_ENTRY_RECENT_DECAY.value)
    return np.asarray(recent + SHRUNK_ENTRY_WEIGHT.value * drawn)


def _faded(counts: Floats, decay: float) -> Floats:
    """Discount each of the last `SHRUNK_MEMORY` years; those before count nothing."""
    ago = np.arange(len(counts) - 1, -1, -1.0)
    weights = np.where(ago < SHRUNK_MEMORY.value, power(decay, ago), 0.0)
    return np.asarray(weights.reshape(-1, *[1] * (counts.ndim - 1)) * counts)
