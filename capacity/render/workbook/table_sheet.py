"""A table as a sheet: heads that stay in sight, filters, and pages with both."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from capacity.base.words import width as columns_of
from capacity.render.charts.style import MUTED
from capacity.render.workbook.cells import ROWS, lines_of, plain
from capacity.render.workbook.looks import LINE, MARKS, Book
from capacity.render.workbook.tables import Column, Sheet, left_out, said

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

#: Characters across a column, at least and at most; across a page.
_LEAST, _MOST, _PAGE = 9, 44, 215
#: What columns of some kinds take at most.
_WIDEST = {"long": 70, "value": 22}
#: Cells of a column that are measured.
_MEASURED = 2000


def write(book: Book, name: str, table: Sheet) -> None:
    """Write the sheet of a table: heads that stay in sight, filters, pages with both."""
    sheet = book.add_sheet(name)
    rows = min(table.rows, ROWS - 1)
    if rows < table.rows:
        rows -= 1
        note = left_out(table.rows - rows, "CSV", book.lang)
        sheet.write_string(rows + 1, 0, note, book.look(italic=True))
    elif not rows and table.empty:
        sheet.write_string(1, 0, table.empty, book.look(italic=True, font_color=MUTED))
    widths = [
        _write_column(book, sheet, place, column, rows)
        for place, column in enumerate(table.columns)
    ]
    last = len(table.columns) - 1
    sheet.set_row(0, LINE * max(map(lines_of, (c.head for c in table.columns), widths)) + 4)
    sheet.freeze_panes(1, table.keys)
    sheet.autofilter(0, 0, max(rows, 1), last)
    sheet.print_area(0, 0, max(rows, 1), last)
    sheet.repeat_rows(0)
    pages = math.ceil(sum(widths) / _PAGE)
    if pages > 1:
        sheet.repeat_columns(0, table.keys - 1)
    sheet.fit_to_pages(pages, 0)


def _write_column(book: Book, sheet: Worksheet, place: int, column: Column, rows: int) -> float:
    """Write a column under its head; return its width in characters."""
    kind, cells, head = column.kind, column.cells, plain(column.head)
    texts = kind in ("text", "long", "value", *MARKS)
    if head.isdecimal():
        sheet.write_number(0, place, int(head), book.head(left=False))
    else:
        sheet.write_string(0, place, head, book.head(left=texts))
    if kind in MARKS:
        _write_marks(book, sheet, place, kind, cells[:rows])
    else:
        _write_cells(book, sheet, place, kind, cells[:rows])
    wide = _width(head, kind, cells, texts)
    sheet.set_column(place, place, wide, book.look())
    return wide


def _write_cells(book: Book, sheet: Worksheet, place: int, kind: str, cells: Sequence[Any]) -> None:
    """Write what cells say; those of nothing stay empty."""
    text, look = book.look(indent=1), book.number(kind)
    short, idle = (book.number(kind, n) for n in (1.0, -1.0))
    signed = kind == "gap"
    for row, cell in enumerate(cells, start=1):
        if cell is None or cell != cell:  # noqa: PLR0124 (nan, of numbers of any library)
            continue
        if isinstance(cell, str):
            sheet.write_string(row, place, plain(cell), text)
        elif signed and not -0.5 < cell < 0.5:
            sheet.write_number(row, place, cell, short if cell > 0 else idle)
        else:
            sheet.write_number(row, place, cell, look)


def _write_marks(book: Book, sheet: Worksheet, place: int, kind: str, cells: Sequence[Any]) -> None:
    """Write the words of bands, of qualities or of laws, filled in their colours."""
    kinds = {
        cell: (
            plain(said(kind, cell, book.lang)),
            book.marked(kind, cell, align="center"),
        )
        for cell in set(cells)
    }
    for row, cell in enumerate(cells, start=1):
        if kinds[cell][0]:
            sheet.write_string(row, place, *kinds[cell])


def _width(head: str, kind: str, cells: Sequence[Any], texts: bool) -> float:
    """Return the characters that a column takes."""
    of_head = min(columns_of(head) + 3, 15)
    if not texts:
        return max(_LEAST, of_head)
    shown: Iterable[str] = {cell for cell in cells[:_MEASURED] if isinstance(cell, str)}
    longest = max(map(columns_of, shown), default=0) + 3
    return min(max(_LEAST, longest, of_head), _WIDEST.get(kind, _MOST))
