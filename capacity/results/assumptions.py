"""The register of assumptions: what a run rests on, with source and quality."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.model.assumptions import ASSUMPTIONS
from capacity.model.draws.supply import COMPLETION, DELAY, SURE

if TYPE_CHECKING:
    from capacity.base.axes import Axes, Floats
    from capacity.base.settings import Calibration
    from capacity.inputs.districts.district import District
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.model.data import ModelData
    from capacity.model.demand import Demand
    from capacity.model.draws.run_draws import Draws
    from capacity.model.draws.shocks import Spread

COLUMNS = ("kind", "name", "value", "unit", "quality", "source", "known", "note")
#: From the surest; a row that states no quality is UNSTATED.
QUALITIES = ("GREEN", "AMBER", "UNSTATED", "RED")
TABLES = (
    "enrolment",
    "births",
    "children",
    "places",
    "pipeline",
    "ratios",
    "housing",
    "yields",
    "flows",
    "flags",
)
#: Source of what neither the district nor the scenario states.
DEFAULT = "documented default"
#: Tables whose regional figures make a statement about one region.
_SPLIT = ("enrolment", "places")


def assumptions_frame(
    scenario: Scenario,
    world: ModelData,
    demand: Demand,
    statuses: Sequence[str] = (),
    chances: Draws | None = None,
) -> pd.DataFrame:
    """Give the rows of assumptions.csv.

    A row per source of each table (``value`` counts its rows), per ratio before levers, per
    setting and lever of the scenario, and per constant of the model. A table row without a
    source reads ``not stated`` and RED.
    """
    rows = [*_of_tables(scenario.district), *_of_levels(scenario.district), *_settings(scenario)]
    rows += _of_ratios(scenario, world, demand)
    rows += _of_levers(scenario)
    if chances is not None:
        rows += [*_of_spread(chances.spread), *_of_projects(scenario, statuses)]
    rows += [
        {"kind": "model", "name": a.name, "value": a.value, "unit": a.unit}
        | {"quality": a.quality, "source": a.source}
        for a in ASSUMPTIONS
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS)).fillna("")


def _of_tables(district: District) -> list[dict[str, Any]]:
    rows = []
    for name in TABLES:
        if not district.has(name):
            continue
        table = district.table(name)
        table["quality"] = table["quality"].replace("", "RED")
        table["source"] = table["source"].replace("", "not stated")
        marks = ["quality", "source", "known"]
        for (quality, source, known), part in table.groupby(marks, sort=False):
            rows.append(
                {"kind": "table", "name": name, "value": len(part), "unit": "rows"}
                | {"quality": quality, "source": source, "known": known, "note": _notes(part)}
            )
    return rows


def _notes(part: pd.DataFrame) -> str:
    """Give the first note of a group of rows, and how many other notes there are."""
    notes = [note for note in part["note"].unique() if note]
    more = f" (+{len(notes) - 1} more notes)" if len(notes) > 1 else ""
    return (notes[0] if notes else "") + more


def _of_levels(district: District) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for level in district.levels:
        stated = {
            "quality": level.quality or "RED",
            "source": level.source or "district.yaml",
            "known": level.known or "",
            "note": level.note,
        }
        size: dict[str, Any] = {"value": level.class_size, "unit": "pupils a class"}
        named = {"kind": "level", "name": f"{level.code}.class_size"}
        rows.append(named | size | stated)
        if level.onward is not None:
            share: dict[str, Any] = {"value": level.onward, "unit": "share of leavers"}
            named = {"kind": "level", "name": f"{level.code}.onward"}
            rows.append(named | share | stated)
    return rows


def _settings(scenario: Scenario) -> list[dict[str, Any]]:
    demand, supply = scenario.demand, scenario.supply
    settings = {
        "demand.progression.method": demand.progression.method,
        "demand.progression.window": demand.progression.window,
        "demand.entry.method": demand.entry.method,
        "demand.entry.window": demand.entry.window,
        "demand.births.after_last": demand.births.after_last,
        "supply.count": " ".join(supply.count),
        "supply.fill": supply.fill,
    }
    units = {"demand.progression.window": "years", "demand.entry.window": "years"}
    return [
        {"kind": "scenario", "name": name, "value": value, "unit": units.get(name, "")}
        | {"quality": "RED", "source": "choice of the scenario, or its default"}
        for name, value in settings.items()
    ]


def _of_ratios(scenario: Scenario, world: ModelData, demand: Demand) -> list[dict[str, Any]]:
    """Give a row per ratio that carries pupils into the years ahead, by runs of equal years."""
    axes, ratios, rows = world.axes, demand.stated, []
    for area, (region, group) in enumerate(axes.area.labels):
        where = f"{region} {group}".strip()
        for grade, label in enumerate(axes.grade.labels):
            settings = scenario.demand.entry if grade == 0 else scenario.demand.progression
            if grade:
                values, given = ratios.progression[1:, area, grade], world.given[1:, area, grade]
                unit = f"pupils per pupil of grade {label - 1} a year before"
            elif (demand.basis[1:, area] == "children").any():
                values, given = ratios.per_child[1:, area], world.given_per_child[1:, area]
                unit = "entrants per child of the cohort"
            else:
                values, given = ratios.per_birth[1:, area], world.given[1:, area, 0]
                unit = "entrants per birth of the cohort"
            name = f"into grade {label}, {where}"
            rows += _ratio_rows(name, unit, values, given, axes, settings)
    return rows


def _ratio_rows(
    name: str, unit: str, values: Floats, given: Floats, axes: Axes, settings: Calibration
) -> list[dict[str, Any]]:
    first = max(axes.base - settings.window + 1, axes.year.labels[0])
    rows: list[dict[str, Any]] = []
    last: tuple[str, bool] | None = None
    for year, value, stated in zip(axes.horizon.labels[1:], values, given, strict=True):
        held = bool(np.isnan(value))
        shown = ("held" if held else repr(float(value)), bool(~np.isnan(stated)))
        if shown != last:
            measured = f"{settings.method} of {first}-{axes.base}"
            source = "ratios.csv" if shown[1] else "no ratio" if held else measured
            since = f"from {year}" if rows else ""
            quality = "RED" if held else "" if shown[1] else "AMBER"
            rows.append(
                {"kind": "ratio", "name": name, "value": shown[0], "unit": unit}
                | {"quality": quality, "source": source, "note": since}
            )
        last = shown
    return rows


def _of_levers(scenario: Scenario) -> list[dict[str, Any]]:
    """Give a row per lever; one that adds a project brings source and quality of its own."""
    rows = []
    for number, lever in enumerate(scenario.levers, start=1):
        own = lever.add_project or {}
        amount = {"value": own.get("project", lever.value), "unit": lever.form or ""}
        said = {name: own.get(name) or "" for name in ("source", "quality", "known", "note")}
        said["source"] = said["source"] or f"scenario {Path(lever.file).name}"
        said["quality"] = said["quality"] or "RED"
        rows.append({"kind": "lever", "name": f"{number} {lever.kind}"} | amount | said)
    return rows


def _of_cohorts(spread: Spread) -> list[tuple[str, float, str]]:
    """Give the spreads of cohorts above the first grade, where there is one."""
    fixed, by_size = spread.cell_fixed[1:], spread.cell_per_head[1:]
    if not len(fixed):
        return []
    return [
        ("a cohort, fixed", float(fixed.mean()), "variance a year, mean of grades"),
        ("a cohort, by size", float(by_size.mean()), "variance a year × pupils"),
    ]


def _of_spread(spread: Spread) -> list[dict[str, Any]]:
    """Give a row per spread of the draws, measured on past forecasts or by default."""
    heads = "× pupils"
    figures = [
        ("all areas and grades above the first", spread.common, "log error a year"),
        ("all areas, one grade", spread.grade, "log error a year"),
        ("all areas, first grade", spread.entry, "log error a year"),
        ("an area's grades, fixed", spread.area.fixed, "variance a year"),
        ("an area's grades, by size", spread.area.per_head, f"variance a year {heads}"),
        *_of_cohorts(spread),
        ("an area's first grade, fixed", float(spread.cell_fixed[0]), "variance a year"),
        ("an area's first grade, by size", spread.cell_per_head[0], f"variance a year {heads}"),
    ]
    measured = {"source": f"{spread.origins} past forecasts of the district", "quality": "AMBER"}
    assumed = {"source": f"{DEFAULT}: no past forecast", "quality": "RED"}
    born = {"source": f"{spread.births_years} years of births of the district", "quality": "AMBER"}
    rows = [
        {"kind": "spread", "name": name, "value": float(value), "unit": unit}
        | (measured if spread.origins else assumed)
        for name, value, unit in figures
    ]
    births = [
        ("births not yet known", spread.births, "log error a year"),
        ("births of an area, fixed", spread.births_area.fixed, "variance a year"),
        ("births of an area, by size", spread.births_area.per_head, "variance × births"),
    ]
    rows += [
        {"kind": "spread", "name": name, "value": float(value), "unit": unit}
        | (born if spread.births_years else assumed)
        for name, value, unit in births
    ]
    return rows


def _of_projects(scenario: Scenario, statuses: Sequence[str]) -> list[dict[str, Any]]:
    """Give how sure the projects of each status are: as stated, or by default."""
    rows: list[dict[str, Any]] = []
    completion = {str(key): share for key, share in scenario.supply.completion.items()}
    delay = {str(key): shares for key, shares in scenario.supply.delay.items()}
    for status in sorted(set(statuses) - set(SURE)):
        late = delay.get(status, DELAY.get(status, {}))
        said = "; ".join(f"{years} years {share:.3g}" for years, share in sorted(late.items()))
        built = {"value": completion.get(status, COMPLETION.get(status, 1.0))}
        for name, stated, value, unit, quality in (
            ("completion", status in completion, built, "probability of being built", "RED"),
            ("delay", status in delay, {"value": said}, "probability of each delay", "AMBER"),
        ):
            source = "scenario" if stated else DEFAULT
            row = {"kind": "projects", "name": f"{name}, {status}", "unit": unit}
            rows.append(row | value | {"source": source, "quality": quality})
    return rows


def worst_quality(district: District, tables: Sequence[str] = TABLES) -> str:
    """Give the worst quality of any row of any table."""
    found = {
        quality or "UNSTATED"
        for name in tables
        if district.has(name)
        for quality in district.table(name)["quality"].unique()
    }
    return max(found, key=QUALITIES.index, default="UNSTATED")


def split_assumed(district: District, base: int) -> bool:
    """Tell whether the regional split of base-year pupils or places is an assumption (RED).

    Rows without a quality are not marked; a district with one region has no split.
    """
    if len(district.leaf_regions) < 2:
        return False
    for name in _SPLIT:
        if district.has(name):
            table = district.table(name)
            rows = table[table["year"] == base] if name == "enrolment" else table
            if (rows["quality"] == "RED").any():
                return True
    return False


def sources(district: District, tables: Sequence[str] = TABLES, *, most: int = 3) -> str:
    """Name the sources of the tables, those of most rows first; of an address its site."""
    counts: dict[str, int] = {}
    for name in tables:
        if district.has(name):
            for stated, rows in district.table(name)["source"].value_counts().items():
                for source in {_site(part) for part in re.split(r"\s*;\s*", str(stated)) if part}:
                    counts[source] = counts.get(source, 0) + int(rows)
    ranked = sorted(counts, key=lambda source: (-counts[source], source))
    more = f" (+{len(ranked) - most})" if len(ranked) > most else ""
    return "; ".join(ranked[:most]) + more


def _site(source: str) -> str:
    """Shorten an address to its site; other sources stay as they are.

    >>> _site("https://nj.tjj.beijing.gov.cn/nj/main/2013-en1/content/V52_0314.htm")
    'nj.tjj.beijing.gov.cn'
    """
    address = re.fullmatch(r"https?://([^/\s]+)\S*", source)
    return address[1] if address else source
