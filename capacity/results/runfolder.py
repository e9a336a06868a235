"""Run folders: tables, charts, a copy of the inputs, and the manifest last."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.errors import At, Problems
from capacity.inputs.districts.measured import ACCURACY_FILE
from capacity.render.charts.kinds import KINDS
from capacity.results.draft import (
    CHARTS,
    LOCK,
    MANIFEST,
    draft_of,
    intact,
    read_manifest,
    sha256_of_file,
)
from capacity.results.identity import identity, manifest

if TYPE_CHECKING:
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.results.result import Result

TABLES = ("results", "entry", "chance", "pupils", "supply", "levers", "checks", "assumptions")
#: Folder of what was read.
INPUTS = "inputs"
_START_OF_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\uff1d")
_FREE_TEXT = {"source", "note", "name", "unit"}

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How a run is written: its language, and whether with charts."""

    lang: str = "en"
    charts: bool = True

    def said(self) -> dict[str, Any]:
        """Give the options as the manifest keeps them; language matters to pictures only."""
        return {"charts": self.charts, "lang": self.lang if self.charts else None}


def holds(folder: Path, scenario: Scenario) -> bool:
    """Tell whether a folder holds this very run (inputs, seed, version), whole and unaltered."""
    found = read_manifest(folder)
    if found is None or found.get("identity") != identity(scenario):
        return False
    tables = {f"{name}.csv" for name in TABLES}
    return tables <= intact(folder, found) == set(found["outputs"])


def is_drawn(folder: Path, options: Options) -> bool:
    """Tell whether a run folder has the charts that are asked for, in their language."""
    found = read_manifest(folder) or {}
    return not options.charts or found.get("options") == options.said()


def is_free(folder: Path) -> bool:
    """Tell whether there is nothing in the folder's place, or nothing in the folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def write(result: Result, folder: Path, options: Options, progress: Progress) -> None:
    """Write a run.

    Parameters
    ----------
    result
    folder
        Replaced where it holds a run; files that no run wrote are left as they are.
    options
    progress
        Told of each step, in a word or two.

    Raises
    ------
    FolderInUseError, FolderTakenError
        Another run is writing there, or a file that no run wrote would be replaced.
    capacity.InputError
        An input changed while it was being run.
    OSError
        The disk is full, or may not be written to.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(folder) as draft:
        progress("tables")
        for name in TABLES:
            _write_table(result, name, draft)
        progress("inputs")
        _copy_inputs(result.scenario, draft / INPUTS)
        if result.measured is not None:
            _copy_accuracy(result.scenario, draft / INPUTS)
        if options.charts:
            _draw(result, draft / CHARTS, options.lang, progress)
        written = sorted(path for path in draft.rglob("*") if path.is_file() and path.name != LOCK)
        outputs = {path.relative_to(draft).as_posix(): sha256_of_file(path) for path in written}
        described = manifest(result.scenario, outputs, options.said(), result.passed)
        text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
        write_bytes(draft / MANIFEST, text.encode())


def _write_table(result: Result, name: str, folder: Path) -> None:
    frame = result.frame() if name == "results" else getattr(result, name)
    for column in _FREE_TEXT & set(frame.columns):
        frame[column] = [as_plain(cell) for cell in frame[column]]
    write_bytes(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode())


def as_plain(cell: Any) -> Any:
    """Keep a spreadsheet from reading free text as a formula; codes and numbers are left alone."""
    if isinstance(cell, str) and cell.startswith(_START_OF_A_FORMULA):
        return "'" + cell
    return cell


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file and see it onto the disk."""
    with path.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _copy_inputs(scenario: Scenario, folder: Path) -> None:
    """Copy every file that was read, in its place relative to the scenario."""
    top = scenario.path.parent
    for record in scenario.files:
        path = folder / record.path.relative_to(top)
        path.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record.path, path)
        if sha256_of_file(path) != record.sha256:
            problems = Problems()
            problems.error("file-changed", At(str(record.path)))
            problems.raise_errors()


def _copy_accuracy(scenario: Scenario, folder: Path) -> None:
    """Copy what a back-test left beside the data, so that the run read back still shows it."""
    source = scenario.district.folder / ACCURACY_FILE
    shutil.copyfile(source, folder / source.relative_to(scenario.path.parent))


def _draw(result: Result, folder: Path, lang: str, progress: Progress) -> None:
    """Draw the gap of every year, and of all years on the compass."""
    from capacity.render.charts.style import save

    folder.mkdir()
    for year in sorted(result.frame()["year"].unique()):
        progress(f"chart {year}")
        name = KINDS["gap"].file_name("png", year=year)
        save(result.plot.gap(int(year), lang=lang), folder / name)
    progress("chart of all years")
    save(result.plot.trend(lang=lang), folder / "gap.png")
