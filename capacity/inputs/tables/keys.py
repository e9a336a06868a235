"""Rows of a table that share a key."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from capacity.base.errors import Phrase, Problems, phrase
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.headers import as_written
from capacity.inputs.tables.sheets import Sheet


def refuse_twice(
    frame: pd.DataFrame, table: Table, sheet: Sheet, found: Mapping[str, int], problems: Problems
) -> None:
    """Name every row whose key has stood before, with the line of the first."""
    key = list(table.key)
    keys = frame[key]
    if "basis" in key:
        keys = keys.assign(basis=keys["basis"].replace("", "births"))
    twice = keys.duplicated().to_numpy()
    if not twice.any():
        return
    numbers = pd.Series(range(len(frame)))
    first = numbers.groupby([keys[name] for name in key], dropna=False).transform("first")
    given = [name for name in key if name in found]
    terms = tuple(as_written(sheet.header[found[name]], table.column(name)) for name in given)
    file = sheet.path
    for row in np.flatnonzero(twice).tolist():
        if not problems.room("key-twice", file):
            problems.count("key-twice", file)
            continue
        other = int(first[row])
        problems.error(
            "key-twice",
            sheet.at(row, found[given[0]]),
            found=", ".join(str(keys[name].iloc[row]) for name in given),
            key=terms,
            other=_line_beside(sheet, other, row),
            apart=_telling(sheet, other, row),
        )


def _line_beside(sheet: Sheet, other: int, row: int) -> object:
    """Return the line of a row, with its file where that is not the one of another row."""
    if sheet.file_of(other) == sheet.file_of(row):
        return sheet.lines[other]
    return str(sheet.at(other))


def _telling(sheet: Sheet, one: int, other: int) -> Phrase:
    """Return which columns that are not read tell two rows apart."""
    differ = [
        sheet.header[index]
        for index in sorted(sheet.spare)
        if sheet.rows[one][index] != sheet.rows[other][index]
    ]
    names = ", ".join(name.strip() for name in differ[:3])
    return phrase("facts.apart", names=names) if differ else Phrase("", "")
