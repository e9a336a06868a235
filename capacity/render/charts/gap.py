"""The gap of one year: a column per level, a bar per region, right is short and left is idle.

Where no places are known the bars are demand, and the title says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes

from capacity.base.words import MINUS, cut, number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, figure_frame, write
from capacity.render.charts.layout import greatest
from capacity.render.charts.wording import Wording
from capacity.render.needs import beside
from capacity.render.sentences import demand_of
from capacity.results.labels import (
    ALL,
    Labels,
    LevelLabel,
    column,
    constrained,
    named,
    places_known,
)

#: Regions drawn at most: those with the greatest absolute gap.
SHOWN = 20
ROW = 0.34  # inches
HEADS = 2  # rows above the regions: the level, the district's figure
FEET = 0.7  # rows below them: which way is short
NAMES = 2.2  # inches of a region's name at most
PAD = 0.06  # inches between a bar and its figure
#: A region and a level.
Pair = tuple[str, str]


@dataclass(frozen=True)
class _Gaps:
    """The gaps of one year, in places, and of which demand is a lower bound.

    Where no places are known: ``alone``, and the demand in pupils.
    """

    say: Wording
    regions: tuple[str, ...]
    values: dict[Pair, float]
    bounds: frozenset[Pair]
    alone: bool

    def figure(self, region: str, level: LevelLabel) -> tuple[float, str, str]:
        """Return a gap, how it is written, and the colour of that."""
        value = self.values.get((region, level.code), math.nan)
        if math.isnan(value):
            return value, self.say("nouns.no_data"), style.MUTED
        if self.alone:
            return value, number(value), style.DEMAND
        text = _signed(value)
        if (region, level.code) in self.bounds:
            text = _least(text)
        shared = region in level.shared
        return value, text, style.MUTED if shared else style.of_balance(value, -value, style.MUTED)


@dataclass(frozen=True)
class _Layout:
    """Where things stand: x in places, as the bars are, y in rows."""

    inches: float
    scale: float  # places per inch
    starts: tuple[float, ...]  # x of the left end of each level's column
    ends: tuple[float, ...]
    zeros: tuple[float, ...]  # x of its zero line

    def over_zero(
        self, ax: Axes, level: int, y: float, text: str, points: float, **how: str
    ) -> None:
        """Write a text over a zero line, moved and cut to stay in its column."""
        start, end, size = self.starts[level], self.ends[level], style.measured(points)
        text = cut(text, (end - start) / self.scale, size)
        half = size(text) * self.scale / 2
        x = min(max(self.zeros[level], start + half), end - half)
        write(ax, x, y, text, points, ha="center", **how)


def gap_chart(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    year: int,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the gap of one year by region and level.

    Parameters
    ----------
    frame : DataFrame
        The results frame: a row per year, region and level, with ``all`` for both; in places.
    labels, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.
    year : int
        The autumn to draw.

    Returns
    -------
    Axes
        Each bar's width is its gap in places, from the zero line of its level.
    """
    alone = not places_known(frame, labels)
    shown = "demand" if alone else "gap"
    values = {cell[1:]: value for cell, value in column(frame, shown, year=year).items()}
    if not values:
        raise ValueError(f"the results have no year {year}")
    say = Wording.of(labels, lang)

    def size(region: str) -> float:
        parts = (values.get((region, level.code), math.nan) for level in labels.own_levels)
        return sum(abs(part) for part in parts if not math.isnan(part))

    leaves = greatest([region.code for region in labels.leaves], size, SHOWN, SHOWN)
    regions = labels.under_parents(leaves)
    bounds = frozenset(cell[1:] for cell in constrained(frame, year=year))
    gaps = _Gaps(say, regions, values, bounds, alone)
    layout = _layout(gaps, _extent(frame, labels, shown), bool(constrained(frame)))
    rows = len(regions) + HEADS + FEET
    with figure_frame(
        ax,
        (layout.inches, rows * ROW),
        say,
        title=say(f"charts.{shown}_title", year=year, sign=say.sign),
        headline=_headline(frame, say, year),
        notes=[*_notes(gaps), *beside(frame, labels, year, lang)],
        around=around,
    ) as host:
        host.set_xlim(0, layout.inches * layout.scale)
        host.set_ylim(len(regions) - 0.5 + FEET, -HEADS - 0.5)
        _names(host, layout, gaps)
        for k, level in enumerate(labels.levels):
            _bars(host, layout.zeros[k], level, gaps)
            _figures(host, layout, k, gaps)
    return host


def _extent(frame: pd.DataFrame, labels: Labels, shown: str) -> tuple[float, float]:
    """Return the lowest and highest figure of any region and level in any year, 0 between them.

    All years have one scale, so that the charts of a run can be leafed through.
    """
    leaves = [region.code for region in labels.leaves]
    levels = [level.code for level in labels.levels]
    inside = frame["region"].astype(str).isin(leaves) & frame["level"].astype(str).isin(levels)
    known = pd.to_numeric(frame.loc[inside, shown]).dropna().tolist()
    return min([0.0, *known]), max([0.0, *known])


def _layout(gaps: _Gaps, extent: tuple[float, float], bounded: bool) -> _Layout:
    (lowest, highest), say = extent, gaps.say
    left = 0.25 + max(
        map(style.measured(9.5), [_name(gaps, code) for code in (*gaps.regions, ALL)])
    )
    count = max(1, len(say.labels.levels))
    # The figures of the longest bars, and what stands at no bar.
    size = style.measured(9)
    least = size(say("nouns.no_data"))
    figures = [number(n) if gaps.alone else _signed(n) for n in extent]
    if bounded:
        figures = [_least(text) for text in figures]
    before, after = (PAD + max(size(text), 0.3) for text in figures)
    before *= lowest < 0
    rooms = before + max(after, PAD + least)
    inches = max(LEAST, left + max(3.3, rooms + 1.5) * count)
    each = (inches - left) / count
    scale = (highest - lowest or 1.0) / (each - rooms - 0.2)
    starts = tuple((left + each * k) * scale for k in range(count))
    ends = tuple(start + (each - 0.1) * scale for start in starts)
    zeros = tuple(start + (0.1 + before) * scale - lowest for start in starts)
    return _Layout(inches, scale, starts, ends, zeros)


def _name(gaps: _Gaps, code: str) -> str:
    """Return the name of a row; of a sum that it is one, where spare places offset missing ones."""
    return cut(gaps.say.row(code, net=not gaps.alone), NAMES, style.measured(9.5))


def _signed(value: float) -> str:
    return number(value, signed=True, minus=MINUS)


def _least(text: str) -> str:
    """Mark a lower bound: where demand is one, the gap with its sign is one too."""
    return f"≥ {text}"


def _names(ax: Axes, layout: _Layout, gaps: _Gaps) -> None:
    """Rule the rows, and write the names of regions and levels."""
    rows, say = len(gaps.regions), gaps.say
    ax.hlines([row - 0.5 for row in range(rows + 1)], *ax.get_xlim(), colors=style.RULE, lw=0.6)
    ax.vlines(layout.zeros, -0.5, rows - 0.5, colors="#707070", lw=0.9)
    for row, code in enumerate(gaps.regions):
        if say.labels.is_sum(code):  # a stripe, over the zero lines and under the figures
            ax.axhspan(row - 0.5, row + 0.5, color=style.STRIPE, lw=0, zorder=2)
        write(ax, 0, row, _name(gaps, code), 9.5)
    write(ax, 0, -1, _name(gaps, ALL), 9.5)
    for k, level in enumerate(say.labels.levels):
        layout.over_zero(ax, k, -2, say.level_head(level.code), 11)
        if not gaps.alone:
            layout.over_zero(ax, k, rows - 0.1, say("nouns.directions"), 8, color=style.MUTED)


def _bars(ax: Axes, zero: float, level: LevelLabel, gaps: _Gaps) -> None:
    """Draw one bar per region that has a gap; a pooled level's are hatched grey, sums have none."""
    found = {
        row: gaps.figure(code, level)[0]
        for row, code in enumerate(gaps.regions)
        if not gaps.say.labels.is_sum(code)
    }
    known = {row: value for row, value in found.items() if not math.isnan(value)}
    shared = {row for row in known if gaps.regions[row] in level.shared and not gaps.alone}
    if hatched := {row: value for row, value in known.items() if row in shared}:
        grey: style.Looks = {"facecolor": "#EFEFEF", "edgecolor": "#A6A6A6", "hatch": "////"}
        ax.barh(list(hatched), list(hatched.values()), 0.5, zero, lw=0, **grey)
    if own := {row: value for row, value in known.items() if row not in shared}:
        colours = [style.SHORT if value > 0 else style.IDLE for value in own.values()]
        colours = [style.DEMAND] * len(own) if gaps.alone else colours
        ax.barh(list(own), list(own.values()), 0.62, zero, color=colours)


def _figures(ax: Axes, layout: _Layout, k: int, gaps: _Gaps) -> None:
    """Write a level's signed figures beside its bars, and the district's net gap above them."""
    level, zero, pad = gaps.say.labels.levels[k], layout.zeros[k], PAD * layout.scale
    for row, code in enumerate(gaps.regions):
        value, text, colour = gaps.figure(code, level)
        if gaps.say.labels.is_sum(code):
            layout.over_zero(ax, k, row, text, 9, color=colour)
            continue
        x = zero + (value - pad if value < 0 else pad if math.isnan(value) else value + pad)
        side = "right" if value < 0 else "left"
        write(ax, x, row, text, 8.5 if code in level.shared else 9, ha=side, color=colour)
    _, text, colour = gaps.figure(ALL, level)
    layout.over_zero(ax, k, -1, text, 11, color=colour)


def _headline(frame: pd.DataFrame, say: Wording, year: int) -> str:
    """Return the district's figures of the year; where places are missing, what is known."""
    labels = say.labels
    if labels.by_level:
        return say.lead() + say.joined(each_level(frame, say, year), "semicolon")
    if not places_known(frame, labels):
        return say.lead() + demand_of(frame, year, say.lang)
    net, shortage, surplus = (
        {cell[1:]: value for cell, value in column(frame, name, year=year).items()}
        for name in ("gap", "shortage", "surplus")
    )
    missing = [cell for cell in labels.headline if math.isnan(shortage.get(cell, math.nan))]
    facts = {"district": say.region(ALL), "scenario": say.scenario}
    if not missing:
        rows = labels.headline_rows
        facts["gap"] = _signed(sum(net[row] for row in rows))
        facts["surplus"] = _signed(-sum(surplus[row] for row in rows))
        facts["shortage"] = _signed(sum(shortage[row] for row in rows))
        return say("charts.district_gap", **facts)
    known = sum(shortage[cell] for cell in labels.headline if cell not in missing)
    facts["shortage"], facts["cells"] = _signed(known), named(missing, labels, say.lang)
    return say("charts.district_unknown", **facts)


def each_level(frame: pd.DataFrame, say: Wording, year: int) -> Iterator[str]:
    """Yield what is short and idle of each level; demand where no places are known."""
    if not places_known(frame, say.labels):
        demand = column(frame, "demand", year=year)
        for level in say.labels.levels:
            facts = {"level": say.level(level.code)}
            pupils = number(demand.get((year, ALL, level.code), math.nan))
            yield say("charts.level_demand", pupils=pupils, **facts)
        return
    short, idle = (column(frame, name, year=year) for name in ("shortage", "surplus"))
    for level in say.labels.levels:
        ends = {"short": short, "idle": idle}
        found = {name: of.get((year, ALL, level.code), math.nan) for name, of in ends.items()}
        if any(map(math.isnan, found.values())):
            yield say("charts.level_unknown", level=say.level(level.code))
            continue
        signed = {"short": found["short"], "idle": -found["idle"]}
        parts = [
            say(f"charts.level_{name}", places=_signed(places))
            for name, places in signed.items()
            if round(places)
        ]
        balance = say.joined(parts, "comma") or say("nouns.balanced")
        yield say("charts.level_gap", level=say.level(level.code), balance=balance)


def _notes(gaps: _Gaps) -> Iterator[str]:
    say, total = gaps.say, len(gaps.say.labels.leaves)
    shown = sum(not say.labels.is_sum(code) for code in gaps.regions)
    if shown < total:
        yield say("charts.shown", shown=shown, total=total)
    yield say("charts.all_years")
    levels = "" if say.labels.by_level else say.labels.target_names(say.lang)
    if levels and not gaps.alone:
        yield say("charts.headline_levels", levels=levels)
    if say.pooled and not gaps.alone:
        yield say("charts.pooled_note", levels=say.pooled)
    if any(region in (*gaps.regions, ALL) for region, level in gaps.bounds if level != ALL):
        yield say("charts.bound_note_least")
