"""A new district folder, put in its place whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.inputs.districts.district import DISTRICT_FILE
from capacity.results.draft import FolderTakenError, draft_of
from capacity.templates import notes, tablefiles, texts
from capacity.templates.content import of_district
from capacity.templates.example import example
from capacity.templates.workbook import write as workbook

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

SCENARIO = "baseline.yaml"
BOOKS = {"en": "tables.xlsx", "zh": "数据表.xlsx"}
NOTES = {"en": "README.txt", "zh": "填写说明.txt"}
#: Years that the scenario of an existing district looks ahead.
AHEAD = 10


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
    if folder.exists() and not (folder.is_dir() and not any(folder.iterdir())):
        raise FolderTakenError("folders.not_empty", folder)
    content = example(lang) if like is None else of_district(like)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with draft_of(folder) as draft:
        _describe(draft, lang, like)
        if excel:
            workbook.write(content, draft / BOOKS[lang], lang)
        else:
            tablefiles.write(content, draft, lang)
            _save(draft / NOTES[lang], notes.as_text(content, lang))


def _describe(folder: Path, lang: str, like: District | None) -> None:
    """Write district.yaml and what may be asked of the district."""
    if like is None:
        _save(folder / DISTRICT_FILE, texts.district(lang))
        _save(folder / SCENARIO, texts.baseline(lang))
        _save(folder / "delayed.yaml", texts.delayed(lang))
        return
    shutil.copyfile(like.folder / DISTRICT_FILE, folder / DISTRICT_FILE)
    base_year = int(like.table("enrolment")["year"].max())
    _save(folder / SCENARIO, texts.baseline(lang, base_year, base_year + AHEAD))


def _save(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8", newline="\n")
