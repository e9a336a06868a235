"""Where places are short and idle in one year: a map for each level, and for all where they add up.

The map is of outlines where the district has them, else of tiles. Colours are shares of a region's
places, in the same steps for every year and run, so that pictures can be leafed through.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Patch, PathPatch
from matplotlib.path import Path

from capacity.base.titles import cell_name
from capacity.base.words import MINUS, cut, number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import KEY, LEAST, figure_frame, key, write
from capacity.render.charts.plane import Polygon
from capacity.render.charts.shapes import Shapes, shapes_of
from capacity.render.charts.spots import NAME, PAD, ROW, SIZES, Spot, alike, spot, spread
from capacity.render.charts.wording import Wording
from capacity.render.needs import beside
from capacity.render.sentences import demand_of
from capacity.results.labels import (
    ALL,
    Cell,
    Labels,
    column,
    constrained,
    places_known,
    years_of,
)

#: Shares of a region's places at which a colour begins, and how much of it there is.
STEPS = (0.0, 0.05, 0.1, 0.2)
DEPTHS = (0.2, 0.42, 0.68, 1.0)
#: Without places: from few pupils to most.
FEW, MOST = "#F2F2F2", "#8F8F8F"
BALANCED, EDGE, AROUND = "#FFFFFF", "#8C8C8C", "#404040"
SHARED: style.Looks = {"facecolor": "#EFEFEF", "edgecolor": "#A6A6A6", "hatch": "////"}
UNKNOWN: style.Looks = {"facecolor": "#FFFFFF", "edgecolor": "#C9C9C9", "hatch": "...."}
HEAD, FOOT, BETWEEN = 0.62, 0.2, 0.35  # inches above, below and between maps
WIDEST = 13.2  # inches of maps side by side
#: Regions named beside a map at most: those with the greatest absolute gap.
BESIDE = 20
#: A region and a level.
Pair = tuple[str, str]


@dataclass(frozen=True)
class _Figures:
    """What a map says of each region and level in one year: in places, or in pupils ``alone``."""

    say: Wording
    year: int
    alone: bool
    columns: Mapping[str, Mapping[Cell, float]]
    bounds: frozenset[Cell]

    def value(self, pair: Pair) -> float:
        """Return the gap, or the demand; of all levels what is short, else what is idle."""
        if self.alone:
            return self.summed("demand", pair)
        if pair[1] != ALL:
            return self.columns["gap"].get((self.year, *pair), math.nan)
        short, idle = self.clipped(pair)
        return short if math.isnan(short) or round(short) > 0 else -idle

    def share(self, pair: Pair) -> float:
        """Return it as a share of the region's places, infinite where there are none."""
        value, places = self.value(pair), self.summed("places", pair)
        return value / places if places else math.copysign(math.inf, value)

    def text(self, pair: Pair) -> str:
        """Return it in figures; a bound where demand is one."""
        value = self.value(pair)
        if math.isnan(value):
            return self.say("nouns.no_data")
        if self.alone:
            return number(value)
        parts = [value]
        if pair[1] == ALL:
            short, idle = self.clipped(pair)
            parts = [part for part in (short, -idle) if round(part)] or [0.0]
        bound = "≥ " * ((self.year, *pair) in self.bounds)
        return bound + " / ".join(number(part, signed=True, minus=MINUS) for part in parts)

    def clipped(self, pair: Pair) -> tuple[float, float]:
        """Return what is short and what is idle, clipped before it is summed."""
        cell = (self.year, *pair)
        short, idle = (self.columns[name].get(cell, math.nan) for name in ("shortage", "surplus"))
        return short, idle

    def summed(self, name: str, pair: Pair) -> float:
        """Return a column of a level, of all levels the sum over those that stand by themselves."""
        region, level = pair
        levels = [level] if level != ALL else [one.code for one in self.say.labels.own_levels]
        values = self.columns[name]
        return sum(values.get((self.year, region, one), math.nan) for one in levels)

    @cached_property
    def most(self) -> float:
        """The greatest demand of any region and level in any year."""
        leaves = {region.code for region in self.say.labels.leaves}
        found = [
            value
            for (_, region, level), value in self.columns["demand"].items()
            if region in leaves and level != ALL and value > 0
        ]
        return max(found, default=1.0)

    def look(self, pair: Pair, shared: bool) -> style.Looks:
        """Return how a region is painted."""
        value = self.value(pair)
        if shared:
            return SHARED
        if math.isnan(value):
            return UNKNOWN
        return {"facecolor": self.colour(pair), "edgecolor": EDGE}

    def colour(self, pair: Pair) -> str:
        """Return the colour of a figure that is known."""
        if self.alone:
            return style.mix(FEW, MOST, self.value(pair) / self.most)
        return colour_of(self.share(pair)) if round(self.value(pair)) else BALANCED


def colour_of(share: float) -> str:
    """Return the colour of a gap as a share of places: darker the greater, by `STEPS`."""
    step = max(k for k, begin in enumerate(STEPS) if abs(share) >= begin)
    return style.mix("#FFFFFF", style.SHORT if share > 0 else style.IDLE, DEPTHS[step])


def map_chart(
    frame: pd.DataFrame, labels: Labels, *, year: int, lang: str = "en", ax: Axes | None = None
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
    lang, ax
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
    figures = _Figures(say, year, alone, columns, constrained(frame))
    maps = _Maps(figures, _panels(labels))
    with figure_frame(
        ax,
        (max(LEAST, maps.size[0]), maps.size[1] + maps.feet),
        say,
        title=say("charts.demand_title" if alone else "charts.map_title", year=year, sign=say.sign),
        headline=_headline(figures, frame),
        notes=[*_notes(maps), *([] if alone else beside(frame, labels, year, lang))],
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
    return (*codes, ALL) if len(own) > 1 else tuple(codes)


@dataclass(frozen=True)
class _Maps:
    """Maps side by side and below each other, in inches."""

    figures: _Figures
    levels: tuple[str, ...]

    @cached_property
    def shapes(self) -> Shapes:
        """What the maps are made of; in tiles the widest figure has room."""
        size = style.measured(SIZES[-1])
        widest = max(size(text) for texts in self._widest.values() for text in texts.values())
        return shapes_of(self.figures.say.labels, widest + 4 * PAD)

    def spots(self, level: str) -> dict[str, Spot]:
        """Return where regions are named: alike on the maps of all levels, in every year."""
        return self._spots[level == ALL]

    @cached_property
    def _spots(self) -> dict[bool, dict[str, Spot]]:
        say, found = self.figures.say, dict[bool, dict[str, Spot]]()
        for of_all in {level == ALL for level in self.levels}:
            spots = {
                code: spot(polygons, say.region(code), self._widest[of_all][code])
                for code, polygons in self.shapes.of.items()
            }
            found[of_all] = spots if self.shapes.kind == "outlines" else alike(spots)
        return found

    @cached_property
    def _widest(self) -> dict[bool, dict[str, str]]:
        """The longest figure of each region in any year: of all levels, or of any."""
        years = sorted({cell[0] for cell in self.figures.columns["demand"]})
        regions = [region.code for region in self.figures.say.labels.regions]
        texts: dict[bool, dict[str, str]] = {True: {}, False: {}}
        for figures in (replace(self.figures, year=year) for year in years):
            for code, level in product(regions, self.levels):
                text = "" if self.is_shared(code, level) else figures.text((code, level))
                of = texts[level == ALL]
                of[code] = max(of.get(code, ""), text, key=lambda one: (len(one), one))
        return texts

    def is_shared(self, code: str, level: str) -> bool:
        """Whether a region is not short by itself, as others share its places."""
        return code in self._shared.get(level, ()) and not self.figures.alone

    @cached_property
    def _shared(self) -> dict[str, frozenset[str]]:
        return {level.code: level.shared for level in self.figures.say.labels.levels}

    @cached_property
    def gutter(self) -> float:
        """Inches beside a map on either side, for regions without room inside."""
        size = style.measured(8)
        lines = [
            size(f"{self._outside(code)}  {self._widest[of_all][code]}")
            for of_all, spots in self._spots.items()
            for code, at in spots.items()
            if not at.points
        ]
        return max(lines, default=-0.2) + 0.2

    def _outside(self, code: str) -> str:
        return cut(self.figures.say.region(code), NAME, style.measured(8))

    @cached_property
    def tall(self) -> float:
        """Inches of a map's height, or of the lines beside it where they take more."""
        lines = max(len(self.named_beside(level)) for level in self.levels)
        return max(self.shapes.size[1], ROW * math.ceil(lines / 2))

    @property
    def cell(self) -> tuple[float, float]:
        """Width and height of a map with its title and what stands beside it."""
        wide = max(self.shapes.size[0], 2.2) + 2 * self.gutter
        return wide + BETWEEN, self.tall + HEAD + FOOT

    @property
    def columns(self) -> int:
        """Maps side by side."""
        count = len(self.levels)
        most = max(1, min(count, int((WIDEST + BETWEEN) / self.cell[0])))
        return -(-count // -(-count // most))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of all of them."""
        return self.columns * self.cell[0] - BETWEEN, -(
            -len(self.levels) // self.columns
        ) * self.cell[1]

    @property
    def feet(self) -> float:
        """Inches of the key."""
        return 0.05 if self.figures.alone else 2 * KEY + 0.1

    def draw(self, ax: Axes, place: int, level: str) -> None:
        """Draw one map."""
        row, col = divmod(place, self.columns)
        left, top = col * self.cell[0], row * self.cell[1]
        self._title(ax, left, top, level)
        corner = left + self.gutter, top + HEAD + (self.tall - self.shapes.size[1]) / 2
        for code, polygons in self.shapes.of.items():
            look = self.figures.look((code, level), self.is_shared(code, level))
            _fill(ax, polygons, corner, label=f"{code} {level}", **{"lw": 0.6} | look)
        for ring in self.shapes.around:
            ax.plot(*(ring + corner).T, color=AROUND, lw=1.3, solid_joinstyle="round")
        self._inside(ax, corner, level)
        self._beside(ax, corner, level)

    def _title(self, ax: Axes, left: float, top: float, level: str) -> None:
        """Write the level, and below it the district's figures."""
        figures, say = self.figures, self.figures.say
        room = self.cell[0] - BETWEEN
        head = say("charts.map_all") if level == ALL else say.level_head(level)
        write(ax, left, top + 0.18, cut(head, room, style.measured(11)), 11)
        text, colour = number(figures.summed("demand", (ALL, level))), style.MUTED
        if not figures.alone:
            short, idle = figures.clipped((ALL, level))
            full = (figures.year, ALL, level) in figures.bounds
            text, colour = (
                say.balance(short, idle, full),
                style.of_balance(short, idle, style.MUTED),
            )
        size = style.measured(9)(text)
        write(ax, left, top + 0.4, text, 9 * min(1.0, room / max(size, 0.1)), color=colour)

    def _inside(self, ax: Axes, corner: tuple[float, float], level: str) -> None:
        """Write names and figures in regions that have room for them."""
        crossed = bool(self.named_beside(level))
        for code, at in self.spots(level).items():
            if not at.points or self.is_shared(code, level):
                continue
            x, y = at.x + corner[0], at.y + corner[1]
            half = at.points * 0.62 / 72
            pair = code, level
            known = not math.isnan(self.figures.value(pair))
            fill = self.figures.colour(pair) if known else UNKNOWN["facecolor"]
            how: style.Looks = {"color": style.text_colour(fill) if known else style.MUTED}
            if crossed:  # a line to another region passes behind it
                how["bbox"] = {"facecolor": fill, "edgecolor": "none", "pad": 0}
            write(ax, x, y - half, at.name, at.points - 1, ha="center", **how)
            write(ax, x, y + half, self.figures.text(pair), at.points, ha="center", **how)

    def named_beside(self, level: str) -> tuple[str, ...]:
        """Return the regions named beside a map: of those without room the greatest gaps."""
        codes = [
            code
            for code, at in self.spots(level).items()
            if not at.points and not self.is_shared(code, level)
        ]

        def rank(code: str) -> tuple[float, str]:
            value = self.figures.value((code, level))
            return (math.inf if math.isnan(value) else -abs(value)), code

        return tuple(sorted(codes, key=rank)[:BESIDE])

    def _beside(self, ax: Axes, corner: tuple[float, float], level: str) -> None:
        """Write the others beside the map, with a line to each."""
        wide, low = self.shapes.size[0], (self.shapes.size[1] - self.tall) / 2
        chosen = sorted(self.named_beside(level), key=lambda code: self.spots(level)[code].x)
        room = round(self.tall / ROW)
        half = sum(self.spots(level)[code].x < wide / 2 for code in chosen)
        half = min(max(half, len(chosen) - room), room)
        for codes, edge, side in (
            (chosen[:half], -0.12, "right"),
            (chosen[half:], wide + 0.12, "left"),
        ):
            heights = spread(
                {code: self.spots(level)[code].y for code in codes}, low + ROW / 2, low + self.tall
            )
            for code, y in heights.items():
                self._callout(ax, corner, (edge, y), (code, level), side)

    def _callout(
        self, ax: Axes, corner: tuple[float, float], at: tuple[float, float], pair: Pair, side: str
    ) -> None:
        point = self.spots(pair[1])[pair[0]]
        value = self.figures.value(pair)
        x = [at[0] + corner[0], point.x + corner[0]]
        y = [at[1] + corner[1], point.y + corner[1]]
        ax.plot(x, y, color="#6A6A6A", lw=0.5, marker="o", ms=2, markevery=[1])
        colour = style.TEXT if self.figures.alone else style.of_balance(value, -value, style.MUTED)
        text = f"{self._outside(pair[0])}  {self.figures.text(pair)}"
        gap = -0.04 if side == "right" else 0.04
        write(ax, x[0] + gap, y[0], text, 8, ha=side, color=colour)


def _fill(
    ax: Axes, polygons: Sequence[Polygon], corner: tuple[float, float], **how: object
) -> None:
    """Paint a region in one piece, its holes empty."""
    rings = [Path(ring + corner, closed=True) for polygon in polygons for ring in polygon]
    ax.add_artist(PathPatch(Path.make_compound_path(*rings), **how))


def _key(maps: _Maps) -> list[Artist]:
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


def _headline(figures: _Figures, frame: pd.DataFrame) -> str:
    """Return the district's figures, and which region and level is the shortest of places."""
    say, year, labels = figures.say, figures.year, figures.say.labels
    if figures.alone:
        return say.lead() + demand_of(frame, year, say.lang)
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


def _notes(maps: _Maps) -> Iterator[str]:
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
    if any(len(maps.named_beside(level)) < _lacking(maps, level) for level in maps.levels):
        yield say("charts.map_beside")


def _lacking(maps: _Maps, level: str) -> int:
    """Return how many regions a map has no room for."""
    return sum(
        not at.points and not maps.is_shared(code, level) for code, at in maps.spots(level).items()
    )


def _notes_of_gaps(maps: _Maps) -> Iterator[str]:
    say, year = maps.figures.say, maps.figures.year
    if ALL in maps.levels and say.pooled:
        shared = [level.code for level in say.labels.levels if level.pooled]
        yield say("charts.map_own", levels=say("nouns.list").join(map(say.level, shared)))
    if any(say.labels.is_sum(code) for code in maps.shapes.of):
        yield say("charts.map_sums")
    if any(cell[0] == year for cell in maps.figures.bounds):
        yield say("charts.map_bound")
