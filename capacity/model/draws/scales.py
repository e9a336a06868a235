"""How large the shocks of each area and cohort are, from the sizes of the central run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.model.assumptions import (
    AREA_STAYS,
    AREA_STAYS_HALF,
    AREA_STAYS_MORE,
    CELL_STAYS,
    CELL_STAYS_HALF,
    CELL_STAYS_MORE,
    EMPTY_COHORT,
    FIRST_STAYS,
    FIRST_STAYS_HALF,
    FIRST_STAYS_HELD,
    FIRST_STAYS_MORE,
    SHOCK_LIMIT,
    YOUNG_GRADE,
    YOUNG_MORE,
)
from capacity.model.draws.spread import Spread


@dataclass(frozen=True, eq=False)
class Scales(Arrays):
    """What scales the shocks of areas, from the sizes of the central run before levers.

    Attributes
    ----------
    own : (year ahead, area, grade)
        Standard deviation of a cohort's own shock; in the first grade of an area's entry.
    area : (year ahead, area)
        Of the shock on all grades of an area.
    own_stays : (area, grade)
        Share of a cohort's own shock that stays in its cell.
    area_stays : (area)
    young : (grade)
        How much of an area's shock hits a grade.
    held : (area)
        Areas whose first grade is held: common entry shocks stay.
    starts : (year ahead, area, grade)
        Cells whose pupils no ratio carries up within their area: their shocks begin anew.
    """

    own: Floats
    area: Floats
    own_stays: Floats
    area_stays: Floats
    young: Floats
    held: Bools
    starts: Bools

    def of(self, areas: slice | list[int]) -> Scales:
        """Return those of some areas."""
        return Scales(
            own=self.own[:, areas],
            area=self.area[:, areas],
            own_stays=self.own_stays[areas],
            area_stays=self.area_stays[areas],
            young=self.young,
            held=self.held[areas],
            starts=self.starts[:, areas],
        )


def scales_of(
    spread: Spread,
    pupils: Floats,
    grades: Sequence[int],
    *,
    stated: Floats,
    held: Bools,
    starts: Bools,
) -> Scales:
    """Return the scales of shocks.

    Parameters
    ----------
    spread
    pupils : (year ahead, area, grade)
        Of the central run before levers.
    grades
        Their numbers.
    stated : (year ahead, area, grade)
        Standard deviations that ratios.csv states; nan elsewhere.
    held, starts
        As in `Scales`.
    """
    heads, limit = _sizes(pupils), SHOCK_LIMIT.value
    every = heads_of(pupils).sum(axis=2)
    sized = np.sqrt(spread.cell_fixed + spread.cell_per_head / heads)
    own = np.where(np.isnan(stated) | (not spread.hits_ratios), sized, stated)
    more = np.where(held, FIRST_STAYS_HELD.value, FIRST_STAYS_MORE.value)
    soon = heads[:1].sum(axis=0)  # of the first year ahead; the base year may be the last
    stays = _stays(soon, CELL_STAYS.value, CELL_STAYS_MORE.value, CELL_STAYS_HALF.value)
    first = soon[:, 0]
    stays[:, 0] = _stays(first, FIRST_STAYS.value, more, FIRST_STAYS_HALF.value)
    of_area = np.sqrt(spread.area.of(every))
    if spread.hits_ratios and spread.irregular.any():
        own[:, spread.irregular] = of_area[:, spread.irregular] = limit
    by_area = (AREA_STAYS.value, AREA_STAYS_MORE.value, AREA_STAYS_HALF.value)
    return Scales(
        own=np.minimum(own, limit),
        area=np.minimum(of_area, limit),
        own_stays=stays,
        area_stays=_stays(every[:1].sum(axis=0), *by_area),
        young=young_loads(grades),
        held=held,
        starts=starts,
    )


def heads_of(pupils: Floats) -> Floats:
    """Pupils that count for the size of an area, ``(year ahead, area, grade)``.

    Those that it has: grades that it lacks make it no larger. An area without any before levers
    counts as one that opens.
    """
    return np.where((pupils > 0).any(axis=2, keepdims=True), pupils, _sizes(pupils))


def _sizes(pupils: Floats) -> Floats:
    """Pupils of each cell; where there are none before levers, the mean of its area's other ones.

    Not of other areas: what lies beside an area must not change its luck.
    """
    some = pupils > 0
    count = some.sum(axis=2, keepdims=True)
    total = np.where(some, pupils, 0.0).sum(axis=2, keepdims=True)
    mean = np.where(count > 0, total / np.maximum(count, 1), EMPTY_COHORT.value)
    return np.maximum(np.where(some, pupils, mean), 1.0)


def _stays(heads: Floats, least: float, more: Floats | float, half: float) -> Floats:
    """Return the share of a shock that stays: what falls with size does not."""
    return np.asarray(least + more * heads / (heads + half))


def young_loads(grades: Sequence[int]) -> Floats:
    """How much of an area's shock hits each grade; 1 on average over those above the first.

    ``1 + .5·(6 − g) ÷ 6``, divided by its mean.
    """
    reference = YOUNG_GRADE.value
    loads = 1.0 + YOUNG_MORE.value * (reference - np.array(grades, float)) / reference
    return np.asarray(loads / (loads[1:].mean() if len(loads) > 1 else 1.0))
