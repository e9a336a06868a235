"""Any file of tables to its grids: by what it holds, with the place of every cell."""

from __future__ import annotations

import csv
import datetime
import io
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.tables import NonTextCell, read_grids

TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=6)
LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def fine(path: Path) -> list[list[list[object]]]:
    problems = Problems()
    grids = read_grids(path, problems)
    assert [problem.text() for problem in problems] == []
    return [[list(row) for row in grid.rows] for grid in grids]


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
@pytest.mark.parametrize("quoting", [csv.QUOTE_MINIMAL, csv.QUOTE_ALL])
@pytest.mark.parametrize("name", ["t.csv", "t.tsv", "t.txt"])
def test_cells_between_any_mark(tmp_path: Path, mark: str, quoting: int, name: str) -> None:
    rows = [["year", "region", "grade", "pupils"], ["2024", "a;b,c", "1", "12,5"]]
    rows += [["2024", 'x|"y"', str(grade), "1,5"] for grade in range(2, 5)]
    text = io.StringIO()
    csv.writer(text, delimiter=mark, quoting=quoting).writerows(rows)  # type: ignore[arg-type]
    (tmp_path / name).write_text(text.getvalue(), encoding="utf-8", newline="")
    assert fine(tmp_path / name) == [rows]


@pytest.mark.parametrize("line", ["sep=;", '"sep=;"'])
def test_a_first_line_may_say_the_mark(tmp_path: Path, line: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(f"{line}\na;b,c\n1;2,3\n", encoding="utf-8")
    (grid,) = read_grids(path, Problems())
    assert grid.rows == [["a", "b,c"], ["1", "2,3"]]
    assert str(grid.place(1, 1)) == f"{path}:3:3"


@LAW
@given(
    st.lists(st.lists(TEXTS, min_size=2, max_size=4), min_size=1, max_size=6),
    st.sampled_from(",;\t|"),
)
def test_rows_are_as_long_as_the_longest_and_places_are_true(
    tmp_path: Path, rows: list[list[str]], mark: str
) -> None:
    head = ["h1", "h2", "h3", "h4"]
    text = io.StringIO()
    csv.writer(text, delimiter=mark, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(
        [head] * 9 + rows
    )
    path = tmp_path / "t.csv"
    path.write_text(text.getvalue(), encoding="utf-8", newline="")
    problems = Problems()
    (grid,) = read_grids(path, problems)
    assert not problems.errors
    lines = text.getvalue().split("\n")
    for index, row in enumerate(rows, 9):
        assert grid.rows[index] == row + [""] * (4 - len(row))
        assert grid.length(index) == len(row)
        for column, cell in enumerate(row):
            at = grid.place(index, column)
            assert at.line and at.column
            first = '"{}"'.format(cell.replace('"', '""')).split("\n")[0]
            assert lines[at.line - 1][at.column - 1 :].startswith(first)


@pytest.mark.parametrize("name", ["b.xlsx", "b.xls", "b.csv", "b.et"])
def test_a_workbook_is_told_by_its_content(tmp_path: Path, name: str) -> None:
    path = tmp_path / "made.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("在校生")
        sheet.merge_range("A1:B1", "title")
        for row, form in enumerate(("yyyy-mm", 'yyyy"年"m"月"', "[$-804]yyyy年m月d日;@"), 1):
            style = book.add_format({"num_format": form})
            sheet.write_datetime(row, 0, datetime.datetime(2024, 9, 1), style)
        sheet.write(3, 1, 5)
        book.add_worksheet("empty")
        book.add_worksheet("aside").write(1, 1, "x")
        book.worksheets()[2].hide()
    path.rename(tmp_path / name)
    problems = Problems()
    first, aside = read_grids(tmp_path / name, problems)
    assert not list(problems)
    assert [row[0] for row in first.rows[1:]] == [NonTextCell("date", "2024-09-01")] * 3
    assert first.rows[3][1] == 5.0 and first.merged == [((0, 0), (0, 1))]
    assert str(first.place(3, 1)) == f"{tmp_path / name}[在校生!B4]"
    assert (first.sheet, first.hidden, aside.sheet, aside.hidden) == (
        "在校生",
        False,
        "aside",
        True,
    )


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook-type"),
        (b"PK\x03\x04 and no more", "workbook-damaged"),
        (b"\n\n,,\n", "table-blank"),
        (b"a,b\n\x00,\n", "text-nul"),
        ("年，区域\n2024，北部\n".encode(), "csv-delimiter"),
        (b"a,b\n" + b",1" * 20_001 + b"\n", "table-columns"),
        (b"\n" * 30_000 + b"," * 5_000 + b"\n", "table-blank"),
        (b"\n" * 30_000 + b"," * 5_000 + b"1\n", "table-size"),
    ],
)
def test_what_is_no_grid_is_refused(tmp_path: Path, data: bytes, code: str) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    problems = Problems()
    assert read_grids(tmp_path / "t.csv", problems) == []
    assert [problem.code for problem in problems.errors] == [code]
