"""Ratios of a past once more, from the design's words alone: loops over counts, zeros read.

It imports nothing of the package. A *cell* is an area and a grade; `into` and `source` of a cell
are counts by year: its pupils, and those (or the births, or the children) they came from.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Counts = dict[int, float]


@dataclass
class Reading:
    """What a cell's zeros say: years that count, and whether it is closed."""

    into: Counts
    source: Counts
    years: list[int]
    closed: bool
    since: float  # the last year that was closed


def read(into: Counts, source: Counts, usual: Callable[[int], float]) -> Reading:
    """Runs of zeros in which ten pupils or more would have come are closed.

    A cell is closed today where somebody came from below in the last year all the same.
    """
    known = sorted(into)
    runs: list[list[int]] = []
    for before, year in zip([None, *known], known, strict=False):
        if into[year] == 0:
            if before is not None and into[before] == 0:
                runs[-1].append(year)
            else:
                runs.append([year])
    closed = [run for run in runs if sum(usual(year) for year in run) >= 10]
    last_closed = max((run[-1] for run in closed), default=-math.inf)
    now = bool(known) and last_closed == known[-1] and source.get(known[-1], 0) > 0
    years = [year for year in known if year > last_closed and source.get(year, 0) > 0]
    return Reading(into, source, years, now, last_closed)


def by_itself(into: Counts) -> Reading:
    """Read a first grade of whose cohorts nothing is known: its mean stands for what would come."""
    some = [n for n in into.values() if n > 0]
    mean = sum(some) / len(some) if some else 0.0
    return read(into, dict.fromkeys(into, 1.0), lambda _: mean)


def faded(counts: Counts, years: list[int], base: int, rate: float) -> float:
    return sum(rate ** (base - y) * counts[y] for y in years if base - y < 8)


@dataclass
class Ratios:
    """Ratios of areas up to a base year.

    ``today`` are the last counts, flagged or not: what has pupils is not closed. ``into`` and
    ``source`` are by area and grade; a cell in ``together`` has one ratio with all of its level
    (flows lead into it), of the sums that stand there.
    """

    base: int
    areas: list[Any]
    grades: list[int]
    into: dict[tuple[Any, int], Counts]
    source: dict[tuple[Any, int], Counts]
    together: dict[tuple[Any, int], tuple[Counts, Counts]] = field(default_factory=dict)
    today: dict[tuple[Any, int], float] = field(default_factory=dict)

    def everywhere(self, pairs: list[tuple[Counts, Counts, list[int] | None]]) -> float:
        """Ratio of all areas in the years with pupils on both sides that count."""
        top = bottom = 0.0
        for into, source, years in pairs:
            both = [y for y in (into if years is None else years) if into[y] > 0]
            both = [y for y in both if source.get(y, 0) > 0]
            top, bottom = (
                total + faded(counts, both, self.base, 0.6)
                for total, counts in ((top, into), (bottom, source))
            )
        return top / bottom if bottom > 0 else 1.0

    def readings(self, pairs: list[tuple[Counts, Counts]]) -> tuple[list[Reading], float]:
        """The reading of each area's cell, and the ratio of all areas."""
        first = self.everywhere([(n, d, None) for n, d in pairs])
        found = [read(n, d, lambda y, d=d: first * d.get(y, 0)) for n, d in pairs]
        return found, self.everywhere([(r.into, r.source, r.years) for r in found])

    def __post_init__(self) -> None:
        self.cells: dict[tuple[Any, int], Reading] = {}
        self.all: dict[int, float] = {}
        for grade in self.grades[1:]:
            pairs = [(self.into[a, grade], self.source[a, grade]) for a in self.areas]
            found, self.all[grade] = self.readings(pairs)
            self.cells |= {(a, grade): one for a, one in zip(self.areas, found, strict=True)}
        self.level = {a: self.level_of([(self.cells[a, g], self.all[g]) for g in self.grades[1:]])
                      for a in self.areas}  # fmt: skip
        self.typical = {
            (a, g): self.all[g] * self.level[a] for a in self.areas for g in self.grades[1:]
        }
        for cell, sides in self.together.items():
            (found,), every = self.readings([sides])
            self.cells[cell] = found
            self.typical[cell] = every * self.level_of([(found, every)])

    def level_of(self, cells: list[tuple[Reading, float]]) -> float:
        """How the grades of an area together stand to those of all areas."""
        top = sum(faded(one.into, one.years, self.base, 0.9) for one, _ in cells)
        bottom = sum(p * faded(one.source, one.years, self.base, 0.9) for one, p in cells)
        return (top + 2000) / (bottom + 2000)

    def known(self, area: Any, grade: int) -> bool:
        """Whether any area has a year with both counts, zeros too."""
        into, source = self.together.get((area, grade), ({}, {}))
        if any(y in source for y in into):
            return True
        return any(y in self.source[a, grade] for a in self.areas for y in self.into[a, grade])

    def progression(self, area: Any, grade: int, method: str, window: int) -> float | None:
        """Ratio into a grade above the first; None where nothing is known of any area."""
        if not self.known(area, grade):
            return None
        cell, typical = self.cells[area, grade], self.typical[area, grade]
        if cell.closed and not self.today[area, grade] > 0:
            return 0.0
        own = self.mean(cell, method, window) if method != "shrunk" else None
        if method == "shrunk":
            run, came = (faded(c, cell.years, self.base, 0.9) for c in (cell.into, cell.source))
            n, d = (faded(c, cell.years, self.base, 0.4) for c in (cell.into, cell.source))
            own = (n + 1000 * (run + 300 * typical) / (came + 300)) / (d + 1000)
        ratio = typical if own is None else own
        return min(typical, 5.0) if ratio > 5 else ratio

    def mean(self, cell: Reading, method: str, window: int) -> float | None:
        """Mean or pooled ratio of the last years that count."""
        years = cell.years[-window:]
        if not years:
            return None
        if method == "pooled":
            return sum(cell.into[y] for y in years) / sum(cell.source[y] for y in years)
        return sum(cell.into[y] / cell.source[y] for y in years) / len(years)

    def entry(
        self,
        into: dict[Any, Counts],
        cohort: dict[Any, Counts],
        empty: dict[Any, set[int]],
        never: set[Any],
        method: str,
        window: int,
    ) -> dict[Any, float | None]:
        """Entrants per birth, or per child; years of an area without pupils do not count."""
        found, everywhere = self.readings([(into[a], cohort[a]) for a in self.areas])
        for area, cell in zip(self.areas, found, strict=True):
            cell.years = [y for y in cell.years if y not in empty[area]]
            cell.closed = (
                cell.closed and not self.today[area, self.grades[0]] > 0
            ) or area in never
        self.entries = dict(zip(self.areas, found, strict=True))
        some = any(cell.years for cell in found)
        ratios: dict[Any, float | None] = {}
        for area, cell in self.entries.items():
            typical, own = everywhere * self.level[area], self.mean(cell, method, window)
            if method == "shrunk" and cell.years:
                (n8, d8), (n4, d4) = (
                    [faded(c, cell.years, self.base, rate) for c in (cell.into, cell.source)]
                    for rate in (0.8, 0.4)
                )
                own = (n4 + 1000 * n8 / d8) / (d4 + 1000) if d8 > 0 else None
            ratio = typical if own is None else own
            ratio = min(typical, 5.0) if ratio > 5 else ratio
            ratios[area] = 0.0 if cell.closed else ratio if some else None
        return ratios

    def held_entry(self, into: Counts, empty: set[int], last: float, method: str) -> float:
        """Entrants where no cohort is known: the last count, drawn towards its mean."""
        cell = by_itself(into)
        if cell.closed and not last > 0:
            return 0.0
        if method != "shrunk":
            return last
        years = [y for y in cell.years if y not in empty and self.base - y < 6]
        weigh = [(0.5 ** (self.base - y), into[y]) for y in years]
        mean = sum(w * n for w, n in weigh) / sum(w for w, _ in weigh) if weigh else last
        return (last * last + 300 * mean) / (last + 300)

    def reached(self, base: dict[Any, Counts], ratio: Any, enters: dict[Any, bool], flows: Any):
        """Cells that pupils reach from below in some year ahead.

        ``ratio(area, grade)`` is the largest of the years ahead, ``flows(area, grade)`` the areas
        whose leavers come, None where flows lead to none of its level.
        """
        found = {(a, self.grades[0]): enters[a] for a in self.areas}
        for grade in self.grades[1:]:
            for area in self.areas:
                sources = flows(area, grade)
                come = [area] if sources is None else sources
                below = any(base[a][grade - 1] > 0 or found[a, grade - 1] for a in come)
                found[area, grade] = below and (ratio(area, grade) or 0.0) > 0
        return found

    def changing(self, base, lately, reached, unfed, absent, meant=frozenset()) -> set[Any]:
        """Areas with a cell that a school which fills has not reached yet, or one that empties.

        ``lately(area, grade)``: whether it had pupils in the last four years; ``meant``: cells
        into which a ratio is stated, or flows lead.
        """
        found: set[Any] = set()
        for area in self.areas:
            row: set[int] = set()
            for grade in self.grades:
                if lately(area, grade):
                    if not reached[area, grade] and (area, grade) not in unfed:
                        found.add(area)
                    continue
                if grade == self.grades[0] or (area, grade) in absent:
                    continue
                came = self.source[area, grade].get(self.base, 0) > 0
                below = base[area][grade - 1] > 0 or grade - 1 in row
                if (below and not came) or (area, grade) in meant:
                    row.add(grade)
            if any(reached[area, g] for g in row):
                found.add(area)
        return found


@dataclass
class Passing:
    """How births show in first grades: a share as they are, the rest as they usually stood.

    ``usual`` are the shares of the series that take part.
    """

    share: float = 1.0
    usual: dict[Any, float] = field(default_factory=dict)

    def shown(self, one: Any, own: float | None, every: float | None) -> float | None:
        """Births of a series, of ``every`` birth of those that take part; None is unknown."""
        if one not in self.usual:
            return own
        if own is None or every is None:
            return None
        return self.share * own + (1 - self.share) * self.usual[one] * every


def find_passing(
    born: dict[Any, Counts], came: dict[Any, Counts], ahead: set[Any], base: int
) -> Passing:
    """Passing of series with ``born`` births by entry year, of whom ``came`` entered.

    Those known ``ahead``, and in every one of the last eight years that any knows, take part.
    """
    years = [y for y in range(base - 7, base + 1) if any(y in counts for counts in born.values())]
    part = [one for one in born if one in ahead and all(y in born[one] for y in years)]
    weigh = {one: sum(0.8 ** (base - y) * born[one][y] for y in years) for one in part}
    every = sum(weigh.values())
    if len(part) < 2 or every == 0:
        return Passing()
    share = passing_share({one: born[one] for one in part}, came, years)
    return Passing(share, {one: n / every for one, n in weigh.items()})


def passing_share(born: dict[Any, Counts], came: dict[Any, Counts], years: list[int]) -> float:
    """Slope of ln entrants on ln births, area and year means off ten times, and a prior."""
    x, y, w = {}, {}, {}
    for one in born:
        for year in years:
            births, entrants = born[one][year], came[one].get(year) or 0.0
            if births > 0 and entrants > 0:
                x[one, year], y[one, year] = math.log(births), math.log(entrants)
                w[one, year] = births / (births + 1000)
    for _ in range(10):
        for part, names in ((0, list(born)), (1, years)):
            for name in names:
                cells = [cell for cell in w if cell[part] == name]
                for values in (x, y):
                    mean = sum(w[c] * values[c] for c in cells) / (sum(w[c] for c in cells) or 1)
                    for cell in cells:
                        values[cell] -= mean
    top = sum(w[cell] * x[cell] * y[cell] for cell in w) + 0.04 * 0.6
    bottom = sum(w[cell] * x[cell] ** 2 for cell in w) + 0.04
    return min(max(top / bottom, 0.0), 1.0)


def mixed(come: Counts, mine: Counts, heads: float) -> Counts:
    """Mix the cohorts of an area of ``heads`` pupils, by grade, with what it usually has.

    The total by 500 pupils, the grades by 100, scaled to that total.
    """
    if heads == 0:
        return come
    total, grades = 500 / (500 + heads), 100 / (100 + heads)
    aim = (1 - total) * sum(come.values()) + total * sum(mine[g] for g in come)
    shaped = {g: (1 - grades) * n + grades * mine[g] for g, n in come.items()}
    every = sum(shaped.values())
    return {g: n * aim / every if every > 0 else n for g, n in shaped.items()}


def usual(counts: Counts, base: int, since: float) -> float:
    """Mean pupils of the last four years in which a cell was open, from its first pupils on."""
    begun = min((y for y, n in counts.items() if n > 0), default=base)
    years = [y for y in counts if since < y and max(base - 4, begun - 1) < y <= base]
    known = [(0.6 ** (base - y), counts[y]) for y in years]
    return sum(w * n for w, n in known) / sum(w for w, _ in known) if known else 0.0
