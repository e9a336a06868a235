"""The tables of a district folder: text files and a workbook to checked frames."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.tables.arrays import empty_frame
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.files import InputFile, is_dir
from capacity.inputs.tables.frames import read_frame
from capacity.inputs.tables.given import Given
from capacity.inputs.tables.headers import tables_for
from capacity.inputs.tables.names import Names, Stated
from capacity.inputs.tables.office import OfficeTable
from capacity.inputs.tables.rules import check_rules, places_in
from capacity.inputs.tables.sheets import Change, Sheet
from capacity.inputs.tables.sizes import fill_places
from capacity.inputs.tables.sources import Folder
from capacity.inputs.tables.stacks import stacked
from capacity.inputs.tables.units import UNITS, Summing


@dataclass(frozen=True)
class Tables:
    """The checked tables of a district folder.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        Every table of the design; one that is absent has its columns and no rows.
        Beside its own columns each has ``line`` and ``file``.
    present : frozenset of str
        The tables that are in the folder, readable or not.
    files : tuple of InputFile
        The files read: text in order of name, then workbooks.
    changes : tuple of Change
        Every cell changed and every total row or note dropped.
    invalid : frozenset of str
        The tables with errors: rows may be missing from them.
    unread : tuple of (str, str or None)
        Files and sheets that are no table, with the table that each is probably meant to be.
    """

    frames: Mapping[str, pd.DataFrame]
    present: frozenset[str]
    files: tuple[InputFile, ...]
    changes: tuple[Change, ...]
    invalid: frozenset[str] = frozenset()
    unread: tuple[tuple[str, str | None], ...] = ()

    def has(self, name: str) -> bool:
        """Whether the folder has this table."""
        return name in self.present


def read_tables(
    folder: Path | Mapping[str, pd.DataFrame],
    *,
    regions: Sequence[str] | None,
    levels: Sequence[tuple[str, tuple[int, int]]] | None,
    problems: Problems,
    titles: Mapping[str, Sequence[str]] | None = None,
    region_titles: Mapping[str, Sequence[str]] | None = None,
    stated: Stated | None = None,
) -> Tables:
    """Read all tables of a district folder; everything wrong with them is added to ``problems``.

    Parameters
    ----------
    folder : Path, or mapping of str to DataFrame
        The district folder, whose path as given stands in messages; or its tables as frames.
    regions : sequence of str, or None
        Codes of the leaf regions, the only ones (beside ``all``) that tables may name;
        None where they cannot be told: any code is read.
    levels : sequence of (code, (first grade, last grade)), or None
        The levels of the district; None where they cannot be told.
    problems : Problems
        Takes the problems of all files.
    titles : mapping of str to sequence of str, optional
        Titles of the levels, which headers of the pipeline may use.
    region_titles : mapping of str to sequence of str, optional
        Titles of the regions; where a cell has a title, its problem names the code.
    stated : Stated, optional
        What else district.yaml states that tells how cells are read.
    """
    names = Names(
        None if regions is None else tuple(regions),
        None if levels is None else dict(levels),
        {"region": region_titles or {}, "level": titles or {}},
        stated or Stated(),
    )
    specs = tables_for(names.levels, titles)
    changes: list[Change] = []
    frames = {name: empty_frame(table) for name, table in specs.items()}
    if isinstance(folder, Path) and not is_dir(folder):
        problems.error("folder-missing", At(str(folder)))
        return Tables(frames, frozenset(), (), (), frozenset(specs))
    files: Folder | Given = (
        Folder(folder, specs, names) if isinstance(folder, Path) else Given(folder, specs)
    )
    summing = Summing(names, files.problems[UNITS])
    with _uncollected():
        rows = _read_all(files, specs, frames, summing, changes)
    files.say_unread(problems)
    for own in files.problems.values():
        problems.extend(own)
    invalid = {name for name, own in files.problems.items() if own.errors}
    return Tables(
        frames,
        frozenset(files.present),
        tuple(replace(file, rows=rows.get(str(file.path), 0)) for file in files.read),
        tuple(changes),
        frozenset(invalid | summing.doubtful),
        (*files.unread, *files.unread_sheets),
    )


def _read_all(
    files: Folder | Given,
    specs: Mapping[str, Table],
    frames: dict[str, pd.DataFrame],
    summing: Summing,
    changes: list[Change],
) -> dict[str, int]:
    """Read the table of units, which others name, then all others; return the rows of each file."""
    rows: dict[str, int] = {}
    found = files.sources()
    for name in sorted(found, key=lambda name: name != UNITS):
        table, own = specs[name], files.problems[name]
        names = summing.names_for(table)
        sheets: list[Sheet] = []
        for source in found[name]:
            office = OfficeTable(table, source.grid, names, own, changes, source.year)
            if sheet := office.sheet():
                sheets.append(sheet)
                path = source.grid.path
                rows[path] = rows.get(path, 0) + len(sheet.rows)
        if sheets:
            read = read_frame(stacked(sheets, table, own), table, names, own, changes)
            at, frame = places_in(read.sheet, table), read.frame
            if name == "pipeline" and names.levels is not None:
                frame = fill_places(frame, names.sizes, at, own)
            check_rules(read.sheet, frame, table, names, own)
            frames[name] = summing.take(frame, table, at, own, changes)
    summing.say_unnamed(frames[UNITS])
    return rows


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no collector look through a million rows, in which nothing refers to itself."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
