"""Entry classes that each region must open in one autumn, with entrants, places and bands."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.settings import HIGH as UPPER
from capacity.base.settings import LOW
from capacity.base.words import MINUS, cut, number
from capacity.render.chances import percent
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
RANGE = 1.0  # inches of the range of that number, where there are draws
#: Right edge of each column of figures, in inches from the end of the bars.
COLUMNS = {"entrants": 1.0, "entry_places": 2.15, "entry_gap": 3.2}
BAND = 3.45  # inches from the end of the bars to the band
WIDE = 4.2  # inches right of the bars
CHANCE = 0.95  # inches of the chance of red, where there are draws
MARKS = {"yellow": style.YELLOW, "red": style.RED}
CLASSES, WHISKER = "#56708A", "#1A1A1A"
CAP = 0.05  # inches of an end of a range, up and down
#: Columns of the ends of a range of classes.
ENDS = (f"classes_{LOW}", f"classes_{UPPER}")
#: A region and a level.
Pair = tuple[str, str]


@dataclass(frozen=True)
class _Entries:
    """The figures and the bands of one year."""

    say: Wording
    figures: dict[str, dict[Pair, float]]  # by column
    bands: dict[Pair, str]  # "yellow", "red"
    most: float  # classes of any region and level in any year, and their range
    ranges: dict[Pair, tuple[float, float]]  # of classes in 8 of 10 draws; of no draws empty
    reds: dict[Pair, float]  # how likely the red band is, where that is known

    def figure(self, column_: str, region: str, level: LevelLabel) -> float:
        """Return a figure; nan where it is not known."""
        return self.figures[column_].get((region, level.code), math.nan)

    def bars(self, left: float) -> tuple[float, float]:
        """Return where bars begin and end right of the names, in inches."""
        start = left + FIGURE + RANGE * bool(self.ranges)
        return start, start + BAR

    @property
    def wide(self) -> float:
        """Inches right of the bars."""
        return WIDE + CHANCE * bool(self.reds)


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
        classes_needed, band; with draws also the ends of classes, and prob_red.
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
        (entries.bars(left)[1] + entries.wide, high),
        say,
        title=say("charts.entry_title", year=year, sign=say.sign),
        headline=_headline(entries, year),
        notes=_notes(entries, shown_leaves(labels, [block for _, block in blocks])),
        around=around,
    ) as host:
        top = -RAISED
        for level, regions in blocks:
            _heads(host, (left, top + HEAD), level, entries)
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
    ends = [name for name in ENDS if name in frame.columns]
    most = float(frame.loc[inside, ["classes_needed", *ends]].apply(pd.to_numeric).max().max())
    reds = column(one, "prob_red") if "prob_red" in frame.columns else {}
    return _Entries(
        say,
        figures,
        bands,
        max(1.0, most),
        _ranges(one) if len(ends) == len(ENDS) else {},
        {cell[1:]: share for cell, share in reds.items() if not math.isnan(share)},
    )


def _ranges(one: pd.DataFrame) -> dict[Pair, tuple[float, float]]:
    """Return the range of classes of each region and level; nothing where none has one."""
    low, high = (column(one, name) for name in ENDS)
    found = {cell[1:]: (low[cell], high[cell]) for cell in low if not math.isnan(low[cell])}
    return found if any(low != high for low, high in found.values()) else {}


def _need(entries: _Entries, level: LevelLabel, region: str) -> float:
    """Return what regions are ranked by: the entry gap, of a pooled level the entrants."""
    return entries.figure("entrants" if level.pooled else "entry_gap", region, level)


def _heads(ax: Axes, at: tuple[float, float], level: LevelLabel, entries: _Entries) -> None:
    (left, line), say = at, entries.say
    end, y = entries.bars(left)[1], line - 0.14
    how: style.Looks = {"color": style.MUTED, "ha": "right"}
    name = cut(say.level_head(level.code), NAME)
    write(
        ax,
        0,
        line - 0.4,
        say("charts.entry_level", level=name, grade=say.grade(level.grades[0])),
        11,
    )
    write(ax, left + FIGURE - 0.12, y, say("nouns.classes_needed"), 8.5, **how)
    for key, x in COLUMNS.items():
        write(ax, end + x, y, say(f"nouns.{key}"), 8.5, **how)
    write(ax, end + BAND, y, say("nouns.band"), 8.5, color=style.MUTED)
    if entries.ranges:
        write(ax, left + FIGURE - 0.04, y, say("charts.entry_range"), 8.5, color=style.MUTED)
    if entries.reds:
        write(ax, end + entries.wide, y, say("charts.entry_red"), 8.5, **how)


def _block(
    ax: Axes,
    at: tuple[float, float],
    level: LevelLabel,
    regions: tuple[str, ...],
    entries: _Entries,
) -> None:
    """Draw the rows of a level: the district's and the regions'."""
    left, line = at
    (bars, end), number_end = entries.bars(left), left + FIGURE - 0.12
    scale = BAR / entries.most
    boxes: list[Box] = []
    ax.hlines([line, line + HIGH], 0, end + entries.wide, colors=style.RULE, lw=0.8)
    for k, code in enumerate(regions):
        y = line + HIGH * (k + 0.5)
        is_sum = code == ALL or entries.say.labels.is_sum(code)
        write(ax, 0, y, cut(entries.say.row(code), NAME), 9.5)
        classes = entries.figure("classes_needed", code, level)
        write(ax, number_end, y, number(classes), 12 if code == ALL else 11, ha="right")
        if ends := entries.ranges.get((code, level.code)):
            write(ax, number_end + 0.08, y, _range(entries, ends), 8.5, color=style.MUTED)
            if not is_sum and ends[0] != ends[1]:
                _whisker(ax, (bars + ends[0] * scale, bars + ends[1] * scale), y)
        if not is_sum and classes > 0:
            boxes.append((bars, y - 0.3 * HIGH, classes * scale, 0.6 * HIGH))
        for key, x in COLUMNS.items():
            text, colour = _figure(entries, key, code, level)
            write(ax, end + x, y, text, 9.5, ha="right", color=colour)
        _band(ax, (end + BAND, y), code, level, entries)
        if not math.isnan(red := entries.reds.get((code, level.code), math.nan)):
            text = percent(red, entries.say.lang)
            write(ax, end + entries.wide, y, text, 9.5, ha="right", color=style.MUTED)
    draw_cells(ax, boxes, [CLASSES] * len(boxes), linewidth=0)


def _whisker(ax: Axes, ends: tuple[float, float], y: float) -> None:
    """Draw a range over a bar: a line with an end on either side."""
    ax.hlines(y, ends[0], ends[1], colors=WHISKER, lw=1.1, zorder=3)
    ax.vlines(ends, y - CAP, y + CAP, colors=WHISKER, lw=1.1, zorder=3)


def _range(entries: _Entries, ends: tuple[float, float]) -> str:
    low, high = map(number, ends)
    return entries.say("charts.entry_span", low=low, high=high) if low != high else ""


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
        + (say("charts.entry_of", span=span) if span else "")
        for level in labels.levels
        for needed in [entries.figure("classes_needed", ALL, level)]
        for span in [_range(entries, entries.ranges.get((ALL, level.code), (0.0, 0.0)))]
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
    if entries.ranges:
        yield say("charts.entry_ranges")
    yellow, red = (f"{limit:.0%}" for limit in labels.bands)
    yield say("charts.entry_bands", yellow=yellow, red=red)
    if any((ALL, level.code) in entries.bands for level in labels.levels if not level.pooled):
        yield say("charts.entry_sums" if labels.is_nested else "charts.entry_sum")
    yield say("charts.all_years")
    if free := kept_free(labels, say.lang):
        yield say("needs.bands_free", free=free)
    if say.pooled:
        yield say("charts.pooled_entry", levels=say.pooled)
