"""What draws say: clip, sum, quantile, in that order."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from capacity.base import Floats
from capacity.model import Adjustments
from capacity.model.draws import Summary, quantiles, ranked, summarise
from tests.drawn import drawn, loud, silent, spread_with, unsure
from tests.worlds import Setup, axes_of, pools_of, quiet_world, setups

IDLE = 0.75

SHARES = (0.1, 0.5, 0.9)


@given(hnp.arrays(np.float32, (3, 17), elements=st.floats(-1000, 1000, width=16)))
def test_quantiles_are_those_of_numpy(draws: np.ndarray) -> None:
    expected = np.quantile(draws.astype(float), SHARES, axis=-1)
    np.testing.assert_allclose(quantiles(draws, SHARES), expected, rtol=1e-6, atol=1e-6)


@given(
    hnp.arrays(np.float32, st.integers(1, 40), elements=st.floats(width=32)),
    hnp.arrays(np.float32, st.integers(1, 40), elements=st.floats(-1000, 1000, width=32)),
    st.integers(0, 2**32 - 1),
)
def test_values_of_some_ranks_are_those_of_the_order(
    any_value: np.ndarray, usual: np.ndarray, seed: int
) -> None:
    """Rows of many draws: some values often, all different, nothing, endless, far apart."""
    random = np.random.default_rng(seed)
    spread = random.standard_normal(5000) * random.choice([1e-40, 1e-3, 1.0, 1e30])
    rows = [
        np.resize(any_value, 5000),
        random.permutation(np.resize(usual, 5000)),
        np.maximum(spread, 0.0),
        spread + 10.0,
        np.where(spread > 0, np.exp(5 * np.abs(random.standard_normal(5000))), -1e6),
        np.full(5000, np.nan),
    ]
    draws = random.permutation(np.float32(rows))[: random.integers(1, 7)]
    some = random.integers(2, 4998, 4)
    ranks = [0, 499, 500, 2499, 4500, 4999, *some, *(some + random.integers(-2, 3, 4))]
    expected = np.sort(draws, axis=-1)[:, ranks]
    np.testing.assert_array_equal(ranked(draws, ranks), expected)
    every = ranked(draws[:, :100], [0, 50, 99])
    np.testing.assert_array_equal(every, np.sort(draws[:, :100], axis=-1)[:, [0, 50, 99]])


def test_quantiles_of_one_draw_are_that_draw() -> None:
    draws = np.float32([[3.5], [np.nan]])
    np.testing.assert_array_equal(quantiles(draws, SHARES), [[3.5, np.nan]] * 3)


def city(regions: int = 32) -> Setup:
    """Regions that each have exactly the places they need, and luck of their own."""
    return Setup(quiet_world(axes_of(regions, spans=(1,))))


def own_luck(setup: Setup) -> Summary:
    """Every region's demand strays by 5 % by itself."""
    spread = spread_with(len(setup.world.axes.grade), first=(0.0025, 0.0))
    return summarise(drawn(setup, spread, draws=4000), IDLE)


def test_clip_then_sum_then_quantile() -> None:
    """The other orders change the headline severalfold; worked again from the plain draws."""
    setup = city()
    samples = drawn(setup, spread_with(1, first=(0.0025, 0.0)), draws=4000)
    found = own_luck(setup).quantiles
    year = 1
    gap = samples.gap[year, :-1, 0].astype(float)  # (region, draw)
    right = np.quantile(np.maximum(gap, 0).sum(axis=0), SHARES)
    headline = [found[f"shortage_{name}"][year, -1, -1] for name in ("p10", "p50", "p90")]
    np.testing.assert_allclose(headline, right, rtol=1e-5)
    sum_first = np.quantile(np.maximum(gap.sum(axis=0), 0), SHARES)
    quantile_first = np.maximum(np.quantile(gap, SHARES, axis=1), 0).sum(axis=1)
    # 32 regions, 5 pupils each: about 32 x 5 x .4 = 64 short, give or take 17.
    assert right[1] == pytest.approx(64, rel=0.1)
    assert sum_first[1] < right[1] / 5
    assert quantile_first[1] < right[1] / 5
    assert quantile_first[2] > 2 * right[2]


def test_no_quantile_is_a_sum_of_quantiles() -> None:
    found = own_luck(city()).quantiles
    for name in ("demand", "gap", "shortage"):
        whole, parts = found[f"{name}_p90"][1, -1, 0], found[f"{name}_p90"][1, :-1, 0].sum()
        assert whole < parts - 50


@given(setups())
def test_the_summary_of_any_world(setup: Setup) -> None:
    setup = unsure(setup)
    world, ran = setup.world, setup.run()
    samples = drawn(setup, draws=40, ran=ran)
    found = summarise(samples, IDLE)
    scale = float(np.nanmax(np.abs(np.nan_to_num(samples.gap)), initial=1.0))
    for name in ("demand", "places", "gap", "shortage"):
        low, mid, high = (found.quantiles[f"{name}_{label}"] for label in ("p10", "p50", "p90"))
        empty = np.isnan(ran.rows[name][..., 0])
        for each in (low, mid, high):
            np.testing.assert_array_equal(np.isnan(each), empty)
        assert ((low <= mid) & (mid <= high) | empty).all()
    chance = found.prob_shortage
    assert ((chance >= 0) & (chance <= 1) | np.isnan(chance)).all()
    assert np.isnan(chance[:, :, :-1][:, ~world.pools.holds(world.axes.members)]).all()
    # Clipped means are at least the clipped mean, and apart by the mean gap.
    mean = samples.margin_gap.mean(axis=-1, dtype=float)
    leaf = np.s_[:, :-1, :-1]
    short, idle = found.shortage_mean[leaf], found.surplus_mean[leaf]
    assert (short >= np.maximum(mean[leaf], 0) - 1e-9 * scale)[~np.isnan(short)].all()
    np.testing.assert_allclose(
        (short - idle)[~np.isnan(short)], mean[leaf][~np.isnan(short)], atol=1e-6 * scale
    )
    assert not (found.surplus_mean < 0).any()
    np.testing.assert_array_equal(
        np.isnan(found.surplus_mean), np.isnan(ran.rows["surplus"][..., 0])
    )


@given(setups(missing=False))
def test_means_of_all_rows_are_sums_of_means(setup: Setup) -> None:
    levels = len(setup.world.axes.level)
    setup = unsure(setup).with_world(pools=pools_of([False] * levels, len(setup.world.axes.region)))
    found = summarise(drawn(setup, draws=40), IDLE)
    for values in (found.shortage_mean, found.surplus_mean):
        scale = float(values.max(initial=1.0))
        leaves = values[:, :-1, :-1]
        near = {"rtol": 1e-5, "atol": 1e-5 * scale}
        np.testing.assert_allclose(values[:, -1, :-1], leaves.sum(axis=1), **near)
        np.testing.assert_allclose(values[:, -1, -1], leaves.sum(axis=(1, 2)), **near)


def test_a_pooled_level_is_clipped_over_the_district() -> None:
    pooled = city().with_world(pools=pools_of([True], len(city().world.axes.region)))
    samples = drawn(pooled, spread_with(1, first=(0.0025, 0.0)), draws=4000)
    found = summarise(samples, IDLE)
    whole = np.maximum(samples.gap[1, -1, 0].astype(float), 0)
    assert found.quantiles["shortage_p90"][1, -1, 0] == pytest.approx(np.quantile(whole, 0.9))
    assert found.shortage_mean[1, -1, -1] == pytest.approx(whole.mean())
    assert np.isnan(found.quantiles["shortage_p90"][:, :-1, 0]).all()
    assert np.isnan(found.prob_shortage[:, :-1, 0]).all()
    # Factors have the mean 1: as many draws are short as not, of as many places as pupils.
    assert found.prob_shortage[1, -1, 0] == pytest.approx(0.5, abs=0.03)


def test_more_places_never_make_a_shortage_likelier() -> None:
    setup, before = city(4), 1.1
    for factor in (0.9, 1.0, 1.1):
        stock = replace(setup.world.stock, places=setup.world.stock.places * factor)
        world = setup.with_world(stock=stock)
        chance = summarise(drawn(world), IDLE).prob_shortage
        assert (chance[1:] <= before).all()
        before = chance[1:]


def test_without_noise_all_quantiles_are_one() -> None:
    setup = city(3)
    found = summarise(drawn(setup, silent(setup), []), IDLE).quantiles
    for name in ("demand", "places", "gap", "shortage"):
        np.testing.assert_array_equal(found[f"{name}_p10"], found[f"{name}_p90"])


@pytest.mark.parametrize("workers", [2, 7])
def test_workers_do_not_change_a_summary(workers: int) -> None:
    setup = unsure(city(3))
    samples = drawn(setup, loud(setup), draws=300)
    one, many = (summarise(samples, IDLE, n) for n in (1, workers))
    for name, values in one.quantiles.items():
        np.testing.assert_array_equal(values, many.quantiles[name])


def warnings_of(summary: Summary) -> Floats:
    """Shares of the draws in 黄 and 红, last."""
    return np.stack([summary.entry_columns[f"prob_{name}"] for name in ("yellow", "red")], axis=-1)


def test_early_warning_bands_are_shares_of_draws() -> None:
    """100 entrants, give or take 5, for 105 entry places: 黄 from 94.5, 红 from 105."""
    setup = city(2)
    stock = replace(setup.world.stock, places=setup.world.stock.places * 1.05)
    setup = setup.with_world(stock=stock)
    samples = drawn(setup, spread_with(1, first=(0.0025, 0.0)), draws=8000)
    entrants = samples.demand[1, 0, 0]
    yellow, red = warnings_of(summarise(samples, IDLE))[1, 0, 0]
    assert red == pytest.approx((entrants >= 105).mean())
    assert yellow == pytest.approx(((entrants >= 94.5) & (entrants < 105)).mean())
    assert red == pytest.approx(0.165, abs=0.02)  # ln 1.05 = .98 of .05
    whole = warnings_of(summarise(samples, IDLE))
    assert (whole.sum(axis=-1) <= 1).all()


def test_ranges_of_first_grades_are_those_of_their_draws() -> None:
    """Of each row: quantiles of entrants, and the fewest whole classes that suffice as often."""
    setup = city()
    samples = drawn(setup, spread_with(1, first=(0.0025, 0.0)), draws=4000)
    entrants, found = samples.demand[1, 0, 0], samples.entry  # one grade: all are entrants
    size = float(setup.world.class_size[0])
    for label, share in {"p10": 0.1, "p50": 0.5, "p90": 0.9}.items():
        assert found[f"entrants_{label}"][1, 0, 0] == pytest.approx(
            np.quantile(entrants.astype(float), share), rel=1e-6
        )
        classes = found[f"classes_{label}"][1, 0, 0]
        needed = np.ceil(entrants / size)
        assert classes == int(classes)
        assert (needed <= classes).mean() >= share
        assert (needed <= classes - 1).mean() < share


@given(setups(), st.sampled_from([0.6, 0.75, 1.0]))
def test_idle_is_what_uses_less_of_its_places_than_the_line(setup: Setup, line: float) -> None:
    samples = drawn(unsure(setup), draws=40)
    found = summarise(samples, line).prob_idle
    with np.errstate(divide="ignore", invalid="ignore"):
        used = samples.demand / samples.places < np.float32(line)
    none = ~(samples.places > 0).any(axis=-1)
    np.testing.assert_array_equal(np.isnan(found), none)
    np.testing.assert_array_equal(found[~none], used.mean(axis=-1)[~none])


@given(setups(), st.floats(0.01, 0.2))
def test_a_margin_makes_shortage_likelier_and_leaves_gaps_as_they_are(
    setup: Setup, margin: float
) -> None:
    setup = unsure(replace(setup, adjustments=without(setup, "margin")))
    plain, kept = (
        summarise(drawn(of, draws=40), IDLE) for of in (free(setup, 0.0), free(setup, margin))
    )
    for name in ("prob_shortage", "shortage_mean"):
        one, other = getattr(plain, name), getattr(kept, name)
        known = ~np.isnan(one)
        assert (other[known] >= one[known] - 1e-6).all()
    np.testing.assert_array_equal(plain.quantiles["gap_p50"], kept.quantiles["gap_p50"])
    np.testing.assert_array_equal(plain.prob_idle, kept.prob_idle)


def free(setup: Setup, margin: float) -> Setup:
    return replace(setup, supply=setup.supply.model_copy(update={"margin": margin}))


def without(setup: Setup, kind: str) -> Adjustments:
    values = {name: of for name, of in setup.adjustments.values.items() if name != kind}
    return replace(setup.adjustments, values=values)
