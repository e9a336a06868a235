"""Small areas keep more of what they have: by pencil, by size, and only what shrunk calibrated."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import assume, given

from capacity.base import Calibration
from capacity.base import Demand as DemandSettings
from capacity.model import calibrate, held_share
from tests.worlds import Setup, axes_of, quiet_world, same_bits, setups

NAN = np.nan
SHRUNK = DemandSettings(progression=Calibration(method="shrunk"), entry=Calibration(method="mean"))


def whole(pupils: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Nothing was closed."""
    return pupils, np.ones(pupils.shape, dtype=bool)


def small(pupils: list[list[float]], *, regions: int = 1, levels: tuple[int, ...] = (2,)) -> Setup:
    """Regions with these pupils ``[year][grade]``, nothing stated but entry: 1 per birth."""
    axes = axes_of(regions, spans=levels)
    past = np.full((len(axes.year), regions, len(axes.grade)), NAN)
    past[axes.start - len(pupils) + 1 : axes.start + 1] = np.array(pupils)[:, None, :]
    given_ratios = np.full((len(axes.horizon), regions, len(axes.grade)), NAN)
    given_ratios[:, :, 0] = 1.0
    return Setup(quiet_world(axes, pupils=past, given=given_ratios), SHRUNK)


def test_share_and_usual_pupils_by_pencil() -> None:
    """300 pupils today: 500 / (500 + 300) is held. By grade (.6): (100 + .6·50) / 1.6 and
    (200 + .6·150) / 1.6, so 300 times 130 / 420 and 290 / 420."""
    share, usual = held_share(*whole(np.array([[[50.0, 150]], [[100, 200]]])))
    assert share[0] == 0.625
    assert usual[0] == pytest.approx([300 * 130 / 420, 300 * 290 / 420], rel=1e-14)


def test_a_closed_grade_holds_nothing() -> None:
    pupils = np.array([[[50.0, 150]], [[100, 200]]])
    _, opened = whole(pupils)
    opened[:, :, 1] = False
    assert held_share(pupils, opened)[1].tolist() == [[300, 0]]


def test_the_larger_an_area_the_less_it_holds() -> None:
    sizes = np.array([[[0.0], [1], [500], [1e9]]])
    share, _ = held_share(*whole(sizes))
    assert share[0] == 0  # nothing to hold
    assert share[2] == 0.5
    assert (np.diff(share[1:]) < 0).all()
    assert share[3] < 1e-6


def test_the_forecast_is_the_mixture() -> None:
    """C is the forecast of cohorts, F = (1 − share)·C + share·usual, in every year."""
    setup = small([[100, 80, 90], [110, 95, 85]], levels=(3,))
    ran = setup.run()
    ratios = calibrate(setup.world, SHRUNK).progression[:, 0]
    past = setup.world.pupils[: setup.world.axes.start + 1]
    share, usual = held_share(*whole(past))
    cohort = past[-1, 0].copy()
    for year in range(1, len(setup.world.axes.horizon)):
        cohort = np.concatenate([[100.0], ratios[year, 1:] * cohort[:-1]])
        mixed = (1 - share[0]) * cohort + share[0] * usual[0]
        np.testing.assert_allclose(ran.pupils[year, 0, 1:], mixed[1:], rtol=1e-13)


def test_the_first_grade_does_not_mix() -> None:
    ran = small([[10, 8], [12, 9]]).run()
    assert (ran.pupils[1:, 0, 0] == 100).all()
    assert (ran.demand.small_area[:, :, 0] == 0).all()
    assert (ran.demand.small_area[1:, :, 1] != 0).any()


def test_a_given_ratio_never_mixes() -> None:
    setup = small([[100, 80, 70], [110, 95, 75]], levels=(3,))
    stated = setup.world.given.copy()
    stated[:, :, 1] = 0.9
    ran = setup.with_world(given=stated).run()
    assert (ran.demand.small_area[:, :, 1] == 0).all()
    assert (ran.demand.small_area[1:, :, 2] != 0).any()
    np.testing.assert_allclose(ran.pupils[1:, 0, 1], 0.9 * ran.pupils[:-1, 0, 0], rtol=1e-15)


@pytest.mark.parametrize("method", ["mean", "pooled"])
def test_other_methods_never_mix(method: str) -> None:
    setup = small([[100, 80], [110, 95]])
    other = DemandSettings(progression=Calibration.model_validate({"method": method}))
    assert (replace(setup, demand=other).run().demand.small_area == 0).all()


def test_mixing_is_worked_out_before_levers() -> None:
    setup = small([[100, 80], [110, 95]])
    moved = setup.and_then("progression", "times", 1.5)
    same_bits(setup.run().demand.small_area, moved.run().demand.small_area)
    assert (moved.run().pupils[1:, 0, 1] > setup.run().pupils[1:, 0, 1]).all()


def test_two_areas_alike_mix_alike_and_one_alone_mixes_as_in_company() -> None:
    both, one = small([[100, 80], [110, 95]], regions=2), small([[100, 80], [110, 95]])
    found = both.run().demand.small_area
    same_bits(found[:, 0], found[:, 1])
    np.testing.assert_allclose(found[:, :1], one.run().demand.small_area, rtol=1e-12, atol=1e-12)


@given(setups(levers=False))
def test_pupils_are_conserved_with_mixing(setup: Setup) -> None:
    """I1 on districts that do mix: what is neither carried up nor moved is clipped at 0."""
    setup = replace(setup, demand=replace_method(setup.demand))
    ran = setup.run()
    assume((ran.demand.small_area != 0).any())
    assert all(check.passed for check in ran.checks)


def replace_method(demand: DemandSettings) -> DemandSettings:
    return demand.model_copy(update={"progression": Calibration(method="shrunk")})
