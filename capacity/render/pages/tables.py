"""The tables of a run: by year, by region, entry classes, peaks and turning years."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from capacity.base.settings import HIGH, LOW
from capacity.base.words import gap_text, number, sentence, word
from capacity.render.blocks import Block, Table, Text
from capacity.render.chances import percent
from capacity.render.needs import by_grade, kept_free, margin_gaps
from capacity.render.sentences import bracketed, split_assumed, why_year
from capacity.results.labels import (
    ALL,
    BANDS,
    Cell,
    Labels,
    column,
    constrained,
    first_greatest,
    named,
    places_known,
    pooled_levels,
    years_of,
)

#: Regions listed, at most: those of the greatest shortage.
LISTED = 20


def by_year(frame: pd.DataFrame, labels: Labels, lang: str = "en") -> list[Block]:
    """Return the district's demand, places, gaps and shortages, a row per year.

    Where no places are known: demand alone, by level.
    """
    if not places_known(frame, labels):
        return _by_level_and_year(frame, labels, lang)
    if labels.by_level:
        each = ("demand", "places", "gap", "shortage")
        found = [table for of in each for table in _by_level_and_year(frame, labels, lang, of)]
        return [*found, *_doubts(frame, labels, lang)]
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
    heads += _gap_heads(labels, lang)
    heads += [word(f"nouns.{name}", lang) for name in ("gap_all", "shortage", "shortage_after")]
    if free := kept_free(labels, lang):
        heads[-2] = word("needs.shortage_free", lang, shortage=heads[-2], free=free)
    if graded := by_grade(frame, [(ALL, ALL)]):
        heads.append(word("needs.short_by_grade", lang).strip())
        rows = [[*row, number(graded[int(row[0])])] for row in rows]
    return [Table(_by_year_title(labels, lang), heads, rows), *_doubts(frame, labels, lang)]


def years_in_short(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return the district's demand, places, gap in words and shortage, a row per year.

    Where no places are known: demand alone, by level.
    """
    if not places_known(frame, labels):
        return _by_level_and_year(frame, labels, lang)
    if labels.by_level:
        table = _by_level_and_year(frame, labels, lang, "shortage")
        return [*table, *_doubts(frame, labels, lang)]
    names = ("demand", "places", "gap", "shortage")
    values = {name: column(frame, name) for name in names}
    rows = []
    for year in years_of(frame):
        whole = {name: values[name].get((year, ALL, ALL), math.nan) for name in names}
        cells = {name: _known_number(whole[name], lang) for name in names}
        cells["gap"] = gap_text(whole["gap"], lang)
        rows.append([str(year), *cells.values()])
    heads = [word(f"nouns.{name}", lang) for name in ("year", *names)]
    return [Table(_by_year_title(labels, lang), heads, rows), *_doubts(frame, labels, lang)]


def _by_level_and_year(
    frame: pd.DataFrame, labels: Labels, lang: str, of: str = "demand"
) -> list[Block]:
    values, codes = column(frame, of), _level_codes(labels)
    rows = [
        [str(year), *(number(values.get((year, ALL, code), math.nan)) for code in codes)]
        for year in years_of(frame)
    ]
    district = sentence(labels.region_name(ALL, lang))
    title = word(f"sentences.{of}_by_year_title", lang, district=district)
    return [Table(title, [word("nouns.year", lang), *_level_heads(labels, lang)], rows)]


def _level_codes(labels: Labels) -> list[str]:
    """Return the levels that are columns, their sum last where they are added up."""
    return [*(level.code for level in labels.levels), *([] if labels.by_level else [ALL])]


def _level_heads(labels: Labels, lang: str) -> list[str]:
    names = [labels.level_name(level.code, lang) for level in labels.levels]
    return names if labels.by_level else [*names, word("nouns.demand", lang)]


def _demand_by_region(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return the demand of each level, regions of the greatest first."""
    year = labels.spoken_year(years_of(frame))
    demand = column(frame, "demand", year=year)

    def of(region: str, level: str) -> float:
        return demand.get((year, region, level), math.nan)

    codes = sorted((r.code for r in labels.leaves), key=lambda code: -_or_0(of(code, ALL)))
    levels = _level_codes(labels)
    rows = [
        [
            labels.row_name(code, lang),
            *(_known_number(of(code, level), lang) for level in levels),
        ]
        for code in (*labels.under_parents(codes[:LISTED]), ALL)
    ]
    facts = {"year": year, "why": why_year(labels, year, lang)}
    title = word("sentences.demand_by_region_title", lang, **facts)
    heads = [word("nouns.region", lang), *_level_heads(labels, lang)]
    return [Table(title, heads, rows), *_fewer(min(LISTED, len(codes)), len(codes), lang)]


def _by_year_title(labels: Labels, lang: str) -> str:
    district = sentence(labels.region_name(ALL, lang))
    return word("sentences.by_year_title", lang, district=district, sign=word("nouns.sign", lang))


def _gap_heads(labels: Labels, lang: str) -> list[str]:
    names = (labels.level_name(level.code, lang) for level in labels.levels)
    return [word("nouns.gap_of", lang, level=name) for name in names]


def _doubts(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Text]:
    """Say what is not known, and where demand is only a lower bound."""
    texts = []
    empty = {cell[1:] for cell, gap in column(frame, "gap").items() if math.isnan(gap)}
    if missing := [cell for cell in labels.counted if cell in empty]:
        texts.append(word("sentences.no_places", lang, cells=named(missing, labels, lang)))
    if any(cell[1:] in labels.counted for cell in constrained(frame)):
        texts.append(word("charts.bound_plain", lang))
    return [bracketed(text, lang) for text in texts]


def by_region(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return the gap of each level and the shortage, regions of the greatest shortage first.

    Where no places are known: demand alone.
    """
    if not places_known(frame, labels):
        return _demand_by_region(frame, labels, lang)
    years = years_of(frame)
    year = labels.spoken_year(years)
    gaps, shortages = (column(frame, name, year=year) for name in ("gap", "shortage"))

    def row(code: str) -> list[str]:
        cells = [
            "–"
            if code in level.shared
            else gap_text(gaps.get((year, code, level.code), math.nan), lang)
            for level in labels.levels
        ]
        short = _known_number(shortages.get((year, code, ALL), math.nan), lang)
        return [labels.row_name(code, lang), *cells, *([] if labels.by_level else [short])]

    def order(code: str) -> tuple[float, float]:
        own = (gaps.get((year, code, level.code), math.nan) for level in labels.own_levels)
        return -_or_0(shortages.get((year, code, ALL), math.nan)), -sum(map(_or_0, own))

    codes = sorted((region.code for region in labels.leaves), key=order)
    shown = labels.under_parents(codes[:LISTED])
    heads = [word("nouns.region", lang), *_gap_heads(labels, lang)]
    heads += [] if labels.by_level else [word("nouns.shortage", lang)]
    facts = {"why": why_year(labels, year, lang), "sign": word("nouns.sign", lang)}
    caption = word("notebook.by_region_title", lang, year=year, **facts)
    found: list[Block] = [Table(caption, heads, [*map(row, shown), row(ALL)])]
    if pooled := pooled_levels(labels, lang):
        found.append(bracketed(f"– {pooled}", lang))
    return found + _fewer(min(LISTED, len(codes)), len(codes), lang)


def _fewer(shown: int, total: int, lang: str) -> list[Block]:
    """Say that not all regions are listed, where they are not."""
    text = word("sentences.fewer", lang, shown=shown, total=total)
    return [Text(text)] if shown < total else []


def _known_number(value: float, lang: str) -> str:
    return word("nouns.no_data", lang) if math.isnan(value) else number(value)


def _or_0(value: float) -> float:
    """Return 0 for what is not known, so that it stands between short and idle."""
    return 0.0 if math.isnan(value) else value


def classes(
    entry: pd.DataFrame, labels: Labels, year: int, lang: str = "en", *, chances: bool = False
) -> list[Block]:
    """Return the classes that each region must open in one autumn, by level.

    Parameters
    ----------
    entry : DataFrame
        year, region, level, entrants, entry_places, entry_gap, classes_needed, band.
    labels : Labels
    year : int
    lang : str
    chances : bool
        Whether the probability of each band is shown, where there are draws.
    """
    found = entry[entry["year"] == year]
    if found.empty:
        return [Text(word("sentences.classes_none", lang, year=year))]
    keys = list(zip(map(str, found["region"]), map(str, found["level"]), strict=True))
    rows = dict(zip(keys, found.to_dict("records"), strict=True))
    known = pd.to_numeric(found["entry_places"]).notna().any()
    names = ["entrants", *(("entry_places", "entry_gap") if known else ()), "classes_needed"]
    if f"classes_{LOW}" in found.columns:
        names += [f"classes_{LOW}", f"classes_{HIGH}"]
    bands = ("band",) if known else ()
    drawn = ("prob_yellow", "prob_red") if known and chances and "prob_red" in found else ()
    lines, tones = [], []
    for code in (*labels.under_parents(region.code for region in labels.leaves), ALL):
        for level in labels.levels:
            row = rows.get((code, level.code))
            if row is None:
                continue
            cells = [labels.row_name(code, lang), labels.level_name(level.code, lang)]
            cells += [number(_real(row[name]), signed=name == "entry_gap") for name in names]
            band = BANDS.get(str(row["band"]))
            cells += [word(f"nouns.{band}", lang) if band else "" for _ in bands]
            shares = (_real(row[name]) for name in drawn)
            cells += ["" if math.isnan(share) else percent(share, lang) for share in shares]
            lines.append(cells)
            tones.append(
                ["", ""] + [""] * len(names) + [band or ""] * len(bands) + [""] * len(drawn)
            )
    heads = [word(f"nouns.{name}", lang) for name in ("region", "level", *names, *bands, *drawn)]
    title = "sentences.classes_title" if known else "sentences.entrants_title"
    lines_of = dict(zip(("yellow", "red"), (percent(n, lang) for n in labels.bands), strict=True))
    caption = word(title, lang, year=year, sign=word("nouns.sign", lang), **lines_of)
    table = Table(caption, heads, lines, left=2, tones=tones)
    return [table, *split_assumed(labels, lang)]


def _real(value: object) -> float:
    return float(str(value)) if str(value) not in {"", "None", "<NA>"} else math.nan


def turning(frame: pd.DataFrame, labels: Labels, lang: str = "en") -> list[Block]:
    """Say when each level's demand peaks, and when regions turn from short to idle.

    A region's own levels are summed; a pooled level turns for the district only. Where no places
    are known only peaks are said.
    """
    if not places_known(frame, labels):
        return [Text(_peaks(frame, labels, lang))]
    years, gaps = years_of(frame), margin_gaps(frame, labels)
    own = [level.code for level in labels.own_levels]
    pooled = [labels.level_name(v.code, lang) for v in labels.levels if v.code not in own]
    sums = word("sentences.own_levels", lang)
    if pooled:
        sums = word("sentences.own_levels_but", lang, levels=word("nouns.list", lang).join(pooled))
    heads = [word("nouns.region", lang), sums]
    heads += [labels.level_name(level.code, lang) for level in labels.levels]
    regions = _shortest(gaps, labels, years)
    rows = [
        _turns(code, own, gaps, labels, years, lang)
        for code in (ALL, *labels.under_parents(regions))
    ]
    if labels.by_level:  # without the column of their sum
        heads, *rows = ([row[0], *row[2:]] for row in (heads, *rows))
    return [
        Text(_peaks(frame, labels, lang)),
        Table(word("sentences.turns", lang), heads, rows, left=len(heads)),
        *_fewer(len(regions), len(labels.leaves), lang),
        *split_assumed(labels, lang),
    ]


def _peaks(frame: pd.DataFrame, labels: Labels, lang: str) -> str:
    years, demand = years_of(frame), column(frame, "demand")
    levels = []
    for level in labels.levels:
        values = [demand.get((year, ALL, level.code), math.nan) for year in years]
        levels.append(peak(values, years, labels.level_name(level.code, lang), lang))
    return word("sentences.peak", lang, levels=word("nouns.list", lang).join(levels))


def peak(values: Sequence[float], years: Sequence[int], name: str, lang: str) -> str:
    """Say when the demand of a level, under its name, peaks."""
    if any(map(math.isnan, values)):
        return word("nouns.cell", lang, region=name, level=word("nouns.no_data", lang))
    if round(max(values)) == round(min(values)):
        return word("sentences.peak_flat", lang, level=name)
    top = first_greatest(dict(zip(years, values, strict=True)))
    where = "first" if top == years[0] else "last" if top == years[-1] else "in"
    return word(f"sentences.peak_{where}", lang, year=top, level=name)


def _turns(
    code: str,
    own: Sequence[str],
    gaps: Mapping[Cell, float],
    labels: Labels,
    years: Sequence[int],
    lang: str,
) -> list[str]:
    """Return one row: a region and the autumn it turns idle, over its own levels and by level."""
    cells = [labels.row_name(code, lang, net=True)]
    own_gaps = [sum(gaps.get((y, code, level), math.nan) for level in own) for y in years]
    cells.append(turn(own_gaps, years, lang))
    for level in labels.levels:
        by_year = [gaps.get((year, code, level.code), math.nan) for year in years]
        cells.append("-" if code in level.shared else turn(by_year, years, lang))
    return cells


def turn(gaps: Sequence[float], years: Sequence[int], lang: str) -> str:
    """Return the first year after the last short one, or why there is none."""
    if any(map(math.isnan, gaps)):
        return word("nouns.no_data", lang)
    short = [k for k, gap in enumerate(gaps) if round(gap) > 0]
    if not short:
        return word("sentences.never_short", lang)
    if short[-1] < len(years) - 1:
        return word("sentences.turns_in", lang, year=years[short[-1] + 1])
    was_idle = any(round(gap) <= 0 for gap in gaps[short[0] :])
    return word(f"sentences.{'short_again' if was_idle else 'still_short'}", lang, year=years[-1])


def _shortest(gaps: Mapping[Cell, float], labels: Labels, years: Sequence[int]) -> list[str]:
    """Return the leaf regions in their order; past `LISTED` those of the greatest shortage."""
    codes = [region.code for region in labels.leaves]
    if len(codes) <= LISTED:
        return codes
    own = [level.code for level in labels.own_levels]

    def worst(code: str) -> float:
        return max(sum(max(gaps.get((y, code, k), 0.0), 0.0) for k in own) for y in years)

    return sorted(codes, key=lambda code: (-worst(code), code))[:LISTED]
