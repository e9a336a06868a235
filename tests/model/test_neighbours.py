"""Moves between neighbours: both ways of finding them, against a plain maximum flow."""

from __future__ import annotations

from collections import deque
from unittest.mock import patch

import hypothesis.strategies as st
import numpy as np
from hypothesis import given, settings

from capacity.base import Floats
from capacity.model import balance as neighbours
from capacity.model import components, residual_shortage
from tests.worlds import arrays, same_bits, whole

Pairs = list[tuple[int, int]]
Case = tuple[Floats, Pairs]


@st.composite
def graphs(draw: st.DrawFn, most: int = 7) -> Case:
    """Gaps ``(year, region, draw)`` and pairs of neighbours."""
    regions = draw(st.integers(1, most))
    gap = draw(arrays((2, regions, 2), whole(-60, 60)))
    every = [(one, other) for one in range(regions) for other in range(regions) if one != other]
    pairs = draw(st.lists(st.sampled_from(every), max_size=12)) if every else []
    return gap, pairs


def left(gap: Floats, pairs: Pairs) -> Floats:
    return residual_shortage(np.maximum(gap, 0.0), np.maximum(-gap, 0.0), pairs)


def by_flow(gap: Floats, pairs: Pairs) -> Floats:
    with patch.object(neighbours, "MOST_TRIED", 0):
        return left(gap, pairs)


def moved(gap: list[float], pairs: Pairs) -> float:
    """The most pupils that can move, by shortest augmenting paths (Edmonds and Karp)."""
    count, source, sink = len(gap), 2 * len(gap), 2 * len(gap) + 1
    room = np.zeros((sink + 1, sink + 1))
    for region, value in enumerate(gap):
        room[source, region] = max(value, 0.0)
        room[count + region, sink] = max(-value, 0.0)
    for one, other in pairs:
        room[one, count + other] = room[other, count + one] = np.inf
    total = 0.0
    while True:
        before = {source: source}
        queue = deque([source])
        while queue and sink not in before:
            here = queue.popleft()
            for there in np.flatnonzero(room[here] > 0).tolist():
                if there not in before:
                    before[there] = here
                    queue.append(there)
        if sink not in before:
            return total
        path = [sink]
        while path[-1] != source:
            path.append(before[path[-1]])
        steps = list(zip(path[1:], path[:-1], strict=True))
        flow = min(room[step] for step in steps)
        for here, there in steps:
            room[here, there] -= flow
            room[there, here] += flow
        total += flow


# By hand -----------------------------------------------------------------------------------------


def one(gap: list[float], pairs: Pairs) -> float:
    array = np.array(gap)[None, :, None]
    found = left(array, pairs).item()
    assert by_flow(array, pairs).item() == found
    return float(found)


def test_pupils_move_to_a_neighbour_that_has_room_and_no_further() -> None:
    chain = [(0, 1), (1, 2)]
    assert one([10, -4, 0], chain) == 6
    assert one([10, 0, -20], chain) == 10  # not through a region that is full
    assert one([10, -4, -20], chain) == 6
    assert one([10, -4, 10], chain) == 16  # both ask for the same 4
    assert one([10, -4], []) == 10


def test_places_go_to_whom_nobody_else_can_help() -> None:
    # Region 1 may turn to 0 or 2, region 3 only to 2: nobody is left if 1 turns to 0.
    assert one([-10, 10, -10, 10], [(0, 1), (1, 2), (2, 3)]) == 0


def test_parts_that_do_not_touch_do_not_help_each_other() -> None:
    assert one([10, -3, 10, -30], [(0, 1), (2, 3)]) == 7


@given(st.permutations(range(5)))
def test_components_are_found_however_pairs_stand(order: list[int]) -> None:
    pairs = [[(0, 4), (4, 2), (1, 3), (2, 0), (3, 1)][position] for position in order]
    assert list(components(6, pairs)) == [[0, 2, 4], [1, 3], [5]]


# Laws --------------------------------------------------------------------------------------------


@given(graphs())
def test_trying_all_sets_and_a_minimum_cut_agree(case: Case) -> None:
    gap, pairs = case
    found = left(gap, pairs)
    same_bits(found, by_flow(gap, pairs))  # whole numbers: no rounding


@given(graphs())
def test_what_is_left_is_the_shortage_less_the_greatest_flow(case: Case) -> None:
    gap, pairs = case
    found = left(gap, pairs)
    for year, draw in np.ndindex(*found.shape):
        values = gap[year, :, draw].tolist()
        short = sum(max(value, 0.0) for value in values)
        assert found[year, draw] == short - moved(values, pairs)


@settings(max_examples=10)
@given(graphs(most=16), st.integers(13, 16), st.randoms(use_true_random=False))
def test_a_large_district_is_the_greatest_flow_too(
    case: Case, regions: int, random: object
) -> None:
    rng = np.random.default_rng(random.getrandbits(32))  # type: ignore[attr-defined]
    gap = rng.integers(-60, 60, (1, regions, 1)).astype(float)
    ring = [(region, (region + 1) % regions) for region in range(regions)]
    pairs = [*ring, *[pair for pair in case[1] if max(pair) < regions]]
    assert len(list(components(regions, pairs))) == 1  # more than are tried
    values = gap[0, :, 0].tolist()
    short = sum(max(value, 0.0) for value in values)
    assert left(gap, pairs).item() == short - moved(values, pairs)


@given(graphs())
def test_i24_moves_leave_no_less_than_the_net_shortage_and_no_more_than_all(case: Case) -> None:
    gap, pairs = case
    found = left(gap, pairs)
    assert (found >= np.maximum(gap.sum(axis=1), 0.0)).all()
    assert (found <= np.maximum(gap, 0.0).sum(axis=1)).all()
    everyone = [(a, b) for a in range(gap.shape[1]) for b in range(a)]
    same_bits(left(gap, everyone), np.maximum(gap.sum(axis=1), 0.0))


@given(graphs(), st.data())
def test_i15_more_places_or_more_neighbours_leave_nobody_shorter(
    case: Case, data: st.DataObject
) -> None:
    gap, pairs = case
    more = data.draw(arrays(gap.shape, whole(0, 30)))
    assert (left(gap - more, pairs) <= left(gap, pairs)).all()
    assert (left(gap, pairs) <= left(gap, pairs[:-1])).all()


@given(graphs(), st.randoms(use_true_random=False), st.integers(-6, 6))
def test_i10_the_order_of_pairs_and_their_ends_change_no_bit(
    case: Case, random: object, power: int
) -> None:
    gap, pairs = case
    shuffled = random.sample(pairs, len(pairs))  # type: ignore[attr-defined]
    turned = [(b, a) for a, b in shuffled]
    third = gap / 3.0  # no longer whole: sums do round
    same_bits(left(third, pairs), left(third, turned))
    same_bits(left(third, pairs) * 2.0**power, left(third * 2.0**power, pairs))


@given(graphs())
def test_i19_draws_and_years_do_not_touch_each_other(case: Case) -> None:
    gap, pairs = case
    found = left(gap / 3.0, pairs)
    for year, draw in np.ndindex(*found.shape):
        alone = left((gap / 3.0)[year : year + 1, :, draw : draw + 1], pairs)
        same_bits(found[year, draw], alone.item())
