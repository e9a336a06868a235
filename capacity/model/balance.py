"""Gap, shortage and surplus, and what conversions and moves to neighbours can mend."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats, Ints, ordered_sum


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
        """Return who lends first: the one whose highest `convertible_to` level is lowest."""
        levels = np.arange(self.convertible.shape[1])
        highest = np.where(self.convertible, levels, -1).max(axis=1, initial=-1)
        return sorted(range(len(self.level)), key=lambda row: (highest[row], self.level[row], row))


def clip(gap: Floats) -> tuple[Floats, Floats]:
    """Split a signed gap into shortage and surplus, each ≥ 0; unknown stays nan."""
    return np.maximum(gap, 0.0), np.maximum(-gap, 0.0)


def convert(
    shortage: Floats, surplus: Floats, class_size: Floats, lenders: Lenders
) -> tuple[Floats, Floats]:
    """Let surplus rooms of one level serve a short level of the same region.

    Short levels are served in grade order. A lender gives at most its own places and at most
    the surplus of its level, in rooms; each room gives the class size of the level that takes.

    Parameters
    ----------
    shortage, surplus : (year, region, level, draw)
        What cells may take and give, 0 where unknown.
    class_size : (year, region, level, 1)
        Pupils a class.
    lenders

    Returns
    -------
    shortage, surplus : (year, region, level, draw)
        What is left of each.
    """
    shortage, surplus = shortage.copy(), surplus.copy()
    left = np.broadcast_to(lenders.places, (*lenders.places.shape[:2], shortage.shape[-1])).copy()
    order = lenders.order()
    for taker in range(shortage.shape[2]):
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
            left_short = shortage[:, region, taker] - offered / room_given * room_taken
            shortage[:, region, taker] = np.maximum(left_short, 0.0)
    return shortage, surplus


#: Up to here all sets of regions are tried; above, the same maximum is found as a flow.
MOST_TRIED = 12


def residual_shortage(
    shortage: Floats, surplus: Floats, pairs: Sequence[tuple[int, int]]
) -> Floats:
    """Shortage that no split of moves between neighbours can mend.

    The maximum over sets S of regions of Σ_S shortage − Σ surplus of S's neighbours, for each
    connected component (Hall's condition; by max-flow = min-cut it is the total shortage less
    the greatest number of pupils that can move).

    Parameters
    ----------
    shortage, surplus : (year, region, draw)
        Of one level; never both above 0 in one region.
    pairs
        Positions of regions that are neighbours.

    Returns
    -------
    (year, draw)
    """
    total = np.zeros((shortage.shape[0], shortage.shape[2]))
    for component in components(shortage.shape[1], pairs):
        among = [pair for pair in pairs if pair[0] in component]
        find = _by_trying if len(component) <= MOST_TRIED else _by_flow
        total += find(shortage, surplus, component, among)
    return total


def components(regions: int, pairs: Sequence[tuple[int, int]]) -> Iterator[list[int]]:
    """Split regions into connected components, by their lowest position."""
    parent = list(range(regions))

    def lowest(region: int) -> int:
        while parent[region] != region:
            parent[region] = region = parent[parent[region]]
        return region

    for one, other in pairs:
        low, high = sorted((lowest(one), lowest(other)))
        parent[high] = low
    found: dict[int, list[int]] = {}
    for region in range(regions):
        found.setdefault(lowest(region), []).append(region)
    yield from found.values()


def _around(chosen: Sequence[int], pairs: Sequence[tuple[int, int]]) -> list[int]:
    inside = set(chosen)
    near = {b for a, b in pairs if a in inside} | {a for a, b in pairs if b in inside}
    return sorted(near)


def _excess(
    shortage: Floats, surplus: Floats, chosen: Sequence[int], pairs: Sequence[tuple[int, int]]
) -> Floats:
    short = ordered_sum([shortage[:, region] for region in chosen])
    near = _around(chosen, pairs)
    return short - ordered_sum([surplus[:, region] for region in near]) if near else short


def _by_trying(
    shortage: Floats, surplus: Floats, among: list[int], pairs: list[tuple[int, int]]
) -> Floats:
    worst = np.zeros((shortage.shape[0], shortage.shape[2]))
    for size in range(1, len(among) + 1):
        for chosen in combinations(among, size):
            np.maximum(worst, _excess(shortage, surplus, chosen, pairs), out=worst)
    return worst


def _by_flow(
    shortage: Floats, surplus: Floats, among: list[int], pairs: list[tuple[int, int]]
) -> Floats:
    """Find the worst set as a minimum cut, then evaluate it exactly."""
    worst = np.zeros((shortage.shape[0], shortage.shape[2]))
    for year, draw in np.ndindex(*worst.shape):
        short, spare = shortage[year, :, draw], surplus[year, :, draw]
        chosen = _minimum_cut(short, spare, among, pairs)
        if chosen:
            at = (slice(year, year + 1), slice(None), slice(draw, draw + 1))
            worst[year, draw] = max(_excess(shortage[at], surplus[at], chosen, pairs).item(), 0.0)
    return worst


def _minimum_cut(
    short: Floats, spare: Floats, among: list[int], pairs: list[tuple[int, int]]
) -> list[int]:
    """Regions of the set S that maximises Σ_S shortage − Σ_N(S) surplus.

    The linear programme max Σ short·x − Σ spare·y, y_j ≥ x_i for neighbours i, j, has whole
    solutions because its matrix is a network's.
    """
    from scipy.optimize import linprog

    takers = [region for region in among if short[region] > 0]
    both = {*pairs, *((b, a) for a, b in pairs)}
    givers = sorted({j for i, j in both if i in takers and spare[j] > 0})
    edges = [(i, j) for i, j in sorted(both) if i in takers and j in givers]
    if not edges:
        return takers
    rows = np.zeros((len(edges), len(takers) + len(givers)))
    for row, (i, j) in enumerate(edges):
        rows[row, takers.index(i)] = 1.0
        rows[row, len(takers) + givers.index(j)] = -1.0
    cost = np.concatenate([-short[takers], spare[givers]])
    solved = linprog(cost, A_ub=rows, b_ub=np.zeros(len(edges)), bounds=(0, 1), method="highs-ds")
    assert solved.x is not None, solved.message
    return [region for region, x in zip(takers, solved.x, strict=False) if x > 0.5]
