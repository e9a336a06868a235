"""Counts of pupils, births, children and homes from a block, held against their totals."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from capacity.base.errors import Term
from capacity.inputs.importing.columns import (
    AGE,
    GRADE,
    LEVEL,
    MONTH,
    PLACE,
    YEAR,
    Held,
    age_of,
)
from capacity.inputs.importing.mapfile import SKIP
from capacity.inputs.importing.rows import is_total
from capacity.inputs.importing.source import Source
from capacity.inputs.importing.taken import LEFT_OUT, Logged, OpenError, Row
from capacity.inputs.importing.vocabulary import PART, PLACES_NAMED, TOTAL, plain, total_of
from capacity.inputs.tables.values import Cell, CellError, as_found, is_empty, read_number, show

#: A row is held against its total to so many pupils, places or homes.
_NEAR = 1e-6
#: A row is held against the sum of so many rows below it.
_RUN = 60
#: Totals that differ are told one by one up to so many in a file.
_TOLD = 5
#: Columns that name the parts of a count.
_NAMES = (*PLACES_NAMED, "level")


def take_counts(one: Source) -> None:
    """Take the counts of enrolment, births, children or homes: a row for each figure."""
    try:
        years = one.years()
    except OpenError:
        return
    key_name = {"enrolment": "grade", "children": "age"}.get(one.table, "")
    measure = {"enrolment": "pupils", "births": "births", "children": "children"}
    role = measure.get(one.table, "homes")
    wide = [held for held in one.counted() if one.roles[held.index] == role]
    single = one.column(role)
    beyond = {held.index for held in wide if one.is_outside(held)}
    for held in wide:
        if held.index in beyond:
            label, at = held.named[GRADE][0], one.block.at(one.block.header, held.index)
            one.taken.outside.setdefault(label, at)
            one.leave_out(at, "outside", label)
    columns = [held.index for held in wide] or ([single] if single is not None else [])
    figures = _figures(one, columns, beyond, role)
    _check_across(one, wide, figures, role)
    if not any(figures.values()):  # half a million rows of nothing are told once
        one.leave_out(one.block.at(one.block.header), "empty", one.table)
        return
    _warn_subtotals(one, figures)
    _check_totals(one, one.totals, figures)
    for row in one.totals:
        _leave_out(one, row, "total")
    _take_rows(one, years, figures, key_name)


def _figures(
    one: Source, columns: Sequence[int], beyond: Collection[int], role: str
) -> dict[int, dict[int, float]]:
    """Return the figures of each row by column; those that are withheld are put on record."""
    figures: dict[int, dict[int, float]] = {}
    for row in (*one.totals, *one.rows):
        figures[row] = {}
        for index in columns:
            if index in beyond and one.is_withheld(one.block.cell(row, index)):
                one.withheld.add((row, index))
                continue
            try:
                value = one.count(row, index, role)
            except OpenError:
                continue
            if value is not None:
                figures[row][index] = value
    return figures


def _take_rows(
    one: Source,
    years: Mapping[str, int] | None,
    figures: Mapping[int, Mapping[int, float]],
    key_name: str,
) -> None:
    """Take each figure with its year, place and grade or age."""
    held = {held.index: held for held in one.held}
    beyond = {index for index, own in held.items() if one.is_outside(own)}
    for row in one.rows:
        if not figures[row]:
            _leave_out(one, row, "empty")
            continue
        try:
            place = "" if one.reading.region == "header" else one.place(row)
            lead = _year(one, row) if years is None else None, place
        except OpenError:
            continue
        names, apart = _parts(one, row)
        for index, value in figures[row].items():
            if index in beyond:
                continue
            try:
                key = _key(one, row, held[index], years, lead, key_name)
            except OpenError:
                continue
            at, own = one.block.at(row, index), held[index]
            said = (own.header, *(label for label, _ in own.named.values())) if own.is_wide else ()
            sure = (*names, *said) if own.role == PART or MONTH in own.named else names
            parts = (*names, *apart, *said)
            one.taken.rows.append(Row(one.table, key, value, at, one.number, parts, sure))


def _year(one: Source, row: int) -> int:
    """Return the year of a row that names it, or stands below a row that does."""
    if one.reading.year == "section":
        return one.year(one.section(row, of_year=True), (), one.block.at(row))
    column = one.column("year")
    if column is None:
        one.ask(("tables", str(one.own), "year"), ())
        raise OpenError
    cell, at = one.filled(row, column), one.block.at(row, column)
    if is_empty(cell):
        one.name(row, column)
    return one.year(cell, one.beside(column), at)


def _key(
    one: Source,
    row: int,
    held: Held,
    years: Mapping[str, int] | None,
    lead: tuple[int | None, str],
    key_name: str,
) -> tuple[Any, ...]:
    """Return year, place and grade (or age) of a figure."""
    year, place = lead
    if PLACE in held.named:
        place = one.across(held)
    if years is not None:
        year = years[held.named[YEAR][0] if YEAR in held.named else ""]
    if not key_name:
        return year, place
    if GRADE in held.named and key_name == "grade":
        label = held.named[GRADE][0]
        return year, place, one.grade(label, one.block.at(one.block.header, held.index))
    if AGE in held.named and key_name == "age":
        return year, place, held.named[AGE][1]
    column = one.column(key_name)
    if column is None:
        one.ask(("tables", str(one.own), "table"), (SKIP,))
        raise OpenError
    cell, at = one.filled(row, column), one.block.at(row, column)
    if is_empty(cell):
        one.name(row, column)
    if key_name == "age":
        return year, place, int(one.word("age", cell, _age, at))
    return year, place, one.grade(cell, at)


def _age(cell: Cell) -> int:
    """Return the age that a cell names."""
    found = age_of(show(cell))
    if found is None:
        number = read_number(cell).value
        if number != int(number):
            raise CellError("number-invalid")
        found = int(number)
    return found


def _parts(one: Source, row: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the other names in a row, and what columns say that are left out."""
    place = one.column(*PLACES_NAMED) if one.reading.region == "column" else None
    names: list[str] = []
    apart: list[str] = []
    for held in one.held:
        role = one.roles[held.index]
        if not held.is_wide and held.index != place and role in (*_NAMES, SKIP, ""):
            said = names if role in _NAMES or held.role == "level" else apart
            said.append(show(one.block.cell(row, held.index)).strip())
    return tuple(names), tuple(apart)


def _leave_out(one: Source, row: int, why: str) -> None:
    """Put a row that is not taken on record, unless nothing stands in it."""
    text = " ".join(show(cell) for cell in one.block.cells(row) if not is_empty(cell))
    one.taken.changes.append(Logged(one.block.at(row), LEFT_OUT, why, one.table, text))


def _check_across(
    one: Source, wide: Sequence[Held], figures: Mapping[int, Mapping[int, float]], role: str
) -> None:
    """Hold each column of totals against the columns that it adds up."""
    spans = {level.code: level.grades for level in one.found.district.levels}
    for total in one.held:
        if one.roles[total.index] != TOTAL:
            continue
        parts = _parts_of(total, wide, spans)
        for row, found in figures.items() if len(parts) > 1 else ():
            try:
                stated = one.count(row, total.index, role)
            except OpenError:
                continue
            there = [found[index] for index in parts if index in found]
            if any((row, index) in one.withheld for index in parts):
                continue
            if stated is not None and there and abs(stated - math.fsum(there)) > _NEAR:
                _refuse_total(one, row, total.index, math.fsum(there))


def _parts_of(total: Held, wide: Sequence[Held], spans: Mapping[str, tuple[int, int]]) -> list[int]:
    """Return the columns that a total adds up: of what it names, in the year that it names."""
    rest = total_of(total.header)
    headers = {plain(held.header) for held in wide}
    if rest and rest not in headers:
        return []
    years = {held.named.get(YEAR) for held in wide}
    if len(years) > 1 and YEAR not in total.named:
        return []
    return [
        held.index
        for held in wide
        if (not rest or plain(held.header) == rest) and _is_within(held, total, spans)
    ]


def _is_within(held: Held, total: Held, spans: Mapping[str, tuple[int, int]]) -> bool:
    """Whether a column is of the year, grade and level that a total names."""
    for kind, (_, value) in total.named.items():
        if kind == LEVEL and GRADE in held.named:
            first, last = spans.get(str(value), (0, -1))
            if not first <= int(held.named[GRADE][1]) <= last:
                return False
        elif kind not in held.named or held.named[kind][1] != value:
            return False
    return True


def _check_totals(
    one: Source, totals: Sequence[int], figures: Mapping[int, Mapping[int, float]]
) -> None:
    """Hold a row of totals against all rows of the block, and against those since the last one."""
    before = -1
    for row in totals:
        every = one.rows
        parts = [other for other in every if before < other < row]
        withheld = {index for _, index in one.withheld}
        for index, stated in figures[row].items():
            if index in withheld:
                continue
            sums = [
                math.fsum(figures[other].get(index, 0.0) for other in rows)
                for rows in (every, parts)
            ]
            same = [
                math.fsum(figures[other].get(index, 0.0) for other in rows)
                for rows in _alike(one, row, every)
            ]
            if all(abs(stated - total) > _NEAR for total in (*sums, *same)):
                _refuse_total(one, row, index, sums[1] if parts else sums[0])
        before = row


def _warn_subtotals(one: Source, figures: Mapping[int, Mapping[int, float]]) -> None:
    """Warn of a row, called no total, in which each figure is the sum of the rows below it."""
    rows = [row for row in one.rows if len(figures[row]) > 1]
    for number, row in enumerate(rows):
        whole = figures[row]
        left = dict(whole)
        for many, other in enumerate(rows[number + 1 : number + 1 + _RUN], 1):
            left = {index: n - figures[other].get(index, 0.0) for index, n in left.items()}
            if min(left.values()) < 0 or figures[other].keys() != whole.keys():
                break
            if max(left.values()) < _NEAR and many > 1:
                index = min(whole)
                place = show(one.block.cell(row, one.column(*PLACES_NAMED) or 0)).strip()
                one.taken.problems.warning("import-total", one.block.at(row, index), found=place)
                return


def _alike(one: Source, row: int, rows: Sequence[int]) -> Iterator[list[int]]:
    """Give the rows that have the same year, grade or level as a total row names."""
    for role in ("year", "grade", "level", *PLACES_NAMED):
        index = one.column(role)
        if index is None or is_empty(cell := one.block.cell(row, index)) or is_total(cell):
            continue
        yield [other for other in rows if one.block.cell(other, index) == cell]


def _refuse_total(one: Source, row: int, index: int, total: float) -> None:
    at, problems = one.block.at(row, index), one.taken.problems
    if not problems.room("total-differs", at.file, few=_TOLD):
        problems.count("total-differs", at.file)
        return
    problems.error(
        "total-differs",
        at,
        found=as_found(one.block.cell(row, index)),
        column=Term(one.block.heading(index)),
        total=total,
    )
