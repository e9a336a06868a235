"""Laws of whole runs on random districts, numbered as in the table of invariants."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
from hypothesis import assume, given

from capacity.base import BirthsAhead, Floats
from capacity.model import Closure, Rezoning, prepare, simulate, totals
from tests.worlds import (
    BASE,
    NO_LEVERS,
    Ran,
    Setup,
    axes_of,
    marks,
    picked,
    pools_of,
    projects_of,
    projects_times,
    quiet_world,
    same_bits,
    scaled,
    setups,
    stock_of,
    until,
    whole,
)

HOLD = BirthsAhead(after_last="hold")
#: Variables of the results that count heads or places.
COUNTS = (
    "demand",
    "places",
    "places_listed",
    "gap",
    "shortage",
    "surplus",
    "shortage_after",
)


def size_of(ran: Ran) -> float:
    """The largest stock of a run, against which rounding is measured."""
    return max(float(np.nanmax(ran.rows["demand"])), float(np.nanmax(ran.rows["places"])), 1.0)


def no_more(found: Floats, than: Floats, by: float = 0.0) -> None:
    """Fail where a known value is greater (by more than ``by``)."""
    same_bits(np.isnan(found), np.isnan(than))
    assert not (found > than + by).any()


def ahead(setup: Setup) -> list[bool]:
    return [year > BASE for year in setup.world.axes.horizon.labels]


# Pupils ------------------------------------------------------------------------------------------


@given(setups())
def test_i01_pupils_are_conserved(setup: Setup) -> None:
    """Change = entrants + moves + clipped − leavers − lost on the way (flows: on arrival)."""
    ran = setup.run()
    demand, pupils, clipped = ran.central, ran.pupils, ran.outcome.clipped[..., 0]
    for year in range(1, len(pupils)):
        before = pupils[year - 1]
        carried = demand.ratios[year][:, 1:] * before[:, :-1]
        for flow in ran.demand.transfers.flows:
            share = flow.share[min(year, len(flow.share)) - 1]
            arriving = (share * before[:, flow.grade - 1, None]).sum(axis=0)
            came = demand.ratios[year][:, flow.grade] * arriving
            carried[flow.into, flow.grade - 1] = came[flow.into]
        entrants = (demand.kappa[year] * demand.cohort[year]).sum()
        expected = carried.sum() + entrants + demand.moves[year].sum() + clipped[year].sum()
        apart = abs(pupils[year].sum() - expected)
        assert apart <= 1e-12 * pupils[year].size * max(pupils.max(), 1.0)


@given(setups())
def test_i03_streams_take_all_leavers_and_nobody_twice(setup: Setup) -> None:
    """What flows send arrives in their level, and all levels together are all pupils."""
    ran = setup.run()
    axes, pupils = setup.world.axes, ran.pupils
    for flow in ran.demand.transfers.flows:
        assert (axes.level_of[flow.into, flow.grade] == flow.level).all()
        for year, share in enumerate(flow.share):
            leavers = pupils[year, :, flow.grade - 1]
            arriving = share.T @ leavers
            assert (arriving[~flow.into] == 0).all()
            np.testing.assert_allclose(arriving.sum(), leavers[flow.feeding].sum(), rtol=1e-6)
    whole = ran.rows["demand"][:, -1, -1, 0]
    np.testing.assert_allclose(whole, pupils.sum(axis=(1, 2)), rtol=1e-12, atol=1e-9)
    assert (pupils[0][axes.nowhere] == 0).all()


@given(setups())
def test_i02_the_district_is_the_sum_of_its_regions(setup: Setup) -> None:
    rows = setup.run().rows
    for name in ("demand", "places", "places_listed", "gap"):
        total = rows[name][:, 0].copy()
        for region in range(1, rows[name].shape[1] - 1):
            total += rows[name][:, region]
        same_bits(rows[name][:, -1, :-1], total[:, :-1])  # a level's cell: sums in code order
        np.testing.assert_allclose(rows[name][:, -1, -1], total[:, -1], rtol=1e-12, atol=1e-9)


@given(setups(levers=False), st.data())
def test_i03_rezoning_moves_pupils_and_loses_none(setup: Setup, data: st.DataObject) -> None:
    """In the year in which it starts, for the entrants of its level."""
    regions = len(setup.world.axes.region)
    assume(regions > 1)
    level = data.draw(st.integers(0, len(setup.world.axes.level) - 1))
    source = data.draw(st.integers(0, regions - 1))
    years = np.array([year == BASE + 1 for year in setup.world.axes.horizon.labels])
    sent = Rezoning(1, years, source, (source + 1) % regions, level, 0.3)
    base = setup.run().pupils[1]
    found = replace(setup, adjustments=replace(NO_LEVERS, rezonings=(sent,))).run().pupils[1]
    entry = setup.world.axes.entry[level]
    np.testing.assert_allclose(found.sum(axis=0), base.sum(axis=0), rtol=1e-12)
    others = [grade for grade in range(base.shape[1]) if grade != entry]
    same_bits(found[:, others], base[:, others])
    axes = setup.world.axes
    from_there = (axes.region_of == source) & (axes.level_of[:, entry] == level)
    np.testing.assert_allclose(found[from_there, entry], 0.7 * base[from_there, entry], rtol=1e-12)


@given(setups(mixing=False))
def test_i04_a_cohort_runs_along_its_diagonal(setup: Setup) -> None:
    ran = setup.run()
    pupils, ratios, moves = ran.pupils, ran.central.ratios, ran.central.moves
    assume(not ran.outcome.clipped.any())
    for start in range(pupils.shape[2]):
        expected = pupils[0, :, start]
        for step in range(1, min(len(pupils), pupils.shape[2] - start)):
            expected = expected * ratios[step, :, start + step] + moves[step, :, start + step]
            tolerance = 1e-12 * size_of(ran)
            np.testing.assert_allclose(
                pupils[step, :, start + step], expected, rtol=1e-12, atol=tolerance
            )


@given(setups())
def test_i05_counts_are_finite_and_not_below_none(setup: Setup) -> None:
    ran = setup.run()
    known = np.broadcast_to(setup.world.stated, ran.outcome.places.shape[:3])
    for array in (ran.outcome.places, ran.outcome.listed):
        assert np.isfinite(array[known]).all()
        assert (array[known] >= 0).all()
    assert np.isfinite(ran.pupils).all()
    assert (ran.pupils >= 0).all()
    for name in ("shortage", "surplus", "shortage_after"):
        assert not (ran.rows[name] < 0).any()
    assert (ran.outcome.clipped >= 0).all()
    assert (ran.pupils[ran.outcome.clipped[..., 0] > 0] == 0).all() or setup.adjustments.rezonings


@given(st.integers(1, 400))
def test_i06_constant_births_are_a_steady_state(births: int) -> None:
    axes = axes_of(2, 2, (2, 1))
    known = np.full((len(axes.year), len(axes.area)), float(births))
    known[axes.start :] = np.nan  # held
    base = np.full((len(axes.year), len(axes.area), 3), np.nan)
    base[axes.start] = float(births)
    ran = Setup(quiet_world(axes, births=known, pupils=base)).run()
    same_bits(ran.pupils, np.full(ran.pupils.shape, float(births)))


def test_i07_two_regions_three_grades_by_hand() -> None:
    """Ratios 1.1 and .5 in region 0, 1 and 1 in region 1; entry ratio .5 of 200 and 100 births.

              grade 1  grade 2        grade 3            lower  upper  places     gap
    0  2024   80       100            90                 180    90     200, 40    -20, 50
       2025   100      1.1 × 80 = 88  .5 × 100 = 50      188    50     200, 40    -12, 10
       2026   100      110            44                 210    44     200, 64     10, -20
    1  2024   40       40             40                 80     40     90, 50     -10, -10
       2025   50       40             40                 90     40     90, 50       0, -10
       2026   50       50             40                 100    40     90, 50      10, -10

    A school of 24 upper places opens in region 0 in 2026 (one grade: full at once).
    """
    axes = axes_of(2, spans=(2, 1), last=BASE + 2)
    pupils = np.full((len(axes.year), 2, 3), np.nan)
    pupils[axes.start] = [[80, 100, 90], [40, 40, 40]]
    stated = np.broadcast_to([[0.5, 1.1, 0.5], [0.5, 1, 1]], (3, 2, 3))
    stock = stock_of(axes, [(0, 0), (0, 1), (1, 0), (1, 1)], [200, 40, 90, 50])
    school = projects_of(axes, (0, "planned", BASE + 2, True, [0, 24]))
    births = np.broadcast_to([200.0, 100.0], (len(axes.year), 2))
    own = quiet_world(
        axes, pupils=pupils, given=stated, stock=stock, projects=school, births=births
    )
    gap = Setup(replace(own, neighbours={1: ((0, 1),)})).run().rows["gap"][..., 0]
    after = Setup(replace(own, neighbours={1: ((0, 1),)})).run().rows["shortage_after"][..., 0]
    np.testing.assert_allclose(gap[:, 0, :2], [[-20, 50], [-12, 10], [10, -20]], atol=1e-9)
    np.testing.assert_allclose(gap[:, 1, :2], [[-10, -10], [0, -10], [10, -10]], atol=1e-9)
    np.testing.assert_allclose(gap[:, 2], [[-30, 40, 10], [-12, 0, -12], [20, -30, -10]], atol=1e-9)
    # Upper: 10 of the 50 find room next door in 2024, all 10 in 2025. Lower has no neighbours.
    np.testing.assert_allclose(after[:, 2], [[0, 40, 40], [0, 0, 0], [20, 0, 20]], atol=1e-9)


def stated_alone(setup: Setup) -> Setup:
    """The same without what leans on the past, whose zeros are read by size and by all areas."""
    world = setup.world
    unknown = {name: np.full_like(getattr(world, name), np.nan) for name in ("children", "homes")}
    return setup.with_world(**unknown)


@given(setups(given=True, trend=False, by_size=False), st.integers(-5, 5))
def test_i08_scaling_by_a_power_of_two_keeps_the_bits(setup: Setup, power: int) -> None:
    factor, setup = 2.0**power, stated_alone(setup)
    one, other = setup.run(), scaled(setup, factor).run()
    same_bits(one.pupils * factor, other.pupils)
    for name in COUNTS:
        same_bits(one.rows[name] * factor, other.rows[name])
    same_bits(one.rows["utilisation"], other.rows["utilisation"])


@given(setups(given=True, by_size=False), st.floats(0.01, 100))
def test_i08_scaling_scales(setup: Setup, factor: float) -> None:
    setup = stated_alone(setup)
    one, other = setup.run(), scaled(setup, factor).run()
    tolerance = 1e-12 * factor * size_of(one) * one.pupils[0].size
    for name in COUNTS:
        np.testing.assert_allclose(
            other.rows[name], one.rows[name] * factor, rtol=1e-12, atol=tolerance
        )


@given(setups(given=True, levers=False), st.data())
def test_i09_births_add_up(setup: Setup, data: st.DataObject) -> None:
    """With given ratios and no moves: E(B₁ + B₂, E₀) = E(B₁, E₀) + E(B₂, 0)."""
    world = setup.world
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    known = rng.integers(1, 200, (2, *world.births.shape)).astype(float)
    unknown = np.full_like(world.children, np.nan)
    quiet = setup.with_world(homes=np.full_like(world.homes, np.nan), children=unknown)
    none = np.where(np.isnan(world.pupils), np.nan, 0.0)
    both = quiet.with_world(births=known[0] + known[1]).run().pupils
    one = quiet.with_world(births=known[0]).run().pupils
    other = quiet.with_world(births=known[1], pupils=none).run().pupils
    np.testing.assert_allclose(both, one + other, rtol=1e-12)


@given(
    setups(given=True, trend=False, mixing=False, by_size=False),
    st.randoms(use_true_random=False),
)
def test_i10_the_order_of_regions_changes_no_bit(setup: Setup, random: Any) -> None:
    """With given ratios: others lean on sums over all areas, which files give in code order."""
    setup = stated_alone(setup)
    regions = list(range(len(setup.world.axes.region)))
    order = random.sample(regions, len(regions))
    one, other = setup.run(), picked(setup, order).run()
    areas = [a for r in order for a in np.flatnonzero(setup.world.axes.region_of == r)]
    same_bits(one.pupils[:, areas], other.pupils)
    for name in COUNTS:
        leaves = one.rows[name][:, order]
        same_bits(leaves, other.rows[name][:, :-1])
        np.testing.assert_allclose(one.rows[name][:, -1], other.rows[name][:, -1], atol=1e-9)


@given(setups(given=True, trend=False, mixing=False, by_size=False, regions=(2, 3)), st.data())
def test_i11_a_region_added_leaves_the_others_as_they_are(
    setup: Setup, data: st.DataObject
) -> None:
    """With given ratios; calibrated ones lean on all regions, a common trend and flows tie them."""
    setup = stated_alone(setup)
    regions = len(setup.world.axes.region)
    # Shared places tie regions: what one lends depends on what the others need.
    setup = setup.with_world(pools=pools_of([False] * len(setup.world.axes.level), regions))
    added = data.draw(st.integers(0, regions - 1))
    others = [region for region in range(regions) if region != added]
    one, other = setup.run(), picked(setup, others).run()
    kept = setup.world.axes.region_of != added
    same_bits(one.pupils[:, kept], other.pupils)
    for name in COUNTS:
        same_bits(one.rows[name][:, others], other.rows[name][:, :-1])


@given(setups(), st.integers(0, 3))
def test_i12_a_shorter_horizon_is_the_start_of_a_longer_one(setup: Setup, years: int) -> None:
    last = min(BASE + years, setup.world.axes.year.labels[-1])
    one, other = setup.run(), until(setup, last).run()
    same_bits(one.pupils[: len(other.pupils)], other.pupils)
    for name in COUNTS:
        same_bits(one.rows[name][: len(other.pupils)], other.rows[name])


@given(setups(trend=False), st.integers(0, 3))
def test_i12_what_happens_later_changes_nothing_before(setup: Setup, years: int) -> None:
    """Ratios, births, homes and children of later years, a project that opens later."""
    world = setup.world
    stop = min(years, len(world.axes.horizon) - 1) + 1
    later = world.axes.start + stop
    births, homes, children = (
        np.where(np.arange(len(array))[:, None] >= later, array + 7.0, array)
        for array in (world.births, world.homes, world.children)
    )
    stated = world.given.copy()
    stated[stop:] *= 1.5
    changed = setup.with_world(births=births, homes=homes, children=children, given=stated)
    one, other = setup.run(), changed.run()
    same_bits(one.pupils[:stop], other.pupils[:stop])
    for name in COUNTS:
        same_bits(one.rows[name][:stop], other.rows[name][:stop])


@given(setups(given=True, mixing=False, levers=False), st.data())
def test_i13_births_of_a_year_change_one_cohort_of_one_area(
    setup: Setup, data: st.DataObject
) -> None:
    axes = setup.world.axes
    area = data.draw(st.integers(0, len(axes.area) - 1))
    enters = data.draw(st.integers(1, len(axes.horizon) - 1))
    whole = setup.with_world(
        weights={2: 1.0},
        births=np.full_like(setup.world.births, 100.0),
        children=np.full_like(setup.world.children, np.nan),
    )
    more = whole.world.births.copy()
    more[axes.start + enters - 2, area] += 50.0
    one, other = whole.run().pupils, whole.with_world(births=more).run().pupils
    changed = np.argwhere(one != other).tolist()
    assert [enters, area, 0] in changed
    assert {(a, t - g) for t, a, g in changed} == {(area, enters)}


@given(
    setups(given=True),
    st.sampled_from(["births", "entry", "progression", "migration", "housing"]),
    st.data(),
)
def test_i14_more_births_ratios_or_moves_never_mean_fewer_pupils(
    setup: Setup, kind: str, data: st.DataObject
) -> None:
    """With given ratios (more past homes or births would lower calibrated ones); births held, as
    births that rise late would turn a trend."""
    held = replace(setup, demand=setup.demand.model_copy(update={"births": HOLD}))
    axes = setup.world.axes
    later = [year > BASE for year in axes.year.labels]
    value = data.draw(st.integers(1, 30)) / (100.0 if kind in ("entry", "progression") else 1.0)
    masks: dict[str, Any] = {
        "births": (None, None),
        "housing": (later, None),
        "entry": (ahead(setup), None),
        "progression": (ahead(setup), None, [False] + [True] * (len(axes.grade) - 1)),
        "migration": (ahead(setup), None, None),
    }
    one, other = held.run(), held.and_then(kind, "add", value, *masks[kind]).run()
    assert (other.pupils >= one.pupils).all()
    no_more(one.rows["gap"], other.rows["gap"])


# Places ------------------------------------------------------------------------------------------


@st.composite
def with_more_places(draw: st.DrawFn, setup: Setup) -> Setup:
    """Places added in some way: to the stock, by a measure, by a project, or opened earlier."""
    stock, axes = setup.world.stock, setup.world.axes
    way = draw(
        st.sampled_from(["stock", "row", "measure", "lever", "project", "larger", "earlier"])
    )
    regions, levels = draw(marks(len(axes.region))), draw(marks(len(axes.level)))
    years = draw(marks(len(axes.horizon)))
    value = draw(whole(0, 150))
    if way == "stock":
        chosen = regions[stock.region] & levels[stock.level]
        return setup.with_stock(places=stock.places + value * chosen)
    if way == "row":  # one row alone, so that it grows beside others that lend
        row = draw(st.integers(0, len(stock.places) - 1))
        return setup.with_stock(places=stock.places + value * (np.arange(len(stock.places)) == row))
    if way in ("measure", "lever"):
        kind = {"measure": "add_places", "lever": "places"}[way]
        return setup.and_then(kind, "add", value, years, regions, levels)
    projects = setup.world.projects
    if way == "larger":
        return setup.with_projects(places=projects.places + value * levels)
    if way == "earlier":
        return setup.with_projects(opens=projects.opens - 1, opens_listed=projects.opens_listed - 1)
    last = (draw(st.integers(0, len(axes.region) - 1)), "open", BASE + 1.0, bool(years[0]))
    added = projects_of(axes, (*last, value * levels))
    return setup.with_world(projects=projects.join(replace(added, code=("Z",))))


@given(setups(), st.data())
def test_i15_more_places_never_raise_a_shortage(setup: Setup, data: st.DataObject) -> None:
    """With conversions, neighbours and pooled levels: no shortage of any row rises, nor what is
    left after conversions and moves (to rounding, as rooms are divided and multiplied)."""
    one, other = setup.run(), data.draw(with_more_places(setup)).run()
    no_more(one.rows["places"], other.rows["places"])
    no_more(other.rows["gap"], one.rows["gap"])
    no_more(other.rows["shortage"], one.rows["shortage"])
    no_more(one.rows["surplus"], other.rows["surplus"])
    no_more(other.rows["shortage_after"], one.rows["shortage_after"], 1e-12 * size_of(other) * 9)


@given(setups())
def test_i16_gap_is_shortage_less_surplus(setup: Setup) -> None:
    """Of the gap with what is kept free: regions by themselves, and a level of one set in all."""
    rows, pools, members = setup.run().rows, setup.world.pools, setup.world.axes.members
    clipped = pools.holds(members)
    clipped[-1] = pools.district
    names = ("margin_gap", "shortage", "surplus")
    for gap, shortage, surplus in [[rows[name][:, :, :-1][:, clipped] for name in names]]:
        same_bits(shortage - surplus, gap)
        assert not np.nan_to_num(shortage * surplus).any()


@given(setups(), st.integers(1, 3))
def test_i17_later_opening_never_lowers_a_shortage(setup: Setup, years: int) -> None:
    projects = setup.world.projects
    later = setup.with_projects(
        opens=projects.opens + years, opens_listed=projects.opens_listed + years
    )
    one, other = setup.run(), later.run()
    for name in ("gap", "shortage"):
        no_more(one.rows[name], other.rows[name])
    no_more(one.rows["shortage_after"], other.rows["shortage_after"], 1e-12 * size_of(one) * 9)


@given(setups(), st.sampled_from(["no places", "cancelled", "idea"]), st.booleans())
def test_i17_a_project_that_counts_for_nothing_is_as_if_absent(
    setup: Setup, way: str, by_grade: bool
) -> None:
    axes = setup.world.axes
    assume(way not in setup.supply.count)
    places = np.zeros(len(axes.level)) if way == "no places" else np.full(len(axes.level), 90.0)
    status = "open" if way == "no places" else way
    extra = projects_of(axes, (0, status, float(BASE), by_grade, places))
    joined = setup.world.projects.join(replace(extra, code=("P0a",)))
    one, other = setup.run(), setup.with_world(projects=joined).run()
    for name in COUNTS:
        same_bits(one.rows[name], other.rows[name])


@given(setups())
def test_i17_a_project_in_two_halves_is_the_same_project(setup: Setup) -> None:
    half = projects_times(setup.world.projects, 0.5)
    twin = replace(half, code=tuple(f"{code}b" for code in half.code))
    levers = replace(
        setup.adjustments,
        projects=tuple(
            lever
            if lever.codes is None
            else replace(lever, codes=(*lever.codes, *(f"{code}b" for code in lever.codes)))
            for lever in setup.adjustments.projects
        ),
    )
    split = replace(setup.with_world(projects=half.join(twin)), adjustments=levers)
    one, other = setup.run(), split.run()
    for name in COUNTS:
        tolerance = 1e-12 * size_of(one)
        np.testing.assert_allclose(one.rows[name], other.rows[name], rtol=0, atol=tolerance * 9)


@given(setups(), st.data())
def test_i21_places_change_no_pupil(setup: Setup, data: st.DataObject) -> None:
    same_bits(setup.run().pupils, data.draw(with_more_places(setup)).run().pupils)


@given(setups())
def test_i24_shortages_add_up_to_the_net_or_more(setup: Setup) -> None:
    rows = setup.run().rows
    net = np.maximum(rows["gap"][:, -1], 0.0)
    known = ~np.isnan(rows["shortage"][:, -1])
    assert (rows["shortage"][:, -1][known] >= net[known] - 1e-9).all()


@given(setups())
def test_i26_a_sum_of_shortages_is_never_clipped_again(setup: Setup) -> None:
    """`all` rows are sums of what was clipped, not clipped sums, and what conversions and moves
    leave lies between the net shortage of every level and the shortages of its regions."""
    ran = setup.run()
    rows, pooled = ran.rows, setup.world.pools.pooled
    tolerance = 1e-12 * size_of(ran) * 9
    for name in ("shortage", "surplus"):
        parts = rows[name][:, :-1, :-1][:, :, ~pooled].sum(axis=1)
        found = rows[name][:, -1, :-1][:, ~pooled]
        np.testing.assert_allclose(found, parts, rtol=0, atol=tolerance)
        every = rows[name][:, -1, :-1].sum(axis=1)
        np.testing.assert_allclose(rows[name][:, -1, -1], every, rtol=0, atol=tolerance)
    after = rows["shortage_after"][:, -1, :-1]
    known = ~np.isnan(after)
    regions = np.maximum(ran.outcome.margin_gap, 0.0).sum(axis=1)
    assert (after[known] <= regions[known] + tolerance).all()
    kept = ran.outcome.shortage_kept - ran.outcome.surplus_kept
    assert (after[known] >= kept.sum(axis=1)[known] - tolerance).all()


# Changes that change nothing, or little -----------------------------------------------------------


@given(setups())
def test_i30_levers_that_do_nothing_change_no_bit(setup: Setup) -> None:
    same = setup
    for kind in ("births", "housing", "entry", "onward_share", "progression"):
        same = same.and_then(kind, "times", 1.0)
    for kind in ("migration", "class_size", "places", "add_places", "births", "housing"):
        same = same.and_then(kind, "add", 0.0)
    one, other = setup.run(), same.run()
    same_bits(one.pupils, other.pupils)
    for name in COUNTS:
        same_bits(one.rows[name], other.rows[name])


@given(setups(), st.sampled_from(["births", "entry", "progression", "class_size", "places"]))
def test_i30_a_small_change_moves_results_little(setup: Setup, kind: str) -> None:
    """A billionth more of one input: results move by less than a ten-millionth of the district."""
    masks = [None] * 2 if kind in ("births", "entry") else [None] * 3
    if kind == "progression":
        masks[2] = [False] + [True] * (len(setup.world.axes.grade) - 1)
    one, other = setup.run(), setup.and_then(kind, "times", 1 + 1e-9, *masks).run()
    for name in COUNTS:
        np.testing.assert_allclose(
            one.rows[name], other.rows[name], rtol=0, atol=1e-7 * size_of(one)
        )


def test_closing_what_was_added_leaves_no_trace() -> None:
    axes = axes_of(1, spans=(1,))
    setup = Setup(quiet_world(axes)).and_then("add_places", "add", 50.0)
    closed = Closure(1, np.ones(len(axes.horizon), dtype=bool), 0, 0, 50.0, "")
    back = replace(setup, adjustments=replace(setup.adjustments, closures=(closed,)))
    same_bits(back.run().rows["gap"], Setup(quiet_world(axes)).run().rows["gap"])


def test_the_bits_do_not_depend_on_the_number_of_draws() -> None:
    """Sums run in code order whatever the length of the draw axis: 20 regions, 7 equal draws."""
    rng = np.random.default_rng(5)
    axes = axes_of(20, spans=(2, 1))
    world = quiet_world(axes, pooled=np.array([False, True]))
    pupils = world.pupils.copy()
    pupils[axes.start] = rng.uniform(50, 150, pupils[axes.start].shape)
    setup = Setup(replace(world, pupils=pupils))
    one = setup.run()
    prepared = prepare(setup.world, setup.settings, setup.adjustments)
    drawn = replace(prepared.demand, kappa=np.repeat(prepared.demand.kappa, 7, axis=-1))
    outcome = simulate(setup.world, replace(prepared, demand=drawn))
    rows = totals(outcome, axes.members, world.pools)
    for name, cells in one.rows.items():
        for draw in range(7):
            same_bits(rows[name][..., draw % rows[name].shape[-1]], cells[..., 0])
