"""The answer in sentences: what a run says of its question, and how it differs from another."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from capacity.outputs.labels import (
    ALL,
    Cell,
    Labels,
    column,
    constrained,
    named,
    said,
    years_of,
)
from capacity.outputs.words import number, word

#: Cells named in the headline, at most.
NAMED = 6


def headline(frame: pd.DataFrame, labels: Labels, lang: str = "en") -> str:
    """Answer the scenario's question in one sentence, from the results.

    It gives the gap of the plan's year (else the last) with its sign, the shortage by region and
    level, what is left after remedies, and the year of greatest shortage; all in places.
    """
    years = years_of(frame)
    year = labels.answer_year(years)
    shortage = column(frame, "shortage")
    parts = [_gap_part(frame, labels, year, shortage, lang)]
    parts.append(_shortage_part(labels, year, shortage, lang))
    after = column(frame, "shortage_after", year=year).get((year, ALL, ALL), math.nan)
    short = shortage.get((year, ALL, ALL), math.nan)
    if short > 0 and after < short:
        parts.append(word("head_after", lang, places=number(after)))
    parts.append(_worst_part(labels, years, shortage, lang))
    if labels.gap_target is not None:
        parts.append(word("head_target", lang, places=number(labels.gap_target)))
    bounds = constrained(frame, year=year)
    full = sum((year, *cell) in bounds for cell in labels.counted)
    if full:
        parts.append(word("head_bound", lang, full=full, total=len(labels.counted)))
    if labels.split_assumed:
        parts.append(word("split_assumed", lang))
    title = said(labels.title, lang, labels.scenario)
    why = "target_year" if year == labels.new_places_by else "last_of_years"
    lead = word("in_year", lang, scenario=title, year=year, why=word(why, lang))
    return lead + word("semicolon", lang).join(parts) + word("stop", lang)


def _gap_part(
    frame: pd.DataFrame, labels: Labels, year: int, shortage: Mapping[Cell, float], lang: str
) -> str:
    gap = column(frame, "gap", year=year).get((year, ALL, ALL), math.nan)
    if math.isnan(gap):
        missing = [c for c in labels.counted if math.isnan(shortage.get((year, *c), math.nan))]
        return word("head_gap_unknown", lang, cells=named(missing, labels, lang))
    signed = number(gap, signed=True)
    return word("head_gap", lang, gap=signed, sign=word("sign", lang))


def _shortage_part(labels: Labels, year: int, shortage: Mapping[Cell, float], lang: str) -> str:
    """Give the shortage and the cells that have it, the greatest first."""
    values = {cell: shortage.get((year, *cell), math.nan) for cell in labels.counted}
    unknown = "_known" if any(map(math.isnan, values.values())) else ""
    short = [cell for cell in values if values[cell] >= 0.5]
    short.sort(key=lambda cell: -values[cell])
    total = sum(values[cell] for cell in short)
    if round(total) == 0:
        return word(f"head_none{unknown}", lang)
    cells = [f"{named([cell], labels, lang)} {number(values[cell])}" for cell in short[:NAMED]]
    if rest := short[NAMED:]:
        others = number(sum(values[cell] for cell in rest))
        cells.append(word("more", lang, n=len(rest), places=others))
    listed = word("list", lang).join(cells)
    return word(f"head_short{unknown}", lang, places=number(total), cells=listed)


def _worst_part(
    labels: Labels, years: Sequence[int], shortage: Mapping[Cell, float], lang: str
) -> str:
    cells = {year: [shortage.get((year, *c), math.nan) for c in labels.counted] for year in years}
    known = {year: sum(v for v in cells[year] if not math.isnan(v)) for year in years}
    unknown = "_known" if any(math.isnan(v) for year in years for v in cells[year]) else ""
    worst = max(years, key=lambda year: (known[year], -year))
    if round(known[worst]) == 0:
        return word(f"head_never{unknown}", lang)
    return word(f"head_worst{unknown}", lang, places=number(known[worst]), year=worst)


def against(frame: pd.DataFrame, base: pd.DataFrame, labels: Labels, of: str, lang: str) -> str:
    """Say in one sentence how a run differs from the one that it builds on.

    Parameters
    ----------
    frame, base
        Results of both.
    labels
        Of the first.
    of
        Title of the other.
    """
    years = [year for year in years_of(frame) if year in set(years_of(base))]
    gap, shortage = (_changes(frame, base, name, years) for name in ("gap", "shortage"))
    known = [year for year in years if not math.isnan(gap[year] + shortage[year])]
    if not known:
        return word("against_unknown", lang, of=of)
    moved = [year for year in known if round(gap[year]) or round(shortage[year])]
    if not moved:
        return word("against_none", lang, of=of)
    answer = labels.answer_year(known)
    parts = []
    if answer in moved:
        parts.append(_change("against_in", lang, answer, gap, shortage))
    else:
        key = "against_before" if answer < moved[0] else "against_not_in"
        parts.append(word(key, lang, year=answer, first=moved[0]))
    most = max(moved, key=lambda year: (abs(shortage[year]), abs(gap[year])))
    if most != answer:
        parts.append(_change("against_most", lang, most, gap, shortage))
    return word("against", lang, of=of) + word("semicolon", lang).join(parts) + word("stop", lang)


def _change(
    key: str, lang: str, year: int, gap: Mapping[int, float], shortage: Mapping[int, float]
) -> str:
    signed = {"gap": gap[year], "shortage": shortage[year]}
    facts = {name: number(value, signed=True) for name, value in signed.items()}
    return word(key, lang, year=year, **facts)


def _changes(
    frame: pd.DataFrame, base: pd.DataFrame, name: str, years: Sequence[int]
) -> dict[int, float]:
    one, other = column(frame, name), column(base, name)
    return {year: one[year, ALL, ALL] - other[year, ALL, ALL] for year in years}
