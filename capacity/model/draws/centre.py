"""What is taken off the shocks of a cohort, so that luck makes nothing of it on average.

The log of what luck makes of a cohort is a sum of independent drawn values, each times a known
coefficient: how large the shock is, how much of it stays, how much hits the grade, along the way of
the cohort through the grades. Its exponential has mean 1 once the cumulants of all of them are off
(`Cumulant`): half the variance is not enough where errors were skewed.
"""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.model.assumptions import (
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
    HELD_PERSISTENCE,
    SHOCK_UNDONE,
)
from capacity.model.draws.scales import Scales
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import Cumulant


def centres(spread: Spread, scales: Scales) -> Floats:
    """Return what is to be taken off `log_shocks`, ``(year ahead, area, grade)``."""
    return _own(spread, scales) + _area(spread, scales) + _shared(spread, scales)


def _own(spread: Spread, scales: Scales) -> Floats:
    """Of the cohorts' own shocks: those of every year so far that still act in its cell."""
    found, later = (_own_by_cell(spread, scales, kept) for kept in (1.0, 1.0 - SHOCK_UNDONE.value))
    before = np.zeros(found.shape[1:])
    for year, starts in enumerate(scales.starts):
        carried = np.where(starts[:, 1:], 0.0, before[:, :-1])
        found[year, :, 1:] += carried
        before = later[year]
        before[:, 1:] += carried
    return found


def _own_by_cell(spread: Spread, scales: Scales, kept: float) -> Floats:
    """Of the shocks that a cell has in each year: a part of its fresh one, and what stays."""
    cumulants, own = spread.cumulants, scales.own
    fresh, stays = kept * own, scales.own_stays * own
    lasting = np.zeros_like(own)
    both = (cumulants.first, slice(0, 1)), (cumulants.cell, slice(1, None))
    for cumulant, grades in both:
        lasting[1:, :, grades] = np.cumsum(cumulant.of(stays[:-1, :, grades]), axis=0)
        lasting[:, :, grades] += cumulant.of(fresh[:, :, grades])
    return lasting


def _area(spread: Spread, scales: Scales) -> Floats:
    """Of the shocks of an area: a cohort meets each in every grade since."""
    years, areas, grades = scales.own.shape
    found = np.zeros((years, areas, grades))
    if not scales.area.any():
        return found
    met = np.zeros((years, areas, grades))  # coefficient of each year's shock so far
    for year, starts in enumerate(scales.starts):
        carried = np.zeros_like(met)
        carried[:, :, 1:] = np.where(starts[:, 1:], 0.0, met[:, :, :-1])
        met = carried
        met[:year] += scales.area_stays[:, None] * scales.young
        met[year] += scales.young
        drawn = met[: year + 1] * scales.area[: year + 1, :, None]
        found[year] = spread.cumulants.area.of(drawn).sum(axis=0)
    return found


def _shared(spread: Spread, scales: Scales) -> Floats:
    """Of the shocks that all areas share, by how many grades a cohort has passed."""
    years, _, grades = scales.own.shape
    cumulant = spread.cumulants.shared
    passed, entered = _passed(scales.starts)
    above = _above(spread, cumulant, years, grades)
    found = above[np.arange(years)[:, None, None], passed]
    at_entry = np.stack(
        [_lasting(cumulant, spread.entry, stays.value, years) for stays in _ENTERING], axis=1
    )
    held = scales.held.astype(int)[None, :, None]
    return np.asarray(found + np.where(entered >= 0, at_entry[np.maximum(entered, 0), held], 0.0))


#: What stays of common entry shocks: where first grades follow births, and where they are held.
_ENTERING = (ENTRY_PERSISTENCE, HELD_PERSISTENCE)


def _passed(starts: Bools) -> tuple[Floats, Floats]:
    """Grades above the first that a cohort has passed; the year it entered the first, else −1."""
    years, areas, grades = starts.shape
    passed, entered = np.zeros((years, areas, grades), int), np.full((years, areas, grades), -1)
    for year, anew in enumerate(starts):
        entered[year, :, 0] = year
        passed[year, :, 1:] = 1
        if year:
            goes = ~anew[:, 1:]
            passed[year, :, 1:] += np.where(goes, passed[year - 1, :, :-1], 0)
            entered[year, :, 1:] = np.where(goes, entered[year - 1, :, :-1], -1)
    return passed, entered


def _above(spread: Spread, cumulant: Cumulant, years: int, grades: int) -> Floats:
    """Of the common shocks, and of those by grade, on the last grades up to a year.

    Returns
    -------
    (year, number of grades)
        None passed first.
    """
    stays = COMMON_PERSISTENCE.value
    year, count, drawn = np.ogrid[:years, : grades + 1, :years]  # drawn: the year of a shock
    since = np.clip(year - drawn, 0, count)  # later years in which it stays
    on_way = (drawn <= year) & (drawn > year - count)
    common = cumulant.of(spread.common * (stays * since + on_way)).sum(axis=2)
    by_grade = on_way * _lasting(cumulant, spread.grade, stays, years)
    return np.asarray(common + by_grade.sum(axis=2))


def _lasting(cumulant: Cumulant, scale: float, stays: float, years: int) -> Floats:
    """Of a shock of each year and of what stays of all before, ``(year)``."""
    fresh, old = (float(cumulant.of(np.array(scale * part))) for part in (1.0, stays))
    return fresh + old * np.arange(years)
