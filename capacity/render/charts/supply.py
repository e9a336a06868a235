"""Demand against places stacked by what they are made of, a panel per level."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from capacity.base.settings import UNSURE
from capacity.base.words import number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import KEY, WHOLE, Around, figure_frame, key
from capacity.render.charts.layout import level_panels, over_years, panel_title
from capacity.render.charts.told import tell_years
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Labels, column, constrained, years_of

#: Parts from the surest to the least sure, with colour and hatch: told apart in grey, too.
PARTS = {
    "existing": ("#C4CACF", ""),
    "open": ("#00664B", ""),
    "building": ("#009E73", ""),
    "approved": ("#6CC5A6", "////"),
    "planned": ("#BFE6D8", "...."),
    "idea": ("#FFFFFF", "xxxx"),
    "measures": ("#CC79A7", "\\\\\\\\"),
}
#: Colours of hatches: of parts, and of what measures take away.
HATCH, TAKEN = "#40574F", "#8E3B76"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Series:
    """A level's series by year, in places."""

    code: str
    demand: Floats
    parts: dict[str, Floats]
    short: float  # in the answer year
    idle: float
    full: bool  # demand is a lower bound in the answer year

    @property
    def places(self) -> Floats:
        """Usable places: the sum of the parts."""
        total: Floats = np.sum(list(self.parts.values()), axis=0)
        return total

    @property
    def taken(self) -> Floats:
        """What measures take away: the sum of the parts below 0."""
        below: Floats = -np.sum([np.minimum(part, 0.0) for part in self.parts.values()], axis=0)
        return below


def supply_chart(
    frame: pd.DataFrame,
    results: pd.DataFrame,
    labels: Labels,
    *,
    region: str = ALL,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw demand as a line over places stacked by what they are made of, a panel per level.

    Parameters
    ----------
    frame : DataFrame
        The supply frame: year, region (with ``all``), level, part, places.
    results : DataFrame
        The results frame of the same run.
    labels, region, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the panels. The top of a stack is at the usable places:
        where measures take places away, the stack begins as far below 0.
    """
    own = frame[frame["region"].astype(str) == region]
    if own.empty:
        raise ValueError(f"the results have no region {region!r}")
    years, say = years_of(frame), Wording.of(labels, lang)
    answer = labels.answer_year(years)
    levels = [_series(own, results, labels, (region, level.code), years) for level in labels.levels]
    handles = _key(levels, say)
    rows = 1 if len(handles) <= 5 else 2
    panels = level_panels(len(levels))
    wide, high = panels.size
    with figure_frame(
        ax,
        (wide, high + rows * KEY),
        say,
        title=say("charts.supply_title", years=say.span(years)),
        headline=_headline(levels, say, region, years),
        notes=_notes(levels, results, say, region),
        around=around,
    ) as host:
        for level, place in zip(levels, panels.places(len(levels)), strict=True):
            panel = panels.axes(host, place)
            _draw(panel, level, years, say)
            tell_years(panel, years, say.level_head(level.code), _figures(level, say), say)
            balance = say.balance(level.short, level.idle, level.full)
            figures = say("charts.panel_gap", year=answer, gap=balance)
            colour = style.of_balance(level.short, level.idle)
            panel_title(panel, say.level_head(level.code), figures, colour, panels.title_width)
        key(host, handles, rows=rows)
    return host


def _series(
    own: pd.DataFrame,
    results: pd.DataFrame,
    labels: Labels,
    cell: tuple[str, str],
    years: tuple[int, ...],
) -> _Series:
    """Return the series of one region and level, from the region's supply and all results."""
    answer = labels.answer_year(years)
    short, idle, gap = (
        column(results, name, year=answer).get((answer, *cell), math.nan)
        for name in ("shortage", "surplus", "gap")
    )
    if any(cell[0] in v.shared for v in labels.levels if v.code == cell[1]):
        short, idle = max(gap, 0.0), max(-gap, 0.0)
    parts = {name: np.zeros(len(years)) for name in PARTS}
    found = own[own["level"].astype(str) == cell[1]]
    for year, part, places in zip(found["year"], found["part"], found["places"], strict=True):
        parts[str(part)][years.index(int(year))] += float(places)
    known = column(results, "demand")
    demand = np.array([known.get((year, *cell), math.nan) for year in years])
    full = (answer, *cell) in constrained(results, year=answer)
    return _Series(cell[1], demand, parts, short, idle, full)


def _draw(ax: Axes, level: _Series, years: tuple[int, ...], say: Wording) -> None:
    """Stack the parts; those below 0 hang under the stack, which begins at their sum."""
    taken = level.taken
    base, known = -taken, ~np.isnan(taken)
    for name, part in level.parts.items():
        added = np.where(known, np.maximum(part, 0.0), 0.0)
        if added.any():
            looks: style.Looks = {
                "facecolor": PARTS[name][0],
                "edgecolor": HATCH,
                "hatch": PARTS[name][1],
            }
            bottom = np.where(known, base, 0.0)
            ax.bar(years, added, 0.82, bottom, linewidth=0, label=name, **looks)
        base = base + np.maximum(part, 0.0)
    if (gone := np.where(known, taken, 0.0)).any():
        looks = {"facecolor": "none", "edgecolor": TAKEN, "hatch": PARTS["measures"][1]}
        ax.bar(years, gone, 0.82, -gone, linewidth=0, label="closed", **looks)
        ax.axhline(0, color=style.TEXT, lw=0.8)
    first = [k for k, year in enumerate(years) if year == say.labels.base_year]
    halo: style.Looks = {
        "color": "white",
        "lw": 3.4,
        "solid_capstyle": "round",
        "zorder": 3,
        "label": "halo",
    }
    line: style.Looks = {
        "color": style.DEMAND,
        "lw": 1.8,
        "marker": "o",
        "ms": 4.5,
        "label": "demand",
    }
    ax.plot(years, level.demand, **halo)
    ax.plot(years, level.demand, markevery=first, zorder=4, **line)
    ax.set_xlim(years[0] - 0.6, years[-1] + 0.6)
    highest = float(np.nanmax([*level.demand, *np.where(known, base, 0.0), 1.0]))
    ax.set_ylim(-1.15 * float(np.nanmax([*taken, 0.0])), 1.06 * highest)
    over_years(ax, years, say)
    if np.isnan(level.places).any():  # said where they are, so that nobody takes them for none
        how: style.Looks = {"ha": "center", "va": "center", "color": style.MUTED}
        ax.text(0.5, 0.3, say("charts.supply_missing"), transform=ax.transAxes, fontsize=9, **how)


def _figures(level: _Series, say: Wording) -> dict[str, list[float]]:
    """Return demand, places and the parts that there are, by label."""
    parts = {
        say(f"charts.part_{name}"): part.tolist()
        for name, part in level.parts.items()
        if np.nan_to_num(part).any()
    }
    whole = {"demand": level.demand, "places": level.places}
    return {say(f"nouns.{name}"): line.tolist() for name, line in whole.items()} | parts


def _key(levels: list[_Series], say: Wording) -> list[Artist]:
    """Return the key: demand, and the parts that there are."""
    base = say("charts.base_year", year=say.labels.base_year)
    handles: list[Artist] = [
        Line2D([], [], color=style.DEMAND, lw=1.8, label=say("nouns.demand")),
        Line2D([], [], color=style.DEMAND, lw=0, marker="o", ms=4.5, label=base),
    ]
    looks: style.Looks = {"edgecolor": HATCH, "lw": 0}
    for name, (colour, hatch) in PARTS.items():
        if any((np.nan_to_num(level.parts[name]) > 0).any() for level in levels):
            label = say(f"charts.part_{name}")
            handles.append(Patch(facecolor=colour, hatch=hatch, label=label, **looks))
    if any((np.nan_to_num(level.taken) > 0).any() for level in levels):
        looks = {"facecolor": "none", "edgecolor": TAKEN, "hatch": PARTS["measures"][1], "lw": 0}
        handles.append(Patch(label=say("charts.part_closed"), **looks))
    return handles


def _headline(levels: list[_Series], say: Wording, region: str, years: tuple[int, ...]) -> str:
    """Return how many of the answer year's places come from projects that are still to come."""
    answer = say.labels.answer_year(years)
    at = years.index(answer)
    places = sum(float(level.places[at]) for level in levels)
    if say.labels.by_level and not math.isnan(places):
        parts = [
            say(
                "charts.level_places",
                level=say.level(one.code),
                places=number(float(level.places[at])),
                demand=number(float(level.demand[at])),
            )
            for one, level in zip(say.labels.levels, levels, strict=True)
        ]
        listed = say.joined(parts, "semicolon")
        said = say("charts.supply_head_levels", year=answer, levels=listed)
        return say.lead(region) + said
    if all(np.isnan(level.places).all() for level in levels):
        return say.lead(region) + say("charts.heatmap_unknown")
    if math.isnan(places):
        return say.lead(region) + say("charts.supply_unknown", year=answer)
    ahead = sum(float(level.parts[name][at]) for level in levels for name in UNSURE)
    demand = sum(float(level.demand[at]) for level in levels)
    facts = {"places": number(places), "demand": number(demand), "ahead": number(ahead)}
    return say.lead(region) + say("charts.supply_head", year=answer, **facts)


def _notes(
    levels: list[_Series], results: pd.DataFrame, say: Wording, region: str
) -> Iterator[str]:
    yield say("charts.scale_own")
    if region == ALL:
        answer = say.labels.answer_year(years_of(results))
        shortage = column(results, "shortage", year=answer)
        yield say.missing_places({cell[1:]: value for cell, value in shortage.items()})
    elif say.pooled:
        yield say("charts.pooled_only", levels=say.pooled)
    if any(level.full for level in levels):
        yield say("charts.bound_note")
