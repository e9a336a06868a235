"""A cell to a year or a month: 2025, 2025学年, 2025-2026, 2026年9月.

A school year is named by its autumn, so 2025-2026 is 2025, and a school that opens in September
2026 is in use from the autumn of 2026. Nothing else that could be a date is taken for a year.
"""

from __future__ import annotations

import re
import unicodedata

from capacity.base.errors import Message, register
from capacity.inputs.tables.values import Cell, Odd, Value, bad, normal_code, show

#: First and last school year that may stand in a file.
YEARS = (1900, 2200)
#: Months in which a school opens for the autumn of the same year.
AUTUMN = (8, 9)
_YEAR = re.compile(r"(\d{4})\s*(学年)?", re.ASCII)
_SPAN = re.compile(r"(\d{4})\s*(?:[-–—~/至]|——)\s*(\d{4}|\d{2})\s*(?:学年)?", re.ASCII)
_MONTH = re.compile(r"(\d{4})年\s*(\d{1,2})月", re.ASCII)

register(
    {
        "year-invalid": {
            "en": Message("column {column} is not a year", "four digits such as 2025"),
            "zh": Message("“{column}”列不是年份", "四位数年份，如 2025"),
        },
        "year-range": {
            "en": Message("the year in column {column} is out of range", "{low} to {high}"),
            "zh": Message("“{column}”列的年份超出范围", "{low} 至 {high}"),
        },
        "year-span": {
            "en": Message(
                "the school year in column {column} does not end in the year after its first",
                "one school year such as {first}-{next}",
            ),
            "zh": Message("“{column}”列不是首尾相连的两年", "一个学年，如 {first}-{next}"),
        },
        "year-month": {
            "en": Message(
                "the month in column {column} does not tell the first autumn in use",
                "August or September, or the year alone",
                "write the autumn in which the first pupils enter, such as 2026",
            ),
            "zh": Message(
                "由“{column}”列的月份不能确定投入使用的第一个秋季",
                "8 月、9 月，或只写年份",
                "请写首批学生入学的秋季，如 2026",
            ),
        },
        "month-invalid": {
            "en": Message("column {column} is not a year and month", "YYYY-MM such as 2025-06"),
            "zh": Message("“{column}”列不是年月", "YYYY-MM，如 2025-06"),
        },
    }
)


def read_year(
    cell: Cell, first: int = YEARS[0], *, spans: bool = True, autumn: bool = False
) -> Value:
    """Read a school year by its autumn, from ``first`` on.

    Parameters
    ----------
    cell : Cell
        Four digits, or ``2028学年``.
    first : int
        The first allowed year.
    spans : bool
        Whether the years of the column are school years, so that ``2028-2029`` is 2028.
    autumn : bool
        Whether it is the first autumn of something, so that ``2028年9月`` is 2028.

    Examples
    --------
    >>> read_year("2025-2026学年").value, read_year("2026年9月", autumn=True).value
    (2025, 2026)
    """
    if isinstance(cell, Odd):
        return bad(f"cell-{cell.kind}")
    if isinstance(cell, str):
        value = _said_year(cell, spans, autumn)
    else:
        value = Value(int(cell)) if float(cell).is_integer() else bad("year-invalid")
    if value.fault is not None:
        return value
    assert isinstance(value.value, int)
    if not first <= value.value <= YEARS[1]:
        return bad("year-range", low=first, high=YEARS[1])
    return value


def _said_year(cell: str, spans: bool, autumn: bool) -> Value:
    """Read a year that is text, whatever its range."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if match := _YEAR.fullmatch(text):
        changed = "width" if text != cell.strip() else "trimmed" if text != cell else ""
        return Value(int(match[1]), "year" if match[2] else changed)
    if spans and (match := _SPAN.fullmatch(text)):
        return _of_span(int(match[1]), match[2])
    if autumn and (match := _MONTH.fullmatch(text)):
        return Value(int(match[1]), "autumn") if int(match[2]) in AUTUMN else bad("year-month")
    return bad("year-invalid")


def _of_span(year: int, end: str) -> Value:
    """Give the first year of a school year; its second must be the next one."""
    following = str(year + 1)
    if following.endswith(end):
        return Value(year, "year")
    # two digits that do not follow are as likely a month
    return bad("year-span", first=year, next=following) if len(end) == 4 else bad("year-invalid")


def read_month(cell: Cell) -> Value:
    """Read a year and month, YYYY-MM; a workbook's date cell gives its month."""
    if isinstance(cell, Odd) and cell.kind == "date":
        return Value(cell.text[:7], "month")
    text = normal_code(show(cell))
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if match is None or not YEARS[0] <= int(match[1]) <= YEARS[1]:
        return bad("month-invalid")
    return Value(text, "trimmed" if text != cell else "")
