"""The part of a district that lies in a range of grades."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.base.fields import Fixed
from capacity.inputs.districts.declared import Level
from capacity.inputs.districts.district import DISTRICT_FILE, District


def within_grades(district: District, first: int, last: int) -> District:
    """Return the part of a district that lies in a range of grades.

    Levels are cut or left out, and so are the rows of tables that name them. Births and children
    lead into the district's first grade: where that is left out, so are they, and flows need the
    level before theirs.

    Parameters
    ----------
    district
    first, last
        The first and the last grade that are kept.

    Raises
    ------
    capacity.InputError
        The district has no such grades, or they are the wrong way round.
    """
    problems, at = Problems(), At(str(district.folder / DISTRICT_FILE))
    if first > last:
        problems.error("grades-backwards", at, first=first, last=last)
    elif not {first, last} <= set(district.grades):
        facts = {"first": first, "last": last, "low": district.grades[0]}
        problems.error("grades-unknown", at, **facts, high=district.grades[-1])
    problems.raise_errors()
    levels = tuple(
        level.model_copy(update={"grades": (max(low, first), min(high, last))})
        for level in district.levels
        for low, high in (level.grades,)
        if low <= last and first <= high
    )
    entered = first == district.first_grade
    kept = {level.code for level in levels}
    return replace(
        district,
        levels=levels,
        entry=district.entry if entered else None,
        neighbours=Fixed({k: pairs for k, pairs in district.neighbours.items() if k in kept}),
        _frames=Fixed(_cut_tables(district, levels, entered=entered)),
    )


def _cut_tables(
    district: District, levels: tuple[Level, ...], *, entered: bool
) -> dict[str, pd.DataFrame]:
    frames = {name: district.table(name) for name in district._frames}
    first, last = levels[0].grades[0], max(level.grades[1] for level in levels)
    parts = {level.code: _span(level) / _span(district.level(level.code)) for level in levels}
    whole = {code for code, part in parts.items() if part == 1.0}
    after_first = {level.code for level in levels if level.grades[0] > first} & {
        level.code for level in levels if level.grades[0] == district.level(level.code).grades[0]
    }
    of_levels = {"places": set(parts), "yields": set(parts), "actuals": whole, "flows": after_first}
    for name, codes in of_levels.items():
        frames[name] = frames[name][frames[name]["level"].isin(codes)]
    for name in ("enrolment", "ratios"):
        frames[name] = frames[name][frames[name]["grade"].between(first, last)]
    places = frames["places"]
    frames["places"] = places.assign(
        convertible_to=[
            ";".join(code for code in levels.split(";") if code in parts)
            for levels in places["convertible_to"].tolist()
        ]
    ).astype({"convertible_to": "str"})
    # A level's homes bring pupils to its grades alike: fewer grades, fewer pupils.
    frames["yields"]["pupils_per_home"] *= frames["yields"]["level"].map(parts).astype(float)
    if not entered:  # no ratio leads into the first grade that is kept
        frames["ratios"] = frames["ratios"][frames["ratios"]["grade"] > first]
        frames |= {name: frames[name].iloc[:0] for name in ("births", "children")}
    return frames


def _span(level: Level) -> int:
    return level.grades[1] - level.grades[0] + 1
