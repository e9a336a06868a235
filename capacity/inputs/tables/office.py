"""A grid of cells to a sheet: tables as offices lay them out, with titles and two-row headers."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from capacity.base.errors import At, Problems
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.headers import match_column, match_header, refuse_wide
from capacity.inputs.tables.sheets import Change, Sheet, is_note, total_word
from capacity.inputs.tables.values import Cell, is_empty, show

#: The header is looked for in this many rows.
HEADER_ROWS = 20
#: A cell with nothing but one of these is empty.
_DASHES = {"—", "——", "\N{FULLWIDTH HYPHEN-MINUS}", "–", "―", "─", "-", "--"}
_ERRORS = {"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"}


Grid = list[list[Cell]]
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class _Header:
    """Names of the columns, and the first and last row (from 0) that they stand on."""

    names: list[str]
    first: int
    last: int


@dataclass(frozen=True)
class OfficeTable:
    """A table in a grid: titles above, a header of one or two rows, totals and notes below.

    Attributes
    ----------
    table : Table
    file : str
        The file in messages, with its sheet: ``book.xlsx[Sheet]``.
    grid : list of lists of cells
        Rows of equal length.
    merged : sequence of ((row, column), (row, column))
        First and last cell of each range of merged cells, from 0.
    place : callable
        Row (from 1) and index of a column to the place for a message.
    problems : Problems
    changes : list of Change
    """

    table: Table
    file: str
    grid: Grid
    merged: Sequence[Range]
    place: Callable[[int, int], At]
    problems: Problems
    changes: list[Change]

    def sheet(self) -> Sheet | None:
        """Return the sheet of the table, or add why there is none."""
        filled = [index for index, row in enumerate(self.grid) if not all(map(is_empty, row))]
        if not filled:
            self.problems.error("table-blank", self.place(1, 0))
            return None
        header = self._header(filled[:HEADER_ROWS])
        if self._is_wide(header):
            return None
        for row in (row for row in filled if row < header.first):
            for column, cell in enumerate(self.grid[row]):
                if isinstance(cell, float):
                    self.problems.error("rows-above", self.place(row + 1, column), found=cell)
        data = self._without_notes([row for row in filled if row > header.last])
        self._refuse_merged(data)
        self._check_cells(data)
        width = range(len(header.names))
        columns = [
            column
            for column in width
            if header.names[column].strip() or any(not is_empty(self.grid[r][column]) for r in data)
        ]
        return Sheet(
            self.table.name,
            self.file,
            tuple(header.names[column] for column in columns),
            header.last + 1,
            [[self.grid[row][column] for column in columns] for row in data],
            [row + 1 for row in data],
            lambda row, column: self.place(row, columns[column] if columns else column),
            workbook=True,
        )

    def _header(self, rows: Sequence[int]) -> _Header:
        """Find the row that names most columns, and whether a row beside it belongs to it."""
        best = max(rows, key=lambda row: (self._score(self._texts(row)), -row))
        if not self._score(self._texts(best)):  # say what is wrong with the likeliest row
            best = max(rows[:5], key=lambda row: (sum(map(bool, self._texts(row))), -row))
        above, below = best - 1, best + 1
        if below in rows and self._is_text(below):
            names, under = self._joined(best, below), self._texts(below)
            pairs = zip(names, under, strict=True)
            if any(text.strip() and match_column(name, self.table) for name, text in pairs):
                return _Header(names, best, below)
        if above in rows and self._is_text(above):
            names = self._joined(above, best)
            if self._score(names) > self._score(self._texts(best)):
                return _Header(names, above, best)
        return _Header(self._texts(best), best, best)

    def _is_wide(self, header: _Header) -> bool:
        """Refuse a column for each grade or year; their names may stand under one name for all."""
        below, found = header.last + 1, match_header(header.names, self.table)
        rows = [*range(header.first, below)]
        rows += [below] if below < len(self.grid) and self._is_text(below) else []
        return any(
            refuse_wide(names, found, self.table, partial(self.place, row + 1), self.problems)
            for row, names in ((row, list(map(show, self.grid[row]))) for row in rows)
        )

    def _is_text(self, row: int) -> bool:
        return not any(isinstance(cell, float) for cell in self.grid[row])

    def _joined(self, top: int, bottom: int) -> list[str]:
        """Return names that stand on two rows; a merged name on top stands over each column."""
        over = self._texts(top)
        for (first, left), (last, right) in self.merged:
            if first <= top <= last and left < len(over):  # it may reach beyond all cells
                width = min(right + 1, len(over)) - left
                over[left : left + width] = [over[left]] * width
        return [self._join(*pair) for pair in zip(over, self._texts(bottom), strict=True)]

    def _join(self, top: str, bottom: str) -> str:
        """Return the name of a column whose header has two rows: the one that the table knows."""
        if not bottom.strip() or bottom.strip() in _DASHES:
            return top
        for name in (bottom, f"{top}{bottom}", f"{top}({bottom})"):
            if match_column(name, self.table):
                return name
        return f"{top}{bottom}"

    def _texts(self, row: int) -> list[str]:
        return [cell if isinstance(cell, str) else "" for cell in self.grid[row]]

    def _score(self, names: Sequence[str]) -> int:
        found: set[Column] = set()
        for name in names:
            if name.strip() and (column := match_column(name, self.table)):
                found.add(column)
        return len(found)

    def _without_notes(self, data: list[int]) -> list[int]:
        """Drop the notes under the last data row; a total row may stand among them."""
        notes: list[int] = []
        for row in reversed(data):
            if is_note(self.grid[row]):
                notes.append(row)
            elif not any(map(total_word, self.grid[row])):
                break
        for row in reversed(notes):
            filled = [column for column, cell in enumerate(self.grid[row]) if not is_empty(cell)]
            text = " ".join(show(self.grid[row][column]) for column in filled)
            self.changes.append(Change(self.place(row + 1, filled[0]), "note_row", text, ""))
        told = set(notes)
        return [row for row in data if row not in told]

    def _refuse_merged(self, data: Sequence[int]) -> None:
        """Refuse merged cells over data rows; a total row may have its label merged."""
        if not self.merged:
            return
        plain = [row for row in data if not any(map(total_word, self.grid[row]))]
        for (first, left), (last, _) in self.merged:
            following = bisect_left(plain, first)
            if following < len(plain) and plain[following] <= last:
                self.problems.error("cell-merged", self.place(first + 1, left))

    def _check_cells(self, data: Sequence[int]) -> None:
        """Read a lone dash as an empty cell; refuse error values that are text."""
        for row in data:
            cells = self.grid[row]
            for column, cell in enumerate(cells):
                if not isinstance(cell, str) or not cell:
                    continue
                if cell.startswith("#") and cell.strip().upper() in _ERRORS:
                    self.problems.error("cell-error", self.place(row + 1, column), found=cell)
                elif cell.strip() in _DASHES:
                    cells[column] = ""
                    self.changes.append(Change(self.place(row + 1, column), "dash", cell, ""))
