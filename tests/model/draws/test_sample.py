"""Draws of whole worlds: their laws, on random districts full of special cases."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import Calibration
from capacity.model.draws import BLOCK
from tests.drawn import (
    ON_TIME,
    drawn,
    each,
    estimated,
    near_central,
    rows_of,
    same_draws,
    silent,
    unsure,
)
from tests.worlds import (
    AS_LISTED,
    BASE,
    Setup,
    axes_of,
    picked,
    projects_of,
    quiet_world,
    setups,
    until,
)

SHRUNK = Calibration(method="shrunk")


def shrunken(setup: Setup) -> Setup:
    """The same with ratios of its own past, and small-area mixing."""
    demand = setup.demand.model_copy(update={"progression": SHRUNK, "entry": SHRUNK})
    return replace(setup, demand=demand)


# No noise -------------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
@given(setups(), st.booleans())
def test_without_noise_every_draw_is_the_central_run(setup: Setup, shrunk: bool) -> None:
    """Held grades, flows, groups, rezoning, homes, closures, conversions, mixing and all levers."""
    setup = shrunken(setup) if shrunk else setup
    ran = setup.run()
    near_central(drawn(setup, silent(setup), ["births", "ratios"], draws=3, ran=ran), ran)
    near_central(drawn(setup, silent(setup), [], draws=3, ran=ran), ran)


@given(setups(), st.sampled_from([0.0, 0.02, 0.3]))
def test_mixing_takes_no_more_than_levers_leave(setup: Setup, left: float) -> None:
    """Mixing is worked out before levers, and they may leave fewer pupils than it takes."""
    setup = shrunken(setup).and_then("progression", "times", left)
    ran = setup.run()
    near_central(drawn(setup, silent(setup), ["births", "ratios"], draws=3, ran=ran), ran)


@given(setups())
def test_certain_projects_are_the_central_run(setup: Setup) -> None:
    """All built, all on time, through the same kernel that draws them."""
    ran = setup.run()
    certain = replace(ran.supply.projects, completion=np.ones_like(ran.supply.projects.completion))
    prepared = replace(ran.prepared, supply=replace(ran.supply, projects=certain))
    ran = replace(ran, prepared=prepared)
    near_central(drawn(setup, silent(setup), draws=3, delay=ON_TIME, ran=ran), ran)


# Nothing but seed and codes decides a draw ----------------------------------------------------


@pytest.mark.parametrize("workers", [2, 7])
def test_workers_do_not_change_a_bit(workers: int) -> None:
    setup = unsure(Setup(quiet_world(axes_of(3), projects=two_projects())))
    draws = 3 * BLOCK + 5
    same_draws(each(drawn(setup, draws=draws)), each(drawn(setup, draws=draws, workers=workers)))


def two_projects(**changes: object) -> object:
    rows = [(0, "planned", BASE + 1.0, True, [50, 30]), (1, "building", BASE + 2.0, False, [20, 0])]
    return replace(projects_of(axes_of(3), *rows), **changes)


@given(setups(mixing=False, trend=False, regions=(2, 3)), st.randoms())
def test_regions_permuted_permute_the_draws(setup: Setup, luck: object) -> None:
    regions = list(range(len(setup.world.axes.region)))
    luck.shuffle(regions)  # type: ignore[attr-defined]
    setup = replace(unsure(setup), adjustments=replace(setup.adjustments, projects=()))
    setup = setup.with_world(split_sd=np.zeros(len(regions)))
    other = picked(setup, regions)
    one, two = drawn(setup), drawn(other)
    same_draws(rows_of(one, regions), rows_of(two, range(len(regions))))


@given(setups(mixing=False, trend=False, given=True, regions=(2, 3)))
def test_a_region_added_leaves_the_draws_of_the_others(setup: Setup) -> None:
    """Ratios per child are stated too: a region without any would take those of all.

    How many homes are usual leans on all regions, so that none are built.
    """
    regions, world = range(len(setup.world.axes.region)), setup.world
    stated, none = np.ones_like(world.given_per_child), np.full_like(world.homes, np.nan)
    certain = np.zeros(len(regions))
    setup = unsure(setup).with_world(split_sd=certain, given_per_child=stated, homes=none)
    setup = replace(setup, adjustments=replace(setup.adjustments, projects=()))
    fewer = picked(setup, regions[1:])
    same_draws(rows_of(drawn(setup), regions[1:]), rows_of(drawn(fewer), range(len(regions) - 1)))


def test_draws_are_a_prefix_of_more_draws() -> None:
    setup = unsure(Setup(quiet_world(axes_of(2))))
    sizes = [1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK + 3]
    found = {size: drawn(setup, draws=size) for size in sizes}
    for few, more in pairwise(sizes):
        for name in ("demand", "places", "gap", "shortage"):
            kept = getattr(found[more], name)[..., :few]
            np.testing.assert_array_equal(getattr(found[few], name), kept)


@given(setups(trend=False))
def test_a_longer_horizon_leaves_the_earlier_years(setup: Setup) -> None:
    setup = unsure(setup)
    last = setup.world.axes.year.labels[-1]
    shorter = drawn(until(setup, last - 1))
    whole = each(drawn(setup))
    same_draws(
        each(shorter), {name: array[: len(whole["gap"]) - 1] for name, array in whole.items()}
    )


@given(setups(levers=False, ahead=(3, 4)), st.data())
def test_i12_who_moves_later_changes_no_bit_of_the_draws_before(
    setup: Setup, data: st.DataObject
) -> None:
    axes = setup.world.axes
    last = [year == axes.horizon.labels[-1] for year in axes.horizon.labels]
    area = data.draw(st.integers(0, len(axes.area) - 1))
    here = [at == area for at in range(len(axes.area))]
    more = setup.and_then("migration", "add", 5.0, last, here, None)
    one, other = (drawn(of).demand[:-1] for of in (setup, more))
    np.testing.assert_array_equal(one, other)


def test_another_seed_gives_other_draws() -> None:
    setup = Setup(quiet_world(axes_of(2)))
    one, two = (drawn(setup, seed=seed).demand[1:] for seed in (1, 2))
    assert (one != two).all()


@given(setups())
def test_years_renamed_leave_the_draws(setup: Setup) -> None:
    """Streams count years from the base year: the same district ten years on draws the same."""
    setup = unsure(setup)
    axes, ten = setup.world.axes, 10
    later = replace(
        axes,
        year=replace(axes.year, labels=tuple(year + ten for year in axes.year.labels)),
        base=axes.base + ten,
    )
    stock, projects = setup.world.stock, setup.world.projects
    moved = setup.with_world(
        axes=later,
        stock=replace(stock, closes=stock.closes + ten),
        projects=replace(
            projects,
            **{
                name: getattr(projects, name) + ten
                for name in ("opens", "opens_listed", "starts", "closes")
            },
        ),
    )
    none = replace(setup.adjustments, projects=())
    one, two = replace(setup, adjustments=none), replace(moved, adjustments=none)
    same_draws(each(drawn(one)), each(drawn(two)))


# Luck is shared -------------------------------------------------------------------------------


@given(setups())
def test_worlds_that_differ_in_places_have_the_same_demand(setup: Setup) -> None:
    world = setup.world
    more = setup.with_world(
        stock=replace(world.stock, places=world.stock.places * 2.0, sd=world.stock.sd + 0.1),
        projects=projects_of(world.axes),
    )
    np.testing.assert_array_equal(drawn(setup).demand, drawn(more).demand)


@given(setups(), st.integers(0, 2))
def test_a_project_that_is_never_built_is_absent(setup: Setup, row: int) -> None:
    world = setup.world
    listed = world.projects
    if row >= len(listed.code) or listed.status[row] == "open":
        return
    setup = replace(unsure(setup), adjustments=replace(setup.adjustments, projects=()))
    rest = [other for other in range(len(listed.code)) if other != row]
    completion = setup.world.projects.completion.copy()
    completion[row] = 0.0
    never = setup.with_projects(completion=completion)
    absent = setup.with_world(projects=setup.world.projects.take(rest))
    one, two = drawn(never, draws=20), drawn(absent, draws=20)
    np.testing.assert_array_equal(one.demand, two.demand)
    np.testing.assert_array_equal(*np.broadcast_arrays(one.gap, two.gap))


def test_the_order_of_projects_does_not_matter() -> None:
    """Sums of whole places are exact, whatever their order."""
    axes = axes_of(3)
    rows = [(0, "planned", BASE + 1.0, True, [50, 30]), (0, "idea", BASE + 1.0, False, [20, 5])]
    one = projects_of(axes, *rows)
    two = replace(projects_of(axes, *reversed(rows)), code=one.code[::-1])
    counted = AS_LISTED.model_copy(update={"count": ("planned", "idea")})
    found = [
        drawn(replace(unsure(Setup(quiet_world(axes, projects=projects)), 0.0), supply=counted))
        for projects in (one, two)
    ]
    assert found[0].places.std(axis=-1).max() > 0
    same_draws(*map(each, found))


# Aggregation ----------------------------------------------------------------------------------


@pytest.mark.filterwarnings("error")
@given(setups(), st.booleans())
def test_every_draw_is_a_world_of_its_own(setup: Setup, shrunk: bool) -> None:
    """Finite and not below 0 or −0, gap = demand − places, empty where places are unknown."""
    setup = unsure(shrunken(setup) if shrunk else setup)
    ran = setup.run()
    samples = drawn(setup, estimated(setup), draws=20, ran=ran)
    assert np.isfinite(samples.demand).all()
    for array in (samples.demand, samples.places, samples.shortage):
        assert not np.signbit(array[~np.isnan(array)]).any()
    for name, array in (("places", samples.places), ("gap", samples.gap)):
        unknown = np.isnan(ran.rows[name][..., 0])
        np.testing.assert_array_equal(
            np.isnan(array), np.broadcast_to(unknown[..., None], array.shape)
        )
        assert not np.isinf(array).any()
    short = np.isnan(ran.rows["shortage"][..., 0])
    np.testing.assert_array_equal(np.isnan(samples.shortage).any(axis=-1), short)
    leaves = samples.margin_gap[:, :-1, :-1]
    assert (
        (samples.shortage[:, :-1, :-1] == np.maximum(leaves, 0))
        | np.isnan(samples.shortage[:, :-1, :-1])
    ).all()
    scale = np.nanmax(np.abs(np.nan_to_num(samples.gap)), initial=1.0)
    whole = samples.demand - samples.places
    np.testing.assert_allclose(samples.gap, whole, rtol=1e-5, atol=1e-5 * scale)


@given(setups(missing=False))
def test_shortages_of_regions_are_at_least_that_of_the_district(setup: Setup) -> None:
    """Jensen in space: clip, then sum."""
    setup = unsure(setup)
    samples = drawn(setup)
    scale = float(np.abs(samples.gap).max(initial=1.0))
    assert (samples.shortage[:, -1] >= np.maximum(samples.gap[:, -1], 0) - 1e-5 * scale).all()
