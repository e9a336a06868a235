"""``--write``: what somebody changed in the district's own files is kept, with mode and name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from capacity.results import CHANGED
from tests.cli.command import capacity
from tests.studies.pasts import district

WRITE = {
    "ratios": ("ratios", "demo", "--write", "--no-charts", "-o", "x"),
    "backtest": ("backtest", "demo", "--write", "--no-charts", "-o", "x", "--draws", 0),
}
OTHER = {"ratios": ("--method", "mean"), "backtest": ("--seed", 2)}
FILE = {"ratios": "ratios.csv", "backtest": "accuracy.json"}
REFUSED = {"ratios": "ratios-changed", "backtest": "accuracy-changed"}


@pytest.fixture(scope="module", params=WRITE)
def once(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a command writes, in a folder of its name."""
    folder = tmp_path_factory.mktemp("written") / request.param
    folder.mkdir()
    district(folder)
    done = capacity(*WRITE[request.param], cwd=folder)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def written(once: Path, tmp_path: Path) -> tuple[str, Path]:
    shutil.copytree(once, tmp_path, dirs_exist_ok=True)
    return once.name, tmp_path / "demo" / FILE[once.name]


def corrected(name: str, path: Path) -> bytes:
    """Correct one figure by hand."""
    if name == "ratios":
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        table.loc[3, "ratio"] = "1.0125"
        table.to_csv(path, index=False)
    else:
        told = json.loads(path.read_text(encoding="utf-8"))
        told["accuracy"][0]["mape"] = 0.5
        path.write_text(json.dumps(told), encoding="utf-8")
    return path.read_bytes()


def test_what_was_corrected_by_hand_is_kept(written, tmp_path: Path) -> None:
    name, path = written
    mine = corrected(name, path)
    again = (*WRITE[name], *OTHER[name])
    for lang, words in (("en", f"stays beside it as {path.name}{CHANGED}"), ("zh", "另存为")):
        done = capacity(*again, "--lang", lang, cwd=tmp_path)
        assert done.returncode == 2
        assert REFUSED[name] in done.stderr and words in done.stderr
        assert path.read_bytes() == mine
    done = capacity(*again, "--overwrite", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() != mine
    assert path.with_name(path.name + CHANGED).read_bytes() == mine
    assert capacity("check", "demo", cwd=tmp_path).stderr.count("not read") == 0


def test_what_it_wrote_itself_is_replaced_with_its_mode_and_nothing_stays(
    written, tmp_path: Path
) -> None:
    name, path = written
    before = path.read_bytes()
    path.chmod(0o640)
    there = {file.name for file in path.parent.iterdir()}
    done = capacity(*WRITE[name], *OTHER[name], "-o", "y", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert path.read_bytes() != before and path.stat().st_mode & 0o777 == 0o640
    assert {file.name for file in path.parent.iterdir()} == there


def test_what_leads_out_of_the_folder_is_refused(written, tmp_path: Path) -> None:
    name, path = written
    outside = path.rename(tmp_path / "outside")
    path.symlink_to(outside)
    before = outside.read_bytes()
    done = capacity(*WRITE[name], *OTHER[name], "--overwrite", cwd=tmp_path)
    assert done.returncode == 2 and "file-outside" in done.stderr
    assert path.is_symlink() and outside.read_bytes() == before


def test_ratios_that_a_spreadsheet_saved_again_are_still_as_they_were(tmp_path: Path) -> None:
    """In another order and with 15 digits; a row that is gone is a change."""
    path = district(tmp_path) / "ratios.csv"
    capacity(*WRITE["ratios"], cwd=tmp_path)
    table = pd.read_csv(path, keep_default_na=False)
    table["ratio"] = table["ratio"].map(lambda ratio: float(f"{ratio:.15g}"))
    table[::-1].to_csv(path, index=False, encoding="utf-8-sig")
    assert capacity(*WRITE["ratios"], cwd=tmp_path).returncode == 0
    table[1:].to_csv(path, index=False, encoding="utf-8-sig")
    done = capacity(*WRITE["ratios"], cwd=tmp_path)
    assert done.returncode == 2 and "ratios-changed" in done.stderr


def test_a_table_whose_name_is_written_otherwise_is_the_table(tmp_path: Path) -> None:
    folder = district(tmp_path)
    capacity(*WRITE["ratios"], cwd=tmp_path)
    (folder / "ratios.csv").rename(folder / "RATIOS.CSV")
    done = capacity(*WRITE["ratios"], *OTHER["ratios"], "-o", "y", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert [path.name for path in folder.iterdir() if path.stem.lower() == "ratios"] == [
        "RATIOS.CSV"
    ]
    assert "RATIOS.CSV" in done.stderr
