"""Needs as planners count them: by grade, with places kept free, and over sets of regions."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Floats
from capacity.base import Supply as SupplySettings
from capacity.model import Bands, Outcome, Pools, by_grade, entry_rows
from tests.worlds import BASE, Ran, Setup, axes_of, projects_of, quiet_world, setups, stock_of

#: Of sums of floats, as a share of the largest.
ROUNDING = 1e-9


def tolerance(ran: Ran) -> float:
    return ROUNDING * max(float(ran.outcome.pupils.max()), 1.0)


def of_cells(outcome: Outcome) -> tuple[Floats, Floats]:
    """Shortage and shortage by grade of one region and level by year."""
    return (
        np.maximum(outcome.margin_gap, 0.0)[:, 0, 0, 0],
        outcome.shortage_by_grade[:, 0, 0, 0],
    )


# By hand ------------------------------------------------------------------------------------------


def test_a_school_that_fills_seats_nobody_in_the_grades_above() -> None:
    """100 pupils a grade, 90 places each, and a school of 90 that opens next year, a grade a year.

    All in all places suffice in its first year, and 10 are short in the second and third grade.
    """
    axes = axes_of(1, spans=[3])
    world = quiet_world(
        axes,
        stock=stock_of(axes, [(0, 0)], [270.0]),
        projects=projects_of(axes, (0, "open", BASE + 1, True, [90.0])),
    )
    shortage, by_grade = of_cells(Setup(world).run().outcome)
    assert shortage.tolist() == [30, 0, 0, 0, 0]
    assert by_grade.tolist() == pytest.approx([30, 20, 10, 0, 0])


def test_a_margin_is_kept_free_and_the_gap_stays_the_plain_one() -> None:
    """970 pupils, 1,000 places, a twentieth of them kept free: 20 short, though 30 are spare."""
    axes = axes_of(1, spans=[1])
    world = quiet_world(axes, stock=stock_of(axes, [(0, 0)], [1000.0]))
    pupils = world.pupils.copy()
    pupils[axes.start] = 970.0
    ran = Setup(replace(world, pupils=pupils), supply=SupplySettings(margin=0.05)).run()
    wanted = {"gap": -30, "shortage": 20, "surplus": 0, "utilisation": 0.97}
    wanted |= {"shortage_after": 20, "shortage_by_grade": 20}
    assert {name: ran.rows[name][0, 0, 0, 0] for name in wanted} == pytest.approx(wanted)


def sets_of(*sets: tuple[int, ...]) -> Pools:
    return Pools((sets,), np.zeros(1, dtype=bool))


def of_four(pools: Pools, places: Any = (60.0, 130.0, 80.0, 150.0)) -> Ran:
    """Four regions with 100 pupils each in one level."""
    axes = axes_of(4, spans=[1])
    stock = stock_of(axes, [(region, 0) for region in range(4)], places)
    return Setup(quiet_world(axes, stock=stock, pools=pools)).run()


def test_two_regions_share_and_the_others_do_not() -> None:
    """Regions 0 and 1 lack 40 and have 30 to spare: 10 together. 2 lacks 20, 3 has 50 to spare."""
    rows = of_four(sets_of((0, 1))).rows
    shortage = rows["shortage"][0, :, 0, 0]
    assert np.isnan(shortage[:2]).all()
    assert shortage[2:].tolist() == [20, 0, 30]
    assert rows["surplus"][0, :, 0, 0].tolist()[2:] == [0, 50, 50]
    assert rows["gap"][0, :, 0, 0].tolist() == [40, -30, 20, -50, -20]
    assert rows["shortage_after"][0, -1, 0, 0] == rows["shortage_by_grade"][0, -1, 0, 0] == 30


def test_a_parent_that_cuts_no_set_is_short_by_itself() -> None:
    ran = of_four(sets_of((0, 1)))
    pools, members = ran.setup.world.pools, [(0, 1), (1, 2), (0, 1, 2), (3,), (0, 1, 2, 3)]
    assert pools.holds(members)[:, 0].tolist() == [True, False, True, True, True]


def test_one_region_lends_no_more_than_its_set_can_spare() -> None:
    """Level 1 is shared: 30 to spare in region 0, 20 short in region 1, so 10 can be lent."""
    axes = axes_of(2, spans=[1, 1])
    stock = stock_of(axes, [(0, 0), (0, 1), (1, 0), (1, 1)], [60.0, 130.0, 100.0, 80.0])
    stock.convertible.setflags(write=True)
    stock.convertible[1, 0] = True
    pools = Pools(((), ((0, 1),)), np.array([False, True]))
    rows = Setup(quiet_world(axes, stock=stock, pools=pools)).run().rows
    assert rows["shortage"][0, -1, :, 0].tolist() == [40, 0, 40]
    assert rows["shortage_after"][0, -1, :, 0].tolist() == pytest.approx([30, 0, 30])


def test_an_unknown_region_leaves_its_set_unknown_and_no_other() -> None:
    ran = of_four(sets_of((0, 1), (2, 3)), (60.0, 130.0, 80.0, 150.0))
    world = ran.setup.world
    stated = world.stated.copy()
    stated[1] = False
    ran = Setup(replace(world, stated=stated)).run()
    assert np.isnan(ran.rows["shortage"][0, -1, 0, 0])
    holds = world.pools.holds([(0, 1), (2, 3), (0, 1, 2, 3)])[:, 0]
    assert holds.tolist() == [True, True, True]


def test_entry_places_are_as_stated_and_warnings_keep_the_margin() -> None:
    """300 places of three grades, of which the first has 110 as announced; a tenth is kept free."""
    axes = axes_of(1, spans=[3])
    stock = stock_of(axes, [(0, 0)], [300.0], entry=np.array([110.0]))
    setup = Setup(quiet_world(axes, stock=stock), supply=SupplySettings(margin=0.1))
    outcome = setup.run().outcome
    rows = entry_rows(outcome, axes, setup.world.pools)
    assert rows["entry_places"][0, 0, 0, 0] == pytest.approx(110)
    assert rows["entry_gap"][0, 0, 0, 0] == pytest.approx(-10)
    assert rows["band"][0, 0, 0, 0] == 2  # 100 entrants for 99 places
    loose = entry_rows(outcome, axes, setup.world.pools, Bands(yellow=0.9, red=1.1))
    assert loose["band"][0, 0, 0, 0] == 1


# Laws ---------------------------------------------------------------------------------------------


@given(setups())
def test_by_grade_no_less_is_short_and_as_much_where_grades_are_alike(setup: Setup) -> None:
    ran = setup.run()
    plain, graded = ran.rows["shortage"], ran.rows["shortage_by_grade"]
    known = ~np.isnan(plain)
    np.testing.assert_array_equal(known, ~np.isnan(graded))
    assert (graded[known] >= plain[known] - tolerance(ran)).all()
    # Where grades are all short, or all have places to spare, in a cell that shares none.
    supply, axes = ran.supply, setup.world.axes
    gaps = by_grade(ran.outcome.pupils, axes) - supply.by_grade * (1 - supply.margin)[:, :, :, None]
    within = np.arange(gaps.shape[3]) < axes.span[:, None]
    inside = np.where(within[..., None], gaps, 0.0)
    alike = ((inside >= 0).all(axis=3) | (inside <= 0).all(axis=3))[..., 0]
    alike &= setup.world.pools.alone(len(axes.region))
    cells = np.maximum(ran.outcome.margin_gap, 0.0)[..., 0]
    found = ran.outcome.shortage_by_grade[..., 0]
    np.testing.assert_allclose(found[alike], cells[alike], atol=tolerance(ran))


@given(setups(), st.floats(0.0, 0.3), st.floats(0.0, 0.2))
def test_more_kept_free_leaves_no_row_less_short(setup: Setup, least: float, more: float) -> None:
    values = {kind: of for kind, of in setup.adjustments.values.items() if kind != "margin"}
    setup = replace(setup, adjustments=replace(setup.adjustments, values=values))
    low, high = (
        replace(setup, supply=setup.supply.model_copy(update={"margin": margin})).run()
        for margin in (least, least + more)
    )
    for name in ("shortage", "shortage_by_grade", "shortage_after"):
        one, other = low.rows[name], high.rows[name]
        known = ~np.isnan(one)
        assert (other[known] >= one[known] - tolerance(low)).all(), name
    for name in ("demand", "places", "gap", "utilisation"):
        np.testing.assert_array_equal(low.rows[name], high.rows[name], name)


@given(setups(), st.data())
def test_sharing_never_raises_what_the_district_is_short(setup: Setup, data: st.DataObject) -> None:
    """Sets of regions instead of each by itself, and the district instead of sets."""
    regions = list(range(len(setup.world.axes.region)))
    cut = data.draw(st.integers(0, len(regions)))
    parts = [tuple(part) for part in (regions[:cut], regions[cut:]) if len(part) > 1]
    levels = len(setup.world.axes.level)
    none = np.zeros(levels, dtype=bool)
    ways = [
        Pools(((),) * levels, none),
        Pools((tuple(parts),) * levels, none),
        Pools(((tuple(regions),),) * levels, ~none),
    ]
    without = setup.with_world(neighbours={})
    found = [without.with_world(pools=pools).run() for pools in ways]
    for name in ("shortage", "shortage_by_grade"):
        for apart, shared in pairwise(found):
            one, other = apart.rows[name][:, -1], shared.rows[name][:, -1]
            known = ~np.isnan(one)
            assert (other[known] <= one[known] + tolerance(apart)).all(), name


@given(setups())
def test_lending_and_taking_never_make_a_set_worse(setup: Setup) -> None:
    ran = setup.run()
    pooled = ran.setup.world.pools.pooled
    after, plain = (
        ran.rows[name][:, -1, :-1][:, pooled] for name in ("shortage_after", "shortage")
    )
    known = ~np.isnan(plain)
    assert (after[known] <= plain[known] + tolerance(ran)).all()
