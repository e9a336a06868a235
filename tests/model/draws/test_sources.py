"""What each source of chance varies, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from capacity.base import SOURCES
from capacity.base import Supply as SupplySettings
from capacity.model.draws import BirthsSpread, Variance, default_spread, sources_of, without_assumed
from tests.drawn import drawn, each, loud, near_central, same_draws, unsure
from tests.worlds import BASE, Setup, axes_of, projects_of, quiet_world

LAST = BASE + 5


def busy() -> Setup:
    """Two regions of unlike size, grades 1-2 and 3; births of a cohort two years before.

    Births are known to the base year: those who enter from the third year on are not born.
    """
    axes = axes_of(2, last=LAST)
    projects = projects_of(axes, (0, "planned", BASE + 1.0, False, [50, 30]))
    world = quiet_world(axes, projects=projects)
    pupils = world.pupils.copy()
    pupils[axes.start] = [[100, 90, 80], [40, 50, 60]]
    return unsure(Setup(replace(world, pupils=pupils)))


def spreads(source: str) -> tuple[np.ndarray, np.ndarray]:
    """Standard deviation of demand and of places over draws, ``(year, region row, level row)``."""
    samples = drawn(busy(), sources=[source], draws=200)
    return tuple(  # type: ignore[return-value]
        np.broadcast_to(side, samples.demand.shape).std(axis=-1, dtype=float)
        for side in (samples.demand, samples.places)
    )


def test_births_vary_only_who_is_not_born() -> None:
    demand, places = spreads("births")
    assert (demand[:3] == 0).all()
    assert (demand[3:, :, 0] > 0).all()
    assert (demand[:5, :, 1] == 0).all()  # grade 3 comes two years after grade 1
    assert (demand[5:, :, 1] > 0).all()
    assert (places == 0).all()


def test_ratios_vary_every_year_ahead() -> None:
    demand, places = spreads("ratios")
    assert (demand[0] == 0).all()
    assert (demand[1:] > 0).all()
    assert (places == 0).all()


def test_projects_vary_places_of_their_region() -> None:
    demand, places = spreads("projects")
    assert (demand == 0).all()
    assert (places[0] == 0).all()
    assert (places[1:, 0] > 0).all()
    assert (places[1:, 1] == 0).all()


def test_places_vary_the_stock() -> None:
    demand, places = spreads("places")
    assert (demand == 0).all()
    assert (places > 0).all()
    assert places[0, 0, 0] == pytest.approx(0.05 * 200, rel=0.2)


def test_regions_vary_and_the_district_does_not() -> None:
    demand, places = spreads("regions")
    assert (places == 0).all()
    assert (demand[:, :-1] > 0.1).all()
    np.testing.assert_allclose(demand[:, -1], 0, atol=1e-3)


def test_no_source_at_all_is_the_central_run_in_every_draw() -> None:
    setup = busy()
    ran = setup.run()
    near_central(drawn(setup, sources=[], ran=ran), ran)


def test_all_sources_are_the_default() -> None:
    same_draws(each(drawn(busy())), each(drawn(busy(), sources=SOURCES)))


def test_what_is_assumed_stands_still() -> None:
    setup = busy()
    world = setup.world
    everything = sources_of(world, None)
    stated = SupplySettings(completion={"planned": 0.9}, delay={"planned": {1: 0.5}})
    known = without_assumed(everything, world, loud(setup), stated)
    assert (known.ratios, known.births) == (True, True)
    assert (known.fails, known.slips) == ({"planned"}, {"planned"})
    assert known.stock.all()
    assert known.split.all()
    defaults = default_spread(3, BirthsSpread(0.03, Variance(0.0, 0.0), 0))
    none = without_assumed(everything, world, defaults, SupplySettings())
    assert (none.ratios, none.births, none.fails, none.slips) == (False, False, set(), set())


def test_red_rows_are_assumed_each_by_itself() -> None:
    setup = busy()
    red = np.array([True, False, False, False])
    world = setup.with_stock(assumed=red).with_world(split_assumed=red[:2]).world
    known = without_assumed(sources_of(world, None), world, loud(setup), SupplySettings())
    np.testing.assert_array_equal(known.stock, ~red)
    np.testing.assert_array_equal(known.split, ~red[:2])
