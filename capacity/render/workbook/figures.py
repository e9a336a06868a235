"""The figures of the native charts: rows over the years, the worst regions by name."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from capacity.base.settings import HIGH, LOW
from capacity.base.words import sentence, word
from capacity.render.workbook.tables import head
from capacity.results.labels import ALL, Cell, Labels, column, has_draws, places_known, years_of

#: Shortages by year of the pairs (region, level) that add up to the district's.
Cells = Mapping[tuple[str, str], Sequence[float]]
#: Regions by name, at most; the others are one row.
NAMED = 8


@dataclass(frozen=True)
class Figure:
    """A chart and the rows that it is drawn from.

    Attributes
    ----------
    title : str
        With the unit.
    years : tuple of int
    rows : mapping of str to list of float
        By name; nan is empty.
    stacked : bool
        Whether rows add up, and stand on each other as columns; else they are lines.
    ranged : bool
        Whether the lines are a figure and its range.
    """

    title: str
    years: tuple[int, ...]
    rows: Mapping[str, Sequence[float]]
    stacked: bool = False
    ranged: bool = False


def figures_of(frame: pd.DataFrame, labels: Labels, lang: str) -> Iterator[Figure]:
    """Yield the charts of a run: demand and places, shortages by level and by region, the range.

    Where no places are known: demand by level.
    """
    years = years_of(frame)
    if not places_known(frame, labels):
        rows = _demand(frame, labels, years, lang)
        yield Figure(word("workbook.chart_demand", lang), years, rows, stacked=True)
        return
    district: dict[str, Sequence[float]] = {
        head(name, lang): _row(column(frame, name), years, ALL, ALL)
        for name in ("demand", "places", "places_listed")
    }
    yield Figure(word("workbook.chart_balance", lang), years, _known(district))
    shortage = column(frame, "shortage")
    cells = {cell: _row(shortage, years, *cell) for cell in labels.counted}
    lacking = any(math.isnan(n) for row in cells.values() for n in row)
    facts = {"known": word("brief.known", lang) if lacking else ""}
    for of, summed in (("levels", _by_level), ("regions", _by_region)):
        if found := _known(summed(cells, labels, lang)):
            title = word(f"workbook.chart_{of}", lang, **facts)
            yield Figure(title, years, found, stacked=True)
    if has_draws(frame):
        ends = {"shortage": "middle", f"shortage_{LOW}": "low", f"shortage_{HIGH}": "high"}
        ranged: dict[str, Sequence[float]] = {
            word(f"workbook.range_{end}", lang): _row(column(frame, name), years, ALL, ALL)
            for name, end in ends.items()
        }
        if rows := _known(ranged):
            yield Figure(word("workbook.chart_range", lang), years, rows, ranged=True)


def _row(
    values: Mapping[Cell, float], years: Sequence[int], region: str, level: str
) -> list[float]:
    return [values.get((year, region, level), math.nan) for year in years]


def _known(rows: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """Leave out rows of which nothing is known: a chart of them has no values."""
    return {name: row for name, row in rows.items() if not all(map(math.isnan, row))}


def _demand(
    frame: pd.DataFrame, labels: Labels, years: Sequence[int], lang: str
) -> dict[str, Sequence[float]]:
    demand = column(frame, "demand")
    return {
        sentence(labels.level_name(level.code, lang)): _row(demand, years, ALL, level.code)
        for level in labels.levels
    }


def _by_level(cells: Cells, labels: Labels, lang: str) -> dict[str, Sequence[float]]:
    """Return what is known of the shortage of each level."""
    return {
        sentence(labels.level_name(level.code, lang)): _sum(
            [row for (_, of), row in cells.items() if of == level.code]
        )
        for level in labels.levels
    }


def _by_region(cells: Cells, labels: Labels, lang: str) -> dict[str, Sequence[float]]:
    """Return that of the outermost regions, and of each pooled level: together all of it.

    Past `NAMED` the worst are named, in their order; the others are one row.
    """
    inside = {leaf: top.code for top in labels.tops for leaf in labels.leaves_of(top.code)}
    of = {
        top.code: _sum([row for (leaf, _), row in cells.items() if inside.get(leaf) == top.code])
        for top in labels.tops
    }
    worst = sorted(of, key=lambda code: -_greatest(of[code]))[:NAMED]
    rows: dict[str, Sequence[float]]
    rows = {labels.region_name(code, lang): of[code] for code in of if code in worst}
    if others := [row for code, row in of.items() if code not in worst]:
        rows[word("workbook.others", lang, n=len(others))] = _sum(others)
    for level in labels.levels:
        if level.pooled:
            said = word("workbook.pooled", lang, level=labels.level_name(level.code, lang))
            rows[sentence(said)] = cells[ALL, level.code]
    return rows


def _sum(rows: Sequence[Sequence[float]]) -> list[float]:
    """Sum what is known, year by year; nan where nothing is."""
    found = []
    for cells in zip(*rows, strict=True):
        known = [cell for cell in cells if not math.isnan(cell)]
        found.append(sum(known) if known else math.nan)
    return found


def _greatest(row: Sequence[float]) -> float:
    return max((cell for cell in row if not math.isnan(cell)), default=-1.0)
