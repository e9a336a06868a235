"""The reader of each kind of column: values that must be known to the district or within limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from capacity.errors import Message, nearest, register
from capacity.inputs.columns import Column
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

ALL = "all"

register(
    {
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


def cell_reader(column: Column, names: Names) -> Callable[[Cell], Value]:
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
