"""The recommended method once more: shrinkage, zeros and mixing as loops over numbers."""

from __future__ import annotations

import math

from tests.plain_ratios import Ratios
from tests.studies.plain_rivals import Past

HOW = ("shrunk", 3)


def shrunk(past: Past, regions: list[str], grades: range, origin: int, years: int):
    """Pupils ``[region][year ahead][grade]`` of regions that are whole at the origin."""
    counts = past.pupils
    known = sorted({y for _, _, y in counts if y <= origin})

    def of(region: str, grade: int) -> dict[int, float]:
        kept = [y for y in known if (region, y) not in past.flags]
        return {y: counts[region, grade, y] for y in kept if (region, grade, y) in counts}

    cells = [(r, g) for r in regions for g in grades]
    into = {cell: of(*cell) for cell in cells}
    source = {
        (r, g): {y: counts[r, g - 1, y - 1] for y in into[r, g] if (r, g - 1, y - 1) in counts}
        for r, g in cells
    }
    ratios = Ratios(origin, regions, list(grades), into, source)
    first, heads = grades[0], {}
    for r in regions:
        heads[r] = {y: [counts.get((r, g, y)) for g in grades] for y in known}
    empty = {r: {y for y, n in heads[r].items() if n == [0] * len(grades)} for r in regions}
    never = {
        r
        for r in regions
        if empty[r] and not any(any(n or 0 for n in row) for row in heads[r].values())
    }
    entered = {r: into[r, first] for r in regions}
    born = {}
    for r in regions:
        cohorts = {y: past.cohort(r, y, origin, lambda _: 1.0) for y in entered[r]}
        born[r] = {y: n for y, n in cohorts.items() if n is not None}
    per_birth = ratios.entry(entered, born, empty, never, *HOW)
    base = {r: {g: counts[r, g, origin] for g in grades} for r in regions}
    level = {
        r: ratios.held_entry(
            entered[r] or {origin: base[r][first]}, empty[r], base[r][first], "shrunk"
        )
        for r in regions
    }
    rho = {(r, g): ratios.progression(r, g, *HOW) for r in regions for g in grades[1:]}
    enters = {r: per_birth[r] > 0 if per_birth[r] is not None else level[r] > 0 for r in regions}
    reached = ratios.reached(base, lambda r, g: rho[r, g], enters, lambda _: None)
    filling = {r for r, _ in ratios.filling(base, reached)}
    slope = log_slope(past, regions, origin)
    ahead = lambda q: math.exp(slope * sum(0.8**k for k in range(1, q + 1)))  # noqa: E731
    found = {}
    for r in regions:
        unfed = {
            g
            for g in grades[1:]
            if base[r][g] > 0 and counts.get((r, g - 1, origin - 1)) == 0 and not reached[r, g]
        }
        ratio = {g: None if g in unfed else rho[r, g] for g in grades[1:]}
        closed = {g for g in grades[1:] if ratios.cells[r, g].closed}
        unborn = all(past.cohort(r, y, origin, lambda _: 1.0) is None for y in known)
        if ratios.entries[r].closed or (unborn and level[r] == 0 and base[r][first] == 0):
            closed.add(first)
        total = sum(base[r].values())
        weight = {
            g: 0.0
            if g in closed
            else sum(0.6**k * counts.get((r, g, origin - k), 0.0) for k in range(4))
            for g in grades
        }
        every = sum(weight.values())
        usual = {g: total * weight.get(g, 0.0) / every if every else 0.0 for g in grades}
        q = 500 / (500 + total) if total > 0 and r not in filling else 0.0
        cohort, path = dict(base[r]), [list(base[r].values())]
        for h in range(1, years + 1):
            births = past.cohort(r, origin + h, origin, ahead)
            if per_birth[r] is None or (births is None and per_birth[r] != 0):
                enter = level[r]
            else:
                enter = per_birth[r] * (births or 0.0)
            now = {first: enter}
            for g in grades[1:]:
                now[g] = base[r][g] if ratio[g] is None else ratio[g] * cohort[g - 1]
            cohort = now
            mixed = [
                n if g == first or ratio[g] is None else (1 - q) * n + q * usual[g]
                for g, n in cohort.items()
            ]
            path.append(mixed)
        found[r] = path
    return found


def log_slope(past: Past, regions: list[str], origin: int) -> float:
    series = {r for r, y in past.births if y <= origin}
    years = {y for _, y in past.births if y <= origin}
    years = sorted(y for y in years if all((r, y) in past.births for r in series))[-4:]
    logs = [sum(past.births[r, y] for r in series) for y in years]
    if len(years) < 2 or min(logs) <= 0:
        return 0.0
    away = [y - sum(years) / len(years) for y in years]
    return sum(a * math.log(n) for a, n in zip(away, logs, strict=True)) / sum(a * a for a in away)
