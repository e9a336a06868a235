"""Calibrated ratios written as the district's own ratios.csv, which wins over calibration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.files import is_within
from capacity.results.runfolder import write_bytes
from capacity.studies.ratios.tables import NEITHER

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.studies.ratios.study import CalibratedRatios

FILE = "ratios.csv"
COLUMNS = ("grade", "region", "ratio", "group", "basis", "source", "quality", "note")
#: A table whose every source begins so was written here and may be written again.
_OURS = "calibrated by "
#: Ratios above are taken for a slip when the table is read.
LIMIT = TABLES["ratios"].column("ratio").high


def refuse(district: District, *, overwrite: bool) -> None:
    """Refuse to write where a workbook or the planner's own ratios stand.

    Raises
    ------
    capacity.InputError
    """
    problems = Problems()
    book = next((file.path for file in district.files if file.path.suffix == ".xlsx"), None)
    rows = district.table("ratios")
    own = ~rows["source"].str.startswith(_OURS)
    path = district.folder / FILE
    if book is not None:
        problems.error("ratios-workbook", At(str(book)))
    elif not is_within(path, district.folder):
        problems.error("file-outside", At(str(path), 1, 1))
    elif own.any() and not overwrite:
        problems.error("ratios-planners", At(str(path)), count=int(own.sum()))
    problems.raise_errors()


def rows(found: CalibratedRatios) -> pd.DataFrame:
    """Give the rows of the district's table: every ratio that it can hold, unrounded."""
    frame = found.frame()
    frame = frame[(frame["basis"] != NEITHER) & (frame["ratio"] <= LIMIT)].copy()
    spans = zip(frame["first_year"], frame["last_year"], strict=True)
    frame["source"] = [
        f"{_OURS}{found.method} from the years {first}-{last}" for first, last in spans
    ]
    frame["quality"] = "AMBER"
    frame["note"] = [
        f"{years} yearly ratios" + ("" if pd.isna(sd) else f", standard deviation {sd:.4f}")
        for years, sd in zip(frame["years"], frame["sd"], strict=True)
    ]
    return frame[list(COLUMNS)].sort_values(["region", "group", "grade", "basis"], kind="stable")


def write(found: CalibratedRatios) -> tuple[Path, int, int]:
    """Write the table, whole or not at all; `refuse` says beforehand whether it may be.

    Returns
    -------
    path
    written, left : int
        Ratios written, and those beyond what the table may hold, which runs calibrate still.

    Raises
    ------
    OSError
        The folder may not be written to.
    """
    path, table = found.district.folder / FILE, rows(found)
    draft = path.with_name(f".{FILE}.{os.getpid()}")
    try:
        # Without the mark a spreadsheet takes the file for one in the encoding of the machine.
        write_bytes(draft, table.to_csv(index=False, lineterminator="\n").encode("utf-8-sig"))
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    return path, len(table), int(found.frame()["ratio"].notna().sum()) - len(table)
