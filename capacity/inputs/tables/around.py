"""What stands around the rows of a table in a grid: notes, headers again, years, other tables.

Nothing of it is added to the table: it is dropped and put on record, said, or refused.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from capacity.base.errors import At, Problems
from capacity.inputs.tables.axes import Header, Role
from capacity.inputs.tables.columns import TABLES
from capacity.inputs.tables.headers import match_header
from capacity.inputs.tables.names import Reader
from capacity.inputs.tables.sheets import Change, Grid, is_note, total_word
from capacity.inputs.tables.values import CellError, fold, is_empty, is_figure, show

_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
#: Rows of one text each that may stand above another table.
_TITLES = 3


@dataclass
class Around:
    """Takes from the rows below a header what is no row of its table.

    Attributes
    ----------
    grid : Grid
    header : Header
    data : list of int
        The rows that are left.
    problems : Problems
    changes : list of Change
    years : dict of int to str
        The year of each row, where years stand in rows of their own.
    notes : list of int
        Rows of notes under the table.
    """

    grid: Grid
    header: Header
    data: list[int]
    problems: Problems
    changes: list[Change]
    years: dict[int, str] = field(default_factory=dict)
    notes: list[int] = field(default_factory=list)

    def clear(self, read_year: Reader | None) -> None:
        """Take away notes, headers that stand again, and what lies below the table.

        ``read_year`` reads a year that has a row of its own, where the table may have such.
        """
        self._cut_other_tables(read_year)
        if read_year is not None:
            self._take_years(read_year)
        self._drop_notes()

    def _cut_other_tables(self, read_year: Reader | None) -> None:
        """Drop a header that stands again, and refuse another table below."""
        again: set[int] = set()
        name = next((i for i, text in enumerate(self.header.tops) if text.strip()), 0)
        own = self.header.tops[name].strip()
        before = self.header.last
        for position, row in enumerate(self.data):
            cell = self.grid.rows[row][name]
            if row > before + 1 or (cell == own and cell):
                begins = self._titles(position)
                if begins < len(self.data) and self._alike(self.data[begins], self.header.tops):
                    titles = self.data[position:begins]
                    again.update(row for row in titles if not self._said_year(row, read_year))
                    again.update(self.data[begins : begins + 1 + self._second(begins)])
                elif row > before + 1 and begins < len(self.data) and self._is_header(begins):
                    where = self.grid.place(self.data[begins], self._first(self.data[begins]))
                    self.problems.error("table-below", where, found=self._text(self.data[begins]))
                    self.data = self.data[:position]
                    break
            before = row
        for row in sorted(again):
            self._drop(row, "header_row")
        self.data = [row for row in self.data if row not in again]

    def _titles(self, position: int) -> int:
        """Return the position of the first row from there that is no lone text."""
        last = min(position + _TITLES, len(self.data))
        while position < last and len(self._filled(self.data[position])) == 1:
            position += 1
        return position

    def _second(self, position: int) -> int:
        """Return whether the second row of a header that stands again follows it."""
        if not self.header.bottoms or position + 1 >= len(self.data):
            return 0
        return int(self._alike(self.data[position + 1], self.header.bottoms))

    def _alike(self, row: int, names: Sequence[str]) -> bool:
        """Whether a row has the same names in its cells; a merged one stands in its first."""
        cells = [fold(show(cell)) for cell in self.grid.rows[row]]
        pairs = [(cell, fold(name)) for cell, name in zip(cells, names, strict=True)]
        return any(one for one, _ in pairs) and all(one == other or not one for one, other in pairs)

    def _is_header(self, position: int) -> bool:
        """Whether names of columns stand in a row: those of a table, or texts without a digit."""
        cells = [self.grid.rows[self.data[position]][c] for c in self._filled(self.data[position])]
        texts = [show(cell) for cell in cells]
        if len(texts) < 2 or any(map(total_word, texts)) or any(map(is_figure, cells)):
            return False
        if any(len(match_header(texts, table)) > 1 for table in TABLES.values()):
            return True
        words = [text for text in texts if any(map(str.isalpha, text))]
        return len(words) > 1 and not any(map(str.isdigit, "".join(texts)))

    def _said_year(self, row: int, read: Reader | None) -> str:
        """Return the year that is all that stands in a row, or the only one of a title."""
        filled = self._filled(row)
        cell = self.grid.rows[row][filled[0]]
        if read is None or len(filled) > 1 or not isinstance(cell, str):
            return ""
        try:
            return str(read(cell).value)
        except CellError:
            first, *others = [*map(int, _YEAR.findall(cell)), 0]
            return str(first) if first and others in ([0], [first + 1, 0]) else ""

    def _take_years(self, read: Reader) -> None:
        """Take years that stand in rows of their own for those of the rows below each.

        Of the first rows, the year stands above the header.
        """
        above = [row for row in range(self.header.first) if self._filled(row)]
        said = [year for row in above if (year := self._said_year(row, read))]
        year, years, sections = said[-1] if said else "", dict[int, str](), list[int]()
        for row in self.data:
            if found := self._said_year(row, read):
                year = found
                sections.append(row)
            elif year:
                years[row] = year
        if not sections or len(years) + len(sections) < len(self.data):
            return
        for row in sections:
            self._drop(row, "section")
        self.data = [row for row in self.data if row in years]
        self.years = years

    def _drop_notes(self) -> None:
        """Drop the notes under the last row of data; a total row may stand among them."""
        notes: list[int] = []
        for row in reversed(self.data):
            if is_note(self.grid.rows[row]):
                notes.append(row)
            elif not any(map(total_word, self.grid.rows[row])):
                break
        self.notes = notes[::-1]
        for row in self.notes:
            self._drop(row, "note_row")
        self.data = [row for row in self.data if row not in notes]

    def _drop(self, row: int, kind: str) -> None:
        where = self.grid.place(row, self._first(row))
        self.changes.append(Change(where, kind, self._text(row), ""))

    def _filled(self, row: int) -> list[int]:
        return [column for column, cell in enumerate(self.grid.rows[row]) if not is_empty(cell)]

    def _first(self, row: int) -> int:
        return next(iter(self._filled(row)), 0)

    def _text(self, row: int) -> str:
        return " ".join(show(self.grid.rows[row][column]) for column in self._filled(row))

    def refuse_merged(self) -> None:
        """Refuse merged cells over rows of data; a total row may have its label merged."""
        code, cells = "cell-merged", self.grid.rows
        below = [
            range_ for range_ in self.grid.merged if self.data and range_[1][0] >= self.data[0]
        ]
        end = max((last for _, (last, _) in below), default=-1)
        rows = [r for r in self.data if r <= end and not any(map(total_word, cells[r]))]
        for (first, left), (last, _) in below:
            if bisect_left(rows, first) == bisect_right(rows, last):
                continue
            if self.problems.room(code, self.grid.path):
                at, found = self.grid.place(first, left), show(cells[first][left])
                self.problems.error(code, at, found=found)
            else:
                self.problems.count(code, self.grid.path)

    def with_whole_rows(self) -> None:
        """Leave out rows of a text file with too many cells, or fewer than the header has names."""
        if not self.grid.short:
            return
        of_header = range(self.header.first, self.header.last + 1)
        named, most = self.header.width, max(map(self.grid.length, of_header))
        whole: list[int] = []
        for row in self.data:
            length = self.grid.length(row)
            over = next((c for c in range(most, length) if self.grid.rows[row][c] != ""), None)
            if length >= named and over is None:
                whole.append(row)
                continue
            code, column = ("row-short", 0) if length < named else ("row-long", most)
            if self.problems.room(code, self.grid.path):
                at = self.grid.place(row, column)
                self.problems.error(code, at, cells=length, wanted=most)
            else:
                self.problems.count(code, self.grid.path)
        self.data = whole


def beside(
    grid: Grid, header: Header, roles: Sequence[Role], data: Sequence[int], problems: Problems
) -> tuple[list[int], list[tuple[str, At]]]:
    """Tell the columns of a table from what stands beside it, behind an empty column.

    Returns
    -------
    columns : list of int
        Those of the table that are named or filled.
    aside : list of (str, At)
        Texts beside it, with their places.
    """
    width = range(len(header.names))
    if all(name.strip() for name in header.names):
        return list(width), []
    filled = [
        bool(header.names[column].strip())
        or any(not is_empty(grid.rows[row][column]) for row in data)
        for column in width
    ]
    blocks: list[list[int]] = []
    for column in width:
        if filled[column] and column and filled[column - 1]:
            blocks[-1].append(column)
        elif filled[column]:
            blocks.append([column])
    columns: list[int] = []
    aside: list[tuple[str, At]] = []
    found: set[str] = set()
    for block in blocks:
        known = [roles[c] for c in block if roles[c].kind in ("known", "value", "total", "part")]
        names = {role.column.name for role in known if role.kind == "known" and role.column}
        if (known and not found & names) or len(blocks) == 1:
            columns += block
            found |= names
            continue
        rows = [*range(header.first, header.last + 1), *data]
        cells = [(row, c) for row in rows for c in block if not is_empty(grid.rows[row][c])]
        figures = any(is_figure(grid.rows[row][c]) for row, c in cells)
        row, column = cells[0]
        if known or figures:
            found_text = show(grid.rows[row][column])
            problems.error("table-beside", grid.place(row, column), found=found_text)
        else:
            aside.append((show(grid.rows[row][column]), grid.place(row, column)))
    return columns, aside


def numbers_above(grid: Grid, rows: Sequence[int], problems: Problems, years: range) -> None:
    """Refuse numbers above a header, which may be rows of data; a lone year is part of a title."""
    for row in rows:
        filled = [cell for cell in grid.rows[row] if not is_empty(cell)]
        for column, cell in enumerate(grid.rows[row]):
            if is_figure(cell) and not (len(filled) == 1 and float(show(cell)) in years):
                problems.error("rows-above", grid.place(row, column), found=cell)
