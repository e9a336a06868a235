"""The tables of a district folder: which files there are, and their checked frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

import pandas as pd

from capacity.errors import At, Message, Problems, nearest, register
from capacity.inputs.columns import TABLES, Table, fold, match_table, tables_for
from capacity.inputs.csvsheet import read_csv
from capacity.inputs.frames import empty_frame, read_frame
from capacity.inputs.readers import Names
from capacity.inputs.records import Change, InputFile, sha256_of
from capacity.inputs.rules import check_rules
from capacity.inputs.sheets import Sheet
from capacity.inputs.text import read_bytes, read_text

#: From this likeness on a name is taken for a misspelt table.
ALIKE = 0.75
_OTHER_BOOKS = (".xls", ".xlsm", ".xlsb", ".ods", ".et")

register(
    {
        "folder-missing": {
            "en": Message("no such district folder"),
            "zh": Message("找不到区县数据文件夹"),
        },
        "table-name": {
            "en": Message("the name looks like that of a table, misspelt", "one of: {known}"),
            "zh": Message("名称像是写错的表名", "下列之一：{known}"),
        },
        "table-twice": {
            "en": Message("table {table} is also in {other}", "each table once"),
            "zh": Message("表 {table} 也在 {other} 中", "每个表只有一处"),
        },
        "workbook-second": {
            "en": Message("a second workbook (beside {other})", "one .xlsx in the folder"),
            "zh": Message("文件夹里有第二个工作簿（另有 {other}）", "只有一个 .xlsx"),
        },
        "workbook-tables": {
            "en": Message("no sheet of the workbook is a table", "sheets named {known}"),
            "zh": Message("工作簿中没有数据表", "工作表名为 {known}"),
        },
        "file-outside": {
            "en": Message("the file is a link out of the district folder", "a file in the folder"),
            "zh": Message("该文件是指向数据文件夹之外的链接", "文件夹内的文件"),
        },
    }
)


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
        Every cell changed and every total row dropped.
    """

    frames: Mapping[str, pd.DataFrame]
    present: frozenset[str]
    files: tuple[InputFile, ...]
    changes: tuple[Change, ...]

    def has(self, name: str) -> bool:
        """Tell whether the folder has this table."""
        return name in self.present


def read_tables(
    folder: Path,
    *,
    regions: Sequence[str],
    levels: Sequence[tuple[str, tuple[int, int]]],
    problems: Problems,
) -> Tables:
    """Read all tables of a district folder; everything wrong with them is added to ``problems``.

    Parameters
    ----------
    folder : Path
        The district folder; its path as given stands in messages.
    regions : sequence of str
        Codes of the leaf regions, the only ones (beside ``all``) that tables may name.
    levels : sequence of (code, (first grade, last grade))
        The levels of the district.
    problems : Problems
        Takes the problems of all files.
    """
    names = Names(tuple(regions), dict(levels))
    specs = tables_for(names.levels)
    changes: list[Change] = []
    files: list[InputFile] = []
    frames = {name: empty_frame(table) for name, table in specs.items()}
    present: dict[str, str] = {}
    if not folder.is_dir():
        problems.error("folder-missing", At(str(folder)))
        return Tables(frames, frozenset(), (), ())
    folder_files = _Folder(folder, specs, problems, files, present, changes)
    for sheet in [*folder_files.csv_sheets(), *folder_files.workbook_sheets()]:
        table = specs[sheet.table]
        frames[sheet.table] = frame = read_frame(sheet, table, names, problems, changes)
        check_rules(sheet, frame, table, names, problems)
    return Tables(frames, frozenset(present), tuple(files), tuple(changes))


@dataclass
class _Folder:
    """The files of a district folder, and what has been found in them so far."""

    folder: Path
    specs: Mapping[str, Table]
    problems: Problems
    files: list[InputFile]
    present: dict[str, str]
    changes: list[Change]

    def _paths(self, *suffixes: str) -> list[Path]:
        return [
            path
            for path in sorted(self.folder.iterdir())
            if path.suffix.lower() in suffixes and not path.name.startswith((".", "~"))
        ]

    def csv_sheets(self) -> list[Sheet]:
        """Give the sheets of the CSV tables."""
        sheets: list[Sheet] = []
        for path in self._paths(".csv"):
            table = _table_of(path, self.problems)
            if table is None or not self._is_inside(path):
                continue
            if self._is_second(table, path.name, At(str(path))):
                continue
            text = read_text(path, self.problems)
            if text is None:
                continue
            sheet = read_csv(table.name, str(path), text.text, self.problems)
            rows = len(sheet.rows) if sheet else 0
            file = InputFile(path, path.name, text.sha256, text.size, text.encoding, rows)
            self.files.append(file)
            sheets += [sheet] if sheet else []
        return sheets

    def workbook_sheets(self) -> list[Sheet]:
        """Give the sheets of the workbook, if there is one."""
        books = self._paths(".xlsx")
        if not books and not self.present:
            for path in self._paths(*_OTHER_BOOKS):
                self.problems.error("workbook-type", At(str(path)), found=path.suffix)
        for path in books[1:]:
            self.problems.error("workbook-second", At(str(path)), other=books[0].name)
        if len(books) != 1 or not self._is_inside(books[0]):
            return []
        return self._workbook(books[0])

    def _workbook(self, path: Path) -> list[Sheet]:
        from capacity.inputs.workbook import read_sheets
        from capacity.inputs.xlsx import open_package

        file = str(path)
        data = read_bytes(path, self.problems)
        package = None if data is None else open_package(data, file, self.problems)
        if data is None or package is None:
            return []
        wanted: dict[str, Table] = {}
        for name in package.sheets:
            at = At(file, cell=name)
            table = match_table(name)
            if table is None:
                _refuse_near(name, at, "", self.problems)
            elif not self._is_second(table, f"{path.name}[{name}]", at):
                wanted[name] = self.specs[table.name]
        if not wanted and not self.present:
            self.problems.error("workbook-tables", At(file), known=", ".join(TABLES))
        sheets = read_sheets(data, package, wanted, self.problems, self.changes)
        rows = sum(len(sheet.rows) for sheet in sheets)
        self.files.append(
            InputFile(path, path.name, sha256_of(data), len(data), "xlsx", rows),
        )
        return sheets

    def _is_inside(self, path: Path) -> bool:
        if path.resolve().is_relative_to(self.folder.resolve()):
            return True
        self.problems.error("file-outside", At(str(path)))
        return False

    def _is_second(self, table: Table, where: str, at: At) -> bool:
        if other := self.present.get(table.name):
            self.problems.error("table-twice", at, table=table.name, other=other)
            return True
        self.present[table.name] = where
        return False


def _table_of(path: Path, problems: Problems) -> Table | None:
    """Find the table of a CSV file; one that only looks like a table's name is a problem."""
    name = path.stem.strip().casefold()
    if name not in TABLES:
        _refuse_near(path.stem, At(str(path)), ".csv", problems)
    return TABLES.get(name)


def _refuse_near(name: str, at: At, suffix: str, problems: Problems) -> None:
    """Refuse a file or sheet whose name is nearly that of a table; others are not ours."""
    alias = match_table(name)
    near = (alias.name,) if alias else nearest(fold(name), TABLES)
    if near and (alias or SequenceMatcher(None, fold(name), near[0]).ratio() >= ALIKE):
        problems.error(
            "table-name",
            at,
            found=name + suffix,
            known=", ".join(TABLES),
            nearest=tuple(f"{one}{suffix}" for one in near),
        )
