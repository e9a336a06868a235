"""Run folders: what of a run is written, and the very tables read back, or why they are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.axes import ALL
from capacity.base.errors import At, Problems
from capacity.base.formulas import unguarded
from capacity.base.settings import QUANTILES
from capacity.inputs.districts.measured import ACCURACY_FILE, measured_on
from capacity.inputs.scenarios.scenario import load_scenario
from capacity.results.atomic import MANIFEST, RUN, intact, read_manifest
from capacity.results.build import labels_of
from capacity.results.folder import Chart, Copy, Kept, json_rows
from capacity.results.identity import identity
from capacity.results.result import Result

if TYPE_CHECKING:
    import pandas as pd

TABLES = ("results", "entry", "chance", "pupils", "supply", "levers", "checks", "assumptions")
#: Folder of what was read.
INPUTS = "inputs"
#: Columns that hold text; every other column holds numbers, or nothing where empty.
_TEXT = {
    "assumptions": ("kind", "name", "value", "unit", "quality", "source", "known", "note"),
    "chance": ("statement",),
    "checks": ("check", "law"),
    "levers": ("kind", "file", "region", "group", "level", "project", "old", "new", "note"),
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


def run_folder(result: Result, charts: Sequence[Chart] = ()) -> Kept:
    """Return what is kept of a run: its tables, every file that was read, and charts of it."""
    scenario = result.scenario
    return Kept(
        kind=RUN,
        identity=identity(scenario),
        tables={name: _table(result, name) for name in TABLES},
        facts={
            "scenario": scenario.name,
            "scenario_file": scenario.path.name,
            "run_id": identity(scenario)[:8],
            "seed": scenario.chance.seed,
            "draws": scenario.chance.draws,
            "checks_passed": result.passed,
            "inputs": [
                {
                    name: getattr(record, name)
                    for name in ("name", "sha256", "size", "encoding", "rows")
                }
                for record in scenario.files
            ],
            "read_otherwise": [
                {"at": str(change.at), "kind": change.kind, "before": change.before}
                | {"after": change.after}
                for change in scenario.district.changes
            ],
        },
        charts=charts,
        copies=_copies(result),
    )


def as_json(result: Result) -> dict[str, Any]:
    """Return the headline as full-precision numbers: the district by year, in places."""
    frame = result.frame()
    whole = frame[(frame["region"] == ALL) & (frame["level"] == ALL)]
    names = ["demand", "places", "places_listed", "gap", "shortage", "shortage_after"]
    drawn = (*(f"shortage_{end}" for end in QUANTILES), "shortage_mean", "prob_shortage")
    names += [name for name in drawn if name in frame.columns]
    return {
        "checks_passed": result.passed,
        "unit": "places",
        "years": json_rows(whole[["year", *names]]),
    }


def _table(result: Result, name: str) -> pd.DataFrame:
    frame: pd.DataFrame = result.frame() if name == "results" else getattr(result, name)
    return frame


def _copies(result: Result) -> list[Copy]:
    """Return every file that was read, in its place relative to the scenario.

    What a back-test left beside the data goes with them, so that the run read back shows it.
    """
    top = result.scenario.path.parent
    read = {record.path: record.sha256 for record in result.scenario.files}
    accuracy = result.scenario.district.folder / ACCURACY_FILE
    more = {} if result.measured is None else {accuracy: None}
    return [
        Copy(f"{INPUTS}/{path.relative_to(top).as_posix()}", path, sha256)
        for path, sha256 in (read | more).items()
    ]


def is_run(folder: Path) -> bool:
    """Whether a path holds something that says it is a run."""
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
    """Return the manifest of a run that is whole: every table and input as it was written."""
    problems = Problems()
    at = At(str(folder / MANIFEST))
    if not is_run(folder):
        problems.error("run-missing", At(str(folder)), manifest=MANIFEST)
        problems.raise_errors()
    found = read_manifest(folder) or {}
    if not all(isinstance(found.get(name), kind) for name, kind in _KINDS.items()):
        problems.error("run-format", at, format=RUN)
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
        else:
            frame[column] = frame[column].map(unguarded)
    return frame


def _numbers(cells: pd.Series) -> pd.Series:
    """Read numbers to the last bit; whole ones stay whole where none is empty."""
    import pandas as pd

    try:
        return cells.astype("int64")
    except ValueError:
        return pd.Series([float(cell or "nan") for cell in cells], index=cells.index)
