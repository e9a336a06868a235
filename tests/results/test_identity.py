"""The identity of a run: it moves with all that moves the numbers."""

from __future__ import annotations

from dataclasses import field, make_dataclass
from pathlib import Path

import pytest

from capacity import api
from capacity.inputs.districts import OUTLINES_FILE, data_sha256
from capacity.results import identity as of
from tests.inputs.folder import write
from tests.inputs.test_outlines import NORTH, SOUTH, collection


def test_the_identity_moves_with_inputs_seed_and_the_numbers_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = api.load_scenario(write(tmp_path / "one"))
    first = of.identity(scenario)
    assert of.identity(api.load_scenario(write(tmp_path / "two"))) == first
    assert of.identity(api.with_chance(scenario, None, 2)) != first
    assert of.identity(scenario.with_levers({"kind": "births", "times": 0.9})) != first
    monkeypatch.setattr(of, "NUMBERS", of.NUMBERS + 1)
    assert of.identity(scenario) != first


def test_outlines_move_the_identity_of_no_run_and_of_no_forecast(tmp_path: Path) -> None:
    before = api.load_scenario(write(tmp_path))
    (tmp_path / "demo" / OUTLINES_FILE).write_text(collection(NORTH, SOUTH), "utf-8")
    after = api.load_scenario(tmp_path / "baseline.yaml")
    assert len(after.files) == len(before.files) + 1
    assert of.identity(after) == of.identity(before)
    assert data_sha256(after.district) == data_sha256(before.district)


def test_what_a_class_is_called_and_where_it_stands_does_not_count() -> None:
    old = make_dataclass("Old", ["code", ("place", object, field(compare=False))])
    new = make_dataclass("New", ["code"])
    assert of.sha256_of(part=old("a", 1)) == of.sha256_of(part=new("a"))
    assert of.sha256_of(part=new("a")) != of.sha256_of(part=new("b"))
