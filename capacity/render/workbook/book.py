"""A run as a workbook: sheets, looks and native charts; the same run, the same bytes."""

from __future__ import annotations

import io
import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.words import width as columns_of
from capacity.base.words import word
from capacity.render.charts.style import IDLE_TEXT, MUTED, RED, SHORT_TEXT, TEXT, YELLOW, text_colour
from capacity.render.workbook import graphs
from capacity.render.workbook.cells import FORMATS, ROWS, in_format, plain, sheet_names
from capacity.render.workbook.figures import figures
from capacity.render.workbook.summary import Line, summary
from capacity.render.workbook.tables import Column, Sheet, left_out, name_of, said, sheets
from capacity.results.result import Result

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

#: When it says it was made: always then, so that the same run gives the same bytes.
_MADE = datetime(2000, 1, 1)
DARK, LIGHT, RULE, PALE_RED, PALE_YELLOW, PALE_GREEN = (
    "#1F4E79", "#DCE6F1", "#BFBFBF", "#F8D7D4", "#FCEFC0", "#DDEFD9"
)  # fmt: skip
_FONTS = {"en": "Calibri", "zh": "Microsoft YaHei"}
_A4 = 9
#: Characters across a column, at least and at most; across a page.
_LEAST, _MOST, _PAGE = 9, 44, 170
#: Cells of a column that are measured.
_MEASURED = 2000
#: Points of a row.
_LINE = 17
#: The look of a cell by what it says.
_FILLS = {
    **{"yellow": YELLOW, "red": RED},
    **{"GREEN": PALE_GREEN, "AMBER": PALE_YELLOW, "RED": PALE_RED, "UNSTATED": ""},
    **{True: "", False: RED},
}


def write(result: Result, path: Path, lang: str = "en") -> None:
    """Write the workbook of a run.

    Parameters
    ----------
    result
    path
        Of the .xlsx file.
    lang
        Of the names of sheets, of heads and words.
    """
    from xlsxwriter.workbook import Workbook

    # Somebody's text must not become a formula, a link or a number.
    options = dict.fromkeys(("strings_to_formulas", "strings_to_urls", "strings_to_numbers"), False)
    data = io.BytesIO()  # whole before it is written: a full disk is the system's own error
    with Workbook(data, options | {"in_memory": True}) as file:
        file.set_properties({"created": _MADE})
        book = _Book(file, result, lang)
        book.write_all()
    path.write_bytes(data.getvalue())


class _Book:
    """A workbook that is being written."""

    def __init__(self, file: Workbook, result: Result, lang: str) -> None:
        self.file, self.result, self.lang = file, result, lang
        self._looks: dict[tuple[tuple[str, object], ...], Format] = {}

    def write_all(self) -> None:
        """Write every sheet: the summary, charts, then the tables."""
        tables = list(sheets(self.result, self.lang))
        first = [name_of(name, self.lang) for name in ("summary", "charts")]
        names = sheet_names([*first, *(table.name for table in tables)])
        self.write_summary(names[0], list(summary(self.result, names[1:], self.lang)))
        frame = self.result.frame()
        graphs.write(self, names[1], list(figures(frame, self.result.labels, self.lang)))
        for name, table in zip(names[2:], tables, strict=True):
            self.write_table(name, table)

    def look(self, **more: object) -> Format:
        """Return a cell format; the same one for the same wishes."""
        wanted = {"font_name": _FONTS.get(self.lang, _FONTS["en"]), "font_size": 11, **more}
        key = tuple(sorted(wanted.items()))
        if key not in self._looks:
            self._looks[key] = self.file.add_format(wanted)
        return self._looks[key]

    def add_sheet(self, name: str) -> Worksheet:
        """Add a sheet that prints on A4, with the run and the page below."""
        sheet = self.file.add_worksheet(name)
        sheet.set_paper(_A4)
        sheet.set_landscape()
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.6)
        run = word("nouns.run", self.lang, run=self.result.labels.run_id).replace("&", "&&")
        sheet.set_footer(f"&L&A&C{run}&R&P / &N")
        return sheet

    def head(self, left: bool) -> Format:
        """Return the look of the head of a column."""
        return self.look(
            bold=True, bg_color=DARK, font_color="white", border=1, border_color=RULE,
            text_wrap=True, valign="vcenter", align="left" if left else "center",
        )  # fmt: skip

    def write_table(self, name: str, table: Sheet) -> None:
        """Write the sheet of a table: heads that stay in sight, filters, pages with both."""
        sheet = self.add_sheet(name)
        rows = min(table.rows, ROWS - 1)
        if rows < table.rows:
            rows -= 1
            note = left_out(table.rows - rows, "CSV", self.lang)
            sheet.write_string(rows + 1, 0, note, self.look(italic=True))
        elif not rows and table.empty:
            sheet.write_string(1, 0, table.empty, self.look(italic=True, font_color=MUTED))
        widths = [
            self._write_column(sheet, place, column, rows)
            for place, column in enumerate(table.columns)
        ]
        last = len(table.columns) - 1
        sheet.set_row(0, _LINE * max(map(_lines, (c.head for c in table.columns), widths)) + 4)
        sheet.freeze_panes(1, table.keys)
        sheet.autofilter(0, 0, max(rows, 1), last)
        sheet.print_area(0, 0, max(rows, 1), last)
        sheet.repeat_rows(0)
        pages = math.ceil(sum(widths) / _PAGE)
        if pages > 1:
            sheet.repeat_columns(0, table.keys - 1)
        sheet.fit_to_pages(pages, 0)

    def _write_column(self, sheet: Worksheet, place: int, column: Column, rows: int) -> float:
        """Write a column under its head; return its width in characters."""
        kind, cells = column.kind, column.cells
        marked = kind in ("band", "quality", "passed")
        texts = kind == "text" or marked or any(isinstance(c, str) for c in cells[:_MEASURED])
        head = plain(column.head)
        if head.isdecimal():
            sheet.write_number(0, place, int(head), self.head(left=False))
        else:
            sheet.write_string(0, place, head, self.head(left=texts))
        for row, cell in enumerate(cells[:rows], start=1):
            if marked:
                self._write_mark(sheet, row, place, kind, cell)
            elif cell is None or cell != cell:
                continue
            elif isinstance(cell, str):
                sheet.write_string(row, place, plain(cell), self.look())
            elif kind == "mark":
                sheet.write_boolean(row, place, cell, self.look())
            else:
                sheet.write_number(row, place, cell, self.number(kind, cell))
        wide = _width(head, cells, texts)
        sheet.set_column(place, place, wide, self.look())
        return wide

    def number(self, kind: str, value: float, **more: object) -> Format:
        """Return the look of a number; a gap in the colour of what it says."""
        if kind == "gap":
            more["font_color"] = (
                SHORT_TEXT if value >= 0.5 else IDLE_TEXT if value <= -0.5 else TEXT
            )
        return self.look(num_format=FORMATS[kind], **more)

    def _write_mark(self, sheet: Worksheet, row: int, place: int, kind: str, cell: Any) -> None:
        """Write the word of a band, of a quality or of a law, filled in its colour."""
        text = said(kind, cell, self.lang)
        if text:
            sheet.write_string(row, place, plain(text), self.filled(_FILLS.get(cell, "")))

    def filled(self, colour: str, **more: object) -> Format:
        """Return the look of a cell of a colour, and text that stands out from it."""
        if colour:
            more |= {"bg_color": colour, "font_color": text_colour(colour)}
        return self.look(**more)

    def write_summary(self, name: str, lines: Sequence[Line]) -> None:
        """Write the first sheet, texts across its columns."""
        sheet = self.add_sheet(name)
        sheet.hide_gridlines(2)
        tables = [line.cells for line in lines if line.look in ("heads", "row")]
        wide = max(map(len, tables), default=1)
        across = max(wide, 9)
        lead = max((columns_of(str(cells[0])) for cells in tables), default=20)
        first = min(max(lead + 2, 20), _MOST)
        sheet.set_column(0, 0, first, self.look())
        sheet.set_column(1, across - 1, _LEAST + 1, self.look())
        room = first + (across - 1) * (_LEAST + 1)
        for row, line in enumerate(lines):
            if line.look in ("heads", "row"):
                self._write_line(sheet, row, line)
            elif line.cells:
                text, look = plain(str(line.cells[0])), self._of(line.look)
                sheet.merge_range(row, 0, row, across - 1, "", look)
                sheet.write_string(row, 0, text, look)
                high = 1.5 if line.look == "title" else 1
                sheet.set_row(row, _LINE * high * _lines(text, room / high))
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, len(lines) - 1, across - 1)

    def _of(self, look: str) -> Format:
        """Return the look of a text."""
        base: dict[str, object] = {"text_wrap": True, "valign": "top"}
        return self.look(
            **base | {
                "title": {"bold": True, "font_size": 15, "font_color": DARK},
                "caption": {"bold": True, "valign": "vcenter"},
                "small": {"font_size": 9, "font_color": MUTED},
            }.get(look, {})
        )  # fmt: skip

    def _write_line(self, sheet: Worksheet, row: int, line: Line) -> None:
        """Write a row of a table of the summary."""
        under: dict[str, object] = {"bottom": 1, "bottom_color": RULE}
        bands = [*line.bands, *[""] * (len(line.cells) - len(line.bands))]
        for place, (cell, band) in enumerate(zip(line.cells, bands, strict=True)):
            if isinstance(cell, str) and line.look == "heads":
                sheet.write_string(row, place, plain(cell), self.head(left=place == 0))
            elif line.look == "heads":
                sheet.write_number(row, place, cell, self.head(left=False))
            elif isinstance(cell, str):
                align = {} if place == 0 else {"align": "right"}
                sheet.write_string(row, place, plain(cell), self.look(**under, **align))
            elif band:
                shown = f"{FORMATS['count']} {in_format(said('band', band, self.lang))}"
                look = self.filled(_FILLS[band], num_format=shown, **under)
                sheet.write_number(row, place, cell, look)
            elif cell == cell:
                sheet.write_number(row, place, cell, self.number("count", cell, **under))


def _width(head: str, cells: Sequence[Any], texts: bool) -> float:
    """Return the characters that a column takes."""
    if not texts:
        return max(_LEAST, min(13, columns_of(head)))
    shown: Iterable[str] = {str(cell) for cell in cells[:_MEASURED] if isinstance(cell, str)}
    longest = max(map(columns_of, shown), default=0)
    return min(max(_LEAST, longest + 2, min(columns_of(head) + 4, 16)), _MOST)


def _lines(text: str, room: float) -> int:
    """Return the lines that a text takes in a width of so many characters."""
    parts = text.split("\n") or [""]
    return sum(max(1, math.ceil(columns_of(part) / (0.9 * room))) for part in parts)
