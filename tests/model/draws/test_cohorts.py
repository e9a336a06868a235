"""The drawn kernel against plain loops over one small district."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from capacity.model.draws import (
    BLOCK,
    Block,
    Spread,
    demand_sampler,
    draw_pupils,
    ratio_factors,
    shared_shocks,
    walk,
)
from tests.drawn import drawn, loud, spread_with
from tests.worlds import BASE, Ran, Setup, axes_of, quiet_world, setups

DRAWS = range(0, BLOCK, 101)


def pupils_of(ran: Ran, spread: Spread, block: Block) -> np.ndarray:
    """Pupils ``(horizon, area, grade, draw)`` of the product."""
    world = ran.setup.world
    split = world.split_sd
    sampler = demand_sampler(world, ran.demand, ran.outcome.pupils, spread, split_sd=split)
    found = np.zeros((*ran.pupils.shape, BLOCK))
    for part in draw_pupils(sampler, block):
        for row, area in enumerate(part.areas):
            found[:, area] = part.pupils[:, row]
    return found


def plain(ran: Ran, spread: Spread, block: Block, draw: int) -> np.ndarray:
    """The same of one draw, in plain loops: shocks are given, the rest is worked out again."""
    demand, (horizon, areas, grades) = ran.demand, ran.pupils.shape
    steps = walk(block, "births", "", 20 + horizon)[:, draw] * spread.births
    pupils = np.zeros(ran.pupils.shape)
    pupils[0] = ran.pupils[0]
    for area in range(areas):
        luck = shocks_of(ran, spread, block, area)[..., draw]
        for year in range(1, horizon):
            for grade in range(grades):
                moves = (demand.migration + demand.housing)[year, area, grade, 0]
                mixed = demand.small_area[year, area, grade, 0]
                if grade == 0:
                    came = demand.entrants[year, area, 0] * strayed(ran, steps, year, area)
                else:
                    before, usual = (one[year - 1, area, grade - 1] for one in (pupils, ran.pupils))
                    ratio = demand.ratios[year, area, grade, 0]
                    came = ratio * before
                    if ratio * usual > 0:  # small-area mixing strays as its cohort has
                        came += mixed * before / usual
                    else:
                        moves += mixed
                came += (demand.held_pupils + demand.later_children)[year, area, grade, 0]
                entered = year - grade  # the year in which its cohort would enter the first grade
                born = strayed(ran, steps, entered, area) if entered > 0 else 1.0
                came += demand.later_births[year, area, grade, 0] * born
                pupils[year, area, grade] = max(came * luck[year - 1, grade] + moves, 0.0)
    return pupils


def shocks_of(ran: Ran, spread: Spread, block: Block, area: int) -> np.ndarray:
    """Factors on the ratios of an area, ``(year ahead, grade, draw)``."""
    heads = ran.pupils[1:, area]
    sd = np.sqrt(spread.cell_fixed + spread.cell_per_head / np.maximum(heads, 1))
    above = np.maximum(heads[:, 1:].sum(axis=1), 1)
    of_area = np.sqrt(spread.area.fixed + spread.area.per_head / above)
    code = "\x1f".join(ran.setup.world.axes.area.labels[area])
    common = shared_shocks(block, spread, heads.shape[1])
    return ratio_factors(block, code, spread, sd.astype("f4"), of_area.astype("f4"), common)


def strayed(ran: Ran, steps: np.ndarray, year: int, area: int) -> float:
    """Factor on a cohort for those of its births that are not counted yet."""
    world, demand = ran.setup.world, ran.demand
    if demand.basis[year, area] != "births":
        return 1.0
    start, counted = world.axes.start, int(world.births_counted[area])
    known = all_births = 0.0
    for lag, weight in world.weights.items():
        at = start + year - lag
        births = weight * demand.births[at, area]
        ahead = np.exp(steps[at - start + 20] - steps[counted - start + 20]) if at > counted else 1
        known, all_births = known + births * ahead, all_births + births
    return known / all_births if all_births else 1.0


@given(setups(mixing=False, levers=False))
def test_draws_agree_with_plain_loops(setup: Setup) -> None:
    ran, spread, block = setup.run(), loud(setup), Block(3, 1, len(setup.world.axes.horizon) - 1)
    found = pupils_of(ran, spread, block)
    for draw in DRAWS:
        expected = plain(ran, spread, block, draw)
        np.testing.assert_allclose(found[..., draw], expected, rtol=1e-5, atol=1e-3)


# Size and centre ------------------------------------------------------------------------------


def quiet(last: int = BASE + 4, **changes: object) -> Setup:
    return Setup(quiet_world(axes_of(2, spans=(3,), last=last), **changes))


def test_errors_multiply_down_a_cohort() -> None:
    """Grade 3 three years on has the shocks of entry and of two ratios."""
    setup = quiet()
    spread = spread_with(3, cell=(0.0004, 0.0), first=(0.0009, 0.0))
    world = setup.world
    ran, split = setup.run(), world.split_sd
    sampler = demand_sampler(world, ran.demand, ran.outcome.pupils, spread, split_sd=split)
    parts = [
        next(draw_pupils(sampler, Block(1, number, 4))).pupils[3, 0, 2] for number in range(20)
    ]
    found = np.log(np.concatenate(parts) / 100)
    # ε_1 of entry in year 1; ξ_2 + .15 ξ_1 of grade 2; ξ_3 + .15 (ξ_1 + ξ_2) of grade 3.
    variance = 0.0009 + 0.0004 * (1 + 0.15**2) + 0.0004 * (1 + 2 * 0.15**2)
    assert found.std() == pytest.approx(np.sqrt(variance), rel=0.02)


def test_the_median_is_the_central_run_and_the_mean_that_of_a_factor() -> None:
    """Draws of a linear world: within four standard errors, at a fixed seed."""
    setup = quiet()
    variance = 0.0004
    samples = drawn(setup, spread_with(3, first=(variance, 0.0)), draws=20_000)
    demand = samples.demand[1, 0, 0].astype(float)  # one shocked grade of three
    error = demand.std() / np.sqrt(len(demand))
    assert abs(demand.mean() - (200 + 100 * np.exp(variance / 2))) < 4 * error
    assert abs(np.median(demand) - 300) < 5 * error


def test_births_stray_further_every_year() -> None:
    """Births are known to the base year, children enter at 2: years 3, 4, 5 have 1, 2, 3 steps."""
    setup = quiet(BASE + 5)
    samples = drawn(setup, spread_with(3, births=0.05), ["births"], draws=20_000)
    ran = pupils_of(setup.run(), spread_with(3, births=0.05), Block(1, 0, 5))
    np.testing.assert_array_equal(ran[:3], 100)
    assert (samples.demand[:3] == samples.demand[:3, ..., :1]).all()
    spread = np.log(ran[3:, 0, 0] / 100).std(axis=-1)
    np.testing.assert_allclose(spread, 0.05 * np.sqrt([1, 2, 3]), rtol=0.07)
    np.testing.assert_array_equal(ran[3:, 0, 0], ran[3:, 1, 0])  # all areas together


def test_levers_shift_draws_as_they_shift_the_central_run() -> None:
    """Ratios, births and moves under levers are what shocks act on."""
    setup = quiet()
    more = setup.and_then("progression", "times", 1.1).and_then("entry", "times", 1.2)
    spread = spread_with(3, common=0.02, entry=0.02)
    block = Block(1, 0, 4)
    one, two = setup.run(), more.run()
    factor = two.pupils / one.pupils
    found = pupils_of(two, spread, block) / pupils_of(one, spread, block)
    np.testing.assert_allclose(found, np.broadcast_to(factor[..., None], found.shape), rtol=1e-5)
    moved = setup.and_then("migration", "add", 7.0)
    came = pupils_of(moved.run(), spread, block)[1] - pupils_of(one, spread, block)[1]
    np.testing.assert_allclose(came, 7.0, rtol=1e-4)


def test_held_grades_stray_too() -> None:
    axes = axes_of(1, spans=(3,))
    held = np.ones((len(axes.horizon), 1, 3))
    held[:, :, 1] = np.nan  # no ratio and no past: grade 2 is held
    setup = Setup(quiet_world(axes, given=held))
    assert setup.run().demand.held[1:, 0, 1].all()
    found = pupils_of(setup.run(), spread_with(3, cell=(0.0004, 0.0)), Block(1, 0, 4))
    assert np.log(found[1, 0, 1] / 100).std() == pytest.approx(0.02, rel=0.1)


def test_a_split_is_made_grade_by_grade() -> None:
    """Regions of unlike ages: no grade of the district gains or loses."""
    setup = quiet()
    world = setup.world
    pupils = world.pupils.copy()
    pupils[world.axes.start] = [[100, 10, 50], [20, 200, 50]]
    setup = setup.with_world(pupils=pupils, split_sd=np.array([0.05, 0.0]))
    ran = setup.run()
    sampler = demand_sampler(
        world,
        ran.demand,
        ran.outcome.pupils,
        spread_with(3),
        split_sd=setup.world.split_sd,
        births=False,
    )
    parts = draw_pupils(sampler, Block(1, 0, 4))
    found = np.concatenate([part.pupils for part in parts], axis=1)
    whole = np.broadcast_to(ran.pupils.sum(axis=1)[..., None], found.sum(axis=1).shape)
    np.testing.assert_allclose(found.sum(axis=1), whole, rtol=1e-5)
    assert found[0, 0, 0].std() == pytest.approx(0.05 * 100 * 20 / 120, rel=0.15)


def test_held_grades_follow_the_split_of_their_region() -> None:
    """What is held is the base year's count, and that is what is not certain."""
    axes = axes_of(2, spans=(2,))
    given_ratios = np.full((len(axes.horizon), 2, 2), np.nan)
    setup = Setup(quiet_world(axes, given=given_ratios, split_sd=np.array([0.05, 0.05])))
    assert setup.run().demand.held[1:, :, 1].all()
    demand = drawn(setup, spread_with(2), ["regions"], draws=200).demand
    np.testing.assert_allclose(demand[1:], np.broadcast_to(demand[:1], demand[1:].shape), rtol=1e-5)
    assert demand[1, 0, 0].std() > 1
