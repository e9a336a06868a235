"""Words for years as offices write them, and the year that each is for what a column holds.

A school year is named by its autumn. A month or a date tells it by what the column holds: a
count lies in a school year (January 2021: 2020), a school opens for the first autumn on or after
it; births of a month are none of a year, and births years are named by the year in which they end.
Where a text has two readings that differ it is unclear, and gives no year. The words stand in
``words/reading.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from enum import Enum

from capacity.base.words import catalog
from capacity.inputs.calendar import month_end
from capacity.inputs.tables.values import YEARS, Cell, CellError, NonTextCell, Value, show
from capacity.inputs.tables.yearwords import AUTUMN, Said, readings

#: The first and last month of the holidays: what was counted then is of either school year.
_HOLIDAYS = (8, 8)
#: The middle of a year, at which births years may end.
MIDDLE = (6, 30)
#: A year of the era whose years have three digits, and one of four.
_SHORT, _LONG = re.compile(r"1\d\d", re.ASCII), re.compile(r"\d{4}(?:\.0+)?", re.ASCII)


class Sense(Enum):
    """What the years of a column are.

    ``school`` years of counts, ``autumn`` the first one of something, years over which ``births``
    or others (``period``) were counted, or any of the ``calendar``.
    """

    SCHOOL = "school"
    BIRTHS = "births"
    PERIOD = "period"
    AUTUMN = "autumn"
    CALENDAR = "calendar"


def read_year(
    cell: Cell,
    first: int = YEARS[0],
    *,
    sense: Sense = Sense.SCHOOL,
    ends: tuple[int, int] | None = None,
    beside: Collection[Cell] = (),
) -> Value[int]:
    """Read a year of a column, from ``first`` on, and say how it was read.

    Parameters
    ----------
    cell : Cell
        Four digits, or a year in words.
    first : int
        The first allowed year.
    sense : Sense
        What the years of the column are.
    ends : (month, day), optional
        The last day of a births year, where that is stated.
    beside : collection of Cell
        The other cells of the column, or names of columns: where 2012/13 is among them, which is
        no month, 2005/06 is no month either.

    Returns
    -------
    Value of int
        The change is ``year`` where a year was written in full, ``autumn`` where the first autumn
        was taken, ``count_month`` where the school year of a count was, and ``births_year`` where
        a births year is named by its end.

    Examples
    --------
    >>> read_year("2025-2026学年").value, read_year("January 2021").value
    (2025, 2020)
    >>> read_year("2026年6月", sense=Sense.AUTUMN).value
    2026
    >>> read_year("2012/13", sense=Sense.BIRTHS, ends=(8, 31)).value
    2013
    """
    if isinstance(cell, NonTextCell) and cell.kind != "date":
        raise CellError(f"cell-{cell.kind}")
    if not isinstance(cell, str | NonTextCell):
        if not float(cell).is_integer():
            raise CellError("year-invalid")
        plain = 1000 <= cell < 100_000
        value = Value(int(cell)) if plain else _read(f"{int(cell)}", sense, ends, beside)
    else:
        value = _read(cell if isinstance(cell, str) else cell.text, sense, ends, beside)
    if not first <= value.value <= YEARS[1]:
        raise CellError("year-range", low=first, high=YEARS[1])
    return value


def is_year_word(text: str) -> bool:
    """Whether a text is a year in figures or words, as a header may be.

    >>> [is_year_word(text) for text in ("2024", "2024-25", "2019年", "Autumn 2024", "pupils")]
    [True, True, True, True, False]
    """
    try:
        return any(YEARS[0] <= one.year <= YEARS[1] for one in readings(text))
    except CellError:
        return False


def _read(
    text: str, sense: Sense, ends: tuple[int, int] | None, beside: Collection[Cell]
) -> Value[int]:
    """Read a year that is text, whatever its range."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if _SHORT.fullmatch(plain) and not any(map(_is_long, beside)):
        text = f"{plain}{catalog('reading')['years']['year']}"
    if re.fullmatch(r"\d{4}", plain, re.ASCII):
        changed = "width" if plain != text.strip() else "trimmed" if plain != text else ""
        return Value(int(plain), changed)
    said = readings(text)
    kinds = {one.kind for one in said}
    if {"span", "month"} <= kinds and any(_is_span(other) for other in beside):
        said = frozenset(one for one in said if one.kind == "span")
    if sense in (Sense.BIRTHS, Sense.PERIOD) and "month" in kinds:
        said = frozenset(one for one in said if one.kind != "month")
        if not said:
            raise CellError("year-part")
    meant = {year: one for one in sorted(said) for year in _years(one, sense, ends)}
    if not meant:
        raise CellError("year-invalid")
    if len(meant) > 1:
        spans = sense is Sense.BIRTHS and ends is None and kinds == {"span"}
        code = "year-births" if spans else "year-unclear"
        raise CellError(code, one=min(meant), other=max(meant))
    ((year, reading),) = meant.items()
    return Value(year, _change(reading, year, sense))


def _years(one: Said, sense: Sense, ends: tuple[int, int] | None) -> set[int]:
    """Return the years that a reading may be in a column."""
    kind, year, month = one
    if kind == "year":
        return {year}
    if kind == "named":
        return {year - 1, year}
    closing = month_end(*ends) % 12 if sense is Sense.BIRTHS and ends is not None else 0
    if kind == "month":
        return _of_month(year, month, sense)
    if kind == "middle":  # of a school year that ends then, or of births years that do
        other = sense is Sense.BIRTHS and ends not in (None, MIDDLE)
        return {year - 1} if sense is Sense.SCHOOL else {year, year + other}
    if sense in (Sense.SCHOOL, Sense.AUTUMN):
        return {year}
    return {year + 1} if closing else {year, year + 1}


def _of_month(year: int, month: int, sense: Sense) -> set[int]:
    """Return the years that a month may tell in a column."""
    if sense is Sense.AUTUMN:
        return {year if month <= AUTUMN else year + 1}
    if sense is Sense.SCHOOL:
        in_holidays = _HOLIDAYS[0] <= month <= _HOLIDAYS[1]
        return {year - 1, year} if in_holidays else {year if month >= AUTUMN else year - 1}
    return {year}


def _change(one: Said, year: int, sense: Sense) -> str:
    """Return the kind of change by which a reading became the year of its column."""
    if one.kind == "month" and sense is Sense.AUTUMN:
        return "autumn"
    if one.kind in ("month", "middle") and sense is Sense.SCHOOL and year != one.year:
        return "count_month"
    return "births_year" if one.kind == "span" and sense is Sense.BIRTHS else "year"


def _is_long(cell: Cell) -> bool:
    """Whether a cell is a year of four digits."""
    return _LONG.fullmatch(show(cell).strip()) is not None


def _is_span(cell: Cell) -> bool:
    """Whether a cell can be nothing but two years in a row."""
    if not isinstance(cell, str):
        return False
    try:
        return {one.kind for one in readings(cell)} == {"span"}
    except CellError:
        return False
