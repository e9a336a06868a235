"""Small areas keep more of what they have: a cohort forecast mixed with the pupils of today."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Bools, Floats, along, ordered_sum
from capacity.model.assumptions import MIXING_DECAY, MIXING_WEIGHT, MIXING_YEARS
from capacity.model.roll import Paths, roll_forward
from capacity.model.shrunk import discounted


def held_share(pupils: Floats) -> tuple[Floats, Floats]:
    """How much of a forecast is what an area has today, and what that is.

    Parameters
    ----------
    pupils : (year, area, grade)
        Counts, the origin's year last; nan is unknown.

    Returns
    -------
    share : (area)
        `MIXING_WEIGHT` ÷ (`MIXING_WEIGHT` + pupils of the area); 0 where it has none.
    usual : (area, grade)
        Its pupils by the grade shares of the last `MIXING_YEARS` years.
    """
    total = ordered_sum(along(np.nan_to_num(pupils[-1]), 1))
    weight = MIXING_WEIGHT.value
    share = np.where(total > 0, weight / (weight + total), 0.0)
    known = (~np.isnan(pupils)).astype(float)
    by_grade = discounted(pupils, known, MIXING_DECAY.value, MIXING_YEARS.value)
    every = ordered_sum(along(by_grade, 1))[:, None]
    shares = np.divide(by_grade, every, out=np.zeros_like(by_grade), where=every > 0)
    return share, total[:, None] * shares


def mixing(
    pupils: Floats, entrants: Floats, ratios: Floats, mixes: Bools, held: Floats, paths: Paths
) -> Floats:
    """Take the cohorts of small areas towards what those have today, by moves.

    With C the forecast of cohorts alone, F = (1 − share)·C + share·usual in every grade that
    mixes, and M = F − ρ·F one grade lower a year before: so that pupils stay conserved, and the
    levers act on cohorts and moves, not on the mixture.

    Parameters
    ----------
    pupils : (year, area, grade)
        Counts up to the base year.
    entrants : (horizon, area)
    ratios : (horizon, area, grade)
        0 where held.
    mixes : (horizon, area, grade)
    held : (horizon, area, grade)
        Pupils of grades that are held.
    paths
        Flows; no lever has acted yet.

    Returns
    -------
    (horizon, area, grade)
        Pupils a year; 0 in the base year, and where nothing mixes.
    """
    moves = np.zeros(ratios.shape)
    if not mixes.any():
        return moves
    share, usual = held_share(pupils)
    args = (entrants[1:, :, None], ratios[1:, :, :, None], held[1:, :, :, None])
    cohorts = roll_forward(pupils[-1][..., None], *args, paths)[0]
    before = cohorts[:1]
    for year in range(1, len(ratios)):
        one = slice(year, year + 1)
        step = (entrants[one, :, None], ratios[one, :, :, None], held[one, :, :, None])
        carried = roll_forward(before[0], *step, paths)[0][1, ..., 0]
        mixed = (1.0 - share[:, None]) * cohorts[year, ..., 0] + share[:, None] * usual
        moves[year] = np.where(mixes[year], mixed - carried, 0.0)
        before = (carried + moves[year])[None, ..., None]
    return moves
