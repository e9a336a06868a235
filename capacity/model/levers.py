"""Levers on arrays: what a scenario sets, adds or multiplies, and what that changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.model.data import Adjustment, ProjectAdjustment, Projects


@dataclass(frozen=True)
class Step:
    """What one lever changed: old → new of every cell that it chose.

    Attributes
    ----------
    lever
        Its number in the scenario.
    variable
        What it acted on.
    cells : (cell, axis)
        Positions on the axes of the variable.
    old, new : (cell)
    """

    lever: int
    variable: str
    cells: np.ndarray[tuple[int, ...], np.dtype[np.int64]]
    old: Floats
    new: Floats


def adjust(
    variable: str, values: Floats, adjustments: Sequence[Adjustment]
) -> tuple[Floats, list[Step]]:
    """Apply the levers on one variable, in their order.

    Parameters
    ----------
    variable
        Name, for the log.
    values
        Before the levers; not changed.
    adjustments
        One mask per axis of ``values`` each.

    Returns
    -------
    values, steps
    """
    values, steps = values.copy(), []
    for change in adjustments:
        chosen = np.ix_(*change.chosen)
        old = values[chosen]
        values[chosen] = formed(old, change.form, change.value)
        cells = np.stack(np.meshgrid(*map(np.flatnonzero, change.chosen), indexing="ij"), -1)
        cells = cells.reshape(-1, values.ndim)
        steps.append(Step(change.lever, variable, cells, old.ravel(), values[chosen].ravel()))
    return values, steps


def formed(old: Floats, form: str, value: float) -> Floats:
    """Give the value after one form: ``set``, ``add`` or ``times``."""
    if form == "set":
        return np.full_like(old, value)
    return old + value if form == "add" else old * value


@dataclass(frozen=True)
class ProjectStep:
    """What one lever changed on one project: old → new, as text for the log.

    ``region`` is the position of its region.
    """

    lever: int
    kind: str
    project: str
    region: int
    old: str
    new: str


def adjust_projects(
    projects: Projects, adjustments: Sequence[ProjectAdjustment]
) -> tuple[Projects, list[ProjectStep]]:
    """Apply the levers on the pipeline, in their order; an added project is seen by later ones.

    An ``open`` project neither slips nor fails.
    """
    steps: list[ProjectStep] = []
    for change in adjustments:
        if change.kind == "add_project":
            assert change.added is not None
            added = change.added
            steps.append(_step(change, added, 0, "", f"opens {added.opens[0]:g}"))
            projects = join(projects, added)
            continue
        chosen = choose(projects, change)
        if change.kind == "cancel":
            steps += [
                _step(change, projects, row, projects.status[row], "cancelled")
                for row in _rows(chosen)
            ]
            projects = take(projects, _rows(~chosen))
            continue
        chosen &= np.array([status != "open" for status in projects.status], dtype=bool)
        if change.kind == "delay":
            slipped = formed(projects.opens - projects.opens_listed, change.form, change.value)
            opens = np.where(chosen, projects.opens_listed + slipped, projects.opens)
            steps += _numbers(change, projects, chosen, projects.opens, opens)
            projects = replace(projects, opens=opens)
        else:
            probable = np.clip(formed(projects.completion, change.form, change.value), 0.0, 1.0)
            probable = np.where(chosen, probable, projects.completion)
            steps += _numbers(change, projects, chosen, projects.completion, probable)
            projects = replace(projects, completion=probable)
    return projects, steps


def choose(projects: Projects, change: ProjectAdjustment) -> Bools:
    """Mark the projects that a lever chooses, ``(project)``."""
    chosen = np.ones(len(projects.code), dtype=bool)
    if change.codes is not None:
        chosen &= np.array([code in change.codes for code in projects.code], dtype=bool)
    if change.statuses is not None:
        chosen &= np.array([status in change.statuses for status in projects.status], dtype=bool)
    if change.regions is not None:
        chosen &= change.regions[projects.region]
    return chosen


def take(projects: Projects, rows: Sequence[int]) -> Projects:
    """Give the projects at these positions, in this order."""
    return _each(lambda part: _chosen(part, rows), projects)


def join(one: Projects, other: Projects) -> Projects:
    """Put two pipelines together, by code."""
    both = _each(_together, one, other)
    return take(both, sorted(range(len(both.code)), key=lambda row: both.code[row]))


def _each(make: Callable[..., Any], *projects: Projects) -> Projects:
    """Build a pipeline from the same field of others, field by field."""
    names = [field.name for field in fields(Projects)]
    return Projects(**{name: make(*(getattr(one, name) for one in projects)) for name in names})


def _chosen(part: Any, rows: Sequence[int]) -> Any:
    return tuple(part[row] for row in rows) if isinstance(part, tuple) else part[list(rows)]


def _together(one: Any, other: Any) -> Any:
    return one + other if isinstance(one, tuple) else np.concatenate([one, other])


def _step(
    change: ProjectAdjustment, projects: Projects, row: int, old: str, new: str
) -> ProjectStep:
    region = int(projects.region[row])
    return ProjectStep(change.lever, change.kind, projects.code[row], region, old, new)


def _rows(chosen: Bools) -> list[int]:
    return [int(row) for row in np.flatnonzero(chosen)]


def _numbers(
    change: ProjectAdjustment, projects: Projects, chosen: Bools, old: Floats, new: Floats
) -> list[ProjectStep]:
    return [_step(change, projects, row, f"{old[row]:g}", f"{new[row]:g}") for row in _rows(chosen)]
