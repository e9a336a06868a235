"""The two tables of the short answer: classes of next autumn, and the years side by side.

Each is told the lines that it may have, and how wide it may be.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capacity.base.settings import HIGH, LOW
from capacity.base.words import cut, number, width, word
from capacity.render.answer import LEVEL, NAME
from capacity.render.blocks import Block, Table, Text
from capacity.render.needs import by_grade, kept_free
from capacity.results.labels import (
    ALL,
    BANDS,
    Labels,
    column,
    first_greatest,
    has_draws,
    places_known,
    years_of,
)

#: Columns of the whole.
WIDE = 100
#: Regions listed, at most; levels whose demand is, where no places are known.
REGIONS, _LEVELS = 8, 4
#: Levels of the table of years, at most, where they are not added up.
_ROWS = 6
#: Columns that the head of the years takes at most, where it names levels.
LEAD = 46
#: Columns that a level takes at least, and the space between two columns.
_LEAST, _SPACE = 8, 2


@dataclass(frozen=True)
class Part:
    """Blocks of so many lines: how many they would have, the fewest, and what makes them."""

    wanted: int
    least: int
    made: Callable[[int], Sequence[Block]]


NOTHING = Part(0, 0, lambda lines: ())


def classes(entry: pd.DataFrame, labels: Labels, year: int, lang: str) -> Part:
    """Return the classes to open, a row per region and a column per level, the red ones first."""
    found = entry[entry["year"] == year]
    keys = list(zip(map(str, found["region"]), map(str, found["level"]), strict=True))
    rows: dict[tuple[str, str], Any]
    rows = dict(zip(keys, found.to_dict("records"), strict=True))
    if not rows:
        return NOTHING
    bands = {key: BANDS.get(str(row["band"]), "") for key, row in rows.items()}
    levels = [level.code for level in labels.levels]

    def urgency(code: str) -> tuple[int, int]:
        own = [bands.get((code, level), "") for level in levels]
        return -own.count("red"), -own.count("yellow")

    # of regions within regions the outermost, where not all have room
    inner = len(labels.leaves) > REGIONS
    total = len(labels.regions if inner else labels.leaves)
    codes = sorted((r.code for r in (labels.tops if inner else labels.leaves)), key=urgency)
    whole = [ALL] if len(codes) > 1 or any(level.pooled for level in labels.levels) else []
    shown, room = _columns(codes[:REGIONS] + whole, labels, lang)
    hidden = len(levels) - len(shown)
    marks = {key: word(f"nouns.{band}", lang) if band else "" for key, band in bands.items()}
    wide = {
        level: max((width(mark) for key, mark in marks.items() if key[1] == level), default=0)
        for level in shown
    }

    def cell(code: str, level: str, ranged: bool) -> str:
        row = rows.get((code, level))
        if row is None:
            return ""
        text, mark = _count(row["classes_needed"]), marks[code, level]
        low, high = (_count(row[f"classes_{end}"]) for end in (LOW, HIGH)) if ranged else ("", "")
        if low != high:
            text += f" ({low}–{high})"
        return f"{text} {mark}{' ' * (wide[level] - width(mark))}" if wide[level] else text

    heads = [cut(labels.level_name(level, lang), room) for level in shown]
    names = [cut(labels.region_name(code, lang), NAME) for code in (*codes[:REGIONS], *whole)]
    title = word("needs.classes_range", lang, year=labels.year_name(year, lang))
    ranged = f"classes_{LOW}" in found.columns and _has_room(
        [title, *names],
        *(
            [head, *(cell(code, level, True) for code in (*codes[:REGIONS], *whole))]
            for head, level in zip(heads, shown, strict=True)
        ),
    )
    heads.insert(
        0, title if ranged else word("brief.classes", lang, year=labels.year_name(year, lang))
    )

    def line(code: str) -> list[str]:
        name = cut(labels.region_name(code, lang), NAME)
        return [name, *(cell(code, level, ranged) for level in shown)]

    def made(lines: int) -> Sequence[Block]:
        here = lines - 1 - len(whole)
        if total > here or hidden:
            here -= 1
        kept = codes[: max(0, here)]
        more = map(Text, _left_out(total - len(kept), hidden, lang))
        return [Table("", heads, [*map(line, kept), *map(line, whole)]), *more]

    listed = min(len(codes), REGIONS)
    left_out = total > listed or hidden
    fixed = 1 + len(whole)
    return Part(
        fixed + listed + bool(left_out),
        fixed + min(listed, 2) + (total > 2 or bool(hidden)),
        made,
    )


def _has_room(*columns: Sequence[str]) -> bool:
    """Whether columns of these cells stand side by side."""
    return sum(_SPACE + max(map(width, cells)) for cells in columns) - _SPACE <= WIDE


def _columns(codes: Sequence[str], labels: Labels, lang: str) -> tuple[list[str], int]:
    """Return the levels that have room beside the names of regions, and how wide each may be."""
    names = max(width(cut(labels.region_name(code, lang), NAME)) for code in codes)
    left = WIDE - max(names, NAME)
    levels = [level.code for level in labels.levels]
    most = max(1, left // (_LEAST + 2 * _SPACE))
    shown = levels[:most]
    return shown, min(LEVEL, left // len(shown) - _SPACE)


def _left_out(regions: int, levels: int, lang: str) -> list[str]:
    """Say how many regions and levels are not listed."""
    counts = {"regions": regions, "levels": levels}
    parts = [word(f"brief.more_{name}", lang, n=n) for name, n in counts.items() if n]
    if not parts:
        return []
    return [word("brief.see_full", lang, text=word("nouns.list", lang).join(parts))]


def _count(value: object) -> str:
    whole = pd.to_numeric(pd.Series([value]), errors="coerce").iloc[0]
    return "–" if pd.isna(whole) else number(float(whole))


def years_table(frame: pd.DataFrame, labels: Labels, lang: str, wide: float = WIDE) -> Part:
    """Return the years side by side: demand, places, shortage and its range.

    Where not all have room: the one answered for, the worst and the last, and the first ones.
    """
    years, known = years_of(frame), places_known(frame, labels)
    values: dict[str, dict[int, float]] = {}
    if labels.by_level:
        values, worst = _each_level(frame, labels, known, lang)
    elif known:
        names = ["demand", "places", "shortage"]
        ranged = has_draws(frame) and not labels.target_levels  # a range is of all levels
        names += [f"shortage_{end}" for end in (LOW, HIGH)] if ranged else []
        heads = [word(f"nouns.{name}", lang) for name in names[:3]]
        heads += [word(f"brief.{name}", lang) for name in ("low", "high")][: len(names) - 3]
        for name, head in zip(names, heads, strict=True):
            found = column(frame, name)
            values[head] = {
                year: sum(found.get((year, *row), math.nan) for row in labels.headline_rows)
                for year in years
            }
        worst = values[heads[2]]
        if graded := by_grade(frame, labels.headline_rows):
            head = word("needs.short_by_grade", lang)
            values[head] = {year: graded[year] for year in years}
        if free := kept_free(labels, lang):
            head = word("needs.shortage_free", lang, shortage=heads[2], free=free)
            values = {head if name == heads[2] else name: row for name, row in values.items()}
        # what is not known in any year is not a row of nothing
        unknown = [head for head in values if all(map(math.isnan, values[head].values()))]
        values = {head: row for head, row in values.items() if head not in unknown}
    else:
        found = column(frame, "demand")
        for level in labels.levels[:_LEVELS]:
            head = cut(labels.level_name(level.code, lang), LEVEL)
            values[head] = {year: found.get((year, ALL, level.code), math.nan) for year in years}
        values[word("nouns.demand", lang)] = worst = {y: found[y, ALL, ALL] for y in years}
    certain = {year: value for year, value in worst.items() if not math.isnan(value)}
    wanted = [labels.spoken_year(years), *([first_greatest(certain)] if certain else []), years[-1]]
    cells = {year: [_known_number(row[year]) for row in values.values()] for year in years}
    key = "demand_years" if not known else "years_short" if labels.by_level else "years"
    heading = labels if known and not labels.by_level else None
    facts = {"shown": len(years), "total": len(years)}
    lead = _lead(f"brief.{key}_of", heading, lang, facts)
    leads = max(width(text) for text in (*values, lead))
    named = {year: labels.year_name(year, lang) for year in years}
    shown = _chosen(named, wanted, cells, wide - leads)
    facts["shown"] = len(shown)
    key = f"brief.{key}" if len(shown) == len(years) else f"brief.{key}_of"
    rows = [[head, *(cells[year][at] for year in shown)] for at, head in enumerate(values)]
    lead = _lead(key, heading, lang, facts)
    table = Table("", [lead, *(named[year] for year in shown)], rows)
    return Part(1 + len(rows), 1 + len(rows), lambda n: [table])


def _each_level(
    frame: pd.DataFrame, labels: Labels, known: bool, lang: str
) -> tuple[dict[str, dict[int, float]], dict[int, float]]:
    """Return the shortage of each level by year, else its demand; and that of the worst of them."""
    found, years = column(frame, "shortage" if known else "demand"), years_of(frame)
    rows = {
        cut(labels.level_name(level.code, lang), LEVEL): {
            year: found.get((year, ALL, level.code), math.nan) for year in years
        }
        for level in labels.levels[:_ROWS]
    }
    certain = [row for row in rows.values() if not all(map(math.isnan, row.values()))]
    worst = max(certain, key=lambda row: max(v for v in row.values() if not math.isnan(v)))
    return rows, worst


def _lead(key: str, labels: Labels | None, lang: str, facts: Mapping[str, int]) -> str:
    """Head the column of names: what the rows are of, and which levels where not of all."""
    text, levels = word(key, lang, **facts), labels.target_names(lang) if labels else ""
    return cut(word("brief.years_levels", lang, text=text, levels=levels), LEAD) if levels else text


def _known_number(value: float) -> str:
    return "–" if math.isnan(value) else number(value)


def _chosen(
    names: Mapping[int, str], wanted: Sequence[int], cells: Mapping[int, Sequence[str]], room: float
) -> list[int]:
    """Return the years whose columns have room: those wanted before the others, in their order."""
    chosen: list[int] = []
    left = room
    for year in dict.fromkeys((*wanted, *list(names)[1:], *names)):
        takes = _SPACE + max(width(text) for text in (names[year], *cells[year]))
        if takes > left:
            break
        left -= takes
        chosen.append(year)
    return sorted(chosen)
