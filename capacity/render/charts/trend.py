"""Demand and places over the years: small multiples where the regions lie on the compass."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from capacity.base.words import MINUS, number, word
from capacity.render.charts import style
from capacity.render.charts.balance import EACH_WAY, Floats, balance, balance_colour, shade
from capacity.render.charts.compass import Place, arrange, box
from capacity.render.charts.panels import title, year_ticks
from capacity.results.labels import (
    ALL,
    Cell,
    Labels,
    RegionLabel,
    column,
    constrained,
    first_greatest,
    named,
    said,
    years_of,
)

PANEL = (3.7, 2.5)  # inches, with its tick labels and title
ROOM = 0.83 * PANEL[0]  # inches of a title
MARGINS = (0.25, 0.8, 0.25)  # left, bottom, right
LINES = ("demand", "places", "places_listed")
AREAS = ("shortage", "surplus")


@dataclass(frozen=True)
class _Panel:
    """One region's series by year; ``full`` where demand is a lower bound in the answer year."""

    code: str
    place: Place
    series: dict[str, Floats]
    full: bool


def trend(frame: pd.DataFrame, labels: Labels, *, lang: str = "en", ax: Axes | None = None) -> Axes:
    """Draw demand and places over the years, the gap between them shaded.

    Parameters
    ----------
    frame : DataFrame
        The results frame: a row per year, region and level, with ``all`` for both; in places.
    labels : Labels
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the panels.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the panels, the district's first.
    """
    years = years_of(frame)
    lang = style.readable(lang)
    regions, places, key, shape = arrange(frame, labels)
    panels = _panels(frame, labels, years, regions, places)
    inches = shape[1] * PANEL[0]
    given = ax is not None
    with style.styled():
        facts = {"years": style.span(years, lang), "minus": MINUS, "sign": style.sign(lang)}
        heading, head = (
            word("charts.trend_title", lang, **facts),
            _headline(frame, labels, years, lang),
        )
        if ax is None:
            left, bottom, right = MARGINS
            top = style.head_height(heading, head, inches=inches)
            size = (inches + left + right, shape[0] * PANEL[1] + bottom + top)
            ax = style.canvas(*size, (left, bottom, right, top))
        style.bare(ax)
        target = _target(panels[0], years, labels)
        district, common = _scale(panels[:1], target), _scale(panels[1:])
        for panel in panels:
            inset: Axes = ax.inset_axes(box(panel.place, shape))
            _draw(inset, panel, years, labels, lang)
            inset.set_ylim(*(district if panel.code == ALL else common))
            if panel.code == ALL and target is not None:
                _draw_target(inset, target, years, labels)
        _key(ax, box(key, shape), labels, lang, targeted=target is not None)
        notes = _notes(panels, labels, lang, cut_off=max(district[0], common[0]) > 0)
        style.head(ax, heading, head, inches=inches)
        style.foot(ax, notes, labels, lang, inches=inches)
        if given:
            style.fit(ax, inches)
    return ax


def _panels(
    frame: pd.DataFrame,
    labels: Labels,
    years: tuple[int, ...],
    regions: tuple[RegionLabel, ...],
    places: tuple[Place, ...],
) -> list[_Panel]:
    """Give the district's panel and one per region, that one over its own (not pooled) levels."""
    values = {name: column(frame, name) for name in (*LINES, *AREAS)}
    bounds = constrained(frame)
    answer = labels.answer_year(years)
    own = [level.code for level in labels.own_levels]
    panels = []
    for code, place in zip((ALL, *(region.code for region in regions)), places, strict=True):
        cells = [(ALL, ALL)] if code == ALL else _cells_of(code, own, labels)
        series = {name: _sum(values[name], cells, years) for name in values}
        full = any((answer, *cell) in bounds for cell in cells)
        panels.append(_Panel(code, place, series, full))
    return panels


def _cells_of(code: str, levels: list[str], labels: Labels) -> list[tuple[str, str]]:
    return [(leaf, level) for leaf in labels.leaves_of(code) for level in levels]


def _sum(values: dict[Cell, float], cells: list[tuple[str, str]], years: tuple[int, ...]) -> Floats:
    """Add up cells by year; where one is missing the sum is too."""
    return np.array([sum(values.get((y, *cell), math.nan) for cell in cells) for y in years])


def _scale(panels: list[_Panel], target: float | None = None) -> tuple[float, float]:
    """Give limits in places that hold all lines; from 0 unless all lie far above it."""
    lines = [panel.series[name] for panel in panels for name in LINES]
    lines += [_seated(panel) for panel in panels]
    known = [line[~np.isnan(line)] for line in lines]
    values = np.concatenate([*known, [] if target is None else [target]])
    lowest, highest = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    span = highest - lowest
    below = lowest - 0.3 * span if lowest > 0.5 * highest and span > 0 else 0.0
    return below, (highest + 0.06 * (highest - below)) or 1.0


def _draw(ax: Axes, panel: _Panel, years: tuple[int, ...], labels: Labels, lang: str) -> None:
    demand, places, listed = (panel.series[name] for name in LINES)
    shade(ax, years, demand, places, _seated(panel))
    alone = "_" if len(years) == 1 else ""  # a line of one year would be nothing
    ax.plot(years, listed, color=style.LISTED, lw=1.1, ls=":", marker=alone, ms=16)
    ax.plot(years, places, color=style.PLACES, lw=1.6, marker=alone, ms=24, mew=1.6)
    base = [years.index(labels.base_year)] if labels.base_year in years else []
    ax.plot(years, demand, color=style.DEMAND, lw=1.6, marker="o", markevery=base, ms=4.5)
    ax.xaxis.set_major_locator(FixedLocator(year_ticks(years)))
    ax.yaxis.set_major_locator(MaxNLocator(4))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value)))
    ax.tick_params(labelsize=8, length=2.5)
    ax.margins(x=0.02)
    _title(ax, panel, years, labels, lang)
    if panel.code == ALL:
        ax.set_facecolor("#F4F4F4")


def _title(ax: Axes, panel: _Panel, years: tuple[int, ...], labels: Labels, lang: str) -> None:
    """Name the region, and say what is short and idle in the answer year."""
    answer = labels.answer_year(years)
    short, idle = (float(panel.series[name][years.index(answer)]) for name in AREAS)
    said = word("charts.panel_gap", lang, year=answer, gap=balance(short, idle, panel.full, lang))
    title(ax, labels.region_name(panel.code, lang), said, balance_colour(short, idle), ROOM)


def _seated(panel: _Panel) -> Floats:
    """Give the pupils with a place of their level and region: below it lies neither gap."""
    seated: Floats = panel.series["demand"] - panel.series["shortage"]
    return seated


def _target(panel: _Panel, years: tuple[int, ...], labels: Labels) -> float | None:
    """Give the listed places that the plan announces, if its year lies ahead of the base year."""
    by = labels.new_places_by
    if labels.new_places is None or labels.base_year not in years:
        return None
    base = float(panel.series["places_listed"][years.index(labels.base_year)])
    late = by is not None and by <= labels.base_year
    return None if late or math.isnan(base) else base + labels.new_places


def _draw_target(ax: Axes, target: float, years: tuple[int, ...], labels: Labels) -> None:
    """Draw the plan's target dashed, with a mark at its year."""
    ax.plot((labels.base_year, years[-1]), (target, target), color=style.TARGET, lw=1.3, ls="--")
    if labels.new_places_by in years:
        ax.plot([labels.new_places_by], [target], color=style.TARGET, marker="D", ms=4.5)


def _key(
    ax: Axes, cell: tuple[float, float, float, float], labels: Labels, lang: str, *, targeted: bool
) -> None:
    """Write the key, and what the scales and panels leave out, into a free cell."""
    handles: list[Artist] = [
        Line2D([], [], color=style.DEMAND, lw=1.6, label=word("nouns.demand", lang)),
        Line2D([], [], color=style.PLACES, lw=1.6, label=word("nouns.places", lang)),
        Line2D([], [], color=style.LISTED, lw=1.1, ls=":", label=word("nouns.places_listed", lang)),
        Patch(color=style.SHORT, alpha=0.5, lw=0, label=word("charts.short_area", lang)),
        Patch(color=style.IDLE, alpha=0.5, lw=0, label=word("charts.idle_area", lang)),
        Patch(**EACH_WAY, label=word("charts.both_area", lang)),
    ]
    base = word("charts.base_year", lang, year=labels.base_year)
    handles.append(Line2D([], [], color=style.DEMAND, lw=0, marker="o", ms=4.5, label=base))
    if targeted:
        key = "charts.target_undated" if labels.new_places_by is None else "charts.target"
        plan = word(key, lang, places=number(labels.new_places or 0), year=labels.new_places_by)
        handles.append(
            Line2D([], [], color=style.TARGET, lw=1.3, ls="--", marker="D", ms=4.5, label=plan)
        )
    ax.legend(
        handles=handles,
        loc="center left",
        bbox_to_anchor=(cell[0] - 0.03, *cell[1:]),
        frameon=False,
        fontsize=9,
        borderaxespad=0,
    )


def _headline(frame: pd.DataFrame, labels: Labels, years: tuple[int, ...], lang: str) -> str:
    """Give the year of greatest shortage, or that none is known."""
    shortage = column(frame, "shortage")
    known = {
        year: sum(value for c in labels.counted if (value := shortage.get((year, *c), 0.0)) > 0)
        for year in years
    }
    worst = first_greatest(known)
    names = [labels.region_name(ALL, lang), said(labels.title, lang, labels.scenario)]
    lead = word("nouns.comma", lang).join(names) + word("nouns.colon", lang)
    missing = [c for c in labels.counted if math.isnan(shortage.get((worst, *c), math.nan))]
    if known[worst] <= 0:
        text = word("sentences.head_never", lang)
    else:
        text = word("sentences.head_worst", lang, places=number(known[worst]), year=worst)
        idle = column(frame, "surplus").get((worst, ALL, ALL), math.nan)
        if round(np.nan_to_num(idle)) > 0:
            text += word("nouns.comma", lang) + word("charts.while_idle", lang, places=number(idle))
    if missing:
        text += word("nouns.semicolon", lang)
        text += word("sentences.no_places", lang, cells=named(missing, labels, lang))
    return lead + text


def _notes(panels: list[_Panel], labels: Labels, lang: str, *, cut_off: bool) -> list[str]:
    notes = []
    shown, total = len(panels) - 1, len(labels.tops)
    if shown < total:
        notes.append(word("charts.shown_short", lang, shown=shown, total=total))
    if shown:
        notes.append(word("charts.scale_note", lang))
    if cut_off:
        notes.append(word("charts.cut_off", lang))
    pooled = [labels.level_name(level.code, lang) for level in labels.levels if level.pooled]
    if pooled and len(pooled) < len(labels.levels):
        notes.append(word("charts.own_note", lang, levels=word("nouns.list", lang).join(pooled)))
    if any(panel.full for panel in panels):
        notes.append(word("charts.bound_note", lang))
    return notes
