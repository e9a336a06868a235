"""Levers of a scenario to adjustments of arrays, and what these must not come to."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Axis, Bools, Floats
from capacity.base.errors import At, Problems
from capacity.inputs.levers.cells import Scope
from capacity.inputs.levers.kinds import Closing, Converting, cells_of
from capacity.inputs.levers.kinds import Rezoning as Sent
from capacity.inputs.levers.lever import Lever
from capacity.inputs.scenarios.scenario import Scenario
from capacity.inputs.to_model.district import missing_groups
from capacity.inputs.to_model.supply import pipeline
from capacity.model.data import (
    VARIABLES,
    Adjustment,
    Adjustments,
    Closure,
    Conversion,
    ProjectAdjustment,
    Rezoning,
)


def resolve(
    scenario: Scenario, axes: Axes, completion: Mapping[Any, float] | None = None
) -> Adjustments:
    """Turn levers into adjustments, numbered from 1 in the order of the scenario.

    Parameters
    ----------
    scenario
    axes
    completion
        Probability that a project of a status is built; 1 where none is given.

    Raises
    ------
    capacity.InputError
        Entrants of a group are sent to a region that has no such group.
    """
    scope, completion = Scope.of(scenario.district), completion or {}
    values: dict[str, tuple[Adjustment, ...]] = {}
    projects, closures, conversions, rezonings = [], [], [], []
    problems = Problems()
    for number, lever in enumerate(scenario.levers, start=1):
        if lever.kind in VARIABLES:
            adjustment = _adjustment(number, lever, scope, axes)
            values[lever.kind] = (*values.get(lever.kind, ()), adjustment)
        elif lever.add_project is not None or cells_of(lever.kind) == ("project",):
            projects.append(_project_adjustment(number, lever, scope, axes, completion))
        elif lever.close is not None:
            closures.append(_closure(number, lever, lever.close, axes))
        elif lever.convert is not None:
            conversions.append(_conversion(number, lever, lever.convert, axes))
        elif lever.rezone is not None:
            rezonings.append(_rezoning(number, lever, lever.rezone, axes, problems))
    problems.raise_errors()
    return Adjustments(
        values, tuple(projects), tuple(closures), tuple(conversions), tuple(rezonings)
    )


def _closure(number: int, lever: Lever, close: Closing, axes: Axes) -> Closure:
    return Closure(
        lever=number,
        years=_years(axes.horizon, lever),
        region=axes.region.at(close.region),
        level=axes.level.at(close.level),
        places=float(close.places or 0.0),
        school=close.school or "",
    )


def _conversion(number: int, lever: Lever, turn: Converting, axes: Axes) -> Conversion:
    return Conversion(
        lever=number,
        years=_years(axes.horizon, lever),
        region=axes.region.at(turn.region),
        source=axes.level.at(turn.from_level),
        target=axes.level.at(turn.to_level),
        places=float(turn.places),
    )


def _rezoning(number: int, lever: Lever, sent: Sent, axes: Axes, problems: Problems) -> Rezoning:
    for group in missing_groups(axes, sent.from_region, sent.to_region):
        facts = {"region": sent.to_region, "source": sent.from_region, "group": group}
        problems.error("group-missing", lever.at("rezone", "to_region"), **facts)
    return Rezoning(
        lever=number,
        years=_years(axes.horizon, lever),
        source=axes.region.at(sent.from_region),
        target=axes.region.at(sent.to_region),
        level=axes.level.at(sent.level),
        share=float(sent.share),
    )


def _years(axis: Axis, lever: Lever) -> Bools:
    first = -np.inf if lever.from_ is None else lever.from_
    final = np.inf if lever.until is None else lever.until
    return np.array([first <= year <= final for year in axis.labels])


def _adjustment(number: int, lever: Lever, scope: Scope, axes: Axes) -> Adjustment:
    names = VARIABLES[lever.kind]
    years = _years(axes.year if names[0] == "year" else axes.horizon, lever)
    if names[:2] == ("horizon", "area"):
        years[0] = False  # pupils of the base year are known
    assert lever.form is not None and lever.value is not None
    chosen = (_mask(name, lever, scope, axes) for name in names[1:])
    return Adjustment(number, lever.form, lever.value, (years, *chosen))


def _mask(name: str, lever: Lever, scope: Scope, axes: Axes) -> Bools:
    """Mark what a lever chooses on an axis of arrays."""
    if name == "area":
        regions, groups = scope.regions(lever), scope.groups_of(lever)
        return np.array([r in regions and g in groups for r, g in axes.area.labels])
    choose = {"region": scope.regions, "level": scope.levels, "grade": scope.grades}
    axis: Axis = getattr(axes, name)
    if name == "level" and lever.where.level is None:
        return axis.mask(None)  # a share into the first level does nothing, but the log has it
    return axis.mask(tuple(choose[name](lever)))


def _project_adjustment(
    number: int, lever: Lever, scope: Scope, axes: Axes, completion: Mapping[Any, float]
) -> ProjectAdjustment:
    if lever.add_project is not None:
        none = {f"places_{level}": 0.0 for level in axes.level.labels}
        row = pd.DataFrame([none | dict(lever.add_project)])
        return ProjectAdjustment(number, lever.kind, added=pipeline(row, axes, completion))
    where = lever.where
    return ProjectAdjustment(
        number,
        lever.kind,
        lever.form or "",
        lever.value or 0.0,
        codes=where.project,
        statuses=where.status,
        regions=axes.region.mask(tuple(scope.regions(lever))),
    )


def check_class_size(scenario: Scenario, axes: Axes, class_size: Floats) -> None:
    """Refuse levers that leave no class size.

    Parameters
    ----------
    scenario, axes
    class_size : (horizon, region, level, draw)
        Pupils a class, levers applied.

    Raises
    ------
    capacity.InputError
        At the lever that takes a class size to 0 or below.
    """
    _refuse_cells(scenario, axes, class_size, np.asarray(class_size <= 0), "class-size-below")


def check_places(scenario: Scenario, axes: Axes, places: Floats) -> None:
    """Refuse levers that take places below 0; parameters and errors as in `check_class_size`."""
    _refuse_cells(scenario, axes, places, np.asarray(places < 0), "places-below-zero")


def _refuse_cells(scenario: Scenario, axes: Axes, values: Floats, wrong: Bools, code: str) -> None:
    """Refuse the first year of each cell that is wrong, at the lever that makes it so."""
    problems, told = Problems(), set()
    scope = Scope.of(scenario.district)
    for year, region, level, draw in np.argwhere(wrong):
        cell = axes.region.labels[region], axes.level.labels[level]
        if cell in told:
            continue
        told.add(cell)
        when = axes.horizon.labels[year]
        takers = [
            lever
            for lever in scenario.levers
            if _acts_in(lever, when) and _takes(lever, scope, *cell, code)
        ]
        at = takers[-1].at() if takers else At(str(scenario.path), 1, 1)
        facts = {"year": when, "region": cell[0], "level": cell[1]}
        problems.error(code, at, **facts, found=_short(values[year, region, level, draw]))
    problems.raise_errors()


def _short(value: float) -> float:
    return int(value) if value == int(value) else float(f"{value:.6g}")


def _acts_in(lever: Lever, year: int) -> bool:
    after = lever.from_ is None or lever.from_ <= year
    return after and (lever.until is None or year <= lever.until)


def _takes(lever: Lever, scope: Scope, region: str, level: str, code: str) -> bool:
    """Whether a lever takes from a cell what a code is about."""
    if lever.close:
        cell = lever.close.region, lever.close.level
        return code == "places-below-zero" and cell == (region, level)
    if lever.convert:
        cell = lever.convert.region, lever.convert.from_level
        return code == "places-below-zero" and cell == (region, level)
    lowers = (lever.add or 0.0) < 0 or (lever.times or 1.0) < 1 or lever.set is not None
    kind = "class_size" if code == "class-size-below" else "places" if lowers else ""
    return lever.kind == kind and region in scope.regions(lever) and level in scope.levels(lever)
