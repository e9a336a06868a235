"""Facts, assumptions and figures worked out from them, each with its sources.

Every number comes from ``facts/*.csv`` or is an assumption named and sourced in
``facts/assumptions.csv``. A derived figure carries the sources of all its parts, the worst of
their qualities and the latest of their months of publication.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from math import prod
from pathlib import Path

FACTS = Path(__file__).parents[1] / "facts"
REGIONS = ("north", "central", "south", "east", "west")
LEVELS = {"primary": range(1, 7), "middle": range(7, 10), "high": range(10, 13)}
#: What the facts call the levels.
SCHOOLS = {"primary": "primary", "middle": "junior", "high": "senior"}
QUALITIES = ("GREEN", "AMBER", "RED")
Row = dict[str, object]
#: First autumn of the two folders.
BASE, TODAY = 2020, 2025


@dataclass(frozen=True)
class Figure:
    """A number with its sources, quality and year-month of publication."""

    value: float
    source: str
    quality: str
    known: str

    def rounded(self, digits: int) -> Figure:
        return replace(self, value=round(self.value, digits))


def derived(value: float, parts: Iterable[Figure], quality: str = "AMBER") -> Figure:
    """Give a figure worked out from `parts`: never better than `quality`."""
    parts = list(parts)
    sources = dict.fromkeys(one for part in parts for one in part.source.split(" ; "))
    worst = max((quality, *(part.quality for part in parts)), key=QUALITIES.index)
    return Figure(value, " ; ".join(sources), worst, max(part.known for part in parts))


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    with (FACTS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def fact(name: str, **where: str) -> Figure:
    """Give the one row of a facts table that has these values."""
    value = "places" if name == "new_places_realised" else "value"
    rows = [row for row in table(name) if all(row[key] == at for key, at in where.items())]
    if len(rows) != 1:
        raise LookupError(f"{len(rows)} rows of {name}.csv have {where}")
    row = rows[0]
    quality = "GREEN" if row["reliability"].startswith("official") else "AMBER"
    return Figure(float(row[value]), row["source_url"], quality, _published(row))


def _published(row: Mapping[str, str]) -> str:
    """Give the month of publication: a school year's statistics come out in the March after."""
    months = {known["source_url"]: known["known"] for known in table("known")}
    return months.get(row["source_url"]) or f"{int(row['year'][:4]) + 1}-03"


def assumed(name: str) -> Figure:
    """Give a named assumption."""
    (row,) = [row for row in table("assumptions") if row["name"] == name]
    return Figure(float(row["value"]), row["source"], row["quality"], row["known"])


def shares(name: str, of: Iterable[str] = REGIONS) -> dict[str, float]:
    """Give assumed shares, by region unless `of` says otherwise."""
    return {one: assumed(f"{name}.{one}").value for one in of}


def over(after: Figure, before: Figure, years: int = 1) -> Figure:
    """Give `after` over `before`, a year."""
    return derived((after.value / before.value) ** (1 / years), (after, before))


def times(*figures: Figure) -> Figure:
    return derived(prod(one.value for one in figures), figures)


def total(figures: Iterable[Figure]) -> Figure:
    figures = list(figures)
    return derived(sum(one.value for one in figures), figures)


def mean(*figures: Figure) -> Figure:
    return derived(sum(one.value for one in figures) / len(figures), figures)


def geometric(*figures: Figure) -> Figure:
    return derived(prod(one.value for one in figures) ** (1 / len(figures)), figures)


def whole(amount: float, weights: Mapping[str, float]) -> dict[str, int]:
    """Split a whole `amount` by `weights` into whole parts: largest remainders, first wins.

    >>> whole(10, {"a": 1, "b": 1, "c": 1})
    {'a': 4, 'b': 3, 'c': 3}
    """
    exact = {key: amount * weight / sum(weights.values()) for key, weight in weights.items()}
    parts = {key: int(round(value, 9)) for key, value in exact.items()}
    by_remainder = sorted(exact, key=lambda key: round(parts[key] - exact[key], 9))
    for key in by_remainder[: round(amount) - sum(parts.values())]:
        parts[key] += 1
    return parts
