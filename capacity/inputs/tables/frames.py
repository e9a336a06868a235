"""A sheet and its table's columns to a checked frame.

Each distinct cell of a column is read once; where all are well the column is done, and only
the rows whose cells fail or change are looked at one by one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.base.errors import KEPT, At, Problems, Term
from capacity.inputs.tables import withheld
from capacity.inputs.tables.columns import PLACES, Column, Table
from capacity.inputs.tables.extras import ask_about, say_left_out, sort_unknown
from capacity.inputs.tables.headers import as_written, check_header
from capacity.inputs.tables.headrows import DASHES
from capacity.inputs.tables.keys import refuse_twice
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.once import runs, tell_once, told_once
from capacity.inputs.tables.readers import cell_reader
from capacity.inputs.tables.sheets import Change, Sheet, Tally
from capacity.inputs.tables.thousands import are_thousands
from capacity.inputs.tables.totals import find_totals, settle_totals
from capacity.inputs.tables.values import (
    Cell,
    CellError,
    Value,
    as_found,
    is_empty,
    is_plain,
    show,
)

_TEXT_KINDS = ("code", "region", "level", "levels", "choice", "month", "size", "text")
_INT_KINDS = ("year", "grade", "whole")
#: Dashes that may stand for a count that is withheld.
_WITHHELD = ("-", "--")
_ERRORS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
Mask = NDArray[np.bool_]


def empty_frame(table: Table) -> pd.DataFrame:
    """Return the frame of a table that is absent: all its columns, no rows."""
    return _empty(table).copy()


@lru_cache(256)
def _empty(table: Table) -> pd.DataFrame:
    columns = {column.name: _array(column, []) for column in table.columns}
    return pd.DataFrame({**columns, "line": np.zeros(0, np.int64), "file": _texts([])})


class Read(NamedTuple):
    """The frame of a table, and the sheet with the same rows alone."""

    frame: pd.DataFrame
    sheet: Sheet


def read_frame(
    sheet: Sheet, table: Table, names: Names, problems: Problems, changes: list[Change]
) -> Read:
    """Read every cell of ``sheet``; the rows without a fault make the frame.

    ``problems`` holds those of the table so far, and no others.
    """
    whole = not problems.errors
    told = frozenset(problem.at for problem in problems)
    found = check_header(sheet, table, problems)
    asked, spare, meant = sort_unknown(sheet, table, found)
    ask_about(sheet, table, asked, meant, problems)
    sheet = replace(sheet, spare=frozenset(spare))
    left_out = [(sheet.header[index], sheet.at_header(index)) for index in spare]
    say_left_out(table, [*left_out, *sheet.aside], problems)
    if not sheet.rows:
        if whole:
            problems.error("table-empty", sheet.at_header())
        return Read(empty_frame(table), sheet.only([]))
    totals = find_totals(sheet, table, found)
    keep = np.ones(len(sheet.rows), bool)
    keep[[*totals, *_refuse_notes(sheet, totals, problems)]] = False
    good = keep.copy()
    arrays: dict[str, object] = {}
    values: dict[str, Sequence[object]] = {}
    known: dict[str, Sequence[object]] = {}
    assumed: list[int] = []
    for column in table.columns:
        if (index := found.get(column.name)) is None:
            arrays[column.name] = _blank(column, len(sheet.rows))
            continue
        reader = _Reader(sheet, column, index, names, problems, changes, told)
        values[column.name], faults = reader.read(keep)
        known[column.name] = _without(values[column.name], reader.assumed)
        assumed += reader.assumed
        good &= ~faults
        arrays[column.name] = _array(column, values[column.name])
    settle_totals(sheet, table, totals, found, known, problems, changes)
    if assumed:
        arrays["quality"] = _with_red(arrays["quality"], assumed)
    lines = np.asarray(sheet.lines, np.int64)
    file = pd.Series(sheet.files or sheet.file, index=range(len(lines)), dtype="str")
    frame = pd.DataFrame({**arrays, "line": lines, "file": file})
    if not set(table.required) <= set(found):
        return Read(empty_frame(table), sheet.only([]))
    if not good.all():
        frame = frame[good].reset_index(drop=True)
    kept = sheet.only(np.flatnonzero(good).tolist())
    if len(found) == sheet.wanted:  # else an unknown column may belong to the key
        refuse_twice(frame, table, kept, found, problems)
    return Read(frame, kept)


def _refuse_notes(sheet: Sheet, totals: Mapping[int, int], problems: Problems) -> list[int]:
    """Refuse rows with a lone text, as notes under a table are, and return their numbers."""
    notes: list[int] = []
    for row, cells in enumerate(sheet.rows):
        if cells[-1] == "" and row not in totals:
            filled = [index for index, cell in enumerate(cells) if cell != ""]
            if len(filled) == 1 and isinstance(cell := cells[filled[0]], str):
                notes.append(row)
                if len(notes) <= KEPT:
                    problems.error("row-note", sheet.at(row, filled[0]), found=cell)
    if (more := len(notes) - KEPT) > 0:
        problems.count("row-note", sheet.path, more)
    return notes


@dataclass
class _Reader:
    """Reads one column of one sheet; ``told`` cells have a problem already."""

    sheet: Sheet
    column: Column
    index: int
    names: Names
    problems: Problems
    changes: list[Change]
    told: frozenset[At]
    tally: Tally = field(init=False)
    gathered: frozenset[str] = frozenset()
    once: dict[str, list[int]] = field(default_factory=dict)
    assumed: list[int] = field(default_factory=list)
    seen: set[At] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.tally = Tally(self.changes)

    def read(self, keep: Mask) -> tuple[Sequence[object], Mask]:
        """Return the value of every row (None where there is none), and where it is at fault."""
        cells = [row[self.index] for row in self.sheet.rows]
        if (numbers := self._plain(cells)) is not None:
            self._warn_fractions(numbers, keep)
            return numbers, np.zeros(len(cells), bool)
        distinct = dict.fromkeys(cells)
        read = cell_reader(self.column, self.names, distinct)
        changed: str | CellError
        known: dict[Cell, object] = {}
        special: dict[Cell, str | CellError] = {}
        wrong = 0
        for cell in distinct:
            try:
                known[cell], changed = self._value(cell, read)
            except CellError as fault:
                known[cell], changed = None, fault.with_traceback(None)
                wrong += 1
            if changed:
                special[cell] = changed
            if wrong == KEPT:
                break
        self.gathered = told_once(special.values(), units=self.names.sums)
        faults = self._told(cells, known, special, keep)
        self.tally.close()
        tell_once(self.once, cells, self.sheet, (self.index, self._term()), self.problems)
        values = [known.get(cell) for cell in cells]
        self._warn_fractions(values, keep)
        return values, faults

    def _told(
        self,
        cells: Sequence[Cell],
        known: Mapping[Cell, object],
        special: Mapping[Cell, str | CellError],
        keep: Mask,
    ) -> Mask:
        """Tell of every cell with a fault or a change; return where faults are.

        Where so many differ that no more were looked at, the rows with the others are counted.
        """
        faults = np.zeros(len(cells), bool)
        first, unread = 0, 0
        more: Counter[str] = Counter()  # of codes of which no further one is kept
        for row, cell in enumerate(cells) if special else ():
            if not keep[row]:
                continue
            if cell in special:
                changed = special[cell]
                code = changed.code if isinstance(changed, CellError) else ""
                if code in more or self._is_full(code):
                    faults[row] = True
                    more[code] += 1
                else:
                    faults[row] = self._tell(row, cell, known[cell], changed)
            elif cell not in known:
                first = first if unread else row
                faults[row], unread = True, unread + 1
        for code, count in more.items():
            self.problems.count(code, self.sheet.path, count)
        if unread:
            facts = {"column": self._term(), "count": unread, "kept": KEPT}
            self.problems.error("cells-unread", self.sheet.at(first, self.index), **facts)
        return faults

    def _plain(self, cells: Sequence[Cell]) -> list[float] | None:
        """Read a column of plain numbers within its limits at one go; else return None."""
        if self.column.kind != "number" or not all(map(is_plain, cells)):
            return None
        numbers = [float(cell) for cell in cells]  # type: ignore[arg-type]
        low, high = min(numbers), max(numbers)
        return numbers if self.column.low <= low and high <= self.column.high else None

    def _value(self, cell: Cell, read: Reader) -> Value[object]:
        if isinstance(cell, str):
            text = cell.strip()
            if text in DASHES and not (self.column.filled and text in _WITHHELD):
                if self.column.filled:
                    raise CellError("cell-empty")
                return Value(None, "dash")
            if text[:1] == "#" and text.upper() in _ERRORS:
                raise CellError("cell-error")
        if not is_empty(cell):
            return read(cell)
        if self.column.filled:
            raise CellError("cell-empty")
        return Value(None)

    def _is_full(self, code: str) -> bool:
        """Whether no further fault of a code is kept, which is told cell by cell."""
        apart = code and code not in self.gathered
        return bool(apart) and not self.problems.room(code, self.sheet.path)

    def _tell(self, row: int, cell: Cell, value: object, changed: str | CellError) -> bool:
        """Put a fault or a change on record; return whether it was a fault."""
        if isinstance(changed, str):
            self._change(row, cell, value, changed)
            self.assumed += [row] if changed == withheld.CHANGE else []
            return False
        if changed.code in self.gathered:
            self.once.setdefault(changed.code, []).append(row)
            return True
        at = self.sheet.at(row, self.index)
        if at not in self.told:
            found = {} if is_empty(cell) else {"found": as_found(cell)}
            facts = {**found, "column": self._term(), **changed.facts}
            self.problems.error(changed.code, at, **facts)
        return True

    def _change(self, row: int, cell: Cell, value: object, kind: str) -> None:
        """Put a change on record."""
        after = (
            "" if value is None else show(value) if isinstance(value, str | float) else str(value)
        )
        if self.sheet.repeats:
            if (at := self.sheet.at(row, self.index)) in self.seen:
                return
            self.seen.add(at)
        self.tally.add(lambda: self.sheet.at(row, self.index), kind, show(cell), after)

    def _term(self) -> Term:
        return as_written(self.sheet.header[self.index], self.column)

    def _warn_fractions(self, values: Sequence[object], keep: Mask) -> None:
        """Warn of counts of people that are no whole numbers: estimates, or thousands."""
        if not self.column.heads:
            return
        numbers = np.array(values, dtype=float)
        rows = np.flatnonzero(keep & (numbers != np.floor(numbers)) & ~np.isnan(numbers))
        if not len(rows):
            return
        at, column = self.sheet.at(int(rows[0]), self.index), self._term()
        if are_thousands(numbers, rows):
            first = float(numbers[rows[0]])
            facts = {"column": column, "count": len(rows), "lines": runs(self.sheet, rows.tolist())}
            meant = round(first * 1000)
            self.problems.warning("thousands-dots", at, **facts, as_read=first, meant=meant)
            return
        found = as_found(self.sheet.rows[rows[0]][self.index])
        self.problems.warning("fractions", at, found=found, column=column, count=len(rows))


def _array(column: Column, values: Sequence[object]) -> object:
    """Return a column of the frame: str, int64 where always filled, else float64 with NaN."""
    if column.kind in _TEXT_KINDS:
        return _texts([value if value is not None else "" for value in values])
    numbers = np.array(values, dtype=float)
    if column.name.startswith(PLACES):
        return np.nan_to_num(numbers)
    if column.kind in _INT_KINDS and column.filled:
        return np.nan_to_num(numbers).astype(np.int64)
    return numbers


def _without(values: Sequence[object], rows: Sequence[int]) -> Sequence[object]:
    """Return values without those of some rows: a total is not held against what is assumed."""
    if not rows:
        return values
    gone = set(rows)
    return [None if row in gone else value for row, value in enumerate(values)]


def _with_red(quality: object, rows: Sequence[int]) -> pd.Series[str]:
    """Return the qualities of rows, of which some hold figures that are assumed."""
    texts = list(quality)  # type: ignore[call-overload]  # of a series
    for row in rows:
        texts[row] = "RED"
    return _texts(texts)


def _blank(column: Column, rows: int) -> object:
    """Return the column of a frame whose file does not have it."""
    if column.kind in _TEXT_KINDS:
        return pd.Series("", index=range(rows), dtype="str")
    return _array(column, [None] * rows)


def _texts(values: Sequence[object]) -> pd.Series[str]:
    return pd.Series([str(value) for value in values], dtype="str")
