"""Same as last year, and plain cohort survival, once more: loops over what tables say."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Past:
    pupils: dict[tuple[str, int, int], float]  # region, grade, year
    births: dict[tuple[str, int], float] = field(default_factory=dict)  # region, births year
    weights: dict[int, float] = field(default_factory=dict)  # share of a cohort by years before
    flags: set[tuple[str, int]] = field(default_factory=set)  # region, year
    entry: dict | None = None

    def cohort(self, region: str, entry: int, origin: int, ahead) -> float | None:
        """Births of the cohort that enters in a year; ``ahead(q)`` of the last known q years on."""
        last = max((y for r, y in self.births if r == region and y <= origin), default=None)
        born = [(entry - lag, weight) for lag, weight in self.weights.items()]
        if not born or any((region, min(y, last or y)) not in self.births for y, _ in born):
            return None
        return sum(w * self.births[region, min(y, last)] * ahead(max(y - last, 0)) for y, w in born)


def naive(past: Past, region: str, grades: range, origin: int, years: int) -> list[list[float]]:
    return [[past.pupils[region, g, origin] for g in grades]] * (years + 1)


def ref3(past: Past, region: str, grades: range, origin: int, years: int) -> list[list[float]]:
    """Pupils by year ahead (0 is the origin) and grade."""
    into = [mean_ratio(past, region, grades, grade, origin) for grade in grades]
    path = [[past.pupils[region, g, origin] for g in grades]]
    for ahead in range(1, years + 1):
        now = []
        for k, ratio in enumerate(into):
            base = path[-1][k - 1] if k else past.cohort(region, origin + ahead, origin, held)
            now.append(path[0][k] if ratio is None or base is None else ratio * base)
        path.append(now)
    return path


def mean_ratio(past: Past, region: str, grades: range, grade: int, origin: int) -> float | None:
    """Mean of those of the last three yearly ratios that there are; None: the grade is held."""
    found = []
    for year in (origin - 2, origin - 1, origin):
        top = past.pupils.get((region, grade, year))
        bottom = past.pupils.get((region, grade - 1, year - 1))
        if grade == grades[0]:
            bottom = past.cohort(region, year, origin, held)
        if top is not None and bottom and (region, year) not in past.flags:
            found.append(top / bottom)
    return sum(found) / len(found) if found else None


def held(_: int) -> float:
    return 1.0
