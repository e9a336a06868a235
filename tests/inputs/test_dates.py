"""Figures are held against the dates at which they were known."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from capacity.inputs.scenarios import check
from tests.inputs.folder import tables, write
from tests.seeds import seeds

BASE = 2021


def codes(scenario: Path) -> dict[str, str]:
    """Give the words of every problem by code; no code stands twice."""
    found = list(check(scenario))
    assert len({problem.code for problem in found}) == len(found)
    return {problem.code: problem.text("en") for problem in found}


def dated(table: str, known: dict[int, str]) -> str:
    """Give a table of the sound district with months of publication by year."""
    head, *rows = tables()[table].splitlines()
    lines = [f"{row},{known.get(int(row.split(',')[0]), '')}" for row in rows]
    return "\n".join([f"{head},known", *lines]) + "\n"


def test_a_sound_district_says_nothing(tmp_path: Path) -> None:
    assert not codes(write(tmp_path))


@pytest.mark.parametrize("seed", seeds(range(3), range(12)))
def test_a_births_year_that_had_not_ended_is_told(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    month, ends = luck.choice(((12, "12-31"), (6, "06-30"), (8, "08-31")))
    year, known_month = luck.randint(2012, 2020), luck.randint(1, 12)
    early = known_month < month
    text = dated("births", {year: f"{year}-{known_month:02}", year - 1: f"{year}-12"})
    scenario = write(tmp_path, births=text)
    yaml = scenario.parent / "demo" / "district.yaml"
    ending = f'cutoff: "08-31", births_year_ends: "{ends}"'
    yaml.write_text(yaml.read_text("utf-8").replace('cutoff: "08-31"', ending), "utf-8")
    found = codes(scenario)
    assert set(found) <= ({"births-unfinished"} if early else set())
    assert ("births-unfinished" in found) == early
    if early:
        assert f"of {year} were" in found["births-unfinished"]
        assert "2 rows" in found["births-unfinished"]
    planned = text.replace("known", "known,source", 1).replace(
        f"-{known_month:02}\n", f"-{known_month:02},projection\n"
    )
    filled = [line if line.count(",") == 4 else f"{line}," for line in planned.splitlines()]
    (scenario.parent / "demo" / "births.csv").write_text("\n".join(filled) + "\n", "utf-8")
    assert not codes(scenario)


@pytest.mark.parametrize("month", range(1, 13))
def test_a_count_before_its_autumn_is_told(month: int, tmp_path: Path) -> None:
    text = dated("enrolment", {BASE: f"{BASE}-{month:02}", BASE - 1: f"{BASE}-03"})
    found = codes(write(tmp_path, enrolment=text))
    assert set(found) == ({"count-early"} if month < 9 else set())
    assert month >= 9 or f"enrolment of {BASE} was" in found["count-early"]


@pytest.mark.parametrize("seed", seeds(range(2), range(8)))
def test_years_after_the_base_year_are_told(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    years, rows = luck.sample(range(2022, 2026), 2), luck.randint(1, 6)
    more = [
        f"{y},{region},{g},90" for y in years for g in range(1, rows + 1) for region in ("north",)
    ]
    text = tables()["enrolment"] + "\n".join(more) + "\n"
    found = codes(write(tmp_path, enrolment=text))
    assert set(found) == {"years-after"}
    assert f"{2 * rows} rows" in found["years-after"]
    first, last = min(years), max(years)
    assert (f"{first}–{last}" if last == first + 1 else f"{first}, {last}") in found["years-after"]


@pytest.mark.parametrize("kind", ["", "odd", "step"])
@pytest.mark.parametrize("year", range(BASE - 1, BASE + 3))
def test_flags_after_the_base_year_are_told(year: int, kind: str, tmp_path: Path) -> None:
    flags = f"year,region,reason,kind\n{year},north,moved,{kind}\n"
    found = codes(write(tmp_path, flags=flags))
    assert ("years-after" in found) == (year > BASE)


@pytest.mark.parametrize(
    ("counted", "stated", "old"),
    [
        ("", "2021-08", True),
        ("", "2021-09", False),
        ("", "", False),
        ("2022-03", "2021-12", True),
        ("2022-03", "2022-03", False),
    ],
)
def test_stated_ratios_older_than_the_counts_are_told(
    counted: str, stated: str, old: bool, tmp_path: Path
) -> None:
    text = dated("enrolment", {BASE: counted})
    ratios = f"grade,region,ratio,known\n2,all,.9,{stated}\n"
    found = codes(write(tmp_path, enrolment=text, ratios=ratios))
    assert set(found) == ({"ratios-old"} if old else set())


@pytest.mark.parametrize("last", [2020, 2021])
def test_ratios_written_from_an_older_past_are_told(last: int, tmp_path: Path) -> None:
    ratios = "grade,region,ratio,source\n" + "".join(
        f"{grade},all,.9,calibrated by shrunk from the years 2018-{year}\n"
        for grade, year in ((2, last), (3, 2019))
    )
    found = codes(write(tmp_path, ratios=ratios))
    assert set(found) == ({"ratios-old"} if last < BASE else set())


@pytest.mark.parametrize(("known", "told"), [("", True), ("2022-05", True), ("2022-10", False)])
def test_an_open_project_of_a_later_year_is_told(known: str, told: bool, tmp_path: Path) -> None:
    pipeline = "project,region,status,opens,places_primary,known\n" + "".join(
        f"P{number},north,open,2022,40,{known}\n" for number in range(20)
    )
    found = codes(write(tmp_path, pipeline=pipeline))
    assert set(found) == ({"projects-open-later"} if told else set())
