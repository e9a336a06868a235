"""What a cell and a sheet's name may hold, and how numbers look, by the kind of their column."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from capacity.base.words import MINUS, width

#: Rows of a sheet, and characters (UTF-16) of a cell, at most; of a sheet's name.
ROWS, LONGEST, NAME = 1_048_576, 32_767, 31
#: Characters that no XML holds, and halves of such as have no other half.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
#: What no name of a sheet holds.
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\]")
_UNKNOWN = "\N{REPLACEMENT CHARACTER}"
#: How numbers look, by kind. A gap is signed where it is so to whole places.
FORMATS = {
    "year": "0",
    "count": "#,##0",
    "gap": f'[>=0.5]+#,##0;[<=-0.5]"{MINUS}"#,##0;0',
    "share": "0%",
    "small": "0.0E+00",
    "value": "General",
}


def plain(text: str) -> str:
    """Return a text as a cell holds it: without what no XML holds, and not too long.

    >>> plain("a" + chr(7) + "b")
    'a�b'
    """
    text = _ILLEGAL.sub(_UNKNOWN, text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) <= LONGEST // 2 or len(units := text.encode("utf-16-le")) <= 2 * LONGEST:
        return text
    return units[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"


def sheet_names(wanted: Iterable[str]) -> list[str]:
    """Return names that sheets may have, no two alike.

    >>> sheet_names(["a/b", "A/B", "", "'x'"])
    ['a b', 'A B 2', '1', 'x']
    """
    names: list[str] = []
    for number, name in enumerate(wanted, start=-1):
        base = _NOT_IN_NAMES.sub(" ", plain(name)).strip(" '")[:NAME] or str(number)
        made, count = base, 1
        while made.casefold() in map(str.casefold, names):
            count += 1
            made = f"{base[: NAME - 1 - len(str(count))]} {count}"
        names.append(made)
    return names


def lines_of(text: str, room: float) -> int:
    """Return the lines that a text takes in a width of so many digits.

    A Chinese character is wider than two digits, a letter narrower than one.
    """
    wide = 1.1 if width(text) > len(text) else 0.95
    return sum(max(1, math.ceil(wide * width(part) / room)) for part in text.split("\n"))


def in_format(text: str) -> str:
    """Return a text as a number format has it beside a number.

    >>> in_format('a"b')
    '"ab"'
    """
    return f'"{text.replace(chr(34), "")}"'
