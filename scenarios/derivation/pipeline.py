"""Projects: the plan as adopted, the years as built, and what is announced after 2025."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from derivation.figures import (
    LEVELS,
    REGIONS,
    Figure,
    Row,
    assumed,
    derived,
    fact,
    shares,
    table,
    whole,
)
from derivation.plan_named import with_names

#: First and last autumn of the two plans.
PLAN, NEXT = (2021, 2025), (2026, 2030)
#: The month the plan was adopted.
VINTAGE = "2022-01"
#: Columns of the pipeline table in the folders.
COLUMNS = (
    *("project", "title", "region", "status", "opens", "kind"),
    *(f"places_{level}" for level in LEVELS),
    *("source", "quality", "known", "note"),
)


#: Those of the plan, whose extensions fill by grade.
PLAN_COLUMNS = (*COLUMNS[:6], "fill", *COLUMNS[6:])


@dataclass(frozen=True)
class YearOf:
    """What a programme opens in a year: places by region, and what is said of their levels."""

    opens: int
    places: Mapping[str, int]
    of: Figure
    split: Mapping[str, float]
    note: str
    kind: str = ""
    tag: str = ""
    status: str = "open"
    named: tuple[Row, ...] = ()


def new_places(year: str, kind: str, scope: str) -> Figure:
    """Give places of a year or period as published."""
    return fact("new_places_realised", year=year, kind=kind, scope=scope)


def school_places(reading: str = "strict") -> Figure:
    """Give the plan's school places: less its preschool places, or (`wide`) all 45,000."""
    places = new_places("2021-2025", "planned (Jan 2022)", "basic education")
    preschool = assumed("preschool_places_2021_25")
    return places if reading == "wide" else derived(places.value - preschool.value, [preschool])


def places_of_2021() -> tuple[Figure, dict[str, float]]:
    """Give the places of 2021 and their split by level, both as stated."""
    parts = {level: new_places("2021", "planned", level) for level in ("primary", "middle")}
    amount = sum(part.value for part in parts.values())
    split = {level: parts[level].value if level in parts else 0.0 for level in LEVELS}
    return derived(amount, parts.values()), split


def by_region(places: float) -> dict[str, int]:
    return whole(places, shares("building_share"))


def planned(reading: str = "strict") -> list[YearOf]:
    """Give the plan as adopted: stated years, and the rest spread over the last three."""
    first, stated = places_of_2021()
    second = new_places("2022", "planned", "primary+secondary")
    rest = school_places(reading).value - first.value - second.value
    later = whole(rest, {str(year): 1 for year in range(2023, PLAN[1] + 1)})
    of = derived(rest, [school_places(reading)])
    split = shares("split_2021_25", LEVELS)
    seen_later = "the year's total is rebuilt from a page of March 2022; levels and regions assumed"
    years = [
        YearOf(2021, by_region(first.value), first, stated, "levels as stated; regions assumed"),
        YearOf(2022, by_region(second.value), second, split, seen_later),
        *(
            YearOf(int(year), by_region(places), of, split, "year, levels and regions assumed")
            for year, places in later.items()
        ),
    ]
    return [_planned(year) for year in years]


def _planned(year: YearOf) -> YearOf:
    return replace(year, tag="plan", status=status_of(year.opens))


def status_of(opens: int) -> str:
    """Give the status that a project of a year had in January 2022."""
    if opens <= assumed("building_opens_until").value:
        return "building"
    return "approved" if opens <= assumed("approved_opens_until").value else "planned"


def named(programme: str) -> tuple[Row, ...]:
    """Give the projects with a name, a region and places in the sources."""
    rows = [dict(row) for row in table("named") if row["programme"] == programme]
    places = {f"places_{level}" for level in LEVELS}
    return tuple(
        {key: int(row[key]) if key in places | {"opens"} else row[key] for key in COLUMNS}
        for row in rows
    )


def built() -> list[YearOf]:
    """Give the years as realised; what no year states of the total opens in the last."""
    first, stated = places_of_2021()
    second = new_places("2022", "planned", "primary+secondary")
    north = new_places("2022", "realised, north", "primary+secondary")
    split = shares("split_2021_25", LEVELS)
    others = shares("building_share")
    del others["north"]
    in_2022 = {"north": int(north.value), **whole(second.value - north.value, others)}
    years = [
        YearOf(2021, by_region(first.value), first, stated, "as planned: not seen as built"),
        YearOf(2022, in_2022, derived(second.value, [second, north]), split, _NOTE_2022),
    ]
    for year, kind in ((2023, ""), (2024, "extension"), (2025, "")):
        figure = new_places(str(year), "realised", "primary+secondary")
        note = "the year's total as reported; levels and regions assumed"
        years.append(YearOf(year, by_region(figure.value), figure, split, note, kind))
    rest = unreported(years)
    note = "in the five-year total and in no year's report; year, levels and regions assumed"
    years.append(YearOf(PLAN[1], by_region(rest.value), rest, split, note, tag="rest"))
    return [replace(year, tag=year.tag or "built", named=named("built")) for year in years]


_NOTE_2022 = "total as planned, 8,640 of it reported in the north; levels and the rest assumed"


def unreported(years: Iterable[YearOf]) -> Figure:
    """Give the school places of the five-year total that no year's report holds."""
    total = new_places("2021-2025", "realised", "basic education")
    preschool = assumed("kindergarten_places_built_2021_25")
    stated = sum(sum(year.places.values()) for year in years)
    return derived(total.value - preschool.value - stated, [total, preschool])


def announced() -> list[YearOf]:
    """Give the middle and high places announced to 2030, less those of named projects.

    2026 is stated; the others share what is left evenly. A named project takes its places from
    its region's and its level's share of all five years, and from its own year.
    """
    target = new_places("2026-2030", "planned", "middle")
    first = new_places("2026", "planned", "middle")
    rows = named("announced")
    left_by_level = {
        level: target.value * share - sum(_places(row, level) for row in rows)
        for level, share in shares("split_2026_30", ("middle", "high")).items()
    }
    left_by_region = {
        region: places - sum(_places(row) for row in rows if row["region"] == region)
        for region, places in by_region(target.value).items()
    }
    years = {str(year): 1.0 for year in range(NEXT[0] + 1, NEXT[1] + 1)}
    even = whole(target.value - first.value, years)
    of_year = {NEXT[0]: int(first.value), **{int(year): part for year, part in even.items()}}
    note = "levels and regions assumed"
    left = {
        year: places - sum(_places(row) for row in rows if row["opens"] == year)
        for year, places in of_year.items()
    }
    return [
        YearOf(
            year,
            whole(left[year], left_by_region),
            derived(places, [first if year == NEXT[0] else target]),
            {level: left_by_level.get(level, 0.0) for level in LEVELS},
            f"the year's total as announced; {note}" if year == NEXT[0] else f"year, {note}",
            tag="next",
            status="planned",
        )
        for year, places in of_year.items()
    ]


def _places(row: Row, *levels: str) -> int:
    return sum(int(str(row[f"places_{level}"])) for level in levels or LEVELS)


def rest_rows(years: Iterable[YearOf]) -> list[Row]:
    """Give a row a year and region: its places less those of named projects."""
    return [_rest(year, region) for year in years for region in REGIONS]


def _rest(year: YearOf, region: str) -> Row:
    mine: list[Row] = []
    if year.tag != "rest":
        mine = [r for r in year.named if (r["region"], r["opens"]) == (region, year.opens)]
    in_all = year.places[region] / sum(year.split.values())
    wanted = {
        level: max(in_all * share - sum(_places(row, level) for row in mine), 0)
        for level, share in year.split.items()
    }
    parts = whole(year.places[region] - sum(_places(row) for row in mine), wanted)
    return {
        "project": f"{year.tag}-{year.opens}-{region}",
        "title": f"{year.opens} {'rest of ' if mine else ''}programme, {region}",
        "region": region,
        "status": year.status,
        "opens": year.opens,
        "kind": year.kind,
        **{f"places_{level}": parts[level] for level in LEVELS},
        "source": year.of.source,
        "quality": "RED",
        "known": year.of.known,
        "note": year.note,
    }


def plan_rows() -> list[Row]:
    """Give the pipeline of the plan's folder."""
    return with_names(rest_rows(planned()), VINTAGE)


def today_rows() -> list[Row]:
    """Give the pipeline of the folder of today: as built, then as announced."""
    return [
        *named("built"),
        *rest_rows(built()),
        *named("announced"),
        *rest_rows(announced()),
    ]


def wide_rows() -> list[Row]:
    """Give the rows that the reading of 45,000 school places adds to the plan's pipeline."""
    narrow = {str(row["project"]): row for row in rest_rows(planned())}
    added = []
    for row in rest_rows(planned("wide")):
        base = narrow[str(row["project"])]
        more = {key: int(str(row[key])) - int(str(base[key])) for key in row if "places_" in key}
        if sum(more.values()):
            added.append({**row, **more, **_wide_name(row)})
    return added


def _wide_name(row: Row) -> Row:
    opens, region = row["opens"], row["region"]
    title = f"{opens} programme, {region}, if all 45,000 are school places"
    return {"project": f"wide-{opens}-{region}", "title": title}


def delays() -> dict[int, float]:
    """Give shares of years late for projects not yet building, from those seen twice."""
    seen = [row["years_late"].lstrip(">=") for row in table("project_delays")]
    late = [int(years) for years in seen if years]
    slip = assumed("slip_share").value
    found = {years: slip * late.count(years) / len(late) for years in sorted(set(late))}
    found[0] += 1 - slip
    return {years: round(share, 3) for years, share in found.items()}
