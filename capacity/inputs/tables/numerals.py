"""Numbers with a decimal comma, as files between semicolons have them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from capacity.inputs.tables.values import Cell, CellError

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


def is_unclear(cell: Cell) -> bool:
    """Whether a number may have a decimal comma or one of thousands."""
    return isinstance(cell, str) and _EITHER.fullmatch(cell.strip()) is not None


def refuse_unclear(cell: Cell) -> None:
    """Refuse a number whose comma has two meanings.

    Raises
    ------
    CellError
        ``number-comma``.
    """
    if is_unclear(cell):
        text = str(cell).strip()
        raise CellError("number-comma", one=text.replace(",", "."), other=text.replace(",", ""))
