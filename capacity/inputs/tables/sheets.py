"""Cells with their places: a grid, as a file has them, and a sheet, the rows of one table.

Also what was changed to read them, and how large either may be, which every reader asks before any
work is done: as large as 2,000 schools fill with twelve grades in twenty years, and some more.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import pandas as pd

from capacity.base.errors import At, Phrase, phrase
from capacity.base.words import catalog
from capacity.inputs.tables.values import Cell, is_empty, without_accents

#: Lines of a text file, rows of a sheet, and rows of all files of one import together.
MAX_ROWS = 500_000
#: Cells and lines of a text file, of which each takes some fifty bytes.
MAX_CELLS = 5_000_000
#: Columns of one, more than a sheet has.
MAX_COLUMNS = 20_000
#: Rows times columns up to the furthest cell of a sheet, and the cells that it may hold: those
#: schools with a row a year and 16 columns. They are XML, which takes longer than a text.
MAX_SHEET = 640_000
#: Characters in a cell, as many as the programs of offices take, and more.
MAX_TEXT = 2**15
#: In what messages say that the frames stand; the first row below the names is line 2.
FRAMES = "frames"
#: First and last cell of a range, each as row and column from 0.
Range = tuple[tuple[int, int], tuple[int, int]]
#: Words for the whole district, and for a row of totals, without spaces and in small letters.
WHOLES = frozenset(catalog("reading")["wholes"])
TOTALS = frozenset(
    before + word
    for word in catalog("reading")["totals"]
    for before in ("", *WHOLES, *catalog("reading")["before_totals"])
)
#: A number with its unit: a row with only that has lost its other cells.
_FIGURE = re.compile(r"[+-]?[\d,]+(\.\d+)?\s*\w{0,3}")
#: How a note under a table begins.
_NOTE = re.compile(rf"({'|'.join(catalog('reading')['notes'])})[^:]{{0,6}}:", re.IGNORECASE)
#: Names told before the rest is only counted.
FIRST_NAMED = 12
#: Changes of a kind in a column that are listed one by one.
LISTED = 10_000


@dataclass(frozen=True)
class Grid:
    """Cells as they stand, before anything is known of what they mean.

    Attributes
    ----------
    path : str
        The file, as messages have it.
    sheet : str
        Name of the sheet; empty for a text file.
    rows : sequence of lists of cells
        Of equal length; cells of a text file are text.
    lines : sequence of int
        Line of the file on which each row begins, or row of the sheet.
    locate : callable
        Such a line and the index of a column to the place for a message.
    merged : sequence of ranges
        Merged cells, in rows and columns from 0.
    short : mapping of int to int
        Rows of a text file with fewer cells than the longest, and how many they have.
    delimiter : str
        What stands between the cells of a text file; empty for a workbook.
    hidden : bool
        Whether the workbook does not show the sheet.
    """

    path: str
    sheet: str
    rows: Sequence[list[Cell]]
    lines: Sequence[int]
    locate: Callable[[int, int], At]
    merged: Sequence[Range] = ()
    short: Mapping[int, int] = field(default_factory=dict)
    delimiter: str = ""
    hidden: bool = False

    @property
    def file(self) -> str:
        """The file in messages; of a workbook with the sheet, ``book.xlsx[Sheet]``."""
        return f"{self.path}[{self.sheet}]" if self.sheet else self.path

    @property
    def width(self) -> int:
        """How many columns there are."""
        return len(self.rows[0]) if self.rows else 0

    def place(self, row: int, column: int = 0) -> At:
        """Return the place of a cell, both counted from 0."""
        return self.locate(self.lines[row], column)

    def length(self, row: int) -> int:
        """Return how many cells a row has in its file."""
        return self.short.get(row, self.width)


@dataclass(frozen=True)
class Sheet:
    """Header and cells of one table, one row of which is one row of the table.

    Attributes
    ----------
    table : str
        Name of the table.
    file : str
        The file in messages; for a workbook with the sheet, ``book.xlsx[Sheet]``.
    header : tuple of str
        One name per column, as written.
    rows : sequence of sequences of cells
        As many cells in each as the header has.
    lines : sequence of int
        Line of the file, or row of the sheet, of each row.
    place : callable
        Number of a row and of a column, from 0, to the place of the cell.
    place_name : callable
        Number of a column to the place of its name.
    files : sequence of str
        The file of each row, where there are several; else nothing.
    aside : tuple of (str, At)
        Columns that no table needs and that were left out, with their places.
    spare : frozenset of int
        Columns of the header that the table does not know and that are not read.
    repeats : bool
        Whether a cell may stand in several rows, as it does in those of a table across.
    across : frozenset of str
        The columns of the table whose values stand in its header or above, not in its rows.
    """

    table: str
    file: str
    header: tuple[str, ...]
    rows: Sequence[Sequence[Cell]]
    lines: Sequence[int]
    place: Callable[[int, int], At]
    place_name: Callable[[int], At]
    files: Sequence[str] = ()
    aside: tuple[tuple[str, At], ...] = ()
    spare: frozenset[int] = frozenset()
    repeats: bool = False
    across: frozenset[str] = frozenset()

    @cached_property
    def path(self) -> str:
        """The file alone, as places have it."""
        return self.at_header().file

    @property
    def wanted(self) -> int:
        """How many columns are to be read."""
        return len(self.header) - len(self.spare)

    def at(self, row: int, column: int = 0) -> At:
        """Return the place of a cell; the first of its row by default."""
        return self.place(row, column)

    def at_header(self, column: int = 0) -> At:
        """Return the place of a name in the header."""
        return self.place_name(column)

    def file_of(self, row: int) -> str:
        """Return the file of a row, as `file` is."""
        return self.files[row] if self.files else self.file

    def only(self, rows: Sequence[int]) -> Sheet:
        """Return the sheet with these rows alone."""
        if len(rows) == len(self.rows):
            return self
        return replace(
            self,
            rows=[self.rows[row] for row in rows],
            lines=[self.lines[row] for row in rows],
            files=[self.files[row] for row in rows] if self.files else (),
            place=lambda row, column: self.place(rows[row], column),
        )


@dataclass(frozen=True)
class Change:
    """A cell that was not taken as it was written, or a row that was dropped.

    ``kind`` is one of those that ``facts.toml`` has words for: ``unit`` is of 1.2万 or 120人,
    ``year`` of 2028学年 or 2028-2029, ``autumn`` of 2028年9月, ``word`` of 在建, ``grade`` of
    一年级, ``dash`` of a lone — read as empty, ``note_row`` of a note under a table, ``wide`` of a
    table with a column for each grade or year. Past `LISTED` of a kind in a column one stands for
    ``count`` of them.
    """

    at: At
    kind: str
    before: str
    after: str
    count: int = 1


@dataclass
class Tally:
    """Puts changes on record, each one up to `LISTED` of a kind; the last stands for the rest."""

    changes: list[Change]
    counted: Counter[str] = field(default_factory=Counter)

    def add(self, at: Callable[[], At], kind: str, before: str, after: str) -> None:
        """Put a change on record; ``at`` gives its place where it is listed."""
        self.counted[kind] += 1
        if self.counted[kind] <= LISTED:
            self.changes.append(Change(at(), kind, before, after))

    def close(self) -> None:
        """Let the last change that is listed of a kind stand for those that are not."""
        for kind, count in self.counted.items():
            if (more := count - LISTED) > 0:
                last = max(n for n, one in enumerate(self.changes) if one.kind == kind)
                self.changes[last] = replace(self.changes[last], count=1 + more)
        self.counted.clear()


def place(frame: pd.DataFrame, row: int = 0) -> At:
    """Return where a row of a table's frame begins, by its position in the frame."""
    file, line = str(frame["file"].iloc[row]), int(frame["line"].iloc[row])
    if not file.endswith("]") or file.startswith(f"{FRAMES}["):
        return At(file, line, 1)
    book, _, sheet = file[:-1].rpartition("[")
    return At(book, line, 1, f"{sheet}!A{line}")


def pasted(*cells: object) -> str:
    """Return a row as it can be pasted into a CSV file, without empty cells at its end.

    >>> pasted(2024, "St. Mary, N", "", "")
    '2024,"St. Mary, N"'
    """
    written = io.StringIO()
    csv.writer(written).writerow(cells)
    return written.getvalue().strip().rstrip(",")


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is text under a table: one cell that is no number, or 注：… and more."""
    filled = [cell for cell in cells if not is_empty(cell)]
    texts = [unicodedata.normalize("NFKC", c).strip() for c in filled if isinstance(c, str)]
    if not texts or len(texts) < len(filled) or any(map(total_word, texts)):
        return False
    if len(texts) == 1:
        return _FIGURE.fullmatch(texts[0]) is None
    return _NOTE.match(texts[0]) is not None


def total_words(cells: Iterable[Cell]) -> set[Cell]:
    """Return those of many cells that are a word of a total row."""
    able = {cell for cell in cells if isinstance(cell, str) and not cell[-1:].isdigit()}
    return {cell for cell in able if total_word(cell)}


def total_word(cell: Cell) -> str:
    """Return the word of a total row (合计, Total …) in its plain form, or nothing."""
    if not isinstance(cell, str) or len(cell) > 24 or cell[-1:].isdigit():
        return ""
    word = "".join(without_accents(cell).split()).casefold().strip(":")
    return word if word in TOTALS else ""


def first_named(names: Iterable[str]) -> tuple[Phrase, ...]:
    """Return the first names as facts, and how many more there are."""
    every = list(names)
    said = [phrase("facts.name", name=name) for name in every[:FIRST_NAMED]]
    more = len(every) - FIRST_NAMED
    return (*said, phrase("facts.more", count=more)) if more > 0 else tuple(said)
