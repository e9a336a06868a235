"""Values of a table to the columns of its frame, by what kind of column each is."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pandas as pd

from capacity.inputs.tables.columns import PLACES, Column, Table

_TEXT_KINDS = ("code", "region", "level", "levels", "choice", "month", "size", "text")
_INT_KINDS = ("year", "grade", "whole")
#: Since pandas 3 a copy takes its cells only once they are written to.
DEEP = pd.__version__.startswith("2.")


def empty_frame(table: Table) -> pd.DataFrame:
    """Return the frame of a table that is absent: all its columns, no rows."""
    return _empty(table).copy(deep=DEEP)


@lru_cache(256)
def _empty(table: Table) -> pd.DataFrame:
    columns = {column.name: array(column, []) for column in table.columns}
    return pd.DataFrame({**columns, "line": np.zeros(0, np.int64), "file": texts([])})


def array(column: Column, values: Sequence[object]) -> object:
    """Return a column of the frame: str, int64 where always filled, else float64 with NaN."""
    if column.kind in _TEXT_KINDS:
        return texts([value if value is not None else "" for value in values])
    numbers = np.array(values, dtype=float)
    if column.name.startswith(PLACES):
        return np.nan_to_num(numbers)
    if column.kind in _INT_KINDS and column.filled:
        return np.nan_to_num(numbers).astype(np.int64)
    return numbers


def without(values: Sequence[object], rows: Sequence[int]) -> Sequence[object]:
    """Return values without those of some rows: a total is not held against what is assumed."""
    if not rows:
        return values
    gone = set(rows)
    return [None if row in gone else value for row, value in enumerate(values)]


def with_red(quality: object, rows: Sequence[int]) -> pd.Series[str]:
    """Return the qualities of rows, of which some hold figures that are assumed."""
    all_texts = list(quality)  # type: ignore[call-overload]  # of a series
    for row in rows:
        all_texts[row] = "RED"
    return texts(all_texts)


def blank(column: Column, rows: int) -> object:
    """Return the column of a frame whose file does not have it."""
    if column.kind in _TEXT_KINDS:
        return pd.Series("", index=range(rows), dtype="str")
    return array(column, [None] * rows)


def texts(values: Sequence[object]) -> pd.Series[str]:
    """Return values as a column of text."""
    return pd.Series([str(value) for value in values], dtype="str")
