"""The sheet of a table whose header and rows have been found; columns of a wide one become rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from capacity.base.errors import At, Problems
from capacity.inputs.tables.axes import Header, Role, count_of, is_total
from capacity.inputs.tables.columns import PLACES, Column, Table
from capacity.inputs.tables.convert import Rows
from capacity.inputs.tables.headers import match_column
from capacity.inputs.tables.sheets import Change, Grid, Sheet, Tally
from capacity.inputs.tables.totals import Sums, parts_of, sums_of
from capacity.inputs.tables.values import DASHES, HYPHENS, Cell, is_empty

#: Dashes that stand for nothing; others may stand for a count that is withheld.
_NOTHING = DASHES - HYPHENS


@dataclass(frozen=True)
class Unpivoted:
    """The columns of a long table, and where the cells of its rows stand in the wide one.

    Attributes
    ----------
    header : list of str
    kept : list of int
        Columns of the wide table that every row has.
    axes : list of str
        Columns whose values are names of columns.
    counts : list of Column
        Columns of the cells below these names.
    addresses : list of (values of the axes, index of each of ``counts`` or None)
    """

    header: list[str]
    kept: list[int]
    axes: list[str]
    counts: list[Column]
    addresses: list[tuple[tuple[str, ...], tuple[int | None, ...]]]


def unpivoted(roles: Sequence[Role], names: Sequence[str], columns: Iterable[int]) -> Unpivoted:
    """Return how the rows of a long table stand in these columns of a wide one.

    One without a name is kept, to be asked about.
    """
    kept = [index for index in columns if roles[index].kind in ("known", "other", "blank")]
    values = [(index, role) for index, role in enumerate(roles) if role.kind == "value"]
    axes = list(dict.fromkeys(axis for _, role in values for axis in role.address))
    counts = list({r.column.name: r.column for _, r in values if r.column is not None}.values())
    at: dict[tuple[str, ...], dict[str, int]] = defaultdict(dict)
    for index, role in values:
        assert role.column is not None
        at[tuple(role.address[axis] for axis in axes)][role.column.name] = index
    return Unpivoted(
        [*(names[index] for index in kept), *axes, *(column.name for column in counts)],
        kept,
        axes,
        counts,
        [(key, tuple(own.get(column.name) for column in counts)) for key, own in at.items()],
    )


@dataclass(frozen=True)
class Making:
    """Makes the sheet of a table whose columns and rows have been told.

    Attributes
    ----------
    table : Table
    grid : Grid
    problems : Problems
    changes : list of Change
    header : Header
    roles : sequence of Role
        Of each column of the grid.
    data : sequence of int
        The rows of the grid that are rows of the table.
    rows : list of rows of cells
        These, with plain numbers, as wide as the grid.
    columns : sequence of int
        The columns of the table.
    aside : sequence of (str, At)
        Texts beside it.
    """

    table: Table
    grid: Grid
    problems: Problems
    changes: list[Change]
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
        if len(columns) < self.grid.width:
            rows = [[row[index] for index in columns] for row in rows]
        data, grid = self.data, self.grid
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
        if column is None or match_column(name, self.table) is not None:
            return name
        names = (self.header.tops[index], *self.header.bottoms[index : index + 1], column.name)
        return next(one for one in names if match_column(one, self.table) == column)

    def _is_dropped(self, index: int) -> bool:
        """Check and drop a column of totals or parts; return whether it was one."""
        role = self.roles[index]
        if role.kind == "part":
            self._check_parts()
            return True
        table, name = self.table, self.header.names[index]
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
        long = unpivoted(self.roles, self.header.names, self.columns)
        for index, under in sums_of(self.roles):
            self._sums().check(index, under)
            self._log(index, "total_column", self.header.names[index].strip(), "")
        self._check_parts()
        self._log_axis(long)
        rows: Rows = []
        sources: list[tuple[int, tuple[int | None, ...]]] = []
        gaps: list[tuple[int, int]] = []
        tally = Tally(self.changes)
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
            grid, data = self.grid, self.data
            if column < len(long.kept):
                return grid.place(data[number], long.kept[column])
            first = next(index for index in indexes if index is not None)
            if column < before:
                return grid.place(self.header.row_of(first), first)
            own = indexes[column - before]
            return grid.place(data[number], first if own is None else own)

        lines = [self.data[number] for number, _ in sources]
        first = next(index for index in long.addresses[0][1] if index is not None)
        named = [*long.kept, *([first] * (len(long.header) - len(long.kept)))]
        sheet = self._sheet(long.header, rows, lines, place=place, named=named)
        return replace(sheet, repeats=True, across=frozenset(long.axes))

    def _cell(self, number: int, index: int | None, tally: Tally) -> Cell:
        """Return a count below an axis; a dash there is nothing."""
        if index is None:
            return ""
        cell = self.rows[number][index]
        if isinstance(cell, str) and cell.strip() in _NOTHING:
            row = self.data[number]
            tally.add(lambda: self.grid.place(row, index), "dash", cell, "")
            return ""
        return cell

    def _sheet(
        self,
        header: Sequence[str],
        rows: Rows,
        lines: Sequence[int],
        *,
        place: Callable[[int, int], At],
        named: Sequence[int],
    ) -> Sheet:
        grid, head = self.grid, self.header
        parts = [
            (head.names[index], grid.place(head.row_of(index), index))
            for index, role in enumerate(self.roles)
            if role.kind == "part"
        ]
        return Sheet(
            self.table.name,
            grid.file,
            tuple(header),
            rows,
            [grid.lines[row] for row in lines],
            place,
            lambda column: grid.place(
                head.row_of(named[column]) if named else head.last, named[column] if named else 0
            ),
            aside=(*self.aside, *parts),
        )

    def _sums(self) -> Sums:
        count = count_of(self.table)
        return Sums(
            self.rows,
            self.header.names,
            lambda row, column: self.grid.place(self.data[row], column),
            count.units if count else (),
            self.problems,
        )

    def _check_parts(self) -> None:
        """Check counts against their parts, boys and girls."""
        for index, parts in parts_of(self.roles, self.header.bottoms or self.header.names):
            self._sums().check(index, parts)

    def _log_axis(self, long: Unpivoted) -> None:
        """Put on record that names of columns became values."""
        indexes = [index for index, role in enumerate(self.roles) if role.kind == "value"]
        names = [
            (self.header.tops[index], *self.header.bottoms[index : index + 1])
            for index in (indexes[0], indexes[-1])
        ]
        said = (" ".join(name.strip() for name in own if name.strip()) for own in names)
        self._log(indexes[0], "wide", " … ".join(said), ", ".join(long.axes))

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
        row = self.header.row_of(column) if row is None else row
        at = self.grid.place(row, column)
        self.changes.append(Change(at, kind, before, after, count))
