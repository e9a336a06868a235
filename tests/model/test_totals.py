"""Rows of the results: what is clipped where, and that clipped numbers are only ever summed."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis import given

from capacity.base import Floats
from capacity.model import USUAL_BANDS, Outcome, any_part, reached, totals
from tests.worlds import arrays, marks, members_of, pools_of, same_bits, whole

CLIPPED = ("shortage", "surplus", "shortage_after")


def outcome_of(demand: Floats, places: Floats) -> Outcome:
    """Only demand and places; nothing is lent or moves."""
    gap = demand - places
    kept, spare = np.maximum(gap, 0.0), np.maximum(-gap, 0.0)
    return Outcome(
        pupils=demand,
        clipped=demand * 0,
        demand=demand,
        places=places,
        listed=places,
        margin=np.zeros((*demand.shape[:3], 1)),
        entry_places=places,
        shortage_by_grade=kept,
        shortage_kept=kept,
        surplus_kept=spare,
        shortage_after=kept.sum(axis=1),
        class_size=np.ones((*demand.shape[:3], 1)),
    )


def rows_of(demand: Any, places: Any, pooled: Any = (False, False)) -> dict[str, Any]:
    """Rows of one year and one draw from ``[region][level]``."""
    one, other = (np.array(side, dtype=float)[None, ..., None] for side in (demand, places))
    found = totals(outcome_of(one, other), members_of(len(demand)), pools_of(pooled, len(demand)))
    return {name: array[0, ..., 0].tolist() for name, array in found.items()}


@st.composite
def outcomes(draw: st.DrawFn) -> tuple[Outcome, Any]:
    levels = draw(st.integers(1, 3))
    shape = (2, draw(st.integers(1, 4)), levels, 2)
    places = draw(arrays(shape, whole(0, 90)))
    places[:, draw(marks(shape[1]))] += 0.1  # sums do round
    if draw(st.integers(1, 4)) == 1:
        places[:, 0, 0] = np.nan
    return outcome_of(draw(arrays(shape, whole(0, 90))), places), draw(marks(levels))


def test_sums_by_hand() -> None:
    found = rows_of([[100, 30], [50, 40]], [[80, 45], [70, 30]])
    assert found["gap"] == [[20, -15, 5], [-20, 10, -10], [0, -5, -5]]
    assert found["shortage"] == [[20, 0, 20], [0, 10, 10], [20, 10, 30]]
    assert found["surplus"] == [[0, 15, 15], [20, 0, 20], [20, 15, 35]]
    assert found["demand"][2] == [150, 70, 220]
    assert found["utilisation"][2] == [150 / 150, 70 / 75, 220 / 225]


def test_a_pooled_level_is_clipped_over_the_district() -> None:
    found = rows_of([[100, 30], [50, 40]], [[80, 45], [70, 30]], pooled=(False, True))
    assert found["gap"] == [[20, -15, 5], [-20, 10, -10], [0, -5, -5]]
    shortage = found["shortage"]
    assert shortage[2] == [20, 0, 20]  # net 5 spare in the pooled level
    assert [row[2] for row in shortage[:2]] == [20, 0]  # a region sums its other levels
    assert np.isnan([row[1] for row in shortage[:2]]).all()
    assert found["surplus"][2] == [20, 5, 25]


def test_i26_the_shortage_of_a_sum_is_not_the_clipped_sum_of_gaps() -> None:
    found = rows_of([[100], [50]], [[80], [70]], pooled=(False,))
    assert found["gap"][2] == [0, 0]
    assert found["shortage"][2] == [20, 20]  # 20 spare places elsewhere do not seat them


@given(outcomes())
def test_i26_clipped_rows_are_sums_of_clipped_cells(case: tuple[Outcome, Any]) -> None:
    outcome, pooled = case
    regions = outcome.demand.shape[1]
    rows = totals(outcome, members_of(regions), pools_of(pooled, regions))
    own = ~pooled
    for name, sign in (("shortage", 1.0), ("surplus", -1.0)):
        cells = np.maximum(sign * outcome.gap, 0.0)
        same_bits(rows[name][:, :-1, :-1][:, :, own], cells[:, :, own])
        np.testing.assert_allclose(rows[name][:, -1, :-1][:, own], cells[:, :, own].sum(axis=1))
        district = np.maximum(sign * rows["gap"][:, -1, :-1], 0.0)
        same_bits(rows[name][:, -1, :-1][:, pooled], district[:, pooled])
        assert np.isnan(rows[name][:, :-1, :-1][:, :, pooled]).all()
        np.testing.assert_allclose(rows[name][:, -1, -1], rows[name][:, -1, :-1].sum(axis=1))
        region = cells[:, :, own].sum(axis=2)
        np.testing.assert_allclose(rows[name][:, :-1, -1], region)


@given(outcomes())
def test_i02_rows_are_sums_of_their_parts(case: tuple[Outcome, Any]) -> None:
    outcome, pooled = case
    regions = outcome.demand.shape[1]
    rows = totals(outcome, members_of(regions), pools_of(pooled, regions))
    for name, cells in (("demand", outcome.demand), ("places", outcome.places)):
        same_bits(rows[name][:, :-1, :-1], cells)
        expected = cells[:, 0].copy()
        for region in range(1, regions):
            expected += cells[:, region]  # in code order
        same_bits(rows[name][:, -1, :-1], expected)


@given(outcomes())
def test_i16_gap_is_shortage_less_surplus(case: tuple[Outcome, Any]) -> None:
    outcome, pooled = case
    regions = outcome.demand.shape[1]
    rows = totals(outcome, members_of(regions), pools_of(pooled, regions))
    for at, kept in ((slice(0, -1), ~pooled), (slice(-1, None), pooled)):
        gap, shortage, surplus = (
            rows[name][:, at, :-1][:, :, kept] for name in ("gap", "shortage", "surplus")
        )
        same_bits(gap, shortage - surplus)
        assert not np.nan_to_num(shortage * surplus).any()


@given(outcomes())
def test_i24_shortages_of_regions_are_the_net_shortage_or_more(case: tuple[Outcome, Any]) -> None:
    """Equal exactly where no region is idle beside one that is short."""
    outcome, _ = case
    gap = outcome.gap
    regions, none = gap.shape[1], np.zeros(gap.shape[2], dtype=bool)
    rows = totals(outcome, members_of(regions), pools_of(none, regions))
    shortage, net = rows["shortage"][:, -1, :-1], np.maximum(gap.sum(axis=1), 0.0)
    known = ~np.isnan(net)
    assert (shortage[known] >= net[known] - 1e-9).all()
    mixed = (gap > 1e-6).any(axis=1) & (gap < -1e-6).any(axis=1)
    equal = np.abs(shortage - net) <= 1e-9
    same_bits(equal[known], ~mixed[known])


def test_a_parent_region_is_the_sum_of_what_is_within_it() -> None:
    demand = np.array([[[[10.0]], [[20.0]], [[40.0]]]])
    outcome = outcome_of(demand, np.full_like(demand, 15.0))
    rows = totals(outcome, [[0, 1], [2], [0, 1, 2]], pools_of([False], 3))
    assert rows["demand"][0, :, 0, 0].tolist() == [30, 40, 70]
    assert rows["shortage"][0, :, 0, 0].tolist() == [5, 25, 30]
    assert rows["surplus"][0, :, 0, 0].tolist() == [5, 0, 5]


def test_unknown_places_empty_every_sum_that_holds_them() -> None:
    found = rows_of([[100, 30], [50, 40]], [[80, np.nan], [70, 30]])
    for name in ("places", "gap", *CLIPPED, "utilisation"):
        empty = np.isnan(found[name]).tolist()
        assert empty == [[False, True, True], [False, False, False], [False, True, True]], name
    assert found["demand"] == [[100, 30, 130], [50, 40, 90], [150, 70, 220]]


def test_utilisation_of_no_places_is_empty() -> None:
    found = rows_of([[5], [0]], [[0], [0]], pooled=(False,))
    assert np.isnan(found["utilisation"]).all()


def test_a_sum_is_marked_where_any_part_is() -> None:
    marked = np.array([[True, False], [False, False]])
    assert any_part(marked, members_of(2)).tolist() == [
        [True, False, True],
        [False, False, False],
        [True, False, True],
    ]


def test_less_than_a_place_has_its_utilisation_too() -> None:
    found = rows_of([[0.25, 0.0]], [[0.5, 0.0]])
    assert found["utilisation"][0][0] == 0.5
    assert np.isnan(found["utilisation"][0][1])


def test_a_band_is_reached_at_its_very_limit() -> None:
    """9 of 10 places are yellow, 10 of 10 red; in single precision too."""
    for kind in (np.float64, np.float32):
        entrants, places = np.array([8.99, 9.0, 9.99, 10.0], kind), np.full(4, 10, kind)
        yellow, red = reached(entrants, places, USUAL_BANDS)
        assert yellow.tolist() == [False, True, True, True]
        assert red.tolist() == [False, False, False, True]
