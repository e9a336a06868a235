"""A sheet: the cells of one table as they stand in a CSV file or a workbook, with their places."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from capacity.errors import At, Message, register
from capacity.inputs.values import Cell

_TOTALS = {
    *("合计", "总计", "小计", "共计", "总数", "全部合计"),
    *("total", "totals", "subtotal", "grandtotal", "sum"),
}

register(
    {
        "table-empty": {
            "en": Message("no data rows under the header", "at least one row"),
            "zh": Message("表头下没有数据行", "至少一行数据"),
        },
        "table-blank": {
            "en": Message("the table is empty", "a header and data rows"),
            "zh": Message("表是空的", "表头和数据行"),
        },
    }
)


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
    whole : bool
        Whether no row had to be left out; that it was is then told already.
    """

    table: str
    file: str
    header: tuple[str, ...]
    header_line: int
    rows: list[Sequence[Cell]]
    lines: list[int]
    locate: Callable[[int, int | None], At]
    workbook: bool = False
    whole: bool = True

    def at(self, row: int, column: int | None = None) -> At:
        """Give the place of a cell, or of a row."""
        return self.locate(self.lines[row], column)

    def at_header(self, column: int | None = None) -> At:
        """Give the place of a name in the header."""
        return self.locate(self.header_line, column)


def total_word(cell: Cell) -> str:
    """Give the word of a total row (合计, Total …) in its plain form, or nothing."""
    if not isinstance(cell, str) or len(cell) > 24:
        return ""
    word = "".join(unicodedata.normalize("NFKC", cell).split()).casefold().strip(":")
    return word if word in _TOTALS else ""
