"""A new district folder, put in its place whole or not at all."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from capacity.base.words import word
from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.results.atomic import atomic_dir
from capacity.results.disk import is_free
from capacity.results.draft import left_over
from capacity.results.lock import FolderTakenError
from capacity.templates import notes, workbook
from capacity.templates.content import (
    OPTIONAL,
    Cell,
    Content,
    Filled,
    example,
    of_district,
    template,
)

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

SCENARIO = "baseline.yaml"
#: Years that the first scenario looks ahead.
AHEAD = 10


def guide_name(lang: str, *, excel: bool = False) -> str:
    """Return the name of the file that says how to fill in the tables: the workbook does too."""
    return word("templates.book" if excel else "templates.readme", lang)


def write(folder: Path, lang: str, *, excel: bool = False, like: District | None = None) -> None:
    """Write a district folder that runs at once.

    Parameters
    ----------
    folder : Path
        A new or an empty folder.
    lang : str
        Of headers, notes and the example's codes.
    excel : bool
        One workbook in place of CSV files.
    like : District, optional
        Its tables and its district.yaml; the invented example by default.

    Raises
    ------
    FolderTakenError, FolderInUseError
        The folder holds something, or another command is writing there.
    OSError
        The disk is full, or may not be written to.
    """
    if not (is_free(folder) or left_over(folder)):
        raise FolderTakenError("folders.not_empty", folder)
    content = example(lang) if like is None else of_district(like)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with atomic_dir(folder) as draft:
        if not is_free(folder):  # as it is now that nobody else writes
            raise FolderTakenError("folders.not_empty", folder)
        _describe(draft, content, lang, like)
        if excel:
            workbook.write(content, draft / guide_name(lang, excel=True), lang)
        else:
            _write_tables(draft, content, lang)
            _save(draft / guide_name(lang), notes.as_text(content, lang))


def _describe(folder: Path, content: Content, lang: str, like: District | None) -> None:
    """Write district.yaml and what may be asked of the district."""
    if like is None:
        for name in (DISTRICT_FILE, "delayed.yaml"):
            _save(folder / name, template(name, lang))
    else:
        shutil.copyfile(like.folder / DISTRICT_FILE, folder / DISTRICT_FILE)
    years = {"base_year": content.base_year, "last_year": content.base_year + AHEAD}
    _save(folder / SCENARIO, Template(template(SCENARIO, lang)).substitute(years))


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")


def _write_tables(folder: Path, content: Content, lang: str) -> None:
    """Write a CSV file per table, the optional ones in a folder of their own."""
    for filled in content.tables:
        _write_table(folder, content, filled, lang)
    if content.optional:
        (folder / OPTIONAL).mkdir()
    for filled in content.optional:
        _write_table(folder / OPTIONAL, content, filled, lang)


def _write_table(folder: Path, content: Content, filled: Filled, lang: str) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(content.heading(filled, column, lang) for column in filled.columns)
    writer.writerows([_as_text(cell) for cell in row] for row in filled.rows)
    # With its mark, without which Excel takes the file for one in the encoding of the machine.
    path = folder / f"{filled.spec.name}.csv"
    path.write_text(text.getvalue(), encoding="utf-8-sig", newline="")


def _as_text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    return repr(int(cell)) if float(cell).is_integer() else repr(cell)
