"""The tables of a report: what is short and idle where and when, how full, how likely."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from functools import partial

import pandas as pd

from capacity.base.words import number, word
from capacity.render.blocks import Block, Table
from capacity.render.chances import percent
from capacity.render.charts.heatmap import fullness_of
from capacity.render.charts.wording import Wording
from capacity.render.needs import BY_GRADE
from capacity.render.sentences import bracketed, capped
from capacity.render.workbook.tables import level_title, rows_of
from capacity.results.labels import (
    ALL,
    BANDS,
    Cell,
    Labels,
    column,
    has_draws,
    pooled_levels,
    years_of,
)

#: Rows of a table of regions and levels, at most; its file has all.
ROWS = 240
#: What a cell says, and its tone.
Said = tuple[str, str]
RESULTS, ENTRY = "results.csv", "entry.csv"


def needs(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return places short and places idle, a row per region and level, a column per year."""
    blocks: list[Block] = []
    for name, tone in (("shortage", "short"), ("surplus", "idle")):
        said = partial(_places, column(frame, name), tone, labels, lang)
        blocks += _across(word(f"report.{tone}_title", lang), said, frame, labels, lang)
    pooled = pooled_levels(labels, lang)
    return [*blocks, *([bracketed(f"– {pooled}", lang)] if pooled else [])]


def _places(
    values: Mapping[Cell, float],
    tone: str,
    labels: Labels,
    lang: str,
    year: int,
    region: str,
    level: str,
) -> Said:
    value = values.get((year, region, level), math.nan)
    if math.isnan(value):
        return _unknown(region, level, labels, lang), ""
    return number(value), tone if round(value) else ""


def bands(entry: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return the early-warning bands of first grades, each with its probability."""
    places = pd.to_numeric(entry["entry_places"])
    if places.isna().all():
        return []
    keys = list(zip(entry["year"], entry["region"].map(str), entry["level"].map(str), strict=True))
    marks = dict(zip(keys, (BANDS.get(str(one), "") for one in entry["band"]), strict=True))
    known = dict(zip(keys, places.notna(), strict=True))
    drawn = "prob_red" in entry.columns
    shares = {name: column(entry, f"prob_{name}") for name in ("yellow", "red") if drawn}

    def said(year: int, region: str, level: str) -> Said:
        key = (year, region, level)
        if not known.get(key, False) or _is_shared(region, level, labels):
            return _unknown(region, level, labels, lang), ""
        tone = marks[key]
        mark = word(f"nouns.{tone}", lang) if tone else ""
        share = shares[tone or "red"][key] if drawn else math.nan
        return f"{mark} {'' if math.isnan(share) else _short_percent(share)}".strip(), tone

    lines = dict(zip(("yellow", "red"), (percent(n, lang) for n in labels.bands), strict=True))
    caption = word("report.bands_title" if drawn else "report.bands_central", lang, **lines)
    return _across(caption, said, entry, labels, lang, file=ENTRY, sums=False)


def _short_percent(share: float) -> str:
    """Return a share in per cent, in signs alone: many stand side by side."""
    return percent(share).replace(" ", "")


def fullness(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return demand as a share of places, in the bands of early warning."""
    full, say = fullness_of(frame, labels), Wording.of(labels, lang)
    (yellow, red), title = labels.bands, word("report.as_table", lang)

    def said(year: int, region: str, level: str) -> Said:
        share = full.shares.get((year, region, level), math.nan)
        tone = "red" if share >= red else "yellow" if share >= yellow else ""
        return full.figure((year, region, level), say), tone or _is_idle(share, labels)

    return _across(title, said, frame, labels, lang, sums=False, folded=True)


def _is_idle(share: float, labels: Labels) -> str:
    return "idle" if share < labels.idle else ""


def chances_of_shortage(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return how likely each region and level is short, in draws."""
    if not has_draws(frame):
        return []
    shares = column(frame, "prob_shortage")

    def said(year: int, region: str, level: str) -> Said:
        share = shares.get((year, region, level), math.nan)
        if math.isnan(share):
            return _unknown(region, level, labels, lang), ""
        return _short_percent(share), "short" if share >= 0.5 else ""

    return _across(word("report.chances_title", lang), said, frame, labels, lang, folded=True)


def by_grade(frame: pd.DataFrame, labels: Labels, lang: str) -> list[Block]:
    """Return the district's shortage by level beside that by grade, a row per year."""
    if BY_GRADE not in frame.columns:
        return []
    plain, graded = column(frame, "shortage"), column(frame, BY_GRADE)
    levels = [*(level.code for level in labels.levels), *([] if labels.by_level else [ALL])]
    heads = [word("nouns.year", lang)]
    for level in levels:
        name = level_title(level, labels, lang)
        heads += [word(f"report.of_{by}", lang, level=name) for by in ("level", "grade")]
    rows, tones = [], []
    for year in years_of(frame):
        cells, own = [labels.year_name(year, lang)], [""]
        for level in levels:
            for values in (plain, graded):
                value = values.get((year, ALL, level), math.nan)
                cells.append(word("nouns.no_data", lang) if math.isnan(value) else number(value))
                own.append("short" if value >= 0.5 else "")
        rows.append(cells)
        tones.append(own)
    return [Table(word("report.grades_title", lang), heads, rows, tones=tones)]


def _across(
    caption: str,
    said: Callable[[int, str, str], Said],
    frame: pd.DataFrame,
    labels: Labels,
    lang: str,
    *,
    file: str = RESULTS,
    sums: bool = True,
    folded: bool = False,
) -> list[Block]:
    """Return a table with a row per region and level and a column per year."""
    years = years_of(frame)
    levels = [level.code for level in labels.levels]
    levels += [ALL] if sums and not labels.by_level and len(levels) > 1 else []
    rows, tones = [], []
    for region in rows_of(labels):
        for level in levels:
            cells: Sequence[Said] = [said(year, region, level) for year in years]
            named = [labels.row_name(region, lang), level_title(level, labels, lang)]
            rows.append([*named, *(text for text, _ in cells)])
            tones.append(["", "", *(tone for _, tone in cells)])
    heads = [word("nouns.region", lang), word("nouns.level", lang)]
    heads += [labels.year_name(year, lang) for year in years]
    table = Table(caption, heads, rows, left=2, tones=tones, folded=folded)
    return capped(table, file, lang, ROWS)


def _unknown(region: str, level: str, labels: Labels, lang: str) -> str:
    """Return what stands where a region is not short by itself, or its places are not known."""
    return "–" if _is_shared(region, level, labels) else word("nouns.no_data", lang)


def _is_shared(region: str, level: str, labels: Labels) -> bool:
    """Whether the places of a level serve more than this region, which is not short by itself."""
    return any(region in one.shared for one in labels.levels if one.code == level)
