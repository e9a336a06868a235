"""The demand side of a run: cohorts, ratios and moves under the scenario's levers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.base.settings import Demand as DemandSettings
from capacity.model.assumptions import CLOSED_FROM, MIXING_YEARS
from capacity.model.births import birth_cohorts, extend_births
from capacity.model.breaks import LookBack
from capacity.model.data import Adjustment, Adjustments, ModelData
from capacity.model.history import history_of
from capacity.model.homes import Homes, prepare_homes
from capacity.model.levers import Step, adjust
from capacity.model.mixing import small_area_moves
from capacity.model.ratios import Ratios, calibrate
from capacity.model.roll import Flow, Transfers, progressed, roll_forward


@dataclass(frozen=True, eq=False)
class Demand(Arrays):
    """Everything that the roll needs, and how it was found.

    Years are the horizon; a draw axis has length 1 as prepared, and more once drawn.

    Attributes
    ----------
    base : (area, grade, draw)
        Pupils of the base year.
    births : (year, area)
        By births year, continued beyond the last known one.
    cohort : (horizon, area, draw)
        Births or children of the cohort that enters; pupils of the base year where held.
    kappa : (horizon, area, draw)
        Entrants per birth, per child, or 1 where held.
    ratios : (horizon, area, grade, draw)
        Progression into each grade; 0 where held.
    migration, housing, held_pupils, small_area : (horizon, area, grade, draw)
        Pupils that move, that new homes bring, those of grades held at the base year, and those
        that take small areas towards what they have (`small_area_moves`).
    later_births, later_children : (horizon, area, grade, draw)
        Pupils who enter a later grade by a ratio per birth, or per child, of their cohort.
    transfers
        Flows and rezoning.
    basis : (horizon, area)
        ``"births"``, ``"children"``, ``"held"`` or ``"closed"``.
    held : (horizon, area, grade)
        Grades above the first kept at the base year, for want of a ratio.
    without_ratio : (area)
        Children are known but no ratio per child, so births are kept.
    before_levers : (horizon, area, grade)
        Pupils of the central run before any lever: how large a cohort is to its spread.
    past
        The past forecast year by year, and its breaks.
    homes
        What homes bring, and what of them the ratios hold.
    stated
        The ratios before levers.
    steps
        What each lever changed.
    """

    base: Floats
    births: Floats
    cohort: Floats
    kappa: Floats
    ratios: Floats
    migration: Floats
    housing: Floats
    held_pupils: Floats
    small_area: Floats
    later_births: Floats
    later_children: Floats
    transfers: Transfers
    basis: NDArray[np.str_]
    held: Bools
    without_ratio: Bools
    before_levers: Floats
    past: LookBack
    homes: Homes
    stated: Ratios
    steps: tuple[Step, ...]

    @property
    def entrants(self) -> Floats:
        """Children who come into the first grade, before moves, ``(horizon, area, draw)``."""
        return self.kappa * self.cohort

    @property
    def moves(self) -> Floats:
        """Pupils added or taken, ``(horizon, area, grade, draw)``."""
        others = self.held_pupils + self.later_births + self.later_children
        return self.migration + self.housing + others + self.small_area


def prepare_demand(data: ModelData, settings: DemandSettings, adjustments: Adjustments) -> Demand:
    """Calibrate ratios, continue births, and apply the levers on demand."""
    ratios, by = calibrate(data, settings), adjustments.values
    known = extend_births(data.births, settings.births.after_last)
    births, birth_steps = adjust("births", known, by.get("births", ()))
    entry = _entry(data, ratios, births, by.get("entry", ()))
    above = _progression(data, ratios, births, by)
    no_moves = np.zeros_like(ratios.progression)
    migration, migration_steps = adjust("migration", no_moves, by.get("migration", ()))
    flows, flow_steps = _flowing(data, by.get("flows", ()))
    transfers = Transfers(flows, _rezoned(data, adjustments))
    past = LookBack(history_of(data), settings)
    small_area, before_levers = _before_levers(data, settings, ratios, known, past)
    base = data.pupils[data.axes.start]
    others = migration + small_area + np.where(above.held, base, 0.0)
    way = _Way(data, entry, above, others, transfers)
    homes = _homes(settings, ratios, way, by.get("housing", ()))
    return Demand(
        base=base[..., None],
        births=births,
        cohort=entry.cohort[..., None],
        kappa=entry.kappa[..., None],
        ratios=above.carried[..., None],
        migration=migration[..., None],
        housing=homes.moves[..., None],
        held_pupils=np.where(above.held, base, 0.0)[..., None],
        small_area=small_area[..., None],
        later_births=above.by_births[..., None],
        later_children=above.by_children[..., None],
        transfers=transfers,
        basis=entry.basis,
        held=above.held,
        without_ratio=entry.without_ratio,
        before_levers=before_levers,
        past=past,
        homes=homes,
        stated=ratios,
        steps=(
            *(*birth_steps, *entry.steps, *above.steps),
            *(*migration_steps, *flow_steps, *homes.steps),
        ),
    )


def _flowing(data: ModelData, levers: Sequence[Adjustment]) -> tuple[tuple[Flow, ...], list[Step]]:
    """Flows of the years after the base, levers applied."""
    if not levers:
        return data.flows, []
    stated = np.broadcast_to(data.shares, (len(data.axes.horizon), len(data.shares)))
    shares, steps = adjust("flows", stated, levers)
    return tuple(flow.stating(shares[1:]) for flow in data.flows), steps


def _before_levers(
    data: ModelData, settings: DemandSettings, ratios: Ratios, births: Floats, past: LookBack
) -> tuple[Floats, Floats]:
    """Return moves that mix small areas, and pupils, before levers: ``(horizon, area, grade)``."""
    transfers = Transfers(data.flows, {})
    entry = _entry(data, ratios, births, ())
    above = _progression(data, ratios, births, {})
    held = np.where(above.held, data.pupils[data.axes.start], 0.0)
    way = _Way(data, entry, above, held, transfers)
    small_area = _small_area(ratios, way, past)
    way = replace(way, others=held + small_area)
    homes = _homes(settings, ratios, way, ())
    return small_area, way.pupils(homes.moves)


@dataclass(frozen=True, eq=False)
class _Way:
    """The way of all cohorts but for what new homes bring.

    ``others`` are the pupils that come by no ratio, but those of later entry: migration, small-area
    mixing, grades held.
    """

    data: ModelData
    entry: _Entry
    above: _Above
    others: Floats
    transfers: Transfers

    @property
    def entrants(self) -> Floats:
        """Children who come into the first grade, ``(horizon, area)``."""
        return self.entry.kappa * self.entry.cohort

    @property
    def later(self) -> Floats:
        """Pupils who enter later grades by their cohorts, ``(horizon, area, grade)``."""
        return self.above.by_births + self.above.by_children

    def pupils(self, moves: Floats | float = 0.0) -> Floats:
        """Pupils of every cell with some moves beside, ``(horizon, area, grade)``."""
        base = self.data.pupils[self.data.axes.start][..., None]
        every = (self.others + self.later + moves)[1:, ..., None]
        args = (self.entrants[1:, :, None], self.above.carried[1:, ..., None], every)
        return np.asarray(roll_forward(base, *args, self.transfers)[0][..., 0])

    def with_school(self) -> Bools:
        """Mark the cells that have a school, ``(horizon, area, grade)``.

        None has one into which nobody is carried, nor where nobody is in any grade of the level.
        """
        pupils, each = self.pupils(), np.ones_like(self.others[0])[..., None]
        carried = [
            progressed(each, ratio, self.transfers, max(year - 1, 0))[..., 0]
            for year, ratio in enumerate(self.above.carried[..., None])
        ]
        reached = (np.array(carried) > 0) | self.above.held | (self.later > 0)
        reached[:, :, 0] = self.entry.kappa > 0
        for areas, level_of in self.data.axes.streams:
            for level in np.unique(level_of):
                here = np.ix_(np.ones(len(pupils), dtype=bool), areas, level_of == level)
                reached[here] &= (pupils[here] > 0).any(axis=2, keepdims=True)
        return reached


def _homes(
    settings: DemandSettings, ratios: Ratios, way: _Way, levers: Sequence[Adjustment]
) -> Homes:
    """Return what homes bring where there is a school."""
    by_children = np.asarray((way.entry.basis[1:2] == "children").any(axis=0))
    homes = prepare_homes(way.data, settings, ratios.estimate, by_children, levers)
    return homes.placed_in(way.with_school()) if homes.moves.any() else homes


def _small_area(ratios: Ratios, way: _Way, past: LookBack) -> Floats:
    """Small-area mixing on the path of cohorts before levers, ``(horizon, area, grade)``."""
    if not ratios.small_area.any():
        return np.zeros(ratios.progression.shape)
    axes = way.data.axes
    counts = way.data.pupils[: axes.start + 1]
    lately = range(len(counts) - int(MIXING_YEARS.value), len(counts))
    nobody = (way.entrants == 0) & (counts[-1, :, 0] >= CLOSED_FROM.value)
    nobody[0] = False  # the base year has come
    emptied = np.logical_or.accumulate(nobody)
    return small_area_moves(
        counts,
        entrants=way.entrants,
        ratios=way.above.carried,
        chosen=ratios.small_area,
        others=way.others + way.later,
        transfers=way.transfers,
        opened=ratios.open,
        changing=ratios.changing | emptied | past.broken(lately, len(axes.area)),
    )


@dataclass(frozen=True, eq=False)
class _Entry:
    cohort: Floats
    kappa: Floats
    basis: NDArray[np.str_]
    without_ratio: Bools
    steps: list[Step]


def _entry(data: ModelData, ratios: Ratios, births: Floats, levers: Sequence[Adjustment]) -> _Entry:
    """Cohort and entry ratio of every year and area, and what they rest on.

    Where neither births nor children have a ratio, or births are none in every year though pupils
    enter, as many enter as before, each the cohort of one: their ratio is 1, and levers act on
    that.
    """
    start = data.axes.start
    born = _shown(data, ratios, birth_cohorts(births, data.weights)[start:], levers)
    unborn = (np.nan_to_num(births) == 0).all(axis=0) & (data.pupils[start, :, 0] > 0)
    born[:, unborn] = np.nan  # pupils of no births: their births are counted elsewhere
    children = data.children[start:]
    by_children: Bools = ~np.isnan(children) & ~np.isnan(ratios.per_child)
    # A first grade that is closed stays so where births are not known.
    per_birth = np.where(np.isnan(born) & (ratios.per_birth != 0), np.nan, ratios.per_birth)
    closed = ratios.closed[:, :, 0]
    known = np.where(closed, np.nan, np.where(by_children, ratios.per_child, per_birth))
    after, _ = adjust("entry", known, levers)
    held = np.isnan(after)  # a lever that sets the ratio has freed or opened the first grade
    closed = closed & held
    kappa, steps = adjust("entry", np.where(np.isnan(known), 1.0, known), levers)
    held = (held | (~by_children & np.isnan(born))) & ~closed
    cohort = np.select([held, by_children], [ratios.entrants, children], born)
    return _Entry(
        cohort=np.where(closed, np.nan_to_num(cohort), cohort),
        kappa=np.where(closed, 0.0, kappa),
        basis=np.select([closed, held, by_children], ["closed", "held", "children"], "births"),
        without_ratio=np.asarray(
            (~np.isnan(children) & np.isnan(ratios.per_child))[1:].any(axis=0)
        ),
        steps=steps,
    )


def _shown(data: ModelData, ratios: Ratios, born: Floats, levers: Sequence[Adjustment]) -> Floats:
    """Births as first grades show them; as counted where the ratio is stated."""
    by_lever, _ = adjust("entry", np.full_like(born, np.nan), levers)
    stated = ~np.isnan(data.given[:, :, 0]) | ~np.isnan(by_lever)
    return np.where(stated, born, ratios.estimate.passing.of(born))


@dataclass(frozen=True, eq=False)
class _Above(Arrays):
    """What comes into the grades above the first, each ``(horizon, area, grade)``.

    ``carried`` is the ratio from the grade below; `by_births` and `by_children` are the pupils
    of later entry.
    """

    carried: Floats
    by_births: Floats
    by_children: Floats
    held: Bools
    steps: list[Step]


def _progression(
    data: ModelData, ratios: Ratios, births: Floats, by: Mapping[str, Sequence[Adjustment]]
) -> _Above:
    """Ratio into every grade above the first, and the grades held for want of one.

    A ratio per child of a cohort that is counted wins over one per birth, and that over the
    grade below.
    """
    axes = data.axes
    born = cohorts_by_grade(birth_cohorts(births, data.weights), axes)
    children = cohorts_by_grade(data.children, axes)
    by_children: Bools = ~np.isnan(data.later_per_child * children)
    by_births: Bools = ~np.isnan(data.later_per_birth * born) & ~by_children
    ratio = np.where(by_births, data.later_per_birth, ratios.progression)
    ratio = np.where(by_children, data.later_per_child, ratio)
    stated = np.where(np.isnan(data.onward), 1.0, data.onward)
    onward = np.broadcast_to(stated, (*ratio.shape[:2], len(axes.level)))
    after, onward_steps = adjust("onward_share", onward, by.get("onward_share", ()))
    for level, first in enumerate(axes.entry if onward_steps else ()):
        own = axes.entering(level)
        ratio[:, own, first] *= (after / onward)[:, own, level]
    later = by_births | by_children
    closed: Bools = ratios.closed & ~later
    ratio[closed] = np.nan  # what is closed only a lever that sets its ratio opens
    ratio, steps = adjust("progression", ratio, by.get("progression", ()))
    held: Bools = np.isnan(ratio)  # and what is held it frees
    held[:, :, list(axes.unlinked_grades)] = True
    held &= ~later & ~closed
    return _Above(
        carried=np.where(held | later, 0.0, np.nan_to_num(ratio)),
        by_births=np.where(by_births, ratio * np.nan_to_num(born), 0.0),
        by_children=np.where(by_children, ratio * np.nan_to_num(children), 0.0),
        held=held,
        steps=[*onward_steps, *steps],
    )


def cohorts_by_grade(cohorts: Floats, axes: Axes) -> Floats:
    """Cohorts by the year in which they reach each grade: ``(year, area)`` to those of the horizon.

    Returns
    -------
    (horizon, area, grade)
        nan where unknown: before the first year, or later than that of a grade.
    """
    reached = np.full((len(axes.horizon), cohorts.shape[1], len(axes.grade)), np.nan)
    for grade, label in enumerate(axes.grade.labels):
        later = label - axes.grade.labels[0]
        years = np.arange(len(axes.horizon)) + axes.start - later
        known = (years >= 0) & (years < len(cohorts))
        reached[known, :, grade] = cohorts[years[known]]
    return reached


def _rezoned(data: ModelData, adjustments: Adjustments) -> dict[int, Floats]:
    """Shares of the entrants that go elsewhere, by first grade, for the years after the base."""
    axes = data.axes
    rezoned: dict[int, Floats] = {}
    for lever in adjustments.rezonings:
        grade = axes.entry[lever.level]
        share = rezoned.setdefault(
            grade, np.zeros((len(axes.horizon), len(axes.area), len(axes.area)))
        )
        own = axes.entering(lever.level) & ~axes.nowhere[:, grade]
        for here in np.flatnonzero(own & (axes.region_of == lever.source)):
            group = axes.area.labels[here][1]
            there = axes.area.at((axes.region.labels[lever.target], group))
            share[lever.years, here, there] += lever.share
    return {grade: share[1:] for grade, share in rezoned.items()}
