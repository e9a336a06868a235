"""How full regions and levels are, year by year, with the early-warning bands (学位预警)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from capacity.base.words import cut, sentence, word
from capacity.render.charts import style
from capacity.render.charts.panels import key
from capacity.render.charts.sheet import (
    LEAST,
    NAME,
    Around,
    Box,
    cell_width,
    chosen,
    ink,
    lead,
    mix,
    name_inches,
    paint,
    pooled_names,
    sheet,
)
from capacity.results.labels import ALL, Cell, Labels, column, constrained, years_of

WIDE, HIGH = 0.52, 0.27  # inches of a cell, at least
HEAD, FEET = 0.56, 0.34  # inches above a level's cells; of the key
RAISED = 0.16  # inches by which the first level stands nearer to the headline
# Light to dark inside a band: up to `FULLEST` times the limit of red, down to `EMPTIEST` times
# that of yellow.
RED, BELOW = ("#F2A192", "#A8140C"), ("#F3F7FB", "#C6DDEE")
FULLEST, EMPTIEST = 1.3, 0.55


@dataclass(frozen=True)
class _Facts:
    """What is drawn, by (year, region, level)."""

    used: dict[Cell, float]
    demand: dict[Cell, float]
    places: dict[Cell, float]
    bounds: frozenset[Cell]
    years: tuple[int, ...]

    def fullness(self, cell: Cell) -> float:
        """Give demand ÷ places: infinite where there is demand without any place."""
        if self.places.get(cell, math.nan) == 0:
            return math.inf if self.demand[cell] > 0 else 0.0
        return self.used.get(cell, math.nan)


def heatmap(
    frame: pd.DataFrame, labels: Labels, *, lang: str = "en", ax: Axes | None = None
) -> Axes:
    """Draw demand as a share of places by region and year, a block per level.

    Parameters
    ----------
    frame : DataFrame
        The results frame: a row per year, region and level, with ``all`` for both.
    labels : Labels
        Its ``bands`` are the shares from which cells are yellow and red.
    lang : str
        "en" or "zh".
    ax : Axes, optional
        Axes to draw on; without them a figure of its own, sized to the cells.

    Returns
    -------
    Axes
        Measured in inches; each cell has its colour and its figure in per cent.
    """
    lang = style.readable(lang)
    used, demand, places = (column(frame, name) for name in ("utilisation", "demand", "places"))
    facts = _Facts(used, demand, places, constrained(frame), years_of(frame))
    blocks = {
        level.code: () if level.pooled else chosen(labels, partial(_fullest, facts, level.code))
        for level in labels.levels
    }
    codes = [code for block in blocks.values() for code in block]
    left = name_inches(labels, codes, lang)
    rows = len(codes) + len(blocks)
    wide = cell_width(left, len(facts.years), WIDE)
    high = HEAD * len(blocks) + HIGH * rows + FEET - RAISED
    size = (max(LEAST, left + wide * len(facts.years)), high)
    title = word("charts.heatmap_title", lang, years=style.span(facts.years, lang))
    notes = _notes(facts, labels, max(map(len, blocks.values())), lang)
    around = Around(title, _headline(facts, labels, lang), notes)
    with sheet(ax, size, around, labels, lang) as host:
        top = -RAISED
        for code, block in blocks.items():
            _block(host, (left, top, wide), code, block, facts, labels, lang)
            top += HEAD + HIGH * (len(block) + 1)
        _key(host, facts, labels, lang)
    return host


def _fullest(facts: _Facts, level: str, region: str) -> float:
    known = [facts.fullness((year, region, level)) for year in facts.years]
    return max((share for share in known if not math.isnan(share)), default=math.nan)


def _block(
    ax: Axes,
    at: tuple[float, float, float],
    level: str,
    regions: tuple[str, ...],
    facts: _Facts,
    labels: Labels,
    lang: str,
) -> None:
    """Draw a level: its name, the years, the district's row and the regions'."""
    left, top, wide = at
    name = cut(sentence(labels.level_name(level, lang)), NAME)
    ax.text(0, top + HEAD - 0.2, name, va="center", fontsize=11)
    for k, year in enumerate(facts.years):
        x = left + wide * (k + 0.5)
        ax.text(
            x, top + HEAD - 0.13, str(year), ha="center", va="center", fontsize=8, color=style.MUTED
        )
    shares: dict[Box, float] = {}
    for row, code in enumerate((ALL, *regions)):
        y = top + HEAD + HIGH * row + 0.04 * (row > 0)
        region = cut(labels.region_name(code, lang), NAME)
        ax.text(0, y + HIGH / 2, region, va="center", fontsize=9.5)
        for k, year in enumerate(facts.years):
            cell, box = (year, code, level), (left + wide * k, y, wide, HIGH)
            shares[box] = facts.fullness(cell)
            _write(ax, box, shares[box], cell in facts.bounds, labels.bands, lang)
    known = {box: share for box, share in shares.items() if not math.isnan(share)}
    paint(ax, list(known), [_colour(share, labels.bands) for share in known.values()])
    empty = [box for box in shares if box not in known]
    paint(ax, empty, ["#FFFFFF"] * len(empty), hatch="////", edgecolor="#C9C9C9", linewidth=0)


def _write(
    ax: Axes, box: Box, share: float, bound: bool, bands: tuple[float, float], lang: str
) -> None:
    """Write a cell's figure into it; words are smaller."""
    ax.text(
        box[0] + box[2] / 2,
        box[1] + box[3] / 2,
        _figure(share, bound, bands, lang),
        ha="center",
        va="center",
        fontsize=8 if math.isfinite(share) else 7,
        color=ink(_colour(share, bands)),
    )


def _colour(share: float, bands: tuple[float, float]) -> str:
    yellow, red = bands
    if math.isnan(share):
        return "#FFFFFF"
    if share >= red:
        return mix(*RED, (share / red - 1) / (FULLEST - 1))
    if share >= yellow:
        return style.YELLOW
    return mix(*BELOW, (1 - share / yellow) / (1 - EMPTIEST))


def _figure(share: float, bound: bool, bands: tuple[float, float], lang: str) -> str:
    """Give per cent, rounded but never into the next band; ≥ where demand is a lower bound."""
    if math.isnan(share):
        return word("nouns.no_data", lang)
    if math.isinf(share):
        return word("charts.no_place", lang)
    percent = round(share * 100)
    for limit in bands:
        if share < limit:
            percent = min(percent, math.ceil(limit * 100) - 1)
    return f"{'≥' if bound else ''}{percent:,}%"


def _key(ax: Axes, facts: _Facts, labels: Labels, lang: str) -> None:
    limits = {"yellow": f"{labels.bands[0]:.0%}", "red": f"{labels.bands[1]:.0%}"}
    handles = [
        Patch(facecolor=mix(*RED, 0.3), label=word("charts.band_red", lang, **limits)),
        Patch(facecolor=style.YELLOW, label=word("charts.band_yellow", lang, **limits)),
        Patch(facecolor=mix(*BELOW, 0.5), label=word("charts.band_none", lang, **limits)),
    ]
    if any(math.isnan(facts.fullness(cell)) for cell in facts.used):
        unknown: dict[str, Any] = {
            "facecolor": "#FFFFFF",
            "edgecolor": "#C9C9C9",
            "hatch": "////",
            "lw": 0,
        }
        handles.append(Patch(label=word("nouns.no_data", lang), **unknown))
    key(ax, handles)


def _headline(facts: _Facts, labels: Labels, lang: str) -> str:
    """Say when most regions and levels are red, and which one is the fullest."""
    shares = {
        (year, *cell): share
        for cell in labels.counted
        for year in facts.years
        if not math.isnan(share := facts.fullness((year, *cell)))
    }
    if not shares:
        return lead(labels, lang) + word("charts.heatmap_unknown", lang)
    reds = {
        year: sum(share >= labels.bands[1] for cell, share in shares.items() if cell[0] == year)
        for year in facts.years
    }
    most = max(facts.years, key=lambda year: (reds[year], -year))
    top = max(shares, key=lambda cell: (shares[cell], -cell[0]))
    fullest = word(
        "charts.heatmap_fullest",
        lang,
        cell=word(
            "nouns.cell",
            lang,
            region=labels.region_name(top[1], lang),
            level=labels.level_name(top[2], lang),
        ),
        figure=_figure(shares[top], top in facts.bounds, labels.bands, lang),
        year=top[0],
    )
    red = f"{labels.bands[1]:.0%}"
    facts_said = {"year": most, "n": reds[most], "total": len(labels.counted), "red": red}
    key = "charts.heatmap_reds" if reds[most] else "charts.heatmap_no_red"
    return (
        lead(labels, lang) + word(key, lang, **facts_said) + word("nouns.semicolon", lang) + fullest
    )


def _notes(facts: _Facts, labels: Labels, shown: int, lang: str) -> list[str]:
    notes = []
    total = len(labels.leaves)
    if 0 < shown < total:
        notes.append(word("charts.shown_fullest", lang, shown=shown, total=total))
    if total > 1:
        notes.append(word("charts.heatmap_net", lang))
    if levels := pooled_names(labels, lang):
        notes.append(word("charts.pooled_rows", lang, levels=levels))
    if facts.bounds:
        notes.append(word("charts.bound_note_least", lang))
    return notes
