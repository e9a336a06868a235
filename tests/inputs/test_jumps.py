"""A zero beside full years is told, in every table of counts, once and with its cells."""

from __future__ import annotations

import random
import time
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from capacity.base import Problems, Titles
from capacity.inputs.districts import check_jumps
from capacity.inputs.scenarios import check
from tests.inputs.folder import tables, write

CHILDREN = "year,region,age,children\n" + "".join(
    f"2021,{region},{age},{100 + age}\n" for region in ("north", "south") for age in range(6)
)
HOMES = "year,region,homes\n" + "".join(f"{year},north,200\n" for year in range(2015, 2022))
YIELDS = "level,years_since,pupils_per_home\nprimary,0,.1\n"
TABLES = {"enrolment", "births", "children"}


def zeros(scenario: Path) -> dict[str, str]:
    """Give what is said of zeros, by table."""
    told = [problem for problem in check(scenario) if problem.code == "count-zero"]
    found = {Path(problem.at.file).stem: problem.text("en") for problem in told}
    assert len(found) == len(told)
    return found


@pytest.mark.parametrize("table", sorted(TABLES))
@pytest.mark.parametrize("seed", range(5))
def test_a_zero_among_full_years_is_told(table: str, seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    texts = tables() | {"children": CHILDREN, "housing": HOMES, "yields": YIELDS}
    head, *rows = texts[table].splitlines()
    line = luck.randrange(len(rows))
    rows[line] = rows[line].rpartition(",")[0] + ",0"
    texts[table] = "\n".join([head, *rows]) + "\n"
    found = zeros(write(tmp_path, **texts))
    assert set(found) == {table}
    year, region = rows[line].split(",")[:2]
    assert f"{table}.csv:{line + 2}:1:" in found[table]
    assert f"{year}: 0" in found[table] and region.title() in found[table].replace("南部", "South")


def test_a_year_without_new_homes_is_an_ordinary_one(tmp_path: Path) -> None:
    homes = HOMES.replace("2018,north,200", "2018,north,0")
    assert not zeros(write(tmp_path, **tables() | {"housing": homes, "yields": YIELDS}))


def test_zeros_are_named_in_one_line(tmp_path: Path) -> None:
    text = tables()["enrolment"]
    for year, grade in ((2019, 2), (2019, 3), (2020, 5)):
        text = text.replace(f"{year},north,{grade},{100 + grade}", f"{year},north,{grade},0")
    words = zeros(write(tmp_path, enrolment=text))["enrolment"]
    assert "2019: 0 pupils in grade 2 of North follow 101 of grade 1 a year before" in words
    assert "North 2–3 (2019); North 5 (2020)" in words


def test_grades_that_a_region_never_had_are_not_told(tmp_path: Path) -> None:
    rows = tables()["enrolment"].splitlines()
    none = [f"{row.rpartition(',')[0]},0" if ",north,6," in row else row for row in rows]
    assert not zeros(write(tmp_path, enrolment="\n".join(none) + "\n"))


def test_small_counts_come_and_go_without_a_word(tmp_path: Path) -> None:
    luck = np.random.default_rng(1)
    head, *rows = tables()["enrolment"].splitlines()
    small = [f"{row.rpartition(',')[0]},{luck.poisson(3)}" for row in rows]
    assert not zeros(write(tmp_path, enrolment="\n".join([head, *small]) + "\n"))


def test_a_district_of_many_schools_is_looked_through_in_no_time() -> None:
    index = pd.MultiIndex.from_product(
        [range(2012, 2022), [f"s{n:04}" for n in range(1900)], range(1, 15)],
        names=["year", "region", "grade"],
    )
    frame = index.to_frame(index=False)
    frame["group"], frame["file"], frame["line"] = "", "enrolment.csv", range(2, len(frame) + 2)
    frame["pupils"] = np.random.default_rng(2).poisson(25, len(frame)).astype(float)
    frame["withheld_pupils"] = False
    frame.loc[frame.index % 51 == 0, "pupils"] = 0.0
    problems, begun = Problems(), time.perf_counter()
    check_jumps({"enrolment": frame}, 2021, Titles({}, {}), problems)
    assert time.perf_counter() - begun < 5.0
    assert [problem.code for problem in problems] == ["count-zero"]
