"""What a template is filled with: tables as rows of cells, whatever file they go to."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from capacity.inputs.tables.columns import PLACES, TABLES, Column, Table, tables_for
from capacity.inputs.tables.headers import match_column

if TYPE_CHECKING:
    from capacity.inputs.districts.declared import DistrictFile
    from capacity.inputs.districts.district import District

Cell = str | float | None
#: Where a figure comes from: a place for it stands in every table.
TOLD = ("source", "quality", "note")
#: Kinds of column whose cells are codes or words, never numbers.
TEXT = ("code", "region", "level", "levels", "choice", "month", "text")
#: The folder of tables that are read only once they are put in place.
OPTIONAL = "optional"


class Grade(NamedTuple):
    """A grade, what a country calls it, and whether readers take that word for it here."""

    number: int
    word: str
    is_read: bool


@dataclass(frozen=True)
class Filled:
    """A table with rows.

    Attributes
    ----------
    spec : Table
    columns : tuple of Column
        Those that are written.
    rows : tuple of rows of cells
        As many cells as columns; None is an empty cell.
    """

    spec: Table
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True)
class Content:
    """The tables of a district folder.

    Attributes
    ----------
    tables : tuple of Filled
    regions : tuple of str
        The codes that cells may name.
    titles : mapping of the code of each level to its titles in English and Chinese
    grades : tuple of Grade
        Those of all levels, in order.
    optional : tuple of Filled
        Examples of further tables, to be read only once they are put in place.
    invented : bool
        Whether figures are those of an example.
    """

    tables: tuple[Filled, ...]
    regions: tuple[str, ...]
    titles: Mapping[str, tuple[str, str]]
    grades: tuple[Grade, ...] = ()
    optional: tuple[Filled, ...] = ()
    invented: bool = True

    @property
    def base_year(self) -> int:
        """The last year of enrolment."""
        enrolment = next(filled for filled in self.tables if filled.spec.name == "enrolment")
        place = enrolment.columns.index(enrolment.spec.column("year"))
        return max(int(row[place] or 0) for row in enrolment.rows)

    def heading(self, filled: Filled, column: Column, lang: str) -> str:
        """Return the name of a column in a language, one that the reader knows."""
        if lang != "zh":
            return column.name
        wanted = list(column.aliases[:1])
        if column.name.startswith(PLACES):
            level = column.name.removeprefix(PLACES)
            names = (self.titles[level][1], level)
            places = TABLES["places"].column("places").aliases[0]
            wanted = [f"{name}{places}" for name in names]
        known = (name for name in wanted if match_column(name, filled.spec) == column)
        return next(known, column.name)


def sheet_name(name: str, lang: str) -> str:
    """Return the name of a table's sheet in a language."""
    return TABLES[name].aliases[0] if lang == "zh" else name


def titles_of(district: DistrictFile | District) -> dict[str, tuple[str, str]]:
    """Return the titles of a district's levels, English first."""
    return {level.code: (level.title.en, level.title.zh) for level in district.levels}


def of_district(district: District) -> tuple[Filled, ...]:
    """Return the tables of a district that was read, without further columns that are empty."""
    titles = titles_of(district)
    specs = tables_for(titles, titles)
    return tuple(_of_frame(district, spec) for name, spec in specs.items() if district.has(name))


def _of_frame(district: District, spec: Table) -> Filled:
    frame = district.table(spec.name)
    cells = {
        column: [_cell(column, value) for value in frame[column.name].tolist()]
        for column in spec.columns
    }
    columns = tuple(
        column
        for column, values in cells.items()
        if column.required or column.name in TOLD or any(cell is not None for cell in values)
    )
    return Filled(spec, columns, tuple(zip(*(cells[column] for column in columns), strict=True)))


def _cell(column: Column, value: str | float) -> Cell:
    """Return a value of a frame as a cell; a project without places at a level has an empty one."""
    if isinstance(value, str):
        return value or None
    if math.isnan(value) or (column.name.startswith(PLACES) and not value):
        return None
    return value
