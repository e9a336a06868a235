"""One run on arrays: prepare demand and supply, roll pupils forward, and balance the two."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Floats, along, ordered_sum
from capacity.base.settings import Settings
from capacity.model.balance import clip, convert, residual_shortage
from capacity.model.data import Adjustments, ModelData
from capacity.model.demand import Demand, prepare_demand
from capacity.model.pools import Pools
from capacity.model.roll import by_grade, by_level, roll_forward
from capacity.model.supply import Supply, entry_places, prepare_supply


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
    margin : (year, region, level, draw)
        Share of places that is kept free; its draw axis has length 1.
    entry_places : (year, region, level, draw)
        Of the first grade of each level, none kept free.
    shortage_by_grade : (year, region, level, draw)
        Where a spare place in one grade seats no other; of a set of regions at its last one.
    shortage_kept, surplus_kept : (year, region, level, draw)
        What conversions inside a region leave; of regions that share places, their part of it.
    shortage_after : (year, level, draw)
        What moves to neighbours leave too; for a pooled level what its sets lack.
    class_size : (year, region, level, draw)
    """

    pupils: Floats
    clipped: Floats
    demand: Floats
    places: Floats
    listed: Floats
    margin: Floats
    entry_places: Floats
    shortage_by_grade: Floats
    shortage_kept: Floats
    surplus_kept: Floats
    shortage_after: Floats
    class_size: Floats

    @property
    def gap(self) -> Floats:
        """Demand − places, signed: positive is short; ``(year, region, level, draw)``."""
        return self.demand - self.places

    @property
    def margin_gap(self) -> Floats:
        """Demand − places · (1 − margin): positive is short; ``(year, region, level, draw)``."""
        return self.demand - self.places * (1.0 - self.margin)


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
    gap = needed - usable * (1.0 - supply.margin)
    sides = _offered(gap, data.pools)
    left = convert(*sides, supply.class_size, supply.lenders)
    shortage, surplus = (np.where(np.isnan(gap), np.nan, side) for side in left)
    return Outcome(
        pupils=pupils,
        clipped=clipped,
        demand=needed,
        places=usable,
        listed=supply.listed,
        margin=supply.margin,
        entry_places=entry_places(supply.listed, supply.entry_more, data.axes.span),
        shortage_by_grade=_by_grade(data, pupils, supply),
        shortage_kept=shortage,
        surplus_kept=surplus,
        shortage_after=_after(data, gap, sides, left),
        class_size=supply.class_size,
    )


def _by_grade(data: ModelData, pupils: Floats, supply: Supply) -> Floats:
    """Clip the gap of each grade, and add grades up, ``(year, region, level, draw)``.

    A set of regions of a pooled level is summed by grade first.
    """
    usable = supply.by_grade * (1.0 - supply.margin)[:, :, :, None]
    short = data.pools.clipped(by_grade(pupils, data.axes) - usable)
    return ordered_sum(along(short, -2))


def _offered(gap: Floats, pools: Pools) -> tuple[Floats, Floats]:
    """Return what cells may take of other levels, and give to them; 0 where unknown.

    Regions that share places take and give no more than their set lacks, or has to spare: what
    one of them needs another may have.
    """
    known = np.nan_to_num(gap)
    shortage, surplus = clip(known)
    for level in np.flatnonzero(pools.pooled).tolist():
        pools.shared(shortage[:, :, level], known[:, :, level], level)
        pools.shared(surplus[:, :, level], -known[:, :, level], level)
    return shortage, surplus


def rolled(demand: Demand) -> tuple[Floats, Floats]:
    """Roll the demand side forward; pupils, and what was clipped, as in `roll_forward`."""
    return roll_forward(
        demand.base, demand.entrants[1:], demand.ratios[1:], demand.moves[1:], demand.transfers
    )


def _after(
    data: ModelData,
    gap: Floats,
    sides: tuple[Floats, Floats],
    left: tuple[Floats, Floats],
) -> Floats:
    """Shortage of each level of the district after conversions and moves.

    ``sides`` are what cells may take and give, and ``left`` what conversions left of them. A
    level with sets has no moves.
    """
    pools, (shortage, surplus) = data.pools, left
    taken, given = (side - rest for side, rest in zip(sides, left, strict=True))
    still = pools.clipped(np.nan_to_num(gap) - taken + given)
    after = np.empty((gap.shape[0], gap.shape[2], gap.shape[3]))
    for level, pooled in enumerate(pools.pooled):
        if pooled:
            after[:, level] = ordered_sum(along(still[:, :, level], 1))
        else:
            pairs = data.neighbours.get(level, ())
            after[:, level] = residual_shortage(shortage[:, :, level], surplus[:, :, level], pairs)
    return np.where(np.isnan(gap).any(axis=1), np.nan, after)
