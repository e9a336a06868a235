"""Examples in docstrings run beside a district as ``capacity new demo`` writes it, and its run."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def beside_demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that holds ``demo``, in ``runs/baseline`` its run, and ``longer``.

    ``longer`` is the same district with nine years of enrolment.
    """
    from capacity import api
    from capacity.outputs.runfolder import Options
    from capacity.outputs.templates.folder import write

    folder = tmp_path_factory.mktemp("examples")
    write(folder / "demo", "en")
    _lengthen(folder / "demo", folder / "longer")
    scenario = api.load_scenario(folder / "demo" / "baseline.yaml")
    api.keep(scenario, folder / "runs" / "baseline", Options(charts=False))
    return folder


def _lengthen(demo: Path, longer: Path) -> None:
    """Copy a district, its first year of enrolment repeated so that there are nine years."""
    shutil.copytree(demo, longer, ignore=shutil.ignore_patterns("*.yaml", "optional"))
    shutil.copy(demo / "district.yaml", longer)
    head, *rows = (demo / "enrolment.csv").read_text(encoding="utf-8-sig").splitlines()
    years = sorted({int(row[:4]) for row in rows})
    first = [row[4:] for row in rows if int(row[:4]) == years[0]]
    earlier = [f"{year}{row}" for year in range(years[-1] - 8, years[0]) for row in first]
    (longer / "enrolment.csv").write_text("\n".join([head, *earlier, *rows]), encoding="utf-8")


@pytest.fixture(autouse=True)
def _examples_start_there(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if isinstance(request.node, pytest.DoctestItem):
        monkeypatch.chdir(request.getfixturevalue("beside_demo"))
