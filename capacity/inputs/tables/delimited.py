"""Text of cells between commas, semicolons, tabs or bars to a grid."""

from __future__ import annotations

import csv
import io
import re
from array import array
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cached_property, lru_cache, partial
from itertools import accumulate, islice

from capacity.base.errors import At, Problems
from capacity.inputs.tables.sheets import MAX_CELLS, MAX_COLUMNS, MAX_ROWS, MAX_TEXT, Grid
from capacity.inputs.tables.values import Cell

#: What may stand between cells; the first wins a tie.
DELIMITERS = (",", "\t", ";", "|")
#: What stands between the cells of a file that no program reads.
_REFUSED = ("\N{FULLWIDTH COMMA}", "\N{FULLWIDTH SEMICOLON}", "\N{IDEOGRAPHIC COMMA}")
#: Rows, and characters, from which the delimiter is told.
_ROWS, _SAMPLE = 100, 2**16
_END = re.compile(r"\r\n?|\n")
#: What blank rows are made of.
_BLANK = " \r\n" + "".join(DELIMITERS)
#: A first line by which a spreadsheet is told the delimiter.
_DECLARED = re.compile(r'"?sep=(.)"?', re.IGNORECASE)


class _Lines:
    """The lines of a text, to find a cell's line and column when a message needs them."""

    def __init__(self, file: str, text: str, delimiter: str) -> None:
        self.file, self.text, self.delimiter = file, text, delimiter
        self.last: tuple[int, list[int]] = (0, [])

    @cached_property
    def starts(self) -> array[int]:
        """Where each line begins; one more where the text ends with that of a line."""
        lengths = map(len, io.StringIO(self.text, newline=""))
        starts = array("q", accumulate(lengths, initial=0))
        if len(starts) > 1 and self.text[-1] not in "\r\n":
            starts.pop()
        return starts

    def locate(self, line: int, column: int) -> At:
        """Return where cell ``column`` of the row that starts on ``line`` begins.

        Of a row that has fewer cells, where its last begins.
        """
        if column == 0:
            return At(self.file, line, 1)
        if self.last[0] != line:  # a row is asked for several of its cells
            self.last = line, [start for start, _, _ in self._cells(line)]
        found = self.last[1]
        return self._at(found[min(column, len(found) - 1)])

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
        form = _cell(self.delimiter)
        while more:
            cell = form.match(self.text, start)
            assert cell is not None  # nothing at all is a cell, too
            whole = cell[2] is None or (cell[2] == '"' and cell.end(2) == cell.end())
            yield start, len(cell[0]), whole
            more = whole and self.text[cell.end() : cell.end() + 1] == self.delimiter
            start = cell.end() + 1

    def _at(self, index: int) -> At:
        line = bisect_right(self.starts, index)
        return At(self.file, line, index - self.starts[line - 1] + 1)


@lru_cache(maxsize=16)
def _cell(delimiter: str) -> re.Pattern[str]:
    """Return the form of a cell: in quotes, with what stands wrongly after these; or without."""
    other = rf"[^{re.escape(delimiter)}\r\n]*+"
    return re.compile(rf'"([^"]*+(?:""[^"]*+)*+)("?){other}|{other}')


def read_delimited(file: str, text: str, problems: Problems) -> Grid | None:
    """Split a text into a grid, or add why there is none; up to a bad quote, which is a problem."""
    csv.field_size_limit(MAX_TEXT)
    last = _END.search(text, len(text.rstrip(_BLANK)))
    text = text[: last.end()] if last else text  # without blank rows at its end, which may be many
    delimiter, declared = _delimiter(text)
    ends = text.count("\n"), text.count("\r")
    size = text.count(delimiter) + sum(ends)
    if size > MAX_CELLS:
        problems.error("table-size", At(file, 1, 1), size=size, most=MAX_CELLS)
        return None
    if max(ends) > MAX_ROWS:
        problems.error("table-rows", At(file, 1, 1), size=max(ends), most=MAX_ROWS)
        return None
    places = _Lines(file, text, delimiter)
    rows, starts = _split(places, problems)
    if declared:
        rows, starts = rows[1:], starts[1:]
    if not any(map(any, rows)):
        if not problems.errors:
            problems.error("table-blank", At(file, 1, 1))
        return None
    if _refuse_size(rows, file, problems):
        return None
    if max(map(len, rows)) == 1 and _refuse_delimiter(rows, places, starts, problems):
        return None
    short = _with_equal_rows(rows)
    return Grid(file, "", rows, starts, places.locate, short=short, delimiter=delimiter)


def _refuse_size(rows: list[list[Cell]], file: str, problems: Problems) -> bool:
    """Refuse rows that are too wide, or that would be too large if all were as wide as one."""
    lengths = set(map(len, rows))
    width = max(lengths)
    if width > MAX_COLUMNS:
        problems.error("table-columns", At(file, 1, 1), size=width, most=MAX_COLUMNS)
        return True
    if len(lengths) > 1 and width * len(rows) > MAX_CELLS:
        problems.error("table-size", At(file, 1, 1), size=width * len(rows), most=MAX_CELLS)
        return True
    return False


def _with_equal_rows(rows: list[list[Cell]]) -> dict[int, int]:
    """Fill up all rows to the longest; return how many cells each had that was shorter."""
    lengths = list(map(len, rows))
    width = max(lengths)
    short = {index: length for index, length in enumerate(lengths) if length < width}
    for index, length in short.items():
        rows[index].extend([""] * (width - length))
    return short


def _delimiter(text: str) -> tuple[str, bool]:
    """Return what stands between the cells of a text, and whether its first line says so.

    It is what most rows have in equal number: a list within a cell, or a decimal comma, does not
    stand in the header.
    """
    if declared := _DECLARED.fullmatch(_END.split(text[:10], 1)[0].strip()):
        return declared[1], True
    sample = text[:_SAMPLE]
    if len(sample) < len(text):
        sample = sample[: sample.rfind("\n") + 1] or sample
    best, most = DELIMITERS[0], (0, 0)
    for mark in DELIMITERS:
        if mark in sample:
            counts = Counter(_counts(sample, mark))
            (cells, rows), *_ = counts.most_common(1) or [(1, 0)]
            if cells > 1 and (rows, cells) > most:
                best, most = mark, (rows, cells)
    return best, False


def _counts(sample: str, mark: str) -> Iterator[int]:
    """Yield how many cells each of the first rows has that has several."""
    try:
        for row in islice(csv.reader(io.StringIO(sample, newline=""), delimiter=mark), _ROWS):
            if len(row) > 1:
                yield len(row)
    except csv.Error:  # told when the whole text is split
        return


def _refuse_delimiter(
    rows: list[list[Cell]], places: _Lines, starts: Sequence[int], problems: Problems
) -> bool:
    """Refuse a text whose first row has something else than a delimiter between its names."""
    index = next(index for index, row in enumerate(rows) if any(row))
    header = str(rows[index][0])
    for mark in _REFUSED:
        if mark in header:
            at = places.locate(starts[index], 0)
            here = At(at.file, at.line, header.index(mark) + 1)
            problems.error("csv-delimiter", here, delimiter=f"'{mark}'")
            return True
    return False


def _split(places: _Lines, problems: Problems) -> tuple[list[list[Cell]], Sequence[int]]:
    """Return the rows up to a bad quote, and the line on which each starts."""
    read = partial(csv.reader, strict=True, delimiter=places.delimiter)
    if '"' not in places.text:  # every line is a row
        with suppress(csv.Error):
            whole: list[list[Cell]] = [*read(io.StringIO(places.text, newline=""))]
            return whole, range(1, len(whole) + 1)
    reader = read(io.StringIO(places.text, newline=""))
    rows: list[list[Cell]] = []
    starts: list[int] = []
    before = 0
    try:
        for row in reader:
            rows.append(row)  # type: ignore[arg-type]  # text is a kind of cell
            starts.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        at, length = places.fault(before + 1)
        if length:
            problems.error("cell-long", at, length=length, most=MAX_TEXT)
        else:
            problems.error("csv-quote", at, reason=str(error))
    return rows, starts
