"""The answer of a run in one short sentence."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from capacity.base.titles import cell_name
from capacity.base.words import amount, cut, word
from capacity.results.labels import (
    ALL,
    Cell,
    Labels,
    column,
    first_greatest,
    places_known,
    years_of,
)

#: Cells named, at most; and the share of the shortage from which they are most of it.
_NAMED, _MOST = 2, 0.5
#: Columns that the name of a region, and of a level, takes at most.
NAME, LEVEL = 34, 16


def short_answer(frame: pd.DataFrame, labels: Labels, lang: str) -> str:
    """Answer for the plan's year, else for the next autumn; and name the worst year."""
    if labels.by_level:
        return _each_level(frame, labels, lang)
    years = years_of(frame)
    year = labels.spoken_year(years)
    key = "brief.in_target" if year == labels.new_places_by else "brief.in_autumn"
    stop = word("nouns.stop", lang)
    if not places_known(frame, labels):
        return _dated(key, labels, lang, year, said=_demand(frame, labels, year, lang)) + stop
    shortage = column(frame, "shortage")
    known = {y: known_of(shortage, labels.headline, y) for y in years}
    lacking = any(len(cells) < len(labels.headline) for cells in known.values())
    facts = {"known": word("brief.known", lang) if lacking else ""}
    here = sum(known[year].values())
    if names := labels.target_names(lang):
        facts["known"] = word("brief.of_levels", lang, levels=names) + facts["known"]
    if round(here):
        said = word("brief.short", lang, places=amount(here, lang), **facts)
        said += "" if names else mostly(known[year], here, labels, lang)
    else:
        said = word("brief.not_short", lang, **facts)
    totals = {y: sum(cells.values()) for y, cells in known.items()}
    worst = first_greatest(totals)
    if not round(totals[worst]):
        said += _dated("brief.never", labels, lang, years[-1])
    elif round(totals[worst]) > round(here):
        places = amount(totals[worst], lang)
        said += _dated("brief.worst", labels, lang, worst, places=places)
    elif len(years) > 1:
        said += word("brief.worst_same", lang)
    if names:
        said += _beside(shortage, labels, year, lang)
    return _dated(key, labels, lang, year, said=said) + stop


def _dated(key: str, labels: Labels, lang: str, year: int, **facts: object) -> str:
    """Return the words of a key with a year as the district calls it."""
    return word(key, lang, year=labels.year_name(year, lang), **facts)


def _each_level(frame: pd.DataFrame, labels: Labels, lang: str) -> str:
    """Answer for each level by itself, with the worst year of each."""
    years = years_of(frame)
    year = labels.spoken_year(years)
    key = "brief.in_target" if year == labels.new_places_by else "brief.in_autumn"
    alone = not places_known(frame, labels)
    values = column(frame, "demand" if alone else "shortage")
    parts = []
    for one in labels.each_level:
        row = one.headline_rows if alone else one.headline
        known = {y: sum(known_of(values, row, y).values()) for y in years}
        facts = {"level": cut(one.target_names(lang), LEVEL), "places": amount(known[year], lang)}
        worst = first_greatest(known)
        said = word("brief.level" if round(known[year]) else "brief.level_none", lang, **facts)
        if round(known[worst]) > round(known[year]):
            places = amount(known[worst], lang)
            said += _dated("brief.level_worst", labels, lang, worst, places=places)
        parts.append(said)
    counted = labels.counted
    lacking = not alone and any(len(known_of(values, counted, y)) < len(counted) for y in years)
    listed = word("nouns.semicolon", lang).join(parts)
    said = word("brief.levels_demand" if alone else "brief.levels", lang, levels=listed)
    said += word("brief.known", lang) if lacking else ""
    return _dated(key, labels, lang, year, said=said) + word("nouns.stop", lang)


def _beside(shortage: Mapping[Cell, float], labels: Labels, year: int, lang: str) -> str:
    """Say what is short in the levels of which the plan does not speak."""
    short = sum(known_of(shortage, labels.beside, year).values())
    codes = dict.fromkeys(level for _, level in labels.beside)
    names = word("nouns.list", lang).join(labels.level_name(code, lang) for code in codes)
    if not round(short):
        return _dated("brief.beside_none", labels, lang, year, levels=names)
    places = amount(short, lang)
    return _dated("brief.beside", labels, lang, year, levels=names, places=places)


def known_of(
    shortage: Mapping[Cell, float], counted: Sequence[tuple[str, str]], year: int
) -> dict[tuple[str, str], float]:
    """Return the shortages of a year that are known, by region and level."""
    cells = {cell: shortage.get((year, *cell), math.nan) for cell in counted}
    return {cell: value for cell, value in cells.items() if not math.isnan(value)}


def mostly(cells: Mapping[tuple[str, str], float], whole: float, labels: Labels, lang: str) -> str:
    """Name the cells that have most of a shortage, where a few have it."""
    short = [cell for cell in cells if round(cells[cell])]
    short.sort(key=lambda cell: -cells[cell])
    if len(labels.headline) == 1 or sum(cells[c] for c in short[:_NAMED]) < _MOST * whole:
        return ""
    if len(short) == 1:
        return word("brief.one_cell", lang, cells=_cell(short[0], labels, lang))
    said = [
        word("brief.cell", lang, cell=_cell(cell, labels, lang), places=amount(cells[cell], lang))
        for cell in short[:_NAMED]
    ]
    *before, last = said
    both = word("common.and", lang, before=before[0], last=last) if before else last
    return word("brief.mostly", lang, cells=both)


def _cell(cell: tuple[str, str], labels: Labels, lang: str) -> str:
    region, level = labels.region_name(cell[0], lang), labels.level_name(cell[1], lang)
    return cell_name(cut(region, NAME), cut(level, LEVEL), lang)


def _demand(frame: pd.DataFrame, labels: Labels, year: int, lang: str) -> str:
    """Say how many need a place, where no places are known."""
    demand = column(frame, "demand")
    totals = {y: demand[y, ALL, ALL] for y in years_of(frame)}
    said = word("brief.demand", lang, places=amount(totals[year], lang))
    most = first_greatest(totals)
    if most != year:
        places = amount(totals[most], lang)
        said += _dated("brief.most_demand", labels, lang, most, places=places)
    return said
