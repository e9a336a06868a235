"""Comparison folders: difference.csv, headline.csv, inputs.csv and the chart; and as JSON."""

from __future__ import annotations

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.render.pictures import chart
from capacity.results.atomic import read_manifest
from capacity.results.folder import Kept, csv_of, json_rows
from capacity.results.identity import identity, sha256_of

if TYPE_CHECKING:
    from capacity.studies.compare.study import Comparison

FORMAT = "capacity.comparison/1"


def is_comparison(folder: Path) -> bool:
    """Whether a folder holds a comparison."""
    return read_manifest(folder, FORMAT) is not None


def comparison_folder(comparison: Comparison) -> Kept:
    """Return what is kept of a comparison."""
    runs = {side: _run(comparison, side) for side in ("a", "b")}
    return Kept(
        kind=FORMAT,
        identity=sha256_of(**runs),
        tables={
            "difference": comparison.frame(),
            "headline": comparison.headline,
            "inputs": comparison.inputs,
        },
        facts=runs,
        charts=[chart("difference.png", comparison.plot.difference)],
    )


def as_json(comparison: Comparison) -> dict[str, Any]:
    """Return the headline as full-precision numbers."""
    sides = {"a": comparison.a, "b": comparison.b}
    return {
        "format": FORMAT,
        **{
            side: {"scenario": result.scenario.name, "run_id": result.labels.run_id}
            for side, result in sides.items()
        },
        "unit": "places",
        "change": "b - a",
        "inputs_changed": dict(Counter(change.what for change in comparison.changes)),
        "years": json_rows(comparison.headline),
    }


def _run(comparison: Comparison, side: str) -> dict[str, Any]:
    """Return what names a run: its scenario, identity, title and the hash of its results."""
    result = getattr(comparison, side)
    return {
        "scenario": result.scenario.name,
        "run_id": result.labels.run_id,
        "inputs_sha256": identity(result.scenario),
        "results_sha256": hashlib.sha256(csv_of(result.frame())).hexdigest(),
        "title": result.labels.title,
    }
