"""Laws that every run must keep, worked out again from its own arrays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Floats
from capacity.base.exact import weighted_sum
from capacity.model.demand import Demand
from capacity.model.pools import Pools
from capacity.model.rows import BY_GRADE, MARGIN_GAP
from capacity.model.simulation import Outcome


@dataclass(frozen=True)
class Check:
    """One law on one run.

    Attributes
    ----------
    code
        Number of the invariant, or its name.
    law
        What must hold, in words.
    residual
        How far it is missed, in the unit of ``tolerance``.
    tolerance
    """

    code: str
    law: str
    residual: float
    tolerance: float

    @property
    def passed(self) -> bool:
        """True where the law holds within its tolerance."""
        return self.residual <= self.tolerance


#: Rounding that sums of a run may show, as a share of its largest number.
_ROUNDING = 1e-12


def check(
    outcome: Outcome,
    demand: Demand,
    rows: Mapping[str, Floats],
    members: Sequence[Sequence[int]],
    pools: Pools,
) -> list[Check]:
    """Check a run against the laws of the model.

    Parameters
    ----------
    outcome, demand
        The run and what it was prepared from.
    rows
        From `capacity.model.rows.totals`.
    members
        Positions of the leaf regions of each row.
    pools
    """
    largest = max(float(outcome.pupils.max(initial=1.0)), 1.0)
    _, areas, grades, _ = outcome.pupils.shape
    all_pupils = outcome.pupils.sum(axis=(1, 2))
    net = np.maximum(rows[MARGIN_GAP][:, -1, :-1], 0.0)
    return [
        Check(
            "I1",
            "pupils of a year = pupils carried up + entrants + moves + clipped",
            _conservation(outcome, demand) / largest,
            _ROUNDING * areas * grades,
        ),
        Check(
            "I2",
            "demand by region and level adds up to all pupils",
            _most(np.abs(rows["demand"][:, -1, -1] - all_pupils)) / largest,
            _ROUNDING * areas * grades,
        ),
        Check(
            "I5", "pupils, demand and places are finite and not below 0", _below_zero(outcome), 0.0
        ),
        Check(
            "I16",
            "gap = shortage - surplus, one of them 0: regions by level, and a pooled level's total",
            _identity(rows, members, pools),
            0.0,
        ),
        Check(
            "I24",
            "shortages of the regions add up to the district's net shortage or more",
            _most(net - rows["shortage"][:, -1, :-1]) / largest,
            _ROUNDING * len(pools.sets),
        ),
        Check(
            "grade",
            "the shortage by grade is no less than the shortage",
            _most(rows["shortage"] - rows[BY_GRADE]) / largest,
            _ROUNDING * areas * grades,
        ),
        Check(
            "after",
            "shortage after conversions and moves is between 0 and the regions' shortages",
            _after_is_less(outcome, rows) / largest,
            _ROUNDING * outcome.demand.shape[1],
        ),
    ]


def _conservation(outcome: Outcome, demand: Demand) -> float:
    """Sum the pupils of every year again from those of the year before."""
    pupils = outcome.pupils
    ratios, moves = demand.ratios[1:], demand.moves[1:]
    expected = demand.entrants[1:].sum(axis=1)
    expected = expected + (moves + outcome.clipped[1:]).sum(axis=(1, 2))
    progressed = ratios[:, :, 1:] * pupils[:-1, :, :-1]
    for flow in demand.transfers.flows:
        leavers = np.moveaxis(pupils[:-1, :, flow.grade - 1], 1, 0)
        share = np.moveaxis(np.broadcast_to(flow.share, (len(ratios), *flow.share.shape[1:])), 1, 0)
        arriving = ratios[:, :, flow.grade] * weighted_sum(share[..., None], leavers[:, :, None])
        progressed[:, flow.into, flow.grade - 1] = arriving[:, flow.into]
    expected = expected + progressed.sum(axis=(1, 2))
    return _most(np.abs(pupils[1:].sum(axis=(1, 2)) - expected))


def _below_zero(outcome: Outcome) -> float:
    """Only places may be unknown; nothing is endless."""
    places = (np.where(np.isnan(k), 0.0, k) for k in (outcome.places, outcome.listed))
    counts = (outcome.pupils, outcome.demand, *places)
    if not all(np.isfinite(count).all() for count in counts):
        return float("inf")
    return max(_most(-count) for count in counts)


def _identity(rows: Mapping[str, Floats], members: Sequence[Sequence[int]], pools: Pools) -> float:
    """On leaf rows, and on the district's row of a pooled level; other rows are sums.

    Of the gap with the margin that is kept free.
    """
    names = (MARGIN_GAP, "shortage", "surplus")
    gap, shortage, surplus = (rows[name][:, :, :-1] for name in names)
    leaf = np.array([len(leaves) == 1 for leaves in members])
    clipped = leaf[:, None] & pools.holds(members)
    clipped[-1] |= pools.district
    apart = np.abs(gap - (shortage - surplus))[:, clipped]
    return max(_most(apart), _most(np.abs(np.minimum(shortage, surplus))[:, clipped]))


def _after_is_less(outcome: Outcome, rows: Mapping[str, Floats]) -> float:
    """Measure by the shortages of rows: neither conversions nor moves add to them."""
    after, most = rows["shortage_after"], rows["shortage"]
    return max(_most(after - most), _most(-after))


def _most(values: Floats) -> float:
    known = values[~np.isnan(values)]
    return max(float(known.max(initial=0.0)), 0.0) + 0.0
