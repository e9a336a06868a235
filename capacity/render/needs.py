"""Where needs are more than plain shortages say: by grade, and with places that are kept free."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import pandas as pd

from capacity.base.words import number, word
from capacity.render.blocks import Block, Text
from capacity.render.chances import NAMED, percent
from capacity.results.frames import HOLDS
from capacity.results.labels import Cell, Labels, column, named, years_of

#: The column of results.csv; runs of before have none.
BY_GRADE = "shortage_by_grade"


def by_grade(frame: pd.DataFrame, rows: Sequence[tuple[str, str]]) -> dict[int, float]:
    """Return the shortage by grade of these rows by year, where any differs from the plain one.

    To whole places; nothing where none differs or it is not known.
    """
    if BY_GRADE not in frame.columns:
        return {}
    plain, found = (_summed(frame, rows, name) for name in ("shortage", BY_GRADE))
    differs = any(
        not math.isnan(value) and round(value) != round(plain[year])
        for year, value in found.items()
    )
    return found if differs else {}


def _summed(frame: pd.DataFrame, rows: Sequence[tuple[str, str]], name: str) -> dict[int, float]:
    """Sum a column over rows (region, level), by year."""
    values = column(frame, name)
    return {year: sum(values[year, *row] for row in rows) for year in years_of(frame)}


def kept_free(labels: Labels, lang: str) -> str:
    """Say which share of places is kept free; "" where none is."""
    if labels.margin is None:
        return ""
    if math.isnan(labels.margin):
        return word("needs.some_free", lang)
    return word("needs.free", lang, share=percent(labels.margin, lang))


def margin_gaps(frame: pd.DataFrame, labels: Labels) -> dict[Cell, float]:
    """Return the gaps from which shortages are clipped: those with the places that are kept free.

    Of a row that is not short by itself nan, where any place is kept free.
    """
    if labels.margin is None:
        return column(frame, "gap")
    surplus = column(frame, "surplus")
    return {cell: short - surplus[cell] for cell, short in column(frame, "shortage").items()}


def likely_idle(frame: pd.DataFrame, labels: Labels, year: int, lang: str) -> list[Block]:
    """Name the regions and levels whose places are likely to stand idle in a year."""
    if "prob_idle" not in frame.columns:
        return []
    chance = {cell[1:]: p for cell, p in column(frame, "prob_idle", year=year).items()}
    cells = [cell for cell in labels.counted if chance.get(cell, 0.0) >= HOLDS]
    if not cells:
        return []
    line = percent(labels.idle, lang)
    return [Text(word("needs.idle", lang, line=line, cells=named(cells, labels, lang, NAMED)))]


def beside(frame: pd.DataFrame, labels: Labels, year: int, lang: str) -> Iterator[str]:
    """Say in a line each what the plain shortage of a year leaves out."""
    if free := kept_free(labels, lang):
        yield word("needs.free_note", lang, free=free)
    if labels.by_level:  # what is left is of all levels
        return
    rows = labels.headline_rows
    found = by_grade(frame, rows).get(year, math.nan)
    plain = _summed(frame, rows, "shortage")[year]
    if not math.isnan(found) and round(found) != round(plain):
        yield word("needs.grade_note", lang, places=number(found), year=year)
