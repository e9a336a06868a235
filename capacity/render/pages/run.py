"""Results and their charts as a notebook shows them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from capacity.base.shown import html
from capacity.base.words import MINUS, gap_text, language, number, sentence, word
from capacity.render.charts.kinds import KINDS
from capacity.render.elements import Html, element, folded, heading, line, listed, page, table
from capacity.render.plots import Plots
from capacity.render.sentences import headline
from capacity.results.labels import (
    ALL,
    Labels,
    column,
    constrained,
    named,
    said,
    years_of,
)
from capacity.results.result import Result

if TYPE_CHECKING:
    import pandas as pd

#: Regions shown, those of the greatest shortage first.
SHOWN = 20


def result(of: Result, lang: str) -> Html:
    """Show a result: its answer, the district by year, the regions in the answer's year."""
    frame, labels = of.frame(), of.labels
    title = said(labels.title, lang, labels.scenario)
    return page(
        heading(title, said(labels.question, lang, "")),
        element("p", headline(frame, labels, lang)),
        _by_year(frame, labels, lang),
        _by_region(frame, labels, lang),
        _notes(of, lang),
        element("p", element("small", *_provenance(of, lang))),
    )


def plots(of: Plots, lang: str) -> Html:
    """Show how each chart is called, and what it draws."""
    labels = of.labels
    title = word("notebook.plots_title", lang, scenario=said(labels.title, lang, labels.scenario))
    kinds = (
        line(element("code", f".plot.{name}({_asked(name)})"), word(f"notebook.plot_{name}", lang))
        for name in KINDS
    )
    return page(heading(title), listed(kinds))


def _asked(kind: str) -> str:
    """Give the argument by which a chart of one year is asked for another."""
    return "year" if KINDS[kind].yearly else ""


def _by_year(frame: pd.DataFrame, labels: Labels, lang: str) -> Html:
    names = ("demand", "places", "gap", "shortage")
    values = {name: column(frame, name) for name in names}
    rows = []
    for year in years_of(frame):
        whole = {name: values[name].get((year, ALL, ALL), math.nan) for name in names}
        plain = {name: _number(whole[name], lang) for name in names}
        gap = gap_text(whole["gap"], lang, minus=MINUS)
        rows.append([str(year), plain["demand"], plain["places"], gap, plain["shortage"]])
    facts = {"district": sentence(labels.region_name(ALL, lang)), "sign": _sign(lang)}
    heads = [word(f"nouns.{name}", lang) for name in ("year", *names)]
    return Html(
        table(word("sentences.by_year_title", lang, **facts), heads, rows)
        + _doubts(frame, labels, lang)
    )


def _doubts(frame: pd.DataFrame, labels: Labels, lang: str) -> Html:
    """Say what is not known, and where demand is only a lower bound."""
    lines = []
    empty = {cell[1:] for cell, gap in column(frame, "gap").items() if math.isnan(gap)}
    if missing := [cell for cell in labels.counted if cell in empty]:
        lines.append(word("sentences.no_places", lang, cells=named(missing, labels, lang)))
    if any(cell[1:] in labels.counted for cell in constrained(frame)):
        lines.append(word("charts.bound_plain", lang))
    return Html("".join(element("p", word("nouns.brackets", lang, text=line)) for line in lines))


def _by_region(frame: pd.DataFrame, labels: Labels, lang: str) -> Html:
    """Show the gap of each level and the shortage, regions of the greatest shortage first."""
    years = years_of(frame)
    year = labels.answer_year(years)
    gaps, shortages = (column(frame, name, year=year) for name in ("gap", "shortage"))

    def row(code: str) -> Sequence[str]:
        cells = [
            Html("–")
            if level.pooled and code != ALL
            else gap_text(gaps.get((year, code, level.code), math.nan), lang, minus=MINUS)
            for level in labels.levels
        ]
        short = _number(shortages.get((year, code, ALL), math.nan), lang)
        return [labels.region_name(code, lang), *cells, short]

    def order(code: str) -> tuple[float, float]:
        own = (gaps.get((year, code, level.code), math.nan) for level in labels.own_levels)
        return -_known(shortages.get((year, code, ALL), math.nan)), -sum(map(_known, own))

    codes = sorted((region.code for region in labels.leaves), key=order)
    heads = [word("nouns.region", lang)]
    heads += [
        word("nouns.gap_of", lang, level=labels.level_name(v.code, lang)) for v in labels.levels
    ]
    why = word(
        "sentences.target_year" if year == labels.new_places_by else "sentences.last_of_years", lang
    )
    caption = word("notebook.by_region_title", lang, year=year, why=why, sign=_sign(lang))
    shown = table(
        caption, [*heads, word("nouns.shortage", lang)], [*map(row, codes[:SHOWN]), row(ALL)]
    )
    lines = [shown]
    if any(level.pooled for level in labels.levels):
        lines.append(
            element(
                "p", word("nouns.brackets", lang, text=f"– {word('notebook.only_pooled', lang)}")
            )
        )
    if len(codes) > SHOWN:
        lines.append(element("p", word("sentences.fewer", lang, shown=SHOWN, total=len(codes))))
    return Html("".join(lines))


def _notes(of: Result, lang: str) -> str:
    if not of.notes:
        return ""
    lines = listed(note.text(lang) for note in of.notes)
    key = "notebook.one_note" if len(of.notes) == 1 else "notebook.n_notes"
    return folded(word(key, lang, n=len(of.notes)), lines)


def _provenance(of: Result, lang: str) -> list[str]:
    """Give how sure the figures are, whether the laws hold, and which run this is."""
    labels, parts = of.labels, []
    if labels.quality:
        parts.append(word("nouns.quality", lang, quality=word(f"nouns.{labels.quality}", lang)))
    if labels.split_assumed:
        parts.append(element("b", word("nouns.split_assumed", lang)))
    failed = of.checks.loc[~of.checks["passed"], "check"]
    names = word("nouns.list", lang).join(map(str, failed))
    parts.append(
        word("notebook.laws_fail", lang, names=names) if names else word("notebook.laws_hold", lang)
    )
    parts.append(word("nouns.run", lang, run=labels.run_id))
    return [part for pair in zip(parts, [" · "] * len(parts), strict=True) for part in pair][:-1]


def _known(value: float) -> float:
    """Give 0 for what is not known, so that it stands between short and idle."""
    return 0.0 if math.isnan(value) else value


def _number(value: float, lang: str) -> str:
    return word("nouns.no_data", lang) if math.isnan(value) else number(value, minus=MINUS)


def _sign(lang: str) -> str:
    return word("nouns.sign", lang).replace("-", MINUS)


@html.register
def _result(of: Result) -> str:
    return result(of, language())


@html.register
def _plots(of: Plots) -> str:
    return plots(of, language())
