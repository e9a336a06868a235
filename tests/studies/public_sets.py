"""Public enrolment beside the project as district folders; nothing of it is kept here."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from capacity.inputs.districts import District
from tests.random_districts import Row, read_district, write_district

DATA = Path(__file__).parents[3] / "shared" / "data"
#: Last grade and levels of each set.
LEVELS = {
    "england_la": {"primary": (0, 6), "secondary": (7, 11)},
    "texas_districts": {"primary": (0, 5), "middle": (6, 8), "high": (9, 12)},
}
#: Reception: age 4 by 31 August; births of years that end on 30 June.
ENTRY = {"age": 4, "cutoff": "08-31", "births_year_ends": "06-30"}


def convert(name: str, folder: Path, *, by_grade: bool = False, every: int = 1) -> District:
    """Write a public set as a district folder: an area is a region, a grade a level if asked.

    Of ``every`` so many areas, in the order of their codes, the first alone.
    """
    levels = LEVELS[name]
    last = max(grades[1] for grades in levels.values())
    if by_grade:
        levels = {f"g{grade}": (grade, grade) for grade in range(last + 1)}
    table = pd.read_csv(DATA / name / "enrolment.csv", dtype={"area": str})
    areas = sorted(table["area"].unique())[::every]
    table = table[(table["grade"] <= last) & table["area"].isin(areas)]
    names = {"area": "region", "enrolment": "pupils"}
    tables = {"enrolment": table.rename(columns=names).to_dict("records")}
    district: Row = {
        "name": name,
        "regions": [{"code": area} for area in sorted(table["area"].unique())],
        "levels": [
            {"code": code, "grades": [first, final], "class_size": 30}
            for code, (first, final) in levels.items()
        ],
    }
    births = DATA / name / "births.csv"
    if births.exists():
        district["entry"] = ENTRY
        born = pd.read_csv(births, dtype={"area": str}).query("type == 'actual'")
        born = born[born["area"].isin(areas)]
        born = born.rename(columns={"area": "region"})[["year", "region", "births"]]
        tables["births"] = born.to_dict("records")
    write_district(folder, district, tables)
    return read_district(folder)
