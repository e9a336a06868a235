"""Words for years as offices write them, and the year that each is for what a column holds.

A text has one or more readings: a year, a school year or a month. A school year is named by its
autumn. A month or a date tells it by what the column holds: a count lies in a school year (January
2021: 2020), a school opens for the first autumn on or after it; births of a month are none of a
year, and births years are named by the year in which they end. Where a text has two readings that
differ it is unclear, and gives no year. The words stand in ``words/reading.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from datetime import date
from enum import Enum
from functools import cache, lru_cache
from itertools import product
from typing import Any, NamedTuple

from capacity.base.words import catalog
from capacity.inputs.calendar import month_end
from capacity.inputs.tables.values import (
    MAX_WORD,
    YEARS,
    Cell,
    CellError,
    NonTextCell,
    Value,
    show,
    without_accents,
    without_marks,
)

#: The month in which the school year begins, at the latest.
AUTUMN = 9
#: Two digits from here on are of the nineteen-hundreds.
_CENTURY = 70
#: The first and last month of the holidays: what was counted then is of either school year.
_HOLIDAYS = (8, 8)
#: The middle of a year, at which births years may end.
MIDDLE = (6, 30)
#: A year of the era whose years have three digits, and one of four.
_SHORT, _LONG = re.compile(r"1\d\d", re.ASCII), re.compile(r"\d{4}(?:\.0+)?", re.ASCII)


def _stated(key: str) -> Any:
    """Return an entry of the catalog's words for years."""
    return catalog("reading")["years"][key]


def _form(name: str) -> re.Pattern[str]:
    """Return the pattern of a way of writing years."""
    school = "|".join(sorted(_stated("school_year"), key=len, reverse=True))
    plain = "|".join(sorted(_stated("plain"), key=len, reverse=True))
    to = "|".join(sorted(map(re.escape, _stated("to")), key=len, reverse=True))
    year, month, day = (_stated(key) for key in ("year", "month", "day"))
    time = r"(?:[ t]\d\d?:\d\d(?::\d\d(?:\.0+)?)?)?"
    forms = {
        "school": f"(?:{school})$",
        "year": rf"(?P<year>\d{{4}})(?:\.0+)? ?(?:(?P<school>{school})|(?:{plain}))?",
        "span": rf"(?P<first>\d{{4}}|\d\d) ?(?:{plain})? ?(?P<to>{to}) ?(?P<last>\d{{4}}|\d\d)"
        rf" ?(?P<end>{school}|{plain})?",
        "compact": r"(?P<first>\d{4})(?P<last>\d{4}|\d\d)",
        "date": rf"(?P<year>\d{{4}})(?:[-/.]|{year}) ?(?P<month>\d\d?)"
        rf"(?:{month}|(?:[-/.]|{month}) ?(?P<day>\d\d?)(?:{day})?{time})?",
        "reversed": rf"(?:(?P<one>\d\d?)[-/.])?(?P<two>\d\d?)[-/.](?P<year>\d{{4}}){time}",
        "digits": r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)?",
    }
    return re.compile(forms[name], re.ASCII)


#: A year of three digits, which no era names, with the word behind it.
_ALONE = re.compile(
    rf"\d{{3}} ?(?:{'|'.join([*_stated('school_year'), *_stated('plain')])})", re.ASCII
)
_SCHOOL, _YEAR, _SPAN = map(_form, ("school", "year", "span"))
_COMPACT, _DATE, _REVERSED, _DIGITS = map(_form, ("compact", "date", "reversed", "digits"))


class Said(NamedTuple):
    """One reading of a text.

    ``kind`` is ``year``; ``span``, a school year by its first year; ``named``, a school year by
    its first or second year; ``middle`` of a year; or ``month``.
    """

    kind: str
    year: int
    month: int = 0


@lru_cache(maxsize=4096)
def readings(text: str) -> frozenset[Said]:
    """Return every reading of a text; none where it is no year.

    Raises
    ------
    CellError
        Two years stand in it that are not one school year.
    """
    if len(text) > MAX_WORD:
        return frozenset()
    bare, _ = without_marks(text)
    form = _in_short(bare)
    named = form != (form := _without(form, "said"))
    form = _without(form, "asides")
    middle = form != (form := _without(form, "middle"))
    if match := _YEAR.fullmatch(form):
        school = bool(match["school"])
        kind = "middle" if middle else "span" if school else "named" if named else "year"
        return frozenset({Said(kind, int(match["year"]))})
    found = frozenset(_spans(form, named))
    if not named and not _SCHOOL.search(form):
        found |= frozenset((*_dates(form), *_words(form)))
    if not found and (match := _SPAN.fullmatch(form)) and len(match["last"]) == 4:
        year = int(match["first"]) if len(match["first"]) == 4 else 0
        raise CellError("year-span", first=year, next=year + 1)
    return found


def _in_short(text: str) -> str:
    """Return a text without accents, case and needless blanks, its eras as years."""
    form = without_accents(unicodedata.normalize("NFKC", text).casefold())
    bare = " ".join(form.split())
    if _ALONE.fullmatch(bare):
        bare = _stated("alone") + bare
    for era, before in _stated("eras").items():
        if match := re.search(rf"{era} ?(\d{{1,3}})", bare):
            bare = f"{bare[: match.start()]}{before + int(match[1])}{bare[match.end() :]}"
    return bare


def _without(form: str, key: str) -> str:
    """Return a text without words that may stand before or after its year."""
    for pattern in _edges(key):
        form = pattern.sub(" ", form).strip(" .,:-()[]")
    return form


@cache
def _edges(key: str) -> tuple[re.Pattern[str], ...]:
    """Return patterns of words at an end of a text; those in Latin letters may have blanks."""
    words = sorted(_stated(key), key=len, reverse=True)
    plain = "|".join("[ .]?".join(word) if word.isascii() else word for word in words)
    return (
        re.compile(rf"^(?:(?:{plain})(?![a-z])[ .:]*)+"),
        re.compile(rf"(?:[ .:]*(?<![a-z])(?:{plain}))+$"),
    )


def _spans(form: str, named: bool) -> Iterator[Said]:
    """Yield the school year of two years in a row."""
    for match in (_SPAN.fullmatch(form), _COMPACT.fullmatch(form)):
        if match is None:
            continue
        first, last = match["first"], match["last"]
        sure = named or bool(match.groupdict().get("end"))
        if len(first) == 2 and not (sure or min(int(first), int(last)) > 12):
            continue  # a day and a month as well
        year = int(first) if len(first) == 4 else _century(int(first))
        if str(year + 1).endswith(last):
            yield Said("span", year)


def _century(two: int) -> int:
    return two + (1900 if two >= _CENTURY else 2000)


def _dates(form: str) -> Iterator[Said]:
    """Yield the months that a date in figures may be in."""
    for match in (_DATE.fullmatch(form), _DIGITS.fullmatch(form)):
        if match and _is_date(*match.group("year", "month", "day")):
            yield Said("month", int(match["year"]), int(match["month"]))
            if form.endswith(".1") and not match["day"]:  # October, whose last digit was lost
                yield Said("month", int(match["year"]), 10)
            if int(match["month"]) == int(match["day"] or 0) == 1:  # what a bare year may become
                yield Said("year", int(match["year"]))
    if match := _REVERSED.fullmatch(form):
        one, two = match["one"], match["two"]
        for month, day in ((two, one), (one, two)) if one else ((two, None),):
            if _is_date(match["year"], month, day):
                yield Said("month", int(match["year"]), int(month))


def _is_date(year: str, month: str, day: str | None) -> bool:
    """Whether there is such a day, or month where no day is stated."""
    try:
        date(int(year), int(month), int(day or 1))
    except ValueError:
        return False
    return True


def _words(form: str) -> Iterator[Said]:
    """Yield the months of a month or part of a year in words, with its year or school year."""
    form = re.sub(rf"(?<=\d{{4}}) ?{_stated('year')}", " ", form)
    parts = re.findall(r"\d{4}[-/]\d{2,4}|\d+(?:st|nd|rd|th)?(?![a-z])|q\d|h\d|[^\W\d_]+", form)
    words = "".join(part for part in parts if not part[0].isdigit())
    months = _months().get(words)
    figures = [re.sub("[a-z]", "", part) for part in parts if part[0].isdigit()]
    years = [part for part in figures if len(part) > 2]
    days = [part for part in figures if len(part) <= 2]
    if months is None or len(years) > 1 or len(days) > 1:
        return
    if not years and len(days) == 1 and words in _stated("months") and len(days[0]) == 2:
        years = [str(_century(int(days[0])))]
    for year, month in product(years, months):
        if re.fullmatch(r"\d{4}", year):
            yield Said("month", int(year) + (month - 1) // 12, (month - 1) % 12 + 1)
        else:
            for span in _spans(year, named=True):
                yield Said("month", span.year + (month < AUTUMN), month)


@cache
def _months() -> dict[str, tuple[int, ...]]:
    """Return the months that a word may be."""
    names = {name: (month,) for name, month in _stated("months").items()}
    return names | {name: tuple(months) for name, months in _stated("parts").items()}


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
    if _SHORT.fullmatch(plain) and not any(_LONG.fullmatch(show(one).strip()) for one in beside):
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


def _is_span(cell: Cell) -> bool:
    """Whether a cell can be nothing but two years in a row."""
    if not isinstance(cell, str):
        return False
    try:
        return {one.kind for one in readings(cell)} == {"span"}
    except CellError:
        return False
