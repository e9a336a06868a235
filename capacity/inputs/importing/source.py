"""A block under what the map says of it: its cells read, and all that was changed remembered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from capacity.base.errors import At, Term
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import YEAR, Held
from capacity.inputs.importing.mapfile import FILE, FROM, SKIP, ImportMap, Reading
from capacity.inputs.importing.propose import YEARLY
from capacity.inputs.importing.spans import years_in
from capacity.inputs.importing.sections import names_year, sections_of
from capacity.inputs.importing.taken import CHANGED, LEFT_OUT, YES, Logged, OpenError, Taken, Way
from capacity.inputs.importing.vocabulary import PLACES_NAMED, TOTAL, plain
from capacity.inputs.tables.amounts import split_unit
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.overlaps import names_total
from capacity.inputs.tables.sheets import total_word
from capacity.inputs.tables.values import Cell, CellError, as_found, is_empty, read_number, show
from capacity.inputs.tables.withheld import is_withheld
from capacity.inputs.tables.years import Sense, read_year

_DASHES = frozenset(("—", "——", "-", "–", "―", "/"))


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
    withheld: set[tuple[int, int]] = field(default_factory=set)
    above: dict[int, dict[int, Cell]] = field(default_factory=dict)

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

    @cached_property
    def totals(self) -> list[int]:
        """The rows that are totals of others."""
        roles = (*PLACES_NAMED, "year", "grade", "level", "project")
        named = {0, *(i for role in roles if (i := self.column(role)) is not None)}
        return [
            row
            for row in self.block.rows
            if any(is_total(self.block.cell(row, index)) for index in named)
        ]

    @cached_property
    def sections(self) -> dict[int, str]:
        """The rows that only name something, as the region of the schools below."""
        return {row: text for row, text in sections_of(self.block).items() if not is_total(text)}

    @cached_property
    def spelt(self) -> dict[str, str]:
        """The regions and units as the map spells them."""
        names = (*self.found.units, *self.found.regions)
        return {plain(name): name for name in names}

    @cached_property
    def rows(self) -> list[int]:
        """The rows that are neither totals nor sections; those of no use go on record."""
        used = {self.reading.region, self.reading.year}
        for row, text in self.sections.items():
            if "section" not in used:
                self.leave_out(self.block.at(row), "section", text)
        apart = {*self.totals, *self.sections}
        return [row for row in self.block.rows if row not in apart]

    def leave_out(self, at: At, why: str, text: str) -> None:
        """Put what is not taken on record."""
        self.taken.changes.append(Logged(at, LEFT_OUT, why, self.table, text))

    def section(self, row: int, *, of_year: bool) -> str:
        """Return what the last section above a row names."""
        texts = [
            text for at, text in self.sections.items() if at < row and names_year(text) == of_year
        ]
        if not texts:
            way = "year" if of_year else "region"
            self.ask(("tables", str(self.own), way), self.found.regions if not of_year else ())
            raise OpenError
        return texts[-1]

    def place(self, row: int) -> str:
        """Return the place of a row as its file names it.

        Raises
        ------
        OpenError
            There is none.
        """
        if self.reading.region not in FROM:
            return self.reading.region
        if self.reading.region == "section":
            return self.section(row, of_year=False)
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
        name = self.name(row, index)
        known = self.spelt.get(plain(name), name)
        self.note(self.block.at(row, index), "name", name, known)
        return known

    def name(self, row: int, index: int) -> str:
        """Return a name that stands in a cell, which must not be empty."""
        text = " ".join(show(self.filled(row, index)).split())
        if text:
            return text
        term = Term(self.block.heading(index))
        self.taken.problems.error("cell-empty", self.block.at(row, index), column=term)
        raise OpenError

    def filled(self, row: int, index: int) -> Cell:
        """Return what stands in a cell, or above it where the office says that blanks mean that.

        Raises
        ------
        OpenError
            It has not been asked yet.
        """
        cell = self.block.cell(row, index)
        if not is_empty(cell) or self.reading.fill == "no":
            return cell
        if index not in self.above:
            last: Cell = ""
            self.above[index] = found = {}
            for other in self.rows:
                own = self.block.cell(other, index)
                found[other] = last = own if not is_empty(own) else last
        above = self.above[index].get(row, "")
        if is_empty(above):
            return cell
        if self.reading.fill != YES:
            self.ask(("tables", str(self.own), "fill"), (YES, "no"))
            raise OpenError
        at = self.block.at(row, index)
        self.taken.changes.append(Logged(at, CHANGED, "fill", self.table, "", show(above)))
        return above

    @property
    def own(self) -> int:
        """Which of the map's tables is its own."""
        return self.found.tables.index(self.reading)

    def ask(self, way: Way, candidates: Iterable[object]) -> None:
        """Leave a place of the map to the office."""
        self.taken.asked.setdefault(way, tuple(map(str, candidates)))

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
            known = [g for first, last in spans.values() for g in range(first, last + 1)]
            try:
                grade = grade_of(text, spans)
            except CellError as error:
                if _candidates(error):
                    raise
                grade = None
            if grade not in known:
                raise CellError("grade-unclear", nearest=(*known, SKIP))
            return grade

        value = int(self.word("grade", cell, read, at))
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
            if is_withheld(cell):
                return self.stated(cell, row, index)
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

    def beside(self, column: int) -> list[Cell]:
        """Return cells of a column, by which the sense of one of them is told."""
        return [self.block.cell(other, column) for other in self.block.rows[:50]]

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


def is_total(cell: Cell) -> bool:
    """Whether a cell names a total."""
    return isinstance(cell, str) and _is_total(cell)


@lru_cache(maxsize=4096)
def _is_total(text: str) -> bool:
    return bool(total_word(text) or names_total(text))
