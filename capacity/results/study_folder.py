"""Folders of studies: tables, charts, and the manifest last; the same again is left as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.results.draft import (
    LOCK,
    MANIFEST,
    FolderTakenError,
    draft_of,
    intact,
    read_manifest,
    sha256_of_file,
)
from capacity.results.runfolder import Options, is_free, write_bytes

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Study:
    """What a study writes into its folder.

    Attributes
    ----------
    kind : str
        The format that its manifest names.
    identity : str
        SHA-256 of all that decides its numbers.
    tables : mapping of str to DataFrame
        By file name without ending.
    charts : mapping of str to function of a language
        By path inside the folder.
    facts : mapping
        What its manifest says besides.
    """

    kind: str
    identity: str
    tables: Mapping[str, pd.DataFrame]
    charts: Mapping[str, Callable[[str], Axes]]
    facts: Mapping[str, Any]


def keep(
    study: Study,
    folder: Path,
    options: Options,
    *,
    overwrite: bool = False,
    progress: Progress = lambda step: None,
) -> str:
    """Write a study into a folder.

    Parameters
    ----------
    study
    folder
        A new or empty folder, one that holds this very study, or with ``overwrite`` any.
    options
        Language, and whether with charts.
    overwrite
        Whether another study of its kind may be replaced; files that none wrote always stay.
    progress
        Told of each step.

    Returns
    -------
    str
        ``written``; ``unchanged`` where the folder already held this study; ``redrawn`` where
        it did, and charts were added or drawn again in another language.

    Raises
    ------
    capacity.results.draft.FolderTakenError, capacity.results.draft.FolderInUseError
        The folder holds something else, or another study is being written there.
    OSError
        The disk is full, or may not be written to.
    """
    unchanged = holds(folder, study.kind, study.identity, study.tables)
    if not (unchanged or is_free(folder) or (overwrite and folder.is_dir())):
        raise FolderTakenError("folders.holds_else", folder)
    if unchanged and is_drawn(folder, study.kind, options):
        return "unchanged"
    _write(study, folder, options, progress)
    return "redrawn" if unchanged else "written"


def holds(folder: Path, kind: str, identity: str, tables: Mapping[str, object]) -> bool:
    """Tell whether a folder holds this very study, whole and unaltered."""
    found = read_manifest(folder, kind)
    if found is None or found.get("identity") != identity:
        return False
    return {f"{name}.csv" for name in tables} <= intact(folder, found) == set(found["outputs"])


def is_drawn(folder: Path, kind: str, options: Options) -> bool:
    """Tell whether a folder has the charts that are asked for, in their language."""
    found = read_manifest(folder, kind) or {}
    return not options.charts or found.get("options") == options.said()


def _write(study: Study, folder: Path, options: Options, progress: Progress) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(folder, study.kind) as draft:
        progress("tables")
        for name, frame in study.tables.items():
            text = frame.to_csv(index=False, lineterminator="\n")
            write_bytes(draft / f"{name}.csv", text.encode())
        if options.charts:
            progress("charts")
            _draw(study, draft, options.lang)
        written = sorted(path for path in draft.rglob("*") if path.is_file() and path.name != LOCK)
        outputs = {path.relative_to(draft).as_posix(): sha256_of_file(path) for path in written}
        described = {
            "format": study.kind,
            "identity": study.identity,
            "version": __version__,
            **study.facts,
            "options": options.said(),
            "outputs": dict(sorted(outputs.items())),
        }
        text = json.dumps(described, ensure_ascii=False, indent=1, allow_nan=False)
        write_bytes(draft / MANIFEST, text.encode())


def _draw(study: Study, draft: Path, lang: str) -> None:
    from capacity.render.charts.style import save

    for path, draw in study.charts.items():
        (draft / path).parent.mkdir(exist_ok=True)
        save(draw(lang), draft / path)
