"""Folders of calibrated ratios, the same as JSON, and as the district's own ratios.csv.

Ratios that stand in a district's ratios.csv win over calibration.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.inputs.districts.dates import CALIBRATED
from capacity.inputs.tables.files import is_within
from capacity.model.assumptions import BREAKS
from capacity.render.pictures import chart
from capacity.results.atomic import replace_file
from capacity.results.folder import Kept, csv_of, json_rows
from capacity.studies.ratios.tables import NEITHER

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.studies.ratios.study import CalibratedRatios

FORMAT = "capacity.ratios/1"
FILE = "ratios.csv"
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
    path = district.folder / FILE
    if book is not None:
        problems.error("ratios-workbook", At(str(book)))
    elif not is_within(path, district.folder):
        problems.error("file-outside", At(str(path), 1, 1))
    elif own.any() and not overwrite:
        problems.error("ratios-planners", At(str(path)), count=int(own.sum()))
    problems.raise_errors()


def state(ratios: CalibratedRatios) -> tuple[Path, int]:
    """Write the district's ratios.csv, whole or not at all; `refuse` says whether it may be.

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
    path, rows = ratios.district.folder / FILE, stated_rows(ratios)
    # Without the mark a spreadsheet takes the file for one in the encoding of the machine.
    replace_file(path, csv_of(rows).encode("utf-8-sig"))
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
    return frame[list(COLUMNS)].sort_values(["region", "group", "grade", "basis"], kind="stable")
