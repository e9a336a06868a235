"""The Result of a finished run, and the labels of a scenario, or of a district alone."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from capacity import __version__
from capacity.base.fields import Fixed
from capacity.inputs.districts.district import District
from capacity.inputs.districts.measured import measured_on
from capacity.inputs.scenarios.scenario import Scenario
from capacity.model.run import Run
from capacity.results import assumptions
from capacity.results.frames import frames_of
from capacity.results.identity import NUMBERS, identity
from capacity.results.labels import Labels, LevelLabel, RegionLabel, worst_year
from capacity.results.notes import notes_of
from capacity.results.result import Result

if TYPE_CHECKING:
    import pandas as pd


def build_result(scenario: Scenario, run: Run) -> Result:
    """Make the tables that people read, labels and notes of a run."""
    frames = frames_of(scenario, run)
    return Result(
        scenario,
        run_labels(scenario, frames),
        notes=notes_of(scenario, run),
        _frames=frames,
        _draws=run.draws,
        measured=measured_on(scenario.district, __version__, NUMBERS),
    )


def run_labels(scenario: Scenario, frames: Mapping[str, pd.DataFrame], run_id: str = "") -> Labels:
    """Return the labels of a run: those of its scenario, with what its tables tell."""
    labels = labels_of(scenario, run_id)
    return replace(
        labels,
        worst_year=worst_year(frames["results"], labels),
        uncounted=assumptions.uncounted_births(frames["assumptions"]),
    )


def labels_of(scenario: Scenario, run_id: str = "") -> Labels:
    """Return the names, targets and provenance that charts and text show of a scenario.

    ``run_id`` is that of a run read back; by default that of the scenario as it is.
    """
    district, base_year = scenario.district, scenario.horizon.base_year
    named = district_labels(district, base_year, assumptions.TABLES, run_id or identity(scenario))
    return replace(
        named,
        scenario=scenario.name,
        title=Fixed(scenario.title.model_dump()),
        question=Fixed(scenario.question.model_dump() if scenario.question else {}),
        new_places=district.targets.new_places,
        new_places_by=district.targets.new_places_by,
        gap_target=district.targets.gap,
        target_levels=_target_levels(district),
        margin=_margin(scenario),
    )


def _margin(scenario: Scenario) -> float | None:
    """Return the share of places that is kept free: nan where levers change it, None for none."""
    if any(lever.kind == "margin" for lever in scenario.levers):
        return math.nan
    return scenario.supply.margin or None


def _target_levels(district: District) -> tuple[str, ...]:
    """Return the levels of which the targets are, where they are not of all."""
    of = tuple(level.code for level in district.levels if level.code in district.targets.levels)
    return of if len(of) < len(district.levels) else ()


def district_labels(
    district: District, base_year: int, tables: Sequence[str], identity: str
) -> Labels:
    """Return the names and provenance of a district, for studies of its past.

    Parameters
    ----------
    district
    base_year
        The last year of pupils that is read.
    tables
        Names of the tables that are read.
    identity
        SHA-256 of all that decides the numbers.
    """
    title = Fixed(district.title.model_dump())
    return Labels(
        scenario=district.name,
        title=title,
        question=Fixed(),
        regions=tuple(
            RegionLabel(region.code, Fixed(region.title.model_dump()), region.cell, region.within)
            for region in district.regions
        ),
        levels=tuple(
            LevelLabel(
                level.code,
                Fixed(level.title.model_dump()),
                level.grades,
                district.pools_of(level),
                district.sharing(level),
                level.groups,
            )
            for level in district.levels
        ),
        district=title,
        base_year=base_year,
        bands=(district.bands.yellow, district.bands.red),
        idle=district.bands.idle,
        grade_names=Fixed(
            {g: Fixed(name.model_dump()) for g, name in district.grade_names.items()}
        ),
        both_years=district.school_years == "2026/27",
        by_level=district.headline == "levels" and len(district.levels) > 1,
        sources=assumptions.sources(district, tables),
        quality=assumptions.worst_quality(district, tables),
        split_assumed=assumptions.split_assumed(district, base_year),
        run_id=identity[:8],
        outlines=district.outlines,
    )
