"""What luck makes of an area's cohorts, bounded: so far, and in each step of their way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Bools
from capacity.base.exact import exp_in_place
from capacity.model.assumptions import FACTOR_LIMIT
from capacity.model.draws.streams import SINGLE, Singles

Whole = NDArray[np.intp]
#: Most that luck makes of a cohort, and the least.
_MOST, _LEAST = SINGLE(FACTOR_LIMIT.value), SINGLE(1.0 / FACTOR_LIMIT.value)


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
        areas, strays = np.arange(len(began))[:, None], (began != 1.0).any(axis=-1)
        for year, rows in enumerate(came):
            area, grade = np.nonzero(strays[areas, rows])
            logs[area, year, grade] *= began[area, rows[area, grade]]
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


def beginnings(starts: Bools, by_births: Bools, later: Sequence[int]) -> Whole:
    """Tell with what each cell's cohort began, ``(year ahead, area, grade)``.

    Rows are the years ahead in which cohorts enter the first grade, then the grades of the base
    year: those who are held are as many as there were, in their grade.

    Parameters
    ----------
    starts, by_births : (year ahead, area, grade)
        Cells whose cohort begins there, and those that it enters by its births.
    later : (grade)
        Years after the first grade in which a cohort comes into each.
    """
    years, _, grades = starts.shape
    base = years + np.arange(grades)
    entered = np.arange(years)[:, None] - np.array(later)
    entering = np.where(entered >= 0, entered, base)
    found = np.zeros(starts.shape, np.intp)
    before = np.broadcast_to(base, starts.shape[1:])
    for year, anew in enumerate(starts):
        found[year, :, 1:] = before[:, :-1]
        found[year] = np.where(anew, np.where(by_births[year], entering[year], base), found[year])
        found[year, :, 0] = year
        before = found[year]
    return found
