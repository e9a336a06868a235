"""The workbook as a whole, and the sheet of each table."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.inputs.tables.columns import Column
from capacity.templates import notes
from capacity.templates.content import Content, Filled
from capacity.templates.workbook import guide, lists
from capacity.templates.workbook.book import (
    DARK,
    GREY,
    LIGHT,
    RULE,
    Book,
    columns_of,
    on_paper,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

#: Rows under the last one that also have drop-downs.
SPARE_ROWS = 2000
#: Kinds of column whose cells are codes or words, never numbers.
_TEXT = ("code", "region", "level", "levels", "choice", "month", "text")
_WIDTHS = {"source": 20, "note": 24, "title": 18, "fill": 13}
_WIDEST = 44


def write(content: Content, path: Path, lang: str) -> None:
    """Write the workbook.

    Parameters
    ----------
    content : Content
    path : Path
        Of the new .xlsx file.
    lang : str
        Of headers and sheet names; it also comes first in notes.
    """
    from xlsxwriter.workbook import Workbook

    # Somebody's text must not become a formula, a link or a number.
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    data = io.BytesIO()  # whole before it is written: a full disk is the system's own error
    with Workbook(data, options | {"in_memory": True}) as file:
        book = Book(file, content, lang)
        guide.write(book)
        for filled in book.tables:
            _table(book, filled)
        lists.write(book)
    path.write_bytes(data.getvalue())


def _table(book: Book, filled: Filled) -> None:
    sheet = book.file.add_worksheet(book.name_of(filled))
    sheet.set_tab_color(GREY if filled in book.content.optional else DARK)
    for place, column in enumerate(filled.columns):
        _column(book, sheet, filled, place, column)
    for line, row in enumerate(filled.rows, 1):
        for place, cell in enumerate(row):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            elif cell is not None:
                sheet.write_number(line, place, cell)
    sheet.freeze_panes(1, 0)
    on_paper(sheet)


def _column(book: Book, sheet: Worksheet, filled: Filled, place: int, column: Column) -> None:
    """Write the header of a column, and what its cells look like and may hold."""
    name = book.content.heading(filled, column, book.lang)
    words = (str(row[place]) for row in filled.rows if row[place] is not None)
    width = max(9, *map(columns_of, (name, *words)), _WIDTHS.get(column.name, 0))
    aligned = {"align": "left", "indent": 1} if column.kind in _TEXT else {"align": "right"}
    kind = {"num_format": "@"} if column.kind in _TEXT else {}
    sheet.set_column(place, place, min(width + 3, _WIDEST), book.look(**aligned, **kind))
    colours = {"bg_color": LIGHT}
    if column.required:
        colours = {"bg_color": DARK, "font_color": "white"}
    head = book.look(bold=True, border=1, border_color=RULE, **aligned, **colours)
    sheet.write_string(0, place, name, head)
    said = notes.comment(filled.spec.name, column, book.lang)
    lines = sum(1 + columns_of(line) // 46 for line in said.splitlines())
    sheet.write_comment(0, place, said, {"width": 340, "height": 12 + 19 * lines, "font_size": 10})
    if rule := lists.rule(book, column):
        sheet.data_validation(1, place, len(filled.rows) + SPARE_ROWS, place, rule)
