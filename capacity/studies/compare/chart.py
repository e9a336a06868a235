"""How the gap changes from A to B: the district's bars by year over a map of region and level."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from capacity.base.titles import text_in
from capacity.base.words import MINUS, cut, number, sentence, width
from capacity.render.charts import style
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, figure_frame, write
from capacity.render.charts.layout import inset
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Labels, column, first_greatest, years_of

#: Rows (a region and level) drawn at most: those that change most.
SHOWN = 20
#: Inches: above the bars for their name, the bars, a row of the map, between the two.
ABOVE, BARS, ROW, BETWEEN = 0.4, 1.7, 0.3, 0.55
#: Inches below for the years.
BELOW = 0.25
NARROW = 0.58  # inches of a year that has room for its figure
#: Years whose figures are written; of more, only the colour is shown.
WRITTEN = 26
NAMES = 30  # columns of text of a row's name
RAMP = LinearSegmentedColormap.from_list("change", [style.IDLE, "#FFFFFF", style.SHORT])
#: How a cell of the map looks whose change is not known.
UNKNOWN: style.Looks = {"facecolor": "#EFEFEF", "edgecolor": "#A6A6A6", "lw": 0, "hatch": "////"}
Floats = npt.NDArray[np.float64]
Title = Mapping[str, str]


@dataclass(frozen=True)
class _Map:
    """The rows drawn, and their changes in places: (row, year), nan where not known."""

    cells: tuple[tuple[str, str], ...]
    changes: Floats
    total: int  # rows that change, shown or not
    still: int  # rows that do not


def difference_chart(
    rows: pd.DataFrame,
    labels: Labels,
    *,
    titles: tuple[Title, Title],
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the change of the gap by year: of the district, and of each region and level.

    Parameters
    ----------
    rows : DataFrame
        The rows of difference.csv: year, region, level, variable, a, b, change; in places.
    labels : Labels
        Names of both sides, with the provenance of both.
    titles : pair of mapping
        Titles of A and B by language.
    lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the bars and, where any cell changes, the map.
    """
    gaps = rows[rows["variable"] == "gap"]
    years, say = years_of(gaps), Wording.of(labels, lang)
    cells = _map(gaps, labels, years)
    names = [_name(say, *cell) for cell in cells.cells]
    left = 0.2 + style.COLUMN * 9 * max(map(width, names or [" " * 10]))
    inches = max(LEAST, left + NARROW * min(len(years), WRITTEN))
    map_top = ABOVE + BARS + BETWEEN
    bottom = map_top + ROW * len(names) if names else ABOVE + BARS
    with figure_frame(
        ax,
        (inches, bottom + BELOW),
        say,
        title=say("compare.difference_title", first=years[0], last=years[-1], minus=MINUS),
        headline=_headline(gaps, titles, say, years),
        notes=_notes(cells, say, len(years)),
        around=around,
    ) as host:
        bars = inset(host, (left, ABOVE, inches - left, BARS))
        _bars(bars, gaps, years, say)
        district = cut(say.region(ALL), NAMES)
        _name_panel(bars, say("compare.difference_district", district=district))
        if names:
            heat = inset(host, (left, map_top, inches - left, ROW * len(names)))
            _heat(heat, cells, names, years)
            bars.set_xticklabels([])  # they stand under the map
            _name_panel(heat, say("compare.difference_cells"))
    return host


def _map(gaps: pd.DataFrame, labels: Labels, years: tuple[int, ...]) -> _Map:
    """Choose the rows: cells that count and change, by level; past `SHOWN` the greatest."""
    changes = column(gaps, "change")
    series = {
        cell: np.array([changes.get((year, *cell), math.nan) for year in years])
        for cell in labels.counted
    }
    sizes = {cell: _size(values) for cell, values in series.items()}
    moved = [cell for cell in series if sizes[cell] >= 0.5]
    kept = set(sorted(moved, key=lambda cell: -sizes[cell])[:SHOWN])
    order = [level.code for level in labels.levels]
    drawn = sorted((c for c in moved if c in kept), key=lambda cell: order.index(cell[1]))
    array = np.array([series[cell] for cell in drawn]).reshape(len(drawn), len(years))
    return _Map(tuple(drawn), array, len(moved), len(series) - len(moved))


def _size(values: Floats) -> float:
    known = np.abs(values[~np.isnan(values)])
    return float(known.max()) if known.size else math.inf


def _name(say: Wording, region: str, level: str) -> str:
    """Name a row; of a long name the region is shortened, never the level."""
    title = cut(say.level(level), NAMES)
    rest = width(say("nouns.cell", region="", level=title))
    area = cut(say.region(region), max(NAMES - rest, NAMES // 2))
    return sentence(say("nouns.cell", region=area, level=title))


def _bars(ax: Axes, gaps: pd.DataFrame, years: tuple[int, ...], say: Wording) -> None:
    """Draw the district's change of each year, up is shorter and down is less short."""
    changes = column(gaps, "change")
    values = np.array([changes.get((year, ALL, ALL), math.nan) for year in years])
    known = np.nan_to_num(values)
    colours = [style.SHORT if value > 0 else style.IDLE for value in known]
    ax.bar(range(len(years)), known, 0.7, color=colours)
    ax.axhline(0, color="#707070", lw=0.9)
    low, high = min(0.0, known.min()), max(0.0, known.max())
    span = high - low
    room = 0.18 * (span or 1.0)
    above = not bool((values < 0).all())  # a figure stands above its bar, or above 0
    ax.set_ylim(low - room * (low < 0), high + room * above)
    ax.yaxis.set_major_locator(MaxNLocator(4, integer=True) if span else FixedLocator([0]))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _signed(value)))
    _years(ax, years)
    if len(years) <= WRITTEN:
        for place, value in enumerate(values.tolist()):
            _figure(ax, place, value, say)
    elif np.isnan(values).all():
        how: style.Looks = {"color": style.MUTED, "ha": "center"}
        ax.text(len(years) / 2, room / 2, say("nouns.no_data"), **how)


def _figure(ax: Axes, place: int, value: float, say: Wording) -> None:
    """Write the district's change beyond the end of its bar, or that there is none."""
    unknown = math.isnan(value)
    up = unknown or value >= 0
    ax.annotate(
        say("nouns.no_data") if unknown else _signed(value),
        (place, 0 if unknown else value),
        (0, 3 if up else -3),
        textcoords="offset points",
        ha="center",
        va="bottom" if up else "top",
        fontsize=8,
        color=style.of_balance(value, -value, style.MUTED),
    )


def _signed(value: float) -> str:
    return number(value, signed=True, minus=MINUS)


def _years(ax: Axes, years: tuple[int, ...]) -> None:
    step = 1 if len(years) <= WRITTEN else 5
    ax.set_xlim(-0.5, len(years) - 0.5)
    ax.xaxis.set_major_locator(FixedLocator(list(range(0, len(years), step))))
    ax.set_xticklabels([str(year) for year in years[::step]])
    ax.tick_params(labelsize=8.5, length=2.5)


def _heat(ax: Axes, cells: _Map, names: list[str], years: tuple[int, ...]) -> None:
    """Colour each cell by its change, and write it where there is room."""
    most = float(np.nanmax(np.abs(cells.changes), initial=1.0))
    across, down = (np.arange(len(side) + 1) - 0.5 for side in (years, names))
    known = np.ma.masked_invalid(cells.changes)
    looks: style.Looks = {"edgecolors": "white", "linewidth": 0.8, "cmap": RAMP}
    ax.set_facecolor(UNKNOWN["facecolor"])
    ax.pcolormesh(across, down, known, vmin=-most, vmax=most, **looks)
    for row, place in np.argwhere(np.isnan(cells.changes)).tolist():
        ax.fill_between((place - 0.5, place + 0.5), row - 0.5, row + 0.5, **UNKNOWN)
    _years(ax, years)
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.set_yticks(range(len(names)), names)
    ax.tick_params(axis="y", length=0, labelsize=9, labelcolor=style.TEXT)
    for spine in ax.spines.values():
        spine.set_visible(False)
    levels = [level for _, level in cells.cells]
    edges = [row - 0.5 for row in range(1, len(levels)) if levels[row] != levels[row - 1]]
    ax.hlines(edges, -0.5, len(years) - 0.5, colors="#707070", lw=0.9)
    if len(years) <= WRITTEN:
        for (row, place), value in np.ndenumerate(cells.changes):
            if not math.isnan(value) and round(value):
                colour = style.text_colour(to_hex(RAMP(0.5 + 0.5 * value / most)))
                write(ax, place, row, _signed(float(value)), 8, ha="center", color=colour)


def _name_panel(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", fontsize=10, pad=5, color=style.TEXT)


def _headline(
    gaps: pd.DataFrame, titles: tuple[Title, Title], say: Wording, years: tuple[int, ...]
) -> str:
    """Name A and B, and the district's greatest change with its year."""
    a, b = (text_in(title, say.lang, say.labels.scenario) for title in titles)
    sides = {name: column(gaps, name) for name in ("change", "a", "b")}
    changes = {year: sides["change"].get((year, ALL, ALL), math.nan) for year in years}
    known = {year: change for year, change in changes.items() if not math.isnan(change)}
    if not known:
        return say("compare.difference_unknown", a=a, b=b)
    worst = first_greatest({year: abs(change) for year, change in known.items()})
    if round(known[worst]) == 0:
        return say("compare.difference_none", a=a, b=b)
    change, gap_a, gap_b = (_signed(side[worst, ALL, ALL]) for side in sides.values())
    figures = {"change": change, "gap_a": gap_a, "gap_b": gap_b}
    return say("compare.difference_most", a=a, b=b, year=worst, **figures)


def _notes(cells: _Map, say: Wording, years: int) -> Iterator[str]:
    if (shown := len(cells.cells)) < cells.total:
        yield say("compare.difference_fewer", shown=shown, total=cells.total)
    if cells.still:
        yield say("compare.difference_still", n=cells.still)
    if np.isnan(cells.changes).any():
        yield say("compare.difference_hatched")
    if years > WRITTEN and cells.cells:
        most = number(float(np.nanmax(np.abs(cells.changes), initial=0.0)))
        yield say("compare.difference_scale", places=most)
    if any(region == ALL for region, _ in cells.cells):
        yield say("compare.difference_pooled", levels=say.pooled)
