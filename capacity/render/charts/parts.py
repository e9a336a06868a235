"""What the places of a level are made of, as series by year, and how each part looks."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capacity.render.charts.balance import Floats
from capacity.results.labels import Labels, column, constrained

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
#: Parts that do not yet stand in the base year.
AHEAD = ("building", "approved", "planned", "idea")
#: Colours of hatches: of parts, and of what measures take away.
HATCH, TAKEN = "#40574F", "#8E3B76"


@dataclass(frozen=True)
class LevelSeries:
    """A level's series by year, in places."""

    code: str
    demand: Floats
    parts: dict[str, Floats]
    short: float  # in the answer year
    idle: float
    gap: float
    full: bool  # demand is a lower bound in the answer year

    @property
    def places(self) -> Floats:
        """Usable places: the sum of the parts."""
        total: Floats = np.sum(list(self.parts.values()), axis=0)
        return total


def series_of(
    own: pd.DataFrame,
    results: pd.DataFrame,
    labels: Labels,
    cell: tuple[str, str],
    years: tuple[int, ...],
) -> LevelSeries:
    """Give the series of one region and level, from the region's supply and all results."""

    def by_year(name: str) -> Floats:
        values = column(results, name)
        return np.array([values.get((year, *cell), math.nan) for year in years])

    at = years.index(answer := labels.answer_year(years))
    short, idle, gap = (float(by_year(name)[at]) for name in ("shortage", "surplus", "gap"))
    full = (answer, *cell) in constrained(results, year=answer)
    found = own[own["level"].astype(str) == cell[1]]
    parts = {name: np.zeros(len(years)) for name in PARTS}
    for year, part, places in zip(found["year"], found["part"], found["places"], strict=True):
        parts[str(part)][years.index(int(year))] += float(places)
    return LevelSeries(cell[1], by_year("demand"), parts, short, idle, gap, full)
