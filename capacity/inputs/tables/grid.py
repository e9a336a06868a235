"""A grid: all cells of a text file, or of a sheet of a workbook, with the place of each."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from capacity.base.errors import At
from capacity.inputs.tables.values import Cell

#: First and last cell of a range, each as row and column from 0.
Range = tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True)
class Grid:
    """Cells as they stand, before anything is known of what they mean.

    Attributes
    ----------
    path : str
        The file, as messages have it.
    sheet : str
        Name of the sheet; empty for a text file.
    rows : sequence of lists of cells
        Of equal length; cells of a text file are text.
    lines : sequence of int
        Line of the file on which each row begins, or row of the sheet.
    locate : callable
        Such a line and the index of a column to the place for a message.
    merged : sequence of ranges
        Merged cells, in rows and columns from 0.
    short : mapping of int to int
        Rows of a text file with fewer cells than the longest, and how many they have.
    delimiter : str
        What stands between the cells of a text file; empty for a workbook.
    hidden : bool
        Whether the workbook does not show the sheet.
    """

    path: str
    sheet: str
    rows: Sequence[list[Cell]]
    lines: Sequence[int]
    locate: Callable[[int, int], At]
    merged: Sequence[Range] = ()
    short: Mapping[int, int] = field(default_factory=dict)
    delimiter: str = ""
    hidden: bool = False

    @property
    def file(self) -> str:
        """The file in messages; of a workbook with the sheet, ``book.xlsx[Sheet]``."""
        return f"{self.path}[{self.sheet}]" if self.sheet else self.path

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    def place(self, row: int, column: int = 0) -> At:
        """Return the place of a cell, both counted from 0."""
        return self.locate(self.lines[row], column)

    def length(self, row: int) -> int:
        """Return how many cells a row has in its file."""
        return self.short.get(row, self.width)
