"""How sure the years ahead are: the shortage of all levels and the gap of each, as bands."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from capacity.base.settings import QUANTILES
from capacity.base.words import MINUS, number, sentence, word
from capacity.render import chances
from capacity.render.charts import panels, style
from capacity.render.charts.balance import Floats
from capacity.render.charts.panels import Grid, key, over_years
from capacity.render.charts.sheet import Around, lead, missing_places, sheet
from capacity.results.labels import ALL, Labels, column, years_of

BAND = "#7FA7C9"


@dataclass(frozen=True)
class _Fan:
    """One row of the results over the years: the band, its middle and the central run."""

    level: str
    low: Floats
    middle: Floats
    high: Floats
    central: Floats
    prob: Floats


def fan(
    frame: pd.DataFrame,
    chance: pd.DataFrame,
    labels: Labels,
    *,
    region: str = ALL,
    lang: str = "en",
    ax: Axes | None = None,
) -> Axes:
    """Draw the shortage of all levels, and the gap of each, with the band of 8 of 10 draws.

    Parameters
    ----------
    frame, chance : DataFrame
        The rows of results.csv and of chance.csv of a run with draws.
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
        The host; its ``child_axes`` are the panels, that of all levels first.

    Raises
    ------
    ValueError
        The run has no draws, or there is no such region.
    """
    if not chances.has_draws(frame):
        raise ValueError("the run has no draws: run it with --draws 1000")
    if region not in set(frame["region"]):
        raise ValueError(f"the results have no region {region!r}")
    years, lang = years_of(frame), style.readable(lang)
    fans = [_fan(frame, "shortage", region, ALL, years)]
    fans += [_fan(frame, "gap", region, level.code, years) for level in labels.levels]
    grid = Grid.of(len(fans))
    title = word("charts.fan_title", lang, years=style.span(years, lang), sign=style.sign(lang))
    around = Around(
        title,
        _headline(frame, chance, labels, region, lang),
        _notes(fans, frame, labels, region, lang),
    )
    with sheet(ax, grid.size, around, labels, lang) as host:
        for k, each in enumerate(fans):
            panel = grid.panel(host, k)
            _draw(panel, each, years)
            _title(panel, each, labels, years, lang, grid.title_room)
        _key(host, lang)
    return host


def _fan(
    frame: pd.DataFrame, variable: str, region: str, level: str, years: tuple[int, ...]
) -> _Fan:
    def series(name: str) -> Floats:
        values = column(frame, name)
        return np.array([values.get((year, region, level), math.nan) for year in years])

    low, middle, high = (series(f"{variable}_{end}") for end in QUANTILES)
    return _Fan(level, low, middle, high, series(variable), series("prob_shortage"))


def _draw(ax: Axes, each: _Fan, years: tuple[int, ...]) -> None:
    ax.axhline(0, color="#707070", lw=0.9)
    ax.fill_between(years, each.low, each.high, color=BAND, alpha=0.55, lw=0, label="band")
    ax.plot(years, each.middle, color=style.IDLE_TEXT, lw=1.6, label="middle")
    ax.plot(years, each.central, color=style.DEMAND, lw=1.2, ls=":", label="central")
    ax.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    over_years(ax, years)


def _title(
    ax: Axes, each: _Fan, labels: Labels, years: tuple[int, ...], lang: str, room: float
) -> None:
    """Name what the panel shows, and how likely it is short in the answer year."""
    answer = labels.answer_year(years)
    at = years.index(answer)
    said = _span(each, at, lang)
    if each.level == ALL:
        name, short = word("charts.fan_all", lang), float(each.low[at]) > 0
    else:
        level = sentence(labels.level_name(each.level, lang))
        name = word("charts.fan_level", lang, level=level)
        share = float(each.prob[at])
        short = not math.isnan(share) and share >= 0.5
        if not math.isnan(share):
            said = word("charts.fan_prob", lang, share=chances.percent(share, lang))
    said = word("charts.panel_gap", lang, year=answer, gap=said)
    panels.title(ax, name, said, style.SHORT_TEXT if short else style.TEXT, room)


def _span(each: _Fan, at: int, lang: str) -> str:
    if math.isnan(each.low[at]):
        return word("nouns.no_data", lang)
    low, high = (number(float(end[at]), minus=MINUS) for end in (each.low, each.high))
    return low if low == high else word("charts.fan_span", lang, low=low, high=high)


def _key(ax: Axes, lang: str) -> None:
    handles: list[Artist] = [
        Patch(facecolor=BAND, alpha=0.55, lw=0, label=word("charts.fan_band", lang)),
        Line2D([], [], color=style.IDLE_TEXT, lw=1.6, label=word("charts.fan_middle", lang)),
        Line2D([], [], color=style.DEMAND, lw=1.2, ls=":", label=word("charts.fan_central", lang)),
    ]
    key(ax, handles)


def _headline(
    frame: pd.DataFrame, chance: pd.DataFrame, labels: Labels, region: str, lang: str
) -> str:
    """Say the range of the answer year, and how much of the gap's spread is assumed."""
    answer = labels.answer_year(years_of(frame))
    each = _fan(frame, "shortage", region, ALL, (answer,))
    text = word("charts.fan_head", lang, year=answer, span=_span(each, 0, lang))
    assumed = chances.assumed(chance, answer, region, ALL, lang)
    return lead(labels, lang, region) + word("nouns.semicolon", lang).join(
        filter(None, [text, assumed])
    )


def _notes(
    fans: list[_Fan], frame: pd.DataFrame, labels: Labels, region: str, lang: str
) -> list[str]:
    answer = labels.answer_year(years_of(frame))
    notes = [
        word(key, lang)
        for key in ("charts.fan_as_listed", "charts.fan_not_sum", "charts.scale_own")
    ]
    if region == ALL:
        shortage = column(frame, "shortage", year=answer)
        notes += missing_places(labels, {cell[1:]: v for cell, v in shortage.items()}, lang)
    return notes
