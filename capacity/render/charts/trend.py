"""The first picture of a run: demand and places over the years, and below them what to open when.

Small multiples where the regions lie on the map, two tables (`below`), and above all of it the
answer. Where no places are known there is demand alone, and the title says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from capacity.base.words import number
from capacity.render.charts import style
from capacity.render.charts.below import below
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, figure_frame
from capacity.render.charts.layout import Panels, greatest, over_years, panel_title, tile_grid
from capacity.render.charts.told import tell_years
from capacity.render.charts.verdict import verdict
from capacity.render.charts.wording import Wording
from capacity.render.needs import beside
from capacity.results.labels import (
    ALL,
    Labels,
    column,
    constrained,
    places_known,
    years_of,
)

#: Regions in a plain grid at most: those of the greatest shortage in any year.
SHOWN = 10
CELL, ROOM = (3.7, 2.5), (0.555, 0.425, 0.185, 0.325)  # inches of a panel, and beside its axes
LINES = ("demand", "places", "places_listed")
AREAS = ("shortage", "surplus")
#: How the area looks that is short at one level or region and idle at another.
EACH_WAY: style.Looks = {
    "facecolor": style.mix("#FFFFFF", style.SHORT, 0.5),
    "edgecolor": style.IDLE,
    "hatch": "/////",
    "lw": 0,
}
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Series:
    """One region's series by year; ``full`` where demand is a lower bound in the answer year."""

    code: str
    values: dict[str, Floats]
    full: bool

    @property
    def seated(self) -> Floats:
        """Pupils with a place of their level and region: below it lies neither gap."""
        seated: Floats = self.values["demand"] - self.values["shortage"]
        return seated


def trend_chart(
    frame: pd.DataFrame,
    entry: pd.DataFrame,
    chance: pd.DataFrame,
    labels: Labels,
    *,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
    tables: bool = True,
) -> Axes:
    """Draw demand and places over the years, the gap between them shaded; below them two tables.

    Parameters
    ----------
    frame, entry, chance : DataFrame
        The rows of results.csv, entry.csv and, of a run with draws, chance.csv.
    labels, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.
    tables
        Whether the two tables stand below.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the panels, the district's first; where the district adds
        up no levels, one for each of its levels.
    """
    years, say = years_of(frame), Wording.of(labels, lang)
    alone = not places_known(frame, labels)
    codes, panels, (*places, free) = _laid_out(frame, labels)
    shown = list(_series(frame, labels, years, codes))
    target = None if labels.by_level else _target(shown[0], years, labels)
    scales = _scales(shown, labels, target)
    facts = {"years": say.span(years)}
    notes = _notes(shown, frame, say, cut_off=any(low > 0 for low, _ in scales.values()))
    size = max(panels.size[0], LEAST), panels.size[1]
    under = below(frame, entry, say, size[0]) if tables else None
    size = size[0], size[1] + (under.height if under else 0)
    with figure_frame(
        ax,
        size,
        say,
        title=say(f"charts.trend_{'demand' if alone else 'title'}", **facts),
        headline=verdict(frame, chance, say),
        notes=[*notes, *(under.notes if under else ())],
        around=around,
    ) as host:
        if under:
            under.draw(host, panels.size[1], size[0])
        for series, place in zip(shown, places, strict=True):
            panel = panels.axes(host, place)
            _draw(panel, series, years, say)
            _title(panel, series, years, say, panels.title_width, alone=alone)
            panel.set_ylim(*scales[series.code])
            _tell(panel, series, years, say)
            if series is shown[0] and target is not None:
                _draw_target(panel, target, years, labels)
        x, y, wide, high = panels.box(free)
        corner = (x / size[0] - 0.03, 1 - (y + high) / size[1])
        host.legend(
            handles=_base_key(say) if alone else _key(say, targeted=target is not None),
            loc="center left",
            bbox_to_anchor=(*corner, wide / size[0], high / size[1]),
            frameon=False,
            fontsize=9,
            borderaxespad=0,
        )
    return host


def _laid_out(
    frame: pd.DataFrame, labels: Labels
) -> tuple[tuple[str, ...], Panels, list[tuple[int, int]]]:
    """Return the district and the regions shown, or levels; the grid; the cells, the key's last.

    Levels stand in place of both where the district adds up none.
    """
    codes = tuple(region.code for region in labels.tops)
    tiles = None if labels.by_level else tile_grid(labels)
    if labels.by_level:
        codes = tuple(level.code for level in labels.levels)
    elif tiles is None:
        codes = _shortest(frame, labels, codes)
    if not labels.by_level:
        codes = (ALL, *codes)
    if tiles is None:
        count = len(codes) + 1
        columns = min(count, 3 if count in (5, 6) else 4)
        tiles = [divmod(k, columns) for k in range(count)]
    shape = (max(row for row, _ in tiles) + 1, max(column for _, column in tiles) + 1)
    return codes, Panels(shape, CELL, ROOM), tiles


def _shortest(frame: pd.DataFrame, labels: Labels, codes: tuple[str, ...]) -> tuple[str, ...]:
    gaps, years = column(frame, "gap"), years_of(frame)

    def worst(code: str) -> float:
        cells = _cells(code, labels)
        return max(sum(max(gaps.get((y, *c), 0.0), 0.0) for c in cells) for y in years)

    return greatest(codes, worst, SHOWN, SHOWN)


def _cells(code: str, labels: Labels) -> list[tuple[str, str]]:
    """Return the regions and (not pooled) levels that a panel sums up."""
    if labels.by_level:
        return [(ALL, code)]
    if code == ALL:
        return list(labels.headline_rows)
    of = labels.target_levels
    own = [level for level in labels.own_levels if not of or level.code in of]
    return [(leaf, level.code) for leaf in labels.leaves_of(code) for level in own]


def _series(
    frame: pd.DataFrame, labels: Labels, years: tuple[int, ...], codes: tuple[str, ...]
) -> Iterator[_Series]:
    """Yield the series of each region; where a cell is missing its sum is too."""
    values = {name: column(frame, name) for name in (*LINES, *AREAS)}
    bounds, answer = constrained(frame), labels.answer_year(years)
    for code in codes:
        cells = _cells(code, labels)
        summed = {
            name: np.array([sum(known.get((y, *c), math.nan) for c in cells) for y in years])
            for name, known in values.items()
        }
        yield _Series(code, summed, any((answer, *cell) in bounds for cell in cells))


def _scales(
    shown: list[_Series], labels: Labels, target: float | None
) -> dict[str, tuple[float, float]]:
    """Return the limits of each panel: one for all regions, one for each level."""
    if labels.by_level:
        return {one.code: _scale([one]) for one in shown}
    every = _scale(shown[1:])
    return {one.code: every for one in shown[1:]} | {ALL: _scale(shown[:1], target)}


def _scale(series: list[_Series], target: float | None = None) -> tuple[float, float]:
    """Return limits in places that hold all lines; from 0 unless all lie far above it."""
    lines = [one.values[name] for one in series for name in LINES]
    lines += [one.seated for one in series]
    known = [line[~np.isnan(line)] for line in lines]
    values = np.concatenate([*known, [] if target is None else [target]])
    lowest, highest = (float(values.min()), float(values.max())) if values.size else (0.0, 1.0)
    span = highest - lowest
    below = lowest - 0.3 * span if lowest > 0.5 * highest and span > 0 else 0.0
    return below, (highest + 0.06 * (highest - below)) or 1.0


def _draw(ax: Axes, series: _Series, years: tuple[int, ...], say: Wording) -> None:
    demand, places, listed = (series.values[name] for name in LINES)
    _shade(ax, years, demand, places, series.seated)
    alone = "_" if len(years) == 1 else ""  # a line of one year would be nothing
    ax.plot(years, listed, color=style.LISTED, lw=1.1, ls=":", marker=alone, ms=16)
    ax.plot(years, places, color=style.PLACES, lw=1.6, marker=alone, ms=24, mew=1.6)
    base = [k for k, year in enumerate(years) if year == say.labels.base_year]
    ax.plot(years, demand, color=style.DEMAND, lw=1.6, marker="o", markevery=base, ms=4.5)
    over_years(ax, years, say, ticks=4)
    ax.margins(x=0.02)
    if series.code == ALL:
        ax.set_facecolor("#F4F4F4")


def _tell(ax: Axes, series: _Series, years: tuple[int, ...], say: Wording) -> None:
    """Have each year tell its figures."""
    name = say.level_head(series.code) if say.labels.by_level else say.region(series.code)
    figures = {say(f"nouns.{of}"): series.values[of].tolist() for of in (*LINES, *AREAS)}
    tell_years(ax, years, name, figures, say)


def _shade(
    ax: Axes, years: tuple[int, ...], demand: Floats, places: Floats, seated: Floats
) -> None:
    """Shade what is short and what is idle; hatch what is both, below the lower line."""
    at = _with_crossings(np.array(years, float), demand - places)
    over, under, both = (np.interp(at, years, line) for line in (demand, places, seated))
    lower = np.minimum(over, under)
    ax.fill_between(at, lower, under, color=style.IDLE, alpha=0.5, lw=0)
    ax.fill_between(at, lower, over, color=style.SHORT, alpha=0.5, lw=0)
    ax.fill_between(at, both, lower, **EACH_WAY)


def _with_crossings(at: Floats, gap: Floats) -> Floats:
    """Add the moments between years at which a gap passes 0, so that areas do not overlap."""
    before = np.flatnonzero(gap[:-1] * gap[1:] < 0)
    share = gap[before] / (gap[before] - gap[before + 1])
    moments = at[before] + share * (at[before + 1] - at[before])
    return np.sort(np.concatenate([at, moments]))


def _title(
    ax: Axes,
    series: _Series,
    years: tuple[int, ...],
    say: Wording,
    inches: float,
    *,
    alone: bool,
) -> None:
    """Name the region, and write what is short and idle in the answer year, or demand alone."""
    answer = say.labels.answer_year(years)
    at = years.index(answer)
    short, idle, demand = (float(series.values[name][at]) for name in (*AREAS, "demand"))
    name = say.level_head(series.code) if say.labels.by_level else say.region(series.code)
    if alone:
        figures = say("charts.panel_demand", year=answer, pupils=number(demand))
        panel_title(ax, name, figures, style.TEXT, inches)
        return
    figures = say("charts.panel_gap", year=answer, gap=say.balance(short, idle, series.full))
    panel_title(ax, name, figures, style.of_balance(short, idle), inches)


def _target(district: _Series, years: tuple[int, ...], labels: Labels) -> float | None:
    """Return the listed places that the plan announces, if its year is after the base year."""
    by = labels.new_places_by
    if labels.new_places is None or labels.base_year not in years:
        return None
    base = float(district.values["places_listed"][years.index(labels.base_year)])
    late = by is not None and by <= labels.base_year
    return None if late or math.isnan(base) else base + labels.new_places


def _draw_target(ax: Axes, target: float, years: tuple[int, ...], labels: Labels) -> None:
    """Draw the plan's target dashed, with a mark at its year."""
    ax.plot((labels.base_year, years[-1]), (target, target), color=style.TARGET, lw=1.3, ls="--")
    if labels.new_places_by in years:
        ax.plot([labels.new_places_by], [target], color=style.TARGET, marker="D", ms=4.5)


def _base_key(say: Wording) -> list[Artist]:
    """Return the key of demand and of its base year."""
    base = say("charts.base_year", year=say.labels.base_year)
    return [
        Line2D([], [], color=style.DEMAND, lw=1.6, label=say("nouns.demand")),
        Line2D([], [], color=style.DEMAND, lw=0, marker="o", ms=4.5, label=base),
    ]


def _key(say: Wording, *, targeted: bool) -> list[Artist]:
    labels = say.labels

    def line(colour: str, label: str, **how: Any) -> Artist:
        return Line2D([], [], color=colour, label=label, **how)

    demand, base = _base_key(say)
    handles: list[Artist] = [
        demand,
        line(style.PLACES, say("nouns.places"), lw=1.6),
        line(style.LISTED, say("nouns.places_listed"), lw=1.1, ls=":"),
        Patch(color=style.SHORT, alpha=0.5, lw=0, label=say("charts.short_area")),
        Patch(color=style.IDLE, alpha=0.5, lw=0, label=say("charts.idle_area")),
        Patch(**EACH_WAY, label=say("charts.both_area")),
        base,
    ]
    if targeted:
        undated = labels.new_places_by is None
        facts = {"places": number(labels.new_places or 0), "year": labels.new_places_by}
        plan = say("charts.target_undated" if undated else "charts.target", **facts)
        handles.append(line(style.TARGET, plan, lw=1.3, ls="--", marker="D", ms=4.5))
    return handles


def _notes(
    series: list[_Series], frame: pd.DataFrame, say: Wording, *, cut_off: bool
) -> Iterator[str]:
    labels, total = say.labels, len(say.labels.tops)
    shown = total if labels.by_level else len(series) - 1
    if levels := labels.target_names(say.lang):
        yield say("charts.target_levels", levels=levels)
    if shown < total:
        yield say("charts.shown_short", shown=shown, total=total)
    if shown and not labels.by_level:
        yield say("charts.scale_note")
    if cut_off:
        yield say("charts.cut_off")
    if say.pooled and not labels.by_level and not all(level.pooled for level in labels.levels):
        yield say("charts.own_note", levels=say.pooled)
    if any(one.full for one in series):
        yield say("charts.bound_note")
    yield from beside(frame, labels, labels.spoken_year(years_of(frame)), say.lang)
