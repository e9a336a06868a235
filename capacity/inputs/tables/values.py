"""One cell to one value: numbers, codes and months as people write them; and forms of names.

Every reader returns a `Value`, what was read and the kind of change made to read it (empty if it
was taken as written), or raises `CellError`.

Words for grades and years are read by `capacity.inputs.tables.grades` and `years`.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from capacity.base.words import catalog

MAX_CODE = 64
#: Longer texts are no figure, grade or year, so that nobody looks for one in them.
MAX_WORD = 200
_PLAIN = re.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
_SCALES = {"": 1, **catalog("reading")["scales"]}
#: Words for a note.
_NOTED = "|".join(sorted(catalog("reading")["notes"], key=len, reverse=True))
_SCALE_WORDS: Mapping[str, int] = catalog("layout")["scales"]
#: Words for each unit that columns have.
_UNIT_WORDS: Mapping[str, Sequence[str]] = catalog("layout")["units"]
_NUMBER = re.compile(
    r"([+-]?(?:(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?)"
    rf"\s*([{''.join(_SCALES)}]?)(\D*)",
    re.ASCII | re.IGNORECASE,
)
#: Characters that look like a minus sign and are none.
_DASHES = "\u2212\u2010\u2011\u2012\u2013\u2014\u2015\ufe63"
#: Marks of footnotes beside superscripts; and superscripts that are none, but end an ordinal.
_NOTE_MARKS = "*\u2020\u2021\u00a7\u00b6"
#: A note in brackets after a figure: [1], [note 2], (r) for a revised one.
_IN_BRACKETS = re.compile(
    rf"(?<=\d)\s*(?:\[(?:(?:{_NOTED})\s*)?[a-z\d]{{1,2}}\]|\((?:(?:{_NOTED})\s*\d{{1,2}}|[a-z])\))$",
    re.IGNORECASE | re.ASCII,
)
_ORDINALS = "\u00ba\u00aa"
#: Accents of Latin, Greek and Cyrillic letters; marks of other scripts are letters of their own.
_ACCENTS = re.compile("[\u0300-\u036f]+")
#: Traditional characters with the simplified ones of the package's words.
_PAIRS = catalog("reading")["traditional"]
_SIMPLIFIED = str.maketrans(_PAIRS[1::2], _PAIRS[::2])
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"
_NOT_FINITE = {"nan", "inf", "infinity", "+inf", "-inf", "-infinity", "+infinity", "-nan"}
#: A name with nothing but one of these is none.
DASHES = frozenset({"—", "——", "\N{FULLWIDTH HYPHEN-MINUS}", "–", "―", "─", "-", "--"})
#: Those of them that may stand for a count that is withheld.
HYPHENS = frozenset({"-", "--"})
#: First and last school year that may stand in a file.
YEARS = (1900, 2200)
_BLANKS = re.compile(r"[\s_\-]+")


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


def is_figure(cell: Cell) -> bool:
    """Whether a cell is a plain number, in a text file as in a workbook."""
    return isinstance(cell, float) or is_plain(cell)


def normal_code(text: str) -> str:
    """Return the form by which codes are matched: NFKC, without white space around it."""
    return unicodedata.normalize("NFKC", text.strip().strip(_INVISIBLE)).strip()


def without_accents(text: str) -> str:
    """Return a text without the accents of Latin, Greek and Cyrillic letters, NFKC.

    Traditional Chinese characters become the simplified ones of the package's words.

    >>> without_accents("Région"), without_accents("學年度")
    ('Region', '学年度')
    """
    bare = unicodedata.normalize("NFKC", _ACCENTS.sub("", unicodedata.normalize("NFKD", text)))
    return bare.translate(_SIMPLIFIED)


def without_marks(text: str) -> tuple[str, str]:
    """Return a text without the marks of footnotes after it, and these marks.

    They are superscripts, digits in circles, *, † and the like, and notes in brackets, but for the
    letters of an ordinal (1º); a text of nothing else is none.

    >>> without_marks("102¹"), without_marks("102 [r]"), without_marks("1º"), without_marks("②")
    (('102', '¹'), ('102', '[r]'), ('1º', ''), ('②', ''))
    """
    bare = text.rstrip()
    if (bare.isalnum() and bare.isascii()) or len(bare) > MAX_WORD:
        return text, ""
    if bare[-1:] in "])" and (match := _IN_BRACKETS.search(bare)):
        bare = bare[: match.start()]
    while bare and _is_mark(bare[-1]):
        bare = bare[:-1].rstrip()
    return (bare, text.rstrip()[len(bare) :].strip()) if bare else (text, "")


def _is_mark(character: str) -> bool:
    """Whether a character is a mark of a footnote."""
    if character in _NOTE_MARKS:
        return True
    form, _, made_of = unicodedata.decomposition(character).partition(" ")
    if form == "<circle>" or (form == "<compat>" and made_of.startswith("0028")):
        return True
    return form == "<super>" and character not in _ORDINALS


def plain_name(text: str) -> str:
    """Return the form by which two spellings of a name are told: no case, width, blanks or accents.

    >>> plain_name("École du Chêne") == plain_name("ＥＣＯＬＥ  du chene")
    True
    """
    bare = "".join(normal_code(text).split()).casefold()
    return bare if bare.isascii() else without_accents(bare)


@lru_cache(maxsize=4096)
def fold(name: str) -> str:
    """Return a name without case, width, blanks, ``_``, ``-`` and accents.

    >>> fold("Ré gion"), fold("ＰＵＰＩＬＳ_2"), fold("学 年")
    ('region', 'pupils2', '学年')
    """
    if name.isascii():
        return _BLANKS.sub("", name).casefold()
    return _BLANKS.sub("", without_accents(name)).casefold()


def read_number(cell: Cell, units: tuple[str, ...] = ()) -> Value[float]:
    """Read a number as people write it: 120, 1,234, １２０, 1.2万, 120人 (a unit of ``units``).

    The arithmetic is decimal, so that 0.07万 is 700 exactly. Marks of footnotes (102¹) are dropped.
    """
    if isinstance(cell, NonTextCell):
        raise CellError(f"cell-{cell.kind}")
    if not isinstance(cell, str) or _PLAIN.fullmatch(cell):
        return Value(_finite(float(cell)))
    bare, marks = without_marks(cell)
    text = unicodedata.normalize("NFKC", bare).strip()
    match = _NUMBER.fullmatch(text)
    factor = None if match is None else _factor(match[3], units)
    if match is None or factor is None:
        raise _not_a_number(text)
    digits = match[1].replace(",", "")
    if re.match(r"[+-]?0\d", digits):
        raise CellError("number-leading-zero")
    number = _finite(float(digits))
    if (factor := factor * _SCALES[match[2]]) > 1:
        number = _finite(float(Decimal(repr(number)) * factor))
    return Value(number, "mark" if marks else _kind(cell, text, match, number))


def _factor(rest: str, units: tuple[str, ...]) -> int | None:
    """Return what the words after a number multiply it by; None where they are no unit of it."""
    words = rest.casefold().split()
    factor = _SCALE_WORDS.get(words[0]) if words else None
    unit = "".join(words[1:] if factor else words)
    is_one = not unit or any(
        unit in (known.casefold(), *_UNIT_WORDS.get(known, ())) for known in units
    )
    return (factor or 1) if is_one else None


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


def read_month(cell: Cell) -> Value[str]:
    """Read a year and month, YYYY-MM; a workbook's date cell gives its month."""
    if isinstance(cell, NonTextCell) and cell.kind == "date":
        return Value(cell.text[:7], "month")
    text = normal_code(show(cell))
    match = re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text, re.ASCII)
    if match is None or not YEARS[0] <= int(match[1]) <= YEARS[1]:
        raise CellError("month-invalid")
    return Value(text, "trimmed" if text != cell else "")
