"""Outlines in run folders: copied, read back for a map, and drawn anew where they are others."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from capacity import api
from capacity.results import Options, load_run
from tests.bad_input.cases import capacity
from tests.inputs.folder import write
from tests.inputs.test_outlines import NORTH, OUTLINES_FILE, SOUTH, collection

BARE = Options(charts=False)


def kept(top: Path) -> str:
    """Run the scenario into its folder, and return what became of that."""
    return api.keep(api.load_scenario(top / "baseline.yaml"), top / "run", BARE)[1]


def test_a_map_comes_from_the_folder_of_its_run_alone(tmp_path: Path) -> None:
    write(tmp_path)
    outlines = tmp_path / "demo" / OUTLINES_FILE
    outlines.write_text(collection(NORTH, SOUTH, schematic=True), "utf-8")
    assert kept(tmp_path) == "written"
    (tmp_path / "run").rename(tmp_path / "elsewhere")
    found = load_run(tmp_path / "elsewhere").labels.outlines
    assert found.schematic and set(found.regions) == {"north", "south"}
    ring = NORTH["geometry"]["coordinates"][0]
    np.testing.assert_array_equal(found.regions["north"][0][0], ring)
    said = capacity("chart", tmp_path / "elsewhere", "--kind", "map", "--lang", "zh")
    assert said.code == 0, said.err
    assert said.out.splitlines() == [str(tmp_path / "elsewhere/charts/map_2025.png")]
    manifest = json.loads((tmp_path / "elsewhere/manifest.json").read_text("utf-8"))
    (record,) = (one for one in manifest["inputs"] if one["name"] == f"demo/{OUTLINES_FILE}")
    assert record["rows"] == 0


def test_other_outlines_are_the_same_run_with_another_map(tmp_path: Path) -> None:
    write(tmp_path)
    assert [kept(tmp_path), kept(tmp_path)] == ["written", "unchanged"]
    before = load_run(tmp_path / "run")
    outlines, copy = (tmp_path / folder / OUTLINES_FILE for folder in ("demo", "run/inputs/demo"))
    for text in (collection(NORTH, SOUTH), collection(NORTH, SOUTH, schematic=True)):
        outlines.write_text(text, "utf-8")
        assert [kept(tmp_path), kept(tmp_path)] == ["redrawn", "unchanged"]
        assert copy.read_text("utf-8") == text
        assert load_run(tmp_path / "run").labels == before.labels  # the run's id among them
    outlines.unlink()
    assert kept(tmp_path) == "redrawn" and not copy.exists()
    assert load_run(tmp_path / "run").labels.outlines is None


def test_outlines_that_were_altered_since_are_told(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "demo" / OUTLINES_FILE).write_text(collection(NORTH, SOUTH), "utf-8")
    kept(tmp_path)
    copy = tmp_path / "run/inputs/demo" / OUTLINES_FILE
    copy.write_text(collection(NORTH, SOUTH, schematic=True), "utf-8")
    said = capacity("chart", tmp_path / "run", "--kind", "map")
    assert said.code == 2 and "run-altered" in said.err
