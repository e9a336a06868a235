"""Haidian with a special stream, and with vocational schools: derived, adding up, RED."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import capacity

SCENARIOS = Path(__file__).parents[1] / "scenarios"
STREAMS = ("special", "vocational")
_RESULTS: dict[str, capacity.Result] = {}


def result(name: str) -> capacity.Result:
    if name not in _RESULTS:
        scenario = capacity.load_scenario(SCENARIOS / f"{name}.yaml")
        _RESULTS[name] = capacity.run(scenario, draws=0)
    return _RESULTS[name]


def value(name: str, column: str, year: int, level: str) -> float:
    rows = result(name).frame().set_index(["year", "region", "level"])
    return float(rows.loc[(year, "all", level), column])


def rows(folder: str, table: str) -> list[dict[str, str]]:
    with (SCENARIOS / folder / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def derive() -> Iterator[ModuleType]:
    sys.path.insert(0, str(SCENARIOS))
    try:
        yield importlib.import_module("derive_streams")
    finally:
        sys.path.remove(str(SCENARIOS))


def test_both_folders_are_what_the_facts_give(derive: ModuleType, tmp_path: Path) -> None:
    derive.main(tmp_path)
    for stream in STREAMS:
        made = {path.name: path.read_bytes() for path in (tmp_path / f"haidian-{stream}").iterdir()}
        kept = {
            path.name: path.read_bytes() for path in (SCENARIOS / f"haidian-{stream}").iterdir()
        }
        assert made == kept


def test_special_pupils_and_their_places_are_taken_out_of_the_others() -> None:
    """Every region and grade, and all places, add up to those of the district without streams."""
    pupils = Counter[tuple[str, str]]()
    for row in rows("haidian-special", "enrolment"):
        pupils[row["grade"], ""] += int(row["pupils"])
    for row in rows("haidian", "enrolment"):
        pupils[row["grade"], ""] -= int(row["pupils"])
    assert set(pupils.values()) == {0}
    stand = [sum(int(row["places"]) for row in rows(folder, "places"))
             for folder in ("haidian-special", "haidian")]  # fmt: skip
    assert abs(stand[0] - stand[1]) <= 5  # rounded by region
    assert value("special", "demand", 2020, "all") == value("baseline", "demand", 2020, "all")


def test_vocational_schools_leave_the_other_levels_as_they_are() -> None:
    for level in ("primary", "middle", "high"):
        for year in (2021, 2025, 2035):
            for column in ("demand", "places", "shortage"):
                expected = value("baseline", column, year, level)
                assert value("vocational", column, year, level) == pytest.approx(
                    expected, rel=1e-12
                )


def test_vocational_entrants_are_the_citys_share_of_the_leavers() -> None:
    """33,000 of Beijing's grade 9 of 2021, in every year."""
    (ratio,) = [
        float(row["ratio"])
        for row in rows("haidian-vocational", "ratios")
        if (row["grade"], row["group"]) == ("10", "vocational")
    ]
    ran = result("vocational")
    leavers = ran.pupils.query("region == 'all' and grade == 9 and group == 'all'")
    came = ran.entry.query("region == 'all' and level == 'vocational'").set_index("year")
    for year, pupils in zip(leavers["year"], leavers["pupils"], strict=True):
        if year + 1 in came.index:
            assert came.loc[year + 1, "entrants"] == pytest.approx(ratio * pupils, rel=1e-9)


@pytest.mark.parametrize("stream", STREAMS)
def test_what_no_source_gives_is_red_and_out_of_the_headline(stream: str) -> None:
    for table in ("enrolment", "places"):
        key = "group" if table == "enrolment" else "level"
        own = [row for row in rows(f"haidian-{stream}", table) if row[key] == stream]
        assert own
        assert {row["quality"] for row in own} == {"RED"}
    ran = result(stream)
    assert ran.labels.target_levels == ("primary", "middle", "high")
    assert "(RED)" in (SCENARIOS / f"{stream}.yaml").read_text(encoding="utf-8")
    for lang in ("en", "zh"):
        assert ran.labels.level_name(stream, lang) in ran.summary(lang)
    short = sum(value(stream, "shortage", 2025, level) for level in ran.labels.target_levels)
    assert f"shortage {short:,.0f} places" in ran.summary("en")
