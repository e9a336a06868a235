"""Rows and columns of totals (合计, Total): checked against what they sum, and left out."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from capacity.base.errors import At, Problems
from capacity.inputs.tables.axes import PARTS, Role
from capacity.inputs.tables.columns import Column, Table
from capacity.inputs.tables.headers import as_written
from capacity.inputs.tables.sheets import Change, Sheet, total_word, total_words
from capacity.inputs.tables.values import (
    Cell,
    CellError,
    as_found,
    fold,
    is_empty,
    read_number,
    show,
)

#: Total rows times rows that are added up: a hostile sheet has a total in every row.
MOST_SUMMED = 5_000_000


def find_totals(sheet: Sheet, table: Table, found: Mapping[str, int]) -> dict[int, int]:
    """Return the rows that name a total in their first cell or their key, and the column of it."""
    totals: dict[int, int] = {}
    keys = {found[name] for name in table.key if name in found and name != "group"}
    for index in sorted({0} - {found.get("group")} | keys):  # a group's total stands in every cell
        column = [row[index] for row in sheet.rows]
        words = total_words(column)
        if words:
            rows = (row for row, cell in enumerate(column) if cell in words)
            totals.update({row: index for row in rows if row not in totals})
    if (group := found.get("group")) is not None and "region" in found:
        words = total_words(row[group] for row in sheet.rows)
        beside = {"region"} - sheet.across or set(table.key) - sheet.across - {"group"}
        others = [found[name] for name in beside if name in found]
        for row, cells in enumerate(sheet.rows if words else ()):
            if cells[group] in words and all(is_empty(cells[c]) for c in others):  # of all rows
                totals.setdefault(row, group)
    return dict(sorted(totals.items()))


def settle_totals(
    sheet: Sheet,
    table: Table,
    totals: Mapping[int, int],
    found: Mapping[str, int],
    values: Mapping[str, Sequence[object]],
    problems: Problems,
    changes: list[Change],
) -> None:
    """Check total rows against the sums, then drop them; refuse more than can be added up.

    ``values`` holds what was read by column, None where a cell is empty or at fault.
    """
    before, file, told = -1, sheet.path, set[At]()
    refused = len(totals) * len(sheet.rows) > MOST_SUMMED
    for row, index in totals.items():
        cells = sheet.rows[row]
        if refused and not problems.room("total-row", file):
            problems.count("total-row", file)
        elif refused:
            problems.error("total-row", sheet.at(row, index), found=show(cells[index]))
        if refused:
            continue
        text = " ".join(show(cell) for cell in cells if not is_empty(cell))
        if (at := sheet.at(row, index)) not in told:
            changes.append(Change(at, "total_row", text, ""))
            told.update([at] if sheet.repeats else [])
        shared = [  # the key columns that it fills in beside its word
            (values[name], values[name][row])
            for name in table.key
            if name in values and values[name][row] is not None
            if not total_word(cells[found[name]])
        ]
        parts = [
            other
            for other in range(len(sheet.rows))
            if other not in totals and all(column[other] == key for column, key in shared)
        ]
        section = [part for part in parts if before < part < row]
        for column in table.columns:
            place = found.get(column.name)
            if column.counted and place is not None and not is_empty(cells[place]):
                numbers = values[column.name]
                _check_total(sheet, column, place, row, numbers, (parts, section), problems)
        before = row


def _check_total(
    sheet: Sheet,
    column: Column,
    place: int,
    row: int,
    numbers: Sequence[object],
    parts: tuple[Sequence[int], Sequence[int]],
    problems: Problems,
) -> None:
    """Hold a figure of a total row against the sum of all its rows, and of those since the last.

    Where a part could not be read, which is a problem of its own, nothing is held against it.
    """
    if any(numbers[part] is None and not is_empty(sheet.rows[part][place]) for part in parts[0]):
        return
    stated, sums = numbers[row], []
    for rows in parts:
        counts = (numbers[part] for part in rows)
        sums.append(math.fsum(count for count in counts if isinstance(count, float)))
    if isinstance(stated, float) and any(
        math.isclose(stated, total, rel_tol=1e-9, abs_tol=1e-9) for total in sums
    ):
        return
    problems.error(
        "total-differs",
        sheet.at(row, place),
        found=as_found(sheet.rows[row][place]),
        column=as_written(sheet.header[place], column),
        total=sums[0],
    )


def sums_of(roles: Sequence[Role]) -> list[tuple[int, list[int]]]:
    """Return each column that is a total, with the columns that it sums.

    A total of the parts of one address (合计 beside 男 and 女) sums these.
    """
    values = [(index, role) for index, role in enumerate(roles) if role.kind == "value"]
    sums: list[tuple[int, list[int]]] = []
    for index, role in enumerate(roles):
        if role.kind == "total":
            under = [
                other
                for other, one in values
                if one.column == role.column and role.address.items() <= one.address.items()
            ]
            sums.append((index, under))
    return sums


def parts_of(roles: Sequence[Role], names: Sequence[str]) -> list[tuple[int, list[int]]]:
    """Return each count with the columns of all its parts: boys and girls beside the total."""
    parts: dict[tuple[str, frozenset[tuple[str, str]]], list[int]] = defaultdict(list)
    for index, role in enumerate(roles):
        if role.kind == "part" and fold(names[index]) in PARTS:
            name = role.column.name if role.column else ""
            parts[name, frozenset(role.address.items())].append(index)
    return [
        (index, found)
        for index, role in enumerate(roles)
        if role.kind in ("value", "known") and role.column is not None
        for found in [parts.get((role.column.name, frozenset(role.address.items())), [])]
        if len(found) == 2
    ]


@dataclass(frozen=True)
class Sums:
    """Holds columns against the sums of others.

    Attributes
    ----------
    rows : sequence of rows of cells
    names : sequence of str
        Of their columns.
    place : callable
        Number of a row and of a column to the place of the cell.
    units : tuple of str
        That may follow a number.
    problems : Problems
    """

    rows: Sequence[Sequence[Cell]]
    names: Sequence[str]
    place: Callable[[int, int], At]
    units: tuple[str, ...]
    problems: Problems

    def check(self, column: int, parts: Sequence[int]) -> None:
        """Refuse a cell of a column that is not the sum of its parts.

        Where a part cannot be read, which is a problem of its own, nothing is held against it.
        """
        for number, row in enumerate(self.rows):
            counts = [self._number(row[part]) for part in parts]
            stated = self._number(row[column])
            if is_empty(row[column]) or None in counts:
                continue
            numbers = [count for count in counts if count is not None]
            total = sum(numbers) if stated is None else math.fsum(numbers)
            if stated is not None and math.isclose(stated, total, rel_tol=1e-9, abs_tol=1e-9):
                continue
            path = self.place(number, column).file
            if not self.problems.room("total-across", path):
                self.problems.count("total-across", path)
                continue
            self.problems.error(
                "total-across",
                self.place(number, column),
                found=as_found(row[column]),
                column=" ".join(self.names[column].split()),
                parts=f"{self.names[parts[0]].strip()} … {self.names[parts[-1]].strip()}",
                total=total,
            )

    def _number(self, cell: Cell) -> float | None:
        """Return the number in a cell, 0 of an empty one; None where there is none."""
        if is_empty(cell):
            return 0.0
        try:
            return read_number(cell, self.units).value
        except CellError:
            return None
