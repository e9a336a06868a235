"""A small whole district with a scenario, written as files that tests then break."""

from __future__ import annotations

from pathlib import Path

DISTRICT = """\
name: demo
title: {en: Demo District, zh: 示例区}
regions:
  - {code: north, title: {en: North, zh: 北部}, cell: [0, 1]}
  - {code: south, title: 南部, cell: [1, 1]}
levels:
  - {code: primary, title: {en: Primary, zh: 小学}, grades: [1, 3], class_size: 40}
  - {code: middle, title: {en: Middle, zh: 初中}, grades: [4, 5], class_size: 45, onward: .98}
  - {code: high, grades: [6, 6], class_size: 45, pool: district}
entry: {age: 6, cutoff: "08-31"}
neighbours: {middle: [[north, south]]}
targets: {new_places: 45000, new_places_by: 2025}
"""

SCENARIO = """\
name: baseline
title: {en: As planned, zh: 按计划}
question: What if all opens as planned?
district: demo
horizon: {base_year: 2021, last_year: 2026}
"""


def enrolment(years: range = range(2018, 2022)) -> str:
    rows = ["year,region,grade,pupils"]
    for year in years:
        for region in ("north", "south"):
            rows += [f"{year},{region},{grade},{100 + grade}" for grade in range(1, 7)]
    return "\n".join(rows) + "\n"


def tables() -> dict[str, str]:
    births = [f"{year},{region},120" for year in range(2010, 2021) for region in ("north", "south")]
    places = [
        f"{region},{level},{places}"
        for region in ("north", "south")
        for level, places in (("primary", 300), ("middle", 200), ("high", 100))
    ]
    return {
        "enrolment": enrolment(),
        "births": "\n".join(("year,region,births", *births)) + "\n",
        "places": "\n".join(("region,level,places", *places)) + "\n",
        "pipeline": "project,region,status,opens,places_primary,places_middle,kind\n"
        "P1,north,planned,2024,400,0,new\n"
        "P2,south,building,2023,0,200,extension\n"
        "P3,south,open,2021,100,0,rebuild\n",
    }


def write(
    root: Path, *, district: str = DISTRICT, scenario: str = SCENARIO, **changed: str | None
) -> Path:
    """Write the district and a scenario; a table given as None is left out."""
    folder = root / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "district.yaml").write_text(district, encoding="utf-8")
    for name, text in (tables() | changed).items():
        if text is not None:
            (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    path = root / "baseline.yaml"
    path.write_text(scenario, encoding="utf-8")
    return path
