"""What carries demand through the years: cohorts, ratios and moves, levers applied."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from capacity.axes import Bools, Floats, ordered_sum
from capacity.inputs.scenario_file import Demand as DemandSettings
from capacity.inputs.world import Adjustment, Adjustments, World
from capacity.model import births as births_of
from capacity.model import calibration, housing
from capacity.model.levers import Step, adjust
from capacity.model.roll import Paths


@dataclass(frozen=True)
class Demand:
    """Everything that the roll needs, and how it was found; years are the horizon.

    Attributes
    ----------
    cohort : (horizon, area)
        Births or children of the cohort that enters; pupils of the base year where held.
    kappa : (horizon, area)
        Entrants per birth, per child, or 1 where held.
    ratios : (horizon, area, grade)
        Progression into each grade; 0 where held.
    moves : (horizon, area, grade)
        Pupils added or taken: migration, housing, and the pupils of held grades.
    paths
        Flows and rezoning.
    basis : (horizon, area)
        ``"births"``, ``"children"`` or ``"held"``.
    held : (horizon, area, grade)
        Grades above the first kept at the base year, for want of a ratio.
    without_ratio : (area)
        Children are known but no ratio per child, so births are kept.
    usual_homes : (region)
        Homes a year that the ratios already hold.
    taken_off : (region, grade)
        Pupils a year of those homes, which were not counted again.
    homes_without_past : (region)
        Homes are given, but for no calibration year.
    steps
        What each lever changed.
    """

    cohort: Floats
    kappa: Floats
    ratios: Floats
    moves: Floats
    paths: Paths
    basis: NDArray[np.str_]
    held: Bools
    without_ratio: Bools
    usual_homes: Floats
    taken_off: Floats
    homes_without_past: Bools
    steps: tuple[Step, ...]


def prepare(world: World, settings: DemandSettings, adjustments: Adjustments) -> Demand:
    """Calibrate, continue births, and apply the levers on demand."""
    by = adjustments.values
    births, birth_steps = adjust(
        "births", births_of.extend(world.births, settings.births.after_last), by.get("births", ())
    )
    cohort, kappa, basis, without_ratio, entry_steps = _entry(
        world, settings, births, by.get("entry", ())
    )
    ratios, ratio_steps, held = _progression(world, settings, by)
    window = world.axes.window(settings.progression.window)
    usual = housing.usual(world.homes, window)
    known = ~np.isnan(world.homes)
    moves, move_steps = _moves(world, usual, by)
    moves = moves + np.where(held, world.pupils[world.axes.start], 0.0)
    return Demand(
        cohort=cohort,
        kappa=kappa,
        ratios=ratios,
        moves=moves,
        paths=Paths(world.flows, _rezoned(world, adjustments)),
        basis=basis,
        held=held,
        without_ratio=without_ratio,
        usual_homes=usual,
        taken_off=usual[:, None] * ordered_sum([np.zeros(len(world.axes.grade)), *world.per_home]),
        homes_without_past=np.asarray(known.any(axis=0) & ~known[window].any(axis=0)),
        steps=(*birth_steps, *entry_steps, *ratio_steps, *move_steps),
    )


def _entry(
    world: World, settings: DemandSettings, births: Floats, levers: Sequence[Adjustment]
) -> tuple[Floats, Floats, NDArray[np.str_], Bools, list[Step]]:
    """Cohort and entry ratio of every year and area, and what they rest on.

    Where neither births nor children have a ratio, the pupils of the base year enter again,
    each the cohort of one: their ratio is 1, and levers act on that.
    """
    axes = world.axes
    start, window = axes.start, axes.window(settings.entry.window)
    method = calibration.METHODS[settings.entry.method]
    entrants = np.where(np.isnan(world.sought), world.pupils[:, :, 0], world.sought)
    entrants = np.where(world.flagged, np.nan, entrants)
    observed = births_of.cohorts(world.births, world.weights)
    per_birth = _stated_or(world.given[:, :, 0], method(entrants, observed, window))
    per_child = _stated_or(world.given_per_child, method(entrants, world.children, window))
    born = births_of.cohorts(births, world.weights)[start:]
    children = world.children[start:]

    by_children: Bools = ~np.isnan(children) & ~np.isnan(per_child)
    known = np.where(by_children, per_child, np.where(np.isnan(born), np.nan, per_birth))
    kappa, _ = adjust("entry", known, levers)
    held = np.isnan(kappa)  # a lever that sets the ratio has freed the first grade
    whole, steps = adjust("entry", np.where(np.isnan(known), 1.0, known), levers)
    held |= ~by_children & np.isnan(born)
    cohort = np.select([held, by_children], [world.pupils[start, :, 0], children], born)
    basis = np.select([held, by_children], ["held", "children"], "births")
    without_ratio = np.asarray((~np.isnan(children) & np.isnan(per_child))[1:].any(axis=0))
    return cohort, whole, basis, without_ratio, steps


def _stated_or(given: Floats, calibrated: Floats) -> Floats:
    """Ratios stated in ratios.csv win over calibration."""
    return np.where(np.isnan(given), calibrated, given)


def _progression(
    world: World, settings: DemandSettings, by: Mapping[str, Sequence[Adjustment]]
) -> tuple[Floats, list[Step], Bools]:
    """Ratio into every grade above the first, and the grades held for want of one."""
    axes = world.axes
    into = np.where(world.flagged[:, :, None], np.nan, world.pupils)
    method = calibration.METHODS[settings.progression.method]
    window = axes.window(settings.progression.window)
    calibrated = method(into, calibration.came_from(world.pupils), window)
    for grade in world.flows:
        calibrated[:, grade] = _over_district(into, world.pupils, grade, method, window)
    ratios = _stated_or(world.given, calibrated)
    ratios[:, :, 0] = 0.0
    ratios[:, :, list(axes.orphans)] = np.nan

    first = list(axes.entry)
    stated = np.where(np.isnan(world.onward), 1.0, world.onward)
    onward = np.broadcast_to(stated, ratios[:, :, first].shape)
    after, onward_steps = adjust("onward_share", onward, by.get("onward_share", ()))
    if onward_steps:
        ratios[:, :, first] *= after / onward
    ratios, steps = adjust("progression", ratios, by.get("progression", ()))
    held: Bools = np.isnan(ratios)  # a lever that sets the ratio has freed its grade
    held[:, :, list(axes.orphans)] = True
    return np.where(held, 0.0, ratios), [*onward_steps, *steps], held


def _over_district(
    into: Floats, pupils: Floats, grade: int, method: calibration.Method, window: Sequence[int]
) -> Floats:
    """One ratio for the whole district: flows already say which region gains from which."""
    arriving = ordered_sum([into[:, area, grade] for area in range(into.shape[1])])
    leaving = ordered_sum([pupils[:, area, grade - 1] for area in range(into.shape[1])])
    before = np.concatenate([[np.nan], leaving[:-1]])
    return method(arriving, before, window)


def _moves(
    world: World, usual: Floats, by: Mapping[str, Sequence[Adjustment]]
) -> tuple[Floats, list[Step]]:
    """Migration and housing, ``(horizon, area, grade)``."""
    axes = world.axes
    none = np.zeros((len(axes.horizon), len(axes.area), len(axes.grade)))
    migration, steps = adjust("migration", none, by.get("migration", ()))
    homes = housing.completed(world.homes, usual)
    homes, home_steps = adjust("housing", homes, by.get("housing", ()))
    arriving = housing.arrivals(homes, usual, world.per_home)[axes.start :]
    share = _share_of_region(world)
    moves = migration + arriving[:, axes.region_of] * share[:, None]
    return moves, [*steps, *home_steps]


def _share_of_region(world: World) -> Floats:
    """Share of its region's base-year pupils that an area holds, ``(area)``."""
    axes = world.axes
    pupils = ordered_sum(list(np.moveaxis(world.pupils[axes.start], 1, 0)))
    region = np.zeros(len(axes.region))
    np.add.at(region, axes.region_of, pupils)
    groups = np.bincount(axes.region_of, minlength=len(axes.region))
    total = region[axes.region_of]
    even = 1.0 / groups[axes.region_of]
    return np.where(
        groups[axes.region_of] == 1, 1.0, np.divide(pupils, total, out=even, where=total > 0)
    )


def _rezoned(world: World, adjustments: Adjustments) -> dict[int, Floats]:
    """Shares of the entrants that go elsewhere, by first grade, for the years after the base."""
    axes = world.axes
    rezoned: dict[int, Floats] = {}
    for lever in adjustments.rezonings:
        grade = axes.entry[lever.level]
        share = rezoned.setdefault(
            grade, np.zeros((len(axes.horizon), len(axes.area), len(axes.area)))
        )
        for here, (region, group) in enumerate(axes.area.labels):
            if axes.region.at(region) == lever.source:
                there = axes.area.at((axes.region.labels[lever.target], group))
                share[lever.years, here, there] += lever.share
    return {grade: share[1:] for grade, share in rezoned.items()}
