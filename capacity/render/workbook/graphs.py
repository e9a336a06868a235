"""The sheet of native charts: each over the rows that it is drawn from."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from capacity.render.charts.style import DEMAND, LISTED, PLACES, RULE, SHORT
from capacity.render.workbook.cells import plain
from capacity.render.workbook.figures import Figure

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

    from capacity.render.workbook.book import _Book as Book

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
#: Rows that a chart takes, and pixels across that it takes at least.
_HIGH, _WIDE = 17, 760


def write(book: Book, name: str, figures: Sequence[Figure]) -> None:
    """Write the sheet."""
    sheet = book.add_sheet(name)
    sheet.hide_gridlines(2)
    sheet.set_default_row(_ROW * 0.75)
    years = max(len(figure.years) for figure in figures)
    sheet.set_column(0, 0, _NAMES, book.look())
    sheet.set_column(1, years, _YEAR, book.look())
    across = (_NAMES + _YEAR * years) * _PIXELS + 5 * (years + 1)
    row = 0
    breaks = []
    for place, figure in enumerate(figures):
        row = _write_figure(book, sheet, name, figure, row, max(across, _WIDE), place)
        breaks.append(row)
    sheet.fit_to_pages(1, 0)
    sheet.print_area(0, 0, row - 1, years)


def _write_figure(
    book: Book, sheet: Worksheet, name: str, figure: Figure, top: int, wide: int, place: int
) -> int:
    """Write the chart and its rows; return the row after them."""
    sheet.write_string(top, 0, plain(figure.title), book.look(bold=True))
    heads = top + _HIGH + 1
    last = len(figure.years)
    sheet.write_string(heads, 0, "", book.head(left=True))
    for k, year in enumerate(figure.years, start=1):
        sheet.write_number(heads, k, year, book.head(left=False))
    kind = {"type": "column", "subtype": "stacked"} if figure.stacked else {"type": "line"}
    chart = book.file.add_chart(kind)
    looks = _BALANCE if place == 0 else _RANGE
    for k, (title, values) in enumerate(figure.rows.items()):
        row = heads + 1 + k
        sheet.write_string(row, 0, plain(title), book.look(bottom=1, bottom_color=RULE))
        for at, value in enumerate(values, start=1):
            if value == value:
                look = book.number("count", value, bottom=1, bottom_color=RULE)
                sheet.write_number(row, at, value, look)
        chart.add_series(
            {
                "name": [name, row, 0],
                "categories": [name, heads, 1, heads, last],
                "values": [name, row, 1, row, last],
                **_series(figure, k, looks),
            }
        )
    _dress(chart, figure, wide)
    sheet.insert_chart(top + 1, 0, chart, {"object_position": 2, "x_offset": 2, "y_offset": 2})
    return heads + len(figure.rows) + 3


def _series(figure: Figure, k: int, looks: Sequence[tuple[str, float, str]]) -> dict[str, Any]:
    """Return the look of one row in a chart."""
    if figure.stacked:
        return {"fill": {"color": COLOURS[k % len(COLOURS)]}, "gap": 60}
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
    chart.set_y_axis({"num_format": "#,##0", "major_gridlines": grid, "line": {"none": True}})
    chart.set_legend({"position": "right" if len(figure.rows) > 4 else "bottom"})
    chart.set_size({"width": wide, "height": _HIGH * _ROW - 6})
    chart.show_blanks_as("gap")
