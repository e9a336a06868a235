"""Levers of a scenario to adjustments of arrays: which cells, which years, which projects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Axis, Bools
from capacity.base.errors import Problems
from capacity.inputs.to_model.build import missing_groups
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

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.inputs.levers import rows as lever_rows
    from capacity.inputs.levers.lever import Lever
    from capacity.inputs.scenarios.scenario import Scenario

#: Variables of the demand side act from the year after the base: that year's pupils are known.
_AFTER_BASE = ("entry", "onward_share", "progression", "migration")
_PROJECT_KINDS = ("cancel", "delay", "completion", "add_project")


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
    district, completion = scenario.district, completion or {}
    values: dict[str, tuple[Adjustment, ...]] = {}
    projects, closures, conversions, rezonings = [], [], [], []
    problems = Problems()
    for number, lever in enumerate(scenario.levers, start=1):
        if lever.kind in VARIABLES:
            adjustment = _adjustment(number, lever, district, axes)
            values[lever.kind] = (*values.get(lever.kind, ()), adjustment)
        elif lever.kind in _PROJECT_KINDS:
            projects.append(_project_adjustment(number, lever, district, axes, completion))
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


def _closure(number: int, lever: Lever, close: lever_rows.Closing, axes: Axes) -> Closure:
    return Closure(
        lever=number,
        years=_years(axes.horizon, lever),
        region=axes.region.at(close.region),
        level=axes.level.at(close.level),
        places=float(close.places or 0.0),
        school=close.school or "",
    )


def _conversion(number: int, lever: Lever, turn: lever_rows.Converting, axes: Axes) -> Conversion:
    return Conversion(
        lever=number,
        years=_years(axes.horizon, lever),
        region=axes.region.at(turn.region),
        source=axes.level.at(turn.from_level),
        target=axes.level.at(turn.to_level),
        places=float(turn.places),
    )


def _rezoning(
    number: int, lever: Lever, sent: lever_rows.Rezoning, axes: Axes, problems: Problems
) -> Rezoning:
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


def _adjustment(number: int, lever: Lever, district: District, axes: Axes) -> Adjustment:
    chosen = []
    for name in VARIABLES[lever.kind]:
        if name in ("year", "horizon"):
            years = _years(axes.year if name == "year" else axes.horizon, lever)
            if lever.kind in _AFTER_BASE:
                years[0] = False
            chosen.append(years)
        else:
            chosen.append(_CHOOSE[name](lever, district, axes))
    assert lever.form is not None and lever.value is not None
    return Adjustment(number, lever.form, lever.value, tuple(chosen))


def _regions(lever: Lever, district: District, axes: Axes) -> Bools:
    """Mark the leaf regions chosen: a parent region chooses what is within it."""
    if lever.where.region is None:
        return axes.region.mask(None)
    return axes.region.mask(
        [leaf for region in lever.where.region for leaf in district.children_of(region)]
    )


def _areas(lever: Lever, district: District, axes: Axes) -> Bools:
    groups = lever.where.group
    in_group = [groups is None or group in groups for _, group in axes.area.labels]
    marked: Bools = _regions(lever, district, axes)[axes.region_of] & np.array(in_group)
    return marked


def _levels(lever: Lever, district: District, axes: Axes) -> Bools:
    return axes.level.mask(lever.where.level)


def _grades(lever: Lever, district: District, axes: Axes) -> Bools:
    """Mark the grades chosen; ratios go into the grades above the first of all."""
    marked: Bools = (
        axes.grade.mask(lever.where.grade) & axes.level.mask(lever.where.level)[axes.level_of]
    )
    if lever.kind == "progression":
        marked[0] = False
    return marked


_CHOOSE = {"area": _areas, "region": _regions, "level": _levels, "grade": _grades}


def _project_adjustment(
    number: int, lever: Lever, district: District, axes: Axes, completion: Mapping[Any, float]
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
        regions=_regions(lever, district, axes),
    )
