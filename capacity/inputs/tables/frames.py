"""A sheet and its table's columns to a checked frame.

Each distinct cell of a column is read once; where all are well the column is done, and only
the rows whose cells fail or change are looked at one by one. Faults of many cells that are one,
as counts withheld and unknown regions, are told once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.base.errors import FEW, KEPT, At, Problems, Term
from capacity.inputs.tables.amounts import are_thousands
from capacity.inputs.tables.columns import PLACES, Column, Table
from capacity.inputs.tables.headers import (
    as_written,
    ask_about,
    check_header,
    say_left_out,
    sort_unknown,
)
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.readers import WITHHELD, cell_reader
from capacity.inputs.tables.rules import refuse_twice
from capacity.inputs.tables.sheets import Change, Sheet, Tally, first_named
from capacity.inputs.tables.totals import find_totals, settle_totals
from capacity.inputs.tables.values import (
    DASHES,
    HYPHENS,
    Cell,
    CellError,
    Value,
    as_found,
    is_empty,
    is_plain,
    show,
)
from capacity.inputs.tables.withheld import AS_WITHHELD, mark_phrases, marks_of, runs_of

_ERRORS = frozenset({"#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!"})
#: Cells of which the distinct ones are told at one go.
_AT_ONCE = 2**16
Mask = NDArray[np.bool_]
_UNKNOWN = "unknown-region"
_TEXT_KINDS = ("code", "region", "level", "levels", "choice", "month", "size", "text")
_INT_KINDS = ("year", "grade", "whole")
#: Since pandas 3 a copy takes its cells only once they are written to.
DEEP = pd.__version__.startswith("2.")


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
    withheld = {name: np.zeros(len(sheet.rows), bool) for name in marks_of(table)}
    for column in table.columns:
        if (index := found.get(column.name)) is None:
            arrays[column.name] = _blank(column, len(sheet.rows))
            continue
        reader = _Reader(sheet, column, index, names, problems, changes, told)
        values[column.name], faults = reader.read(keep)
        known[column.name] = _without(values[column.name], reader.assumed)
        if reader.assumed:
            withheld[column.name][reader.assumed] = True
        good &= ~faults
        arrays[column.name] = _array(column, values[column.name])
    settle_totals(sheet, table, totals, found, known, problems, changes)
    if any(marks.any() for marks in withheld.values()):
        arrays["quality"] = _red(arrays["quality"], withheld.values())
    arrays |= {mark: withheld[name] for name, mark in marks_of(table).items()}
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


def _red(quality: object, withheld: Iterable[Mask]) -> object:
    """Return the quality of rows: RED where anything stands for a count that is withheld."""
    marked = np.logical_or.reduce(list(withheld))
    return _texts(np.where(marked, "RED", np.asarray(quality, object)).tolist())


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


def _distinct(cells: Sequence[Cell]) -> Iterator[Cell]:
    """Give each cell once, in order; nothing is done for those that nobody asks for."""
    seen: set[Cell] = set()
    for first in range(0, len(cells), _AT_ONCE):
        new = [cell for cell in dict.fromkeys(cells[first : first + _AT_ONCE]) if cell not in seen]
        yield from new
        seen.update(new)


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
        beside = dict.fromkeys(cells) if self.column.kind == "year" else ()
        read = cell_reader(self.column, self.names, beside)
        changed: str | CellError
        known: dict[Cell, object] = {}
        special: dict[Cell, str | CellError] = {}
        wrong = 0
        for cell in _distinct(cells):
            try:
                known[cell], changed = self._value(cell, read)
            except CellError as fault:
                known[cell], changed = None, fault.with_traceback(None)
                wrong += 1
            if changed:
                special[cell] = changed
            if wrong == KEPT:
                break
        codes = Counter(one.code for one in special.values() if isinstance(one, CellError))
        many = self.names.sums and codes[_UNKNOWN] > FEW  # units may stand for regions
        self.gathered = frozenset({WITHHELD, *([_UNKNOWN] if many else [])})
        faults = self._told(cells, known, special, keep)
        self.tally.close()
        self._tell_once(cells)
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
        if not special:
            return faults
        codes = {"": 1}  # of a change
        kinds = dict.fromkeys(known, 0)
        for cell, changed in special.items():
            code = changed.code if isinstance(changed, CellError) else ""
            kinds[cell] = codes.setdefault(code, len(codes) + 1)
        kind_of = np.array([kinds.get(cell, -1) for cell in cells], np.int64)
        kind_of[~keep] = 0
        faults[(kind_of < 0) | (kind_of > 1)] = True
        for code, kind in codes.items():
            rows = np.flatnonzero(kind_of == kind).tolist()
            if not code:
                for row in rows:
                    self._change(row, cells[row], known[cells[row]], str(special[cells[row]]))
            elif code in self.gathered and rows:
                self.once[code] = rows
            else:
                self._tell_faults(code, rows, cells, special)
        if len(unread := np.flatnonzero(kind_of < 0)):
            facts = {"column": self._term(), "count": len(unread), "kept": KEPT}
            at = self.sheet.at(int(unread[0]), self.index)
            self.problems.error("cells-unread", at, **facts)
        return faults

    def _tell_faults(
        self,
        code: str,
        rows: Sequence[int],
        cells: Sequence[Cell],
        special: Mapping[Cell, str | CellError],
    ) -> None:
        """Tell the faults of a code cell by cell; those past all that are kept are counted."""
        file = self.sheet.path
        for number, row in enumerate(rows):
            if not self.problems.room(code, file):
                self.problems.count(code, file, len(rows) - number)
                return
            fault = special[cell := cells[row]]
            if (at := self.sheet.at(row, self.index)) not in self.told:
                found = {} if is_empty(cell) else {"found": as_found(cell)}
                facts = {**found, "column": self._term(), **fault.facts}  # type: ignore[union-attr]
                self.problems.error(code, at, **facts)

    def _tell_once(self, cells: Sequence[Cell]) -> None:
        """Tell what is gathered once of each kind, with the cells that have it and the ways out."""
        for code, rows in self.once.items():
            found = Counter(show(cells[row]).strip() for row in rows)
            facts = {"column": self._term(), "count": len(rows), "lines": _runs(self.sheet, rows)}
            at = self.sheet.at(rows[0], self.index)
            if code == WITHHELD:
                self.problems.error(code, at, **facts, marks=mark_phrases(found))
            else:
                names, first = first_named(found), next(iter(found))
                facts |= {"names": names, "many": len(found), "one": first}
                self.problems.error("regions-unknown", at, **facts)

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
            if text in DASHES and not (self.column.filled and text in HYPHENS):
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

    def _change(self, row: int, cell: Cell, value: object, kind: str) -> None:
        """Put a change on record."""
        self.assumed += [row] if kind == AS_WITHHELD else []
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
            first, lines = float(numbers[rows[0]]), _runs(self.sheet, rows.tolist())
            facts = {"column": column, "count": len(rows), "lines": lines}
            meant = round(first * 1000)
            self.problems.warning("thousands-dots", at, **facts, as_read=first, meant=meant)
            return
        found = as_found(self.sheet.rows[rows[0]][self.index])
        self.problems.warning("fractions", at, found=found, column=column, count=len(rows))


def _runs(sheet: Sheet, rows: Iterable[int]) -> str:
    """Return the lines of rows, shortly."""
    return runs_of([sheet.lines[row] for row in rows])


def empty_frame(table: Table) -> pd.DataFrame:
    """Return the frame of a table that is absent: all its columns, no rows."""
    return _empty(table).copy(deep=DEEP)


@lru_cache(256)
def _empty(table: Table) -> pd.DataFrame:
    columns = {column.name: _array(column, []) for column in table.columns}
    columns |= {mark: np.zeros(0, bool) for mark in marks_of(table).values()}
    return pd.DataFrame({**columns, "line": np.zeros(0, np.int64), "file": _texts([])})


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


def _blank(column: Column, rows: int) -> object:
    """Return the column of a frame whose file does not have it."""
    if column.kind in _TEXT_KINDS:
        return pd.Series("", index=range(rows), dtype="str")
    return _array(column, [None] * rows)


def _texts(values: Sequence[object]) -> pd.Series[str]:
    """Return values as a column of text."""
    return pd.Series([str(value) for value in values], dtype="str")
