"""Maps side by side: their shapes, the names and figures in them, and those beside them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from capacity.base.words import cut, number
from capacity.render.charts import style
from capacity.render.charts.figure_frame import KEY, write
from capacity.render.charts.map_figures import BESIDE, INSIDE, UNKNOWN, Figures, Pair
from capacity.render.charts.plane import Polygon
from capacity.render.charts.shapes import Shapes, shapes_of
from capacity.render.charts.spots import (
    LINE,
    NAME,
    PAD,
    ROW,
    SIZES,
    Spot,
    alike,
    heights,
    spot,
    spread,
)
from capacity.results.labels import ALL

LEAST = 2.2  # inches of a map, at least: as wide as its figures
HEAD, FOOT, BETWEEN = 0.62, 0.2, 0.35  # inches above, below and between maps
WIDEST = 14.0  # inches of maps side by side
MOST_NAME = 0.9  # inches of a name for which a tile is made wider, at most
LEADER = 0.12  # inches from a map to what stands beside it
AROUND = "#404040"
#: Regions named beside a map at most: those with the greatest absolute gap.
NAMED = 20


@dataclass(frozen=True)
class Maps:
    """Maps side by side and below each other, in inches."""

    figures: Figures
    levels: tuple[str, ...]

    @cached_property
    def shapes(self) -> Shapes:
        """What the maps are made of; in tiles the widest figure has room."""
        size = style.measured(SIZES[-1])
        figures = [text for texts in self._widest.values() for text in texts.values()]
        widest = max(size(line) for text in figures for line in text.split(INSIDE))
        say, size = self.figures.say, style.measured(SIZES[-1] - 1)
        names = [size(say.region(region.code)) for region in say.labels.leaves]
        return shapes_of(say.labels, max(widest, min(max(names), MOST_NAME)) + 4 * PAD)

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
                of[code] = max(of.get(code, ""), text, key=_room)
        return texts

    def is_shared(self, code: str, level: str) -> bool:
        """Whether a region is not short by itself, as others share its places."""
        return code in self._shared.get(level, ()) and not self.figures.alone

    @cached_property
    def _shared(self) -> dict[str, frozenset[str]]:
        return {level.code: level.shared for level in self.figures.say.labels.levels}

    @cached_property
    def gutters(self) -> tuple[float, float]:
        """Inches to the left and to the right of a map, for regions without room inside."""
        size, wide = style.measured(8), [0.0, 0.0]
        for of_all, spots in self._spots.items():
            lacking = [code for code, at in spots.items() if not at.points]
            sides = [self._is_right(spots[code]) for code in lacking]
            crowded = max(sides.count(False), sides.count(True)) > self._lines
            for code, side in zip(lacking, sides, strict=True):
                figure = self._widest[of_all][code].replace(INSIDE, BESIDE)
                room = size(f"{self._outside(code)}  {figure}") + LEADER + 2 * PAD
                for one in (0, 1) if crowded else (int(side),):
                    wide[one] = max(wide[one], room)
        return wide[0], wide[1]

    def _is_right(self, at: Spot) -> bool:
        """Whether what has no room is named to the right of the map."""
        return at.x >= self.shapes.size[0] / 2

    @property
    def _lines(self) -> int:
        """Lines that stand beside a map on one side."""
        return round(self.tall / ROW)

    def lacking(self, level: str) -> list[str]:
        """Return the regions that a map has no room for."""
        spots = self.spots(level).items()
        return [code for code, at in spots if not at.points and not self.is_shared(code, level)]

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
        wide = max(self.shapes.size[0] + sum(self.gutters), LEAST)
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
        rows = -(-len(self.levels) // self.columns)
        return self.columns * self.cell[0] - BETWEEN, rows * self.cell[1]

    @property
    def feet(self) -> float:
        """Inches of the key."""
        return 0.05 if self.figures.alone else 2 * KEY + 0.1

    def draw(self, ax: Axes, place: int, level: str) -> None:
        """Draw one map."""
        row, col = divmod(place, self.columns)
        left, top = col * self.cell[0], row * self.cell[1]
        self._title(ax, left, top, level)
        corner = left + self.gutters[0], top + HEAD + (self.tall - self.shapes.size[1]) / 2
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
            pair = code, level
            figure = self.figures.text(pair)
            _, above, below = heights(at.name, figure, at.points)
            known = not math.isnan(self.figures.value(pair))
            fill = self.figures.colour(pair) if known else UNKNOWN["facecolor"]
            how: style.Looks = {"color": style.text_colour(fill) if known else style.MUTED}
            if crossed:  # a line to another region passes behind it
                how["bbox"] = {"facecolor": fill, "edgecolor": "none", "pad": 0}
            write(
                ax, x, y + above, at.name, at.points - 1, ha="center", linespacing=LINE / 1.1, **how
            )
            write(ax, x, y + below, figure, at.points, ha="center", linespacing=LINE / 1.1, **how)

    def named_beside(self, level: str) -> tuple[str, ...]:
        """Return the regions named beside a map: of those without room the greatest gaps."""

        def rank(code: str) -> tuple[float, str]:
            value = self.figures.value((code, level))
            return (math.inf if math.isnan(value) else -abs(value)), code

        return tuple(sorted(self.lacking(level), key=rank)[:NAMED])

    def _beside(self, ax: Axes, corner: tuple[float, float], level: str) -> None:
        """Write the others beside the map, with a line to each."""
        wide, low = self.shapes.size[0], (self.shapes.size[1] - self.tall) / 2
        chosen = sorted(self.named_beside(level), key=lambda code: self.spots(level)[code].x)
        half = sum(not self._is_right(self.spots(level)[code]) for code in chosen)
        half = min(max(half, len(chosen) - self._lines), self._lines)
        for codes, edge, side in (
            (chosen[:half], -LEADER, "right"),
            (chosen[half:], wide + LEADER, "left"),
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
        text = f"{self._outside(pair[0])}  {self.figures.text(pair, BESIDE)}"
        gap = -PAD if side == "right" else PAD
        write(ax, x[0] + gap, y[0], text, 8, ha=side, color=colour)


def _room(figure: str) -> tuple[int, int, str]:
    """Rank a figure by the room that it takes: its lines, then its length."""
    return figure.count("\n"), len(figure), figure


def _fill(
    ax: Axes, polygons: Sequence[Polygon], corner: tuple[float, float], **how: object
) -> None:
    """Paint a region in one piece, its holes empty."""
    rings = [Path(ring + corner, closed=True) for polygon in polygons for ring in polygon]
    ax.add_artist(PathPatch(Path.make_compound_path(*rings), clip_on=False, **how))
