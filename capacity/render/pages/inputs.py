"""Scenarios, districts, levers and problems as a notebook shows them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence

from pydantic import BaseModel

from capacity.base.errors import SHOWN as LINES
from capacity.base.errors import InputError, Problem, Problems
from capacity.base.fields import Texts
from capacity.base.shown import html
from capacity.base.words import MINUS, language, number, word
from capacity.inputs.districts.declared import Targets
from capacity.inputs.districts.district import District
from capacity.inputs.scenarios.scenario import Scenario
from capacity.inputs.tables.columns import TABLES
from capacity.render.elements import Html, element, folded, heading, line, listed, page, table
from capacity.render.leverwords import lever_words
from capacity.results.assumptions import worst_quality
from capacity.results.build import labels_of
from capacity.results.labels import said

#: Regions of a district that are shown.
REGIONS = 20
_QUALITIES = ("GREEN", "AMBER", "RED")


def scenario(of: Scenario, lang: str) -> Html:
    """Show a scenario: what it asks, of what, and what it changes."""
    labels = labels_of(of)
    facts = [word("notebook.on_district", lang, district=_title(of.district.title, lang))]
    if of.extends is not None:
        facts.insert(0, word("notebook.builds_on", lang, file=of.extends.name))
    years = {"base": of.horizon.base_year, "last": of.horizon.last_year}
    facts.append(word("notebook.years_run", lang, **years))
    levers = [lever_words(lever, labels, lang) for lever in of.levers]
    settings = [
        line(
            element("code", f"{name}:"),
            word("notebook.setting", lang, value=value, default=default),
        )
        for name, value, default in _settings(of, lang)
    ]
    return page(
        heading(_title(of.title, lang), of.name),
        element("p", _title(of.question, lang)) if of.question else "",
        element("p", " · ".join(facts)),
        element("p", word("notebook.n_levers" if levers else "notebook.no_levers", lang)),
        listed(levers, "ol") if levers else "",
        element("p", word("notebook.settings" if settings else "notebook.no_settings", lang)),
        listed(settings) if settings else "",
        _warnings(of.warnings, lang),
    )


def _title(text: Texts, lang: str) -> str:
    return said(text.model_dump(), lang, "")


def _settings(of: Scenario, lang: str) -> Iterator[tuple[str, str, str]]:
    """Give key, value and default of every setting that is not the default."""
    for name in ("demand", "supply", "chance"):
        section = getattr(of, name)
        yield from _differences(section, type(section)(), name, lang)


def _differences(
    stated: BaseModel, default: BaseModel, path: str, lang: str
) -> Iterator[tuple[str, str, str]]:
    for name in type(stated).model_fields:
        one, other = getattr(stated, name), getattr(default, name)
        if isinstance(one, BaseModel):
            yield from _differences(one, other, f"{path}.{name}", lang)
        elif one != other:
            yield f"{path}.{name}", _as_written(one, lang), _as_written(other, lang)


def _as_written(value: object, lang: str) -> str:
    """Give a value as a scenario file writes it."""
    if not value and isinstance(value, Mapping | tuple):
        return word("notebook.none", lang)
    if isinstance(value, Mapping):
        pairs = (f"{key}: {_as_written(item, lang)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_as_written(item, lang) for item in value) + "]"
    return "all" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def district(of: District, lang: str) -> Html:
    """Show a district: its pupils by region and level, its tables, what it has announced."""
    quality = word("nouns.quality", lang, quality=word(f"nouns.{worst_quality(of)}", lang))
    changed = len(of.changes)
    return page(
        heading(_title(of.title, lang), of.name, quality),
        element("p", word("notebook.levels_title", lang)),
        listed(_levels(of, lang)),
        _pupils(of, lang),
        _tables(of, lang),
        _targets(of.targets, lang),
        element("p", word("notebook.n_changes", lang, n=changed)) if changed else "",
        _warnings(of.warnings, lang),
    )


def _levels(of: District, lang: str) -> Iterator[str]:
    for level in of.levels:
        first, last = level.grades
        facts = {"first": first, "last": last, "size": f"{level.class_size:g}"}
        text = word("notebook.level_head", lang, level=_title(level.title, lang), **facts)
        yield word("notebook.level_pooled", lang, level=text) if level.pool == "district" else text


def _pupils(of: District, lang: str) -> Html:
    """Show the pupils of the last year of enrolment."""
    enrolment = of.table("enrolment")
    year = int(enrolment["year"].max())
    rows = enrolment[enrolment["year"] == year]
    codes = [of.level_of(int(grade)).code for grade in rows["grade"]]
    pupils: dict[tuple[str, str], float] = {}
    for region, level, counted in zip(rows["region"], codes, rows["pupils"], strict=True):
        pupils[region, level] = pupils.get((region, level), 0.0) + float(counted)

    def row(name: str, regions: Sequence[str]) -> list[str]:
        cells = [sum(pupils.get((r, v.code), math.nan) for r in regions) for v in of.levels]
        return [name, *(number(cell) or word("nouns.no_data", lang) for cell in cells)]

    leaves = [region for region in of.regions if region.code in of.leaf_regions]
    shown = [row(_title(r.title, lang), [r.code]) for r in leaves[:REGIONS]]
    whole = row(word("nouns.district", lang), [r.code for r in leaves])
    heads = [word("nouns.region", lang), *(_title(level.title, lang) for level in of.levels)]
    found = table(word("notebook.pupils_title", lang, year=year), heads, [*shown, whole])
    if len(leaves) > REGIONS:
        more = word("notebook.regions_shown", lang, shown=REGIONS, total=len(leaves))
        found = Html(found + element("p", more))
    return found


def _tables(of: District, lang: str) -> Html:
    heads = [
        word(name, lang)
        for name in ("notebook.table", "notebook.rows", "notebook.years", "notebook.quality_head")
    ]
    names = [name for name in TABLES if of.has(name)]
    return table(
        word("notebook.tables_title", lang), heads, [_table(of, name, lang) for name in names]
    )


def _table(of: District, name: str, lang: str) -> list[str]:
    """Give a table's rows, the years that it covers, and the least sure quality in it."""
    frame = of.table(name)
    dates = [frame[column].dropna() for column in ("year", "opens") if column in frame]
    known = [int(year) for column in dates for year in column]
    years = "–".join(str(year) for year in sorted({min(known), max(known)})) if known else ""
    marks = [mark for mark in _QUALITIES if mark in set(frame["quality"])]
    chinese = word("nouns.brackets", lang, text=TABLES[name].aliases[0])
    title = name + chinese if lang == "zh" else name
    return [title, number(len(frame)), years, word(f"nouns.{marks[-1]}", lang) if marks else ""]


def _targets(targets: Targets, lang: str) -> str:
    parts = []
    if targets.new_places is not None:
        key = (
            "notebook.target_places"
            if targets.new_places_by is None
            else "notebook.target_places_by"
        )
        facts = {"n": number(targets.new_places, signed=True), "year": targets.new_places_by}
        parts.append(word(key, lang, **facts))
    if targets.gap is not None:
        signed = number(targets.gap, signed=True, minus=MINUS)
        parts.append(word("notebook.target_gap", lang, n=signed))
    if not parts:
        return ""
    return element(
        "p", word("notebook.targets", lang, targets=word("nouns.semicolon", lang).join(parts))
    )


def problems(of: Problems | InputError, lang: str) -> Html:
    """Show problems, errors first, a line each with its place."""
    every = of.problems if isinstance(of, InputError) else (*of.errors, *of.warnings)
    if not every:
        return page(element("p", word("notebook.no_problems", lang)))
    errors = sum(problem.severity == "error" for problem in every)
    counts = [_count(errors, "error", lang), _count(len(every) - errors, "warning", lang)]
    more = len(every) - LINES
    return page(
        heading(word("nouns.list", lang).join(filter(None, counts))),
        _lines(every[:LINES], lang),
        element("p", word("notebook.n_more", lang, n=more)) if more > 0 else "",
    )


def _count(n: int, kind: str, lang: str) -> str:
    return (
        ""
        if not n
        else word(f"notebook.one_{kind}" if n == 1 else f"notebook.n_{kind}s", lang, n=n)
    )


def _warnings(warnings: tuple[Problem, ...], lang: str) -> str:
    if not warnings:
        return ""
    return folded(_count(len(warnings), "warning", lang), _lines(warnings[:LINES], lang))


def _lines(every: Iterable[Problem], lang: str) -> Html:
    """Give each problem with its place in fixed type."""
    lines = []
    for problem in every:
        place = str(problem.at)
        text = problem.text(lang).removeprefix(f"{place}: ")
        lines.append(line(element("code", place), text))
    return listed(lines)


@html.register
def _scenario(of: Scenario) -> str:
    return scenario(of, language())


@html.register
def _district(of: District) -> str:
    return district(of, language())


@html.register(Problems)
@html.register(InputError)
def _problems(of: Problems | InputError) -> str:
    return problems(of, language())
