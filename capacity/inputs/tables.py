"""The tables of a district folder: which files there are, and their checked frames."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from capacity.errors import At, Message, Problems, nearest, register
from capacity.inputs.columns import TABLES, Table, fold, match_table, tables_for
from capacity.inputs.csvsheet import read_csv
from capacity.inputs.frames import Names, empty_frame, read_frame
from capacity.inputs.records import Change, InputFile
from capacity.inputs.rules import check_rules
from capacity.inputs.sheets import Sheet
from capacity.inputs.text import read_text

register(
    {
        "folder-missing": {
            "en": Message("no such district folder"),
            "zh": Message("找不到区县数据文件夹"),
        },
        "table-name": {
            "en": Message("the file looks like a table with another name", "one of: {known}"),
            "zh": Message("文件名像是写错的表名", "下列之一：{known}"),
        },
        "table-twice": {
            "en": Message("table {table} is also in {other}", "each table once"),
            "zh": Message("表 {table} 也在 {other} 中", "每个表只有一处"),
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
    for sheet in _sheets(folder, files, present, problems):
        frame = read_frame(sheet, specs[sheet.table], names, problems, changes)
        frames[sheet.table] = frame
        check_rules(sheet, frame, specs[sheet.table], names, problems)
    return Tables(frames, frozenset(present), tuple(files), tuple(changes))


def _sheets(
    folder: Path, files: list[InputFile], present: dict[str, str], problems: Problems
) -> list[Sheet]:
    """Give the sheets of all tables of the folder; each table once."""
    sheets: list[Sheet] = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() != ".csv" or path.name.startswith((".", "~")):
            continue
        table = _table_of(path, problems)
        if table is None or not _is_inside(path, folder, problems):
            continue
        if _is_second(table.name, path.name, At(str(path)), present, problems):
            continue
        text = read_text(path, problems)
        if text is None:
            continue
        sheet = read_csv(table.name, str(path), text.text, problems)
        rows = len(sheet.rows) if sheet else 0
        files.append(InputFile(path, path.name, text.sha256, text.size, text.encoding, rows))
        if sheet:
            sheets.append(sheet)
    return sheets


def _table_of(path: Path, problems: Problems) -> Table | None:
    """Find the table of a CSV file; one that only looks like a table's name is a problem."""
    name = path.stem.strip().casefold()
    if name in TABLES:
        return TABLES[name]
    alias = match_table(path.stem)
    near = (alias.name,) if alias else nearest(fold(path.stem), TABLES)
    if near and (alias or _alike(fold(path.stem), near[0])):
        problems.error(
            "table-name",
            At(str(path)),
            found=path.name,
            known=", ".join(TABLES),
            nearest=tuple(f"{one}.csv" for one in near),
        )
    return None


def _alike(one: str, other: str) -> bool:
    from difflib import SequenceMatcher

    return SequenceMatcher(None, one, other).ratio() >= 0.75


def _is_inside(path: Path, folder: Path, problems: Problems) -> bool:
    if path.resolve().is_relative_to(folder.resolve()):
        return True
    problems.error("file-outside", At(str(path)))
    return False


def _is_second(table: str, where: str, at: At, present: dict[str, str], problems: Problems) -> bool:
    if table in present:
        problems.error("table-twice", at, table=table, other=present[table])
        return True
    present[table] = where
    return False
