"""What a report says, section by section, as sheets of blocks."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pandas as pd

from capacity.base.titles import text_in
from capacity.base.words import number, word
from capacity.inputs.districts.measured import NAIVE
from capacity.render import chances
from capacity.render.answer import short_answer
from capacity.render.blocks import Block, Heading, Notes, Page, Picture, Table, Text
from capacity.render.charts.wording import Wording
from capacity.render.leverwords import lever_words
from capacity.render.measured import MODEL, REF3, measured_line, method_of
from capacity.render.needs import likely_idle
from capacity.render.pages import tables
from capacity.render.pages.brief import how_sure
from capacity.render.pages.brief_tables import years_table
from capacity.render.pages.run import against
from capacity.render.report.document import Sheet
from capacity.render.sentences import capped
from capacity.render.workbook.tables import Sheet as BookSheet
from capacity.render.workbook.tables import pipeline, said
from capacity.results.labels import ALL, has_draws, places_known, years_of
from capacity.results.result import Result
from capacity.studies.backtest.page import by_horizon
from capacity.studies.compare.page import comparison_page, side_by_side
from capacity.studies.compare.study import Comparison
from capacity.studies.report import basis, figures
from capacity.studies.report.study import Report

#: The sections of a report of one run, in their order.
SECTIONS = (
    *("answer", "classes", "needs", "compass", "supply", "sure", "fullness", "grades"),
    *("scorecard", "assumptions", "caveats", "identity"),
)
#: Rows of a list of projects, and of a table by level and year, at most; from how many on a list
#: is folded.
ROWS, UNFOLDED = 120, 12


def title(of: Result, lang: str) -> str:
    """Return the title of a report of a run."""
    labels = of.labels
    named = text_in(labels.title, lang, labels.scenario)
    return word("workbook.title", lang, district=labels.region_name(ALL, lang), title=named)


def about(of: Report, lang: str) -> str:
    """Return the lines under the title: which run, of which years, and who signed it off."""
    years = years_of(of.result.frame())
    facts = {"first": years[0], "last": years[-1], "run": of.result.labels.run_id}
    said = word("report.about", lang, **facts)
    return f"{said}\n{basis.signing(of.signed, lang).text}"


def named(of: Result, lang: str) -> dict[str, Any]:
    """Return which run this is, as the data of a page have it."""
    labels = of.labels
    return {
        "name": of.scenario.name,
        "title": text_in(labels.title, lang, labels.scenario),
        "run_id": labels.run_id,
        "draws": of.scenario.chance.draws,
        "seed": of.scenario.chance.seed,
    }


def sheets(of: Report, lang: str) -> Iterator[Sheet]:
    """Yield the sections of a report of one run; a section without a word is left out."""
    for code in SECTIONS:
        groups = [list(group) for group in _SECTIONS[code](of, lang)]
        if any(groups):
            yield Sheet(code, word(f"report.sheet_{code}", lang), groups)


def _answer(of: Report, lang: str) -> Page:
    """Yield the question, the answer with its range, what changes, and the years side by side."""
    result, frame, labels = of.result, of.result.frame(), of.result.labels
    question = text_in(labels.question, lang, "") or text_in(labels.title, lang, labels.scenario)
    yield Text(question), Text(short_answer(frame, labels, lang))
    yield (Text(how_sure(result, frame, lang)),)
    if of.base is not None:
        yield (Text(against(result, of.base, lang)),)
    levers = [lever_words(lever, labels, lang) for lever in result.scenario.levers]
    if levers:
        yield (Notes(word("report.levers", lang), levers),)
    years = years_table(frame, labels, lang, wide=math.inf)
    yield years.made(years.wanted)


def _classes(of: Report, lang: str) -> Page:
    """Yield the classes that each region must open next autumn."""
    result, labels = of.result, of.result.labels
    year = labels.next_autumn(years_of(result.frame()))
    if year > labels.base_year:
        yield tables.classes(result.entry, labels, year, lang, chances=True)


def _needs(of: Report, lang: str) -> Page:
    """Yield what is short and idle by region, level and year, the bands, the turning years."""
    frame, labels = of.result.frame(), of.result.labels
    if places_known(frame, labels):
        yield figures.needs(frame, labels, lang)
        yield figures.bands(of.result.entry, labels, lang)
        yield figures.chances_of_shortage(frame, labels, lang)
    else:
        yield tables.by_region(frame, labels, lang)
    yield tables.turning(frame, labels, lang)


def _compass(of: Report, lang: str) -> Page:
    """Yield demand and places of each region where it lies on the map."""
    yield (_picture(of.result, "trend", lang, tables=False),)


def _supply(of: Report, lang: str) -> Page:
    """Yield demand against what places are made of, and the pipeline."""
    result = of.result
    if not places_known(result.frame(), result.labels):
        return
    yield (_picture(result, "supply", lang),)
    yield _composition(result, lang)
    book = pipeline(result, lang)
    caption = word("report.pipeline", lang, n=book.rows)
    yield capped(_as_table(book, caption, lang), "pipeline.csv", lang, ROWS)


def _sure(of: Report, lang: str) -> Page:
    """Yield how sure the gap is: the fan, ranges by year, what may be said of each cell."""
    result, frame, labels = of.result, of.result.frame(), of.result.labels
    if not has_draws(frame):
        yield (Text(how_sure(result, frame, lang)),)
        return
    year = labels.spoken_year(years_of(frame))
    yield (_picture(result, "fan", lang),)
    if chances.answer_is_known(frame, labels, year):
        yield (chances.ranges(frame, result.chance, labels, lang),)
    yield chances.statements(result.chance, labels, year, lang)
    yield likely_idle(frame, labels, year, lang)
    yield (chances.basis(result, lang),)


def _fullness(of: Report, lang: str) -> Page:
    """Yield how full regions and levels are."""
    result, frame = of.result, of.result.frame()
    if places_known(frame, result.labels):
        yield _picture(result, "heatmap", lang), *figures.fullness(frame, result.labels, lang)


def _grades(of: Report, lang: str) -> Page:
    """Yield the shortage by grade beside that by level."""
    frame, labels = of.result.frame(), of.result.labels
    if places_known(frame, labels) and (found := figures.by_grade(frame, labels, lang)):
        yield Text(word("report.grades_is", lang)), *found


def _scorecard(of: Report, lang: str) -> Page:
    """Yield how good forecasts of these data were, or the command that measures it."""
    scenario, measured = of.result.scenario, of.result.measured
    folder = Path(scenario.district.folder.name)
    yield (Text(measured_line(scenario, measured, lang, folder)),)
    method = method_of(scenario)
    if measured is not None and method and measured.scores(method):
        shown = {MODEL: method, NAIVE: NAIVE, REF3: REF3}
        rows = [
            dict(row) | {"method": name}
            for name, of_ in shown.items()
            for row in measured.accuracy
            if row["method"] == of_
        ]
        yield by_horizon(pd.DataFrame(rows), lang)


def _identity(of: Report, lang: str) -> Page:
    yield from basis.identity(of.result, lang)


_SECTIONS = {
    "answer": _answer,
    "classes": _classes,
    "needs": _needs,
    "compass": _compass,
    "supply": _supply,
    "sure": _sure,
    "fullness": _fullness,
    "grades": _grades,
    "scorecard": _scorecard,
    "assumptions": basis.assumptions,
    "caveats": basis.caveats,
    "identity": _identity,
}


def _picture(of: Result, kind: str, lang: str, **options: Any) -> Picture:
    """Return a chart of a run under the title that it has itself."""
    say = Wording.of(of.labels, lang)
    known = kind != "trend" or places_known(of.frame(), of.labels)
    name = f"{kind}_title" if known else f"{kind}_demand"
    facts = {"years": say.span(years_of(of.frame())), "sign": say.sign}
    return Picture(
        partial(of.plot.kind, kind, lang=lang, **options),
        say(f"charts.{name}", **facts),
    )


def _composition(of: Result, lang: str) -> list[Block]:
    """Return what the district's places are made of, a row per level and year."""
    labels, supply = of.labels, of.supply
    own = supply[supply["region"].map(str) == ALL]
    values: dict[tuple[int, str], dict[str, float]] = {}
    for year, level, part, places in zip(
        own["year"], own["level"].map(str), own["part"], own["places"], strict=True
    ):
        values.setdefault((int(year), level), {})[str(part)] = float(places)
    parts = [
        part
        for part in dict.fromkeys(map(str, own["part"]))
        if any(round(_known(cell.get(part, 0.0))) for cell in values.values())
    ]
    rows = [
        [
            labels.level_name(level.code, lang),
            labels.year_name(year, lang),
            *(number(cell.get(part, math.nan)) for part in parts),
            number(sum(cell.values())),
        ]
        for level in labels.levels
        for year in years_of(of.frame())
        if (cell := values.get((year, level.code), {}))
    ]
    heads = [word("nouns.level", lang), word("nouns.year", lang)]
    heads += [word(f"charts.part_{part}", lang) for part in parts] + [word("nouns.places", lang)]
    caption = word("report.composition", lang)
    return capped(Table(caption, heads, rows, left=2, folded=True), "supply.csv", lang, ROWS)


def _known(value: float) -> float:
    """Return 0 for what is not known."""
    return 0.0 if math.isnan(value) else value


def _as_table(book: BookSheet, caption: str, lang: str) -> Table:
    """Return a sheet of the workbook as a block; long texts stay there."""
    columns = [column for column in book.columns if column.kind != "long"]
    heads = [column.head for column in columns]
    rows = [
        [_text(cell, column.kind, lang) for cell, column in zip(cells, columns, strict=True)]
        for cells in zip(*(column.cells for column in columns), strict=True)
    ]
    numeric = [at for at, column in enumerate(columns) if column.kind in ("count", "year")]
    left = min(numeric, default=len(heads))
    return Table(caption, heads, rows, left=left, folded=len(rows) > UNFOLDED)


def _text(cell: Any, kind: str, lang: str) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, int | float):
        return str(int(cell)) if kind == "year" else number(float(cell))
    return said(kind, cell, lang) if kind in ("mark", "quality") else str(cell)


def comparison_sheets(
    found: Sequence[Comparison], names: Sequence[str], lang: str
) -> Iterator[Sheet]:
    """Yield the sections of a report of several runs, each against the first.

    Parameters
    ----------
    found
        The first run against each of the others.
    names
        Of the runs, the first one's first.
    lang
    """
    results = [found[0].a, *(one.b for one in found)]
    opening: list[Sequence[Block]] = []
    for result in results:
        answer = short_answer(result.frame(), result.labels, lang)
        opening.append([Heading(named(result, lang)["title"]), Text(answer)])
    yield Sheet("answers", word("report.sheet_answers", lang), opening)
    side = list(side_by_side(results, names, lang))
    yield Sheet("side-by-side", word("report.sheet_side", lang), side)
    for at, (comparison, name) in enumerate(zip(found, names[1:], strict=True)):
        facts = {"name": name, "first": names[0]}
        groups = [*comparison_page(comparison, lang), [_difference(comparison, lang, facts)]]
        code = "against-" + "abcdefghijklmnopqrstuvwxyz"[at % 26] * (1 + at // 26)
        yield Sheet(code, word("report.sheet_against", lang, **facts), groups)
    ran = [block for result in results for group in basis.identity(result, lang) for block in group]
    yield Sheet("identity", word("report.sheet_identity", lang), [ran])


def _difference(of: Comparison, lang: str, facts: dict[str, str]) -> Picture:
    draw = partial(of.plot.difference, lang=lang)
    return Picture(draw, word("report.sheet_against", lang, **facts))
