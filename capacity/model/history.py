"""What an origin knows of the past, and the yearly ratios that it gives."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints, along, ordered_sum
from capacity.model.births import birth_cohorts, extend_births
from capacity.model.data import ModelData
from capacity.model.roll import Flow


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
    series : (area)
        Which series of births an area sees; −1 is none.
    ahead : (area)
        Areas whose births are known, or continued, for every year that is to come.
    flows
        One for each level that has any.
    unlinked_grades : tuple of int
        Positions of grades into which no grade of the district leads.
    absent : (area, grade)
        Cells of a group that is not there: they say nothing, and nobody comes to them.
    """

    pupils: Floats
    into: Floats
    entrants: Floats
    born: Floats
    children: Floats
    series: Ints
    ahead: Bools
    flows: tuple[Flow, ...]
    unlinked_grades: tuple[int, ...]
    absent: Bools

    def __len__(self) -> int:
        """Years up to the origin's."""
        return len(self.pupils)

    @property
    def flowing(self) -> Bools:
        """Mark the cells that flows lead into, ``(area, grade)``."""
        marked = np.zeros(self.pupils.shape[1:], dtype=bool)
        for flow in self.flows:
            marked[flow.into, flow.grade] = True
        return marked

    def until(self, years: int) -> History:
        """Return what was known after the first ``years`` years, to forecast the next."""
        names = ("pupils", "into", "entrants", "born", "children")
        known = {name: getattr(self, name)[:years] for name in names}
        due = self.born[years : years + 1]
        ahead = np.asarray(~np.isnan(due).any(axis=0)) if len(due) else self.ahead
        return replace(self, **known, ahead=ahead)

    @property
    def empty(self) -> Bools:
        """Mark the years in which an area had no pupils at all, ``(year, area)``."""
        return np.asarray((self.pupils == 0).all(axis=2))


def history_of(data: ModelData) -> History:
    """Return the past of a district up to its base year."""
    entrants = np.where(np.isnan(data.sought), data.pupils[:, :, 0], data.sought)
    start, absent = data.axes.start, data.axes.nowhere
    coming = birth_cohorts(extend_births(data.births, "hold"), data.weights)[start + 1 :]
    whole = History(
        pupils=data.pupils,
        into=np.where(data.flagged | absent, np.nan, data.pupils),
        entrants=np.where(data.flagged[:, :, 0] | absent[:, 0], np.nan, entrants),
        born=birth_cohorts(data.births, data.weights),
        children=data.children,
        series=data.births_series,
        ahead=np.asarray(~np.isnan(coming).any(axis=0)),
        flows=data.flows,
        unlinked_grades=data.axes.unlinked_grades,
        absent=absent,
    )
    known = whole.until(start + 1)
    return replace(known, ahead=whole.ahead)


def came_from(pupils: Floats) -> Floats:
    """Pupils one grade lower a year before, at the place of each grade and year.

    Parameters
    ----------
    pupils : (year, area, grade)

    Returns
    -------
    (year, area, grade)
        nan in the first year and the first grade, which come from no grade.
    """
    before = np.full_like(pupils, np.nan)
    before[1:, :, 1:] = pupils[:-1, :, :-1]
    return before


def from_below(history: History) -> Floats:
    """Return the pupils one grade lower a year before, ``(year, area, grade)``; nan where none."""
    source = came_from(history.pupils)
    source[:, :, list(history.unlinked_grades)] = np.nan
    return source


def through_flows(history: History, flow: Flow) -> tuple[Floats, Floats]:
    """Return the pupils that a flow leads to, and those who leave where it comes from.

    One ratio serves the whole district: flows already say which area gains from which.

    Returns
    -------
    into, source : (year, 1, 1)
    """
    arriving = ordered_sum(along(history.into[:, flow.into, flow.grade], 1))
    leaving = ordered_sum(along(history.pupils[:, flow.feeding, flow.grade - 1], 1))
    before = np.concatenate([[np.nan], leaving[:-1]])
    return arriving[:, None, None], before[:, None, None]


def divided(top: Floats, bottom: Floats) -> Floats:
    """Divide; nan where there is nothing to divide by."""
    ratio: Floats = np.divide(top, bottom, out=np.full(np.shape(top), np.nan), where=bottom > 0)
    return ratio


@dataclass(frozen=True, eq=False)
class Spell(Arrays):
    """The years that a ratio rests on; arrays of one shape.

    Attributes
    ----------
    years
        How many there are.
    first, last
        Position of the first and the last; −1 where there is none.
    sd
        Standard deviation of their ratios; nan with fewer than two.
    """

    years: Ints
    first: Ints
    last: Ints
    sd: Floats


def spell(ratio: Floats, used: Bools) -> Spell:
    """Sum up the yearly ratios ``(year, …)`` of the years that are used."""
    years = np.asarray(used.sum(axis=0), np.int64)
    any_year = years > 0
    mean = divided(np.where(used, ratio, 0.0).sum(axis=0), years.astype(float))
    squares = (np.where(used, ratio - mean, 0.0) ** 2).sum(axis=0)
    return Spell(
        years=years,
        first=np.where(any_year, used.argmax(axis=0), -1),
        last=np.where(any_year, len(used) - 1 - used[::-1].argmax(axis=0), -1),
        sd=np.sqrt(divided(squares, years - 1.0)),
    )
