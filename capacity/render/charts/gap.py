"""The gap of one year: a column per level, a bar per region, right is short and left is idle."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.words import MINUS, cut, gap_text, number, sentence, word
from capacity.render.charts import style
from capacity.results.labels import ALL, Labels, column, constrained, named, said

#: Regions drawn at most: those with the greatest absolute gap.
SHOWN = 20
ROW = 0.34  # inches
HEADS = 2  # rows above the regions: the level, the district's figure
FEET = 0.7  # rows below them: which way is short
NAMES = 2.2  # inches of a region's name at most
PAD = 0.06  # inches between a bar and its figure
MARGINS = (0.25, 0.8, 0.2)  # left, bottom, right


@dataclass(frozen=True)
class _Layout:
    """Where things stand: x in places, as the bars are, y in rows."""

    regions: tuple[str, ...]
    inches: float
    scale: float  # places per inch
    zeros: tuple[float, ...]  # x of the zero line of each level
    starts: tuple[float, ...]  # x of the left and right end of each level's column
    ends: tuple[float, ...]

    def inside(self, level: int, text: str, points: float) -> tuple[float, str]:
        """Give the middle of a text over a zero line, moved and cut to stay in its column."""
        size = style.measured(points)
        text = cut(text, (self.ends[level] - self.starts[level]) / self.scale, size)
        half = size(text) * self.scale / 2
        x = max(self.zeros[level], self.starts[level] + half)
        return min(x, self.ends[level] - half), text


def gap(
    frame: pd.DataFrame, labels: Labels, *, year: int, lang: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw the gap of one year by region and level.

    Parameters
    ----------
    frame : DataFrame
        The results frame: a row per year, region and level, with ``all`` for both; in places.
    labels : Labels
    year : int
        The autumn to draw.
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the regions shown.

    Returns
    -------
    Axes
        Each bar's width is its gap in places, from the zero line of its level.
    """
    gaps = {cell[1:]: value for cell, value in column(frame, "gap", year=year).items()}
    if not gaps:
        raise ValueError(f"the results have no year {year}")
    bounds = {cell[1:] for cell in constrained(frame, year=year)}
    lang = style.readable(lang)
    bounded = bool(constrained(frame))
    layout = _layout(_greatest(gaps, labels), _extent(frame, labels), labels, bounded, lang)
    given = ax is not None
    with style.styled():
        title = word("charts.gap_title", lang, year=year, sign=style.sign(lang))
        headline = _headline(frame, labels, year, lang)
        if ax is None:
            rows = len(layout.regions) + HEADS + FEET
            left, bottom, right = MARGINS
            top = style.head_height(title, headline, inches=layout.inches)
            size = (layout.inches + left + right, rows * ROW + bottom + top)
            ax = style.canvas(*size, (left, bottom, right, top))
        _frame(ax, layout, labels, lang)
        _bars(ax, layout, labels, gaps)
        _figures(ax, layout, labels, gaps, bounds, lang)
        _district(ax, layout, labels, gaps, bounds, lang)
        style.head(ax, title, headline, inches=layout.inches)
        notes = _notes(layout, labels, bounds, lang)
        style.foot(ax, notes, labels, lang, inches=layout.inches)
        if given:
            style.fit(ax, layout.inches)
    return ax


def _extent(frame: pd.DataFrame, labels: Labels) -> tuple[float, float]:
    """Give the lowest and highest gap of any region and level in any year, 0 between them.

    All years have one scale, so that the charts of a run can be leafed through.
    """
    leaves = [region.code for region in labels.leaves]
    levels = [level.code for level in labels.levels]
    inside = frame["region"].astype(str).isin(leaves) & frame["level"].astype(str).isin(levels)
    known = pd.to_numeric(frame.loc[inside, "gap"]).dropna().tolist()
    return min(known, default=0.0), max(known, default=0.0)


def _layout(
    regions: tuple[str, ...],
    extent: tuple[float, float],
    labels: Labels,
    bounded: bool,
    lang: str,
) -> _Layout:
    lowest, highest = min(extent[0], 0.0), max(extent[1], 0.0)
    names = [_name(labels, code, lang) for code in regions]
    left = 0.25 + max(map(style.measured(9.5), [*names, _net(labels, lang)]))
    count = max(1, len(labels.levels))
    # The figures of the longest bars, and what stands at no bar.
    size, least = style.measured(9), style.measured(9)(word("nouns.no_data", lang))
    figures = [_bounded(n, bounded, lang, number(n, signed=True)) for n in (lowest, highest)]
    before, after = (PAD + max(size(text), 0.3) for text in figures)
    rooms = before * (lowest < 0) + max(after, PAD + least)
    inches = max(9.0, left + max(3.3, rooms + 1.5) * count)
    each = (inches - left) / count
    scale = (highest - lowest or 1.0) / (each - rooms - 0.2)
    starts = [(left + each * k) * scale for k in range(count)]
    zeros = [start + (0.1 + before * (lowest < 0)) * scale - lowest for start in starts]
    ends = [start + (each - 0.1) * scale for start in starts]
    return _Layout(regions, inches, scale, tuple(zeros), tuple(starts), tuple(ends))


def _name(labels: Labels, code: str, lang: str) -> str:
    return cut(labels.region_name(code, lang), NAMES, style.measured(9.5))


def _net(labels: Labels, lang: str) -> str:
    return word("charts.net", lang, district=_name(labels, ALL, lang))


def _greatest(gaps: dict[tuple[str, str], float], labels: Labels) -> tuple[str, ...]:
    """Give the regions to draw: all in their order, or the `SHOWN` of the greatest absolute gap."""
    codes = [region.code for region in labels.leaves]
    if len(codes) <= SHOWN:
        return tuple(codes)

    def size(code: str) -> float:
        parts = (gaps.get((code, level.code), math.nan) for level in labels.own_levels)
        return sum(abs(part) for part in parts if not math.isnan(part))

    return tuple(sorted(codes, key=lambda code: (-size(code), code))[:SHOWN])


def _frame(ax: Axes, layout: _Layout, labels: Labels, lang: str) -> None:
    """Set the limits, rule the rows, and write the names of regions and levels."""
    rows = len(layout.regions)
    ax.set_xlim(0, layout.inches * layout.scale)
    ax.set_ylim(rows - 0.5 + FEET, -HEADS - 0.5)
    style.bare(ax)
    ax.hlines([row - 0.5 for row in range(rows + 1)], *ax.get_xlim(), colors=style.RULE, lw=0.6)
    ax.vlines(layout.zeros, -0.5, rows - 0.5, colors="#707070", lw=0.9)
    for row, code in enumerate(layout.regions):
        ax.text(0, row, _name(labels, code, lang), va="center", fontsize=9.5)
    ax.text(0, -1, _net(labels, lang), va="center", fontsize=9.5)
    for k, level in enumerate(labels.levels):
        x, text = layout.inside(k, sentence(labels.level_name(level.code, lang)), 11)
        ax.text(x, -2, text, va="center", ha="center", fontsize=11)
        x, text = layout.inside(k, word("nouns.directions", lang), 8)
        ax.text(x, rows - 0.1, text, va="center", ha="center", fontsize=8, color=style.MUTED)


def _bars(ax: Axes, layout: _Layout, labels: Labels, gaps: dict[tuple[str, str], float]) -> None:
    """Draw one bar per cell that has a gap; a pooled level's are hatched grey."""
    for level, zero in zip(labels.levels, layout.zeros, strict=True):
        known = [
            (row, value)
            for row, code in enumerate(layout.regions)
            if not math.isnan(value := gaps.get((code, level.code), math.nan))
        ]
        if not known:
            continue
        rows, values = zip(*known, strict=True)
        if level.pooled:
            ax.barh(
                rows,
                values,
                0.5,
                zero,
                facecolor="#EFEFEF",
                edgecolor="#A6A6A6",
                lw=0,
                hatch="////",
            )
        else:
            colours = [style.SHORT if value > 0 else style.IDLE for value in values]
            ax.barh(rows, values, 0.62, zero, color=colours)


def _figures(
    ax: Axes,
    layout: _Layout,
    labels: Labels,
    gaps: dict[tuple[str, str], float],
    bounds: set[tuple[str, str]],
    lang: str,
) -> None:
    """Write each cell's signed figure beside its bar, or that it has no data."""
    pad = PAD * layout.scale
    for level, zero in zip(labels.levels, layout.zeros, strict=True):
        for row, code in enumerate(layout.regions):
            value = gaps.get((code, level.code), math.nan)
            text, colour = _figure(value, (code, level.code) in bounds, level.pooled, lang)
            right = not value < 0
            ax.text(
                zero + (0 if math.isnan(value) else value) + (pad if right else -pad),
                row,
                text,
                ha="left" if right else "right",
                va="center",
                color=colour,
                fontsize=8.5 if level.pooled else 9,
            )


def _figure(value: float, bound: bool, pooled: bool, lang: str) -> tuple[str, str]:
    if math.isnan(value):
        return word("nouns.no_data", lang), style.MUTED
    text = _bounded(value, bound, lang, number(value, signed=True, minus=MINUS))
    if pooled or round(value) == 0:
        return text, style.MUTED
    return text, style.SHORT_TEXT if value > 0 else style.IDLE_TEXT


def _bounded(value: float, bound: bool, lang: str, plain: str) -> str:
    """Mark a bound: where demand is at least so much, short is at least and idle at most."""
    if not bound or math.isnan(value):
        return plain
    return f"≥ {plain}" if value > 0 else word("charts.n_idle", lang, n=f"≤ {number(-value)}")


def _district(
    ax: Axes,
    layout: _Layout,
    labels: Labels,
    gaps: dict[tuple[str, str], float],
    bounds: set[tuple[str, str]],
    lang: str,
) -> None:
    """Write the district's net gap of each level in the row above the regions."""
    for k, level in enumerate(labels.levels):
        value = gaps.get((ALL, level.code), math.nan)
        _, colour = _figure(value, False, False, lang)
        bound = (ALL, level.code) in bounds and not math.isnan(value)
        said = _bounded(value, bound, lang, gap_text(value, lang, minus=MINUS))
        x, said = layout.inside(k, said, 11)
        ax.text(x, -1, said, va="center", ha="center", fontsize=11, color=colour)


def _headline(frame: pd.DataFrame, labels: Labels, year: int, lang: str) -> str:
    """Give the district's figures of the year; of a district with missing places, what is known."""
    net, shortage, surplus = (
        {cell[1:]: value for cell, value in column(frame, name, year=year).items()}
        for name in ("gap", "shortage", "surplus")
    )
    missing = [cell for cell in labels.counted if math.isnan(shortage.get(cell, math.nan))]
    facts = {
        "district": labels.region_name(ALL, lang),
        "scenario": said(labels.title, lang, labels.scenario),
    }
    if not missing:
        facts["gap"] = number(net[ALL, ALL], signed=True, minus=MINUS)
        facts["surplus"] = number(surplus[ALL, ALL])
        return word("charts.district_gap", lang, shortage=number(shortage[ALL, ALL]), **facts)
    facts["shortage"] = number(sum(shortage[c] for c in labels.counted if c not in missing))
    facts["cells"] = named(missing, labels, lang)
    return word("charts.district_unknown", lang, **facts)


def _notes(layout: _Layout, labels: Labels, bounds: set[tuple[str, str]], lang: str) -> list[str]:
    notes = []
    total = len(labels.leaves)
    if len(layout.regions) < total:
        notes.append(word("charts.shown", lang, shown=len(layout.regions), total=total))
    notes.append(word("charts.all_years", lang))
    pooled = [labels.level_name(level.code, lang) for level in labels.levels if level.pooled]
    if pooled:
        notes.append(word("charts.pooled_note", lang, levels=word("nouns.list", lang).join(pooled)))
    shown = {(code, level.code) for code in layout.regions for level in labels.levels}
    if bounds & (shown | {(ALL, level.code) for level in labels.levels}):
        notes.append(word("charts.bound_note", lang))
    return notes
