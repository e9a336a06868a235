"""The tables of a district folder: CSV files and a workbook to checked frames."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.tables.columns import TABLES, Table
from capacity.inputs.tables.files import (
    InputFile,
    is_dir,
    is_within,
    read_bytes,
    read_text,
    sha256_of,
    why,
)
from capacity.inputs.tables.frames import empty_frame, read_frame
from capacity.inputs.tables.headers import fold, match_table, tables_for
from capacity.inputs.tables.readers import Names
from capacity.inputs.tables.rules import check_rules
from capacity.inputs.tables.sheets import Change, Sheet, read_csv
from capacity.inputs.tables.unread import DATA, MAYBE, is_aside, meant_by, say_unread
from capacity.inputs.tables.xlsx import is_filled, open_package, read_sheets

#: From this likeness on a name is taken for a misspelt table.
ALIKE = 0.75
OTHER_BOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".et", ".numbers")
BOOKS = (".xlsx", *OTHER_BOOKS)
_KNOWN = tuple(table.term for table in TABLES.values())


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
        The files read, in order of name.
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
    folder: Path,
    *,
    regions: Sequence[str] | None,
    levels: Sequence[tuple[str, tuple[int, int]]] | None,
    problems: Problems,
    titles: Mapping[str, Sequence[str]] | None = None,
    region_titles: Mapping[str, Sequence[str]] | None = None,
    births_year_ends: tuple[int, int] | None = None,
) -> Tables:
    """Read all tables of a district folder; everything wrong with them is added to ``problems``.

    Parameters
    ----------
    folder : Path
        The district folder; its path as given stands in messages.
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
    births_year_ends : (month, day), optional
        The last day of a births year, where that is stated.
    """
    names = Names(
        None if regions is None else tuple(regions),
        None if levels is None else dict(levels),
        {"region": region_titles or {}, "level": titles or {}},
        births_year_ends,
    )
    specs = tables_for(names.levels, titles)
    changes: list[Change] = []
    frames = {name: empty_frame(table) for name, table in specs.items()}
    if not is_dir(folder):
        problems.error("folder-missing", At(str(folder)))
        return Tables(frames, frozenset(), (), (), frozenset(specs))
    files = _Folder(folder, specs, changes)
    with _uncollected():
        for sheet in files.sheets():
            table, own = specs[sheet.table], files.problems[sheet.table]
            frames[sheet.table] = frame = read_frame(sheet, table, names, own, changes)
            check_rules(sheet, frame, table, names, own)
    files.say_unread(problems)
    for own in files.problems.values():
        problems.extend(own)
    invalid = {name for name, own in files.problems.items() if own.errors}
    return Tables(
        frames,
        frozenset(files.present),
        tuple(files.read),
        tuple(changes),
        frozenset(invalid),
        (*files.unread, *files.unread_sheets),
    )


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


@dataclass
class _Folder:
    """The table files of a district folder, and what has been found in them so far.

    Attributes
    ----------
    folder : Path
    specs : mapping of str to Table
    changes : list of Change
    read : list of InputFile
    present : dict of table to the file or sheet that holds it
    problems : dict of table to its problems
        A problem of a file that could hold several tables is one of each.
    unread, unread_sheets : list of (str, str or None)
        Files, and sheets of the workbook, that are no table, and the table that they may mean.
    """

    folder: Path
    specs: Mapping[str, Table]
    changes: list[Change]
    read: list[InputFile] = field(default_factory=list)
    present: dict[str, str] = field(default_factory=dict)
    unread: list[tuple[str, str | None]] = field(default_factory=list)
    unread_sheets: list[tuple[str, str | None]] = field(default_factory=list)
    problems: dict[str, Problems] = field(init=False)
    entries: list[Path] = field(init=False)

    def __post_init__(self) -> None:
        self.problems = {name: Problems() for name in self.specs}
        try:
            self.entries = sorted(self.folder.iterdir())
        except OSError as error:  # it may not be read
            self.entries = []
            self._error("file-unreadable", At(str(self.folder)), self.specs, reason=why(error))

    def sheets(self) -> list[Sheet]:
        """Return the sheets of all tables that can be read."""
        sheets = [*self._csv_sheets(), *self._workbook_sheets()]
        for path in self._paths(".csv"):
            is_table = path.stem.strip().casefold() in TABLES
            if not is_table and not self._refuse_near(path.stem, At(str(path), 1, 1), ".csv"):
                self._pass_over(path)
        others = tuple(ending for ending in DATA if ending != ".csv")
        for path in self._paths(*others, *MAYBE):
            if path.suffix.lower() in DATA or (path.stem and match_table(path.stem)):
                self._pass_over(path)
        return sheets

    def say_unread(self, problems: Problems) -> None:
        """Say which files and sheets are no table, and which names tables have."""
        say_unread(self._renamed(self.unread, ".csv"), At(str(self.folder)), problems)
        for book in self._paths(".xlsx")[:1]:
            say_unread(self._renamed(self.unread_sheets, ""), At(str(book)), problems)

    def _renamed(
        self, unread: Sequence[tuple[str, str | None]], ending: str
    ) -> list[tuple[str, str | None]]:
        """Give each the name by which it would be read, unless there is such a table."""
        return [
            (name, f"{meant}{ending}" if meant and meant not in self.present else None)
            for name, meant in unread
        ]

    def _pass_over(self, path: Path) -> None:
        """Remember a file that is no table; notes are nobody's mistake."""
        if path.is_file() and not is_aside(path.stem):
            is_text = path.suffix.lower() not in BOOKS
            self.unread.append((path.name, meant_by(path.stem, path if is_text else None)))

    def _error(self, code: str, at: At, tables: Iterable[str], **facts: object) -> None:
        for name in tables:
            self.problems[name].error(code, at, **facts)

    def _paths(self, *suffixes: str) -> list[Path]:
        return [
            path
            for path in self.entries
            if path.suffix.lower() in suffixes and not path.name.startswith((".", "~"))
        ]

    def _csv_sheets(self) -> list[Sheet]:
        sheets: list[Sheet] = []
        for path in self._paths(".csv"):
            name, at = path.stem.strip().casefold(), At(str(path), 1, 1)
            if name not in TABLES:
                continue
            own = self.problems[name]
            if not self._is_inside(path, (name,)) or self._is_second(name, path.name, at):
                continue
            text = read_text(path, own)
            if text is None:
                continue
            sheet = read_csv(name, str(path), text.text, own)
            rows = len(sheet.rows) if sheet else 0
            file = InputFile(path, path.name, text.sha256, text.size, text.encoding, rows)
            self.read.append(file)
            sheets += [sheet] if sheet else []
        return sheets

    def _workbook_sheets(self) -> list[Sheet]:
        books = self._paths(".xlsx")
        absent = [name for name in self.specs if name not in self.present]
        for path in self._paths(*OTHER_BOOKS):
            table = match_table(path.stem)
            if table or not (books or self.present):
                named = (table.name,) if table else absent
                self._error("workbook-type", At(str(path), 1, 1), named, found=path.suffix)
            else:
                self._pass_over(path)
        for path in books[1:]:
            other = books[0].name
            self._error("workbook-second", At(str(path), 1, 1), self.specs, other=other)
        if len(books) != 1 or not self._is_inside(books[0], self.specs):
            return []
        return self._workbook(books[0], absent)

    def _workbook(self, path: Path, absent: list[str]) -> list[Sheet]:
        file, unread = str(path), Problems()
        data = read_bytes(path, unread)
        package = None if data is None else open_package(data, file, unread)
        if data is None or package is None:
            for name in absent or self.specs:
                self.problems[name].extend(unread)
            return []
        wanted: dict[str, Table] = {}
        for name in package.sheets:
            at = At(file, cell=f"{name}!A1")
            table = match_table(name)
            if table and not self._is_second(table.name, f"{path.name}[{name}]", at):
                wanted[name] = self.specs[table.name]
        for name in package.sheets:
            at = At(file, cell=f"{name}!A1")
            if match_table(name) is None and not self._refuse_near(name, at, ""):
                hidden = name in package.hidden or not is_filled(package.sheets[name])
                if not (hidden or is_aside(name)):
                    self.unread_sheets.append((name, meant_by(name)))
        named = match_table(path.stem)
        if not wanted and (named or not self.present):
            meant = (named.name,) if named else absent
            at = At(file, 1, 1)
            self._error("workbook-tables", at, meant, known=_KNOWN)
            self.unread_sheets.clear()  # said with the error
        sheets = read_sheets(data, package, wanted, self.problems, self.changes)
        rows = sum(len(sheet.rows) for sheet in sheets)
        self.read.append(
            InputFile(path, path.name, sha256_of(data), len(data), "xlsx", rows),
        )
        return sheets

    def _is_inside(self, path: Path, tables: Iterable[str]) -> bool:
        if is_within(path, self.folder):
            return True
        self._error("file-outside", At(str(path), 1, 1), tables)
        return False

    def _is_second(self, table: str, where: str, at: At) -> bool:
        if other := self.present.get(table):
            self._error("table-twice", at, (table,), table=table, other=other)
            return True
        self.present[table] = where
        return False

    def _refuse_near(self, name: str, at: At, suffix: str) -> bool:
        """Refuse a file or sheet whose name is nearly that of a table, and return whether it is.

        Where a table of the right name stands beside it, it is a copy and no misspelling.
        """
        alias = match_table(name)
        near = (alias.name,) if alias else nearest(fold(name), TABLES)
        copy = any(one in self.present for one in near)
        if (
            near
            and not copy
            and (alias or SequenceMatcher(None, fold(name), near[0]).ratio() >= ALIKE)
        ):
            meant = tuple(f"{one}{suffix}" for one in near)
            facts = {"found": name + suffix, "known": _KNOWN, "nearest": meant}
            self._error("table-name", at, near, **facts)
            return True
        return False
