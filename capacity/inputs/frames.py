"""A sheet and its table's columns to a checked frame.

Each distinct cell of a column is read once; where all are well the column is done, and only
the rows whose cells fail or change are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capacity.errors import Message, Problems, nearest, register
from capacity.inputs.columns import PLACES, Column, Table, fold, match_column
from capacity.inputs.records import Change
from capacity.inputs.sheets import Sheet, total_word
from capacity.inputs.values import (
    Cell,
    Value,
    bad,
    is_empty,
    normal_code,
    read_code,
    read_month,
    read_number,
    read_year,
    show,
)

_TEXT_KINDS = ("code", "region", "level", "levels", "choice", "month", "text")
_INT_KINDS = ("year", "grade", "whole")
ALL = "all"

register(
    {
        "column-blank": {
            "en": Message("a column without a name", "a name in every cell of the header"),
            "zh": Message("有一列没有列名", "表头每格都有列名"),
        },
        "column-twice": {
            "en": Message("column {column} stands twice (also column {other})", "it once"),
            "zh": Message("“{column}”列重复（另见第 {other} 列）", "只出现一次"),
        },
        "column-unknown": {
            "en": Message("unknown column in table {table}", "one of: {known}"),
            "zh": Message("表 {table} 没有这一列", "下列之一：{known}"),
        },
        "column-missing": {
            "en": Message(
                "table {table} lacks the column(s) {missing}", "a header with at least: {wanted}"
            ),
            "zh": Message("表 {table} 缺少列 {missing}", "表头至少包括：{wanted}"),
        },
        "total-row": {
            "en": Message("a total row", "data rows only in a CSV file", "delete the row"),
            "zh": Message("合计行", "CSV 文件中只有数据行", "请删除该行"),
        },
        "key-twice": {
            "en": Message(
                "the same {key} as in line {other}", "each {key} once", "delete or correct one row"
            ),
            "zh": Message("{key} 与第 {other} 行相同", "每个 {key} 只有一行", "请删除或更正其一"),
        },
        "unknown-region": {
            "en": Message("unknown region in column {column}", "one of: {known}"),
            "zh": Message("“{column}”列的区域未知", "下列之一：{known}"),
        },
        "unknown-level": {
            "en": Message("unknown level in column {column}", "one of: {known}"),
            "zh": Message("“{column}”列的学段未知", "下列之一：{known}"),
        },
        "unknown-value": {
            "en": Message("unknown {column}", "one of: {known}"),
            "zh": Message("“{column}”列的值未知", "下列之一：{known}"),
        },
        "grade-outside": {
            "en": Message("a grade outside every level", "one of: {known}"),
            "zh": Message("年级不属于任何学段", "下列之一：{known}"),
        },
        "fractions": {
            "en": Message("{count} cell(s) of column {column} are not whole numbers: estimates?"),
            "zh": Message("“{column}”列有 {count} 格不是整数：是估计值吗？"),
        },
    }
)


@dataclass(frozen=True)
class Names:
    """What the cells of a district's tables may name.

    Attributes
    ----------
    regions : tuple of str
        Leaf regions.
    levels : mapping of str to (int, int)
        First and last grade of each level.
    """

    regions: tuple[str, ...]
    levels: Mapping[str, tuple[int, int]]

    @property
    def grades(self) -> tuple[int, ...]:
        """All grades of all levels, in order."""
        spans = self.levels.values()
        return tuple(sorted({grade for a, b in spans for grade in range(a, b + 1)}))


def empty_frame(table: Table) -> pd.DataFrame:
    """Give the frame of a table that is absent: all its columns, no rows."""
    columns = {column.name: _array(column, []) for column in table.columns}
    return pd.DataFrame({**columns, "line": np.zeros(0, np.int64), "file": _texts([])})


def read_frame(
    sheet: Sheet, table: Table, names: Names, problems: Problems, changes: list[Change]
) -> pd.DataFrame:
    """Read every cell of ``sheet``; the rows without a fault make the frame."""
    found = _match_header(sheet, table, problems)
    if not sheet.rows:
        problems.error("table-empty", sheet.at_header())
        return empty_frame(table)
    keep = _drop_totals(sheet, table, found, problems)
    good = keep.copy()
    arrays: dict[str, object] = {}
    for column in table.columns:
        if (index := found.get(column.name)) is None:
            arrays[column.name] = _array(column, [None] * len(sheet.rows))
            continue
        reader = _Reader(sheet, column, index, names, problems, changes)
        values, faults = reader.read(keep)
        good &= ~faults
        arrays[column.name] = _array(column, values)
    lines = np.asarray(sheet.lines, np.int64)
    frame = pd.DataFrame({**arrays, "line": lines, "file": _texts([sheet.file] * len(lines))})
    if not set(table.required) <= set(found):
        return empty_frame(table)
    frame = frame[good].reset_index(drop=True)
    _refuse_twice(frame, table, sheet, found, problems)
    return frame


def _match_header(sheet: Sheet, table: Table, problems: Problems) -> dict[str, int]:
    """Find the index of each column of the table; name what is wrong with the header."""
    found: dict[str, int] = {}
    others: dict[str, int] = {}
    for index, name in enumerate(sheet.header):
        at = sheet.at_header(index)
        if not name.strip():
            problems.error("column-blank", at)
            continue
        column = match_column(name, table)
        seen, key = (others, fold(name)) if column is None else (found, column.name)
        if key in seen:
            problems.error("column-twice", at, found=name, column=key, other=seen[key] + 1)
            continue
        seen[key] = index
        if column is None:
            known = [known.name for known in table.columns]
            aliases = {alias: known.name for known in table.columns for alias in known.aliases}
            near = nearest(name, known) or nearest(name, aliases)
            problems.error(
                "column-unknown",
                at,
                found=name,
                table=table.name,
                known=", ".join(known),
                nearest=tuple(dict.fromkeys(aliases.get(one, one) for one in near)),
            )
    if missing := [name for name in table.required if name not in found]:
        problems.error(
            "column-missing",
            sheet.at_header(),
            table=table.name,
            missing=", ".join(missing),
            wanted=", ".join(table.required),
        )
    return found


def _drop_totals(
    sheet: Sheet, table: Table, found: Mapping[str, int], problems: Problems
) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """Refuse rows that name a total in their first cell or in their key."""
    keep = np.ones(len(sheet.rows), bool)
    for index in sorted({0} | {found[name] for name in table.key if name in found}):
        column = [row[index] for row in sheet.rows]
        words = {cell for cell in set(column) if total_word(cell)}
        if not words:
            continue
        for row, cell in enumerate(column):
            if cell in words and keep[row]:
                keep[row] = False
                problems.error("total-row", sheet.at(row, index), found=show(cell))
    return keep


@dataclass
class _Reader:
    """Reads one column of one sheet."""

    sheet: Sheet
    column: Column
    index: int
    names: Names
    problems: Problems
    changes: list[Change]

    def read(
        self, keep: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> tuple[list[object], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        """Give the value of every row (None where there is none), and where it is at fault."""
        cells = [row[self.index] for row in self.sheet.rows]
        read = _reader(self.column, self.names)
        memo = {cell: self._value(cell, read) for cell in set(cells)}
        faults = np.zeros(len(cells), bool)
        special = {cell for cell, value in memo.items() if value.change or value.fault}
        if special:
            for row, cell in enumerate(cells):
                if cell in special and keep[row]:
                    faults[row] = self._tell(row, cell, memo[cell])
        values = [memo[cell].value for cell in cells]
        self._warn_fractions(values, keep)
        return values, faults

    def _value(self, cell: Cell, read: Callable[[Cell], Value]) -> Value:
        if is_empty(cell):
            return bad("cell-empty") if self.column.filled else Value(None)
        return read(cell)

    def _tell(self, row: int, cell: Cell, value: Value) -> bool:
        """Put a fault or a change on record; tell whether it was a fault."""
        at = self.sheet.at(row, self.index)
        if value.fault is None:
            after = show(value.value) if isinstance(value.value, str | float) else str(value.value)
            self.changes.append(Change(at, value.change, show(cell), after))
            return False
        facts = {"column": self.column.name, **value.fault.facts}
        if not is_empty(cell):
            facts = {"found": cell if isinstance(cell, str) else show(cell), **facts}
        self.problems.error(value.fault.code, at, **facts)
        return True

    def _warn_fractions(
        self, values: Sequence[object], keep: np.ndarray[tuple[int], np.dtype[np.bool_]]
    ) -> None:
        if not self.column.heads:
            return
        numbers = np.array(values, dtype=float)
        rows = np.flatnonzero(keep & (numbers != np.floor(numbers)) & ~np.isnan(numbers))
        if len(rows):
            at = self.sheet.at(int(rows[0]), self.index)
            self.problems.warning(
                "fractions",
                at,
                found=show(self.sheet.rows[rows[0]][self.index]),
                column=self.column.name,
                count=len(rows),
            )


def _reader(column: Column, names: Names) -> Callable[[Cell], Value]:
    """Give the function that reads a filled cell of ``column``."""
    readers: dict[str, Callable[[], Callable[[Cell], Value]]] = {
        "year": lambda: lambda cell: read_year(cell, int(column.low) or 1900),
        "month": lambda: read_month,
        "text": lambda: _read_text,
        "code": lambda: _free_code,
        "choice": lambda: _one_of("unknown-value", column.choices),
        "region": lambda: _one_of(
            "unknown-region", names.regions + ((ALL,) if column.all else ()), all=column.all
        ),
        "level": lambda: _one_of(
            "unknown-level", tuple(names.levels) + ((ALL,) if column.all else ()), all=column.all
        ),
        "levels": lambda: lambda cell: _read_levels(cell, names),
        "grade": lambda: lambda cell: _read_grade(cell, column, names),
        "whole": lambda: lambda cell: _read_whole(cell, column),
        "number": lambda: lambda cell: _read_number(cell, column),
    }
    return readers[column.kind]()


def _read_text(cell: Cell) -> Value:
    return Value(show(cell).strip())


def _free_code(cell: Cell) -> Value:
    value = read_code(cell)
    return bad("code-all") if value.value == ALL else value


def _one_of(code: str, valid: tuple[str, ...], *, all: bool = True) -> Callable[[Cell], Value]:
    """Read a code that must be one of ``valid``; two spellings of a code are one."""
    by_form = {normal_code(name): name for name in valid}

    def read(cell: Cell) -> Value:
        value = read_code(cell)
        if value.fault is not None:
            return value
        if value.value == ALL and not all:
            return bad("code-all")
        name = by_form.get(str(value.value))
        if name is None:
            return bad(code, known=", ".join(valid), nearest=nearest(str(value.value), valid))
        return Value(name, value.change)

    return read


def _read_levels(cell: Cell, names: Names) -> Value:
    """Read level codes separated by ``;``; the frame has them joined by a bare ``;``."""
    if not isinstance(cell, str):
        return read_code(cell)
    read = _one_of("unknown-level", tuple(names.levels))
    values = [read(part) for part in cell.replace("；", ";").split(";") if not is_empty(part)]
    for value in values:
        if value.fault is not None:
            return value
    text = ";".join(dict.fromkeys(str(value.value) for value in values))
    return Value(text, "code" if text != cell else "")


def _read_number(cell: Cell, column: Column) -> Value:
    value = read_number(cell, column.units)
    if value.fault is not None:
        return value
    number = value.value
    assert isinstance(number, float)
    if number < 0 and column.low >= 0:
        return bad("number-negative")
    if not column.low <= number <= column.high:
        return bad("number-range", low=column.low, high=column.high)
    return value


def _read_whole(cell: Cell, column: Column) -> Value:
    value = _read_number(cell, column)
    if value.fault is not None:
        return value
    assert isinstance(value.value, float)
    if value.value != int(value.value):
        return bad("number-whole")
    return Value(int(value.value), value.change)


def _read_grade(cell: Cell, column: Column, names: Names) -> Value:
    value = read_number(cell, column.units)
    if value.fault is not None:
        return value
    if value.value not in names.grades:
        return bad("grade-outside", known=", ".join(map(str, names.grades)))
    assert isinstance(value.value, float)
    return Value(int(value.value), value.change)


def _array(column: Column, values: Sequence[object]) -> object:
    """Give a column of the frame: str, int64 where always filled, else float64 with NaN."""
    if column.kind in _TEXT_KINDS:
        return _texts([value if value is not None else "" for value in values])
    numbers = np.array(values, dtype=float)
    if column.name.startswith(PLACES):
        return np.nan_to_num(numbers)
    if column.kind in _INT_KINDS and column.filled:
        return np.nan_to_num(numbers).astype(np.int64)
    return numbers


def _texts(values: Sequence[object]) -> pd.Series[str]:
    return pd.Series([str(value) for value in values], dtype="str")


def _refuse_twice(
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
    first = frame["line"].groupby([keys[name] for name in key], dropna=False).transform("first")
    given = [name for name in key if name in found]
    for row in np.flatnonzero(twice).tolist():
        problems.error(
            "key-twice",
            sheet.locate(frame["line"].tolist()[row], None),
            found=", ".join(str(value) for value in keys[given].iloc[row]),
            key=", ".join(given),
            other=first.tolist()[row],
        )
