"""Births pass on in part: conserved, blind to names and sizes, by pencil, and found again."""

from __future__ import annotations

from dataclasses import replace

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import History, Passing, estimate, find_passing, passing_share
from tests.worlds import BASE, Setup, arrays, axes_of, quiet_world, same_bits, whole

NAN = np.nan
YEARS, AREAS = 8, 5
SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)
COUNTS = arrays((YEARS, AREAS), whole(1, 3000))
ORDERS = st.permutations(range(AREAS))


def found_in(born: np.ndarray, entrants: np.ndarray) -> Passing:
    """Every area has a series of its own, known ahead."""
    series = np.arange(born.shape[1])
    return find_passing(born, entrants, series, series >= 0)


@given(COUNTS, COUNTS)
def test_births_of_the_district_stay_as_they_are(born: np.ndarray, entrants: np.ndarray) -> None:
    passing = found_in(born, entrants)
    assert passing.takes_part.all()
    shown = passing.of(born)
    np.testing.assert_allclose(shown.sum(axis=1), born.sum(axis=1), rtol=1e-12)
    assert (shown > 0).all()


@given(COUNTS, COUNTS, st.lists(st.integers(0, 2), min_size=AREAS, max_size=AREAS))
def test_a_series_that_several_areas_see_counts_once(
    born: np.ndarray, entrants: np.ndarray, seen: list[int]
) -> None:
    """Groups of a region: all see its births; each is shown what one area of them all would be."""
    series = np.array(seen)
    names, first = np.unique(series, return_index=True)
    passing = find_passing(born[:, series], entrants, series, series >= 0)
    shown = passing.of(born[:, series])
    together = np.stack([entrants[:, series == one].sum(axis=1) for one in names], axis=1)
    alone = found_in(born[:, names], together)
    assert passing.share == pytest.approx(alone.share, rel=1e-12)
    np.testing.assert_allclose(shown[:, first], alone.of(born[:, names]), rtol=1e-12)
    np.testing.assert_allclose(shown[:, first].sum(axis=1), born[:, names].sum(axis=1), rtol=1e-12)


@given(COUNTS, COUNTS)
def test_one_series_shows_its_births_as_they_are(born: np.ndarray, entrants: np.ndarray) -> None:
    for births, series in ((born[:, :1], [0]), (born[:, [0] * AREAS], [0] * AREAS)):
        came = entrants[:, : len(series)]
        passing = find_passing(births, came, np.array(series), np.ones(len(series), dtype=bool))
        assert passing.share == 1
        same_bits(passing.of(births), births)


@given(COUNTS, COUNTS, ORDERS)
def test_names_and_order_of_areas_mean_nothing(
    born: np.ndarray, entrants: np.ndarray, order: list[int]
) -> None:
    one, other = found_in(born, entrants), found_in(born[:, order], entrants[:, order])
    assert other.share == pytest.approx(one.share, rel=1e-9, abs=1e-12)
    np.testing.assert_allclose(other.of(born[:, order]), one.of(born)[:, order], rtol=1e-9)


@given(COUNTS, COUNTS, st.floats(0.01, 100))
def test_how_many_of_the_births_enter_means_nothing(
    born: np.ndarray, entrants: np.ndarray, times: float
) -> None:
    """Only changes tell ε: the same share of all areas and years moves to no area."""
    one, other = passing_share(born, entrants), passing_share(born, entrants * times)
    assert other == pytest.approx(one, rel=1e-9, abs=1e-12)


@given(arrays((YEARS, AREAS), whole(2_000_000, 6_000_000)), COUNTS, st.integers(2, 50))
def test_births_of_another_unit_change_nothing_but_their_weight(
    born: np.ndarray, entrants: np.ndarray, times: int
) -> None:
    """Weights of large areas are 1, and a factor on all births is in their means alone."""
    one, other = passing_share(born, entrants), passing_share(born * times, entrants)
    assert other == pytest.approx(one, abs=1e-3)


@given(COUNTS, COUNTS, st.floats(0, 1), st.integers(1, 9))
def test_shown_births_scale_with_births(
    born: np.ndarray, entrants: np.ndarray, share: float, times: int
) -> None:
    passing = replace(found_in(born, entrants), share=share)
    np.testing.assert_allclose(passing.of(born * times), passing.of(born) * times, rtol=1e-12)


@given(COUNTS, COUNTS, st.sampled_from(["past", "ahead", "no series"]))
def test_an_area_outside_keeps_its_own_to_the_bit(
    born: np.ndarray, entrants: np.ndarray, why: str
) -> None:
    """Nor do those that take part see that it is there."""
    series, ahead = np.arange(AREAS), np.ones(AREAS, dtype=bool)
    if why == "past":
        born[0, 0] = NAN
    elif why == "ahead":
        ahead[0] = False
    else:
        series, born[:, 0] = series - 1, NAN
    passing = find_passing(born, entrants, series, ahead)
    assert passing.takes_part.tolist() == [False, *[True] * (AREAS - 1)]
    coming = born[-1:] * np.arange(2, 2 + AREAS)
    same_bits(passing.of(coming)[:, 0], coming[:, 0])
    others = found_in(born[:, 1:], entrants[:, 1:])
    same_bits(passing.of(coming)[:, 1:], others.of(coming[:, 1:]))
    assert passing.share == others.share


@given(COUNTS, COUNTS, st.integers(0, YEARS - 1), st.integers(0, AREAS - 1))
def test_a_year_without_births_or_entrants_says_nothing(
    born: np.ndarray, entrants: np.ndarray, year: int, area: int
) -> None:
    """0 and unknown alike; births count for the usual share all the same."""
    shares = []
    for side, value in ((0, 0.0), (1, 0.0), (1, NAN)):
        sides = born.copy(), entrants.copy()
        sides[side][year, area] = value
        shares.append(passing_share(*sides))
    assert shares[0] == shares[1] == shares[2]
    assert 0 <= shares[0] <= 1


@pytest.mark.parametrize("share", [0.0, 0.25, 0.6, 1.0])
def test_a_known_share_is_found_again(share: float) -> None:
    """120 large areas, of whose ratios luck is small: the prior hardly counts."""
    rng = np.random.default_rng(8)
    usual = rng.uniform(20_000, 200_000, 120)
    born = usual * np.exp(rng.normal(0, 0.15, (YEARS, 120)) + rng.normal(0, 0.1, (YEARS, 1)))
    spread = usual / usual.sum()
    shown = share * born + (1 - share) * spread * born.sum(axis=1, keepdims=True)
    came = shown * rng.uniform(0.5, 1.1, 120) * np.exp(rng.normal(0, 0.01, born.shape))
    assert passing_share(born, came) == pytest.approx(share, abs=0.02)


def test_without_a_change_the_share_is_its_prior() -> None:
    level = np.full((YEARS, 2), 400.0)
    assert passing_share(level, level * [0.5, 2]) == pytest.approx(0.6, rel=1e-12)


def test_two_areas_over_two_years_by_pencil() -> None:
    """Births 1000 in all cells but one of 4000, of which as many enter as double those births.

    Weights .5, .5, .5 and .8. Of x = ln b, ln 4 in one cell, what areas and years leave of it
    is the part of a 2 × 2 table that no row and no column explains: with s = the sum of 1 ÷ w,
    2 + 2 + 2 + 1.25 = 7.25, it is ±ln 4 ÷ (w·s) in each cell, so Σwx² = ln² 4 ÷ 7.25;
    of y = ln E, ln 2 in that cell, Σwxy = ln 4 · ln 2 ÷ 7.25.
    """
    births = np.array([[1000.0, 1000], [1000, 4000]])
    entrants = np.array([[500.0, 500], [500, 1000]])
    both, own = np.log(4) * np.log(2) / 7.25, np.log(4) ** 2 / 7.25
    expected = (both + 0.04 * 0.6) / (own + 0.04)
    assert passing_share(births, entrants) == pytest.approx(expected, rel=1e-4)


def steady(**changes: np.ndarray) -> Setup:
    """Two regions of 100 and 300 births, all of whom enter; 200 in the first from 2026 on."""
    axes = axes_of(2, spans=(1,), first=BASE - YEARS - 2)
    births = np.full((len(axes.year), 2), 100.0) * [1, 3]
    births[axes.year.at(BASE) :, 0] = 200
    pupils = np.full((len(axes.year), 2, 1), NAN)
    pupils[: axes.start + 1, :, 0] = [100, 300]
    given_ratios = np.full((len(axes.horizon), 2, 1), NAN)
    world = quiet_world(axes, births=births, pupils=pupils, given=given_ratios)
    return Setup(world, SHRUNK).with_world(**changes)


def entering(setup: Setup) -> np.ndarray:
    """Entrants three years after the base year, when the first have come who were born since."""
    return np.asarray(setup.run().central.entrants[3])


def test_births_pass_on_by_pencil() -> None:
    """Nothing has changed yet, so ε is .6; the usual shares are 1/4 and 3/4. Of 200 and 300:
    .6·200 + .4·500/4 = 170 and .6·300 + .4·500·3/4 = 330."""
    assert entering(steady()) == pytest.approx([170, 330], rel=1e-12)


def test_levers_on_births_act_before() -> None:
    """Twice the 200 again: .6·400 + .4·700/4 = 310, .6·300 + .4·700·3/4 = 390."""
    doubled = steady().and_then("births", "times", 2, None, [True, False])
    assert entering(doubled) == pytest.approx([310, 390], rel=1e-12)


@pytest.mark.parametrize("by", ["table", "lever"])
def test_a_stated_ratio_is_of_births_as_counted(by: str) -> None:
    """In its area and years alone."""
    setup = steady()
    if by == "table":
        stated = setup.world.given.copy()
        stated[3, 0] = 1.0
        setup = setup.with_world(given=stated)
    else:
        years = np.arange(len(setup.world.axes.horizon)) == 3
        setup = setup.and_then("entry", "set", 1.0, years, [True, False])
    assert entering(setup) == pytest.approx([200, 330], rel=1e-12)
    assert setup.run().central.entrants[4] == pytest.approx([170, 330], rel=1e-12)


@pytest.mark.parametrize("form", ["add", "times"])
def test_a_lever_that_changes_the_ratio_leaves_births_passed_on(form: str) -> None:
    changed = steady().and_then("entry", form, 0.5)
    ratio = 1.5 if form == "add" else 0.5
    assert entering(changed) == pytest.approx([170 * ratio, 330 * ratio], rel=1e-12)


@pytest.mark.parametrize("method", ["mean", "pooled"])
def test_other_methods_take_births_as_counted(method: str) -> None:
    other = SHRUNK.model_copy(update={"entry": Calibration.model_validate({"method": method})})
    assert entering(replace(steady(), demand=other)) == pytest.approx([200, 300], rel=1e-12)


def test_children_are_taken_as_counted() -> None:
    years = len(steady().world.axes.year)
    children = np.full((years, 2), 100.0) * [1, 3]
    children[-2:, 0] = 200
    assert entering(steady(children=children)) == pytest.approx([200, 300], rel=1e-12)


@given(COUNTS, COUNTS, st.integers(3, YEARS - 1))
def test_no_later_year_reaches_an_origin(
    born: np.ndarray, entrants: np.ndarray, origin: int
) -> None:
    """But for whether the births of the next year are known."""
    unknown, series = np.full(born.shape, NAN), np.arange(AREAS)
    past = History(
        pupils=entrants[:, :, None],
        into=entrants[:, :, None],
        entrants=entrants,
        born=born,
        children=unknown,
        series=series,
        ahead=series >= 0,
        flows=(),
        unlinked_grades=(),
        absent=np.zeros((len(series), 1), dtype=bool),
    )
    later = np.arange(YEARS)[:, None] >= origin
    other = replace(
        past,
        born=np.where(later, 7 * born + 3, born),
        entrants=np.where(later, NAN, entrants),
        pupils=np.where(later[..., None], 0.0, past.pupils),
    )
    one, same = (estimate(each.until(origin), SHRUNK) for each in (past, other))
    assert one.passing.share == same.passing.share
    same_bits(one.passing.spread, same.passing.spread)
    same_bits(one.per_birth.ratio, same.per_birth.ratio)
