"""Haidian with a parallel stream: some of its pupils and places in a group of their own."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from derivation.district import district_file
from derivation.figures import (
    BASE,
    LEVELS,
    REGIONS,
    Figure,
    assumed,
    derived,
    fact,
    over,
    shares,
    table,
    whole,
)
from derivation.pupils import pupils_2020, seen
from derivation.tables import TRACE, Table, tables, trace

#: The rest of the pupils, and the streams.
GENERAL, SPECIAL, VOCATIONAL = "general", "special", "vocational"
_SPLIT = "regional share assumed (RED)"
_LEVELS = {
    SPECIAL: """\
  - code: special
    title: {{en: Special, zh: 特教}}
    grades: [1, 9]
    class_size: {size.value:g}
    groups: [special]
    source: "{size.source}"
    quality: {size.quality}
    known: {size.known}
""",
    VOCATIONAL: """\
  - code: vocational
    title: {{en: Vocational, zh: 职业高中}}
    grades: [10, 12]
    class_size: {size.value:g}
    pool: district
    groups: [vocational]
    source: "{size.source}"
    quality: {size.quality}
    known: {size.known}
""",
}
Row = dict[str, object]


def stated(name: str) -> Figure:
    """Give a named assumption on streams."""
    (row,) = [row for row in table("streams") if row["name"] == name]
    return Figure(float(row["value"]), row["source"], row["quality"], row["known"])


def stream_file(stream: str) -> str:
    """Give the text of district.yaml: the levels of Haidian and the stream, out of the headline."""
    size = stated(f"{stream}_class_size")
    text = district_file("haidian")
    text = text.replace("scenarios/derive.py", "scenarios/derive_streams.py")
    text = text.replace("name: haidian\n", f"name: haidian-{stream}\n", 1)
    text = text.replace("entry: {", _LEVELS[stream].format(size=size) + "entry: {", 1)
    head, targets = text.rsplit("targets: {", 1)
    return f"{head}targets: {{levels: [{', '.join(LEVELS)}], {targets}"


def stream_tables(stream: str) -> dict[str, Table]:
    """Give the tables of a folder: those of Haidian with a stream beside them."""
    found = {name: rows for name, rows in tables("haidian").items() if name != "actuals"}
    made = _special if stream == SPECIAL else _vocational
    return found | made(found)


def _grouped(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> Table:
    """Put a column for the group behind the first ones."""
    return (*columns[: -len(TRACE)], "group", *TRACE), [dict(row) for row in rows]


# The special stream ------------------------------------------------------------------------------


def _special(found: Mapping[str, Table]) -> dict[str, Table]:
    share, by_region = stated("special_share"), _special_regions()
    moved = {(row["region"], row["grade"]): row["pupils"] for row in _special_pupils()}
    columns, rows = found["enrolment"]
    others = [
        {**row, "group": GENERAL}
        | {"pupils": int(row["pupils"]) - int(moved.get((row["region"], row["grade"]), 0))}
        for row in rows
    ]
    enrolment = _grouped(columns, [*others, *_special_pupils()])
    columns, rows = found["ratios"]
    ratios = [dict(row) for row in rows]
    whole_ratio = next(row for row in ratios if str(row["grade"]) == "1")
    births = _births_of(found, BASE)
    extra = []
    for region, part in by_region.items():
        own = float(str(whole_ratio["ratio"])) * share.value * part
        own *= sum(births.values()) / births[region]
        rest = float(str(whole_ratio["ratio"])) - own
        for group, ratio in ((SPECIAL, own), (GENERAL, rest)):
            note = "special pupils of the district over the births of one region; (RED)"
            row = {**whole_ratio, "region": region, "ratio": f"{ratio:.6f}", "group": group}
            extra.append(row | {"quality": "RED", "note": note})
    return {
        "enrolment": enrolment,
        "ratios": _grouped(columns, [*({**row, "group": ""} for row in ratios), *extra]),
        "places": _with_places(found, SPECIAL, _sums(_special_pupils()), from_others=moved),
    }


def _births_of(found: Mapping[str, Table], year: int) -> dict[str, float]:
    """Give births by region of the cohort that enters in a year: 2/3 and 1/3 of two years."""
    rows = {(row["year"], row["region"]): float(str(row["births"])) for row in found["births"][1]}
    years = {year - 6: 2 / 3, year - 7: 1 / 3}
    return {r: sum(part * rows[y, r] for y, part in years.items()) for r in REGIONS}


def _special_regions() -> dict[str, float]:
    return {region: stated(f"special_regions.{region}").value for region in ("central", "south")}


def _special_pupils() -> Iterator[Row]:
    share = stated("special_share")
    for grade in (*LEVELS["primary"], *LEVELS["middle"]):
        of = derived(share.value * pupils_2020()[grade].value, (share, pupils_2020()[grade]))
        for region, pupils in whole(round(of.value), _special_regions()).items():
            note = f"share of the district's grade assumed (RED); {_SPLIT}"
            row = {"year": BASE, "region": region, "grade": grade, "pupils": pupils}
            yield row | {"group": SPECIAL} | trace(of, note, "RED")


# The vocational stream ---------------------------------------------------------------------------


def into_vocational() -> Figure:
    """Give vocational entrants per leaver of grade 9: the city's of 2022, staying as assumed."""
    kind = {"area": "Beijing", "year": "2022", "level": "secondary vocational (中职)"}
    city = over(fact("enrolment", **kind, measure="entrants"), seen("Beijing", 9, 2021))
    stay = stated("vocational_stay")
    return derived(city.value * stay.value, (city, stay), "RED").rounded(4)


def _vocational(found: Mapping[str, Table]) -> dict[str, Table]:
    ratio, on = into_vocational(), stated("vocational_on")
    columns, rows = found["enrolment"]
    others = [{**row, "group": GENERAL} for row in rows]
    pupils = list(_vocational_pupils())
    own = [
        {"grade": 10, "ratio": f"{ratio.value:g}"}
        | trace(ratio, "the city's vocational entrants of 2022 over its grade 9 of 2021"),
        *({"grade": g, "ratio": f"{on.value:g}"} | trace(on, "assumed (RED)") for g in (11, 12)),
    ]
    ratio_columns, ratios = found["ratios"]
    stated_rows = [{**row, "group": ""} for row in ratios]
    added = [{"region": "all", "basis": "", **row, "group": VOCATIONAL} for row in own]
    flows = [
        {"level": VOCATIONAL, "from": one, "from_group": GENERAL, "to": other}
        | {"to_group": VOCATIONAL, "share": f"{share:g}"}
        | trace(
            assumed(f"places_share.{other}"), "as the places of all schools; assumed (RED)", "RED"
        )
        for one in REGIONS
        for other, share in shares("places_share").items()
    ]
    flow_columns = ("level", "from", "from_group", "to", "to_group", "share", *TRACE)
    return {
        "enrolment": _grouped(columns, [*others, *pupils]),
        "ratios": _grouped(ratio_columns, [*stated_rows, *added]),
        "places": _with_places(found, VOCATIONAL, _sums(pupils), from_others={}),
        "flows": (flow_columns, flows),
    }


def _vocational_pupils() -> Iterator[Row]:
    """Give grades 10–12: entrants per pupil of grade 9, spread as the places of all schools."""
    ratio, on = into_vocational(), stated("vocational_on")
    for grade in LEVELS["high"]:
        leavers = pupils_2020()[9]
        heads = leavers.value * ratio.value * on.value ** (grade - 10)
        of = derived(heads, (ratio, on, leavers), "RED")
        for region, pupils in whole(round(heads), shares("places_share")).items():
            note = f"vocational entrants per pupil of grade 9 (RED); {_SPLIT}"
            row = {"year": BASE, "region": region, "grade": grade, "pupils": pupils}
            yield row | {"group": VOCATIONAL} | trace(of, note, "RED")


# Places ------------------------------------------------------------------------------------------


def _sums(pupils: Iterator[Row] | Sequence[Row]) -> dict[str, int]:
    found = dict.fromkeys(REGIONS, 0)
    for row in pupils:
        found[str(row["region"])] += int(str(row["pupils"]))
    return found


def _with_places(
    found: Mapping[str, Table],
    stream: str,
    pupils: Mapping[str, int],
    from_others: Mapping[tuple[object, object], object],
) -> Table:
    """Add places of the stream, as full as all schools are, and take those of its pupils away."""
    per_pupil = assumed("places_per_pupil")
    columns, rows = found["places"]
    taken = {
        (region, level): sum(int(str(from_others.get((region, g), 0))) for g in grades)
        for region in REGIONS
        for level, grades in LEVELS.items()
    }
    kept, left = [], dict(taken)
    for row in rows:
        cell = (str(row["region"]), str(row["level"]))
        own = round(left.pop(cell, 0) * per_pupil.value)
        kept.append({**row, "places": int(str(row["places"])) - own})
    for region, heads in pupils.items():
        places = round(heads * per_pupil.value)
        of = replace(per_pupil, value=places)
        note = "pupils of the stream in 2020 x 1.02 (RED); regional share assumed (RED)"
        row = {"region": region, "level": stream, "school": "", "places": places}
        kept.append(row | trace(of, note, "RED"))
    return columns, kept
