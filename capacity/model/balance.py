"""Gap, shortage and surplus, and what conversions inside a region can mend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class Lenders(Arrays):
    """Rows of the stock whose rooms may serve other levels, in the order of their keys.

    Attributes
    ----------
    region, level : (lender)
        Positions on their axes.
    convertible : (lender, level)
        Levels that may take its rooms.
    places : (year, lender, 1)
        Its own places: the most that it lends.
    """

    region: Ints
    level: Ints
    convertible: Bools
    places: Floats

    def order(self) -> list[int]:
        """Give who lends first: the one whose highest `convertible_to` level is lowest."""
        levels = np.arange(self.convertible.shape[1])
        highest = np.where(self.convertible, levels, -1).max(axis=1, initial=-1)
        return sorted(range(len(self.level)), key=lambda row: (highest[row], self.level[row], row))


def clip(gap: Floats) -> tuple[Floats, Floats]:
    """Split a signed gap into shortage and surplus, each ≥ 0; unknown stays nan."""
    return np.maximum(gap, 0.0), np.maximum(-gap, 0.0)


def convert(gap: Floats, class_size: Floats, lenders: Lenders) -> tuple[Floats, Floats]:
    """Let surplus rooms of one level serve a short level of the same region.

    Short levels are served in grade order. A lender gives at most its own places and at most
    the surplus of its level, in rooms; each room gives the class size of the level that takes.

    Parameters
    ----------
    gap : (year, region, level, draw)
        Demand − places; unknown cells (nan) neither lend nor are short.
    class_size : (year, region, level, 1)
        Pupils a class.
    lenders

    Returns
    -------
    shortage, surplus : (year, region, level, draw)
        What is left of each.
    """
    shortage, surplus = (np.nan_to_num(side) for side in clip(gap))
    left = np.broadcast_to(lenders.places, (*lenders.places.shape[:2], gap.shape[-1])).copy()
    order = lenders.order()
    for taker in range(gap.shape[2]):
        for row in order:
            if not lenders.convertible[row, taker] or lenders.level[row] == taker:
                continue
            region, giver = lenders.region[row], lenders.level[row]
            room_given, room_taken = class_size[:, region, giver], class_size[:, region, taker]
            offered = np.minimum(surplus[:, region, giver], left[:, row])
            wanted = shortage[:, region, taker] / room_taken * room_given
            given = np.minimum(offered, wanted)  # never more than there is, to the last bit
            surplus[:, region, giver] -= given
            left[:, row] -= given
            still = shortage[:, region, taker] - offered / room_given * room_taken
            shortage[:, region, taker] = np.maximum(still, 0.0)
    return shortage, surplus
