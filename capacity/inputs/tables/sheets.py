"""A sheet: the cells of one table with their places, and how CSV text becomes one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.base.words import catalog
from capacity.inputs.tables.grid import Grid
from capacity.inputs.tables.values import Cell, is_empty

#: Words for a row of totals, without spaces and in small letters.
TOTALS = frozenset(catalog("reading")["totals"])
#: A number with its unit: a row with only that has lost its other cells.
_FIGURE = re.compile(r"[+-]?[\d,]+(\.\d+)?\s*\w{0,3}")
#: How a note under a table begins.
_NOTE = re.compile(rf"({'|'.join(catalog('reading')['notes'])})[^:]{{0,6}}:", re.IGNORECASE)
#: Changes of a kind in a column that are listed one by one.
LISTED = 10_000


@dataclass(frozen=True)
class Sheet:
    """Header and cells of one table.

    Attributes
    ----------
    table : str
        Name of the table.
    file : str
        The file in messages; for a workbook with the sheet, ``book.xlsx[Sheet]``.
    header : tuple of str
        One name per column, as written.
    header_line : int
        Line of the file, or row of the sheet, on which the header stands.
    rows : list of sequences of cells
        As many cells in each as the header has.
    lines : list of int
        Line of the file, or row of the sheet, of each row.
    locate : callable
        Line (or sheet row) and column index to the place for a message.
    workbook : bool
        Whether it comes from a workbook, whose rules differ (totals, a lone —).
    """

    table: str
    file: str
    header: tuple[str, ...]
    header_line: int
    rows: list[Sequence[Cell]]
    lines: list[int]
    locate: Callable[[int, int], At]
    workbook: bool = False

    @cached_property
    def path(self) -> str:
        """The file alone, as places have it."""
        return self.at_header().file

    def at(self, row: int, column: int = 0) -> At:
        """Return the place of a cell; the first of its row by default."""
        return self.locate(self.lines[row], column)

    def at_header(self, column: int = 0) -> At:
        """Return the place of a name in the header."""
        return self.locate(self.header_line, column)


@dataclass(frozen=True)
class Change:
    """A cell that was not taken as it was written, or a row that was dropped.

    ``kind`` is one of those that ``facts.toml`` has words for: ``unit`` is of 1.2万 or 120人,
    ``year`` of 2028学年 or 2028-2029, ``autumn`` of 2028年9月, ``word`` of 在建 or 一年级, ``dash``
    of a lone — read as empty, ``note_row`` of a note under a table. Past `LISTED` of a kind in a
    column one stands for ``count`` of them.
    """

    at: At
    kind: str
    before: str
    after: str
    count: int = 1


def place(frame: pd.DataFrame, row: int = 0) -> At:
    """Return where a row of a table's frame begins, by its position in the frame."""
    file, line = str(frame["file"].iloc[row]), int(frame["line"].iloc[row])
    if not file.endswith("]"):
        return At(file, line, 1)
    book, _, sheet = file[:-1].rpartition("[")
    return At(book, line, 1, f"{sheet}!A{line}")


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is text under a table: one cell that is no number, or 注：… and more."""
    filled = [cell for cell in cells if not is_empty(cell)]
    texts = [unicodedata.normalize("NFKC", c).strip() for c in filled if isinstance(c, str)]
    if not texts or len(texts) < len(filled) or any(map(total_word, texts)):
        return False
    if len(texts) == 1:
        return _FIGURE.fullmatch(texts[0]) is None
    return _NOTE.match(texts[0]) is not None


def total_word(cell: Cell) -> str:
    """Return the word of a total row (合计, Total …) in its plain form, or nothing."""
    if not isinstance(cell, str) or len(cell) > 24 or cell[-1:].isdigit():
        return ""
    word = "".join(unicodedata.normalize("NFKC", cell).split()).casefold().strip(":")
    return word if word in TOTALS else ""


def sheet_of(table: str, grid: Grid, problems: Problems) -> Sheet | None:
    """Make a sheet of a text file; rows with too few or too many cells are problems, left out."""
    filled = [index for index, row in enumerate(grid.rows) if any(row)]
    head, *data = filled
    wanted = grid.length(head)
    header = tuple(map(str, grid.rows[head][:wanted]))
    kept: list[Sequence[Cell]] = []
    lines: list[int] = []
    for index in data:
        row, length = grid.rows[index], grid.length(index)
        if length == wanted:
            kept.append(row[:wanted])
            lines.append(grid.lines[index])
            continue
        code, column = ("row-short", 0) if length < wanted else ("row-long", wanted)
        if problems.room(code, grid.path):
            problems.error(code, grid.place(index, column), cells=length, wanted=wanted)
        else:
            problems.count(code, grid.path)
    return Sheet(table, grid.file, header, grid.lines[head], kept, lines, grid.locate)
