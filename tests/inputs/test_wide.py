"""Tables with a column for each grade or year are read; what has two meanings is refused."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from capacity.base import Problems
from capacity.inputs.tables import Tables, read_tables

REGIONS, LEVELS = ("north", "south"), (("primary", (1, 6)), ("middle", (7, 9)))
Rows = Sequence[Sequence[object]]
_CHINESE = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")


def read(folder: Path) -> tuple[Tables, Problems]:
    problems = Problems()
    return read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems), problems


def book(folder: Path, rows: Rows, name: str = "enrolment", *merged: str) -> None:
    with xlsxwriter.Workbook(folder / "book.xlsx") as made:
        sheet = made.add_worksheet(name)
        for number, cells in enumerate(rows):
            sheet.write_row(number, 0, cells)
        for area in merged:
            sheet.merge_range(area, "")
            row, column = int(area.split(":")[0][1:]) - 1, ord(area[0]) - 65
            sheet.write(row, column, rows[row][column])


def text(folder: Path, rows: Rows, name: str = "enrolment", mark: str = ",") -> None:
    lines = (mark.join(map(str, row)) for row in rows)
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def told(folder: Path) -> list[tuple[str, str]]:
    _, problems = read(folder)
    lead = f"{folder}{os.sep}"
    return [(str(problem.at).replace(lead, ""), problem.code) for problem in problems.errors]


def counts(folder: Path, table: str = "enrolment") -> dict[tuple[object, ...], float]:
    """Give what was read, by the key of each row."""
    result, problems = read(folder)
    assert [problem.text() for problem in problems.errors] == []
    frame = result.frames[table]
    count = {"enrolment": "pupils", "births": "births"}.get(table, table)
    key = [name for name in ("year", "region", "grade", "age", "level") if name in frame]
    return {tuple(row[name] for name in key): row[count] for _, row in frame.iterrows()}


BY_GRADE = {(2021, "north", grade): 10.0 * grade for grade in range(1, 7)}


@pytest.mark.parametrize("write", [text, book])
@pytest.mark.parametrize(
    "rows",
    [
        [("学年", "区域", *_CHINESE), (2021, "north", *range(10, 70, 10))],
        [("year", "region", *range(1, 7)), (2021, "north", *range(10, 70, 10))],
        [("区域", "学年", *_CHINESE, "合计"), ("north", 2021, *range(10, 70, 10), 210)],
        [
            ("学年", "区域", "在校生数", *_CHINESE),
            ("2021学年", "north", 210, *range(10, 70, 10)),
        ],
        [
            ("学年", "区域", "在校生数", "", "", "", "", ""),
            ("", "", *_CHINESE),
            (2021, "north", *range(10, 70, 10)),
            ("合计", "", *range(10, 70, 10)),
        ],
        [
            ("2021学年统计表", "", "", "", "", "", "", ""),
            ("单位：人",),
            ("学年", "区域", *_CHINESE),
            (2021, "north", *range(10, 60, 10), "60"),
            ("注：初步数",),
        ],
    ],
)
def test_a_column_for_each_grade(tmp_path: Path, rows: Rows, write: object) -> None:
    write(tmp_path, rows)  # type: ignore[operator]
    assert counts(tmp_path) == BY_GRADE


@pytest.mark.parametrize("write", [text, book])
def test_a_column_for_each_year(tmp_path: Path, write: object) -> None:
    rows = [("区域", "2018年", "2019年", "2020年"), ("north", 5, 6, 7), ("south", 1, "", 3)]
    write(tmp_path, rows, "births")  # type: ignore[operator]
    result, problems = read(tmp_path)
    assert not problems.errors
    assert [change.kind for change in result.changes] == ["wide", "gap"]
    assert counts(tmp_path, "births") == {
        (2018, "north"): 5,
        (2019, "north"): 6,
        (2020, "north"): 7,
        (2018, "south"): 1,
        (2020, "south"): 3,
    }


def test_ages_across(tmp_path: Path) -> None:
    text(tmp_path, [("year", "region", "3岁", "4岁"), (2021, "north", 5, 6)], "children")
    assert counts(tmp_path, "children") == {(2021, "north", 3): 5, (2021, "north", 4): 6}


TWO = {(2020, "north", 1): 5, (2021, "north", 1): 6, (2020, "north", 2): 7, (2021, "north", 2): 8}


@pytest.mark.parametrize("write", [text, book])
@pytest.mark.parametrize(
    "rows",
    [
        [("区域", "一年级", "", "二年级", ""), ("", 2020, 2021, 2020, 2021), ("north", 5, 6, 7, 8)],
        [
            ("", 2020, "", 2021, ""),
            ("区域", "一年级", "二年级", "一年级", "二年级"),
            ("north", 5, 7, 6, 8),
        ],
        [
            ("区域", "一年级", "", "", "二年级", "", "", "合计"),
            ("", "2020年", "2021年", "合计", "2020年", "2021年", "合计", ""),
            ("north", 5, 6, 11, 7, 8, 15, 26),
        ],
        [
            ("区域", "学年", "一年级", "", "", "二年级", "", ""),
            ("", "", "合计", "男", "女", "合计", "男", "女"),
            ("north", 2020, 5, 2, 3, 7, 3, 4),
            ("north", 2021, 6, 2, 4, 8, 4, 4),
        ],
        [
            ("区域", "学年", "一年级", "", "二年级", ""),
            ("", "", "班数", "人数", "班数", "人数"),
            ("north", 2020, 1, 5, 1, 7),
            ("north", 2021, 1, 6, 1, 8),
        ],
        [
            ("区域", "学年", "小学", "", "小计"),
            ("", "", "一年级", "二年级", ""),
            ("north", 2020, 5, 7, 12),
            ("north", 2021, 6, 8, 14),
        ],
    ],
)
def test_two_rows_of_names(tmp_path: Path, rows: Rows, write: object) -> None:
    write(tmp_path, rows)  # type: ignore[operator]
    assert counts(tmp_path) == TWO


def test_a_two_row_header_with_the_total_of_boys_and_girls(tmp_path: Path) -> None:
    head = [("学年", "区域", "年级", "在校生数", "", ""), ("", "", "", "合计", "男", "女")]
    text(tmp_path, [*head, (2021, "north", 1, 9, 4, 5)])
    assert counts(tmp_path) == {(2021, "north", 1): 9}
    _, problems = read(tmp_path)
    (warning,) = problems.warnings
    assert warning.code == "columns-left-out" and "男" in warning.text()
    text(tmp_path, [*head, (2021, "north", 1, 9, 4, 6)])
    assert told(tmp_path) == [("enrolment.csv:3:14", "total-across")]


@pytest.mark.parametrize(
    ("rows", "place", "code"),
    [
        ([("year", "region", 1, 2, 2), (2021, "north", 5, 6, 7)], "1:17", "wide-twice"),
        ([("region", 1, 2, 2021), ("north", 5, 6, 7)], "1:8", "wide-mixed"),
        ([("year", "region", 1, 2, "合计"), (2021, "north", 5, 6, 12)], "2:16", "total-across"),
        ([("year", "region", 1, 2, "其他"), (2021, "north", 5, 6, 7)], "1:17", "column-unknown"),
        ([("year", "region", 1, 2, 11), (2021, "north", 5, 6, 7)], "1:17", "grade-outside"),
        (
            [
                ("year", "region", "一年级", "", "二年级", ""),
                ("", "", "男", "女", "男", "女"),
                (2021, "north", 1, 2, 3, 4),
            ],
            "2:3",
            "wide-part",
        ),
        ([("year", "region", 1, 2), (2021, "north", 5, "many")], "2:14", "number-invalid"),
        ([("year", "region", 1, 2), (2021, "nort", 5, 6)], "2:6", "unknown-region"),
        (
            [("year", "region", 1, 2), (2021, "north", 5, 6), ("合计", "", 5, 7)],
            "3:7",
            "total-differs",
        ),
    ],
)
def test_what_is_unclear_or_wrong_is_told_with_its_cell(
    tmp_path: Path, rows: Rows, place: str, code: str
) -> None:
    text(tmp_path, rows)
    assert (f"enrolment.csv:{place}", code) in told(tmp_path)


def test_merged_names_in_a_workbook(tmp_path: Path) -> None:
    rows = [
        ("学年", "区域", "在校生数", "", "", "", "", ""),
        ("", "", *_CHINESE),
        (2021, "north", *range(10, 70, 10)),
    ]
    book(tmp_path, rows, "enrolment", "A1:A2", "B1:B2", "C1:H1")
    assert counts(tmp_path) == BY_GRADE


@pytest.mark.parametrize("write", [text, book])
def test_a_column_for_each_region_or_level(tmp_path: Path, write: object) -> None:
    rows = [["year", "grade", "north", "south", "全区合计"]]
    rows += [[2021, grade, 10 * grade, grade, 11 * grade] for grade in range(1, 7)]  # type: ignore[list-item]
    write(tmp_path, rows)  # type: ignore[operator]
    said = counts(tmp_path)
    assert said[2021, "north", 3] == 30 and said[2021, "south", 6] == 6 and len(said) == 12


def test_places_by_level_down_and_region_across_or_the_other_way(tmp_path: Path) -> None:
    wanted = {("north", "primary"): 9, ("south", "primary"): 8, ("north", "middle"): 7}
    for rows in (  # type: ignore[var-annotated]
        [["学段", "north", "south"], ["primary", 9, 8], ["middle", 7, ""]],
        [["区域", "primary", "middle"], ["north", 9, 7], ["south", 8, ""]],
    ):
        text(tmp_path, rows, "places")
        result, problems = read(tmp_path)
        assert not problems.errors
        found = result.frames["places"].set_index(["region", "level"])["places"]
        assert found.to_dict() == wanted


def test_the_whole_across_is_held_against_the_regions(tmp_path: Path) -> None:
    text(tmp_path, [["年份", "north", "south", "全区"], [2020, 1, 2, 4]], "births")
    assert told(tmp_path) == [("births.csv:2:10", "total-across")]
