"""Rules that hold across the columns or rows of one table.

Of rows with one key it is told which column tells them apart, what they add up to, and only then
that one may be a copy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from capacity.base.axes import ALL
from capacity.base.errors import KEPT, At, Phrase, Problems, phrase
from capacity.base.words import WHOLE, word
from capacity.inputs.tables.columns import DECANT, PLACES, TABLES, Column, Table
from capacity.inputs.tables.headers import as_written, is_needless, match_header
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.overlaps import (
    Parts,
    check_all_or_none,
    check_parts,
    check_regions,
    numbered,
)
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.values import is_empty, normal_code, show

#: Progression ratios outside these are worth a second look, but for 0: the grade is closed.
USUAL_RATIO = (0.7, 1.3)
#: What tells apart where the leavers of a region go, and how far shares may sum from 1.
_SENT, SHARES_OFF = ("level", "from", "from_group", "to"), 1e-6
#: Columns, and characters of a cell that are shown of rows with one key.
_COLUMNS, _CELL = 3, 24
#: Problems that `check_project` tells of.
_OF_PROJECTS = (
    *("project-decided-late", "project-starts-late", "project-closes-early"),
    *("temporary-endless", "decant-without-starts"),
)


@dataclass(frozen=True)
class _Cells:
    """The readable rows of a sheet, which has no others, and where in the file they stand."""

    sheet: Sheet
    frame: pd.DataFrame
    found: dict[str, int]

    def at(self, row: int, column: str = "") -> At:
        return self.sheet.at(row, self.found.get(column, 0))

    def told(
        self, mask: pd.Series[bool], code: str, problems: Problems, severity: str = "error"
    ) -> list[int]:
        """Return the first rows of which a problem is told, and count the others."""
        rows = [int(row) for row in np.flatnonzero(mask.to_numpy())]
        problems.count(code, self.sheet.path, max(len(rows) - KEPT, 0), severity)
        return rows[:KEPT]

    def has_all_columns(self) -> bool:
        """Whether no column goes by a name that the table does not know."""
        return len(self.found) == self.sheet.wanted


def check_rules(
    sheet: Sheet, frame: pd.DataFrame, table: Table, names: Names, problems: Problems
) -> None:
    """Check the rules of the sheet's table on the rows that could be read.

    ``problems`` holds those of the table so far, and no others.
    """
    if not len(frame):
        return
    cells = _Cells(sheet, frame, match_header(sheet.header, table))
    for column in table.columns:
        if column.usual < column.high and column.name in cells.found:
            _ask_about(column, cells, problems)
    if sheet.table in _CHECKS:
        _CHECKS[sheet.table](cells, names, problems)


def places_in(sheet: Sheet, table: Table) -> Callable[[int, str], At]:
    """Return where a row and column of the frame of a sheet stand."""
    found = match_header(sheet.header, table)
    return lambda row, column: sheet.at(row, found.get(column, 0))


def _ask_about(column: Column, cells: _Cells, problems: Problems) -> None:
    """Warn of shares above what is usual: 5 for 5 %."""
    values = cells.frame[column.name]
    for row in cells.told(values > column.usual, "number-unusual", problems, "warning"):
        found = float(values.iloc[row])
        facts = {"column": column.term, "found": found, "usual": column.usual}
        meant = round(found / 100, 12)
        problems.warning("number-unusual", cells.at(row, column.name), **facts, nearest=(meant,))


def _check_places(cells: _Cells, names: Names, problems: Problems) -> None:
    frame = cells.frame
    if cells.has_all_columns():
        empty = frame["places"].isna() & frame["classes"].isna()
        for row in cells.told(empty, "places-empty", problems):
            problems.error("places-empty", cells.at(row, "places"))
    others = frame["convertible_to"]
    own = [one in other.split(";") for one, other in zip(frame["level"], others, strict=True)]
    for row in cells.told(pd.Series(own, dtype=bool), "convertible-own", problems):
        at = cells.at(row, "convertible_to")
        problems.error("convertible-own", at, found=others.iloc[row])
    if problems.errors:
        return  # a row that could not be read may be the part that makes a sum
    keyed = frame.sort_values("year", kind="stable", na_position="first")
    stock = keyed.drop_duplicates(["region", "level", "school", "kind"], keep="last").sort_index()
    counted = stock["classes"] * stock["class_size"]
    figures = stock["places"].fillna(counted)
    if figures.isna().any() and stock["classes"].notna().all():
        figures = stock["classes"]
    every = (stock["kind"] != "").groupby([stock["region"], stock["level"]]).transform("all")
    stock["apart"] = stock["kind"].where(every, "")  # rows of other kinds add up
    _parts(cells, "school", ("region", "level", "apart"), stock, figures, problems)
    _parts(cells, "kind", ("region", "level", "school"), stock, figures, problems)


def _check_enrolment(cells: _Cells, names: Names, problems: Problems) -> None:
    if not problems.errors:
        frame = cells.frame
        _parts(cells, "group", ("year", "region", "grade"), frame, frame["pupils"], problems)
        _regions(cells, ("year", "grade"), "pupils", problems)


def _check_births(cells: _Cells, names: Names, problems: Problems) -> None:
    if not problems.errors:
        frame = cells.frame
        _parts(cells, "group", ("year", "region"), frame, frame["births"], problems)
        _regions(cells, ("year",), "births", problems)


def _regions(cells: _Cells, cell: Sequence[str], count: str, problems: Problems) -> None:
    """Check that no region is the sum of the others."""
    frame = cells.frame[cells.frame["region"] != ALL]
    column = TABLES[cells.sheet.table].column("region")
    term = as_written(cells.sheet.header[cells.found["region"]], column)
    check_regions(Parts(frame, "region", cell, frame[count], term, cells.at), problems)


def _parts(
    cells: _Cells,
    part: str,
    cell: Sequence[str],
    frame: pd.DataFrame,
    figures: pd.Series[float],
    problems: Problems,
    check: Callable[[Parts, Problems], None] = check_parts,
) -> None:
    """Check a column that splits a count into parts, where the sheet has it."""
    if part in cells.found:
        column = TABLES[cells.sheet.table].column(part)
        term = as_written(cells.sheet.header[cells.found[part]], column)
        check(Parts(frame, part, cell, figures, term, cells.at), problems)


def _check_pipeline(cells: _Cells, names: Names, problems: Problems) -> None:
    frame = cells.frame
    asked = frame["decide_by"] > frame["opens"]  # the rows that `check_project` may have words for
    asked |= (frame["starts"] >= frame["opens"]) | (frame["closes"] <= frame["opens"])
    asked |= (frame["kind"] == "temporary") & frame["closes"].isna()
    taken = frame[[name for name in frame if str(name).startswith(DECANT)]]
    asked |= (taken > 0).any(axis=1) & frame["starts"].isna()
    rows = np.flatnonzero(asked.to_numpy())[: len(_OF_PROJECTS) * KEPT]
    told = frame.iloc[rows].to_dict("records") if len(rows) else []
    for row, project in zip(rows.tolist(), told, strict=True):
        check_project(project, partial(cells.at, row), problems)
    if names.levels is None or not cells.has_all_columns():
        return
    places = cells.frame[[f"{PLACES}{level}" for level in names.levels]]
    empty = ~(places > 0).any(axis=1)
    for row in cells.told(empty, "project-empty", problems, "warning"):
        problems.warning("project-empty", cells.at(row), project=frame["project"].iloc[row])


def check_project(row: Mapping[Any, Any], at: Callable[[str], At], problems: Problems) -> None:
    """Check the years of a project, whose empty cells are nan or not there.

    Parameters
    ----------
    row
        By column of the pipeline.
    at
        Column to its place.
    problems
    """
    nan, opens = math.nan, row["opens"]
    decided, starts, closes = (row.get(key, nan) for key in ("decide_by", "starts", "closes"))
    if decided > opens:
        problems.error("project-decided-late", at("decide_by"), found=int(decided), opens=opens)
    if starts >= opens:
        problems.error("project-starts-late", at("starts"), found=int(starts), opens=opens)
    if closes <= opens:
        problems.error("project-closes-early", at("closes"), found=int(closes), opens=opens)
    if row.get("kind") == "temporary" and math.isnan(closes):
        problems.warning("temporary-endless", at("opens"), project=row["project"])
    taken = [key for key in row if str(key).startswith(DECANT) and row[key] > 0]
    if taken and math.isnan(starts):
        problems.error("decant-without-starts", at(taken[0]), opens=opens)


def _check_ratios(cells: _Cells, names: Names, problems: Problems) -> None:
    low, high = USUAL_RATIO
    ratios = cells.frame["ratio"]
    if names.levels is None:
        return
    firsts = [first for first, _ in names.levels.values()]
    far = ~ratios.between(low, high) & (ratios != 0)
    far &= ~cells.frame["grade"].isin(firsts)
    for row in cells.told(far, "ratio-unusual", problems, "warning"):
        at, found = cells.at(row, "ratio"), float(ratios.iloc[row])
        problems.warning("ratio-unusual", at, found=found, low=low, high=high)


def _check_flows(cells: _Cells, names: Names, problems: Problems) -> None:
    if problems.errors:
        return  # a row that could not be read would make every sum look wrong
    frame = cells.frame
    for part, cell in (("from_group", _SENT[:2]), ("to_group", _SENT)):
        _parts(cells, part, cell, frame, frame["share"], problems, check_all_or_none)
    totals: dict[tuple[str, str, str], list[tuple[int, float]]] = {}
    columns = (frame[name].tolist() for name in ("level", "from", "from_group", "share"))
    for row, (level, region, group, share) in enumerate(zip(*columns, strict=True)):
        totals.setdefault((level, region, group), []).append((row, share))
    for (level, region, group), parts in totals.items():
        total = math.fsum(share for _, share in parts)
        if abs(total - 1.0) > SHARES_OFF:
            at = cells.at(parts[0][0], "share")
            facts = {"level": level, "source": f"{region}/{group}" if group else region}
            problems.error("shares-sum", at, **facts, total=total)


_CHECKS: dict[str, Callable[[_Cells, Names, Problems], None]] = {
    "enrolment": _check_enrolment,
    "births": _check_births,
    "places": _check_places,
    "pipeline": _check_pipeline,
    "ratios": _check_ratios,
    "flows": _check_flows,
}


def refuse_twice(
    frame: pd.DataFrame, table: Table, sheet: Sheet, found: Mapping[str, int], problems: Problems
) -> None:
    """Name every row whose key has stood before, with the line of the first and the ways out."""
    key = list(table.key)
    keys = {name: frame[name] for name in key}
    if "basis" in keys:
        keys["basis"] = keys["basis"].replace("", "births")
    numbers = numbered([column.to_numpy() for column in keys.values()])
    _, first = np.unique(numbers, return_index=True)
    if len(first) == len(frame):
        return
    twice = first[numbers] < np.arange(len(frame))
    given = [name for name in key if name in found]
    terms = tuple(as_written(sheet.header[found[name]], table.column(name)) for name in given)
    ways = _Ways(frame, table, sheet, found, numbers)
    file = sheet.path
    for row in np.flatnonzero(twice).tolist():
        if not problems.room("key-twice", file):
            problems.count("key-twice", file)
            continue
        other = int(first[numbers[row]])
        same_file = sheet.file_of(other) == sheet.file_of(row)  # else it is named too
        problems.error(
            "key-twice",
            sheet.at(row, found[given[0]]),
            found=", ".join(str(keys[name].iloc[row]) for name in given),
            key=terms,
            other=sheet.lines[other] if same_file else str(sheet.at(other)),
            **ways.out_of(other, row),
        )


@dataclass
class _Ways:
    """What to do with rows of one key: ``numbers`` tells each row's key."""

    frame: pd.DataFrame
    table: Table
    sheet: Sheet
    found: Mapping[str, int]
    numbers: np.ndarray

    def out_of(self, first: int, row: int) -> dict[str, Phrase]:
        """Return the ways out for two rows: in what they differ, and what follows from that."""
        alike = not self._differing(first, row, range(len(self.sheet.header)))
        apart = self._differing(first, row, sorted(self.sheet.spare))
        telling = [index for index in apart if not is_needless(self.sheet.header[index])]
        spelt = [] if telling else self._spelt(first, row)
        first_of_all = (
            "twice_spelt" if spelt else "" if telling else "twice_alike" if alike else "twice_parts"
        )
        ways = (self._said(first_of_all, first, language) for language in WHOLE)
        told = self._apart("spelt", first, row, spelt) if spelt else None
        return {
            "apart": told or self._apart("apart", first, row, telling or apart),
            "ways": Phrase(*ways),
        }

    def _spelt(self, first: int, row: int) -> list[int]:
        """Return the columns of the key that two rows write otherwise, width and blanks aside."""
        keys = [self.found[name] for name in self.table.key if name in self.found]
        one, other = self.sheet.rows[first], self.sheet.rows[row]
        return [k for k in keys if normal_code(show(one[k])) != normal_code(show(other[k]))]

    def _differing(self, first: int, row: int, columns: Sequence[int] | range) -> list[int]:
        """Return the columns in whose cells two rows differ."""
        one, other = self.sheet.rows[first], self.sheet.rows[row]
        return [index for index in columns if one[index] != other[index]]

    def _apart(self, key: str, first: int, row: int, columns: Sequence[int]) -> Phrase:
        """Say in which columns, that are not read or are written otherwise, two rows differ."""
        if not columns:
            return Phrase("", "")
        names = [self.sheet.header[index].strip() for index in columns[:_COLUMNS]]
        index = columns[0]
        one, other = (show(self.sheet.rows[at][index]).strip()[:_CELL] for at in (first, row))
        return phrase(f"facts.{key}", names=", ".join(names), one=one, other=other)

    def _said(self, key: str, first: int, language: str) -> str:
        """Return the ways out in words: add them up, tell them apart, or drop a copy."""
        unnamed = [
            column.term.text(language)
            for name in self.table.key
            if (column := self.table.column(name)).kind == "code" and not column.required
        ]
        facts = {"row": self._sum(first)}
        parts = [word(f"facts.{key}", language)] if key else []
        if facts["row"]:
            parts.append(word("facts.twice_sum", language, **facts))
        if unnamed:
            names = word("common.comma", language).join(unnamed)
            parts.append(word("facts.twice_column", language, names=names))
        if key != "twice_alike":
            parts.append(word("facts.twice_copy", language))
        return word("common.semicolon", language).join(parts)

    def _sum(self, first: int) -> str:
        """Return one row of the file with the sums of all rows of a key; nothing where none is."""
        rows = np.flatnonzero(self.numbers == self.numbers[first])
        counted = [c.name for c in self.table.columns if c.counted and c.name in self.found]
        sums = {self.found[name]: self.frame[name].iloc[rows].sum(skipna=False) for name in counted}
        if not sums or any(np.isnan(value) for value in sums.values()):
            return ""
        cells = list(self.sheet.rows[first])
        kept = {self.found[name] for name in (*self.table.key, *counted) if name in self.found}
        return ",".join(
            f"{sums[index]:.15g}" if index in sums else show(cells[index]).strip()[:_CELL]
            for index in sorted(kept)
            if index in sums or not is_empty(cells[index])
        )
