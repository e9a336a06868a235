"""What a reader must know of the places of a run: a slip that no law of the tables can see."""

from __future__ import annotations

from pathlib import Path

import pytest

import capacity
from tests.inputs.folder import write


def noted(folder: Path, places: str) -> list[dict[str, object]]:
    path = write(folder, places=f"region,level,places\n{places}")
    notes = capacity.run(capacity.load_scenario(path), draws=0).notes
    return [dict(note.facts) for note in notes if note.code == "places-few"]


@pytest.mark.parametrize(("stated", "told"), [("0", [0]), ("1", [1]), ("100000", [])])
def test_places_that_pupils_fill_several_times_are_told_with_both_figures(
    stated: str, told: list[int], tmp_path: Path
) -> None:
    found = noted(tmp_path, f"north,primary,{stated}\n")
    assert [note["places"] for note in found] == told
    frame = capacity.run(capacity.load_scenario(tmp_path / "baseline.yaml"), draws=0).frame()
    base = frame.query("year == year.min() and region == 'north' and level == 'primary'")
    assert [note["pupils"] for note in found] == base["demand"].tolist()[: len(told)]


def test_places_that_are_unknown_are_not_told_as_few(tmp_path: Path) -> None:
    assert noted(tmp_path, "south,primary,100000\n") == []
