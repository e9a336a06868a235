"""Write the tutorial's office workbooks, docs/office.xlsx and docs/office.zh.xlsx.

Run by ``python docs/make_office.py``. The district is invented; its figures follow from a rule.
Each workbook is laid out as offices do: a sheet a year under a title, schools in rows, grades
across, totals at both ends, a note below, dates as dates.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

HERE = Path(__file__).parent
YEARS = (2022, 2023, 2024, 2025)


class Words(NamedTuple):
    """How one office names things."""

    file: str
    wards: Sequence[str]
    schools: Sequence[tuple[str, int, int]]
    sheets: Sequence[str]
    title: str
    head: Sequence[str]
    grades: Sequence[str]
    total: str
    note: str
    births: Sequence[str]
    places: Sequence[str]
    phase: str
    projects: Sequence[str]
    project: Sequence[Any]


ENGLISH = Words(
    file="office.xlsx",
    wards=("Mill", "Castle", "Quay"),
    schools=(("Mill Lane", 0, 60), ("St Anne", 0, 30), ("Castle Hill", 1, 60), ("Quayside", 2, 90)),
    sheets=("{0}-{2}", "Births", "Schools", "Projects"),
    title="Number on roll {0}/{2}, primary schools",
    head=("School", "Ward"),
    grades=("Reception", *(f"Year {grade}" for grade in range(1, 7))),
    total="Total",
    note="Source: autumn school census",
    births=("Ward", *(f"{year}/{(year + 1) % 100:02d}" for year in range(2013, 2025))),
    places=("School", "Ward", "Phase", "PAN", "Net capacity"),
    phase="Primary",
    projects=("Scheme", "Ward", "Size", "Status", "Opening date"),
    project=("Quay North Primary", "Quay", "1FE", "under construction", datetime(2027, 9, 1)),
)
CHINESE = Words(
    file="office.zh.xlsx",
    wards=("清河街道", "学院路街道", "东升镇"),
    schools=(("清河小学", 0, 80), ("清河二小", 0, 40), ("学院路小学", 1, 80), ("东升小学", 2, 120)),
    sheets=("{0}学年", "出生人口", "学校一览", "建设项目"),
    title="{0}-{1}学年小学在校生统计表",
    head=("学校名称", "所属街道"),
    grades=("一年级", "二年级", "三年级", "四年级", "五年级", "六年级"),
    total="合计",
    note="注：数据来自学籍系统",
    births=("街道", *(f"{year}年" for year in range(2013, 2025))),
    places=("学校名称", "所属街道", "办学类型", "班数", "学位数"),
    phase="小学",
    projects=("项目名称", "所属街道", "建设规模", "目前进展", "预计投用时间"),
    project=("东升新建小学", "东升镇", "12班", "主体施工", datetime(2027, 9, 1)),
)


def main() -> None:
    """Write both workbooks."""
    for words in (ENGLISH, CHINESE):
        with xlsxwriter.Workbook(str(HERE / words.file)) as book:
            book.set_properties({"created": datetime(2026, 1, 1)})
            for year in YEARS:
                _roll(book, words, year)
            _births(book, words)
            _schools(book, words)
            _projects(book, words)


def heads(school: int, room: int, year: int, grade: int) -> int:
    """Pupils of a school's grade: near its room, and more of them in the east every year."""
    east = school == len(ENGLISH.schools) - 1
    share = 0.98 + 0.012 * (year - 2022) if east else 0.93
    return round(room * (share - 0.004 * grade))


def _dated(text: str, year: int) -> str:
    return text.format(year, year + 1, f"{(year + 1) % 100:02d}")


def _roll(book: Any, words: Words, year: int) -> None:
    sheet = book.add_worksheet(_dated(words.sheets[0], year))
    last = len(words.grades) + 2
    sheet.merge_range(0, 0, 0, last, _dated(words.title, year))
    sheet.write_row(1, 0, [*words.head, *words.grades, words.total])
    sums = [0] * len(words.grades)
    for row, (school, ward, room) in enumerate(words.schools, 2):
        own = [heads(row - 2, room, year, grade) for grade in range(len(words.grades))]
        sheet.write_row(row, 0, [school, words.wards[ward], *own, sum(own)])
        sums = [before + head for before, head in zip(sums, own, strict=True)]
    row = 2 + len(words.schools)
    sheet.write_row(row, 0, [words.total, "", *sums, sum(sums)])
    sheet.write(row + 1, 0, words.note)


def _births(book: Any, words: Words) -> None:
    sheet = book.add_worksheet(words.sheets[1])
    sheet.write_row(0, 0, words.births)
    for row, ward in enumerate(words.wards, 1):
        room = sum(own for _, where, own in words.schools if where == row - 1)
        growth = 0.02 if row == len(words.wards) else -0.01
        figures = [round(room * (1.2 + growth * n)) for n in range(len(words.births) - 1)]
        sheet.write_row(row, 0, [ward, *figures])


def _schools(book: Any, words: Words) -> None:
    sheet = book.add_worksheet(words.sheets[2])
    sheet.write_row(0, 0, words.places)
    grades = len(words.grades)
    for row, (school, ward, room) in enumerate(words.schools, 1):
        first = room if grades == 7 else room * grades // 40
        sheet.write_row(row, 0, [school, words.wards[ward], words.phase, first, room * grades])


def _projects(book: Any, words: Words) -> None:
    sheet = book.add_worksheet(words.sheets[3])
    sheet.write_row(0, 0, words.projects)
    sheet.write_row(1, 0, words.project[:-1])
    date = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_datetime(1, len(words.project) - 1, words.project[-1], date)


if __name__ == "__main__":
    main()
