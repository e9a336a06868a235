"""What a map says, done: the cells of a block to rows of a table, with all that was changed."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from capacity.base.errors import At, Problems, Term
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import GRADE, YEAR, Held
from capacity.inputs.importing.mapfile import FROM, SKIP, ImportMap, Reading
from capacity.inputs.importing.propose import YEARLY, years_in
from capacity.inputs.importing.vocabulary import PLACES_NAMED, TOTAL, plain, total_of
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
#: A row is held against its total to so many pupils, places or homes.
_NEAR = 1e-6

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
    log : list of Logged
    asked : dict of way to candidates
        What only the office can know, by its place in the map.
    problems : Problems
    """

    rows: list[Row] = field(default_factory=list)
    records: list[tuple[str, dict[str, Any], At]] = field(default_factory=list)
    log: list[Logged] = field(default_factory=list)
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
        return [one for one in self.held if one.is_wide and self.roles[one.index] not in ("", SKIP, TOTAL)]

    def totals(self) -> list[int]:
        """Return the rows that are totals of others."""
        keys = [self.column(role) for role in (*PLACES_NAMED, "year", "grade", "level", "project")]
        return [
            row
            for row in self.block.rows
            if any(_names_total(self.block.cell(row, index)) for index in {0, *keys} - {None})
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
            texts = self.block.titles if self.reading.region == "title" else (self.block.grid.sheet,)
            forms = [plain(text) for text in texts]
            named = [r for r in self.found.regions if any(plain(r) in form for form in forms)]
            if len(named) == 1:
                return named[0]
            self.ask(("tables", str(self._own), "region"), self.found.regions)
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
    def _own(self) -> int:
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
            self.taken.log.append(Logged(at, CHANGED, why, self.table, before, after))

    def count(self, row: int, index: int, role: str) -> float | None:
        """Return the figure of a cell in heads, places, classes or homes; None where it is empty."""
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
        scaled = value * self.reading.unit if role not in ("classes", "tracks") else value
        if change or scaled != value:
            why = "unit" if scaled != value else change
            self.taken.log.append(
                Logged(at, CHANGED, why, self.table, show(cell), f"{scaled:.15g}")
            )
        return scaled

    def years(self) -> dict[str, int] | None:
        """Return the year of each label of the header, or of the whole block under ""; else None.

        None stands for years in a column. What cannot be told is asked.
        """
        source = self.reading.year
        if source == "column" or self.table not in YEARLY:
            return None
        if source == "header":
            labels = {
                one.named[YEAR][0]: one.index for one in self.held if YEAR in one.named
            }
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
        self.ask(("tables", str(self._own), "year"), sorted(found) or ("2024",))
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


def _names_total(cell: Cell) -> bool:
    return isinstance(cell, str) and bool(total_word(cell) or names_total(cell))


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
    totals = one.totals()
    figures: dict[int, dict[int, float]] = {}
    for row in one.block.rows:
        figures[row] = {}
        columns = [held.index for held in wide] or ([single] if single is not None else [])
        for index in columns:
            try:
                value = one.count(row, index, role)
            except OpenError:
                continue
            if value is not None:
                figures[row][index] = value
    _check_across(one, wide, figures, role)
    _check_totals(one, totals, figures)
    for row in one.block.rows:
        if row in totals or not figures[row]:
            _leave_out(one, row, "total" if row in totals else "empty")
            continue
        for index, value in figures[row].items():
            try:
                key = _key(one, row, index, years, key_name)
            except OpenError:
                break
            parts = _parts(one, row)
            at = one.block.at(row, index)
            one.taken.rows.append(Row(one.table, key, value, at, one.number, parts))


def warn_unnamed(one: Source) -> None:
    """Warn of figures in a column without a name, which are left out."""
    for held in one.held:
        if held.header or held.is_wide:
            continue
        cells = [(row, one.block.cell(row, held.index)) for row in one.block.rows]
        filled = [(row, cell) for row, cell in cells if not is_empty(cell)]
        if filled:
            row, cell = filled[0]
            at = one.block.at(row, held.index)
            one.taken.problems.warning("import-unnamed", at, found=as_found(cell), n=len(filled))


def warn_classes(one: Source) -> None:
    """Warn of more classes than pupils, as where the two columns are exchanged."""
    named: dict[tuple[tuple[str, Any], ...], dict[str, int]] = {}
    for held in one.held:
        if held.role in ("pupils", "classes"):
            named.setdefault(tuple(sorted(held.named.items())), {})[held.role] = held.index
    for pair in named.values():
        if len(pair) < 2:
            continue
        for row in one.block.rows:
            heads, classes = (one.block.cell(row, pair[key]) for key in ("pupils", "classes"))
            if isinstance(heads, float) and isinstance(classes, float) and 0 < heads < classes:
                at = one.block.at(row, pair["pupils"])
                one.taken.problems.warning("import-classes", at, found=heads, classes=classes)
                return


def warn_swapped(one: Source) -> None:
    """Warn where every region lies in one school, and a school in several regions."""
    region, school = one.column("region", "unit"), one.column("school")
    if region is None or school is None:
        return
    schools: dict[str, set[str]] = {}
    regions: dict[str, set[str]] = {}
    totals = set(one.totals())
    for row in (row for row in one.block.rows if row not in totals):
        names = show(one.block.cell(row, region)).strip(), show(one.block.cell(row, school)).strip()
        schools.setdefault(names[0], set()).add(names[1])
        regions.setdefault(names[1], set()).add(names[0])
    alone = all(len(inside) == 1 for inside in schools.values())
    if alone and any(len(inside) > 1 for inside in regions.values()):
        at, name = one.block.at(one.block.header, region), one.block.heading(region)
        facts = {"found": name, "other": Term(one.block.heading(school))}
        one.taken.problems.warning("import-swapped", at, **facts)


def _key(
    one: Source, row: int, index: int, years: Mapping[str, int] | None, key_name: str
) -> tuple[Any, ...]:
    """Return year, place and grade (or age) of a figure."""
    held = next(held for held in one.held if held.index == index)
    if years is None:
        column = one.column("year")
        assert column is not None
        cell, at = one.block.cell(row, column), one.block.at(row, column)
        beside = [one.block.cell(other, column) for other in one.block.rows[:50]]
        if is_empty(cell):
            one.name(row, column)
        year = one.year(cell, beside, at)
    else:
        year = years[held.named[YEAR][0] if YEAR in held.named else ""]
    place = one.place(row)
    if not key_name:
        return year, place
    if GRADE in held.named and key_name == "grade":
        label = held.named[GRADE][0]
        return year, place, one.grade(label, one.block.at(one.block.header, index))
    column = one.column(key_name)
    if column is None:
        one.ask(("tables", str(one._own), "table"), (SKIP,))
        raise OpenError
    cell, at = one.block.cell(row, column), one.block.at(row, column)
    if is_empty(cell):
        one.name(row, column)
    if key_name == "age":
        return year, place, int(read_number(cell).value)
    return year, place, one.grade(cell, at)


def _parts(one: Source, row: int) -> tuple[str, ...]:
    """Return the other names in a row, by which rows of one key are told apart."""
    place = one.column(*PLACES_NAMED)
    return tuple(
        show(one.block.cell(row, held.index)).strip()
        for held in one.held
        if not held.is_wide
        and held.index != place
        and one.roles[held.index] in (*PLACES_NAMED, "level", SKIP, "")
    )


def _leave_out(one: Source, row: int, why: str) -> None:
    """Put a row that is not taken on record, unless nothing stands in it."""
    cells = [one.block.cell(row, index) for index in range(len(one.block.columns))]
    text = " ".join(show(cell) for cell in cells if not is_empty(cell))
    one.taken.log.append(Logged(one.block.at(row), LEFT_OUT, why, one.table, text))


def _check_across(
    one: Source, wide: Sequence[Held], figures: Mapping[int, Mapping[int, float]], role: str
) -> None:
    """Hold each column of totals against the columns that it adds up."""
    for total in one.held:
        if one.roles[total.index] != TOTAL:
            continue
        parts = _parts_of(total, wide)
        for row, found in figures.items() if len(parts) > 1 else ():
            try:
                stated = one.count(row, total.index, role)
            except OpenError:
                continue
            there = [found[index] for index in parts if index in found]
            if stated is not None and there and abs(stated - math.fsum(there)) > _NEAR:
                _refuse_total(one, row, total.index, math.fsum(there))


def _parts_of(total: Held, wide: Sequence[Held]) -> list[int]:
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
        if (not rest or plain(held.header) == rest) and total.named.items() <= held.named.items()
    ]


def _check_totals(
    one: Source, totals: Sequence[int], figures: Mapping[int, Mapping[int, float]]
) -> None:
    """Hold a row of totals against all rows of the block, and against those since the last one."""
    before = -1
    for row in totals:
        every = [other for other in one.block.rows if other not in totals]
        parts = [other for other in every if before < other < row]
        for index, stated in figures[row].items():
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


def _alike(one: Source, row: int, rows: Sequence[int]) -> Iterator[list[int]]:
    """Give the rows that have the same year, grade or level as a total row names."""
    for role in ("year", "grade", "level", *PLACES_NAMED):
        index = one.column(role)
        if index is None or is_empty(cell := one.block.cell(row, index)) or _names_total(cell):
            continue
        yield [other for other in rows if one.block.cell(other, index) == cell]


def _refuse_total(one: Source, row: int, index: int, total: float) -> None:
    one.taken.problems.error(
        "total-differs",
        one.block.at(row, index),
        found=as_found(one.block.cell(row, index)),
        column=Term(one.block.heading(index)),
        total=total,
    )


def summed(taken: Taken, labels: Mapping[int, str]) -> dict[str, dict[tuple[Any, ...], float]]:
    """Return the counts of each table by key, parts of one block added up.

    The same key in two blocks with the same sum is one count that stands twice, of which one is
    left out; with another sum it is asked which of the two blocks is right.

    Parameters
    ----------
    taken
    labels
        What each block is called where it is asked about.
    """
    by_key: dict[tuple[str, tuple[Any, ...]], dict[int, list[Row]]] = {}
    for row in taken.rows:
        by_key.setdefault((row.table, row.key), {}).setdefault(row.block, []).append(row)
    found: dict[str, dict[tuple[Any, ...], float]] = {}
    for (table, key), blocks in by_key.items():
        sums = {block: _sum(rows, taken) for block, rows in blocks.items()}
        first, *others = sums
        for other in others:
            if abs(sums[other] - sums[first]) > _NEAR:
                for block in (first, other):
                    taken.asked["words", "latest", labels[block]] = (YES, SKIP)
            else:
                taken.log += [
                    Logged(row.at, LEFT_OUT, "again", table, f"{row.value:.15g}")
                    for row in blocks[other]
                ]
        found.setdefault(table, {})[key] = sums[first]
    return found


def _sum(rows: Sequence[Row], taken: Taken) -> float:
    """Add up the parts of one count; two that nothing tells apart are refused."""
    if len(rows) == 1:
        return rows[0].value
    seen: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if (before := seen.setdefault(row.parts, row)) is not row:
            found = ", ".join(map(str, (*row.key, *filter(None, row.parts))))
            taken.problems.error("import-twice", row.at, found=found, other=str(before.at))
    key = " ".join(map(str, rows[0].key))
    for row in rows:
        taken.log.append(Logged(row.at, SUMMED, "parts", row.table, f"{row.value:.15g}", key))
    return math.fsum(row.value for row in rows)
