"""However a past went, draws stay in bounds; what happened to some leaves the bands of others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import assume, given, settings

from capacity.base import BirthsAhead, Bools, Calibration, Floats
from capacity.base import Demand as DemandSettings
from capacity.model.draws import BLOCK, Block, Spread, demand_sampler, draw_pupils
from tests.drawn import estimated, loud, spread_with
from tests.worlds import BASE, Ran, Setup, axes_of, flow_of, quiet_world, setups

SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)
MEAN = DemandSettings()
#: Most that luck makes of a cohort (methods §8), and what single precision adds.
MOST, ROUNDING = 10.0, 1e-4


def pupils_of(
    ran: Ran, spread: Spread, *, births: bool = True, split: float = 0.0, seed: int = 1
) -> Floats:
    """One block of draws of pupils, ``(horizon, area, grade, draw)``."""
    world = ran.setup.world
    sampler = demand_sampler(
        world,
        ran.demand,
        ran.outcome.pupils,
        spread,
        split_sd=np.full(len(world.axes.region), split),
        births=births,
    )
    found = np.zeros((*ran.pupils.shape, BLOCK))
    for part in draw_pupils(sampler, Block(seed, 0, len(ran.pupils) - 1)):
        found[:, list(part.areas)] = np.moveaxis(part.pupils, 1, 1)
    return found


def past(pupils: Floats, method: DemandSettings = SHRUNK, ahead: int = 6, **changes: Any) -> Setup:
    """A district of these pupils ``(year, area, grade)``, the last one the base; births unknown."""
    years, areas, grades = pupils.shape
    axes = axes_of(areas, spans=(grades,), first=BASE - years + 1, last=BASE + ahead)
    told = np.full((len(axes.year), areas, grades), np.nan)
    told[:years] = pupils
    given_ratios = np.full((len(axes.horizon), areas, grades), np.nan)
    unknown = np.full((len(axes.year), areas), np.nan)
    own = {"births": unknown, "births_counted": np.full(areas, -1), "given": given_ratios}
    return Setup(quiet_world(axes, pupils=told, **own | changes), method)


@st.composite
def wild_pasts(draw: st.DrawFn) -> Setup:
    """Tiny groups beside large ones, zeros, pupils that jump by a hundred times and back."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    years, areas, grades = (
        draw(st.integers(least, most)) for least, most in ((1, 7), (1, 4), (1, 5))
    )
    size = np.exp(rng.uniform(0, draw(st.sampled_from([2.0, 8.0])), (areas, 1)))
    pupils = rng.poisson(size, (years, areas, grades)).astype(float)
    share = draw(st.sampled_from([0.0, 0.05, 0.3]))
    pupils *= np.where(rng.random(pupils.shape) < share, 100.0, 1.0)
    pupils *= rng.random(pupils.shape) >= draw(st.sampled_from([0.0, 0.2]))
    return past(pupils, draw(st.sampled_from([SHRUNK, MEAN])))


@settings(max_examples=2 * settings().max_examples)
@given(wild_pasts(), st.sampled_from([0.0, 0.05, 0.5]), st.booleans())
def test_no_cohort_is_drawn_beyond_its_bound(setup: Setup, split: float, wide: bool) -> None:
    """As is measured, or with shocks as large as they may be; whatever the regional split is."""
    ran, spread = setup.run(), estimated(setup)
    if wide:
        grades = ran.pupils.shape[2]
        spread = spread_with(grades, common=0.5, area=(0.25, 0), cell=(0.25, 0), first=(0.25, 0))
    found = pupils_of(ran, spread, split=split)
    alone = by_ratios_alone(ran)
    most, least = (ran.pupils[alone][..., None] * factor for factor in (MOST, 1 / MOST))
    assert np.isfinite(found).all()
    assert (found[alone] <= most * (1 + ROUNDING)).all()
    assert (found[alone] >= least * (1 - ROUNDING)).all()


def by_ratios_alone(ran: Ran) -> Bools:
    """Cells whose cohort came by ratios from where it began: its entry, the base year, a grade that
    is held, or one into which small-area mixing brings pupils although nobody is below.
    """
    demand, pupils = ran.demand, ran.pupils
    alone = np.ones(pupils.shape, dtype=bool)
    moved = (demand.migration + demand.housing)[..., 0] != 0
    for year in range(1, len(pupils)):
        alone[year, :, 1:] = demand.held[year, :, 1:] | alone[year - 1, :, :-1]
        alone[year] &= ~moved[year]
    return alone


def limits(ran: Ran, spread: Spread, factor: float) -> Floats:
    """Pupils ``(horizon, area, grade)`` had luck made so much of everybody who came, ever.

    Those who are taken are certain, but for those whom mixing takes.
    """
    world = ran.setup.world
    central, none = ran.outcome.pupils, np.zeros(len(world.axes.region))
    sampler = demand_sampler(world, ran.demand, central, spread, split_sd=none)
    pupils = ran.pupils.copy() * factor
    for year, area, grade in np.ndindex(sampler.ratios.shape):
        if grade == 0:
            carried = factor * sampler.entrants[year, area]
        else:
            leavers, arriving = pupils[year, :, grade - 1], pupils[year, area, grade - 1]
            for flow in sampler.transfers.flows:
                if flow.grade == grade and flow.into[area]:
                    arriving = flow.arriving(leavers[:, None], year)[area, 0]
            carried = sampler.ratios[year, area, grade] * arriving
        moved, anew = sampler.moves[year, area, grade], sampler.anew[year, area, grade]
        came = moved * (factor if moved > 0 else 1.0) + anew * (factor if anew > 0 else 1 / factor)
        pupils[year + 1, area, grade] = max(carried + came, 0.0)
        if area == sampler.ratios.shape[1] - 1 and grade in sampler.transfers.rezoned:
            share = sampler.transfers.rezoned[grade][year]
            now = pupils[year + 1, :, grade].copy()
            pupils[year + 1, :, grade] += share.T @ now - share.sum(axis=1) * now
    return pupils


@settings(max_examples=2 * settings().max_examples)
@given(setups(), st.sampled_from([0.0, 0.5]), st.booleans())
def test_no_cohort_is_drawn_beyond_its_bound_however_it_came(
    setup: Setup, split: float, wide: bool
) -> None:
    """By moves, by flows, by new boundaries or by levers: no more than luck made the most of all
    who came, and no fewer than it made the least."""
    ran, spread = setup.run(), loud(setup)
    assume((ran.pupils >= 0).all())  # a run refuses levers that make a ratio less than none
    if wide:
        grades = ran.pupils.shape[2]
        spread = spread_with(grades, common=0.5, area=(0.25, 0), cell=(0.25, 0), first=(0.25, 0))
    found = pupils_of(ran, spread, split=split)
    least, most = (limits(ran, spread, factor)[..., None] for factor in (1 / MOST, MOST))
    assert (found <= most * (1 + ROUNDING) + ROUNDING).all()
    assert (found >= least * (1 - ROUNDING) - ROUNDING).all()


@given(setups(levers=False))
def test_cohorts_by_ratios_alone_have_no_limit_but_their_own(setup: Setup) -> None:
    """What is drawn of them keeps its bits."""
    setup = setup.with_world(flows=(), homes=np.full_like(setup.world.homes, np.nan))
    ran = setup.run()
    none = np.zeros(len(setup.world.axes.region))
    sampler = demand_sampler(
        setup.world, ran.demand, ran.outcome.pupils, loud(setup), split_sd=none
    )
    assume((sampler.anew == 0).all())
    assert np.isinf(sampler.most).all()
    assert (sampler.least == 0).all()


@pytest.mark.parametrize("by", ["migration", "flows"])
def test_a_cohort_of_several_beginnings_reaches_its_bound_and_holds_it(by: str) -> None:
    """Those who move in, or go over to another region, bring a luck that has a past already."""
    axes = axes_of(2, spans=(3, 5), last=BASE + 8)
    world = quiet_world(axes)
    setup = Setup(world)
    if by == "migration":
        none = [False, True, *[False] * 6]
        setup = setup.and_then("migration", "add", 50.0, None, None, none)
    else:
        setup = setup.with_world(flows=(flow_of(3, np.full((2, 2), 0.5)),))
    ran = setup.run()
    spread = spread_with(8, common=0.5, area=(0.25, 0), cell=(0.25, 0), first=(0.25, 0))
    found = pupils_of(ran, spread, seed=2) / ran.pupils[..., None]
    assert found.max() == pytest.approx(MOST, rel=ROUNDING)
    assert found.min() == pytest.approx(1 / MOST, rel=ROUNDING)


def test_the_bound_is_reached_and_held() -> None:
    """Tiny groups of no past: shocks of half a log a year meet it from below."""
    setup = past(np.full((1, 2, 6), 1.0))
    ran = setup.run()
    found = pupils_of(ran, estimated(setup))[1:] / ran.pupils[1:, ..., None]
    assert found.min() == pytest.approx(1 / MOST, rel=ROUNDING)


# What happens to some leaves others -------------------------------------------------------------


def width(setup: Setup, area: int, years: slice = slice(1, None)) -> Floats:
    """Width of the 80 % band of an area, as a share of its central run, by year."""
    ran = setup.run()
    total = pupils_of(ran, estimated(setup))[years, area].sum(axis=1)
    low, high = np.quantile(total, [0.1, 0.9], axis=-1)
    return np.asarray((high - low) / ran.pupils[years, area].sum(axis=1))


@cache
def calm_width(sizes: tuple[float, ...], area: int) -> Floats:
    """The same of areas to which nothing happened, measured once for all who compare with it."""
    return width(past(calm(sizes)), area)


def calm(sizes: Sequence[float], years: int = 8, grades: int = 6, seed: int = 1) -> Floats:
    """Pupils of areas of these sizes a grade, who come and go by a usual luck."""
    rng = np.random.default_rng(seed)
    size = np.array(sizes)[:, None]
    pupils = np.empty((years, len(sizes), grades))
    pupils[0] = rng.poisson(size, (len(sizes), grades))
    for year in range(1, years):
        pupils[year, :, 0] = rng.poisson(size[:, 0])
        luck = np.exp(rng.normal(0, np.sqrt(0.19 / size), (len(sizes), grades - 1)))
        pupils[year, :, 1:] = np.round(pupils[year - 1, :, :-1] * luck)
    return pupils


@pytest.mark.parametrize("flagged", [False, True])
@pytest.mark.parametrize("since", [1, 2, 3])
@pytest.mark.parametrize("size", [600.0, 1000.0, 3000.0])
def test_a_boundary_change_leaves_the_band_of_a_third_area(
    size: float, since: int, flagged: bool
) -> None:
    """400 pupils a grade go over from one area to another in one of the last years, and stay."""
    sizes = (size, size, size)
    moved = calm(sizes)
    moved[-since:, 0] -= 400.0
    moved[-since:, 1] += 400.0
    setup = past(moved)
    if flagged:
        told = np.zeros_like(setup.world.flagged)
        told[len(moved) - since, :2] = True
        setup = setup.with_world(flagged=told)
    change = width(setup, 2) / calm_width(sizes, 2) - 1.0
    print(f"{size:.0f} a grade, {since} years ago, flagged {flagged}: {np.round(change, 3)}")
    assert abs(change.mean()) < 0.1
    assert np.abs(change).max() < 0.12  # what luck of the draws adds


@pytest.mark.parametrize("share", [0.2, 0.6])
@pytest.mark.parametrize("years", [4, 5, 6, 8])
def test_a_boundary_change_of_any_year_is_left_out_of_the_band_of_a_third_area(
    years: int, share: float
) -> None:
    """A share of every grade goes over, in any year that has ratios, and nobody tells.

    A forecast of another year that leaned on it would excuse it. What is left is that fewer errors
    are measured where two of three areas are left out of a year: half the width at most, where it
    was ten and twenty times.
    """
    usual = calm((1000.0, 600.0, 400.0), years)
    change = []
    for since in range(1, years):
        moved = usual.copy()
        gone = np.round(moved[-since:, 0] * share)
        moved[-since:, 0] -= gone
        moved[-since:, 1] += gone
        change.append(width(past(moved), 2) / width(past(usual), 2) - 1.0)
    print(f"{years} years, {share:.0%}: {np.round([one.mean() for one in change], 2)}")
    assert np.abs(change).max() < 0.7


@pytest.mark.parametrize(("strays", "most"), [(2.0, 0.01), (3.0, 0.02), (10.0, 0.02)])
def test_a_group_that_strays_by_half_or_more_leaves_the_bands_of_others(
    strays: float, most: float
) -> None:
    """Ten pupils a grade that double and halve, in a district of groups of a thousand.

    Larger jumps are breaks, year by year.
    """
    pupils = calm([1000.0, 1000.0, 1000.0, 10.0])
    pupils[::2, 3] *= strays
    both, without = past(pupils), past(pupils[:, :3])
    for area in range(3):
        change = width(both, area) / width(without, area) - 1.0
        print(f"{strays:.0f} times, area {area}: {np.round(change, 3)}")
        assert np.abs(change).max() < most


# More never means fewer -------------------------------------------------------------------------


@given(setups(given=True, by_size=False), st.data())
def test_i14_more_births_ratios_or_moves_never_mean_fewer_in_any_draw(
    setup: Setup, data: st.DataObject
) -> None:
    """On the same luck, with given ratios; births held, as in the law of the central run."""
    hold = BirthsAhead(after_last="hold")
    setup = replace(setup, demand=setup.demand.model_copy(update={"births": hold}))
    axes = setup.world.axes
    ahead = [year > BASE for year in axes.horizon.labels]
    kind = data.draw(st.sampled_from(["births", "progression", "migration"]))
    value = data.draw(st.integers(1, 30)) / (100.0 if kind == "progression" else 1.0)
    masks: dict[str, Any] = {
        "births": (None, None),
        "progression": (ahead, None, [False] + [True] * (len(axes.grade) - 1)),
        "migration": (ahead, None, None),
    }
    more = setup.and_then(kind, "add", value, *masks[kind])
    spread = replace(loud(setup), births_area=estimated(setup).births_area)
    fewer, found = (pupils_of(one.run(), spread) for one in (setup, more))
    assert (found >= fewer * (1 - 1e-5) - 1e-4).all()
