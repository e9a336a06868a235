"""The Result of a finished run: frames, labels and notes."""

from __future__ import annotations

from capacity import __version__
from capacity.base.fields import Fixed, Texts
from capacity.inputs.districts.district import District
from capacity.inputs.districts.measured import measured_on
from capacity.inputs.scenarios.scenario import Scenario
from capacity.model.assumptions import BAND_RED, BAND_YELLOW
from capacity.model.run import Run
from capacity.results import assumptions
from capacity.results.frames import frames_of
from capacity.results.identity import identity
from capacity.results.labels import Labels, LevelLabel, RegionLabel
from capacity.results.notes import notes_of
from capacity.results.result import Result


def build_result(scenario: Scenario, run: Run) -> Result:
    """Make the tables that people read, labels and notes of a run."""
    return Result(
        scenario,
        labels_of(scenario),
        notes=notes_of(scenario, run),
        _frames=frames_of(scenario, run),
        _chances=run.draws,
        measured=measured_on(scenario.district, __version__),
    )


def labels_of(scenario: Scenario, run_id: str = "") -> Labels:
    """Return the names, targets and provenance that charts and text show.

    ``run_id`` is that of a run read back; by default that of the scenario as it is.
    """
    district = scenario.district
    return Labels(
        scenario=scenario.name,
        title=_fixed(scenario.title),
        question=_fixed(scenario.question) if scenario.question else Fixed(),
        regions=region_labels(district),
        levels=level_labels(district),
        district=_fixed(district.title),
        base_year=scenario.horizon.base_year,
        bands=(BAND_YELLOW.value, BAND_RED.value),
        new_places=district.targets.new_places,
        new_places_by=district.targets.new_places_by,
        gap_target=district.targets.gap,
        sources=assumptions.sources(district),
        quality=assumptions.worst_quality(district),
        split_assumed=assumptions.split_assumed(district, scenario.horizon.base_year),
        run_id=run_id or identity(scenario)[:8],
    )


def region_labels(district: District) -> tuple[RegionLabel, ...]:
    """Return what outputs call the regions of a district, and where they stand on the compass."""
    return tuple(RegionLabel(r.code, _fixed(r.title), r.cell, r.within) for r in district.regions)


def level_labels(district: District) -> tuple[LevelLabel, ...]:
    """Return what outputs call the levels of a district, with their grades."""
    return tuple(
        LevelLabel(v.code, _fixed(v.title), v.grades, v.pool == "district") for v in district.levels
    )


def _fixed(text: Texts) -> Fixed[str, str]:
    return Fixed(text.model_dump())
