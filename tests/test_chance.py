"""Draws of whole scenarios, from files to the columns of the results."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

import capacity
from capacity import api
from capacity.results import Options
from tests.random_districts import random_case
from tests.seeds import seeds

SCENARIOS = Path(__file__).parents[1] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"
DRAWS = 200
NO_CHARTS = Options("en", charts=False)
KEYS = ["year", "region", "level"]
SINGLE_PRECISION = 1e-4


def run(path: Path, **options: Any) -> capacity.Result:
    return capacity.run(capacity.load_scenario(path), **{"draws": DRAWS} | options)


@pytest.fixture(scope="module")
def baseline() -> capacity.Result:
    return run(BASELINE)


def test_the_plain_columns_are_those_without_draws(baseline: capacity.Result) -> None:
    plain = run(BASELINE, draws=0)
    for drawn, central in ((baseline.frame(), plain.frame()), (baseline.entry, plain.entry)):
        pd.testing.assert_frame_equal(drawn[list(central.columns)], central, check_exact=True)
        assert len(drawn.columns) > len(central.columns)


@pytest.mark.parametrize("workers", [1, 7])
def test_workers_change_no_figure(workers: int) -> None:
    draws = 2500
    one, many = (run(BASELINE, draws=draws, workers=count) for count in (2, workers))
    pd.testing.assert_frame_equal(one.frame(), many.frame(), check_exact=True)
    pd.testing.assert_frame_equal(one.entry, many.entry, check_exact=True)
    pd.testing.assert_frame_equal(one.chance, many.chance, check_exact=True)


def test_columns_of_the_results(baseline: capacity.Result) -> None:
    frame = baseline.frame()
    for name in ("demand", "places", "gap", "shortage"):
        low, mid, high = (frame[f"{name}_{label}"] for label in ("p10", "p50", "p90"))
        some = low.notna()
        assert some.any()
        assert ((low <= mid) & (mid <= high))[some].all()
    assert frame["prob_shortage"].dropna().between(0, 1).all()
    assert (frame[["shortage_mean", "surplus_mean"]].dropna() >= 0).all(axis=None)
    chances = baseline.entry[["prob_yellow", "prob_red"]].dropna()
    assert (chances >= 0).all(axis=None)
    assert (chances.sum(axis=1) <= 1 + 1e-12).all()


def test_a_pooled_level_has_chances_for_the_district_alone(baseline: capacity.Result) -> None:
    frame = baseline.frame().set_index(KEYS)
    columns = ["shortage_p10", "shortage_p50", "shortage_p90", "shortage_mean", "surplus_mean"]
    columns.append("prob_shortage")
    high = frame.xs("high", level="level")
    of_regions = high.drop(index="all", level="region")
    assert of_regions[columns].isna().all(axis=None)
    assert of_regions[["gap_p10", "demand_p50", "places_p90"]].notna().all(axis=None)
    assert high.xs("all", level="region")[columns].notna().all(axis=None)
    assert frame.xs("all", level="level")[columns].notna().all(axis=None)


def test_unknown_places_and_pooled_levels_are_empty_cells_of_files(tmp_path: Path) -> None:
    """A missing row of places and a pooled level leave cells empty: never nan, never 0."""
    home = copied(tmp_path, lambda rows: rows).parent
    places = home / "haidian" / "places.csv"
    rows = places.read_text(encoding="utf-8").splitlines()
    kept = [row for row in rows if not row.startswith("north,middle,")]
    assert len(kept) < len(rows)
    places.write_text("\n".join(kept) + "\n", encoding="utf-8")
    scenario = capacity.load_scenario(home / "baseline.yaml")
    api.keep(api.with_chance(scenario, DRAWS, None), tmp_path / "run", NO_CHARTS)
    for name in ("results", "entry", "chance"):
        text = (tmp_path / "run" / f"{name}.csv").read_text(encoding="utf-8")
        assert not re.search(r"(?i)(^|,)(nan|-?inf|none)(,|$)", text, re.MULTILINE), name
    stored = pd.read_csv(tmp_path / "run" / "results.csv").set_index(KEYS)
    row = stored.loc[(2025, "north", "middle")]
    drawn = [column for column in stored if re.match("(places|gap|shortage)_|prob", column)]
    assert row[drawn].isna().all()
    assert row[["demand_p10", "demand_p50", "demand_p90"]].notna().all()
    assert stored.loc[(2025, "all", "all"), drawn].isna().all()


# Zero noise, on everything that a district may hold --------------------------------------------


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("seed", seeds(range(2), range(60)))
@pytest.mark.parametrize("method", ["as drawn", "shrunk"])
def test_without_a_source_every_draw_is_the_central_run(
    seed: int, method: str, tmp_path: Path
) -> None:
    case = random_case(seed)
    case.scenario["chance"] = {"sources": []}
    if method == "shrunk":
        case.scenario["demand"] |= {
            "progression": {"method": "shrunk"},
            "entry": {"method": "shrunk"},
        }
    frame = run(case.write(tmp_path), draws=5).frame()
    for name in ("demand", "places", "gap", "shortage"):
        scale = max(frame["demand"].max(), frame["places"].max(), 1.0)
        for label in ("p10", "p50", "p90"):
            np.testing.assert_allclose(
                frame[f"{name}_{label}"], frame[name], rtol=1e-5, atol=1e-6 * scale
            )


@pytest.mark.filterwarnings("error::RuntimeWarning")
@pytest.mark.parametrize("seed", seeds(range(60, 62), range(60, 100)))
def test_random_districts_draw_without_a_warning(seed: int, tmp_path: Path) -> None:
    result = run(random_case(seed).write(tmp_path), draws=30)
    frame = result.frame()
    for name in ("demand", "gap", "shortage"):
        assert (frame[f"{name}_p10"].isna() == frame[name].isna()).all(), name


# Files ----------------------------------------------------------------------------------------


def copied(folder: Path, change: Any) -> Path:
    """The baseline and its district in a folder of their own, rows and regions changed."""
    home = folder / "haidian"
    home.mkdir(parents=True)
    for path in (SCENARIOS / "haidian").iterdir():
        content = path.read_text(encoding="utf-8")
        if path.suffix == ".csv":
            rows = list(csv.reader(content.splitlines()))
            with (home / path.name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([rows[0], *change(rows[1:])])
        elif path.name != "district.yaml":
            (home / path.name).write_text(content, encoding="utf-8")
        else:
            district = yaml.safe_load(content)
            district["regions"] = change(district["regions"])
            text = yaml.safe_dump(district, allow_unicode=True, sort_keys=False)
            (home / path.name).write_text(text, encoding="utf-8")
    (folder / "baseline.yaml").write_text(BASELINE.read_text(encoding="utf-8"), encoding="utf-8")
    return folder / "baseline.yaml"


def test_the_order_of_rows_and_of_regions_changes_no_figure(
    baseline: capacity.Result, tmp_path: Path
) -> None:
    other = run(copied(tmp_path, lambda rows: rows[::-1]))  # levels stay: they are in grade order
    one, two = (result.frame().set_index(KEYS).sort_index() for result in (baseline, other))
    pd.testing.assert_frame_equal(one, two, check_exact=True)


def with_levers(*levers: dict[str, Any], **options: Any) -> pd.DataFrame:
    scenario = capacity.load_scenario(BASELINE).with_levers(*levers)
    return capacity.run(scenario, **{"draws": DRAWS} | options).frame().set_index(KEYS)


def test_scenarios_share_their_luck(baseline: capacity.Result) -> None:
    """Without a lever on pupils the draws of demand are the same, to the last bit."""
    other = with_levers({"kind": "delay", "add": 2}, {"kind": "places", "times": 1.1})
    one = baseline.frame().set_index(KEYS)
    columns = ["demand_p10", "demand_p50", "demand_p90"]
    pd.testing.assert_frame_equal(one[columns], other[columns], check_exact=True)
    assert (one["gap_p50"] != other["gap_p50"]).any()


def test_a_lever_on_pupils_shifts_draws_as_the_central_run(baseline: capacity.Result) -> None:
    other = with_levers({"kind": "entry", "times": 1.1})
    one = baseline.frame().set_index(KEYS)
    row = (2026, "all", "primary")
    factor = other.loc[row, "demand"] / one.loc[row, "demand"]
    assert factor > 1.05
    drawn = other.loc[row, "demand_p50"] / one.loc[row, "demand_p50"]
    assert drawn == pytest.approx(factor, rel=2e-3)


def test_completion_0_is_a_project_cancelled() -> None:
    """Drawn places alone: the central run opens every counted project as listed."""
    never = with_levers({"kind": "completion", "set": 0.0})
    cancelled = with_levers(
        {"kind": "cancel", "where": {"status": ["approved", "planned", "building"]}}
    )
    for name in ("places", "gap", "shortage"):
        for label in ("p10", "p50", "p90"):
            column = f"{name}_{label}"
            pd.testing.assert_series_equal(never[column], cancelled[column], check_exact=True)


def test_spreads_by_default_are_told(baseline: capacity.Result) -> None:
    """One year of pupils: nothing to measure on. Without draws there is nothing to tell."""
    assert "spread-default" in {note.code for note in baseline.notes}
    assert "spread-default" not in {note.code for note in run(BASELINE, draws=0).notes}
