"""Rules that hold across the columns or rows of one table."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.tables.columns import PLACES, Table
from capacity.inputs.tables.headers import match_header
from capacity.inputs.tables.readers import Names
from capacity.inputs.tables.sheets import Sheet

#: Progression ratios outside these are worth a second look.
USUAL_RATIO = (0.7, 1.3)


@dataclass(frozen=True)
class _Cells:
    """The readable rows of a sheet, and where in the file they stand."""

    sheet: Sheet
    frame: pd.DataFrame
    found: dict[str, int]

    def at(self, row: int, column: str = "") -> At:
        line = int(self.frame["line"].to_numpy()[row])
        return self.sheet.locate(line, self.found.get(column, 0))

    def has_all_columns(self) -> bool:
        """Tell whether no column goes by a name that the table does not know."""
        return len(self.found) == len(self.sheet.header)


def check_rules(
    sheet: Sheet, frame: pd.DataFrame, table: Table, names: Names, problems: Problems
) -> None:
    """Check the rules of the sheet's table on the rows that could be read.

    ``problems`` holds those of the table so far, and no others.
    """
    if sheet.table in _CHECKS and len(frame):
        found = match_header(sheet.header, table)
        _CHECKS[sheet.table](_Cells(sheet, frame, found), names, problems)


def _check_places(cells: _Cells, names: Names, problems: Problems) -> None:
    frame = cells.frame
    empty = _where(frame["places"].isna() & frame["classes"].isna())
    for row in empty if cells.has_all_columns() else ():
        problems.error("places-empty", cells.at(row, "places"))
    levels, others = frame["level"].tolist(), frame["convertible_to"].tolist()
    for row in _where(frame["convertible_to"] != ""):
        if levels[row] in others[row].split(";"):
            at = cells.at(row, "convertible_to")
            problems.error("convertible-own", at, found=others[row])


def _check_pipeline(cells: _Cells, names: Names, problems: Problems) -> None:
    opens, decided = cells.frame["opens"].tolist(), cells.frame["decide_by"].tolist()
    for row in _where(cells.frame["decide_by"] > cells.frame["opens"]):
        at = cells.at(row, "decide_by")
        problems.error("project-decided-late", at, found=int(decided[row]), opens=opens[row])
    if names.levels is None or not cells.has_all_columns():
        return
    places = cells.frame[[f"{PLACES}{level}" for level in names.levels]]
    projects = cells.frame["project"].tolist()
    for row in _where(~(places > 0).any(axis=1)):
        problems.warning("project-empty", cells.at(row), project=projects[row])


def _check_ratios(cells: _Cells, names: Names, problems: Problems) -> None:
    low, high = USUAL_RATIO
    ratios = cells.frame["ratio"]
    found = ratios.tolist()
    if names.levels is None:
        return
    firsts = [first for first, _ in names.levels.values()]
    for row in _where(~ratios.between(low, high) & ~cells.frame["grade"].isin(firsts)):
        at = cells.at(row, "ratio")
        problems.warning("ratio-unusual", at, found=found[row], low=low, high=high)


def _check_flows(cells: _Cells, names: Names, problems: Problems) -> None:
    if problems.errors:
        return  # a row that could not be read would make every sum look wrong
    totals: dict[tuple[str, str], list[tuple[int, float]]] = {}
    columns = (cells.frame[name].tolist() for name in ("level", "from", "share"))
    for row, (level, origin, share) in enumerate(zip(*columns, strict=True)):
        totals.setdefault((level, origin), []).append((row, share))
    for (level, origin), parts in totals.items():
        total = math.fsum(share for _, share in parts)
        if abs(total - 1.0) > 1e-6:
            at = cells.at(parts[0][0], "share")
            problems.error("shares-sum", at, level=level, origin=origin, total=total)


def _where(mask: pd.Series[bool]) -> list[int]:
    return [int(row) for row in np.flatnonzero(mask.to_numpy())]


_CHECKS: dict[str, Callable[[_Cells, Names, Problems], None]] = {
    "places": _check_places,
    "pipeline": _check_pipeline,
    "ratios": _check_ratios,
    "flows": _check_flows,
}
