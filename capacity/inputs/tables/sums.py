"""Columns of totals beside what they sum: checked row by row, and left out."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from capacity.base.errors import At, Problems
from capacity.inputs.tables.values import Cell, CellError, as_found, is_empty, read_number


@dataclass(frozen=True)
class Sums:
    """Holds columns against the sums of others.

    Attributes
    ----------
    rows : sequence of rows of cells
    names : sequence of str
        Of their columns.
    place : callable
        Number of a row and of a column to the place of the cell.
    units : tuple of str
        That may follow a number.
    problems : Problems
    """

    rows: Sequence[Sequence[Cell]]
    names: Sequence[str]
    place: Callable[[int, int], At]
    units: tuple[str, ...]
    problems: Problems

    def check(self, column: int, parts: Sequence[int]) -> None:
        """Refuse a cell of a column that is not the sum of its parts.

        Where a part cannot be read, which is a problem of its own, nothing is held against it.
        """
        for number, row in enumerate(self.rows):
            counts = [self._number(row[part]) for part in parts]
            stated = self._number(row[column])
            if is_empty(row[column]) or None in counts:
                continue
            numbers = [count for count in counts if count is not None]
            total = _differs(stated, numbers) if stated is not None else sum(numbers)
            if total is None:
                continue
            path = self.place(number, column).file
            if not self.problems.room("total-across", path):
                self.problems.count("total-across", path)
                continue
            self.problems.error(
                "total-across",
                self.place(number, column),
                found=as_found(row[column]),
                column=" ".join(self.names[column].split()),
                parts=f"{self.names[parts[0]].strip()} … {self.names[parts[-1]].strip()}",
                total=total,
            )

    def _number(self, cell: Cell) -> float | None:
        """Return the number in a cell, 0 of an empty one; None where there is none."""
        if is_empty(cell):
            return 0.0
        try:
            return read_number(cell, self.units).value
        except CellError:
            return None


def _differs(stated: float, parts: Iterable[float]) -> float | None:
    """Return the sum of parts where a total is not that; else None."""
    total = math.fsum(parts)
    return None if math.isclose(stated, total, rel_tol=1e-9, abs_tol=1e-9) else total
