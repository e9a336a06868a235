"""Calibrated ratios written as the district's own ratios.csv, which wins over calibration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from capacity.base.errors import At, Problems, register
from capacity.inputs.documents.words import both
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.text import is_within
from capacity.outputs.calibrated_table import NEITHER
from capacity.outputs.runfolder import write_bytes

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.outputs.calibrated import CalibratedRatios

FILE = "ratios.csv"
COLUMNS = ("grade", "region", "ratio", "group", "basis", "source", "quality", "note")
#: A table whose every source begins so was written here and may be written again.
_OURS = "calibrated by "
#: Ratios above are taken for a slip when the table is read.
LIMIT = TABLES["ratios"].column("ratio").high

register(
    {
        "ratios-workbook": both(
            (
                "the district is a workbook, which is not written to",
                "",
                "add a sheet named ratios with the columns grade, region, ratio, group and basis "
                "of the ratios.csv of the output folder",
            ),
            (
                "该区县使用工作簿，程序不会改写工作簿",
                "",
                "请在其中新增名为 ratios 的工作表，填入输出文件夹中 ratios.csv 的 grade、region、"
                "ratio、group、basis 各列",
            ),
        ),
        "ratios-planners": both(
            (
                "{count} ratios stand here that were not calibrated",
                "",
                "keep the file, or replace it by --overwrite",
            ),
            ("已有 {count} 个不是由本程序推算的比率", "", "请保留该文件，或加 --overwrite 替换"),
        ),
    }
)


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
