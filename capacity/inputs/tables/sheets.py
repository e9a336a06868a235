"""A sheet: the cells of one table with their places, and how CSV text becomes one."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from array import array
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice

import pandas as pd

from capacity.base.errors import At, Problems
from capacity.base.words import catalog
from capacity.inputs.tables.values import Cell, is_empty

#: Words for a row of totals, without spaces and in small letters.
TOTALS = frozenset(catalog("reading")["totals"])
#: A number with its unit: a row with only that has lost its other cells.
_FIGURE = re.compile(r"[+-]?[\d,]+(\.\d+)?\s*\w{0,3}")
#: How a note under a table begins.
_NOTE = re.compile(rf"({'|'.join(catalog('reading')['notes'])})[^:]{{0,6}}:", re.IGNORECASE)
#: Characters in a cell, as many as the programs of offices take, and more.
MAX_TEXT = 2**15
#: Changes of a kind in a column that are listed one by one.
LISTED = 10_000
#: Cells and lines of a CSV file, of which each takes some fifty bytes.
MAX_CELLS = 5_000_000
#: Columns of one, many times those of a sheet.
MAX_COLUMNS = 200_000
_END = re.compile(r"\r\n?|\n")
#: A cell of a CSV row: in quotes, with what stands wrongly after these; or without.
_CELL = re.compile(r'"([^"]*+(?:""[^"]*+)*+)("?)[^,\r\n]*+|[^,\r\n]*+')
#: What stands between cells where it is no comma.
_DELIMITERS = (
    ";",
    "\t",
    "\N{FULLWIDTH COMMA}",
    "|",
    "\N{FULLWIDTH SEMICOLON}",
    "\N{IDEOGRAPHIC COMMA}",
)


@dataclass(frozen=True)
class Sheet:
    """Header and cells of one table.

    Attributes
    ----------
    table : str
        Name of the table.
    file : str
        The file in messages; for a workbook with the sheet, ``book.xlsx[Sheet]``.
    header : tuple of str
        One name per column, as written.
    header_line : int
        Line of the file, or row of the sheet, on which the header stands.
    rows : list of sequences of cells
        As many cells in each as the header has.
    lines : list of int
        Line of the file, or row of the sheet, of each row.
    locate : callable
        Line (or sheet row) and column index to the place for a message.
    workbook : bool
        Whether it comes from a workbook, whose rules differ (totals, a lone —).
    """

    table: str
    file: str
    header: tuple[str, ...]
    header_line: int
    rows: list[Sequence[Cell]]
    lines: list[int]
    locate: Callable[[int, int], At]
    workbook: bool = False

    @cached_property
    def path(self) -> str:
        """The file alone, as places have it."""
        return self.at_header().file

    def at(self, row: int, column: int = 0) -> At:
        """Return the place of a cell; the first of its row by default."""
        return self.locate(self.lines[row], column)

    def at_header(self, column: int = 0) -> At:
        """Return the place of a name in the header."""
        return self.locate(self.header_line, column)


@dataclass(frozen=True)
class Change:
    """A cell that was not taken as it was written, or a row that was dropped.

    ``kind`` is one of those that ``facts.toml`` has words for: ``unit`` is of 1.2万 or 120人,
    ``year`` of 2028学年 or 2028-2029, ``autumn`` of 2028年9月, ``word`` of 在建, ``grade`` of
    一年级, ``dash`` of a lone — read as empty, ``note_row`` of a note under a table. Past `LISTED`
    of a kind in a column one stands for ``count`` of them.
    """

    at: At
    kind: str
    before: str
    after: str
    count: int = 1


def place(frame: pd.DataFrame, row: int = 0) -> At:
    """Return where a row of a table's frame begins, by its position in the frame."""
    file, line = str(frame["file"].iloc[row]), int(frame["line"].iloc[row])
    if not file.endswith("]"):
        return At(file, line, 1)
    book, _, sheet = file[:-1].rpartition("[")
    return At(book, line, 1, f"{sheet}!A{line}")


def is_note(cells: Sequence[Cell]) -> bool:
    """Whether a row is text under a table: one cell that is no number, or 注：… and more."""
    filled = [cell for cell in cells if not is_empty(cell)]
    texts = [unicodedata.normalize("NFKC", c).strip() for c in filled if isinstance(c, str)]
    if not texts or len(texts) < len(filled) or any(map(total_word, texts)):
        return False
    if len(texts) == 1:
        return _FIGURE.fullmatch(texts[0]) is None
    return _NOTE.match(texts[0]) is not None


def total_word(cell: Cell) -> str:
    """Return the word of a total row (合计, Total …) in its plain form, or nothing."""
    if not isinstance(cell, str) or len(cell) > 24 or cell[-1:].isdigit():
        return ""
    word = "".join(unicodedata.normalize("NFKC", cell).split()).casefold().strip(":")
    return word if word in TOTALS else ""


class _Lines:
    """The lines of a CSV text, to find a cell's line and column when a message needs them."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.text = file, text

    @cached_property
    def starts(self) -> array[int]:
        """Where each line begins."""
        return array("q", chain((0,), (end.end() for end in _END.finditer(self.text))))

    def locate(self, line: int, column: int) -> At:
        """Return where cell ``column`` of the row that starts on ``line`` begins."""
        return self._at(next(islice(self._cells(line), column, None))[0])

    def fault(self, line: int) -> tuple[At, int]:
        """Return the first cell of a row with a bad quote, or too long, and in that case how long.

        ``line`` is where the row starts.
        """
        start = self.starts[line - 1]
        for start, length, whole in self._cells(line):
            if not whole:
                break
            if length > MAX_TEXT:
                return self._at(start), length
        return self._at(start), 0

    def _cells(self, line: int) -> Iterator[tuple[int, int, bool]]:
        """Yield where each cell of a row begins, its length and whether its quotes are well."""
        start, more = self.starts[line - 1], True
        while more:
            cell = _CELL.match(self.text, start)
            assert cell is not None  # nothing at all is a cell, too
            whole = cell[2] is None or (cell[2] == '"' and cell.end(2) == cell.end())
            yield start, len(cell[0]), whole
            more = whole and self.text[cell.end() : cell.end() + 1] == ","
            start = cell.end() + 1

    def _at(self, index: int) -> At:
        line = bisect_right(self.starts, index)
        return At(self.file, line, index - self.starts[line - 1] + 1)


def read_csv(table: str, file: str, text: str, problems: Problems) -> Sheet | None:
    """Split CSV text into a sheet; rows with too few or too many cells are problems, left out."""
    if (size := text.count(",") + text.count("\n") + text.count("\r")) > MAX_CELLS:
        problems.error("table-size", At(file, 1, 1), size=size, most=MAX_CELLS)
        return None
    places = _Lines(file, text)
    rows, starts = _split(places, problems)
    if rows and len(rows[0]) > MAX_COLUMNS:
        problems.error("table-size", At(file, 1, 1), size=len(rows[0]), most=MAX_COLUMNS)
        return None
    if not rows:
        if not problems.errors:
            problems.error("table-blank", At(file, 1, 1))
        return None
    header = tuple(rows[0])
    if len(header) == 1 and _refuse_delimiter(header[0], At(file, starts[0]), problems):
        return None
    kept: list[Sequence[Cell]] = []
    lines: list[int] = []
    for row, line in zip(rows[1:], starts[1:], strict=True):
        if len(row) == len(header):
            kept.append(row)
            lines.append(line)
            continue
        code, column = ("row-short", 0) if len(row) < len(header) else ("row-long", len(header))
        if problems.room(code, file):
            problems.error(code, places.locate(line, column), cells=len(row), wanted=len(header))
        else:
            problems.count(code, file)
    return Sheet(table, file, header, starts[0], kept, lines, places.locate)


def _refuse_delimiter(header: str, at: At, problems: Problems) -> bool:
    """Refuse a header with something else than commas between its names."""
    for mark in _DELIMITERS:
        if mark in header:
            name = "TAB" if mark == "\t" else f"'{mark}'"
            here = At(at.file, at.line, header.index(mark) + 1)
            problems.error("csv-delimiter", here, delimiter=name)
            return True
    return False


def _split(places: _Lines, problems: Problems) -> tuple[list[list[str]], list[int]]:
    """Return the rows that are not blank, up to a bad quote, and the line on which each starts."""
    csv.field_size_limit(MAX_TEXT)
    reader = csv.reader(io.StringIO(places.text, newline=""), strict=True)
    rows: list[list[str]] = []
    starts: list[int] = []
    before = 0
    try:
        for row in reader:
            if row and any(row):
                rows.append(row)
                starts.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        at, length = places.fault(before + 1)
        if length:
            problems.error("cell-long", at, length=length, most=MAX_TEXT)
        else:
            problems.error("csv-quote", at, reason=str(error))
    return rows, starts
