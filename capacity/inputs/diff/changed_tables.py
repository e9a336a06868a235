"""Tables that differ: rows are met by the key of their table, then cell by cell."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.inputs.diff.changed import ADDED, CHANGED, REMOVED, TABLE, Changed, as_text
from capacity.inputs.districts.district import District
from capacity.inputs.tables.columns import PLACES, TABLES

#: Columns of the frames that are not of the files.
_PLACE = ("line", "file")


def changed_tables(a: District, b: District) -> tuple[Changed, ...]:
    """Name every cell of every table that is not the same on both sides."""
    return tuple(
        change
        for name, table in TABLES.items()
        for change in _changed(name, table.key, a.table(name), b.table(name))
    )


def _changed(
    name: str, key: tuple[str, ...], a: pd.DataFrame, b: pd.DataFrame
) -> Iterator[Changed]:
    columns = [c for c in dict.fromkeys([*b, *a]) if c not in (*key, *_PLACE)]
    one, other = (dict(zip(_keys(side, key), range(len(side)), strict=True)) for side in (a, b))
    for k, row in one.items():
        if k not in other:
            yield from _whole(name, REMOVED, k, a, row, columns)
    both = [k for k in one if k in other]
    old, new = (
        side.iloc[[rows[k] for k in both]].reset_index(drop=True)
        for side, rows in ((a, one), (b, other))
    )
    differs = np.column_stack([_differs(old, new, column) for column in columns])
    for row, number in np.argwhere(differs).tolist():
        column = columns[number]
        before, after = _cell(old, row, column), _cell(new, row, column)
        yield Changed(TABLE, name, CHANGED, _said(both[row]), column, before, after, _at(new, row))
    for k, row in other.items():
        if k not in one:
            yield from _whole(name, ADDED, k, b, row, columns)


def _keys(frame: pd.DataFrame, key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Give the key of each row as text, part by part."""
    parts = [[as_text(cell) for cell in frame[name].tolist()] for name in key]
    if "basis" in key:  # without one, a ratio is per birth
        parts[key.index("basis")] = [cell or "births" for cell in frame["basis"].tolist()]
    return list(zip(*parts, strict=True))


def _said(key: tuple[str, ...]) -> str:
    return ", ".join(part for part in key if part)


def _differs(a: pd.DataFrame, b: pd.DataFrame, column: str) -> NDArray[Any]:
    one, other = (_column(frame, column) for frame in (a, b))
    empty = (one != one) & (other != other)  # noqa: PLR0124 - nan is not itself
    return np.asarray((one != other) & ~empty, dtype=bool)


def _column(frame: pd.DataFrame, column: str) -> NDArray[Any]:
    if column in frame:
        return frame[column].to_numpy()
    return np.full(len(frame), 0.0 if column.startswith(PLACES) else np.nan)


def _cell(frame: pd.DataFrame, row: int, column: str) -> str:
    return as_text(frame[column].iloc[row]) if column in frame else ""


def _whole(
    name: str,
    change: str,
    key: tuple[str, ...],
    frame: pd.DataFrame,
    row: int,
    columns: list[str],
) -> Iterator[Changed]:
    """Give the filled cells of a row that one side alone has; a row without any, once."""
    cells = {column: _cell(frame, row, column) for column in columns}
    filled = {column: text for column, text in cells.items() if text} or {"": ""}
    for column, text in filled.items():
        old, new = ("", text) if change == ADDED else (text, "")
        yield Changed(TABLE, name, change, _said(key), column, old, new, _at(frame, row))


def _at(frame: pd.DataFrame, row: int) -> str:
    file = PurePath(str(frame["file"].iloc[row])).name
    return f"{file}:{frame['line'].iloc[row]}"
