"""How many pupils may be carried up in a draw, where more than one luck meets in a cohort.

A cohort that came by ratios alone is bounded by its own luck (`bounded`, `steps_of`). Where pupils
of several beginnings meet, by moves or flows, the luck of each has its own past, and what is made
of them together may pass the bound of any. They are cut to what the bounds allow: as many as if
luck had made the most, or the least, of everybody who came.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.model.assumptions import FACTOR_LIMIT
from capacity.model.draws.streams import SINGLE, Singles
from capacity.model.roll import Transfers, roll_forward

#: Gives the pupils whom ratios carry up, ``(year ahead, area, grade)``, of ``(horizon, …)``.
Carry = Callable[[Floats], Floats]


def limits_of(
    pupils: Floats,
    entrants: Floats,
    ratios: Floats,
    moves: Floats,
    anew: Floats,
    starts: Bools,
    transfers: Transfers,
    carry: Carry,
) -> tuple[Singles, Singles]:
    """Return the fewest and the most whom ratios may carry up, ``(year ahead, area, grade)``.

    None and endless where a cohort has one luck alone.

    Parameters
    ----------
    pupils : (horizon, area, grade)
        Of the central run.
    entrants : (year ahead, area)
    ratios, moves, anew, starts : (year ahead, area, grade)
        As a sampler has them.
    transfers
    carry
    """
    several = _several(carry(pupils) > 0, starts, moves != 0, transfers)
    found = []
    for factor, beyond in ((1.0 / FACTOR_LIMIT.value, 0.0), (FACTOR_LIMIT.value, np.inf)):
        came = factor * np.maximum(moves, 0.0) + np.minimum(moves, 0.0)  # who goes is certain
        came += factor * np.maximum(anew, 0.0) + np.minimum(anew, 0.0) / factor
        base, entering, ratio, moved = (
            part[..., None] for part in (factor * pupils[0], factor * entrants, ratios, came)
        )
        rolled, _ = roll_forward(base, entering, ratio, moved, transfers)
        found.append(np.where(several, carry(rolled[..., 0]), beyond).astype(SINGLE))
    least, most = found
    return least, most


def _several(carried: Bools, starts: Bools, moved: Bools, transfers: Transfers) -> Bools:
    """Mark the cells into which pupils of more than one luck are carried."""
    several = np.zeros_like(carried)
    mixed = np.zeros(carried.shape[1:], dtype=bool)  # a year before
    for year, here in enumerate(several):
        here[:, 1:] = carried[year, :, 1:] & (starts[year, :, 1:] | mixed[:, :-1])
        mixed = here | moved[year]
        for grade, share in transfers.rezoned.items():
            mixed[:, grade] |= bool(share[year].any())
    return several
