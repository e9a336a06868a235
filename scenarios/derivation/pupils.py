"""Ratios into the grades, the pupils of 2020, and the path to 2025 as it was seen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from math import prod

from derivation.births import births, cohort, regional_births
from derivation.figures import (
    BASE,
    LEVELS,
    REGIONS,
    SCHOOLS,
    TODAY,
    Figure,
    assumed,
    derived,
    fact,
    geometric,
    mean,
    over,
    shares,
    times,
    total,
    whole,
)

INTAKE = "senior (普通高中)"
#: Digits of a ratio in the folder, and of one that has to meet a stated number of pupils.
DIGITS, EXACT = 4, 5

Grades = dict[tuple[str, int], float]


def seen(area: str, grade: int, year: int) -> Figure:
    """Give the pupils of a grade as the education statistics count them."""
    level = next(level for level, grades in LEVELS.items() if grade in grades)
    return counted(area, f"{year}-{year % 100 + 1}", SCHOOLS[level], f"enrolled_grade{grade}")


def counted(area: str, year: str, level: str, measure: str) -> Figure:
    return fact("enrolment", area=area, year=year, level=level, measure=measure)


@cache
def ratios() -> dict[int, Figure]:
    """Give the ratio into each grade that the plan's folder uses."""
    into = {1: entry_ratio(), **_primary(), **_middle(), 10: _into_high()}
    into[11] = into[12] = _within_high()
    into[7] = mean(*_into_middle(into))
    return {grade: into[grade].rounded(DIGITS) for grade in sorted(into)}


def entry_ratio() -> Figure:
    """Give pupils of grade 1 per birth of their cohort."""
    born = [births(year) for year in (BASE - 7, BASE - 6)]
    entered = seen("Haidian", 1, BASE)
    per_birth = entered.value / cohort(BASE, lambda year: births(year).value)
    return derived(per_birth, (entered, *born)).rounded(3)


def _primary() -> dict[int, Figure]:
    """Give Beijing's ratios: the two-year survivals of 2020-22, each spread over its two steps."""
    span = {g: over(seen("Beijing", g + 2, 2022), seen("Beijing", g, BASE), 2) for g in range(1, 5)}
    between = {g: geometric(span[g - 2], span[g - 1]) for g in (3, 4, 5)}
    return {2: span[1], **between, 6: span[4]}


def _middle() -> dict[int, Figure]:
    return {g: over(seen("Haidian", g, 2023), seen("Haidian", g - 1, 2022)) for g in (8, 9)}


def _into_middle(into: Mapping[int, Figure]) -> Iterable[Figure]:
    """Give the ratio into grade 7 by the two tables that show grade 7."""
    yield _back(over(seen("Haidian", 7, 2022), seen("Haidian", 5, BASE)), into[6])
    yield _back(over(seen("Haidian", 7, 2023), seen("Haidian", 4, BASE)), into[5], into[6])


def _back(figure: Figure, *steps: Figure) -> Figure:
    """Undo the ratios `steps`."""
    value = figure.value / prod(step.value for step in steps)
    return derived(value, (figure, *steps))


def onward() -> Figure:
    """Give the share of Beijing's grade 9 that goes on to general high school."""
    return over(seen("Beijing", 10, 2022), seen("Beijing", 9, 2021)).rounded(2)


def _into_high() -> Figure:
    """Give the city's ratio into grade 10 times Haidian's draw: its share there over grade 9."""
    city = over(seen("Beijing", 10, 2022), seen("Beijing", 9, 2021))
    return times(city, over(intake_share(), grade9_share()))


def intake_share() -> Figure:
    """Give Haidian's share of Beijing's intake to general high school."""
    ours, city = (counted(area, "2018", INTAKE, "entrants") for area in ("Haidian", "Beijing"))
    return over(ours, city)


def grade9_share() -> Figure:
    return mean(*(over(seen("Haidian", 9, y), seen("Beijing", 9, y)) for y in (2022, 2023)))


def _within_high() -> Figure:
    """Give the yearly ratio in high school: the two cohorts counted twice, two years apart."""
    left = counted("Beijing", "2021-22", "senior", "graduates")
    early = over(left, counted("Beijing", "2018", INTAKE, "entrants"))
    late = over(seen("Beijing", 12, 2024), seen("Beijing", 10, 2022))
    both = mean(early, late)
    return derived(both.value**0.5, [both])


@cache
def pupils_2020() -> dict[int, Figure]:
    """Give the district's pupils by grade: primary as seen, the rest rolled back from later."""
    by = ratios()
    city9, left9 = seen("Beijing", 9, 2021), counted("Beijing", "2021-22", "junior", "graduates")
    city12, left12 = seen("Beijing", 12, 2021), counted("Beijing", "2021-22", "senior", "graduates")
    found = {
        **{grade: seen("Haidian", grade, BASE) for grade in LEVELS["primary"]},
        7: _back(seen("Haidian", 9, 2022), by[8], by[9]),
        8: _back(times(city9, grade9_share()), by[9]),
        9: times(left9, grade9_share()),
        10: _back(times(seen("Beijing", 12, 2022), intake_share()), by[11], by[12]),
        11: _back(times(city12, intake_share()), by[12]),
        12: times(left12, intake_share()),
    }
    return {grade: figure.rounded(0) for grade, figure in found.items()}


def level_pupils(level: str) -> Figure:
    return total(pupils_2020()[grade] for grade in LEVELS[level])


def regional_pupils() -> Grades:
    """Give the pupils of 2020 by region and grade, in whole pupils."""
    cells = {
        grade: whole(pupils.value, shares("pupils_share"))
        for grade, pupils in pupils_2020().items()
    }
    return {(region, grade): cells[grade][region] for region in REGIONS for grade in cells}


def step(year: int, before: Grades, into: Mapping[int, float]) -> Grades:
    """Give a year's pupils from those of the year before: the plain cohort roll."""
    after: Grades = {}
    born = {lag: regional_births(year - lag) for lag in (6, 7)}
    for region in REGIONS:
        of = {year - lag: births[region] for lag, births in born.items()}
        after[region, 1] = into[1] * cohort(year, of.__getitem__)
        for grade in range(2, 13):
            after[region, grade] = into[grade] * before[region, grade - 1]
    return after


def district(pupils: Grades, grade: int) -> float:
    return sum(pupils[region, grade] for region in REGIONS)


@cache
def stated_entrants() -> dict[tuple[int, int], Figure]:
    """Give the pupils of grades 1, 7 and 9 as later stated, by grade and year."""
    by = ratios()
    survivors = total(times(pupils_2020()[grade - 1], by[grade]) for grade in range(2, 7))
    primary = counted("Haidian", "2021-22", "primary", "enrolled_total")
    return {
        (1, 2021): derived(primary.value - survivors.value, (primary, survivors)),
        (1, 2022): assumed("grade1_entrants_2022"),
        (1, 2023): counted("Haidian", "2023", "primary", "entrants"),
        (1, 2024): counted("Haidian", "2024", "primary", "entrants_expected"),
        (1, 2025): counted("Haidian", "2025", "primary", "entrants_expected"),
        (7, 2021): _back(seen("Haidian", 8, 2022), by[8]),
        (7, 2022): seen("Haidian", 7, 2022),
        (7, 2023): seen("Haidian", 7, 2023),
        (7, 2024): counted("Haidian", "2024", "junior", "entrants_expected"),
        (7, 2025): counted("Haidian", "2025", "junior", "entrants_expected"),
        (9, 2024): seen("Haidian", 9, 2024),
    }


@cache
def seen_path() -> tuple[dict[int, Grades], dict[tuple[int, int], float]]:
    """Give pupils by year as seen, and the ratios by grade and year that lead through them."""
    path, used = {BASE: regional_pupils()}, {}
    plain = {grade: figure.value for grade, figure in ratios().items()}
    for year in range(BASE + 1, TODAY + 1):
        into = dict(plain)
        if year == TODAY:
            into[9] = into_9_today().value
            used[9, year] = into[9]
        free = step(year, path[year - 1], into)
        for (grade, at), stated in stated_entrants().items():
            if at == year:
                into[grade] = round(into[grade] * stated.value / district(free, grade), EXACT)
                used[grade, at] = into[grade]
        path[year] = step(year, path[year - 1], into)
    return path, used


def into_9_today() -> Figure:
    """Give the mean of the two ratios into grade 9 that Haidian's tables show."""
    late = over(seen("Haidian", 9, 2024), seen("Haidian", 8, 2023))
    return mean(over(seen("Haidian", 9, 2023), seen("Haidian", 8, 2022)), late).rounded(DIGITS)


@cache
def ratios_today() -> dict[int, Figure]:
    """Give the ratios of the folder of today: the last three years as seen, where there are any."""
    into = dict(ratios())
    _, used = seen_path()
    for grade in (1, 7):
        last = [stated_entrants()[grade, year] for year in range(TODAY - 2, TODAY + 1)]
        values = [used[grade, year] for year in range(TODAY - 2, TODAY + 1)]
        into[grade] = derived(sum(values) / len(values), last).rounded(DIGITS)
    into[9] = into_9_today()
    return into
