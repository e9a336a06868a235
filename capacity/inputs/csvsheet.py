"""CSV text to a sheet: strict cells per row, and true lines and columns for every message."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from capacity.errors import At, Message, Problems, register
from capacity.inputs.sheets import Sheet
from capacity.inputs.values import Cell

_DELIMITERS = {";": "';'", "\t": "tab", "，": "'，'", "|": "'|'", "；": "'；'", "、": "'、'"}

register(
    {
        "csv-delimiter": {
            "en": Message(
                "cells are separated by {delimiter}",
                "commas",
                "save the file as comma-separated CSV",
            ),
            "zh": Message("单元格用 {delimiter} 分隔", "英文逗号", "请另存为逗号分隔的 CSV"),
        },
        "csv-quote": {
            "en": Message(
                "a quote opened here is not closed properly ({reason})",
                "a closing quote before the next comma or line",
            ),
            "zh": Message("此处的引号没有正确结束（{reason}）", "在逗号或行尾前结束引号"),
        },
        "row-short": {
            "en": Message("{cells} cells, the header has {wanted}", "{wanted} cells"),
            "zh": Message("本行 {cells} 格，表头 {wanted} 列", "{wanted} 格"),
        },
        "row-long": {
            "en": Message(
                "{cells} cells, the header has {wanted}",
                "{wanted} cells",
                'put quotes around a cell that contains a comma, as in "1,234"',
            ),
            "zh": Message(
                "本行 {cells} 格，表头 {wanted} 列",
                "{wanted} 格",
                '含逗号的单元格请加引号，如 "1,234"',
            ),
        },
    }
)


class _Lines:
    """The lines of a CSV text, to find a cell's line and column when a message needs them."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.lines = list(io.StringIO(text, newline=""))

    def locate(self, line: int, column: int | None) -> At:
        """Give where cell ``column`` of the row that starts on ``line`` begins."""
        if column is None:
            return At(self.file, line)
        text = self.lines[line - 1]
        if '"' not in text:
            before = text.split(",", column)[:column]
            return At(self.file, line, 1 + sum(len(cell) + 1 for cell in before))
        return At(self.file, *self._walk(line, column))

    def _walk(self, line: int, column: int) -> tuple[int, int]:
        """Walk over quoted cells, whose commas and line ends do not count."""
        quoted, fresh = False, True
        for number in range(line, len(self.lines) + 1):
            for index, mark in enumerate(self.lines[number - 1]):
                if column == 0 and not quoted:
                    return number, index + 1
                if quoted:
                    quoted = mark != '"'
                elif mark == '"' and (fresh or self.lines[number - 1][index - 1] == '"'):
                    quoted = True
                elif mark == ",":
                    column -= 1
                fresh = not quoted and mark == ","
        return len(self.lines), len(self.lines[-1].rstrip("\r\n")) + 1

    def opening_quote(self, line: int) -> At:
        """Give the last quote that opens a cell in the row that starts on ``line``."""
        row = self.lines[line - 1]
        columns = [0] if row.startswith('"') else []
        columns += [index + 1 for index in range(len(row) - 1) if row[index : index + 2] == ',"']
        opened = [
            column for column in columns if row[column + 1 :].replace('""', "").count('"') % 2 == 0
        ]
        return At(self.file, line, (opened or columns or [0])[0] + 1)


def read_csv(table: str, file: str, text: str, problems: Problems) -> Sheet | None:
    """Split CSV text into a sheet; rows with too few or too many cells are problems, left out."""
    places = _Lines(file, text)
    rows, starts = _split(places, problems)
    if not rows:
        problems.error("table-blank", At(file, 1))
        return None
    header = tuple(rows[0])
    if len(header) == 1:
        for mark, name in _DELIMITERS.items():
            if mark in header[0]:
                at = At(file, starts[0], header[0].index(mark) + 1)
                problems.error("csv-delimiter", at, delimiter=name)
                return None
    kept, lines = _whole_rows(header, rows[1:], starts[1:], file, problems)
    return Sheet(table, file, header, starts[0], kept, lines, places.locate)


def _split(places: _Lines, problems: Problems) -> tuple[list[list[str]], list[int]]:
    """Give the rows that are not blank, and the line on which each starts."""
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
        problems.error("csv-quote", places.opening_quote(before + 1), reason=str(error))
    return rows, starts


def _whole_rows(
    header: Sequence[str], rows: list[list[str]], starts: list[int], file: str, problems: Problems
) -> tuple[list[Sequence[Cell]], list[int]]:
    wanted = len(header)
    kept: list[Sequence[Cell]] = []
    lines: list[int] = []
    for row, line in zip(rows, starts, strict=True):
        if len(row) == wanted:
            kept.append(row)
            lines.append(line)
        else:
            code = "row-short" if len(row) < wanted else "row-long"
            problems.error(code, At(file, line), cells=len(row), wanted=wanted)
    return kept, lines
