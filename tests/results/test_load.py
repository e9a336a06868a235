"""Run folders read back: the same tables to the last bit, and nothing that was altered."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from capacity import InputError, api
from capacity.results import TABLES, Options, load_run
from tests.inputs.folder import write


@pytest.fixture
def kept(tmp_path: Path):
    scenario = api.load_scenario(write(tmp_path / "in")).with_levers(
        {"kind": "births", "times": 0.9}
    )
    return api.keep(scenario, tmp_path / "run", Options(charts=False))[0], tmp_path / "run"


def test_what_is_read_is_what_was_written(kept) -> None:
    result, folder = kept
    found = load_run(folder)
    for name in TABLES:
        one = result.frame() if name == "results" else getattr(result, name)
        other = found.frame() if name == "results" else getattr(found, name)
        for column in {"assumptions": ["value"], "levers": ["old", "new"]}.get(name, []):
            one[column] = one[column].astype(str)  # some are words, so all are text
        pd.testing.assert_frame_equal(one, other, check_dtype=False, check_exact=True)
    assert found.labels == result.labels


def refused(folder: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        load_run(folder)
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("name", ["results.csv", "inputs/baseline.yaml"])
def test_what_was_altered_is_refused(kept, name: str) -> None:
    path = kept[1] / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert refused(kept[1]) == ["run-altered"]
    path.unlink()
    assert refused(kept[1]) == ["run-altered"]


def test_another_format_is_refused(kept) -> None:
    path = kept[1] / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": "capacity.run/9"}))
    assert refused(kept[1]) == ["run-format"]
    path.write_bytes(b"\x80\x04K\x01.")  # a pickle is never opened as one
    assert refused(kept[1]) == ["run-format"]


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == refused(tmp_path / "nothing") == ["run-missing"]


def test_seed_and_draws_are_those_of_the_run_not_of_the_file(tmp_path: Path) -> None:
    scenario = api.with_chance(api.load_scenario(write(tmp_path / "in")), draws=0, seed=7)
    api.keep(scenario, tmp_path / "run", Options(charts=False))
    assert load_run(tmp_path / "run").scenario.chance == scenario.chance
