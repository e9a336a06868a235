"""The log of levers: what each changed, old → new, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from capacity.base.axes import Axes
from capacity.model.data import VARIABLES, Adjustments, Closure, Conversion, Rezoning
from capacity.model.levers import ProjectStep, Step
from capacity.model.passing import Passing

if TYPE_CHECKING:
    from capacity.inputs.levers.lever import Lever

COLUMNS = (
    *("lever", "kind", "file", "line", "region", "group", "level", "grade", "project"),
    *("from", "until", "old", "new", "note"),
)


def levers_frame(
    levers: Sequence[Lever],
    axes: Axes,
    steps: Sequence[Step],
    project_steps: Sequence[ProjectStep],
    adjustments: Adjustments,
    passing: Passing,
) -> pd.DataFrame:
    """Return the rows of levers.csv; years in a row with the same old and new are one row.

    The note of a lever on births says to which share they pass on to first grades after it.
    """
    rows = [row for step in steps for row in _cells(step, axes)]
    rows += [
        {"lever": step.lever, "project": step.project, "region": axes.region.labels[step.region]}
        | {"old": step.old, "new": step.new}
        for step in project_steps
    ]
    rows += list(_own_keys(adjustments, axes))
    for row in rows:
        lever = levers[row["lever"] - 1]
        row |= {"kind": lever.kind, "file": Path(lever.file).name, "line": lever.line}
        in_part = lever.kind == "births" and passing.takes_part.any()
        if in_part:
            row["note"] = f"first grades then show a share of {passing.share:.3g}"
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("lever", kind="stable")
    for name in ("line", "grade", "from", "until"):
        frame[name] = frame[name].astype("Int64")
    for name in ("region", "group", "level", "project", "note"):
        frame[name] = [cell if isinstance(cell, str) else "" for cell in frame[name]]
    return frame.reset_index(drop=True)


def _cells(step: Step, axes: Axes) -> Iterator[dict[str, Any]]:
    """Yield a row per cell and run of years with the same old and new."""
    names = VARIABLES[step.variable]
    labels = [getattr(axes, name).labels for name in names]
    runs: dict[tuple[int, ...], list[list[Any]]] = {}
    for cell, old, new in zip(step.cells.tolist(), step.old, step.new, strict=True):
        year, where = labels[0][cell[0]], tuple(cell[1:])
        known = runs.setdefault(where, [])
        if known and known[-1][1] == year - 1 and known[-1][2:] == [old, new]:
            known[-1][1] = year
        else:
            known.append([year, year, old, new])
    for where, spans in runs.items():
        place: dict[str, Any] = {}
        for name, axis, position in zip(names[1:], labels[1:], where, strict=True):
            if name == "area":
                place["region"], place["group"] = axis[position]
            elif name == "flow":
                level, region, group, *to = axis[position]
                place = {"level": level, "region": region, "group": group}
                place["note"] = f"to {'/'.join(filter(None, to))}"
            else:
                place[name] = axis[position]
        for first, final, old, new in spans:
            years = {"from": first, "until": final}
            yield {"lever": step.lever, **place, **years, "old": old, "new": new}


def _own_keys(adjustments: Adjustments, axes: Axes) -> Iterator[dict[str, Any]]:
    """Yield a row per closure, conversion and rezoning: how much goes from where to where."""
    regions, levels = axes.region.labels, axes.level.labels

    def row(change: Closure | Conversion | Rezoning, region: int, level: int) -> dict[str, Any]:
        marked = zip(axes.horizon.labels, change.years, strict=True)
        years = [year for year, acts in marked if acts]
        span = {"from": min(years, default=None), "until": max(years, default=None)}
        return {"lever": change.lever, "region": regions[region], "level": levels[level]} | span

    for shut in adjustments.closures:
        old = shut.school or f"{shut.places:g} places"
        yield row(shut, shut.region, shut.level) | {"old": old, "new": "closed"}
    for turn in adjustments.conversions:
        old, new = f"{turn.places:g} places", f"at the class size of {levels[turn.target]}"
        yield row(turn, turn.region, turn.source) | {"old": old, "new": f"their rooms, {new}"}
    for sent in adjustments.rezonings:
        old, new = f"share {sent.share:g} of entrants", f"to {regions[sent.target]}"
        yield row(sent, sent.source, sent.level) | {"old": old, "new": new}
