"""Shocks drawn smaller where the middle of an area's pupils would lie too far below their mean.

Luck multiplies, so that where its mean is 1 its middle lies below, as a share by half its variance.
In an area of a few families, or in one that strayed beyond measure, the shocks of years on end
would carry the middle of all draws down by a fifth or more. A year's shocks are as large as leaves
that middle as near the central run as an area of its size has it (`lowest`): the range of such an
area stops widening.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Bools, Floats, ordered_sum
from capacity.base.exact import exp
from capacity.model.assumptions import (
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
    HELD_PERSISTENCE,
    MIDDLE_FIXED,
    MIDDLE_LIMIT,
    MIDDLE_PER_HEAD,
    SHOCK_UNDONE,
)
from capacity.model.draws.scales import Scales, heads_of
from capacity.model.draws.spread import Spread

#: Times that an interval is halved to find a part of a variance.
_HALVINGS = 24
#: Areas worked on at a time: their covariances are many.
_AT_ONCE = 128


def near_middle(spread: Spread, scales: Scales, pupils: Floats, stated: Bools) -> Scales:
    """Return scales whose shocks leave the middle of each area's total near its central run.

    How large a year's shocks may be depends on those of the years before it alone. What all areas
    share counts, makes room for itself by size, and stays as it is; births do not count.

    Parameters
    ----------
    spread
    scales
    pupils : (year ahead, area, grade)
        Of the central run before levers, as `scales_of` took them.
    stated : (year ahead, area, grade)
        Cells whose own shocks are as large as somebody says, whatever the middle.
    """
    own, area = scales.own.copy(), scales.area.copy()
    if not (own.any() or area.any()):
        return scales
    heads = heads_of(pupils)
    for first in range(0, pupils.shape[1], _AT_ONCE):
        some = slice(first, first + _AT_ONCE)
        own[:, some], area[:, some] = _near_middle(
            spread, scales.of(some), heads[:, some], stated[:, some]
        )
    return replace(scales, own=own, area=area)


def lowest(heads: Floats, common: Floats | float = 0.0) -> Floats:
    """Return how far the middle of areas of so many pupils may lie below, as a share.

    ``common`` is how far it does by what all areas share, which has no size.
    """
    by_size = MIDDLE_FIXED.value + MIDDLE_PER_HEAD.value / heads
    return np.asarray(np.minimum(by_size + common, MIDDLE_LIMIT.value))


def _near_middle(
    spread: Spread, scales: Scales, heads: Floats, fixed: Bools
) -> tuple[Floats, Floats]:
    """Return the shocks of cohorts and of areas that are to be drawn."""
    own, area = scales.own.copy(), scales.area.copy()
    every = heads.sum(axis=2)
    shares = heads / every[..., None]
    common, shared, shared_stay = _shared(spread, scales)
    of_own = of_shared = _Own.none(*own.shape[1:])
    of_area, of_all = np.zeros((2, *own.shape))  # coefficients of each year's shock, by grade
    for year, starts in enumerate(scales.starts):
        of_own, of_shared = of_own.a_grade_on(starts), of_shared.a_grade_on(starts)
        of_area = _met(of_area, year, starts, scales.young, scales.area_stays)
        of_all = _met(of_all, year, starts, common, COMMON_PERSISTENCE.value)
        *before, whole = _squared(of_area[: year + 1] * area[: year + 1, :, None])
        squares = own[year] * own[year]
        common_to_all = ordered_sum(
            [of_shared.made + _diagonal(shared * shared), *_squared(of_all[: year + 1])]
        )
        old = ordered_sum(
            [of_own.made + _diagonal(np.where(fixed[year], squares, 0.0)), common_to_all, *before]
        )
        new = _diagonal(np.where(fixed[year], 0.0, squares)) + whole
        limit = lowest(every[year], below_mean(common_to_all, shares[year]))
        scale = np.sqrt(_part(old, new, shares[year], limit))
        area[year] *= scale
        own[year] *= np.where(fixed[year], 1.0, scale[:, None])
        of_own = of_own.after(own[year], scales.own_stays, 1.0 - SHOCK_UNDONE.value)
        of_shared = of_shared.after(shared, shared_stay, 1.0)
    return own, area


def _shared(spread: Spread, scales: Scales) -> tuple[Floats, Floats, Floats]:
    """Return standard deviations of what all areas share, and what of it stays.

    Returns
    -------
    common : (grade)
        Of the shock on all grades above the first.
    own, stays : (area, grade)
        Of the shock on each grade, and the part that stays.
    """
    areas, grades = scales.own.shape[1:]
    above = np.arange(grades) > 0
    entry = np.where(scales.held, HELD_PERSISTENCE.value, ENTRY_PERSISTENCE.value)
    stays = np.where(above, COMMON_PERSISTENCE.value, entry[:, None])
    own = np.where(above, spread.grade, spread.entry) * np.ones((areas, 1))
    scale = np.sqrt(2.0 * spread.cumulants.shared.bent[0])
    return scale * spread.common * above, scale * own, stays


@dataclass(frozen=True)
class _Own:
    """Covariances of what the own shocks of an area's cells have done, ``(grade, area, grade)``.

    Attributes
    ----------
    made
        Of the logs of its cohorts.
    both
        Of what stays in its cells of earlier shocks, with those (last).
    stays
        Of what stays.
    """

    made: Floats
    both: Floats
    stays: Floats

    @staticmethod
    def none(areas: int, grades: int) -> _Own:
        """Return those of no shock."""
        none = np.zeros((grades, areas, grades))
        return _Own(none, none.copy(), none.copy())

    def a_grade_on(self, starts: Bools) -> _Own:
        """Carry cohorts into their next grade, where they meet what stays there."""
        gone = _a_grade_on(_a_grade_on(self.made, starts).swapaxes(0, 2), starts)
        both = _a_grade_on(self.both, starts)
        return _Own(gone + both + both.swapaxes(0, 2) + self.stays, both + self.stays, self.stays)

    def after(self, own: Floats, stays: Floats, on: float) -> _Own:
        """Add a year's shocks ``(area, grade)``: of each a part goes on, and a part stays."""
        squares = own * own
        return _Own(
            self.made + _diagonal(on * on * squares),
            self.both + _diagonal(on * stays * squares),
            self.stays + _diagonal(stays * stays * squares),
        )


def _a_grade_on(before: Floats, starts: Bools) -> Floats:
    """Carry what cohorts ``(…, area, grade)`` have met into their next grade."""
    after = np.zeros_like(before)
    after[..., 1:] = np.where(starts[:, 1:], 0.0, before[..., :-1])
    return after


def _met(before: Floats, year: int, starts: Bools, loads: Floats, stays: Floats | float) -> Floats:
    """Return what cohorts have met of each year's shock on many grades, ``(year, area, grade)``."""
    met = _a_grade_on(before, starts)
    met[:year] += np.reshape(stays, (-1, 1)) * loads
    met[year] = loads
    return met


def _diagonal(variances: Floats) -> Floats:
    """Return covariances of what is independent, of variances ``(area, grade)``."""
    return np.asarray(np.eye(variances.shape[1])[:, None] * variances)


def _squared(loads: Floats) -> Floats:
    """Return covariances by what hits the grades of an area, of its ``(…, area, grade)``."""
    return np.asarray(np.moveaxis(loads, -1, -2)[..., None] * loads[..., None, :, :])


def _part(old: Floats, new: Floats, share: Floats, limit: Floats) -> Floats:
    """Return the greatest part of new covariances that leaves the middle near the mean.

    Parameters
    ----------
    old, new : (grade, area, grade)
    share : (area, grade)
        Of the area's pupils.
    limit : (area)
        How far the middle may lie below.

    Returns
    -------
    (area)
    """
    part = np.ones(len(share))
    far = below_mean(old + new, share) > limit
    if not far.any():
        return part
    old, new, share, limit = old[:, far], new[:, far], share[far], limit[far]
    low, high = np.zeros(len(share)), np.ones(len(share))
    for _ in range(_HALVINGS):
        half = (low + high) / 2.0
        beyond = below_mean(old + half[:, None] * new, share) > limit
        low, high = np.where(beyond, low, half), np.where(beyond, half, high)
    part[far] = low
    return part


def below_mean(covariance: Floats, share: Floats) -> Floats:
    """Return how far the median of an area's pupils lies below their mean, as a share of it.

    Logs are taken as normal. The median of a sum of many cohorts is near that of the lognormal with
    its mean and variance (Fenton-Wilkinson); where one cohort has nearly all of the variance, near
    the sum of the others and its own. The greater of both is taken.

    Parameters
    ----------
    covariance : (grade, area, grade)
        Of the logs of cohorts.
    share : (area, grade)
        Of the area's pupils.

    Returns
    -------
    (area)
    """
    grown = exp(covariance)
    varies = (_squared(share) * (grown - 1.0)).sum(axis=(0, 2))
    alone = np.diagonal(grown, axis1=0, axis2=2)
    parts = share * share * (alone - 1.0)
    apart, every = (parts * share * (1.0 - 1.0 / np.sqrt(alone))).sum(axis=1), parts.sum(axis=1)
    of_one = np.divide(apart, every, out=np.zeros_like(every), where=every > 0)
    return np.asarray(np.maximum(1.0 - 1.0 / np.sqrt(1.0 + varies), of_one))
