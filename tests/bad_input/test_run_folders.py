"""Run folders of others: whatever they hold is told in a line, and nothing outside is touched."""

from __future__ import annotations

import hashlib
import json
import os
import random
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from capacity import InputError, api
from capacity.results import TABLES
from tests.bad_input.cases import (
    BAD_INPUT,
    DISTRICT_FILE,
    SCENARIO_FILE,
    capacity,
    levers,
    swap,
    tree,
)
from tests.inputs.folder import write

Spoil = Callable[[Path], object]
#: Stands outside of a run, and in no output.
SECRET = "canary"


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a run with draws, beside a file of somebody's."""
    top = tmp_path_factory.mktemp("runs")
    options = ("--no-charts", "--draws", 20, "--lang", "en")
    said = capacity("run", write(top / "in"), "-o", top / "sound", *options)
    assert said.code == 0, said.err
    (top / "secret.csv").write_text(f"year,{SECRET}\n2021,1\n", encoding="utf-8")
    (top / "elsewhere").mkdir()
    (top / "elsewhere" / "baseline.yaml").write_text(f"name: {SECRET}\n", encoding="utf-8")
    return top / "sound"


def manifest(run: Path) -> dict[str, object]:
    return dict(json.loads((run / "manifest.json").read_text(encoding="utf-8")))


def stated(**facts: object) -> Spoil:
    """Let the manifest state something else."""
    return lambda run: (run / "manifest.json").write_text(json.dumps(manifest(run) | facts))


def signed(name: str, data: bytes) -> Spoil:
    """Put other bytes in the place of a file, with their hash."""

    def spoil(run: Path) -> None:
        (run / name).write_bytes(data)
        outputs = dict(manifest(run)["outputs"])  # type: ignore[call-overload]
        stated(outputs=outputs | {name: hashlib.sha256(data).hexdigest()})(run)

    return spoil


def replaced(name: str, put: Spoil) -> Spoil:
    """Put something else in the place of a file or folder."""

    def spoil(run: Path) -> None:
        path = run / name
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        put(path)

    return spoil


def linked(name: str, to: str) -> Spoil:
    """Put a link to something outside in its place, with the hash of that."""

    def spoil(run: Path) -> None:
        target = run.parent / to
        if target.is_file() and name != "manifest.json":
            signed(name, target.read_bytes())(run)
        replaced(name, lambda path: path.symlink_to(target))(run)

    return spoil


def altered(column: str, cell: str, table: str = "results") -> Spoil:
    """Put a cell into the middle of a table, with its hash."""

    def spoil(run: Path) -> None:
        frame = pd.read_csv(run / f"{table}.csv", dtype=str, keep_default_na=False)
        frame.loc[len(frame) // 2, column] = cell
        signed(f"{table}.csv", frame.to_csv(index=False).encode())(run)

    return spoil


def scenario(files: dict[str, object]) -> Spoil:
    """Put another scenario or district among the inputs, with its hash."""
    ((name, text),) = files.items()
    return signed(f"inputs/{name}", str(text).encode())


_DISTRICT = "district: demo"
RESULTS = "results.csv"
FOLDERS: dict[str, Spoil] = {
    "a manifest that is a link": linked("manifest.json", "secret.csv"),
    "a manifest of a run elsewhere": linked("manifest.json", "sound/manifest.json"),
    "a manifest that is a pipe": replaced("manifest.json", os.mkfifo),
    "a manifest that is a folder": replaced("manifest.json", os.mkdir),
    "a manifest of 20 MB": stated(more="x" * 20_000_000),
    "a deep manifest": lambda run: (run / "manifest.json").write_text('{"a":' * 100_000),
    "a manifest of another text": lambda run: (run / "manifest.json").write_bytes(b"\xff\xfe{}"),
    "a manifest of many digits": lambda run: (run / "manifest.json").write_text("9" * 10_000),
    "no outputs": stated(outputs=[]),
    "a scenario outside": stated(scenario_file="../../elsewhere/baseline.yaml"),
    "a scenario at the root": lambda run: stated(
        scenario_file=str(run.parent / "elsewhere" / "baseline.yaml")
    )(run),
    "a key with NUL": lambda run: stated(
        outputs={**manifest(run)["outputs"], "inputs/a\0b": "0"}  # type: ignore[dict-item]
    )(run),
    "a surrogate as id": stated(run_id="\ud800" * 8),
    "a surrogate as scenario": stated(scenario_file="\ud800"),
    "draws beyond any": stated(draws=10**30),
    "a table that is a link": linked(RESULTS, "secret.csv"),
    "a table that is a pipe": replaced(RESULTS, os.mkfifo),
    "a table that is a folder": replaced(RESULTS, os.mkdir),
    "inputs that are a link": linked("inputs", "elsewhere"),
    "a scenario that is a link": linked("inputs/baseline.yaml", "elsewhere/baseline.yaml"),
    "nan": altered("demand", "nan"),
    "a year of 10^12": altered("year", "1000000000000"),
    "a region with NUL": altered("region", "no\0rth"),
    "no rows": signed(RESULTS, b"scenario,year,region,level\n"),
    "nothing": signed(RESULTS, b""),
    "other columns": signed(RESULTS, b"a,b\n1,2\n"),
    "no text": signed(RESULTS, b"\xed\xa0\x80,\xff\n1,2\n"),
    "an open quote": signed(RESULTS, b'scenario,year,"region\n' * 1000),
    "a cell of the grid at 1e9": scenario(swap(DISTRICT_FILE, "cell: [0, 1]", "cell: [1e9, 5]")),
    "a district outside": scenario(swap(SCENARIO_FILE, _DISTRICT, "district: ../../elsewhere")),
    "another base year": scenario(swap(SCENARIO_FILE, "base_year: 2021", "base_year: 2020")),
    "levers of 1e308": scenario(levers("{kind: migration, add: 1e308}")),
    "levers of 1e300": scenario(levers("{kind: places, where: {region: north}, set: 1e300}")),
}


@pytest.fixture
def beside(sound: Path, tmp_path: Path) -> Path:
    """Give a folder with the sound run, a copy to be spoilt, and what stands beside them."""
    shutil.copytree(sound.parent, tmp_path, dirs_exist_ok=True)
    shutil.copytree(sound, tmp_path / "x")
    return tmp_path


#: Commands by which a folder is met, in the language of their turn.
ASKED = (
    "chart {top}/x --kind wave",
    "compare {top}/sound {top}/x -o {top}/c",
    "compare {top}/x {top}/sound -o {top}/c",
    "check {top}/x",
    "run {top}/in/baseline.yaml -o {top}/x --no-charts --draws 20",
)


@pytest.mark.parametrize("what", FOLDERS)
def test_a_run_that_was_made_up_is_told_and_nothing_outside_is_touched(
    what: str, beside: Path
) -> None:
    turn = list(FOLDERS).index(what)
    told(what, beside, [turn % len(ASKED), (turn + 2) % len(ASKED)])


@pytest.mark.slow
@pytest.mark.parametrize("what", FOLDERS)
def test_every_command_tells_a_run_that_was_made_up(what: str, beside: Path) -> None:
    told(what, beside, range(len(ASKED)))


def told(what: str, beside: Path, asked: Iterable[int]) -> None:
    """Hold that commands tell a folder of which something was made up."""
    FOLDERS[what](beside / "x")
    before = tree(beside)
    for number in asked:
        arguments = [word.format(top=beside) for word in ASKED[number].split()]
        said = capacity(*arguments, "--lang", ("en", "zh")[number % 2])
        assert said.code == BAD_INPUT or (said.code == 0 and arguments[0] == "check"), said
        assert "Traceback" not in said.err and "capacity-" not in said.err, said.err
        assert SECRET not in said.err + said.out
        assert all(line.isprintable() for line in said.err.splitlines())
        assert len(said.err.splitlines()) <= 8  # one for each file that was altered
        assert tree(beside) == before


@pytest.mark.parametrize("what", random.Random("folders").sample(sorted(FOLDERS), 4))
def test_where_a_run_that_was_made_up_is_replaced_nothing_outside_is(
    what: str, beside: Path
) -> None:
    overwritten(what, beside)


@pytest.mark.slow
@pytest.mark.parametrize("what", FOLDERS)
def test_where_any_run_that_was_made_up_is_replaced_nothing_outside_is(
    what: str, beside: Path
) -> None:
    overwritten(what, beside)


def overwritten(what: str, beside: Path) -> None:
    run = beside / "x"
    FOLDERS[what](run)
    before = tree(beside)
    said = capacity(
        "run", beside / "in" / SCENARIO_FILE, "-o", run, "--no-charts", "--draws", 0, "--overwrite"
    )
    assert said.code in (0, BAD_INPUT), said
    assert "Traceback" not in said.err and "capacity-" not in said.err, said.err
    outside = {name: of for name, of in before.items() if not name.startswith(str(run))}
    assert outside.items() <= tree(beside).items()


def test_a_run_whose_folder_is_a_link_is_a_run(beside: Path) -> None:
    (beside / "link").symlink_to(beside / "sound")
    said = capacity("compare", beside / "sound", beside / "link", "-o", beside / "c", "--no-charts")
    assert said.code == 0, said.err


# Any cell of any table

#: What may stand in a cell.
CELLS = ("", "nan", "inf", "-5", "1e308", "2021.5", "1000000000000", "a\0b", "many", "=1", "<b>")


def cells(run: Path) -> Iterator[tuple[str, str, str]]:
    """Give each cell for each column of each table with rows."""
    for table in TABLES:
        frame = pd.read_csv(run / f"{table}.csv", dtype=str, keep_default_na=False)
        yield from ((table, name, cell) for name in frame.columns for cell in CELLS if len(frame))


def read(run: Path) -> None:
    """Read a run and everything that is said of it, unless it is refused."""
    try:
        result = api.load_run(run)
    except InputError as error:
        assert len(str(error).splitlines()) == 1
        return
    for lang in ("en", "zh"):
        result.summary(lang)
    result._repr_html_()
    api.compare(result, result).summary("en")
    for kind in ("supply", "entry", "gap"):
        figure = result.plot.kind(kind).figure
        figure.clear()


def hold(run: Path, found: list[tuple[str, str, str]]) -> None:
    bad = []
    for table, name, cell in found:
        kept = {file: (run / file).read_bytes() for file in (f"{table}.csv", "manifest.json")}
        altered(name, cell, table)(run)
        try:
            read(run)
        except Exception as error:
            bad.append(f"{table}.{name} = {cell!r}: {error!r}")
        for file, data in kept.items():
            (run / file).write_bytes(data)
    assert not bad, f"{len(bad)} of {len(found)}:\n" + "\n".join(bad)


def test_any_cell_of_a_run_is_read_or_told(beside: Path) -> None:
    pick = random.Random("cells")
    hold(beside / "x", [("results", "gap", "1e308"), *pick.sample([*cells(beside / "x")], 11)])


@pytest.mark.slow
def test_every_cell_of_a_run_is_read_or_told(beside: Path) -> None:
    hold(beside / "x", [*cells(beside / "x")])
