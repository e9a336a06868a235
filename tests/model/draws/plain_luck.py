"""What luck makes of cohorts, a cell and a draw at a time, in Python's floats.

Each cohort is walked back along its diagonal; every value that was drawn for it is collected with
its coefficient. The log shock is their sum, and what centres it the sum of their cumulants, each
summed over its table.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from capacity.model.draws import (
    Block,
    Scales,
    Singles,
    Spread,
    pooled,
    students,
)

#: Year ahead (from 0) and grade of a cell.
Cell = tuple[int, int]
#: A drawn value: of what, and its place in what is drawn of it.
Value = tuple[str, tuple[int, ...]]
#: Methods §4 and §8: what stays of common shocks, what a cohort loses, the most that luck makes.
COMMON_STAYS, ENTRY_STAYS, HELD_STAYS, UNDONE, MOST = 0.4, 0.5, 1.0, 0.2, 10.0


def way(scales: Scales, area: int, cell: Cell) -> list[Cell]:
    """The cells that a cohort has passed, this one first: back to where it starts."""
    passed = [cell]
    while True:
        year, grade = passed[-1]
        if year == 0 or grade == 0 or scales.starts[year, area, grade]:
            return passed
        passed.append((year - 1, grade - 1))


def coefficients(spread: Spread, scales: Scales, area: int, cell: Cell) -> Mapping[Value, float]:
    """The drawn values that make the log shock of a cell, each with its coefficient."""
    found: dict[Value, float] = defaultdict(float)
    for number, (year, grade) in enumerate(way(scales, area, cell)):
        for value, size in fresh(spread, scales, area, (year, grade)):
            of, at = value
            found[value] += size
            if number and of == own_of(grade):  # it went on to the next grade
                found[value] -= UNDONE * size
            for earlier in range(year):
                before = (of, (earlier, *at[1:]))
                sizes = dict(fresh(spread, scales, area, (earlier, grade)))
                found[before] += stays(scales, area, of, grade) * sizes[before]
    return found


def fresh(spread: Spread, scales: Scales, area: int, cell: Cell) -> Iterator[tuple[Value, float]]:
    """What a year's own shocks add to one of its cells."""
    year, grade = cell
    yield (
        (own_of(grade), (year,) if grade == 0 else (year, grade - 1)),
        scales.own[year, area, grade],
    )
    yield ("area", (year,)), scales.young[grade] * scales.area[year, area]
    if grade == 0:
        yield ("entry", (year,)), spread.entry
    else:
        yield ("common", (year,)), spread.common
        yield ("grade", (year, grade - 1)), spread.grade


def own_of(grade: int) -> str:
    return "cell" if grade else "first"


def stays(scales: Scales, area: int, of: str, grade: int) -> float:
    """Share of a shock that stays in its cell."""
    if of in ("common", "grade"):
        return COMMON_STAYS
    if of == "entry":
        return HELD_STAYS if scales.held[area] else ENTRY_STAYS
    return float(scales.area_stays[area] if of == "area" else scales.own_stays[area, grade])


def tables(spread: Spread) -> dict[str, Singles]:
    """What each kind of value is drawn from."""
    shared = dict.fromkeys(("common", "grade", "entry"), students(spread.freedom))
    own = {"area": spread.area_pool, "cell": spread.cell_pool, "first": spread.entry_pool}
    return shared | {name: pooled(pool) for name, pool in own.items()}


@dataclass(frozen=True)
class Luck:
    """The values drawn for an area in a block."""

    spread: Spread
    scales: Scales
    area: int
    values: Mapping[str, Singles]

    @staticmethod
    def of(block: Block, code: str, spread: Spread, scales: Scales, area: int) -> Luck:
        years, grades = scales.own.shape[0], scales.own.shape[2]
        deep = {"cell": (grades - 1,), "grade": (grades - 1,)}
        values = {
            name: block.draw(
                table,
                name,
                "" if name in ("common", "grade", "entry") else code,
                shape=(years, *deep.get(name, ())),
            )
            for name, table in tables(spread).items()
        }
        return Luck(spread, scales, area, values)

    def log(self, cell: Cell, draw: int) -> float:
        """The log shock of a cell in a draw."""
        found = coefficients(self.spread, self.scales, self.area, cell)
        return sum(
            size * float(self.values[of][(*at, draw)]) for (of, at), size in found.items() if size
        )


class Centre:
    """What is taken off log shocks, each cumulant summed over its table as it stands."""

    def __init__(self, spread: Spread, scales: Scales) -> None:
        self.spread, self.scales = spread, scales
        self.tables = {name: table.astype(float) for name, table in tables(spread).items()}
        self.known: dict[tuple[str, float], float] = {}

    def of(self, area: int, cell: Cell) -> float:
        found = coefficients(self.spread, self.scales, area, cell)
        return sum(self.cumulant(of, size) for (of, _), size in found.items())

    def cumulant(self, of: str, size: float) -> float:
        """``ln mean e^(s·v)`` over all values of a table."""
        if (of, size) not in self.known:
            self.known[of, size] = math.log(float(np.exp(size * self.tables[of]).mean()))
        return self.known[of, size]

    def squares(self, area: int, cell: Cell) -> float:
        """Sum of squared coefficients, in which an error of interpolation is told."""
        return sum(size**2 for size in coefficients(self.spread, self.scales, area, cell).values())
