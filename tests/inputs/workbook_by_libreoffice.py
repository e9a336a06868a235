"""Make ``office.xlsx``, a district's tables as offices keep them, truly saved by LibreOffice.

``python -m tests.inputs.workbook_by_libreoffice`` writes it beside this file: XlsxWriter draws
the tables with all their quirks, and LibreOffice opens, calculates and saves them.
"""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
import tempfile
from itertools import groupby
from pathlib import Path

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from tests.inputs.folder import tables

OFFICE = Path(__file__).with_name("office.xlsx")
_WIDE = str.maketrans("0123456789,", "０１２３４５６７８９，")
Rows = list[list[str]]


def plain() -> dict[str, str]:
    """Give the same tables as CSV texts, with pupils and births above a thousand."""
    texts = tables()
    for name, times in (("enrolment", 13), ("births", 11)):
        header, *rows = rows_of(texts[name])
        counted = [[*row[:-1], str(times * int(row[-1]))] for row in rows]
        texts[name] = "\n".join(",".join(row) for row in [header, *counted]) + "\n"
    return texts


def rows_of(text: str) -> Rows:
    """Split a CSV text."""
    return list(csv.reader(io.StringIO(text)))


def as_typed(number: int, turn: int) -> str | int:
    """Write a number as people do, one way after another."""
    ways = (number, f"{number:,}", f"{number:,}".translate(_WIDE), f"{number}人")
    return ways[turn % len(ways)]


def draw(path: Path) -> None:
    """Draw the workbook as an office would keep it."""
    with xlsxwriter.Workbook(path) as book:
        thousands = book.add_format({"num_format": "#,##0"})
        texts = {name: rows_of(text)[1:] for name, text in plain().items()}
        for title, name, make in (
            ("在校生数", "enrolment", _enrolment),
            ("出生人数", "births", _births),
            ("学位数", "places", _places),
            ("建设项目", "pipeline", _pipeline),
        ):
            sheet = book.add_worksheet(title)
            sheet.set_column("A:H", 12, thousands)
            make(sheet, texts[name])
        book.add_worksheet("说明").write("A1", "本表由教育、卫生、规划三部门报送。")


def _enrolment(sheet: Worksheet, rows: Rows) -> None:
    """Two rows of header under a merged title; full-width digits, dashes, a total a year, notes."""
    sheet.merge_range("A1:F1", "示例区各级学校在校生统计表")
    sheet.write("F2", "单位：人")
    for column, name in ((0, "学 年"), (1, "区　域"), (2, "年级"), (5, "备注")):
        sheet.merge_range(2, column, 3, column, name)
    sheet.merge_range("D3:E3", "人数")
    sheet.write_row("D4", ["在校生数", "申请入学人数"])
    at = 4
    for year, of_year in groupby(rows, key=lambda row: row[0]):
        counts: list[int] = []
        for _, region, grade, pupils in of_year:
            counts.append(int(pupils))
            typed = as_typed(counts[-1], at)
            named = f"{year}学年" if at % 2 else int(year)
            sheet.write_row(at, 0, [named, region, grade.translate(_WIDE), typed, "—"])
            at += 1
        sheet.write(at, 0, int(year))
        sheet.merge_range(at, 1, at, 2, "合　计")
        sheet.write(at, 3, sum(counts))
        at += 1
    sheet.merge_range(at, 0, at, 5, "注：数据来源为示例区教委年度统计，不含民办学校。")


def _births(sheet: Worksheet, rows: Rows) -> None:
    """A total that LibreOffice calculates."""
    sheet.merge_range("A1:C1", "示例区出生人口")
    sheet.write_row("A2", ["出生年份", "区域", "出生人数（人）"])
    for at, (year, region, births) in enumerate(rows, 2):
        sheet.write_row(at, 0, [int(year), region, int(births)])
    sheet.write(len(rows) + 2, 0, "合计")
    sheet.write_formula(len(rows) + 2, 2, f"=SUM(C3:C{len(rows) + 2})", value="")


def _places(sheet: Worksheet, rows: Rows) -> None:
    """A row of units under the header."""
    sheet.write_row("A1", ["区域", "学段", "学位数", "备注"])
    sheet.write_row("A2", ["", "", "个", ""])
    for at, (region, level, places) in enumerate(rows, 2):
        sheet.write_row(at, 0, [region, level, as_typed(int(places), at), "－"])


def _pipeline(sheet: Worksheet, rows: Rows) -> None:
    """Places of each level below one merged name, levels by their titles."""
    sheet.merge_range("A1:G1", "示例区学校建设项目")
    for column, name in ((0, "项目"), (1, "区域"), (2, "状态"), (3, "启用年份"), (6, "建设类型")):
        sheet.merge_range(1, column, 2, column, name)
    sheet.merge_range("E2:F2", "学位数")
    sheet.write_row("E3", ["小学", "初中"])
    for at, (project, region, status, opens, primary, middle, kind) in enumerate(rows, 3):
        places = [int(number) or "——" for number in (primary, middle)]
        sheet.write_row(at, 0, [project, region, status, opens.translate(_WIDE), *places, kind])


def saved_by_libreoffice(source: Path, folder: Path, suffix: str = "xlsx") -> Path:
    """Open a workbook in LibreOffice and save it in a folder; give the file."""
    with tempfile.TemporaryDirectory() as profile:
        command = ["soffice", f"-env:UserInstallation={Path(profile).as_uri()}", "--headless"]
        subprocess.run(
            [*command, "--convert-to", suffix, "--outdir", folder, source],
            check=True,
            capture_output=True,
            timeout=120,
        )
    return folder / f"{source.stem}.{suffix}"


def main() -> None:
    """Make the workbook anew."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "office.xlsx"
        draw(source)
        (Path(folder) / "saved").mkdir()
        shutil.copyfile(saved_by_libreoffice(source, Path(folder) / "saved"), OFFICE)


if __name__ == "__main__":
    main()
