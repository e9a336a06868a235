"""The identity of a run: it moves with all that moves the numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity import api
from capacity.results import identity as manifest
from tests.inputs.folder import write


def test_the_identity_moves_with_inputs_seed_and_method(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    scenario = api.load_scenario(write(tmp_path / "one"))
    first = manifest.identity(scenario)
    assert manifest.identity(api.load_scenario(write(tmp_path / "two"))) == first
    assert manifest.identity(api.with_chance(scenario, None, 2)) != first
    assert manifest.identity(scenario.with_levers({"kind": "births", "times": 0.9})) != first
    monkeypatch.setattr(manifest, "method", lambda: "another")
    assert manifest.identity(scenario) != first


def test_the_method_is_the_code_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = []
    for text in ("a = 1\n", "a = 1\r\n", "a = 2\n"):
        file = tmp_path / "model" / "roll.py"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(text.encode())
        monkeypatch.setattr(manifest, "__file__", str(tmp_path / "outputs" / "manifest.py"))
        manifest.method.cache_clear()
        found.append(manifest.method())
    manifest.method.cache_clear()
    assert found[0] == found[1] != found[2]
