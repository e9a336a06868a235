"""What each column of a header is; tables with a column for each grade, year, region or the like.

Where the table lacks a column of its key and the names of columns are its values (一年级, 2024),
each cell below is a row of the table. Such names may stand on two rows, as years below grades, or
the total, the heads and the parts (合计, 男, 女; 人数, 班数) below each grade.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from capacity.base.words import catalog
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.grades import is_grade_word
from capacity.inputs.tables.headers import match_column
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.readers import cell_reader
from capacity.inputs.tables.sheets import WHOLES, total_word
from capacity.inputs.tables.values import CellError, fold
from capacity.inputs.tables.years import is_year_word

_LAYOUT = catalog("layout")
#: Names of parts of a count, as boys and girls.
PARTS, _HEADS, _OTHERS, _TOTALS = (
    frozenset(map(fold, _LAYOUT[key])) for key in ("parts", "heads", "others", "totals")
)
#: Kinds of columns whose values may be names of columns.
_KINDS = ("grade", "year", "whole", "region", "level")
#: The values of the axes that a column stands for, by name of the axis.
Address = Mapping[str, str]


@dataclass(frozen=True)
class Header:
    """Names of the columns, and the rows (from 0) that they stand on.

    Attributes
    ----------
    first, last : int
        The first and the last row.
    tops, bottoms : sequence of str
        The names on each; ``bottoms`` is empty where there is one row.
    names : sequence of str
        The name of each column of both.
    """

    first: int
    last: int
    tops: Sequence[str]
    bottoms: Sequence[str]
    names: Sequence[str]

    @property
    def texts(self) -> tuple[str, ...]:
        """All names, on both rows."""
        return (*self.tops, *self.bottoms)

    def row_of(self, column: int) -> int:
        """Return the row on which the name of a column stands, the lower one of two."""
        below = self.bottoms and self.bottoms[column].strip()
        return self.last if below else self.first

    @cached_property
    def width(self) -> int:
        """How many columns there are up to the last with a name."""
        named = [index for index, name in enumerate(self.names) if name.strip()]
        return named[-1] + 1 if named else 0


def is_total(text: str) -> bool:
    """Whether a name in a header is that of a total.

    >>> is_total("合 计"), is_total("All"), is_total("一年级")
    (True, True, False)
    """
    return bool(total_word(text)) or fold(text) in _TOTALS


@dataclass(frozen=True)
class Role:
    """What one column of a header is.

    ``kind`` is ``known`` (a column of the table), ``value`` (a count at an address), ``total``
    (a sum over an axis), ``part`` (of a total that is read: left out), ``other`` or ``blank``.
    """

    kind: str
    column: Column | None = None
    address: Address = field(default_factory=dict)


class UnclearAxisError(Exception):
    """The names of columns have two meanings, or none: a code, a place among them, and facts."""

    def __init__(self, code: str, index: int, **facts: object) -> None:
        super().__init__(code)
        self.code, self.index, self.facts = code, index, facts


@dataclass(frozen=True)
class Axes:
    """The columns of a table's key that a header lacks, whose values may be names in it."""

    table: Table
    readers: Mapping[str, Reader]

    @classmethod
    def of(
        cls, table: Table, found: Iterable[str], names: Names, beside: Collection[str] = ()
    ) -> Axes:
        """Return the axes of a header that names these columns and has ``beside`` in its cells."""
        there = set(found)
        lacking = [
            column
            for column in table.columns
            if column.name in table.key and column.kind in _KINDS and column.name not in there
        ]
        return cls(table, {column.name: cell_reader(column, names, beside) for column in lacking})

    def read(self, text: str) -> dict[str, str | CellError]:
        """Return the axes whose value a name may be, each with it or why it cannot be read."""
        values: dict[str, str | CellError] = {}
        if not any(map(str.isalnum, text)):
            return values
        for name, read in self.readers.items():
            if self.table.column(name).kind == "year" and not is_year_word(text):
                continue  # 110 is a year in a column of years alone
            try:
                values[name] = str(read(text.strip()).value)
            except CellError as fault:
                if name == "grade" and is_grade_word(text):
                    values[name] = fault
        return values


def count_of(table: Table) -> Column | None:
    """Return the column of a table that holds its counts."""
    for column in table.columns:
        if column.required and column.kind == "number" and column.name not in table.key:
            return column
    return None


def roles_of(
    tops: Sequence[str], bottoms: Sequence[str], joined: Sequence[str], axes: Axes
) -> list[Role]:
    """Tell what each column of a header is.

    Parameters
    ----------
    tops, bottoms : sequence of str
        The names on the first and the second row of the header; ``bottoms`` empty where there is
        one row.
    joined : sequence of str
        The name of each column of both.
    axes : Axes

    Raises
    ------
    UnclearAxisError
        A name has two meanings, or a value stands twice.
    """
    rows = zip(tops, bottoms or [""] * len(tops), joined, strict=True)
    roles = [_role(index, *names, axes) for index, names in enumerate(rows)]
    return _settled(roles, axes)


def _role(index: int, top: str, bottom: str, joined: str, axes: Axes) -> Role:
    """Tell what a column is by its own names."""
    parts = [text for text in (top.strip(), bottom.strip()) if text]
    if not parts:
        return Role("blank")
    known = match_column(joined, axes.table)
    if known is not None and not (known.kind == "number" and any(map(axes.read, parts))):
        return Role("known", known)
    said = _Said(index, axes)
    for part in parts:
        said.take(part)
    return said.role(parts)


@dataclass
class _Said:
    """What the names of one column say, one after the other."""

    index: int
    axes: Axes
    kind: str = "value"
    column: Column | None = None
    address: dict[str, str] = field(default_factory=dict)
    others: list[str] = field(default_factory=list)

    def take(self, part: str) -> None:
        """Take in a name."""
        table, plain = self.axes.table, fold(part)
        measured = match_column(part, table)
        if values := self.axes.read(part):
            self._place(part, values)
        elif is_total(part) or (plain in WHOLES and "region" in self.axes.readers):
            self.kind = "total"
        elif plain in PARTS or plain in _OTHERS:
            self.kind = "part"
        elif measured is not None and measured.name not in table.key:
            self.column = measured
        elif plain in _HEADS:
            self.column = count_of(table)
        else:
            self.others.append(part)

    def _place(self, name: str, values: Mapping[str, str | CellError]) -> None:
        """Add the value of an axis; refuse one with two meanings."""
        axis, value = _one_of(self.index, name, values)
        if axis in self.address:
            raise UnclearAxisError("wide-unclear", self.index, found=name, names=(axis,))
        self.address[axis] = value

    def role(self, parts: Sequence[str]) -> Role:
        """Return what the column is by all of its names."""
        others, part_alone = self.others, self.kind == "part" and self.column is None
        if not self.address and (others or part_alone):
            return Role("other")
        if others and others[0] == parts[-1]:  # below the value: some count, but not the one wanted
            return Role("part", self.column, self.address)
        if others and (whole := self.axes.read("".join(parts))):  # above it: its level, or a title
            axis, value = _one_of(self.index, "".join(parts), whole)
            self.address[axis] = value
        return Role(self.kind, self.column, self.address)


def _one_of(index: int, name: str, values: Mapping[str, str | CellError]) -> tuple[str, str]:
    """Return the axis and the value that a name is, or refuse one with two meanings."""
    if len(values) > 1:
        raise UnclearAxisError("wide-unclear", index, found=name, names=tuple(values))
    ((axis, value),) = values.items()
    if isinstance(value, CellError):
        raise UnclearAxisError(value.code, index, found=name, axis=axis, **value.facts)
    return axis, value


#: A count and the values of the axes that a column stands for.
_Key = tuple[str, frozenset[tuple[str, str]]]


def _settled(roles: list[Role], axes: Axes) -> list[Role]:
    """Give each value its column, and tell totals from values, which depends on the others."""
    used = {axis for role in roles if role.kind in ("value", "part") for axis in role.address}
    count = count_of(axes.table)
    if not used or count is None:
        return [_apart(role) for role in roles]
    whole = {_at(role) for role in roles if role.kind == "value" and set(role.address) == used}
    settled = [_of_axes(role, count, used, whole) for role in roles]
    seen: dict[_Key, int] = {}
    for index, role in enumerate(settled):
        if role.kind == "value" and role.column is not None:
            if set(role.address) != used:
                raise UnclearAxisError("wide-mixed", index, names=tuple(sorted(used)))
            before = seen.setdefault((role.column.name, _at(role)), index)
            if before != index:
                raise UnclearAxisError("wide-twice", index, other=before)
    read = {address for _, address in seen}
    for index, role in enumerate(settled):
        if role.kind == "part" and _at(role) not in read:
            raise UnclearAxisError("wide-part", index)
    return settled


def _at(role: Role) -> frozenset[tuple[str, str]]:
    return frozenset(role.address.items())


def _of_axes(
    role: Role, count: Column, used: set[str], whole: Collection[frozenset[tuple[str, str]]]
) -> Role:
    """Return the role of a column beside those that are values of axes."""
    if role.kind == "known" and role.column == count:
        return Role("total", count)  # of the columns that stand for its rows
    if role.kind not in ("value", "total", "part"):
        return role
    column = role.column or count
    if role.kind == "total" and set(role.address) == used and _at(role) not in whole:
        return Role("value", column, role.address)  # the total of parts that are not read
    return replace(role, column=column)


def _apart(role: Role) -> Role:
    """Return the role of a column where none is a value of an axis."""
    if role.kind in ("total", "value") and role.column is not None:
        return Role("known", role.column)
    return role if role.kind in ("known", "blank", "part") else Role("other")


def is_wide(roles: Sequence[Role]) -> bool:
    """Whether columns stand for rows of the table."""
    return any(role.kind == "value" and role.address for role in roles)


def has_axis(names: Iterable[str], axes: Axes) -> bool:
    """Whether one of the names in a header is the value of an axis.

    A year or grade alone may be a title: two are no accident.
    """
    return sum(1 for name in names if axes.read(name)) > 1
