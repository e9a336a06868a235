"""The method, step by step: load → calibrate → simulate → result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np

from capacity.axes import Axes
from capacity.inputs.arrays.adjustments import resolve
from capacity.inputs.arrays.build import build
from capacity.inputs.levers.effects import check_class_size, check_places
from capacity.inputs.scenarios.declared import Chance
from capacity.inputs.scenarios.scenario import Scenario, load_scenario
from capacity.model.simulate import prepare, simulate
from capacity.model.supply import Supply
from capacity.outputs import runfolder
from capacity.outputs.draft import FolderTakenError
from capacity.outputs.present import result_of
from capacity.outputs.result import Result

__all__ = ["keep", "load_scenario", "run", "with_chance"]


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
        Levers take more places away than there are, leave no class size, or send pupils of a
        group where it is not.
    ValueError
        Draws or seed are no whole numbers within the limits of scenario files.
    """
    scenario = with_chance(scenario, draws, seed)
    horizon, completion = scenario.horizon, scenario.supply.completion
    world = build(scenario.district, horizon.base_year, horizon.last_year, completion=completion)
    adjustments = resolve(scenario, world.axes)

    prepared = prepare(world, scenario.demand, scenario.supply, adjustments)
    refuse(scenario, world.axes, prepared.supply)
    outcome = simulate(world, prepared)
    return result_of(scenario, world, adjustments, prepared, outcome)


def refuse(scenario: Scenario, axes: Axes, supply: Supply) -> None:
    """Refuse levers whose effect cannot be: no class size, or places below 0."""
    check_class_size(scenario, axes, supply.class_size)
    check_places(scenario, axes, np.minimum(supply.usable, supply.listed))


def with_chance(scenario: Scenario, draws: int | None, seed: int | None) -> Scenario:
    """Take draws and seed that were asked for in place of the scenario's own.

    Raises
    ------
    ValueError
        They are no whole numbers within the limits of scenario files.
    """
    stated = {
        name: value for name, value in (("draws", draws), ("seed", seed)) if value is not None
    }
    chance = Chance.model_validate(scenario.chance.model_dump() | stated)
    return replace(scenario, chance=chance)


def keep(
    scenario: Scenario,
    folder: Path,
    options: runfolder.Options,
    *,
    overwrite: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> tuple[Result, str]:
    """Run a scenario into a run folder.

    Parameters
    ----------
    scenario
    folder
        A new or empty folder, one that holds this very run, or with ``overwrite`` any. Charts
        that this run has not yet, or has in another language, are drawn.
    options
        Language, and whether with charts.
    overwrite
        Whether another run may be replaced; files that no run wrote always stay.
    progress
        Told of each step.

    Returns
    -------
    result
    state : str
        ``written``; ``unchanged`` where the folder already held this run; ``redrawn`` where it
        did, and charts were added or drawn again in another language.

    Raises
    ------
    capacity.InputError
        As in `run`, or a file changed while it was being run.
    capacity.outputs.draft.FolderTakenError, capacity.outputs.draft.FolderInUseError
        The folder holds something else, a file that no run wrote would be replaced, or another
        run is writing there.
    OSError
        The disk is full, or may not be written to.
    """
    unchanged = runfolder.holds(folder, scenario)
    if not (unchanged or runfolder.is_free(folder) or (overwrite and folder.is_dir())):
        raise FolderTakenError(f"{folder}: holds something else")
    result = run(scenario)
    if unchanged and runfolder.is_drawn(folder, options):
        return result, "unchanged"
    runfolder.write(result, folder, options, progress)
    return result, "redrawn" if unchanged else "written"
