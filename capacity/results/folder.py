"""Folders of runs and studies: tables, inputs, charts, and the manifest last.

What is kept is described once (`Kept`); `keep` writes it whole or not at all, leaves the same
again as it is, and replaces nothing else unasked.
"""

from __future__ import annotations

import json
import math
import platform
import shutil
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from capacity import __version__
from capacity.base.errors import At, Problems
from capacity.base.formulas import guarded
from capacity.results.atomic import intact, put_folder, read_manifest
from capacity.results.disk import files_in, is_free, make_folders, sha256_of_file, write_bytes
from capacity.results.draft import MANIFEST, left_over, workshop
from capacity.results.identity import NUMBERS
from capacity.results.lock import FolderTakenError

if TYPE_CHECKING:
    import pandas as pd

LIBRARIES = ("numpy", "pandas", "scipy", "matplotlib", "pydantic", "PyYAML", "XlsxWriter")

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Options:
    """How a folder is written: its language, and whether with charts (and a run's workbook)."""

    lang: str = "en"
    charts: bool = True

    def stated(self, drawn: Sequence[Chart] = ()) -> dict[str, Any]:
        """Return the options as a manifest has them; language matters to what is drawn only."""
        return {"charts": self.charts, "lang": self.lang if self.charts or drawn else None}


class Chart(NamedTuple):
    """A chart, a run's workbook or its report: its path in the folder, how and when it is made.

    ``step`` is what to call it meanwhile; ``always``, whether it is also where charts are not.
    """

    path: str
    step: str
    draw: Callable[[Path, str], object]
    always: bool = False


class Copy(NamedTuple):
    """A file to be copied: its path in the folder, and its hash where it must be as it was read.

    What another one of it makes is another run, unless it moves no number (``moves``).
    """

    path: str
    source: Path
    sha256: str | None = None
    moves: bool = True


@dataclass(frozen=True)
class Kept:
    """What a run or a study writes into its folder.

    Attributes
    ----------
    kind : str
        The format that its manifest names.
    identity : str
        SHA-256 of all that decides its numbers.
    tables : mapping of str to DataFrame
        By file name without ending.
    facts : mapping
        What its manifest says besides.
    charts : sequence of Chart
    copies : sequence of Copy
        Of what was read.
    texts : mapping of str to str
        Other files, by their path in the folder.
    """

    kind: str
    identity: str
    tables: Mapping[str, pd.DataFrame]
    facts: Mapping[str, Any]
    charts: Sequence[Chart] = ()
    copies: Sequence[Copy] = ()
    texts: Mapping[str, str] = field(default_factory=dict)

    def drawn(self, options: Options) -> list[Chart]:
        """Return the charts that the options ask for."""
        return [chart for chart in self.charts if options.charts or chart.always]


def keep(
    kept: Kept,
    folder: Path,
    options: Options,
    *,
    overwrite: bool = False,
    progress: Progress = lambda step: None,
) -> str:
    """Write a run or a study into a folder.

    Parameters
    ----------
    kept
    folder
        A new or empty folder, one that holds this very thing, or with ``overwrite`` any. Charts
        that it has not yet, or has in another language, are drawn.
    options
        Language, and whether with charts.
    overwrite
        Whether another of its kind may be replaced; files that none wrote always stay, and what
        somebody has changed since stays beside what takes its place (``results.csv.changed``).
    progress
        Told of each step, in a word or two.

    Returns
    -------
    str
        ``written``; ``unchanged`` where the folder already held this; ``redrawn`` where it did,
        and charts were added or drawn again in another language.

    Raises
    ------
    FolderTakenError, FolderInUseError
        The folder holds something else, a file of somebody's would be replaced, or another
        process is writing there.
    capacity.InputError
        An input changed while it was being run.
    OSError
        The disk is full, or may not be written to.
    """
    tables = {f"{name}.csv": csv_of(frame) for name, frame in kept.tables.items()}
    tables |= {name: text.encode() for name, text in kept.texts.items()}

    def found() -> str:
        if not _holds(kept, folder, tables):
            if not (is_free(folder) or (overwrite and folder.is_dir())):
                raise FolderTakenError("folders.holds_else", folder)
            return "written"
        other = kept.drawn(options) and _other_charts(kept, folder, options)
        return "redrawn" if other or _other_inputs(kept, folder) else "unchanged"

    if found() == "unchanged" and not left_over(folder):
        return "unchanged"
    make_folders(folder.parent)
    with workshop(folder) as shop:
        if (state := found()) != "unchanged":  # as it is now that nobody else writes
            if state == "redrawn" and _has_charts(kept, folder):
                options = replace(options, charts=True)
            shop.draft.mkdir()
            _fill(shop.draft, kept, tables, options, progress)
            put_folder(shop, kept.kind)
    return state


def _fill(
    draft: Path, kept: Kept, tables: Mapping[str, bytes], options: Options, progress: Progress
) -> None:
    """Write all of a folder, its manifest last."""
    progress("tables")
    for name, data in tables.items():
        make_folders((draft / name).parent)
        write_bytes(draft / name, data)
    if kept.copies:
        progress("inputs")
    for copy in kept.copies:
        _copy(copy, draft)
    for chart in kept.drawn(options):
        progress(chart.step)
        (draft / chart.path).parent.mkdir(exist_ok=True)
        chart.draw(draft / chart.path, options.lang)
    outputs = {name: sha256_of_file(draft / name) for name in files_in(draft)}
    described = json.dumps(
        manifest(kept, options, outputs), ensure_ascii=False, indent=1, allow_nan=False
    )
    write_bytes(draft / MANIFEST, described.encode())


def _holds(kept: Kept, folder: Path, tables: Mapping[str, bytes]) -> bool:
    """Whether a folder holds this very thing: what stands there is compared, not only signed."""
    found = read_manifest(folder, kept.kind)
    if found is None or found.get("identity") != kept.identity:
        return False
    for name, fact in kept.facts.items():
        if isinstance(fact, str | int) and found.get(name) != fact:
            return False
    outputs = found["outputs"]
    hashes = {name: sha256(data).hexdigest() for name, data in tables.items()}
    copies = (copy for copy in kept.copies if copy.sha256 is not None and copy.moves)
    hashes |= {copy.path: copy.sha256 for copy in copies if copy.sha256 is not None}
    same = all(outputs.get(name) == digest for name, digest in hashes.items())
    return same and intact(folder, found) == outputs.keys()


def _other_inputs(kept: Kept, folder: Path) -> bool:
    """Whether what was read differs though its identity is the same: outlines move no number."""
    found = read_manifest(folder, kept.kind) or {}
    return bool(kept.copies) and found.get("inputs") != kept.facts.get("inputs")


def claim(
    folder: Path, kind: str, identity: str, tables: Iterable[str], *, overwrite: bool = False
) -> bool:
    """Whether a folder holds this very thing already, whole and unaltered.

    Raises
    ------
    FolderTakenError
        It holds something else, which is not to be overwritten.
    """
    found = read_manifest(folder, kind)
    if found is not None and found.get("identity") == identity:
        needed = {f"{name}.csv" for name in tables}
        if needed <= intact(folder, found) == set(found["outputs"]):
            return True
    if not (is_free(folder) or (overwrite and folder.is_dir())):
        raise FolderTakenError("folders.holds_else", folder)
    return False


def _other_charts(kept: Kept, folder: Path, options: Options) -> bool:
    """Whether a folder lacks a chart that is asked for, or has them in another language."""
    found = read_manifest(folder, kept.kind) or {}
    wanted, stated = kept.drawn(options), _stated(found)
    lacks = any(chart.path not in found.get("outputs", ()) for chart in wanted)
    other = stated.get("lang") != options.lang or (options.charts and not stated.get("charts"))
    return lacks or other


def _has_charts(kept: Kept, folder: Path) -> bool:
    """Whether a folder was written with its charts."""
    found = read_manifest(folder, kept.kind) or {}
    return bool(_stated(found).get("charts"))


def _stated(manifest: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the options that a manifest states; none of what is no mapping."""
    options = manifest.get("options")
    return options if isinstance(options, dict) else {}


def _copy(copy: Copy, draft: Path) -> None:
    path = draft / copy.path
    make_folders(path.parent)
    shutil.copyfile(copy.source, path)
    if copy.sha256 is not None and sha256_of_file(path) != copy.sha256:
        problems = Problems()
        problems.error("file-changed", At(str(copy.source)))
        problems.raise_errors()


def manifest(kept: Kept, options: Options, outputs: Mapping[str, str]) -> dict[str, Any]:
    """Return the manifest: what went in, what came out, and with what it was made.

    ``outputs`` has the SHA-256 of each file by its path inside the folder.
    """
    return {
        "format": kept.kind,
        "identity": kept.identity,
        "version": __version__,
        "numbers": NUMBERS,
        **kept.facts,
        "options": options.stated(kept.drawn(options)),
        "outputs": dict(sorted(outputs.items())),
        "python": sys.version.split()[0],
        "platform": platform.machine(),
        "libraries": dict(_libraries()),
    }


@cache
def _libraries() -> Mapping[str, str]:
    return {name: version(name) for name in LIBRARIES}


def csv_of(frame: pd.DataFrame) -> bytes:
    """Return a table as its file has it: UTF-8 with a byte order mark, by which Excel knows it.

    No text in it is a formula to a spreadsheet.
    """
    from pandas.api.types import is_numeric_dtype

    safe = frame.copy(deep=False)
    for name in safe.columns:
        if not is_numeric_dtype(safe[name]):  # truth values are numbers to it
            safe[name] = [guarded(cell) if isinstance(cell, str) else cell for cell in safe[name]]
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text.encode("utf-8-sig")


def json_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as JSON has them: full precision, null where unknown."""

    def known(cell: Any) -> Any:
        return None if isinstance(cell, float) and math.isnan(cell) else cell

    rows = frame.to_dict("records")
    return [{str(name): known(cell) for name, cell in row.items()} for row in rows]
