"""Plain text for a terminal: aligned tables, peaks and turning years.

Pure functions that give text; only characters that a Chinese (GBK) console has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from capacity.base.words import number, sentence, word
from capacity.render.text import table
from capacity.results.labels import (
    ALL,
    BANDS,
    Cell,
    Labels,
    column,
    constrained,
    first_greatest,
    named,
    years_of,
)

#: Regions listed by `turning`, at most.
LISTED = 20


def turning(frame: pd.DataFrame, labels: Labels, lang: str = "en") -> str:
    """Say when each level's demand peaks, and when regions turn from short to idle.

    A region's own levels are summed; a pooled level turns for the district only.
    """
    years = years_of(frame)
    demand, gaps = column(frame, "demand"), column(frame, "gap")
    peaks = [
        peak([demand.get((year, ALL, level.code), math.nan) for year in years], years, lang).format(
            level=labels.level_name(level.code, lang)
        )
        for level in labels.levels
    ]
    own = [level.code for level in labels.own_levels]
    pooled = [labels.level_name(v.code, lang) for v in labels.levels if v.code not in own]
    sums = word("sentences.own_levels", lang)
    if pooled:
        sums = word("sentences.own_levels_but", lang, levels=word("nouns.list", lang).join(pooled))
    heads = [word("nouns.region", lang), sums]
    heads += [labels.level_name(level.code, lang) for level in labels.levels]
    rows = [_turns(ALL, own, gaps, labels, years, lang)]
    regions = _shortest(gaps, labels, years)
    rows += [_turns(code, own, gaps, labels, years, lang) for code in regions]
    lines = [
        word("sentences.peak", lang, levels=word("nouns.list", lang).join(peaks)),
        word("sentences.turns", lang),
    ]
    lines.append(table(heads, rows, left=len(heads)))
    if len(regions) < (total := len(labels.leaves)):
        lines.append(word("sentences.fewer", lang, shown=len(regions), total=total))
    if labels.split_assumed:
        lines.append(word("nouns.brackets", lang, text=word("nouns.split_assumed", lang)))
    return "\n".join(lines)


def peak(values: Sequence[float], years: Sequence[int], lang: str) -> str:
    """Give the words for a peak, with ``{level}`` still to be filled in."""
    facts: dict[str, object] = {"level": "{level}"}
    if any(map(math.isnan, values)):
        return word("nouns.cell", lang, region="{level}", level=word("nouns.no_data", lang))
    if round(max(values)) == round(min(values)):
        return word("sentences.peak_flat", lang, **facts)
    top = list(years).index(first_greatest(dict(zip(years, values, strict=True))))
    key = (
        "sentences.peak_first"
        if top == 0
        else "sentences.peak_last"
        if top == len(years) - 1
        else "sentences.peak_in"
    )
    return word(key, lang, year=years[top], **facts)


def _turns(
    code: str,
    own: Sequence[str],
    gaps: Mapping[Cell, float],
    labels: Labels,
    years: Sequence[int],
    lang: str,
) -> list[str]:
    """Give one row: a region and the autumn it turns idle, over its own levels and by level."""
    name = labels.region_name(code, lang)
    cells = [word("charts.net", lang, district=name) if code == ALL else name]
    own_gaps = [sum(gaps.get((y, code, level), math.nan) for level in own) for y in years]
    cells.append(_turn(own_gaps, years, lang))
    for level in labels.levels:
        by_year = [gaps.get((year, code, level.code), math.nan) for year in years]
        pooled = level.pooled and code != ALL
        cells.append("-" if pooled else _turn(by_year, years, lang))
    return cells


def _turn(gaps: Sequence[float], years: Sequence[int], lang: str) -> str:
    """Give the first year after the last short one, or why there is none."""
    if any(map(math.isnan, gaps)):
        return word("nouns.no_data", lang)
    short = [k for k, gap in enumerate(gaps) if round(gap) > 0]
    if not short:
        return word("sentences.never_short", lang)
    if short[-1] == len(years) - 1:
        back = any(round(gap) <= 0 for gap in gaps[short[0] :])
        return word(
            "sentences.short_again" if back else "sentences.still_short", lang, year=years[-1]
        )
    return word("sentences.turns_in", lang, year=years[short[-1] + 1])


def _shortest(gaps: Mapping[Cell, float], labels: Labels, years: Sequence[int]) -> list[str]:
    """Give the leaf regions in their order; past `LISTED` those of the greatest shortage."""
    codes = [region.code for region in labels.leaves]
    if len(codes) <= LISTED:
        return codes
    own = [level.code for level in labels.own_levels]

    def worst(code: str) -> float:
        return max(sum(max(gaps.get((y, code, k), 0.0), 0.0) for k in own) for y in years)

    return sorted(codes, key=lambda code: (-worst(code), code))[:LISTED]


def classes(entry: pd.DataFrame, labels: Labels, year: int, lang: str = "en") -> str:
    """Give the classes that each region must open in one autumn, by level.

    Parameters
    ----------
    entry : DataFrame
        year, region, level, entrants, entry_places, entry_gap, classes_needed, band.
    labels : Labels
    year : int
    lang : str
    """
    found = entry[entry["year"] == year]
    if found.empty:
        return word("sentences.classes_none", lang, year=year)
    keys = list(zip(map(str, found["region"]), map(str, found["level"]), strict=True))
    rows = dict(zip(keys, found.to_dict("records"), strict=True))
    names = ("entrants", "entry_places", "entry_gap", "classes_needed")
    lines = []
    for code in (*(region.code for region in labels.leaves), ALL):
        for level in labels.levels:
            row = rows.get((code, level.code))
            if row is None:
                continue
            cells = [labels.region_name(code, lang), labels.level_name(level.code, lang)]
            cells += [number(_real(row[name]), signed=name == "entry_gap") for name in names]
            band = BANDS.get(str(row["band"]))
            lines.append([*cells, word(f"nouns.{band}", lang) if band else ""])
    heads = [word(f"nouns.{name}", lang) for name in ("region", "level", *names, "band")]
    text = [word("sentences.classes_title", lang, year=year, sign=word("nouns.sign", lang))]
    text.append(table(heads, lines, left=2))
    if labels.split_assumed:
        text.append(word("nouns.brackets", lang, text=word("nouns.split_assumed", lang)))
    return "\n".join(text)


def by_year(frame: pd.DataFrame, labels: Labels, lang: str = "en") -> str:
    """Give the district's demand, places, gaps and shortages, a row per year."""
    names = ("demand", "places", "places_listed", "gap", "shortage", "shortage_after")
    values = {name: column(frame, name) for name in names}
    rows = []
    for year in years_of(frame):
        whole = {name: values[name].get((year, ALL, ALL), math.nan) for name in names}
        cells = [number(whole[name]) for name in names[:3]]
        for level in labels.levels:
            gap = values["gap"].get((year, ALL, level.code), math.nan)
            cells.append(number(gap, signed=True))
        cells.append(number(whole["gap"], signed=True))
        rows.append([str(year), *cells, *(number(whole[name]) for name in names[4:])])
    heads = [word(f"nouns.{name}", lang) for name in ("year", *names[:3])]
    heads += [
        word("nouns.gap_of", lang, level=labels.level_name(v.code, lang)) for v in labels.levels
    ]
    heads += [word(f"nouns.{name}", lang) for name in ("gap_all", "shortage", "shortage_after")]
    facts = {"district": sentence(labels.region_name(ALL, lang)), "sign": word("nouns.sign", lang)}
    lines = [word("sentences.by_year_title", lang, **facts), table(heads, rows)]
    empty = {cell[1:] for cell, gap in values["gap"].items() if math.isnan(gap)}
    if missing := [cell for cell in labels.counted if cell in empty]:
        text = word("sentences.no_places", lang, cells=named(missing, labels, lang))
        lines.append(word("nouns.brackets", lang, text=text))
    if any(cell[1:] in labels.counted for cell in constrained(frame)):
        lines.append(word("nouns.brackets", lang, text=word("charts.bound_plain", lang)))
    return "\n".join(lines)


def _real(value: object) -> float:
    return float(str(value)) if str(value) not in {"", "None", "<NA>"} else math.nan
