"""What a map says of each region and level in one year, and in which colour."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from capacity.base.words import MINUS, number
from capacity.render.charts import style
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Cell

#: Shares of a region's places at which a colour begins, and how much of it there is.
STEPS = (0.0, 0.05, 0.1, 0.2)
DEPTHS = (0.2, 0.42, 0.68, 1.0)
#: Without places: from few pupils to most.
FEW, MOST = "#F2F2F2", "#8F8F8F"
BALANCED, EDGE = "#FFFFFF", "#8C8C8C"
SHARED: style.Looks = {"facecolor": "#EFEFEF", "edgecolor": "#A6A6A6", "hatch": "////"}
UNKNOWN: style.Looks = {"facecolor": "#FFFFFF", "edgecolor": "#C9C9C9", "hatch": "...."}
#: Between what is short and what is idle: inside a region, and beside the map.
INSIDE, BESIDE = "\n", " / "
#: A region and a level.
Pair = tuple[str, str]


@dataclass(frozen=True)
class Figures:
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

    def text(self, pair: Pair, between: str = INSIDE) -> str:
        """Return it in figures; bounds where demand is one."""
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
        return between.join(bound + number(part, signed=True, minus=MINUS) for part in parts)

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
