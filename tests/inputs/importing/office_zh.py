"""An invented Chinese district's workbooks, as its office keeps them.

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
    "清河街道": "北部",
    "西三旗街道": "北部",
    "东升镇": "中部",
    "学院路街道": "中部",
    "羊坊店街道": "南部",
}
SCHOOLS = {
    "清河第一小学": "清河街道",
    "清河第二小学": "清河街道",
    "西三旗小学": "西三旗街道",
    "东升实验学校": "东升镇",
    "学院路小学": "学院路街道",
    "羊坊店小学": "羊坊店街道",
}
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
        for column, head in enumerate(("序号", "学校名称", "所属街道")):
            sheet.merge_range(2, column, 3, column, head, bold)
        for n, grade in enumerate((*GRADES, "合计")):
            sheet.merge_range(2, 3 + 2 * n, 2, 4 + 2 * n, grade, bold)
            sheet.write_row(3, 3 + 2 * n, ["班数", "人数"])
        row = _primary(sheet, year, schools)
        sheet.write(row, 0, "注：人数为学籍人数。")
        title = f"某区{year}-{year + 1}学年初中在校生统计表"
        sheet.merge_range(row + 3, 0, row + 3, 6, title, bold)
        _middle(sheet, year, row + 4)


def _primary(sheet: Any, year: int, schools: Mapping[str, str]) -> int:
    """Schools by street, with 小计 where a street has several, and 合计; returns the next row."""
    row, whole = 4, [0] * 6
    for street in dict.fromkeys(schools.values()):
        inside = [school for school, where in schools.items() if where == street]
        if len(inside) > 1:
            sheet.merge_range(row, 2, row + len(inside) - 1, 2, street)
        own = [0] * 6
        for school in inside:
            heads = [pupils(school, year, grade) for grade in range(1, 7)]
            sheet.write_row(row, 0, [row - 3, school, *([street] if len(inside) == 1 else [])])
            classes = [-(-head // 40) for head in heads]
            pairs = zip((*classes, sum(classes)), (*heads, sum(heads)), strict=True)
            sheet.write_row(row, 3, [cell for pair in pairs for cell in pair])
            own = [before + head for before, head in zip(own, heads, strict=True)]
            row += 1
        if len(inside) > 1:
            row = _sums(sheet, row, 1, "小计", own)
        whole = [before + head for before, head in zip(whole, own, strict=True)]
    return _sums(sheet, row, 0, "合计", whole)


def _sums(sheet: Any, row: int, column: int, word: str, heads: Sequence[int]) -> int:
    """A row of totals, of heads alone; returns the next row."""
    sheet.write(row, column, word)
    for n, head in enumerate((*heads, sum(heads))):
        sheet.write(row, 4 + 2 * n, head)
    return row + 1


def _middle(sheet: Any, year: int, row: int) -> None:
    """Middle schools, one column a grade, with 合计 and who signed below."""
    sheet.write_row(row, 0, ["序号", "学校名称", "所属街道", *MIDDLE, "合计"])
    whole = [0] * 3
    for number, (school, street) in enumerate(MIDDLE_SCHOOLS.items(), 1):
        heads = [pupils(school, year, grade) for grade in range(7, 10)]
        sheet.write_row(row + number, 0, [number, school, street, *heads, sum(heads)])
        whole = [before + head for before, head in zip(whole, heads, strict=True)]
    row += 1 + len(MIDDLE_SCHOOLS)
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
        ("清河第一小学", "清河街道", "小学", 24, 960),
        ("清河第二小学", "清河街道", "小学", 18, 720),
        ("西三旗小学", "西三旗街道", "小学", 18, 720),
        ("学院路小学", "学院路街道", "小学", 24, 960),
        ("羊坊店小学", "羊坊店街道", "小学", 18, 720),
        ("清河中学", "清河街道", "初中", 12, 480),
        ("羊坊店中学", "羊坊店街道", "初中", 12, 480),
        ("东升实验学校", "东升镇", "九年一贯制", 27, 1080),
    ]
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
