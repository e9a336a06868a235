"""Luck of projects: how often each is built and how late it opens."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.model import PROJECTS_COMMON, Projects
from capacity.model.draws import (
    BLOCK,
    COMPLETION,
    DELAY,
    Block,
    ProjectOutcomes,
    draw_outcomes,
    draw_places,
    project_outcomes,
    sampler_of,
    sources_of,
)
from tests.drawn import drawn, silent
from tests.worlds import AS_LISTED, BASE, Setup, axes_of, projects_of, quiet_world

AXES = axes_of(1, spans=(2,), last=BASE + 4)
UNSURE = frozenset(COMPLETION)
#: 200,000 draws: a share of one half has a standard error of .0011.
BLOCKS = 200_000 // BLOCK + 1


def listed(*status: str, completion: float = 1.0, by_grade: bool = False) -> Projects:
    rows = [(0, one, BASE + 1.0, by_grade, [60]) for one in status]
    projects = projects_of(AXES, *rows)
    return replace(projects, completion=np.full(len(status), completion))


def fates_of(
    projects: Projects, delay: Any = None, slips=UNSURE, fails=UNSURE
) -> list[ProjectOutcomes]:
    scale = np.ones((len(AXES.horizon), 1, 1, 1))
    return project_outcomes(projects, AXES, scale, delay or {}, slips=slips, fails=fails)


def drawn_outcomes(found: list[ProjectOutcomes]) -> np.ndarray:
    """Outcome of every project, ``(project, draw)``."""
    parts = []
    for number in range(BLOCKS):
        parts.append(draw_outcomes(Block(1, number, 4), found))
    return np.concatenate(parts, axis=1)


@pytest.mark.parametrize("status", sorted(COMPLETION))
def test_each_status_is_built_and_late_as_often_as_documented(status: str) -> None:
    projects = listed(status, completion=COMPLETION[status])
    found = drawn_outcomes(fates_of(projects))[0]
    assert (found > 0).mean() == pytest.approx(COMPLETION[status], abs=0.004)
    late = DELAY[status]
    built = found[found > 0]
    for number, probability in enumerate([1 - sum(late.values()), *late.values()], start=1):
        assert (built == number).mean() == pytest.approx(probability, abs=0.005)


def test_a_project_that_is_never_late_may_fail_and_one_that_never_fails_may_be_late() -> None:
    planned = listed("planned", completion=0.85)
    late = drawn_outcomes(fates_of(planned, fails=()))[0]
    assert (late > 0).all()
    assert (late == 2).mean() == pytest.approx(0.5 * 5 / 9, abs=0.004)
    failing = drawn_outcomes(fates_of(planned, slips=()))[0]
    assert set(np.unique(failing)) == {0, 1}
    assert failing.mean() == pytest.approx(0.85, abs=0.004)


def test_stated_delays_are_used() -> None:
    stated = {"planned": {0: 0.2, 2: 0.3, 5: 0.5}}
    found = drawn_outcomes(fates_of(listed("planned"), stated))[0]
    shares = [(found == number).mean() for number in (1, 2, 3)]
    np.testing.assert_allclose(shares, [0.2, 0.3, 0.5], atol=0.004)
    surely = drawn_outcomes(fates_of(listed("planned"), {"planned": {3: 1.0}}))[0]
    assert (surely == 2).all()


def test_an_open_project_neither_slips_nor_fails() -> None:
    found = drawn_outcomes(fates_of(listed("open", completion=0.1)))[0]
    assert (found == 1).all()


def test_never_and_surely_built() -> None:
    never, surely = listed("planned", completion=0.0), listed("planned", completion=1.0)
    assert (drawn_outcomes(fates_of(never))[0] == 0).all()
    assert (drawn_outcomes(fates_of(surely))[0] > 0).all()


def test_projects_share_a_part_of_their_luck() -> None:
    """Both of two even chances at a correlation of .3: 1/4 + asin(.3) ÷ 2π."""
    one, other = drawn_outcomes(fates_of(listed("planned", "planned", completion=0.5), slips=()))
    both = 0.25 + np.arcsin(PROJECTS_COMMON.value) / (2 * np.pi)
    assert ((one > 0) & (other > 0)).mean() == pytest.approx(both, abs=0.004)


def test_a_school_that_fills_by_grade_opens_late_and_still_fills_by_grade() -> None:
    (fate,) = fates_of(listed("planned", by_grade=True), {"planned": {1: 1.0}})
    np.testing.assert_array_equal(fate.usable[:, 0, 0], 0)
    np.testing.assert_array_equal(fate.usable[:, 0, 1], [0, 30, 60, 60, 60])
    np.testing.assert_array_equal(fate.usable[:, 0, 2], [0, 0, 30, 60, 60])
    np.testing.assert_array_equal(fate.full[:, 0, 2], [0, 0, 60, 60, 60])


def test_places_follow_what_becomes_of_projects() -> None:
    """200 places stand; 60 more with probability .7, a year late in half of the cases."""
    setup = Setup(quiet_world(AXES, projects=listed("planned", completion=0.7)), supply=AS_LISTED)
    stated = {"planned": {1: 0.5}}
    samples = drawn(setup, silent(setup), ["projects"], draws=20_000, delay=stated)
    leaf = samples.places[:, 0, 0]
    assert set(np.unique(leaf)) == {200.0, 260.0}
    built = (leaf == 260).mean(axis=-1)
    assert built[0] == 0
    np.testing.assert_allclose(built[2:], 0.7, atol=0.015)
    assert built[1] == pytest.approx(0.35, abs=0.015)
    assert (np.diff(leaf, axis=0) >= 0).all()


def test_places_of_many_projects_are_the_sum_of_what_becomes_of_each() -> None:
    """In one cell more of them than are looked up together, of odd sizes, beside other cells."""
    axes = axes_of(2, spans=(2, 2), last=BASE + 4)
    unlike = [(k % 2, "planned", BASE + 1.0 + k % 3, k % 4 > 0, [k, 3]) for k in range(4)]
    alike = [(0, "approved", BASE + 1.0, k % 3 == 0, [100 / (k + 3), 0]) for k in range(7)]
    projects = projects_of(axes, *unlike, *alike)
    projects = replace(projects, completion=np.full(len(projects.code), 0.6))
    setup = Setup(quiet_world(axes, projects=projects), supply=AS_LISTED)
    ran = setup.run()
    sources = sources_of(setup.world, ["projects"])
    sampler = sampler_of(setup.world, ran.prepared, ran.outcome, silent(setup), sources, {}).supply
    assert max(len(one.projects) for one in sampler.project_places) > 1
    assert len([one for one in sampler.project_places if (one.region, one.level) == (0, 0)]) > 1
    block = Block(1, 0, 4)
    outcomes = draw_outcomes(block, sampler.project_outcomes)
    usable, full = (np.zeros((5, 2, 2, BLOCK)) + ran.prepared.supply.stock for _ in range(2))
    for project, outcome in zip(sampler.project_outcomes, outcomes, strict=True):
        usable[:, project.region] += project.usable[..., outcome]
        full[:, project.region] += project.full[..., outcome]
    for found, expected in zip(draw_places(sampler, block), (usable, full), strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    one = draw_places(sampler, block, [1])
    np.testing.assert_array_equal(one[0], draw_places(sampler, block)[0][:, 1:])


@given(st.randoms(use_true_random=False))
def test_i17_many_projects_of_a_cell_are_summed_as_if_they_stood_alone(luck: Random) -> None:
    """One that is never built is absent, and a later opening gives no place more: to the bit.

    Places that are no whole numbers, of more projects than are looked up together: which they are
    changes with those that are there.
    """
    axes, years = axes_of(1, spans=(7, 3), last=BASE + 8), range(7)
    rows = [
        (
            0,
            "planned",
            BASE + luck.choice(years),
            luck.random() < 0.7,
            [luck.randint(7, 900) / 3] * 2,
        )
        for _ in range(luck.randint(4, 14))
    ]
    listed = projects_of(axes, *rows)
    listed = replace(listed, completion=np.full(len(rows), 0.7))
    at = luck.randrange(len(rows))
    this = np.arange(len(rows)) == at
    never = replace(listed, completion=np.where(this, 0.0, listed.completion))
    absent = listed.take(np.flatnonzero(~this).tolist())
    late = replace(listed, opens=listed.opens + this * luck.choice([1, 3, 9]))
    usual, unbuilt, without, later = (
        drawn(setup, silent(setup), ["projects"], draws=50).places
        for one in (listed, never, absent, late)
        for setup in [Setup(quiet_world(axes, projects=one), supply=AS_LISTED)]
    )
    np.testing.assert_array_equal(unbuilt, without)
    assert (later <= usual).all()


def test_works_take_no_more_than_there_is_also_beside_places_that_are_unknown() -> None:
    axes = axes_of(2, spans=(2,), last=BASE + 4)
    rebuilt = projects_of(axes, (0, "planned", BASE + 2.0, False, [60]))
    works = {"starts": np.array([BASE + 1.0]), "decant": np.array([[500.0]])}
    world = quiet_world(axes, projects=replace(rebuilt, **works))
    places = np.where(world.stock.region == 1, np.nan, world.stock.places)
    setup = Setup(world, supply=AS_LISTED).with_world(stock=replace(world.stock, places=places))
    found = drawn(setup, silent(setup), ["projects"], draws=50, delay={"planned": {1: 0.5}}).places
    assert np.isnan(found[:, 1, 0]).all()
    assert found[1, 0, 0].min() == 0
    assert found[:, 0, 0].min() == 0


def test_works_take_places_until_it_opens_and_none_where_it_is_not_built() -> None:
    """A rebuild takes 50 of 200 places from `BASE` + 1, opens 60 a year later, and ends."""
    (fate,) = fates_of(rebuild(), {"planned": {1: 0.5}})
    np.testing.assert_array_equal(fate.usable[:, 0, 0], 0)
    np.testing.assert_array_equal(fate.usable[:, 0, 1], [0, -50, 60, 60, 0])
    np.testing.assert_array_equal(fate.usable[:, 0, 2], [0, -50, -50, 60, 0])
    np.testing.assert_array_equal(fate.full[:, 0, 2], [0, 0, 0, 60, 0])
    setup = Setup(quiet_world(AXES, projects=rebuild(0.7)), supply=AS_LISTED)
    found = drawn(setup, silent(setup), ["projects"], draws=20_000, delay={"planned": {1: 0.5}})
    leaf = found.places[:, 0, 0]
    assert set(np.unique(leaf)) == {150.0, 200.0, 260.0}
    np.testing.assert_allclose((leaf == 150).mean(axis=-1), [0, 0.7, 0.35, 0, 0], atol=0.015)


def rebuild(completion: float = 1.0) -> Projects:
    later, ends = np.array([BASE + 2.0]), np.array([BASE + 4.0])
    works = {"starts": np.array([BASE + 1.0]), "decant": np.array([[50.0]])}
    project = listed("planned", completion=completion)
    return replace(project, opens=later, opens_listed=later, closes=ends, **works)


def test_levers_reach_draws() -> None:
    """A delay by two years and a probability of .5, as the levers leave the pipeline."""
    late = replace(listed("planned", completion=0.5), opens=np.array([BASE + 3.0]))
    setup = Setup(quiet_world(AXES, projects=late))
    samples = drawn(setup, silent(setup), ["projects"], draws=20_000, delay={"planned": {0: 1.0}})
    built = (samples.places[:, 0, 0] == 260).mean(axis=-1)
    np.testing.assert_allclose(built, [0, 0, 0, 0.5, 0.5], atol=0.015)
