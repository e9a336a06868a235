"""Rules that hold across the columns or rows of one table."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from capacity.base.axes import ALL
from capacity.base.errors import KEPT, At, Problems
from capacity.inputs.tables.columns import DECANT, PLACES, TABLES, Column, Table
from capacity.inputs.tables.headers import as_written, match_header
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.overlaps import Parts, check_all_or_none, check_parts, check_regions
from capacity.inputs.tables.sheets import Sheet

#: Progression ratios outside these are worth a second look, but for 0: the grade is closed.
USUAL_RATIO = (0.7, 1.3)
#: What tells apart where the leavers of a region go, and how far shares may sum from 1.
_SENT, SHARES_OFF = ("level", "from", "from_group", "to"), 1e-6
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
