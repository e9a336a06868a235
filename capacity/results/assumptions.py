"""The register of assumptions: what a run rests on, with source and quality."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.base.settings import UNSURE
from capacity.base.words import word
from capacity.model.assumptions import ASSUMPTIONS, BAND_IDLE, BAND_RED, BAND_YELLOW
from capacity.model.draws.supply import COMPLETION, DELAY

if TYPE_CHECKING:
    from capacity.base.axes import Axes, Floats
    from capacity.inputs.districts.district import District
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.model.data import Bands, ModelData
    from capacity.model.demand import Demand
    from capacity.model.draws.runs import Draws
    from capacity.model.draws.spread import Spread
    from capacity.model.passing import Passing
    from capacity.model.ratios import Calibrated

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
#: Sources, as the program states them: of rows without one, and of what neither the district nor
#: the scenario states.
NOT_STATED, DEFAULT = (word(f"sources.{key}", "en") for key in ("not_stated", "default"))
#: Tables whose regional figures make a statement about one region.
_SPLIT = ("enrolment", "places")


#: A row of the register, and what stands in place of births that are not counted.
UNCOUNTED = "first entrants of births not counted"
HELD, PROJECTED = "first grade held", "projection"


def assumptions_frame(
    scenario: Scenario,
    data: ModelData,
    demand: Demand,
    statuses: Sequence[str] = (),
    chances: Draws | None = None,
) -> pd.DataFrame:
    """Return the rows of assumptions.csv.

    A row per source of each table (``value`` counts its rows), per ratio before levers, per
    setting and lever of the scenario, and per constant of the model. A table row without a
    source reads ``not stated`` and RED.
    """
    rows = [
        *_of_tables(scenario.district),
        *_of_levels(scenario.district),
        *_settings(scenario),
        *_of_births(demand.stated.estimate.passing),
        *_of_uncounted(scenario, data, demand),
        *_of_ratios(scenario, data, demand),
        *_of_levers(scenario),
    ]
    if chances is not None:
        rows += [*_of_spread(chances.spread), *_of_projects(scenario, statuses)]
    rows += _constants(data.bands)
    return pd.DataFrame(rows, columns=list(COLUMNS)).fillna("")


def _source(key: str, **facts: object) -> str:
    """Return where a figure comes from, as the register says it: in English."""
    return word(f"sources.{key}", "en", **facts)


def _row(kind: str, name: str, value: Any, unit: str = "", **stated: Any) -> dict[str, Any]:
    """Return a row; ``stated`` are quality, source, known and note, as far as there are any."""
    return {"kind": kind, "name": name, "value": value, "unit": unit, **stated}


def _of_tables(district: District) -> Iterator[dict[str, Any]]:
    for name in filter(district.has, TABLES):
        table = district.table(name)
        marks = (table[mark].tolist() for mark in ("quality", "source", "known", "note"))
        alike: dict[tuple[str, str, str], dict[str, int]] = {}
        for (quality, source, known, note), rows in Counter(zip(*marks, strict=True)).items():
            notes = alike.setdefault((quality or "RED", source or NOT_STATED, known), {})
            notes[note] = notes.get(note, 0) + rows
        for (quality, source, known), notes in alike.items():
            stated = {"quality": quality, "source": source, "known": known}
            count = sum(notes.values())
            yield _row("table", name, count, "rows", **stated, note=_notes(notes))


def _notes(found: Iterable[str]) -> str:
    """Return the first note of a group of rows, and how many other notes there are."""
    notes = [note for note in found if note]
    more = f" (+{len(notes) - 1} more notes)" if len(notes) > 1 else ""
    return (notes[0] if notes else "") + more


def _of_levels(district: District) -> Iterator[dict[str, Any]]:
    for level in district.levels:
        stated = {
            "quality": level.quality or "RED",
            "source": level.source or "district.yaml",
            "known": level.known or "",
            "note": level.note,
        }
        name = f"{level.code}.class_size"
        yield _row("level", name, level.class_size, "pupils a class", **stated)
        if level.onward is not None:
            name = f"{level.code}.onward"
            yield _row("level", name, level.onward, "share of leavers", **stated)


def _settings(scenario: Scenario) -> Iterator[dict[str, Any]]:
    demand, supply = scenario.demand, scenario.supply
    stated = {"quality": "RED", "source": _source("scenario_choice")}
    for name, value, unit in (
        ("demand.progression.method", demand.progression.method, ""),
        ("demand.progression.window", demand.progression.window, "years"),
        ("demand.entry.method", demand.entry.method, ""),
        ("demand.entry.window", demand.entry.window, "years"),
        ("demand.births.after_last", demand.births.after_last, ""),
        ("supply.count", " ".join(supply.count), ""),
        ("supply.fill", supply.fill, ""),
        *([("supply.margin", supply.margin, "share of places kept free")] if supply.margin else []),
    ):
        yield _row("scenario", name, value, unit, **stated)


def _constants(lines: Bands) -> Iterator[dict[str, Any]]:
    """Yield the constants of the model; lines of warnings as district.yaml has them."""
    own = {
        BAND_YELLOW.name: lines.yellow,
        BAND_RED.name: lines.red,
        BAND_IDLE.name: lines.idle,
    }
    for one in ASSUMPTIONS:
        value = own.get(one.name, one.value)
        stated = {"quality": one.quality, "source": one.source}
        if value != one.value:
            stated = {"quality": "RED", "source": "district.yaml"}
        yield _row("model", one.name, value, one.unit, **stated)


def _of_births(passing: Passing) -> Iterator[dict[str, Any]]:
    """Yield the share to which births pass on to first grades, where they do so in part."""
    count = int(passing.takes_part.sum())
    if count:
        unit = "share of a change in an area's births that its first grade shows"
        stated = {"source": _source("passing", n=count), "quality": "AMBER"}
        yield _row("births", "passing share", passing.share, unit, **stated)


def _of_uncounted(scenario: Scenario, data: ModelData, demand: Demand) -> Iterator[dict[str, Any]]:
    """Yield the first autumn whose entrants rest anywhere on births that are not counted."""
    axes, nearest = data.axes, min(data.weights, default=0)
    born = np.arange(axes.start, axes.start + len(axes.horizon))[:, None] - nearest
    ahead = born > data.births_counted  # the last of the cohort's births years is not counted
    held = demand.basis == "held"
    there = (np.nan_to_num(data.pupils[: axes.start + 1]) > 0).any(axis=(0, 2))
    uncounted = (held | (ahead & (demand.basis == "births"))) & there
    uncounted[0] = False  # those who entered in the base year are counted
    if not uncounted.any():
        return
    first = int(uncounted.any(axis=1).argmax())
    areas = uncounted[first]
    if (held[first] & areas).any():
        how = HELD
    elif (~np.isnan(data.births[np.minimum(born[first, 0], len(data.births) - 1), areas])).any():
        how = PROJECTED
    else:
        how = str(scenario.demand.births.after_last)
    stated = {"source": _source("uncounted"), "quality": "RED", "note": how}
    yield _row("births", UNCOUNTED, axes.horizon.labels[first], "autumn of entry", **stated)


def uncounted_births(rows: pd.DataFrame) -> tuple[int, str] | None:
    """Return from which autumn entrants rest on births not counted, and on what in their place.

    Parameters
    ----------
    rows
        Of assumptions.csv.

    Returns
    -------
    The autumn, and `HELD`, `PROJECTED`, ``hold``, ``trend`` or a yearly change; None where all
    births are counted, and of runs that do not tell.
    """
    found = rows[rows["name"] == UNCOUNTED]
    if found.empty:
        return None
    row = found.iloc[0]
    return int(row["value"]), str(row["note"])


def _of_ratios(scenario: Scenario, data: ModelData, demand: Demand) -> list[dict[str, Any]]:
    """Return a row per ratio that carries pupils into the years ahead, by runs of equal years."""
    axes, ratios, rows = data.axes, demand.stated, []
    found, later_on = ratios.estimate, _later(data)
    per_child, per_birth = (_years(axes, past) for past in (found.per_child, found.per_birth))
    into = [_years(axes, found.progression.of_grade(grade)) for grade in range(len(axes.grade))]
    there = ~(axes.nowhere & ratios.closed[1:].all(axis=0))
    for area, (region, group) in enumerate(axes.area.labels):
        where = f"{region} {group}".strip()
        for grade in np.flatnonzero(there[area]).tolist():
            label = axes.grade.labels[grade]
            cell = (slice(1, None), area, grade)
            if grade and not np.isnan(later := later_on[cell]).all():
                values, given, past = later, later, into[grade]
                unit = "pupils per birth or child of the cohort"
            elif grade:
                values, given = ratios.progression[cell], data.given[cell]
                past = into[grade]
                unit = f"pupils per pupil of grade {label - 1} a year before"
            elif (demand.basis[1:, area] == "children").any():
                values, given = ratios.per_child[1:, area], data.given_per_child[1:, area]
                unit, past = "entrants per child of the cohort", per_child
            else:
                values, given = ratios.per_birth[1:, area], data.given[cell]
                unit, past = "entrants per birth of the cohort", per_birth
            settings = scenario.demand.progression if grade else scenario.demand.entry
            measured = _source(**past[area], method=settings.method)
            name = f"into grade {label}, {where}"
            rows += _ratio_rows(name, unit, values, given, axes, measured)
    return rows


def _later(data: ModelData) -> Floats:
    """Ratios into later grades by children, else by births, ``(horizon, area, grade)``."""
    return np.where(np.isnan(data.later_per_child), data.later_per_birth, data.later_per_child)


def _years(axes: Axes, found: Calibrated) -> list[dict[str, str]]:
    """Say by area on which years a ratio rests, of all areas without any, as `_source` takes it."""
    years = [str(year) for year in axes.year.labels]
    named = []
    for used, closed, replaced in zip(
        found.used.T, found.past.closed, found.replaced | ~found.used.any(axis=0), strict=True
    ):
        at = np.flatnonzero(used)
        if closed or replaced:
            named.append({"key": "ratio_closed" if closed else "ratio_areas"})
            continue
        span = "-".join(dict.fromkeys([years[at[0]], years[at[-1]]]))
        named.append({"key": "ratio_years", "years": span})
    return named


def _ratio_rows(
    name: str, unit: str, values: Floats, given: Floats, axes: Axes, measured: str
) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    last: tuple[str, bool] | None = None
    for year, value, stated in zip(axes.horizon.labels[1:], values, given, strict=True):
        held = bool(np.isnan(value))
        shown = ("held" if held else repr(float(value)), bool(~np.isnan(stated)))
        if shown != last:
            source = "ratios.csv" if shown[1] else _source("no_ratio") if held else measured
            since = f"from {year}" if rows else ""
            quality = "RED" if held else "" if shown[1] else "AMBER"
            row = _row("ratio", name, shown[0], unit, source=source, quality=quality, note=since)
            rows.append(row)
        last = shown
    return rows


def _of_levers(scenario: Scenario) -> Iterator[dict[str, Any]]:
    """Yield a row per lever; one that adds a project brings source and quality of its own."""
    for number, lever in enumerate(scenario.levers, start=1):
        own = lever.add_project or {}
        stated = {name: own.get(name) or "" for name in ("source", "quality", "known", "note")}
        stated["source"] = stated["source"] or _source("scenario_file", file=Path(lever.file).name)
        stated["quality"] = stated["quality"] or "RED"
        value = own.get("project", lever.value)
        yield _row("lever", f"{number} {lever.kind}", value, lever.form or "", **stated)


def _of_spread(spread: Spread) -> Iterator[dict[str, Any]]:
    """Yield a row per spread of the draws, measured on past forecasts or by default."""
    log, fixed, by_size = "log error a year", "variance a year", "variance a year × pupils"
    ratios = [
        ("all areas and grades above the first", spread.common, log),
        ("all areas, one grade", spread.grade, log),
        ("all areas, first grade", spread.entry, log),
        ("an area's grades, fixed", spread.area.fixed, fixed),
        ("an area's grades, by size", spread.area.per_head, by_size),
    ]
    if len(spread.cell_fixed) > 1:
        ratios += [
            ("a cohort, fixed", spread.cell_fixed[1:].mean(), f"{fixed}, mean of grades"),
            ("a cohort, by size", spread.cell_per_head[1:].mean(), by_size),
        ]
    ratios += [
        ("an area's first grade, fixed", spread.cell_fixed[0], fixed),
        ("an area's first grade, by size", spread.cell_per_head[0], by_size),
    ]
    births = [
        ("births not yet known", spread.births, log),
        ("births of an area, fixed", spread.births_area.fixed, fixed),
        ("births of an area, by size", spread.births_area.per_head, "variance × births"),
    ]
    for figures, past, measured in (
        (ratios, spread.origins, "past_forecasts"),
        (births, spread.births_years, "past_births"),
    ):
        source = _source(measured, n=past) if past else _source("default_past")
        for name, value, unit in figures:
            stated = {"source": source, "quality": "AMBER" if past else "RED"}
            yield _row("spread", name, float(value), unit, **stated)


def _of_projects(scenario: Scenario, statuses: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Yield how sure the projects of each status are: as stated, or by default."""
    completion = {str(key): share for key, share in scenario.supply.completion.items()}
    delay = {str(key): shares for key, shares in scenario.supply.delay.items()}
    for status in sorted(set(statuses) & set(UNSURE)):
        late = delay.get(status, DELAY.get(status, {}))
        shares = "; ".join(f"{years} years {share:.3g}" for years, share in sorted(late.items()))
        built = completion.get(status, COMPLETION.get(status, 1.0))
        for name, stated, value, unit, quality in (
            ("completion", status in completion, built, "probability of being built", "RED"),
            ("delay", status in delay, shares, "probability of each delay", "AMBER"),
        ):
            source = _source("scenario") if stated else DEFAULT
            row = _row("projects", f"{name}, {status}", value, unit)
            yield row | {"source": source, "quality": quality}


def worst_quality(district: District, tables: Sequence[str] = TABLES) -> str:
    """Return the worst quality of any row of any table."""
    found = {
        quality or "UNSTATED"
        for name in tables
        if district.has(name)
        for quality in district.table(name)["quality"].unique()
    }
    return max(found, key=QUALITIES.index, default="UNSTATED")


def split_assumed(district: District, base: int) -> bool:
    """Whether the regional split of base-year pupils or places is an assumption (RED).

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
            for stated, rows in Counter(district.table(name)["source"].tolist()).items():
                for source in {site(part) for part in map(str.strip, stated.split(";")) if part}:
                    counts[source] = counts.get(source, 0) + rows
    ranked = sorted(counts, key=lambda source: (-counts[source], source))
    more = f" (+{len(ranked) - most})" if len(ranked) > most else ""
    return "; ".join(ranked[:most]) + more


def site(source: str) -> str:
    """Shorten an address to its site; other sources stay as they are.

    >>> site("https://nj.tjj.beijing.gov.cn/nj/main/2013-en1/content/V52_0314.htm")
    'nj.tjj.beijing.gov.cn'
    """
    address = re.fullmatch(r"https?://([^/\s]+)\S*", source)
    return address[1] if address else source
