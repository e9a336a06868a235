"""Input that is read and must do no harm where a run writes and draws, wherever that is."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import shutil
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import pandas as pd
import pytest

from capacity.api import load_scenario
from tests.bad_input.cases import (
    BAD_INPUT,
    BIRTHS,
    ENROLMENT,
    PIPELINE,
    PLACES,
    SCENARIO_FILE,
    SECONDS,
    SOUND,
    Content,
    Said,
    built,
    capacity,
    every,
    swap,
    told,
    tree,
)
from tests.test_bits import CHOICES

RATIOS = "demo/ratios.csv"


def ran(root: Path, files: dict[str, Content], *options: str) -> Said:
    said = capacity("run", built(root, files), "-o", root / "out", "--lang", "zh", *options)
    assert said.code == 0, said.err
    return said


def formulas_in_text(root: Path) -> None:
    """Give free text a ' before what a spreadsheet would calculate, and numbers none."""
    texts = ("=HYPERLINK(1)", "+1+1", "-1-1", "@a", "＝1", "plain")
    rows = [f'{grade},all,1,"{text}"' for grade, text in enumerate(texts, 1)]
    ran(root, {RATIOS: "\n".join(("grade,region,ratio,source", *rows)) + "\n"}, "--no-charts")
    written = pd.read_csv(root / "out" / "assumptions.csv", dtype=str, keep_default_na=False)
    sources = set(written["source"])
    assert {f"'{text}" for text in texts[:-1]} | {"plain"} <= sources
    assert not sources & set(texts[:-1])
    results = pd.read_csv(root / "out" / "results.csv")
    assert (results["gap"] < 0).any()


def formulas_in_workbooks(root: Path) -> None:
    """Write what a spreadsheet would calculate, follow or count as the text that it is."""
    names = ("=HYPERLINK(1)", "+1+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "http://x/", "007")
    rows = [f"{name},north,planned,2026,30" for name in names]
    built(root, {PIPELINE: "\n".join(("project,region,status,opens,places_primary", *rows)) + "\n"})
    made = capacity("new", root / "book", "--like", root / "demo", "--excel", "--lang", "zh")
    assert made.code == 0, made.err
    district = load_scenario(root / "book" / "baseline.yaml").district
    assert tuple(district.table("pipeline")["project"]) == names
    (book,) = (root / "book").glob("*.xlsx")
    with zipfile.ZipFile(book) as package:
        sheets = [package.read(name) for name in package.namelist() if "/worksheets/" in name]
    assert not any(b"<f>" in sheet or b"<hyperlink" in sheet for sheet in sheets)


def titles(root: Path, title: str) -> None:
    """Draw a title as it is written, with all its characters."""
    short = swap(SCENARIO_FILE, "last_year: 2026", "last_year: 2021")
    files = {name: str(text).replace("按计划", f"'{title}'") for name, text in short.items()}
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        said = ran(root, files, "--full")
    assert title in said.out
    assert not [str(one.message) for one in caught if "Glyph" in str(one.message)]
    drawn = list((root / "out" / "charts").glob("*.png"))
    assert {path.stem for path in drawn} >= {"gap", "entry_2021", "heatmap"}
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in drawn)


def unknown_numbers(root: Path) -> None:
    """Leave a gap without places empty; NaN and infinity are written nowhere."""
    said = ran(root, swap(PLACES, "south,high,100\n", ""), "--no-charts", "--json")

    def refuse(constant: str) -> NoReturn:
        raise AssertionError(constant)

    figures = json.loads(said.out, parse_constant=refuse)
    assert figures["years"][0]["gap"] is None
    json.loads((root / "out" / "manifest.json").read_text("utf-8"), parse_constant=refuse)
    for path in (root / "out").glob("*.csv"):
        cells = pd.read_csv(path, dtype=str, keep_default_na=False).map(str.casefold)
        assert not cells.isin(["nan", "inf", "-inf", "infinity", "<na>", "none"]).any(axis=None)


def changed_in_use(root: Path) -> None:
    """Leave nothing where a file is no more the one that was read."""
    for name in (SCENARIO_FILE, ENROLMENT):
        path = built(root, {})

        def edit(step: str, name: str = name) -> None:
            if step.endswith("tables"):
                (root / name).write_text(SOUND[name] + "\n", encoding="utf-8")

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("capacity.cli.run.show_progress", edit)
            said = capacity("run", path, "-o", root / "out", "--no-charts", "--lang", "en")
        assert told(said, root) == [f"{name} file-changed"]
        assert said.code == BAD_INPUT
        assert not any("out" in file.removeprefix(str(root)) for file in tree(root))


class Harmful:
    """What a pickle does when somebody opens it."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., object], tuple[str]]:
        return os.mkdir, (str(self.mark),)


def _forged(run: Path, name: str, data: bytes) -> None:
    """Put other bytes in the place of a table, and their hash into the manifest."""
    (run / name).write_bytes(data)
    _stated(run, outputs=_manifest(run)["outputs"] | {name: hashlib.sha256(data).hexdigest()})


def _stated(run: Path, **changed: object) -> None:
    (run / "manifest.json").write_text(json.dumps(_manifest(run) | changed), "utf-8")


def _manifest(run: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((run / "manifest.json").read_text("utf-8"))
    return found


def results_of_others(root: Path) -> None:
    """Refuse a run that is altered, of another version or no run; nothing in it is executed."""
    mark = root / "harm"
    harm = pickle.dumps(Harmful(mark))
    results = "results.csv run-altered"
    manifest = "manifest.json run-format"
    cases: tuple[tuple[str, Callable[[Path], object]], ...] = (
        (results, lambda run: (run / "results.csv").write_bytes(harm)),
        (results, lambda run: (run / "results.csv").unlink()),
        (results, lambda run: _forged(run, "results.csv", harm)),
        (results, lambda run: _forged(run, "results.csv", b"year,gap\n2021,many\n")),
        ("inputs/demo/births.csv run-altered", lambda run: (run / f"inputs/{BIRTHS}").unlink()),
        (manifest, lambda run: (run / "manifest.json").write_bytes(harm)),
        (manifest, lambda run: (run / "manifest.json").write_bytes(b"[" * 10**5)),
        (manifest, lambda run: _stated(run, format="capacity.run/2")),
        (manifest, lambda run: _stated(run, scenario_file=5)),
        (
            "inputs/../../baseline.yaml run-altered",
            lambda run: _stated(run, scenario_file="../../baseline.yaml"),
        ),
    )
    ran(root, {}, "--no-charts")
    for number, (error, spoil) in enumerate(cases):
        run = root / str(number)
        shutil.copytree(root / "out", run)
        spoil(run)
        for lang in ("en", "zh"):
            said = capacity("compare", root / "out", run, "--lang", lang)
            assert told(said, run) == [error]
            assert said.code == BAD_INPUT
    assert not mark.exists()


def elsewhere(root: Path) -> None:
    """Read and write the same in a plain locale, another time zone, and on another processor.

    And find here what was written there unchanged.
    """
    title = swap(SCENARIO_FILE, "name: baseline", "name: 按计划")
    ran(root, title, "--no-charts")
    plain = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0", "TZ": "Asia/Shanghai"}
    command = [sys.executable, "-m", "capacity", "run", root / SCENARIO_FILE, "--no-charts"]
    done = subprocess.run(
        [*command, "--lang", "zh", "-o", root / "again"],
        env={**os.environ, **plain, **CHOICES["all plain"]},
        capture_output=True,
        timeout=10 * SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    for path in (root / "out").rglob("*.*"):
        assert (root / "again" / path.relative_to(root / "out")).read_bytes() == path.read_bytes()
    before = tree(root)
    options = ("--no-charts", "--lang", "en")
    again = capacity("run", root / SCENARIO_FILE, *options, "-o", root / "again")
    assert (again.code, tree(root)) == (0, before)
    assert "unchanged" in again.out + again.err


ROWS: dict[int, Callable[[Path], None]] = {
    60: formulas_in_workbooks,
    61: formulas_in_text,
    64: lambda root: titles(root, r"$\frac{1}$ 的 {x}"),
    65: lambda root: titles(root, "海淀区学位缺口㐂"),
    66: unknown_numbers,
    67: results_of_others,
    69: changed_in_use,
    70: elsewhere,
}


@every(ROWS)
def test_bad_input(row: int, tmp_path: Path) -> None:
    ROWS[row](tmp_path)
