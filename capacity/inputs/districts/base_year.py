"""What can be asked of a district only once the years of a forecast are known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby, product
from operator import itemgetter
from typing import NamedTuple

import pandas as pd

from capacity.base.errors import At, Phrase, Problems, Term, phrase
from capacity.base.words import ranges
from capacity.inputs.calendar import entry_weights
from capacity.inputs.districts.district import District
from capacity.inputs.tables.columns import CHOICES
from capacity.inputs.tables.sheets import place

#: Cells listed before the rest is only counted.
_LISTED = 12
#: A cohort that grows or shrinks so many times in a year looks like a slip of the pen (a digit
#: too many makes ten times), and so few heads jump for other reasons.
TIMES = 5.0
HEADS = 50.0
#: Jumps named one by one.
_JUMPS = 10


class Listed(NamedTuple):
    """A project, and where it is listed."""

    project: str
    status: str
    opens: int
    at: At


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
    _check_jumps(district, base_year, problems)
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
    """Ask for every region and grade, and in a region for every group that occurs in it."""
    rows = enrolment[enrolment["year"] == base_year]
    there = set(zip(rows["region"], rows["group"], rows["grade"], strict=True))
    missing: list[tuple[str, int]] = []
    for region in district.leaf_regions:
        groups = sorted({group for code, group, _ in there if code == region}) or [""]
        for group, grade in product(groups, district.grades):
            if (region, group, grade) not in there:
                missing.append((f"{region} {group}".strip(), grade))
    if missing:
        by_area = groupby(missing, key=itemgetter(0))
        listed = _listed(f"{area} {_ranges(g for _, g in cells)}" for area, cells in by_area)
        facts = {"missing": listed, "alone": _alone(enrolment, set(missing))}
        problems.error("base-incomplete", place(rows), year=base_year, **facts)


def _alone(enrolment: pd.DataFrame, missing: set[tuple[str, int]]) -> Phrase:
    """Name the rows of missing areas and grades at a year that no other row has."""
    rows = enrolment[~enrolment["year"].duplicated(keep=False)]
    columns = [rows[name].tolist() for name in ("region", "group", "grade", "year", "line")]
    found = [
        (f"{region} {group}".strip(), grade, year, line)
        for region, group, grade, year, line in zip(*columns, strict=True)
    ]
    slips = [slip for slip in found if slip[:2] in missing][:_LISTED]
    said = [phrase("facts.alone", area=a, grade=g, year=y, line=n) for a, g, y, n in slips]
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
    columns = [enrolment[name].tolist() for name in ("region", "group", "grade", "year")]
    for region, group, grade, year in zip(*columns, strict=True):
        series.setdefault((region, group, grade), set()).add(year)
        level = district.level_of(grade).code
        of_level.setdefault((region, group, level), set()).add(year)
    holes: dict[tuple[str, tuple[int, ...]], list[int]] = {}
    for (region, group, grade), there in series.items():
        level = district.level_of(grade).code
        expected = {*range(min(there), max(there)), *of_level[region, group, level]}
        missing = tuple(sorted(expected - there - {base_year}))
        if missing:
            area = f"{region} {group}".strip()
            holes.setdefault((area, missing), []).append(grade)
    if holes:
        listed = _listed(
            f"{area} {_ranges(grades)} ({_ranges(years)})"
            for (area, years), grades in sorted(holes.items())
        )
        gone = {(area, grade) for (area, _), grades in holes.items() for grade in grades}
        facts = {"missing": listed, "alone": _alone(whole, gone)}
        problems.warning("series-hole", place(enrolment), **facts)


def _births(district: District, base_year: int, problems: Problems) -> None:
    """Check that births reach from those who enter after the base year to a known last year."""
    births, children = district.table("births"), district.table("children")
    if births.empty and children.empty:
        problems.warning("first-grade-held", At(str(district.folder / "births.csv")))
        return
    if (entry := district.entry) is None:
        return  # asked for with births and children
    lags = entry_weights(entry.age, entry.cutoff, entry.births_year_ends)
    counted = set(children["region"])
    if "all" in counted:
        counted |= set(district.leaf_regions)
    for region in district.leaf_regions:
        years, at = _births_years(births, region)
        if not years:
            if region not in counted:
                first = place(births if len(births) else children)
                problems.warning("births-region", first, region=region)
            continue
        if region in counted:  # cohorts counted as children need no births
            continue
        needed, last = base_year - min(lags), max(years)
        if last < needed:
            facts = {"region": region, "last": last, "year": base_year, "needed": needed}
            problems.warning("births-end", at, **facts)
        missing = [y for y in range(base_year + 1 - max(lags), last) if y not in years]
        if missing:
            problems.error("births-hole", at, region=region, missing=_ranges(missing))


def _births_years(births: pd.DataFrame, region: str) -> tuple[set[int], At]:
    """Return the years of the births that a region uses: its own, else those of the district."""
    own = births[births["region"] == region]
    rows = own if len(own) else births[births["region"] == "all"]
    return set(rows["year"].tolist()), place(rows) if len(rows) else At("")


def _places(district: District, base_year: int, problems: Problems) -> None:
    places = district.table("places")
    stock = places[places["year"].isna() | (places["year"] <= base_year)]
    there = set(zip(stock["region"], stock["level"], strict=True))
    missing = [
        f"{region} {level.code}"
        for region in district.leaf_regions
        for level in district.levels
        if (region, level.code) not in there
    ]
    if missing:
        at = place(places) if len(places) else At(str(district.folder / "places.csv"))
        problems.warning("places-missing", at, missing=_listed(missing))


def _check_jumps(district: District, base_year: int, problems: Problems) -> None:
    """Warn of cohorts, and of births, that jump by `TIMES` and more."""
    for table, count, code, steps in (
        ("enrolment", "pupils", "cohort-jump", ["year", "grade"]),
        ("births", "births", "births-jump", ["year"]),
    ):
        if not district.is_valid(table) or not district.has(table):
            continue
        frame = district.table(table)
        if table == "enrolment":
            frame = frame[frame["year"] <= base_year]
        for row in _jumps(frame, count, steps).to_dict("records"):
            grades = {"grade": row["grade"], "lower": row["grade"] - 1} if "grade" in row else {}
            problems.warning(
                code,
                At(str(row["file"]), int(row["line"]), 1),
                region=f"{row['region']} {row['group']}".strip(),
                **grades,
                **{count: row[count]},
                before=row["before"],
                times=row[count] / row["before"],
            )


def _jumps(frame: pd.DataFrame, count: str, steps: list[str]) -> pd.DataFrame:
    """Return the first rows whose count is many times that of a step before, or a small part."""
    keys = [*steps, "region", "group"]
    earlier = frame[[*keys, count]].rename(columns={count: "before"})
    earlier[steps] += 1
    both = frame.merge(earlier, on=keys)
    now, before = both[count], both["before"]
    large = (now.clip(lower=before) >= HEADS) & (now > 0) & (before > 0)
    return both[large & ((now >= TIMES * before) | (before >= TIMES * now))].head(_JUMPS)


def check_projects(
    district: District,
    base_year: int,
    last_year: int | None,
    problems: Problems,
    added: Iterable[Listed] = (),
) -> None:
    """Warn of projects that open after ``last_year``, or are to open when that is past.

    A pipeline with errors is not asked; ``added`` are the projects of levers.
    """
    for project, status, opens, at in (*_pipeline(district), *added):
        if status == "cancelled":
            continue
        facts = {"project": project, "opens": opens}
        if last_year is not None and opens > last_year:
            problems.warning("project-late", at, **facts, last=last_year)
        elif opens <= base_year and status != "open":
            said = Term(status, CHOICES["status"][status]["zh"])
            problems.warning("project-overdue", at, **facts, status=said, base=base_year)


def _pipeline(district: District) -> Iterator[Listed]:
    if not district.is_valid("pipeline"):
        return
    pipeline = district.table("pipeline")
    rows = zip(pipeline["project"], pipeline["status"], pipeline["opens"], strict=True)
    for row, (project, status, opens) in enumerate(rows):
        yield Listed(project, status, int(opens), place(pipeline, row))


def _ranges(numbers: Iterable[int]) -> str:
    return ", ".join(ranges(numbers))


def _listed(items: Iterable[str]) -> str:
    every = list(items)
    more = len(every) - _LISTED
    return "; ".join(every[:_LISTED]) + (f"; … (+{more})" if more > 0 else "")
