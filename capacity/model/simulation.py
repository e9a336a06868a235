"""One run on arrays: prepare demand and supply, roll pupils forward, and balance the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Floats, along, ordered_sum
from capacity.base.settings import Settings
from capacity.model.balance import convert, residual_shortage
from capacity.model.data import Adjustments, ModelData
from capacity.model.demand import Demand, prepare_demand
from capacity.model.roll import by_level, roll_forward
from capacity.model.supply import Supply, prepare_supply


@dataclass(frozen=True, eq=False)
class Outcome(Arrays):
    """What a run finds; years are the horizon, draws last.

    Attributes
    ----------
    pupils : (year, area, grade, draw)
    clipped : (year, area, grade, draw)
        Pupils added to keep a count from falling below 0.
    demand, places, listed : (year, region, level, draw)
        Places are nan where they are unknown; their draw axis may have length 1.
    shortage_kept, surplus_kept : (year, region, level, draw)
        What conversions inside a region leave.
    shortage_after : (year, level, draw)
        What moves to neighbours leave too; for a pooled level what the district lacks.
    class_size : (year, region, level, draw)
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


@dataclass(frozen=True, eq=False)
class Prepared:
    """Both sides of a run, levers applied, before anything is rolled or drawn."""

    demand: Demand
    supply: Supply


def prepare(data: ModelData, settings: Settings, adjustments: Adjustments) -> Prepared:
    """Calibrate, and apply the levers to both sides."""
    return Prepared(
        prepare_demand(data, settings.demand, adjustments),
        prepare_supply(data, settings.supply, adjustments),
    )


def simulate(data: ModelData, prepared: Prepared) -> Outcome:
    """Run the model once for every draw of what was prepared."""
    demand, supply = prepared.demand, prepared.supply
    pupils, clipped = rolled(demand)
    needed, usable = by_level(pupils, data.axes), supply.usable
    gap = needed - usable
    shortage, surplus = convert(gap, supply.class_size, supply.lenders)
    return Outcome(
        pupils=pupils,
        clipped=clipped,
        demand=needed,
        places=usable,
        listed=supply.listed,
        shortage_kept=np.where(np.isnan(gap), np.nan, shortage),
        surplus_kept=np.where(np.isnan(gap), np.nan, surplus),
        shortage_after=_after(data, gap, shortage, surplus),
        class_size=supply.class_size,
    )


def rolled(demand: Demand) -> tuple[Floats, Floats]:
    """Roll the demand side forward; pupils, and what was clipped, as in `roll_forward`."""
    return roll_forward(
        demand.base, demand.entrants[1:], demand.ratios[1:], demand.moves[1:], demand.transfers
    )


def _after(data: ModelData, gap: Floats, shortage: Floats, surplus: Floats) -> Floats:
    """Shortage of each level of the district after conversions and moves."""
    after = np.empty((gap.shape[0], gap.shape[2], gap.shape[3]))
    for level, pooled in enumerate(data.pooled):
        short, spare = shortage[:, :, level], surplus[:, :, level]
        if pooled:
            after[:, level] = np.maximum(ordered_sum(along(short - spare, 1)), 0.0)
        else:
            after[:, level] = residual_shortage(short, spare, data.neighbours.get(level, ()))
    return np.where(np.isnan(gap).any(axis=1), np.nan, after)
