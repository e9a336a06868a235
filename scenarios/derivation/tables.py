"""The tables of the folders, as rows of text and whole numbers."""

from __future__ import annotations

from collections.abc import Iterator

from derivation import kindergarten, school_districts, seen_later
from derivation.births import births, regional_births
from derivation.figures import (
    BASE,
    LEVELS,
    REGIONS,
    TODAY,
    Figure,
    Row,
    assumed,
    derived,
    shares,
    whole,
)
from derivation.pipeline import (
    COLUMNS,
    PLAN_COLUMNS,
    VINTAGE,
    plan_rows,
    planned,
    rest_rows,
    today_rows,
)
from derivation.pupils import (
    level_pupils,
    pupils_2020,
    ratios,
    ratios_today,
    regional_pupils,
    seen_path,
    stated_entrants,
)

SPLIT = "regional share assumed (RED)"
TRACE = ("source", "quality", "known", "note")
Table = tuple[tuple[str, ...], list[Row]]


def trace(figure: Figure, note: str, quality: str = "", vintage: bool = True) -> Row:
    """Give the columns that say where a number comes from; `rebuilt` if it came out later."""
    if vintage and figure.known > VINTAGE:
        note = f"rebuilt from tables published later; {note}"
    return {
        "source": figure.source,
        "quality": quality or figure.quality,
        "known": figure.known,
        "note": note,
    }


def enrolment(year: int) -> Table:
    rows = _enrolment_2020() if year == BASE else _enrolment_today()
    return ("year", "region", "grade", "pupils", *TRACE), list(rows)


def _enrolment_2020() -> Iterator[Row]:
    for (region, grade), pupils in regional_pupils().items():
        of = pupils_2020()[grade]
        how = "as seen" if grade in LEVELS["primary"] else "rolled back from later grades"
        note = f"district {how} ({of.quality}); {SPLIT}"
        yield _pupils(BASE, region, grade, int(pupils)) | trace(of, note, "RED")


def _enrolment_today() -> Iterator[Row]:
    path, _ = seen_path()
    for grade in sorted({grade for _, grade in path[TODAY]}):
        stated = stated_entrants().get((grade, TODAY))
        cells = {region: path[TODAY][region, grade] for region in REGIONS}
        of = stated or _rolled(grade)
        how = f"stated for the district ({of.quality})" if stated else "rolled from what was seen"
        for region, pupils in whole(round(sum(cells.values())), cells).items():
            note = f"{how}; {SPLIT}"
            yield _pupils(TODAY, region, grade, pupils) | trace(of, note, "RED", vintage=False)


def _rolled(grade: int) -> Figure:
    """Give the sources of a grade of today: where its cohort was last stated, and the ratios on."""
    for back in range(1, TODAY - BASE + 1):
        stated = stated_entrants().get((grade - back, TODAY - back))
        if stated or back == TODAY - BASE:
            start = stated or pupils_2020()[grade - back]
            return derived(0, [start, *(ratios()[grade - k] for k in range(back))])
    raise LookupError(f"no year shows the cohort of grade {grade}")


def _pupils(year: int, region: str, grade: int, pupils: int) -> Row:
    return {"year": year, "region": region, "grade": grade, "pupils": pupils}


def births_table(last: int) -> Table:
    """Give births by year and region; the quality is the district's, the share's in the note."""
    rows = [
        {"year": year, "region": region, "births": number}
        | trace(derived(0, [births(year)]), f"{_births_note(year)}; {SPLIT}", vintage=last == BASE)
        for year in range(2011, last + 1)
        for region, number in regional_births(year).items()
    ]
    return ("year", "region", "births", *TRACE), rows


def _births_note(year: int) -> str:
    if year <= 2012:
        return "hukou births of the district, yearbook"
    if year <= 2015:
        return "Beijing's hukou births on the line from 2012 to 2016 x the district's share"
    if year <= BASE:
        return "Beijing's hukou births x the district's share of 2011-12"
    if year == TODAY:
        return "not seen: held at 2024"
    return "Beijing's resident births scaled to join 2020"


def places_table(vintage: bool) -> Table:
    """Give the stock of 2020; the rooms that could serve the next level are rows of their own."""
    columns = ("region", "level", "school", "places", "convertible_to", *TRACE)
    return columns, [row for level in LEVELS for row in _places(level, vintage)]


def _places(level: str, vintage: bool) -> Iterator[Row]:
    factor = assumed("places_per_pupil")
    of = derived(round(level_pupils(level).value * factor.value), [level_pupils(level), factor])
    kept = {"primary": "nine_year_share", "middle": "complete_school_share"}.get(level)
    name = {"primary": "nine-year schools", "middle": "complete schools"}.get(level, "")
    to = {"primary": "middle", "middle": "high"}.get(level, "")
    for region, places in whole(of.value, shares("places_share")).items():
        note = f"pupils of 2020 x {factor.value:g} (RED); {SPLIT}"
        lent = round(places * assumed(kept).value) if kept else 0
        cell: Row = {"region": region, "level": level}
        rest = {"school": "other schools" if lent else "", "places": places - lent}
        yield cell | rest | {"convertible_to": ""} | trace(of, note, vintage=vintage)
        if lent:
            note += "; share of convertible rooms assumed (RED)"
            of_lent = {"school": name, "places": lent, "convertible_to": to}
            yield cell | of_lent | trace(of, note, vintage=vintage)


def ratios_table(year: int) -> Table:
    given = ratios() if year == BASE else ratios_today()
    rows = [
        {"grade": grade, "region": "all", "ratio": f"{of.value:g}"}
        | {"basis": "births" if grade == 1 else ""}
        | trace(of, _RATIO_NOTES[grade] if of == ratios()[grade] else _TODAY, vintage=year == BASE)
        for grade, of in given.items()
    ]
    return ("grade", "region", "ratio", "basis", *TRACE), rows


_BEIJING = "Beijing's two-year survivals 2020-22, spread over their steps"
_HIGH = "Beijing's survival over two years of high school, mean of two cohorts, square root"
_TODAY = "mean of the last years as seen"
_RATIO_NOTES = {
    1: "grade 1 of 2020 over the births of its cohort",
    **dict.fromkeys(range(2, 7), _BEIJING),
    7: "mean of the two tables that show grade 7, over the ratios of the grades before",
    8: "Haidian 2022-23 to 2023-24",
    9: "Haidian 2022-23 to 2023-24; a year later it was .897",
    10: "Beijing's grade 9 to 10 of 2022 x Haidian's share of the intake over that of grade 9",
    11: _HIGH,
    12: _HIGH,
}


def tables(name: str) -> dict[str, Table]:
    """Give every table of a folder."""
    return _FOLDERS[name]()


def _plan() -> dict[str, Table]:
    return {
        "enrolment": enrolment(BASE),
        "births": births_table(BASE),
        "places": places_table(vintage=True),
        "pipeline": (PLAN_COLUMNS, plan_rows()),
        "ratios": ratios_table(BASE),
        "actuals": (seen_later.COLUMNS, seen_later.actuals()),
    }


def _today() -> dict[str, Table]:
    return {
        "enrolment": enrolment(TODAY),
        "births": births_table(TODAY),
        "places": places_table(vintage=False),
        "pipeline": (COLUMNS, today_rows()),
        "ratios": ratios_table(TODAY),
    }


def _with_kindergartens() -> dict[str, Table]:
    """Give the plan's tables and the rows of kindergartens before them."""
    schools = {key: table for key, table in _plan().items() if key != "actuals"}
    before = {
        "enrolment": list(_children()),
        "places": list(_kindergarten_places()),
        "ratios": list(_kindergarten_ratios()),
        "pipeline": kindergarten.projects(),
    }
    levels = PLAN_COLUMNS.index("places_primary")
    columns = {"pipeline": (*PLAN_COLUMNS[:levels], kindergarten.PLACES, *PLAN_COLUMNS[levels:])}
    return {
        key: (columns.get(key, of), [*before.get(key, []), *rows])
        for key, (of, rows) in schools.items()
    }


def _children() -> Iterator[Row]:
    note = f"all pupils less those of schools; by grade as the births of the cohorts; {SPLIT}"
    for grade, children in kindergarten.grades().items():
        for region, pupils in whole(children, shares("pupils_share")).items():
            row = _pupils(BASE, region, grade, pupils)
            yield row | trace(kindergarten.pupils(), note, "RED")


def _kindergarten_places() -> Iterator[Row]:
    of = kindergarten.places()
    note = f"places before, and those added in 2016-20: what closed is not published; {SPLIT}"
    for region, places in whole(of.value, shares("pupils_share")).items():
        cell: Row = {"region": region, "level": kindergarten.LEVEL, "places": places}
        yield cell | {"school": "", "convertible_to": ""} | trace(of, note)


def _kindergarten_ratios() -> Iterator[Row]:
    for grade, of in kindergarten.ratios().items():
        first = grade == kindergarten.GRADES[0]
        note = "children in kindergartens over the births of their cohorts" if first else ""
        row: Row = {"grade": grade, "region": "all", "ratio": f"{of.value:g}"}
        yield row | {"basis": "births" if first else ""} | trace(of, note or "assumed (RED)")


def _by_school_district() -> dict[str, Table]:
    """Give the plan's tables by school district; its programme without names."""
    found = {key: table for key, table in _plan().items() if key != "actuals"}
    found["pipeline"] = (COLUMNS, rest_rows(planned()))
    return {
        key: (columns, list(school_districts.split(key, rows)))
        for key, (columns, rows) in found.items()
    }


_FOLDERS = {
    "haidian": _plan,
    "haidian-2026": _today,
    "haidian-kindergarten": _with_kindergartens,
    "haidian-17": _by_school_district,
}
