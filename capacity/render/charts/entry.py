"""Entry classes that each region must open in one autumn, with entrants, places and bands."""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.words import MINUS, cut, number, sentence, word
from capacity.render.charts import style
from capacity.render.charts.sheet import (
    NAME,
    Around,
    Box,
    chosen,
    lead,
    name_inches,
    paint,
    pooled_names,
    sheet,
)
from capacity.results.labels import ALL, BANDS, Labels, LevelLabel, column, years_of

HIGH, HEAD = 0.29, 0.76  # inches of a row; above a level's rows
RAISED = 0.2  # inches by which the first level stands nearer to the headline
FIGURE, BAR = 0.75, 2.6  # inches of the number of classes; of the longest bar
#: Right edge of each column of figures, in inches from the end of the bars.
COLUMNS = {"entrants": 1.0, "entry_places": 2.15, "entry_gap": 3.2}
BAND = 3.45  # inches from the end of the bars to the band
WIDE = 4.2  # inches right of the bars
MARKS = {"yellow": style.YELLOW, "red": style.RED}
CLASSES = "#56708A"
_Row = tuple[str, str]


def entry(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    year: int | None = None,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the entry classes needed in one autumn, a block per level and a row per region.

    Parameters
    ----------
    frame : DataFrame
        The entry frame: year, region (with ``all``), level, entrants, entry_places, entry_gap,
        classes_needed, band.
    labels : Labels
    year : int, optional
        The autumn to draw; by default the first after the base year.
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the rows.

    Returns
    -------
    Axes
        Measured in inches; one scale of classes for all regions, levels and years.
    """
    years = years_of(frame)
    year = labels.next_autumn(years) if year is None else year
    if year not in years:
        raise ValueError(f"the results have no year {year}")
    lang = style.readable(lang)
    rows = _rows(frame, year)
    blocks = [(level, chosen(labels, partial(_need, rows, level))) for level in labels.levels]
    left = name_inches(labels, [code for _, block in blocks for code in block], lang)
    high = sum(HEAD + HIGH * (len(block) + 1) for _, block in blocks) - RAISED
    title = word("charts.entry_title", lang, year=year, sign=style.sign(lang))
    notes = _notes(rows, labels, max(len(block) for _, block in blocks), lang)
    around = Around(title, _headline(rows, labels, year, lang), notes)
    with sheet(ax, (left + FIGURE + BAR + WIDE, high), around, labels, lang) as host:
        top, scale = -RAISED, BAR / _most(frame, labels)
        for level, block in blocks:
            _block(host, (left, top), level, block, rows, scale, labels, lang)
            top += HEAD + HIGH * (len(block) + 1)
    return host


def _rows(frame: pd.DataFrame, year: int) -> dict[_Row, dict[str, float | str]]:
    """Give the figures and the band of one year by (region, level)."""
    one = frame[frame["year"] == year]
    names = ("classes_needed", *COLUMNS)
    values = {name: column(one, name) for name in names}
    marks = zip(one["region"], one["level"], one["band"], strict=True)
    bands = {(str(region), str(level)): str(band) for region, level, band in marks}
    return {
        cell: {name: values[name][year, *cell] for name in names} | {"band": band}
        for cell, band in bands.items()
    }


def _need(rows: dict[_Row, dict[str, float | str]], level: LevelLabel, region: str) -> float:
    """Give what regions are ranked by: the entry gap, of a pooled level the entrants."""
    row = rows.get((region, level.code), {})
    return float(row.get("entrants" if level.pooled else "entry_gap", math.nan))


def _most(frame: pd.DataFrame, labels: Labels) -> float:
    """Give the most classes of any region and level in any year."""
    leaves = [region.code for region in labels.leaves]
    inside = frame["region"].astype(str).isin(leaves)
    return max(1.0, float(pd.to_numeric(frame.loc[inside, "classes_needed"]).max()))


def _block(
    ax: Axes,
    at: tuple[float, float],
    level: LevelLabel,
    regions: tuple[str, ...],
    rows: dict[_Row, dict[str, float | str]],
    scale: float,
    labels: Labels,
    lang: str,
) -> None:
    """Draw a level: its heads, the district's row and the regions'."""
    left, top = at
    line, bars, end = top + HEAD, left + FIGURE, left + FIGURE + BAR
    _heads(ax, (left, line), level, labels, lang)
    boxes: list[Box] = []
    ax.hlines([line, line + HIGH], 0, end + WIDE, colors=style.RULE, lw=0.8)
    for k, code in enumerate((ALL, *regions)):
        y = line + HIGH * (k + 0.5)
        row = rows.get((code, level.code), {})
        name = cut(labels.region_name(code, lang), NAME)
        ax.text(0, y, name, va="center", fontsize=9.5)
        classes = float(row.get("classes_needed", math.nan))
        size = 12 if code == ALL else 11
        ax.text(bars - 0.12, y, number(classes), va="center", ha="right", fontsize=size)
        if code != ALL and classes > 0:
            boxes.append((bars, y - 0.3 * HIGH, classes * scale, 0.6 * HIGH))
        pooled, summed = level.pooled and code != ALL, not level.pooled and code == ALL
        _figures(ax, end, y, row, pooled=pooled, summed=summed, lang=lang)
    paint(ax, boxes, [CLASSES] * len(boxes), linewidth=0)


def _heads(ax: Axes, at: tuple[float, float], level: LevelLabel, labels: Labels, lang: str) -> None:
    left, line = at
    bars, end, y = left + FIGURE, left + FIGURE + BAR, line - 0.14
    how: dict[str, Any] = {"va": "center", "fontsize": 8.5, "color": style.MUTED}
    name = cut(sentence(labels.level_name(level.code, lang)), NAME)
    name = word("charts.entry_level", lang, level=name, grade=level.grades[0])
    ax.text(0, line - 0.4, name, va="center", fontsize=11)
    ax.text(bars - 0.12, y, word("nouns.classes_needed", lang), ha="right", **how)
    for key, x in COLUMNS.items():
        ax.text(end + x, y, word(f"nouns.{key}", lang), ha="right", **how)
    ax.text(end + BAND, y, word("nouns.band", lang), ha="left", **how)


def _figures(
    ax: Axes,
    end: float,
    y: float,
    row: dict[str, float | str],
    *,
    pooled: bool,
    summed: bool,
    lang: str,
) -> None:
    """Write entrants, places and gap of a row, and its band as a coloured mark with its word.

    The mark of a district that is the sum of its regions is open: the headline leaves it out.
    """
    for key, x in COLUMNS.items():
        value = float(row.get(key, math.nan))
        text = number(value, signed=key == "entry_gap", minus=MINUS)
        colour = style.TEXT
        if key == "entry_gap" and round(0 if math.isnan(value) else value):
            colour = style.SHORT_TEXT if value > 0 else style.IDLE_TEXT
        if math.isnan(value):
            unknown = key == "entry_places" or not pooled
            text, colour = (word("nouns.no_data", lang) if unknown else "–"), style.MUTED
        ax.text(end + x, y, text, va="center", ha="right", fontsize=9.5, color=colour)
    band = BANDS.get(str(row.get("band", "")))
    if band:
        how: dict[str, Any] = {"edgecolor": MARKS[band], "linewidth": 2.0 if summed else 0}
        box = (
            (end + BAND + 0.02, y - 0.06, 0.12, 0.12)
            if summed
            else (end + BAND, y - 0.08, 0.16, 0.16)
        )
        paint(ax, [box], ["#FFFFFF" if summed else MARKS[band]], **how)
        ax.text(end + BAND + 0.24, y, word(f"nouns.{band}", lang), va="center", fontsize=9.5)


def _headline(
    rows: dict[_Row, dict[str, float | str]], labels: Labels, year: int, lang: str
) -> str:
    """Give the district's classes by level, and how many regions and levels are red."""
    classes = word("nouns.list", lang).join(
        word(
            "charts.entry_classes",
            lang,
            level=labels.level_name(level.code, lang),
            n=number(float(rows.get((ALL, level.code), {}).get("classes_needed", math.nan))),
        )
        for level in labels.levels
    )
    red = sum(
        BANDS.get(str(rows.get(cell, {}).get("band", ""))) == "red" for cell in labels.counted
    )
    facts = {"year": year, "classes": classes, "red": red, "total": len(labels.counted)}
    return lead(labels, lang) + word("charts.entry_head", lang, **facts)


def _notes(
    rows: dict[_Row, dict[str, float | str]], labels: Labels, shown: int, lang: str
) -> list[str]:
    notes = []
    if shown < len(labels.leaves):
        notes.append(word("charts.shown_entry", lang, shown=shown, total=len(labels.leaves)))
    limits = {"yellow": f"{labels.bands[0]:.0%}", "red": f"{labels.bands[1]:.0%}"}
    notes.append(word("charts.entry_bands", lang, **limits))
    summed = [level for level in labels.levels if not level.pooled]
    if any(rows.get((ALL, level.code), {}).get("band") in BANDS for level in summed):
        notes.append(word("charts.entry_sum", lang))
    notes.append(word("charts.all_years", lang))
    if levels := pooled_names(labels, lang):
        notes.append(word("charts.pooled_entry", lang, levels=levels))
    return notes
