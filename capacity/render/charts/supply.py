"""Demand against places stacked by what they are made of, a panel per level."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from capacity.base.words import number, sentence, word
from capacity.render.charts import panels, style
from capacity.render.charts.balance import Floats, balance, balance_colour
from capacity.render.charts.panels import Grid, key, over_years
from capacity.render.charts.parts import AHEAD, HATCH, PARTS, TAKEN, LevelSeries, series_of
from capacity.render.charts.sheet import Around, lead, missing_places, sheet
from capacity.results.labels import ALL, Labels, column, years_of


def supply(
    frame: pd.DataFrame,
    results: pd.DataFrame,
    labels: Labels,
    *,
    region: str = ALL,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw demand as a line over places stacked by what they are made of, a panel per level.

    Parameters
    ----------
    frame : DataFrame
        The supply frame: year, region (with ``all``), level, part, places.
    results : DataFrame
        The results frame of the same run.
    labels : Labels
    region : str
        A code; by default the district.
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the panels.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the panels. The top of a stack is at the usable places:
        where measures take places away, the stack begins as far below 0.
    """
    own = frame[frame["region"].astype(str) == region]
    if own.empty:
        raise ValueError(f"the results have no region {region!r}")
    years = years_of(frame)
    lang = style.readable(lang)
    answer = labels.answer_year(years)
    levels = [series_of(own, results, labels, (region, v.code), years) for v in labels.levels]
    handles = _key(levels, labels, lang)
    keys = 1 if len(handles) <= 5 else 2
    grid = Grid.of(len(levels), keys=keys)
    title, headline = (
        word("charts.supply_title", lang, years=style.span(years, lang)),
        _headline(levels, labels, region, years, lang),
    )
    around = Around(title, headline, _notes(levels, results, labels, region, lang))
    with sheet(ax, grid.size, around, labels, lang) as host:
        for k, level in enumerate(levels):
            panel = grid.panel(host, k)
            _draw(panel, level, years, labels)
            _say_missing(panel, level, lang)
            _title(panel, level, labels, answer, region, lang, grid.title_room)
        key(host, handles, rows=keys)
    return host


def _draw(ax: Axes, level: LevelSeries, years: tuple[int, ...], labels: Labels) -> None:
    """Stack the parts; those below 0 hang under the stack, which begins at their sum."""
    taken = -np.sum([np.minimum(part, 0.0) for part in level.parts.values()], axis=0)
    base = -taken
    known = ~np.isnan(base)
    for name, part in level.parts.items():
        added = np.where(known, np.maximum(part, 0.0), 0.0)
        if added.any():
            _bars(ax, name, years, added, np.where(known, base, 0.0))
        base = base + np.maximum(part, 0.0)
    if (gone := np.where(known, taken, 0.0)).any():
        _bars(ax, "measures", years, gone, -gone, label="closed")
        ax.axhline(0, color=style.TEXT, lw=0.8)
    first = [years.index(labels.base_year)] if labels.base_year in years else []
    ax.plot(
        years, level.demand, color="white", lw=3.4, solid_capstyle="round", zorder=3, label="halo"
    )
    ax.plot(
        years,
        level.demand,
        color=style.DEMAND,
        lw=1.8,
        marker="o",
        ms=4.5,
        markevery=first,
        zorder=4,
        label="demand",
    )
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    highest = float(np.nanmax([*level.demand, *np.where(known, base, 0.0), 1.0]))
    ax.set_ylim(-1.15 * float(np.nanmax([*taken, 0.0])), 1.06 * highest)
    over_years(ax, years)


def _bars(
    ax: Axes,
    part: str,
    years: tuple[int, ...],
    high: Floats,
    base: Floats,
    label: str | None = None,
) -> None:
    colour, hatch = PARTS[part]
    face = "none" if label == "closed" else colour
    ax.bar(
        years,
        high,
        0.82,
        base,
        facecolor=face,
        edgecolor=HATCH if label is None else TAKEN,
        hatch=hatch,
        linewidth=0,
        label=label or part,
    )


def _say_missing(ax: Axes, level: LevelSeries, lang: str) -> None:
    """Say that places are missing where they are, so that nobody takes them for none."""
    if np.isnan(level.places).any():
        said = word("charts.supply_missing", lang)
        how: dict[str, Any] = {"ha": "center", "va": "center", "color": style.MUTED}
        ax.text(0.5, 0.3, said, transform=ax.transAxes, fontsize=9, **how)


def _title(
    ax: Axes,
    level: LevelSeries,
    labels: Labels,
    answer: int,
    region: str,
    lang: str,
    room: float,
) -> None:
    """Name the level, and say what is short and idle in the answer year."""
    pooled = {v.code for v in labels.levels if v.pooled}
    short, idle = level.short, level.idle
    if region != ALL and level.code in pooled:
        short, idle = max(level.gap, 0.0), max(-level.gap, 0.0)
    name = sentence(labels.level_name(level.code, lang))
    said = word("charts.panel_gap", lang, year=answer, gap=balance(short, idle, level.full, lang))
    panels.title(ax, name, said, balance_colour(short, idle), room)


def _key(levels: list[LevelSeries], labels: Labels, lang: str) -> list[Artist]:
    """Give the key under the panels: demand, and the parts that there are."""
    base = word("charts.base_year", lang, year=labels.base_year)
    handles: list[Artist] = [
        Line2D([], [], color=style.DEMAND, lw=1.8, label=word("nouns.demand", lang)),
        Line2D([], [], color=style.DEMAND, lw=0, marker="o", ms=4.5, label=base),
    ]
    taken = False
    for name, (colour, hatch) in PARTS.items():
        series = [np.nan_to_num(level.parts[name]) for level in levels]
        taken = taken or any((part < 0).any() for part in series)
        if any((part > 0).any() for part in series):
            how: dict[str, Any] = {"facecolor": colour, "edgecolor": HATCH, "hatch": hatch, "lw": 0}
            handles.append(Patch(label=word(f"charts.part_{name}", lang), **how))
    if taken:
        how = {"facecolor": "none", "edgecolor": TAKEN, "hatch": PARTS["measures"][1], "lw": 0}
        handles.append(Patch(label=word("charts.part_closed", lang), **how))
    return handles


def _headline(
    levels: list[LevelSeries], labels: Labels, region: str, years: tuple[int, ...], lang: str
) -> str:
    """Say how many of the places of the answer year come from projects that are still to come."""
    answer = labels.answer_year(years)
    at = years.index(answer)
    places = sum(float(level.places[at]) for level in levels)
    if math.isnan(places):
        return lead(labels, lang, region) + word("charts.supply_unknown", lang, year=answer)
    ahead = sum(float(level.parts[name][at]) for level in levels for name in AHEAD)
    demand = sum(float(level.demand[at]) for level in levels)
    facts = {"places": number(places), "demand": number(demand), "ahead": number(ahead)}
    return lead(labels, lang, region) + word("charts.supply_head", lang, year=answer, **facts)


def _notes(
    levels: list[LevelSeries], results: pd.DataFrame, labels: Labels, region: str, lang: str
) -> list[str]:
    answer = labels.answer_year(years_of(results))
    notes = [word("charts.scale_own", lang)]
    if region == ALL:
        shortage = column(results, "shortage", year=answer)
        notes += missing_places(labels, {cell[1:]: v for cell, v in shortage.items()}, lang)
    elif pooled := [v.code for v in labels.levels if v.pooled]:
        names = word("nouns.list", lang).join(labels.level_name(code, lang) for code in pooled)
        notes.append(word("charts.pooled_only", lang, levels=names))
    if any(level.full for level in levels):
        notes.append(word("charts.bound_note", lang))
    return notes
