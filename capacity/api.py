"""The method, step by step: load → calibrate → simulate → result."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from capacity.errors import At, Problem, Problems
from capacity.inputs.adjustments import resolve
from capacity.inputs.arrays import build
from capacity.inputs.levers import Lever
from capacity.inputs.scenario import Scenario, load_scenario
from capacity.inputs.world import World
from capacity.model import demand as demand_side
from capacity.model import places as supply_side
from capacity.model.checks import check
from capacity.model.entry import entry_rows
from capacity.model.simulate import simulate
from capacity.model.totals import any_part, totals
from capacity.outputs import assumptions, notes, tables
from capacity.outputs.labels import Labels, LevelLabel, RegionLabel
from capacity.outputs.leverlog import levers_frame
from capacity.outputs.manifest import identity
from capacity.outputs.result import Result

__all__ = ["load_scenario", "run", "with_chance"]


def run(scenario: Scenario, *, draws: int | None = None, seed: int | None = None) -> Result:
    """Run a scenario.

    Parameters
    ----------
    scenario
    draws
        Sampled worlds beside the central run; the scenario's own number by default. This
        version gives the central run only, and says so where draws are asked for.
    seed
        Seed of the draws; the scenario's own by default.

    Raises
    ------
    capacity.InputError
        Levers close or convert more places than there are.
    """
    scenario = with_chance(scenario, draws, seed)
    district, horizon = scenario.district, scenario.horizon
    completion = scenario.supply.completion
    world = build(district, horizon.base_year, horizon.last_year, completion)
    adjustments = resolve(scenario.levers, district, world.axes, completion)

    demand = demand_side.prepare(world, scenario.demand, adjustments)
    places = supply_side.prepare(world, adjustments, scenario.supply.count, scenario.supply.fill)
    _refuse_negative(scenario, world, places)
    outcome = simulate(world, demand, places)

    regions, members = tables.result_rows(district, world.axes)
    rows = totals(outcome, members, world.pooled)
    bounded = supply_side.constrained(
        world,
        world.axes.window(scenario.demand.progression.window),
        scenario.supply.count,
        scenario.supply.fill,
    )
    axes = world.axes
    return Result(
        scenario=scenario,
        labels=labels_of(scenario),
        notes=(
            *scenario.warnings,
            *_central_only(scenario),
            *notes.notes(scenario.name, axes, demand, outcome),
            *notes.bounded(scenario.name, axes, bounded),
        ),
        _frames={
            "results": tables.results_frame(
                scenario.name, axes, regions, rows, any_part(bounded, members)
            ),
            "entry": tables.entry_frame(
                axes, regions, entry_rows(outcome, axes, members, world.pooled)
            ),
            "pupils": tables.pupils_frame(axes, regions, members, outcome.pupils),
            "levers": levers_frame(
                scenario.levers,
                axes,
                (*demand.steps, *places.steps),
                places.project_steps,
                adjustments,
            ),
            "checks": tables.checks_frame(check(outcome, demand, rows, members, world.pooled)),
            "assumptions": assumptions.assumptions_frame(scenario),
        },
    )


def labels_of(scenario: Scenario) -> Labels:
    """Give the names, targets and provenance that charts and text show."""
    district = scenario.district
    return Labels(
        scenario=scenario.name,
        title=scenario.title.model_dump(),
        question=scenario.question.model_dump() if scenario.question else {},
        regions=tuple(
            RegionLabel(r.code, r.title.model_dump(), r.cell, r.within) for r in district.regions
        ),
        levels=tuple(
            LevelLabel(v.code, v.title.model_dump(), v.pool == "district") for v in district.levels
        ),
        district=district.title.model_dump(),
        base_year=scenario.horizon.base_year,
        new_places=district.targets.new_places,
        new_places_by=district.targets.new_places_by,
        gap_target=district.targets.gap,
        sources=assumptions.sources(district),
        quality=assumptions.worst_quality(district),
        split_assumed=assumptions.split_assumed(district, scenario.horizon.base_year),
        run_id=identity(scenario)[:8],
    )


def with_chance(scenario: Scenario, draws: int | None, seed: int | None) -> Scenario:
    """Take draws and seed that were asked for in place of the scenario's own."""
    stated = {
        name: value for name, value in (("draws", draws), ("seed", seed)) if value is not None
    }
    return replace(scenario, chance=scenario.chance.model_copy(update=stated))


def _central_only(scenario: Scenario) -> tuple[Problem, ...]:
    found = Problems()
    if scenario.chance.draws:
        found.warning("central-only", At(scenario.name), draws=scenario.chance.draws)
    return found.warnings


def _refuse_negative(scenario: Scenario, world: World, places: supply_side.Places) -> None:
    """Refuse levers that take more places away than there are."""
    problems, axes = Problems(), world.axes
    for year, region, level in np.argwhere(np.minimum(places.usable, places.listed) < 0):
        cell = axes.region.labels[region], axes.level.labels[level]
        lever = _taking(scenario, cell)
        problems.error(
            "places-below-zero",
            lever.at() if lever else At(scenario.name),
            year=axes.horizon.labels[year],
            region=cell[0],
            level=cell[1],
            found=f"{places.usable[year, region, level]:g}",
        )
    problems.raise_errors()


def _taking(scenario: Scenario, cell: tuple[str, str]) -> Lever | None:
    """Find the last lever that takes places from a cell."""
    for lever in reversed(scenario.levers):
        if lever.close and (lever.close.region, lever.close.level) == cell:
            return lever
        if lever.convert and (lever.convert.region, lever.convert.from_level) == cell:
            return lever
    return next((lever for lever in reversed(scenario.levers) if lever.kind == "places"), None)
