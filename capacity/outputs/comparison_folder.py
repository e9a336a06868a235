"""Comparison folders: difference.csv, headline.csv, inputs.csv, the chart, the manifest last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.outputs.draft import (
    LOCK,
    MANIFEST,
    FolderTakenError,
    draft_of,
    intact,
    read_manifest,
    sha256_of_file,
)
from capacity.outputs.runfolder import Options, as_plain, is_free, write_bytes

if TYPE_CHECKING:
    import pandas as pd

    from capacity.outputs.comparison import Comparison

FORMAT = "capacity.comparison/1"
TABLES = ("difference", "headline", "inputs")
CHART = "charts/difference.png"

Progress = Callable[[str], None]


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
    """Write a comparison into a folder.

    Parameters
    ----------
    comparison
    folder
        A new or empty folder, one that holds this very comparison, or with ``overwrite`` any.
    options
        Language, and whether with the chart.
    overwrite
        Whether another comparison may be replaced; files that none wrote always stay.
    progress
        Told of each step.

    Returns
    -------
    str
        ``written``; ``unchanged`` where the folder already held this comparison; ``redrawn``
        where it did, and the chart was added or drawn again in another language.

    Raises
    ------
    capacity.outputs.draft.FolderTakenError, capacity.outputs.draft.FolderInUseError
        The folder holds something else, or another comparison is being written there.
    OSError
        The disk is full, or may not be written to.
    """
    unchanged = _holds(folder, comparison)
    if not (unchanged or is_free(folder) or (overwrite and folder.is_dir())):
        raise FolderTakenError(f"{folder}: holds something else", f"{folder}：已有其他内容")
    found = read_manifest(folder, FORMAT) or {}
    if unchanged and (not options.charts or found.get("options") == options.said()):
        return "unchanged"
    _write(comparison, folder, options, progress)
    return "redrawn" if unchanged else "written"


def _holds(folder: Path, comparison: Comparison) -> bool:
    """Tell whether a folder holds this very comparison, whole and unaltered."""
    found = read_manifest(folder, FORMAT)
    if found is None or found.get("identity") != identity_of(comparison):
        return False
    tables = {f"{name}.csv" for name in TABLES}
    return tables <= intact(folder, found) == set(found["outputs"])


def _write(comparison: Comparison, folder: Path, options: Options, progress: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(folder, FORMAT) as draft:
        progress("tables")
        frames = {"difference": comparison.frame(), "headline": comparison.headline}
        for name, frame in (frames | {"inputs": _safe(comparison.inputs)}).items():
            text = frame.to_csv(index=False, lineterminator="\n")
            write_bytes(draft / f"{name}.csv", text.encode())
        if options.charts:
            progress("chart")
            _draw(comparison, draft / CHART, options.lang)
        written = sorted(path for path in draft.rglob("*") if path.is_file() and path.name != LOCK)
        outputs = {path.relative_to(draft).as_posix(): sha256_of_file(path) for path in written}
        described = _manifest(comparison, outputs, options)
        text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
        write_bytes(draft / MANIFEST, text.encode())


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


def _draw(comparison: Comparison, path: Path, lang: str) -> None:
    from capacity.outputs.charts.style import save

    path.parent.mkdir()
    save(comparison.plot.difference(lang=lang), path)


def _manifest(comparison: Comparison, outputs: dict[str, str], options: Options) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "identity": identity_of(comparison),
        "version": __version__,
        "a": _run(comparison, "a"),
        "b": _run(comparison, "b"),
        "options": options.said(),
        "outputs": dict(sorted(outputs.items())),
    }


def _run(comparison: Comparison, side: str) -> dict[str, Any]:
    """Name a run: its scenario, its identity, its inputs and the hash of its results."""
    from capacity.outputs.manifest import identity

    result = getattr(comparison, side)
    results = result.frame().to_csv(index=False, lineterminator="\n").encode()
    return {
        "scenario": result.scenario.name,
        "run_id": result.labels.run_id,
        "inputs_sha256": identity(result.scenario),
        "results_sha256": hashlib.sha256(results).hexdigest(),
        "title": result.labels.title,
    }
