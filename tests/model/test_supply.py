"""The supply side of a run: stock, projects and measures under levers, and full cells."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Axes, Supply
from capacity.model import (
    CONSTRAINED_FROM,
    Adjustment,
    Adjustments,
    Closure,
    Conversion,
    ModelData,
    constrained,
    counted,
    prepare_supply,
)
from tests.worlds import (
    BASE,
    Setup,
    axes_of,
    central,
    hundredths,
    projects_of,
    quiet_world,
    same_bits,
    stock_of,
    whole,
)

AXES = axes_of(2, spans=(2, 1), last=BASE + 3)
#: Cells of the stock: two rows of primary in region 0, the second one a school that may lend.
CELLS = [(0, 0), (0, 0), (0, 1), (1, 0), (1, 1)]


def world(axes: Axes = AXES, **changes: Any) -> ModelData:
    stock = stock_of(
        axes,
        CELLS,
        [200, 40, 100, 160, 80],
        class_size=np.array([40.0, 20, 50, 40, 50]),
        convertible=np.array([[False, False], [False, True], *[[False, False]] * 3]),
        school=("", "Hill", "", "", ""),
    )
    return quiet_world(axes, class_size=np.array([40.0, 50.0]), stock=stock, **changes)


def every(years: list[int]) -> np.ndarray:
    return np.array([year in years for year in AXES.horizon.labels])


def made(own: ModelData, levers: Adjustments | None = None, **said: Any) -> SimpleNamespace:
    side = prepare_supply(own, Supply(**said), levers or Adjustments({}))
    return SimpleNamespace(lenders=side.lenders, **vars(central(side)))


def test_the_stock_stands_every_year() -> None:
    found = made(world())
    same_bits(found.usable, np.broadcast_to([[240.0, 100], [160, 80]], (4, 2, 2)))
    same_bits(found.listed, found.usable)


def test_a_smaller_class_takes_places_in_proportion_to_each_rows_own_size() -> None:
    """Class size of primary to 30: 200 × 30/40 + 40 × 30/20 = 150 + 60; projects 100 × 30/40."""
    project = projects_of(AXES, (0, "planned", BASE + 1, False, [100.0, 0.0]))
    setup = Setup(world(projects=project)).and_then(
        "class_size", "set", 30.0, None, None, [True, False]
    )
    found = made(setup.world, setup.adjustments)
    assert found.usable[0, 0].tolist() == [210, 100]
    assert found.usable[1, 0].tolist() == [285, 100]
    assert found.usable[1, 1].tolist() == [120, 80]
    assert found.class_size[0, 0].tolist() == [30, 50]


def test_levers_on_places_and_class_size_act_in_their_order() -> None:
    """240 places set to 500, then class size 40 and 20 to 20: 500 × (200 × 20/40 + 40) ÷ 240."""
    every_cell = tuple(axis.mask(None) for axis in (AXES.horizon, AXES.region, AXES.level))
    first, second = Adjustment(1, "set", 500.0, every_cell), Adjustment(2, "set", 20.0, every_cell)
    ahead = made(world(), Adjustments({"places": (first,), "class_size": (second,)}))
    assert ahead.usable[0, 0, 0] == pytest.approx(500 * 140 / 240)
    assert ahead.usable[0, 1].tolist() == pytest.approx([250, 200])
    first, second = replace(first, lever=2), replace(second, lever=1)
    after = made(world(), Adjustments({"places": (first,), "class_size": (second,)}))
    assert (after.usable == 500).all()
    same_bits(ahead.class_size, after.class_size)


ORDERED = st.lists(
    st.one_of(
        st.tuples(st.just("class_size"), st.just("set"), hundredths(1500, 6000)),
        st.tuples(st.just("class_size"), st.just("times"), hundredths(50, 200)),
        st.tuples(st.just("places"), st.just("set"), whole(0, 900)),
        st.tuples(st.just("places"), st.just("add"), whole(0, 300)),
        st.tuples(st.just("places"), st.just("times"), hundredths(50, 200)),
    ),
    max_size=6,
)


@given(ORDERED)
def test_in_a_cell_of_one_size_places_follow_the_levers_one_by_one(
    levers: list[tuple[str, str, float]],
) -> None:
    cell = tuple(axis.mask(None) for axis in (AXES.horizon, AXES.region, AXES.level))
    by: dict[str, tuple[Adjustment, ...]] = {}
    places, size = 160.0, 40.0  # region 1, primary
    for number, (kind, form, value) in enumerate(levers, 1):
        by[kind] = (*by.get(kind, ()), Adjustment(number, form, value, cell))
        before = size if kind == "class_size" else places
        after = {"set": value, "add": before + value, "times": before * value}[form]
        if kind == "class_size":
            places, size = places * after / before, after
        else:
            places = after
    found = made(world(), Adjustments(by))
    assert found.usable[2, 1, 0] == pytest.approx(places)
    assert found.class_size[2, 1, 0] == pytest.approx(size)


def test_class_size_by_a_factor_scales_every_place() -> None:
    setup = Setup(world()).and_then("class_size", "times", 0.5)
    same_bits(made(setup.world, setup.adjustments).usable, made(world()).usable / 2)


def test_a_project_that_fills_is_listed_at_full_size() -> None:
    project = projects_of(AXES, (0, "planned", BASE + 1, True, [100.0, 50.0]))
    found = made(world(projects=project))
    assert found.usable[:, 0, 0].tolist() == [240, 290, 340, 340]
    assert found.listed[:, 0, 0].tolist() == [240, 340, 340, 340]
    assert found.usable[:, 0, 1].tolist() == [100, 150, 150, 150]


@pytest.mark.parametrize(
    ("fill", "first"), [("as_listed", 290), ("by_grade", 290), ("immediate", 340)]
)
def test_a_scenario_may_fill_all_alike(fill: str, first: float) -> None:
    project = projects_of(AXES, (0, "planned", BASE + 1, True, [100.0, 0.0]))
    assert made(world(projects=project), fill=fill).usable[1, 0, 0] == first


def test_ideas_and_cancelled_projects_do_not_count() -> None:
    rows = [
        (0, status, BASE, False, [10.0, 0.0]) for status in (*Supply().count, "idea", "cancelled")
    ]
    projects = projects_of(AXES, *rows)
    assert made(world(projects=projects)).usable[0, 0, 0] == 240 + 10 * len(Supply().count)
    assert counted(projects, Supply(count=("idea",))).code == ("P4",)


def test_a_lever_closes_places_or_a_school_and_later_gives_them_back() -> None:
    years = every([BASE + 1, BASE + 2])
    closed = Adjustments({}, closures=(Closure(1, years, 0, 0, 15.0, ""),))
    found = made(world(), closed)
    assert found.usable[:, 0, 0].tolist() == [240, 225, 225, 240]
    same_bits(found.listed, found.usable)
    shut = Adjustments({}, closures=(Closure(1, years, 0, 0, 0.0, "Hill"),))
    found = made(world(), shut)
    assert found.usable[:, 0, 0].tolist() == [240, 200, 200, 240]
    assert found.lenders.places[:, 0, 0].tolist() == [40, 0, 0, 40]
    elsewhere = Adjustments({}, closures=(Closure(1, years, 1, 0, 0.0, "Hill"),))
    same_bits(made(world(), elsewhere).usable, made(world()).usable)


def test_a_row_closes_in_its_own_year_and_lends_no_more() -> None:
    closing = replace(world().stock, closes=np.array([np.inf, BASE + 2.0, *[np.inf] * 3]))
    found = made(replace(world(), stock=closing))
    assert found.usable[:, 0, 0].tolist() == [240, 240, 200, 200]
    assert found.lenders.places[:, 0, 0].tolist() == [40, 40, 0, 0]


def test_a_conversion_counts_rooms_at_the_source() -> None:
    # 80 primary places are 2 rooms of 40, which give 100 places at 50.
    turn = Adjustments({}, conversions=(Conversion(1, every([BASE + 1]), 0, 0, 1, 80.0),))
    found = made(world(), turn)
    assert found.usable[:2, 0].tolist() == [[240, 100], [160, 200]]
    same_bits(found.listed, found.usable)


def test_measures_and_the_stock_lever_count_in_both() -> None:
    setup = Setup(world()).and_then("add_places", "add", 30.0, every([BASE + 1]), None, None)
    setup = setup.and_then("places", "times", 0.5, None, [True, False], None)
    found = made(setup.world, setup.adjustments)
    assert found.usable[:2, 0, 0].tolist() == [120, 150]
    assert found.usable[1, 1].tolist() == [190, 110]
    same_bits(found.listed, found.usable)
    assert found.lenders.places[:, 0, 0].tolist() == [40] * 4  # own places are the row's


def test_a_cell_without_rows_stays_unknown_whatever_is_built_there() -> None:
    stated = np.array([[True, True], [True, False]])
    project = projects_of(AXES, (1, "planned", BASE, False, [10.0, 10.0]))
    setup = Setup(world(stated=stated, projects=project)).and_then("add_places", "add", 30.0)
    found = made(setup.world, setup.adjustments)
    assert np.isnan(found.usable[:, 1, 1]).all()
    assert not np.isnan(found.usable[:, 0]).any()


# Constrained -------------------------------------------------------------------------------------


def full(pupils: float, places: float, year: int = BASE, window: int = 1, **changes: Any) -> Any:
    """Whether one cell of one grade counts as full."""
    axes = axes_of(1, spans=(1,), last=BASE + 1)
    heads = np.full((len(axes.year), 1, 1), np.nan)
    heads[axes.year.at(year)] = pupils
    then = np.full((len(axes.year), 1, 1), places)
    own = quiet_world(axes, pupils=heads, stock_then=then, **changes)
    return constrained(own, Supply(), window).item()


def test_a_cell_is_constrained_from_exactly_98_in_100() -> None:
    assert CONSTRAINED_FROM.value == 0.98
    places = 1000.0
    assert full(980.0, places)
    assert not full(np.nextafter(980.0, 0), places)
    assert not full(979.0, places)


def test_a_full_calibration_year_is_enough_and_an_earlier_one_is_not() -> None:
    assert full(99.0, 100.0, year=BASE - 2, window=3)
    assert not full(99.0, 100.0, year=BASE - 2, window=2)


def test_projects_that_stood_then_count_and_unknown_places_are_never_full() -> None:
    axes = axes_of(1, spans=(1,), last=BASE + 1)
    opened = projects_of(axes, (0, "open", BASE - 1, False, [20.0]))
    assert not full(99.0, 100.0, projects=opened)
    assert full(99.0, 100.0, year=BASE - 2, window=3, projects=opened)
    assert not full(99.0, np.nan)
