"""The answer in sentences: what a run says of its question, and how it differs from another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from capacity.base.titles import text_in
from capacity.base.words import number, word
from capacity.render.blocks import Block, Table, Text
from capacity.results.labels import (
    ALL,
    TIE,
    Cell,
    Labels,
    column,
    constrained,
    first_greatest,
    named,
    places_known,
    years_of,
)

if TYPE_CHECKING:
    from capacity.inputs.scenarios.scenario import Scenario

    #: A scenario, and what its run is called.
    Ran = tuple[Scenario, Labels]

#: Cells named in the headline, at most.
NAMED = 6
#: Rows of a table that a study shows, at most; its file has all.
ROWS = 20


def headline(frame: pd.DataFrame, labels: Labels, lang: str = "en") -> str:
    """Answer the scenario's question in one sentence, from the results.

    It gives the gap of the plan's year (else of next autumn) with its sign, the shortage by region,
    by level, what is left after remedies, and the year of greatest shortage; all in places.
    """
    years = years_of(frame)
    year = labels.spoken_year(years)
    if labels.by_level:
        return _each_level(frame, labels, lang)
    if not places_known(frame, labels):
        parts = [demand_of(frame, year, lang), word("sentences.head_no_places", lang)]
        listed = word("nouns.semicolon", lang).join(parts)
        return _lead(labels, year, lang) + listed + word("nouns.stop", lang)
    shortage = column(frame, "shortage")
    parts = [_gap_part(frame, labels, year, shortage, lang)]
    parts.append(_shortage_part(labels, year, shortage, lang))
    after = _sum(column(frame, "shortage_after", year=year), labels, year)
    short = _sum(shortage, labels, year)
    if short > 0 and after < short:
        parts.append(word("sentences.head_after", lang, places=number(after)))
    parts.append(_worst_part(labels, years, shortage, lang))
    if labels.gap_target is not None:
        parts.append(word("sentences.head_target", lang, places=number(labels.gap_target)))
    bounds = constrained(frame, year=year)
    full = sum((year, *cell) in bounds for cell in labels.headline)
    if full:
        parts.append(word("sentences.head_bound", lang, full=full, total=len(labels.headline)))
    if labels.split_assumed:
        parts.append(word("nouns.split_assumed", lang))
    listed = word("nouns.semicolon", lang).join(parts)
    return _lead(labels, year, lang) + listed + word("nouns.stop", lang)


def _each_level(frame: pd.DataFrame, labels: Labels, lang: str) -> str:
    """Answer for each level by itself, where places of levels are not added up."""
    years = years_of(frame)
    year = labels.spoken_year(years)
    shortage, known = column(frame, "shortage"), places_known(frame, labels)
    demand = column(frame, "demand", year=year)
    parts = [] if known else [word("sentences.head_no_places", lang)]
    for one in labels.each_level:
        name = one.target_names(lang)
        if known:
            said = [_gap_part(frame, one, year, shortage, lang)]
            said += [_shortage_part(one, year, shortage, lang)]
            said += [_worst_part(one, years, shortage, lang)]
        else:
            pupils = number(sum(demand[year, *row] for row in one.headline_rows))
            said = [word("sentences.head_demand", lang, pupils=pupils)]
        listed = word("nouns.comma", lang).join(said)
        parts.append(name + word("nouns.colon", lang) + listed)
    parts += [word("nouns.split_assumed", lang)] if labels.split_assumed else []
    listed = word("nouns.semicolon", lang).join(parts)
    title = text_in(labels.title, lang, labels.scenario)
    facts = {"scenario": title, "year": year, "why": why_year(labels, year, lang)}
    return word("sentences.in_year", lang, **facts) + listed + word("nouns.stop", lang)


def _lead(labels: Labels, year: int, lang: str) -> str:
    title = text_in(labels.title, lang, labels.scenario)
    why = why_year(labels, year, lang)
    if names := labels.target_names(lang):
        why = word("sentences.of_levels", lang, why=why, levels=names)
    return word("sentences.in_year", lang, scenario=title, year=year, why=why)


def _sum(values: Mapping[Cell, float], labels: Labels, year: int) -> float:
    """Sum the district's rows of which the plan speaks."""
    return sum(values.get((year, *row), math.nan) for row in labels.headline_rows)


def demand_of(frame: pd.DataFrame, year: int, lang: str) -> str:
    """Say the district's demand of a year."""
    pupils = column(frame, "demand", year=year)[year, ALL, ALL]
    return word("sentences.head_demand", lang, pupils=number(pupils))


def why_year(labels: Labels, year: int, lang: str) -> str:
    """Return why the answer is for this year."""
    planned = year == labels.new_places_by
    return word("sentences.target_year" if planned else "sentences.next_autumn", lang)


def bracketed(text: str, lang: str) -> Text:
    """Return a remark in brackets."""
    return Text(word("nouns.brackets", lang, text=text))


def split_assumed(labels: Labels, lang: str) -> list[Text]:
    """Say that the split by region is an assumption, where it is."""
    remark = bracketed(word("nouns.split_assumed", lang), lang)
    return [remark] if labels.split_assumed else []


def capped(table: Table, file: str, lang: str, most: int = ROWS) -> list[Block]:
    """Return a table, of a long one the first rows, and how many more its file has."""
    if (more := len(table.rows) - most) <= 0:
        return [table]
    said = word("sentences.more_rows", lang, n=more, file=file)
    return [replace(table, rows=table.rows[:most], tones=table.tones[:most]), Text(said)]


def _gap_part(
    frame: pd.DataFrame, labels: Labels, year: int, shortage: Mapping[Cell, float], lang: str
) -> str:
    gap = _sum(column(frame, "gap", year=year), labels, year)
    if math.isnan(gap):
        missing = [c for c in labels.headline if math.isnan(shortage.get((year, *c), math.nan))]
        return word("sentences.head_gap_unknown", lang, cells=named(missing, labels, lang))
    signed = number(gap, signed=True)
    return word("sentences.head_gap", lang, gap=signed, sign=word("nouns.sign", lang))


def _shortage_part(labels: Labels, year: int, shortage: Mapping[Cell, float], lang: str) -> str:
    """Return the shortage and the cells that have it, the greatest first."""
    values = {cell: shortage.get((year, *cell), math.nan) for cell in labels.headline}
    unknown = "_known" if any(map(math.isnan, values.values())) else ""
    short = [cell for cell in values if values[cell] >= 0.5]
    short.sort(key=lambda cell: -values[cell])
    total = sum(values[cell] for cell in short)
    if round(total) == 0:
        return word(f"sentences.head_none{unknown}", lang)
    cells = [f"{named([cell], labels, lang)} {number(values[cell])}" for cell in short[:NAMED]]
    if rest := short[NAMED:]:
        others = number(sum(values[cell] for cell in rest))
        cells.append(word("sentences.more", lang, n=len(rest), places=others))
    listed = word("nouns.list", lang).join(cells)
    return word(f"sentences.head_short{unknown}", lang, places=number(total), cells=listed)


def _worst_part(
    labels: Labels, years: Sequence[int], shortage: Mapping[Cell, float], lang: str
) -> str:
    cells = {year: [shortage.get((year, *c), math.nan) for c in labels.headline] for year in years}
    known = {year: sum(v for v in cells[year] if not math.isnan(v)) for year in years}
    unknown = "_known" if any(math.isnan(v) for year in years for v in cells[year]) else ""
    worst = first_greatest(known)
    if round(known[worst]) == 0:
        return word(f"sentences.head_never{unknown}", lang)
    return word(f"sentences.head_worst{unknown}", lang, places=number(known[worst]), year=worst)


def against(frame: pd.DataFrame, base: pd.DataFrame, labels: Labels, of: str, lang: str) -> str:
    """Say in one sentence how a run differs from the one that it builds on.

    Parameters
    ----------
    frame, base
        Results of both.
    labels
        Of the first.
    of
        Name of the other, as `other_name` gives it.
    """
    years = [year for year in years_of(frame) if year in set(years_of(base))]
    if labels.by_level:
        return _against_each(frame, base, labels, of, years, lang)
    gap, shortage = (_changes(frame, base, name, years) for name in ("gap", "shortage"))
    known = [year for year in years if not math.isnan(gap[year] + shortage[year])]
    if not known:
        return word("sentences.against_unknown", lang, of=of)
    moved = [year for year in known if round(gap[year]) or round(shortage[year])]
    if not moved:
        return word("sentences.against_none", lang, of=of)
    answer = labels.spoken_year(known)
    parts = []
    if answer in moved:
        parts.append(_change("in", lang, answer, gap, shortage))
    else:
        key = "sentences.against_before" if answer < moved[0] else "sentences.against_not_in"
        parts.append(word(key, lang, year=answer, first=moved[0]))
    most = _most(moved, gap, shortage)
    if most != answer:
        parts.append(_change("most", lang, most, gap, shortage))
    return (
        word("sentences.against", lang, of=of)
        + word("nouns.semicolon", lang).join(parts)
        + word("nouns.stop", lang)
    )


def _against_each(
    frame: pd.DataFrame, base: pd.DataFrame, labels: Labels, of: str, years: list[int], lang: str
) -> str:
    """Say how the shortage of each level differs, where levels are not added up."""
    year, parts = labels.spoken_year(years), []
    for level in labels.levels:
        change = _changes(frame, base, "shortage", years, level.code)[year]
        signed = word("nouns.no_data", lang) if math.isnan(change) else number(change, signed=True)
        name = labels.level_name(level.code, lang)
        parts.append(word("sentences.level_change", lang, level=name, change=signed))
    listed = word("nouns.list", lang).join(parts)
    said = word("sentences.against_levels", lang, year=year, levels=listed)
    return word("sentences.against", lang, of=of) + said + word("nouns.stop", lang)


def other_name(own: Ran, base: Ran, lang: str) -> str:
    """Name the result that another is held against, so that the two are told apart.

    By its title; under one title by its name, as what it is, or by its run.
    """
    titles = [text_in(labels.title, lang, scenario.name) for scenario, labels in (own, base)]
    names = [scenario.name for scenario, _ in (own, base)]
    if titles[0] != titles[1]:
        return word("sentences.quoted", lang, text=titles[1])
    if names[0] != names[1]:
        return word("sentences.quoted", lang, text=names[1])
    if _only_adds_levers(own[0], base[0]):
        return word("sentences.without_levers", lang)
    runs = [labels.run_id for _, labels in (own, base)]
    if runs[0] == runs[1]:
        return word("sentences.quoted", lang, text=titles[1])
    return word("sentences.run_of", lang, text=titles[1], run=runs[1])


def _only_adds_levers(own: Scenario, base: Scenario) -> bool:
    """Whether a scenario is another one with further levers, and differs in nothing else."""
    more, fewer = own.levers, base.levers
    rest = ("horizon", "demand", "supply", "chance", "files")
    same = all(getattr(own, name) == getattr(base, name) for name in rest)
    return same and len(more) > len(fewer) and more[: len(fewer)] == fewer


def _change(
    key: str, lang: str, year: int, gap: Mapping[int, float], shortage: Mapping[int, float]
) -> str:
    """Say the changes of a year; where only one of the two changes, of that alone."""
    signed = {"gap": gap[year], "shortage": shortage[year]}
    moved = [name for name, value in signed.items() if round(value)]
    facts = {name: number(value, signed=True) for name, value in signed.items()}
    alone = f"_{moved[0]}" if len(moved) == 1 else ""
    return word(f"sentences.against_{key}{alone}", lang, year=year, **facts)


def _most(moved: Sequence[int], gap: Mapping[int, float], shortage: Mapping[int, float]) -> int:
    """Return the first year of the greatest change: of the shortage where it changes, else gap."""
    sizes = {year: abs(shortage[year]) for year in moved}
    if not any(map(round, sizes.values())):
        return first_greatest({year: abs(gap[year]) for year in moved})
    most = sizes[first_greatest(sizes)]
    tied = (year for year in moved if sizes[year] >= most - TIE)
    return first_greatest({year: abs(gap[year]) for year in tied})


def _changes(
    frame: pd.DataFrame, base: pd.DataFrame, name: str, years: Sequence[int], level: str = ALL
) -> dict[int, float]:
    one, other = column(frame, name), column(base, name)
    return {year: one[year, ALL, level] - other[year, ALL, level] for year in years}
