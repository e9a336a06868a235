"""Where places are short and idle in one year: a map for each level, and for all where they add up.

The map is of outlines where the district has them, else of tiles. Colours are shares of a region's
places, in the same steps for every year and run, so that pictures can be leafed through.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from capacity.base.titles import cell_name
from capacity.base.words import number
from capacity.render.charts.figure_frame import LEAST, WHOLE, Around, figure_frame, key
from capacity.render.charts.gap import each_level
from capacity.render.charts.map_figures import EDGE, SHARED, STEPS, UNKNOWN, Figures, colour_of
from capacity.render.charts.map_panels import Maps
from capacity.render.charts.wording import Wording
from capacity.render.needs import beside
from capacity.render.sentences import demand_of
from capacity.results.labels import (
    ALL,
    Labels,
    column,
    constrained,
    places_known,
    years_of,
)


def map_chart(
    frame: pd.DataFrame,
    labels: Labels,
    *,
    year: int,
    lang: str = "en",
    ax: Axes | None = None,
    around: Around = WHOLE,
) -> Axes:
    """Draw a map of shortage and idleness for each level.

    Parameters
    ----------
    frame : DataFrame
        The results frame: a row per year, region and level, with ``all`` for both; in places.
    labels : Labels
        With the outlines of its regions, where it has them.
    year : int
        The autumn to draw.
    lang, ax, around
        As for every kind: `capacity.render.charts.kinds`.

    Returns
    -------
    Axes
        Measured in inches; each region is a patch whose label is its code and its level's.
    """
    if year not in years_of(frame):
        raise ValueError(f"the results have no year {year}")
    say = Wording.of(labels, lang)
    alone = not places_known(frame, labels)
    names = ("demand", "places", "gap", "shortage", "surplus")
    columns = {name: column(frame, name) for name in names}
    figures = Figures(say, year, alone, columns, constrained(frame))
    maps = Maps(figures, _panels(labels))
    with figure_frame(
        ax,
        (max(LEAST, maps.size[0]), maps.size[1] + maps.feet),
        say,
        title=say("charts.demand_title" if alone else "charts.map_title", year=year, sign=say.sign),
        headline=_headline(figures, frame),
        notes=[*_notes(maps), *([] if alone else beside(frame, labels, year, lang))],
        around=around,
    ) as host:
        if ax is not None:  # a map is as wide as it is tall
            host.set_aspect("equal", adjustable="box", anchor="NW")
        for place, level in enumerate(maps.levels):
            maps.draw(host, place, level)
        if not alone:
            key(host, _key(maps), rows=2)
    return host


def _panels(labels: Labels) -> tuple[str, ...]:
    """Return the levels of the maps, all of them together last where more than one adds up."""
    codes = [level.code for level in labels.levels]
    own = [level for level in labels.levels if not level.pooled]
    return (*codes, ALL) if len(own) > 1 and not labels.by_level else tuple(codes)


def _key(maps: Maps) -> list[Artist]:
    """Return the steps of both colours, short above idle, and what is hatched."""
    say, looks = maps.figures.say, list[Artist]()
    for step, begin in enumerate(STEPS):
        end = STEPS[step + 1] if step + 1 < len(STEPS) else None
        kind = "first" if not step else "last" if end is None else "step"
        for name, sign in (("short", 1), ("idle", -1)):
            words = f"charts.map_{name}" if not step else f"charts.map_{kind}"
            text = say(words, low=f"{begin:.0%}".rstrip("%"), high=f"{end or 0:.0%}")
            colour = colour_of(sign * (begin + 1e-9))
            looks.append(Patch(facecolor=colour, edgecolor=EDGE, lw=0.6, label=text))
    pairs = [(code, level) for code in maps.shapes.of for level in maps.levels]
    shared = any(maps.is_shared(*pair) for pair in pairs)
    if shared:
        looks.append(Patch(lw=0.6, label=say("charts.map_shared"), **SHARED))
    if any(math.isnan(maps.figures.value(pair)) for pair in pairs if not maps.is_shared(*pair)):
        looks.append(Patch(lw=0.6, label=say("nouns.no_data"), **UNKNOWN))
    return looks


def _headline(figures: Figures, frame: pd.DataFrame) -> str:
    """Return the district's figures, and which region and level is the shortest of places."""
    say, year, labels = figures.say, figures.year, figures.say.labels
    if figures.alone:
        return say.lead() + demand_of(frame, year, say.lang)
    if labels.by_level:
        return say.lead() + say.joined(each_level(frame, say, year), "semicolon")
    shortage = {cell[1:]: n for cell, n in figures.columns["shortage"].items() if cell[0] == year}
    surplus = {cell[1:]: n for cell, n in figures.columns["surplus"].items() if cell[0] == year}
    known = [cell for cell in labels.headline if not math.isnan(shortage.get(cell, math.nan))]
    short, idle = (sum(values[cell] for cell in known) for values in (shortage, surplus))
    full = any((year, *cell) in figures.bounds for cell in known)
    missing = say.missing_places(shortage) if len(known) < len(labels.headline) else ""
    parts = [say.balance(short, idle, full or bool(missing))]
    worst = max(known, key=lambda cell: shortage[cell], default=None)
    if worst is not None and round(shortage[worst]) > 0:
        cell = cell_name(say.region(worst[0]), say.level(worst[1]), say.lang)
        parts.append(say("charts.map_worst", cell=cell, n=number(shortage[worst])))
    return say.lead() + say.joined([*parts, missing], "semicolon")


def _notes(maps: Maps) -> Iterator[str]:
    say, shapes = maps.figures.say, maps.shapes
    if shapes.kind == "outlines" and shapes.schematic:
        yield say("charts.map_schematic")
    if shapes.kind != "outlines" and len(shapes.of) > 1:
        yield say(f"charts.map_{shapes.kind}")
    if shapes.missing:
        names = [say.region(code) for code in shapes.missing[:3]]
        more = len(shapes.missing) - len(names)
        others = say("sentences.others", n=more) if more > 0 else ""
        yield say("charts.map_missing", names=say("nouns.list").join(names) + others)
    if not maps.figures.alone:
        yield say("charts.map_steps")
        yield from _notes_of_gaps(maps)
    if any(len(maps.named_beside(level)) < len(maps.lacking(level)) for level in maps.levels):
        yield say("charts.map_beside")


def _notes_of_gaps(maps: Maps) -> Iterator[str]:
    say, year = maps.figures.say, maps.figures.year
    if ALL in maps.levels and say.pooled:
        shared = [level.code for level in say.labels.levels if level.pooled]
        yield say("charts.map_own", levels=say("nouns.list").join(map(say.level, shared)))
    if any(say.labels.is_sum(code) for code in maps.shapes.of):
        yield say("charts.map_sums")
    if any(cell[0] == year for cell in maps.figures.bounds):
        yield say("charts.map_bound")
