"""The shocks that are drawn for how far forecasts stray: added up along cohorts, and bounded."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.exact import exp_in_place
from capacity.model.assumptions import (
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
    FACTOR_LIMIT,
    HELD_PERSISTENCE,
    SHOCK_UNDONE,
)
from capacity.model.draws.scales import Scales
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import SINGLE, Block, Singles, normals, students
from capacity.model.roll import Transfers, roll_forward

Whole = NDArray[np.intp]
#: Most that luck makes of a cohort, and the least.
_MOST, _LEAST = SINGLE(FACTOR_LIMIT.value), SINGLE(1.0 / FACTOR_LIMIT.value)
#: Gives the pupils whom ratios carry up, ``(year ahead, area, grade)``, of ``(horizon, …)``.
Carry = Callable[[Floats], Floats]


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
    every = _area_shocks(block, codes, spread, scales)
    if every is not None:
        for grade, load in enumerate(scales.young.astype(SINGLE)):
            total[:, :, grade] += load * every
    fresh *= SINGLE(SHOCK_UNDONE.value)
    anew = scales.starts[:, :, 1:]
    begins = np.asarray(anew.any(axis=(1, 2)))
    for year in range(1, block.years):
        carried = total[:, year - 1, :-1] - fresh[:, year - 1, :-1]
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


def bounded(factors: Singles) -> Singles:
    """Cut factors to `FACTOR_LIMIT` and its inverse."""
    return np.asarray(np.clip(factors, _LEAST, _MOST))


def made_of(logs: Singles, centre: Singles, began: Singles | None, came: Whole) -> Singles:
    """Turn log shocks into what luck has made of each cohort so far, in place.

    Births and the regional split, with which a cohort began, are included; all of it is cut to
    `FACTOR_LIMIT` and its inverse.

    Parameters
    ----------
    logs : (area, year ahead, grade, draw)
        From `log_shocks`.
    centre : (year ahead, area, grade)
        What is taken off them.
    began : (area, beginning, draw)
        Factors that cohorts began with; None where all are 1.
    came : (year ahead, area, grade)
        The row of them with which a cell's cohort began.
    """
    logs -= centre.swapaxes(0, 1)[..., None]
    exp_in_place(logs)
    if began is not None:
        areas = np.arange(len(began))[:, None]
        for year, rows in enumerate(came):
            logs[:, year] *= began[areas, rows]
    np.clip(logs, _LEAST, _MOST, out=logs)
    return logs


def steps_of(made: Singles, begun: Singles, starts: Bools) -> Singles:
    """Turn what luck has made of cohorts so far into what it makes of them each year, in place.

    Parameters
    ----------
    made : (area, year ahead, grade, draw)
        From `made_of`.
    begun : (area, grade, draw)
        What it has made of the base year's; a draw axis of length 1 where that is certain.
    starts : (year ahead, area, grade)
        Cells whose cohort begins there.
    """
    goes = ~starts[:, :, 1:]
    every = np.asarray(goes.all(axis=(1, 2)))
    for year in range(len(starts) - 1, -1, -1):
        before = (made[:, year - 1] if year else begun)[:, :-1]
        after = made[:, year, 1:]
        if every[year]:
            after /= before
        else:
            after[goes[year]] /= before[goes[year]]
    return made


def limits_of(
    pupils: Floats,
    entrants: Floats,
    ratios: Floats,
    moves: Floats,
    anew: Floats,
    starts: Bools,
    transfers: Transfers,
    carry: Carry,
) -> tuple[Singles, Singles, Bools]:
    """Return the fewest and the most whom ratios may carry up, ``(year ahead, area, grade)``.

    And mark the cells whose pupils are not one cohort's, by its ratios alone.

    A cohort that came by ratios alone is bounded by its own luck (`bounded`, `steps_of`): none and
    endless. Where pupils of several beginnings meet, by moves or flows, the luck of each has its
    own past, and what is made of them together may pass the bound of any. They are cut to as many
    as if luck had made the most, or the least, of everybody who came.

    Parameters
    ----------
    pupils : (horizon, area, grade)
        Of the central run.
    entrants : (year ahead, area)
    ratios, moves, anew, starts : (year ahead, area, grade)
        As a sampler has them.
    transfers
    carry
    """
    carried = []
    for factor in (1.0 / FACTOR_LIMIT.value, FACTOR_LIMIT.value):
        came = factor * np.maximum(moves, 0.0) + np.minimum(moves, 0.0)  # who goes is certain
        came += factor * np.maximum(anew, 0.0) + np.minimum(anew, 0.0) / factor
        base, entering, ratio, moved = (
            part[..., None] for part in (factor * pupils[0], factor * entrants, ratios, came)
        )
        rolled, _ = roll_forward(base, entering, ratio, moved, transfers)
        carried.append(carry(rolled[..., 0]))
    least, most = carried
    several, mixed = _several(most > 0, starts, moves != 0, transfers)  # where anybody may come
    return (
        np.where(several, least, 0.0).astype(SINGLE),
        np.where(several, most, np.inf).astype(SINGLE),
        mixed,
    )


def _several(
    carried: Bools, starts: Bools, moved: Bools, transfers: Transfers
) -> tuple[Bools, Bools]:
    """Mark the cells into which pupils of more than one luck are carried, and which then have any.

    By what came until then alone: what is yet to come mixes nobody.
    """
    several, mixed = np.zeros((2, *carried.shape), dtype=bool)
    for year, here in enumerate(several):
        before = mixed[year - 1, :, :-1] if year else False
        here[:, 1:] = carried[year, :, 1:] & (starts[year, :, 1:] | before)
        mixed[year] = here | moved[year]
        for grade, share in transfers.rezoned.items():
            mixed[year, :, grade] |= share[year].any(axis=0) | share[year].any(axis=1)
    return several, mixed
