"""Columns that a table does not know: those it can do without are listed, others are asked about.

A column is left out, and listed once, where its name is that of a serial number, a contact and the
like, where it is empty, or where no number stands in it and no column that is missing has a name
like it. Whether such a text tells rows apart is seen when their keys are compared. What may hold
counts, or is misspelt, is asked about in one message.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from capacity.base.errors import At, Phrase, Problems, nearest, phrase
from capacity.base.words import catalog
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.folding import fold
from capacity.inputs.tables.headers import match_column
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.values import Cell, is_empty, is_plain

_NEEDLESS = frozenset(map(fold, catalog("layout")["needless"]))
#: Names listed before the rest is only counted, and those whose likeness is looked at.
LISTED, _COMPARED = 12, 300


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
        if like or any(map(is_number, cells)):
            asked.append(index)
            meant.update(dict.fromkeys(like))
        else:
            spare.append(index)
    return asked, spare, tuple(meant)


def is_number(cell: Cell) -> bool:
    """Whether a plain number stands in a cell."""
    return isinstance(cell, float) or is_plain(cell)


def ask_about(
    sheet: Sheet, table: Table, asked: Sequence[int], meant: tuple[str, ...], problems: Problems
) -> None:
    """Ask about unknown columns in one message."""
    if asked:
        problems.error(
            "column-unknown",
            sheet.at_header(asked[0]),
            table=table.term,
            names=listed(sheet.header[index] for index in asked),
            known=tuple(column.term for column in table.columns),
            nearest=meant,
        )


def say_left_out(table: Table, aside: Sequence[tuple[str, At]], problems: Problems) -> None:
    """Say in one line which columns of a table were not read."""
    if aside:
        names = listed(dict.fromkeys(name for name, _ in aside))
        problems.warning("columns-left-out", aside[0][1], table=table.term, names=names)


def listed(names: Iterable[str]) -> tuple[Phrase, ...]:
    """Return the first names as facts, and how many more there are."""
    every = [" ".join(name.split()) for name in names]
    said = [phrase("facts.name", name=name) for name in every[:LISTED]]
    more = len(every) - LISTED
    return (*said, phrase("facts.more", count=more)) if more > 0 else tuple(said)
