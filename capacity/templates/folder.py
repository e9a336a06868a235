"""A new district folder, put in its place whole or not at all."""

from __future__ import annotations

import csv
import io
import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import normalize

from capacity.base.fields import MAX_CODE
from capacity.base.words import word
from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.results.atomic import atomic_dir
from capacity.results.disk import is_free, make_folders
from capacity.results.draft import left_over
from capacity.results.lock import FolderTakenError
from capacity.templates import notes, workbook
from capacity.templates.content import (
    OPTIONAL,
    Cell,
    Content,
    Filled,
    of_district,
    titles_of,
)
from capacity.templates.examples import Example, file_text, nearest_example
from capacity.templates.fitted import fitted
from capacity.templates.presets import country_of

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

SCENARIO, LATER = "baseline.yaml", "delayed.yaml"
#: Projects that the second scenario moves.
UNSTARTED = ("approved", "planned")
#: Years that the first scenario looks ahead.
AHEAD = 10


def guide_name(lang: str, *, excel: bool = False) -> str:
    """Return the name of the file that says how to fill in the tables: the workbook does too."""
    return word("templates.book" if excel else "templates.readme", lang)


def names_of(folder: Path) -> dict[str, str]:
    """Return what a folder's district and scenarios are called: no others are in their way.

    >>> names_of(Path("my town"))
    {'district': 'my-town', 'baseline': 'my-town-baseline', 'delayed': 'my-town-late'}
    """
    own = normalize("NFC", Path(os.path.abspath(folder)).name)
    ends = {"district": "", "baseline": "-baseline", "delayed": "-late"}
    stem = re.sub(r"[^\w-]+", "-", own)[: MAX_CODE - max(map(len, ends.values()))].strip("-_")
    return {key: f"{stem or 'district'}{end}" for key, end in ends.items()}


def write(
    folder: Path,
    lang: str,
    *,
    excel: bool = False,
    levels: str | None = None,
    like: District | None = None,
) -> None:
    """Write a district folder that runs at once.

    Parameters
    ----------
    folder : Path
        A new or an empty folder.
    lang : str
        Of headers, notes and the example's codes.
    excel : bool
        One workbook in place of CSV files.
    levels : str, optional
        Whose invented example, one of `presets.levels_known`; that of six, three and three years by
        default.
    like : District, optional
        Its district.yaml and its tables, in place of an example. Without enrolment it takes the
        tables that it lacks from the nearest example, for its regions and levels.

    Raises
    ------
    FolderTakenError, FolderInUseError
        The folder holds something, or another command is writing there.
    OSError
        The disk is full, or may not be written to.
    """
    if not (is_free(folder) or left_over(folder)):
        raise FolderTakenError("folders.not_empty", folder)
    example = Example(country_of(levels), lang) if like is None else nearest_example(like, lang)
    content = example.content() if like is None else _like(like, example)
    make_folders(folder.parent)
    with atomic_dir(folder) as draft:
        if not is_free(folder):  # as it is now that nobody else writes
            raise FolderTakenError("folders.not_empty", folder)
        facts = names_of(folder) | {"last_year": str(content.base_year + AHEAD)}
        _describe(draft, example, like, facts["district"])
        for name in (SCENARIO, LATER) if _may_be_late(content) else (SCENARIO,):
            _save(draft / name, file_text(name, example, **facts))
        if excel:
            workbook.write(content, draft / guide_name(lang, excel=True), lang)
        else:
            _write_tables(draft, content, lang)
            _save(draft / guide_name(lang), notes.as_text(content, lang))


def _like(district: District, example: Example) -> Content:
    """Return the tables of a district; without enrolment, with those of an example it lacks."""
    if not district.has("enrolment"):
        return fitted(example, district)
    tables, titles = of_district(district), titles_of(district)
    grades = example.grades(district)
    return Content(tables, district.leaf_regions, titles, grades, invented=False)


def _may_be_late(content: Content) -> bool:
    """Whether an example has projects of which the second scenario asks."""
    pipeline = (filled for filled in content.tables if filled.spec.name == "pipeline")
    return content.invented and any(
        row[filled.columns.index(filled.spec.column("status"))] in UNSTARTED
        for filled in pipeline
        for row in filled.rows
    )


def _describe(folder: Path, example: Example, like: District | None, name: str) -> None:
    """Write district.yaml."""
    if like is None:
        _save(folder / DISTRICT_FILE, example.district_text(name))
    else:
        shutil.copyfile(like.folder / DISTRICT_FILE, folder / DISTRICT_FILE)


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
