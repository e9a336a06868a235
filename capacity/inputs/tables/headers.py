"""Names in headers: the columns and units that they mean, and what is wrong with a header.

A column that a table does not know is left out, and listed once, where its name is that of a serial
number, a contact and the like, where it is empty, or where no number stands in it and no column
that is missing has a name like it. Whether such a text tells rows apart is seen when their keys are
compared. What may hold counts, or is misspelt, is asked about in one message.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from capacity.base.errors import At, Problems, Term, nearest
from capacity.base.words import catalog
from capacity.inputs.tables.amounts import split_unit
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.sheets import Sheet, first_named
from capacity.inputs.tables.values import fold, is_empty, is_figure

_YEAR_UNITS = (catalog("reading")["years"]["year"],)
#: Names of a table that are remembered.
_ASKED = 50_000
_WITH_UNIT = re.compile(r"(.+)\(([^()]*)\)")
_NEEDLESS = frozenset(map(fold, catalog("layout")["needless"]))
#: Names whose likeness is looked at.
_COMPARED = 300


def match_column(name: str, table: Table) -> Column | None:
    """Find the column that a header names, by its own or a Chinese name, its unit aside."""
    known = _known(table.name, table.columns)
    if name not in known.asked:
        if len(known.asked) >= _ASKED:
            known.asked.clear()
        known.asked[name] = _matched(name, known)
    return known.asked[name]


def _matched(name: str, known: _Known) -> Column | None:
    if (own := known.plain.get(name.strip())) is not None:
        return own
    form = fold(name)
    if (found := known.folded.get(form)) is not None:
        return found
    bare = _WITH_UNIT.fullmatch(form)
    if bare and (found := known.units.get((bare[1], bare[2]))) is not None:
        return found
    split = split_unit(name)  # pupils (thousands)
    column = known.folded.get(fold(split[0])) if split else None
    suits = split and column and column.kind == "number" and split[1].suits(column)
    return column if suits else None


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
    plain = _in_line(name)
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

    Columns of no name that is known are left to `sort_unknown`.
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


def is_needless(name: str) -> bool:
    """Whether a column has a name of what no table needs.

    >>> is_needless("序号"), is_needless("备注 2"), is_needless("No."), is_needless("group")
    (True, True, True, False)
    """
    return fold(name).rstrip(".:0123456789") in _NEEDLESS or fold(name) in _NEEDLESS


def sort_unknown(
    sheet: Sheet, table: Table, found: Mapping[str, int]
) -> tuple[list[int], list[int], tuple[str, ...]]:
    """Tell which unknown columns to ask about, which to leave out, and what the first may mean."""
    asked: list[int] = []
    spare: list[int] = []
    meant: dict[str, None] = {}
    if table.open:
        return asked, spare, ()
    missing = [column for column in table.columns if column.name not in found]
    names = {name: c.name for c in missing for name in (*c.aliases, c.name)}
    for index, name in enumerate(sheet.header):
        if not name.strip() or match_column(name, table) is not None:
            continue
        cells = [row[index] for row in sheet.rows]
        like: tuple[str, ...] = ()
        if is_needless(name) or all(map(is_empty, cells)):
            spare.append(index)
            continue
        if len(asked) + len(spare) < _COMPARED:
            own = nearest(name, [column.name for column in missing])
            like = own or tuple(dict.fromkeys(names[one] for one in nearest(name, names)))
        if like or any(map(is_figure, cells)):
            asked.append(index)
            meant.update(dict.fromkeys(like))
        else:
            spare.append(index)
    return asked, spare, tuple(meant)


def ask_about(
    sheet: Sheet, table: Table, asked: Sequence[int], meant: tuple[str, ...], problems: Problems
) -> None:
    """Ask about unknown columns in one message."""
    if asked:
        problems.error(
            "column-unknown",
            sheet.at_header(asked[0]),
            table=table.term,
            names=first_named(_in_line(sheet.header[index]) for index in asked),
            known=tuple(column.term for column in table.columns),
            nearest=meant,
        )


def say_left_out(table: Table, aside: Sequence[tuple[str, At]], problems: Problems) -> None:
    """Say in one line which columns of a table were not read."""
    if aside:
        names = first_named(map(_in_line, dict.fromkeys(name for name, _ in aside)))
        problems.warning("columns-left-out", aside[0][1], table=table.term, names=names)


def _in_line(name: str) -> str:
    return " ".join(name.split())
