"""``capacity report`` as a planner meets it: where it goes, whose it is, and what is said."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from capacity.base import LANGUAGES
from capacity.render.charts import Kind
from capacity.render.report import document
from tests.cli.command import capacity
from tests.inputs.folder import write

LANGS = pytest.mark.parametrize("lang", LANGUAGES)


@pytest.fixture(scope="module", autouse=True)
def bare_charts() -> Iterator[None]:
    """Draw no charts: here it is about files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Kind, "draw", lambda *_, **__: None)
        patch.setattr(document, "svg_of", lambda *_: "<svg></svg>")
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with its report, one without, and the scenario beside them; few draws, no charts."""
    top = tmp_path_factory.mktemp("runs")
    for name, more in (("own", ["--report"]), ("bare", ["--draws", 9])):
        options = ("-o", top / name, "--no-charts", "--draws", 8, *more)
        done = capacity("run", write(top), *options)
        assert done.returncode == 0, done.stderr
    return top


@pytest.fixture
def runs(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "runs")


def test_it_goes_into_the_folder_of_its_run(runs: Path) -> None:
    done = capacity("report", runs / "bare")
    assert done.returncode == 0, done.stderr
    path = runs / "bare" / "report.html"
    assert done.stdout == f"{path}\n" and not done.stderr
    html = path.read_text(encoding="utf-8")
    assert html.startswith('<!doctype html>\n<html lang="en">') and "NOT SIGNED OFF" in html
    signed = capacity("report", runs / "bare", "--signed-by", "A. Head", "--signed-by", "李主任")
    assert signed.returncode == 0, signed.stderr
    html = path.read_text(encoding="utf-8")
    assert "Signed off by A. Head, 李主任" in html and "NOT SIGNED OFF" not in html
    assert [one.name for one in path.parent.glob("report*")] == ["report.html"]


@LANGS
def test_a_file_that_is_no_report_is_not_replaced_unasked(runs: Path, lang: str) -> None:
    path = runs / "gap.html"
    path.write_text("<p>mine</p>", encoding="utf-8")
    done = capacity("report", runs / "bare", "-o", path, "--lang", lang)
    assert done.returncode == 2 and "report-other" in done.stderr and not done.stdout
    assert path.read_text(encoding="utf-8") == "<p>mine</p>"


@LANGS
def test_a_folder_is_no_place_for_a_report(runs: Path, lang: str) -> None:
    done = capacity("report", runs / "bare", "-o", runs, "--lang", lang)
    assert done.returncode == 2 and "report-folder" in done.stderr
    assert str(runs / "report.html") in done.stderr


def test_what_a_run_wrote_is_not_replaced_by_another(runs: Path) -> None:
    folder = runs / "own"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert "report.html" in manifest["outputs"] and not manifest["options"]["charts"]
    own = (folder / "report.html").read_bytes()
    same = capacity("report", folder)
    assert same.returncode == 0 and "unchanged" in same.stderr
    done = capacity("report", folder, "--signed-by", "A", "--overwrite")
    assert done.returncode == 2 and "report-kept" in done.stderr
    assert (folder / "report.html").read_bytes() == own
    assert capacity("report", folder, "--lang", "zh").stdout == f"{folder / 'report.zh.html'}\n"


def test_a_run_keeps_its_report_and_gets_one_that_it_lacks(runs: Path) -> None:
    scenario = runs / "baseline.yaml"
    again = ("run", scenario, "-o", runs / "own", "--draws", 8, "--no-charts")
    assert "unchanged" in capacity(*again).stdout
    assert "unchanged" in capacity(*again, "--report").stdout
    own = (runs / "own" / "report.html").read_bytes()
    assert capacity(*again, "--report", "--lang", "zh").returncode == 0
    assert (runs / "own" / "report.html").read_bytes() != own
    bare = ("run", scenario, "-o", runs / "bare", "--draws", 9, "--no-charts", "--report")
    assert capacity(*bare).returncode == 0
    manifest = json.loads((runs / "bare" / "manifest.json").read_text(encoding="utf-8"))
    assert "report.html" in manifest["outputs"]


def test_several_runs_become_a_comparison(runs: Path, tmp_path: Path) -> None:
    done = capacity("report", runs / "own", runs / "bare", cwd=tmp_path, CAPACITY_LANG="zh")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "report.html\n"
    assert "2 个方案比较" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_every_run_that_cannot_be_read_is_named(runs: Path, tmp_path: Path) -> None:
    (runs / "own" / "results.csv").write_text("x", encoding="utf-8")
    done = capacity("report", runs / "own", tmp_path / "none", "-o", tmp_path / "x.html")
    assert done.returncode == 2 and not (tmp_path / "x.html").exists()
    assert "run-altered" in done.stderr and "run-missing" in done.stderr
    assert capacity("report").returncode == 2
