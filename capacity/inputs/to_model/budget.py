"""Whether memory holds the draws that are asked for, told before the first is drawn."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from capacity.base.axes import Axes
from capacity.base.errors import At, Problems
from capacity.base.memory import free_bytes
from capacity.model.balance import components
from capacity.model.draws.samples import KEPT
from capacity.model.draws.streams import SINGLE
from capacity.model.draws.worlds import AT_ONCE, MOST_KEPT
from capacity.model.simulation import Prepared

if TYPE_CHECKING:
    from capacity.inputs.scenarios.scenario import Scenario

#: Bytes beside a region row's samples, as multiples of these: measured, and rounded up. Of a
#: region that is drawn; of the sums and the sorted copies of a run; of a further sum.
_DRAWN, _RUN, _SUM = 2.0, 3.0, 1.5
#: What draws may take: as much as an office machine has to spare, and no more than a share of
#: the memory that is free. A choice.
_BUDGET, _SHARE = 2e9, 0.8
_GIGABYTE = 1e9


def check_draws(scenario: Scenario, axes: Axes, prepared: Prepared) -> None:
    """Refuse the draws of a run that memory does not hold.

    Raises
    ------
    capacity.InputError
        They would take more than they may.
    """
    at_once = _at_once(axes, prepared)
    refuse_draws(
        At(str(scenario.path)),
        scenario.chance.draws,
        lambda draws: bytes_of(axes, draws, at_once),
        room_for_draws(),
    )


def room_for_draws() -> float:
    """Return the bytes that draws may take."""
    free = free_bytes()
    return _BUDGET if free is None else min(_BUDGET, _SHARE * free)


def refuse_draws(at: At, draws: int, needed: Callable[[int], float], room: float) -> None:
    """Refuse draws that have no room; say what they take and how many it would hold.

    Parameters
    ----------
    at
        Whose draws they are.
    draws
    needed
        Bytes that so many draws take.
    room
        Bytes that they may take.

    Raises
    ------
    capacity.InputError
        They would take more than they may.
    """
    if not draws or needed(draws) <= room:
        return
    problems = Problems()
    problems.error(
        "draws-memory",
        at,
        draws=draws,
        needed=f"{needed(draws) / _GIGABYTE:.1f}",
        room=f"{room / _GIGABYTE:.1f}",
        most=_most(needed, room),
    )
    problems.raise_errors()


def bytes_of(axes: Axes, draws: int, at_once: int) -> float:
    """Return the bytes that draws take at most.

    Parameters
    ----------
    axes
    draws
    at_once
        Regions in the largest set of those that exchange pupils, which are drawn together.
    """
    row = np.dtype(SINGLE).itemsize * len(KEPT) * len(axes.horizon) * (len(axes.level) + 1) * draws
    sums = sum(len(members) > 1 for members in axes.members)
    return MOST_KEPT + _DRAWN * max(at_once * row, AT_ONCE) + (_RUN + _SUM * max(sums - 1, 0)) * row


def _at_once(axes: Axes, prepared: Prepared) -> int:
    """Return the number of regions in the largest set that exchanges pupils."""
    transfers, of = prepared.demand.transfers, axes.region_of.tolist()
    every = [*(flow.share for flow in transfers.flows), *transfers.rezoned.values()]
    shares = [share.sum(axis=0) for share in every]
    pairs = [(of[a], of[b]) for share in shares for a, b in np.argwhere(share > 0).tolist()]
    return max(map(len, components(len(axes.region), pairs)))


def _most(needed: Callable[[int], float], room: float) -> int:
    """Return the greatest number of draws that has room, in two figures."""
    low, high = 0, 1
    while needed(high) <= room:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if needed(middle) <= room else (low, middle)
    figures = str(low)
    return int(figures[:2].ljust(len(figures), "0"))
