"""What differs in the inputs of two scenarios: levers, settings, district.yaml and tables."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

#: What a change is of, in the order in which it is listed.
LEVER, SETTING, DISTRICT, TABLE = "lever", "setting", "district", "table"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"


@dataclass(frozen=True)
class Changed:
    """One input that is not the same on both sides.

    Attributes
    ----------
    what : str
        ``lever``, ``setting`` (of the scenario file), ``district`` (district.yaml) or ``table``.
    table : str
        Of a row of a table: which.
    change : str
        ``added`` (only in b), ``removed`` (only in a) or ``changed``.
    key : str
        The lever by kind and cells, the path of a setting, or the key of a row.
    column : str
        The field of the lever or the column of the table; empty for a setting.
    a, b : str
        Old and new; empty where there is none.
    at : str
        File and line where it stands: in b, of what was removed in a.
    """

    what: str
    table: str
    change: str
    key: str
    column: str
    a: str
    b: str
    at: str = ""


def as_text(value: Any) -> str:
    """Give a value as it would stand in a file: whole numbers without a point, no value empty.

    >>> as_text(1200.0), as_text(0.69), as_text(float("nan")), as_text(("north", "south"))
    ('1200', '0.69', '', 'north, south')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, tuple | list):
        return ", ".join(map(as_text, value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def between(a: str, b: str) -> str:
    """Name the change from a text to another, of which one may be empty."""
    return CHANGED if a and b else ADDED if b else REMOVED
