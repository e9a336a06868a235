"""Names in headers, of sheets and of files to the columns and tables that they mean.

A table with a column for each grade, or each year, is refused with the form that is wanted.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from capacity.base.errors import At, Phrase, Problems, Term, nearest
from capacity.base.words import LANGUAGES, catalog, word
from capacity.inputs.tables.columns import TABLES, Column, Table
from capacity.inputs.tables.grades import is_grade_word
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.years import is_year_word

_YEAR_UNITS = (catalog("reading")["years"]["year"],)
#: So many names that are grades, or years, are no accident.
LEAST = 3
_BLANKS = re.compile(r"[\s_\-]+")
_WITH_UNIT = re.compile(r"(.+)\(([^()]*)\)")
#: What stands in the example of the form wanted, by kind of column; two where they tell it.
_EXAMPLE = {"year": ("2025", "2026"), "grade": ("1", "2"), "number": ("120", "118")}


def tables_for(
    levels: Iterable[str] | None, titles: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Table]:
    """Return the tables of a district, with the pipeline's columns of places for its levels.

    Parameters
    ----------
    levels : iterable of str, or None
        Codes; None where they cannot be told.
    titles : mapping of str to sequence of str, optional
        Titles of levels, which may stand in a header in place of the code.
    """
    pipeline = TABLES["pipeline"]
    if levels is None:
        return {**TABLES, "pipeline": replace(pipeline, open=True)}
    codes = tuple(levels)
    named = {code: {fold(code), *map(fold, (titles or {}).get(code, ()))} for code in codes}
    count = Counter(name for names in named.values() for name in names)
    places, *others = (
        tuple(
            replace(
                column,
                name=f"{column.name}{code}",
                aliases=tuple(
                    joined
                    for name in sorted(named[code])
                    if name == fold(code) or count[name] == 1  # a title of two names neither
                    for alias in (column.name.rstrip("_"), *column.aliases)
                    for joined in (f"{alias}{name}", f"{name}{alias}")
                ),
            )
            for code in codes
        )
        for column in pipeline.per_level
    )
    first = len(pipeline.required)
    columns = (*pipeline.columns[:first], *places, *pipeline.columns[first:], *sum(others, ()))
    return {**TABLES, "pipeline": replace(pipeline, columns=columns)}


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return the form by which headers are matched: NFKC, without case, spaces, ``_`` and ``-``."""
    return _BLANKS.sub("", unicodedata.normalize("NFKC", name)).casefold()


def match_column(name: str, table: Table) -> Column | None:
    """Find the column that a header names, by its own or a Chinese name, its unit aside."""
    plain, known, units = _known(table.name, table.columns)
    if (own := plain.get(name.strip())) is not None:
        return own
    form = fold(name)
    bare = _WITH_UNIT.fullmatch(form)
    with_unit = units.get((bare[1], bare[2])) if bare else None
    return known.get(form) or with_unit


#: Columns by their own names, by the folded forms of all names, and by these with a unit.
_Known = tuple[Mapping[str, Column], Mapping[str, Column], Mapping[tuple[str, str], Column]]


def _known(name: str, columns: tuple[Column, ...]) -> _Known:
    """Return how headers may name the columns of a table; remembered for the last of that name."""
    if (before := _KNOWN.get(name)) is not None and before[0] is columns:
        return before[1]
    known: dict[str, Column] = {}
    units: dict[tuple[str, str], Column] = {}
    for column in columns:
        for option in map(fold, (column.name, *column.aliases)):
            known.setdefault(option, column)
            for unit in _YEAR_UNITS if column.kind == "year" else column.units:
                units.setdefault((option, fold(unit)), column)
    found = {column.name: column for column in columns}, known, units
    _KNOWN[name] = columns, found
    return found


_KNOWN: dict[str, tuple[tuple[Column, ...], _Known]] = {}


def as_written(name: str, column: Column) -> Term:
    """Name a column as its header does, and as the package does where the two differ."""
    plain = " ".join(name.split())
    if fold(plain) == fold(column.name) or not plain.isprintable():
        return column.term
    return Term(f"{plain} ({column.name})")


def match_header(header: Iterable[str], table: Table) -> dict[str, int]:
    """Return the index of each column of the table in ``header``, the first where it is double."""
    found: dict[str, int] = {}
    for index, name in enumerate(header):
        if name.strip() and (column := match_column(name, table)):
            found.setdefault(column.name, index)
    return found


def check_header(sheet: Sheet, table: Table, problems: Problems) -> dict[str, int]:
    """Return the index of each column of the table; refuse what is wrong with the header."""
    found: dict[str, int] = {}
    others: dict[str, int] = {}
    file = sheet.path
    for index, name in enumerate(sheet.header):
        column = match_column(name, table) if name.strip() else None
        seen, key = (others, fold(name)) if column is None else (found, column.name)
        code = "column-twice" if key in seen else "column-unknown"
        code = code if name.strip() else "column-blank"
        before = seen.setdefault(key, index) if key else index
        if code == "column-unknown" and (column is not None or table.open):
            continue
        if not problems.room(code, file):
            problems.count(code, file)
            continue
        at = sheet.at_header(index)
        if code == "column-blank":
            problems.error(code, at)
        elif code == "column-twice":
            term = Term(key) if column is None else column.term
            problems.error(code, at, found=name, column=term, other=before + 1)
        else:
            problems.error(code, at, found=name, **_meant(name, table))
    if missing := [name for name in table.required if name not in found]:
        problems.error(
            "column-missing",
            sheet.at_header(),
            table=table.term,
            missing=tuple(table.column(name).term for name in missing),
            wanted=tuple(table.column(name).term for name in table.required),
        )
    return found


def _meant(name: str, table: Table) -> dict[str, object]:
    """Return the columns of a table, and those that an unknown name is near to."""
    known = [known.name for known in table.columns]
    aliases = {alias: known.name for known in table.columns for alias in known.aliases}
    near = nearest(name, known) or nearest(name, aliases)
    return {
        "table": table.term,
        "known": tuple(column.term for column in table.columns),
        "nearest": tuple(dict.fromkeys(aliases.get(one, one) for one in near)),
    }


def match_table(name: str) -> Table | None:
    """Find the table that a sheet names, by its own or a Chinese name."""
    for table in TABLES.values():
        if fold(name) in {fold(option) for option in (table.name, *table.aliases)}:
            return table
    return None


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


_ACROSS: dict[str, Callable[[str], bool]] = {"grade": is_grade_word, "year": is_year_word}


def _form(table: Table, across: Column) -> dict[str, object]:
    """Return header, key and two rows of the form that is wanted."""
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
