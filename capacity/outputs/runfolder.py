"""Run folders: written beside their place, manifest last, then renamed into it.

A reader never meets a half-written folder: what stands at the final name is complete.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.errors import CapacityError
from capacity.outputs.manifest import identity, manifest, sha256_of_file

if TYPE_CHECKING:
    from capacity.inputs.scenario import Scenario
    from capacity.outputs.result import Result

MANIFEST = "manifest.json"
TABLES = ("results", "entry", "pupils", "levers", "checks", "assumptions")
_LOCK = ".lock"
_CHARACTERS_THAT_START_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝")

Progress = Callable[[str], None]


class FolderInUseError(CapacityError):
    """Another run is writing to the folder."""


class FolderTakenError(CapacityError):
    """The folder holds something else, and nobody said that it may be overwritten."""


@dataclass(frozen=True)
class Options:
    """How a run is written: its language, and whether with charts."""

    lang: str = "en"
    charts: bool = True

    def said(self) -> dict[str, Any]:
        """Give the options as the manifest keeps them; language matters to pictures only."""
        return {"charts": self.charts, "lang": self.lang if self.charts else None}


def holds(folder: Path, scenario: Scenario, options: Options) -> bool:
    """Tell whether a folder holds this very run, whole and unaltered."""
    found = read_manifest(folder)
    if found is None or found.get("identity") != identity(scenario):
        return False
    outputs: dict[str, str] = found.get("outputs", {})
    return found.get("options") == options.said() and all(
        (folder / name).is_file() and sha256_of_file(folder / name) == digest
        for name, digest in outputs.items()
    )


def is_free(folder: Path) -> bool:
    """Tell whether there is nothing in the folder's place, or nothing in the folder."""
    return not folder.exists() or (folder.is_dir() and not any(folder.iterdir()))


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """Give the manifest of a run folder, or None where there is none that can be read."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write(result: Result, folder: Path, options: Options, progress: Progress) -> None:
    """Write a run.

    Parameters
    ----------
    result
    folder
        Replaced where it holds a run; files that are not a run's are left where they are.
    options
    progress
        Told of each step, in a word or two.

    Raises
    ------
    FolderInUseError
        Another run is writing there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    with _beside(folder) as draft:
        progress("tables")
        for name in TABLES:
            _write_table(
                getattr(result, name) if name != "results" else result.frame(), draft, name
            )
        progress("inputs")
        _copy_inputs(result.scenario, draft / "inputs")
        if options.charts:
            _draw(result, draft / "charts", options.lang, progress)
        written = sorted(path for path in draft.rglob("*") if path.is_file() and path.name != _LOCK)
        outputs = {path.relative_to(draft).as_posix(): sha256_of_file(path) for path in written}
        described = manifest(result.scenario, outputs, options.said(), result.passed)
        text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
        _write_bytes(draft / MANIFEST, text.encode())


def _write_table(frame: Any, folder: Path, name: str) -> None:
    for column in frame.columns:
        if frame[column].dtype.kind not in "ifb" and frame[column].map(type).eq(str).any():
            frame[column] = [_plain(cell) for cell in frame[column]]
    _write_bytes(folder / f"{name}.csv", frame.to_csv(index=False, lineterminator="\n").encode())


def _plain(cell: Any) -> Any:
    """Keep a spreadsheet from reading a name as a formula; numbers are left alone."""
    if isinstance(cell, str) and cell.startswith(_CHARACTERS_THAT_START_A_FORMULA):
        return "'" + cell
    return cell


def _write_bytes(path: Path, data: bytes) -> None:
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


def _draw(result: Result, folder: Path, lang: str, progress: Progress) -> None:
    from capacity.outputs.charts.gap import gap
    from capacity.outputs.charts.style import save
    from capacity.outputs.charts.trend import trend

    folder.mkdir()
    frame = result.frame()
    years = sorted(frame["year"].unique())
    for year in years:
        progress(f"chart {year}")
        save(gap(frame, result.labels, year=int(year), lang=lang), folder / f"gap_{year}.png")
    progress("chart of all years")
    save(trend(frame, result.labels, lang=lang), folder / "gap.png")


@contextmanager
def _beside(folder: Path) -> Iterator[Path]:
    """Give a draft folder beside the final one, and put it in its place at the end."""
    draft = folder.parent / f".{folder.name}.writing"
    draft.mkdir(exist_ok=True)
    with (draft / _LOCK).open("w") as lock:
        _take(lock, folder)
        for left_over in draft.iterdir():
            if left_over.name != _LOCK:
                shutil.rmtree(left_over) if left_over.is_dir() else left_over.unlink()
        try:
            yield draft
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        (draft / _LOCK).unlink()
        _replace(draft, folder)


def _take(lock: Any, folder: Path) -> None:
    """Lock the draft; the lock is free again when its holder ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # Windows has no flock: two writers there meet at the rename
        return
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise FolderInUseError(str(folder)) from None


def _replace(draft: Path, folder: Path) -> None:
    if folder.exists() and read_manifest(folder) is None and any(folder.iterdir()):
        _move_into(draft, folder)  # somebody's own files are there: nothing of theirs is lost
        return
    old = folder.parent / f".{folder.name}.old"
    shutil.rmtree(old, ignore_errors=True)
    if folder.exists():
        folder.rename(old)
    draft.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _move_into(draft: Path, folder: Path) -> None:
    paths = [path for path in sorted(draft.rglob("*")) if path.is_file()]
    for path in sorted(paths, key=lambda path: path.name == MANIFEST):
        target = folder / path.relative_to(draft)
        target.parent.mkdir(parents=True, exist_ok=True)
        path.replace(target)
    shutil.rmtree(draft)
