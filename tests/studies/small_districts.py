"""Small random districts with a past: births and entry weights or none, zeros, gaps, flags."""

from __future__ import annotations

import random
from pathlib import Path

from capacity.inputs.districts import District
from tests.random_districts import Row, read_district, write_district
from tests.reference import entry_weights
from tests.studies.plain_rivals import Past

ENTRIES = (
    {"age": 3, "cutoff": "12-31", "births_year_ends": "12-31"},
    {"age": 3, "cutoff": "08-31", "births_year_ends": "12-31"},
    {"age": 4, "cutoff": "08-31", "births_year_ends": "06-30"},
)
FIRST, LAST = 2010, 2019


def random_past(seed: int) -> tuple[Past, dict[str, range]]:
    """Give a past, and the grades of its levels."""
    pick = random.Random(seed)
    start, sizes = pick.choice([0, 1, 7]), [pick.randint(1, 3) for _ in range(pick.randint(1, 2))]
    levels, at = {}, start
    for number, size in enumerate(sizes):
        levels[f"level {number}"], at = range(at, at + size), at + size
    regions = [f"r{k}" for k in range(pick.randint(1, 4))]
    scale = {region: pick.choice([3, 40, 400, 6000]) for region in regions}
    first = pick.choice([FIRST, FIRST + 3])
    past = Past({})
    for region in regions:
        for grade in range(start, at):
            for year in range(first, LAST + 1):
                count = 0 if pick.random() < 0.04 else pick.randint(0, 2 * scale[region])
                if pick.random() > 0.03:  # else there is no such row
                    past.pupils[region, grade, year] = count
    if pick.random() < 0.6:
        entry = pick.choice(ENTRIES)
        past.weights = entry_weights(entry)
        until = LAST - pick.choice([0, 1, 3])
        with_births = [r for r in regions if pick.random() < 0.9]
        empty = pick.random() < 0.1
        for region in with_births:
            for year in range(pick.choice([FIRST - 6, FIRST]), until + 1):
                count = 0 if empty else pick.randint(0, 3 * scale[region])
                past.births[region, year] = count
        past.entry = entry if past.births else None
    if pick.random() < 0.4:
        past.flags = {(pick.choice(regions), pick.randint(first, LAST)) for _ in range(2)}
    return past, levels


#: What stands for a count that is withheld.
STANDS = 5


def write(
    folder: Path,
    past: Past,
    levels: dict[str, range],
    withheld: dict[tuple[str, int, int], str] | None = None,
) -> District:
    """Write a past as a district folder, and read it; marks stand where counts are withheld."""
    district: Row = {
        "name": "small",
        "regions": [
            {"code": region} for region in sorted({region for region, _, _ in past.pupils})
        ],
        "levels": [
            {"code": code, "grades": [grades[0], grades[-1]], "class_size": 30}
            for code, grades in levels.items()
        ],
    }
    if withheld:
        district["withheld"] = STANDS
    if past.entry:
        district["entry"] = dict(past.entry)
    tables: dict[str, list[Row]] = {
        "enrolment": [
            {"year": year, "region": region, "grade": grade, "pupils": count}
            for (region, grade, year), count in (past.pupils | (withheld or {})).items()
        ],
        "births": [
            {"year": year, "region": region, "births": count}
            for (region, year), count in past.births.items()
        ],
        "flags": [{"year": year, "region": region, "reason": "odd"} for region, year in past.flags],
    }
    write_district(folder, district, tables)
    return read_district(folder)
