"""The drawn kernel against plain loops over one small district."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pytest
from hypothesis import given

from capacity.base import Floats
from capacity.model.draws import (
    BLOCK,
    Block,
    Scales,
    Spread,
    demand_sampler,
    draw_pupils,
    near_middle,
    normals,
    walk,
)
from tests.drawn import drawn, loud, scales_with, spread_with
from tests.model.draws.plain_luck import MOST, Centre, Luck, way
from tests.worlds import BASE, Ran, Setup, axes_of, flow_of, quiet_world, setups

DRAWS = range(0, BLOCK, 257)
#: Years before the base year from which births walk.
BACK = 20


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


@dataclass
class Plain:
    """The same of one area in plain loops: values are drawn, the rest is worked out again."""

    ran: Ran
    spread: Spread
    block: Block
    area: int

    @cached_property
    def scales(self) -> Scales:
        demand, world = self.ran.demand, self.ran.setup.world
        later = (demand.later_births + demand.later_children)[1:, ..., 0] != 0
        starts = demand.held[1:] | later
        for flow in world.flows:
            starts[:, flow.into, flow.grade] = True
        pupils, stated = demand.before_levers[1:], world.given_sd[1:]
        scales = scales_with(
            self.spread,
            pupils,
            stated=stated,
            held=(demand.basis[1] == "held").tolist(),
            starts=starts,
            first=world.axes.grade.labels[0],
        )
        return near_middle(self.spread, scales, pupils, ~np.isnan(stated))

    @cached_property
    def code(self) -> str:
        return "\x1f".join(self.ran.setup.world.axes.area.labels[self.area])

    @cached_property
    def luck(self) -> Luck:
        return Luck.of(self.block, self.code, self.spread, self.scales, self.area)

    @cached_property
    def centre(self) -> Centre:
        return Centre(self.spread, self.scales)

    @cached_property
    def births(self) -> tuple[Floats, Floats, Floats]:
        """Steps of all, steps of the area's own, and what each count is off."""
        years = BACK + self.ran.pupils.shape[0]
        return (
            walk(self.block, "births", "", range(years)),
            walk(self.block, "born", self.code, range(years)),
            self.block.draw(normals(), "counted", self.code, shape=(years,)),
        )

    def made(self, cell: tuple[int, int], at: int) -> float:
        """What luck has made of a cohort so far, bounded."""
        log = self.luck.log(cell, at) - self.centre.of(self.area, cell)
        year, grade = way(self.scales, self.area, cell)[-1]
        demand, entered = self.ran.demand, year + 1 - grade  # the year in which it enters grade 1
        by_births = grade == 0 or demand.later_births[year + 1, self.area, grade, 0] != 0
        born = self.strayed(entered, at) if by_births and entered > 0 else 1.0
        return min(max(np.exp(log) * born, 1 / MOST), MOST)

    def step(self, cell: tuple[int, int], at: int) -> float:
        """What it makes of it in one year."""
        passed = way(self.scales, self.area, cell)
        before = self.made(passed[1], at) if len(passed) > 1 else 1.0
        return self.made(cell, at) / before

    def strayed(self, year: int, at: int) -> float:
        """Factor on a cohort for those of its births that are not counted yet."""
        world, demand = self.ran.setup.world, self.ran.demand
        if demand.basis[year, self.area] != "births":
            return 1.0
        start, counted = world.axes.start, int(world.births_counted[self.area])
        factor = every = 0.0
        for lag, weight in world.weights.items():
            then = start + year - lag
            births = weight * demand.births[then, self.area]
            factor += births * (self.birth_luck(then, counted, at) if then > counted else 1.0)
            every += births
        return factor / every if every else 1.0

    def birth_luck(self, then: int, counted: int, at: int) -> float:
        ran, area, start = self.ran, self.area, self.ran.setup.world.axes.start
        passing, given = ran.demand.stated.estimate.passing, ran.setup.world.given[1:, area, 0]
        part = passing.share if passing.takes_part[area] and np.isnan(given).all() else 1.0
        heads = max(np.nan_to_num(ran.setup.world.births[counted, area]), 1.0)
        step = part * np.sqrt(self.spread.births_area.fixed)
        count = part * np.sqrt(self.spread.births_area.per_head / heads)
        now, base = then - start + BACK, max(counted - start, -BACK) + BACK
        common, own, counts = (values[:, at].astype(float) for values in self.births)
        log = self.spread.births * (common[now] - common[base])
        log += step * (own[now] - own[base]) + count * counts[now]
        table = normals().astype(float)
        for size, times in ((self.spread.births, now - base), (step, now - base), (count, 1)):
            log -= times * np.log(np.exp(size * table).mean())
        return float(np.exp(log))

    def pupils(self, at: int) -> Floats:
        """Pupils of the area in a draw, ``(year, grade)``."""
        demand, area, central = self.ran.demand, self.area, self.ran.pupils[:, self.area]
        pupils = central.copy()
        for year in range(1, len(central)):
            for grade in range(central.shape[1]):
                moves = (demand.migration + demand.housing)[year, area, grade, 0]
                mixed = demand.small_area[year, area, grade, 0]
                if grade == 0:
                    came = demand.entrants[year, area, 0]
                else:
                    ratio = demand.ratios[year, area, grade, 0]
                    before, usual = (one[year - 1, grade - 1] for one in (pupils, central))
                    came = ratio * before
                    if ratio * usual > 0:  # small-area mixing strays as its cohort has
                        came += mixed * before / usual
                    else:
                        came += mixed
                for anew in (demand.held_pupils, demand.later_children, demand.later_births):
                    came += anew[year, area, grade, 0]
                luck = self.step((year - 1, grade), at)
                pupils[year, grade] = max(came * luck + moves, 0.0)
        return pupils


@given(setups(mixing=False, levers=False))
def test_draws_agree_with_plain_loops(setup: Setup) -> None:
    ran, spread, block = setup.run(), loud(setup), Block(3, 1, len(setup.world.axes.horizon) - 1)
    found = pupils_of(ran, spread, block)
    for area in range(ran.pupils.shape[1]):
        plain = Plain(ran, spread, block, area)
        for at in DRAWS:
            expected = plain.pupils(at)
            np.testing.assert_allclose(found[:, area, :, at], expected, rtol=1e-3, atol=1e-3)


# Size and centre ------------------------------------------------------------------------------


@given(setups(regions=(1, 4)))
def test_where_pupils_come_by_ratios_alone_rolling_gives_luck_times_the_central_run(
    setup: Setup,
) -> None:
    ran, certain = setup.run(), setup.world.split_sd
    sampler = demand_sampler(
        setup.world, ran.demand, ran.outcome.pupils, loud(setup), split_sd=certain
    )
    rolled = replace(sampler, by_ratios=np.zeros_like(sampler.by_ratios))
    block = Block(1, 0, len(ran.pupils) - 1)
    one, other = (list(draw_pupils(of, block)) for of in (sampler, rolled))
    found = {area: part.pupils[:, k] for part in one for k, area in enumerate(part.areas)}
    for part in other:
        for k, area in enumerate(part.areas):
            np.testing.assert_allclose(found[area], part.pupils[:, k], rtol=1e-5, atol=1e-30)


def test_who_feeds_another_area_is_rolled_with_it() -> None:
    """All leavers of the first go to the second, which nobody else feeds."""
    setup = quiet().with_world(flows=(flow_of(2, [[0, 1], [0, 1]], into=[False, True]),))
    ran = setup.run()
    spread, block = spread_with(3, entry=0.1, cell=(0.01, 0.0)), Block(1, 0, 4)
    sampler = demand_sampler(
        setup.world, ran.demand, ran.outcome.pupils, spread, split_sd=np.zeros(2)
    )
    assert not sampler.by_ratios[:, 1, 2].any()
    (found,) = draw_pupils(sampler, block)
    leavers = found.pupils[:-1, :, 1].sum(axis=1)
    ratio = found.pupils[1:, 1, 2] / leavers
    central = ran.pupils[1:, 1, 2] / ran.pupils[:-1, :, 1].sum(axis=1)
    np.testing.assert_allclose(ratio.mean(axis=-1), central, rtol=0.03)


def test_most_districts_without_moves_come_by_ratios_alone() -> None:
    ran = quiet().run()
    sampler = demand_sampler(
        ran.setup.world, ran.demand, ran.outcome.pupils, spread_with(3), split_sd=np.zeros(2)
    )
    assert sampler.by_ratios.all()


def quiet(last: int = BASE + 4, **changes: object) -> Setup:
    return Setup(quiet_world(axes_of(2, spans=(3,), last=last), **changes))


def test_errors_multiply_down_a_cohort() -> None:
    """Grade 3 three years on has the shocks of entry and of two ratios; a fifth of each is undone.

    Of 100 pupils .05 + .45 × 100 ÷ 500 of a cohort's shock stays in its cell.
    """
    setup = quiet()
    spread = spread_with(3, cell=(0.0004, 0.0), first=(0.0009, 0.0))
    found = np.concatenate(
        [np.log(pupils_of(setup.run(), spread, Block(1, n, 4))[3, 0, 2] / 100) for n in range(20)]
    )
    # ε_1 of entry in year 1; ξ_2 + .14 ξ_1 of grade 2; ξ_3 + .14 (ξ_1 + ξ_2) of grade 3.
    stays, kept = 0.14, 0.8
    variance = 0.0009 * kept**2 + 0.0004 * (kept**2 + stays**2 + 1 + 2 * stays**2)
    assert found.std() == pytest.approx(np.sqrt(variance), rel=0.02)


def test_the_mean_is_the_central_run_and_the_median_lies_below() -> None:
    """Draws of a linear world: within four standard errors, at a fixed seed."""
    setup = quiet()
    variance = 0.04
    samples = drawn(setup, spread_with(3, first=(variance, 0.0)), draws=20_000)
    demand = samples.demand[1, 0, 0].astype(float)  # one shocked grade of three
    error = demand.std() / np.sqrt(len(demand))
    assert abs(demand.mean() - 300) < 4 * error
    assert abs(np.median(demand) - (200 + 100 * np.exp(-variance / 2))) < 5 * error


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


def test_of_a_first_grade_that_is_held_all_common_shocks_stay() -> None:
    """Both regions meet the same shocks: of those on entrants that follow births half stays, so
    that after four years their spread is √(1 + 3·.5²) of a year's; where they are held it is √4."""
    axes = axes_of(2, spans=(1,))
    births = np.full((len(axes.year), 2), 100.0)
    births[:, 1] = np.nan
    ran = Setup(quiet_world(axes, births=births)).run()
    assert ran.demand.basis[1:].tolist() == [["births", "held"]] * 4
    pupils = pupils_of(ran, spread_with(1, entry=0.01), Block(1, 0, 4))
    spread = np.log(pupils[1:, :, 0]).std(axis=-1)
    assert spread[0, 1] == pytest.approx(spread[0, 0], rel=1e-3)
    assert spread[3, 0] / spread[0, 0] == pytest.approx(1.75**0.5, rel=0.05)
    assert spread[3, 1] / spread[0, 1] == pytest.approx(2.0, rel=0.05)
