"""Names of files and sheets with a year in them, and sheets of one table put below one another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import accumulate
from typing import NamedTuple

from capacity.base.errors import At, Problems
from capacity.base.words import catalog
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.folding import fold
from capacity.inputs.tables.headers import match_column, match_header, match_table, refuse_missing
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.values import YEARS

_YEARS = catalog("reading")["years"]
_MARKS = "|".join(sorted((*_YEARS["plain"], *_YEARS["school_year"]), key=len, reverse=True))
#: A year in a name: 2024, 2023-2024, 2023-24学年.
_YEAR = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\s*[-–—_/]\s*(\d{{4}}|\d\d)(?!\d))?(?!\d)\s*(?:{_MARKS})?", re.ASCII
)
#: What may stand between a name and its year.
_EDGES = " \t_-.,()[]"


class Named(NamedTuple):
    """What a name with a year says: the table, where it says one, and the year."""

    table: Table | None
    year: str


def named_year(name: str) -> Named | None:
    """Return the table and the year of a name; None where it has no year, or more than that.

    >>> named_year("2023学年在校生").table.name, named_year("2023-2024学年"), named_year("births")
    ('enrolment', Named(table=None, year='2023'), None)
    """
    text = unicodedata.normalize("NFKC", name).strip()
    matches = list(_YEAR.finditer(text))
    if len(matches) != 1:
        return None
    match = matches[0]
    year, following = int(match[1]), match[2]
    if not YEARS[0] <= year <= YEARS[1]:
        return None
    if following and not str(year + 1).endswith(following):
        return None
    rest = f"{text[: match.start()]} {text[match.end() :]}".strip(_EDGES)
    if not rest:
        return Named(None, str(year))
    table = match_table(rest)
    return None if table is None or not has_year(table) else Named(table, str(year))


def has_year(table: Table) -> bool:
    """Whether a table has a column of years, so that each may have a file of its own."""
    return any(column.name == "year" for column in table.columns)


def stacked(sheets: Sequence[Sheet], table: Table, problems: Problems) -> Sheet:
    """Put sheets of a table below one another, by the names of their columns."""
    if len(sheets) == 1:
        return sheets[0]
    names: dict[str, str] = {}
    columns: list[list[int | None]] = []
    homes: list[tuple[Sheet, int]] = []
    maps: list[dict[str, int]] = []
    for sheet in sheets:
        own: dict[str, int] = {}
        for index, name in enumerate(sheet.header):
            column = match_column(name, table) if name.strip() else None
            key = column.name if column else f"?{fold(name)}" if name.strip() else f"?{index}"
            while key in own:  # told as standing twice
                key = f"{key}+"
            own[key] = index
            if key not in names:
                names[key] = name
                homes.append((sheet, index))
        maps.append(own)
    columns = [[own.get(key) for key in names] for own in maps]
    every = set().union(*(match_header(sheet.header, table) for sheet in sheets))
    for sheet in sheets:
        lacking = set(table.required) - match_header(sheet.header, table).keys()
        if lacking & every:
            refuse_missing(sheet, match_header(sheet.header, table), table, problems)
    starts = [0, *accumulate(len(sheet.rows) for sheet in sheets)]
    sheet_of = [number for number, sheet in enumerate(sheets) for _ in sheet.rows]

    def place(row: int, column: int) -> At:
        number = sheet_of[row]
        own = columns[number][column] if column < len(names) else None
        return sheets[number].at(row - starts[number], own or 0)

    return Sheet(
        table.name,
        sheets[0].file,
        tuple(names.values()),
        [
            ["" if index is None else row[index] for index in own]
            for sheet, own in zip(sheets, columns, strict=True)
            for row in sheet.rows
        ],
        [line for sheet in sheets for line in sheet.lines],
        place,
        lambda column: (
            homes[column][0].at_header(homes[column][1]) if homes else sheets[0].at_header()
        ),
        files=[sheets[number].file for number in sheet_of],
        aside=tuple(pair for sheet in sheets for pair in sheet.aside),
        repeats=any(sheet.repeats for sheet in sheets),
        across=frozenset.intersection(*(sheet.across for sheet in sheets)),
    )
