"""The sheet of native charts: each over the rows that it is drawn from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from capacity.render.charts.style import DEMAND, LISTED, PLACES, RULE, SHORT
from capacity.render.workbook.cells import lines_of, plain
from capacity.render.workbook.figures import Figure
from capacity.render.workbook.looks import Book

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

#: Okabe-Ito, told apart by colour-blind readers; then greys.
COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#D55E00", "#56B4E9", "#CC79A7", "#F0E442", "#7A5195"),
    *("#A6A6A6", "#4D4D4D", "#7F7F7F", "#D0D0D0"),
)
#: Lines of the two charts of lines: colour, width in points, dash.
_BALANCE = ((DEMAND, 2.5, "solid"), (PLACES, 2.5, "solid"), (LISTED, 1.5, "dash"))
_RANGE = ((SHORT, 2.5, "solid"), (SHORT, 1.25, "dash"), (SHORT, 1.25, "dash"))
#: Characters across the column of names and across that of a year; pixels of one, and a row's.
_NAMES, _YEAR, _PIXELS, _ROW = 30, 9, 7, 20
#: From this share of the greatest on, the least of lines is far above 0.
_FAR = 0.6
#: The least that is more than nothing, in places.
_SEEN = 0.5
#: Rows named below a chart, at most.
_FEW = 4
#: Rows that a chart takes, and years that the sheet has room for at least.
_HIGH, _YEARS = 17, 10


def write(book: Book, name: str, figures: Sequence[Figure]) -> None:
    """Write the sheet: charts two in a row, then their rows; all on one page."""
    sheet = book.add_sheet(name)
    sheet.hide_gridlines(2)
    sheet.set_default_row(_ROW * 0.75)
    years = max([_YEARS, *(len(figure.years) for figure in figures)])
    sheet.set_column(0, 0, _NAMES, book.look())
    sheet.set_column(1, years, _YEAR, book.look())
    wide = (_NAMES * _PIXELS + 5 + (_YEAR * _PIXELS + 5) * years) // 2
    row = _HIGH * -(-len(figures) // 2)
    for place, figure in enumerate(figures):
        chart = book.file.add_chart(
            {"type": "column", "subtype": "stacked"} if figure.stacked else {"type": "line"}
        )
        row = _write_rows(book, sheet, name, figure, row, chart)
        _dress(chart, figure, wide - 4)
        down, right = divmod(place, 2)
        at = {"x_offset": right * wide + 2, "y_offset": 2, "object_position": 2}
        sheet.insert_chart(down * _HIGH, 0, chart, at)
    sheet.fit_to_pages(1, 1)
    sheet.print_area(0, 0, row - 1, years)


def _write_rows(
    book: Book, sheet: Worksheet, name: str, figure: Figure, heads: int, chart: Any
) -> int:
    """Write the rows of a chart under their title, and give them to it; return the next row."""
    last = len(figure.years)
    title = plain(figure.title)
    under: dict[str, Any] = {"bottom": 1, "bottom_color": RULE}
    sheet.write_string(heads, 0, title, book.head(left=True))
    sheet.set_row(heads, _ROW * 0.75 * lines_of(title, _NAMES) + 3)
    for at, year in enumerate(figure.years, start=1):
        sheet.write_number(heads, at, year, book.head(left=False))
    number = book.number("count", **under)
    for k, (row_name, values) in enumerate(figure.rows.items()):
        row = heads + 1 + k
        sheet.write_string(row, 0, plain(row_name), book.look(indent=1, **under))
        for at, value in enumerate(values, start=1):
            if not math.isnan(value):
                sheet.write_number(row, at, value, number)
        chart.add_series(
            {
                "name": [name, row, 0],
                "categories": [name, heads, 1, heads, last],
                "values": [name, row, 1, row, last],
                **_series(figure, k),
            }
        )
    return heads + len(figure.rows) + 2


def _series(figure: Figure, k: int) -> dict[str, Any]:
    """Return the look of one row in a chart."""
    if figure.stacked:
        return {"fill": {"color": COLOURS[k % len(COLOURS)]}, "gap": 60}
    looks = _RANGE if figure.ranged else _BALANCE
    colour, wide, dash = looks[k % len(looks)]
    few = len(figure.years) < 3
    marker = {"type": "circle", "size": 6, "fill": {"color": colour}, "border": {"none": True}}
    return {
        "line": {"color": colour, "width": wide, "dash_type": dash},
        "marker": marker if few else {"type": "none"},
    }


def _dress(chart: Any, figure: Figure, wide: int) -> None:
    """Give a chart its title, axes, legend and size."""
    chart.set_title({"name": plain(figure.title), "name_font": {"size": 12, "bold": True}})
    chart.set_x_axis({"num_format": "0", "line": {"color": "#7F7F7F"}})
    grid = {"visible": True, "line": {"color": RULE, "width": 0.75}}
    upright = {"num_format": "#,##0", "major_gridlines": grid, "line": {"none": True}}
    chart.set_y_axis(upright | _ends(figure))
    chart.set_legend({"position": "right" if len(figure.rows) > _FEW else "bottom"})
    chart.set_size({"width": wide, "height": _HIGH * _ROW - 6})
    chart.show_blanks_as("gap")


def _ends(figure: Figure) -> dict[str, float]:
    """Return where the axis begins and ends, where that is not for a program to choose.

    Lines far above 0 begin below them; what is 0 to whole places is drawn as nothing.
    """
    known = [n for row in figure.rows.values() for n in row if not math.isnan(n)]
    least, most = min(known), max(known)
    if most < _SEEN:
        return {"min": 0.0, "max": 10.0}
    if figure.stacked or least < _FAR * most:
        return {}
    step = 10.0 ** math.floor(math.log10(most)) / 2
    return {"min": max(0.0, math.floor((least - (most - least) / 4) / step) * step)}
