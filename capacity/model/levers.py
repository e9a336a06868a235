"""Levers on arrays: what a scenario sets, adds or multiplies, and what that changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
        cells = np.stack(np.meshgrid(*map(np.flatnonzero, change.chosen), indexing="ij"), -1)
        cells = cells.reshape(-1, values.ndim)
        if change.among is not None:
            cells = cells[change.among[tuple(cells[:, 1:].T)]]
        chosen = tuple(cells.T)
        old = values[chosen]
        values[chosen] = formed(old, change.form, change.value)
        steps.append(Step(change.lever, variable, cells, old, values[chosen]))
    return values, steps


def formed(old: Floats | float, form: str, value: float) -> Floats:
    """Return the value after one form: ``set``, ``add`` or ``times``."""
    if form == "set":
        return np.full_like(old, value)
    with np.errstate(over="ignore"):  # beyond every limit, which whoever asked is told of
        return np.asarray(old + value if form == "add" else old * value)


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
        if change.added is not None:
            steps.append(_step(change, change.added, 0, "", f"opens {change.added.opens[0]:g}"))
            projects = projects.join(change.added)
            continue
        chosen = choose(projects, change)
        if change.kind == "cancel":
            steps += [
                _step(change, projects, row, projects.status[row], "cancelled")
                for row in np.flatnonzero(chosen)
            ]
            projects = projects.take(np.flatnonzero(~chosen))
            continue
        chosen &= np.array([status != "open" for status in projects.status], dtype=bool)
        if change.kind == "delay":
            old, listed = projects.opens, projects.opens_listed
            acted = listed + formed(old - listed, change.form, change.value)
            projects = replace(projects, opens=np.where(chosen, acted, old))
        else:
            old = projects.completion
            acted = np.clip(formed(old, change.form, change.value), 0.0, 1.0)
            projects = replace(projects, completion=np.where(chosen, acted, old))
        steps += [
            _step(change, projects, row, f"{old[row]:g}", f"{acted[row]:g}")
            for row in np.flatnonzero(chosen)
        ]
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


def _step(
    change: ProjectAdjustment, projects: Projects, row: Any, old: str, new: str
) -> ProjectStep:
    region = int(projects.region[row])
    return ProjectStep(change.lever, change.kind, projects.code[row], region, old, new)
