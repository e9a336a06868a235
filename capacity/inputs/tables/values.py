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

from capacity.base.errors import Message, register

MAX_CODE = 64
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_NUMBER = re.compile(
    r"([+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)\s*([百千万萬亿億]?)(\D*)",
    re.ASCII | re.IGNORECASE,
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
#: Characters that look like a minus sign and are none.
_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63"
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "-infinity", "+infinity", "-nan"}

register(
    {
        "cell-empty": {
            "en": Message("an empty cell in column {column}", "a value"),
            "zh": Message("“{column}”列的单元格为空", "一个值"),
        },
        "cell-date": {
            "en": Message(
                "a date in column {column}",
                "a number or text",
                "format the cell as text and retype it",
            ),
            "zh": Message("“{column}”列是日期", "数字或文本", "请把单元格设为文本后重新填写"),
        },
        "cell-boolean": {
            "en": Message("TRUE or FALSE in column {column}", "a number or text"),
            "zh": Message("“{column}”列是 TRUE 或 FALSE", "数字或文本"),
        },
        "number-invalid": {
            "en": Message("column {column} is not a number", "a number such as 1234 or 0.5"),
            "zh": Message("“{column}”列不是数字", "数字，如 1234 或 0.5"),
        },
        "number-minus": {
            "en": Message(
                "column {column} has {character} where a minus sign stands", "an ASCII hyphen"
            ),
            "zh": Message("“{column}”列的减号是 {character}", "半角连字符 -"),
        },
        "number-not-finite": {
            "en": Message("column {column} is not a finite number", "a finite number"),
            "zh": Message("“{column}”列不是有限数", "有限的数"),
        },
        "number-percent": {
            "en": Message("a percentage in column {column}", "a plain number", "write 12% as 0.12"),
            "zh": Message("“{column}”列是百分数", "普通数字", "12% 请写作 0.12"),
        },
        "number-leading-zero": {
            "en": Message("a number with a leading zero in column {column}", "a plain number"),
            "zh": Message("“{column}”列的数字以 0 开头", "普通数字"),
        },
        "number-negative": {
            "en": Message("a negative number in column {column}", "0 or more"),
            "zh": Message("“{column}”列是负数", "0 或以上"),
        },
        "number-range": {
            "en": Message("column {column} is out of range", "{low:.15g} to {high:.15g}"),
            "zh": Message("“{column}”列超出范围", "{low:.15g} 至 {high:.15g}"),
        },
        "number-whole": {
            "en": Message("column {column} is not a whole number", "a whole number"),
            "zh": Message("“{column}”列不是整数", "整数"),
        },
        "code-number": {
            "en": Message(
                "a number where column {column} wants a code",
                "text",
                "format the cell as text and retype it",
            ),
            "zh": Message("“{column}”列应为代码，却是数字", "文本", "请把单元格设为文本后重新填写"),
        },
        "code-long": {
            "en": Message(
                "the code in column {column} has {length} characters", f"at most {MAX_CODE}"
            ),
            "zh": Message("“{column}”列的代码有 {length} 个字符", f"不超过 {MAX_CODE} 个"),
        },
        "code-unprintable": {
            "en": Message(
                "the code in column {column} contains {character}", "printable characters"
            ),
            "zh": Message("“{column}”列的代码含有 {character}", "可打印字符"),
        },
        "code-all": {
            "en": Message("'all' in column {column} of a table that does not allow it", "a code"),
            "zh": Message("本表“{column}”列不允许写 all", "一个代码"),
        },
    }
)


@dataclass(frozen=True)
class Odd:
    """A workbook cell that is neither text nor number: a ``date`` or a ``boolean``."""

    kind: str
    text: str


Cell = str | float | Odd


class Fault(NamedTuple):
    """Why a cell cannot be read: a code of the catalogue and its facts."""

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
        return bad("code-long", length=len(code))
    if not code.isprintable():
        wrong = next(mark for mark in code if not mark.isprintable())
        return bad("code-unprintable", character=name_of(wrong))
    return Value(code, "code" if code != cell else "")
