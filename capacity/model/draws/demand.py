"""Draws of demand and of entrants by region and level, a block at a time."""

from __future__ import annotations

import numpy as np

from capacity.base.axes import Axes
from capacity.model.draws.cohorts import Cohorts, draw_pupils
from capacity.model.draws.luck import Block
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import BLOCK
from capacity.model.draws.tables import SINGLE, Singles


def draw_demand(
    cohorts: Cohorts, block: Block, spread: Spread, *, births: bool
) -> tuple[Singles, Singles]:
    """Draw one block.

    Parameters
    ----------
    cohorts
    block
    spread
    births
        Whether births that are not yet known vary.

    Returns
    -------
    demand, entrants : (horizon, region, level, draw)
        Pupils, and pupils of each level's first grade. Areas are added in code order.
    """
    axes = cohorts.axes
    shape = (block.years + 1, len(axes.region), len(axes.level), BLOCK)
    demand, entrants = np.zeros(shape, SINGLE), np.zeros(shape, SINGLE)
    for drawn in draw_pupils(cohorts, block, spread, births):
        for row, area in enumerate(drawn.areas):
            _add(demand, entrants, drawn.pupils[:, row], int(axes.region_of[area]), axes)
    return demand, entrants


def _add(demand: Singles, entrants: Singles, pupils: Singles, region: int, axes: Axes) -> None:
    for grade, level in enumerate(axes.level_of):
        demand[:, region, level] += pupils[:, grade]
    for level, first in enumerate(axes.entry):
        entrants[:, region, level] += pupils[:, first]
