"""The rows of a block under what the map says of it, and the places that they name."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from capacity.base.errors import KEPT, At, Problems, Term, nearest
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.bounds import refuse_names
from capacity.inputs.importing.columns import GRADE, MONTH, PLACE, Held
from capacity.inputs.importing.mapfile import FROM, SKIP, ImportMap, Named, Reading
from capacity.inputs.importing.taken import (
    CHANGED,
    LEFT_OUT,
    YES,
    EnoughError,
    Logged,
    OpenError,
    Taken,
    Way,
)
from capacity.inputs.importing.titles import names_year, sections_of
from capacity.inputs.importing.vocabulary import PLACES_NAMED, TOTAL, plain
from capacity.inputs.tables.overlaps import names_total
from capacity.inputs.tables.sheets import total_word
from capacity.inputs.tables.values import Cell, is_empty, show

#: Tables of what comes in the course of a year, so that the counts of its months add up.
FLOWS = ("births", "housing")
#: So many names are compared by likeness, each with each; more by slips of the pen alone.
_COMPARED = 300
#: Signs of a name within which a slip is looked for.
_LONG = 60
_NONE = ImportMap(district=Named(name="district", levels=()))


@dataclass
class Rows:
    """The rows of a block under its reading.

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
    samples: dict[int, list[Cell]] = field(default_factory=dict)
    faults: int = 0

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
            if one.is_wide
            and self.roles[one.index] not in ("", SKIP, TOTAL)
            and (MONTH not in one.named or self.table in FLOWS)
        ]

    @cached_property
    def totals(self) -> list[int]:
        """The rows that are totals of others."""
        roles = (*PLACES_NAMED, "year", "grade", "level", "project")
        named = {0, *(i for role in roles if (i := self.column(role)) is not None)}
        found: set[int] = set()
        for index in named:
            cells = self.block.column(index)
            if words := {cell for cell in set(cells) if is_total(cell)}:
                found |= {
                    r for r, cell in zip(self.block.rows, cells, strict=True) if cell in words
                }
        return [row for row in self.block.rows if row in found]

    @cached_property
    def sections(self) -> dict[int, str]:
        """The rows that only name something, as the region of the schools below."""
        return {row: text for row, text in sections_of(self.block).items() if not is_total(text)}

    @cached_property
    def years_or_not(self) -> dict[bool, list[int]]:
        """The sections that name a year, under True, and those that name something else."""
        named = {row: names_year(text) for row, text in self.sections.items()}
        return {kind: [row for row in named if named[row] == kind] for kind in (True, False)}

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

    def fault(self, code: str, at: At, **facts: object) -> None:
        """Tell a fault of a row; after as many as anybody mends the others are not looked at.

        Raises
        ------
        EnoughError
        """
        self.taken.problems.error(code, at, **facts)
        self.faults += 1
        if self.faults == KEPT:
            self.taken.problems.error("rows-unread", at, kept=KEPT)
            raise EnoughError

    def leave_out(self, at: At, why: str, text: str) -> None:
        """Put what is not taken on record."""
        self.taken.changes.append(Logged(at, LEFT_OUT, why, self.table, text))

    def across(self, held: Held) -> str:
        """Return the place by which a column is named."""
        name = " ".join(str(held.named[PLACE][0]).split())
        known = self.spelt.get(plain(name), name)
        self.note(self.block.at(self.block.header, held.index), "name", name, known)
        return known

    def section(self, row: int, *, of_year: bool) -> str:
        """Return what the last section above a row names."""
        above = self.years_or_not[of_year]
        number = bisect_left(above, row)
        if not number:
            candidates = ("title", "sheet", "file") if of_year else (*self.found.regions, "sheet")
            self.ask(("tables", str(self.own), "year" if of_year else "region"), candidates)
            raise OpenError
        return self.sections[above[number - 1]]

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
        self.fault("cell-empty", self.block.at(row, index), column=term)
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
        if way not in self.taken.asked:
            self.taken.asked[way] = tuple(map(str, candidates))
            refuse_names(self.taken.asked, self.block.grid.path, self.taken.problems)

    def note(self, at: At, why: str, cell: Cell, value: object) -> None:
        """Put a word that was read otherwise than it is written on record, once in a block."""
        before, after = show(cell).strip(), str(value)
        if before != after and (before, after) not in self.noted:
            self.noted.add((before, after))
            self.taken.changes.append(Logged(at, CHANGED, why, self.table, before, after))

    def beside(self, column: int) -> list[Cell]:
        """Return cells of a column, by which the sense of one of them is told."""
        if column not in self.samples:
            rows = self.block.rows[:50]
            self.samples[column] = [self.block.cell(other, column) for other in rows]
        return self.samples[column]


def is_total(cell: Cell) -> bool:
    """Whether a cell names a total."""
    return isinstance(cell, str) and _is_total(cell)


@lru_cache(maxsize=4096)
def _is_total(text: str) -> bool:
    return bool(total_word(text) or names_total(text))


def region_names(
    blocks: Sequence[Block], held: Sequence[Sequence[Held]], problems: Problems
) -> list[str]:
    """Return the names in columns of regions: those of pupils, else those of anything."""
    by_block: list[tuple[bool, list[str]]] = []
    for block, columns in zip(blocks, held, strict=True):
        index = next((one.index for one in columns if one.role == "region"), None)
        if index is None:
            continue
        of_pupils = any(GRADE in one.named or one.role == "grade" for one in columns)
        reader = Rows(block, columns, Reading.model_validate({"from": ""}), 0, _NONE, Taken())
        reader.roles = {one.index: one.role for one in columns}
        cells = [show(block.cell(row, index)) for row in reader.rows]
        by_block.append((of_pupils, [" ".join(c.split()) for c in cells if c.strip()]))
    best = [names for of_pupils, names in by_block if of_pupils] or [n for _, n in by_block]
    counted = Counter(name for names in best for name in names)
    refuse_names(counted, blocks[0].grid.path, problems)
    return _but_misspelt(counted, best)


def pairs_of(
    tables: Iterable[tuple[Block, Sequence[Held], Reading]],
) -> dict[str, tuple[str, ...]]:
    """Return the regions beside which each unit and school stands in the files."""
    found: dict[str, dict[str, None]] = {}
    for block, columns, reading in tables:
        if reading.table == SKIP:
            continue
        roles = {plain(header): role for header, role in reading.columns.items()}
        own = {roles.get(plain(one.header), ""): one.index for one in columns if not one.is_wide}
        for role in {"unit", "school"} & own.keys() if "region" in own else ():
            for row in block.rows:
                unit, region = (
                    " ".join(show(block.cell(row, own[key])).split()) for key in (role, "region")
                )
                if unit and region and not (is_total(unit) or is_total(region)):
                    found.setdefault(unit, {})[region] = None
    return {unit: tuple(regions) for unit, regions in found.items()}


def _but_misspelt(names: Counter[str], blocks: Sequence[Sequence[str]]) -> list[str]:
    """Return names without those that may be another one's: these are asked about.

    They are near one that is much more frequent, or that stands in earlier tables in their stead.
    """
    kept: list[str] = []
    first: dict[str, str] = {}
    names = Counter({first.setdefault(plain(name), name): n for name, n in names.items()})
    inside = [set(block) for block in blocks]
    near_to = _near_names(list(names))
    for name, count in names.items():
        near = near_to(name)
        apart = {other for other in near if not any({name, other} <= block for block in inside)}
        rarer = any(names[other] >= 2 * count and _slips(name, other) for other in near)
        if not rarer and not apart.intersection(kept):
            kept.append(name)
    return kept


def _near_names(names: Sequence[str]) -> Callable[[str], Iterable[str]]:
    """Return what gives the others that are near a name; of many only those a slip away."""
    if len(names) <= _COMPARED:
        return lambda name: nearest(name, set(names) - {name})
    alike: dict[str, list[str]] = {}
    for name in names:
        for form in _slipped(name):
            alike.setdefault(form, []).append(name)
    return lambda name: {n for form in _slipped(name) for n in alike[form]} - {name}


def _slipped(name: str) -> set[str]:
    """Return what a name shares with those that have one other sign, or the same in other order."""
    short = name[:_LONG]
    one_off = {f"{short[:at]}\0{short[at + 1 :]}" for at in range(len(short))}
    return {"".join(sorted(name)), *(one_off if len(name) > 3 else ())}


def _slips(name: str, other: str) -> bool:
    """Whether two names differ by a slip of the pen: North and Nort, and not North and South.

    >>> _slips("北部区", "北部"), _slips("Norht", "North"), _slips("South", "North")
    (True, True, False)
    """
    if name in other or other in name or sorted(name) == sorted(other):
        return True
    pairs = [(a, b) for a, b in zip(name, other, strict=False) if a != b]
    return len(name) == len(other) > 3 and len(pairs) == 1 and not "".join(pairs[0]).isdigit()
