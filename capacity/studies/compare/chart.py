"""How the gap changes from A to B: the district's bars by year over a map of region and level."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from capacity.base.words import MINUS, cut, number, sentence, width, word
from capacity.render.charts import style
from capacity.render.charts.sheet import ink
from capacity.results.labels import ALL, Cell, Labels, column, first_greatest, said, years_of

#: Rows (a region and level) drawn at most: those that change most.
SHOWN = 20
#: Inches: above the bars for their name, the bars, a row of the map, between the two.
ABOVE, BARS, ROW, BETWEEN = 0.4, 1.7, 0.3, 0.55
#: Inches below for the years.
BELOW = 0.25
NARROW, LEAST = 0.58, 9.0  # inches: a year that has room for its figure; the picture at least
#: Years whose figures are written; of more, only the colour is shown.
WRITTEN = 26
MARGINS = (0.25, 0.95, 0.25)  # left, bottom, right
NAMES = 30  # columns of text of a row's name
Floats = npt.NDArray[np.float64]
Title = Mapping[str, str]


@dataclass(frozen=True)
class _Map:
    """The rows drawn, and their changes in places: (row, year), nan where not known."""

    cells: tuple[tuple[str, str], ...]
    changes: Floats
    total: int  # rows that change, shown or not
    still: int  # rows that do not


def difference(
    rows: pd.DataFrame,
    labels: Labels,
    *,
    titles: tuple[Title, Title],
    lang: str = "en",
    ax: Axes | None = None,
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
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the rows and years.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the bars and, where any cell changes, the map.
    """
    gaps = rows[rows["variable"] == "gap"]
    years = years_of(gaps)
    lang = style.readable(lang)
    cells = _map(gaps, labels, years)
    names = _names(cells, labels, lang)
    left = 0.2 + style.COLUMN * 9 * max(map(width, names))
    inches = max(LEAST, left + NARROW * min(len(years), WRITTEN))
    tall = ABOVE + BARS + BELOW + (BETWEEN + ROW * len(cells.cells) if cells.cells else 0)
    given = ax is not None
    with style.styled():
        facts = {"first": years[0], "last": years[-1], "minus": MINUS}
        title = word("compare.difference_title", lang, **facts)
        headline = _headline(gaps, titles, labels, years, lang)
        if ax is None:
            west, south, east = MARGINS
            north = style.head_height(title, headline, inches=inches)
            size = (inches + west + east, tall + south + north)
            ax = style.canvas(*size, (west, south, east, north))
        style.bare(ax)
        start = left / inches
        top = ax.inset_axes((start, 1 - (ABOVE + BARS) / tall, 1 - start, BARS / tall))
        _bars(top, column(gaps, "change"), years, lang)
        side = cut(labels.region_name(ALL, lang), NAMES)
        _side_name(top, word("compare.difference_district", lang, district=side))
        if cells.cells:
            box = (start, BELOW / tall, 1 - start, ROW * len(cells.cells) / tall)
            heat = ax.inset_axes(box)
            _heat(heat, cells, names, years)
            top.set_xticklabels([])  # they stand under the map
            _side_name(heat, word("compare.difference_cells", lang))
        style.head(ax, title, headline, inches=inches)
        style.foot(ax, _notes(cells, labels, len(years), lang), labels, lang, inches=inches)
        if given:
            style.fit(ax, inches)
    return ax


def _map(gaps: pd.DataFrame, labels: Labels, years: tuple[int, ...]) -> _Map:
    """Choose the rows: cells that count and change, by level; past `SHOWN` the greatest."""
    changes = column(gaps, "change")
    series = {
        cell: np.array([changes.get((year, *cell), math.nan) for year in years])
        for cell in labels.counted
    }
    moved = [cell for cell, values in series.items() if _size(values) >= 0.5]
    kept = sorted(moved, key=lambda cell: -_size(series[cell]))[:SHOWN]
    order = {level.code: k for k, level in enumerate(labels.levels)}
    drawn = sorted((cell for cell in moved if cell in set(kept)), key=lambda c: order[c[1]])
    array = np.array([series[cell] for cell in drawn]).reshape(len(drawn), len(years))
    return _Map(tuple(drawn), array, len(moved), len(series) - len(moved))


def _size(values: Floats) -> float:
    known = np.abs(values[~np.isnan(values)])
    return float(known.max()) if known.size else math.inf


def _names(cells: _Map, labels: Labels, lang: str) -> list[str]:
    return [_name(labels, *cell, lang) for cell in cells.cells] or [" " * 10]


def _name(labels: Labels, region: str, level: str, lang: str) -> str:
    """Name a row; of a long name the region is shortened, never the level."""
    title = cut(labels.level_name(level, lang), NAMES)
    rest = width(word("nouns.cell", lang, region="", level=title))
    area = cut(labels.region_name(region, lang), max(NAMES - rest, NAMES // 2))
    return sentence(word("nouns.cell", lang, region=area, level=title))


def _bars(ax: Axes, changes: Mapping[Cell, float], years: tuple[int, ...], lang: str) -> None:
    """Draw the district's change of each year, up is shorter and down is less short."""
    values = np.array([changes.get((year, ALL, ALL), math.nan) for year in years])
    known = np.nan_to_num(values)
    ax.bar(range(len(years)), known, 0.7, color=[_colour(value) for value in known])
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
            _figure(ax, place, value, lang)
    elif np.isnan(values).all():
        ax.text(
            len(years) / 2, room / 2, word("nouns.no_data", lang), color=style.MUTED, ha="center"
        )


def _figure(ax: Axes, place: int, value: float, lang: str) -> None:
    """Write the district's change beyond the end of its bar, or that there is none."""
    unknown = math.isnan(value)
    up = unknown or value >= 0
    ax.annotate(
        word("nouns.no_data", lang) if unknown else _signed(value),
        (place, 0 if unknown else value),
        (0, 3 if up else -3),
        textcoords="offset points",
        ha="center",
        va="bottom" if up else "top",
        fontsize=8,
        color=style.MUTED if unknown else _text_colour(value),
    )


def _signed(value: float) -> str:
    return number(value, signed=True, minus=MINUS)


def _colour(value: float) -> str:
    return style.SHORT if value > 0 else style.IDLE


def _text_colour(value: float) -> str:
    if round(value) == 0:
        return style.MUTED
    return style.SHORT_TEXT if value > 0 else style.IDLE_TEXT


def _years(ax: Axes, years: tuple[int, ...]) -> None:
    step = 1 if len(years) <= WRITTEN else 5
    ax.set_xlim(-0.5, len(years) - 0.5)
    ax.xaxis.set_major_locator(FixedLocator(list(range(0, len(years), step))))
    ax.set_xticklabels([str(year) for year in years[::step]])
    ax.tick_params(labelsize=8.5, length=2.5)


def _heat(ax: Axes, cells: _Map, names: list[str], years: tuple[int, ...]) -> None:
    """Colour each cell by its change, and write it where there is room."""
    ramp = LinearSegmentedColormap.from_list("change", [style.IDLE, "#FFFFFF", style.SHORT])
    most = float(np.nanmax(np.abs(cells.changes), initial=1.0))
    ax.set_facecolor("#EFEFEF")
    ax.pcolormesh(
        np.arange(len(years) + 1) - 0.5,
        np.arange(len(names) + 1) - 0.5,
        np.ma.masked_invalid(cells.changes),
        cmap=ramp,
        vmin=-most,
        vmax=most,
        edgecolors="white",
        linewidth=0.8,
    )
    for row, column_ in np.argwhere(np.isnan(cells.changes)).tolist():
        box = ((column_ - 0.5, column_ + 0.5), row - 0.5, row + 0.5)
        ax.fill_between(*box, facecolor="#EFEFEF", edgecolor="#A6A6A6", lw=0, hatch="////")
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
                text = _signed(float(value))
                colour = ink(to_hex(ramp(0.5 + 0.5 * value / most)))
                ax.text(place, row, text, ha="center", va="center", fontsize=8, color=colour)


def _side_name(ax: Axes, text: str) -> None:
    ax.set_title(text, loc="left", fontsize=10, pad=5, color=style.TEXT)


def _headline(
    gaps: pd.DataFrame,
    titles: tuple[Title, Title],
    labels: Labels,
    years: tuple[int, ...],
    lang: str,
) -> str:
    """Name A and B, and the district's greatest change with its year."""
    a, b = (said(title, lang, labels.scenario) for title in titles)
    sides = {name: column(gaps, name) for name in ("change", "a", "b")}
    changes = {year: sides["change"].get((year, ALL, ALL), math.nan) for year in years}
    known = {year: change for year, change in changes.items() if not math.isnan(change)}
    if not known:
        return word("compare.difference_unknown", lang, a=a, b=b)
    worst = first_greatest({year: abs(change) for year, change in known.items()})
    if round(known[worst]) == 0:
        return word("compare.difference_none", lang, a=a, b=b)
    figures = {
        name: _signed(sides[side][worst, ALL, ALL])
        for name, side in (("change", "change"), ("gap_a", "a"), ("gap_b", "b"))
    }
    return word("compare.difference_most", lang, a=a, b=b, year=worst, **figures)


def _notes(cells: _Map, labels: Labels, years: int, lang: str) -> list[str]:
    notes = []
    if (shown := len(cells.cells)) < cells.total:
        notes.append(word("compare.difference_fewer", lang, shown=shown, total=cells.total))
    if cells.still:
        notes.append(word("compare.difference_still", lang, n=cells.still))
    if np.isnan(cells.changes).any():
        notes.append(word("compare.difference_hatched", lang))
    if years > WRITTEN and cells.cells:
        most = number(float(np.nanmax(np.abs(cells.changes), initial=0.0)))
        notes.append(word("compare.difference_scale", lang, places=most))
    pooled = [labels.level_name(v.code, lang) for v in labels.levels if v.pooled]
    if any(region == ALL for region, _ in cells.cells):
        names = word("nouns.list", lang).join(pooled)
        notes.append(word("compare.difference_pooled", lang, levels=names))
    return notes
