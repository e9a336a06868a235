"""The file district.yaml of the two folders."""

from __future__ import annotations

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
levels:
  - code: primary
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
entry: {{age: 6, cutoff: "08-31", births_year_ends: "12-31"}}
# Primary schools admit near home (above 99 %) and high schools across the district (pool):
# only middle schools may take pupils from a region that touches theirs.
neighbours:
  middle:
    - [north, central]
    - [north, east]
    - [north, west]
    - [central, south]
    - [central, east]
    - [central, west]
    - [south, east]
    - [south, west]
targets: {targets}
"""
_ONWARD = "Beijing's grade 10 of 2022 over its grade 9 of 2021"


def district_file(name: str) -> str:
    """Give the text of a folder's district.yaml."""
    size = {level: class_size(level) for level in ("primary", "junior", "senior")}
    plan = name == "haidian"
    note = f"onward rebuilt from a table published later. {_ONWARD}" if plan else _ONWARD
    return _FILE.format(
        name=name,
        title="{en: Haidian District, zh: 海淀区}",
        primary=size["primary"],
        middle=size["junior"],
        high=size["senior"],
        onward=onward(),
        onward_note=note,
        targets=plan_targets() if plan else next_targets(),
    )


def class_size(level: str) -> Figure:
    return fact("standards", item="class size upper limit", level=level)


def plan_targets() -> str:
    places = new_places("2021-2025", "planned (Jan 2022)", "basic education")
    gap = counted("Haidian", "2021-2025", "primary+junior+senior", "shortage_of_places_total")
    by = PLAN[1]
    return f"{{new_places: {places.value:g}, new_places_by: {by}, gap: {gap.value:g}}}"


def next_targets() -> str:
    places = new_places("2026-2030", "planned", "middle")
    return f"{{new_places: {places.value:g}, new_places_by: {NEXT[1]}}}"
