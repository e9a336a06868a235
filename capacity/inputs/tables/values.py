"""One cell to one value: numbers and codes as people write them.

Every reader gives a `Value`: what was read, the kind of change made to read it (empty if
it was taken as written), and the fault if it cannot be read.
"""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

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


@dataclass(frozen=True)
class Odd:
    """A workbook cell that is neither text nor number: a ``date`` or a ``boolean``."""

    kind: str
    text: str


Cell = str | float | Odd


class Fault(NamedTuple):
    """Why a cell cannot be read: a code of the catalog and its facts."""

    code: str
    facts: dict[str, object]


class Value(NamedTuple):
    """What was read from a cell, how it was changed, or why it could not be read."""

    value: object
    change: str = ""
    fault: Fault | None = None


def bad(code: str, **facts: object) -> Value:
    """Give the value of a cell that cannot be read."""
    return Value(None, "", Fault(code, facts))


def show(cell: Cell) -> str:
    """Give a cell as a reader sees it."""
    if isinstance(cell, str):
        return cell
    return cell.text if isinstance(cell, Odd) else f"{cell:.15g}"


def as_found(cell: Cell) -> object:
    """Give a cell as a problem quotes it: text as text, a whole number without its point."""
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell.text if isinstance(cell, Odd) else cell


def is_empty(cell: Cell) -> bool:
    """Tell whether nothing but white space stands in a cell."""
    return isinstance(cell, str) and (not cell or not cell.strip())


def is_plain(cell: Cell) -> bool:
    """Tell whether a cell is a number without sign, separators or anything to mend."""
    return isinstance(cell, str) and _PLAIN.fullmatch(cell) is not None


def normal_code(text: str) -> str:
    """Give the form by which codes are matched: NFKC, without white space around it."""
    return unicodedata.normalize("NFKC", text.strip().strip(_INVISIBLE)).strip()


def read_number(cell: Cell, units: tuple[str, ...] = ()) -> Value:
    """Read a number as people write it: 120, 1,234, １２０, 1.2万, 120人 (a unit of ``units``).

    The arithmetic is decimal, so that 0.07万 is 700 exactly.
    """
    if isinstance(cell, Odd):
        return bad(f"cell-{cell.kind}")
    if not isinstance(cell, str) or _PLAIN.fullmatch(cell):
        return _finite(float(cell))
    text = unicodedata.normalize("NFKC", cell).strip()
    match = _NUMBER.fullmatch(text)
    if match is None or match[3].strip() not in ("", *units):
        return _not_a_number(text)
    digits = match[1].replace(",", "")
    if re.match(r"[+-]?0\d", digits):
        return bad("number-leading-zero")
    value = _finite(float(digits))
    if value.fault is not None or not match[2]:
        number = value.value
    else:
        number = float(Decimal(digits) * _SCALES[match[2]])
    if not isinstance(number, float):
        return value
    return _finite(number)._replace(change=_kind(cell, text, match, number))


def _finite(number: float) -> Value:
    return Value(number + 0.0) if math.isfinite(number) else bad("number-not-finite")


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


def _not_a_number(text: str) -> Value:
    if dash := next((mark for mark in text if mark in _DASHES), ""):
        return bad("number-minus", character=name_of(dash))
    if text.endswith(("%", "\u2030")):
        return bad("number-percent")
    return bad("number-not-finite" if text.casefold() in _NOT_FINITE else "number-invalid")


def name_of(character: str) -> str:
    """Name a character by its code point, as in ``U+2212 MINUS SIGN``."""
    name = unicodedata.name(character, "control character")
    return f"U+{ord(character):04X} {name}"


def read_code(cell: Cell) -> Value:
    """Read a code: 1 to 64 printable characters as written, without white space around them.

    White space of another kind within it (U+3000, U+00A0) becomes a space.
    """
    if isinstance(cell, Odd):
        return bad(f"cell-{cell.kind}")
    if not isinstance(cell, str):
        return bad("code-number")
    code = cell.strip().strip(_INVISIBLE).strip()
    if not code.isprintable():
        code = normal_code(cell)
    if len(code) > MAX_CODE:
        return bad("code-long", length=len(code), most=MAX_CODE)
    if not code.isprintable():
        wrong = next(mark for mark in code if not mark.isprintable())
        return bad("code-unprintable", character=name_of(wrong))
    return Value(code, "code" if code != cell else "")
