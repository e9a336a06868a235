"""All that a page needs to run a scenario again with further levers: `live_data`."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity.base.settings import Settings
from capacity.base.titles import text_in
from capacity.base.words import word
from capacity.inputs.documents.shapes import value_terms
from capacity.inputs.levers.kinds import KINDS, LIMITS
from capacity.inputs.to_model.district import build
from capacity.inputs.to_model.levers import resolve
from capacity.model.assumptions import FACTOR_LIMIT
from capacity.model.data import ModelData
from capacity.model.draws.beginnings import BIRTHS_BACK
from capacity.model.draws.runs import sampler_of_run
from capacity.model.draws.samples import Sampler, Sources, sources_of
from capacity.model.draws.spread import Spread
from capacity.model.draws.supply import DELAY, completion_of
from capacity.model.run import Run, run_model
from capacity.model.simulation import Prepared
from capacity.results.labels import has_draws, years_of
from capacity.studies.live.arrays import axes_data, changes_data, demand_data, supply_data
from capacity.studies.live.luck import luck_data

if TYPE_CHECKING:
    import pandas as pd

    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.results.result import Result

#: Files of the kernel, in their order: they share one scope.
_PARTS = ("data", "levers", "demand", "supply", "balance", "luck", "draws", "bands", "run")
#: Version of what `live_data` gives.
FORMAT = 1
#: Kinds of levers whose effect the kernel reproduces.
OFFERED = (
    *("births", "entry", "progression", "onward_share", "class_size", "places", "margin"),
    *("delay", "completion", "cancel", "add_project", "add_places"),
)
#: Codes of projects that a page may add: their luck is drawn with that of the others.
TRIALS = ("trial-1", "trial-2", "trial-3")
#: Columns of results.csv and entry.csv that draws give, as the kernel gives them.
_KEYS = ("year", "region", "level")


def kernel() -> str:
    """Return the model's arithmetic as a script: it gives a page ``window.capacity``."""
    folder = Path(__file__).with_name("kernel")
    parts = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS)
    read = 'JSON.parse(document.getElementById("capacity-data").textContent)'
    return f'"use strict";\nwindow.capacity = ((data) => {{\n{parts}}})({read});\n'


@dataclass(frozen=True, eq=False)
class Again:
    """A scenario run once more, for what of a run no folder keeps; nothing is drawn.

    Attributes
    ----------
    run : Run
        Without draws.
    spread, sampler
        How far its forecasts stray, and the run ready for draws; None where it has no draws.
    """

    run: Run
    spread: Spread | None
    sampler: Sampler | None


def again(scenario: Scenario, *, draws: bool) -> Again:
    """Run a scenario once more, ready for draws if it has any."""
    horizon, completion = scenario.horizon, completion_of(scenario.supply)
    data = build(scenario.district, horizon.base_year, horizon.last_year, completion=completion)
    chance = scenario.chance.model_copy(update={"draws": 0})
    settings = Settings(demand=scenario.demand, supply=scenario.supply, chance=chance)
    run = run_model(data, settings, resolve(scenario, data.axes, completion))
    if not draws:
        return Again(run, None, None)
    return Again(
        run, *sampler_of_run(data, Prepared(run.demand, run.supply), run.outcome, settings)
    )


def live_data(result: Result, lang: str, ran: Again | None = None) -> dict[str, Any]:
    """Return a run as numbers and words that a page can carry: maps, lists, numbers, texts, null.

    Parameters
    ----------
    result : Result
        Of `capacity.run`, or read back from its folder.
    lang : str
        ``en`` or ``zh``: the language of titles and of what is left out.
    ran : Again, optional
        Its scenario run once more, ready for draws if the result has any; else it is run here.

    Returns
    -------
    dict
        ``model`` is what ``kernel.js`` works on, ``luck`` the packed luck of the first draws (null
        where there are none, or too many cells); the rest names what both are of.
    """
    scenario, drawn = result.scenario, has_draws(result.frame())
    ran = ran or again(scenario, draws=drawn)
    run, data = ran.run, ran.run.data
    sources = sources_of(data, scenario.chance.sources)
    luck = None if ran.sampler is None else _luck(run, ran.sampler, sources)
    return {
        "format": FORMAT,
        "lang": lang,
        **_head(result, data, lang),
        "offered": offered(scenario),
        "left_out": _left_out(scenario, lang, short_of_luck=drawn and luck is None),
        "rest": {
            "bands": _drawn(result.frame(), "constrained"),
            "entry_bands": _drawn(result.entry, "band"),
        },
        "model": {
            "axes": axes_data(data.axes, _leaves(scenario)),
            "demand": demand_data(data, run.demand, scenario.demand.births.after_last),
            "supply": supply_data(data, scenario.supply, run.adjustments),
            "changes": changes_data(run.adjustments),
            "completion": completion_of(scenario.supply),
            "births_back": BIRTHS_BACK,
            "factor_limit": FACTOR_LIMIT.value,
            "delay": _delays(scenario, sources),
            "fails": sorted(sources.fails),
        },
        "luck": luck,
    }


def offered(scenario: Scenario) -> dict[str, Any]:
    """Return the kinds of levers that the kernel takes: forms of value, and limits of each.

    ``result`` are the limits of what levers on a cell come to. Left out is what acts on nothing in
    this district.
    """
    found, district = {}, scenario.district
    nothing = set() if len(district.table("births")) else {"births"}
    later = any(level.grades[0] > district.first_grade for level in district.levels)
    nothing |= set() if later else {"onward_share"}
    nothing |= set() if len(district.grades) > 1 else {"progression"}
    for kind in (kind for kind in OFFERED if kind not in nothing):
        schema = KINDS[kind].model_json_schema()["properties"]
        forms = [form for form in ("set", "add", "times") if form in schema]
        found[kind] = {
            "forms": forms,
            "limits": {form: _limits(schema[form]) for form in forms},
            "result": list(LIMITS[kind]) if kind in LIMITS else None,
        }
    return found


def _limits(schema: Mapping[str, Any]) -> list[float | None]:
    """Return the least and the most that a JSON Schema allows of a number."""
    parts = [schema, *schema.get("anyOf", ())]
    low = next((one[k] for one in parts for k in ("minimum", "exclusiveMinimum") if k in one), None)
    return [low, next((one["maximum"] for one in parts if "maximum" in one), None)]


def _luck(run: Run, sampler: Sampler, sources: Sources) -> dict[str, Any] | None:
    codes = [*run.data.projects.code, *_added(run), *TRIALS]
    codes = codes if sources.slips or sources.fails else []
    return luck_data(sampler, run.settings.chance.seed, list(dict.fromkeys(codes)))


def _added(run: Run) -> list[str]:
    """Return the projects that the scenario's own levers add."""
    known = set(run.data.projects.code)
    return [code for code in run.supply.projects.code if code not in known]


def _leaves(scenario: Scenario) -> dict[str, list[str]]:
    district = scenario.district
    return {
        region.code: [str(leaf) for leaf in district.children_of(region.code)]
        for region in district.regions
    }


def _delays(scenario: Scenario, sources: Sources) -> dict[str, list[list[float]]]:
    """Return by status the years of delay and their probabilities, where any is possible."""
    stated: Mapping[Any, Mapping[int, float]] = scenario.supply.delay
    found = {status: stated.get(status, DELAY[status]) for status in sorted(sources.slips)}
    return {
        status: [[int(years), float(delay[years])] for years in sorted(delay) if years]
        for status, delay in found.items()
    }


def _head(result: Result, data: ModelData, lang: str) -> dict[str, Any]:
    """Return what the run, its years, regions, levels and projects are called."""
    scenario, labels, axes = result.scenario, result.labels, data.axes
    years, leaves = years_of(result.frame()), {region.code for region in labels.leaves}
    return {
        "scenario": {
            "name": scenario.name,
            "file": scenario.path.name,
            "title": text_in(labels.title, lang, labels.scenario),
            "question": text_in(labels.question, lang, ""),
            "district": labels.region_name("all", lang),
            "run_id": labels.run_id,
            "draws": scenario.chance.draws if has_draws(result.frame()) else 0,
            "seed": scenario.chance.seed,
        },
        "years": list(years),
        "base_year": labels.base_year,
        "answer_year": labels.answer_year(years),
        "next_year": labels.next_autumn(years),
        "worst_year": labels.worst_year,
        "regions": [
            {
                "code": region.code,
                "title": labels.region_name(region.code, lang),
                "cell": list(region.cell) if region.cell else None,
                "within": region.within,
                "leaf": region.code in leaves,
            }
            for region in labels.regions
        ],
        "levels": [
            {
                "code": level.code,
                "title": labels.level_name(level.code, lang),
                "first": level.grades[0],
                "last": level.grades[1],
                "pooled": _pooled(axes.level.at(level.code), data),
                "class_size": float(data.class_size[axes.level.at(level.code)]),
            }
            for level in labels.levels
        ],
        "grades": [
            {"grade": grade, "title": labels.grade_name(grade, lang)} for grade in axes.grade.labels
        ],
        "groups": sorted({group for _, group in axes.area.labels} - {""}),
        "statuses": [
            {"code": status, "title": word(f"live.status_{status}", lang), "completion": share}
            for status, share in {"open": 1.0, **completion_of(scenario.supply)}.items()
        ],
        "project_titles": _project_titles(scenario),
        "bands": {"yellow": labels.bands[0], "red": labels.bands[1], "idle": labels.idle},
        "targets": {
            "gap": labels.gap_target,
            "new_places": labels.new_places,
            "by": labels.new_places_by,
            "levels": list(labels.target_levels),
        },
    }


def _pooled(level: int, data: ModelData) -> str:
    if data.pools.district[level]:
        return "district"
    return "sets" if data.pools.sets[level] else "no"


def _project_titles(scenario: Scenario) -> dict[str, str]:
    rows = scenario.district.table("pipeline")
    return {
        str(code): str(title)
        for code, title in zip(rows["project"], rows["title"], strict=True)
        if isinstance(title, str) and title
    }


def _drawn(frame: pd.DataFrame, after: str) -> dict[str, Any]:
    """Return the columns that draws give, from the rows of a table; none without draws."""
    last = list(frame.columns).index(after)
    columns = [
        name
        for name in frame.columns[last + 1 :]
        if name.endswith(("_p10", "_p50", "_p90")) or name.startswith(("prob_", "shortage_mean"))
    ]
    if not columns:
        return {"columns": [], "rows": []}
    cells = frame[[*_KEYS, *columns]]
    rows = [
        [int(row[0]), str(row[1]), str(row[2]), *map(_rounded, row[3:])]
        for row in cells.itertuples(index=False, name=None)
    ]
    return {"columns": [*_KEYS, *columns], "rows": rows}


def _rounded(value: float) -> float | None:
    """Return a figure to four decimals, so that it reads as in the tables; null where empty."""
    return None if math.isnan(value) else round(float(value), 4)


def _left_out(scenario: Scenario, lang: str, *, short_of_luck: bool) -> list[str]:
    """Say what the page cannot show, though the command can."""
    others = value_terms("kind", [kind for kind in KINDS if kind not in OFFERED])
    names = word("nouns.list", lang).join(one.text(lang) for one in others)
    said = [word("live.kinds_left_out", lang, kinds=names)]
    if short_of_luck:
        said.append(word("live.luck_left_out", lang))
    if not scenario.chance.draws:
        said.append(word("live.no_draws", lang))
    return said
