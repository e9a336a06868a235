"""A whole run on arrays: what the parts give one another."""

from __future__ import annotations

import numpy as np
from hypothesis import given

from tests.worlds import BASE, Setup, axes_of, quiet_world, same_bits, setups, stock_of


@given(setups())
def test_the_base_year_is_what_was_counted(setup: Setup) -> None:
    ran = setup.run()
    same_bits(ran.pupils[0], setup.world.pupils[setup.world.axes.start])


@given(setups())
def test_gap_is_demand_less_places_and_unknown_where_they_are(setup: Setup) -> None:
    outcome = setup.run().outcome
    same_bits(outcome.gap, outcome.demand - outcome.places)
    unknown = np.isnan(outcome.places[..., 0])
    assert not unknown[:, setup.world.stated].any()  # a lever that sets places makes them known
    for array in (outcome.gap, outcome.shortage_kept, outcome.surplus_kept):
        same_bits(np.isnan(array[..., 0]), unknown)
    same_bits(np.isnan(outcome.shortage_after[..., 0]), unknown.any(axis=1))


def test_a_run_by_hand() -> None:
    """Two regions, two levels of one grade, nothing moves: 100 pupils everywhere.

    Region 0 has 60 and 150 places, region 1 has 130 and 80. Its upper level may lend 20 places of
    its own to the lower: 40 - 20 = 20 short there, 50 - 20 = 30 to spare above. Lower: region 1
    has 30 to spare but is no neighbour. Upper: region 1 lacks 20, region 0 has them.
    """
    axes = axes_of(2, spans=(1, 1), last=BASE + 1)
    cells = [(0, 0), (0, 1), (0, 1), (1, 0), (1, 1)]
    lends = np.zeros((5, 2), dtype=bool)
    lends[2, 0] = True
    stock = stock_of(axes, cells, [60, 130, 20, 130, 80], convertible=lends)
    ran = Setup(quiet_world(axes, stock=stock, neighbours={1: ((0, 1),)})).run()
    for year in (0, 1):
        rows = {name: array[year, ..., 0].tolist() for name, array in ran.rows.items()}
        assert rows["gap"] == [[40, -50, -10], [-30, 20, -10], [10, -30, -20]]
        assert rows["shortage"] == [[40, 0, 40], [0, 20, 20], [40, 20, 60]]
        assert rows["shortage_after"] == [[20, 0, 20], [0, 20, 20], [20, 0, 20]]


def test_a_pooled_level_has_no_moves_and_lends_what_the_district_can_spare() -> None:
    axes = axes_of(2, spans=(1, 1), last=BASE + 1)
    lends = np.array([[False, False], [True, False], [False, False], [False, False]])
    stock = stock_of(axes, [(0, 0), (0, 1), (1, 0), (1, 1)], [60, 130, 130, 60], convertible=lends)
    pooled = np.array([False, True])
    outcome = Setup(quiet_world(axes, stock=stock, pooled=pooled)).run().outcome
    # Pooled: 30 to spare in region 0, 40 short in region 1: 10 short in all, so nothing is lent.
    assert outcome.shortage_after[0, :, 0].tolist() == [40, 10]
    assert outcome.surplus_kept[0, 0, :, 0].tolist() == [0, 0]
