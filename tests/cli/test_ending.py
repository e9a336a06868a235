"""However a command ends it has its exit code and says why in a line; no traceback is seen."""

from __future__ import annotations

import errno
import importlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest

from capacity import api
from tests.cli.command import Ended, Forked, capacity, surroundings
from tests.inputs.folder import write
from tests.seeds import usually

NOBODY = 65534


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return write(tmp_path)


@pytest.fixture
def run(tmp_path: Path, scenario: Path) -> Path:
    done = capacity("run", scenario, "-o", tmp_path / "x", "--no-charts", "--draws", 0)
    assert done.returncode == 0, done.stderr
    return tmp_path / "x"


def test_what_nobody_foresaw_is_one_line_and_a_file(
    tmp_path: Path, scenario: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise ValueError("odd\nthing")

    monkeypatch.setattr(api, "keep", fails)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    for lang, words in (("en", "unexpected error"), ("zh", "意外错误")):
        done = capacity("run", scenario, "-o", tmp_path / "x", "--no-charts", "--lang", lang)
        assert done.returncode == 3
        (line,) = done.stderr.splitlines()
        assert words in line and "ValueError: odd thing" in line
        (path,) = re.findall(r"\S*/capacity-\S+\.txt", line)
        assert "Traceback" in Path(path).read_text(encoding="utf-8")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    done = capacity("run", scenario, "-o", tmp_path / "x", "--no-charts")
    assert done.returncode == 3 and "odd thing" in done.stderr


@pytest.mark.parametrize(
    ("command", "what"),
    usually(
        [
            *product(("run", "chart", "compare"), ("x", "x/results.csv")),
            ("check", "x"),  # and reads no run
        ],
        [("run", "x/results.csv"), ("chart", "x"), ("check", "x")],
    ),
)
def test_what_may_not_be_read_is_said(tmp_path: Path, run: Path, command: str, what: str) -> None:
    (tmp_path / what).chmod(0)
    arguments = {
        "run": ("run", tmp_path / "baseline.yaml", "-o", run, "--no-charts", "--draws", 0),
        "chart": ("chart", run), "compare": ("compare", run, run), "check": ("check", run),
    }[command]  # fmt: skip
    if os.geteuid() == 0:
        for place in (tmp_path, *list(tmp_path.parents)[:3]):
            if place != Path("/tmp"):
                place.chmod(0o755)
        for path in (tmp_path, *tmp_path.rglob("*")):
            os.chown(path, NOBODY, NOBODY)
    for module in ("api", "cli.run", "cli.chart", "cli.compare"):  # which nobody may not read
        importlib.import_module(f"capacity.{module}")

    def leave() -> None:
        os.chdir(tmp_path)
        if os.geteuid() == 0:
            os.setgid(NOBODY)
            os.setuid(NOBODY)

    number, _, err = Forked(tmp_path.with_name("said"), *arguments, before=leave).ended()
    assert number == (2 if command == "check" else 3), err
    assert command == "check" or (len(err.splitlines()) == 1 and "Permission denied" in err)
    (tmp_path / what).chmod(0o755)


def test_a_worker_that_is_killed_leaves_what_can_be_done_again(tmp_path: Path) -> None:
    scenarios = [write(tmp_path / name, scenario=scenario_named(name)) for name in "abcd"]
    arguments = ("run", *scenarios, "-o", tmp_path / "out", "--workers", 2)
    process = Forked(tmp_path / "said", *arguments)
    until = time.monotonic() + 30
    while not (children := children_of(process.pid)) and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.3)
    os.kill(children[0], signal.SIGKILL)
    code, out, err = process.ended(90)
    assert code == 5 and "--workers 1" in err, (out, err)
    again = capacity(*arguments[:-2], "--workers", 1, "--no-charts")
    assert again.returncode == 0, again.stderr
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == list("abcd")


def scenario_named(name: str) -> str:
    return (
        f"name: {name}\ndistrict: demo\nhorizon: {{base_year: 2021, last_year: 2023}}\n"
        "chance: {draws: 2000}\n"
    )


def children_of(number: int) -> list[int]:
    found = Path(f"/proc/{number}/task/{number}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a system without full devices")
def test_streams_that_are_closed_or_full(tmp_path: Path, scenario: Path) -> None:
    arguments = ("run", scenario, "--no-charts", "--draws", 0, "-o")
    read, written = os.pipe()
    os.close(read)  # who read has had enough
    full = os.open("/dev/full", os.O_WRONLY)

    def ended(folder: str, before: Callable[[], object]) -> Ended:
        done = Forked(tmp_path / "said", *arguments, tmp_path / folder, before=before).ended()
        assert (tmp_path / folder / "manifest.json").exists()
        return done

    code, _, err = ended("full 1", lambda: os.dup2(full, 1))
    assert (code, err.splitlines()[-1]) == (3, f"standard output: {os.strerror(errno.ENOSPC)}")
    code, out, _ = ended("full 2", lambda: os.dup2(full, 2))
    assert code == 0 and "written" in out
    assert ended("unread", lambda: os.dup2(written, 1)).returncode in (0, 3)
    os.close(full)
    os.close(written)
    for number in (1, 2):
        assert ended(f"closed {number}", lambda number=number: os.close(number)).returncode == 0
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&- 2>&-', "sh", sys.executable, "-m", "capacity"]
        + [str(one) for one in (*arguments, tmp_path / "closed")],
        env=surroundings(PYTHONPATH=str(Path(__file__).parents[2])), check=False,
    )  # fmt: skip
    assert done.returncode == 0 and (tmp_path / "closed" / "manifest.json").exists()


@pytest.mark.parametrize(
    "words", usually(["run baseline.yaml", "chart x", "compare x x", "new d"], ["chart x", "new d"])
)
def test_a_working_folder_that_is_gone_is_said(tmp_path: Path, words: str) -> None:
    gone = tmp_path / "gone"
    gone.mkdir()

    def leave() -> None:
        os.chdir(gone)
        gone.rmdir()

    number, _, err = Forked(tmp_path / "said", *words.split(), before=leave).ended()
    assert number in (2, 3), err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_who_is_interrupted_says_so(tmp_path: Path, number: signal.Signals) -> None:
    scenario = write(tmp_path, scenario=scenario_named("a"))
    for _ in range(5):  # a busy machine may look too late
        process = Forked(tmp_path / "said", "run", scenario, "-o", tmp_path / "x", "--overwrite")
        charts = tmp_path / ".x.writing" / "new" / "charts"
        while process.is_alive() and not charts.exists():
            time.sleep(0.01)
        if process.is_alive():
            break
        shutil.rmtree(tmp_path / "x")
    os.kill(process.pid, number)
    code, _, err = process.ended()
    assert (code, err.splitlines()[-1]) == (130, "interrupted")
    assert not (tmp_path / "x").exists() and not (tmp_path / ".x.writing").exists()


def test_an_interrupt_reaches_every_process_of_a_run(tmp_path: Path) -> None:
    """As a terminal sends it: to all of them at once."""
    scenarios = [write(tmp_path / name, scenario=scenario_named(name)) for name in "abcd"]
    arguments = ("run", *scenarios, "-o", tmp_path / "out", "--workers", 2)
    process = Forked(tmp_path / "said", *arguments, before=os.setsid)
    until = time.monotonic() + 30
    while not list((tmp_path / "out").glob(".*")) and time.monotonic() < until:
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)
    code, _, err = process.ended()
    assert code == 130, err
    assert not list((tmp_path / "out").glob(".*"))


def test_another_that_writes_is_waited_for(tmp_path: Path, run: Path) -> None:
    from capacity.results import workshop

    other = ("run", tmp_path / "baseline.yaml", "-o", run, "--no-charts", "--draws", 0, "--seed", 2)
    with workshop(run):
        for arguments in ((*other, "--overwrite"), ("chart", run, "--kind", "wave")):
            done = capacity(*arguments)
            assert done.returncode == 4 and "wait" in done.stderr
    assert capacity(*other, "--overwrite").returncode == 0
    with workshop(tmp_path / "d"):
        assert capacity("new", tmp_path / "d").returncode == 4
    with workshop(tmp_path / "demo" / "ratios.csv"):
        done = capacity("ratios", tmp_path / "demo", "--write", "-o", tmp_path / "y")
        assert done.returncode == 4 and "wait" in done.stderr
    assert not (tmp_path / "demo" / "ratios.csv").exists()


def test_names_that_one_system_takes_for_one_are_refused(tmp_path: Path) -> None:
    files = [write(tmp_path / name, scenario=scenario_named(name)) for name in ("Plan", "plan")]
    done = capacity("run", *files, "-o", tmp_path / "out")
    assert done.returncode == 2 and "Plan, plan" in done.stderr
    assert not (tmp_path / "out").exists()
    shutil.rmtree(tmp_path / "Plan")


def test_a_terminal_in_a_folder_that_is_replaced_is_told(tmp_path: Path, run: Path) -> None:
    arguments = ("run", tmp_path / "baseline.yaml", "-o", ".", "--no-charts", "--draws", 0)
    for more, words in ((("--lang", "en"), "cd ."), (("--lang", "zh"), "cd .")):
        done = capacity(*arguments, "--seed", 2 + len(words), "--overwrite", *more, cwd=run)
        assert done.returncode == 0 and words in done.stderr
        assert "cd ." not in capacity(*arguments, "--seed", 6, *more, cwd=run).stderr
        assert (run / "manifest.json").exists()
        shutil.rmtree(run)
        run.mkdir()
        assert "cd ." not in capacity(*arguments, *more, cwd=run).stderr
