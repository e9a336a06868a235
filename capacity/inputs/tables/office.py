"""A grid to a sheet: tables as offices lay them out, with titles, units, notes and totals.

Text files and workbooks go the same way. Where names of columns are grades or years, the sheet has
a row for each cell below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from capacity.base.errors import Problems
from capacity.inputs.tables.around import Around, beside, numbers_above
from capacity.inputs.tables.axes import (
    Axes,
    Role,
    UnclearAxisError,
    is_wide,
    roles_of,
)
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.convert import Converter
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.headers import match_header
from capacity.inputs.tables.headrows import Header, HeaderSearch
from capacity.inputs.tables.making import Making
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.readers import cell_reader
from capacity.inputs.tables.sheets import Change, Sheet
from capacity.inputs.tables.values import YEARS, Cell, CellError, as_found, is_empty, show

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")


@dataclass(frozen=True)
class OfficeTable:
    """A table in a grid: titles above, a header of one or two rows, totals and notes below.

    Attributes
    ----------
    table : Table
    grid : Grid
    names : Names
        What its cells may name.
    problems : Problems
    changes : list of Change
    year : str
        The year that the name of the file or sheet gives; empty where it gives none.
    """

    table: Table
    grid: Grid
    names: Names
    problems: Problems
    changes: list[Change]
    year: str = ""

    def sheet(self) -> Sheet | None:
        """Return the sheet of the table, or add why there is none."""
        grid = self.grid
        filled = [index for index, row in enumerate(grid.rows) if not all(map(is_empty, row))]
        if not filled:
            self.problems.error("table-blank", grid.locate(1, 0))
            return None
        if grid.hidden:
            self.problems.warning("sheet-hidden", grid.locate(1, 0))
        header = HeaderSearch(self.table, grid, self.names).find(filled)
        roles = self._roles(header)
        if roles is None:
            return None
        above = [row for row in filled if row < header.first]
        numbers_above(grid, above, self.problems, range(*YEARS))
        around = Around(
            grid, header, [r for r in filled if r > header.last], self.problems, self.changes
        )
        around.clear(self._section_year(header, roles))
        around.refuse_merged()
        around.with_whole_rows()
        columns, aside = beside(grid, header, roles, around.data, self.problems)
        own = set(columns)
        roles = [role if c in own else Role("blank") for c, role in enumerate(roles)]
        convert = Converter(
            self.table, grid, header, roles, around.data, self.problems, self.changes
        )
        making = Making(
            self.table,
            grid,
            self.problems,
            self.changes,
            header,
            roles,
            around.data,
            convert.rows(above, around.notes),
            columns,
            aside,
        )
        sheet = making.wide() if is_wide(roles) else making.plain()
        return self._with_year(sheet, around, above)

    def _roles(self, header: Header) -> list[Role] | None:
        """Tell what each column is, or add why that cannot be told."""
        found = match_header(header.names, self.table)
        axes = Axes.of(self.table, found, self.names, header.texts)
        try:
            return roles_of(header.tops, header.bottoms, header.names, axes)
        except UnclearAxisError as fault:
            facts = dict(fault.facts)
            if "axis" in facts:
                facts["column"] = self.table.column(str(facts.pop("axis"))).term
            if names := facts.get("names"):
                facts["names"] = tuple(self.table.column(name).term for name in names)  # type: ignore[attr-defined]
            if "other" in facts:
                facts["other"] = header.names[int(str(facts["other"]))].strip()
            facts.setdefault("found", header.names[fault.index].strip())
            at = self.grid.place(header.row_of(fault.index), fault.index)
            self.problems.error(fault.code, at, **facts)
            return None

    def _section_year(self, header: Header, roles: Sequence[Role]) -> Reader | None:
        """Return what reads a year in a row of its own, where the table lacks the year."""
        if self.year or "year" not in self.table.required:
            return None
        used = {axis for role in roles for axis in role.address}
        if "year" in used or "year" in match_header(header.names, self.table):
            return None
        return cell_reader(self.table.column("year"), self.names)

    def _with_year(self, sheet: Sheet, around: Around, above: Sequence[int]) -> Sheet:
        """Add the year that a name or a row gives, or hold a column against that of the name."""
        if around.years:
            numbers = {self.grid.lines[row]: year for row, year in around.years.items()}
            return _with_column(sheet, "year", [numbers[line] for line in sheet.lines])
        if not self.year:
            return sheet
        self._check_titles(above)
        found = match_header(sheet.header, self.table)
        if "year" not in found:
            at = self.grid.locate(1, 0)
            self.changes.append(
                Change(at, "name_year", self.grid.sheet or self.grid.path, self.year)
            )
            return _with_column(sheet, "year", [self.year] * len(sheet.rows))
        index, read = found["year"], cell_reader(self.table.column("year"), self.names)
        same: dict[Cell, bool] = {}
        for number, row in enumerate(sheet.rows):
            cell = row[index]
            if cell not in same:
                same[cell] = self._is_year(cell, read)
                if not same[cell]:
                    at = sheet.at(number, index)
                    self.problems.error("year-differs", at, found=as_found(cell), year=self.year)
        return sheet

    def _is_year(self, cell: Cell, read: Reader) -> bool:
        """Whether a cell is the year of the name; one that cannot be read is told elsewhere."""
        try:
            return str(read(cell).value) == self.year
        except CellError:
            return True

    def _check_titles(self, above: Sequence[int]) -> None:
        """Warn of a title with years among which that of the name is not."""
        for row in above:
            for column, cell in enumerate(self.grid.rows[row]):
                years = _YEAR.findall(show(cell))
                if years and not {self.year, str(int(self.year) + 1)} & set(years):
                    at = self.grid.place(row, column)
                    self.problems.warning("year-title", at, found=show(cell), year=self.year)


def _with_column(sheet: Sheet, name: str, values: Sequence[str]) -> Sheet:
    """Return a sheet with one more column, whose cells stand nowhere in the file."""
    index = len(sheet.header)
    return replace(
        sheet,
        header=(*sheet.header, name),
        across=sheet.across | {name},
        rows=[[*row, value] for row, value in zip(sheet.rows, values, strict=True)],
        place=lambda row, column: sheet.place(row, 0 if column == index else column),
        place_name=lambda column: sheet.place_name(0 if column == index else column),
    )
