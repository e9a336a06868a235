"""One thing in a random table made ambiguous or wrong; what came of it must not be silent."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.inputs.importing.layouts import Layout, Line

Sheets = list[tuple[str, list[Line]]]


def _figures(sheets: Sheets) -> list[tuple[int, int, int]]:
    """Where the figures stand: sheet, line, column."""
    return [
        (n, row, column)
        for n, (_, lines) in enumerate(sheets)
        for row, line in enumerate(lines)
        for column, cell in enumerate(line)
        if isinstance(cell, int)
    ]


def _of_regions(layout: Layout, sheets: Sheets) -> list[tuple[int, int, int]]:
    return [
        (n, row, column)
        for n, (_, lines) in enumerate(sheets)
        for row, line in enumerate(lines)
        for column, cell in enumerate(line)
        if cell in layout.regions
    ]


def total(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A total that is not the sum."""
    for _, lines in sheets:
        for line in lines:
            if layout.words["total"] in line and isinstance(line[-1], int):
                line[-1] += 1
                return True
    return False


def unit(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A unit above the table that nobody knows."""
    for _, lines in sheets:
        lines.insert(0, [rng.choice(["单位：打", "Unit: dozens"])])
    return True


def spring(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """Bare years under a title that speaks of spring."""
    bare = False
    for number, (name, lines) in enumerate(sheets):
        for line in lines:
            for column, cell in enumerate(line):
                for year in layout.years:
                    if isinstance(cell, str) and str(year) in cell and str(year + 1)[2:] in cell:
                        line[column] = str(year)
                        bare = True
        lines.insert(0, [rng.choice(["January census", "春季学期在校生", "Spring count"])])
        sheets[number] = (name, lines)
    return bare and len(sheets) == 1


def twice(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A column that stands twice, with other figures."""
    for _, lines in sheets:
        head = next(line for line in lines if any(r in line for r in _heads(layout)))
        column = max(c for c, cell in enumerate(head) if cell != layout.words["total"])
        if column < 3 or not _is_wide(layout, lines):
            return False
        for line in lines:
            if len(line) > column:
                line.append(line[column] + 1 if isinstance(line[column], int) else line[column])
    return True


def _heads(layout: Layout) -> list[str]:
    return [name for names in layout.words["heads"].values() for name in names]


def _is_wide(layout: Layout, lines: list[Line]) -> bool:
    return not any(set(line) & set(layout.words["heads"]["pupils"]) for line in lines)


def nameless(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A row without its region."""
    n, row, column = rng.choice(_of_regions(layout, sheets))
    sheets[n][1][row][column] = ""
    return True


def misspelt(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A region that is called otherwise in one row."""
    n, row, column = rng.choice(_of_regions(layout, sheets))
    name = sheets[n][1][row][column]
    sheets[n][1][row][column] = f"{name}{rng.choice(['s', '区', '1', ' B'])}"
    return len(_of_regions(layout, sheets)) > 2 * len(layout.regions)


def words(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A figure that is no number."""
    n, row, column = rng.choice(_figures(sheets))
    sheets[n][1][row][column] = rng.choice(
        ["约100", "100?", "*", "<10", "n/a", "12 34", "1e400", "x"]
    )
    return True


def unnamed(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """Figures beside the table, in a column without a name."""
    n, row, _ = rng.choice(_figures(sheets))
    lines = sheets[n][1]
    width = max(map(len, lines))
    lines[row] += [""] * (width - len(lines[row])) + [77]
    return True


def lacking(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A region whose rows of one year are not there."""
    if len(sheets) < 2:
        return False
    name, lines = sheets[0]
    kept = [line for line in lines if layout.regions[0] not in line]
    sheets[0] = (name, [line for line in kept if layout.words["total"] not in line])
    return True


def again(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """The same table a second time, with other figures."""
    name, lines = sheets[0]
    if any(layout.words["total"] in line for line in lines):
        return False
    other = [[cell + 1 if isinstance(cell, int) else cell for cell in line] for line in lines]
    sheets.append((f"{name} b"[-31:], other))
    return True


def year(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A sheet whose title names another year than its name."""
    if len(sheets) < 2:
        return False
    sheets[0][1].insert(0, [f"{layout.years[0] - 3}-{layout.years[0] - 2}"])
    return True


def expected(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A title by which the figures are not counted but expected."""
    for _, lines in sheets:
        lines.insert(0, [rng.choice(["Forecast of pupils", "在校生预测", "SCAP projections"])])
    return True


def monthly(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """Each row twice, told apart by a column that is left out."""
    if any(set(line) >= set(layout.regions) for _, lines in sheets for line in lines):
        return False  # regions stand across
    for number, (name, lines) in enumerate(sheets):
        found: list[Line] = []
        for line in lines:
            if set(line) & set(_heads(layout)):
                found.append([*line, "月份" if layout.system == "zh" else "Month"])
            elif set(line) & set(layout.regions):
                found += [[*line, "9月"], [*line, "3月"]]
            elif layout.words["total"] not in line:
                found.append(line)
        sheets[number] = (name, found)
    return True


def subtotal(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """A row, called no total, that is the sum of the two below it."""
    for _, lines in sheets:
        first = next(n for n, line in enumerate(lines) if set(line) & set(layout.regions))
        pair = lines[first : first + 2]
        if len(pair) < 2 or not all(set(line) & set(layout.regions) for line in pair):
            return False
        if sum(isinstance(cell, int) for cell in pair[0]) < 3:
            return False
        lines.insert(first, [
            a + b if isinstance(a, int) else f"{a} B" if a in layout.regions else a
            for a, b in zip(*pair, strict=True)
        ])  # fmt: skip
    return True


def second(layout: Layout, sheets: Sheets, rng: Random) -> bool:
    """Two columns that both may be what is counted."""
    heads = layout.words["heads"]["pupils"]
    for _, lines in sheets:
        if _is_wide(layout, lines):
            return False
        for line in lines:
            if set(line) & set(heads):
                line.append(next(head for head in heads if head not in line))
            elif isinstance(line[-1] if line else "", int):
                line.append(line[-1] + 1)
    return True


BREAKERS: tuple[Callable[[Layout, Sheets, Random], bool], ...] = (
    total, unit, spring, twice, nameless, misspelt, words, unnamed, lacking, again, year,
    expected, monthly, subtotal, second,
)  # fmt: skip
