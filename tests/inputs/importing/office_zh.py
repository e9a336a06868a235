"""An invented Chinese district's workbooks, as its office keeps them: everything that real ones have.

Title and unit rows, merged cells, a sheet a year, years under one another, school rows by street,
小计 and 合计, 班 and 轨, notes, signatures, a stray second table, dates by WPS, an .xls that is an
.xlsx. The figures are made by a rule, so that tests can say what must come out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import xlsxwriter

STREETS = {
    "清河街道": "北部", "西三旗街道": "北部", "东升镇": "中部", "学院路街道": "中部", "羊坊店街道": "南部",
}  # fmt: skip
SCHOOLS = {
    "清河第一小学": "清河街道", "清河第二小学": "清河街道", "西三旗小学": "西三旗街道", "东升实验学校": "东升镇",
    "学院路小学": "学院路街道", "羊坊店小学": "羊坊店街道",
}  # fmt: skip
GRADES = ("一年级", "二年级", "三年级", "四年级", "五年级", "六年级")
MIDDLE = ("初一", "初二", "初三")
MIDDLE_SCHOOLS = {"清河中学": "清河街道", "东升实验学校": "东升镇", "羊坊店中学": "羊坊店街道"}
YEARS = (2022, 2023, 2024, 2025)


def pupils(school: str, year: int, grade: int) -> int:
    """Heads of a school's grade, by a rule."""
    names = sorted({*SCHOOLS, *MIDDLE_SCHOOLS})
    return (
        100
        + 7 * (names.index(school) if school in names else len(names))
        + 2 * (year - 2022)
        - grade
    )


def births(street: str, year: int) -> int:
    """Births of a street, by a rule."""
    return 260 + 9 * list(STREETS).index(street) - 5 * (year - 2012)


def write(
    folder: Path, years: Sequence[int] = YEARS, schools: Mapping[str, str] = SCHOOLS
) -> list[Path]:
    """Write the office's files, and return their paths.

    Parameters
    ----------
    folder
    years
        Those of the sheets of pupils.
    schools
        Primary schools with the street of each.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / name for name in ("在校生统计.xlsx", "出生人口.xlsx", "学校与项目.xls")]
    rolls = partial(_rolls, years=years, schools=schools)
    for path, fill in zip(paths, (rolls, _births, _schools), strict=True):
        with xlsxwriter.Workbook(str(path.with_suffix(".xlsx"))) as book:
            fill(book)
        if path.suffix != ".xlsx":
            path.with_suffix(".xlsx").rename(path)
    return paths


def _rolls(book: Any, years: Sequence[int], schools: Mapping[str, str]) -> None:
    """A sheet a year: primary schools with classes and heads, and middle schools below them."""
    bold = book.add_format({"bold": True, "align": "center"})
    for year in years:
        sheet = book.add_worksheet(f"{year}学年")
        sheet.merge_range(0, 0, 0, 15, f"某区{year}-{year + 1}学年小学在校生统计表", bold)
        sheet.write(1, 0, "填报单位：区教委")
        sheet.write(1, 14, "单位：人")
        sheet.merge_range(2, 0, 3, 0, "序号", bold)
        sheet.merge_range(2, 1, 3, 1, "学校名称", bold)
        sheet.merge_range(2, 2, 3, 2, "所属街道", bold)
        for n, grade in enumerate((*GRADES, "合计")):
            sheet.merge_range(2, 3 + 2 * n, 2, 4 + 2 * n, grade, bold)
            sheet.write(3, 3 + 2 * n, "班数")
            sheet.write(3, 4 + 2 * n, "人数")
        row, before = 4, 4
        streets = list(dict.fromkeys(schools.values()))
        sums: list[list[int]] = []
        for street in streets:
            inside = [school for school, where in schools.items() if where == street]
            for number, school in enumerate(inside):
                heads = [pupils(school, year, grade) for grade in range(1, 7)]
                sheet.write_row(row, 0, [row - 3, school])
                if len(inside) == 1:
                    sheet.write(row, 2, street)
                elif number == 0:
                    sheet.merge_range(row, 2, row + len(inside) - 1, 2, street)
                for n, head in enumerate(heads):
                    sheet.write_row(row, 3 + 2 * n, [-(-head // 40), head])
                sheet.write_row(row, 15, [sum(-(-h // 40) for h in heads), sum(heads)])
                sums.append(heads)
                row += 1
            if len(inside) > 1:
                own = [sum(col) for col in zip(*sums[-len(inside) :], strict=True)]
                sheet.write(row, 1, "小计")
                for n, head in enumerate(own):
                    sheet.write(row, 4 + 2 * n, head)
                sheet.write(row, 16, sum(own))
                row += 1
            before = row
        whole = [sum(col) for col in zip(*sums, strict=True)]
        sheet.write(before, 0, "合计")
        for n, head in enumerate(whole):
            sheet.write(before, 4 + 2 * n, head)
        sheet.write(before, 16, sum(whole))
        sheet.write(before + 1, 0, "注：人数为学籍人数。")
        row = before + 4
        sheet.merge_range(row, 0, row, 6, f"某区{year}-{year + 1}学年初中在校生统计表", bold)
        sheet.write_row(row + 1, 0, ["序号", "学校名称", "所属街道", *MIDDLE, "合计"])
        row += 2
        sums = []
        for number, (school, street) in enumerate(MIDDLE_SCHOOLS.items(), 1):
            heads = [pupils(school, year, grade) for grade in range(7, 10)]
            sheet.write_row(row, 0, [number, school, street, *heads, sum(heads)])
            sums.append(heads)
            row += 1
        whole = [sum(col) for col in zip(*sums, strict=True)]
        sheet.write_row(row, 1, ["合计", "", *whole, sum(whole)])
        sheet.write_row(row + 2, 0, ["填表人：张三", "", "审核人：李四"])


def _births(book: Any) -> None:
    """Births wide by year, streets in rows, and a stray table beside them."""
    sheet = book.add_worksheet("出生")
    sheet.write(0, 0, "分街道出生人口")
    sheet.write_row(1, 0, ["街道", *(f"{year}年" for year in range(2012, 2026))])
    for row, street in enumerate(STREETS, 2):
        sheet.write_row(row, 0, [street, *(births(street, year) for year in range(2012, 2026))])
    row = 2 + len(STREETS)
    sheet.write_row(
        row, 0, ["合计", *(sum(births(s, year) for s in STREETS) for year in range(2012, 2026))]
    )
    sheet.write(row + 1, 0, "数据来源：区卫健委")
    notes = book.add_worksheet("说明")
    notes.write(0, 0, "本表由各街道上报。")


def _schools(book: Any) -> None:
    """Schools with their classes and places, and the projects, with words and dates of offices."""
    sheet = book.add_worksheet("学校一览")
    sheet.write(0, 0, "中小学校基本情况一览表")
    sheet.write_row(
        1, 0, ["序号", "学校名称", "所属街道", "办学类型", "班数", "学位数", "联系电话"]
    )
    rows = [
        ("清河第一小学", "清河街道", "小学", 24, 960), ("清河第二小学", "清河街道", "小学", 18, 720),
        ("西三旗小学", "西三旗街道", "小学", 18, 720), ("学院路小学", "学院路街道", "小学", 24, 960),
        ("羊坊店小学", "羊坊店街道", "小学", 18, 720), ("清河中学", "清河街道", "初中", 12, 480),
        ("羊坊店中学", "羊坊店街道", "初中", 12, 480), ("东升实验学校", "东升镇", "九年一贯制", 27, 1080),
    ]  # fmt: skip
    for row, cells in enumerate(rows, 2):
        sheet.write_row(row, 0, [row - 1, *cells, "010-6200"])
    sheet.write_row(2 + len(rows), 0, ["", "合计", "", "", 153, 6120])
    sheet = book.add_worksheet("建设项目")
    sheet.merge_range(0, 0, 0, 5, "“十五五”教育设施建设项目表")
    heads = ["序号", "项目名称", "所属街道", "建设规模", "目前进展", "预计投用时间", "责任单位"]
    sheet.write_row(1, 0, heads)
    date = book.add_format({"num_format": "yyyy/m/d"})
    projects: list[tuple[Any, ...]] = [
        ("清河新建小学", "清河街道", "24班", "主体施工", datetime(2027, 9, 1), "区教委"),
        ("东升九年一贯制学校", "东升镇", "小学24班/初中12班", "前期手续", "2028年9月", "区教委"),
        ("羊坊店中学扩建", "羊坊店街道", "6班", "在建", "2026年9月", "区教委"),
        ("西三旗新校", "西三旗街道", "4轨九年一贯制", "拟建", "2029年", "镇政府"),
    ]
    for row, (name, street, size, state, opens, who) in enumerate(projects, 2):
        sheet.write_row(row, 0, [row - 1, name, street, size, state])
        if isinstance(opens, datetime):
            sheet.write_datetime(row, 5, opens, date)
        else:
            sheet.write(row, 5, opens)
        sheet.write(row, 6, who)
