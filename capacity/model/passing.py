"""How much of a change in an area's births its first grade shows.

Families move between a birth and the first day at school, and full schools send children next
door: what an area's births gain on the district's shows in its first grade only to a share, the
*passing share*; the rest spreads over the areas as their births always stood to each other.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints, along, ordered_sum
from capacity.base.exact import log, power
from capacity.model.assumptions import (
    PASSING_DECAY,
    PASSING_HALF,
    PASSING_PRIOR,
    PASSING_WEIGHT,
    SHRUNK_MEMORY,
)

#: Rounds in which the means of areas and of years are taken off by turns.
_ROUNDS = 10


@dataclass(frozen=True, eq=False)
class Passing(Arrays):
    """Births as first grades show them: ``b*[a] = ε·b[a] + (1−ε)·s[a]·Σb``.

    The births of the district stay as they are, and so do those of an area alone.

    Attributes
    ----------
    share : float
        ε, 0 to 1.
    spread : (area)
        s, an area's usual share of the births of all areas that take part; 0 where it keeps its
        own.
    counted : (area)
        What an area's births count for in Σb: areas that see one series count it once; 0 where
        it does not take part.
    """

    share: float
    spread: Floats
    counted: Floats

    @property
    def takes_part(self) -> Bools:
        """Mark the areas whose births spread, ``(area)``."""
        return np.asarray(self.counted > 0)

    def of(self, born: Floats) -> Floats:
        """Return births as first grades show them, ``(year, area)``."""
        part = self.takes_part
        if not part.any():
            return born
        every = ordered_sum(along(np.where(part, born, 0.0) * self.counted, 1))[:, None]
        shown = self.share * born + (1.0 - self.share) * self.spread * every
        return np.where(part, shown, born)


def not_passing(areas: int) -> Passing:
    """Return what leaves the births of every area as they are."""
    return Passing(1.0, np.zeros(areas), np.zeros(areas))


def find_passing(born: Floats, entrants: Floats, series: Ints, ahead: Bools) -> Passing:
    """Estimate the passing share of a past.

    Parameters
    ----------
    born : (year, area)
        Births of the cohort that enters in a year, the origin's year last; nan where unknown.
    entrants : (year, area)
        Children who entered; nan where unknown or kept out.
    series : (area)
        Which series of births an area sees; −1 is none. Areas that see one share it.
    ahead : (area)
        Areas whose births are known in every year that is to come.

    Returns
    -------
    Passing
        `not_passing` where fewer than two series are known throughout.
    """
    memory = slice(-int(SHRUNK_MEMORY.value), None)
    seen, first, of, areas = np.unique(
        series, return_index=True, return_inverse=True, return_counts=True
    )
    births = born[memory][:, first]
    known = ~np.isnan(births)
    used = known.any(axis=1)
    whole = (seen >= 0) & ahead[first] & known[used].all(axis=0) & used.any()
    if whole.sum() < 2:
        return not_passing(len(series))
    usual = _usual_births(births[:, whole])
    total = usual.sum()
    if not total > 0:
        return not_passing(len(series))
    came = np.zeros((len(births), len(seen)))  # of the areas that share a series
    np.add.at(came.T, of, entrants[memory].T)
    came = np.ascontiguousarray(came[:, whole])  # sums go by how an array lies
    spread, counted = np.zeros((2, len(seen)))
    spread[whole], counted[whole] = usual / total, 1.0 / areas[whole]
    spread, counted = spread[of], counted[of]
    return Passing(passing_share(births[:, whole], came), spread, counted)


def _usual_births(births: Floats) -> Floats:
    """Discounted births of the last years, ``(series)``."""
    ago = range(len(births) - 1, -1, -1)
    weights = power(PASSING_DECAY.value, ago)[:, None]
    return ordered_sum(along(np.nan_to_num(births) * weights, 0))


def passing_share(births: Floats, entrants: Floats) -> float:
    """Regress entrants on births in logs, without the means of areas and of years.

    Parameters
    ----------
    births, entrants : (year, area)
        Years in which either is 0 or unknown are left out.

    Returns
    -------
    float
        Drawn towards `PASSING_PRIOR`, within 0 and 1.
    """
    told: Bools = (np.nan_to_num(births) > 0) & (np.nan_to_num(entrants) > 0)
    known = np.where(told, births, 1.0)
    weights = np.where(told, known / (known + PASSING_HALF.value), 0.0)
    of_births = _without_means(log(known), weights)
    of_entrants = _without_means(log(np.where(told, entrants, 1.0)), weights)
    both = float((weights * of_births * of_entrants).sum())
    own = float((weights * of_births * of_births).sum())
    prior = PASSING_WEIGHT.value
    return min(max((both + prior * PASSING_PRIOR.value) / (own + prior), 0.0), 1.0)


def _without_means(values: Floats, weights: Floats) -> Floats:
    """Take the weighted means of areas, then those of years, off by turns."""
    left = np.where(weights > 0, values, 0.0)
    for _ in range(_ROUNDS):
        for axis in (0, 1):
            total = weights.sum(axis=axis, keepdims=True)
            mean = np.zeros_like(total)
            top = (weights * left).sum(axis=axis, keepdims=True)
            np.divide(top, total, out=mean, where=total > 0)
            left = np.where(weights > 0, left - mean, 0.0)
    return left
