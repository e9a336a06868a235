"""``capacity check``: a district folder with the scenarios in it, and what a run alone finds."""

from __future__ import annotations

from pathlib import Path

from tests.bad_input.cases import capacity
from tests.inputs.folder import write


def district_with_scenario(root: Path, last_year: str) -> Path:
    """A folder that is both: district.yaml, tables, and a scenario about itself."""
    write(root)
    folder = root / "demo"
    text = (root / "baseline.yaml").read_text(encoding="utf-8")
    text = text.replace("district: demo", "district: .").replace("last_year: 2026", last_year)
    (folder / "baseline.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_district_folder_is_checked_with_its_scenarios(tmp_path: Path) -> None:
    said = capacity("check", district_with_scenario(tmp_path, "last_year: 2026"), "--lang", "en")
    assert said.code == 0
    assert said.out.startswith("2 checked: 0 errors")
    folder = district_with_scenario(tmp_path, "last_year: 1999")
    said = capacity("check", folder, "--lang", "en")
    assert said.code == 2
    assert "baseline.yaml:" in said.err
    assert "2 checked: 1 error, " in said.out


def test_a_folder_without_a_scenario_is_one_thing_to_check(tmp_path: Path) -> None:
    write(tmp_path)
    assert capacity("check", tmp_path / "demo", "--lang", "en").out.startswith("1 checked: 0 err")
