"""What can be asked of a district only once the years of a forecast are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, partial
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from capacity.base.axes import ALL
from capacity.base.errors import At, Phrase, Problems, Term
from capacity.base.titles import filled, listed, spans, with_grades
from capacity.inputs.calendar import entry_weights
from capacity.inputs.districts.dates import AUTUMN, check_age, check_later
from capacity.inputs.districts.district import District
from capacity.inputs.districts.jumps import check_jumps
from capacity.inputs.districts.streams import counted_grades
from capacity.inputs.tables.columns import CHOICES
from capacity.inputs.tables.sheets import place

#: Cells listed before the rest is only counted.
_LISTED = 12
#: Tables whose counts are looked at for jumps.
_COUNTS = ("enrolment", "births", "children", "housing")


class Listed(NamedTuple):
    """A project, where it is listed, and when that was known; None of one that a lever adds."""

    project: str
    status: str
    opens: int
    at: At
    known: str | None = None


def check_base(
    district: District, base_year: int, problems: Problems, *, at: At | None = None
) -> None:
    """Check that the district's tables carry a forecast from ``base_year``.

    What asks for a table or part of district.yaml that has errors is not asked.

    Parameters
    ----------
    district : District
    base_year : int
    problems : Problems
        Takes what is wrong.
    at : At, optional
        Where the base year is stated; the enrolment table by default.
    """
    if district.is_valid("enrolment") and district.has("enrolment"):
        enrolment = district.table("enrolment")
        years = enrolment["year"]
        if not (years == base_year).any():
            first, last = int(years.min()), int(years.max())
            here = at or place(enrolment)
            problems.error("base-outside", here, year=base_year, first=first, last=last)
            return
        if district.is_valid("regions", "within", "levels"):
            _enrolment_whole(district, enrolment, base_year, problems)
            _series_holes(district, enrolment, base_year, problems)
    counts = {name: district.table(name) for name in _COUNTS if district.is_valid(name)}
    check_jumps(counts, base_year, district.titles, problems)
    for name in ("enrolment", "flags"):
        if district.is_valid(name):
            check_later(district.table(name), base_year, problems)
    if district.is_valid("enrolment", "ratios"):
        check_age(district.table("enrolment"), district.table("ratios"), base_year, problems)
    if district.is_valid("births", "children", "entry", "regions", "within"):
        _births(district, base_year, problems)
    if district.is_valid("places", "regions", "within", "levels"):
        _places(district, base_year, problems)


def last_whole_year(district: District) -> int:
    """Return the last year whose enrolment names every region and grade; else the last of all."""
    enrolment = district.table("enrolment")
    cells = enrolment[["year", "region", "grade"]].drop_duplicates().groupby("year").size()
    whole = cells[cells == len(district.leaf_regions) * len(district.grades)]
    return int((whole if len(whole) else cells).index.max())


def _enrolment_whole(
    district: District, enrolment: pd.DataFrame, base_year: int, problems: Problems
) -> None:
    """Ask for every region and grade, and for every group where it has to be counted."""
    rows = enrolment[enrolment["year"] == base_year]
    there = set(zip(rows["region"], rows["group"], rows["grade"], strict=True))
    counted = counted_grades(district.levels, rows, district.leaf_regions)
    missing = [
        (region, group, grade)
        for region in district.leaf_regions
        for group in sorted(group for of, group in counted if of == region)
        for grade in sorted(counted[region, group])
        if (region, group, grade) not in there
    ]
    if missing:
        by_area = groupby(missing, key=itemgetter(0, 1))
        areas = [
            with_grades(district.titles.coded(*area), [grade for *_, grade in cells])
            for area, cells in by_area
        ]
        facts = {"missing": listed(areas, _LISTED, "nouns.semicolon")}
        facts |= {"alone": _alone(district, enrolment, set(missing))}
        problems.error("base-incomplete", place(rows), year=base_year, **facts)


def _alone(
    district: District, enrolment: pd.DataFrame, missing: set[tuple[str, str, int]]
) -> Phrase:
    """Name the rows of missing areas and grades at a year that no other row has."""
    rows = enrolment[~enrolment["year"].duplicated(keep=False)]
    columns = [rows[name].tolist() for name in ("region", "group", "grade", "year", "line")]
    slips = [slip for slip in zip(*columns, strict=True) if slip[:3] in missing][:_LISTED]
    said = [
        filled("facts.alone", area=district.titles.coded(r, of), grade=g, year=y, line=n)
        for r, of, g, y, n in slips
    ]
    return Phrase("".join(one.name for one in said), "".join(one.zh for one in said))


def _series_holes(
    district: District, whole: pd.DataFrame, base_year: int, problems: Problems
) -> None:
    """Name the years that a grade leaves out: between others, or where its level has rows.

    A hole in the base year itself is an error of its own.
    """
    enrolment = whole[whole["year"] <= base_year]
    series: dict[tuple[str, str, int], set[int]] = {}
    of_level: dict[tuple[str, str, str], set[int]] = {}
    level_of = cache(partial(_level, district))
    columns = [enrolment[name].tolist() for name in ("region", "group", "grade", "year")]
    for region, group, grade, year in zip(*columns, strict=True):
        series.setdefault((region, group, grade), set()).add(year)
        of_level.setdefault((region, group, level_of(grade, group)), set()).add(year)
    holes: dict[tuple[str, str, tuple[int, ...]], list[int]] = {}
    for (region, group, grade), there in series.items():
        level = level_of(grade, group)
        expected = {*range(min(there), max(there)), *of_level[region, group, level]}
        missing = tuple(sorted(expected - there - {base_year}))
        if missing:
            holes.setdefault((region, group, missing), []).append(grade)
    if holes:
        said = [
            filled(
                "facts.cell_of",
                cell=with_grades(district.titles.region(region, group), grades),
                said=spans(years),
            )
            for (region, group, years), grades in sorted(holes.items())
        ]
        gone = {(r, group, grade) for (r, group, _), grades in holes.items() for grade in grades}
        facts = {"missing": listed(said, _LISTED, "nouns.semicolon")}
        facts |= {"alone": _alone(district, whole, gone)}
        problems.warning("series-hole", place(enrolment), **facts)


def _level(district: District, grade: int, group: str) -> str:
    level = district.level_of(grade, group)
    return "" if level is None else level.code


def _births(district: District, base_year: int, problems: Problems) -> None:
    """Check that births reach from those who enter after the base year to a known last year."""
    births, children = district.table("births"), district.table("children")
    if births.empty and children.empty:
        problems.warning("first-grade-held", At(str(district.folder / "births.csv")))
        return
    if (entry := district.entry) is None:
        return  # asked for with births and children
    lags = entry_weights(entry.age, entry.cutoff, entry.births_year_ends)
    entering = _entering(children, entry.age, base_year)
    of_region = {str(region): rows for region, rows in births.groupby("region", sort=False)}
    for region in district.leaf_regions:
        rows = of_region.get(region, of_region.get(ALL))
        covered = entering.get(region, entering.get(ALL, set()))
        if rows is None:
            if not covered:
                first = place(births if len(births) else children)
                problems.warning("births-region", first, region=district.titles.region(region))
            continue
        years = set(rows["year"].tolist())
        needed, last = base_year - min(lags), max(years)
        if last < needed and not covered:
            facts = {"region": district.titles.coded(region), "last": last}
            facts |= {"year": base_year, "needed": needed}
            problems.warning("births-end", place(rows), **facts)
        # A births year is asked for where a cohort needs it that nobody counted as children.
        asked = {
            entered - lag
            for entered in range(base_year + 1, last + max(lags) + 1)
            if entered not in covered
            for lag in lags
        }
        missing = sorted(year for year in asked - years if year < last)
        if missing:
            facts = {"region": district.titles.coded(region), "missing": spans(missing)}
            problems.error("births-hole", place(rows), **facts)


def _entering(children: pd.DataFrame, age: int, base_year: int) -> dict[str, set[int]]:
    """Return by region the years in which cohorts enter that its counts of children cover."""
    known = children[children["year"] <= base_year]
    enters = known["year"] + age - known["age"]
    found: dict[str, set[int]] = {}
    for region, year in zip(known["region"].tolist(), enters.tolist(), strict=True):
        found.setdefault(region, set()).add(year)
    return found


def _places(district: District, base_year: int, problems: Problems) -> None:
    places = district.table("places")
    stock = places[places["year"].isna() | (places["year"] <= base_year)]
    there = set(zip(stock["region"], stock["level"], strict=True))
    missing = [
        district.titles.cell(region, level.code)
        for region in district.leaf_regions
        for level in district.levels
        if (region, level.code) not in there
    ]
    if missing:
        at = place(places) if len(places) else At(str(district.folder / "places.csv"))
        said = listed(missing, _LISTED)
        problems.warning("places-missing", at, missing=said)


def check_projects(
    district: District,
    base_year: int,
    last_year: int | None,
    problems: Problems,
    added: Iterable[Listed] = (),
) -> None:
    """Warn of projects that open after ``last_year``, and where status and year do not agree.

    One that is not open may be listed for a year that is past, one that is open for a year to
    come: unless that was known when the year had begun.

    A pipeline with errors is not asked; ``added`` are the projects of levers.
    """
    later: list[Listed] = []
    for one in (*_pipeline(district), *added):
        project, status, opens, at, known = one
        if status == "cancelled":
            continue
        facts = {"project": project, "opens": opens}
        if last_year is not None and opens > last_year:
            problems.warning("project-late", at, **facts, last=last_year)
        elif status == "open" and opens > base_year and known is not None:
            later += [one] if known < f"{opens}-{AUTUMN:02}" else []
        elif opens <= base_year and status != "open":
            said = Term(status, CHOICES["status"][status]["zh"])
            problems.warning("project-overdue", at, **facts, status=said, base=base_year)
    if later:
        projects = [
            filled("facts.project_at", project=one.project, cell=one.opens) for one in later
        ]
        names = listed(projects, _LISTED)
        problems.warning("projects-open-later", later[0].at, projects=names, base=base_year)


def _pipeline(district: District) -> Iterator[Listed]:
    if not district.is_valid("pipeline"):
        return
    pipeline = district.table("pipeline")
    columns = (pipeline[name] for name in ("project", "status", "opens", "known"))
    for row, (project, status, opens, known) in enumerate(zip(*columns, strict=True)):
        yield Listed(project, status, int(opens), place(pipeline, row), known)
