"""Marks in place of a count that is withheld: ``*``, ``c``, ``<10``, ``…``."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from capacity.base.words import catalog
from capacity.inputs.tables.values import MAX_WORD, Cell

_READING = catalog("reading")
_WITHHELD = _READING["withheld"]
#: The code of the problem of a count that is withheld, and the kind of change where it is filled.
CODE, CHANGE = "counts-withheld", "withheld"


def is_withheld(cell: Cell) -> bool:
    """Whether a mark stands where a count is withheld or not known.

    A number below which it lies and a range of numbers are such marks.

    >>> [is_withheld(cell) for cell in ("*", "<10", "≤5", "1–4", "少于10", "n/a", "12", "0", "")]
    [True, True, True, True, True, True, False, False, False]
    """
    if not isinstance(cell, str) or len(cell) > MAX_WORD:
        return False
    form = " ".join(unicodedata.normalize("NFKC", cell).casefold().split())
    return form in _marks() or cell.strip() in _marks() or _LIMIT.fullmatch(form) is not None


@cache
def _marks() -> frozenset[str]:
    """Return the marks, as they are written and in the form by which cells are compared."""
    stated = _WITHHELD["marks"]
    return frozenset({*stated, *(unicodedata.normalize("NFKC", mark) for mark in stated)})


def _limit() -> re.Pattern[str]:
    """Return the pattern of a number with what says that a count is below or above it."""
    before, after, to = (
        "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        for words in (_WITHHELD["before"], _WITHHELD["after"], _READING["years"]["to"])
    )
    number = r"\d{1,3}"
    return re.compile(
        rf"(?:{before}) ?{number}|{number} ?(?:{after})|{number} ?(?:{to}) ?{number}", re.ASCII
    )


_LIMIT = _limit()
