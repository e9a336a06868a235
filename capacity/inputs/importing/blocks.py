"""Where tables stand in a sheet: several beside or under one another, with titles and notes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import PurePath

from capacity.base.errors import At
from capacity.inputs.importing.vocabulary import SKIP, TOTAL, role_of, without_unit
from capacity.inputs.tables.sheets import Grid, total_word
from capacity.inputs.tables.values import Cell, is_empty, is_plain, normal_code, show

#: What a text names: a year (as written), a grade or a level; None where it names none.
Axis = Callable[[str], tuple[str, int | str] | None]
#: Cells that merged ranges cover, each with the one that holds its value.
Filled = Mapping[tuple[int, int], tuple[int, int]]
#: So many names of grades or years side by side are a table that is wide.
LEAST = 2
#: Rows that a header takes at most.
MOST_ROWS = 3


@dataclass(frozen=True)
class Block:
    """One table of a sheet, as it stands there.

    Attributes
    ----------
    grid : Grid
    names : tuple of tuple of str
        For each column what stands in its header, from top to bottom, without repetition.
    columns : tuple of int
        Where in the sheet each column stands, from 0.
    header : int
        The last row of the header, from 0.
    rows : tuple of int
        The rows below it that hold something, notes apart.
    titles : tuple of str
        Texts above the header, the nearest first.
    filled : mapping of (row, column) to (row, column)
        Cells that a merged range covers, and the one that holds its value.
    """

    grid: Grid
    names: tuple[tuple[str, ...], ...]
    columns: tuple[int, ...]
    header: int
    rows: tuple[int, ...]
    titles: tuple[str, ...]
    filled: Filled = field(default_factory=dict)

    def cell(self, row: int, index: int) -> Cell:
        """Return what stands in a row, in the column of this index; merged cells repeat it."""
        row, column = self.filled.get((row, self.columns[index]), (row, self.columns[index]))
        return self.grid.rows[row][column]

    def cells(self, row: int) -> list[Cell]:
        """Return what stands in a row, column by column."""
        if self.filled:
            return [self.cell(row, index) for index in range(len(self.columns))]
        cells = self.grid.rows[row]
        return [cells[column] for column in self.columns]

    def column(self, index: int) -> list[Cell]:
        """Return what stands in the rows of the column of this index."""
        if self.filled:
            return [self.cell(row, index) for row in self.rows]
        column, rows = self.columns[index], self.grid.rows
        return [rows[row][column] for row in self.rows]

    def at(self, row: int, index: int = 0) -> At:
        """Return the place of a cell."""
        return self.grid.place(row, self.columns[index])

    def heading(self, index: int) -> str:
        """Return the header of a column in one line."""
        return " ".join(self.names[index])

    @property
    def where(self) -> str:
        """The name of the file, and of a workbook with its sheet: ``book.xlsx[Sheet]``."""
        name = PurePath(self.grid.path).name
        return f"{name}[{self.grid.sheet}]" if self.grid.sheet else name

    @property
    def stem(self) -> str:
        """The name of the file without its ending."""
        return PurePath(self.grid.path).stem


def blocks_of(grid: Grid, axis: Axis, most: int | None = None) -> list[Block]:
    """Return the tables of a sheet, from top to bottom and from left to right.

    Under no more headers than ``most`` where that is given.
    """
    filled = _filled(grid)
    heads = list(islice(_headers(grid, axis, filled), most))
    found: list[Block] = []
    above = 0
    for number, (first, last) in enumerate(heads):
        below = heads[number + 1][0] if number + 1 < len(heads) else len(grid.rows)
        rows = [row for row in range(last + 1, below) if not _is_blank(grid, row)]
        if number + 1 < len(heads):  # what stands right above the next header is its title
            while rows and _is_title(grid, rows[-1]):
                rows.pop()
        while rows and _is_title(grid, rows[-1]):  # notes
            rows.pop()
        titles = [
            _text(grid, row) for row in range(first - 1, above - 1, -1) if _is_title(grid, row)
        ]
        for columns in _apart(grid, last, rows):
            names = _names(grid, first, last, columns, axis, filled)
            if any(names):
                found.append(Block(grid, names, columns, last, tuple(rows), tuple(titles), filled))
        above = rows[-1] + 1 if rows else last + 1
    return found


def _filled(grid: Grid) -> dict[tuple[int, int], tuple[int, int]]:
    """Return each covered cell of the merged ranges with the cell that holds the value."""
    return {
        (row, column): (first, left)
        for (first, left), (last, right) in grid.merged
        for row in range(first, min(last + 1, len(grid.rows)))
        for column in range(left, min(right + 1, len(grid.rows[0]) if grid.rows else 0))
        if (row, column) != (first, left)
    }


def _is_blank(grid: Grid, row: int) -> bool:
    return all(map(is_empty, grid.rows[row]))


def _is_title(grid: Grid, row: int) -> bool:
    """Whether a row is a text of its own: a title, a unit or a note, and no total."""
    cells = [cell for cell in grid.rows[row] if not is_empty(cell)]
    if len(cells) > 2 or not cells or any(map(total_word, cells)):
        return False
    return all(isinstance(cell, str) for cell in cells) and (
        len(cells) == 1 or all(":" in normal_code(show(cell)) for cell in cells)
    )


def _text(grid: Grid, row: int) -> str:
    return " ".join(show(cell).strip() for cell in grid.rows[row] if not is_empty(cell))


def _headers(grid: Grid, axis: Axis, filled: Filled) -> Iterator[tuple[int, int]]:
    """Give the first and last row of every header."""
    named, figures, numbers = _told_at_once(grid, axis)
    row, rows = 0, len(grid.rows)
    while row < rows:
        below = grid.rows[row + 1 : row + 3]
        is_over = figures.isdisjoint(grid.rows[row]) and any(
            sum(map(numbers.__contains__, cells)) >= LEAST for cells in below
        )
        if named.isdisjoint(grid.rows[row]) and not is_over:
            row += 1
            continue
        if not _heads(grid, row, axis, filled):
            row += 1
            continue
        first = last = row
        if first and _heads_over(grid, first - 1, axis, filled):
            first -= 1
        while last + 1 < min(first + MOST_ROWS, rows) and _goes_on(grid, last + 1, axis):
            last += 1
        yield first, last
        row = last + 1


def _told_at_once(grid: Grid, axis: Axis) -> tuple[set[Cell], set[Cell], set[Cell]]:
    """Return the cells that are words for what columns hold, those that are figures, and numbers.

    Each that stands many times in a sheet is asked once: most rows are told by these to be none
    that `_heads` could take for a header.
    """
    each = dict.fromkeys(chain.from_iterable(grid.rows))
    numbers = {cell for cell in each if _is_figure(cell, None)}
    figures = {cell for cell in numbers if axis(show(cell)) is None}
    texts = (cell for cell in each if cell not in figures and not is_empty(cell))
    return {cell for cell in texts if role_of(show(cell))}, figures, numbers


def _heads(grid: Grid, row: int, axis: Axis, filled: Filled) -> bool:
    """Whether a row names columns: words for what these hold, or a run of grades or years."""
    texts = [show(cell) for cell in grid.rows[row] if not is_empty(cell)]
    roles = [role_of(text) for text in texts]
    stands_over = _stands_over(grid, row, axis, filled)
    if not any(roles) and not stands_over:
        return False
    words = sum(role not in ("", TOTAL) for role in roles)
    run = sum(not role and labelled(text, axis) for text, role in zip(texts, roles, strict=True))
    if words == sum(role == SKIP for role in roles):
        words = 0
    if (words or run >= LEAST) and stands_over:
        return True
    return words >= 2 or (words >= 1 and (run >= LEAST or len(texts) == 1 + roles.count(TOTAL)))


def _stands_over(grid: Grid, row: int, axis: Axis, filled: Filled) -> bool:
    """Whether a row has names alone, and the next figures below two of them or more.

    Nothing stands right above it, but a title or a row over several of its columns.
    """
    above = row - 1
    if row and not (
        _is_blank(grid, above) or _is_title(grid, above) or _groups(grid, above, filled)
    ):
        return False
    named = [column for column, cell in enumerate(grid.rows[row]) if not is_empty(cell)]
    if all(_is_figure(grid.rows[row][column], None) for column in named):
        return False
    if len(named) <= LEAST or any(_is_figure(grid.rows[row][c], axis) for c in named):
        return False
    below = next((r for r in grid.rows[row + 1 : row + 3] if not all(map(is_empty, r))), None)
    return below is not None and sum(_is_figure(below[column], None) for column in named) >= LEAST


def _is_figure(cell: Cell, axis: Axis | None) -> bool:
    """Whether a cell is a number, and no name of a year or grade."""
    is_number = isinstance(cell, float) or is_plain(cell)
    return is_number and not (axis is not None and axis(show(cell)) is not None)


def labelled(text: str, axis: Axis) -> bool:
    """Whether a header has the name of a grade, year or level, alone or with what is counted."""
    return axis(text) is not None or parted(text, axis) is not None


def parted(name: str, axis: Axis) -> tuple[dict[str, tuple[str, int | str]], str] | None:
    """Part a header such as 一年级人数 or Primary places 2024 in labels and what is counted.

    The labels are by axis, each with its value.
    """
    text = without_unit(name)
    for at in range(len(text) - 1, 0, -1):
        halves = text[:at].strip(" _-"), text[at:].strip(" _-")
        for label, more in (halves, halves[::-1]):
            found = axis(label) if more and not role_of(label) else None
            if found is None:
                continue
            named = {found[0]: (label, found[1])}
            if role_of(more):
                return named, more
            deeper = parted(more, axis)
            if deeper is not None and found[0] not in deeper[0]:
                return {**named, **deeper[0]}, deeper[1]
    return None


def _goes_on(grid: Grid, row: int, axis: Axis) -> bool:
    """Whether a row under a header belongs to it: words, grades or years, and no figures."""
    cells = [cell for cell in grid.rows[row] if not is_empty(cell)]
    if not cells or any(map(total_word, cells[:1])):
        return False
    known = [bool(role_of(show(cell))) or axis(show(cell)) is not None for cell in cells]
    leads = is_empty(grid.rows[row][0]) or role_of(show(grid.rows[row][0])) != ""
    return all(known) and len(cells) >= 2 and leads


def _heads_over(grid: Grid, row: int, axis: Axis, filled: Filled) -> bool:
    """Whether a row above a header stands over several of its columns."""
    cells = [cell for cell in grid.rows[row] if not is_empty(cell)]
    merged = any(r == row and c0 == row for (r, _), (c0, _) in filled.items())
    named = [axis(show(cell)) is not None or role_of(show(cell)) != "" for cell in cells]
    if _groups(grid, row, filled):
        return True
    return len(cells) >= 1 and all(named) and (merged or len(cells) > 1)


def _groups(grid: Grid, row: int, filled: Filled) -> bool:
    """Whether several texts in a row stand each over more columns than its own."""
    own = [column for column, cell in enumerate(grid.rows[row]) if not is_empty(cell)]
    if not all(isinstance(grid.rows[row][column], str) for column in own):
        return False
    wide = [
        column
        for column in own
        if filled.get((row, column + 1)) == (row, column)
        or (
            column + 1 < grid.width
            and is_empty(grid.rows[row][column + 1])
            and (row, column + 1) not in filled
            and not any(is_empty(grid.rows[row + 1][c]) for c in (column, column + 1))
        )
    ]
    return len(wide) >= LEAST


def _apart(grid: Grid, header: int, rows: Sequence[int]) -> list[tuple[int, ...]]:
    """Return the columns of the tables that stand beside one another under one row of headers."""
    width = len(grid.rows[header])
    used = [
        not is_empty(grid.rows[header][column])
        or any(not is_empty(grid.rows[row][column]) for row in rows)
        for column in range(width)
    ]
    runs: list[list[int]] = [[]]
    for column in range(width):
        if used[column]:
            runs[-1].append(column)
        elif runs[-1]:
            runs.append([])
    runs = [run for run in runs if run]
    named = [sum(role_of(show(grid.rows[header][c])) != "" for c in run) >= 2 for run in runs]
    if sum(named) < 2:
        return [tuple(column for run in runs for column in run)]
    return [tuple(run) for run, is_table in zip(runs, named, strict=True) if is_table]


def _names(
    grid: Grid,
    first: int,
    last: int,
    columns: Sequence[int],
    axis: Axis,
    filled: Filled,
) -> tuple[tuple[str, ...], ...]:
    """Return the names of each column, from the top row of the header to its last."""
    found: list[tuple[str, ...]] = []
    over: dict[int, str] = {}
    for column in columns:
        names: list[str] = []
        for row in range(first, last + 1):
            own, from_ = filled.get((row, column), (row, column))
            text = " ".join(show(grid.rows[own][from_]).split())
            if not text and row < last and row in over and not is_empty(grid.rows[last][column]):
                text = over[row]  # a name that stands once over all its columns
            elif text and row < last:
                over[row] = text if not role_of(text) else ""
            if text and (not names or names[-1] != text):
                names.append(text)
        found.append(tuple(names))
    return tuple(found)
