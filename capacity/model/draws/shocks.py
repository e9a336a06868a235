"""The shocks that are drawn for how far forecasts stray, added up along each cohort."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Floats
from capacity.model.assumptions import (
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
    HELD_PERSISTENCE,
    SHOCK_UNDONE,
)
from capacity.model.draws.scales import Scales
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import (
    SINGLE,
    Block,
    Singles,
    normals,
    students,
)


@dataclass(frozen=True, eq=False)
class Shared(Arrays):
    """Log shocks that all areas share.

    Attributes
    ----------
    above : (year ahead, grade, draw)
        Of the grades above the first.
    entry, held : (year ahead, draw)
        Of first grades that follow births, and of those that are held.
    """

    above: Singles
    entry: Singles
    held: Singles


def shared_shocks(block: Block, spread: Spread, grades: int) -> Shared:
    """Draw what all areas share in a block."""
    years, table = block.years, students(spread.freedom)
    if not (spread.common or spread.grade or spread.entry):
        none = np.zeros((years, block.draws), SINGLE)
        return Shared(np.zeros((years, grades - 1, block.draws), SINGLE), none, none)
    common = block.draw(table, "common", shape=(years,))
    common *= SINGLE(spread.common)
    above = block.draw(table, "grade", shape=(years, grades - 1))
    above *= SINGLE(spread.grade)
    above += common[:, None]
    persist(above, COMMON_PERSISTENCE.value)
    entry = block.draw(table, "entry", shape=(years,))
    entry *= SINGLE(spread.entry)
    held = entry.copy()
    persist(entry, ENTRY_PERSISTENCE.value)
    persist(held, HELD_PERSISTENCE.value)
    return Shared(above, entry, held)


def log_shocks(
    block: Block, codes: Sequence[str], spread: Spread, scales: Scales, shared: Shared
) -> Singles:
    """Log of what luck makes of each cohort of areas so far, ``(area, year ahead, grade, draw)``.

    The shocks of a cohort add up along its way through the grades, from the base year or from
    where it starts; of its own shock it loses a part a year later (`SHOCK_UNDONE`).

    Parameters
    ----------
    block
    codes
        Of the areas.
    spread
    scales
        Of these areas.
    shared
        From `shared_shocks`.
    """
    fresh = _own_shocks(block, codes, spread, scales.own)
    total = np.empty_like(fresh)
    total[:, :1] = 0.0
    for year in range(1, block.years):  # what stays of all before
        np.add(total[:, year - 1], fresh[:, year - 1], out=total[:, year])
    total *= scales.own_stays[:, None, :, None].astype(SINGLE)
    total += fresh
    total[:, :, 0] += np.where(scales.held[:, None, None], shared.held, shared.entry)
    total[:, :, 1:] += shared.above
    spare = np.empty_like(fresh)
    every = _area_shocks(block, codes, spread, scales)
    if every is not None:
        young = scales.young[:, None].astype(SINGLE)
        total += np.multiply(young, every[:, :, None], out=spare)
    fresh *= SINGLE(SHOCK_UNDONE.value)
    anew = scales.starts[:, :, 1:]
    begins = np.asarray(anew.any(axis=(1, 2)))
    for year in range(1, block.years):
        before = total[:, year - 1, :-1], fresh[:, year - 1, :-1]
        carried = np.subtract(*before, out=spare[:, 0, 1:])
        if begins[year]:
            carried[anew[year]] = 0.0
        total[:, year, 1:] += carried
    return total


def _own_shocks(block: Block, codes: Sequence[str], spread: Spread, sd: Floats) -> Singles:
    """Draw the fresh shocks of the cohorts of areas, ``(area, year ahead, grade, draw)``."""
    years, areas, grades = sd.shape
    own = np.empty((areas, years, grades, block.draws), SINGLE)
    block.draw_each(spread.firsts, "first", codes, shape=(years,), out=own[:, :, 0])
    block.draw_each(spread.cells, "cell", codes, shape=(years, grades - 1), out=own[:, :, 1:])
    own *= sd.swapaxes(0, 1)[..., None].astype(SINGLE)
    return own


def _area_shocks(
    block: Block, codes: Sequence[str], spread: Spread, scales: Scales
) -> Singles | None:
    """Draw the shocks on all grades of areas, ``(area, year ahead, draw)``; None where none are."""
    if not scales.area.any():
        return None
    shocks = block.draw_each(spread.areas, "area", codes, shape=(block.years,))
    shocks *= scales.area.T[:, :, None].astype(SINGLE)
    persist(shocks.swapaxes(0, 1), scales.area_stays[:, None])
    return shocks


def persist(shocks: Singles, stays: Floats | float) -> None:
    """Turn yearly shocks ``(year, …)`` into errors of which a part stays, in place."""
    before, part = np.zeros(shocks.shape[1:], SINGLE), np.asarray(stays, SINGLE)
    for year in shocks:
        staying = year * part
        np.add(year, before, out=year)
        before += staying


def walk(block: Block, component: str, code: str, years: range) -> Singles:
    """Add standard normal steps up year by year, ``(year, draw)``, from the first of the years.

    The step of a year is the same wherever the walk begins.
    """
    shape = (len(years),)
    steps = block.draw(normals(), component, code, shape=shape, after=years.start)
    for year in range(1, len(steps)):
        steps[year] += steps[year - 1]
    return steps
