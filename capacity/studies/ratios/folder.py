"""Folders of calibrated ratios, the same as JSON, and as the district's own ratios.csv.

Ratios that stand in a district's ratios.csv win over calibration.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.districts.dates import CALIBRATED
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.files import is_within
from capacity.model.assumptions import BREAKS
from capacity.render.pictures import chart
from capacity.results.atomic import replace_file
from capacity.results.disk import CHANGED
from capacity.results.folder import Kept, csv_of, json_rows
from capacity.studies.ratios.tables import NEITHER

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.studies.ratios.study import CalibratedRatios

FORMAT = "capacity.ratios/1"
FILE = "ratios.csv"
#: Ends the note of the first row: the hash of all rows, which tells whether somebody changed them.
_MARK = "; mark "
COLUMNS = ("grade", "region", "ratio", "group", "basis", "source", "quality", "note")


def ratios_folder(ratios: CalibratedRatios) -> Kept:
    """Return what is kept of calibrated ratios."""
    return Kept(
        kind=FORMAT,
        identity=ratios.identity,
        tables={"ratios": ratios.frame(), "yearly": ratios.yearly, "breaks": ratios.breaks},
        facts=_facts(ratios) | {"breaks": {one.name: one.value for one in BREAKS}},
        charts=[chart("ratios.png", ratios.plot.ratios)],
    )


def as_json(ratios: CalibratedRatios) -> dict[str, Any]:
    """Return ratios and breaks as full-precision numbers."""
    tables = {"ratios": json_rows(ratios.frame()), "breaks": json_rows(ratios.breaks)}
    return {"format": FORMAT} | _facts(ratios) | tables


def _facts(ratios: CalibratedRatios) -> dict[str, Any]:
    """Return what was calibrated: district, method, window, base year."""
    return {
        "district": ratios.district.name,
        "method": ratios.method,
        "window": ratios.window,
        "base_year": ratios.base_year,
    }


def refuse(district: District, *, overwrite: bool) -> None:
    """Refuse to state ratios where a workbook or the planner's own stand.

    Raises
    ------
    capacity.InputError
    """
    problems = Problems()
    book = next((file.path for file in district.files if file.path.suffix == ".xlsx"), None)
    rows = district.table("ratios")
    own = ~rows["source"].str.startswith(CALIBRATED)
    path = _path(district)
    if book is not None:
        problems.error("ratios-workbook", At(str(book)))
    elif not is_within(path, district.folder):
        problems.error("file-outside", At(str(path), 1, 1))
    elif own.any() and not overwrite:
        count, copy = int(own.sum()), path.name + CHANGED
        problems.error("ratios-planners", At(str(path)), count=count, copy=copy)
    elif len(rows) and not _is_as_stated(rows) and not overwrite:
        problems.error("ratios-changed", At(str(path)), copy=path.name + CHANGED)
    problems.raise_errors()


def _path(district: District) -> Path:
    """Return where the district's ratios stand, however the name is written, or would stand."""
    found = (file.path for file in district.files if file.path.stem.strip().casefold() == "ratios")
    return next(found, district.folder / FILE)


def _is_as_stated(rows: pd.DataFrame) -> bool:
    """Whether all rows are as `state` wrote them, in whatever order, with 12 digits or more."""
    marks = [note.split(_MARK, 1)[1] for note in rows["note"] if _MARK in note]
    return marks == [_mark(rows)]


def _mark(rows: pd.DataFrame) -> str:
    """Return the hash of rows, but for the mark in their notes: eight digits tell a change."""

    def plain(cell: Any) -> str:
        if isinstance(cell, str):
            return cell.split(_MARK, 1)[0]
        return "" if pd.isna(cell) else f"{cell:.12g}"

    names = [one.name for one in TABLES["ratios"].columns if one.name in rows.columns]
    filled = [name for name in names if any(map(plain, rows[name]))]
    lines = sorted(
        "\t".join(f"{name}={plain(cell)}" for name, cell in zip(filled, row, strict=True))
        for row in rows[filled].itertuples(index=False)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:8]


def state(ratios: CalibratedRatios) -> tuple[Path, int]:
    """Write the district's ratios.csv, whole or not at all; `refuse` says whether it may be.

    What somebody has changed there stays beside it.

    Returns
    -------
    path
    stated : int
        Ratios stated.

    Raises
    ------
    OSError
        The folder may not be written to.
    """
    district, rows = ratios.district, stated_rows(ratios)
    path, standing = _path(district), district.table("ratios")
    ours = standing.empty or _is_as_stated(standing)
    read = {file.path: file.sha256 for file in district.files} if ours else {}
    # Without the mark a spreadsheet takes the file for one in the encoding of the machine.
    replace_file(path, csv_of(rows), read.get(path))
    return path, len(rows)


def stated_rows(ratios: CalibratedRatios) -> pd.DataFrame:
    """Return the rows of the district's table: every ratio, unrounded."""
    frame = ratios.frame()
    frame = frame[(frame["basis"] != NEITHER) & frame["ratio"].notna()].copy()
    spans = zip(frame["first_year"], frame["last_year"], strict=True)
    frame["source"] = [
        f"{CALIBRATED}{ratios.method} from the years {first}-{last}" for first, last in spans
    ]
    frame["quality"] = "AMBER"
    frame["note"] = [
        f"{years} yearly ratios" + ("" if pd.isna(sd) else f", standard deviation {sd:.4f}")
        for years, sd in zip(frame["years"], frame["sd"], strict=True)
    ]
    frame = frame[list(COLUMNS)].sort_values(
        ["region", "group", "grade", "basis"], kind="stable", ignore_index=True
    )
    frame.loc[:0, "note"] += _MARK + _mark(frame)
    return frame
