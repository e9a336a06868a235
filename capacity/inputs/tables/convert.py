"""Counts with a decimal comma, or in units of thousands, to plain numbers, each on record."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from capacity.base.errors import At, Problems
from capacity.inputs.tables.amounts import (
    Above,
    factor_of,
    has_decimal_comma,
    refuse_unclear,
    split_unit,
    times,
    unit_above,
    unit_below,
    with_point,
)
from capacity.inputs.tables.axes import Header, Role, count_of
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.sheets import Change, Grid, Tally
from capacity.inputs.tables.values import Cell, CellError, as_found, is_empty, show

Rows = list[Sequence[Cell]]


@dataclass(frozen=True)
class Converter:
    """Makes plain numbers of the counts of a table.

    Attributes
    ----------
    table : Table
    grid : Grid
    header : Header
    roles : sequence of Role
    data : sequence of int
        The rows of the grid that are rows of the table.
    problems : Problems
    changes : list of Change
    """

    table: Table
    grid: Grid
    header: Header
    roles: Sequence[Role]
    data: Sequence[int]
    problems: Problems
    changes: list[Change]

    def rows(self, above: Sequence[int], notes: Sequence[int]) -> Rows:
        """Return the rows of the table as wide as the grid.

        ``above`` are those over its header and ``notes`` those under it, which may state a unit.
        """
        rows: Rows = [self.grid.rows[row] for row in self.data]
        columns = self._columns()
        factors = self._factors(columns, above, notes)
        if self.grid.delimiter not in ("", ","):
            rows = self._with_points(rows, columns)
        if factors:
            rows = [list(row) for row in rows]
            for index, factor in factors.items():
                self._multiply(rows, index, columns[index], factor)
        return rows

    def _columns(self) -> dict[int, Column]:
        """Return the columns of numbers by their index."""
        count = count_of(self.table)
        found: dict[int, Column] = {}
        for index, role in enumerate(self.roles):
            column = role.column or (count if role.kind in ("value", "total", "part") else None)
            if column is not None and column.kind == "number":
                found[index] = column
        return found

    def _factors(
        self, columns: Mapping[int, Column], above: Sequence[int], notes: Sequence[int]
    ) -> dict[int, int]:
        """Return the factor of each column that is not counted in ones."""
        stated = [*self._stated(above, unit_above), *self._stated(notes, unit_below)]
        over = [amount for _, said in stated for amount in said.amounts]
        factors: dict[int, int] = {}
        for index, column in columns.items():
            names = (self.header.tops[index], *self.header.bottoms[index : index + 1])
            own = [split[1] for name in names if (split := split_unit(name))]
            own += [split[1]] if (split := split_unit(self.header.names[index])) else []
            found = factor_of(column, own) | factor_of(column, over)
            if len(found) > 1:
                at = self.grid.place(self.header.last, index)
                facts = {"found": self.header.names[index], "column": column.term}
                self.problems.error("unit-unclear", at, **facts)
            elif found and (factor := found.pop()) > 1:
                factors[index] = factor
        self._refuse_useless(stated, columns)
        return factors

    def _stated(
        self, rows: Sequence[int], read: Callable[[str], Above | None]
    ) -> list[tuple[At, Above]]:
        """Return the units that rows state, each with its place; say those that are not known."""
        stated: list[tuple[At, Above]] = []
        for row in rows:
            for column, cell in enumerate(self.grid.rows[row]):
                if not isinstance(cell, str) or is_empty(cell):
                    continue
                if (said := read(cell)) is None:
                    continue
                at = self.grid.place(row, column)
                if said.unknown:
                    tell = self.problems.error if said.scaled else self.problems.warning
                    tell("unit-unknown", at, found=said.unknown)
                else:
                    stated.append((at, said))
        return stated

    def _refuse_useless(
        self, stated: Sequence[tuple[At, Above]], columns: Mapping[int, Column]
    ) -> None:
        """Refuse a unit of thousands in which no column is counted."""
        for at, said in stated:
            for amount in said.amounts:
                if amount.factor > 1 and not any(map(amount.suits, columns.values())):
                    found = f"{amount.factor:,} {amount.of}".strip()
                    self.problems.error("unit-unknown", at, found=found)

    def _with_points(self, rows: Rows, columns: Mapping[int, Column]) -> Rows:
        """Give decimal points to numbers with a comma, where any tells that they have one."""
        every = (row[index] for row in rows for index in columns)
        commas = has_decimal_comma(every)
        if commas is False:
            return rows
        tally = Tally(self.changes)
        changed: Rows = [list(row) for row in rows] if commas else rows
        for number, row in enumerate(rows):
            for index, column in columns.items():
                cell, place = row[index], partial(self.grid.place, self.data[number], index)
                if commas and (plain := with_point(cell)) != cell:
                    changed[number][index] = plain  # type: ignore[index]  # a list
                    tally.add(place, "decimal", show(cell), show(plain))
                elif commas is None and not column.heads:
                    self._refuse_unclear(place, cell, column)
        tally.close()
        return changed

    def _refuse_unclear(self, place: Callable[[], At], cell: Cell, column: Column) -> None:
        try:
            refuse_unclear(cell)
        except CellError as fault:
            facts = {"found": as_found(cell), "column": column.term, **fault.facts}
            self.problems.error(fault.code, place(), **facts)

    def _multiply(self, rows: Rows, index: int, column: Column, factor: int) -> None:
        """Bring a column to ones."""
        tally = Tally(self.changes)
        for number, row in enumerate(rows):
            cell, place = row[index], partial(self.grid.place, self.data[number], index)
            if is_empty(cell):
                continue
            try:
                whole = times(cell, factor, column.units)
            except CellError as fault:
                facts = {"found": as_found(cell), "column": column.term, **fault.facts}
                self.problems.error(fault.code, place(), **facts)
                continue
            if whole is not None:
                row[index] = whole  # type: ignore[index]  # a list
                tally.add(place, "unit", show(cell), show(whole))
        tally.close()
