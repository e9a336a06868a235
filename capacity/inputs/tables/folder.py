"""The tables of a district, from a folder or given as frames, to checked frames."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import accumulate
from pathlib import Path

import pandas as pd

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.tables.columns import TABLES, Table, tables_for
from capacity.inputs.tables.files import InputFile, is_dir
from capacity.inputs.tables.frames import empty_frame, read_frame
from capacity.inputs.tables.headers import match_column, match_header, refuse_missing
from capacity.inputs.tables.named import KNOWN
from capacity.inputs.tables.names import Names, Stated
from capacity.inputs.tables.office import OfficeTable
from capacity.inputs.tables.rules import check_rules, places_in
from capacity.inputs.tables.sheets import FRAMES, Change, Grid, Sheet
from capacity.inputs.tables.sizes import fill_places
from capacity.inputs.tables.sources import Folder, Source
from capacity.inputs.tables.units import UNITS, Summing
from capacity.inputs.tables.values import Cell, fold
from capacity.inputs.tables.withheld import say_withheld
from capacity.inputs.tables.xlsx import cell_of


@dataclass(frozen=True)
class Tables:
    """The checked tables of a district folder.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        Every table of the design; one that is absent has its columns and no rows.
        Beside its own columns each has ``line`` and ``file``, and of each count of people whether
        it is withheld: ``withheld_pupils``.
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
    frames = {name: empty_frame(table) for name, table in specs.items()}
    if isinstance(folder, Path) and not is_dir(folder):
        problems.error("folder-missing", At(str(folder)))
        return Tables(frames, frozenset(), (), (), frozenset(specs))
    files: Folder | Given = (
        Folder(folder, specs, names) if isinstance(folder, Path) else Given(folder, specs)
    )
    summing = Summing(names, files.problems[UNITS])
    of_table: dict[str, list[Change]] = {}
    with _uncollected():
        rows = _read_all(files, specs, frames, summing, of_table)
    say_withheld(of_table, names.stated.withheld, problems)
    files.say_unread(problems)
    for own in files.problems.values():
        problems.extend(own)
    invalid = {name for name, own in files.problems.items() if own.errors}
    return Tables(
        frames,
        frozenset(files.present),
        tuple(replace(file, rows=rows.get(str(file.path), 0)) for file in files.read),
        tuple(change for changes in of_table.values() for change in changes),
        frozenset(invalid | summing.doubtful),
        (*files.unread, *files.unread_sheets),
    )


def _read_all(
    files: Folder | Given,
    specs: Mapping[str, Table],
    frames: dict[str, pd.DataFrame],
    summing: Summing,
    of_table: dict[str, list[Change]],
) -> dict[str, int]:
    """Read the table of units, which others name, then all others; return the rows of each file.

    ``of_table`` takes the changes of each table.
    """
    rows: dict[str, int] = {}
    found = files.sources()
    for name in sorted(found, key=lambda name: name != UNITS):
        table, own = specs[name], files.problems[name]
        names, changes = summing.names_for(table), of_table.setdefault(name, [])
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


def stacked(sheets: Sequence[Sheet], table: Table, problems: Problems) -> Sheet:
    """Put sheets of a table below one another, by the names of their columns."""
    if len(sheets) == 1:
        return sheets[0]
    names: dict[str, str] = {}
    columns: list[list[int | None]] = []
    homes: list[tuple[Sheet, int]] = []
    maps: list[dict[str, int]] = []
    for sheet in sheets:
        own: dict[str, int] = {}
        for index, name in enumerate(sheet.header):
            column = match_column(name, table) if name.strip() else None
            key = column.name if column else f"?{fold(name)}" if name.strip() else f"?{index}"
            while key in own:  # told as standing twice
                key = f"{key}+"
            own[key] = index
            if key not in names:
                names[key] = name
                homes.append((sheet, index))
        maps.append(own)
    columns = [[own.get(key) for key in names] for own in maps]
    every = set().union(*(match_header(sheet.header, table) for sheet in sheets))
    for sheet in sheets:
        lacking = set(table.required) - match_header(sheet.header, table).keys()
        if lacking & every:
            refuse_missing(sheet, match_header(sheet.header, table), table, problems)
    starts = [0, *accumulate(len(sheet.rows) for sheet in sheets)]
    sheet_of = [number for number, sheet in enumerate(sheets) for _ in sheet.rows]

    def place(row: int, column: int) -> At:
        number = sheet_of[row]
        own = columns[number][column] if column < len(names) else None
        return sheets[number].at(row - starts[number], own or 0)

    return Sheet(
        table.name,
        sheets[0].file,
        tuple(names.values()),
        [
            ["" if index is None else row[index] for index in own]
            for sheet, own in zip(sheets, columns, strict=True)
            for row in sheet.rows
        ],
        [line for sheet in sheets for line in sheet.lines],
        place,
        lambda column: (
            homes[column][0].at_header(homes[column][1]) if homes else sheets[0].at_header()
        ),
        files=[sheets[number].file for number in sheet_of],
        aside=tuple(pair for sheet in sheets for pair in sheet.aside),
        repeats=any(sheet.repeats for sheet in sheets),
        across=frozenset.intersection(*(sheet.across for sheet in sheets)),
    )


@dataclass
class Given:
    """Frames by table; it offers what `capacity.inputs.tables.sources.Folder` does.

    Attributes
    ----------
    frames : mapping of str to DataFrame
        Columns and cells as files may have them.
    specs : mapping of str to Table
    problems : dict of table to its problems
    """

    frames: Mapping[str, pd.DataFrame]
    specs: Mapping[str, Table]
    problems: dict[str, Problems] = field(init=False)
    read: list[InputFile] = field(default_factory=list)
    unread: list[tuple[str, str | None]] = field(default_factory=list)
    unread_sheets: list[tuple[str, str | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.problems = {name: Problems() for name in self.specs}

    @property
    def present(self) -> dict[str, str]:
        """The tables that are given, with the frame that each is."""
        return {name: name for name in self.frames if name in self.specs}

    def sources(self) -> dict[str, list[Source]]:
        """Return the cells of every frame that is a table."""
        return {name: [Source(grid_of(self.frames[name], name))] for name in self.present}

    def say_unread(self, problems: Problems) -> None:
        """Refuse frames that are no table, with the names that tables have."""
        for name in self.frames:
            if name not in self.specs:
                near = nearest(name, TABLES)
                problems.error("table-name", At(FRAMES), found=name, known=KNOWN, nearest=near)


def grid_of(frame: pd.DataFrame, name: str) -> Grid:
    """Return a frame as cells; what is missing is empty."""
    rows = [list(map(str, frame.columns)), *map(list, frame.astype(object).itertuples(index=False))]
    cells = [list(map(_cell, row)) for row in rows]

    def locate(line: int, column: int) -> At:
        return At(f"{FRAMES}[{name}]", line, column + 1)

    return Grid(f"{FRAMES}[{name}]", "", cells, range(1, len(cells) + 1), locate)


def _cell(value: object) -> Cell:
    if isinstance(value, str):
        return value
    return "" if pd.isna(value) else cell_of(value)  # type: ignore[call-overload]
