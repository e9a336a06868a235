"""Public enrolment beside the project as district folders; nothing of it is kept here."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd

from capacity.base.errors import Problems
from capacity.inputs.districts.district import District, load_district

DATA = Path(__file__).parents[3] / "shared" / "data"
#: Last grade and levels of each set.
LEVELS = {
    "england_la": {"primary": (0, 6), "secondary": (7, 11)},
    "texas_districts": {"primary": (0, 5), "middle": (6, 8), "high": (9, 12)},
}
#: Reception: age 4 by 31 August; births of years that end on 30 June.
ENTRY = 'entry: {age: 4, cutoff: "08-31", births_year_ends: "06-30"}'


def convert(name: str, folder: Path) -> District:
    """Write a public set as a district folder: an area is a region."""
    levels = LEVELS[name]
    last = max(grades[1] for grades in levels.values())
    table = pd.read_csv(DATA / name / "enrolment.csv", dtype={"area": str})
    table = table[table["grade"] <= last]
    regions = sorted(table["area"].unique())
    lines = [f"name: {name}", "regions:", *(f"  - {{code: {json.dumps(r)}}}" for r in regions)]
    lines.append("levels:")
    for code, (first, final) in levels.items():
        lines.append(f"  - {{code: {code}, grades: [{first}, {final}], class_size: 30}}")
    births = DATA / name / "births.csv"
    if births.exists():
        lines.append(ENTRY)
        born = pd.read_csv(births).query("type == 'actual'")
        born = born.rename(columns={"area": "region"})[["year", "region", "births"]]
        born.to_csv(folder / "births.csv", index=False)
    (folder / "district.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    names = {"area": "region", "enrolment": "pupils"}
    table.rename(columns=names).to_csv(folder / "enrolment.csv", index=False)
    problems = Problems()
    district = load_district(folder, problems)
    assert district is not None, [problem.text() for problem in problems.errors]
    return district
