"""``capacity backtest`` as a planner meets it: what is printed where, folders, exit codes."""

import fcntl
import hashlib
import json
import re
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.command import capacity
from tests.studies.small_districts import random_past, write

HAIDIAN = Path(__file__).parents[2] / "scenarios" / "haidian"


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


@pytest.fixture
def district(tmp_path: Path) -> Path:
    write(tmp_path / "data", *random_past(8))
    return tmp_path / "data"


def test_the_answer_and_by_default_a_folder_of_the_district(district: Path, tmp_path: Path) -> None:
    before = files(district)
    done = capacity("backtest", district, "--draws", 50, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "hree years ahead, half of the forecasts" in done.stdout
    assert done.stdout.endswith("backtests/small: written (seed 1)\n")
    assert files(tmp_path / "backtests") == {
        f"small/{name}"
        for name in (
            *("accuracy.csv", "forecasts.csv", "years.csv", "calm.csv", "sizes.csv", "growth.csv"),
            *("charts/accuracy.png", "manifest.json"),
        )
    }
    assert files(district) == before
    again = capacity("backtest", district, "--draws", 50, "--lang", "en", cwd=tmp_path)
    assert again.returncode == 0 and "unchanged" in again.stdout


def test_workers_leave_the_same_bytes(district: Path, tmp_path: Path) -> None:
    for workers in (1, 7):
        arguments = ("--draws", 100, "--workers", workers, "-o", tmp_path / str(workers))
        assert capacity("backtest", district, "--no-charts", *arguments).returncode == 0
    one, many = ({p.name: p.read_bytes() for p in (tmp_path / str(n)).iterdir()} for n in (1, 7))
    assert one == many


def test_draws_beyond_memory_are_refused_with_what_they_take_and_how_many_fit(
    district: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("capacity.inputs.to_model.budget.free_bytes", lambda: 2.5e8)
    asked = ("backtest", district, "--lang", "en", "--no-charts", "-o", tmp_path / "out")
    done = capacity(*asked, "--draws", 1_000_000)
    assert done.returncode == 2
    found = re.search(
        r"1,000,000 draws would take ([\d.]+) GB .* may take ([\d.]+) GB .* most ([\d,]+) dr",
        done.stderr,
    )
    assert found is not None, done.stderr
    needed, room, most = (float(number.replace(",", "")) for number in found.groups())
    assert needed > room == 0.2
    assert most / 1_000_000 == pytest.approx(room / needed, abs=0.1)
    assert not (tmp_path / "out").exists()


def test_settings_reach_the_numbers(district: Path, tmp_path: Path) -> None:
    text = (district / "district.yaml").read_text(encoding="utf-8")
    grades = sorted(set(pd.read_csv(district / "enrolment.csv")["grade"]))
    assert len(grades) > 1, text
    arguments = ("--horizons", 2, "--draws", 0, "--grades", f"{grades[0]}-{grades[-2]}", "--json")
    done = capacity("backtest", district, *arguments, "-o", tmp_path / "x", "--no-charts")
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["format"] == "capacity.backtest/1" and said["state"] == "written"
    assert said["grades"] == [grades[0], grades[-2]] and said["horizons"] == 2
    assert {row["horizon"] for row in said["accuracy"]} == {1, 2}
    assert all(row["coverage80"] is None for row in said["accuracy"])
    written = pd.read_csv(tmp_path / "x" / "accuracy.csv")
    assert [row["mape"] for row in said["accuracy"]] == pytest.approx(written["mape"], rel=1e-15)


def test_write_leaves_one_file_beside_the_data_and_touches_none(
    district: Path, tmp_path: Path
) -> None:
    hashes = {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in district.iterdir()}
    arguments = ("--draws", 50, "--no-charts", "--write", "-o", tmp_path / "x")
    done = capacity("backtest", district, *arguments)
    assert done.returncode == 0, done.stderr
    assert "accuracy stored" in done.stderr
    assert {p.name for p in district.iterdir()} == {p.name for p in hashes} | {"accuracy.json"}
    assert {p: hashlib.sha256(p.read_bytes()).hexdigest() for p in hashes} == hashes
    stored = (district / "accuracy.json").read_bytes()
    assert capacity("backtest", district, *arguments).returncode == 0
    assert (district / "accuracy.json").read_bytes() == stored
    assert capacity("check", district).returncode == 0


@pytest.mark.parametrize(
    "lang, said", [("en", "needs more years of enrolment"), ("zh", "年份太少，无法回测")]
)
def test_haidian_has_too_few_years(tmp_path: Path, lang: str, said: str) -> None:
    done = capacity("backtest", HAIDIAN, "--lang", lang, "--write", cwd=tmp_path)
    assert done.returncode == 2 and said in done.stderr and done.stdout == ""
    assert files(tmp_path) == set() and not (HAIDIAN / "accuracy.json").exists()


def test_every_error_of_the_district_is_told_and_nothing_written(
    district: Path, tmp_path: Path
) -> None:
    for name, line in (("enrolment", "2015,nowhere,1,5\n"), ("births", "2015,r0,many\n")):
        head = "year,region,births\n" if name == "births" else ""
        path = district / f"{name}.csv"
        old = path.read_text(encoding="utf-8") if path.exists() else head
        path.write_text(old + line, encoding="utf-8")
    done = capacity("backtest", district, "--write", cwd=tmp_path)
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert "enrolment.csv" in done.stderr and "births.csv" in done.stderr
    assert files(tmp_path) == {f"data/{name}" for name in files(district)}
    assert "accuracy.json" not in files(district)


@pytest.mark.parametrize(
    "arguments, said",
    [
        (("--grades", "0-30"), "grades-unknown"),
        (("--grades", "6-3"), "the first grade, 6, is above the last, 3"),
        (("--grades", "eleven"), "FIRST-LAST"),
        (("--horizons", 0), "--horizons"),
        (("--draws", -1), "--draws"),
        (("--seed", "x"), "--seed"),
    ],
)
def test_settings_that_cannot_be_are_refused(
    district: Path, tmp_path: Path, arguments: tuple[object, ...], said: str
) -> None:
    done = capacity("backtest", district, *arguments, "-o", tmp_path / "x")
    assert done.returncode == 2 and said in done.stderr
    assert not (tmp_path / "x").exists()


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    done = capacity("backtest", tmp_path / "none", cwd=tmp_path)
    assert done.returncode == 2 and "no such district folder" in done.stderr


def test_another_folder_is_never_replaced_unasked(district: Path, tmp_path: Path) -> None:
    place = tmp_path / "x"
    arguments = ("backtest", district, "--no-charts", "--horizons", 1, "-o", place)
    assert capacity(*arguments, "--draws", 20).returncode == 0
    before = {p: p.read_bytes() for p in place.rglob("*")}
    refused = capacity(*arguments, "--draws", 21)
    assert refused.returncode == 2 and "--overwrite" in refused.stderr
    assert before == {p: p.read_bytes() for p in place.rglob("*")}
    (place / "mine.txt").write_text("mine")
    assert capacity(*arguments, "--draws", 21, "--overwrite").returncode == 0
    assert before[place / "manifest.json"] != (place / "manifest.json").read_bytes()
    assert (place / "mine.txt").read_text() == "mine"


def test_a_folder_in_use_and_a_place_that_cannot_be_written(district: Path, tmp_path: Path) -> None:
    draft = tmp_path / ".x.writing"
    draft.mkdir()
    arguments = ("backtest", district, "--draws", 0, "--no-charts", "-o")
    with (draft / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert capacity(*arguments, tmp_path / "x").returncode == 4
    (tmp_path / "file").write_text("")
    assert capacity(*arguments, tmp_path / "file" / "x").returncode == 3
