"""Texts that a spreadsheet would take for a formula: how tables write them, and read them back.

A code may begin with any printable sign, ``=`` among them, so that it cannot be refused; every
text of a table that is written is guarded by one apostrophe instead, and every reader of such a
table takes that off again.
"""

from __future__ import annotations

import re

_SIGNS = (
    *("=", "+", "-", "@", "\t", "\r", "\N{FULLWIDTH EQUALS SIGN}", "\N{FULLWIDTH PLUS SIGN}"),
    *("\N{FULLWIDTH HYPHEN-MINUS}", "\N{FULLWIDTH COMMERCIAL AT}"),
)
_NUMBER = re.compile(r"[+-]?[0-9][0-9.,]*(?:[eE][+-]?[0-9]{1,3})?%?")


def guarded(text: str) -> str:
    """Return a text as a table has it: an apostrophe before what would begin a formula.

    Numbers are none. What has apostrophes before such a sign gets one more, so that `unguarded`
    gives every text back.

    >>> [guarded(text) for text in ("=A1", "'=A1", "-3.5", "north", "'s")]
    ["'=A1", "''=A1", '-3.5', 'north', "'s"]
    """
    return f"'{text}" if _begins(text) else text


def unguarded(text: str) -> str:
    """Return the text that `guarded` was given.

    >>> [unguarded(text) for text in ("'=A1", "''=A1", "north", "'s")]
    ['=A1', "'=A1", 'north', "'s"]
    """
    return text[1:] if text.startswith("'") and _begins(text) else text


def _begins(text: str) -> bool:
    bare = text.lstrip("'")
    return bare.startswith(_SIGNS) and not _NUMBER.fullmatch(bare)
