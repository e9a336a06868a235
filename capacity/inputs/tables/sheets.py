"""A sheet: the cells of one table as they stand in a CSV file or a workbook, with their places."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd

from capacity.base.errors import At
from capacity.base.words import catalog
from capacity.inputs.tables.values import Cell, is_empty

_TOTALS = frozenset(catalog("reading")["totals"])
#: A number with its unit: a row with only that has lost its other cells.
_FIGURE = re.compile(r"[+-]?[\d,]+(\.\d+)?\s*\w{0,3}")
#: How a note under a table begins.
_NOTE = re.compile(rf"({'|'.join(catalog('reading')['notes'])})[^:]{{0,6}}:", re.IGNORECASE)


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

    def at(self, row: int, column: int = 0) -> At:
        """Give the place of a cell; the first of its row by default."""
        return self.locate(self.lines[row], column)

    def at_header(self, column: int = 0) -> At:
        """Give the place of a name in the header."""
        return self.locate(self.header_line, column)


def place(frame: pd.DataFrame, row: int = 0) -> At:
    """Give where a row of a table's frame begins, by its position in the frame."""
    file, line = str(frame["file"].iloc[row]), int(frame["line"].iloc[row])
    if not file.endswith("]"):
        return At(file, line, 1)
    book, _, sheet = file[:-1].rpartition("[")
    return At(book, line, 1, f"{sheet}!A{line}")


def is_note(cells: Sequence[Cell]) -> bool:
    """Tell whether a row is text under a table: one cell that is no number, or 注：… and more."""
    filled = [cell for cell in cells if not is_empty(cell)]
    texts = [
        unicodedata.normalize("NFKC", cell).strip() for cell in filled if isinstance(cell, str)
    ]
    if not texts or len(texts) < len(filled) or any(map(total_word, texts)):
        return False
    if len(texts) == 1:
        return _FIGURE.fullmatch(texts[0]) is None
    return _NOTE.match(texts[0]) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def total_word(cell: Cell) -> str:
    """Give the word of a total row (合计, Total …) in its plain form, or nothing."""
    if not isinstance(cell, str) or len(cell) > 24:
        return ""
    word = "".join(_plain(cell).split()).casefold().strip(":")
    return word if word in _TOTALS else ""
