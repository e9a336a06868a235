"""Small areas hold what they have: their total more than the shares of their grades.

The forecast of cohorts alone strays the more the fewer pupils an area has, so that its total is
drawn towards today's, the more the smaller it is; what a cohort is among the grades stays, but
in the smallest. Both come as moves: so that pupils stay conserved, and the levers act on cohorts
and moves, not on the mixture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, along, ordered_sum
from capacity.model.assumptions import (
    MIXING_DECAY,
    MIXING_GRADES_WEIGHT,
    MIXING_WEIGHT,
    MIXING_YEARS,
)
from capacity.model.history import divided
from capacity.model.roll import Transfers, roll_forward
from capacity.model.shrunk import discounted


@dataclass(frozen=True, eq=False)
class Held(Arrays):
    """What areas hold of what they have today.

    Attributes
    ----------
    total, grades : (area)
        How much of the total, and of the shares of grades, is today's; 0 where it has no pupils.
    usual : (area, grade)
        Its pupils by the mean shares of grades of the last `MIXING_YEARS` years; none where a
        cell is closed. Years before the first pupils of a cell do not count: a school that has
        just filled its grades usually has them full.
    """

    total: Floats
    grades: Floats
    usual: Floats

    def mixed(self, cohorts: Floats, chosen: Bools, holds: Bools) -> Floats:
        """Mix the cohorts of one year, ``(area, grade)``, in the chosen grades.

        Parameters
        ----------
        cohorts : (area, grade)
        chosen : (area, grade)
        holds : (area)
            Areas that hold anything.
        """
        total, grades = (np.where(holds, part, 0.0)[:, None] for part in (self.total, self.grades))
        come, usual = np.where(chosen, cohorts, 0.0), np.where(chosen, self.usual, 0.0)
        aim = (1.0 - total) * _over_grades(come) + total * _over_grades(usual)
        shaped = (1.0 - grades) * come + grades * usual
        every = _over_grades(shaped)
        scale = np.divide(aim, every, out=np.ones_like(aim), where=every > 0)
        return np.where(chosen, np.where(total > 0, shaped * scale, come), cohorts)


def _over_grades(pupils: Floats) -> Floats:
    return ordered_sum(along(pupils, 1))[:, None]


def held(pupils: Floats, opened: Bools) -> Held:
    """Return what areas hold.

    Parameters
    ----------
    pupils : (year, area, grade)
        Counts, the origin's year last; nan is unknown.
    opened : (year, area, grade)
        Years in and after which a cell was not closed: others say nothing of what is usual.
    """
    total = ordered_sum(along(np.nan_to_num(pupils[-1]), 1))
    begun = np.logical_or.accumulate(np.nan_to_num(pupils) > 0)
    known = (~np.isnan(pupils) & opened & begun).astype(float)
    decay, years = MIXING_DECAY.value, MIXING_YEARS.value
    every_year = discounted(np.ones_like(pupils), known, decay, years)
    by_grade = np.nan_to_num(divided(discounted(pupils, known, decay, years), every_year))
    every = _over_grades(by_grade)
    shares = np.divide(by_grade, every, out=np.zeros_like(by_grade), where=every > 0)
    of_total, of_grades = (
        np.where(total > 0, weight / (weight + total), 0.0)
        for weight in (MIXING_WEIGHT.value, MIXING_GRADES_WEIGHT.value)
    )
    return Held(of_total, of_grades, total[:, None] * shares)


def small_area_moves(
    pupils: Floats,
    entrants: Floats,
    ratios: Floats,
    chosen: Bools,
    others: Floats,
    transfers: Transfers,
    *,
    opened: Bools,
    changing: Bools,
) -> Floats:
    """Take the cohorts of small areas towards what those have today, by moves.

    With F the mixture of the forecast of cohorts alone and of what an area holds (`Held.mixed`),
    M = F − ρ·F one grade lower a year before.

    Parameters
    ----------
    pupils : (year, area, grade)
        Counts up to the base year.
    entrants : (horizon, area)
    ratios : (horizon, area, grade)
        0 where held.
    chosen : (horizon, area, grade)
    others : (horizon, area, grade)
        Pupils that come by no ratio: those of grades that are held, and of later entry.
    transfers
        Flows; no lever has acted yet.
    opened
        As in `held`.
    changing : (horizon, area)
        Areas whose school fills, empties or has jumped of late: they hold nothing.

    Returns
    -------
    (horizon, area, grade)
        Pupils a year; 0 in the base year, and where nothing mixes.
    """
    moves = np.zeros(ratios.shape)
    today = held(pupils, opened)
    args = (entrants[1:, :, None], ratios[1:, :, :, None], others[1:, :, :, None])
    cohorts = roll_forward(pupils[-1][..., None], *args, transfers)[0]
    before = cohorts[:1]
    for year in range(1, len(ratios)):
        one = slice(year, year + 1)
        step = (entrants[one, :, None], ratios[one, :, :, None], others[one, :, :, None])
        progressed = roll_forward(before[0], *step, transfers)[0][1, ..., 0]
        mixed = today.mixed(cohorts[year, ..., 0], chosen[year], ~changing[year])
        moves[year] = np.where(chosen[year], mixed - progressed, 0.0)
        before = (progressed + moves[year])[None, ..., None]
    return moves
