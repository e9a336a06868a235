"""Rows with one key: advice that never loses data, in the words of the file."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.base import Problem, Problems
from capacity.inputs.tables import read_tables


def told(folder: Path, table: str, text: str) -> list[Problem]:
    (folder / f"{table}.csv").write_text(text, encoding="utf-8")
    problems = Problems()
    read_tables(
        folder, regions=("north",), levels=[("kg", (0, 0)), ("primary", (1, 6))], problems=problems
    )
    return [problem for problem in problems if problem.code == "key-twice"]


def test_parts_of_a_count_are_to_be_added_up_and_none_is_dropped_first(tmp_path: Path) -> None:
    rows = "".join(f"2018,north,{births}\n" for births in range(10, 22))
    problems = told(tmp_path, "births", f"year,region,births\n{rows}")
    assert len(problems) == 11
    for text in {problem.text() for problem in problems}:
        ways = [text.index(way) for way in ("which column tells", "2018,north,186", "drop one")]
        assert ways == sorted(ways)
        assert "in group" in text and "delete" not in text


def test_a_column_that_is_not_read_and_differs_is_named(tmp_path: Path) -> None:
    text = "年度,区域,年级,人数,学校,序号\n2023,north,大班,80,东园,1\n2023,north,大班,40,西园,2\n"
    (problem,) = told(tmp_path, "enrolment", text)
    assert "学校, which is not read, tells them apart ('东园', '西园')" in problem.text()
    assert "序号" not in problem.text() and "2023,north,大班,120" in problem.text()
    assert "“学校”列不同" in problem.text("zh")


def test_two_spellings_that_are_read_as_one_are_named_first(tmp_path: Path) -> None:
    text = "year,region,births\n2018,north,5\n2018年,north,7\n"
    (problem,) = told(tmp_path, "births", text)
    assert "where year is written '2018', and here '2018年'" in problem.text()
    ways = [problem.text().index(way) for way in ("correct the one that is wrong", "2018,north,12")]
    assert ways == sorted(ways)
    assert "写作 '2018年'" in problem.text("zh")


def test_a_serial_number_tells_rows_apart_where_nothing_else_does(tmp_path: Path) -> None:
    text = "no,year,region,births\n1,2018,north,5\n2,2018,north,5\n"
    (problem,) = told(tmp_path, "births", text)
    assert "no, which is not read" in problem.text()


def test_a_copy_is_called_one(tmp_path: Path) -> None:
    (problem,) = told(tmp_path, "births", "year,region,births\n2018,north,5\n2018,north,5\n")
    assert "alike in every cell: drop one if it is a copy" in problem.text()
    assert "drop one only" not in problem.text()


@pytest.mark.parametrize(
    ("table", "text", "named"),
    [
        ("places", "region,level,places\nnorth,primary,5\nnorth,primary,6\n", "school, kind"),
        ("children", "year,region,age,children\n2020,north,3,5\n2020,north,3,6\n", ""),
        ("housing", "year,region,homes\n2020,north,5\n2020,north,6\n", ""),
    ],
)
def test_columns_that_could_tell_rows_apart_are_those_of_the_table(
    tmp_path: Path, table: str, text: str, named: str
) -> None:
    (problem,) = told(tmp_path, table, text)
    assert ("name the part of each in" in problem.text()) == bool(named)
    assert named in problem.text() and "11" in problem.text()


def test_what_cannot_be_added_up_is_not(tmp_path: Path) -> None:
    text = "grade,region,ratio\n2,all,.9\n2,all,.8\n"
    (problem,) = told(tmp_path, "ratios", text)
    assert "write their sum" not in problem.text()
