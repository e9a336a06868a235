"""What a reader of a run must know: where the model had no data and what it did instead."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import compress
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Bools
from capacity.base.errors import At, Phrase, Problem, Problems, phrase, quote
from capacity.base.settings import SOURCES
from capacity.base.titles import Titles, filled, listed, spans
from capacity.inputs.tables.withheld import AS_WITHHELD
from capacity.model.assumptions import CONSTRAINED_FROM
from capacity.results.past import area_name, cells, notes_of_past

if TYPE_CHECKING:
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.model.data import ModelData
    from capacity.model.draws.spread import Spread
    from capacity.model.run import Run

#: Counts that differ by less are one.
_HALF = 0.5
#: Pupils a place from which places look like a slip of the pen (a school in two shifts fills each
#: twice), and so few heads are told of nowhere.
_FULL, _HEADS = 2.0, 50.0
#: Names listed, at most.
_MOST = 6


def notes_of(scenario: Scenario, run: Run, spread: Spread | None = None) -> tuple[Problem, ...]:
    """Return what a reader must know of a run: of its inputs first, then of what it did.

    ``spread`` is that of its forecasts where it was not drawn but is told of as if it were.
    """
    spread = run.draws.spread if run.draws is not None else spread
    return (
        *scenario.warnings,
        *_read_otherwise(scenario),
        *_of_spread(scenario, run, spread),
        *_without_effect(scenario, run),
        *_of_demand(scenario, run),
        *_without_pupils(scenario, run),
        *_without_places(scenario, run),
        *_bounded(scenario, run),
        *notes_of_past(scenario.name, run, scenario.district.titles),
    )


def _of_demand(scenario: Scenario, run: Run) -> tuple[Problem, ...]:
    """Say where ratios, births or homes were not known, and what was done instead."""
    found, at, axes, demand = Problems(), At(scenario.name), run.data.axes, run.demand
    titles = scenario.district.titles
    areas = _areas(axes, titles)
    found.extend(_entry_held(at, run, titles))
    kept = np.asarray(demand.held[1:].any(axis=0)) & _ever(run.data)
    kept &= ~demand.stated.unfed
    without_groups = _new_groups(scenario.district.table("enrolment"), axes)
    for chosen, wanted in ((~without_groups, "past_year"), (without_groups, "past_groups")):
        for grades, rows in _alike(kept & chosen[:, None], axes.grade.labels):
            facts = {"regions": _named(areas, rows), "wanted": phrase(f"facts.{wanted}")}
            found.warning("grades-held", at, grades=grades, **facts)
    if np.any(demand.without_ratio):
        without = _named(areas, demand.without_ratio)
        found.warning("children-without-ratio", at, regions=without)
    found.extend(_of_homes(at, run, titles))
    added = run.outcome.clipped.sum(axis=(0, 2, 3))
    if added.any():
        found.warning("clipped", at, pupils=added.sum(), regions=_named(areas, added > 0))
    return found.warnings


def _areas(axes: Axes, titles: Titles) -> list[Phrase]:
    return [area_name(axes, area, titles) for area in range(len(axes.area))]


def _ever(data: ModelData) -> Bools:
    """Mark the grades in which an area has pupils or had any, ``(area, grade)``."""
    past = data.pupils[: data.axes.start + 1]
    return np.asarray((np.nan_to_num(past) > 0).any(axis=0))


def _new_groups(enrolment: pd.DataFrame, axes: Axes) -> Bools:
    """Mark the areas of groups that no earlier year names, though it counts their region."""
    earlier = enrolment[enrolment["year"] < axes.base]
    counted, regions = (
        set(zip(earlier["region"], earlier["group"], strict=True)),
        set(earlier["region"]),
    )
    return np.array([area not in counted and area[0] in regions for area in axes.area.labels])


def _entry_held(at: At, run: Run, titles: Titles) -> tuple[Problem, ...]:
    """Say where, in which years and at what the first grade is held."""
    found, demand, axes = Problems(), run.demand, run.data.axes
    held = np.asarray(demand.basis[1:] == "held") & _ever(run.data)[:, 0]
    last = run.data.pupils[axes.start, :, 0]
    entering = demand.cohort[1:].max(axis=2)
    as_last = np.abs(entering - last) < _HALF
    areas, years = _areas(axes, titles), axes.horizon.labels[1:]
    for at_last, level in ((True, "held_base"), (False, "held_level")):
        for when, rows in _alike((held & (as_last == at_last)).T, years):
            facts = {"years": when, "level": phrase(f"facts.{level}")}
            found.warning("entry-held", at, regions=_named(areas, rows), **facts)
    return found.warnings


def _without_pupils(scenario: Scenario, run: Run) -> tuple[Problem, ...]:
    """Name the counted projects that bring places where there are no pupils in any year.

    Those of a pooled level serve the district.
    """
    axes, projects, titles = run.data.axes, run.supply.projects, scenario.district.titles
    pupils = run.outcome.demand[..., 0].max(axis=0)  # (region, level)
    alone = run.data.pools.alone(len(axes.region))
    idle = (projects.places > 0) & (pupils[projects.region] <= 0) & alone[projects.region]
    found = Problems()
    names = []
    for row, level in np.argwhere(idle).tolist():
        region = axes.region.labels[projects.region[row]]
        cell = titles.cell(region, axes.level.labels[level])
        names.append(filled("facts.project_at", project=projects.code[row], cell=cell))
    if names:
        named = listed(names, _MOST)
        found.warning("project-without-pupils", At(scenario.name), projects=named)
    return found.warnings


def _of_homes(at: At, run: Run, titles: Titles) -> tuple[Problem, ...]:
    """Say which homes the ratios already hold, by the years on which they lean."""
    found, axes, homes = Problems(), run.data.axes, run.demand.homes
    for here, region in enumerate(axes.region.labels):
        here_off = (homes.taken_off > 0) & (axes.region_of == here)[:, None]
        if here_off.any():
            usual, counted = homes.usual[here_off], homes.counted[:, here_off].any(axis=1)
            years = [axes.year.labels[year] for year in np.flatnonzero(counted)]
            found.warning(
                "homes-taken-off",
                at,
                region=titles.region(region),
                homes=_span(f"{usual.min():,.0f}", f"{usual.max():,.0f}"),
                pupils=homes.taken_off[here_off].sum(),
                years=_span(str(years[0]), str(years[-1])),
            )
        if homes.without_past[here]:
            found.warning("homes-without-past", at, region=titles.region(region))
    unplaced = np.maximum(homes.unplaced[1:], 0.0).sum(axis=0)
    if unplaced.any():
        named = cells(unplaced > 0, axes, titles, unplaced)
        found.warning("homes-without-school", at, cells=named, pupils=unplaced.sum())
    return found.warnings


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first}–{last}"


def _without_places(scenario: Scenario, run: Run) -> tuple[Problem, ...]:
    """Name the cells whose pupils of the base year fill each place of their own `_FULL` times."""
    found, data, outcome = Problems(), run.data, run.outcome
    pupils, places = (side[0, ..., 0] for side in (outcome.demand, outcome.places))
    few = (pupils >= _FULL * places) & (pupils >= _HEADS)
    few &= data.pools.alone(len(data.axes.region))
    for region, level in np.argwhere(few).tolist():
        one = np.zeros_like(few)
        one[region, level] = True
        facts = {"pupils": float(pupils[region, level]), "places": float(places[region, level])}
        cell = _cells(data.axes, one, scenario.district.titles)
        found.warning("places-few", At(scenario.name), cell=cell, year=data.axes.base, **facts)
    return found.warnings


def _bounded(scenario: Scenario, run: Run) -> tuple[Problem, ...]:
    """Say which cells' demand is a lower bound."""
    found = Problems()
    if run.bounded.any():
        named = _cells(run.data.axes, run.bounded, scenario.district.titles)
        facts = {"cells": named, "from_": CONSTRAINED_FROM.value}
        found.warning("constrained", At(scenario.name), **facts)
    return found.warnings


def _of_spread(scenario: Scenario, run: Run, spread: Spread | None) -> tuple[Problem, ...]:
    """Say where the spread of ratios is the documented default, and whom it leaves out."""
    found, sources = Problems(), scenario.chance.sources
    varies = "ratios" in (SOURCES if sources is None else sources)
    if spread is not None and varies and not spread.origins:
        found.warning("spread-default", At(scenario.name))
    if spread is not None and varies and spread.irregular.any():
        areas = _areas(run.data.axes, scenario.district.titles)
        wild = _named(areas, spread.irregular)
        found.warning("spread-irregular", At(scenario.name), areas=wild)
    return found.warnings


def _read_otherwise(scenario: Scenario) -> tuple[Problem, ...]:
    """Count what was read otherwise than written: full-width digits, units, total rows.

    Counts that are withheld have a line of their own.
    """
    changes, found = scenario.district.changes, Problems()
    changes = tuple(change for change in changes if change.kind != AS_WITHHELD)
    if changes:
        kinds = Counter[str]()
        for change in changes:
            kinds[change.kind] += change.count
        found.warning(
            "read-otherwise",
            changes[0].at,
            count=kinds.total(),
            kinds=tuple(phrase(f"facts.change_{kind}", count=n) for kind, n in kinds.most_common()),
            first=f"{quote(changes[0].before)} → {quote(changes[0].after)}",
        )
    return found.warnings


def _without_effect(scenario: Scenario, run: Run) -> tuple[Problem, ...]:
    """Name the levers that changed nothing: they chose no cell, year or project."""
    found = Problems()
    for number, lever in enumerate(scenario.levers, start=1):
        if number not in run.acted:
            found.warning("lever-without-effect", lever.at(), kind=lever.kind)
    return found.warnings


def _named(names: Iterable[Phrase], marked: Iterable[bool]) -> Phrase:
    return listed(compress(names, marked), _MOST)


def _cells(axes: Axes, marked: Bools, titles: Titles) -> Phrase:
    """Name the marked cells, regions with the same levels together."""
    patterns: dict[tuple[bool, ...], list[Phrase]] = {}
    for region, levels in zip(axes.region.labels, marked.tolist(), strict=True):
        if any(levels):
            patterns.setdefault(tuple(levels), []).append(titles.region(region))
    of_levels = [titles.level(code) for code in axes.level.labels]
    said = [
        filled(
            "facts.cell_of",
            cell=listed(regions, _MOST),
            said=listed(compress(of_levels, levels), len(levels)),
        )
        for levels, regions in patterns.items()
    ]
    return listed(said, len(said), "nouns.semicolon")


def _alike(kept: Bools, labels: Sequence[int]) -> list[tuple[Phrase, Bools]]:
    """Group areas that hold the same grades, or hold in the same years."""
    patterns = {tuple(row) for row in kept.tolist() if any(row)}
    return [
        (spans(compress(labels, pattern)), (kept == np.array(pattern)).all(axis=1))
        for pattern in sorted(patterns)
    ]
