"""Laws of whole runs from files: order, names, years, spellings, and what is written back."""

from __future__ import annotations

import copy
import csv
import random
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings

import capacity
from capacity.results import Options, Result, keep, run_folder
from tests.random_districts import Case, random_case, write_yaml

#: Seeds that are compared with the reference too.
SEEDS = st.integers(0, 199)
KEYS = {"results": ["year", "region", "level"], "entry": ["year", "region", "level"]}
KEYS["pupils"] = ["year", "region", "group", "grade"]
#: Fewer than usual: each case is written, read and run two or three times.
FEW = settings(max_examples=settings().max_examples * 3 // 5)


def run(case: Case) -> Result:
    with tempfile.TemporaryDirectory() as folder:
        return capacity.run(capacity.load_scenario(case.write(Path(folder))), draws=0)


def frames_of(result: Result) -> dict[str, pd.DataFrame]:
    pupils = {"group": ""} | {name: cells for name, cells in result.pupils.items()}
    frames = {"results": result.frame(), "entry": result.entry, "pupils": pd.DataFrame(pupils)}
    return {name: frame.set_index(KEYS[name]) for name, frame in frames.items()}


def same_numbers(one: Result, other: Result, but: Callable[[Any], Any] = lambda key: key) -> None:
    """Fail unless both hold the same rows with the same bits, in whatever order.

    ``but`` gives the key that a row of ``one`` has in ``other``.
    """
    for name, frame in frames_of(one).items():
        found = frames_of(other)[name]
        keys = [but(key) for key in frame.index]
        assert set(keys) == set(found.index)
        pd.testing.assert_frame_equal(
            frame.reset_index(drop=True).drop(columns="scenario", errors="ignore"),
            found.loc[keys].reset_index(drop=True).drop(columns="scenario", errors="ignore"),
            check_exact=True,
        )


def in_any_order(case: Case, shuffler: random.Random) -> Case:
    """Rows and columns of every table, regions, levels and neighbours in another order."""

    def shuffled(items: list[Any]) -> list[Any]:
        return shuffler.sample(items, len(items))

    columns = {name: shuffled(list(rows[0])) for name, rows in case.tables.items() if rows}
    tables = {
        name: [{key: row[key] for key in (*columns[name], *row) if key in row} for row in rows]
        for name, rows in case.tables.items()
        if rows
    }
    district = case.district | {
        "regions": shuffled(case.district["regions"]),
        "levels": shuffled(case.district["levels"]),
    }
    if "neighbours" in district:
        district["neighbours"] = {
            level: [pair[::-1] for pair in shuffled(pairs)]
            for level, pairs in district["neighbours"].items()
        }
    tables = {name: shuffled(rows) for name, rows in tables.items()}
    return replace(case, district=district, tables=tables)


@FEW
@given(SEEDS, st.randoms(use_true_random=False))
def test_i10_the_order_of_rows_columns_and_regions_changes_no_bit(
    seed: int, shuffler: random.Random
) -> None:
    case = random_case(seed)
    same_numbers(run(case), run(in_any_order(case, shuffler)))


@FEW
@given(SEEDS, st.integers(0, 9))
def test_i11_a_region_added_leaves_the_others_as_they_are(seed: int, which: int) -> None:
    """With stated ratios, without flows, children or a common trend; `all` rows do change."""
    case = random_case(seed)
    leaves = sorted({row["region"] for row in case.tables["enrolment"]})
    assume(len(leaves) > 1 and "flows" not in case.tables)
    gone = leaves[which % len(leaves)]
    plain = [{key: row[key] for key in row if key != "within"} for row in case.district["regions"]]
    district = case.district | {"regions": [row for row in plain if row["code"] in leaves]}
    # Shared places tie regions: what one lends depends on what the others need.
    levels = [{k: v for k, v in row.items() if k != "pool"} for row in district["levels"]]
    district |= {"levels": levels}
    demand = case.scenario["demand"] | {"births": {"after_last": "hold"}}
    scenario = case.scenario | {"levers": [], "demand": demand}
    whole = replace(case, district=district, scenario=scenario, split=None)
    near = {
        level: [pair for pair in pairs if gone not in pair]
        for level, pairs in district.get("neighbours", {}).items()
    }
    fewer = {
        "regions": [row for row in district["regions"] if row["code"] != gone],
        "neighbours": {level: pairs for level, pairs in near.items() if pairs},
    }
    grades = sorted({row["grade"] for row in case.tables["enrolment"]})
    given = [{"grade": grade, "region": "all", "ratio": 1.0} for grade in grades]
    stated = case.tables | {"ratios": given, "children": [], "housing": [], "yields": []}
    whole = replace(whole, tables=stated)
    tables = {
        name: [row for row in rows if row.get("region") != gone] for name, rows in stated.items()
    }
    one = run(whole).frame()
    other = run(replace(whole, district=district | fewer, tables=tables)).frame()
    columns = [name for name in one if name not in ("scenario",)]
    one, other = (
        frame[~frame["region"].isin([gone, "all"])][columns].reset_index(drop=True)
        for frame in (one, other)
    )
    pd.testing.assert_frame_equal(one, other, check_exact=True)


@FEW
@given(SEEDS, st.integers(1, 4))
def test_i12_a_longer_horizon_starts_as_the_shorter_one(seed: int, more: int) -> None:
    case = random_case(seed)
    horizon = case.scenario["horizon"]
    longer = case.scenario | {"horizon": horizon | {"last_year": horizon["last_year"] + more}}
    one, other = run(case), run(replace(case, scenario=longer))
    for name, frame in frames_of(one).items():
        pd.testing.assert_frame_equal(
            frame, frames_of(other)[name].loc[frame.index], check_exact=True
        )


@FEW
@given(SEEDS, st.sampled_from([-17, -1, 1, 12]))
def test_i28_all_years_moved_alike_change_no_number(seed: int, years: int) -> None:
    named = (
        "year",
        "opens",
        "starts",
        "closes",
        "from",
        "until",
        "base_year",
        "last_year",
        "decide_by",
    )

    def moved(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: moved(part, name) for name, part in value.items()}
        if isinstance(value, list):
            return [moved(part) for part in value]
        return value + years if key in named and isinstance(value, int) else value

    case = random_case(seed)
    later = replace(case, tables=moved(case.tables), scenario=moved(case.scenario))
    same_numbers(run(case), run(later), lambda key: (key[0] + years, *key[1:]))


@FEW
@given(SEEDS)
def test_i29_titles_and_notes_change_no_number(seed: int) -> None:
    case = random_case(seed)
    renamed = copy.deepcopy(case)
    for part in (renamed.district, *renamed.district["regions"], *renamed.district["levels"]):
        part["title"] = {"en": "Another", "zh": "另一个"}
    for rows in renamed.tables.values():
        for row in rows:
            row |= {"note": "seen, “again”", "source": "https://example.org/a?b=c"}
    for row in renamed.tables.get("pipeline", []):
        row["title"] = "=Another, school"
    same_numbers(run(case), run(renamed))


@FEW
@given(SEEDS, st.integers(0, 9))
def test_i29_another_code_changes_no_number_of_any_region(seed: int, which: int) -> None:
    """Sums over regions run in code order, so only their last bits may differ, and through a
    common trend or flows those of the regions."""
    case = random_case(seed)
    old = case.district["regions"][which % len(case.district["regions"])]["code"]

    def renamed(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: renamed(part) for name, part in value.items()}
        if isinstance(value, list):
            return [renamed(part) for part in value]
        return "Zz new" if value == old else value

    other = run(
        replace(
            case,
            district=renamed(case.district),
            tables=renamed(case.tables),
            scenario=renamed(case.scenario),
        )
    )
    for name, frame in frames_of(run(case)).items():
        keys = [tuple("Zz new" if part == old else part for part in key) for key in frame.index]
        found = frames_of(other)[name].loc[keys].reset_index(drop=True)
        pd.testing.assert_frame_equal(
            frame.reset_index(drop=True), found, check_exact=False, rtol=1e-9, atol=1e-7
        )


@FEW
@given(SEEDS)
def test_i30_a_scenario_that_only_extends_is_the_scenario_it_extends(seed: int) -> None:
    case = random_case(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = case.write(Path(folder))
        write_yaml(Path(folder) / "same.yaml", {"name": "same", "extends": path.name})
        one = capacity.run(capacity.load_scenario(path))
        other = capacity.run(capacity.load_scenario(Path(folder) / "same.yaml"))
        same_numbers(one, other)


@FEW
@given(SEEDS)
def test_i30_levers_that_do_nothing_change_no_bit(seed: int) -> None:
    case = random_case(seed)
    with tempfile.TemporaryDirectory() as folder:
        scenario = capacity.load_scenario(case.write(Path(folder)))
        one = capacity.run(scenario)
        none = [
            {"kind": kind, "times": 1} for kind in ("class_size", "places", "entry", "migration")
        ]
        none += [{"kind": kind, "add": 0} for kind in ("migration", "places", "class_size")]
        if len({row["grade"] for row in case.tables["enrolment"]}) > 1:
            none.append({"kind": "progression", "times": 1})
        same_numbers(one, capacity.run(scenario.with_levers(*none)))


@FEW
@given(SEEDS)
def test_i31_results_read_back_are_the_same_bits(seed: int) -> None:
    case = random_case(seed)
    with tempfile.TemporaryDirectory() as folder:
        result = capacity.run(capacity.load_scenario(case.write(Path(folder))))
        home = Path(folder) / "run"
        keep(run_folder(result), home, Options(charts=False))
        frames = {"results": result.frame(), "entry": result.entry, "pupils": result.pupils}
        for name, frame in frames.items():
            rows = list(
                csv.DictReader((home / f"{name}.csv").open(encoding="utf-8-sig", newline=""))
            )
            assert len(rows) == len(frame)
            assert list(rows[0]) == list(frame)
            for column in frame:
                cells = [row[column] for row in rows]
                if frame[column].dtype.kind == "f":
                    read = np.array([float(cell) if cell else np.nan for cell in cells])
                    written = frame[column].to_numpy()
                    known = ~np.isnan(written)
                    assert (known == ~np.isnan(read)).all()  # empty, never nan
                    assert (written[known].view(np.int64) == read[known].view(np.int64)).all()
                else:
                    assert cells == frame[column].map(str).tolist()


@FEW
@given(SEEDS)
def test_every_check_of_a_run_passes(seed: int) -> None:
    result = run(random_case(seed))
    assert result.passed, result.checks


# By hand -----------------------------------------------------------------------------------------


def small(places: str, pupils: str = "100") -> Case:
    """One region, one grade; births 100 a year, so that 100 enter."""
    district = {
        "name": "small",
        "regions": [{"code": "north"}],
        "levels": [{"code": "primary", "grades": [1, 1], "class_size": 40}],
        "entry": {"age": 6, "cutoff": "08-31"},
    }
    births = [{"year": year, "region": "north", "births": 100} for year in range(2012, 2022)]
    tables: dict[str, list[dict[str, Any]]] = {
        "enrolment": [{"year": 2024, "region": "north", "grade": 1, "pupils": pupils}],
        "births": births,
        "places": [{"region": "north", "level": "primary", "places": places}],
    }
    scenario = {
        "horizon": {"base_year": 2024, "last_year": 2026},
        "demand": {"births": {"after_last": "hold"}},
        "levers": [],
    }
    return Case(0, district, tables, scenario, None)


@pytest.mark.parametrize("places", ["1.2万", "12,000", "１２０００", "12000.0", "12千", "12000个"])
def test_i27_a_number_is_the_same_however_it_is_written(places: str) -> None:
    same_numbers(run(small("12000")), run(small(places)))


@pytest.mark.parametrize("tenths", range(1, 40, 6))
def test_i27_ten_thousands_are_exact_in_decimals(tenths: int) -> None:
    """0.07 × 10000 is 700.0000000000001 in binary; 0.07万 is 700."""
    written = f"0.{tenths:02d}万"
    found = run(small(written)).frame()["places"].to_numpy()
    assert (found == float(100 * tenths)).all()
