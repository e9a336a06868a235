"""A grid to a sheet: tables as offices lay them out, with titles, units, notes and totals.

Text files and workbooks go the same way. Where names of columns are grades or years, the sheet has
a row for each cell below them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from capacity.base.errors import At, Problems
from capacity.inputs.tables.around import Around, beside, numbers_above
from capacity.inputs.tables.axes import (
    Axes,
    Role,
    UnclearAxisError,
    Unpivoted,
    count_of,
    is_total,
    is_wide,
    parts_of,
    roles_of,
    sums_of,
    unpivoted,
)
from capacity.inputs.tables.columns import PLACES, Table
from capacity.inputs.tables.convert import Converter, Rows
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.headers import match_column, match_header
from capacity.inputs.tables.headrows import DASHES, Header, HeaderSearch
from capacity.inputs.tables.readers import Names, Reader, cell_reader
from capacity.inputs.tables.sheets import Change, Sheet, Tally
from capacity.inputs.tables.sums import Sums
from capacity.inputs.tables.values import YEARS, Cell, CellError, as_found, is_empty, show

#: Dashes that stand for nothing; others may stand for a count that is withheld.
_NOTHING = DASHES - {"-", "--"}
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
        roles = [role if c in set(columns) else Role("blank") for c, role in enumerate(roles)]
        convert = Converter(
            self.table, grid, header, roles, around.data, self.problems, self.changes
        )
        made = _Made(self, header, roles, around.data, convert.rows(above), columns, aside)
        sheet = made.wide() if is_wide(roles) else made.plain()
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
            at = self.grid.place(_row_of(header, fault.index), fault.index)
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


@dataclass(frozen=True)
class _Made:
    """Makes the sheet of a table whose columns and rows have been told.

    ``rows`` are those of ``data`` with plain numbers, as wide as the grid.
    """

    of: OfficeTable
    header: Header
    roles: Sequence[Role]
    data: Sequence[int]
    rows: Rows
    columns: Sequence[int]
    aside: Sequence[tuple[str, At]]

    def plain(self) -> Sheet:
        """Return the sheet of a table with a row for each row."""
        dropped = {index for index in self.columns if self._is_dropped(index)}
        columns = [index for index in self.columns if index not in dropped]
        rows = self.rows
        if len(columns) < self.of.grid.width:
            rows = [[row[index] for index in columns] for row in rows]
        data, grid, head = self.data, self.of.grid, self.header
        return self._sheet(
            [self._name(index) for index in columns],
            rows,
            list(data),
            place=lambda row, column: grid.place(data[row], columns[column] if columns else 0),
            named=columns,
        )

    def _name(self, index: int) -> str:
        """Return the name of a column; where that of both rows is not known, the one that is."""
        name, column = self.header.names[index], self.roles[index].column
        if column is None or match_column(name, self.of.table) is not None:
            return name
        names = (self.header.tops[index], *self.header.bottoms[index : index + 1], column.name)
        return next(one for one in names if match_column(one, self.of.table) == column)

    def _is_dropped(self, index: int) -> bool:
        """Check and drop a column of totals or parts; return whether it was one."""
        role = self.roles[index]
        if role.kind == "part":
            self._check_parts()
            return True
        table, name = self.of.table, self.header.names[index]
        if role.kind != "other" or not table.per_level or not is_total(name):
            return False
        parts = [
            other
            for other, one in enumerate(self.roles)
            if one.column is not None and one.column.name.startswith(PLACES)
        ]
        if not parts:
            return False
        self._sums().check(index, parts)
        self._log(index, "total_column", name.strip(), "")
        return True

    def wide(self) -> Sheet:
        """Return the sheet of a table with a row for each cell below an axis."""
        long = unpivoted(self.roles, self.header.names)
        self._check_totals()
        self._check_parts()
        self._log_axis(long)
        rows: Rows = []
        sources: list[tuple[int, tuple[int | None, ...]]] = []
        gaps: list[tuple[int, int]] = []
        tally = Tally(self.of.changes)
        for values, indexes in long.addresses:
            for number, row in enumerate(self.rows):
                cells = [self._cell(number, index, tally) for index in indexes]
                if all(map(is_empty, cells)):
                    gaps.append((number, next(index for index in indexes if index is not None)))
                    continue
                rows.append([*(row[index] for index in long.kept), *values, *cells])
                sources.append((number, indexes))
        tally.close()
        if gaps:
            self._log(gaps[0][1], "gap", "", "", row=self.data[gaps[0][0]], count=len(gaps))
        before = len(long.kept) + len(long.axes)

        def place(row: int, column: int) -> At:
            number, indexes = sources[row]
            grid, data = self.of.grid, self.data
            if column < len(long.kept):
                return grid.place(data[number], long.kept[column])
            first = next(index for index in indexes if index is not None)
            if column < before:
                return grid.place(_row_of(self.header, first), first)
            own = indexes[column - before]
            return grid.place(data[number], first if own is None else own)

        lines = [self.data[number] for number, _ in sources]
        first = next(index for index in long.addresses[0][1] if index is not None)
        named = [*long.kept, *([first] * (len(long.header) - len(long.kept)))]
        return self._sheet(long.header, rows, lines, place=place, named=named)

    def _cell(self, number: int, index: int | None, tally: Tally) -> Cell:
        """Return a count below an axis; a dash there is nothing."""
        if index is None:
            return ""
        cell = self.rows[number][index]
        if isinstance(cell, str) and cell.strip() in _NOTHING:
            row = self.data[number]
            tally.add(lambda: self.of.grid.place(row, index), "dash", cell, "")
            return ""
        return cell

    def _sheet(
        self,
        header: Sequence[str],
        rows: Rows,
        lines: Sequence[int],
        *,
        place: object,
        named: Sequence[int],
    ) -> Sheet:
        grid, head = self.of.grid, self.header
        parts = [
            (head.names[index], grid.place(_row_of(head, index), index))
            for index, role in enumerate(self.roles)
            if role.kind == "part"
        ]
        return Sheet(
            self.of.table.name,
            grid.file,
            tuple(header),
            rows,
            [grid.lines[row] for row in lines],
            place,  # type: ignore[arg-type]
            lambda column: grid.place(
                _row_of(head, named[column]) if named else head.last, named[column] if named else 0
            ),
            aside=(*self.aside, *parts),
        )

    def _sums(self) -> Sums:
        count = count_of(self.of.table)
        return Sums(
            self.rows,
            self.header.names,
            lambda row, column: self.of.grid.place(self.data[row], column),
            count.units if count else (),
            self.of.problems,
        )

    def _check_totals(self) -> None:
        """Check the columns that are sums over an axis; they are left out."""
        for index, under in sums_of(self.roles):
            self._sums().check(index, under)
            self._log(index, "total_column", self.header.names[index].strip(), "")

    def _check_parts(self) -> None:
        """Check counts against their parts, boys and girls."""
        for index, parts in parts_of(self.roles, self.header.bottoms or self.header.names):
            self._sums().check(index, parts)

    def _log_axis(self, long: Unpivoted) -> None:
        """Put on record that names of columns became values."""
        indexes = [index for index, role in enumerate(self.roles) if role.kind == "value"]
        names = [self.header.names[index].strip() for index in (indexes[0], indexes[-1])]
        self._log(indexes[0], "wide", " … ".join(names), ", ".join(long.axes))

    def _log(
        self,
        column: int,
        kind: str,
        before: str,
        after: str,
        *,
        row: int | None = None,
        count: int = 1,
    ) -> None:
        row = _row_of(self.header, column) if row is None else row
        at = self.of.grid.place(row, column)
        self.of.changes.append(Change(at, kind, before, after, count))


def _row_of(header: Header, column: int) -> int:
    """Return the row on which the name of a column stands, the lower one of two."""
    below = header.bottoms and header.bottoms[column].strip()
    return header.last if below else header.first


def _with_column(sheet: Sheet, name: str, values: Sequence[str]) -> Sheet:
    """Return a sheet with one more column, whose cells stand nowhere in the file."""
    index = len(sheet.header)
    return replace(
        sheet,
        header=(*sheet.header, name),
        rows=[[*row, value] for row, value in zip(sheet.rows, values, strict=True)],
        place=lambda row, column: sheet.place(row, 0 if column == index else column),
        place_name=lambda column: sheet.place_name(0 if column == index else column),
    )
