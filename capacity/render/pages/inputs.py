"""Scenarios, districts and problems as a notebook shows them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import singledispatch

from pydantic import BaseModel

from capacity.base.errors import SHOWN, InputError, Problem, Problems, Term
from capacity.base.fields import Texts
from capacity.base.titles import text_in
from capacity.base.words import MINUS, number, word
from capacity.inputs.districts.declared import Level, Targets
from capacity.inputs.districts.district import District
from capacity.inputs.scenarios.scenario import Scenario
from capacity.inputs.tables.columns import TABLES
from capacity.render.blocks import Block, Coded, Heading, Notes, Page, Table, Text
from capacity.render.leverwords import lever_words
from capacity.results.assumptions import worst_quality
from capacity.results.build import labels_of

#: Regions of a district that are shown.
REGIONS = 20
_QUALITIES = ("GREEN", "AMBER", "RED")


@singledispatch
def shown(of: object, lang: str) -> Page:
    """Return what a notebook shows of a scenario, a district or problems."""
    raise NotImplementedError(of)


@shown.register
def _scenario(of: Scenario, lang: str) -> Page:
    """Yield what it asks, of what, and what it changes."""
    facts = [word("notebook.on_district", lang, district=_title(of.district.title, lang))]
    if of.extends is not None:
        facts.insert(0, word("notebook.builds_on", lang, file=of.extends.name))
    years = {"base": of.horizon.base_year, "last": of.horizon.last_year}
    facts.append(word("notebook.years_run", lang, **years))
    question = _title(of.question, lang) if of.question else ""
    yield Heading(_title(of.title, lang), (of.name,)), Text(question)
    yield (Text(" · ".join(facts)),)
    labels = labels_of(of)
    levers = [lever_words(lever, labels, lang) for lever in of.levers]
    yield _listed("notebook.n_levers", "notebook.no_levers", levers, lang, numbered=True)
    settings = [
        Coded(f"{name}:", word("notebook.setting", lang, value=value, default=default))
        for name, value, default in _settings(of, lang)
    ]
    yield _listed("notebook.settings", "notebook.no_settings", settings, lang)
    yield _warnings(of.warnings, lang)


def _listed(
    key: str, without: str, lines: Sequence[str | Coded], lang: str, *, numbered: bool = False
) -> Sequence[Block]:
    """List lines under the words of ``key``; where there are none say so."""
    if not lines:
        return [Text(word(without, lang))]
    return [Notes(word(key, lang), lines, numbered=numbered)]


def _title(text: Texts, lang: str) -> str:
    return text_in(text.model_dump(), lang, "")


def _settings(of: Scenario, lang: str) -> Iterator[tuple[str, str, str]]:
    """Yield key, value and default of every setting that is not the default."""
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
    """Return a value as a scenario file writes it."""
    if not value and isinstance(value, Mapping | tuple):
        return word("notebook.none", lang)
    if isinstance(value, Mapping):
        pairs = (f"{key}: {_as_written(item, lang)}" for key, item in value.items())
        return f"{{{', '.join(pairs)}}}"
    if isinstance(value, tuple):
        return "[" + ", ".join(_as_written(item, lang) for item in value) + "]"
    return "all" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


@shown.register
def _district(of: District, lang: str) -> Page:
    """Yield its pupils by region and level, its tables, what it has announced."""
    quality = word("nouns.quality", lang, quality=word(f"nouns.{worst_quality(of)}", lang))
    yield (
        Heading(_title(of.title, lang), (of.name, quality)),
        Notes(word("notebook.levels_title", lang), list(_levels(of, lang))),
    )
    yield _pupils(of, lang)
    yield (_tables(of, lang),)
    yield (Text(_targets(of.targets, lang)),)
    if changes := sum(change.count for change in of.changes):
        yield (Text(word("notebook.n_changes", lang, n=changes)),)
    yield _warnings(of.warnings, lang)


def _levels(of: District, lang: str) -> Iterator[str]:
    for level in of.levels:
        first, last = level.grades
        facts = {"first": first, "last": last, "size": f"{level.class_size:g}"}
        text = word("notebook.level_head", lang, level=_title(level.title, lang), **facts)
        if level.pool == "region":
            yield text
            continue
        yield word("notebook.level_pooled", lang, level=text, where=_where(of, level, lang))


def _where(of: District, level: Level, lang: str) -> str:
    """Say where the places of a level serve more than their region."""
    if level.pool == "district":
        return word("nouns.the_district", lang)
    plus, titles = word("nouns.plus", lang), {one.code: one.title for one in of.regions}
    sets = (plus.join(_title(titles[code], lang) for code in one) for one in of.pools_of(level))
    return word("nouns.list", lang).join(sets)


def _pupils(of: District, lang: str) -> Sequence[Block]:
    """Return the pupils of the last year of enrolment."""
    enrolment = of.table("enrolment")
    year = int(enrolment["year"].max())
    last = enrolment[enrolment["year"] == year]
    pupils: dict[tuple[str, str], float] = {}
    columns = (last[name] for name in ("region", "group", "grade", "pupils"))
    for region, group, grade, counted in zip(*columns, strict=True):
        if (level := of.level_of(int(grade), group)) is not None:
            pupils[region, level.code] = pupils.get((region, level.code), 0.0) + float(counted)

    def row(name: str, regions: Sequence[str]) -> list[str]:
        lacking = {level.code: 0.0 if level.groups else math.nan for level in of.levels}
        cells = [
            sum(pupils.get((r, code), none) for r in regions) for code, none in lacking.items()
        ]
        return [name, *(number(cell) or word("nouns.no_data", lang) for cell in cells)]

    leaves = [region for region in of.regions if region.code in of.leaf_regions]
    rows = [row(_title(r.title, lang), [r.code]) for r in leaves[:REGIONS]]
    whole = row(word("nouns.district", lang), [r.code for r in leaves])
    heads = [word("nouns.region", lang), *(_title(level.title, lang) for level in of.levels)]
    found = Table(word("notebook.pupils_title", lang, year=year), heads, [*rows, whole])
    facts = {"shown": REGIONS, "total": len(leaves)}
    cut = [Text(word("notebook.regions_shown", lang, **facts))] if len(leaves) > REGIONS else []
    return [found, *cut]


def _tables(of: District, lang: str) -> Table:
    names = ("notebook.table", "notebook.rows", "notebook.years", "notebook.quality_head")
    heads = [word(name, lang) for name in names]
    rows = [_table(of, name, lang) for name in TABLES if of.has(name)]
    return Table(word("notebook.tables_title", lang), heads, rows)


def _table(of: District, name: str, lang: str) -> list[str]:
    """Return a table's rows, the years that it covers, and the least sure quality in it."""
    frame = of.table(name)
    dates = [frame[column].dropna() for column in ("year", "opens") if column in frame]
    known = [int(year) for column in dates for year in column]
    years = "–".join(str(year) for year in sorted({min(known), max(known)})) if known else ""
    marks = [mark for mark in _QUALITIES if mark in set(frame["quality"])]
    title = Term(name, TABLES[name].aliases[0]).text(lang)
    return [title, number(len(frame)), years, word(f"nouns.{marks[-1]}", lang) if marks else ""]


def _targets(targets: Targets, lang: str) -> str:
    parts = []
    if targets.new_places is not None:
        by = "" if targets.new_places_by is None else "_by"
        facts = {"n": number(targets.new_places, signed=True), "year": targets.new_places_by}
        parts.append(word(f"notebook.target_places{by}", lang, **facts))
    if targets.gap is not None:
        gap = number(targets.gap, signed=True, minus=MINUS)
        parts.append(word("notebook.target_gap", lang, n=gap))
    listed = word("nouns.semicolon", lang).join(parts)
    return word("notebook.targets", lang, targets=listed) if parts else ""


@shown.register(Problems)
@shown.register(InputError)
def _problems(of: Problems | InputError, lang: str) -> Page:
    """Yield problems, errors first, a line each with its place."""
    every = of.problems if isinstance(of, InputError) else (*of.errors, *of.warnings)
    if not every:
        yield (Text(word("notebook.no_problems", lang)),)
        return
    errors = sum(problem.severity == "error" for problem in every)
    counts = [_count(errors, "error", lang), _count(len(every) - errors, "warning", lang)]
    heading = Heading(word("nouns.list", lang).join(filter(None, counts)))
    yield heading, Notes("", _lines(every, lang))
    if (more := len(every) - SHOWN) > 0:
        yield (Text(word("notebook.n_more", lang, n=more)),)


def _count(n: int, kind: str, lang: str) -> str:
    name = f"notebook.one_{kind}" if n == 1 else f"notebook.n_{kind}s"
    return word(name, lang, n=n) if n else ""


def _warnings(warnings: Sequence[Problem], lang: str) -> Sequence[Notes]:
    title = _count(len(warnings), "warning", lang)
    return [Notes(title, _lines(warnings, lang), folded=True)] if warnings else []


def _lines(every: Sequence[Problem], lang: str) -> list[Coded]:
    """Return the first problems, each with its place in fixed type."""
    places = [(str(problem.at), problem.text(lang)) for problem in every[:SHOWN]]
    return [Coded(place, text.removeprefix(f"{place}: ")) for place, text in places]


def notes(of: Sequence[Problem], lang: str) -> Sequence[Notes]:
    """Return what a reader must know of a result, folded; nothing where there is nothing."""
    key = "notebook.one_note" if len(of) == 1 else "notebook.n_notes"
    lines = [note.text(lang) for note in of]
    return [Notes(word(key, lang, n=len(of)), lines, folded=True)] if lines else []
