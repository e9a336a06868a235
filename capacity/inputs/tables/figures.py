"""The readers of figures: counts, what is built, whole numbers and grades of a district."""

from __future__ import annotations

import json
from dataclasses import replace

from capacity.base.limits import RELATIVE, as_share, percentage
from capacity.inputs.tables import withheld
from capacity.inputs.tables.columns import CLASSES, HUGE, PLACES, Column
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.values import (
    Cell,
    CellError,
    Value,
    is_plain,
    normal_code,
    read_number,
    show,
    without_marks,
)


def count_reader(column: Column, names: Names) -> Reader:
    """Read a number; of people, a mark in its place is a count that is withheld.

    In a column of places or classes of a level it may be said otherwise: 24班, 12轨, 2FE.
    """
    prefix = next((one for one in (PLACES, CLASSES) if column.name.startswith(one)), "")
    if prefix and names.levels is not None:
        return _size_reader(column, prefix, names)

    def read(cell: Cell) -> Value[float]:
        if not withheld.is_withheld(cell):
            return _read_number(cell, column)
        if names.stated.withheld is None:
            raise CellError(withheld.CODE)
        return Value(names.stated.withheld, withheld.CHANGE)

    return read if column.heads else lambda cell: _read_number(cell, column)


def _size_reader(column: Column, prefix: str, names: Names) -> Reader:
    """Read the places or classes of a level, as a number or as what is built."""
    level = column.name.removeprefix(prefix)

    def read(cell: Cell) -> Value[float]:
        try:
            return _read_number(cell, column)
        except CellError as fault:
            if fault.code != "number-invalid" or not isinstance(cell, str):
                raise
            sizes = names.sizes.read(cell, level)
            if sizes is None:
                raise
        if sizes.keys() != {level} or (prefix == CLASSES and sizes[level].unit != "classes"):
            raise CellError("size-elsewhere", levels=", ".join(sizes))
        number = sizes[level].number
        return Value(names.sizes.places(sizes)[level] if prefix == PLACES else number, "size")

    return read


def read_size(cell: Cell, names: Names) -> Value[str]:
    """Read what is built to the places of each level, as a JSON map."""
    sizes = names.sizes.read(show(cell), "")
    if sizes is None:
        raise CellError("size-unclear")
    places = names.sizes.places(sizes)
    return Value(json.dumps(places, ensure_ascii=False), "size")


def _read_number(cell: Cell, column: Column) -> Value[float]:
    try:
        value = read_number(cell, column.units)
    except CellError as fault:
        if fault.code == "number-percent" and column.high <= RELATIVE:
            raise CellError(fault.code, nearest=percentage(show(cell))) from None
        raise
    if value.value < 0 and column.low >= 0:
        raise CellError("number-negative")
    if not column.low <= value.value <= column.high:
        facts: dict[str, object] = {"low": column.low, "high": column.high}
        if meant := as_share(value.value, column.high):
            facts["nearest"] = meant
        raise CellError("number-range", **facts)
    return value


def read_whole(cell: Cell, column: Column) -> Value[int]:
    """Read a whole number within the limits of its column."""
    number, change = _read_number(cell, column)
    if number != int(number):
        raise CellError("number-whole")
    return Value(int(number), change)


def _grade_number(cell: Cell, column: Column) -> Value[float]:
    """Read a grade in figures; a word that is none is no number that was meant."""
    try:
        return read_number(cell, column.units)
    except CellError as fault:
        is_word = isinstance(cell, str) and any(map(str.isalpha, cell))
        if fault.code == "number-invalid" and is_word:
            raise CellError("grade-unknown") from None
        raise


def read_grade(cell: Cell, column: Column, names: Names) -> Value[int]:
    """Read a grade in figures or words; without levels any grade is one."""
    known = ", ".join(map(str, names.grades))
    grade = None
    if isinstance(cell, str) and not is_plain(normal_code(without_marks(cell)[0])):
        try:
            grade = grade_of(cell, names.levels, names.titles.get("level", {}))
        except CellError as fault:
            raise CellError(fault.code, **fault.facts, known=known) from None
    if grade is not None:
        number, said = float(grade), "" if cell == str(grade) else "grade"  # -1 is as written
    else:
        number, said = _grade_number(cell, column)
    if names.levels is None and grade is None:
        return read_whole(cell, replace(column, low=-HUGE))
    if names.levels is not None and number not in names.grades:
        raise CellError("grade-outside", known=known)
    return Value(int(number), said)
