"""The header of a table in a grid: on one row or two, under titles, over a row of units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from capacity.inputs.tables.axes import Axes, UnclearAxisError, has_axis, roles_of
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.headers import match_column
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.values import Cell, is_empty, is_plain

#: The header is looked for in this many rows, and in so many columns.
HEADER_ROWS, HEADER_COLUMNS = 20, 2000
#: A name with nothing but one of these is none.
DASHES = frozenset({"—", "——", "\N{FULLWIDTH HYPHEN-MINUS}", "–", "―", "─", "-", "--"})


@dataclass(frozen=True)
class Header:
    """Names of the columns, and the rows (from 0) that they stand on.

    Attributes
    ----------
    first, last : int
        The first and the last row.
    tops, bottoms : sequence of str
        The names on each; ``bottoms`` is empty where there is one row.
    names : sequence of str
        The name of each column of both.
    """

    first: int
    last: int
    tops: Sequence[str]
    bottoms: Sequence[str]
    names: Sequence[str]

    @property
    def texts(self) -> tuple[str, ...]:
        """All names, on both rows."""
        return (*self.tops, *self.bottoms)

    def row_of(self, column: int) -> int:
        """Return the row on which the name of a column stands, the lower one of two."""
        below = self.bottoms and self.bottoms[column].strip()
        return self.last if below else self.first

    @cached_property
    def width(self) -> int:
        """How many columns there are up to the last with a name."""
        named = [index for index, name in enumerate(self.names) if name.strip()]
        return named[-1] + 1 if named else 0


def is_figure(cell: Cell) -> bool:
    """Whether a cell is a plain number, in a text file as in a workbook."""
    return isinstance(cell, float) or is_plain(cell)


@dataclass(frozen=True)
class HeaderSearch:
    """Finds the header of a table in a grid."""

    table: Table
    grid: Grid
    names: Names

    def find(self, filled: Sequence[int]) -> Header:
        """Find the row that names most columns, and whether a row beside it belongs to it."""
        rows = filled[:HEADER_ROWS]
        first = self._texts(rows[0])
        if not self._is_whole(first):
            best = max(rows, key=lambda row: (self._score(self._texts(row)), -row))
            if not self._score(self._texts(best)):  # say what is wrong with the likeliest row
                best = max(rows[:5], key=lambda row: (sum(map(bool, self._texts(row))), -row))
        else:
            best = rows[0]
        return self._below(best, rows) or self._above(best, rows) or self._alone(best)

    def _is_whole(self, names: Sequence[str]) -> bool:
        """Whether a row names all columns that the table needs."""
        found = {column.name for name in names if (column := self._match(name))}
        return found.issuperset(self.table.required)

    def _alone(self, row: int) -> Header:
        names = self._labels(row)
        return Header(row, row, names, (), names)

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
        names = [self.join(*pair) for pair in zip(tops, bottoms, strict=True)]
        header = Header(best, below, tops, bottoms, names)
        pairs = zip(names, bottoms, strict=True)
        if any(text.strip() and self._match(name) and not _figure(text) for name, text in pairs):
            return header
        return header if self._has_more(header, self._texts(best)) else None

    def _above(self, best: int, rows: Sequence[int]) -> Header | None:
        """Join a row above that groups columns, or names values of an axis."""
        above = best - 1
        if above not in rows:
            return None
        tops, bottoms = self._spread(above, best), self._labels(best)
        names = [self.join(*pair) for pair in zip(tops, bottoms, strict=True)]
        header = Header(above, best, tops, bottoms, names)
        if self._score(names) > self._score(bottoms):
            return header
        return header if has_axis(self._labels(above), self._axes(names)) else None

    def _has_more(self, header: Header, above: Sequence[str]) -> bool:
        """Whether the second row of a header has values of an axis, or parts of what is above."""
        axes = self._axes(above)
        if has_axis(header.bottoms, axes):
            return True
        if any(_figure(text) and not axes.read(text) for text in header.bottoms):
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
        return not text or text in DASHES or self._match(self.join(top, text)) is not None

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

    def join(self, top: str, bottom: str) -> str:
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


def _figure(text: str) -> bool:
    return is_plain(text.strip())
