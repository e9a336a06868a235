"""The first sheet of a template: how to fill it in, and what every column means."""

from __future__ import annotations

from typing import TYPE_CHECKING

from capacity.inputs.tables.about import TABLES, meaning
from capacity.templates import notes
from capacity.templates.content import Filled
from capacity.templates.workbook.book import (
    DARK,
    LIGHT,
    MUTED,
    RULE,
    Book,
    columns_of,
    on_paper,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_WIDTHS = (20, 10, 56, 56)
_LINE = 18


def write(book: Book) -> None:
    """Write the sheet of notes."""
    sheet = book.file.add_worksheet(book.name("notes"))
    order = (book.index, 1 - book.index)
    for place, width in enumerate(_WIDTHS):
        sheet.set_column(place, place, width, book.look())
    row = 0
    for index, colour in zip(order, ("#1A1A1A", MUTED), strict=True):
        for line, pair in enumerate(notes.head(book.content, "excel")):
            title = {"bold": True, "font_size": 14, "font_color": DARK}
            look = book.look(font_color=colour) if line else book.look(**title)
            sheet.write_string(row, 0, pair[index], look)
            row += 1
        row += 1
    for filled in book.tables:
        row = _table(book, sheet, row, filled, order)
    sheet.hide_gridlines(2)
    on_paper(sheet, header=False)


def _table(book: Book, sheet: Worksheet, row: int, filled: Filled, order: tuple[int, int]) -> int:
    """Write what a table is for and what its columns mean; give the row after it."""
    band = book.look(bold=True, bg_color=LIGHT, text_wrap=True, valign="top")
    plain = book.look(text_wrap=True, valign="top", bottom=1, bottom_color=RULE)
    purpose = TABLES[filled.spec.name][0]
    _row(sheet, row, (book.name_of(filled), "", *(purpose[index] for index in order)), band)
    for column in filled.columns:
        row += 1
        said, need = meaning(filled.spec.name, column), notes.needed(column)[book.index]
        name = book.content.heading(filled, column, book.lang)
        _row(sheet, row, (name, need, *(said[index] for index in order)), plain)
    return row + 2


def _row(sheet: Worksheet, row: int, texts: tuple[str, ...], look: object) -> None:
    """Write a row as high as its longest text, which no program does by itself on opening."""
    lines = 1
    for place, text in enumerate(texts):
        said = notes.plain(text)
        sheet.write_string(row, place, said, look)
        lines = max(lines, -(-columns_of(said) // int(0.85 * _WIDTHS[place])))
    sheet.set_row(row, _LINE * lines)
