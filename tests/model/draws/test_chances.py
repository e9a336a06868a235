"""How much of what varies is an assumption."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.base import Chance, Settings, Supply
from capacity.model.draws import COMPLETION, Draws, completion_of, run_draws
from tests.drawn import samples_of
from tests.worlds import BASE, FIRST, Setup, axes_of, projects_of, quiet_world

DRAWS = 600


def noisy(stock_sd: float = 0.0, *, red: bool = True, **changes: object) -> Setup:
    """A district with a past of its own, and so with measured spreads."""
    axes = axes_of(2, spans=(3,))
    world = quiet_world(axes, **changes)
    rng = np.random.default_rng(1)
    pupils = world.pupils.copy()
    past = slice(axes.start - (BASE - FIRST), axes.start + 1)
    pupils[past] = 1000 * np.exp(0.02 * rng.standard_normal(pupils[past].shape))
    stock = replace(
        world.stock,
        places=world.stock.places * 10,
        sd=np.full_like(world.stock.sd, stock_sd),
        assumed=np.full_like(world.stock.assumed, red),
    )
    return Setup(replace(world, pupils=pupils, stock=stock))


def taken(setup: Setup, supply: Supply | None = None, **settings: object) -> Draws:
    ran = setup.run()
    chance = Chance(draws=DRAWS, **settings)
    told = Settings(demand=setup.demand, supply=supply or setup.supply, chance=chance)
    return run_draws(setup.world, ran.prepared, ran.outcome, told)


def test_nothing_assumed_varies() -> None:
    """Ratios measured, births not among the sources, places certain."""
    found = taken(noisy(), sources=("ratios", "places")).share_assumed
    np.testing.assert_array_equal(found, 0.0)


def test_all_that_varies_is_assumed() -> None:
    found = taken(noisy(0.05), sources=("places",)).share_assumed
    np.testing.assert_array_equal(found, 1.0)


def test_nothing_varies_at_all() -> None:
    np.testing.assert_array_equal(taken(noisy(0.05), sources=()).share_assumed, 0.0)


def test_the_share_grows_with_what_is_assumed() -> None:
    """Of a gap whose own standard deviation is s, places of sd p take p² ÷ (p² + s²)."""
    shares, year = [], 2
    measured = taken(noisy(), sources=("ratios", "places"))
    own = samples_of(measured.worlds).gap[year, 0, 0].std()
    for sd in (0.0, 0.01, 0.02, 0.05, 0.2):
        shares.append(taken(noisy(sd), sources=("ratios", "places")).share_assumed[year, 0, 0])
        variance = (sd * 3000) ** 2
        assert shares[-1] == pytest.approx(variance / (variance + own**2), abs=0.08)
    assert (np.diff(shares) > 0).all()


def test_what_is_no_assumption_does_not_count_however_it_varies() -> None:
    found = taken(noisy(0.2, red=False), sources=("ratios", "places")).share_assumed
    np.testing.assert_array_equal(found, 0.0)


def test_default_spreads_are_assumptions() -> None:
    setup = noisy()
    pupils = setup.world.pupils.copy()
    pupils[: setup.world.axes.start - 1] = np.nan
    found = taken(setup.with_world(pupils=pupils), sources=("ratios",))
    assert found.spread.origins == 0
    np.testing.assert_array_equal(found.share_assumed[1:], 1.0)


@pytest.mark.parametrize("red", [True, False])
def test_the_regional_split_is_an_assumption_where_its_quality_is_red(red: bool) -> None:
    setup = noisy().with_world(split_sd=np.full(2, 0.05), split_assumed=np.full(2, red))
    found = taken(setup, sources=("regions",)).share_assumed
    np.testing.assert_array_equal(found[:, :2], float(red))


def test_so_are_births_of_too_few_years_beside_ratios_that_are_measured() -> None:
    setup = noisy()
    only = setup.world.axes.start - 3
    births = np.full_like(setup.world.births, np.nan)
    births[only] = 100.0
    counted = np.full_like(setup.world.births_counted, only)
    setup = setup.with_world(births=births, births_counted=counted)
    found = taken(setup, sources=("births",))
    assert found.spread.births_years == 0 < found.spread.origins
    np.testing.assert_array_equal(found.share_assumed[1:], 1.0)
    both = taken(setup, sources=("births", "ratios")).share_assumed
    assert (both[-1] > 0.2).all()
    assert (both[-1] < 0.9).all()


@pytest.mark.parametrize(
    ("stated", "share"),
    [
        ({}, 1.0),
        ({"completion": {"planned": 0.5}, "delay": {"planned": {1: 0.5}}}, 0.0),
        ({"completion": {"building": 0.5}, "delay": {"building": {1: 0.5}}}, 1.0),
    ],
)
def test_default_luck_of_projects_is_an_assumption(stated, share: float) -> None:
    rows = (0, "planned", BASE + 1.0, False, [500])
    projects = projects_of(axes_of(2, spans=(3,)), rows)
    setup = noisy(projects=replace(projects, completion=np.array([0.5])))
    found = taken(setup, Supply(**stated), sources=("projects",)).share_assumed
    np.testing.assert_array_equal(found[1:, 0], share)
    np.testing.assert_array_equal(found[:, 1], 0.0)  # no project, nothing varies


def test_unknown_places_have_no_share() -> None:
    setup = noisy(0.05)
    stated = np.array([[False], [True]])
    setup = setup.with_world(stated=stated)
    found = taken(setup)
    np.testing.assert_array_equal(np.isnan(found.share_assumed[:, 0]), True)
    assert not np.isnan(found.share_assumed[:, 1]).any()


def test_stated_probabilities_replace_those_of_their_status_alone() -> None:
    found = completion_of(Supply(completion={"planned": 0.3}))
    assert found == COMPLETION | {"planned": 0.3}
