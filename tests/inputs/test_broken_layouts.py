"""A layout in which one thing is broken or has two meanings is never read in silence."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from capacity.base import Problems
from capacity.inputs.tables import read_tables
from tests.inputs.layouts import Cells, Layout
from tests.seeds import usually

REGIONS, GRADES, YEARS = ("north", "south", "C+D"), range(1, 7), range(2019, 2023)
LEVELS = (("primary", (1, 6)),)
#: What a break needs cannot be had in every layout.
SEEDS, MANY = 10, 30


def rows(rng: random.Random) -> list[dict[str, object]]:
    return [
        {"year": year, "region": region, "grade": grade, "pupils": rng.randint(40, 400)}
        for year in YEARS
        for region in REGIONS
        for grade in GRADES
    ]


def numbers(layout: Layout, grid: list[Cells]) -> list[tuple[int, int]]:
    """Give the cells of counts: whole numbers beyond grades, no years and no serial numbers."""
    return [
        (row, column)
        for row, line in enumerate(grid)
        for column, cell in enumerate(line)
        if isinstance(cell, int) and cell >= 40 and cell not in YEARS
    ]


def header(grid: list[Cells]) -> int:
    """Give the first row of the header."""
    return next(row for row, line in enumerate(grid) if sum(cell != "" for cell in line) > 1)


def totals(grid: list[Cells]) -> list[int]:
    words = ("合计", "Total", "总 计")
    return [
        r for r, line in enumerate(grid) if r > header(grid) + 1 and any(w in line for w in words)
    ]


def wrong_total(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Change a count that a row of totals has added up."""
    found = totals(grid)
    cells = [(r, c) for r, c in numbers(layout, grid) if r in found]
    if not cells:
        return False
    row, column = rng.choice(cells)
    grid[row][column] += rng.choice([1, -1, 100])
    return True


def wrong_total_column(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Change a count beside a column of totals."""
    head = grid[header(grid)]
    if "合计" not in head:
        return False
    own = [r for r, c in numbers(layout, grid) if c == head.index("合计")]
    grid[rng.choice(own)][head.index("合计")] += rng.choice([1, -1, 10])
    return True


def other_year(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Name the file or sheet by a year that its rows are not of."""
    if len(layout.grids) > 1:
        return False
    layout.grids[0] = (f"enrolment {rng.choice([1999, 2019, 2030])}", grid)
    return True


def twice(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Put a column there a second time, with other counts."""
    cells = numbers(layout, grid)
    column = rng.choice([c for r, c in cells])
    for line in grid:
        cell = line[column]
        other = cell + 1 if isinstance(cell, int) and cell not in YEARS and cell > 39 else cell
        line.insert(column + 1, other)
    return True


def strange_unit(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    grid.insert(0, [rng.choice(["单位：打", "单位：千克", "Unit: dozens", "单位：万元"])])
    grid[0] += [""] * (len(grid[1]) - 1)
    return True


def beside(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Put another table to the right, behind an empty column."""
    top = header(grid)
    known = rng.random() < 0.5
    for row, line in enumerate(grid):
        name = ("grade", "pupils") if known else ("班额", "班数")
        line += [
            "",
            *(name if row == top else (row, 44) if row in (top + 1, top + 2) else ("", "")),
        ]
    return True


def below(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Put another table below, behind an empty row."""
    width = len(grid[0])
    own = [["学年", "区域", "出生人数"], [2020, "north", 55], [2021, "north", 56]]
    other = [["班额", "小班", "大班"], [1, 60, 70]]
    lines = [[], *(own if rng.random() < 0.5 else other)]
    grid += [[*line, *([""] * (width - len(line)))][:width] for line in lines]
    return True


def nameless(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Take the name of a column of counts away."""
    top = header(grid)
    columns = {c for _, c in numbers(layout, grid)}
    column = rng.choice(sorted(columns))
    two = all(cell == "" or cell in (*GRADES, *YEARS) for cell in grid[top + 1][1:])
    rows = (top, top + 1) if two else (top,)
    if grid[rows[-1]][column] == "":
        return False
    for row in rows:
        grid[row][column] = ""
    return True


def more_counts(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Add a column of counts of which nobody knows what it is."""
    top = header(grid)
    column = max(c for _, c in numbers(layout, grid)) + 1
    for row, line in enumerate(grid):
        counts = any(r == row for r, _ in numbers(layout, grid))
        line.insert(column, "其他学生" if row == top else 45 if counts else "")
    return True


def shifted(layout: Layout, grid: list[Cells], rng: random.Random) -> bool:
    """Move the counts of a row by a column."""
    row, _ = rng.choice(numbers(layout, grid))
    grid[row].insert(0, "")
    return True


BREAKS = (wrong_total, wrong_total_column, other_year, twice, strange_unit, beside, below)
BREAKS += (nameless, more_counts, shifted)


@pytest.mark.parametrize("broken", BREAKS)
@pytest.mark.parametrize("count", usually([SEEDS, MANY], [SEEDS]))
def test_a_broken_layout_is_told_with_its_cell(
    broken: Callable[[Layout, list[Cells], random.Random], bool], count: int, tmp_path: Path
) -> None:
    silent, tried, seed = [], 0, 0
    while tried < count and seed < 20 * count:
        rng = random.Random(seed)
        folder = tmp_path / str(seed)
        folder.mkdir()
        layout = Layout(rng, "enrolment", rows(rng)).made()
        _, grid = layout.grids[-1]
        if broken(layout, grid, rng):
            tried += 1
            layout.write(folder)
            problems = Problems()
            read_tables(folder, regions=REGIONS, levels=LEVELS, problems=problems)
            placed = [problem for problem in problems if problem.at.line or problem.at.cell]
            told = [problem for problem in placed if problem.code != "not-read"]
            if not told:
                silent.append(seed)
        seed += 1
    assert tried == count and not silent
