"""What an origin knows of the past: counts up to its year, flagged ones kept out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Floats
from capacity.model.births import cohorts
from capacity.model.data import World


@dataclass(frozen=True, eq=False)
class History(Arrays):
    """Counts of the past, the origin's year last; nan is unknown.

    Attributes
    ----------
    pupils : (year, area, grade)
        As counted: what the next year's pupils come from.
    into : (year, area, grade)
        The same without flagged years: what a ratio may lead into.
    entrants : (year, area)
        Children who sought the first grade, else its pupils; without flagged years.
    born, children : (year, area)
        Births, and children, of the cohort that enters in a year.
    flows
        By position of a level's first grade: ``share[from, to]`` over areas.
    orphans : tuple of int
        Positions of grades into which no grade of the district leads.
    """

    pupils: Floats
    into: Floats
    entrants: Floats
    born: Floats
    children: Floats
    flows: Mapping[int, Floats]
    orphans: tuple[int, ...]

    def __len__(self) -> int:
        """Years up to the origin's."""
        return len(self.pupils)

    def until(self, years: int) -> History:
        """Give what was known after the first ``years`` years."""
        known = ("pupils", "into", "entrants", "born", "children")
        return replace(self, **{name: getattr(self, name)[:years] for name in known})

    def recent(self, length: int) -> range:
        """Positions of the last ``length`` years (those that there are)."""
        return range(max(len(self) - length, 0), len(self))


def history_of(world: World) -> History:
    """Give the past of a district up to its base year."""
    entrants = np.where(np.isnan(world.sought), world.pupils[:, :, 0], world.sought)
    whole = History(
        pupils=world.pupils,
        into=np.where(world.flagged[:, :, None], np.nan, world.pupils),
        entrants=np.where(world.flagged, np.nan, entrants),
        born=cohorts(world.births, world.weights),
        children=world.children,
        flows=world.flows,
        orphans=world.axes.orphans,
    )
    return whole.until(world.axes.start + 1)
