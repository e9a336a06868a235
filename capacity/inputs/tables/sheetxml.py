"""One sheet's XML, looked at in one pass before a parser lays it out.

Expat reads it, so that a hostile sheet costs no more than its length; what is not well-formed is
refused, and what a parser would take for a cell is what is seen here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from xml.parsers import expat

#: Rows times columns up to the furthest cell of a sheet.
MAX_CELLS = 1_000_000
_LETTERS, _DIGITS = re.compile(r"[A-Za-z]{1,7}"), "0123456789"
#: Elements that make a cell more than a style.
_CONTENT = ("v", "f", "is")


@dataclass
class SheetXml:
    """What stands in a sheet, by the addresses of its cells; empty where a cell has none.

    Attributes
    ----------
    columns, rows : int
        Up to the furthest cell with content.
    filled : bool
        Whether there is one.
    errors : list of (address, value)
        Cells with an error value.
    bare, valued : list of str
        Formulas without a value, and formulas with one.
    hidden : list of str
        Numbers of hidden rows.
    """

    columns: int = 1
    rows: int = 1
    filled: bool = False
    errors: list[tuple[str, str]] = field(default_factory=list)
    bare: list[str] = field(default_factory=list)
    valued: list[str] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)

    @property
    def is_bearable(self) -> bool:
        """Whether the sheet can be laid out."""
        return self.columns * self.rows <= MAX_CELLS


class _EnoughSeenError(Exception):
    """There is no need to read on."""


def scan_sheet(xml: bytes, *, whole: bool = True) -> SheetXml:
    """Look at a sheet, up to where it is too large; its first cell alone where not ``whole``.

    Raises
    ------
    xml.parsers.expat.ExpatError, ValueError
        It is not well-formed, or a cell has an address that is none.
    """
    scan = _Scan(whole)
    with suppress(_EnoughSeenError):
        scan.parser.Parse(xml, True)
    return scan.seen


class _Scan:
    """Takes the parser's events; a cell is open from its start to its end."""

    def __init__(self, whole: bool) -> None:
        self.seen, self.whole = SheetXml(), whole
        self.cell: Mapping[str, str] | None = None
        self.formula, self.value = False, list[str]()
        self.row, self.column = 0, 0
        self.columns: dict[str, int] = {}
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        """Open a row or a cell, or note what stands in it."""
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "c":
            self.cell, self.formula = attributes, False
        elif self.cell is not None and name in _CONTENT:
            self._furthest(self.cell.get("r"))
            self.formula |= name == "f"
            if name == "v" and (self.formula or self.cell.get("t") == "e"):
                self.value.clear()
                self.parser.CharacterDataHandler = self.value.append
        elif name == "row":
            number = attributes.get("r", "")
            self.row = int(number) if number else self.row + 1
            self.column = 0
            if attributes.get("hidden") in ("1", "true"):
                self.seen.hidden.append(number or str(self.row))

    def end(self, tag: str) -> None:
        """Close a cell: an error, or a formula."""
        name = tag.rpartition(":")[2] if ":" in tag else tag
        if name == "v":
            self.parser.CharacterDataHandler = None
        elif name == "c" and self.cell is not None:
            kind, address = self.cell.get("t"), self.cell.get("r", "")
            if kind == "e":
                self.seen.errors.append((address, "".join(self.value) or "error"))
            if self.formula and not self.value and kind != "str":
                self.seen.bare.append(address)
            elif self.formula and kind != "e":
                self.seen.valued.append(address)
            self.cell = None
            self.value.clear()

    def _furthest(self, address: str | None) -> None:
        """Take in the place of a cell with content; without an address it follows the last."""
        seen = self.seen
        if address:
            letters = address.rstrip(_DIGITS)
            if letters not in self.columns:
                if not _LETTERS.fullmatch(letters):
                    raise ValueError(f"{address[:20]!r} is no cell")
                self.columns[letters] = column_of(letters)
            self.column, self.row = self.columns[letters], int(address[len(letters) :][:9] or 0)
        else:
            self.column += 1
        if self.column > seen.columns or self.row > seen.rows:
            seen.columns, seen.rows = max(seen.columns, self.column), max(seen.rows, self.row)
            if not seen.is_bearable:
                raise _EnoughSeenError
        seen.filled = True
        if not self.whole:
            raise _EnoughSeenError


def column_of(letters: str) -> int:
    """Return the number of a column, from 1, by its letters.

    >>> column_of("A"), column_of("XFD")
    (1, 16384)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
