"""Examples in docstrings run beside a district as ``capacity new demo`` writes it, and its run."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def beside_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that holds ``demo``, and in ``runs/demo-baseline`` its run."""
    from capacity import api
    from capacity.results import Options
    from capacity.templates import write

    folder = tmp_path_factory.mktemp("examples")
    write(folder / "demo", "en")
    scenario = api.load_scenario(folder / "demo" / "baseline.yaml")
    api.keep(scenario, folder / "runs" / "demo-baseline", Options(charts=False))
    return folder


@pytest.fixture(autouse=True)
def _examples_start_there(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(request.getfixturevalue("beside_demo"))
