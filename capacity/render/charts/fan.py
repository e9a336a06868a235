"""How sure the years ahead are: the shortage of all levels and the gap of each, as bands."""

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

from capacity.base.settings import QUANTILES
from capacity.base.words import MINUS, number, sentence
from capacity.render import chances
from capacity.render.charts import style
from capacity.render.charts.figure_frame import KEY, WHOLE, Around, figure_frame, key
from capacity.render.charts.layout import level_panels, over_years, panel_title
from capacity.render.charts.told import tell_years
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Labels, column, has_draws, places_known, years_of

BAND = "#7FA7C9"
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class _Fan:
    """One row of the results over the years: the band, its middle and the central run."""

    variable: str
    level: str
    low: Floats
    middle: Floats
    high: Floats
    central: Floats
    prob: Floats


def fan_chart(
    frame: pd.DataFrame,
    chance: pd.DataFrame,
    labels: Labels,
    *,
    region: str = ALL,
    level: str | None = None,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw the shortage of all levels, and the gap of each, with the band of 8 of 10 draws.

    Parameters
    ----------
    frame, chance : DataFrame
        The rows of results.csv and of chance.csv of a run with draws.
    labels, region, level, lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        The host; its ``child_axes`` are the panels, that of all levels first, which is left out
        where the district adds up no levels; of one level alone where it is named.

    Raises
    ------
    ValueError
        The run has no draws, or there is no such region or level.
    """
    if not has_draws(frame):
        raise ValueError("the run has no draws: run it with --draws 1000")
    if region not in set(frame["region"]):
        raise ValueError(f"the results have no region {region!r}")
    codes = [ALL, *(one.code for one in labels.levels)]
    if level is not None and level not in codes:
        raise ValueError(f"the results have no level {level!r}: one of {', '.join(codes)}")
    years, say = years_of(frame), Wording.of(labels, lang)
    known = places_known(frame, labels)
    whole, each_level = ("shortage", "gap") if known else ("demand", "demand")
    chosen = codes[1:] if labels.by_level else codes
    fans = [
        _fan(frame, whole if code == ALL else each_level, region, code, years)
        for code in (chosen if level is None else [level])
    ]
    panels = level_panels(len(fans))
    wide, high = panels.size
    with figure_frame(
        ax,
        (wide, high + KEY),
        say,
        title=say(
            f"charts.fan_{'title' if known else 'demand'}", years=say.span(years), sign=say.sign
        ),
        headline=_by_level(frame, whole, say, region, years)
        if labels.by_level and level is None
        else _headline(fans[0], chance, say, region, years),
        notes=_notes(frame, say, region, len(fans)) if known else [say("charts.scale_own")],
        around=around,
    ) as host:
        for each, place in zip(fans, panels.places(len(fans)), strict=True):
            panel = panels.axes(host, place)
            _draw(panel, each, years, say)
            _title(panel, each, say, years, panels.title_width)
            _tell(panel, each, years, say)
        key(host, _key(say))
    return host


def _fan(
    frame: pd.DataFrame, variable: str, region: str, level: str, years: tuple[int, ...]
) -> _Fan:
    def series(name: str) -> Floats:
        values = column(frame, name)
        return np.array([values.get((year, region, level), math.nan) for year in years])

    low, middle, high = (series(f"{variable}_{end}") for end in QUANTILES)
    return _Fan(variable, level, low, middle, high, series(variable), series("prob_shortage"))


def _draw(ax: Axes, each: _Fan, years: tuple[int, ...], say: Wording) -> None:
    ax.axhline(0, color="#707070", lw=0.9)
    ax.fill_between(years, each.low, each.high, color=BAND, alpha=0.55, lw=0, label="band")
    ax.plot(years, each.middle, color=style.IDLE_TEXT, lw=1.6, label="middle")
    ax.plot(years, each.central, color=style.DEMAND, lw=1.2, ls=":", label="central")
    ax.set_xlim(years[0] - 0.4, years[-1] + 0.4)
    over_years(ax, years, say, signed=each.variable == "gap")


def _title(ax: Axes, each: _Fan, say: Wording, years: tuple[int, ...], inches: float) -> None:
    """Name what the panel shows, and how likely it is short in the answer year."""
    answer = say.labels.answer_year(years)
    at = years.index(answer)
    figures = _range(each, at, say)
    if each.variable == "demand":
        name, short = sentence(say("nouns.demand")), False
        if each.level != ALL:
            name = say("charts.fan_demand_of", level=say.level_head(each.level))
    elif each.level == ALL:
        name, short = say("charts.fan_all"), float(each.low[at]) > 0
    else:
        name = say("charts.fan_level", level=say.level_head(each.level))
        share = float(each.prob[at])
        short = share >= 0.5
        if not math.isnan(share):
            figures = say("charts.fan_prob", share=chances.percent(share, say.lang))
    figures = say("charts.panel_gap", year=answer, gap=figures)
    panel_title(ax, name, figures, style.SHORT_TEXT if short else style.TEXT, inches)


def _tell(ax: Axes, each: _Fan, years: tuple[int, ...], say: Wording) -> None:
    """Have each year tell its band, its middle and the central run."""
    lines = {"band_low": each.low, "band_high": each.high}
    figures = {say(f"charts.fan_{end}"): line.tolist() for end, line in lines.items()}
    figures |= {
        say("charts.fan_middle"): each.middle.tolist(),
        say("charts.fan_central"): each.central.tolist(),
    }
    name = say.joined([say.level_head(each.level), say(f"nouns.{each.variable}")], "comma")
    name = say("charts.fan_all") if each.level == ALL else name
    tell_years(ax, years, name, figures, say, signed=each.variable == "gap")


def _range(each: _Fan, at: int, say: Wording) -> str:
    if math.isnan(each.low[at]):
        return say("nouns.no_data")
    low, high = (number(float(end[at]), minus=MINUS) for end in (each.low, each.high))
    return low if low == high else say("charts.fan_span", low=low, high=high)


def _key(say: Wording) -> list[Artist]:
    return [
        Patch(facecolor=BAND, alpha=0.55, lw=0, label=say("charts.fan_band")),
        Line2D([], [], color=style.IDLE_TEXT, lw=1.6, label=say("charts.fan_middle")),
        Line2D([], [], color=style.DEMAND, lw=1.2, ls=":", label=say("charts.fan_central")),
    ]


def _headline(
    first: _Fan, chance: pd.DataFrame, say: Wording, region: str, years: tuple[int, ...]
) -> str:
    """Return the range of the answer year, and how much of the gap's spread is assumed."""
    answer = say.labels.answer_year(years)
    if math.isnan(first.low[years.index(answer)]):
        return say.lead(region) + say("charts.supply_unknown", year=answer)
    facts = {"year": answer, "span": _range(first, years.index(answer), say)}
    if first.level == ALL:
        text = say(f"charts.fan_head_{first.variable}", **facts)
    else:
        text = say(f"charts.fan_head_level_{first.variable}", level=say.level(first.level), **facts)
    assumed = chances.assumed(chance, answer, region, first.level, say.lang)
    return say.lead(region) + say.joined([text, assumed], "semicolon")


def _by_level(
    frame: pd.DataFrame, variable: str, say: Wording, region: str, years: tuple[int, ...]
) -> str:
    """Return the range of each level in the answer year, where levels are not added up."""
    answer = say.labels.answer_year(years)
    at = years.index(answer)
    parts = []
    for level in say.labels.levels:
        span = _range(_fan(frame, variable, region, level.code, years), at, say)
        parts.append(say("charts.level_span", level=say.level(level.code), span=span))
    key = "charts.fan_head_levels" + ("_demand" if variable == "demand" else "")
    return say.lead(region) + say(key, year=answer, levels=say.joined(parts))


def _notes(frame: pd.DataFrame, say: Wording, region: str, panels: int) -> Iterator[str]:
    yield say("charts.fan_as_listed")
    if panels > 1:
        yield say("charts.fan_not_sum")
        yield say("charts.scale_own")
    if region == ALL:
        shortage = column(frame, "shortage", year=say.labels.answer_year(years_of(frame)))
        yield say.missing_places({cell[1:]: value for cell, value in shortage.items()})
