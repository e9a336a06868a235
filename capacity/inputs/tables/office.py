"""A grid to a sheet: tables as offices lay them out, with titles, units, notes and totals.

The header stands on one row or two, under titles, over a row of units. Text files and workbooks go
the same way. Where names of columns are grades or years, the sheet has a row for each cell below
them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from capacity.base.errors import Problems
from capacity.inputs.tables.around import Around, beside, numbers_above
from capacity.inputs.tables.axes import (
    Axes,
    Header,
    Role,
    UnclearAxisError,
    has_axis,
    is_wide,
    roles_of,
)
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.convert import Converter
from capacity.inputs.tables.headers import match_column, match_header
from capacity.inputs.tables.making import Making
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.readers import cell_reader
from capacity.inputs.tables.sheets import Change, Grid, Sheet
from capacity.inputs.tables.values import (
    DASHES,
    YEARS,
    Cell,
    CellError,
    as_found,
    is_empty,
    is_plain,
    show,
)

#: The header is looked for in this many rows, and in so many columns.
HEADER_ROWS, HEADER_COLUMNS = 20, 2000
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


@dataclass(frozen=True)
class HeaderSearch:
    """Finds the header of a table in a grid."""

    table: Table
    grid: Grid
    names: Names

    def find(self, filled: Sequence[int]) -> Header:
        """Find the row that names most columns, and whether a row beside it belongs to it."""
        rows = filled[:HEADER_ROWS]
        best, names = rows[0], self._texts(rows[0])
        found = {column.name for name in names if (column := self._match(name))}
        if not found.issuperset(self.table.required):
            best = max(rows, key=lambda row: (self._score(self._texts(row)), -row))
            if not self._score(self._texts(best)):  # say what is wrong with the likeliest row
                best = max(rows[:5], key=lambda row: (sum(map(bool, self._texts(row))), -row))
        if header := self._below(best, rows) or self._above(best, rows):
            return header
        names = self._labels(best)
        return Header(best, best, names, (), names)

    def _below(self, best: int, rows: Sequence[int]) -> Header | None:
        """Join a row below that names units, a second language, parts or values of an axis."""
        below = best + 1
        if below not in rows:
            return None
        tops, bottoms = self._spread(best, below), self._labels(below)
        if any(
            not is_empty(cell) and self._is_key(top) and not self._joins(top, cell)
            for top, cell in zip(self._texts(best), bottoms, strict=True)
        ):
            return None
        names = [self._join(*pair) for pair in zip(tops, bottoms, strict=True)]
        header = Header(best, below, tops, bottoms, names)
        pairs = [(name, text.strip()) for name, text in zip(names, bottoms, strict=True)]
        if any(text and self._match(name) and not is_plain(text) for name, text in pairs):
            return header
        return header if self._has_more(header, self._texts(best)) else None

    def _above(self, best: int, rows: Sequence[int]) -> Header | None:
        """Join a row above that groups columns, or names values of an axis."""
        above = best - 1
        if above not in rows:
            return None
        tops, bottoms = self._spread(above, best), self._labels(best)
        names = [self._join(*pair) for pair in zip(tops, bottoms, strict=True)]
        header = Header(above, best, tops, bottoms, names)
        if self._score(names) > self._score(bottoms):
            return header
        return header if has_axis(self._labels(above), self._axes(names)) else None

    def _has_more(self, header: Header, above: Sequence[str]) -> bool:
        """Whether the second row of a header has values of an axis, or parts of what is above."""
        axes = self._axes(above)
        if has_axis(header.bottoms, axes):
            return True
        if any(is_plain(text.strip()) and not axes.read(text) for text in header.bottoms):
            return False
        try:
            roles = roles_of(header.tops, header.bottoms, header.names, axes)
        except UnclearAxisError:
            return any(axes.read(name) for name in above)
        under = [role for role, text in zip(roles, header.bottoms, strict=True) if text.strip()]
        return bool(under) and all(
            role.kind in ("known", "value", "part", "total") for role in under
        )

    def _axes(self, names: Sequence[str]) -> Axes:
        found = (column.name for name in names if (column := self._match(name)))
        return Axes.of(self.table, found, self.names, names)

    def _joins(self, top: str, bottom: str) -> bool:
        """Whether a name below that of a key is its unit, or its name in another language."""
        text = bottom.strip()
        return not text or text in DASHES or self._match(self._join(top, text)) is not None

    def _is_key(self, name: str) -> bool:
        column = self._match(name)
        return column is not None and column.name in self.table.key

    def _match(self, name: str) -> Column | None:
        return match_column(name, self.table) if name.strip() else None

    def _spread(self, top: int, bottom: int) -> list[str]:
        """Return the names on top, each over all columns that it stands for.

        These are those of its merged range, else those after it that have a name below only.
        """
        over, under = self._labels(top), self._labels(bottom)
        own = list(over)
        for (first, left), (last, right) in self.grid.merged:
            if first <= top <= last:
                over[left : right + 1] = [own[left]] * (right + 1 - left)
        for column in range(1, len(over)):
            if not over[column].strip() and under[column].strip() and under[column - 1].strip():
                over[column] = over[column - 1]
        return over

    def _join(self, top: str, bottom: str) -> str:
        """Return the name of a column whose header has two rows: the one that the table knows."""
        if not bottom.strip() or bottom.strip() in DASHES:
            return top
        for name in (bottom, f"{top}{bottom}", f"{top}({bottom})"):
            if self._match(name):
                return name
        return f"{top}{bottom}"

    def _labels(self, row: int) -> list[str]:
        """Return the cells of a row as names; whole numbers among them may be grades and years."""
        return [
            cell if isinstance(cell, str) else f"{cell:.15g}" if isinstance(cell, float) else ""
            for cell in self.grid.rows[row]
        ]

    def _texts(self, row: int) -> list[str]:
        return [cell if isinstance(cell, str) else "" for cell in self.grid.rows[row]]

    def _score(self, names: Sequence[str]) -> int:
        found: set[Column] = set()
        for name in names[:HEADER_COLUMNS]:
            if column := self._match(name):
                found.add(column)
        return len(found)
