"""What files and sheets are by their names and headers: which table, of which year, or none.

Of those that are no table it is told which one they were probably meant to be.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from capacity.base.errors import At, Phrase, Problems, nearest, phrase
from capacity.base.words import LANGUAGES, catalog, word
from capacity.inputs.tables.axes import Axes, UnclearAxisError, is_wide, roles_of
from capacity.inputs.tables.columns import TABLES, Table, match_table
from capacity.inputs.tables.headers import match_header
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.office import HEADER_ROWS, HeaderSearch
from capacity.inputs.tables.sheets import FIRST_NAMED, Grid
from capacity.inputs.tables.values import YEARS, fold, is_empty
from capacity.inputs.tables.xlsx import Package, grids_of

_YEARS = catalog("reading")["years"]
_MARKS = "|".join(sorted((*_YEARS["plain"], *_YEARS["school_year"]), key=len, reverse=True))
#: A year in a name: 2024, 2023-2024, 2023-24学年.
_YEAR = re.compile(
    rf"(?<!\d)(\d{{4}})(?:\s*[-–—_/]\s*(\d{{4}}|\d\d)(?!\d))?(?!\d)\s*(?:{_MARKS})?", re.ASCII
)
#: What may stand between a name and its year.
_EDGES = " \t_-.,()[]"
#: Files that hold data; pictures, texts and scenarios beside the tables are nobody's mistake.
DATA = (".csv", ".tsv", ".tab", ".parquet", ".dbf")
#: Files that may hold data: they are told where their name says so.
MAYBE = (".txt", ".dat", ".json")
#: Bytes in which a header stands.
_HEAD = 4096
#: Names that tables have.
KNOWN = tuple(table.term for table in TABLES.values())
_ASIDES = tuple(fold(name) for name in catalog("reading")["asides"])
#: Sheets of the workbooks of ``capacity new`` that are not to be read.
_GIVEN = tuple(fold(word(f"templates.{key}", x)) for key in ("notes", "lists") for x in LANGUAGES)
_EXAMPLES = tuple(fold(word("templates.example", language)) for language in LANGUAGES)
#: Sheets of other names whose header is looked at, and the bytes that each may have for that.
_LOOKED_AT, _MOST = 20, 2**21


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
    if table is None or all(column.name != "year" for column in table.columns):
        return None  # without a column of years there is no file for each
    return Named(table, str(year))


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
        for name, meant in names[:FIRST_NAMED]
    ]
    if more := len(names) - FIRST_NAMED:
        said += [phrase("facts.more", count=more)] if more > 0 else []
    problems.warning("not-read", at, names=tuple(said), known=KNOWN)


def to_rename(names: Sequence[str]) -> Phrase:
    """Return the advice to rename files that are probably the table that is missing."""
    if not names:
        return Phrase("", "")
    return phrase("facts.rename", names=", ".join(names[:FIRST_NAMED]))


def tables_of_sheets(
    sheets: Sequence[str],
    data: bytes,
    package: Package,
    tables: Mapping[str, Table],
    names: Names,
) -> dict[str, str]:
    """Return the table that the header of each sheet of a workbook fits, where one does."""
    small = [name for name in sheets if len(package.sheets[name]) <= _MOST][:_LOOKED_AT]
    grids = grids_of(data, package, dict.fromkeys(small, Problems())) if small else {}
    found = {
        name: table_of_grid(grid, tables, names, dated=named_year(name) is not None)
        for name, grid in grids.items()
    }
    return {name: table for name, table in found.items() if table}


def table_of_grid(
    grid: Grid, tables: Mapping[str, Table], names: Names, *, dated: bool = False
) -> str | None:
    """Return the table most columns of which the header of a grid names, and all that it needs.

    None where no table fits, or several do. ``dated`` tells that the name of the grid gives a year,
    so that it is a table that needs one.
    """
    filled = [
        index
        for index, row in enumerate(grid.rows[: 5 * HEADER_ROWS])
        if not all(map(is_empty, row))
    ]
    if not filled:
        return None
    fits: dict[str, int] = {}
    for name, table in tables.items():
        if dated and "year" not in table.required:
            continue
        header = HeaderSearch(table, grid, names).find(filled)
        found = set(match_header(header.names, table))
        if not found:
            continue
        try:
            roles = roles_of(
                header.tops,
                header.bottoms,
                header.names,
                Axes.of(table, found, names, header.texts),
            )
        except UnclearAxisError:
            continue
        for role in roles if is_wide(roles) else ():
            found |= {*role.address, *([role.column.name] if role.column else [])}
        if set(table.required) - {"year"} <= found and found - {"year", "region"}:
            fits[name] = len(found & {column.name for column in table.columns})
    most = [name for name, count in fits.items() if count == max(fits.values())]
    return most[0] if len(most) == 1 else None
