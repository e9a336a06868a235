"""Births by year and region, and the other series that could stand for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from derivation.figures import (
    BASE,
    REGIONS,
    TODAY,
    Figure,
    assumed,
    derived,
    fact,
    over,
    shares,
    times,
    total,
    whole,
)

PUBLIC_SECURITY = "hukou_births (public security)"
HEALTH_SYSTEM = "hukou_births (health system)"
RESIDENT = "resident_births"
#: Births years that the bureau of statistics' yearbook gives for the district itself.
OWN = (2011, 2012)
RESIDENT_YEARS = (2012, 2015, 2016, 2017, 2020, 2021, 2022, 2024)


def _of(area: str, year: int, measure: str) -> Figure:
    return fact("births", area=area, year=str(year), measure=measure)


def _between(year: int, first: int, last: int, births: Callable[[int], Figure]) -> Figure:
    """Give a year on the straight line between two known ones."""
    a, b = births(first), births(last)
    return derived(a.value + (b.value - a.value) * (year - first) / (last - first), (a, b))


def hukou_births(year: int) -> Figure:
    """Give Beijing's hukou births; a straight line from 2012 to 2016."""
    if year in OWN:
        return _of("Beijing", year, PUBLIC_SECURITY)
    if year == 2016:
        return assumed("beijing_hukou_births.2016")
    if year > 2016:
        return _of("Beijing", year, HEALTH_SYSTEM)
    return _between(year, max(OWN), 2016, hukou_births)


def resident_births(year: int) -> Figure:
    """Give Beijing's resident births; straight lines between the years that are known."""
    if year == 2024:
        rate, people = _of("Beijing", year, "resident_birth_rate"), assumed("beijing_population")
        return derived(rate.value * people.value / 1000, (rate, people))
    if year in RESIDENT_YEARS:
        return _of("Beijing", year, RESIDENT)
    first = max(one for one in RESIDENT_YEARS if one < year)
    last = min(one for one in RESIDENT_YEARS if one > year)
    return _between(year, first, last, resident_births)


def district_share() -> Figure:
    """Give Haidian's share of Beijing's hukou births over the years that state both."""
    ours = total(_of("Haidian", year, PUBLIC_SECURITY) for year in OWN)
    return over(ours, total(hukou_births(year) for year in OWN)).rounded(4)


def births(year: int) -> Figure:
    """Give the district's births: hukou births to 2020, after it by the resident series."""
    if year in OWN:
        return _of("Haidian", year, PUBLIC_SECURITY)
    if year <= BASE:
        return times(hukou_births(year), district_share()).rounded(0)
    if year == TODAY:
        return replace(births(year - 1), quality="RED")
    since = over(resident_births(year), resident_births(BASE))
    return times(births(BASE), since).rounded(0)


def births_shares(year: int) -> dict[str, float]:
    """Move from the pupils' shares to the births' shares, so that no grade 1 jumps."""
    leaves, reached = (assumed(f"births_share_{at}").value for at in ("leaves", "reached"))
    way = min(max((year - leaves) / (reached - leaves), 0), 1)
    old, new = shares("pupils_share"), shares("births_share")
    return {region: old[region] + way * (new[region] - old[region]) for region in REGIONS}


def regional_births(year: int) -> dict[str, int]:
    return whole(births(year).value, births_shares(year))


def cohort(year: int, of: Callable[[int], float]) -> float:
    """Give the births that enter in `year`: six by 31 August, births by calendar year."""
    return of(year - 6) * 2 / 3 + of(year - 7) / 3


def census_births(year: int) -> float:
    """Give children of the census of November 2020 by births year, even within an age group."""
    groups = {row["age"]: float(row["total"]) for row in _census()}
    ages = {"0": 1, "1-4": 4, "5-9": 5, "10-14": 5}
    age = BASE - year
    first = 0
    for group, years in ages.items():
        if first <= age < first + years:
            return groups[group] / years
        first += years
    raise LookupError(f"the census has no children born in {year}")


def _census() -> list[Mapping[str, str]]:
    from derivation.figures import table

    rows = table("population_age")
    return [row for row in rows if (row["area"], row["census_year"]) == ("Haidian", str(BASE))]


def instead(series: Callable[[int], float], year: int) -> float:
    """Give the factor by which another series moves the births of a year.

    The entry ratio of the folder stays; so the series is scaled to give the same grade 1 in
    the base year.
    """

    def ours(one: int) -> float:
        return births(one).value

    level = cohort(BASE, ours) / cohort(BASE, series)
    return series(year) * level / ours(year)
