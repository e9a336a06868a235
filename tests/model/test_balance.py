"""Conversions inside a region: what rooms may be lent, to whom, and in what order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Floats
from capacity.model import Lenders, clip, convert
from tests.worlds import arrays, marks, same_bits, whole

SIZE = 40.0
Case = tuple[Floats, Floats, Lenders]


def lending(*rows: tuple[int, int, list[int], float], levels: int = 3) -> Lenders:
    """Lenders of rows (region, level, other levels, own places)."""
    return Lenders(
        region=np.array([row[0] for row in rows], dtype=np.int64),
        level=np.array([row[1] for row in rows], dtype=np.int64),
        convertible=np.array([[lv in row[2] for lv in range(levels)] for row in rows]).reshape(
            len(rows), levels
        ),
        places=np.array([row[3] for row in rows], dtype=float).reshape(1, len(rows), 1),
    )


def after_lending(gap: Floats, size: Floats, lenders: Lenders) -> tuple[Floats, Floats]:
    """What conversions leave of a gap; unknown cells take no part."""
    return convert(*map(np.nan_to_num, clip(gap)), size, lenders)


def after(gap: list[float], lenders: Lenders, sizes: list[float] | None = None) -> Any:
    """Shortage and surplus of one region, one year, one draw."""
    size = np.array([sizes or [SIZE] * len(gap)])[None, :, :, None]
    shortage, surplus = after_lending(np.array([gap])[None, :, :, None], size, lenders)
    return shortage.ravel().tolist(), surplus.ravel().tolist()


@st.composite
def regions(draw: st.DrawFn) -> Case:
    """One region with up to four levels and lenders, one year, two draws."""
    levels = draw(st.integers(1, 4))
    gap = draw(arrays((1, 1, levels, 2), whole(-120, 120)))
    size = draw(arrays((1, 1, levels, 1), whole(20, 50)))
    count = draw(st.integers(0, 4))
    lenders = Lenders(
        region=np.zeros(count, dtype=np.int64),
        level=np.array([draw(st.integers(0, levels - 1)) for _ in range(count)], dtype=np.int64),
        convertible=np.array([draw(marks(levels)) for _ in range(count)]).reshape(count, levels),
        places=draw(arrays((1, count, 1), whole(0, 90))),
    )
    return gap, size, lenders


# By hand -----------------------------------------------------------------------------------------


def test_a_room_gives_the_class_size_of_the_level_that_takes_it() -> None:
    # 90 spare places at 45 are 2 rooms; 30 short at 40 need .75 room = 33.75 places.
    found = after([30, -90], lending((0, 1, [0], 500), levels=2), [40, 45])
    assert found == ([0.0, 0.0], [0.0, 56.25])
    # 9 spare places are .2 room, which seats 8.
    found = after([30, -9], lending((0, 1, [0], 500), levels=2), [40, 45])
    assert found[0] == pytest.approx([22, 0])
    assert found[1] == pytest.approx([0, 0])


def test_a_row_lends_at_most_its_own_places_and_its_levels_surplus() -> None:
    assert after([30, -90], lending((0, 1, [0], 20), levels=2)) == ([10, 0], [0, 70])
    assert after([30, -5], lending((0, 1, [0], 20), levels=2)) == ([25, 0], [0, 0])
    assert after([30, 5], lending((0, 1, [0], 20), levels=2)) == ([30, 5], [0, 0])


def test_short_levels_are_served_in_grade_order() -> None:
    # 20 places for 15 + 15 short: the lower level is served first.
    assert after([15, 15, -20], lending((0, 2, [0, 1], 99))) == ([0, 10, 0], [0, 0, 0])


def test_the_lender_whose_highest_other_level_is_lowest_gives_first() -> None:
    """Level 2 and level 1 both may serve level 0, one of them also level 3. The row that can do
    less gives first, so that the other is left for level 3, however the rows stand."""
    gap = [10.0, -10.0, -10.0, 10.0]
    for more, less in ((2, 1), (1, 2)):
        rows = [(0, more, [0, 3], 10.0), (0, less, [0], 10.0)]
        for order in (rows, rows[::-1]):
            assert after(gap, lending(*order, levels=4)) == ([0, 0, 0, 0], [0, 0, 0, 0])


def test_rows_of_one_level_share_its_surplus() -> None:
    lenders = lending((0, 1, [0], 8), (0, 1, [0], 8), levels=2)
    assert after([30, -10], lenders) == ([20, 0], [0, 0])
    assert after([30, -90], lenders) == ([14, 0], [0, 74])


def test_rooms_stay_in_their_region() -> None:
    gap = np.array([[30.0, 0], [0, -90]])[None, :, :, None]
    lenders = lending((1, 1, [0], 90), levels=2)
    shortage, _ = after_lending(gap, np.full((1, 2, 2, 1), SIZE), lenders)
    assert shortage[0, 0, 0, 0] == 30.0


def test_an_unknown_cell_neither_lends_nor_takes() -> None:
    assert after([30, np.nan], lending((0, 1, [0], 90), levels=2)) == ([30, 0], [0, 0])
    assert after([np.nan, -90], lending((0, 1, [0], 90), levels=2)) == ([0, 0], [0, 90])


@given(st.floats(0.01, 100), whole(20, 50), whole(20, 50))
def test_lending_leaves_no_rounding_behind(places: float, giver: float, taker: float) -> None:
    """A shortage that is met is 0 and not 1e-15, a surplus lent out 0 and not -1e-17, though the
    class sizes do not divide."""
    lenders, sizes = lending((0, 1, [0], 900), levels=2), [taker, giver]
    assert after([places, -900], lenders, sizes)[0] == [0, 0]
    assert after([900, -places], lenders, sizes)[1] == [0, 0]


# Laws --------------------------------------------------------------------------------------------


@given(arrays((3, 4), whole(-50, 50)))
def test_i16_shortage_less_surplus_is_the_gap(gap: Floats) -> None:
    shortage, surplus = clip(gap)
    same_bits(shortage - surplus, gap)
    assert not (shortage * surplus).any()
    assert (np.minimum(shortage, surplus) >= 0).all()


@given(regions())
def test_nothing_is_lent_beyond_own_places_or_surplus(case: Case) -> None:
    gap, size, lenders = case
    shortage, surplus = clip(gap)
    short, spare = after_lending(*case)
    tolerance = 1e-9
    assert (short >= 0).all()
    assert (short <= shortage).all()
    assert (spare >= 0).all()
    assert (spare <= surplus).all()
    lent = surplus - spare
    for level in range(gap.shape[2]):
        own = lenders.places[:, lenders.level == level].sum(axis=1)
        assert (lent[:, 0, level] <= own + tolerance).all()
    rooms_lent = (lent / size).sum(axis=2)
    rooms_taken = ((shortage - short) / size).sum(axis=2)
    np.testing.assert_allclose(rooms_lent, rooms_taken, atol=tolerance)


@given(regions())
def test_lending_stops_only_when_one_side_has_no_more(case: Case) -> None:
    """A level still short faces only lenders of its region that have no surplus or no own places
    left; the latter is told by the row having lent all that it could to levels that it serves."""
    gap, _, lenders = case
    short, spare = after_lending(*case)
    alone = np.bincount(lenders.level, minlength=gap.shape[2])
    for row, level in enumerate(lenders.level):
        if alone[level] > 1:
            continue
        lent = (clip(gap)[1] - spare)[0, 0, level]
        exhausted = np.minimum(spare[0, 0, level], lenders.places[0, row] - lent) <= 1e-9
        for taker in np.flatnonzero(lenders.convertible[row]):
            if taker != level:
                assert (exhausted | (short[0, 0, taker] <= 1e-9)).all()


@given(regions(), st.data())
def test_i15_more_places_leave_no_level_shorter(case: Case, data: st.DataObject) -> None:
    """Places added to any cell, in a row that lends or beside it: after conversions no level is
    shorter, and none has less to spare for its neighbours."""
    gap, size, lenders = case
    levels, count = gap.shape[2], len(lenders.level)
    own = data.draw(arrays((1, count, 1), whole(0, 60)))
    more = data.draw(arrays((1, 1, levels, 1), whole(0, 60)))
    for row, level in enumerate(lenders.level):
        more[0, 0, level] += own[0, row]
    short, spare = after_lending(gap, size, lenders)
    less_short, more_spare = after_lending(
        gap - more, size, replace(lenders, places=lenders.places + own)
    )
    assert (less_short <= short + 1e-9).all()
    assert (more_spare >= spare - 1e-9).all()


@given(regions(), st.integers(-6, 6))
def test_i08_scaling_by_a_power_of_two_keeps_the_bits(case: Case, power: int) -> None:
    gap, size, lenders = case
    factor = 2.0**power
    one = after_lending(gap, size, lenders)
    other = after_lending(gap * factor, size, replace(lenders, places=lenders.places * factor))
    for before, scaled in zip(one, other, strict=True):
        same_bits(before * factor, scaled)


@given(regions(), st.randoms(use_true_random=False))
def test_i10_the_order_of_lenders_of_different_ranks_changes_no_bit(
    case: Case, random: Any
) -> None:
    """Rows of one level with the same highest other level keep their order (that of the table)."""
    gap, size, lenders = case
    highest = np.where(lenders.convertible, np.arange(gap.shape[2]), -1).max(axis=1, initial=-1)
    rank = [(int(high), int(level)) for high, level in zip(highest, lenders.level, strict=True)]
    rows = {one: [row for row, other in enumerate(rank) if other == one] for one in rank}
    shuffled = random.sample(rank, len(rank))
    order = [rows[one].pop(0) for one in shuffled]
    moved = Lenders(
        lenders.region[order],
        lenders.level[order],
        lenders.convertible[order],
        lenders.places[:, order],
    )
    for one, other in zip(
        after_lending(gap, size, lenders), after_lending(gap, size, moved), strict=True
    ):
        same_bits(one, other)


@given(regions())
def test_without_convertible_rows_nothing_changes(case: Case) -> None:
    gap, size, lenders = case
    none = replace(lenders, convertible=np.zeros_like(lenders.convertible))
    for one, other in zip(after_lending(gap, size, none), clip(gap), strict=True):
        same_bits(one, other)
