"""The tables of a workbook: each a sheet that a planner filters, under heads with unit and sign."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capacity.base.words import has_words, number, sentence, word
from capacity.inputs.tables.columns import CHOICES, DECANT, PLACES, chinese
from capacity.render.sources import source_in
from capacity.results.labels import ALL, BANDS, Labels, years_of
from capacity.results.result import Result

#: Share of the draws below a quantile, by the end of its column's name.
_QUANTILES = {"p10": 10, "p50": 50, "p90": 90}
#: Columns of numbers that are shares, by how their names begin.
_SHARES = ("prob_", "utilisation", "share_")
#: Kinds of columns of the register of assumptions, where they are no plain text.
_REGISTER = {"value": "value", "quality": "quality", "source": "long", "note": "long"}
#: Columns of the projects, as far as any has them.
_PROJECT = ("project", "title", "region", "status", "kind", "opens", "starts", "closes")


@dataclass(frozen=True)
class Column:
    """A column of a sheet.

    Attributes
    ----------
    head : str
        With its unit, and the sign where it has one.
    cells : sequence
        Text, numbers or truth values; None and nan are empty.
    kind : str
        ``text``, ``long`` (sentences), ``mark`` (true or false), ``band``, ``quality``,
        ``passed``, or one of the kinds of numbers in `capacity.render.workbook.cells.FORMATS`.
    """

    head: str
    cells: Sequence[Any]
    kind: str = "text"


@dataclass(frozen=True)
class Sheet:
    """A table that is a sheet of its own.

    Attributes
    ----------
    name : str
    columns : sequence of Column
    keys : int
        How many columns, from the first, stay in sight and stand on every page.
    empty : str
        What is said where there are no rows.
    """

    name: str
    columns: Sequence[Column]
    keys: int
    empty: str = ""

    @property
    def rows(self) -> int:
        """How many rows stand below the heads."""
        return len(self.columns[0].cells)


def sheets(of: Result, lang: str) -> Iterator[Sheet]:
    """Yield the tables of a run in the order of their sheets.

    Parameters
    ----------
    of : Result
    lang : str
    """
    frame, labels = of.frame(), of.labels
    yield _gaps(frame, labels, lang)
    yield _results(frame, labels, lang)
    yield _entry(of.entry, labels, lang)
    yield _pupils(of.pupils, labels, lang)
    yield _supply(of.supply, frame, labels, lang)
    yield pipeline(of, lang)
    yield _assumptions(of.assumptions, lang)
    yield _checks(of.checks, lang)


def name_of(sheet: str, lang: str) -> str:
    """Return the name of a sheet in a language."""
    return word(f"workbook.sheet_{sheet}", lang)


def head(name: str, lang: str) -> str:
    """Return what stands over a column of a table, with its unit and sign."""
    base, _, end = name.rpartition("_")
    if end in _QUANTILES:
        return word("workbook.quantile", lang, of=head(base, lang), share=_QUANTILES[end])
    key = f"workbook.column_{name}"
    return word(key, lang, sign=word("nouns.sign", lang)) if has_words(key) else name


def kind(name: str, cells: pd.Series) -> str:
    """Return the kind of a column of a table."""
    if pd.api.types.is_bool_dtype(cells):
        return "mark"
    if not pd.api.types.is_numeric_dtype(cells):
        return "text"
    if name == "year":
        return name
    if name.startswith(_SHARES):
        return "share"
    return "gap" if name.partition("_p")[0] in ("gap", "entry_gap") else "count"


def level_title(code: str, labels: Labels, lang: str) -> str:
    """Return the title of a level at the head of a row."""
    return word("workbook.all_levels", lang) if code == ALL else labels.level_name(code, lang)


def _titled(frame: pd.DataFrame, labels: Labels, lang: str) -> dict[str, list[str]]:
    """Return the titles of the regions and levels of a table's rows, by column."""
    levels = (*(level.code for level in labels.levels), ALL)
    level = {code: level_title(code, labels, lang) for code in levels}
    return {
        "region": [labels.region_name(str(code), lang) for code in frame["region"]],
        "level": [level.get(str(code), str(code)) for code in frame["level"]],
    }


def rows_of(labels: Labels) -> list[str]:
    """Return the regions in the order of rows: the district, then each below what it lies in."""
    return [ALL, *labels.under_parents(region.code for region in labels.leaves)]


def _across(
    values: Mapping[tuple[Any, ...], float],
    keys: Sequence[tuple[Any, ...]],
    years: Sequence[int],
    kind: str,
) -> list[Column]:
    """Return a column per year, of the values by (year, *key) of rows."""
    return [
        Column(str(year), [values.get((year, *key), math.nan) for key in keys], kind)
        for year in years
    ]


def _values(frame: pd.DataFrame, names: Sequence[str], of: str) -> dict[tuple[Any, ...], float]:
    """Return a column by (year, *names)."""
    keys = zip(*(frame[name].tolist() for name in ("year", *names)), strict=True)
    numbers = pd.to_numeric(frame[of]).to_numpy(dtype=float).tolist()
    return dict(zip(keys, numbers, strict=True))


def _keys(
    keys: Sequence[tuple[str, str]], labels: Labels, lang: str
) -> tuple[list[Column], list[Column]]:
    """Return the columns that name regions and levels of rows."""
    regions = [labels.region_name(region, lang) for region, _ in keys]
    levels = [level_title(level, labels, lang) for _, level in keys]
    return [Column(head("region", lang), regions)], [Column(head("level", lang), levels)]


def _gaps(frame: pd.DataFrame, labels: Labels, lang: str) -> Sheet:
    """Return the gap, a row per region and level, a column per year."""
    years = years_of(frame)
    levels = [*(level.code for level in labels.levels), ALL]
    keys = [(region, level) for region in rows_of(labels) for level in levels]
    region, level = _keys(keys, labels, lang)
    values = _values(frame, ("region", "level"), "gap")
    sign = word("nouns.sign", lang)
    what = Column(
        word("workbook.what_places", lang, sign=sign), [word("nouns.gap", lang)] * len(keys)
    )
    columns = [*region, *level, what, *_across(values, keys, years, "gap")]
    return Sheet(name_of("gap", lang), columns, keys=3)


def _results(frame: pd.DataFrame, labels: Labels, lang: str) -> Sheet:
    """Return results.csv, row by row: with titles, and the codes of these in the last columns."""
    titled = _titled(frame, labels, lang)
    columns = [
        Column(head(name, lang), titled[name])
        if name in titled
        else Column(head(name, lang), frame[name].tolist(), kind(name, frame[name]))
        for name in map(str, frame.columns)
    ]
    columns += [
        Column(word(f"workbook.code_{name}", lang), frame[name].tolist()) for name in titled
    ]
    return Sheet(name_of("results", lang), columns, keys=4)


def _entry(entry: pd.DataFrame, labels: Labels, lang: str) -> Sheet:
    """Return entry.csv, its bands in words."""
    titled: dict[str, list[Any]] = dict(_titled(entry, labels, lang))
    titled["band"] = [BANDS.get(str(band), "") for band in entry["band"]]
    columns = []
    for name in map(str, entry.columns):
        cells = titled.get(name) or entry[name].tolist()
        columns.append(
            Column(head(name, lang), cells, "band" if name == "band" else kind(name, entry[name]))
        )
    return Sheet(name_of("entry", lang), columns, keys=3)


def _pupils(pupils: pd.DataFrame, labels: Labels, lang: str) -> Sheet:
    """Return the pupils of each grade, a column per year; where there are groups also of each."""
    grouped = "group" in pupils.columns
    names = ("region", "grade", "group") if grouped else ("region", "grade")
    values = _values(pupils, names, "pupils")
    places = {code: place for place, code in enumerate(rows_of(labels))}
    keys = sorted(
        {key[1:] for key in values},
        key=lambda key: (places.get(key[0], len(places)), key[2:] != (ALL,), key[2:], key[1]),
    )
    columns = [
        Column(head("region", lang), [labels.region_name(str(key[0]), lang) for key in keys]),
        Column(
            word("workbook.grade_pupils", lang),
            [labels.grade_name(int(key[1]), lang) for key in keys],
        ),
    ]
    if grouped:
        every = word("workbook.all_groups", lang)
        groups = [every if key[2] == ALL else str(key[2]) for key in keys]
        columns.append(Column(head("group", lang), groups))
    columns += [*_across(values, keys, years_of(pupils), "count")]
    return Sheet(name_of("pupils", lang), columns, keys=len(columns) - len(years_of(pupils)))


def _supply(supply: pd.DataFrame, frame: pd.DataFrame, labels: Labels, lang: str) -> Sheet:
    """Return what places are made of, and their sum, a column per year; parts that are never 0."""
    years = years_of(frame)
    values = _values(supply, ("region", "level", "part"), "places")
    sums = _values(frame, ("region", "level"), "places")
    values |= {(*key, ALL): places for key, places in sums.items()}
    there = {key[1:] for key, places in values.items() if places}
    parts = [*dict.fromkeys(map(str, supply["part"])), ALL]
    every = [
        (region, level.code, part)
        for region in rows_of(labels)
        for level in labels.levels
        for part in parts
    ]
    keys = [key for key in every if key in there]
    region, level = _keys([key[:2] for key in keys], labels, lang)
    made = [
        word("workbook.places_sum" if key[2] == ALL else f"charts.part_{key[2]}", lang)
        for key in keys
    ]
    part = Column(head("part", lang), made)
    columns = [*region, *level, part, *_across(values, keys, years, "count")]
    return Sheet(name_of("supply", lang), columns, keys=3)


def pipeline(of: Result, lang: str) -> Sheet:
    """Return every project, of the district and of levers, with what levers made of it."""
    labels, district = of.labels, of.scenario.district
    listed = district.table("pipeline").to_dict("records") if district.has("pipeline") else []
    added = [dict(lever.add_project) for lever in of.scenario.levers if lever.add_project]
    rows: list[dict[Any, Any]] = [*listed, *added]
    now = _after_levers(of)
    levels = [f"{of}{level.code}" for of in (PLACES, DECANT) for level in labels.levels]
    names = [*_PROJECT, *levels, "source", "quality", "note"]
    columns = []
    for name in names:
        cells = [_stated(row.get(name)) for row in rows]
        if name not in ("project", "title", "region", "status", "opens") and not any(cells):
            continue
        columns.append(_project_column(name, cells, labels, lang))
        if name == "opens":
            opens = [now.get(row["project"], row["opens"]) for row in rows]
            opens = [math.nan if year == "cancelled" else year for year in opens]
            columns.append(Column(word("workbook.opens_now", lang), opens, "year"))
        if name == "status":
            counted = [_is_counted(row, now, of.scenario.supply.count) for row in rows]
            said = [word(f"workbook.counted_{key}", lang) for key in counted]
            columns.append(Column(word("workbook.counted", lang), said))
    empty = word("workbook.no_projects", lang)
    return Sheet(name_of("pipeline", lang), columns, keys=2, empty=empty)


def _is_counted(row: Mapping[Any, Any], now: Mapping[str, object], count: Sequence[str]) -> str:
    """Say whether the places of a project count: ``yes``, ``no``, or ``cancelled`` by a lever."""
    if now.get(row["project"]) == "cancelled":
        return "cancelled"
    return "yes" if row["status"] in count else "no"


def _project_column(name: str, cells: Sequence[Any], labels: Labels, lang: str) -> Column:
    """Return a column of the projects under its head."""
    if name in ("status", "kind"):
        return Column(head(name, lang), [_choice(name, str(cell or ""), lang) for cell in cells])
    if name == "region":
        titles = [labels.region_name(str(cell), lang) for cell in cells]
        return Column(head(name, lang), titles)
    for of in (PLACES, DECANT):
        if name.startswith(of):
            level = labels.level_name(name.removeprefix(of), lang)
            over = word(f"workbook.project_{of.strip('_')}", lang, level=level)
            return Column(over, [cell or None for cell in cells], "count")
    kinds = {"opens": "year", "starts": "year", "closes": "year", "quality": "quality"}
    kinds |= {"source": "long", "note": "long"}
    return Column(head(name, lang), cells, kinds.get(name, "text"))


def _stated(cell: Any) -> Any:
    """Return a cell of a table that was read; None where nothing is stated."""
    empty = cell is None or cell == "" or (isinstance(cell, float) and math.isnan(cell))
    return None if empty else cell


def _choice(column: str, code: str, lang: str) -> str:
    """Return the word of a choice, in English the code itself."""
    said = chinese(column, code) if lang == "zh" and code in CHOICES[column] else ""
    return said or code


def _after_levers(of: Result) -> dict[str, Any]:
    """Return when each project opens after levers, or that it is ``cancelled``, by its code."""
    levers = of.levers
    found: dict[str, Any] = {}
    for kind_, project, new in zip(levers["kind"], levers["project"], levers["new"], strict=True):
        if kind_ == "delay" and str(new).isdecimal():
            found[str(project)] = int(new)
        elif kind_ == "cancel":
            found[str(project)] = "cancelled"
    return found


def _assumptions(register: pd.DataFrame, lang: str) -> Sheet:
    """Return assumptions.csv, its kinds, qualities and the sources of the program in words."""
    columns = []
    for name in map(str, register.columns):
        cells = [_stated(cell) for cell in register[name]]
        if name == "kind":
            keys = {kind_: f"workbook.kind_{kind_}" for kind_ in cells}
            cells = [word(keys[one], lang) if has_words(keys[one]) else one for one in cells]
        elif name == "source":
            cells = [cell and (source_in(cell, lang) or cell) for cell in cells]
        elif name == "value":
            cells = [_number(cell) for cell in cells]
        columns.append(Column(head(name, lang), cells, _REGISTER.get(name, "text")))
    return Sheet(name_of("assumptions", lang), columns, keys=2)


def _number(cell: Any) -> Any:
    """Return the number that a text is; anything else as it is."""
    if isinstance(cell, str) and cell[:1].isdigit():
        try:
            return float(cell)
        except ValueError:
            return cell
    return cell


def _checks(checks: pd.DataFrame, lang: str) -> Sheet:
    """Return checks.csv, whether laws hold in words."""
    kinds = {"residual": "small", "tolerance": "small", "passed": "passed", "law": "long"}
    columns = [
        Column(head(name, lang), checks[name].tolist(), kinds.get(name, "text"))
        for name in map(str, checks.columns)
    ]
    return Sheet(name_of("checks", lang), columns, keys=1)


def said(kind: str, cell: Any, lang: str) -> str:
    """Return the word of a cell of marks: of a band, a quality, or whether a law holds."""
    if kind in ("mark", "passed"):
        return word(f"workbook.{kind}_{'yes' if cell else 'no'}", lang)
    return word(f"nouns.{cell}", lang) if cell and has_words(f"nouns.{cell}") else str(cell or "")


def left_out(rows: int, name: str, lang: str) -> str:
    """Say how many rows a sheet has no room for, and where they are."""
    return sentence(word("workbook.left_out", lang, n=number(rows), file=name))
