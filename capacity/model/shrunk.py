"""Ratios that lean on longer pasts and larger areas the fewer pupils there are.

Large cohorts follow the last two or three years, small ones their area's long run, tiny ones the
ratio of all areas. Every sum is discounted: `S_λ(x) = Σ_k λ^k x[t−k]` over the last
`SHRUNK_MEMORY` years in which both counts of a ratio are known. Forms and weights were measured on
public enrolment of English authorities and Texan districts; `capacity backtest` measures them on
a district's own.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from capacity.base.axes import Arrays, Floats, along, ordered_sum
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
from capacity.model.calibration import divided


@dataclass(frozen=True, eq=False)
class Leaning(Arrays):
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

    @classmethod
    def on_nothing(cls, ratio: Floats) -> Leaning:
        """Give ratios that lean on nothing but their own years."""
        return cls(ratio, *(np.full_like(ratio, np.nan) for _ in fields(cls)[1:]))


def discounted(counts: Floats, known: Floats, decay: float, years: float) -> Floats:
    """Sum the last ``years`` years, each ``decay`` of the next: ``(year, …)`` to ``(…)``.

    ``known`` is 1 where a year counts, else 0.
    """
    length = min(int(years), len(counts))
    weights = decay ** np.arange(length - 1, -1, -1.0)
    last = np.where(known[len(counts) - length :] > 0, counts[len(counts) - length :], 0.0)
    return np.asarray(np.tensordot(weights, last, axes=1))


def progression(into: Floats, source: Floats) -> Leaning:
    """Ratio into each grade from the one below.

    Parameters
    ----------
    into : (year, area, grade)
        Pupils counted; nan where unknown or kept out.
    source : (year, area, grade)
        Pupils one grade lower a year before; nan in the first grade.

    Returns
    -------
    Leaning
        ``(area, grade)``, nan where no pupils came from below in any year that counts.
    """
    known = (~np.isnan(into) & ~np.isnan(source)).astype(float)

    def sums(decay: float) -> tuple[Floats, Floats]:
        memory = SHRUNK_MEMORY.value
        return discounted(into, known, decay, memory), discounted(source, known, decay, memory)

    everywhere = _all_areas(*sums(SHRUNK_POOL_DECAY.value))
    run, came = sums(SHRUNK_AREA_DECAY.value)
    weight = SHRUNK_AREA_WEIGHT.value
    expected = ordered_sum(along(everywhere * came, 1))
    own = (ordered_sum(along(run, 1)) + weight) / (expected + weight)
    weight = SHRUNK_RUN_WEIGHT.value
    long_run = (run + weight * everywhere * own[:, None]) / (came + weight)
    recent, from_below = sums(SHRUNK_RECENT_DECAY.value)
    weight = SHRUNK_RECENT_WEIGHT.value
    ratio = (recent + weight * long_run) / (from_below + weight)
    parts = (
        ratio,
        divided(recent, from_below),
        from_below / (from_below + weight),
        long_run,
        came / (came + SHRUNK_RUN_WEIGHT.value),
        np.broadcast_to(everywhere, ratio.shape),
    )
    return Leaning(*(np.where(came > 0, part, np.nan) for part in parts))


def _all_areas(into: Floats, source: Floats) -> Floats:
    """Ratio of all areas together by grade; 1 where nobody came from below."""
    top, bottom = ordered_sum(along(into, 0)), ordered_sum(along(source, 0))
    return np.asarray(np.divide(top, bottom, out=np.ones_like(top), where=bottom > 0))


def entry(entrants: Floats, cohort: Floats) -> Leaning:
    """Entrants of the first grade per birth, or per child, of their cohort.

    Parameters
    ----------
    entrants, cohort : (year, area)

    Returns
    -------
    Leaning
        ``(area)``, nan where no year has both, or the cohorts had nobody.
    """
    known, memory = (~np.isnan(entrants) & ~np.isnan(cohort)).astype(float), SHRUNK_MEMORY.value
    decays = (SHRUNK_ENTRY_RUN_DECAY.value, SHRUNK_ENTRY_RECENT_DECAY.value)
    (run, of), (recent, of_recent) = (
        (discounted(entrants, known, decay, memory), discounted(cohort, known, decay, memory))
        for decay in decays
    )
    long_run = divided(run, of)
    weight = SHRUNK_ENTRY_WEIGHT.value
    parts = (
        (recent + weight * long_run) / (of_recent + weight),
        divided(recent, of_recent),
        of_recent / (of_recent + weight),
        long_run,
        np.ones_like(long_run),
        np.full_like(long_run, np.nan),
    )
    return Leaning(*(np.where(of > 0, part, np.nan) for part in parts))


def level_of_entry(entrants: Floats) -> Floats:
    """Entrants to expect where neither births nor children are known.

    The last count, drawn towards the mean of the last `SHRUNK_LEVEL_YEARS` the smaller it is.
    No trend: one makes turning points worse.

    Parameters
    ----------
    entrants : (year, area)

    Returns
    -------
    (area)
        nan where the last year is unknown.
    """
    known, decay = (~np.isnan(entrants)).astype(float), SHRUNK_LEVEL_DECAY.value
    years, weight = SHRUNK_LEVEL_YEARS.value, SHRUNK_LEVEL_WEIGHT.value
    total = discounted(entrants, known, decay, years)
    count = discounted(np.ones_like(entrants), known, decay, years)
    usual = np.divide(total, count, out=np.zeros_like(total), where=count > 0)
    last = entrants[-1]
    return np.asarray((last * last + weight * usual) / (last + weight))
