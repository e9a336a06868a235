"""English local authorities as a district folder: `python scenarios/convert_england.py FROM TO`.

FROM holds enrolment.csv, births.csv and capacity.csv (area, year, grade | level, …: autumn of
the school year; grade 0 = reception); TO becomes a folder with england.yaml, a scenario, and
england/, the district. docs/england.md says what is converted and why.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path

GRADES = range(12)  # Y12-13 leave authorities with sixth-form colleges without pupils
LEVELS = {"primary": (0, 6), "secondary": (7, 11)}
#: Infant classes hold 30 by law (School Admissions (Infant Class Sizes) Regulations 2012).
CLASS_SIZE = 30
BASE, LAST = 2022, 2028
#: Capacity before this year says nothing about the base year.
CAPACITY_FROM = 2020
CENSUS = "DfE School Census, by autumn of the school year"
ONS = "ONS births, years ending 30 June"
SCAP = "DfE School Capacity survey: capacity 2009/10 + places created"


def main(source: Path, target: Path) -> None:
    district = target / "england"
    district.mkdir(parents=True)
    pupils = [row for row in read(source / "enrolment.csv") if int(row["grade"]) in GRADES]
    areas = sorted({row["area"] for row in pupils})
    (district / "district.yaml").write_text("\n".join(describe(areas)) + "\n", encoding="utf-8")
    write(
        district / "enrolment.csv",
        ("year", "region", "grade", "pupils", "source", "quality"),
        ((r["year"], r["area"], r["grade"], r["enrolment"], CENSUS, "GREEN") for r in pupils),
    )
    write(
        district / "births.csv",
        ("year", "region", "births", "source", "quality"),
        ((r["year"], r["area"], number(r["births"]), ONS, quality_of(r)) for r in births(source)),
    )
    write(
        district / "places.csv",
        ("year", "region", "level", "places", "source", "quality"),
        (
            (r["year"], r["area"], r["level"], number(r["capacity"]), SCAP, "AMBER")
            for r in read(source / "capacity.csv")
            if CAPACITY_FROM <= int(r["year"]) <= BASE
        ),
    )
    (target / "england.yaml").write_text(SCENARIO, encoding="utf-8")


def births(source: Path) -> Iterator[dict[str, str]]:
    """Births known at the base year: of years that had ended by its summer."""
    return (row for row in read(source / "births.csv") if int(row["year"]) <= BASE)


def quality_of(row: dict[str, str]) -> str:
    return "GREEN" if row["type"] == "actual" else "AMBER"


def number(text: str) -> str:
    return f"{float(text):g}"


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *rows])


def describe(areas: list[str]) -> Iterator[str]:
    yield "name: england"
    yield "title: {en: English local authorities, zh: 英格兰地方当局}"
    yield "regions:"
    yield from (f"  - {{code: {json.dumps(area)}}}" for area in areas)
    yield "levels:"
    for code, (first, last) in LEVELS.items():
        yield f"  - {{code: {code}, grades: [{first}, {last}], class_size: {CLASS_SIZE}}}"
    yield 'entry: {age: 4, cutoff: "08-31", births_year_ends: "06-30"}'


SCENARIO = f"""\
name: england
title: {{en: English local authorities, zh: 英格兰地方当局}}
question: {{en: How many school places is each authority short of?, zh: 各地方当局缺多少学位？}}
district: england
horizon: {{base_year: {BASE}, last_year: {LAST}}}
"""

if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
