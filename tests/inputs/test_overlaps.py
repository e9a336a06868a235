"""What overlaps is never added up in silence: laws over random districts."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from capacity.base import Problems
from capacity.inputs.districts import load_district
from capacity.inputs.scenarios import check
from capacity.inputs.tables import names_total
from tests.inputs.folder import SCENARIO, write
from tests.random_districts import Row, Shape, random_case, write_district
from tests.seeds import in_turn, seeds

SEEDS = seeds(range(2), range(10))
TOTALS = (
    "合计",
    "总计",
    "计",
    "Total",
    "All groups",
    "District Total",
    "T",
    "北部小计",
    "everyone",
)


def told(home: Path, district: Row, tables: dict[str, list[Row]]) -> list[str]:
    """Write a district, and give place and code of every error in it."""
    write_district(home, district, tables)
    problems = Problems()
    load_district(home, problems)
    return [f"{p.at.file.removeprefix(f'{home}/')}:{p.at.line} {p.code}" for p in problems.errors]


def added(rows: list[Row], cell: tuple[str, ...], count: str, **named: Any) -> list[Row]:
    """Give the rows of a table with a total of every cell after them."""
    sums: dict[tuple[Any, ...], float] = defaultdict(float)
    for row in rows:
        sums[tuple(row[name] for name in cell)] += row[count]
    return rows + [
        dict(zip(cell, key, strict=True)) | {count: n} | named for key, n in sums.items()
    ]


def split(rows: list[Row], count: str, rng: random.Random, names: list[str]) -> list[Row]:
    """Split every row without a group into groups."""
    found = []
    for row in rows:
        cuts = sorted(rng.randint(0, int(row[count])) for _ in names[1:])
        parts = [b - a for a, b in zip([0, *cuts], [*cuts, int(row[count])], strict=True)]
        found += [row | {"group": n, count: k} for n, k in zip(names, parts, strict=True)]
    return found


@pytest.fixture(params=SEEDS)
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def grouped(seed: int) -> tuple[Row, dict[str, list[Row]], random.Random]:
    """Give a random district whose pupils and births are split into two or three groups."""
    case, rng = random_case(seed, Shape(streams=False)), random.Random(seed)
    names = ["girls", "boys", "unknown"][: rng.choice([2, 3])]
    tables = {name: rows for name, rows in case.tables.items() if name in ("places", "pipeline")}
    for table, count in (("enrolment", "pupils"), ("births", "births")):
        plain = {
            tuple(row[k] for k in ("year", "region", "grade") if k in row): row
            for row in case.tables[table]
        }
        rows = [{k: v for k, v in row.items() if k != "sought"} for row in plain.values()]
        tables[table] = split(rows, count, rng, names)
    return case.district, tables, rng


def test_an_untouched_district_passes(seed: int, tmp_path: Path) -> None:
    case = random_case(seed)
    assert told(tmp_path / "a", case.district, case.tables) == []
    district, tables, _ = grouped(seed)
    assert told(tmp_path / "b", district, tables) == []


@pytest.mark.parametrize(("name", "seed"), in_turn(TOTALS, range(10)))
def test_a_total_written_as_a_group_is_refused(seed: int, name: str, tmp_path: Path) -> None:
    district, tables, _ = grouped(seed)
    last = len(tables["enrolment"]) + 1
    spoilt = added(tables["enrolment"], ("year", "region", "grade"), "pupils", group=name)
    (found,) = told(tmp_path, district, tables | {"enrolment": spoilt, "births": []})
    assert int(found.removeprefix("enrolment.csv:").removesuffix(" part-is-total")) > last


@pytest.mark.parametrize(
    ("table", "cell", "count"),
    [
        ("enrolment", ("year", "region", "grade"), "pupils"),
        ("births", ("year", "region"), "births"),
    ],
)
def test_a_total_without_a_group_is_refused(
    seed: int, table: str, cell: tuple[str, ...], count: str, tmp_path: Path
) -> None:
    district, tables, _ = grouped(seed)
    if not tables[table]:
        return
    line = len(tables[table]) + 2
    total = added(tables[table], cell, count, group="")
    assert f"{table}.csv:{line} total-unnamed" in told(tmp_path, district, tables | {table: total})
    rest = [row | ({count: row[count] + 1} if row["group"] == "" else {}) for row in total]
    assert f"{table}.csv:{line} part-unnamed" in told(tmp_path, district, tables | {table: rest})


def test_a_part_of_a_part_and_a_total_that_differs_are_refused(seed: int, tmp_path: Path) -> None:
    district, tables, _ = grouped(seed)
    last = len(tables["enrolment"]) + 1
    for name, code in (("其中：住宿", "part-of-which"), ("合计", "part-named-total")):
        some = [row | {"group": name} for row in tables["enrolment"] if row["group"] == "girls"]
        tables_now = tables | {"enrolment": tables["enrolment"] + some, "births": []}
        (found,) = told(tmp_path / code, district, tables_now)
        line = int(found.removeprefix("enrolment.csv:").removesuffix(f" {code}"))
        assert line > last


@pytest.mark.parametrize(("name", "seed"), in_turn(["whole", "汇", "z9"], range(10)))
def test_a_total_written_as_a_region_is_refused_under_any_name(
    seed: int, name: str, tmp_path: Path
) -> None:
    district, tables, rng = grouped(seed)
    leaves = {row["region"] for row in tables["enrolment"]}
    if len(leaves) < 2:
        return
    more = district | {"regions": [*district["regions"], {"code": name}]}
    counts = {"enrolment": ("year", "grade", "group"), "births": ("year", "group")}
    spoilt = {}
    for table, count in (("enrolment", "pupils"), ("births", "births")):
        plain = [row for row in tables[table] if row["region"] != "all"]
        spoilt[table] = added(plain, counts[table], count, region=name) if plain else []
    last = len(tables["enrolment"]) + 1
    found = told(tmp_path / "whole", more, tables | spoilt)
    (line,) = (int(one.split()[0][14:]) for one in found if one.startswith("enrolment.csv:"))
    assert line > last
    assert {one.split()[1] for one in found} == {"region-is-total"}
    apart = [
        row | {"pupils": row["pupils"] + rng.randint(1, 9) * (row["region"] == name)}
        for row in spoilt["enrolment"]
    ]
    assert told(tmp_path / "apart", more, tables | {"enrolment": apart}) == []


@pytest.mark.parametrize(("column", "seed"), in_turn(["school", "group", "project"], range(10)))
def test_two_spellings_of_a_name_are_refused(seed: int, column: str, tmp_path: Path) -> None:
    district, tables = schools(seed)
    region, level = tables["places"][0]["region"], district["levels"][0]["code"]
    first, second = random.Random(seed).sample(["Oak School", "OAK  school", "oakschool"], 2)
    if column == "project":
        row = {"region": region, "status": "planned", "opens": 2030, f"places_{level}": 90}
        rows = [row | {"project": name} for name in (first, second)]
        spoilt = {"pipeline": rows}
    elif column == "school":
        spoilt = {"places": [tables["places"][0] | {"school": name} for name in (first, second)]}
    else:
        names = {"girls": first, "boys": second}
        rows = [row | {"group": names.get(row["group"], "x")} for row in tables["enrolment"]]
        spoilt = {"enrolment": rows, "births": []}
    found = told(tmp_path, district, tables | spoilt)
    assert {one.split()[1] for one in found} == {"code-case"}


def schools(seed: int) -> tuple[Row, dict[str, list[Row]]]:
    """Give a random district with two to five schools in every cell."""
    district, tables, rng = grouped(seed)
    rows = [
        {"region": region, "level": level, "school": f"{region} {number}", "places": size}
        for region, level in dict.fromkeys((r["region"], r["level"]) for r in tables["places"])
        for number, size in enumerate(rng.choices(range(151, 1999), k=rng.randint(2, 5)))
    ]
    return district, tables | {"places": rows}


def test_a_row_of_totals_among_schools_is_left_out_where_it_is_their_sum(
    seed: int, tmp_path: Path
) -> None:
    district, tables = schools(seed)
    whole = added(tables["places"], ("region", "level"), "places", school="合计")
    assert told(tmp_path / "whole", district, tables | {"places": whole}) == []
    wrong = [*whole[:-1], whole[-1] | {"places": whole[-1]["places"] + 1}]
    (found,) = told(tmp_path / "wrong", district, tables | {"places": wrong})
    assert found.endswith("total-differs")


@pytest.mark.parametrize(
    ("name", "seed"), in_turn(["School total", "T", "the county's"], range(10))
)
def test_a_total_written_as_a_school_is_refused(seed: int, name: str, tmp_path: Path) -> None:
    district, tables = schools(seed)
    assert told(tmp_path / "sound", district, tables) == []
    line = len(tables["places"]) + 2
    spoilt = added(tables["places"], ("region", "level"), "places", school=name)
    assert f"places.csv:{line} part-is-total" in told(
        tmp_path, district, tables | {"places": spoilt}
    )


def test_a_total_beside_schools_is_refused_until_it_ends(seed: int, tmp_path: Path) -> None:
    district, tables = schools(seed)
    line = len(tables["places"]) + 2
    dated = [row | {"year": 2023} for row in tables["places"]]
    for year, code in ((2023, "total-unnamed"), (None, "total-unnamed"), (2020, "total-older")):
        spoilt = added(dated, ("region", "level"), "places", school="", year=year)
        found = told(tmp_path / f"{year}", district, tables | {"places": spoilt})
        assert f"places.csv:{line} {code}" in found
    ended = added(dated, ("region", "level"), "places", school="", year=2020, closes=2023)
    assert told(tmp_path / "ended", district, tables | {"places": ended}) == []


def test_kinds_add_up_and_a_row_without_one_beside_them_is_refused(
    seed: int, tmp_path: Path
) -> None:
    district, tables, _ = grouped(seed)
    cells = {(row["region"], row["level"]): row for row in tables["places"]}
    plain = [{"region": r, "level": v, "places": 60.0} for r, v in cells]
    kinds = [row | {"kind": kind} for row in plain for kind in ("public", "private")]
    lump = [row | {"kind": "private", "school": ""} for row in plain]
    named = [row | {"kind": "public", "school": name} for row in plain for name in "AB"]
    for sound in (kinds, lump + named):
        assert told(tmp_path / f"{len(sound)}", district, tables | {"places": sound}) == []
    spoilt = [row | {"kind": ""} for row in plain[:1]] + kinds
    assert "places.csv:2 part-unnamed" in told(tmp_path, district, tables | {"places": spoilt})


def test_a_building_in_both_tables_is_refused(seed: int, tmp_path: Path) -> None:
    district, tables = schools(seed)
    rng, row = random.Random(seed), tables["places"][-1]
    level = district["levels"][0]["code"]
    form = rng.choice(["Ｎew {}", "new {}", " NEW  {}"])
    tables["places"][-1] = row | {"school": "New school"}
    project = {"project": "New school", "region": row["region"], "status": "planned"}
    project |= {"opens": 2030, "title": "", f"places_{level}": 90}
    titled = project | {"project": "P", "title": form.format("School")}
    other = project | {"status": "cancelled"}
    for number, (one, sound) in enumerate([(project, False), (titled, False), (other, True)]):
        found = told(tmp_path / f"{number}", district, tables | {"pipeline": [one]})
        assert found == ([] if sound else ["pipeline.csv:2 building-twice"])


def test_a_lever_that_adds_a_school_that_stands_is_refused(tmp_path: Path) -> None:
    places = "region,level,places,school\nnorth,primary,300,First School\n"
    row = "region: north, status: idea, opens: 2025, places_primary: 9"
    for project, code in (("first  school", ["building-twice"]), ("Second School", [])):
        lever = f"levers: [{{kind: add_project, add_project: {{project: {project}, {row}}}}}]\n"
        scenario = write(tmp_path / project, scenario=SCENARIO + lever, places=places)
        assert [problem.code for problem in check(scenario).errors] == code


def test_what_names_a_total() -> None:
    parts = (
        "综合计算机学校",
        "合作小学",
        "Totally Primary",
        "户籍",
        "All Saints",
        "总部",
        "计算机",
        "t",
    )
    assert not any(map(names_total, parts))
    assert all(
        map(names_total, ("合计", "总 计", "Ｔotal", "Grand total", "北部小计", "ALL", "计"))
    )
