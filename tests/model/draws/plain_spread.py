"""How far one-step forecasts strayed, once more: loops over numbers, an error at a time."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median

import numpy as np

from capacity.model.draws import OneStep

#: Methods §4 and §8: weight of priors, their scales, and the limits of what was far out.
ORIGINS, COMMON, GRADE, ENTRY, CELLS = 3, 0.006, 0.002, 0.02, 20
CUT, CUT_FROM, BEYOND, IRREGULAR = 25, 8, 6, 0.5
ROUNDS, TINY = 10, 1e-12
#: Origin, area, grade.
Cell = tuple[int, int, int]


@dataclass(frozen=True)
class PlainSpread:
    """What `Spread` holds of ratios."""

    common: float
    grade: float
    entry: float
    area: tuple[float, float]
    cell_fixed: list[float]
    cell_per_head: list[float]
    area_pool: list[float]
    cell_pool: list[float]
    entry_pool: list[float]
    irregular: list[bool]


class Errors:
    """Pupils counted and expected, cell by cell; those who can be held against each other."""

    def __init__(self, steps: Sequence[OneStep]) -> None:
        areas, grades = steps[0].expected.shape
        told = [
            {
                (area, grade): (float(step.counted[area, grade]), float(step.expected[area, grade]))
                for area in range(areas)
                for grade in range(grades)
                if step.counted[area, grade] > 0 and step.expected[area, grade] > 0
            }
            for step in steps
        ]
        kept = [step for step in told if any(grade for _, grade in step)]
        self.origins, self.areas, self.grades = range(len(kept)), range(areas), range(grades)
        self.cells = {
            (j, a, g): both for j, step in enumerate(kept) for (a, g), both in step.items()
        }
        self.irregular = self._irregular()
        above = {cell[:2] for cell in self.cells if cell[2]}
        alone = [cell for cell in self.cells if cell[2] == 0 and cell[:2] not in above]
        for cell in {*alone, *(cell for cell in self.cells if self.irregular[cell[1]])}:
            del self.cells[cell]

    def _irregular(self) -> list[bool]:
        far, cohorts = [], {cell[1] for cell in self.cells if cell[2]}
        for area in self.areas:
            own = [cell for cell in self.cells if cell[1] == area]
            telling = {cell for cell in own if cell[2]} or set(own)
            squares = [
                self.log(lambda *cell, at=j, of=telling: cell in of and cell[0] == at) ** 2
                for j in sorted({cell[0] for cell in telling})
            ]
            far.append(sum(squares) / len(squares) > IRREGULAR**2 if squares else None)
        if all(far[area] for area in cohorts):
            return [False] * len(far)
        return [bool(one) for one in far]

    def log(self, chosen: Callable[[int, int, int], bool]) -> float:
        """Log of all that came ÷ all that was expected in some cells; nan where there is none."""
        sides = [both for cell, both in self.cells.items() if chosen(*cell)]
        if not sides:
            return math.nan
        return math.log(sum(came for came, _ in sides) / sum(due for _, due in sides))


def spread(steps: Sequence[OneStep]) -> PlainSpread:
    """Split errors from the whole to the part, each after those before it."""
    errors = Errors(steps)
    every, above = errors.cells, range(1, len(errors.grades))
    common = {j: errors.log(lambda o, a, g, j=j: o == j and g > 0) for j in errors.origins}
    grade = {
        (j, at): errors.log(lambda o, a, g, j=j, at=at: o == j and g == at) - common[j]
        for j in errors.origins
        for at in above
    }
    area = {
        (j, at): errors.log(lambda o, a, g, j=j, at=at: (o, a) == (j, at) and g > 0) - common[j]
        for j in errors.origins
        for at in errors.areas
    }
    area = {key: shock for key, shock in area.items() if not math.isnan(shock)}
    entry = {j: errors.log(lambda o, a, g, j=j: o == j and g == 0) for j in errors.origins}
    heads = {
        (j, a): sum(due for (o, at, _), (_, due) in every.items() if (o, at) == (j, a))
        for j, a in area
    }
    cells = {
        (j, a, g): math.log(came / due) - common[j] - grade[j, g] - area[j, a]
        for (j, a, g), (came, due) in every.items()
        if g > 0
    }
    firsts = {
        (j, a, g): math.log(came / due) - entry[j]
        for (j, a, g), (came, due) in every.items()
        if g == 0
    }
    due = {cell: both[1] for cell, both in every.items()}
    of_area = fit([(area[key], heads[key]) for key in sorted(area)])
    of_cell = fit([(cells[key], due[key]) for key in sorted(cells)])
    of_first = fit([(firsts[key], due[key]) for key in sorted(firsts)])
    fixed = [of_first[0], *(fixed_of(at, cells, due, of_cell) for at in above)]
    per_head = [of_first[1], *(of_cell[1] for _ in above)]

    def variance(cell: Cell) -> float:
        return fixed[cell[2]] + per_head[cell[2]] / max(due[cell], 1.0)

    by_grade = [[grade[j, at] for at in above] for j in errors.origins]
    return PlainSpread(
        common=scale([[common[j]] for j in errors.origins], COMMON),
        grade=scale(by_grade, GRADE),
        entry=scale([[entry[j]] for j in errors.origins], ENTRY),
        area=(of_area[0], max(of_area[1] - of_cell[1], 0.0)),
        cell_fixed=fixed,
        cell_per_head=per_head,
        area_pool=standard(
            (area[key], of_area[0] + of_area[1] / max(heads[key], 1.0)) for key in sorted(area)
        ),
        cell_pool=standard((cells[key], variance(key)) for key in sorted(cells)),
        entry_pool=standard((firsts[key], variance(key)) for key in sorted(firsts)),
        irregular=errors.irregular,
    )


def scale(shocks: list[list[float]], prior: float) -> float:
    """Root mean square by origins, the prior that of three more."""
    known = [[one for one in origin if not math.isnan(one)] for origin in shocks]
    count = sum(1 for origin in known if origin)
    squares = cut([one**2 for origin in known for one in origin])
    mean = sum(squares) / max(len(squares), 1)
    return math.sqrt((count * mean + ORIGINS * prior**2) / (count + ORIGINS))


def cut(squares: list[float]) -> list[float]:
    if len(squares) < CUT_FROM:
        return squares
    most = CUT * median(squares)
    return [min(one, most) for one in squares]


def fit(errors: list[tuple[float, float]]) -> tuple[float, float]:
    """``E error² = fixed + per_head ÷ heads``, neither below 0; weights found again ten times."""
    if not errors:
        return 0.0, 0.0
    squares = [error**2 for error, _ in errors]
    inverse = [1.0 / max(heads, 1.0) for _, heads in errors]
    half = sum(squares) / len(squares) / 2
    fixed, per_head = half, half / (sum(inverse) / len(inverse))
    for _ in range(ROUNDS):
        variances = [fixed + per_head * one + TINY for one in inverse]
        ratios = cut(
            [square / variance for square, variance in zip(squares, variances, strict=True)]
        )
        rows = [
            (1 / variance, one / variance, ratio)  # each row ÷ its variance
            for one, variance, ratio in zip(inverse, variances, ratios, strict=True)
        ]
        fixed, per_head = least_squares(rows)
    return fixed, per_head


def least_squares(rows: list[tuple[float, float, float]]) -> tuple[float, float]:
    """The best of the free solution and those with one weight 0, by what each leaves."""
    ll, lr, rr = (sum(one[i] * one[k] for one in rows) for i, k in ((0, 0), (0, 1), (1, 1)))
    lc, rc = (sum(one[i] * one[2] for one in rows) for i in (0, 1))
    found = [(lc / ll, 0.0), (0.0, rc / rr)]
    free = ll * rr - lr * lr
    if free > TINY * ll * rr:
        found.append(((rr * lc - lr * rc) / free, (ll * rc - lr * lc) / free))
    left = {
        both: sum((both[0] * a + both[1] * b - c) ** 2 for a, b, c in rows)
        for both in found
        if min(both) >= 0
    }
    return min(left, key=lambda both: left[both])


def fixed_of(
    grade: int, cells: dict[Cell, float], due: dict[Cell, float], every: tuple[float, float]
) -> float:
    """The fixed variance of a grade's cells, drawn towards that of all by 20 cells."""
    at = {cell: every[0] + every[1] / max(due[cell], 1.0) + TINY for cell in cells}
    ratios = dict(zip(cells, cut([cells[c] ** 2 / at[c] for c in cells]), strict=True))
    largest = max(1 / at[cell] ** 2 for cell in cells)
    total, count = CELLS * every[0], float(CELLS)
    for cell in cells:
        if cell[2] == grade:
            weight = 1 / at[cell] ** 2 / largest
            total += weight * (ratios[cell] * at[cell] - every[1] / max(due[cell], 1.0))
            count += weight
    return max(total / count, 0.0)


def standard(errors: Iterable[tuple[float, float]]) -> list[float]:
    """Errors in their standard deviations, cut at six, with mean 0 and variance 1, cut again."""
    found = [
        max(-BEYOND, min(BEYOND, error / math.sqrt(variance)))
        for error, variance in errors
        if variance > TINY
    ]
    mean = sum(found) / len(found) if found else 0.0
    sd = math.sqrt(sum((one - mean) ** 2 for one in found) / len(found)) if found else 0.0
    if len(found) < 2 or np.std(found) == 0:
        return []
    return [max(-BEYOND, min(BEYOND, (one - mean) / sd)) for one in found]
