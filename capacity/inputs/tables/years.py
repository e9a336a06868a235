"""A cell to a year or a month: 2025, 2025学年, 2025-2026, 2026年9月.

A school year is named by its autumn, so 2025-2026 is 2025, and a school that opens in September
2026 is in use from the autumn of 2026. Nothing else that could be a date is taken for a year.
"""

from __future__ import annotations

import re
import unicodedata

from capacity.base.words import catalog
from capacity.inputs.tables.values import Cell, Odd, Value, bad, normal_code, show

#: First and last school year that may stand in a file.
YEARS = (1900, 2200)
#: Months in which a school opens for the autumn of the same year.
AUTUMN = (8, 9)
_SAID = catalog("reading")["years"]
_SCHOOL_YEAR = _SAID["school_year"]
_YEAR = re.compile(rf"(\d{{4}})\s*({_SCHOOL_YEAR})?", re.ASCII)
_SPAN = re.compile(
    rf"(\d{{4}})\s*(?:[-–—~/{_SAID['to']}]|——)\s*(\d{{4}}|\d\d)\s*(?:{_SCHOOL_YEAR})?", re.ASCII
)
_MONTH = re.compile(rf"(\d{{4}}){_SAID['year']}\s*(\d\d?){_SAID['month']}", re.ASCII)


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
