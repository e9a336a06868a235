"""The first sheet: texts across its columns, and tables below each other."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from capacity.base.words import width as columns_of
from capacity.render.charts.style import MUTED
from capacity.render.workbook.cells import FORMATS, in_format, lines_of, plain
from capacity.render.workbook.looks import DARK, LINE, RULE, Book
from capacity.render.workbook.summary import Line
from capacity.render.workbook.tables import said

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

#: Characters across the first column, at least and at most; across another.
_FIRST, _OTHER = (20, 44), 10
#: Columns that texts stand across, at least.
_ACROSS = 9


def write(book: Book, name: str, lines: Sequence[Line]) -> None:
    """Write the first sheet, texts across its columns."""
    sheet = book.add_sheet(name)
    sheet.hide_gridlines(2)
    tables = [line.cells for line in lines if line.look in ("heads", "row")]
    across = max([_ACROSS, *map(len, tables)])
    names = max((columns_of(str(cells[0])) for cells in tables), default=0)
    first = min(max(names + 2, _FIRST[0]), _FIRST[1])
    sheet.set_column(0, 0, first, book.look())
    sheet.set_column(1, across - 1, _OTHER, book.look())
    room = first + (across - 1) * _OTHER
    for row, line in enumerate(lines):
        if line.look in ("heads", "row"):
            _write_line(book, sheet, row, line)
        elif line.cells:
            text, look = plain(str(line.cells[0])), _look_of(book, line.look)
            sheet.merge_range(row, 0, row, across - 1, "", look)
            sheet.write_string(row, 0, text, look)
            high = 1.5 if line.look == "title" else 1
            sheet.set_row(row, LINE * high * lines_of(text, room / high))
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, len(lines) - 1, across - 1)


def _look_of(book: Book, look: str) -> Format:
    """Return the look of a text."""
    base: dict[str, object] = {"text_wrap": True, "valign": "top"}
    return book.look(
        **base | {
            "title": {"bold": True, "font_size": 15, "font_color": DARK},
            "caption": {"bold": True, "valign": "vcenter"},
            "small": {"font_size": 9, "font_color": MUTED},
        }.get(look, {})
    )  # fmt: skip


def _write_line(book: Book, sheet: Worksheet, row: int, line: Line) -> None:
    """Write a row of a table of the summary."""
    under: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
    bands = [*line.bands, *[""] * (len(line.cells) - len(line.bands))]
    for place, (cell, band) in enumerate(zip(line.cells, bands, strict=True)):
        if isinstance(cell, str) and line.look == "heads":
            sheet.write_string(row, place, plain(cell), book.head(left=place == 0))
        elif line.look == "heads":
            sheet.write_number(row, place, cell, book.head(left=False))
        elif isinstance(cell, str):
            align: dict[str, Any] = {"align": "right"} if place else {"indent": 1}
            sheet.write_string(row, place, plain(cell), book.look(**under, **align))
        elif band:
            shown = f"{FORMATS['count']} {in_format(said('band', band, book.lang))}"
            look = book.marked("band", band, num_format=shown, **under)
            sheet.write_number(row, place, cell, look)
        elif not math.isnan(cell):
            sheet.write_number(row, place, cell, book.number("count", **under))
