"""How full regions and levels are, year by year, with the early-warning bands (学位预警)."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from capacity.base.titles import cell_name
from capacity.base.words import cut, number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, figure_frame, key, write
from capacity.render.charts.layout import (
    NAME,
    Box,
    cell_width,
    draw_cells,
    name_width,
    shown_leaves,
    worst_regions,
)
from capacity.render.charts.told import tell
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Cell, Labels, column, constrained, years_of

WIDE, HIGH = 0.52, 0.27  # inches of a cell, at least
HEAD, FEET = 0.56, 0.34  # inches above a level's cells; of the key
RAISED = 0.16  # inches by which the first level stands nearer to the headline
# Light to dark inside a band: up to `FULLEST` times the limit of red, down to `EMPTIEST` times
# that of yellow.
ABOVE, BELOW = ("#F2A192", "#A8140C"), ("#F3F7FB", "#C6DDEE")
FULLEST, EMPTIEST = 1.3, 0.55
#: How a cell looks whose places are not known.
UNKNOWN: style.Looks = {"hatch": "////", "edgecolor": "#C9C9C9", "linewidth": 0}


@dataclass(frozen=True)
class Fullness:
    """Demand ÷ places by (year, region, level), and of which demand is a lower bound."""

    shares: dict[Cell, float]
    demand: dict[Cell, float]
    places: dict[Cell, float]
    bounds: frozenset[Cell]
    years: tuple[int, ...]
    bands: tuple[float, float]

    def highest(self, level: str, region: str) -> float:
        """Return the greatest share of any year; nan where none is known."""
        shares = [self.shares.get((year, region, level), math.nan) for year in self.years]
        return max((share for share in shares if not math.isnan(share)), default=math.nan)

    def figure(self, cell: Cell, say: Wording) -> str:
        """Return per cent, never rounded into the next band; ≥ where demand is a lower bound."""
        share = self.shares.get(cell, math.nan)
        if math.isnan(share):
            return say("nouns.no_data")
        if math.isinf(share):
            return say("charts.no_place")
        percent = round(share * 100)
        for limit in self.bands:
            if share < limit:
                percent = min(percent, math.ceil(limit * 100) - 1)
        return f"{'≥' if cell in self.bounds else ''}{percent:,}%"


def heatmap_chart(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw demand as a share of places by region and year, a block per level.

    Parameters
    ----------
    frame : DataFrame
        The results frame: a row per year, region and level, with ``all`` for both.
    labels : Labels
        Its ``bands`` are the shares from which cells are yellow and red.
    lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        Measured in inches; each cell has its colour and its figure in per cent.
    """
    full, say = fullness_of(frame, labels), Wording.of(labels, lang)
    blocks = {
        level.code: () if level.pooled else worst_regions(labels, partial(full.highest, level.code))
        for level in labels.levels
    }
    codes = [code for block in blocks.values() for code in block]
    left = name_width(say, codes)
    wide = cell_width(left, len(full.years), WIDE)
    rows = len(codes) + len(blocks)
    high = HEAD * len(blocks) + HIGH * rows + FEET - RAISED
    with figure_frame(
        ax,
        (max(LEAST, left + wide * len(full.years)), high),
        say,
        title=say("charts.heatmap_title", years=say.span(full.years)),
        headline=_headline(full, say),
        notes=_notes(full, say, shown_leaves(labels, blocks.values())),
        around=around,
    ) as host:
        top = -RAISED
        for level, regions in blocks.items():
            _block(host, (left, top + HEAD, wide), level, (ALL, *regions), full, say)
            top += HEAD + HIGH * (len(regions) + 1)
        key(host, _key(full, say))
    return host


def fullness_of(frame: pd.DataFrame, labels: Labels) -> Fullness:
    """Return the shares: infinite where there is demand without any place."""
    demand, places = column(frame, "demand"), column(frame, "places")
    shares = {
        cell: share if places[cell] != 0 else math.inf if demand[cell] > 0 else 0.0
        for cell, share in column(frame, "utilisation").items()
    }
    return Fullness(shares, demand, places, constrained(frame), years_of(frame), labels.bands)


def _block(
    ax: Axes,
    at: tuple[float, float, float],
    level: str,
    regions: tuple[str, ...],
    full: Fullness,
    say: Wording,
) -> None:
    """Draw a level: its name, the years, the district's row and the regions'."""
    left, top, wide = at
    write(ax, 0, top - 0.2, cut(say.level_head(level), NAME), 11)
    for k, year in enumerate(full.years):
        x = left + wide * (k + 0.5)
        write(ax, x, top - 0.13, say.year(year), 8, ha="center", color=style.MUTED)
    known: dict[Box, str] = {}
    empty: list[Box] = []
    for row, region in enumerate(regions):
        y = top + HIGH * row + 0.04 * (row > 0)
        write(ax, 0, y + HIGH / 2, cut(say.row(region), NAME), 9.5)
        for k, year in enumerate(full.years):
            cell, box = (year, region, level), (left + wide * k, y, wide, HIGH)
            share = full.shares.get(cell, math.nan)
            colour = cell_colour(share, full.bands)
            points = 8 if math.isfinite(share) else 7  # words are smaller
            how: style.Looks = {"ha": "center", "color": style.text_colour(colour)}
            write(ax, box[0] + wide / 2, y + HIGH / 2, full.figure(cell, say), points, **how)
            _tell(ax, box, cell, full, say)
            if math.isnan(share):
                empty.append(box)
            else:
                known[box] = colour
    draw_cells(ax, list(known), list(known.values()))
    draw_cells(ax, empty, ["#FFFFFF"] * len(empty), **UNKNOWN)


def _tell(ax: Axes, box: Box, cell: Cell, full: Fullness, say: Wording) -> None:
    """Have a cell tell whose it is, and of what its share is."""
    year, region, level = cell
    name = cell_name(say.region(region), say.level(level), say.lang)
    lines = [say.joined([name, say.year(year)], "comma")]
    for of, values in (("demand", full.demand), ("places", full.places)):
        if not math.isnan(values[cell]):
            lines.append(say("common.told", name=say(f"nouns.{of}"), figure=number(values[cell])))
    x, y, wide, high = box
    tell(ax, (x, x + wide, y, y + high), "\n".join(lines))


def cell_colour(share: float, bands: tuple[float, float]) -> str:
    """Return the colour of a cell by its band, darker the farther inside it."""
    yellow, red = bands
    if math.isnan(share):
        return "#FFFFFF"
    if share >= red:
        return style.mix(*ABOVE, (share / red - 1) / (FULLEST - 1))
    if share >= yellow:
        return style.YELLOW
    return style.mix(*BELOW, (1 - share / yellow) / (1 - EMPTIEST))


def _key(full: Fullness, say: Wording) -> list[Patch]:
    limits = {"yellow": f"{full.bands[0]:.0%}", "red": f"{full.bands[1]:.0%}"}
    looks = {"red": style.mix(*ABOVE, 0.3), "yellow": style.YELLOW, "none": style.mix(*BELOW, 0.5)}
    handles = [
        Patch(facecolor=colour, label=say(f"charts.band_{band}", **limits))
        for band, colour in looks.items()
    ]
    if any(map(math.isnan, full.shares.values())):
        handles.append(Patch(facecolor="#FFFFFF", label=say("nouns.no_data"), **UNKNOWN))
    return handles


def _headline(full: Fullness, say: Wording) -> str:
    """Return when most regions and levels are red, and which one is the fullest."""
    counted = say.labels.counted
    shares = {
        (year, *cell): share
        for cell in counted
        for year in full.years
        if not math.isnan(share := full.shares.get((year, *cell), math.nan))
    }
    if not shares:
        return say.lead() + say("charts.heatmap_unknown")
    limit = full.bands[1]
    reds = dict.fromkeys(full.years, 0)
    for (year, _, _), share in shares.items():
        reds[year] += share >= limit
    most = max(full.years, key=lambda year: (reds[year], -year))
    top = max(shares, key=lambda cell: (shares[cell], -cell[0]))
    name = cell_name(say.region(top[1]), say.level(top[2]), say.lang)
    facts = {"year": most, "n": reds[most], "total": len(counted), "red": f"{limit:.0%}"}
    parts = [
        say("charts.heatmap_reds" if reds[most] else "charts.heatmap_no_red", **facts),
        say("charts.heatmap_fullest", cell=name, figure=full.figure(top, say), year=top[0]),
    ]
    return say.lead() + say.joined(parts, "semicolon")


def _notes(full: Fullness, say: Wording, shown: int) -> Iterator[str]:
    total = len(say.labels.leaves)
    if 0 < shown < total:
        yield say("charts.shown_fullest", shown=shown, total=total)
    if total > 1:
        yield say("charts.heatmap_nets" if say.labels.is_nested else "charts.heatmap_net")
    if say.pooled:
        yield say("charts.pooled_rows", levels=say.pooled)
    if full.bounds:
        yield say("charts.bound_note_least")
