"""Worlds drawn in parts: the same bits as drawn at once, and again when they are asked for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import Axis, Chance, Floats
from capacity.model import ModelData, Rezoning, balanced, run_model, sum_members, with_levels
from capacity.model.draws import (
    BLOCK,
    KEPT,
    Block,
    Sampler,
    Samples,
    Worlds,
    draw_demand,
    draw_places,
    sample,
    sampled,
    sampler_of,
    sources_of,
)
from tests.drawn import SINGLE_PRECISION, each, loud, rows_of, same_draws, unsure
from tests.worlds import Setup, axes_of, quiet_world, setups

#: Shapes in which regions are linked, lie within others and stand in any order.
MANY = {"regions": (1, 6), "nested": True}


def sampler_for(setup: Setup) -> Sampler:
    ran, sources = setup.run(), sources_of(setup.world, None)
    return sampler_of(setup.world, ran.prepared, ran.outcome, loud(setup), sources, {})


def plain(sampler: Sampler, draws: int, seed: int = 1) -> dict[str, Floats]:
    """Every draw of the whole district at once, by the rows of the central run."""
    data, found = sampler.data, []
    for number in range(-(-draws // BLOCK)):
        block = Block(seed, number, len(data.axes.horizon) - 1)
        demand, _ = draw_demand(sampler.demand, block)
        places, _ = draw_places(sampler.supply, block)
        margin = sampler.supply.margin[..., None].astype(np.float32)
        found.append(summed(balanced(demand, places, margin), data))
    return {
        name: np.concatenate([rows[name] for rows in found], axis=-1)[..., :draws] for name in KEPT
    }


def summed(cells: dict[str, Floats], data: ModelData) -> dict[str, Floats]:
    """Rows of cells, sets of regions clipped over all of them."""
    members, pools = data.axes.members, data.pools
    cells["shortage"] = pools.clipped(cells["margin_gap"])
    rows = {name: sum_members(part, members) for name, part in cells.items()}
    return with_levels(rows, pools.holds(members))


def joined(parts: Iterable[Samples]) -> dict[int, dict[str, Floats]]:
    """The draws of each row by its position; no row stands in two parts."""
    found: dict[int, dict[str, Floats]] = {}
    for part in parts:
        for at, row in enumerate(part.rows):
            assert row not in found
            found[row] = {name: array[:, at : at + 1] for name, array in each(part).items()}
    return found


def far_apart() -> Setup:
    """Six regions with groups and rows that are sums; pupils go from the first to the last."""
    axes = axes_of(6, groups=2)
    codes, members = axes.row.labels, axes.members
    rows = (members[-1], members[3], (1, 4), *members[:3], (2,), *members[4:6], (0, 1, 2, 3, 4, 5))
    names = ("most", codes[3], "two", *codes[:3], "one", *codes[4:6], "all")
    axes = replace(axes, row=Axis("region", names), members=rows)
    setup = unsure(Setup(quiet_world(axes)))
    every = np.ones(len(axes.horizon), dtype=bool)
    move = Rezoning(1, every, source=0, target=5, level=0, share=0.25)
    return replace(setup, adjustments=replace(setup.adjustments, rezonings=(move,)))


# No bit depends on the parts -------------------------------------------------------------------


@given(setups(**MANY), st.sampled_from([1, 2, 7]), st.sampled_from([1, 20_000, 10**9]))
def test_parts_are_the_whole_to_the_last_bit(setup: Setup, workers: int, at_once: int) -> None:
    sampler = sampler_for(unsure(setup))
    found = sample(sampler, 30, 1, workers, at_once=at_once)
    whole = {name: array for name, array in each(found).items() if name in KEPT}
    same_draws(whole, plain(sampler, 30) if sampler.supply.varies else cut(plain(sampler, 30)))


def cut(rows: dict[str, Floats]) -> dict[str, Floats]:
    return rows | {"places": rows["places"][..., :1]}


@pytest.mark.parametrize("workers", [1, 2, 7])
@pytest.mark.parametrize("draws", [3, BLOCK + 5])
def test_regions_that_wait_for_their_turn_are_added_in_code_order(workers: int, draws: int) -> None:
    sampler = sampler_for(far_apart())
    assert any(len(areas) > 1 for areas in sampler.demand.linked)
    one = each(sample(sampler, draws, 1))
    same_draws(one, each(sample(sampler, draws, 1, workers, at_once=1)))
    same_draws({name: one[name] for name in KEPT}, plain(sampler, draws))


def test_every_row_stands_in_one_part_and_parts_are_small() -> None:
    sampler = sampler_for(unsure(Setup(quiet_world(axes_of(6)))))
    parts = list(sampled(sampler, 10, 1, at_once=1))
    assert sorted(row for part in parts for row in part.rows) == list(range(7))
    assert {len(part.rows) for part in parts} == {1}


@given(setups(**MANY))
def test_what_is_said_of_first_grades_does_not_depend_on_the_parts(setup: Setup) -> None:
    sampler = sampler_for(unsure(setup))
    one, other = sample(sampler, 30, 1).entry, sample(sampler, 30, 1, 2, at_once=1).entry
    assert one.keys() == other.keys()
    for name, values in one.items():
        np.testing.assert_array_equal(values, other[name], name)


def test_draws_in_parts_are_a_prefix_of_more_draws() -> None:
    sampler = sampler_for(far_apart())
    few, more = (sample(sampler, draws, 1, at_once=50_000) for draws in (7, 2 * BLOCK + 3))
    for name in KEPT:
        np.testing.assert_array_equal(getattr(few, name), getattr(more, name)[..., :7])


# Rows asked for -------------------------------------------------------------------------------


@given(setups(**MANY), st.data())
def test_rows_asked_for_are_those_of_the_whole(setup: Setup, data: st.DataObject) -> None:
    sampler = sampler_for(unsure(setup))
    whole = sample(sampler, 20, 1)
    rows = data.draw(st.lists(st.sampled_from(whole.rows), min_size=1, unique=True))
    found = joined(sampled(sampler, 20, 1, rows=rows))
    assert sorted(found) == sorted(rows)
    for row in rows:
        same_draws(found[row], rows_of(whole, [row]))


def test_a_row_that_is_not_kept_is_drawn_again() -> None:
    sampler = sampler_for(far_apart())
    whole = sample(sampler, 40, 3)
    some = {row: one for row, one in whole.by_row().items() if row % 2}
    worlds = Worlds(sampler, 40, 3, some)
    rows = [8, 0, 3, 5, 2]
    np.testing.assert_array_equal(worlds.shortage(rows, 2, 1), whole.shortage[2, rows, 1])
    for row, found in joined(worlds.of(rows)).items():
        same_draws(found, rows_of(whole, [row]))


@pytest.mark.parametrize("draws", [20, 20_000])
def test_a_run_keeps_its_draws_where_they_are_few_else_those_of_the_district(draws: int) -> None:
    setup = Setup(quiet_world(axes_of(6, last=2033)))
    settings = setup.settings.model_copy(update={"chance": Chance(draws=draws)})
    drawn = run_model(setup.world, settings).draws
    assert drawn is not None
    assert sorted(drawn.worlds.kept) == (list(range(7)) if draws == 20 else [6])
    again = next(sampled(drawn.worlds.sampler, draws, settings.chance.seed, rows=[6]))
    same_draws(each(drawn.worlds.kept[6]), each(again))


@given(setups(**MANY))
def test_pupils_drawn_again_are_those_of_the_demand(setup: Setup) -> None:
    """Of all levels or of one, and of each level's first grade, in every row."""
    worlds = Worlds(sampler_for(unsure(setup)), 7, 1, {})
    axes = setup.world.axes
    rows, levels = range(len(axes.row)), range(len(axes.level))
    demand = worlds.cells("demand", rows, range(len(levels) + 1))
    every = worlds.pupils(rows).sum(axis=2)
    np.testing.assert_allclose(every, demand[:, :, -1], rtol=SINGLE_PRECISION)
    entrants = worlds.entrants(rows)
    for level in levels:
        pupils = worlds.pupils(rows, [level])
        np.testing.assert_allclose(
            pupils.sum(axis=2), demand[:, :, level], rtol=SINGLE_PRECISION, atol=1e-6
        )
        np.testing.assert_allclose(
            pupils[:, :, axes.entry[level]], entrants[:, :, level], rtol=SINGLE_PRECISION
        )
