"""Ratios of a district: stated in ratios.csv, else calibrated on its own years; before levers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capacity.axes import Arrays, Floats, along, ordered_sum
from capacity.inputs.arrays.world import World
from capacity.inputs.scenarios.declared import Demand as DemandSettings
from capacity.model import calibration
from capacity.model.births import cohorts


@dataclass(frozen=True, eq=False)
class Ratios(Arrays):
    """What a forecast carries into the years ahead; nan where there is no ratio.

    Attributes
    ----------
    per_birth, per_child : (horizon, area)
        Entrants of the first grade per birth, and per child, of their cohort.
    progression : (horizon, area, grade)
        Ratio into each grade; 0 at the first grade of all.
    """

    per_birth: Floats
    per_child: Floats
    progression: Floats


def calibrate(world: World, settings: DemandSettings) -> Ratios:
    """Calibrate every ratio that is not stated.

    Parameters
    ----------
    world
    settings
        Method and window, for entry and for progression.
    """
    window = world.axes.window(settings.entry.window)
    method = calibration.METHODS[settings.entry.method]
    entrants = np.where(np.isnan(world.sought), world.pupils[:, :, 0], world.sought)
    entrants = np.where(world.flagged, np.nan, entrants)
    births = cohorts(world.births, world.weights)
    return Ratios(
        per_birth=_stated_or(world.given[:, :, 0], method(entrants, births, window)),
        per_child=_stated_or(world.given_per_child, method(entrants, world.children, window)),
        progression=_progression(world, settings),
    )


def _stated_or(given: Floats, calibrated: Floats) -> Floats:
    """Ratios stated in ratios.csv win over calibration."""
    return np.where(np.isnan(given), calibrated, given)


def _progression(world: World, settings: DemandSettings) -> Floats:
    window = world.axes.window(settings.progression.window)
    method = calibration.METHODS[settings.progression.method]
    into = np.where(world.flagged[:, :, None], np.nan, world.pupils)
    calibrated = method(into, calibration.came_from(world.pupils), window)
    for grade in world.flows:
        calibrated[:, grade] = _over_district(into, world.pupils, grade, method, window)
    ratios = _stated_or(world.given, calibrated)
    ratios[:, :, 0] = 0.0
    ratios[:, :, list(world.axes.orphans)] = np.nan
    return ratios


def _over_district(
    into: Floats, pupils: Floats, grade: int, method: calibration.Method, window: Sequence[int]
) -> Floats:
    """One ratio for the whole district: flows already say which region gains from which."""
    arriving = ordered_sum(along(into[:, :, grade], 1))
    leaving = ordered_sum(along(pupils[:, :, grade - 1], 1))
    before = np.concatenate([[np.nan], leaving[:-1]])
    return method(arriving, before, window)
