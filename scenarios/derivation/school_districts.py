"""An invented split of the five regions into 17 school districts (学区): an example of nesting.

The names of the 17 are published; which region each lies in, and its shares of pupils, places and
new places, are invented (``facts/school_districts.csv``). The sums of a region stay what they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from derivation.figures import LEVELS, REGIONS, Row, table, whole

INVENTED = "split into school districts invented (RED)"
#: Columns that are split, by table, and the shares that they are split by.
SPLIT = {
    "enrolment": (("pupils",), "pupils_share"),
    "births": (("births",), "pupils_share"),
    "places": (("places",), "places_share"),
    "pipeline": (tuple(f"places_{level}" for level in LEVELS), "building_share"),
}


def of_region(region: str) -> list[str]:
    return [row["code"] for row in table("school_districts") if row["within"] == region]


def split(name: str, rows: Iterable[Row]) -> Iterator[Row]:
    """Give the rows of a table by school district; what holds for all regions stays."""
    columns, share = SPLIT.get(name, ((), ""))
    for row in rows:
        if row["region"] not in REGIONS:
            yield row
            continue
        shares = {
            one["code"]: float(one[share])
            for one in table("school_districts")
            if one["within"] == row["region"]
        }
        parts = {column: whole(int(str(row[column])), shares) for column in columns}
        for code in shares:
            yield row | {column: part[code] for column, part in parts.items()} | _named(row, code)


def _named(row: Row, code: str) -> Row:
    """Give what is called after the school district."""
    named: Row = {"region": code, "quality": "RED", "note": f"{row['note']}; {INVENTED}"}
    if "project" in row:
        named["project"] = f"plan-{row['opens']}-{code}"
        named["title"] = f"{row['opens']} programme, {code}"
    return named


def as_yaml() -> str:
    """Give the school districts as regions of district.yaml."""
    return "".join(
        f"  - {{code: {row['code']}, title: {{en: {row['en']}, zh: {row['zh']}}}, "
        f"within: {row['within']}}}\n"
        for row in table("school_districts")
    )


def neighbours() -> list[tuple[str, str]]:
    """Give the pairs between which middle schools may take pupils: those of one region."""
    return [pair for region in REGIONS for pair in combinations(of_region(region), 2)]
