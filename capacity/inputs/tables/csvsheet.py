"""CSV text to a sheet: strict cells per row, and true lines and columns for every message."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from itertools import islice

from capacity.base.errors import At, Problems
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.values import Cell

#: What stands between cells where it is no comma.
_DELIMITERS = (
    ";",
    "\t",
    "\N{FULLWIDTH COMMA}",
    "|",
    "\N{FULLWIDTH SEMICOLON}",
    "\N{IDEOGRAPHIC COMMA}",
)


class _Lines:
    """The lines of a CSV text, to find a cell's line and column when a message needs them."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = list(io.StringIO(text, newline=""))

    def locate(self, line: int, column: int) -> At:
        """Give where cell ``column`` of the row that starts on ``line`` begins."""
        text = self.lines[line - 1]
        if '"' not in text:
            before = text.split(",", column)[:column]
            return At(self.file, line, 1 + sum(len(cell) + 1 for cell in before))
        return At(self.file, *next(islice(self._cells(line), column, None)))

    def bad_quote(self, line: int) -> At:
        """Give the quote that is not closed properly in the row that starts on ``line``."""
        *_, last = self._cells(line)
        return At(self.file, *last)

    def _cells(self, line: int) -> Iterator[tuple[int, int]]:
        """Give line and column where each cell of a row begins, up to a bad quote."""
        quoted, fresh = False, True
        for number in range(line, len(self.lines) + 1):
            text = self.lines[number - 1]
            index = 0
            while index < len(text):
                mark = text[index]
                if fresh:
                    yield number, index + 1
                if fresh and mark == '"':
                    quoted = True
                elif quoted and text[index : index + 2] == '""':
                    index += 1
                elif quoted and mark == '"':
                    quoted = False
                    if text[index + 1 : index + 2] not in ("", ",", "\r", "\n"):
                        return
                elif not quoted and mark in "\r\n":
                    return
                fresh = not quoted and mark == ","
                index += 1
        if fresh:
            yield len(self.lines), len(self.lines[-1]) + 1


def read_csv(table: str, file: str, text: str, problems: Problems) -> Sheet | None:
    """Split CSV text into a sheet; rows with too few or too many cells are problems, left out."""
    places = _Lines(file, text)
    rows, starts = _split(places, problems)
    if not rows:
        if not problems.errors:
            problems.error("table-blank", At(file, 1, 1))
        return None
    header = tuple(rows[0])
    if len(header) == 1:
        for mark in _DELIMITERS:
            if mark in header[0]:
                at = At(file, starts[0], header[0].index(mark) + 1)
                name = "TAB" if mark == "\t" else f"'{mark}'"
                problems.error("csv-delimiter", at, delimiter=name)
                return None
    kept, lines = _whole_rows(header, rows[1:], starts[1:], places, problems)
    return Sheet(table, file, header, starts[0], kept, lines, places.locate)


def _split(places: _Lines, problems: Problems) -> tuple[list[list[str]], list[int]]:
    """Give the rows that are not blank, up to a bad quote, and the line on which each starts."""
    reader = csv.reader(places.lines, strict=True)
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
        problems.error("csv-quote", places.bad_quote(before + 1), reason=str(error))
    return rows, starts


def _whole_rows(
    header: Sequence[str],
    rows: list[list[str]],
    starts: list[int],
    places: _Lines,
    problems: Problems,
) -> tuple[list[Sequence[Cell]], list[int]]:
    wanted = len(header)
    kept: list[Sequence[Cell]] = []
    lines: list[int] = []
    for row, line in zip(rows, starts, strict=True):
        if len(row) == wanted:
            kept.append(row)
            lines.append(line)
        elif len(row) < wanted:
            problems.error("row-short", places.locate(line, 0), cells=len(row), wanted=wanted)
        else:
            at = places.locate(line, wanted)
            problems.error("row-long", at, cells=len(row), wanted=wanted)
    return kept, lines
