"""One run on arrays: demand rolled forward, places, and the balance of both."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.axes import Floats
from capacity.inputs.world import World
from capacity.model.balance import convert
from capacity.model.demand import Demand
from capacity.model.neighbours import left_short
from capacity.model.places import Places
from capacity.model.roll import by_level, roll_forward


@dataclass(frozen=True)
class Outcome:
    """What a run finds; years are the horizon, draws last.

    Attributes
    ----------
    pupils : (year, area, grade, draw)
    clipped : (year, area, grade, draw)
        Pupils added to keep a count from falling below 0.
    demand, places, listed : (year, region, level, draw)
        Places are nan where they are unknown.
    shortage_kept, surplus_kept : (year, region, level, draw)
        What conversions inside a region leave.
    shortage_after : (year, level, draw)
        What moves to neighbours leave too; for a pooled level what the district lacks.
    class_size : (year, region, level, 1)
    """

    pupils: Floats
    clipped: Floats
    demand: Floats
    places: Floats
    listed: Floats
    shortage_kept: Floats
    surplus_kept: Floats
    shortage_after: Floats
    class_size: Floats

    @property
    def gap(self) -> Floats:
        """Demand − places, signed: positive is short; ``(year, region, level, draw)``."""
        return self.demand - self.places


def simulate(world: World, demand: Demand, places: Places) -> Outcome:
    """Run the model once for every draw.

    Parameters
    ----------
    world
    demand, places
        Prepared, levers applied.
    """
    axes = world.axes
    pupils, clipped = roll_forward(
        world.pupils[axes.start][..., None],
        (demand.kappa * demand.cohort)[1:, :, None],
        demand.ratios[1:, ..., None],
        demand.moves[1:, ..., None],
        demand.paths,
    )
    shape = (len(axes.region), len(axes.level))
    needed = by_level(pupils, axes.level_of, axes.region_of, shape)
    usable, class_size = places.usable[..., None], places.class_size[..., None]
    gap = needed - usable
    shortage, surplus = convert(gap, class_size, places.lenders)
    return Outcome(
        pupils=pupils,
        clipped=clipped,
        demand=needed,
        places=usable,
        listed=places.listed[..., None],
        shortage_kept=np.where(np.isnan(gap), np.nan, shortage),
        surplus_kept=np.where(np.isnan(gap), np.nan, surplus),
        shortage_after=_after(world, gap, shortage, surplus),
        class_size=class_size,
    )


def _after(world: World, gap: Floats, shortage: Floats, surplus: Floats) -> Floats:
    """Shortage of each level of the district after conversions and moves."""
    after = np.empty((gap.shape[0], gap.shape[2], gap.shape[3]))
    for level, pooled in enumerate(world.pooled):
        short, spare = shortage[:, :, level], surplus[:, :, level]
        if pooled:
            after[:, level] = np.maximum(np.add.reduce(short - spare, axis=1), 0.0)
        else:
            after[:, level] = left_short(short, spare, world.neighbours.get(level, ()))
    return np.where(np.isnan(gap).any(axis=1), np.nan, after)
