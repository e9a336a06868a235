"""Levels that share grades, hand-worked: a special stream, a vocational one with flows."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

import capacity

BASE = 2024


def run(
    folder: Path, levels: str, pupils: dict[tuple[str, str], dict[int, float]], **more: str
) -> capacity.Result:
    """Run a district whose areas, (region, group), have had the same pupils for three years."""
    (folder / "d").mkdir()
    regions = ", ".join(f"{{code: {region}}}" for region in dict.fromkeys(r for r, _ in pupils))
    head = f"name: x\nregions: [{regions}]\nlevels:\n{levels}"
    text = head + 'entry: {age: 6, cutoff: "12-31"}\n' + more.pop("district", "")
    (folder / "d" / "district.yaml").write_text(text)
    rows = [
        f"{year},{region},{grade},{n},{group}"
        for (region, group), grades in pupils.items()
        for year in range(BASE - 2, BASE + 1)
        for grade, n in grades.items()
    ]
    tables = {"enrolment": "year,region,grade,pupils,group\n" + "\n".join(rows) + "\n"} | more
    settings = tables.pop("scenario", "")
    for name, table in tables.items():
        (folder / "d" / f"{name}.csv").write_text(table)
    horizon = f"{{base_year: {BASE}, last_year: {BASE + 2}}}"
    plain = "demand: {progression: {method: mean, window: 2}, entry: {method: mean, window: 2}}\n"
    start = f"name: s\ndistrict: d\nhorizon: {horizon}\nchance: {{draws: 0}}\n{plain}"
    (folder / "s.yaml").write_text(start + settings)
    return capacity.run(capacity.load_scenario(folder / "s.yaml"))


def births(**by_region: float) -> str:
    years = range(BASE - 8, BASE + 1)
    rows = [f"{year},{region},{n}" for year in years for region, n in by_region.items()]
    return "year,region,births\n" + "\n".join(rows) + "\n"


def demand(result: capacity.Result) -> pd.Series[float]:
    return result.frame().set_index(["year", "region", "level"])["demand"]


SPECIAL = """\
  - {code: primary, grades: [1, 2], class_size: 40}
  - {code: special, grades: [1, 3], class_size: 8, groups: [special]}
  - {code: middle, grades: [3, 3], class_size: 40}
"""


def test_a_special_stream_beside_primary_and_middle(tmp_path: Path) -> None:
    """Of 200 births 100 enter primary (.5) and 4 the special school (.02), which serves them all.

    General: 100 and 90 go up by 90 / 100 = .9 and 45 / 90 = .5; special 4, 4, 2 by 1 and .5.
    Births of 2019 are 300 for 2025: 150 and 6. Then .9 x 150 = 135 and 6; .5 of 90 and of 4.
    """
    pupils = {
        ("north", "general"): {1: 100, 2: 90, 3: 45},
        ("north", "special"): {1: 4, 2: 4, 3: 2},
    }
    told = births(north=200).replace("2019,north,200", "2019,north,300")
    result = run(tmp_path, SPECIAL, pupils, births=told)
    found = demand(result)
    levels = ["primary", "special", "middle"]
    assert [found[2025, "north", v] for v in levels] == pytest.approx([150 + 90, 6 + 4 + 2, 45])
    assert [found[2026, "north", v] for v in levels] == pytest.approx([100 + 135, 4 + 6 + 2, 45])
    entry = result.entry.set_index(["year", "region", "level"])
    assert entry.loc[(2025, "north", "special"), "entrants"] == pytest.approx(6)
    assert entry.loc[(2025, "north", "special"), "classes_needed"] == 1
    by_group = result.pupils.set_index(["year", "region", "grade", "group"])["pupils"]
    assert by_group[2025, "north", 1, "special"] == pytest.approx(6)
    assert by_group[2025, "north", 1, "all"] == pytest.approx(156)
    assert result.passed


VOCATIONAL = """\
  - {code: middle, grades: [1, 2], class_size: 40}
  - {code: high, grades: [3, 4], class_size: 45}
  - {code: vocational, grades: [3, 4], class_size: 40, groups: [vocational]}
"""
FLOWS = """\
level,from,from_group,to,to_group,share
high,north,,north,,.75
high,north,,east,,.25
high,east,,east,,1
vocational,north,,east,,1
vocational,east,,north,,.5
vocational,east,,east,,.5
"""
OF_REGION = {
    "north": {"general": {1: 100, 2: 100, 3: 40, 4: 40}, "vocational": {3: 10, 4: 10}},
    "east": {"general": {1: 60, 2: 60, 3: 60, 4: 60}, "vocational": {3: 30, 4: 30}},
}
AREAS = {(region, g): n for region, groups in OF_REGION.items() for g, n in groups.items()}


def test_a_vocational_stream_with_flows(tmp_path: Path) -> None:
    """Each level has one ratio: of 160 leavers 100 enter high (.625), 40 vocational (.25).

    High: north .625 x .75 x 100 = 46.875, east .625 x (25 + 60) = 53.125. Vocational: north
    .25 x .5 x 60 = 7.5, east .25 x (100 + 30) = 32.5. Those in grade 3 go up by 1.
    """
    result = run(tmp_path, VOCATIONAL, AREAS, births=births(north=100, east=60), flows=FLOWS)
    entry = result.entry.set_index(["year", "region", "level"])["entrants"]
    found = {
        (region, level): entry[2025, region, level]
        for region in ("north", "east")
        for level in ("high", "vocational")
    }
    expected = [46.875, 7.5, 53.125, 32.5]
    assert list(found.values()) == pytest.approx(expected)
    assert entry[2025, "all", "high"] + entry[2025, "all", "vocational"] == pytest.approx(140)
    then = demand(result)
    assert then[2025, "north", "vocational"] == pytest.approx(7.5 + 10)
    assert then[2026, "east", "high"] == pytest.approx(2 * 53.125)
    assert result.passed
    assert [
        note.code for note in result.notes if "closed" in note.code or "fill" in note.code
    ] == []


def test_a_lever_moves_shares_between_rows_of_one_source(tmp_path: Path) -> None:
    """From 2026 north keeps half of its own leavers: .625 x .5 x 100 = 31.25."""
    both = "level: high, from: north"
    text = f"levers:\n  - {{kind: flows, set: .5, where: {{{both}}}, from: 2026}}\n"
    told = births(north=100, east=60)
    result = run(tmp_path, VOCATIONAL, AREAS, births=told, flows=FLOWS, scenario=text)
    entry = result.entry.set_index(["year", "region", "level"])["entrants"]
    assert entry[2025, "north", "high"] == pytest.approx(46.875)
    assert entry[2026, "north", "high"] == pytest.approx(31.25)
    assert entry[2026, "east", "high"] == pytest.approx(0.625 * 110)
    assert entry[2026, "all", "vocational"] == pytest.approx(40)
    log = result.levers
    assert log[["region", "level", "from", "until"]].drop_duplicates().values.tolist() == [
        ["north", "high", 2026, 2026]
    ]
    assert sorted(log["note"]) == ["to east", "to north"]


def test_a_row_without_a_group_brings_nobody_where_the_group_is_not(tmp_path: Path) -> None:
    """Ratios, levers and births of all groups leave the vocational group out of grades 1 and 2."""
    levers = """\
levers:
  - {kind: migration, add: 5, where: {grade: 1}}
  - {kind: entry, set: .5}
  - {kind: progression, set: 1, where: {level: high}}
"""
    told = {
        "births": births(north=100, east=60),
        "ratios": "grade,region,ratio\n1,all,1\n2,all,1\n",
    }
    result = run(tmp_path, VOCATIONAL, AREAS, flows=FLOWS, scenario=levers, **told)
    groups = result.pupils.set_index(["year", "region", "grade", "group"])["pupils"]
    assert groups[2025, "all", 1, "vocational"] == 0
    assert groups[2025, "all", 1, "all"] == pytest.approx(0.5 * 160 + 2 * 5)
    assert groups[2025, "all", 3, "vocational"] == pytest.approx(40)  # no lever on high
    assert groups[2025, "all", 3, "general"] == pytest.approx(160)
