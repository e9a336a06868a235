"""What a school will do, read by its grades of today: it opens, fills, or empties."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.model.assumptions import MIXING_YEARS
from capacity.model.data import ModelData
from capacity.model.history import History


def lately(history: History) -> Bools:
    """Mark the cells with pupils in any of the last `MIXING_YEARS` years, ``(area, grade)``."""
    last = history.pupils[-int(MIXING_YEARS.value) :]
    return np.asarray((np.nan_to_num(last) > 0).any(axis=0))


def entered(per_birth: Floats, per_child: Floats, entrants: Floats) -> Bools:
    """Mark the areas that somebody may enter in the next year, ``(area)``."""
    births, children = next_year(per_birth), next_year(per_child)
    ratio = np.nan_to_num(births) + np.nan_to_num(children)
    unknown = np.isnan(births) & np.isnan(children)
    return np.asarray((ratio > 0) | (unknown & (entrants > 0)))


def reached(history: History, ratios: Floats, entered: Bools) -> Bools:
    """Mark the cells that pupils reach from below in a year ahead, ``(area, grade)``."""
    base = history.pupils[-1] > 0
    carries = np.nan_to_num(next_year(ratios)) > 0
    found = np.zeros(base.shape, dtype=bool)
    found[:, 0] = entered
    for grade in range(1, base.shape[1]):
        below = base[:, grade - 1] | found[:, grade - 1]
        come = below.copy()
        for flow in history.flows:
            if flow.grade == grade:
                come[flow.into] = (flow.share[0][below] > 0).any(axis=0)[flow.into]
        found[:, grade] = come & carries[:, grade]
    return np.asarray(found)


def unreached(history: History, source: Floats) -> Bools:
    """Mark the cells that a school which fills has not reached, ``(area, grade)``.

    They have no pupils and had none of late, nor had the grade below a year before; and they
    follow upon a cell with pupils, or one like themselves.
    """
    base = history.pupils[-1] > 0
    without: Bools = ~base & (np.nan_to_num(source[-1]) == 0) & ~lately(history)
    without[:, 0] = False
    without &= ~history.absent
    for grade in range(1, base.shape[1]):
        without[:, grade] &= base[:, grade - 1] | without[:, grade - 1]
    return without


def meant(history: History, data: ModelData) -> Bools:
    """Mark the areas that mean to open a cell in a year or have before, ``(horizon, area)``."""
    stated = ~np.isnan(data.given)
    stated |= history.flowing
    stated[0] = stated[:, :, 0] = False
    return np.asarray(np.logical_or.accumulate((stated & ~lately(history)).any(axis=2)))


def next_year(values: Floats) -> Floats:
    """Return those of the year after the base: no later year may tell what an earlier one is."""
    return np.asarray(values[min(1, len(values) - 1)])
