"""Run folders: what of a run is written, and the very tables read back, or why they are not."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.axes import ALL
from capacity.base.errors import At, CapacityError, Problems
from capacity.base.settings import MAX_DRAWS, MAX_SEED, QUANTILES
from capacity.inputs.districts.measured import ACCURACY_FILE, measured_on
from capacity.inputs.districts.outlines import is_outlines
from capacity.inputs.scenarios.scenario import Scenario, load_scenario
from capacity.inputs.scenarios.written import scenario_text
from capacity.results.atomic import RUN, intact, read_manifest
from capacity.results.build import run_labels
from capacity.results.draft import MANIFEST
from capacity.results.folder import Chart, Copy, Kept, json_rows
from capacity.results.identity import identity
from capacity.results.readback import TABLES, read_tables
from capacity.results.result import Result

if TYPE_CHECKING:
    import pandas as pd

#: Folder of what was read.
INPUTS = "inputs"
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
    copies = _copies(result)
    texts = {f"{INPUTS}/{name}": text for name, text in _given(scenario).items()}
    file, text = _asked(scenario, {*texts, *(copy.path for copy in copies)})
    return Kept(
        kind=RUN,
        identity=identity(scenario),
        tables={name: _table(result, name) for name in TABLES},
        facts={
            "scenario": scenario.name,
            "scenario_file": file,
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
        copies=copies,
        texts=texts | ({} if text is None else {f"{INPUTS}/{file}": text}),
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


def _given(scenario: Scenario) -> dict[str, str]:
    """Return what the files of a district would hold that was given as frames, by their paths."""
    folder = scenario.district.folder.relative_to(scenario.path.parent)
    return {(folder / name).as_posix(): text for name, text in scenario.district.texts.items()}


def _asked(scenario: Scenario, taken: Collection[str]) -> tuple[str, str | None]:
    """Return the name of the file that asks what was run, and its text where it is a new one."""
    text, name = scenario_text(scenario), scenario.name
    if text is None:
        return scenario.path.name, None
    others = {path.casefold() for path in taken}
    while f"{INPUTS}/{name}.yaml".casefold() in others:
        name = f"{name}-as-run"
    return f"{name}.yaml", text


def _copies(result: Result) -> list[Copy]:
    """Return every file that was read, in its place relative to the scenario.

    What a back-test left beside the data goes with them, so that the run read back shows it.
    """
    top = result.scenario.path.parent
    given = result.scenario.district.texts
    read = {record.path: record.sha256 for record in result.scenario.files if not given}
    accuracy = result.scenario.district.folder / ACCURACY_FILE
    more = {} if result.measured is None else {accuracy: None}
    return [
        Copy(
            f"{INPUTS}/{path.relative_to(top).as_posix()}",
            path,
            sha256,
            moves=not is_outlines(path),
        )
        for path, sha256 in (read | more).items()
    ]


def is_run(folder: Path) -> bool:
    """Whether a path holds something that says it is a run."""
    path = folder / MANIFEST
    return path.is_file() and not path.is_symlink()


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
    >>> capacity.load_run("runs/demo-baseline")
    <Result demo-baseline: 2025–2035>
    """
    folder = Path(folder)
    while True:
        stamp = _stamp(folder)
        try:
            found = _read(folder)
        except (CapacityError, OSError):
            if _stamp(folder) == stamp:
                raise
            continue
        if _stamp(folder) == stamp:  # else another run took its place while it was read
            return found


def _stamp(folder: Path) -> tuple[object, ...] | None:
    """Tell a run from the one that takes its place; None where there is none."""
    try:
        file, place = (folder / MANIFEST).stat(), folder.stat()
    except OSError:
        return None
    return file.st_dev, file.st_ino, file.st_mtime_ns, file.st_size, place.st_ino


def _read(folder: Path) -> Result:
    manifest = _manifest(folder)
    scenario = load_scenario(folder / INPUTS / manifest["scenario_file"])
    drawn = {name: manifest[name] for name in ("draws", "seed")}  # may not be the file's
    scenario = replace(scenario, chance=scenario.chance.model_copy(update=drawn))
    frames = read_tables(folder, scenario)
    return Result(
        scenario=scenario,
        labels=run_labels(scenario, frames, manifest["run_id"]),
        notes=(),
        _frames=frames,
        measured=measured_on(scenario.district, manifest["version"], manifest.get("numbers", 0)),
    )


def _manifest(folder: Path) -> dict[str, Any]:
    """Return the manifest of a run that is whole: every table and input as it was written."""
    problems = Problems()
    at = At(str(folder / MANIFEST))
    if not is_run(folder):
        problems.error("run-missing", At(str(folder)), manifest=MANIFEST)
        problems.raise_errors()
    (folder / MANIFEST).open("rb").close()  # what may not be read is not of another format
    found = read_manifest(folder) or {}
    if not _is_stated(found):
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


def _is_stated(found: dict[str, Any]) -> bool:
    """Whether a manifest states what it must, as a run can have written it."""
    if not all(type(found.get(name)) is kind for name, kind in _KINDS.items()):
        return False
    in_range = 0 <= found["draws"] <= MAX_DRAWS and 0 <= found["seed"] <= MAX_SEED
    return in_range and re.fullmatch("[0-9a-f]{8}", found["run_id"]) is not None
