"""The file district.yaml of each folder."""

from __future__ import annotations

from derivation import kindergarten, school_districts
from derivation.figures import Figure, fact
from derivation.pipeline import NEXT, PLAN, new_places
from derivation.pupils import counted, onward

_FILE = """\
# Written by scenarios/derive.py.
name: {name}
title: {title}
regions:
  - {{code: north, title: {{en: North, zh: 北部}}, cell: [0, 1]}}
  - {{code: central, title: {{en: Central, zh: 中部}}, cell: [1, 1]}}
  - {{code: south, title: {{en: South, zh: 南部}}, cell: [2, 1]}}
  - {{code: east, title: {{en: East, zh: 东部}}, cell: [1, 2]}}
  - {{code: west, title: {{en: West, zh: 西部}}, cell: [1, 0]}}
{within}levels:
{before}  - code: primary
    title: {{en: Primary, zh: 小学}}
    grades: [1, 6]
    class_size: {primary.value:g}
    source: {primary.source}
    quality: {primary.quality}
    known: {primary.known}
  - code: middle
    title: {{en: Middle, zh: 初中}}
    grades: [7, 9]
    class_size: {middle.value:g}
    source: {middle.source}
    quality: {middle.quality}
    known: {middle.known}
  - code: high
    title: {{en: High, zh: 高中}}
    grades: [10, 12]
    class_size: {high.value:g}
    pool: district
    onward: {onward.value:g}
    source: {onward.source}
    quality: {onward.quality}
    known: {onward.known}
    note: {onward_note}
entry: {{age: {age}, cutoff: "08-31", births_year_ends: "12-31"}}
# Primary schools admit near home (above 99 %) and high schools across the district (pool):
# only middle schools may take pupils from {near}.
neighbours:
  middle:
{neighbours}targets: {targets}
"""
_BEFORE = """\
  - code: kindergarten
    title: {{en: Kindergarten, zh: 幼儿园}}
    grades: [{first}, {last}]
    class_size: {size.value:g}
    source: {size.source}
    quality: {size.quality}
    known: {size.known}
    note: rebuilt from a page published later
"""
#: Age at which children enter kindergarten and primary school.
_AGES = {"kindergarten": 3, "primary": 6}
#: Regions that touch on the compass.
_TOUCHING = (
    *(("north", "central"), ("north", "east"), ("north", "west"), ("central", "south")),
    *(("central", "east"), ("central", "west"), ("south", "east"), ("south", "west")),
)
_TITLES = {
    "haidian-kindergarten": "{en: Haidian District, zh: 海淀区}",
    "haidian-17": "{en: Haidian (invented districts), zh: 海淀区（虚拟学区）}",
}
_ONWARD = "Beijing's grade 10 of 2022 over its grade 9 of 2021"


def district_file(name: str) -> str:
    """Give the text of a folder's district.yaml."""
    size = {level: class_size(level) for level in ("primary", "junior", "senior")}
    plan = name != "haidian-2026"
    kinder, nested = name == "haidian-kindergarten", name == "haidian-17"
    pairs = school_districts.neighbours() if nested else _TOUCHING
    note = f"onward rebuilt from a table published later. {_ONWARD}" if plan else _ONWARD
    return _FILE.format(
        name=name,
        title=_TITLES.get(name, "{en: Haidian District, zh: 海淀区}"),
        within=school_districts.as_yaml() if nested else "",
        before=_before() if kinder else "",
        age=_AGES["kindergarten" if kinder else "primary"],
        near="a school district of their region" if nested else "a region that touches theirs",
        neighbours="".join(f"    - [{a}, {b}]\n" for a, b in pairs),
        primary=size["primary"],
        middle=size["junior"],
        high=size["senior"],
        onward=onward(),
        onward_note=note,
        targets=plan_targets(schools_alone=kinder) if plan else next_targets(),
    )


def _before() -> str:
    first, *_, last = kindergarten.GRADES
    return _BEFORE.format(first=first, last=last, size=kindergarten.class_size())


def class_size(level: str) -> Figure:
    return fact("standards", item="class size upper limit", level=level)


def plan_targets(schools_alone: bool = False) -> str:
    """Give what the plan has announced; its gap is of schools alone."""
    places = new_places("2021-2025", "planned (Jan 2022)", "basic education")
    said = {"new_places": places.value, "new_places_by": PLAN[1]}
    of = ("2021-2025", "primary+junior+senior", "shortage_of_places_total")
    said["gap"] = counted("Haidian", *of).value
    parts = [f"{key}: {value:g}" for key, value in said.items()]
    if schools_alone:
        parts.append("levels: [primary, middle, high]")
    return "{" + ", ".join(parts) + "}"


def next_targets() -> str:
    places = new_places("2026-2030", "planned", "middle")
    return f"{{new_places: {places.value:g}, new_places_by: {NEXT[1]}}}"
