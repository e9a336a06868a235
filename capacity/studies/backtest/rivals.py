"""What the model is held against: the same as last year, and plain cohort survival."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capacity.base.axes import Axes, Bools, Floats
from capacity.model.births import birth_cohorts, extend_births
from capacity.model.data import ModelData
from capacity.model.history import from_below, history_of
from capacity.model.ratios import mean
from capacity.model.roll import Transfers, by_level, entrants_by_level, roll_forward


def naive(data: ModelData) -> tuple[Floats, Floats]:
    """Hold every grade as in the base year: same as last year.

    Returns
    -------
    demand, entrants : (horizon, region, level, 1)
        Pupils, and those of each level's first grade.
    """
    axes = data.axes
    last = data.pupils[[axes.start], :, :, None]
    return _by_level(np.repeat(last, len(axes.horizon), axis=0), axes)


def ref3(data: ModelData) -> tuple[Floats, Floats]:
    """Plain cohort survival, the yardstick; shapes as of `naive`.

    Mean of those of the last three yearly ratios whose base is not 0, births held; a grade
    without any is held, and the first grade where births are not known. Zeros mean nothing else
    to it, whatever the model makes of them.
    """
    axes, history = data.axes, history_of(data)
    ratio = _mean_of_three(history.into, from_below(history))
    born = birth_cohorts(extend_births(data.births, "hold"), data.weights)
    entrants = _mean_of_three(history.entrants, history.born) * born[axes.start :]
    base = data.pupils[axes.start]
    held = np.broadcast_to(np.where(np.isnan(ratio), base, 0.0), (len(axes.horizon), *base.shape))
    held = np.where(np.arange(base.shape[1]) == 0, 0.0, held)
    pupils, _ = roll_forward(
        base[..., None],
        np.where(np.isnan(entrants), base[:, 0], entrants)[1:, :, None],
        np.broadcast_to(np.nan_to_num(ratio), held.shape)[1:, ..., None],
        held[1:, ..., None],
        Transfers((), {}),
    )
    return _by_level(pupils, axes)


def _by_level(pupils: Floats, axes: Axes) -> tuple[Floats, Floats]:
    return by_level(pupils, axes), entrants_by_level(pupils, axes)


def _mean_of_three(into: Floats, source: Floats) -> Floats:
    used: Bools = ~np.isnan(into) & (np.nan_to_num(source) > 0)
    used[:-3] = False
    return mean(into, source, used)


#: What the model is held against, by what tables call it.
REFERENCES: dict[str, Callable[[ModelData], tuple[Floats, Floats]]] = {"naive": naive, "ref3": ref3}
