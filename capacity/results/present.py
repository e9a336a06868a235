"""A finished run's arrays to its Result: frames, labels and notes."""

from __future__ import annotations

from capacity import __version__
from capacity.base.fields import Fixed, Texts
from capacity.inputs.districts.district import District
from capacity.inputs.districts.measured import measured_on
from capacity.inputs.scenarios.scenario import Scenario
from capacity.model.assumptions import BAND_RED, BAND_YELLOW
from capacity.model.checks import check
from capacity.model.composition import composition
from capacity.model.data import Adjustments, World
from capacity.model.draws.chances import Chances
from capacity.model.entry import entry_rows
from capacity.model.simulate import Outcome, Prepared
from capacity.model.supply import constrained
from capacity.model.totals import any_part, totals
from capacity.results import assumptions, notes
from capacity.results import frames as tables
from capacity.results.identity import identity
from capacity.results.labels import Labels, LevelLabel, RegionLabel
from capacity.results.leverlog import levers_frame
from capacity.results.result import Result


def result_of(
    scenario: Scenario,
    world: World,
    adjustments: Adjustments,
    prepared: Prepared,
    outcome: Outcome,
    chances: Chances | None = None,
) -> Result:
    """Sum a run up into the tables that people read."""
    axes, pooled = world.axes, world.pooled
    demand, supply = prepared.demand, prepared.supply
    rows = totals(outcome, axes.members, pooled)
    bounded = constrained(world, scenario.supply, scenario.demand.progression.window)
    steps = (*demand.steps, *supply.steps)
    full, summary = any_part(bounded, axes.members), chances.summary if chances else None
    entry = entry_rows(outcome, axes, axes.members, pooled)
    frames = {
        "results": tables.results_frame(scenario.name, axes, rows, full, summary),
        "entry": tables.entry_frame(axes, entry, summary),
        "chance": tables.chance_frame(axes, chances),
        "pupils": tables.pupils_frame(axes, outcome.pupils),
        "supply": tables.supply_frame(axes, composition(supply, axes)),
        "levers": levers_frame(scenario.levers, axes, steps, supply.project_steps, adjustments),
        "checks": tables.checks_frame(check(outcome, demand, rows, axes.members, pooled)),
        "assumptions": assumptions.assumptions_frame(
            scenario, world, demand, supply.projects.status, chances
        ),
    }
    said = (
        *scenario.warnings,
        *notes.read_otherwise(scenario),
        *notes.of_chance(scenario, chances),
        *notes.without_effect(scenario, adjustments, demand, supply),
        *notes.notes(scenario.name, axes, demand, outcome),
        *notes.bounded(scenario.name, axes, bounded),
    )
    labels = labels_of(scenario)
    return Result(
        scenario,
        labels,
        notes=said,
        _frames=frames,
        _chances=chances,
        measured=measured_on(scenario.district, __version__),
    )


def labels_of(scenario: Scenario, run_id: str = "") -> Labels:
    """Give the names, targets and provenance that charts and text show.

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
    """Give what outputs call the regions of a district, and where they stand on the compass."""
    return tuple(RegionLabel(r.code, _fixed(r.title), r.cell, r.within) for r in district.regions)


def level_labels(district: District) -> tuple[LevelLabel, ...]:
    """Give what outputs call the levels of a district, with their grades."""
    return tuple(
        LevelLabel(v.code, _fixed(v.title), v.grades, v.pool == "district") for v in district.levels
    )


def _fixed(text: Texts) -> Fixed[str, str]:
    return Fixed(text.model_dump())
