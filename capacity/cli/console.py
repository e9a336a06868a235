"""What a console cannot show stands there as the nearest that it can, and nothing is lost.

A console in GBK has no minus sign, one in Windows' Latin no sign for not less: a plain sign is read
as well. What has no such, as a Chinese character in Latin, is escaped. A console that says that it
is ASCII was not set up, and takes UTF-8.
"""

from __future__ import annotations

import codecs
import unicodedata
from functools import partial
from io import TextIOWrapper
from typing import IO, Any, TextIO

from capacity.base.words import word

#: Signs whose plain spelling Unicode does not tell.
_PLAIN = {
    "\N{MINUS SIGN}": "-",
    "\N{MULTIPLICATION SIGN}": "x",
    "\N{DIVISION SIGN}": "/",
    "\N{LESS-THAN OR EQUAL TO}": "<=",
    "\N{GREATER-THAN OR EQUAL TO}": ">=",
    "\N{LEFTWARDS ARROW}": "<-",
    "\N{RIGHTWARDS ARROW}": "->",
    "\N{FRACTION SLASH}": "/",
    "\N{MIDDLE DOT}": "-",
    "\N{BULLET}": "*",
    "\N{IDEOGRAPHIC FULL STOP}": ".",
    "\N{IDEOGRAPHIC COMMA}": ",",
}
#: What stands for any dash, for spaces and for what has no width, by category.
_BY_CATEGORY = {"Pd": "-", "Zs": " ", "Mn": "", "Me": "", "Cf": ""}


def open_console(*streams: TextIO) -> None:
    """Let streams take every text, whatever their encoding."""
    for stream in streams:
        if isinstance(stream, TextIOWrapper):
            name = codecs.lookup(stream.encoding).name
            encoding = "utf-8" if name == "ascii" else name
            errors = f"capacity.nearest.{encoding}"
            codecs.register_error(errors, partial(nearest, encoding))
            stream.reconfigure(encoding=encoding, errors=errors)


def shows(text: str, stream: IO[Any]) -> bool:
    """Whether a stream takes a text as it is."""
    return _fits(text, getattr(stream, "encoding", None) or "utf-8")


def nearest(encoding: str, error: UnicodeError) -> tuple[bytes, int]:
    """Return what stands for characters that an encoding lacks, and where they end.

    The encoding is told, since some give another name for themselves with the error.

    Raises
    ------
    UnicodeError
        It was bytes that could not be read.
    """
    if not isinstance(error, UnicodeEncodeError):
        raise error
    lacking = _undone(error.object[error.start : error.end], encoding)
    text = "".join(_spelt(character, encoding) for character in lacking)
    return text.encode(encoding), error.end


def _undone(text: str, encoding: str) -> str:
    """Return a name that the system gave in the console's encoding, and Python could not read."""
    try:
        return text.encode("ascii", "surrogateescape").decode(encoding)
    except UnicodeError:
        return text


def unnamed(error: UnicodeEncodeError, lang: str) -> str:
    """Say that the system has no such names of files, and how it gets them."""
    lacking = error.object[error.start : error.end]
    return word("system.encoding", lang, encoding=error.encoding, lacking=lacking)


def _spelt(character: str, encoding: str) -> str:
    text = character if _fits(character, encoding) else _plain(character)
    if text is not None and _fits(text, encoding):
        return text
    return character.encode("ascii", "backslashreplace").decode("ascii")


def _plain(character: str) -> str | None:
    """Return a character without its marks or in other signs; None where it has no such."""
    category = unicodedata.category(character)
    if character in _PLAIN:
        return _PLAIN[character]
    if category in _BY_CATEGORY:
        return _BY_CATEGORY[category]
    if category in ("Pi", "Pf"):
        return "'" if "SINGLE" in unicodedata.name(character) else '"'
    parts = unicodedata.normalize("NFKD", character)
    if parts == character:
        return None
    return "".join(part if (plain := _plain(part)) is None else plain for part in parts)


def _fits(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True
