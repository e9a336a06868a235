"""The years before primary school: kindergartens, their children and the plan's places for them.

No source gives the pupils of kindergartens by grade or region, nor their places: they are what is
left of a total, and what was added to an older figure.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from derivation.births import births, cohort
from derivation.figures import (
    BASE,
    REGIONS,
    Figure,
    Row,
    assumed,
    derived,
    fact,
    shares,
    total,
    whole,
)
from derivation.pipeline import PLAN, new_places, status_of
from derivation.pupils import DIGITS, counted, pupils_2020

LEVEL = "kindergarten"
#: Grades before the first of primary school: the small, middle and big class (小班, 中班, 大班).
GRADES = (-2, -1, 0)
#: Columns that the folder's pipeline has beside those of the plan.
PLACES = f"places_{LEVEL}"


def class_size() -> Figure:
    return fact("standards", item="class size used to count places in projects", level=LEVEL)


@cache
def pupils() -> Figure:
    """Give the children in kindergartens in the base year: all pupils less those of schools."""
    everyone = counted("Haidian", str(BASE), "kindergarten+primary+secondary", "enrolled_total")
    schools = total(pupils_2020().values())
    return derived(everyone.value - schools.value, (everyone, schools))


@cache
def entry_ratio() -> Figure:
    """Give children in kindergartens per birth of their three cohorts."""
    born = sum(_cohorts().values())
    of = [births(year) for year in range(BASE - 6, BASE - 2)]
    return derived(pupils().value / born, (pupils(), *of)).rounded(DIGITS)


def _cohorts() -> dict[int, float]:
    """Give the births of each grade's cohort: it enters primary school in so many years."""
    return {g: cohort(BASE + 1 - g, lambda year: births(year).value) for g in GRADES}


def grades() -> dict[int, int]:
    """Give the children by grade: as the births of their cohorts are."""
    by_grade = {str(grade): born for grade, born in _cohorts().items()}
    return {int(grade): n for grade, n in whole(pupils().value, by_grade).items()}


def places() -> Figure:
    """Give the places of the base year: an older figure and what was added since."""
    before = assumed("kindergarten_places_before")
    added = new_places("2016-2020", "realised all ways", LEVEL)
    return derived(before.value + added.value, (before, added), "RED")


def ratios() -> dict[int, Figure]:
    """Give the ratio into each grade: per birth into the first, and all go up."""
    stay = assumed("kindergarten_ratio")
    return {GRADES[0]: entry_ratio(), **dict.fromkeys(GRADES[1:], stay)}


def projects() -> list[Row]:
    """Give the plan's kindergartens, a row each, in the years of the plan.

    Places of the first year as stated; the others' spread evenly. Kindergartens of a region are
    spread over the years, the new ones before the received.
    """
    amount, first = assumed("preschool_places_2021_25"), new_places("2021", "planned", LEVEL)
    later = dict.fromkeys(map(str, range(PLAN[0] + 1, PLAN[1] + 1)), 1.0)
    by_year = {str(PLAN[0]): int(first.value), **whole(amount.value - first.value, later)}
    left = _spread(list(_kindergartens()))
    rows: list[Row] = []
    for year, n in whole(len(left), by_year).items():
        mine, left = left[:n], left[n:]
        sizes = whole(by_year[year], dict.fromkeys([code for code, _, _ in mine], 1.0))
        of = first if int(year) == PLAN[0] else amount
        rows += [_project(one, int(year), sizes[one[0]], of) for one in mine]
    return rows


#: Code, region and whether it is received from builders of homes.
Kindergarten = tuple[str, str, bool]


def _kindergartens() -> Iterator[Kindergarten]:
    """Give the plan's kindergartens: in the north as counted, the others by the assumed shares."""
    others = shares("building_share")
    del others["north"]
    for received, what in ((False, "new"), (True, "received")):
        count = assumed(f"kindergartens_{what}").value
        north = assumed(f"kindergartens_{what}_north").value
        by_region = {"north": int(north), **whole(count - north, others)}
        for region in REGIONS:
            for k in range(1, by_region[region] + 1):
                yield f"kindergarten-{what}-{region}-{k}", region, received


def _spread(everyone: list[Kindergarten]) -> list[Kindergarten]:
    """Give the kindergartens in an order in which each kind and region comes evenly."""
    kinds: dict[tuple[str, bool], list[Kindergarten]] = {}
    for one in everyone:
        kinds.setdefault(one[1:], []).append(one)
    turns = [
        ((k + 0.5) / len(alike), one) for alike in kinds.values() for k, one in enumerate(alike)
    ]
    return [one for _, one in sorted(turns, key=lambda turn: turn[0])]


def _project(one: Kindergarten, year: int, size: int, of: Figure) -> Row:
    code, region, received = one
    number = code.rsplit("-", 1)[1]
    title = f"{'received' if received else 'new'} kindergarten {number}, {region}"
    how = "received from builders of homes (接收配套)" if received else "new"
    return {
        "project": code,
        "title": title,
        "region": region,
        "status": status_of(year),
        "opens": year,
        "kind": "new",
        "fill": "",
        PLACES: size,
        "source": of.source,
        "quality": "RED",
        "known": of.known,
        "note": f"{how}; its name, places and year are not published: places of the year spread "
        "evenly; the north's number as in the plan, other regions assumed",
    }
