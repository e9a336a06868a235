"""What must hold between district.yaml and its tables, and between the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from capacity.base.axes import Floats
from capacity.base.errors import At, Phrase, Problems, nearest, phrase
from capacity.base.limits import USUAL_FACTORS
from capacity.base.words import ranges
from capacity.inputs.districts.declared import DistrictFile, Level, leaves
from capacity.inputs.districts.streams import level_taking
from capacity.inputs.documents.yaml import Document
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.sheets import place
from capacity.inputs.tables.values import plain_name

#: Listed places may differ by rounding without a word.
TOLERANCE = 0.5


def with_counted_places(
    places: pd.DataFrame, levels: Sequence[Level], problems: Problems
) -> pd.DataFrame:
    """Put classes x class size in place of places, wherever classes are given.

    Parameters
    ----------
    places : DataFrame
        The table as read.
    levels : sequence of Level
        Their class size serves rows without one.
    problems : Problems
        Takes a warning where listed places differ.
    """
    if places.empty:
        return places
    norm = _by_level(places, {level.code: float(level.class_size) for level in levels})
    listed, classes, stated = (
        places[name].to_numpy(float) for name in ("places", "classes", "class_size")
    )
    size = np.where(np.isnan(stated), norm, stated)
    counted = classes * size
    for row in np.flatnonzero(np.abs(counted - listed) > TOLERANCE).tolist():
        problems.warning(
            "places-differ",
            place(places, row),
            listed=listed[row],
            classes=classes[row],
            size=size[row],
            counted=counted[row],
        )
    places = places.assign(places=np.where(np.isnan(counted), listed, counted))
    _entry_places(places, levels, problems)
    return places


def _by_level(places: pd.DataFrame, figures: Mapping[str, float]) -> Floats:
    """Return the figure of each row's level, nan where there is none."""
    return np.array([figures.get(level, np.nan) for level in places["level"]])


def check_tables(
    declared: DistrictFile,
    frames: Mapping[str, pd.DataFrame],
    document: Document,
    problems: Problems,
    invalid: frozenset[str],
) -> None:
    """Check what no table shows alone; what asks for an ``invalid`` part is not asked."""
    if declared.entry is None and "entry" not in invalid:
        for table in ("births", "children"):
            if not frames[table].empty:
                problems.error("entry-missing", document.at(()), table=TABLES[table].term)
                break
    _groups(declared, frames, document, problems, invalid)
    if not invalid & {"places", "pipeline"}:
        _buildings_once(frames["places"], frames["pipeline"], problems)
    housing = frames["housing"]
    if not housing.empty and frames["yields"].empty and "yields" not in invalid:
        problems.warning("housing-without-yields", place(housing))
    flows = frames["flows"]
    if "levels" not in invalid:
        _grade_names(declared, document, problems)
    if flows.empty:
        return
    if "levels" not in invalid:
        _flows_into_first(declared, flows, problems)
    if not invalid & {"flows", "regions", "within"}:
        _flows_from_all(declared, flows, problems)


def _grade_names(declared: DistrictFile, document: Document, problems: Problems) -> None:
    """Tell of names of grades that no level has: nothing is called so."""
    spans = [level.grades for level in declared.levels]
    for grade in declared.grade_names:
        if not any(first <= grade <= last for first, last in spans):
            problems.warning("grade-name-unused", document.at(("grade_names", grade)), found=grade)


def _entry_places(places: pd.DataFrame, levels: Sequence[Level], problems: Problems) -> None:
    """Warn of first grades with far fewer or more places than an even share of their row."""
    grades = {level.code: level.grades[1] - level.grades[0] + 1.0 for level in levels}
    entry, whole = (places[name].to_numpy(float) for name in ("entry_places", "places"))
    even, (low, high) = whole / _by_level(places, grades), USUAL_FACTORS
    for row in np.flatnonzero((entry < low * even) | (entry > high * even)).tolist():
        facts = {"entry": entry[row], "even": even[row]}
        problems.warning("entry-places-far", place(places, row), **facts)


def _groups(
    declared: DistrictFile,
    frames: Mapping[str, pd.DataFrame],
    document: Document,
    problems: Problems,
    invalid: frozenset[str],
) -> None:
    """Hold the groups of levels and of other tables against those of enrolment."""
    if "enrolment" in invalid:
        return
    _groups_of_tables(frames, problems)
    if "levels" not in invalid:
        _groups_of_levels(declared, frames["enrolment"], document, problems)


def _groups_of_tables(frames: Mapping[str, pd.DataFrame], problems: Problems) -> None:
    """Refuse groups of other tables without pupils: their rows would change nothing."""
    known = sorted(set(frames["enrolment"]["group"]) - {""})
    named = [("births", "group"), ("ratios", "group"), ("flows", "from_group")]
    for table, column in (*named, ("flows", "to_group")):
        frame = frames[table]
        if frame.empty:
            continue
        unknown = ~frame[column].isin(["", *known])
        for group, rows in frame[unknown].groupby(column):
            facts = {"valid": _valid(known), "nearest": nearest(str(group), known)}
            name = TABLES[table].term
            problems.error("group-unknown", place(rows), table=name, found=group, **facts)


def _valid(groups: Sequence[str]) -> Phrase:
    """Say which groups may be named."""
    if not groups:
        return phrase("facts.no_groups")
    return phrase("facts.one_of", valid=", ".join(groups))


def _groups_of_levels(
    declared: DistrictFile, enrolment: pd.DataFrame, document: Document, problems: Problems
) -> None:
    """Refuse groups of levels without pupils, and pupils of a group that no level takes."""
    known = sorted(set(enrolment["group"]) - {""})
    for index, level in enumerate(declared.levels):
        for number, group in enumerate(level.groups):
            if group not in known:
                at = document.at(("levels", index, "groups", number))
                facts = {"valid": _valid(known), "nearest": nearest(group, known)}
                problems.error("level-group-unknown", at, name=level.code, found=group, **facts)
    if any(group not in known for level in declared.levels for group in level.groups):
        return  # which may be what these pupils are called
    groups, grades = enrolment["group"].to_numpy(), enrolment["grade"].to_numpy()
    some = enrolment["pupils"].to_numpy() > 0
    lost: dict[str, list[int]] = {}
    for group, grade in sorted(set(zip(groups[some], grades[some].tolist(), strict=True))):
        if level_taking(declared.levels, grade, group) is None:
            lost.setdefault(group, []).append(grade)
    for group, without in lost.items():
        rows = enrolment[some & (groups == group) & np.isin(grades, without)]
        facts = {"found": group or "-", "grades": ", ".join(ranges(without))}
        problems.error("group-without-level", place(rows), **facts)


def _buildings_once(places: pd.DataFrame, pipeline: pd.DataFrame, problems: Problems) -> None:
    """Refuse a building that is both a school of places.csv and a project: it would count twice."""
    schools = schools_of(places)
    if not schools:
        return
    for row, project in enumerate(pipeline.to_dict("records")):
        check_building(project, schools, place(pipeline, row), problems)


def schools_of(places: pd.DataFrame) -> dict[tuple[str, str], At]:
    """Return where each school of places.csv stands first, by region and plain name."""
    found: dict[tuple[str, str], At] = {}
    for row, (region, school) in enumerate(zip(places["region"], places["school"], strict=True)):
        if school and (region, plain_name(school)) not in found:
            found[region, plain_name(school)] = place(places, row)
    return found


def check_building(
    project: Mapping[Any, Any], schools: Mapping[tuple[str, str], At], at: At, problems: Problems
) -> None:
    """Refuse a project, a row of the pipeline, that is a school of its region by code or title."""
    region, names = project["region"], (project["project"], project.get("title") or "")
    found = next((name for name in names if (region, plain_name(name)) in schools), None)
    if found and project["status"] != "cancelled":
        other = schools[region, plain_name(found)]
        problems.error("building-twice", at, found=found, project=names[0], other=other)


def _flows_into_first(declared: DistrictFile, flows: pd.DataFrame, problems: Problems) -> None:
    """Refuse flows into a level of the first grade: none comes before it."""
    first = min(level.grades[0] for level in declared.levels)
    for level in declared.levels:
        rows = flows[flows["level"] == level.code]
        if level.grades[0] == first and len(rows):
            problems.error("flows-first", place(rows), level=level.code)


def _flows_from_all(declared: DistrictFile, flows: pd.DataFrame, problems: Problems) -> None:
    """Ask for the flows from every region; the rest would vanish."""
    for level, rows in flows.groupby("level", sort=False):
        missing = [code for code in leaves(declared.regions) if code not in set(rows["from"])]
        if missing:
            listed = ", ".join(missing)
            problems.error("flows-from", place(rows), level=level, missing=listed)
