"""A block under what the map says of it: its cells read, and all that was changed remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from capacity.base.errors import At, Problems, Term
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import YEAR, Held
from capacity.inputs.importing.mapfile import FROM, SKIP, ImportMap, Reading
from capacity.inputs.importing.propose import YEARLY, years_in
from capacity.inputs.importing.vocabulary import PLACES_NAMED, TOTAL, plain
from capacity.inputs.tables.amounts import split_unit
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.overlaps import names_total
from capacity.inputs.tables.sheets import total_word
from capacity.inputs.tables.values import Cell, CellError, as_found, is_empty, read_number, show
from capacity.inputs.tables.years import Sense, read_year

#: What `Logged` tells of a cell.
CHANGED, SUMMED, LEFT_OUT = "changed", "summed", "left out"
#: The block that holds where two differ.
YES = "yes"
_DASHES = frozenset(("—", "——", "-", "–", "―", "/"))

Way = tuple[str, ...]


class Logged(NamedTuple):
    """A cell or row that is not in the district's tables as it stood in its file.

    ``what`` is one of `CHANGED`, `SUMMED` and `LEFT_OUT`; ``why`` names the reason in a word.
    """

    at: At
    what: str
    why: str
    table: str
    before: str
    after: str = ""


@dataclass(frozen=True)
class Row:
    """One count, with the cell that it comes from.

    Attributes
    ----------
    table : str
    key : tuple
        Values of the table's key: year, place, grade.
    value : float
    at : At
    block : int
        Number of the block; rows of one block with one key are parts that are added up.
    parts : tuple of str
        What else the row names, such as its school: tells rows of one key apart.
    """

    table: str
    key: tuple[Any, ...]
    value: float
    at: At
    block: int
    parts: tuple[str, ...]


@dataclass
class Taken:
    """What has been taken from the blocks so far.

    Attributes
    ----------
    rows : list of Row
        Counts, which are added up.
    records : list of (table, dict, At)
        Rows of places and projects, which are not.
    changes : list of Logged
    asked : dict of way to candidates
        What only the office can know, by its place in the map.
    problems : Problems
    """

    rows: list[Row] = field(default_factory=list)
    records: list[tuple[str, dict[str, Any], At]] = field(default_factory=list)
    changes: list[Logged] = field(default_factory=list)
    asked: dict[Way, tuple[str, ...]] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)


class OpenError(Exception):
    """A cell cannot be read before the office has said what it means."""


@dataclass
class Source:
    """A block under its reading.

    Attributes
    ----------
    block, held, reading
    number : int
        Of the block.
    found : ImportMap
    taken : Taken
    """

    block: Block
    held: Sequence[Held]
    reading: Reading
    number: int
    found: ImportMap
    taken: Taken
    roles: dict[int, str] = field(init=False)
    noted: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        columns = {plain(header): role for header, role in self.reading.columns.items()}
        counts = {plain(header): role for header, role in self.reading.counts.items()}
        self.roles = {
            one.index: (counts if one.is_wide else columns).get(plain(one.header), "")
            for one in self.held
        }

    @property
    def table(self) -> str:
        """The table that it makes."""
        return self.reading.table

    def column(self, *roles: str) -> int | None:
        """Return the first column that is not wide and holds one of the roles, in their order."""
        for role in roles:
            for one in self.held:
                if not one.is_wide and self.roles[one.index] == role:
                    return one.index
        return None

    def counted(self) -> list[Held]:
        """Return the wide columns that count something."""
        return [
            one
            for one in self.held
            if one.is_wide and self.roles[one.index] not in ("", SKIP, TOTAL)
        ]

    def totals(self) -> list[int]:
        """Return the rows that are totals of others."""
        roles = (*PLACES_NAMED, "year", "grade", "level", "project")
        named = {0, *(i for role in roles if (i := self.column(role)) is not None)}
        return [
            row
            for row in self.block.rows
            if any(is_total(self.block.cell(row, index)) for index in named)
        ]

    def place(self, row: int) -> str:
        """Return the place of a row as its file names it.

        Raises
        ------
        OpenError
            There is none.
        """
        if self.reading.region not in FROM:
            return self.reading.region
        if self.reading.region != "column":
            texts = (
                self.block.titles if self.reading.region == "title" else (self.block.grid.sheet,)
            )
            forms = [plain(text) for text in texts]
            named = [r for r in self.found.regions if any(plain(r) in form for form in forms)]
            if len(named) == 1:
                return named[0]
            self.ask(("tables", str(self.own), "region"), self.found.regions)
            raise OpenError
        index = self.column(*PLACES_NAMED)
        if index is None:
            raise OpenError
        return self.name(row, index)

    def name(self, row: int, index: int) -> str:
        """Return a name that stands in a cell, which must not be empty."""
        cell = self.block.cell(row, index)
        text = " ".join(show(cell).split())
        if text:
            return text
        term = Term(self.block.heading(index))
        self.taken.problems.error("cell-empty", self.block.at(row, index), column=term)
        raise OpenError

    @property
    def own(self) -> int:
        """Which of the map's tables is its own."""
        return self.found.tables.index(self.reading)

    def ask(self, way: Way, candidates: Sequence[object]) -> None:
        """Leave a place of the map to the office."""
        self.taken.asked.setdefault(way, tuple(map(str, candidates)))

    def word(self, column: str, cell: Cell, read: Callable[[Cell], Any]) -> Any:
        """Read a cell by the office's own words, else by those that are known; ask otherwise."""
        text = " ".join(show(cell).split())
        own = self.found.words.get(column, {})
        if own.get(text):
            return own[text]
        try:
            return read(cell)
        except CellError as error:
            self.ask(("words", column, text), _candidates(error))
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

        value = int(self.word("year", cell, read))
        self.note(at, "year", cell, value)
        return value

    def grade(self, cell: Cell, at: At) -> int:
        """Return the grade that a cell names."""
        spans = {level.code: level.grades for level in self.found.district.levels}

        def read(cell: Cell) -> int:
            grade = grade_of(f"{cell:.15g}" if isinstance(cell, float) else show(cell), spans)
            if grade is None:
                raise CellError("grade-unclear")
            return grade

        value = int(self.word("grade", cell, read))
        self.note(at, "grade", cell, value)
        return value

    def note(self, at: At, why: str, cell: Cell, value: object) -> None:
        """Put a word that was read otherwise than it is written on record, once in a block."""
        before, after = show(cell).strip(), str(value)
        if before != after and (before, after) not in self.noted:
            self.noted.add((before, after))
            self.taken.changes.append(Logged(at, CHANGED, why, self.table, before, after))

    def count(self, row: int, index: int, role: str) -> float | None:
        """Return the figure of a cell, in heads, places, classes or homes; None if it is empty."""
        cell = self.block.cell(row, index)
        if is_empty(cell) or show(cell).strip() in _DASHES:
            return None
        at = self.block.at(row, index)
        try:
            value, change = read_number(cell, _units(role))
        except CellError as error:
            facts = {"found": as_found(cell), "column": Term(self.block.heading(index))}
            self.taken.problems.error(error.code, at, **(facts | error.facts))
            raise OpenError from None
        scaled = value * self.factor(index, role)
        if change or scaled != value:
            why = "unit" if scaled != value else change
            self.taken.changes.append(
                Logged(at, CHANGED, why, self.table, show(cell), f"{scaled:.15g}")
            )
        return scaled

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
            return {"": found.pop() - int(self.reading.spring == YES)}
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


def is_total(cell: Cell) -> bool:
    """Whether a cell names a total."""
    return isinstance(cell, str) and bool(total_word(cell) or names_total(cell))
