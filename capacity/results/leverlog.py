"""The log of levers: what each changed, old → new, cell by cell."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from capacity.base.axes import Axes
from capacity.model.data import VARIABLES, Adjustments
from capacity.model.levers import ProjectStep, Step

if TYPE_CHECKING:
    from capacity.inputs.levers.lever import Lever

COLUMNS = (
    "lever",
    "kind",
    "file",
    "line",
    "region",
    "group",
    "level",
    "grade",
    "project",
    "from",
    "until",
    "old",
    "new",
)


def levers_frame(
    levers: Sequence[Lever],
    axes: Axes,
    steps: Sequence[Step],
    project_steps: Sequence[ProjectStep],
    adjustments: Adjustments,
) -> pd.DataFrame:
    """Return the rows of levers.csv; years in a row with the same old and new are one row."""
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
    frame = pd.DataFrame(rows, columns=list(COLUMNS)).sort_values("lever", kind="stable")
    for name in ("line", "grade", "from", "until"):
        frame[name] = frame[name].astype("Int64")
    for name in ("region", "group", "level", "project"):
        frame[name] = [cell if isinstance(cell, str) else "" for cell in frame[name]]
    return frame.reset_index(drop=True)


def _cells(step: Step, axes: Axes) -> Iterator[dict[str, Any]]:
    """Return a row per cell and run of years with the same old and new."""
    names = VARIABLES[step.variable]
    labels = [_labels(name, axes) for name in names]
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
            else:
                place[name] = axis[position]
        for first, final, old, new in spans:
            yield {"lever": step.lever, **place, "from": first, "until": final} | {
                "old": old,
                "new": new,
            }


def _labels(name: str, axes: Axes) -> tuple[Any, ...]:
    labels: tuple[Any, ...] = getattr(axes, name).labels
    return labels


def _own_keys(adjustments: Adjustments, axes: Axes) -> Iterator[dict[str, Any]]:
    """Closures, conversions and rezoning: how much goes from where to where, and when."""
    regions, levels = axes.region.labels, axes.level.labels
    for closure in adjustments.closures:
        what = closure.school or f"{closure.places:g} places"
        place = {"region": regions[closure.region], "level": levels[closure.level]}
        yield {"lever": closure.lever, **place, **_span(closure.years, axes)} | {
            "old": what,
            "new": "closed",
        }
    for turn in adjustments.conversions:
        place = {"region": regions[turn.region], "level": levels[turn.source]}
        yield {"lever": turn.lever, **place, **_span(turn.years, axes)} | {
            "old": f"{turn.places:g} places",
            "new": f"their rooms, at the class size of {levels[turn.target]}",
        }
    for sent in adjustments.rezonings:
        place = {"region": regions[sent.source], "level": levels[sent.level]}
        yield {"lever": sent.lever, **place, **_span(sent.years, axes)} | {
            "old": f"share {sent.share:g} of entrants",
            "new": f"to {regions[sent.target]}",
        }


def _span(years: Any, axes: Axes) -> dict[str, int | None]:
    chosen = [year for year, mark in zip(axes.horizon.labels, years, strict=True) if mark]
    return {"from": min(chosen, default=None), "until": max(chosen, default=None)}
