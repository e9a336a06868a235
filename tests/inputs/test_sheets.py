"""Workbooks as offices keep them: what is read from them, and what is refused before parsing."""

from __future__ import annotations

import datetime
import io
import os
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from capacity.base import Problems
from capacity.inputs.tables import Tables, read_tables

REGIONS = ("north", "south", "海淀 A+")
LEVELS = (("primary", (1, 6)), ("middle", (7, 9)))
HEADER = ("学年", "区域", "年级", "在校生数")
ROWS = ((2024, "north", 1, 120), (2024, "south", 1, 80), (2025, "north", 1, 100))

Draw = Callable[[xlsxwriter.Workbook, xlsxwriter.workbook.Worksheet], None]


def book(path: Path, draw: Draw, name: str = "enrolment") -> None:
    """Write a workbook of one sheet."""
    with xlsxwriter.Workbook(path) as workbook:
        draw(workbook, workbook.add_worksheet(name))


def rows(*lines: Sequence[object]) -> Draw:
    def draw(_: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        for number, line in enumerate(lines):
            sheet.write_row(number, 0, line)

    return draw


def read(folder: Path) -> tuple[Tables, Problems]:
    problems = Problems()
    return read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems), problems


def told(folder: Path) -> list[tuple[str, str]]:
    """Give place and code of every error, files without their folder."""
    _, problems = read(folder)
    lead = f"{folder}{os.sep}"
    return [(str(problem.at).replace(lead, ""), problem.code) for problem in problems.errors]


def fine(folder: Path) -> Tables:
    result, problems = read(folder)
    assert [problem.text() for problem in problems] == []
    return result


def pupils(result: Tables) -> list[float]:
    return list(result.frames["enrolment"]["pupils"])


@pytest.mark.parametrize("name", ["enrolment", "在校生", "在校生数", "Enrolment "])
def test_a_sheet_is_named_as_its_table_or_in_chinese(tmp_path: Path, name: str) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS), name)
    result = fine(tmp_path)
    frame = result.frames["enrolment"]
    assert pupils(result) == [120.0, 80.0, 100.0]
    assert frame["year"].tolist() == [2024, 2024, 2025]
    assert frame["line"].tolist() == [2, 3, 4]
    assert frame["file"].unique().tolist() == [f"{tmp_path / 'b.xlsx'}[{name}]"]
    (file,) = result.files
    assert (file.name, file.encoding, file.rows) == ("b.xlsx", "xlsx", 3)


def test_a_government_sheet_is_read(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        sheet.merge_range("A1:E1", "海淀区在校生统计表")
        for column, name in enumerate(("学 年", "区域", "年级")):
            sheet.merge_range(2, column, 3, column, name)
        sheet.merge_range("D3:E3", "人数")
        sheet.write_row("D4", ["在校生数", "申请入学人数"])
        sheet.write_row("A5", ["2024学年", "north", "１", "1,200", "—"])
        sheet.write_row("A6", [2024, "south", 2, "0.08万", 7])
        sheet.merge_range("A7:C7", "　合　计　")
        sheet.write_row("D7", [2000, 7])

    book(tmp_path / "b.xlsx", draw)
    result = fine(tmp_path)
    frame = result.frames["enrolment"]
    assert pupils(result) == [1200.0, 800.0]
    assert frame["grade"].tolist() == [1, 2]
    assert frame["sought"].fillna(-1).tolist() == [-1, 7]
    assert frame["line"].tolist() == [5, 6]
    got = {(change.at.cell, change.kind) for change in result.changes}
    assert got == {
        ("enrolment!A5", "year"),
        ("enrolment!C5", "width"),
        ("enrolment!D5", "thousands"),
        ("enrolment!E5", "dash"),
        ("enrolment!D6", "unit"),
        ("enrolment!A7", "total_row"),
    }


@pytest.mark.parametrize(
    "units",
    [("年", "", "", "人"), ("年", "—", "年级", "人"), ("", "", "", "人"), ("年", None, None, "")],
)
def test_a_row_of_units_under_the_header_is_no_data(
    tmp_path: Path, units: tuple[str | None, ...]
) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, units, *ROWS))
    result = fine(tmp_path)
    assert pupils(result) == [120.0, 80.0, 100.0]
    assert result.frames["enrolment"]["line"].tolist() == [3, 4, 5]


def test_a_row_under_the_header_that_is_no_unit_is_refused(tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, ("月", "", "", "人"), *ROWS))
    assert "b.xlsx[enrolment!A2]" in dict(told(tmp_path))


def test_a_header_of_two_rows_names_places_by_level(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        for column, name in enumerate(("项目", "区域", "状态", "启用年份")):
            sheet.merge_range(0, column, 1, column, name)
        sheet.merge_range("E1:F1", "学位数")
        sheet.write_row("E2", ["primary", "middle"])
        sheet.write_row("A3", ["p1", "north", "open", 2025, 400, 200])

    book(tmp_path / "b.xlsx", draw, "建设项目")
    frame = fine(tmp_path).frames["pipeline"]
    assert frame[["places_primary", "places_middle"]].to_numpy().tolist() == [[400.0, 200.0]]


def test_groups_of_columns_above_and_a_second_language_below(tmp_path: Path) -> None:
    above = rows(("基本信息", "", "", "人数"), HEADER, *ROWS)
    below = rows(HEADER, ("year", "region", "grade", "pupils"), *ROWS)
    for draw in (above, below):
        book(tmp_path / "b.xlsx", draw)
        assert pupils(fine(tmp_path)) == [120.0, 80.0, 100.0]


@pytest.mark.parametrize("word", ["合计", "总计", " 小 计 ", "Total", "TOTAL:"])
def test_a_right_total_is_dropped_and_logged(tmp_path: Path, word: str) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS, (word, "", "", 300)))
    result = fine(tmp_path)
    assert pupils(result) == [120.0, 80.0, 100.0]
    assert [(change.kind, change.at.cell) for change in result.changes] == [
        ("total_row", "enrolment!A5")
    ]


def test_a_total_of_part_of_the_rows_is_checked_against_them(tmp_path: Path) -> None:
    lines = [
        *ROWS[:2],
        (2024, "合计", "", 200),
        ROWS[2],
        ("小计", "", "", 100),
        ("合计", "", "", 300),
    ]
    book(tmp_path / "b.xlsx", rows(HEADER, *lines))
    assert pupils(fine(tmp_path)) == [120.0, 80.0, 100.0]
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS, (2025, "合计", "", 200)))
    assert told(tmp_path) == [("b.xlsx[enrolment!D5]", "total-differs")]


def test_a_wrong_total_is_refused_with_its_cell(tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS, ("合计", "", "", 301)))
    _, problems = read(tmp_path)
    (problem,) = problems.errors
    assert problem.text().endswith(
        "b.xlsx[enrolment!D5]: total-differs: the total of column 在校生数 (pupils) is not the "
        "sum of its rows; found 301; expected 300; correct the rows or the total"
    )


def test_notes_under_the_table_are_dropped_and_counted(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        total = ("合计", "", "", 300)
        rows(HEADER, *ROWS, total, ("注：", "初步数"), (), ("", "2. 不含民办"))(workbook, sheet)
        sheet.merge_range("A9:D9", "数据来源：统计年鉴")

    book(tmp_path / "b.xlsx", draw)
    result = fine(tmp_path)
    assert pupils(result) == [120.0, 80.0, 100.0]
    assert [(change.kind, change.at.cell, change.before) for change in result.changes] == [
        ("note_row", "enrolment!A6", "注： 初步数"),
        ("note_row", "enrolment!B8", "2. 不含民办"),
        ("note_row", "enrolment!A9", "数据来源：统计年鉴"),
        ("total_row", "enrolment!A5", "合计 300"),
    ]


@pytest.mark.parametrize("row", [("注：初步数",), ("2024学年",), ("", "", "", "120人")])
def test_a_note_among_the_data_or_a_lone_number_is_an_error(
    tmp_path: Path, row: Sequence[object]
) -> None:
    place = 2 if "注" in str(row[0]) else 3
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS[:place], row, *ROWS[place:]))
    if place == 3:
        book(tmp_path / "b.xlsx", rows(HEADER, *ROWS, row))
    assert told(tmp_path)


@pytest.mark.parametrize("name", ["births.xls", "births.xlsm", "出生人数.ods"])
def test_a_table_in_another_kind_of_workbook_is_refused(tmp_path: Path, name: str) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS))
    for other in (name, "notes.xls"):
        (tmp_path / other).write_bytes(b"")
    assert told(tmp_path) == [(f"{name}:1:1", "workbook-type")]
    _, problems = read(tmp_path)
    assert "save it as .xlsx, or its tables as CSV" in problems.errors[0].text()


def test_a_workbook_named_as_a_table_needs_a_sheet_that_is_one(tmp_path: Path) -> None:
    (tmp_path / "enrolment.csv").write_text("year,region,grade,pupils\n2024,north,1,5\n")
    book(tmp_path / "births.xlsx", rows(("year", "region", "births")), "Sheet1")
    assert told(tmp_path) == [("births.xlsx:1:1", "workbook-tables")]


@pytest.mark.parametrize(
    ("row", "cell", "code"),
    [
        ((2024, 110101, 1, 5), "B2", "code-number"),
        ((2024, "north", 1, True), "D2", "cell-boolean"),
        ((46266, "north", 1, 5), "A2", "year-range"),
        ((2024, "north", 1, "#REF!"), "D2", "cell-error"),
        ((2024, "north", 1, -5), "D2", "number-negative"),
        ((2024, "north", 1, ""), "D2", "cell-empty"),
        ((2024, "north", 10, 5), "C2", "grade-outside"),
    ],
)
def test_cells_that_are_wrong(tmp_path: Path, row: Sequence[object], cell: str, code: str) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, row))
    assert (f"b.xlsx[enrolment!{cell}]", code) in told(tmp_path)


def test_a_date_gives_the_school_year_it_lies_in_or_a_month(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        form = workbook.add_format({"num_format": "yyyy-mm"})
        sheet.write_row(0, 0, [*HEADER, "known"])
        sheet.write_row(1, 0, ROWS[0])
        sheet.write_datetime(1, 4, datetime.datetime(2024, 5, 1), form)
        sheet.write_row(2, 0, ROWS[1])
        sheet.write_datetime(2, 0, datetime.datetime(2024, 9, 1), form)

    book(tmp_path / "b.xlsx", draw)
    result, problems = read(tmp_path)
    assert not problems.errors
    assert result.frames["enrolment"]["year"].tolist() == [2024, 2024]
    assert result.frames["enrolment"]["known"].tolist() == ["2024-05", ""]


def test_merged_data_cells_are_refused(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        rows(HEADER, *ROWS)(workbook, sheet)
        sheet.merge_range("B2:B3", "north")

    book(tmp_path / "b.xlsx", draw)
    assert ("b.xlsx[enrolment!B2]", "cell-merged") in told(tmp_path)


def test_formulas_and_errors(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        rows(HEADER, *ROWS)(workbook, sheet)
        sheet.write_formula("D2", "=60*2", value=120)
        sheet.write_formula("D3", "=40*2", value="")
        sheet.write_formula("D4", "=1/0", value="#DIV/0!")

    book(tmp_path / "b.xlsx", draw)
    errors = told(tmp_path)
    assert ("b.xlsx[enrolment!D3]", "cell-formula") in errors
    assert ("b.xlsx[enrolment!D4]", "cell-error") in errors
    assert not any("D2" in place for place, _ in errors)


def test_formulas_that_were_left_to_be_calculated_are_told(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        rows(HEADER, *ROWS)(workbook, sheet)
        sheet.write_formula("D2", "=60*2", value=120)

    book(tmp_path / "b.xlsx", draw)
    _, problems = read(tmp_path)
    assert [problem.code for problem in problems.warnings] == ["formulas-stale"]


def test_hidden_rows_and_sheets_are_told(tmp_path: Path) -> None:
    def draw(workbook: xlsxwriter.Workbook, sheet: xlsxwriter.workbook.Worksheet) -> None:
        rows(HEADER, *ROWS)(workbook, sheet)
        sheet.set_row(2, None, None, {"hidden": True})
        workbook.add_worksheet("front").activate()
        workbook.worksheets()[1].set_first_sheet()
        sheet.hide()

    book(tmp_path / "b.xlsx", draw)
    result, problems = read(tmp_path)
    assert pupils(result) == [120.0, 80.0, 100.0]
    assert {problem.code for problem in problems} == {"rows-hidden", "sheet-hidden"}


def test_a_table_in_both_forms_and_a_second_workbook_are_refused(tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS))
    (tmp_path / "enrolment.csv").write_text("year,region,grade,pupils\n2024,north,1,5\n")
    assert told(tmp_path) == [("b.xlsx[enrolment!A1]", "table-twice")]
    (tmp_path / "enrolment.csv").rename(tmp_path / "enrolment.txt")
    book(tmp_path / "c.xlsx", rows(HEADER, *ROWS))
    (tmp_path / "~$b.xlsx").write_bytes(b"lock")
    assert told(tmp_path) == [("c.xlsx:1:1", "workbook-second")]


def test_a_table_in_each_form_makes_one_district(tmp_path: Path) -> None:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS))
    (tmp_path / "births.csv").write_text("year,region,births\n2024,north,5\n")
    result = fine(tmp_path)
    assert result.present == {"enrolment", "births"}
    assert [file.name for file in result.files] == ["births.csv", "b.xlsx"]


def test_sheets_that_are_no_tables(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as workbook:
        for name in ("说明", "birth"):
            workbook.add_worksheet(name).write(0, 0, "x")
    assert told(tmp_path) == [
        ("b.xlsx[birth!A1]", "table-name"),
        ("b.xlsx:1:1", "workbook-tables"),
    ]


def test_an_empty_sheet_and_one_of_a_header_only(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "b.xlsx") as workbook:
        workbook.add_worksheet("births")
        workbook.add_worksheet("enrolment").write_row(0, 0, HEADER)
    assert told(tmp_path) == [
        ("b.xlsx[births!A1]", "table-blank"),
        ("b.xlsx[enrolment!A1]", "table-empty"),
    ]


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("b.xlsx", b"year,region\n", "workbook-type"),
        ("b.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "workbook-type"),
        ("b.xlsx", b"PK\x03\x04 and no more", "workbook-damaged"),
        ("b.xls", b"\xd0\xcf\x11\xe0", "workbook-type"),
        ("b.xlsm", b"PK\x03\x04", "workbook-type"),
    ],
)
def test_what_is_no_workbook_is_told_by_its_content(
    tmp_path: Path, name: str, data: bytes, code: str
) -> None:
    (tmp_path / name).write_bytes(data)
    assert told(tmp_path) == [(f"{name}:1:1", code)]


def changed(path: Path, part: str, change: Callable[[bytes], bytes]) -> None:
    """Rewrite one part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts.get(part, b""))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    book(tmp_path / "b.xlsx", rows(HEADER, *ROWS))
    return tmp_path / "b.xlsx"


@pytest.mark.parametrize(
    "cell",
    [
        b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        b'<row r="9"><c s="0" r="XFD9"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
        b"<row r='1048576'><c r='xfd1048576' t='n'><v>1</v></c></row>",
    ],
)
def test_a_cell_far_away_is_refused_before_parsing(sound: Path, cell: bytes) -> None:
    changed(sound, SHEET, lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"))
    assert told(sound.parent) == [("b.xlsx[enrolment!XFD1048576]", "sheet-size")]


def test_an_empty_cell_far_away_does_no_harm(sound: Path) -> None:
    cell = b'<row r="1048576"><c r="XFD1048576" s="0"/></row>'
    changed(sound, SHEET, lambda xml: xml.replace(b"</sheetData>", cell + b"</sheetData>"))
    assert pupils(fine(sound.parent)) == [120.0, 80.0, 100.0]


def test_a_zip_bomb_is_refused_unread(sound: Path) -> None:
    changed(sound, "xl/media/bomb.bin", lambda _: bytes(2**24))
    assert told(sound.parent) == [("b.xlsx:1:1", "workbook-bomb")]


def test_a_part_that_lies_about_its_size_is_refused(sound: Path) -> None:
    data = bytearray(sound.read_bytes())
    with zipfile.ZipFile(sound) as archive:
        size = archive.getinfo(SHEET).file_size
    entry = re.search(re.escape(b"PK\x01\x02") + rb".{42}" + SHEET.encode(), data, re.DOTALL)
    assert entry is not None
    at = entry.start() + 24
    assert int.from_bytes(data[at : at + 4], "little") == size
    data[at : at + 4] = (size - 40).to_bytes(4, "little")
    sound.write_bytes(data)
    assert told(sound.parent) == [("b.xlsx:1:1", "workbook-damaged")]


def test_too_many_parts_are_refused(sound: Path) -> None:
    with zipfile.ZipFile(sound, "a") as archive:
        for number in range(10_001):
            archive.writestr(f"xl/media/{number}", b"")
    assert told(sound.parent) == [("b.xlsx:1:1", "workbook-bomb")]


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"])
def test_entities_are_refused(sound: Path, part: str) -> None:
    entity = b'<!DOCTYPE x [<!ENTITY a "aaaa">]>'
    changed(sound, part, lambda xml: xml.replace(b"?>", b"?>" + entity, 1))
    assert told(sound.parent) == [("b.xlsx:1:1", "workbook-doctype")]


PUPILS = st.floats(0, 1e8, allow_nan=False) | st.integers(0, 10**8)
CELLS = st.dictionaries(
    st.tuples(st.integers(1900, 2200), st.sampled_from(REGIONS), st.integers(1, 9)),
    PUPILS,
    min_size=1,
    max_size=20,
)
LAW = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


@LAW
@given(CELLS)
def test_a_workbook_and_a_csv_file_read_to_the_same_numbers(
    tmp_path: Path, cells: dict[tuple[int, str, int], float]
) -> None:
    lines = [(*key, value) for key, value in cells.items()]
    for name in ("x", "c"):
        (tmp_path / name).mkdir(exist_ok=True)
    book(tmp_path / "x" / "b.xlsx", rows(HEADER, *lines))
    text = "\n".join(",".join(map(str, line)) for line in [HEADER, *lines])
    (tmp_path / "c" / "enrolment.csv").write_text(text, encoding="utf-8")
    one, other = (read(tmp_path / name)[0].frames["enrolment"] for name in ("x", "c"))
    assert len(one) == len(lines)
    for name in ("year", "region", "grade", "line"):
        assert one[name].tolist() == other[name].tolist()
    # a workbook keeps 16 or 17 digits, as its writer chose
    assert one["pupils"].tolist() == pytest.approx(other["pupils"].tolist(), rel=1e-15)


@LAW
@given(st.data())
def test_a_spoilt_workbook_gives_problems_and_never_a_traceback(
    tmp_path: Path, data: st.DataObject
) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer) as workbook:
        workbook.set_properties({"created": datetime.datetime(2024, 1, 1)})
        sheet = workbook.add_worksheet("enrolment")
        for number, line in enumerate([HEADER, *ROWS]):
            sheet.write_row(number, 0, line)
    path = tmp_path / "b.xlsx"
    path.write_bytes(buffer.getvalue())
    if data.draw(st.booleans()):
        part = data.draw(st.sampled_from([SHEET, "xl/workbook.xml", "xl/sharedStrings.xml"]))
        where, noise = data.draw(st.integers(0, 1200)), data.draw(st.binary(max_size=4))
        changed(path, part, lambda xml: xml[:where] + noise + xml[where + 1 :])
    else:
        spoilt = bytearray(path.read_bytes())
        where = data.draw(st.integers(4, len(spoilt) - 1))
        spoilt[where] = data.draw(st.integers(0, 255))
        path.write_bytes(spoilt)
    _, problems = read(tmp_path)
    for problem in problems:
        assert problem.text("en")
        assert problem.text("zh")
