"""``capacity chart`` as a planner meets it: which files, whose they are, and what is said."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
from contextlib import redirect_stderr, redirect_stdout, suppress
from pathlib import Path

import pytest

from capacity.cli import main
from capacity.render.charts import FORMATS, KINDS
from tests.cli.command import capacity
from tests.inputs.folder import write

YEARS = range(2021, 2027)


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run without charts, and the scenario beside it."""
    top = tmp_path_factory.mktemp("runs")
    done = capacity("run", write(top), "-o", top / "run", "--no-charts")
    assert done.returncode == 0, done.stderr
    return top


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with English charts, and the scenario beside it."""
    top = tmp_path_factory.mktemp("runs")
    done = capacity("run", write(top), "-o", top / "run")
    assert done.returncode == 0, done.stderr
    return top


@pytest.fixture
def bare(tables: Path, tmp_path: Path) -> Path:
    return shutil.copytree(tables, tmp_path / "bare") / "run"


@pytest.fixture
def finished(drawn: Path, tmp_path: Path) -> Path:
    return shutil.copytree(drawn, tmp_path / "finished") / "run"


def hashes(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_one_of_each_kind_without_being_asked_more(bare: Path) -> None:
    before = hashes(bare)
    done = capacity("chart", bare)
    assert done.returncode == 0, done.stderr
    charts = bare / "charts"
    names = ["gap_2025", "map_2025", "trend", "heatmap", "supply", "entry_2022", "wave", "fan"]
    assert done.stdout.splitlines() == [str(charts / f"{name}.png") for name in names]
    assert done.stderr == "", "progress is for people"
    assert sorted(path.name for path in charts.iterdir()) == sorted(f"{n}.png" for n in names)
    assert {name: sha for name, sha in hashes(bare).items() if name in before} == before


@pytest.mark.parametrize("years", [("--year", 2022, 2024), ("--year", 2022, "--year", 2024)])
def test_several_years_of_several_kinds(bare: Path, tmp_path: Path, years: tuple) -> None:
    to = tmp_path / "to" / "here"
    done = capacity("chart", bare, "--kind", "entry", "--kind", "gap", "-o", to, *years)
    assert done.returncode == 0, done.stderr
    names = ["entry_2022", "entry_2024", "gap_2022", "gap_2024"]
    assert done.stdout.splitlines() == [str(to / f"{name}.png") for name in names]
    assert not (bare / "charts").exists()


def test_every_year_is_the_gap_of_every_year_of_the_run(bare: Path) -> None:
    done = capacity("chart", bare, "--every-year")
    assert done.returncode == 0, done.stderr
    assert [Path(line).name for line in done.stdout.split()] == [f"gap_{y}.png" for y in YEARS]


def test_one_region_by_its_code_or_its_title(bare: Path) -> None:
    for asked, names in (
        (("north",), ("supply_north", "wave_north", "fan_north")),
        (("north", "--region", "南部", "--kind", "wave"), ("wave_north", "wave_south")),
    ):
        done = capacity("chart", bare, "--region", *asked)
        assert done.returncode == 0, done.stderr
        assert [Path(line).stem for line in done.stdout.split()] == list(names)
    refused = capacity("chart", bare, "--region", "nort")
    assert refused.returncode == 2
    assert "chart-region" in refused.stderr and "north" in refused.stderr


@pytest.mark.parametrize("suffix", FORMATS)
def test_formats(bare: Path, suffix: str) -> None:
    marks = {"png": b"\x89PNG", "svg": b"<?xml", "pdf": b"%PDF"}
    assert capacity("chart", bare, "--format", suffix, "--kind", "wave").returncode == 0
    assert (bare / "charts" / f"wave.{suffix}").read_bytes().startswith(marks[suffix])


def test_a_year_that_was_not_run_is_refused_with_those_that_were(bare: Path) -> None:
    done = capacity("chart", bare, "--year", 2022, 2050)
    assert done.returncode == 2
    assert "chart-year" in done.stderr and "2050" in done.stderr and "2021–2026" in done.stderr
    assert not (bare / "charts").exists(), "nothing is written"
    assert "应为：2021–2026 之一" in capacity("chart", bare, "--year", 1, LANG="zh_CN.UTF-8").stderr


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("--year", 2022, "--every-year"), "not both"),
        (("--year", 2022, "--kind", "trend"), "trend shows all years"),
        (("--kind", "heatmap", "--region", "north"), "heatmap shows all regions"),
        (("--kind", "pie"), "wave"),
        (("--year", "soon"), "not a valid integer"),
        (("other",), "one run at a time"),
        (("--format", "bmp"), "svg"),
    ],
)
def test_usage_is_said(bare: Path, arguments: tuple, words: str) -> None:
    done = capacity("chart", bare, *arguments)
    assert (done.returncode, words in done.stderr, done.stdout) == (2, True, "")
    assert not (bare / "charts").exists()


def test_what_is_no_run_is_refused(tmp_path: Path, bare: Path) -> None:
    done = capacity("chart", tmp_path / "nothing")
    assert done.returncode == 2
    assert "run-missing" in done.stderr
    (bare / "results.csv").write_text("annotated")
    done = capacity("chart", bare)
    assert done.returncode == 2
    assert "run-altered" in done.stderr
    assert not (bare / "charts").exists()


def test_a_file_in_the_place_of_the_folder_is_said(bare: Path) -> None:
    (bare / "charts").write_text("mine")
    done = capacity("chart", bare, "--kind", "wave")
    assert done.returncode == 3
    assert str(bare / "charts") in done.stderr and "Traceback" not in done.stderr


def test_the_runs_own_charts_are_drawn_again_to_the_same_bytes(finished: Path) -> None:
    times = {path: path.stat().st_mtime_ns for path in finished.rglob("*.png")}
    before = hashes(finished)
    done = capacity("chart", finished, "--every-year")
    assert done.returncode == 0, done.stderr
    assert hashes(finished) == before
    assert {path: path.stat().st_mtime_ns for path in times} == times, "left as they are"
    (finished / "charts" / "gap_2022.png").unlink()
    assert capacity("chart", finished, "--year", 2022).returncode == 0
    assert hashes(finished) == before, "what was lost is drawn again"


def test_in_another_language_they_stand_beside_the_runs_own(finished: Path) -> None:
    before = hashes(finished)
    done = capacity("chart", finished, "--year", 2022, "--lang", "zh")
    assert [Path(line).name for line in done.stdout.split()] == ["gap_2022.zh.png"]
    after = hashes(finished)
    assert {name: after[name] for name in before} == before
    again = capacity("run", finished.parent / "baseline.yaml", "-o", finished)
    assert "unchanged" in again.stdout
    assert hashes(finished) == after


def test_a_picture_of_the_run_that_would_change_is_kept(finished: Path) -> None:
    """As where another version of a library draws otherwise: the run says what it wrote."""
    manifest = finished / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    chart = finished / "charts" / "gap_2022.png"
    chart.write_bytes(chart.read_bytes() + b"otherwise")
    told["outputs"]["charts/gap_2022.png"] = hashlib.sha256(chart.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(told), encoding="utf-8")
    before = hashes(finished)
    done = capacity("chart", finished, "--year", 2022)
    assert done.returncode == 2
    assert "chart-kept" in done.stderr and "-o" in done.stderr
    assert hashes(finished) == before, "no draft is left either"
    assert capacity("chart", finished, "--year", 2022, "-o", finished / "mine").returncode == 0


@pytest.mark.parametrize("charts", [(), ("--no-charts",)])
def test_a_run_is_still_unchanged_after_charts_were_added(bare: Path, charts: tuple) -> None:
    """The run's own kind first drawn by the command, then by the run: the same picture."""
    assert capacity("chart", bare, "--every-year").returncode == 0
    assert capacity("chart", bare, "--kind", "heatmap").returncode == 0
    scenario = bare.parent / "baseline.yaml"
    done = capacity("run", scenario, "-o", bare, *charts)
    assert done.returncode == 0, done.stderr
    assert "unchanged" in done.stdout
    assert (bare / "charts" / "heatmap.png").exists()
    before = hashes(bare)
    assert "unchanged" in capacity("run", scenario, "-o", bare, *charts).stdout
    assert hashes(bare) == before


def test_a_chart_that_is_not_the_runs_is_drawn_anew(bare: Path) -> None:
    for lang in ("en", "zh"):
        assert capacity("chart", bare, "--kind", "wave", "--lang", lang).returncode == 0
    assert [path.name for path in (bare / "charts").iterdir()] == ["wave.png"]


def test_a_fan_needs_draws(bare: Path) -> None:
    scenario, central = bare.parent / "baseline.yaml", bare.parent / "central"
    done = capacity("run", scenario, "-o", central, "--no-charts", "--draws", 0)
    assert done.returncode == 0, done.stderr
    assert "fan.png" not in capacity("chart", central).stdout
    done = capacity("chart", central, "--kind", "fan")
    assert done.returncode == 2
    assert "chart-without-draws" in done.stderr
    assert "--draws 1000" in done.stderr


def test_help_names_every_kind() -> None:
    text = capacity("chart", "--help").stdout
    assert all(name in text for name in KINDS)


def test_a_person_sees_how_far_it_is(bare: Path) -> None:
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with (
        os.fdopen(theirs, "w", encoding="utf-8") as err,
        redirect_stdout(io.StringIO()),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main(["chart", str(bare), "--year", "2022", "2023"])
    said = b""
    with suppress(OSError):  # at its end, to which a system may bring it in pieces
        while more := os.read(ours, 10_000):
            said += more
    os.close(ours)
    assert end.value.code == 0
    assert b"1 / 2: gap_2022.png" in said and b"2 / 2: gap_2023.png" in said
    assert said.endswith(b"\033[K"), "nothing is left on the line"
