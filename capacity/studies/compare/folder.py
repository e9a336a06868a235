"""Comparison folders: difference.csv, headline.csv, inputs.csv and the chart."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.results import study_folder
from capacity.results.draft import read_manifest
from capacity.results.runfolder import Options, as_plain
from capacity.results.study_folder import Progress, Study

if TYPE_CHECKING:
    import pandas as pd

    from capacity.studies.compare.study import Comparison

FORMAT = "capacity.comparison/1"
CHART = "charts/difference.png"


def is_comparison(folder: Path) -> bool:
    """Tell whether a folder holds a comparison."""
    return read_manifest(folder, FORMAT) is not None


def identity_of(comparison: Comparison) -> str:
    """Give the SHA-256 of all that decides a comparison: both runs, and the version."""
    parts = {"version": __version__, "a": _run(comparison, "a"), "b": _run(comparison, "b")}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def keep(
    comparison: Comparison,
    folder: Path,
    options: Options,
    *,
    overwrite: bool = False,
    progress: Progress = lambda step: None,
) -> str:
    """Write a comparison into a folder; see `capacity.results.study_folder.keep`."""
    study = Study(
        kind=FORMAT,
        identity=identity_of(comparison),
        tables={
            "difference": comparison.frame(),
            "headline": comparison.headline,
            "inputs": _safe(comparison.inputs),
        },
        charts={CHART: lambda lang: comparison.plot.difference(lang=lang)},
        facts={side: _run(comparison, side) for side in ("a", "b")},
    )
    return study_folder.keep(study, folder, options, overwrite=overwrite, progress=progress)


def _safe(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep a spreadsheet from reading texts of the inputs as formulas; numbers stay numbers."""
    for name in ("key", "column", "a", "b"):
        frame[name] = [cell if _is_number(cell) else as_plain(cell) for cell in frame[name]]
    return frame


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _run(comparison: Comparison, side: str) -> dict[str, Any]:
    """Name a run: its scenario, its identity, its inputs and the hash of its results."""
    from capacity.results.identity import identity

    result = getattr(comparison, side)
    results = result.frame().to_csv(index=False, lineterminator="\n").encode()
    return {
        "scenario": result.scenario.name,
        "run_id": result.labels.run_id,
        "inputs_sha256": identity(result.scenario),
        "results_sha256": hashlib.sha256(results).hexdigest(),
        "title": result.labels.title,
    }
