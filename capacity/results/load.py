"""Run folders read back: the very tables that were written, or a refusal that says why."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.errors import At, Problems
from capacity.inputs.districts.measured import measured_on
from capacity.inputs.scenarios.scenario import load_scenario
from capacity.results.build import labels_of
from capacity.results.draft import FORMAT, MANIFEST, intact, read_manifest
from capacity.results.result import Result
from capacity.results.runfolder import INPUTS, TABLES

if TYPE_CHECKING:
    import pandas as pd

#: Columns that hold text; every other column holds numbers, or nothing where empty.
_TEXT = {
    "assumptions": ("kind", "name", "value", "unit", "quality", "source", "known", "note"),
    "chance": ("statement",),
    "checks": ("check", "law"),
    "levers": ("kind", "file", "region", "group", "level", "project", "old", "new"),
}
_CODES = ("scenario", "region", "level", "part", "band")
_MARKS = ("constrained", "passed", "mainly_assumed")
#: What a manifest must state to be read.
_KINDS = {
    "scenario_file": str,
    "run_id": str,
    "outputs": dict,
    "draws": int,
    "seed": int,
    "version": str,
}


def is_run(folder: Path) -> bool:
    """Tell whether a path holds something that says it is a run."""
    return (folder / MANIFEST).is_file()


def load_run(folder: str | Path) -> Result:
    """Read a run folder back.

    Parameters
    ----------
    folder : str or Path
        As ``capacity run`` left it.

    Returns
    -------
    Result
        Its tables as they were written, with no notes.

    Raises
    ------
    capacity.InputError
        There is no run, it is of another version, or a table or an input was changed since.

    Examples
    --------
    Where ``capacity new demo`` has written an example district, and
    ``capacity run demo/baseline.yaml`` has run it:

    >>> import capacity
    >>> capacity.load_run("runs/baseline")
    <Result baseline: 2025–2035>
    """
    folder = Path(folder)
    manifest = _manifest(folder)
    scenario = load_scenario(folder / INPUTS / manifest["scenario_file"])
    drawn = {name: manifest[name] for name in ("draws", "seed")}  # may not be the file's
    scenario = replace(scenario, chance=scenario.chance.model_copy(update=drawn))
    return Result(
        scenario=scenario,
        labels=labels_of(scenario, manifest["run_id"]),
        notes=(),
        _frames=_frames(folder),
        measured=measured_on(scenario.district, manifest["version"]),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    """Give the manifest of a run that is whole: every table and input as it was written."""
    problems = Problems()
    at = At(str(folder / MANIFEST))
    if not is_run(folder):
        problems.error("run-missing", At(str(folder)), manifest=MANIFEST)
        problems.raise_errors()
    found = read_manifest(folder) or {}
    if not all(isinstance(found.get(name), kind) for name, kind in _KINDS.items()):
        problems.error("run-format", at, format=FORMAT)
        problems.raise_errors()
    unchanged = intact(folder, found)
    needed = {f"{name}.csv" for name in TABLES}
    needed |= {name for name in found["outputs"] if name.startswith(f"{INPUTS}/")}
    needed |= {f"{INPUTS}/{found['scenario_file']}"}
    for name in sorted(needed - unchanged):
        problems.error("run-altered", At(str(folder / name)), name=name)
    problems.raise_errors()
    return found


def _frames(folder: Path) -> dict[str, pd.DataFrame]:
    """Read the tables; what no run can have written is refused, though its hash may fit."""
    frames, problems = {}, Problems()
    for name in TABLES:
        try:
            frames[name] = _frame(folder, name)
        except ValueError:  # no text, no table, or no number: nothing else is ever made of it
            file = f"{name}.csv"
            problems.error("run-altered", At(str(folder / file)), name=file)
    problems.raise_errors()
    return frames


def _frame(folder: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    frame = pd.read_csv(
        folder / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8", engine="c"
    )
    text = {*_TEXT.get(name, ()), *_CODES}
    for column in frame.columns:
        if column in _MARKS:
            frame[column] = frame[column] == "True"
        elif column not in text:
            frame[column] = _numbers(frame[column])
    return frame


def _numbers(cells: pd.Series) -> pd.Series:
    """Read numbers to the last bit; whole ones stay whole where none is empty."""
    import pandas as pd

    try:
        return cells.astype("int64")
    except ValueError:
        return pd.Series([float(cell or "nan") for cell in cells], index=cells.index)
