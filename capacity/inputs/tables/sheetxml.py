"""One sheet's XML, looked at before a parser lays it out.

Expat says whether it is well-formed, and then cells are found by patterns, which call nothing for
each element: in well-formed XML without comments a ``<`` begins a tag and nothing else. What a
parser would take for a cell is what is seen here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import unescape
from itertools import islice
from string import ascii_letters, digits
from typing import NamedTuple
from xml.parsers import expat

from capacity.base.errors import KEPT
from capacity.inputs.tables.sheets import MAX_ROWS, MAX_SHEET

#: Tags up to which cells are listed at one go, as many as a sheet of `MAX_SHEET` has and more.
_MOST_TAGS = 8 * MAX_SHEET
_LETTERS, _DIGITS = ascii_letters.encode(), digits.encode()

# Parts of patterns; what is taken is never given up again, so that none goes back.
_PREFIX = rb"(?:[^\s<>/:]++:)?+"
_QUOTED = rb"""(?:"[^"<]*+"|'[^'<]*+')"""
_NAMED = rb"""\s++(?!%%b[\s=])[^\s=<>"'/]++\s*+=\s*+%b""" % _QUOTED
_REST = rb"""(?:[^<>"']++|%b)*+""" % _QUOTED

_ATTRIBUTE = re.compile(rb"""(?<!\s)\s++([^\s=<>"'/]++)\s*+=\s*+(%b)""" % _QUOTED)
#: What is no markup, or none to a parser.
_ASIDE = re.compile(rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[(.*?)(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)


class _Patterns(NamedTuple):
    """What is looked for: a group holds attributes, or the value of an error.

    ``cell``: a cell with content, and its address where it stands first; ``each``: a cell with
    content, or a row; ``bare``: a cell with a formula and no value.
    """

    cell: re.Pattern[bytes]
    each: re.Pattern[bytes]
    error: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    bare: re.Pattern[bytes]
    hidden: re.Pattern[bytes]


@cache
def _patterns(prefix: bytes) -> _Patterns:
    """Return the patterns of a sheet whose tags may have a prefix."""
    cell = rb"<%bc(?=[\s/>])" % prefix
    opened = rb"(?<!/)>"
    holds = opened + rb"(?=[^<]*+<[^/])"  # another tag is inside
    within = rb"(?:[^<]++|<(?!/?%bc[\s/>])(?!%%b))*+" % prefix  # the cell, up to a tag
    formula, filled = rb"%bf[\s/>]" % prefix, rb"%bv(?=[\s>])%b%b[^<]" % (prefix, _REST, opened)
    with_formula = rb"%b(%b)%b(?=%b<%b)" % (cell, _REST, opened, within % formula, formula)
    error = rb"""((?:%b)*+\s++t\s*+=\s*+(?:"e"|'e')%b)""" % (_NAMED % b"t", _REST)
    value = rb"(?:%b<%bv(?=[\s>])%b%b([^<]++))?+" % (within % filled, prefix, _REST, opened)
    hidden = rb"""(?:%b)*+\s++hidden\s*+=\s*+["'](?:1|true)["']""" % (_NAMED % b"hidden")
    patterns = (
        rb'%b(?:\s++r="([A-Za-z]{1,7}+[0-9]{1,9}+)")?+%b%b' % (cell, _REST, holds),
        rb"<%b(?:c(?=[\s/>])(%b)%b|row(?=[\s/>])(%b)>)" % (prefix, _REST, holds, _REST),
        cell + error + opened + value,
        with_formula,
        with_formula + within % filled + rb"</",
        rb"<%brow%b" % (prefix, hidden),
    )
    return _Patterns(*map(re.compile, patterns))


@dataclass
class SheetXml:
    """What stands in a sheet, by the addresses of its cells; empty where a cell has none.

    Attributes
    ----------
    columns, rows : int
        Up to the furthest cell with content.
    cells : int
        With content.
    errors : list of (address, value)
        Cells with an error value, as many as are ever told.
    bare : list of str
        Formulas without a value, as many.
    more_errors, more_bare : int
        How many more there are.
    valued : str or None
        The first formula with a value.
    with_value : int
        How many there are.
    hidden : int
        Rows.
    first_hidden : int
        The number of the first.
    """

    columns: int = 1
    rows: int = 1
    cells: int = 0
    errors: list[tuple[str, str]] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    more_errors: int = 0
    more_bare: int = 0
    valued: str | None = None
    with_value: int = 0
    hidden: int = 0
    first_hidden: int = 0

    @property
    def is_bearable(self) -> bool:
        """Whether the sheet can be laid out."""
        most = max(self.columns * self.rows, self.cells)
        return most <= MAX_SHEET and self.rows <= MAX_ROWS


def scan_sheet(xml: bytes) -> SheetXml:
    """Look at a sheet; only for its size where it is too large.

    Raises
    ------
    xml.parsers.expat.ExpatError, ValueError
        It is not well-formed, or a cell has an address that is none.
    """
    plain, patterns = _plain(xml)
    seen = SheetXml()
    if plain.count(b"<") <= _MOST_TAGS:
        addresses = patterns.cell.findall(plain)
    else:  # no more than is needed
        found = islice(patterns.cell.finditer(plain), MAX_SHEET + 1)
        addresses = [match[1] or b"" for match in found]
    seen.cells = len(addresses)
    if b"" in addresses:
        _measure_each(plain, patterns, seen)
    elif addresses:
        _measure(addresses, seen)
    if seen.is_bearable:
        _find_formulas(plain, patterns, seen)
        _find_hidden(plain, patterns, seen)
    return seen


def has_cells(xml: bytes) -> bool:
    """Whether a sheet has a cell with content; of one that has it is not asked whether it is sound.

    Raises
    ------
    xml.parsers.expat.ExpatError
        It is not well-formed.
    """
    if b"<!" not in xml and _patterns(b"").cell.search(xml):  # whatever follows
        return True
    plain, patterns = _plain(xml)
    return patterns.cell.search(plain) is not None


def _plain(xml: bytes) -> tuple[bytes, _Patterns]:
    """Return well-formed XML without comments and instructions, and the patterns that fit it."""
    expat.ParserCreate().Parse(xml, True)
    if b"<!" in xml or xml.find(b"<?", 2) >= 0:
        xml = _ASIDE.sub(lambda aside: _escaped(aside[1] or b""), xml)
    named = any(b":%b" % tag in xml for tag in (b"c", b"row"))
    return xml, _patterns(_PREFIX if named else b"")


def _escaped(text: bytes) -> bytes:
    return text.replace(b"&", b"&amp;").replace(b"<", b"&lt;").replace(b">", b"&gt;")


def _measure(addresses: Sequence[bytes], seen: SheetXml) -> None:
    """Take in the furthest of many addresses at one go."""
    if seen.cells > MAX_SHEET:
        seen.columns, seen.rows = _parted(addresses[-1].decode())
        return
    lines = b"\n".join(addresses)
    seen.columns = max(map(column_of, set(lines.translate(None, _DIGITS).decode().split())))
    seen.rows = max(1, *map(int, set(lines.translate(None, _LETTERS).split())))


def _measure_each(plain: bytes, patterns: _Patterns, seen: SheetXml) -> None:
    """Take in the cells in their order: without an address one follows the last."""
    row, column = 0, 0
    for match in patterns.each.finditer(plain):
        attributes, of_row = match.groups()
        if attributes is None:
            row, column = _number(of_row, row), 0
            continue
        if address := _attributes(attributes).get("r"):
            column, row = _parted(address)
        else:
            column += 1
        if column > seen.columns or row > seen.rows:
            seen.columns, seen.rows = max(seen.columns, column), max(seen.rows, row)
            if not seen.is_bearable:
                return


def _find_formulas(plain: bytes, patterns: _Patterns, seen: SheetXml) -> None:
    """Find errors and formulas without a value; formulas with one where there are none of these."""
    if b'"e"' in plain or b"'e'" in plain:
        found = patterns.error.finditer(plain)
        for match in islice(found, KEPT):
            value = unescape((match[2] or b"error").decode("utf-8", "replace"))
            seen.errors.append((_attributes(match[1]).get("r", ""), value))
        seen.more_errors = sum(1 for _ in found)
    if b"<f" not in plain and b":f" not in plain:
        return
    for match in patterns.bare.finditer(plain):
        attributes = _attributes(match[1])
        if attributes.get("t") == "str":  # a text without a letter
            continue
        if len(seen.bare) == KEPT:
            seen.more_bare = sum(1 for _ in patterns.bare.finditer(plain, match.start()))
            break
        seen.bare.append(attributes.get("r", ""))
    if not (seen.errors or seen.bare):
        found = patterns.formula.finditer(plain)
        if first := next(found, None):
            seen.valued = _attributes(first[1]).get("r", "")
            seen.with_value = 1 + sum(1 for _ in found)


def _find_hidden(plain: bytes, patterns: _Patterns, seen: SheetXml) -> None:
    """Count hidden rows and find the first."""
    if b"hidden" not in plain:
        return
    found = patterns.hidden.finditer(plain)
    if first := next(found, None):
        seen.hidden = 1 + sum(1 for _ in found)
        for match in patterns.each.finditer(plain, 0, plain.index(b">", first.end()) + 1):
            if match[2] is not None:
                seen.first_hidden = _number(match[2], seen.first_hidden)


def _number(row: bytes, last: int) -> int:
    """Return the number of a row; without one it follows the last."""
    number = _attributes(row).get("r", "")
    return int(number) if number else last + 1


def _attributes(text: bytes) -> dict[str, str]:
    """Return the attributes of a tag by name."""
    found = _ATTRIBUTE.findall(text)
    return {
        name.decode("utf-8", "replace"): unescape(value[1:-1].decode("utf-8", "replace"))
        for name, value in found
    }


def _parted(address: str) -> tuple[int, int]:
    """Return column and row of an address.

    Raises
    ------
    ValueError
        It is none.
    """
    letters = address.rstrip(digits)
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 7):
        raise ValueError(f"{address[:20]!r} is no cell")
    return column_of(letters), int(address[len(letters) :][:9] or 0)


def column_of(letters: str) -> int:
    """Return the number of a column, from 1, by its letters.

    >>> column_of("A"), column_of("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
