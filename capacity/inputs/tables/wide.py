"""A table with a column for each grade, or each year: refused, with the form that is wanted."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence

from capacity.base.errors import At, Phrase, Problems
from capacity.base.words import LANGUAGES, catalog, word
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.grades import is_grade
from capacity.inputs.tables.years import YEARS

#: So many names that are grades, or years, are no accident.
LEAST = 3
_YEAR = re.compile(rf"(\d{{4}})(?:{'|'.join(catalog('reading')['years']['headers'])})?", re.ASCII)
#: What stands in the example of the form wanted, by kind of column; two where they tell it.
_EXAMPLE = {"year": ("2025", "2026"), "grade": ("1", "2"), "number": ("120", "118")}


def refuse_wide(
    names: Sequence[str],
    found: Collection[str],
    table: Table,
    at: Callable[[int], At],
    problems: Problems,
) -> bool:
    """Refuse a header that lacks the grade (or year) and names grades (or years) instead.

    Parameters
    ----------
    names : sequence of str
        The names in a row of the header.
    found : collection of str
        The columns of the table that the header names.
    table : Table
    at : callable
        Index of a name to its place.
    problems : Problems

    Returns
    -------
    bool
        Whether the table is wide; nothing else can be said of it then.
    """
    for column in table.columns:
        if not column.required or column.name in found or column.kind not in _ACROSS:
            continue
        across = [index for index, name in enumerate(names) if _ACROSS[column.kind](name)]
        if len(across) >= LEAST:
            shown = [names[across[0]].strip(), "…", names[across[-1]].strip()]
            facts = {"across": _said([column]), "names": " ".join(shown)}
            problems.error("table-wide", at(across[0]), **facts, **_form(table, column))
            return True
    return False


def _is_year(name: str) -> bool:
    match = _YEAR.fullmatch("".join(unicodedata.normalize("NFKC", name).split()))
    return match is not None and YEARS[0] <= int(match[1]) <= YEARS[1]


_ACROSS: dict[str, Callable[[str], bool]] = {"grade": is_grade, "year": _is_year}


def _form(table: Table, across: Column) -> dict[str, object]:
    """Give header, key and two rows of the form that is wanted."""
    wanted = [column for column in table.columns if column.required]
    one, other = (
        ",".join(
            _EXAMPLE[column.kind][second if column is across or column.kind == "number" else 0]
            if column.kind in _EXAMPLE
            else {"region": "north", "level": "primary"}.get(column.kind, "…")
            for column in wanted
        )
        for second in (0, 1)
    )
    return {
        "key": _said([column for column in wanted if column.name in table.key]),
        "header": Phrase(
            ",".join(column.name for column in wanted), ",".join(c.term.zh for c in wanted)
        ),
        "one": one,
        "other": other,
    }


def _said(columns: Iterable[Column]) -> Phrase:
    """Return the names of columns, one after the other in words."""
    terms = [column.term for column in columns]
    names = ([term.name for term in terms], [term.zh for term in terms])
    return Phrase(*map(_in_words, names, LANGUAGES))


def _in_words(names: Sequence[str], language: str) -> str:
    *before, last = names
    if not before:
        return last
    listed = word("common.comma", language).join(before)
    return word("common.and", language, before=listed, last=last)
