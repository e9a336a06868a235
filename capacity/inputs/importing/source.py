"""A block under what the map says of it: its cells read, and all that was changed remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from capacity.base.errors import At, Term
from capacity.inputs.importing.columns import GRADE, YEAR, Held
from capacity.inputs.importing.mapfile import FILE, SKIP
from capacity.inputs.importing.propose import YEARLY
from capacity.inputs.importing.rows import Rows
from capacity.inputs.importing.taken import CHANGED, YES, Logged, OpenError
from capacity.inputs.importing.titles import years_in
from capacity.inputs.tables.amounts import split_unit
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.readers import is_withheld
from capacity.inputs.tables.values import Cell, CellError, as_found, is_empty, read_number, show
from capacity.inputs.tables.years import Sense, read_year

_DASHES = frozenset(("—", "——", "-", "–", "―", "/"))


@dataclass
class Source(Rows):
    """A block under its reading, and its cells as that says."""

    def word(self, column: str, cell: Cell, read: Callable[[Cell], Any], at: At) -> Any:
        """Read a cell by the office's own words, else by those that are known; ask otherwise.

        Raises
        ------
        OpenError
            It is asked, or left out as the office says.
        """
        text = " ".join(show(cell).split())
        own = self.found.words.get(column, {})
        if own.get(text) == SKIP:
            if (text, SKIP) not in self.noted:
                self.noted.add((text, SKIP))
                self.leave_out(at, column, text)
            raise OpenError
        if own.get(text):
            return own[text]
        try:
            return read(cell)
        except CellError as error:
            self.ask(("words", column, text), dict.fromkeys((*_candidates(error), SKIP)))
            raise OpenError from None

    def year(self, cell: Cell, beside: Sequence[Cell], at: At) -> int:
        """Return the school year, or the births year, that a cell names."""
        entry = self.found.district.entry
        births = self.table == "births"
        ends = entry.births_year_ends if births and entry else None

        def read(cell: Cell) -> int:
            sense = Sense.BIRTHS if births else Sense.SCHOOL
            value, change = read_year(cell, sense=sense, ends=ends, beside=beside)
            spring = self.reading.spring == YES and change in ("", "width", "trimmed")
            return value - 1 if spring else value

        value = int(self.word("year", cell, read, at))
        self.note(at, "year", cell, value)
        return value

    def grade(self, cell: Cell, at: At) -> int:
        """Return the grade that a cell names."""
        spans = {level.code: level.grades for level in self.found.district.levels}

        def read(cell: Cell) -> int:
            text = f"{cell:.15g}" if isinstance(cell, float) else show(cell)
            try:
                grade = grade_of(text, spans)
            except CellError as error:
                if _candidates(error):
                    raise
                grade = None
            if grade is None:
                raise CellError("grade-unclear", nearest=(*self.grades, SKIP))
            return grade

        value = int(self.word("grade", cell, read, at))
        if value not in self.grades:
            text = " ".join(show(cell).split())
            self.taken.outside.setdefault(text, at)
            if (text, "outside") not in self.noted:
                self.noted.add((text, "outside"))
                self.leave_out(at, "outside", text)
            raise OpenError
        self.note(at, "grade", cell, value)
        return value

    @cached_property
    def grades(self) -> tuple[int, ...]:
        """The grades of all levels."""
        spans = [level.grades for level in self.found.district.levels]
        return tuple(grade for first, last in spans for grade in range(first, last + 1))

    def is_outside(self, held: Held) -> bool:
        """Whether a column is named by a grade that is in no level."""
        label, grade = held.named.get(GRADE, ("", None))
        said = self.found.words.get("grade", {})
        return grade is not None and label not in said and grade not in self.grades

    def is_withheld(self, cell: Cell) -> bool:
        """Whether a cell holds no count but a mark in its place, or a figure that can be none."""
        text = show(cell).strip()
        return is_withheld(cell) or (text.startswith("-") and text not in _DASHES)

    def count(self, row: int, index: int, role: str) -> float | None:
        """Return the figure of a cell, in heads, places, classes or homes; None if it is empty."""
        cell = self.block.cell(row, index)
        if is_empty(cell) or show(cell).strip() in _DASHES:
            return None
        at = self.block.at(row, index)
        try:
            value, change = read_number(cell, _units(role))
            if value < 0:  # as -999, where few are withheld
                return self.stated(cell, row, index)
        except CellError as error:
            if self.is_withheld(cell):
                return self.stated(cell, row, index)
            facts = {"found": as_found(cell), "column": Term(self.block.heading(index))}
            self.fault(error.code, at, **(facts | error.facts))
            raise OpenError from None
        scaled = value * self.factor(index, role)
        if change or scaled != value:
            why = "unit" if scaled != value else change
            self.taken.changes.append(
                Logged(at, CHANGED, why, self.table, show(cell), f"{scaled:.15g}")
            )
        return scaled

    def stated(self, cell: Cell, row: int, index: int) -> float | None:
        """Return what the office says that stands for a count that is withheld; None: nothing."""
        mark, at = show(cell).strip(), self.block.at(row, index)
        self.withheld.add((row, index))
        said = self.found.words.get("withheld", {}).get(mark, "")
        if not said:
            self.ask(("words", "withheld", mark), ())
            raise OpenError
        if said == SKIP:
            self.leave_out(at, "withheld", mark)
            return None
        try:
            value = read_number(said).value
        except CellError as error:
            at = At(FILE, cell=f"words.withheld.{mark}")
            self.taken.problems.error(error.code, at, found=said, column=mark, **error.facts)
            raise OpenError from None
        self.taken.changes.append(Logged(at, CHANGED, "withheld", self.table, mark, said))
        return value

    def factor(self, index: int, role: str) -> float:
        """Return how many one figure of a column stands for, by its header or the whole table."""
        if role in ("classes", "tracks", "class_size"):
            return 1.0
        stated = split_unit(self.block.heading(index))
        factor = stated[1].factor if stated else 1
        return float(factor) if factor != 1 else float(self.reading.unit or 1.0)

    def years(self) -> dict[str, int] | None:
        """Return the year of each label of the header, or of the whole block under ""; else None.

        None stands for years in a column. What cannot be told is asked.
        """
        source = self.reading.year
        if source == "column" or self.table not in YEARLY:
            return None
        if source == "section":
            return None
        if source == "header":
            labels = {one.named[YEAR][0]: one.index for one in self.held if YEAR in one.named}
            return {
                label: self.year(label, list(labels), self.block.at(self.block.header, index))
                for label, index in labels.items()
            }
        texts = {
            "title": self.block.titles,
            "sheet": (self.block.grid.sheet,),
            "file": (self.block.stem,),
        }.get(source)
        if texts is None:
            return {"": self.year(source, (), self.block.at(self.block.header))}
        found = {year for text in texts for year in years_in(text)}
        if len(found) == 1:
            value = found.pop() - int(self.reading.spring == YES)
            self.note(self.block.at(self.block.header), "year", texts[0], value)
            return {"": value}
        self.ask(("tables", str(self.own), "year"), sorted(found) or ("2024",))
        raise OpenError


def _candidates(error: CellError) -> tuple[object, ...]:
    """Return what may be meant, as an error that a cell is unclear says it."""
    facts = error.facts
    for key in ("meanings", "nearest"):
        if facts.get(key):
            return tuple(facts[key])  # type: ignore[arg-type]
    if "one" in facts:
        return facts["one"], facts["other"]
    known = facts.get("known", ())
    return tuple(known.split(", ")) if isinstance(known, str) else tuple(known)  # type: ignore[arg-type]


def _units(role: str) -> tuple[str, ...]:
    table = {"pupils": "enrolment", "births": "births", "homes": "housing"}.get(role, "places")
    names = {column.name: column.units for column in TABLES[table].columns}
    return names.get(role, ())
