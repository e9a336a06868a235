"""The example districts are what the facts give, and the scenarios say what the facts say."""

from __future__ import annotations

import csv
import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
import yaml
from scipy.ndimage import binary_fill_holes

import capacity
from capacity.render.charts import inside

SCENARIOS = Path(__file__).parents[1] / "scenarios"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "facts"
FOLDERS = ("haidian", "haidian-2026", "haidian-kindergarten", "haidian-17")
LEVELS = ("primary", "middle", "high")
VINTAGE = "2022-01"
TABLES = [file for folder in FOLDERS for file in sorted((SCENARIOS / folder).glob("*.csv"))]
FILES = sorted(SCENARIOS.glob("*.yaml"))


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def lever_list(name: str) -> list[dict]:
    return yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8"))["levers"]


def places(row: dict) -> int:
    return sum(int(row.get(f"places_{level}", 0)) for level in LEVELS)


def by_year(projects: list[dict]) -> Counter[int]:
    opened: Counter[int] = Counter()
    for row in projects:
        opened[int(row["opens"])] += places(row)
    return opened


def added(name: str) -> list[dict]:
    return [one["add_project"] for one in lever_list(name) if one["kind"] == "add_project"]


@pytest.fixture(scope="module")
def derivation() -> Iterator[dict[str, ModuleType]]:
    sys.path.insert(0, str(SCENARIOS))
    try:
        names = ("births", "figures", "pipeline", "pupils")
        found = {name: importlib.import_module(f"derivation.{name}") for name in names}
        yield {"derive": importlib.import_module("derive"), **found}
    finally:
        sys.path.remove(str(SCENARIOS))


def test_the_folders_are_what_the_facts_give(derivation, tmp_path):
    derivation["derive"].main(tmp_path)
    for folder in FOLDERS:
        committed = {file.name: file.read_bytes() for file in (SCENARIOS / folder).iterdir()}
        written = {file.name: file.read_bytes() for file in (tmp_path / folder).iterdir()}
        assert written.keys() == committed.keys()
        for name, text in written.items():
            assert text == committed[name], f"{folder}/{name}: run scenarios/derive.py"


def test_the_facts_are_those_collected():
    if not SHARED.is_dir():
        pytest.skip("the collection of facts is not beside this checkout")
    copied = [file for file in (SCENARIOS / "facts").glob("*.csv") if (SHARED / file.name).exists()]
    assert len(copied) >= 5
    for file in copied:
        assert file.read_bytes() == (SHARED / file.name).read_bytes(), file.name


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_row_says_where_it_comes_from(path):
    for row in rows(path):
        assert row["source"] and row["note"]
        assert row["quality"] in {"GREEN", "AMBER", "RED"}
        assert re.fullmatch(r"20\d\d-(0[1-9]|1[0-2])", row["known"])


def test_every_assumption_is_sourced_and_named_once():
    found = rows(SCENARIOS / "facts" / "assumptions.csv")
    assert len({row["name"] for row in found}) == len(found)
    for row in found:
        assert row["source"] and row["unit"] and row["known"]
        assert row["quality"] == "RED" or not row["source"].startswith("assumption")


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_split_by_region_is_never_taken_for_seen(path):
    for row in rows(path):
        if path.stem in {"actuals", "ratios"} or (
            path.stem == "pipeline" and "-20" not in row["project"]
        ):
            continue
        assert row["quality"] == "RED" or "(RED)" in row["note"]


def test_nothing_later_than_the_plan_enters_its_folder_unmarked():
    later = 0
    for path in (SCENARIOS / "haidian").glob("*.csv"):
        for row in rows(path):
            if path.stem == "actuals":
                assert row["known"] > VINTAGE
                assert row["note"].startswith("seen later")
            elif row["known"] > VINTAGE:
                later += 1
                assert "rebuilt" in row["note"]
                assert row["quality"] != "GREEN"
    assert later
    district = yaml.safe_load((SCENARIOS / "haidian" / "district.yaml").read_text(encoding="utf-8"))
    for level in district["levels"]:
        assert level["known"] <= VINTAGE or "rebuilt" in level["note"]


def test_the_plan_opens_its_40_000_places():
    pipeline = rows(SCENARIOS / "haidian" / "pipeline.csv")
    opened = by_year(pipeline)
    assert opened == {2021: 4000, 2022: 10000, 2023: 8667, 2024: 8667, 2025: 8666}
    assert sum(opened.values()) == 40_000
    of_2021 = [row for row in pipeline if row["opens"] == "2021"]
    assert sum(int(row["places_primary"]) for row in of_2021) == 3000
    assert sum(int(row["places_middle"]) for row in of_2021) == 1000
    north = sum(places(row) for row in pipeline if row["region"] == "north")
    assert north == pytest.approx(0.45 * 40_000, abs=3)


def by_cell(projects: list[dict]) -> Counter[tuple[str, str, str]]:
    found: Counter[tuple[str, str, str]] = Counter()
    for row in projects:
        for level in LEVELS:
            found[row["region"], str(row["opens"]), level] += int(row[f"places_{level}"])
    return found


def test_named_projects_leave_the_plan_its_sums_by_year_region_and_level(derivation):
    pipeline = derivation["pipeline"]
    found = rows(SCENARIOS / "haidian" / "pipeline.csv")
    assert by_cell(found) == by_cell(pipeline.rest_rows(pipeline.planned()))
    assert all(int(row[f"places_{level}"]) >= 0 for row in found for level in LEVELS)


def test_the_plan_names_the_schools_that_the_facts_name():
    facts = [one for one in rows(SCENARIOS / "facts" / "projects.csv") if one["area"] == "Haidian"]
    pages = {page for one in facts for page in one["source_url"].split(" ; ")}
    named = rows(SCENARIOS / "facts" / "plan_named.csv")
    listed = {row["project"]: row for row in rows(SCENARIOS / "haidian" / "pipeline.csv")}
    assert len(named) == 25
    for row in named:
        found = listed[row["project"]]
        received = "接收配套" in row["title"]
        assert received or set(row["source"].split(" ; ")) <= pages
        unstated = any(f"{what} assumed" in row["note"] for what in ("region", "year"))
        if received or unstated or "share" in row.values():
            assert found["quality"] == "RED", row["project"]
    north = [row for row in named if row["region"] == "north"]
    for what in ("3 nine-year schools", "3 primary schools"):
        schools = {row["title"].split()[0] for row in north if what in row["note"]}
        assert len(schools) == 3, what
    assert sum("接收配套" in row["title"] for row in north) == 2


def test_the_other_reading_opens_45_000_places():
    pipeline = rows(SCENARIOS / "haidian" / "pipeline.csv")
    assert by_year([*pipeline, *added("forty-five-thousand")]).total() == 45_000


def test_the_years_as_built_open_41_000_places():
    opened = by_year(added("as-built"))
    assert opened == {2021: 4000, 2022: 10000, 2023: 5560, 2024: 8054, 2025: 7910 + 5476}
    assert opened.total() == 41_000
    in_2022 = [row for row in added("as-built") if row["opens"] == 2022]
    assert sum(places(row) for row in in_2022 if row["region"] == "north") == 8640


def test_as_built_is_what_stands_open_today():
    keys = ("project", "region", "status", "opens", "kind", *(f"places_{one}" for one in LEVELS))
    default = {"kind": "", **{f"places_{level}": 0 for level in LEVELS}}
    opened = [
        row for row in rows(SCENARIOS / "haidian-2026" / "pipeline.csv") if row["status"] == "open"
    ]
    levers = [{**default, **row} for row in added("as-built")]
    assert [[str(row[key]) for key in keys] for row in levers] == [
        [row[key] for key in keys] for row in opened
    ]


def test_today_has_41_000_places_and_20_000_announced():
    pipeline = rows(SCENARIOS / "haidian-2026" / "pipeline.csv")
    assert sum(places(row) for row in pipeline if row["status"] == "open") == 41_000
    ahead = [row for row in pipeline if row["status"] != "open"]
    opened = by_year(ahead)
    assert opened == {2026: 3265, 2027: 4184, 2028: 4184, 2029: 4184, 2030: 4183}
    assert opened.total() == 20_000
    assert sum(int(row["places_middle"]) for row in ahead) == pytest.approx(12_000, abs=5)
    assert sum(int(row["places_high"]) for row in ahead) == pytest.approx(8_000, abs=5)


def test_the_plan_has_29_kindergartens_of_5_000_places():
    every = rows(SCENARIOS / "haidian-kindergarten" / "pipeline.csv")
    found = [row for row in every if int(row.get("places_kindergarten") or 0)]
    of = Counter(
        ("received" if "接收配套" in row["note"] else "new", row["region"] == "north")
        for row in found
    )
    assert of == {
        ("new", True): 16,
        ("new", False): 2,
        ("received", True): 6,
        ("received", False): 5,
    }
    assert sum(int(row["places_kindergarten"]) for row in found) == 5_000
    first = [row for row in found if row["opens"] == "2021"]
    assert sum(int(row["places_kindergarten"]) for row in first) == 1_500
    assert {row["quality"] for row in found} == {"RED"}
    assert [row for row in every if row not in found] == [
        {"places_kindergarten": "", **row} for row in rows(SCENARIOS / "haidian" / "pipeline.csv")
    ]


def test_children_in_kindergartens_are_what_schools_leave_of_all_pupils():
    counts = rows(SCENARIOS / "haidian-kindergarten" / "enrolment.csv")
    assert {int(row["grade"]) for row in counts} == set(range(-2, 13))
    total = sum(int(row["pupils"]) for row in counts)
    assert total == pytest.approx(362_000, abs=13)  # grades are rounded


@pytest.mark.parametrize("name", ["enrolment", "births", "places", "pipeline"])
def test_school_districts_add_up_to_their_regions(name):
    parts = {row["code"]: row["within"] for row in rows(SCENARIOS / "facts/school_districts.csv")}
    assert len(parts) == 17
    keys = {"enrolment": ("year", "grade"), "births": ("year",), "pipeline": ("opens", "status")}
    keys |= {"places": ("level", "school")}
    values = {"enrolment": ("pupils",), "births": ("births",), "places": ("places",)}
    values |= {"pipeline": tuple(f"places_{level}" for level in LEVELS)}

    def sums(folder, region_of) -> Counter:
        found: Counter = Counter()
        for row in rows(SCENARIOS / folder / f"{name}.csv"):
            for value in values[name]:
                at = (region_of(row["region"]), *(row[key] for key in keys[name]), value)
                found[at] += int(row[value])
        return found

    assert sums("haidian-17", parts.__getitem__) == sums("haidian", str)
    for row in rows(SCENARIOS / "haidian-17" / f"{name}.csv"):
        assert row["quality"] == "RED"
        assert "invented (RED)" in row["note"]


def test_the_invented_split_says_that_it_is_invented():
    scenario = capacity.load_scenario(SCENARIOS / "school-districts.yaml")
    for of in (scenario.title, scenario.question, scenario.district.title):
        assert "invented" in of.en
        assert "虚拟" in of.zh
    assert {row["quality"] for row in rows(SCENARIOS / "facts/school_districts.csv")} == {"RED"}


def test_places_are_pupils_by_the_assumed_factor():
    enrolment = rows(SCENARIOS / "haidian" / "enrolment.csv")
    for level, grades in zip(LEVELS, (range(1, 7), range(7, 10), range(10, 13)), strict=True):
        pupils = sum(int(row["pupils"]) for row in enrolment if int(row["grade"]) in grades)
        for folder in FOLDERS[:2]:
            stock = rows(SCENARIOS / folder / "places.csv")
            found = sum(int(row["places"]) for row in stock if row["level"] == level)
            assert found == round(1.02 * pupils)


def test_as_seen_uses_the_ratios_of_the_path(derivation):
    _, used = derivation["pupils"].seen_path()
    found = {
        (one.get("where", {}).get("grade", 1), one["from"]): one["set"]
        for one in lever_list("as-seen")
        if one["from"] == one["until"]
    }
    assert found == used


@pytest.mark.parametrize("name", ["high-births", "low-births"])
def test_other_births_are_those_of_their_series(derivation, name):
    births = derivation["births"]
    series = {
        "high-births": lambda year: births.resident_births(year).value,
        "low-births": births.census_births,
    }[name]
    levers = lever_list(name)
    assert [one["from"] for one in levers] == list(range(2014, 2021))
    for one in levers:
        assert one["times"] == pytest.approx(births.instead(series, one["from"]), abs=5e-5)


def test_slips_follow_the_projects_seen_twice(derivation):
    for name in ("baseline", "plan-2021", "outlook-2026"):
        supply = yaml.safe_load((SCENARIOS / f"{name}.yaml").read_text(encoding="utf-8"))["supply"]
        for status in ("approved", "planned"):
            assert supply["delay"][status] == pytest.approx(derivation["pipeline"].delays())


def test_unconstrained_raises_by_the_assumed_factor(derivation):
    factor = derivation["figures"].assumed("unconstrained_factor").value
    assert {one["times"] for one in lever_list("unconstrained")} == {factor}


def test_whole_parts_add_up(derivation):
    whole = derivation["figures"].whole
    assert whole(10, {"a": 1, "b": 1, "c": 1}) == {"a": 4, "b": 3, "c": 3}
    assert sum(whole(8667, {"a": 0.45, "b": 0.12, "c": 0.1, "d": 0.21, "e": 0.12}).values()) == 8667


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_scenario_loads_and_asks_in_both_languages(path):
    scenario = capacity.load_scenario(path)
    assert scenario.name == path.stem
    for text in (scenario.title, scenario.question):
        assert text.en and re.search(r"[\u4e00-\u9fff]", text.zh)
    assert path.stem in (SCENARIOS / "README.md").read_text(encoding="utf-8")


def test_named_projects_have_the_places_of_their_sources():
    named = {row["project"]: places(row) for row in rows(SCENARIOS / "facts" / "named.csv")}
    facts = {row["name"]: row for row in rows(SCENARIOS / "facts" / "projects.csv")}

    def stated(start: str, column: str = "places_total") -> int:
        (row,) = [row for name, row in facts.items() if name.startswith(start)]
        return int(row[column])

    shiyi = named["shiyi-science-city-primary"] + named["shiyi-science-city-middle"]
    assert shiyi == stated("十一中关村科学城")
    assert named["zhongguancun-1-science-city"] == stated("中关村一小科学城")
    assert named["yuying-science-city"] == 40 * stated("育英学校科学城", "classes")
    wenbai = "温泉镇0305街区温白教育组团"
    assert named["wenbai-nine-year"] == stated(f"{wenbai} 九年", "places_junior")
    assert named["wenbai-high"] == stated(f"{wenbai} 高中", "places_senior")
    assert named["baoshancun"] == stated("宝山村") // 3


@pytest.mark.parametrize("folder", ["haidian", "haidian-2026"])
def test_the_outlines_are_schematic_cover_their_place_once_and_say_so(folder: str) -> None:
    """Borders are shared: what lies in any region lies in one, north above south, east of west."""
    scenario = {"haidian": "baseline", "haidian-2026": "outlook-2026"}[folder]
    found = capacity.load_scenario(SCENARIOS / f"{scenario}.yaml").district.outlines
    assert found.schematic and len(found.regions) == 5
    x, y = np.meshgrid(np.linspace(116.0, 116.4, 160), np.linspace(39.85, 40.2, 160))
    points = np.column_stack([x.ravel(), y.ravel()])
    within = np.array([inside(points, polygons) for polygons in found.regions.values()])
    assert within.sum(axis=0).max() == 1
    whole = within.any(axis=0).reshape(x.shape)
    np.testing.assert_array_equal(binary_fill_holes(whole), whole)  # nor is there a gap
    middle = {
        code: points[one].mean(axis=0) for code, one in zip(found.regions, within, strict=True)
    }
    assert middle["north"][1] > middle["central"][1] > middle["south"][1]
    assert middle["west"][0] < middle["central"][0] < middle["east"][0]
