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
        rows = _levels(column(frame, "demand"), labels, years, lang)
        yield Figure(word("workbook.chart_demand", lang), years, rows, stacked=True)
        return
    district = {
        head(name, lang): _row(column(frame, name), years, ALL, ALL)
        for name in ("demand", "places", "places_listed")
    }
    yield Figure(word("workbook.chart_balance", lang), years, _known(district))
    shortage = column(frame, "shortage")
    rows = _levels(shortage, labels, years, lang)
    yield Figure(word("workbook.chart_levels", lang), years, rows, stacked=True)
    rows = _regions(shortage, labels, years, lang)
    yield Figure(word("workbook.chart_regions", lang), years, rows, stacked=True)
    if has_draws(frame):
        ends = {"shortage": "middle", f"shortage_{LOW}": "low", f"shortage_{HIGH}": "high"}
        rows = {
            word(f"workbook.range_{end}", lang): _row(column(frame, name), years, ALL, ALL)
            for name, end in ends.items()
        }
        if rows := _known(rows):
            yield Figure(word("workbook.chart_range", lang), years, rows, ranged=True)


def _row(
    values: Mapping[Cell, float], years: Sequence[int], region: str, level: str
) -> list[float]:
    return [values.get((year, region, level), math.nan) for year in years]


def _known(rows: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """Leave out rows of which nothing is known: a chart of them has no values."""
    return {name: row for name, row in rows.items() if not all(map(math.isnan, row))}


def _levels(
    values: Mapping[Cell, float], labels: Labels, years: Sequence[int], lang: str
) -> dict[str, Sequence[float]]:
    rows = {
        sentence(labels.level_name(level.code, lang)): _row(values, years, ALL, level.code)
        for level in labels.levels
    }
    return _known(rows)


def _regions(
    values: Mapping[Cell, float], labels: Labels, years: Sequence[int], lang: str
) -> dict[str, Sequence[float]]:
    """Return the shortage of the outermost regions, and of each pooled level: together all of it.

    Past `NAMED` the worst are named, in their order; the others are one row.
    """
    of = {region.code: _row(values, years, region.code, ALL) for region in labels.tops}
    worst = sorted(of, key=lambda code: -_greatest(of[code]))[:NAMED]
    rows = {labels.region_name(code, lang): of[code] for code in of if code in worst}
    if others := [row for code, row in of.items() if code not in worst]:
        name = word("workbook.others", lang, n=len(others))
        rows[name] = [_sum(cells) for cells in zip(*others, strict=True)]
    for level in labels.levels:
        if level.pooled:
            said = word("workbook.pooled", lang, level=labels.level_name(level.code, lang))
            rows[sentence(said)] = _row(values, years, ALL, level.code)
    return _known(rows)


def _greatest(row: Sequence[float]) -> float:
    return max((cell for cell in row if not math.isnan(cell)), default=-1.0)


def _sum(cells: Sequence[float]) -> float:
    """Sum what is known; nan where nothing is."""
    known = [cell for cell in cells if not math.isnan(cell)]
    return sum(known) if known else math.nan
