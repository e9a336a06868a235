"""What a template is filled with: tables as rows of cells, whatever file they go to."""

from __future__ import annotations

import csv
import io
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.inputs.tables.columns import PLACES, TABLES, Column, Table
from capacity.inputs.tables.headers import match_column, tables_for

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

Cell = str | float | None
#: Where a figure comes from: a place for it stands in every table.
TOLD = ("source", "quality", "note")
#: Kinds of column whose cells are codes or words, never numbers.
TEXT = ("code", "region", "level", "levels", "choice", "month", "text")
#: The folder of tables that are read only once they are put in place.
OPTIONAL = "optional"
_HERE = Path(__file__).parent


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
    optional : tuple of Filled
        Examples of further tables, to be read only once they are put in place.
    """

    tables: tuple[Filled, ...]
    regions: tuple[str, ...]
    titles: Mapping[str, tuple[str, str]]
    optional: tuple[Filled, ...] = ()

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


def template(name: str, lang: str) -> str:
    """Return a text of the example: a YAML file in a language, its codes and comments too."""
    return (_HERE / lang / name).read_text(encoding="utf-8")


def example(lang: str) -> Content:
    """Return an invented district that runs at once, its codes in a language.

    Three regions, three levels, and nine years of pupils: so many that its forecasts can be
    measured on its own past.
    """
    import yaml

    district = yaml.safe_load(template("district.yaml", lang))
    titles = {
        level["code"]: (level["title"]["en"], level["title"]["zh"]) for level in district["levels"]
    }
    regions = tuple(region["code"] for region in district["regions"])
    cells = {} if lang == "en" else tomllib.loads(template("cells.toml", lang))
    specs = tables_for(titles, titles)

    def tables(folder: Path) -> Iterator[Filled]:
        for name, spec in specs.items():
            if (path := folder / f"{name}.csv").exists():
                yield _of_file(path, spec, cells)

    folder = _HERE / "tables"
    return Content(tuple(tables(folder)), regions, titles, tuple(tables(folder / OPTIONAL)))


def _of_file(path: Path, spec: Table, cells: Mapping[str, str]) -> Filled:
    """Return a table of the example, its English words in another language where it has them."""
    lines = csv.reader(io.StringIO(path.read_text(encoding="utf-8")))
    header, *rows = ([cells.get(text, text) for text in line] for line in lines)
    columns = tuple(spec.column(name) for name in header)
    return Filled(spec, columns, tuple(tuple(map(_parsed, columns, row)) for row in rows))


def _parsed(column: Column, text: str) -> Cell:
    if column.kind in TEXT:
        return text or None
    return float(text) if text else None


def of_district(district: District) -> Content:
    """Return the tables of a district that was read, without further columns that are empty."""
    titles = {level.code: (level.title.en, level.title.zh) for level in district.levels}
    specs = tables_for(titles, titles)
    tables = (_of_frame(district, spec) for name, spec in specs.items() if district.has(name))
    return Content(tuple(tables), district.leaf_regions, titles)


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
