"""One cell to one value: numbers, codes, years, months and grades as people write them.

Every reader returns a `Value`, what was read and the kind of change made to read it (empty if it
was taken as written), or raises `CellError`.

A school year is named by its autumn: 2025-2026 is 2025, and a school that opens in September
2026 is in use from the autumn of 2026. Nothing else that could be a date is taken for a year.
一年级 is grade 1, and 初一 is grade 7 where the levels tell.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Generic, NamedTuple, TypeVar

from capacity.base.words import catalog

MAX_CODE = 64
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_SCALES = {"": 1, **catalog("reading")["scales"]}
_NUMBER = re.compile(
    r"([+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)"
    rf"\s*([{''.join(_SCALES)}]?)(\D*)",
    re.ASCII | re.IGNORECASE,
)
#: Characters that look like a minus sign and are none.
_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "-infinity", "+infinity", "-nan"}

#: First and last school year that may stand in a file.
YEARS = (1900, 2200)
#: Months in which a school opens for the autumn of the same year.
AUTUMN = (8, 9)
_YEARS = catalog("reading")["years"]
_SCHOOL_YEAR = _YEARS["school_year"]
_YEAR = re.compile(rf"(\d{{4}})\s*({_SCHOOL_YEAR})?", re.ASCII)
_SPAN = re.compile(
    rf"(\d{{4}})\s*(?:[-–—~/{_YEARS['to']}]|——)\s*(\d{{4}}|\d\d)\s*(?:{_SCHOOL_YEAR})?", re.ASCII
)
_MONTH = re.compile(rf"(\d{{4}}){_YEARS['year']}\s*(\d\d?){_YEARS['month']}", re.ASCII)

_GRADES = catalog("reading")["grades"]
_COUNTED, _GRADE = _GRADES["numbers"], _GRADES["grade"]
_WORDS = {f"{number}{_GRADE}": grade for grade, number in enumerate(_COUNTED, 1)}
#: The grade before the first of 初中 and of 高中, in six years, three and three.
_BEFORE = {_GRADES["middle"]: 6, _GRADES["high"]: 9}
_STAGED = re.compile(
    f"([{''.join(_BEFORE)}]){_GRADES['school']}?([{''.join(_COUNTED[:3])}])(?:{_GRADE})?"
)
_NUMBERED = re.compile(rf"(\d\d?)(?:{_GRADE})?", re.ASCII)


@dataclass(frozen=True)
class NonTextCell:
    """A workbook cell that is neither text nor number: a ``date`` or a ``boolean``."""

    kind: str
    text: str


Cell = str | float | NonTextCell
T = TypeVar("T")
Levels = Mapping[str, tuple[int, int]]


class Value(NamedTuple, Generic[T]):
    """What was read from a cell, and how it was changed for that."""

    value: T
    change: str = ""


class CellError(Exception):
    """Why a cell cannot be read: a code of the catalog of problems, and its facts."""

    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code, self.facts = code, facts


def show(cell: Cell) -> str:
    """Return a cell as a reader sees it."""
    if isinstance(cell, str):
        return cell
    return cell.text if isinstance(cell, NonTextCell) else f"{cell:.15g}"


def as_found(cell: Cell) -> object:
    """Return a cell as a problem quotes it: text as text, a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.text if isinstance(cell, NonTextCell) else cell


def is_empty(cell: Cell) -> bool:
    """Whether nothing but white space stands in a cell."""
    return isinstance(cell, str) and (not cell or not cell.strip())


def is_plain(cell: Cell) -> bool:
    """Whether a cell is a number without sign, separators or anything to mend."""
    return isinstance(cell, str) and _PLAIN.fullmatch(cell) is not None


def normal_code(text: str) -> str:
    """Return the form by which codes are matched: NFKC, without white space around it."""
    return unicodedata.normalize("NFKC", text.strip().strip(_INVISIBLE)).strip()


def plain_name(text: str) -> str:
    """Return the form by which two spellings of a name are told: no case, width or blanks.

    >>> plain_name("Oak School") == plain_name("ＯＡＫ  school")
    True
    """
    return "".join(normal_code(text).split()).casefold()


def read_number(cell: Cell, units: tuple[str, ...] = ()) -> Value[float]:
    """Read a number as people write it: 120, 1,234, １２０, 1.2万, 120人 (a unit of ``units``).

    The arithmetic is decimal, so that 0.07万 is 700 exactly.
    """
    if isinstance(cell, NonTextCell):
        raise CellError(f"cell-{cell.kind}")
    if not isinstance(cell, str) or _PLAIN.fullmatch(cell):
        return Value(_finite(float(cell)))
    text = unicodedata.normalize("NFKC", cell).strip()
    match = _NUMBER.fullmatch(text)
    if match is None or match[3].strip() not in ("", *units):
        raise _not_a_number(text)
    digits = match[1].replace(",", "")
    if re.match(r"[+-]?0\d", digits):
        raise CellError("number-leading-zero")
    number = _finite(float(digits))
    if match[2]:
        number = _finite(float(Decimal(digits) * _SCALES[match[2]]))
    return Value(number, _kind(cell, text, match, number))


def _finite(number: float) -> float:
    """Return a number, -0 as 0, that is none of nan and the infinities."""
    if not math.isfinite(number):
        raise CellError("number-not-finite")
    return number + 0.0


def _kind(cell: str, text: str, match: re.Match[str], number: float) -> str:
    """Name what had to be done to read the number; the greatest change first."""
    if match[2] or match[3].strip():
        return "unit"
    if "," in match[1]:
        return "thousands"
    if text != cell.strip():
        return "width"
    if number == 0 and match[1].startswith("-"):
        return "zero"
    return "trimmed" if text != cell else ""


def _not_a_number(text: str) -> CellError:
    if dash := next((mark for mark in text if mark in _DASHES), ""):
        return CellError("number-minus", character=name_of(dash))
    if text.endswith(("%", "\u2030")):
        return CellError("number-percent")
    return CellError("number-not-finite" if text.casefold() in _NOT_FINITE else "number-invalid")


def name_of(character: str) -> str:
    """Return a character by its code point, as in ``U+2212 MINUS SIGN``."""
    name = unicodedata.name(character, "control character")
    return f"U+{ord(character):04X} {name}"


def read_code(cell: Cell) -> Value[str]:
    """Read a code: 1 to 64 printable characters as written, without white space around them.

    White space of another kind within it (U+3000, U+00A0) becomes a space.
    """
    if isinstance(cell, NonTextCell):
        raise CellError(f"cell-{cell.kind}")
    if not isinstance(cell, str):
        raise CellError("code-number")
    code = cell.strip().strip(_INVISIBLE).strip()
    if not code.isprintable():
        code = normal_code(cell)
    if len(code) > MAX_CODE:
        raise CellError("code-long", length=len(code), most=MAX_CODE)
    if not code.isprintable():
        wrong = next(mark for mark in code if not mark.isprintable())
        raise CellError("code-unprintable", character=name_of(wrong))
    return Value(code, "code" if code != cell else "")


def read_year(
    cell: Cell, first: int = YEARS[0], *, spans: bool = True, autumn: bool = False
) -> Value[int]:
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
    if isinstance(cell, NonTextCell):
        raise CellError(f"cell-{cell.kind}")
    if isinstance(cell, str):
        value = _said_year(cell, spans, autumn)
    elif float(cell).is_integer():
        value = Value(int(cell))
    else:
        raise CellError("year-invalid")
    if not first <= value.value <= YEARS[1]:
        raise CellError("year-range", low=first, high=YEARS[1])
    return value


def _said_year(cell: str, spans: bool, autumn: bool) -> Value[int]:
    """Read a year that is text, whatever its range."""
    text = unicodedata.normalize("NFKC", cell).strip()
    if match := _YEAR.fullmatch(text):
        changed = "width" if text != cell.strip() else "trimmed" if text != cell else ""
        return Value(int(match[1]), "year" if match[2] else changed)
    if spans and (match := _SPAN.fullmatch(text)):
        year, following = int(match[1]), str(int(match[1]) + 1)
        if following.endswith(match[2]):
            return Value(year, "year")
        if len(match[2]) == 4:  # two digits that do not follow are as likely a month
            raise CellError("year-span", first=year, next=following)
    elif autumn and (match := _MONTH.fullmatch(text)):
        if int(match[2]) not in AUTUMN:
            raise CellError("year-month")
        return Value(int(match[1]), "autumn")
    raise CellError("year-invalid")


def read_month(cell: Cell) -> Value[str]:
    """Read a year and month, YYYY-MM; a workbook's date cell gives its month."""
    if isinstance(cell, NonTextCell) and cell.kind == "date":
        return Value(cell.text[:7], "month")
    text = normal_code(show(cell))
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if match is None or not YEARS[0] <= int(match[1]) <= YEARS[1]:
        raise CellError("month-invalid")
    return Value(text, "trimmed" if text != cell else "")


def said_grade(text: str) -> tuple[str, int] | None:
    """Return the stage that a word counts from, and its grade; None where it is no grade.

    The stage is empty where the word counts from the first grade of all, else 初 or 高, with the
    grade in six years, three and three.

    >>> said_grade("十二年级"), said_grade("初一"), said_grade("12年级")
    (('', 12), ('初', 7), None)
    """
    form = normal_code(text)
    if form in _WORDS:
        return "", _WORDS[form]
    match = _STAGED.fullmatch(form)
    return (match[1], _BEFORE[match[1]] + _COUNTED.index(match[2]) + 1) if match else None


def tells_stage(stage: str, levels: Levels) -> bool:
    """Whether the levels leave no doubt which grade is the first of a stage.

    It is for 初 where a level begins with grade 7 (in five years and four it would be 6), for 高
    where grades 10 to 12 are there.

    >>> tells_stage("初", {"primary": (1, 6), "middle": (7, 9)})
    True
    >>> tells_stage("初", {"primary": (1, 5), "middle": (6, 9)})
    False
    """
    before = _BEFORE[stage]
    grades = {grade for first, last in levels.values() for grade in range(first, last + 1)}
    begins = stage == _GRADES["high"] or any(first == before + 1 for first, _ in levels.values())
    return begins and grades.issuperset(range(before + 1, before + 4))


def is_grade(name: str) -> bool:
    """Whether a header is a grade, as 一年级, 初一, 1年级 or 1 are."""
    text = normal_code(name)
    if match := _NUMBERED.fullmatch(text):
        return 1 <= int(match[1]) <= len(_COUNTED)
    return said_grade(text) is not None
