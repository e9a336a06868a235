"""Units above a table and in its header, and decimal commas: applied, or asked about."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.tables import Tables, read_tables

REGIONS, LEVELS = ("north", "south"), (("primary", (1, 6)),)
ROWS = [("2024", "north", "1", "1.2"), ("2024", "south", "1", "0.35")]


def read(folder: Path) -> tuple[Tables, list[tuple[str, str]]]:
    problems = Problems()
    tables = read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems)
    lead = f"{folder}{os.sep}"
    return tables, [(str(problem.at).replace(lead, ""), problem.code) for problem in problems]


def text(folder: Path, *lines: Sequence[str], name: str = "enrolment", mark: str = ",") -> None:
    (folder / f"{name}.csv").write_text("\n".join(map(mark.join, lines)) + "\n", encoding="utf-8")


def pupils(tables: Tables) -> list[float]:
    return tables.frames["enrolment"]["pupils"].tolist()


ABOVE = (
    "单位：千人",
    "（单位：千人）",
    "2024年统计表（千人）",
    "Unit: thousands",
    "(in thousands)",
)
ABOVE += ("Pupils in '000s", "Pupils (thousands of pupils)", "计量单位:千人", "千人")


@pytest.mark.parametrize("unit", ABOVE)
def test_a_unit_above_the_table_is_applied(tmp_path: Path, unit: str) -> None:
    text(tmp_path, (unit, "", "", ""), ("year", "region", "grade", "pupils"), *ROWS)
    tables, told = read(tmp_path)
    assert not told and pupils(tables) == [1200.0, 350.0]
    assert [(change.kind, change.before, change.after) for change in tables.changes] == [
        ("unit", "1.2", "1200"),
        ("unit", "0.35", "350"),
    ]


def test_a_unit_in_a_note_under_the_table(tmp_path: Path) -> None:
    head = ("year", "region", "grade", "pupils")
    text(tmp_path, head, *ROWS, ("注：单位：千人", "", "", ""))
    tables, told = read(tmp_path)
    assert not told and pupils(tables) == [1200.0, 350.0]
    rows = [(*row[:3], "120") for row in ROWS]
    text(tmp_path, head, *rows, ("Source: office (in thousands)", "", "", ""))
    tables, told = read(tmp_path)
    assert told == [("enrolment.csv:4:1", "unit-unknown")] and pupils(tables) == [120.0, 120.0]


NAMES = (
    "pupils (thousands)",
    "pupils in thousands",
    "在校生数（千人）",
    "在校生数/千人",
    "Pupils_'000",
)


@pytest.mark.parametrize("name", NAMES)
def test_a_unit_in_the_header_is_applied(tmp_path: Path, name: str) -> None:
    text(tmp_path, ("year", "region", "grade", name), *ROWS)
    tables, told = read(tmp_path)
    assert not told and pupils(tables) == [1200.0, 350.0]


def test_a_unit_in_a_row_under_the_header_of_a_workbook(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as book:
        sheet = book.add_worksheet("enrolment")
        for row, cells in enumerate([("年份", "区域", "年级", "在校生数"), ("年", "", "", "万人")]):
            sheet.write_row(row, 0, cells)
        sheet.write_row(2, 0, (2024, "north", 1, 0.07))
    tables, told = read(tmp_path)
    assert not told and pupils(tables) == [700.0]


def test_a_unit_is_applied_to_a_table_across_with_its_totals(tmp_path: Path) -> None:
    text(tmp_path, ("单位：千人", "", "", ""), ("区域", "学年", "1", "2", "合计"),
         ("north", "2024", "1.2", "0.3", "1.5"), ("合计", "", "1.2", "0.3", "1.5"))  # fmt: skip
    tables, told = read(tmp_path)
    assert not told and pupils(tables) == [1200.0, 300.0]


@pytest.mark.parametrize("unit", ["单位：人", "单位：人、班", "单位：个", "Unit: pupils"])
def test_a_unit_of_one_changes_nothing(tmp_path: Path, unit: str) -> None:
    rows = [(*row[:3], "120") for row in ROWS]
    text(tmp_path, (unit, "", "", ""), ("year", "region", "grade", "pupils"), *rows)
    tables, told = read(tmp_path)
    assert not told and not tables.changes and pupils(tables) == [120.0, 120.0]


def test_who_fills_in_a_table_is_no_unit(tmp_path: Path) -> None:
    rows = [(*row[:3], "120") for row in ROWS]
    title = ("填报单位：示例区教委", "", "", "")
    text(tmp_path, title, ("year", "region", "grade", "pupils"), *rows)
    assert not read(tmp_path)[1]


HEAD = ("region", "level", "places", "sd")


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_a_decimal_comma_is_read_where_any_number_tells(tmp_path: Path, mark: str) -> None:
    rows = [("north", "primary", "1.234", "0,05"), ("south", "primary", "1.234,5", "")]
    text(tmp_path, HEAD, *rows, name="places", mark=mark)
    tables, told = read(tmp_path)
    assert not told
    assert tables.frames["places"]["places"].tolist() == [1234.0, 1234.5]
    assert tables.frames["places"]["sd"].tolist()[0] == 0.05
    assert [change.kind for change in tables.changes] == ["decimal"] * 3


def test_a_comma_with_two_meanings_is_asked_about_but_heads_have_no_decimals(
    tmp_path: Path,
) -> None:
    text(tmp_path, ("grade", "region", "ratio"), ("2", "all", "1,012"), name="ratios", mark=";")
    assert read(tmp_path)[1] == [("ratios.csv:2:7", "number-comma")]
    (tmp_path / "ratios.csv").unlink()
    text(tmp_path, ("year", "region", "grade", "pupils"), ("2024", "north", "1", "1,012"), mark=";")
    tables, told = read(tmp_path)
    assert not told and pupils(tables) == [1012.0]
    assert [change.kind for change in tables.changes] == ["thousands"]


@given(st.lists(st.decimals(0, 10**6, places=2), min_size=1, max_size=8))
def test_numbers_with_a_decimal_comma_read_as_with_a_point(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[object]
) -> None:
    folder = tmp_path_factory.mktemp("decimal")
    lines = [("north", "primary", str(n).replace(".", ","), f"s{i}") for i, n in enumerate(numbers)]
    text(folder, ("region", "level", "places", "school"), *lines, name="places", mark=";")
    tables, told = read(folder)
    assert not [code for _, code in told if code != "zero-among-others"]
    assert tables.frames["places"]["places"].tolist() == [float(str(n)) for n in numbers]
