"""Names in headers, of sheets and of files to the columns and tables that they mean."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from capacity.base.errors import Problems, Term
from capacity.base.words import catalog
from capacity.inputs.tables.amounts import Amount, split_unit
from capacity.inputs.tables.columns import TABLES, Column, Table
from capacity.inputs.tables.folding import fold
from capacity.inputs.tables.sheets import Sheet

_YEAR_UNITS = (catalog("reading")["years"]["year"],)
#: Names of a table that are remembered.
_ASKED = 50_000
_WITH_UNIT = re.compile(r"(.+)\(([^()]*)\)")


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


def match_column(name: str, table: Table) -> Column | None:
    """Find the column that a header names, by its own or a Chinese name, its unit aside."""
    known = _known(table.name, table.columns)
    if name not in known.asked:
        if len(known.asked) >= _ASKED:
            known.asked.clear()
        known.asked[name] = _matched(name, table, known)
    return known.asked[name]


def _matched(name: str, table: Table, known: _Known) -> Column | None:
    if (own := known.plain.get(name.strip())) is not None:
        return own
    form = fold(name)
    if (found := known.folded.get(form)) is not None:
        return found
    bare = _WITH_UNIT.fullmatch(form)
    if bare and (found := known.units.get((bare[1], bare[2]))) is not None:
        return found
    counted = _counted(name, table)
    return counted[0] if counted else None


def unit_of(name: str, table: Table) -> Amount | None:
    """Return the unit that a header names after its column; None where it names none."""
    if match_column(name, table) is None:
        return None
    counted = _counted(name, table)
    return counted[1] if counted else None


def _counted(name: str, table: Table) -> tuple[Column, Amount] | None:
    """Return the column and the unit of a header such as pupils (thousands)."""
    split = split_unit(name)
    column = _known(table.name, table.columns).folded.get(fold(split[0])) if split else None
    suits = split and column and column.kind == "number" and split[1].suits(column)
    return (column, split[1]) if split and column and suits else None


class _Known(NamedTuple):
    """How headers may name the columns of a table.

    By their own names, by the folded forms of all names, and by these with a unit; and what names
    that have been asked for are.
    """

    plain: Mapping[str, Column]
    folded: Mapping[str, Column]
    units: Mapping[tuple[str, str], Column]
    asked: dict[str, Column | None]


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
    found = _Known({column.name: column for column in columns}, known, units, {})
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
    """Return the index of each column of the table; refuse what is wrong with the header.

    Columns of no name that is known are left to `unknown`.
    """
    found: dict[str, int] = {}
    file = sheet.path
    for index, name in enumerate(sheet.header):
        if not name.strip():
            if problems.room("column-blank", file):
                problems.error("column-blank", sheet.at_header(index))
            else:
                problems.count("column-blank", file)
            continue
        if (column := match_column(name, table)) is None:
            continue
        before = found.setdefault(column.name, index)
        if before == index:
            continue
        if problems.room("column-twice", file):
            facts = {"found": name, "column": column.term, "other": before + 1}
            problems.error("column-twice", sheet.at_header(index), **facts)
        else:
            problems.count("column-twice", file)
    refuse_missing(sheet, found, table, problems)
    return found


def refuse_missing(sheet: Sheet, found: Collection[str], table: Table, problems: Problems) -> None:
    """Refuse a header without columns that the table needs."""
    if missing := [name for name in table.required if name not in found]:
        problems.error(
            "column-missing",
            sheet.at_header(),
            table=table.term,
            missing=tuple(table.column(name).term for name in missing),
            wanted=tuple(table.column(name).term for name in table.required),
        )


def match_table(name: str) -> Table | None:
    """Find the table that a sheet names, by its own or a Chinese name."""
    for table in TABLES.values():
        if fold(name) in {fold(option) for option in (table.name, *table.aliases)}:
            return table
    return None
