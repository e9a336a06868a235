"""How counts are written: in units of thousands, with a decimal comma, with points for commas.

A unit (千人, 万人, thousands) stands in a header or above it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from capacity.base.words import catalog
from capacity.inputs.tables.columns import TABLES, Column
from capacity.inputs.tables.values import Cell, CellError, fold, read_number

_LAYOUT = catalog("layout")
_SCALES: Mapping[str, int] = catalog("reading")["scales"]
_ENGLISH = {fold(word): factor for word, factor in _LAYOUT["scales"].items()}
#: The word of columns for each unit, by every word for it.
_UNITS = {fold(unit): unit for table in TABLES.values() for c in table.columns for unit in c.units}
_UNITS |= {fold(one): unit for unit, ones in _LAYOUT["units"].items() for one in (unit, *ones)}
_BEFORE = "|".join(sorted(map(re.escape, _LAYOUT["unit_before"]), key=len, reverse=True))
#: A unit that is named as one: 单位：千人, Unit: thousands.
_NAMED = re.compile(rf"(?:^|[\s(\[,;:])(?:{_BEFORE})\s*:\s*([^()\[\]]+)", re.IGNORECASE)
#: A unit in brackets, or with its preposition: (千人), in thousands, '000s.
_ALONE = re.compile(r"[(\[]([^()\[\]]+)[)\]]|\bin\s+([^,;()]+)|('000s?)\b", re.IGNORECASE)
_PARTS = re.compile("[,;/&\N{IDEOGRAPHIC COMMA}]|\\band\\b")
#: Brackets around a unit in a header, and what may stand before one without brackets.
_OPENING, _CLOSING = "([", ")]"
_BREAKS = (",", "/", ":", " in ", "_in_", "_")
#: Numbers that can only have a decimal comma, and those that can only have a comma of thousands.
_COMMA = re.compile(r"[+-]?(?:\d+,(?:\d{1,2}|\d{4,})|0,\d+|\d{1,3}(?:[.\s]\d{3})+,\d+|\d{4,},\d+)")
_POINT = re.compile(
    r"[+-]?(?:\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:,\d{3})+\.\d+|\d+\.(?:\d{1,2}|\d{4,}))"
)
#: What may be either.
_EITHER = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
#: What stands between thousands, and numbers in which it does.
_THOUSANDS, _GROUPED = re.compile(r"[.\s]"), re.compile(r"[+-]?\d{1,3}([.\s]\d{3})+")
_NUMERAL = re.compile(r"[+-]?\d[\d., \u00a0\u202f]*")


class Amount(NamedTuple):
    """A unit: how many of what; of anything that is counted where ``of`` is empty."""

    factor: int
    of: str

    def suits(self, column: Column) -> bool:
        """Whether a column is counted in it."""
        return self.of in column.units if self.of else column.counted


def _plain(text: str) -> str:
    """Return a text with the brackets and marks of one width."""
    return unicodedata.normalize("NFKC", text).strip()


@lru_cache(maxsize=4096)
def amount_of(text: str) -> Amount | None:
    """Return the unit that a text names; None where it names none.

    >>> amount_of("千人"), amount_of("Thousands of pupils"), amount_of("班"), amount_of("打")
    (Amount(factor=1000, of='人'), Amount(factor=1000, of='人'), Amount(factor=1, of='班'), None)
    """
    form = _plain(text).casefold().removeprefix("in ").strip()
    factor = 1
    while form[:1] in _SCALES:
        factor, form = factor * _SCALES[form[0]], form[1:].strip()
    if factor == 1:
        for word in sorted(_ENGLISH, key=len, reverse=True):
            plain = fold(form)
            if plain.startswith(word):
                factor, form = _ENGLISH[word], plain[len(word) :].removeprefix("of")
                break
    form = fold(form)
    if not form:
        return Amount(factor, "") if factor > 1 else None
    return Amount(factor, _UNITS[form]) if form in _UNITS else None


def split_unit(name: str) -> tuple[str, Amount] | None:
    """Return the name before a unit in a header, and the unit; None where there is none.

    >>> split_unit("在校生数（千人）"), split_unit("pupils in thousands"), split_unit("pupils")
    (('在校生数', Amount(factor=1000, of='人')), ('pupils', Amount(factor=1000, of='')), None)
    """
    text = _plain(name)
    start = max(map(text.rfind, _OPENING))
    if text[-1:] and text[-1] in _CLOSING and start > 0:
        amount = amount_of(text[start + 1 : -1])
        return (text[:start].strip(), amount) if amount else None
    for mark in _BREAKS:
        before, found, unit = text.rpartition(mark)
        if found and before.strip() and (amount := amount_of(unit)):
            return before.strip(), amount
    return None


class Above(NamedTuple):
    """A unit that stands above a table: its amounts, or the text where it is none that is known."""

    amounts: tuple[Amount, ...]
    unknown: str = ""
    scaled: bool = False


def unit_below(text: str) -> Above | None:
    """Return the unit that a note under a table states; one amid other words is none for sure.

    >>> unit_below("注：单位：千人").amounts, unit_below("增加 (千人)").unknown
    ((Amount(factor=1000, of='人'),), '增加 (千人)')
    """
    said = unit_above(text)
    if said is None or _NAMED.search(_plain(text)) or amount_of(text) is not None:
        return said
    return Above((), text.strip())


def unit_above(text: str) -> Above | None:
    """Return the unit that a text above a table states; None where it states none.

    >>> unit_above("单位：千人、所").amounts
    (Amount(factor=1000, of='人'), Amount(factor=1, of='所'))
    >>> unit_above("单位：打"), unit_above("2024年统计表")
    (Above(amounts=(), unknown='打', scaled=False), None)
    """
    text = _plain(text)
    if match := _NAMED.search(text):
        parts = [part.strip() for part in _PARTS.split(match[1]) if part.strip()]
        amounts = [amount_of(part) for part in parts]
        if all(amounts):
            return Above(tuple(one for one in amounts if one))
        unknown = parts[amounts.index(None)]
        return Above((), unknown, unknown[:1] in _SCALES)
    if amount := amount_of(text):
        return Above((amount,))
    for match in _ALONE.finditer(text):
        amount = amount_of(next(part for part in match.groups() if part))
        if amount and amount.factor > 1:
            return Above((amount,))
    return None


def factor_of(column: Column, amounts: Iterable[Amount]) -> set[int]:
    """Return the factors that units give a column; several where they differ."""
    fitting = [one for one in amounts if one.suits(column)]
    exact = [one for one in fitting if one.of]
    return {one.factor for one in exact or fitting}


def times(cell: Cell, factor: int, units: tuple[str, ...]) -> float | None:
    """Return a cell in units of one; None where no plain number stands in it.

    Raises
    ------
    CellError
        A unit of its own stands in it.
    """
    try:
        value, changed = read_number(cell, units)
    except CellError:
        return None
    if changed == "unit":
        raise CellError("unit-twice", factor=factor)
    try:
        return float(Decimal(repr(value)) * factor)
    except (InvalidOperation, OverflowError):
        return None


def has_decimal_comma(cells: Iterable[Cell]) -> bool | None:
    """Tell whether commas among numbers are decimal; None where nothing tells.

    >>> [has_decimal_comma(cells) for cells in (["12,5", "1.234"], ["12.5"], ["1,234"])]
    [True, False, None]
    """
    comma = point = False
    for cell in cells:
        if isinstance(cell, str) and ("," in cell or "." in cell):
            text = cell.strip()
            comma = comma or _COMMA.fullmatch(text) is not None
            point = point or _POINT.fullmatch(text) is not None
    return None if comma == point else comma


def with_point(cell: Cell) -> Cell:
    """Return a number with a decimal comma as one with a point; anything else as it is.

    >>> with_point("1.234,5"), with_point("0,985"), with_point("1.234"), with_point("12")
    ('1234.5', '0.985', '1234', '12')
    """
    if not isinstance(cell, str) or not _NUMERAL.fullmatch(text := cell.strip()):
        return cell
    whole, comma, part = text.partition(",")
    bare = "".join(_THOUSANDS.split(whole))
    if "," in part or (bare != whole and not _GROUPED.fullmatch(whole)):
        return cell
    return f"{bare}.{part}" if comma else bare


def refuse_unclear(cell: Cell) -> None:
    """Refuse a number whose comma has two meanings.

    Raises
    ------
    CellError
        ``number-comma``.
    """
    if isinstance(cell, str) and _EITHER.fullmatch(text := cell.strip()):
        raise CellError("number-comma", one=text.replace(",", "."), other=text.replace(",", ""))


def are_thousands(numbers: NDArray[np.float64], rows: NDArray[np.intp]) -> bool:
    """Whether the fractions of a column look like thousands with a point for their comma.

    All have three decimals or fewer, and a thousand times them lies nearer to the whole numbers
    beside them than they do; with few of these, they need three decimals somewhere.

    Parameters
    ----------
    numbers : array of float
        The column; nan where there is none.
    rows : array of int
        Where its fractions are.

    Examples
    --------
    >>> are_thousands(np.array([980.0, 1.012, 1.1, 995.0]), np.array([1, 2]))
    True
    >>> are_thousands(np.array([102.0, 103.5, 99.125]), np.array([1, 2]))
    False
    """
    fractions = numbers[rows]
    thousandfold = fractions * 1000
    if (np.abs(thousandfold - np.round(thousandfold)) > 1e-6).any() or (fractions >= 1000).any():
        return False
    if (fractions < 1).any():
        return False
    whole = numbers[~np.isnan(numbers)]
    whole = whole[(whole == np.floor(whole)) & (whole > 0)]
    if not len(whole):
        hundredths = fractions * 100
        return bool((np.abs(hundredths - np.round(hundredths)) > 1e-6).any())
    middle, own = float(np.median(whole)), float(np.median(fractions))
    return _apart(own * 1000, middle) < _apart(own, middle)


def _apart(one: float, other: float) -> float:
    """Return how many times the smaller of two numbers the greater is."""
    return max(one, other) / min(one, other)
