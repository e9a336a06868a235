"""Levers of a scenario to adjustments of arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Axis, Bools
from capacity.base.errors import Problems
from capacity.inputs.levers.cells import Cells
from capacity.inputs.tables.columns import PER_LEVEL
from capacity.inputs.to_model.district import pipeline
from capacity.inputs.to_model.streams import missing_groups
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
    from capacity.inputs.levers.lever import Lever
    from capacity.inputs.scenarios.scenario import Scenario


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
        Entrants of a group are sent to a region that has no such group in that level.
    """
    cells, problems = Cells(scenario.district), Problems()
    values: dict[str, tuple[Adjustment, ...]] = {}
    projects, closures, conversions, rezonings = [], [], [], []
    for number, lever in enumerate(scenario.levers, start=1):
        years = _years(lever, axes.horizon)
        cells.add(lever)
        if lever.kind in VARIABLES:
            change = _adjustment(number, lever, cells, axes)
            values[lever.kind] = (*values.get(lever.kind, ()), change)
        elif (shut := lever.close) is not None:
            place = axes.region.at(shut.region), axes.level.at(shut.level)
            school = shut.school or ""
            closures.append(Closure(number, years, *place, float(shut.places or 0.0), school))
        elif (turn := lever.convert) is not None:
            levels = axes.level.at(turn.from_level), axes.level.at(turn.to_level)
            region = axes.region.at(turn.region)
            conversions.append(Conversion(number, years, region, *levels, float(turn.places)))
        elif (sent := lever.rezone) is not None:
            level = axes.level.at(sent.level)
            for group in missing_groups(axes, level, sent.from_region, sent.to_region):
                facts = {"region": sent.to_region, "source": sent.from_region, "group": group}
                problems.error("group-missing", lever.at("rezone", "to_region"), **facts)
            regions = axes.region.at(sent.from_region), axes.region.at(sent.to_region)
            rezonings.append(Rezoning(number, years, *regions, level, float(sent.share)))
        else:
            projects.append(_project_adjustment(number, lever, cells, axes, completion or {}))
    problems.raise_errors()
    return Adjustments(
        values, tuple(projects), tuple(closures), tuple(conversions), tuple(rezonings)
    )


def _years(lever: Lever, axis: Axis) -> Bools:
    return np.array([lever.acts_in(year) for year in axis.labels])


def _adjustment(number: int, lever: Lever, cells: Cells, axes: Axes) -> Adjustment:
    chosen = cells.chosen(lever)
    years, *others = VARIABLES[lever.kind]
    marks = [_years(lever, getattr(axes, years))]
    if (years, *others[:1]) in (("horizon", "area"), ("horizon", "flow")):
        marks[0][0] = False  # pupils of the base year are known
    for name in others:
        axis: Axis = getattr(axes, name)
        if name == "area":
            regions, groups = chosen["region"], chosen["group"]
            inside = [region in regions and group in groups for region, group in axis.labels]
            marks.append(np.array(inside))
        elif name == "flow":
            marks.append(np.isin(np.arange(len(axis)), cells.rows_of_flows(lever)))
        else:
            # a share into the first level changes nothing, but the log has it
            every = name == "level" and lever.where.level is None
            marks.append(axis.mask(None if every else tuple(chosen[name])))
    assert lever.form is not None and lever.value is not None
    return Adjustment(number, lever.form, lever.value, tuple(marks), _among(lever, others, axes))


def _among(lever: Lever, others: Sequence[str], axes: Axes) -> Bools | None:
    """Mark the cells of chosen areas that a lever acts on; None are all.

    A level's grades are those of its own groups; and only a lever that names a group acts on it
    where it is not.
    """
    levels, level_of = lever.where.level, axes.level_of
    there = ~axes.nowhere | np.full(level_of.shape, lever.where.group is not None)
    if lever.kind == "births":
        return None  # of all groups together, whichever enter
    if others == ["area"]:
        cells = there[:, 0]
    elif others == ["area", "grade"]:
        of_level = axes.level.mask(levels)[level_of] & (level_of >= 0)
        cells = there & (of_level | np.full(level_of.shape, levels is None))
    elif others == ["area", "level"]:
        cells = np.stack([axes.entering(level) for level in range(len(axes.level))], axis=1)
        cells &= there[:, list(axes.entry)]
    else:
        return None
    return None if cells.all() else cells


def _project_adjustment(
    number: int, lever: Lever, cells: Cells, axes: Axes, completion: Mapping[Any, float]
) -> ProjectAdjustment:
    if lever.add_project is not None:
        none = {f"{prefix}{v}": 0.0 for prefix in PER_LEVEL for v in axes.level.labels}
        row = pd.DataFrame([none | dict(lever.add_project)])
        return ProjectAdjustment(number, lever.kind, added=pipeline(row, axes, completion))
    return ProjectAdjustment(
        number,
        lever.kind,
        lever.form or "",
        lever.value or 0.0,
        codes=_codes(lever, cells),
        statuses=lever.where.status,
        regions=axes.region.mask(tuple(cells.regions(lever))),
    )


def _codes(lever: Lever, cells: Cells) -> tuple[str, ...] | None:
    """Return the projects that a lever names, or that are of the kinds it names; None are all."""
    if lever.where.kind is None:
        return lever.where.project
    return tuple(str(code) for code in cells.chosen(lever)["project"])
