"""One run of the model, from arrays to arrays: without files, frames or words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.settings import Demand as DemandSettings
from capacity.base.settings import Settings
from capacity.model.checks import Check, check
from capacity.model.data import Adjustments, Closure, Conversion, ModelData, Rezoning
from capacity.model.demand import Demand, prepare_demand
from capacity.model.draws.runs import Draws, draw_demand_alone, run_draws
from capacity.model.draws.streams import Singles
from capacity.model.roll import by_level, by_region, entrants_by_level
from capacity.model.rows import (
    any_part,
    composition_rows,
    entry_rows,
    pupils_by_group,
    sum_members,
    totals,
)
from capacity.model.simulation import Outcome, Prepared, prepare, rolled, simulate
from capacity.model.supply import Supply, constrained

#: A run without levers.
NO_LEVERS = Adjustments({})


@dataclass(frozen=True, eq=False)
class Run(Arrays):
    """All that a run finds; rows add regions up as `Axes.members` says.

    Attributes
    ----------
    data, settings, adjustments
        What it was run on.
    demand, supply
        Both sides, levers applied.
    outcome
        The central run, cell by cell.
    rows : dict
        ``(horizon, region row, level row, 1)`` by variable, as in `totals`.
    entry : dict
        ``(horizon, region row, level, 1)`` by variable, as in `entry_rows`.
    pupils : (horizon, region row, grade, 1)
    by_group : dict
        The same by group; empty where pupils are in none.
    composition : dict
        Usable and listed places, each ``(horizon, region row, level, 1)``, by what they are
        made of.
    bounded : (region, level)
        Cells that stood full: their demand is a lower bound.
    constrained : (region row, level row)
        Rows of which a part is.
    checks
        The laws of the model on this run.
    draws
        Sampled worlds; None where none were asked for.
    """

    data: ModelData
    settings: Settings
    adjustments: Adjustments
    demand: Demand
    supply: Supply
    outcome: Outcome
    rows: Mapping[str, Floats]
    entry: Mapping[str, Floats]
    pupils: Floats
    by_group: Mapping[str, Floats]
    composition: Mapping[str, tuple[Floats, Floats]]
    bounded: Bools
    constrained: Bools
    checks: tuple[Check, ...]
    draws: Draws | None

    @cached_property
    def acted(self) -> frozenset[int]:
        """Numbers of the levers that changed anything: they chose a cell, year or project."""
        acted = {
            step.lever
            for step in (*self.demand.steps, *self.supply.steps)
            if np.any((step.old != step.new) & ~np.isnan(step.new))
        }
        acted |= {step.lever for step in self.supply.project_steps if step.old != step.new}
        own: list[Closure | Conversion | Rezoning] = [*self.adjustments.closures]
        own += [*self.adjustments.conversions, *self.adjustments.rezonings]
        return frozenset(acted | {lever.lever for lever in own if lever.years.any()})


def run_model(
    data: ModelData,
    settings: Settings,
    adjustments: Adjustments = NO_LEVERS,
    *,
    workers: int = 1,
    refuse: Callable[[Prepared], None] = lambda prepared: None,
) -> Run:
    """Run the model on a district: prepare, simulate, draw, sum up, check.

    Parameters
    ----------
    data
    settings
    adjustments
        The levers.
    workers
        Threads that draw; the same bits for any number of them.
    refuse
        Told of both sides before anything is simulated; raises where levers ask for what cannot
        be.
    """
    axes, pools = data.axes, data.pools
    prepared = prepare(data, settings, adjustments)
    refuse(prepared)
    outcome = simulate(data, prepared)
    draws = None
    if settings.chance.draws:
        draws = run_draws(data, prepared, outcome, settings, workers)
    supply = prepared.supply
    rows = totals(outcome, axes.members, pools)
    bounded = constrained(data, settings.supply, settings.demand.progression.window)
    return Run(
        data=data,
        settings=settings,
        adjustments=adjustments,
        demand=prepared.demand,
        supply=supply,
        outcome=outcome,
        rows=rows,
        entry=entry_rows(outcome, axes, pools, data.bands),
        pupils=sum_members(by_region(outcome.pupils, axes), axes.members),
        by_group=pupils_by_group(outcome.pupils, axes),
        composition=composition_rows(supply, axes),
        bounded=bounded,
        constrained=any_part(bounded, axes.members),
        checks=tuple(check(outcome, prepared.demand, rows, axes.members, pools)),
        draws=draws,
    )


@dataclass(frozen=True, eq=False)
class Forecast(Arrays):
    """Demand alone, no lever acting.

    Attributes
    ----------
    demand : (horizon, region, level, 1)
        Pupils.
    entrants : (horizon, region, level, 1)
        Pupils of each level's first grade.
    draws, entrant_draws : (horizon, region, level, draw)
        The same in sampled worlds; None where none were asked for.
    """

    demand: Floats
    entrants: Floats
    draws: Singles | None
    entrant_draws: Singles | None


def forecast(
    data: ModelData, settings: DemandSettings, *, draws: int = 0, seed: int = 1
) -> Forecast:
    """Forecast demand from what is known of a district, without its supply.

    Parameters
    ----------
    data
    settings
    draws
        Sampled worlds, in which ratios and births not yet known vary.
    seed
    """
    prepared = prepare_demand(data, settings, NO_LEVERS)
    pupils, _ = rolled(prepared)
    entrants = entrants_by_level(pupils, data.axes)
    drawn, entering = None, None
    if draws:
        drawn, entering = draw_demand_alone(data, prepared, pupils, settings, draws, seed)
    return Forecast(by_level(pupils, data.axes), entrants, drawn, entering)
