"""The roll: laws of the recurrence itself, on random arrays (numbers as in the table of laws)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Axis, Floats
from capacity.model import Transfers, by_level, redistribute, rezone, roll_forward
from tests.worlds import arrays, axes_of, flow_of, hundredths, same_bits, whole

YEARS, AREAS, GRADES, DRAWS = 4, 3, 4, 2
NOWHERE = Transfers((), {})


@st.composite
def rolls(draw: st.DrawFn, moves: tuple[int, int] = (-60, 30)) -> dict[str, Any]:
    """Arguments of the kernel."""
    seed = draw(st.integers(0, 2**32 - 1))
    rng = np.random.default_rng(seed)
    low, high = moves
    return {
        "base": rng.integers(0, 200, (AREAS, GRADES, DRAWS)).astype(float),
        "entrants": rng.integers(0, 200, (YEARS, AREAS, DRAWS)).astype(float),
        "ratios": rng.integers(50, 150, (YEARS, AREAS, GRADES, DRAWS)) / 100,
        "moves": rng.integers(low, high + 1, (YEARS, AREAS, GRADES, DRAWS)).astype(float),
        "transfers": NOWHERE,
    }


@st.composite
def paths(draw: st.DrawFn) -> Transfers:
    parts = draw(arrays((AREAS, AREAS), whole(0, 5))) + np.eye(AREAS)
    share = parts / parts.sum(axis=1, keepdims=True)
    away = draw(arrays((YEARS, AREAS, AREAS), hundredths(0, 30))) * (1 - np.eye(AREAS))
    return Transfers((flow_of(2, share),), {0: away, 2: away[::-1]})


def largest(arguments: dict[str, Any]) -> float:
    pupils = roll_forward(**arguments)[0]
    return max(float(pupils.max()), 1.0)


@given(rolls())
def test_i01_pupils_are_conserved(arguments: dict[str, Any]) -> None:
    pupils, clipped = roll_forward(**arguments)
    for year in range(YEARS):
        before, now = pupils[year], pupils[year + 1]
        leavers = before[:, -1].sum(axis=0)
        lost = ((1.0 - arguments["ratios"][year][:, 1:]) * before[:, :-1]).sum(axis=(0, 1))
        came = arguments["entrants"][year].sum(axis=0)
        moved = arguments["moves"][year].sum(axis=(0, 1)) + clipped[year + 1].sum(axis=(0, 1))
        expected = before.sum(axis=(0, 1)) + came + moved - leavers - lost
        apart = np.abs(now.sum(axis=(0, 1)) - expected)
        assert (apart <= 1e-12 * AREAS * GRADES * largest(arguments)).all()


@given(rolls(), paths())
def test_i03_flows_and_rezoning_conserve_pupils(
    arguments: dict[str, Any], where: Transfers
) -> None:
    """Ratios 1 into the mixed grade, no moves: what arrives in the district is what left."""
    arguments["ratios"][:, :, 2] = 1.0
    arguments["moves"] = np.zeros_like(arguments["moves"])
    pupils, _ = roll_forward(**arguments | {"transfers": where})
    arrived, left = pupils[1:, :, 2].sum(axis=1), pupils[:-1, :, 1].sum(axis=1)
    np.testing.assert_allclose(arrived, left, rtol=1e-12)
    first = pupils[1:, :, 0].sum(axis=1)
    np.testing.assert_allclose(first, arguments["entrants"].sum(axis=1), rtol=1e-12)


@given(arrays((AREAS, DRAWS), whole(0, 200)), paths())
def test_i03_every_pupil_who_moves_arrives(entrants: Floats, where: Transfers) -> None:
    total = entrants.sum(axis=0)
    np.testing.assert_allclose(
        redistribute(entrants, where.flows[0].share[0]).sum(axis=0), total, rtol=1e-12
    )
    for share in where.rezoned[0]:
        found = rezone(entrants, share)
        np.testing.assert_allclose(found.sum(axis=0), total, rtol=1e-12)
        gained = [share[here, 0] * entrants[here] for here in range(AREAS)]
        kept = entrants[0] * (1 - share[0].sum())
        np.testing.assert_allclose(found[0], kept + sum(gained), rtol=1e-12)


@given(rolls(moves=(0, 30)))
def test_i04_a_cohort_runs_along_its_diagonal(arguments: dict[str, Any]) -> None:
    pupils, clipped = roll_forward(**arguments)
    assert not clipped.any()
    for start in range(GRADES):
        expected = pupils[0, :, start]
        for step in range(1, min(YEARS, GRADES - 1 - start) + 1):
            ratio = arguments["ratios"][step - 1][:, start + step]
            expected = expected * ratio + arguments["moves"][step - 1][:, start + step]
            found = pupils[step, :, start + step]
            np.testing.assert_allclose(found, expected, rtol=1e-12)


@given(rolls(), paths())
def test_i05_pupils_are_never_below_none_and_every_clip_is_counted(
    arguments: dict[str, Any], where: Transfers
) -> None:
    pupils, clipped = roll_forward(**arguments)
    assert np.isfinite(pupils).all()
    assert (pupils >= 0).all()
    assert (clipped >= 0).all()
    assert (pupils[clipped > 0] == 0).all()
    assert not clipped[0].any()
    before = pupils[:-1, :, :-1] * arguments["ratios"][:, :, 1:] + arguments["moves"][:, :, 1:]
    same_bits(clipped[1:, :, 1:], np.maximum(-before, 0.0))
    mixed, more = roll_forward(**arguments | {"transfers": where})
    assert (mixed >= 0).all()
    assert (more >= 0).all()


@given(rolls())
def test_i06_with_ratios_of_one_and_no_moves_a_cohort_keeps_its_size(
    arguments: dict[str, Any],
) -> None:
    arguments["ratios"] = np.ones_like(arguments["ratios"])
    arguments["moves"] = np.zeros_like(arguments["moves"])
    pupils, _ = roll_forward(**arguments)
    same_bits(pupils[1:, :, 1:], pupils[:-1, :, :-1])
    same_bits(pupils[1:, :, 0], arguments["entrants"])


@given(arrays((AREAS, DRAWS), whole(0, 200)))
def test_i06_the_same_births_every_year_are_a_steady_state(births: Floats) -> None:
    base = np.repeat(births[:, None], GRADES, axis=1)
    one, none = np.ones((YEARS, *base.shape)), np.zeros((YEARS, *base.shape))
    pupils, _ = roll_forward(base, np.stack([births] * YEARS), one, none, NOWHERE)
    same_bits(pupils, np.stack([base] * (YEARS + 1)))


@given(rolls(), paths(), st.integers(-9, 9))
def test_i08_scaling_by_a_power_of_two_keeps_the_bits(
    arguments: dict[str, Any], where: Transfers, power: int
) -> None:
    arguments["transfers"] = where
    more = arguments | {
        name: arguments[name] * 2.0**power for name in ("base", "entrants", "moves")
    }
    for one, other in zip(roll_forward(**arguments), roll_forward(**more), strict=True):
        same_bits(one * 2.0**power, other)


@given(rolls(), paths(), st.floats(1e-3, 1e3))
def test_i08_scaling_scales(arguments: dict[str, Any], where: Transfers, factor: float) -> None:
    arguments["transfers"] = where
    more = arguments | {name: arguments[name] * factor for name in ("base", "entrants", "moves")}
    expected = roll_forward(**arguments)[0] * factor
    tolerance = 1e-12 * float(expected.max())  # beside a clip, where a difference is left
    np.testing.assert_allclose(roll_forward(**more)[0], expected, rtol=1e-12, atol=tolerance)


@given(rolls(), rolls(), paths())
def test_i09_cohorts_add_up(
    arguments: dict[str, Any], second: dict[str, Any], where: Transfers
) -> None:
    arguments |= {"moves": np.zeros_like(arguments["moves"]), "transfers": where}
    other = arguments | {"base": arguments["base"] * 0, "entrants": second["entrants"]}
    both = arguments | {"entrants": arguments["entrants"] + second["entrants"]}
    apart = roll_forward(**arguments)[0] + roll_forward(**other)[0]
    np.testing.assert_allclose(roll_forward(**both)[0], apart, rtol=1e-12)


@given(rolls(), st.permutations(range(AREAS)))
def test_i10_the_order_of_areas_changes_no_bit(arguments: dict[str, Any], order: list[int]) -> None:
    moved = {
        "base": arguments["base"][order],
        **{name: arguments[name][:, order] for name in ("entrants", "ratios", "moves")},
    }
    for one, other in zip(
        roll_forward(**arguments), roll_forward(**arguments | moved), strict=True
    ):
        same_bits(one[:, order], other)


@given(rolls())
def test_i11_an_area_taken_away_leaves_the_others_as_they_are(arguments: dict[str, Any]) -> None:
    fewer = {
        "base": arguments["base"][1:],
        **{name: arguments[name][:, 1:] for name in ("entrants", "ratios", "moves")},
    }
    pupils, _ = roll_forward(**arguments)
    same_bits(pupils[:, 1:], roll_forward(**arguments | fewer)[0])


@given(rolls(), paths(), st.integers(1, YEARS))
def test_i12_what_comes_later_changes_nothing_before(
    arguments: dict[str, Any], where: Transfers, years: int
) -> None:
    arguments["transfers"] = where
    short = {name: arguments[name][:years] for name in ("entrants", "ratios", "moves")}
    pupils, _ = roll_forward(**arguments)
    same_bits(pupils[: years + 1], roll_forward(**arguments | short)[0])


@given(rolls(), st.integers(0, YEARS - 1), st.integers(0, AREAS - 1))
def test_i13_entrants_of_a_year_change_their_own_cohort_only(
    arguments: dict[str, Any], year: int, area: int
) -> None:
    more = arguments["entrants"].copy()
    more[year, area] += 50.0
    pupils, _ = roll_forward(**arguments)
    found, _ = roll_forward(**arguments | {"entrants": more})
    changed = np.argwhere((found != pupils).any(axis=-1))
    assert len(changed)
    assert {(a, t - g) for t, a, g in changed.tolist()} == {(area, year + 1)}


@given(rolls(), paths(), st.sampled_from(["base", "entrants", "ratios", "moves"]), st.data())
def test_i14_more_births_ratios_or_moves_never_mean_fewer_pupils(
    arguments: dict[str, Any], where: Transfers, name: str, data: st.DataObject
) -> None:
    arguments["transfers"] = where
    shape = arguments[name].shape
    rng = np.random.default_rng(data.draw(st.integers(0, 2**32 - 1)))
    more = arguments[name] + rng.integers(0, 3, shape) * rng.random(shape)
    pupils, _ = roll_forward(**arguments)
    assert (roll_forward(**arguments | {name: more})[0] >= pupils).all()


@given(rolls())
def test_i19_draws_do_not_touch_each_other(arguments: dict[str, Any]) -> None:
    pupils, _ = roll_forward(**arguments)
    for draw in range(DRAWS):
        one = {
            name: arguments[name][..., draw : draw + 1]
            for name in ("base", "entrants", "ratios", "moves")
        }
        same_bits(pupils[..., draw : draw + 1], roll_forward(**arguments | one)[0])


def test_i07_three_years_by_hand() -> None:
    """One area, three grades: 100, 90, 80; entrants 110, 120; ratios .9 and 1.1; 5 move in to
    grade 2 and 95 leave grade 3 every year.

    Year 1: 110, .9 × 100 + 5 = 95, 1.1 × 90 - 95 = 4.
    Year 2: 120, .9 × 110 + 5 = 104, 1.1 × 95 - 95 = 9.5.
    """
    ratios = np.broadcast_to(np.array([0.0, 0.9, 1.1])[:, None], (2, 1, 3, 1))
    moves = np.broadcast_to(np.array([0.0, 5, -95])[:, None], (2, 1, 3, 1))
    pupils, clipped = roll_forward(
        np.array([[[100.0], [90], [80]]]),
        np.array([[[110.0]], [[120]]]),
        ratios,
        moves,
        NOWHERE,
    )
    assert pupils[1, 0, :, 0] == pytest.approx([110, 95, 4], rel=1e-12)
    assert pupils[2, 0, :, 0] == pytest.approx([120, 104, 9.5], rel=1e-12)
    assert not clipped.any()


def test_rezoning_reads_the_entrants_before_any_rezoning() -> None:
    # a sends half to b, b half to a, at once: each keeps half of its own and gains half.
    share = np.array([[0.0, 0.5], [0.5, 0.0]])
    assert rezone(np.array([[100.0], [20.0]]), share)[:, 0].tolist() == [60.0, 60.0]


@given(st.lists(st.integers(1, 99), min_size=2, max_size=8), st.sampled_from([float, np.float32]))
def test_where_all_go_nobody_stays(parts: list[int], precision: type) -> None:
    """Shares in hundredths that sum to 1 as written: as they are added, to more or less."""
    kept = [part for at, part in enumerate(parts) if sum(parts[: at + 1]) < 100]
    share = np.zeros((len(kept) + 2,) * 2)
    share[0, 1:] = [part / 100 for part in (*kept, 100 - sum(kept))]
    found = rezone(np.full((len(share), 3), 40_000, precision), share)
    assert (found[0] == 0.0).all()
    assert not np.signbit(found).any()


@given(arrays((2, AREAS, GRADES, 1), whole(0, 90)))
def test_i02_demand_sums_grades_of_a_level_and_groups_of_a_region(pupils: Floats) -> None:
    axes = replace(
        axes_of(2, spans=(2, 1, 1)),
        area=Axis("area", (("region 0", ""), ("region 1", "a"), ("region 1", "b"))),
    )
    found = by_level(pupils, axes)
    same_bits(found[:, 0, 0], pupils[:, 0, 0] + pupils[:, 0, 1])
    same_bits(found[:, 0, 2], pupils[:, 0, 3])
    same_bits(found[:, 1, 1], pupils[:, 1, 2] + pupils[:, 2, 2])
    np.testing.assert_allclose(found.sum(axis=(1, 2)), pupils.sum(axis=(1, 2)), rtol=1e-12)
