"""The tables of a run folder read back to the last bit; what no run can have written is refused."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from capacity.base.axes import ALL
from capacity.base.errors import At, Problems
from capacity.base.formulas import unguarded
from capacity.base.settings import QUANTILES
from capacity.model.rows import ROWS

if TYPE_CHECKING:
    import pandas as pd

    from capacity.inputs.districts.district import District
    from capacity.inputs.scenarios.scenario import Scenario

TABLES = ("results", "entry", "chance", "pupils", "supply", "levers", "checks", "assumptions")
#: Columns that hold text; every other column holds numbers, or nothing where empty.
_TEXT = {
    "assumptions": ("kind", "name", "value", "unit", "quality", "source", "known", "note"),
    "chance": ("statement",),
    "checks": ("check", "law"),
    "levers": ("kind", "file", "project", "old", "new", "note"),
}
_CODES = ("scenario", "region", "group", "level", "part", "band")
_MARKS = ("constrained", "passed", "mainly_assumed")
#: Columns without which a table is none of a run, beside those of `_TEXT`.
_CELL = ("year", "region", "level")
_NEEDED = {
    "results": ("scenario", *_CELL, *ROWS, "constrained"),
    "entry": (*_CELL, "entrants", "entry_places", "entry_gap", "classes_needed", "band"),
    "chance": (*_CELL, "prob_shortage", "share_assumed", "mainly_assumed"),
    "pupils": ("year", "region", "grade", "pupils"),
    "supply": (*_CELL, "part", "places", "places_listed"),
    "checks": ("residual", "tolerance", "passed"),
    "levers": ("region", "group", "level"),
}
#: No figure comes near it: counts of at most 1e9, and ratios of at most 5 over a horizon's years.
_MOST = 1e100
#: Those of the results of a run with draws.
_DRAWN = (
    *(f"{of}_{end}" for of in ("demand", "places", "gap", "shortage") for end in QUANTILES),
    *("shortage_mean", "surplus_mean", "prob_shortage"),
)


def read_tables(folder: Path, scenario: Scenario) -> dict[str, pd.DataFrame]:
    """Read the tables; what no run can have written is refused, though its hash may fit."""
    frames, problems = {}, Problems()
    for name in TABLES:
        try:
            frames[name] = _frame(folder, name)
            _refuse_other_cells(name, frames[name], scenario)
        except ValueError:  # no text, no table, or no number: nothing else is ever made of it
            file = f"{name}.csv"
            problems.error("run-altered", At(str(folder / file)), name=file)
    problems.raise_errors()
    return frames


def _frame(folder: Path, name: str) -> pd.DataFrame:
    import pandas as pd

    frame = pd.read_csv(
        folder / f"{name}.csv", dtype=str, keep_default_na=False, encoding="utf-8", engine="c"
    )
    text = {*_TEXT.get(name, ()), *_CODES}
    for column in frame.columns:
        if column in _MARKS:
            if not frame[column].isin(("True", "False")).all():
                raise ValueError(column)
            frame[column] = frame[column] == "True"
        elif column not in text:
            frame[column] = _numbers(frame[column], finite=name != "checks")
        else:
            frame[column] = frame[column].map(unguarded)
    return frame


def _numbers(cells: pd.Series, *, finite: bool) -> pd.Series:
    """Read numbers to the last bit; whole ones stay whole where none is empty."""
    import pandas as pd

    try:
        return cells.astype("int64")
    except (ValueError, OverflowError):
        numbers = [float(cell) if cell else math.nan for cell in cells]
    if finite and not all(abs(n) < _MOST for n, cell in zip(numbers, cells, strict=True) if cell):
        raise ValueError("no number, or none of a run")
    return pd.Series(numbers, index=cells.index, dtype=float)


def _refuse_other_cells(name: str, frame: pd.DataFrame, scenario: Scenario) -> None:
    """Refuse a table without its columns, of other years, or without a row of each cell.

    Raises
    ------
    ValueError
    """
    needed = {*_TEXT.get(name, ()), *_NEEDED.get(name, ())}
    if name == "results" and scenario.chance.draws:
        needed |= {*_DRAWN}
    if not needed <= set(frame.columns):
        raise ValueError(name)
    years = range(scenario.horizon.base_year, scenario.horizon.last_year + 1)
    if "year" in needed and not frame["year"].isin(years).all():
        raise ValueError(name)
    if name in ("results", "entry"):
        _refuse_other_rows(frame, years, scenario.district, sums=name == "results")


def _refuse_other_rows(
    frame: pd.DataFrame, years: Sequence[int], district: District, *, sums: bool
) -> None:
    """Refuse a table that has not one row of each year, region and level, with ``all`` for both."""
    regions = {*(region.code for region in district.regions), ALL}
    levels = {*(level.code for level in district.levels), *([ALL] if sums else [])}
    cells = frame[["year", "region", "level"]]
    whole = len(cells) == len(years) * len(regions) * len(levels)
    known = set(cells["region"]) == regions and set(cells["level"]) == levels
    if not (whole and known) or cells.duplicated().any():
        raise ValueError("rows")
