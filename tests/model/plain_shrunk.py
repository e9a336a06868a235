"""The recommended method once more: shrinkage and mixing as loops over numbers."""

from __future__ import annotations

import math

from tests.studies.plain_rivals import Past


def shrunk(past: Past, regions: list[str], grades: range, origin: int, years: int):
    """Pupils ``[region][year ahead][grade]`` of regions that are whole at the origin."""

    def total(region: str, grade: int, rate: float) -> tuple[float, float]:
        """Discounted sums of a grade and of what it came from, over years that have both."""
        top = bottom = 0.0
        for k in range(8):
            n = past.pupils.get((region, grade, origin - k))
            d = past.pupils.get((region, grade - 1, origin - k - 1))
            if grade == grades[0]:
                d = past.cohort(region, origin - k, origin, lambda _: 1.0)
            if n is not None and d is not None and (region, origin - k) not in past.flags:
                top, bottom = top + rate**k * n, bottom + rate**k * d
        return top, bottom

    everywhere = {}
    for g in grades[1:]:
        n, d = (sum(part) for part in zip(*(total(r, g, 0.6) for r in regions), strict=True))
        everywhere[g] = n / d if d > 0 else 1.0
    slope = log_slope(past, regions, origin)
    ahead = lambda q: math.exp(slope * sum(0.8**k for k in range(1, q + 1)))  # noqa: E731
    return {r: forecast(past, r, grades, origin, years, total, everywhere, ahead) for r in regions}


def forecast(past, region, grades, origin, years, total, everywhere, ahead):
    long = {g: total(region, g, 0.9) for g in grades[1:]}
    area = (sum(n for n, _ in long.values()) + 2000) / (
        sum(everywhere[g] * d for g, (_, d) in long.items()) + 2000
    )
    ratio = {}
    for g in grades[1:]:
        run = (long[g][0] + 300 * everywhere[g] * area) / (long[g][1] + 300)
        n, d = total(region, g, 0.4)
        ratio[g] = (n + 1000 * run) / (d + 1000) if long[g][1] > 0 else None
    first, last = grades[0], [past.pupils[region, g, origin] for g in grades]
    (n8, b8), (n4, b4) = total(region, first, 0.8), total(region, first, 0.4)
    per_birth = (n4 + 1000 * n8 / b8) / (b4 + 1000) if b8 > 0 else None
    counts = [past.pupils.get((region, first, origin - k)) for k in range(6)]
    weigh = [(0.5**k, n) for k, n in enumerate(counts) if n is not None]
    usual = sum(w * n for w, n in weigh) / sum(w for w, _ in weigh)
    level = (last[0] ** 2 + 100 * usual) / (last[0] + 100)
    q = 500 / (500 + sum(last)) if sum(last) > 0 else 0.0
    recent = [
        sum(0.6**k * past.pupils.get((region, g, origin - k), 0.0) for k in range(4))
        for g in grades
    ]
    cohort, path = list(last), [list(last)]
    for h in range(1, years + 1):
        born = past.cohort(region, origin + h, origin, ahead)
        enter = level if per_birth is None or born is None else per_birth * born
        carried = [
            last[k] if ratio[g] is None else ratio[g] * cohort[k - 1]
            for k, g in enumerate(grades) if k
        ]  # fmt: skip
        cohort, mixed = [enter, *carried], [enter]
        for k, g in enumerate(grades[1:], start=1):
            share = sum(last) * recent[k] / sum(recent) if sum(recent) > 0 else 0.0
            mixed.append(cohort[k] if ratio[g] is None else (1 - q) * cohort[k] + q * share)
        path.append(mixed)
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
