"""The files of a district folder and their sheets: which of them hold which table.

A table stands in a text file or in a sheet of its name, in English or Chinese; or in one for each
year, whose name has the year beside it. What a file holds, text or workbook, its bytes say.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

from capacity.base.errors import At, Problems, nearest
from capacity.inputs.tables.columns import TABLES, Table, match_table
from capacity.inputs.tables.delimited import read_delimited
from capacity.inputs.tables.files import (
    InputFile,
    begins_with,
    decode,
    is_within,
    read_bytes,
    read_text,
    sha256_of,
    why,
)
from capacity.inputs.tables.named import (
    DATA,
    KNOWN,
    MAYBE,
    Named,
    is_aside,
    meant_by,
    named_year,
    say_unread,
    tables_of_sheets,
)
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.sheets import Grid
from capacity.inputs.tables.values import fold
from capacity.inputs.tables.xlsx import OLD, PACKED, Package, grids_of, is_filled, open_package

#: From this likeness on a name is taken for a misspelt table.
ALIKE = 0.75
#: Text files that are read where their name is that of a table.
TEXTS = (".csv", ".tsv", ".tab")
OTHER_BOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".et", ".numbers")
BOOKS = (".xlsx", *OTHER_BOOKS)
#: Names under which a workbook of the new kind is met, too.
_RENAMED = (".xls", ".et")


@dataclass(frozen=True)
class Source:
    """The cells of a table, or of one year of it, where the name of their file or sheet says so."""

    grid: Grid
    year: str = ""


@dataclass
class Folder:
    """The table files of a district folder, and what has been found in them so far.

    Attributes
    ----------
    folder : Path
    specs : mapping of str to Table
    names : Names
        What the cells of tables may name.
    read : list of InputFile
    present : dict of table to the file or sheet that holds it
    problems : dict of table to its problems
        A problem of a file that could hold several tables is one of each.
    unread, unread_sheets : list of (str, str or None)
        Files, and sheets of the workbook, that are no table, and the table that they may mean.
    """

    folder: Path
    specs: Mapping[str, Table]
    names: Names
    read: list[InputFile] = field(default_factory=list)
    present: dict[str, str] = field(default_factory=dict)
    unread: list[tuple[str, str | None]] = field(default_factory=list)
    unread_sheets: list[tuple[str, str | None]] = field(default_factory=list)
    problems: dict[str, Problems] = field(init=False)
    entries: list[Path] = field(init=False)
    found: dict[str, list[Source]] = field(default_factory=dict)
    years: dict[tuple[str, str], str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.problems = {name: Problems() for name in self.specs}
        try:
            self.entries = sorted(self.folder.iterdir())
        except OSError as error:  # it may not be read
            self.entries = []
            self._error("file-unreadable", At(str(self.folder)), self.specs, reason=why(error))

    def sources(self) -> dict[str, list[Source]]:
        """Return the cells of all tables that can be read."""
        texts, passed = self._paths(*TEXTS), list[Path]()
        for path in texts:
            if not self._take_text(path):
                passed.append(path)
        self._take_books(any(named_year(path.stem) for path in passed))
        for path in passed:
            named = self._yearly(path.stem)
            if named and self._take_year(path, named):
                continue
            if not self._refuse_near(path.stem, At(str(path), 1, 1), path.suffix):
                self._pass_over(path)
        others = tuple(ending for ending in DATA if ending not in TEXTS)
        for path in self._paths(*others, *MAYBE):
            if path.suffix.lower() in DATA or (path.stem and match_table(path.stem)):
                self._pass_over(path)
        for sources in self.found.values():
            sources.sort(key=lambda source: source.year)
        return self.found

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

    def _yearly(self, name: str) -> Named | None:
        """Return the table and year that a name says, where the table has no file of its own."""
        named = named_year(name)
        if named is None or named.table is None:
            return named
        table = named.table.name
        return None if table in self.present and (table, "") not in self.years else named

    def _take_text(self, path: Path) -> bool:
        """Read a text file that has the name of a table; return whether it has."""
        table = match_table(path.stem)
        if table is None:
            return False
        plain = path.stem.strip().casefold() == table.name and path.suffix.lower() == ".csv"
        twin = any(
            other != path and match_table(other.stem) is table and self._is_before(other, path)
            for other in self._paths(*TEXTS)
        )
        if twin and not plain:  # a copy
            return False
        if self._is_inside(path, (table.name,)) and not self._is_second(
            table.name, path.name, At(str(path), 1, 1)
        ):
            self._read_text(path, table.name, "")
        return True

    def _is_before(self, one: Path, other: Path) -> bool:
        """Whether a file is nearer to the plain name of a table than another of the same."""
        ranks = [
            (path.suffix.lower() != ".csv", fold(path.stem) not in TABLES, path.name)
            for path in (one, other)
        ]
        return ranks[0] < ranks[1]

    def _take_year(self, path: Path, named: Named) -> bool:
        """Read a text file of one year of a table; return whether it is one."""
        if named.table is None:
            return False
        table, at = named.table.name, At(str(path), 1, 1)
        if self._is_inside(path, (table,)) and not self._is_same_year(
            table, named.year, path.name, at
        ):
            self._read_text(path, table, named.year)
        return True

    def _read_text(self, path: Path, table: str, year: str) -> None:
        own = self.problems[table]
        text = read_text(path, own, self._spoken)
        if text is None:
            return
        file = InputFile(path, path.name, text.sha256, text.size, text.encoding, 0)
        self.read.append(file)
        if grid := read_delimited(str(path), text.text, own):
            self.found.setdefault(table, []).append(Source(grid, year))

    @property
    def _spoken(self) -> tuple[str, ...]:
        """Names of the district, by which the encoding of a file may be told."""
        titles = (
            title for own in self.names.titles.values() for each in own.values() for title in each
        )
        return (*(self.names.regions or ()), *(self.names.levels or ()), *titles)

    def _take_books(self, others: bool) -> None:
        """Read the sheets of the workbook that are tables, and workbooks of a year.

        ``others`` tells whether text files may hold tables of a year.
        """
        books = self._paths(".xlsx")
        books += [path for path in self._paths(*_RENAMED) if begins_with(path, PACKED)]
        absent = [name for name in self.specs if name not in self.present]
        for path in self._paths(*OTHER_BOOKS):
            if path in books:
                continue
            table = match_table(path.stem)
            if table or not (books or self.present):
                named = (table.name,) if table else absent
                self._error("workbook-type", At(str(path), 1, 1), named, found=path.suffix)
            else:
                self._pass_over(path)
        yearly = [
            path for path in books if (one := self._yearly(path.stem)) and one.table is not None
        ]
        mains = [path for path in books if path not in yearly]
        for path in mains[1:]:
            other = mains[0].name
            self._error("workbook-second", At(str(path), 1, 1), self.specs, other=other)
        if len(mains) == 1 and self._is_inside(mains[0], self.specs):
            self._take_book(mains[0], absent, others=others or bool(yearly))
        for path in yearly:
            if self._is_inside(path, self.specs):
                self._take_book(path, absent)

    def _take_book(self, path: Path, absent: list[str], *, others: bool = False) -> None:
        """Read the sheets of a workbook that are tables."""
        file, unread = str(path), Problems()
        data = read_bytes(path, unread)
        package = None if data is None else open_package(data, file, unread)
        if data is None or package is None:
            for name in absent or self.specs:
                self.problems[name].extend(unread)
            return
        wanted = self._wanted(path, data, package)
        named = match_table(path.stem)
        if not wanted and (named or not (self.present or others)):
            meant = (named.name,) if named else absent
            self._error("workbook-tables", At(file, 1, 1), meant, known=KNOWN)
            self.unread_sheets = [one for one in self.unread_sheets if one[1]]
        asked = {name: self.problems[table] for name, (table, _) in wanted.items()}
        for name, grid in grids_of(data, package, asked).items():
            table, year = wanted[name]
            self.found.setdefault(table, []).append(Source(grid, year))
        self.read.append(InputFile(path, path.name, sha256_of(data), len(data), "xlsx", 0))

    def _wanted(self, path: Path, data: bytes, package: Package) -> dict[str, tuple[str, str]]:
        """Return the sheets that are tables, each with its table and year; remember the others."""
        wanted: dict[str, tuple[str, str]] = {}
        others: list[str] = []
        for name in package.sheets:
            at = At(str(path), cell=f"{name}!A1")
            if table := match_table(name):
                if not self._is_second(table.name, f"{path.name}[{name}]", at):
                    wanted[name] = table.name, ""
            else:
                others.append(name)
        filled = [name for name in others if is_filled(package.sheets[name])]
        shown = [n for n in filled if n not in package.hidden and not is_aside(n)]
        fitting = tables_of_sheets(shown, data, package, self.specs, self.names)
        for name in others:
            at = At(str(path), cell=f"{name}!A1")
            table_year = self._of_year(name, path, shown, fitting) if name in shown else None
            if table_year and not self._is_same_year(*table_year, f"{path.name}[{name}]", at):
                wanted[name] = table_year
            elif table_year is None and not self._refuse_near(name, at, "") and name in shown:
                self.unread_sheets.append((name, meant_by(name) or fitting.get(name)))
        return wanted

    def _of_year(
        self, name: str, path: Path, shown: Sequence[str], fitting: Mapping[str, str]
    ) -> tuple[str, str] | None:
        """Return the table and year of a sheet that has a year in its name, or in its file's."""
        if named := self._yearly(name):
            table = named.table or match_table(path.stem)
            meant = table.name if table else fitting.get(name)
            free = meant and (meant not in self.present or (meant, "") in self.years)
            return (meant, named.year) if meant and free else None
        of_file = self._yearly(path.stem)
        if of_file and of_file.table and len(shown) == 1:
            return of_file.table.name, of_file.year
        return None

    def _is_inside(self, path: Path, tables: Iterable[str]) -> bool:
        if is_within(path, self.folder):
            return True
        self._error("file-outside", At(str(path), 1, 1), tables)
        return False

    def _is_second(self, table: str, where: str, at: At) -> bool:
        """Remember the table of a file or sheet; refuse it where there is another."""
        if other := self.present.get(table):
            self._error("table-twice", at, (table,), table=table, other=other)
            return True
        self.present[table] = where
        return False

    def _is_same_year(self, table: str, year: str, where: str, at: At) -> bool:
        """Remember the year of a table; refuse it where there is another of it, or the whole."""
        other = self.years.get((table, year))
        if other is None and (table, "") not in self.years:
            other = self.present.get(table)
        if other:
            self._error("table-twice", at, (table,), table=f"{table} {year}", other=other)
            return True
        self.present.setdefault(table, where)
        self.years[table, year] = self.years[table, ""] = where
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
            facts = {"found": name + suffix, "known": KNOWN, "nearest": meant}
            self._error("table-name", at, near, **facts)
            return True
        return False


def read_grids(path: Path, problems: Problems) -> list[Grid]:
    """Read every sheet with content of a workbook, or a text file, behind all guards.

    Parameters
    ----------
    path : Path
        A file with cells between commas, semicolons, tabs or bars, or an .xlsx workbook, whatever
        its name ends with.
    problems : Problems
        Takes what is wrong with the file: its size, encoding and quotes; of a sheet its size,
        errors and formulas without a value. A sheet or file with cells that can be read is
        returned even so, unless these are more than are told.

    Returns
    -------
    list of Grid
        In the order of the workbook, hidden sheets among them.
    """
    file, data = str(path), read_bytes(path, problems)
    if data is None:
        return []
    if data.startswith(OLD):
        problems.error("workbook-type", At(file, 1, 1))
        return []
    if not data.startswith(PACKED):
        text = decode(data, file, problems)
        grid = None if text is None else read_delimited(file, text.text, problems)
        return [] if grid is None else [grid]
    package = open_package(data, file, problems)
    if package is None:
        return []
    wanted = {name: problems for name, xml in package.sheets.items() if is_filled(xml)}
    return list(grids_of(data, package, wanted).values())
