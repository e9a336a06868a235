"""Zero is a value: schools that open, close and fill, grades that move, villages; by hand.

Every district here has cohorts of one size an area, so that every ratio is 1 where a school is
open and the forecast can be said by hand, under every method.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass, field, replace
from pathlib import Path

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import HealthCheck, given, settings

import capacity
from capacity.base import InputError
from capacity.inputs.to_model import build
from capacity.model import forecast
from capacity.results import Result
from tests.random_districts import Row, write_csv, write_district, write_yaml

BASE = 2025
LAST = BASE + 8
YEARS = 7
FEW = settings(
    max_examples=settings().max_examples * 3 // 5,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
METHODS = ("shrunk", "mean", "pooled")


@dataclass
class Steady:
    """A district whose every cohort is as large as the births of its area, grade by grade."""

    sizes: dict[str, int]
    grades: int = 6
    births: bool = True
    levels: tuple[int, ...] = ()
    tables: dict[str, list[Row]] = field(default_factory=dict)
    years: int = YEARS

    def __post_init__(self) -> None:
        self.pupils = {
            (year, region, grade): size
            for year in range(BASE - self.years, BASE + 1)
            for region, size in self.sizes.items()
            for grade in range(1, self.grades + 1)
        }

    def write(self, home: Path, method: str) -> Path:
        spans, first = [], 1
        for span in self.levels or (self.grades,):
            spans.append([first, first + span - 1])
            first += span
        district: Row = {
            "name": "steady",
            "regions": [{"code": code} for code in self.sizes],
            "levels": [
                {"code": f"level {number}", "grades": span, "class_size": 30}
                for number, span in enumerate(spans)
            ],
            "entry": {"age": 6, "cutoff": "08-31", "births_year_ends": "08-31"},
        }
        none: list[Row] = []
        tables = {
            **dict.fromkeys(("births", "children", "ratios", "flags", "pipeline"), none),
            "enrolment": [
                {"year": year, "region": region, "grade": grade, "pupils": n}
                for (year, region, grade), n in self.pupils.items()
            ],
            **self.tables,
        }
        if self.births:
            tables["births"] = [
                {"year": year, "region": region, "births": size}
                for region, size in self.sizes.items()
                for year in range(BASE - YEARS - 9, BASE + 1)
            ]
        write_district(home / "demo", district, tables)
        scenario = {
            "name": "plain",
            "district": "demo",
            "horizon": {"base_year": BASE, "last_year": LAST},
            "demand": {
                "progression": {"method": method},
                "entry": {"method": method},
                "births": {"after_last": "hold"},
            },
        }
        write_yaml(home / "plain.yaml", scenario)
        return home / "plain.yaml"

    def run(self, home: Path, method: str) -> Result:
        return capacity.run(capacity.load_scenario(self.write(home, method)), draws=0)


def cells(result: Result) -> dict[tuple[int, str, int], float]:
    frame = result.pupils
    frame = frame[frame["region"] != "all"]
    keys = zip(frame["year"], frame["region"], frame["grade"], strict=True)
    return dict(zip(keys, frame["pupils"], strict=True))


def notes(result: Result, code: str) -> list[str]:
    return [note.text("en") for note in result.notes if note.code == code]


SIZES = st.dictionaries(
    st.sampled_from(["a", "b", "c", "d"]), st.integers(20, 3000), min_size=1, max_size=4
)
HOW = st.sampled_from(METHODS)


@FEW
@given(SIZES, HOW, st.integers(0, 4), st.integers(1, 3), st.booleans())
def test_a_school_that_opened_fills_up(
    tmp_path: Path, sizes: dict[str, int], method: str, ago: int, grades: int, births: bool
) -> None:
    """It opened some years ago with its first grades, and has had one more each year since."""
    district = Steady(sizes, births=births)
    new, opened = sorted(sizes)[0], BASE - ago
    for year, region, grade in district.pupils:
        if region == new and (year < opened or grade > grades + year - opened):
            district.pupils[year, region, grade] = 0
    found = district.run(tmp_path, method)
    mixes = method == "shrunk" and grades + ago >= 6  # it is full, and holds what it had
    for (year, region, grade), n in cells(found).items():
        there = region != new or grade <= grades + year - opened
        if not (mixes and region == new):
            assert n == pytest.approx(sizes[region] if there else 0, rel=1e-9), (year, grade)
    assert bool(notes(found, "cells-filling")) == (grades + ago < 6)


@FEW
@given(SIZES, HOW, st.integers(2, 5), st.integers(1, 6), st.booleans())
def test_a_closed_grade_stays_closed_and_those_before_it_are_named(
    tmp_path: Path, sizes: dict[str, int], method: str, years: int, first: int, births: bool
) -> None:
    """All grades from one on closed some years ago; nobody else is touched."""
    district = Steady(sizes, births=births)
    shut = sorted(sizes)[0]
    for year, region, grade in district.pupils:
        if region == shut and grade >= first and year > BASE - years:
            district.pupils[year, region, grade] = 0
    found = district.run(tmp_path, method)
    for (_, region, grade), n in cells(found).items():
        open_there = region != shut or grade < first
        assert n == pytest.approx(sizes[region] if open_there else 0, rel=1e-9)
    if first > 1:
        (note,) = notes(found, "cells-closed")
        assert f"{sizes[shut]:,.0f} pupils" in note
        assert f"{shut} {first}" in note
    told = notes(found, "entry-closed")
    assert len(told) == (first == 1 and births)
    assert all(
        f"({sizes[shut]:,.0f} children in the next cohort): {shut} 1" in note for note in told
    )


@FEW
@given(SIZES, HOW, st.integers(1, 5), st.booleans())
def test_a_school_that_takes_nobody_any_more_empties(
    tmp_path: Path, sizes: dict[str, int], method: str, ago: int, births: bool
) -> None:
    """Its first grade closed some years ago, and the others follow a year each."""
    district, last, closed = Steady(sizes, births=births), sorted(sizes)[0], BASE - 1 - ago
    for year, region, grade in district.pupils:
        if region == last and grade <= year - closed:
            district.pupils[year, region, grade] = 0
    for (year, region, grade), n in cells(district.run(tmp_path, method)).items():
        there = region != last or grade > year - closed
        assert n == pytest.approx(sizes[region] if there else 0, rel=1e-9), (year, grade)


@FEW
@given(SIZES, HOW, st.integers(2, 6), st.integers(2, 3), st.booleans())
def test_a_grade_that_was_not_counted_once_is_told_and_changes_nothing(
    tmp_path: Path, sizes: dict[str, int], method: str, grade: int, ago: int, everywhere: bool
) -> None:
    """One year's zeros among full ones, in one area or in all."""
    district, year = Steady(sizes), BASE - ago
    chosen = sorted(sizes)[: len(sizes) if everywhere else 1]
    for region in chosen:
        district.pupils[year, region, grade] = 0
    found = district.run(tmp_path, method)
    assert len(notes(found, "count-zero")) == any(sizes[region] > 20 for region in chosen)
    for (_, region, _), n in cells(found).items():
        assert n == pytest.approx(sizes[region], rel=1e-9)


@FEW
@given(SIZES, HOW, st.integers(1, 6))
def test_no_pupils_where_there_is_no_school(
    tmp_path: Path, sizes: dict[str, int], method: str, first: int
) -> None:
    district = Steady(sizes, levels=(2, 2, 2))
    none = sorted(sizes)[-1]
    for key in district.pupils:
        if key[1] == none and key[2] >= first:
            district.pupils[key] = 0
    found = cells(district.run(tmp_path, method))
    for (_, region, grade), n in found.items():
        there = region != none or grade < first
        assert n == pytest.approx(sizes[region] if there else 0, rel=1e-9)


@FEW
@given(st.integers(60, 900), st.integers(50, 200), HOW, st.integers(2, 6), st.integers(2, 4))
def test_a_grade_that_moved_is_told_in_its_areas_and_the_district_is_not_called_broken(
    tmp_path: Path, here: int, share: int, method: str, grade: int, years: int
) -> None:
    """The last grades of one area are taught in another; with the rows that are offered, all
    are there as by hand."""
    there = max(here * share // 100, 60)
    district = Steady({"a": here, "b": there})
    for key in district.pupils:
        if key[0] > BASE - years and key[2] >= grade:
            district.pupils[key] = 0 if key[1] == "a" else here + there
    found = district.run(tmp_path, method)
    (note,) = notes(found, "breaks-found")
    assert "all regions" not in note
    year = BASE - years + 1
    assert re.search(rf"\ba, grades? [2-6-]+, {year} \(", note)
    offered = note.rpartition(": ")[2]
    names = ("year", "region", "reason", "grade", "kind")
    flags = [dict(zip(names, row.split(","), strict=True)) for row in offered.split("; ")]
    district.tables["flags"] = flags
    assert {
        "year": str(year),
        "region": "b",
        "reason": "break",
        "grade": str(grade),
        "kind": "step",
    } in flags
    after = cells(district.run(tmp_path, method))
    for year in range(BASE + 1, LAST + 1):
        assert after[year, "a", grade] == 0
        near = 0.06 if method == "shrunk" else 1e-9  # a small area holds some of what it had
        assert after[year, "b", grade] == pytest.approx(here + there, rel=near)


def asked(district: Steady, home: Path, method: str) -> list[tuple[int, str, int]]:
    """The cells of the base year that are asked about, each at its row with the row to paste."""
    try:
        district.run(home, method)
    except InputError as refused:
        problems = refused.problems
    else:
        return []
    keys, found = list(district.pupils), []
    for problem in problems:
        assert problem.code == "grade-closed-alone"
        cell = keys[problem.at.line - 2]
        pasted = problem.text("en").rpartition(": ")[2]
        assert next(csv.reader([pasted])) == [str(cell[2]), cell[1], "0"]
        assert pasted in problem.text("zh")
        found.append(cell)
    return found


def stated(district: Steady, ratio: float, region: str, *grades: int) -> None:
    """State a ratio into some grades; of the first, per birth."""
    rows = [{"grade": grade, "region": region, "ratio": ratio} for grade in grades]
    district.tables["ratios"] = [*district.tables.get("ratios", []), *rows]


@FEW
@given(SIZES, HOW, st.integers(1, 6), st.booleans(), st.booleans())
def test_a_grade_closed_for_the_base_year_alone_is_asked_about(
    tmp_path: Path, sizes: dict[str, int], method: str, grade: int, births: bool, ratios: bool
) -> None:
    """Ratios for all regions say nothing of it."""
    district, region = Steady(sizes, births=births), sorted(sizes)[0]
    district.pupils[BASE, region, grade] = 0
    if ratios:
        stated(district, 1, "all", *range(2 - births, 7))
    assert asked(district, tmp_path, method) == [(BASE, region, grade)]
    stated(district, 0, region, grade)
    found = cells(district.run(tmp_path, method))
    assert all(n == 0 for (_, r, g), n in found.items() if (r, g) == (region, grade))


@FEW
@given(SIZES, HOW, st.integers(0, 2), st.integers(1, 6), st.booleans())
def test_a_grade_that_was_never_counted_before_is_asked_about_below_a_cohort(
    tmp_path: Path, sizes: dict[str, int], method: str, known: int, grade: int, ratios: bool
) -> None:
    """Nobody counted its region, or it alone, in an earlier year; the last grade may fill yet."""
    region = sorted(sizes)[0]
    district = Steady(sizes | {"east, upper": 20_000}, levels=(4, 2), years=YEARS * (known > 0))
    if known == 2:
        region = "east, upper"
    district.pupils[BASE, region, grade] = 0
    for cell in [*district.pupils]:
        if cell[0] < BASE and cell[1] == region and (known == 1 or cell[2] == grade):
            del district.pupils[cell]
    if ratios or known == 0:
        stated(district, 1, "all", *range(1, 7))
    last = grade in (4, 6)
    assert asked(district, tmp_path, method) == [(BASE, region, grade)] * (not last)
    stated(district, 0, region, grade)
    found = cells(district.run(tmp_path, method))
    assert all(n == 0 for (_, r, g), n in found.items() if (r, g) == (region, grade))
    if grade > 1 and not last:  # or pupils come again
        district.tables["ratios"][-1]["ratio"] = 0.5
        found = cells(district.run(tmp_path, method))
        below = district.pupils[BASE, region, grade - 1]
        assert found[BASE + 1, region, grade] == pytest.approx(below / 2, rel=0.02)


@FEW
@given(SIZES, HOW, st.data())
def test_of_one_year_is_asked_what_no_school_that_fills_empties_or_is_small_has(
    tmp_path: Path, sizes: dict[str, int], method: str, data: st.DataObject
) -> None:
    """Any zeros in any levels, groups in some of them: what is asked about is as told in words."""
    levels = data.draw(st.sampled_from([(6,), (4, 2), (2, 3, 1)]))
    district = Steady(sizes, levels=levels, years=0)
    count = st.sampled_from([0, 0, 5, 9, 10, 11, 400])
    for cell in district.pupils:
        district.pupils[cell] = data.draw(count)
    stated(district, 1, "all", *range(1, 7))
    starts = [sum(levels[:level]) + 1 for level in range(len(levels))]
    ends = [start + span - 1 for start, span in zip(starts, levels, strict=True)]

    def coming(region: str, grade: int) -> int:
        """Who comes from the grade below, or to it, if it is empty within a level."""
        if grade == 1:
            return sizes[region]
        here = district.pupils[BASE, region, grade - 1]
        return here if here or grade - 1 in starts else coming(region, grade - 1)

    def cohort_above(region: str, grade: int) -> bool:
        end = next(end for end in ends if end >= grade)
        last = min(grade + 1, end) if grade in starts else end
        return any(district.pupils[BASE, region, g] >= 10 for g in range(grade + 1, last + 1))

    assert asked(district, tmp_path, method) == [
        (BASE, region, grade)
        for (_, region, grade), n in district.pupils.items()
        if n == 0 and coming(region, grade) >= 10 and cohort_above(region, grade)
    ]


@FEW
@given(SIZES, HOW, st.integers(1, 5), st.sampled_from(["fills", "empties", "lacks", "upper"]))
def test_schools_that_fill_or_empty_are_not_asked_about_in_one_year(
    tmp_path: Path, sizes: dict[str, int], method: str, grade: int, way: str
) -> None:
    """Nor are villages, nor levels that are nowhere in a region."""
    district, region = Steady(sizes, levels=(3, 3), years=0), sorted(sizes)[0]
    none = {
        "fills": lambda at: at > grade,
        "empties": lambda at: at <= grade + 1,
        "lacks": lambda at: at > 3,
        "upper": lambda at: at <= 3,
    }[way]
    for cell in district.pupils:
        if cell[1] == region and none(cell[2]):
            district.pupils[cell] = 0
    assert not asked(district, tmp_path, method)
    village = Steady({"a": 9, "b": 9}, years=0)
    village.pupils[BASE, "a", grade] = 0
    assert not asked(village, tmp_path, method)


@FEW
@given(st.integers(20, 900), HOW, st.integers(1, 6), st.sampled_from(["hukou", "other"]))
def test_a_group_is_asked_about_as_a_region_is(
    tmp_path: Path, size: int, method: str, grade: int, group: str
) -> None:
    """One group has a level of its own in the upper grades: below, it has none that are empty."""
    district, home = Steady({"a": size}, levels=(3, 3), years=0), tmp_path / "demo"
    scenario = district.write(tmp_path, method)
    declared = yaml.safe_load((home / "district.yaml").read_text("utf-8"))
    own = {"code": "own", "grades": [4, 6], "class_size": 30, "groups": ["other"]}
    write_yaml(home / "district.yaml", declared | {"levels": [*declared["levels"], own]})
    rows = [
        {"year": BASE, "region": "a", "grade": g, "pupils": size * (g != grade or of != group)}
        | {"group": of}
        for of, first in (("hukou", 1), ("other", 4))
        for g in range(first, 7)
    ]
    write_csv(home / "enrolment.csv", rows)
    ratios = [{"grade": g, "region": "all", "ratio": 1} for g in range(1, 7)]
    write_csv(home / "ratios.csv", ratios)
    if grade in (3, 6) or (group == "other" and grade < 5):
        capacity.run(capacity.load_scenario(scenario), draws=0)
        return
    with pytest.raises(InputError) as refused:
        capacity.run(capacity.load_scenario(scenario), draws=0)
    (problem,) = refused.value.problems
    assert problem.text("en").endswith(f": {grade},a,0,{group}")
    at = next(n for n, row in enumerate(rows) if (row["grade"], row["group"]) == (grade, group))
    assert (problem.at.line, problem.at.column) == (at + 2, 1)


@pytest.mark.parametrize(("share", "told"), [(1.0, True), (0.0, False)])
def test_flows_tell_who_would_have_come(tmp_path: Path, share: float, told: bool) -> None:
    """All leavers of the lower level go to one region, or none of them do."""
    district = Steady({"a": 300, "b": 500}, levels=(3, 3), years=0)
    district.pupils[BASE, "a", 4] = 0
    district.tables["flows"] = [
        {"level": "level 1", "from": here, "to": to, "share": part}
        for here in ("a", "b")
        for to, part in (("a", share), ("b", 1 - share))
    ]
    assert asked(district, tmp_path, "mean") == [(BASE, "a", 4)] * told


def test_frames_are_asked_about_as_files_are(tmp_path: Path) -> None:
    district = Steady({"a": 300, "b": 500}, years=0)
    district.pupils[BASE, "b", 3] = 0
    home = district.write(tmp_path, "shrunk").parent / "demo"
    frames = {path.stem: pd.read_csv(path) for path in home.glob("*.csv")}
    declared = yaml.safe_load((home / "district.yaml").read_text("utf-8"))
    given = capacity.District.from_frames({"district": declared, **frames})
    with pytest.raises(InputError) as refused:
        capacity.run(capacity.Scenario.of(given), draws=0)
    (problem,) = refused.value.problems
    assert str(problem.at) == "frames[enrolment]:10:1"
    assert problem.code == "grade-closed-alone"


@FEW
@given(SIZES, HOW, st.integers(2, 6))
def test_pupils_whom_no_grade_below_feeds_do_not_vanish(
    tmp_path: Path, sizes: dict[str, int], method: str, first: int
) -> None:
    """A school of the upper grades alone, whose pupils come from elsewhere."""
    district, upper = Steady(sizes), sorted(sizes)[0]
    for key in district.pupils:
        if key[1] == upper and key[2] < first:
            district.pupils[key] = 0
    found = district.run(tmp_path, method)
    for (_, region, grade), n in cells(found).items():
        if region == upper:
            assert n == pytest.approx(sizes[upper] if grade >= first else 0, rel=1e-9)
    (note,) = notes(found, "grades-unfed")
    assert f"{upper} {first} ({sizes[upper]:,})" in note


@FEW
@given(SIZES, HOW, st.sampled_from(["births", "children"]))
def test_births_or_children_may_be_the_base_of_a_later_grade(
    tmp_path: Path, sizes: dict[str, int], method: str, basis: str
) -> None:
    """Few attend the first grade; the second takes all, by a stated ratio."""
    district = Steady(sizes)
    for key in district.pupils:
        if key[2] == 1:
            district.pupils[key] = max(district.pupils[key] // 3, 1)
    told = notes(district.run(tmp_path, method), "ratio-far")
    assert len(told) == any(size > 50 for size in sizes.values())
    if basis == "children":
        district.tables["children"] = [
            {"year": BASE, "region": region, "age": age, "children": size}
            for region, size in sizes.items()
            for age in range(8)
        ]
    stated = {"grade": 2, "region": "all", "ratio": 1, "basis": basis}
    district.tables["ratios"] = [stated]
    found = district.run(tmp_path, method)
    assert not notes(found, "ratio-far")
    upto = BASE + 7 if basis == "children" else LAST
    for (year, region, grade), n in cells(found).items():
        if grade == 2 and year <= upto:
            assert n == pytest.approx(sizes[region], rel=1e-9)


@FEW
@given(SIZES, HOW, st.integers(2, 6), st.integers(6, 40))
def test_a_ratio_beyond_the_limit_is_that_of_all_areas_or_asked_for(
    tmp_path: Path, sizes: dict[str, int], method: str, grade: int, times: int
) -> None:
    district, odd = Steady(sizes, births=False), sorted(sizes)[0]
    for key in district.pupils:
        if key[1] == odd and key[2] < grade:
            district.pupils[key] = 8000
        elif key[1] == odd:
            district.pupils[key] = 8000 * times
    if len(sizes) == 1:
        with pytest.raises(InputError) as refused:
            district.run(tmp_path, method)
        assert [problem.code for problem in refused.value.problems] == ["ratio-beyond"]
        return
    found = district.run(tmp_path, method)
    (note,) = notes(found, "ratio-replaced")
    assert f"{odd} {grade} (" in note
    assert cells(found)[BASE + 1, odd, grade] <= 8000 * 5 * 1.01


def test_flags_use_up_no_window(tmp_path: Path) -> None:
    """The mean of the last three years that count is that of 2021 to 2023."""
    district = Steady({"a": 100, "b": 100})
    for year, ratio in ((2021, 1.2), (2022, 1.1), (2023, 1.0), (2024, 3.0), (2025, 3.0)):
        district.pupils[year, "a", 6] = 100 * ratio
    district.tables["flags"] = [
        {"year": year, "region": "a", "reason": "odd", "grade": 6} for year in (2024, 2025)
    ]
    found = cells(district.run(tmp_path, "mean"))
    assert found[BASE + 1, "a", 6] == pytest.approx(110)
    assert found[BASE + 1, "b", 6] == pytest.approx(100)


@pytest.mark.parametrize("kind", ["odd", "step"])
def test_a_flag_is_of_its_grade_and_its_kind(tmp_path: Path, kind: str) -> None:
    """Ratios of 1 to 2021, of 2 since: the year alone is left out, or those before it."""
    district = Steady({"a": 100, "b": 100})
    for year in range(2022, BASE + 1):
        district.pupils[year, "a", 6] = 200
    flag = {"year": 2022, "region": "a", "reason": "x", "grade": 6, "kind": kind}
    district.tables["flags"] = [flag]
    how = capacity.load_scenario(district.write(tmp_path, "pooled"))
    wide = how.with_levers()
    frame = capacity.calibrate(wide.district, method="pooled", window=9, base_year=BASE).frame()
    one = frame[(frame["region"] == "a") & (frame["grade"] == 6)].iloc[0]
    years = 4 if kind == "step" else 6
    assert (one["years"], one["ratio"]) == (years, pytest.approx(2 if kind == "step" else 1.5))


def test_a_counted_project_where_nobody_goes_is_told(tmp_path: Path) -> None:
    district = Steady({"a": 100, "b": 80}, levels=(3, 3))
    for key in district.pupils:
        if key[1] == "a" and key[2] > 3:
            district.pupils[key] = 0
    project = {"project": "P1", "region": "a", "status": "planned", "opens": BASE + 2}
    district.tables["pipeline"] = [project | {"places_level 1": 300}]
    (note,) = notes(district.run(tmp_path, "shrunk"), "project-closed")
    assert "P1 (level 1)" in note
    opening = {"grade": 4, "region": "a", "ratio": 0.9, "year": BASE + 2}
    district.tables["ratios"] = [opening]
    found = district.run(tmp_path, "shrunk")
    assert not notes(found, "project-closed")
    assert cells(found)[BASE + 2, "a", 4] == pytest.approx(90)


@FEW
@given(SIZES, HOW, st.integers(1, 400))
def test_homes_where_there_is_no_school_are_told_and_bring_nobody(
    tmp_path: Path, sizes: dict[str, int], method: str, homes: int
) -> None:
    """Homes that bring .1 pupil a grade each to both levels; one region lacks the upper one."""
    district = Steady(sizes | {"z": 50}, levels=(3, 3))
    for key in district.pupils:
        if key[1] == "z" and key[2] > 3:
            district.pupils[key] = 0
    district.tables["housing"] = [{"year": BASE + 1, "region": "z", "homes": homes}]
    per_home = {"years_since": 0, "pupils_per_home": 0.3}
    district.tables["yields"] = [{"level": f"level {n}"} | per_home for n in (0, 1)]
    found = district.run(tmp_path, method)
    assert {
        n for (_, region, grade), n in cells(found).items() if (region, grade > 3) == ("z", True)
    } == {0}
    assert cells(found)[BASE + 1, "z", 1] == pytest.approx(50 + homes / 10)
    (note,) = notes(found, "homes-without-school")
    said = float(re.findall(r"([\d,]+) pupils in all", note)[0].replace(",", ""))
    assert said == pytest.approx(3 * homes / 10, abs=0.5 + 1e-9)  # a half may be rounded either way
    assert "z 4–6" in note


@pytest.mark.parametrize("births", [True, False])
@pytest.mark.parametrize("survive", [True, False])
@pytest.mark.parametrize("times", [3, pytest.param(50, marks=pytest.mark.slow)])
def test_villages_without_a_trend_stay_as_large_as_they_are(
    tmp_path: Path, births: bool, survive: bool, times: int
) -> None:
    """200 villages of three pupils a grade, whose cohorts go up or whose counts are luck alone.

    A rule that takes every zero for a closure loses a tenth of them and more.
    """
    district = Steady({f"v{number:03}": 3 for number in range(200)}, births=births)
    scenario = capacity.load_scenario(district.write(tmp_path, "shrunk"))
    data, found = build(scenario.district, BASE, LAST), []
    years = slice(data.axes.start - YEARS, data.axes.start + 1)
    for seed in range(times):
        pupils = data.pupils.copy()
        pupils[years] = villages(np.random.default_rng(seed), pupils[years].shape, survive)
        ahead = forecast(replace(data, pupils=pupils), scenario.demand).demand[1:]
        found.append(ahead.sum(axis=(1, 2, 3)) / (200 * 6 * 3))
    assert np.abs(np.mean(found, axis=0) - 1).max() < 0.02


def villages(rng: np.random.Generator, shape: tuple[int, ...], survive: bool) -> np.ndarray:
    """Counts ``(year, area, grade)`` of mean 3: nine in ten go up, or all is luck."""
    pupils = rng.poisson(3, shape).astype(float)
    if survive:
        for year in range(1, shape[0]):
            stayed = rng.binomial(pupils[year - 1, :, :-1].astype(int), 0.9)
            pupils[year, :, 1:] = stayed + rng.poisson(0.3, stayed.shape)
    return pupils


@FEW
@given(st.integers(0, 2**32 - 1))
def test_what_is_said_of_closed_cells_is_what_does_not_go_on(tmp_path: Path, seed: int) -> None:
    """Random histories with zeros anywhere: the pupils named are those of the grade below, and
    of every other cell the grade above is the grade below × ratio + moves."""
    rng = np.random.default_rng(seed)
    district = Steady({"a": 90, "b": 400, "c": 35}, births=bool(rng.integers(2)))
    for key in district.pupils:
        district.pupils[key] = int(rng.poisson(district.pupils[key]) * (rng.random() > 0.1))
        if key[0] == BASE and district.pupils[key] == 0:
            district.pupils[key[0] - 1, key[1], key[2]] = 0  # else it is asked about
    result = district.run(tmp_path, METHODS[int(rng.integers(2)) + 1])
    assert result.passed
    found = cells(result)
    named = sum(
        float(note.partition(" pupils go up")[0].rpartition(" ")[2].replace(",", ""))
        for note in notes(result, "cells-closed")
    )
    lost = sum(
        found[BASE, region, grade - 1]
        for region in district.sizes
        for grade in range(2, 7)
        if found[BASE, region, grade - 1] > 0 and found[BASE + 1, region, grade] == 0
    )
    assert named == lost
