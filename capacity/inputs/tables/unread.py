"""Files and sheets of a district folder that are no table: what they were probably meant to be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from capacity.base.errors import At, Phrase, Problems, nearest, phrase
from capacity.base.words import LANGUAGES, catalog, word
from capacity.inputs.tables.columns import TABLES, Table
from capacity.inputs.tables.folding import fold
from capacity.inputs.tables.headers import match_header, match_table

#: Files that hold data; pictures, texts and scenarios beside the tables are nobody's mistake.
DATA = (".csv", ".tsv", ".tab", ".parquet", ".dbf")
#: Files that may hold data: they are told where their name says so.
MAYBE = (".txt", ".dat", ".json")
#: Bytes in which a header stands.
_HEAD = 4096
#: Names listed before the rest is only counted.
_LISTED = 12
_KNOWN = tuple(table.term for table in TABLES.values())
_ASIDES = tuple(fold(name) for name in catalog("reading")["asides"])
#: Sheets of the workbooks of ``capacity new`` that are not to be read.
_GIVEN = tuple(fold(word(f"templates.{key}", x)) for key in ("notes", "lists") for x in LANGUAGES)
_EXAMPLES = tuple(fold(word("templates.example", language)) for language in LANGUAGES)


def is_aside(name: str) -> bool:
    """Whether a name is that of notes, of a list of choices or of a template's example.

    >>> is_aside("README"), is_aside("填表说明"), is_aside("births (example)"), is_aside("pupils")
    (True, True, True, False)
    """
    plain = fold(name)
    endings = (*_EXAMPLES, *_ASIDES)
    return plain in _GIVEN or plain.startswith(_ASIDES) or plain.endswith(endings)


def meant_by(name: str, path: Path | None = None) -> str | None:
    """Return the table that a name, else the header of a CSV file, is nearest to; None if none is.

    >>> meant_by("pupils_by_grade"), meant_by("2024年在校生数据"), meant_by("other")
    ('enrolment', 'enrolment', None)
    """
    if table := match_table(name):
        return table.name
    plain = fold(name)
    if found := {alias: table for alias, table in _NAMES.items() if alias in plain}:
        return found[max(found, key=len)]
    if path is not None and (table_of_header := _by_header(path)):
        return table_of_header
    return next(iter(nearest(plain, TABLES)), None)


def _names(table: Table) -> set[str]:
    """Return the names by which a part of a file's name tells a table."""
    counts = {column.name for column in table.columns if column.required and column.counted}
    return {fold(name) for name in (table.name, *table.aliases, *counts)}


#: Names of tables, and of what they count, with the table.
_NAMES: Mapping[str, str] = {
    name: table.name for table in list(TABLES.values())[::-1] for name in _names(table)
}


def _by_header(path: Path) -> str | None:
    """Return the table that has most of the columns of a file's first line, and all it needs."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD).decode("utf-8-sig", "replace")
    except OSError:
        return None
    names = re.split(r"[,;\t|]", next(iter(head.splitlines()), ""))
    found = {
        table.name: len(columns)
        for table in TABLES.values()
        if set(table.required) <= (columns := match_header(names, table)).keys()
    }
    most = [name for name in found if found[name] == max(found.values())]
    return most[0] if len(most) == 1 else None


def say_unread(names: Sequence[tuple[str, str | None]], at: At, problems: Problems) -> None:
    """Say in one line which files of a folder, or sheets of a workbook, were not read.

    Parameters
    ----------
    names
        Each with the name by which it would be read, where that can be told.
    at
        The folder or the workbook.
    problems
        Takes the warning.
    """
    if not names:
        return
    said = [
        phrase("facts.name", name=name)
        if meant is None
        else phrase("facts.name_meant", name=name, meant=meant)
        for name, meant in names[:_LISTED]
    ]
    if more := len(names) - _LISTED:
        said += [phrase("facts.more", count=more)] if more > 0 else []
    problems.warning("not-read", at, names=tuple(said), known=_KNOWN)


def to_rename(names: Sequence[str]) -> Phrase:
    """Return the advice to rename files that are probably the table that is missing."""
    if not names:
        return Phrase("", "")
    return phrase("facts.rename", names=", ".join(names[:_LISTED]))
