"""Entry classes that each region must open in one autumn, with entrants, places and bands."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.words import MINUS, cut, grade_name, number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import WHOLE, Around, figure_frame, write
from capacity.render.charts.layout import (
    NAME,
    Box,
    draw_cells,
    name_width,
    shown_leaves,
    worst_regions,
)
from capacity.render.charts.wording import Wording
from capacity.render.needs import kept_free
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
#: A region and a level.
Pair = tuple[str, str]


@dataclass(frozen=True)
class _Entries:
    """The figures and the bands of one year."""

    say: Wording
    figures: dict[str, dict[Pair, float]]  # by column
    bands: dict[Pair, str]  # "yellow", "red"
    most: float  # classes of any region and level in any year

    def figure(self, column_: str, region: str, level: LevelLabel) -> float:
        """Return a figure; nan where it is not known."""
        return self.figures[column_].get((region, level.code), math.nan)


def entry_chart(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    year: int | None = None,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the entry classes needed in one autumn, a block per level and a row per region.

    Parameters
    ----------
    frame : DataFrame
        The entry frame: year, region (with ``all``), level, entrants, entry_places, entry_gap,
        classes_needed, band.
    year : int, optional
        The autumn to draw; by default the first after the base year.
    labels, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        Measured in inches; one scale of classes for all regions, levels and years.
    """
    years = years_of(frame)
    year = labels.next_autumn(years) if year is None else year
    if year not in years:
        raise ValueError(f"the results have no year {year}")
    say = Wording.of(labels, lang)
    entries = _entries(frame, year, say)
    blocks = [
        (level, worst_regions(labels, partial(_need, entries, level))) for level in labels.levels
    ]
    left = name_width(say, [code for _, block in blocks for code in block])
    high = sum(HEAD + HIGH * (len(block) + 1) for _, block in blocks) - RAISED
    with figure_frame(
        ax,
        (left + FIGURE + BAR + WIDE, high),
        say,
        title=say("charts.entry_title", year=year, sign=say.sign),
        headline=_headline(entries, year),
        notes=_notes(entries, shown_leaves(labels, [block for _, block in blocks])),
        around=around,
    ) as host:
        top = -RAISED
        for level, regions in blocks:
            _heads(host, (left, top + HEAD), level, say)
            _block(host, (left, top + HEAD), level, (ALL, *regions), entries)
            top += HEAD + HIGH * (len(regions) + 1)
    return host


def _entries(frame: pd.DataFrame, year: int, say: Wording) -> _Entries:
    one = frame[frame["year"] == year]
    figures = {
        name: {cell[1:]: value for cell, value in column(one, name).items()}
        for name in ("classes_needed", *COLUMNS)
    }
    marks = zip(one["region"], one["level"], one["band"], strict=True)
    bands = {
        (str(region), str(level)): BANDS[str(band)]
        for region, level, band in marks
        if str(band) in BANDS
    }
    leaves = [region.code for region in say.labels.leaves]
    inside = frame["region"].astype(str).isin(leaves)
    most = max(1.0, float(pd.to_numeric(frame.loc[inside, "classes_needed"]).max()))
    return _Entries(say, figures, bands, most)


def _need(entries: _Entries, level: LevelLabel, region: str) -> float:
    """Return what regions are ranked by: the entry gap, of a pooled level the entrants."""
    return entries.figure("entrants" if level.pooled else "entry_gap", region, level)


def _heads(ax: Axes, at: tuple[float, float], level: LevelLabel, say: Wording) -> None:
    left, line = at
    end, y = left + FIGURE + BAR, line - 0.14
    how: style.Looks = {"color": style.MUTED, "ha": "right"}
    name = cut(say.level_head(level.code), NAME)
    write(
        ax,
        0,
        line - 0.4,
        say("charts.entry_level", level=name, grade=grade_name(level.grades[0], say.lang)),
        11,
    )
    write(ax, left + FIGURE - 0.12, y, say("nouns.classes_needed"), 8.5, **how)
    for key, x in COLUMNS.items():
        write(ax, end + x, y, say(f"nouns.{key}"), 8.5, **how)
    write(ax, end + BAND, y, say("nouns.band"), 8.5, color=style.MUTED)


def _block(
    ax: Axes,
    at: tuple[float, float],
    level: LevelLabel,
    regions: tuple[str, ...],
    entries: _Entries,
) -> None:
    """Draw the rows of a level: the district's and the regions'."""
    left, line = at
    bars, end = left + FIGURE, left + FIGURE + BAR
    scale = BAR / entries.most
    boxes: list[Box] = []
    ax.hlines([line, line + HIGH], 0, end + WIDE, colors=style.RULE, lw=0.8)
    for k, code in enumerate(regions):
        y = line + HIGH * (k + 0.5)
        is_sum = code == ALL or entries.say.labels.is_sum(code)
        write(ax, 0, y, cut(entries.say.row(code), NAME), 9.5)
        classes = entries.figure("classes_needed", code, level)
        write(ax, bars - 0.12, y, number(classes), 12 if code == ALL else 11, ha="right")
        if not is_sum and classes > 0:
            boxes.append((bars, y - 0.3 * HIGH, classes * scale, 0.6 * HIGH))
        for key, x in COLUMNS.items():
            text, colour = _figure(entries, key, code, level)
            write(ax, end + x, y, text, 9.5, ha="right", color=colour)
        _band(ax, (end + BAND, y), code, level, entries)
    draw_cells(ax, boxes, [CLASSES] * len(boxes), linewidth=0)


def _figure(entries: _Entries, key: str, region: str, level: LevelLabel) -> tuple[str, str]:
    """Return how a figure of a row is written, and its colour."""
    value, gap = entries.figure(key, region, level), key == "entry_gap"
    if math.isnan(value):
        meant = key != "entry_places" and region in level.shared
        return "–" if meant else entries.say("nouns.no_data"), style.MUTED
    text = number(value, signed=gap, minus=MINUS)
    return text, style.of_balance(value, -value) if gap else style.TEXT


def _band(
    ax: Axes, at: tuple[float, float], region: str, level: LevelLabel, entries: _Entries
) -> None:
    """Draw the band of a row as a coloured mark with its word.

    The mark of a sum of regions is open: the headline leaves it out.
    """
    (x, y), band = at, entries.bands.get((region, level.code))
    if band is None:
        return
    labels = entries.say.labels
    if not level.pooled and (region == ALL or labels.is_sum(region)):
        box, face, line = (x + 0.02, y - 0.06, 0.12, 0.12), "#FFFFFF", 2.0
    else:
        box, face, line = (x, y - 0.08, 0.16, 0.16), MARKS[band], 0.0
    draw_cells(ax, [box], [face], edgecolor=MARKS[band], linewidth=line)
    write(ax, x + 0.24, y, entries.say(f"nouns.{band}"), 9.5)


def _headline(entries: _Entries, year: int) -> str:
    """Return the district's classes by level, and how many regions and levels are red."""
    say, labels = entries.say, entries.say.labels
    classes = say.joined(
        say("charts.entry_classes", level=say.level(level.code), n=number(needed))
        for level in labels.levels
        for needed in [entries.figure("classes_needed", ALL, level)]
    )
    if all(map(math.isnan, entries.figures["entry_places"].values())):
        return say.lead() + say("charts.entry_alone", classes=classes)
    red = sum(entries.bands.get(cell) == "red" for cell in labels.counted)
    facts = {"year": year, "classes": classes, "red": red, "total": len(labels.counted)}
    return say.lead() + say("charts.entry_head", **facts)


def _notes(entries: _Entries, shown: int) -> Iterator[str]:
    say, labels = entries.say, entries.say.labels
    if shown < len(labels.leaves):
        yield say("charts.shown_entry", shown=shown, total=len(labels.leaves))
    yellow, red = (f"{limit:.0%}" for limit in labels.bands)
    yield say("charts.entry_bands", yellow=yellow, red=red)
    if any((ALL, level.code) in entries.bands for level in labels.levels if not level.pooled):
        yield say("charts.entry_sums" if labels.is_nested else "charts.entry_sum")
    yield say("charts.all_years")
    if free := kept_free(labels, say.lang):
        yield say("needs.bands_free", free=free)
    if say.pooled:
        yield say("charts.pooled_entry", levels=say.pooled)
