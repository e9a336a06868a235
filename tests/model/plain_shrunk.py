"""The recommended method once more: shrinkage, zeros and mixing as loops over numbers."""

from __future__ import annotations

import math

from tests.plain_ratios import Ratios, by_itself, find_passing, mixed, usual
from tests.studies.plain_rivals import Past

HOW = ("shrunk", 3)


def shrunk(
    past: Past, regions: list[str], grades: range, origin: int, years: int, broken: set[str]
):
    """Pupils ``[region][year ahead][grade]`` of regions that are whole at the origin.

    Those that are ``broken`` jumped by themselves in the last four years.
    """
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
    today = {(r, g): counts[r, g, origin] for r, g in cells}
    ratios = Ratios(origin, regions, list(grades), into, source, today=today)
    first, empty, never = grades[0], {}, set()
    for r in regions:
        heads = {y: [counts.get((r, g, y)) for g in grades] for y in known}
        empty[r] = {y for y, n in heads.items() if n == [0] * len(grades)}
        if empty[r] and not any(n for row in heads.values() for n in row):
            never.add(r)
    entered = {r: into[r, first] for r in regions}
    slope = log_slope(past, regions, origin)
    ahead = lambda q: math.exp(slope * sum(0.8**k for k in range(1, q + 1)))  # noqa: E731
    there = {r for r, _, y in counts if y == origin}  # births of regions not whole spread too
    every = {r: entered.get(r, {}) for r in sorted(there)}
    cohorts = births_shown(past, every, origin, years, ahead)
    born = {r: {y: cohorts[r][y] for y in entered[r] if y in cohorts[r]} for r in regions}
    per_birth = ratios.entry(entered, born, empty, never, *HOW)
    base = {r: {g: counts[r, g, origin] for g in grades} for r in regions}
    level = {}
    for r in regions:
        last = base[r][first]
        level[r] = ratios.held_entry(entered[r] or {origin: last}, empty[r], last, "shrunk")
    rho = {(r, g): ratios.progression(r, g, *HOW) for r in regions for g in grades[1:]}
    enters = {r: per_birth[r] > 0 if per_birth[r] is not None else level[r] > 0 for r in regions}
    reached = ratios.reached(base, lambda r, g: rho[r, g], enters, lambda r, g: None)
    unfed = {
        (r, g)
        for r in regions
        for g in grades[1:]
        if base[r][g] > 0 and counts.get((r, g - 1, origin - 1)) == 0 and not reached[r, g]
    }

    def lately(r: str, g: int) -> bool:
        return any(counts.get((r, g, origin - k), 0) > 0 for k in range(4))

    changing = ratios.changing(base, lately, reached, unfed, set()) | broken
    found = {}
    for r in regions:
        ratio = {g: None if (r, g) in unfed else rho[r, g] for g in grades[1:]}
        since = {g: ratios.cells[r, g].since for g in grades[1:]}
        since[first] = ratios.entries[r].since
        if all(past.cohort(r, y, origin, lambda _: 1.0) is None for y in known):
            since[first] = by_itself(entered[r]).since
        mine = usual_pupils(past, r, base[r], origin, since)
        enter, last = [], base[r][first]
        unborn = last > 0 and not any(
            n for (a, y), n in past.births.items() if a == r and y <= origin
        )
        for h in range(1, years + 1):
            births = None if unborn else cohorts[r].get(origin + h)
            unknown = per_birth[r] is None or (births is None and per_birth[r] != 0)
            enter.append(level[r] if unknown else per_birth[r] * (births or 0.0))
        found[r] = rolled(base[r], enter, ratio, mine, holds=r not in changing)
    return found


def births_shown(past: Past, entered, origin: int, years: int, ahead):
    """Births by region and entry year as first grades show them, past and coming."""
    born, coming = {}, range(origin + 1, origin + years + 1)
    for r in entered:
        last = max((y for a, y in past.births if a == r and y <= origin), default=origin)
        counted = last + min(past.weights, default=0)  # the last cohort that nothing continues
        born[r] = {}
        for y in (*range(origin - 40, min(origin, counted) + 1), *coming):
            if (births := past.cohort(r, y, origin, ahead)) is not None:
                born[r][y] = births
    known_ahead = {r for r in born if all(y in born[r] for y in coming)}
    then = {r: {y: n for y, n in born[r].items() if y <= origin} for r in born}
    passing = find_passing(then, entered, known_ahead, origin)
    shown: dict[str, dict[int, float]] = {}
    for r, counted in born.items():
        shown[r] = {}
        for y, own in counted.items():
            others = [born[other].get(y) for other in passing.usual]
            births = passing.shown(r, own, None if None in others else sum(others))
            if births is not None:
                shown[r][y] = births
    return shown


def usual_pupils(past: Past, r: str, base: dict[int, float], origin: int, since: dict[int, float]):
    """Pupils of an area as they usually stand by grade."""
    total, weight = sum(base.values()), {}
    for g in base:
        own = {y: n for (a, grade, y), n in past.pupils.items() if (a, grade) == (r, g)}
        weight[g] = usual(own, origin, since[g])
    every = sum(weight.values())
    return {g: total * w / every if every else 0.0 for g, w in weight.items()}


def rolled(base: dict[int, float], enter: list[float], ratio, mine, holds: bool):
    """Pupils by year ahead: cohorts, each year mixed with what is held."""
    cohort, path, first = dict(base), [list(base.values())], min(base)
    heads = sum(base.values())
    for come in enter:
        holds &= not (come == 0 and base[first] >= 10)
        now = {first: come}
        for g in ratio:
            now[g] = base[g] if ratio[g] is None else ratio[g] * cohort[g - 1]
        cohort = now
        mixes = {g: now[g] for g in ratio if ratio[g] is not None}
        path.append(list((now | mixed(mixes, mine, heads if holds else 0)).values()))
    return path


def log_slope(past: Past, regions: list[str], origin: int) -> float:
    series = {r for r, y in past.births if y <= origin}
    years = {y for _, y in past.births if y <= origin}
    years = sorted(y for y in years if all((r, y) in past.births for r in series))[-4:]
    logs = [sum(past.births[r, y] for r in series) for y in years]
    if len(years) < 2 or min(logs) <= 0:
        return 0.0
    away = [y - sum(years) / len(years) for y in years]
    return sum(a * math.log(n) for a, n in zip(away, logs, strict=True)) / sum(a * a for a in away)
