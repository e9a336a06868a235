"""Districts of very many small areas, written as files."""

from __future__ import annotations

import random
from pathlib import Path

from tests.random_districts import Row, words, write_district, write_yaml

BASE = 2024
#: Code, grades and class size of each level.
LEVELS = (("primary", (1, 6), 40), ("middle", (7, 9), 40), ("high", (10, 12), 45))
ENTRY = {"age": 6, "cutoff": "08-31", "births_year_ends": "12-31"}


def write_many(
    folder: Path, areas: int, *, parents: int = 0, history: int = 5, ahead: int = 5
) -> Path:
    """Write a district of so many areas and its scenario; return the scenario's path.

    Every tenth area has a project, and each lies in one of the parent regions, where there are
    any.
    """
    luck = random.Random(1)
    codes = [f"a{number:04d}" for number in range(areas)]
    within = {code: f"p{number % parents:03d}" for number, code in enumerate(codes) if parents}
    regions: list[Row] = [
        {"code": code, "title": words(code.upper())}
        | ({"within": within[code]} if code in within else {})
        for code in (*dict.fromkeys(within.values()), *codes)
    ]
    district: Row = {
        "name": "many",
        "title": words("many"),
        "regions": regions,
        "levels": [
            {"code": code, "title": words(code), "grades": list(grades), "class_size": size}
            for code, grades, size in LEVELS
        ],
        "entry": ENTRY,
    }
    write_district(folder / "district", district, _tables(luck, codes, history))
    path = folder / "scenario.yaml"
    horizon = {"base_year": BASE, "last_year": BASE + ahead}
    head: Row = {"name": "many", "title": words("many"), "district": "district"}
    write_yaml(path, head | {"horizon": horizon})
    return path


def _tables(luck: random.Random, codes: list[str], history: int) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {name: [] for name in ("enrolment", "births", "places")}
    tables["pipeline"] = []
    for number, code in enumerate(codes):
        size = luck.choice([20, 60, 120])
        for year in range(BASE - history + 1, BASE + 1):
            for grade in range(1, 13):
                pupils = round(size * luck.uniform(0.9, 1.1))
                row = {"year": year, "region": code, "grade": grade, "pupils": pupils}
                tables["enrolment"].append(row)
        for year in range(BASE - history - 8, BASE + 1):
            births = round(size * luck.uniform(0.8, 1.2))
            tables["births"].append({"year": year, "region": code, "births": births})
        for level, (first, last), _ in LEVELS:
            places = round(size * (last - first + 1) * luck.uniform(0.9, 1.2))
            row = {"region": code, "level": level, "places": places, "quality": "RED"}
            tables["places"].append(row)
        if number % 10 == 0:
            project = {"project": f"new {code}", "region": code, "status": "planned"}
            project |= {"kind": "extension", "opens": BASE + 2, "places_primary": size}
            tables["pipeline"].append(project)
    return tables
