"""Tables with a column for each grade or year: one message, with the form that is wanted."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter

from capacity.base import Problem
from capacity.inputs.scenarios import check
from tests.inputs.folder import write

_CHINESE = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")


def only(path: Path) -> Problem:
    (problem,) = check(path).errors
    return problem


def csv(*names: str) -> str:
    return f"{','.join(names)}\n2021,north,{','.join('5' for _ in names[2:])}\n"


@pytest.mark.parametrize(
    ("table", "text", "across"),
    [
        ("enrolment", csv("学年", "区域", *_CHINESE, "合计"), "年级"),
        ("enrolment", csv("year", "region", *"123456"), "年级"),
        ("enrolment", csv("year", "region", "1年级", "2年级", "3年级"), "年级"),
        ("enrolment", csv("学年", "区域", "初一", "初二", "初三"), "年级"),
        ("enrolment", "区域,年级,2019,2020,2021\nnorth,1,5,5,5\n", "学年"),
        ("births", "区域,2018年,2019年,2020年\nnorth,5,5,5\n", "出生年份"),
    ],
)
def test_a_wide_table_is_refused_with_the_form_wanted(
    tmp_path: Path, table: str, text: str, across: str
) -> None:
    problem = only(write(tmp_path, **{table: text}))
    assert problem.code == "table-wide" and problem.at.line == 1
    assert f"各{across}各占一列" in problem.text("zh")


def test_the_message_shows_two_rows(tmp_path: Path) -> None:
    problem = only(write(tmp_path, enrolment=csv("year", "region", *"123456")))
    assert problem.text().endswith(
        "enrolment.csv:1:13: table-wide: a column for each grade (1 … 6); expected one row for "
        "each year, region and grade; write the header year,region,grade,pupils and rows such as "
        "2025,north,1,120 and 2025,north,2,118"
    )
    assert problem.text("zh").endswith(
        "各年级各占一列（1 … 6）；应为：每个学年、区域、年级一行；"
        "请改为：表头 学年,区域,年级,在校生数，数据行如 2025,north,1,120 和 2025,north,2,118"
    )


def book(folder: Path, head: Sequence[Sequence[object]], *merged: str) -> None:
    with xlsxwriter.Workbook(folder / "tables.xlsx") as made:
        sheet = made.add_worksheet("在校生")
        for number, cells in enumerate(head):
            sheet.write_row(number, 0, cells)
        for line in range(4):
            sheet.write_row(len(head) + line, 0, [2018 + line, "north", *range(90, 97)])
        for area in merged:
            sheet.merge_range(area, "在校生数" if area == "C1:H1" else "north")


@pytest.mark.parametrize(
    ("head", "merged", "cell"),
    [
        ([("学年", "区域", *_CHINESE, "合计")], ["B2:B5"], "C1"),
        ([("学年", "区域", 1, 2, 3, 4, 5, 6, "合计")], ["A2:A3"], "C1"),
        ([("2021年在校生",), (), ("学年", "区域", *_CHINESE)], [], "C3"),
        ([("学年", "区域", "在校生数"), ("", "", *_CHINESE)], ["C1:H1", "B3:B6"], "C2"),
    ],
)
def test_a_wide_sheet_has_one_problem(
    tmp_path: Path, head: list[tuple[object, ...]], merged: list[str], cell: str
) -> None:
    path = write(tmp_path, enrolment=None)
    book(path.parent / "demo", head, *merged)
    problem = only(path)
    assert (problem.code, problem.at.cell) == ("table-wide", f"在校生!{cell}")


def test_a_few_strange_columns_do_not_make_a_table_wide(tmp_path: Path) -> None:
    path = write(tmp_path, enrolment=csv("year", "region", "一年级", "二年级"))
    assert {problem.code for problem in check(path).errors} == {"column-unknown", "column-missing"}
