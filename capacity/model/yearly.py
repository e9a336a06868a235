"""The ratios of every single year: what calibration averages, and how far they spread."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints
from capacity.model.assumptions import SHRUNK_MEMORY
from capacity.model.calibration import divided, usable
from capacity.model.history import History
from capacity.model.ratios import from_below, through_flows


@dataclass(frozen=True, eq=False)
class Yearly(Arrays):
    """Pupils of each year, and what they came from.

    Attributes
    ----------
    into, source : (year, area, …)
        Pupils, and the pupils, births or children that they came from; nan where unknown or
        kept out.
    """

    into: Floats
    source: Floats

    @property
    def ratio(self) -> Floats:
        """The ratio of each year; nan where there is none."""
        return np.where(usable(self.into, self.source), divided(self.into, self.source), np.nan)


def progressions(history: History) -> Yearly:
    """Give the yearly ratios into each grade above the first, ``(year, area, grade)``.

    A grade that flows lead into has that of the whole district in every area.
    """
    into, source = history.into.copy(), from_below(history)
    for grade in history.flows:
        arriving, leaving = through_flows(history, grade)
        into[:, :, grade], source[:, :, grade] = arriving[:, :, 0], leaving[:, :, 0]
    return Yearly(into, source)


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


def spell(ratio: Floats, used: range) -> Spell:
    """Sum up the yearly ratios ``(year, …)`` of the years that are used."""
    known: Bools = np.zeros(ratio.shape, dtype=bool)
    known[used] = ~np.isnan(ratio[used])
    years = np.asarray(known.sum(axis=0), np.int64)
    any_year = years > 0
    mean = divided(np.where(known, ratio, 0.0).sum(axis=0), years.astype(float))
    squares = (np.where(known, ratio - mean, 0.0) ** 2).sum(axis=0)
    return Spell(
        years=years,
        first=np.where(any_year, known.argmax(axis=0), -1),
        last=np.where(any_year, len(known) - 1 - known[::-1].argmax(axis=0), -1),
        sd=np.sqrt(divided(squares, years - 1.0)),
    )


def years_used(history: History, method: str, window: int) -> range:
    """Give the positions of the years that a method looks at."""
    return history.recent(int(SHRUNK_MEMORY.value) if method == "shrunk" else window)
