"""What a template is filled with: tables as rows of cells, whatever file they go to."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from capacity.inputs.tables.columns import PLACES, PLACES_COLUMN, TABLES, Column, Table
from capacity.inputs.tables.headers import match_column, tables_for

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

Cell = str | float | None
#: Where a figure comes from: a place for it stands in every table.
TOLD = ("source", "quality", "note")


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
    regions, levels : tuple of str
        The codes that cells may name.
    titles : mapping of level to its titles in English and Chinese
    optional : tuple of Filled
        Examples of further tables, to be read only once they are put in place.
    """

    tables: tuple[Filled, ...]
    regions: tuple[str, ...]
    levels: tuple[str, ...]
    titles: Mapping[str, tuple[str, str]]
    optional: tuple[Filled, ...] = field(default=())

    def heading(self, filled: Filled, column: Column, lang: str) -> str:
        """Give the name of a column in a language, one that the reader knows."""
        if lang != "zh":
            return column.name
        wanted = list(column.aliases[:1])
        if column.name.startswith(PLACES):
            level = column.name.removeprefix(PLACES)
            names = (self.titles[level][1], level)
            wanted = [f"{name}{PLACES_COLUMN.aliases[0]}" for name in names]
        known = (name for name in wanted if match_column(name, filled.spec) == column)
        return next(known, column.name)


def filled(spec: Table, names: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Filled:
    """Give a table with the named columns."""
    columns = tuple(spec.column(name) for name in names)
    return Filled(spec, columns, tuple(tuple(row) for row in rows))


def of_district(district: District) -> Content:
    """Give the tables of a district that was read; further columns without a value are left out."""
    titles = {level.code: (level.title.en, level.title.zh) for level in district.levels}
    specs = tables_for(titles, titles)
    tables = (_of_frame(district, spec) for name, spec in specs.items() if district.has(name))
    return Content(tuple(tables), district.leaf_regions, tuple(titles), titles)


def _of_frame(district: District, spec: Table) -> Filled:
    frame = district.table(spec.name)
    cells = {
        column.name: [_cell(column, value) for value in frame[column.name].tolist()]
        for column in spec.columns
    }
    names = [
        column.name
        for column in spec.columns
        if column.required
        or column.name in TOLD
        or any(cell is not None for cell in cells[column.name])
    ]
    return filled(spec, names, zip(*(cells[name] for name in names), strict=True))


def _cell(column: Column, value: str | float) -> Cell:
    """Give a value of a frame as a cell; a project without places at a level has an empty one."""
    if isinstance(value, str):
        return value or None
    if math.isnan(value) or (column.name.startswith(PLACES) and not value):
        return None
    return value


def sheet_name(name: str, lang: str) -> str:
    """Give the name of a table's sheet in a language."""
    return TABLES[name].aliases[0] if lang == "zh" else name
