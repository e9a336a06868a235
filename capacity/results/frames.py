"""Arrays of a run to the tables of its folder: results, entry, chance, supply and so on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.base.axes import ALL, Axes, Axis, Bools, Floats, tidy
from capacity.model.checks import Check
from capacity.model.draws.runs import Draws
from capacity.model.draws.summary import Summary
from capacity.model.rows import BY_GRADE, ROWS
from capacity.model.run import Run
from capacity.results.assumptions import assumptions_frame
from capacity.results.labels import BANDS
from capacity.results.leverlog import levers_frame

if TYPE_CHECKING:
    from capacity.inputs.scenarios.scenario import Scenario

#: Marks of the early-warning bands (学位预警) by their number.
_MARKS = np.array(["", *BANDS], dtype=object)
#: Columns of chance.csv; ``mainly_assumed`` follows.
CHANCE = ("year", "region", "level", "prob_shortage", "statement", "share_assumed")
#: From this share of the draws on a statement holds.
HOLDS = 0.8
#: Above this share of the variance a figure is mainly assumed.
MAINLY = 0.5


def frames_of(scenario: Scenario, run: Run) -> dict[str, pd.DataFrame]:
    """Return every table of a run by its name."""
    axes, draws = run.data.axes, run.draws
    summary = draws.summary if draws else None
    steps = (*run.demand.steps, *run.supply.steps)
    return {
        "results": results_frame(scenario.name, axes, run.rows, run.constrained, summary),
        "entry": entry_frame(axes, run.entry, summary),
        "chance": chance_frame(axes, draws),
        "pupils": pupils_frame(run),
        "supply": supply_frame(axes, run.composition),
        "levers": levers_frame(
            scenario.levers,
            axes,
            steps,
            run.supply.project_steps,
            run.adjustments,
            run.demand.stated.estimate.passing,
        ),
        "checks": checks_frame(run.checks),
        "assumptions": assumptions_frame(
            scenario, run.data, run.demand, run.supply.projects.status, draws
        ),
    }


def results_frame(
    scenario: str,
    axes: Axes,
    rows: Mapping[str, Floats],
    constrained: Bools,
    summary: Summary | None = None,
) -> pd.DataFrame:
    """Return the rows of results.csv, with what draws say where there are any; empty is nan."""
    columns: dict[str, NDArray[Any]] = {name: _central(rows[name]) for name in ROWS}
    columns["constrained"] = np.tile(constrained, (len(axes.horizon), 1, 1))
    columns[BY_GRADE] = _central(rows[BY_GRADE])
    frame = _table(_all_levels(axes), columns | (summary.columns if summary else {}))
    frame.insert(0, "scenario", scenario)
    return frame


def entry_frame(
    axes: Axes, rows: Mapping[str, Floats], summary: Summary | None = None
) -> pd.DataFrame:
    """Return the rows of entry.csv; an empty cell is nan, and an empty band ``""``."""
    columns: dict[str, NDArray[Any]] = {name: _central(cells) for name, cells in rows.items()}
    drawn = summary.entry_columns if summary else {}
    columns |= drawn
    for name in ("classes_needed", *(name for name in drawn if name.startswith("classes_"))):
        columns[name] = columns[name].astype(int)
    columns["band"] = _MARKS[np.nan_to_num(columns["band"]).astype(int)]
    across = (axes.horizon, axes.row, axes.level)
    return _table(across, columns)


def pupils_frame(run: Run) -> pd.DataFrame:
    """Return the rows of pupils.csv; where there are groups, those of ``all`` and then of each."""
    axes = run.data.axes
    across, parts = (axes.horizon, axes.row, axes.grade), {ALL: run.pupils, **run.by_group}
    frames = [_table(across, {"pupils": _central(pupils)}) for pupils in parts.values()]
    if not run.by_group:
        return frames[0]
    named = [frame.assign(group=group) for frame, group in zip(frames, parts, strict=True)]
    return pd.concat(named, ignore_index=True)


def chance_frame(axes: Axes, chances: Draws | None) -> pd.DataFrame:
    """Return the rows of chance.csv: what may be said of every row, and how much is assumed.

    Parameters
    ----------
    axes
    chances
        None where nothing was drawn: a table without rows.
    """
    if chances is None:
        return pd.DataFrame({name: [] for name in (*CHANCE, "mainly_assumed")})
    frame = _table(_all_levels(axes), {"prob_shortage": chances.summary.prob_shortage})
    frame["statement"] = [statement(share) for share in frame["prob_shortage"]]
    frame["share_assumed"] = chances.share_assumed.reshape(-1)
    frame["mainly_assumed"] = frame["share_assumed"] > MAINLY
    return frame


def statement(share: float) -> str:
    """Return what holds in `HOLDS` of the draws: ``short``, ``not short`` or ``undetermined``.

    >>> [statement(share) for share in (0.85, 0.5, 0.1, float("nan"))]
    ['short', 'undetermined', 'not short', '']
    """
    if np.isnan(share):
        return ""
    return "short" if share >= HOLDS else "not short" if share <= 1 - HOLDS else "undetermined"


def supply_frame(axes: Axes, parts: Mapping[str, tuple[Floats, Floats]]) -> pd.DataFrame:
    """Return the rows of supply.csv: what the places of each row are made of.

    Parameters
    ----------
    axes
    parts
        Usable and listed places, each ``(horizon, region row, level, 1)``, by part.
    """
    across = (axes.horizon, axes.row, axes.level, Axis("part", tuple(parts)))
    usable, listed = (np.concatenate(side, axis=-1) for side in zip(*parts.values(), strict=True))
    return _table(across, {"places": usable, "places_listed": listed})


def checks_frame(checks: Sequence[Check]) -> pd.DataFrame:
    """Return the rows of checks.csv: every law, how far it is missed, and whether it holds."""
    return pd.DataFrame(
        {
            "check": [check.code for check in checks],
            "law": [check.law for check in checks],
            "residual": [check.residual for check in checks],
            "tolerance": [check.tolerance for check in checks],
            "passed": [check.passed for check in checks],
        }
    )


def _table(across: Sequence[Axis], columns: Mapping[str, NDArray[Any]]) -> pd.DataFrame:
    """Return a row per cell, a column per axis, then the columns, each of the axes' shape."""
    first, *others = columns
    frame = tidy(columns[first], across, first)
    for name in others:
        frame[name] = columns[name].reshape(-1)
    return frame


def _all_levels(axes: Axes) -> tuple[Axis, Axis, Axis]:
    return (axes.horizon, axes.row, Axis("level", (*axes.level.labels, ALL)))


def _central(cells: Floats) -> Floats:
    """Return cells without their draw axis: the central run is an outcome with one draw."""
    return cells[..., 0]
