"""The middle of an area's draws: never far below its central run, whatever its size."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings

from capacity.base import Floats
from capacity.model.draws import Scales, below_mean, heads_of, lowest, near_middle, students
from tests.drawn import scales_with, spread_with
from tests.model.draws.lucks import Drawn, lucks
from tests.model.draws.plain_luck import coefficients
from tests.model.draws.test_bounds import past, pupils_of
from tests.model.draws.test_centring import MIDDLE_LUCK, MIDDLE_OF_FEW


def limit_of(heads: float, common: float = 0.0) -> float:
    """Most that a middle may lie below, of so many pupils: 5 %, 2.2 % from 200, .8 % from 1,000."""
    return min(0.005 + 3.3 / heads + common, 0.05)


def plain_covariance(
    case: Drawn, scales: Scales, area: int, year: int, *, shared: bool = False
) -> Floats:
    """Of the logs of cohorts, each walked back, ``(grade, grade)``; of what all share alone."""
    size = float(students(case.spread.freedom).astype(float).std())
    by_grade = [
        {
            value: part * (size if value[0] in ("common", "grade", "entry") else 1.0)
            for value, part in coefficients(case.spread, scales, area, (year, grade)).items()
            if not shared or value[0] in ("common", "grade", "entry")
        }
        for grade in range(scales.own.shape[2])
    ]
    return np.array(
        [
            [sum(part * other.get(at, 0.0) for at, part in one.items()) for other in by_grade]
            for one in by_grade
        ]
    )


@settings(max_examples=3 * settings().max_examples)
@given(lucks())
def test_a_years_shocks_are_as_large_as_leaves_the_middle_near_the_mean(case: Drawn) -> None:
    """Whole where they may be, none where what was there before is too much, else just enough."""
    before = case.scales
    stated = case.stated
    after = near_middle(case.spread, before, case.pupils, stated)
    np.testing.assert_array_equal(after.own[stated], before.own[stated])
    for year, area in np.ndindex(before.area.shape):
        heads = heads_of(case.pupils)[year, area]
        share = heads / heads.sum()
        common = plain_covariance(case, after, area, year, shared=True)
        limit = limit_of(heads.sum(), below_mean(common[:, None], share[None])[0])
        covariance = plain_covariance(case, after, area, year)
        below = below_mean(covariance[:, None], share[None])[0]
        loose = np.append(after.own[year, area][~stated[year, area]], after.area[year, area])
        whole = np.append(before.own[year, area][~stated[year, area]], before.area[year, area])
        if not whole.any():
            continue
        kept = loose[whole > 0] / whole[whole > 0]
        np.testing.assert_allclose(kept, kept[0], rtol=1e-9)
        if kept[0] == 1.0:
            assert below <= limit + 1e-9
        elif kept[0] > 1e-3:
            assert below == pytest.approx(limit, abs=1e-6)
        else:
            assert below >= limit - 1e-5


def test_a_year_is_as_it_is_however_many_come_after_it() -> None:
    spread, pupils = spread_with(3, area=(0.0, 0.6), cell=(0.0, 0.3)), np.full((9, 1, 3), 3.0)
    none = np.zeros(pupils.shape, dtype=bool)
    whole = near_middle(spread, scales_with(spread, pupils), pupils, none)
    some = near_middle(spread, scales_with(spread, pupils[:4]), pupils[:4], none[:4])
    np.testing.assert_array_equal(some.own, whole.own[:4])
    np.testing.assert_array_equal(some.area, whole.area[:4])
    assert whole.area.min() < 0.9 * whole.area[0, 0]


def test_an_area_is_as_it_is_however_many_stand_beside_it() -> None:
    spread = spread_with(3, common=0.01, area=(0.0, 0.6), cell=(0.0, 0.3), first=(0.0, 1.0))
    pupils = np.exp(np.random.default_rng(1).uniform(0, 4, (5, 300, 3)))
    stated = np.random.default_rng(2).random(pupils.shape) < 0.1
    every = near_middle(spread, scales_with(spread, pupils), pupils, stated)
    for area in (0, 127, 128, 299):
        one = pupils[:, [area]], stated[:, [area]]
        alone = near_middle(spread, scales_with(spread, one[0]), *one)
        np.testing.assert_array_equal(alone.own[:, 0], every.own[:, area])
        np.testing.assert_array_equal(alone.area[:, 0], every.area[:, area])


def test_large_areas_are_as_they_were() -> None:
    spread = spread_with(4, common=0.01, area=(0.0001, 0.6), cell=(0.0001, 0.3), first=(0.001, 1.5))
    pupils = np.full((6, 2, 4), 1000.0)
    scales = scales_with(spread, pupils)
    found = near_middle(spread, scales, pupils, np.zeros(pupils.shape, dtype=bool))
    np.testing.assert_array_equal(found.own, scales.own)
    np.testing.assert_array_equal(found.area, scales.area)


def test_the_larger_an_area_the_nearer_its_middle() -> None:
    sizes = np.array([1.0, 60.0, 73.0, 200.0, 1000.0, 1e6])
    np.testing.assert_allclose(lowest(sizes), [limit_of(heads) for heads in sizes], rtol=1e-12)
    assert (lowest(np.array([1.0, 200.0, 1000.0])) < [0.07, 0.03, 0.01]).all()


@pytest.mark.parametrize(("heads", "most"), [(100.0, 0.07), (400.0, 0.03), (2400.0, 0.01)])
def test_areas_that_strayed_beyond_measure_are_drawn_around_their_central_run(
    heads: float, most: float
) -> None:
    """Their shocks of half a year on end would carry the middle down by half."""
    setup = past(np.full((4, 2, 6), heads / 6), ahead=6)
    spread = spread_with(6, area=(0.0, 0.41), cell=(0.0, 0.19), first=(0.0004, 1.6))
    spread = replace(spread, irregular=np.array([False, True]))
    ran = setup.run()
    drawn = np.concatenate([pupils_of(ran, spread, seed=seed) for seed in (1, 2, 3, 4)], axis=-1)
    total, central = drawn.sum(axis=2)[1:], ran.pupils.sum(axis=2)[1:]
    middle = np.median(total, axis=-1) / central - 1.0
    print(np.round(middle.min(axis=0), 3))
    assert (middle >= -most - MIDDLE_LUCK).all() and middle.max() <= 0.01
    wide = np.quantile(total, 0.9, axis=-1) - np.quantile(total, 0.1, axis=-1)
    assert (wide[0, 1] > wide[0, 0]).all()  # as wide as their size has it years ahead, at once


@pytest.mark.parametrize(
    ("share", "variances", "common"),
    [
        ([1] * 12, [1.5] * 12, 0.0),
        ([1] * 12, [0.5] * 12, 0.0),
        ([1] * 3, [0.5] * 3, 0.0),
        ([9, 1], [0.0, 1.5], 0.0),
        ([7, 3], [0.0, 1.0], 0.0),
        ([1] * 6, [0.1, 0.2, 0.4, 0.8, 1.0, 1.5], 0.0),
        ([1] * 2, [0.25] * 2, 0.05),
        ([1], [0.16], 0.0),
        ([1] * 8, [0.1] * 8, 0.12),
    ],
)
def test_how_far_a_middle_lies_below_is_that_of_sums_drawn(share, variances, common) -> None:
    part = np.array(share, float) / np.sum(share)
    covariance = np.diag(np.array(variances, float)) + common
    rng = np.random.default_rng(1)
    own = rng.standard_normal((100_000, len(part))) * np.sqrt(variances)
    logs = own + np.sqrt(common) * rng.standard_normal((100_000, 1)) - np.diag(covariance) / 2
    drawn = 1.0 - np.median((np.exp(logs) * part).sum(axis=1))
    assert below_mean(covariance[:, None], part[None])[0] == pytest.approx(drawn, abs=0.012)


@pytest.mark.parametrize("grades", [1, 3, 7])
def test_few_families_many_years_ahead_are_drawn_around_their_central_run(grades: int) -> None:
    """Areas of a pupil a grade to fourteen, fifteen years ahead, by the default own spread."""
    sizes = np.array([1.0, 2.0, 3.0, 5.0, 8.0, 14.0])[:, None]
    setup = past(np.broadcast_to(sizes, (4, 6, grades)), ahead=15)
    spread = spread_with(grades, area=(0.0, 0.41), cell=(0.0, 0.19), first=(0.0004, 1.6))
    ran = setup.run()
    drawn = np.concatenate([pupils_of(ran, spread, seed=seed) for seed in (1, 2, 3, 4)], axis=-1)
    middle = np.median(drawn.sum(axis=2), axis=-1)[1:] / ran.pupils.sum(axis=2)[1:] - 1.0
    print(np.round(middle.min(axis=0), 3), np.round(middle.max(axis=0), 3))
    assert middle.min() >= MIDDLE_OF_FEW - MIDDLE_LUCK
    assert middle.max() <= 0.01
