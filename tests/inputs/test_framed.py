"""A district from frames is that of the same tables as files."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
import yaml

import capacity
from capacity import District, InputError, Scenario

HOME = Path(__file__).parents[2] / "scenarios"
HAIDIAN = HOME / "haidian-2026"


def given() -> dict[str, object]:
    """The tables of Haidian as frames, and what its district.yaml states."""
    frames = {path.stem: pd.read_csv(path) for path in HAIDIAN.glob("*.csv")}
    return {"district": yaml.safe_load((HAIDIAN / "district.yaml").read_text("utf-8")), **frames}


def test_frames_give_the_results_of_files() -> None:
    of_files = capacity.load_scenario(HOME / "outlook-2026.yaml").district
    of_frames = District.from_frames(given())
    asked = [
        Scenario.of(district, base_year=2025, last_year=2031) for district in (of_files, of_frames)
    ]
    first, second = (capacity.run(scenario, draws=20).frame() for scenario in asked)
    pd.testing.assert_frame_equal(first, second)


def test_what_is_wrong_is_told_at_its_frame_and_row() -> None:
    tables = given()
    pupils = pd.DataFrame(tables["enrolment"]).astype({"pupils": object})
    pupils.loc[3, "pupils"] = "many"
    with pytest.raises(InputError) as refused:
        District.from_frames({**tables, "enrolment": pupils, "enrollment": pupils})
    told = {(one.code, str(one.at)) for one in refused.value.problems}
    column = list(pupils.columns).index("pupils") + 1
    assert told == {("number-invalid", f"frames[enrolment]:5:{column}"), ("table-name", "frames")}


def test_what_district_yaml_would_state_is_checked_too() -> None:
    with pytest.raises(InputError) as refused:
        District.from_frames({**given(), "district": {"name": "x", "levls": []}})
    assert {"key-missing", "key-unknown"} <= {one.code for one in refused.value.problems}


def test_a_base_year_that_is_not_there_is_refused() -> None:
    with pytest.raises(InputError):
        Scenario.of(District.from_frames(given()), base_year=1990)
