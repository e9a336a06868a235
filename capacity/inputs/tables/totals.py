"""Total rows (合计, 总计, 小计, Total): refused in CSV, checked and dropped in a workbook."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from capacity.base.errors import Problems
from capacity.inputs.tables.columns import Table
from capacity.inputs.tables.headers import as_written
from capacity.inputs.tables.records import Change
from capacity.inputs.tables.sheets import Sheet, total_word
from capacity.inputs.tables.values import as_found, is_empty, show


def find_totals(sheet: Sheet, table: Table, found: Mapping[str, int]) -> dict[int, int]:
    """Give the rows that name a total in their first cell or in their key, and the column of it."""
    totals: dict[int, int] = {}
    for index in sorted({0} | {found[name] for name in table.key if name in found}):
        column = [row[index] for row in sheet.rows]
        words = {cell for cell in set(column) if total_word(cell)}
        if words:
            rows = (row for row, cell in enumerate(column) if cell in words)
            totals.update({row: index for row in rows if row not in totals})
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
    """Refuse total rows of a CSV file; check those of a workbook against the sums, then drop them.

    ``values`` holds what was read by column, None where a cell is empty or at fault.
    """
    before = -1
    for row, index in totals.items():
        cells = sheet.rows[row]
        if not sheet.workbook:
            problems.error("total-row", sheet.at(row, index), found=show(cells[index]))
            continue
        text = " ".join(show(cell) for cell in cells if not is_empty(cell))
        changes.append(Change(sheet.at(row, index), "total_row", text, ""))
        parts = _parts(totals, _shared(row, sheet, table, found, values), len(sheet.rows))
        section = [part for part in parts if before < part < row]
        for column in table.columns:
            if column.counted and column.name in found:
                place = found[column.name]
                numbers = values[column.name]
                if is_empty(cells[place]) or _is_broken(sheet, place, numbers, parts):
                    continue
                stated = numbers[row]
                sums = [_sum(numbers, rows) for rows in (parts, section)]
                if not any(_same(stated, total) for total in sums):
                    problems.error(
                        "total-differs",
                        sheet.at(row, place),
                        found=as_found(cells[place]),
                        column=as_written(sheet.header[place], column),
                        total=sums[0],
                    )
        before = row


def _shared(
    row: int,
    sheet: Sheet,
    table: Table,
    found: Mapping[str, int],
    values: Mapping[str, Sequence[object]],
) -> list[tuple[Sequence[object], object]]:
    """Give the key columns that a total row fills in beside its word, each with its value."""
    named = [name for name in table.key if name in values]
    return [
        (values[name], values[name][row])
        for name in named
        if values[name][row] is not None and not total_word(sheet.rows[row][found[name]])
    ]


def _parts(
    totals: Mapping[int, int],
    shared: Sequence[tuple[Sequence[object], object]],
    rows: int,
) -> list[int]:
    """Give the data rows that a total is of: all that share the key cells that it fills in."""
    return [
        other
        for other in range(rows)
        if other not in totals and all(column[other] == key for column, key in shared)
    ]


def _is_broken(sheet: Sheet, place: int, numbers: Sequence[object], rows: Sequence[int]) -> bool:
    """Tell whether a cell among ``rows`` could not be read, which is a problem of its own."""
    return any(numbers[row] is None and not is_empty(sheet.rows[row][place]) for row in rows)


def _sum(values: Sequence[object], rows: Sequence[int]) -> float:
    numbers = (values[row] for row in rows)
    return math.fsum(number for number in numbers if isinstance(number, float))


def _same(stated: object, total: float) -> bool:
    return isinstance(stated, float) and math.isclose(stated, total, rel_tol=1e-9, abs_tol=1e-9)
