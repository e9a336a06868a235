"""Run folders read back: the same tables to the last bit, and nothing that was altered."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from capacity import InputError, api
from capacity.results import (
    TABLES,
    Options,
    keep,
    load_run,
    run_folder,
    runs,
    sha256_of_file,
)
from tests.cli.command import capacity
from tests.inputs.folder import write


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    top = tmp_path_factory.mktemp("runs")
    scenario = api.load_scenario(write(top / "in")).with_levers({"kind": "births", "times": 0.9})
    return api.keep(scenario, top / "run", Options(charts=False))[0], top


@pytest.fixture
def kept(made, tmp_path: Path):
    """Give a run and a copy of its folder to be spoilt, beside its inputs."""
    result, top = made
    shutil.copytree(top, tmp_path, dirs_exist_ok=True)
    return result, tmp_path / "run"


def test_what_is_read_is_what_was_written(kept) -> None:
    result, folder = kept
    found = load_run(folder)
    for name in TABLES:
        one = result.frame() if name == "results" else getattr(result, name)
        other = found.frame() if name == "results" else getattr(found, name)
        for column in {"assumptions": ["value"], "levers": ["old", "new"]}.get(name, []):
            one[column] = one[column].astype(str)  # some are words, so all are text
        pd.testing.assert_frame_equal(one, other, check_dtype=False, check_exact=True)
    assert found.labels == result.labels


def refused(folder: Path) -> list[str]:
    with pytest.raises(InputError) as error:
        load_run(folder)
    return [problem.code for problem in error.value.problems]


@pytest.mark.parametrize("name", ["results.csv", "inputs/baseline.yaml"])
def test_what_was_altered_is_refused(kept, name: str) -> None:
    path = kept[1] / name
    path.write_bytes(path.read_bytes() + b"\n")
    assert refused(kept[1]) == ["run-altered"]
    path.unlink()
    assert refused(kept[1]) == ["run-altered"]


def test_another_format_is_refused(kept) -> None:
    path = kept[1] / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"format": "capacity.run/9"}))
    assert refused(kept[1]) == ["run-format"]
    path.write_bytes(b"\x80\x04K\x01.")  # a pickle is never opened as one
    assert refused(kept[1]) == ["run-format"]


def signed(folder: Path, name: str, text: str) -> None:
    """Put another table in the place of one, with its hash."""
    (folder / name).write_text(text, encoding="utf-8")
    path = folder / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    told["outputs"][name] = sha256_of_file(folder / name)
    path.write_text(json.dumps(told), encoding="utf-8")


def edited(table: pd.DataFrame, column: str, cell: str, row: int = 3) -> pd.DataFrame:
    table = table.astype(object)
    table.loc[row, column] = cell
    return table


TABLES_OF_NO_RUN = {
    "nan": lambda table: edited(table, "demand", "nan"),
    "inf": lambda table: edited(table, "shortage", "inf"),
    "text": lambda table: edited(table, "places", "many"),
    "a mark": lambda table: edited(table, "constrained", "maybe"),
    "far years": lambda table: edited(table, "year", str(10**12)),
    "years beyond any": lambda table: edited(table, "year", str(10**30)),
    "no rows": lambda table: table[:0],
    "fewer rows": lambda table: table[1:],
    "a row twice": lambda table: pd.concat([table[1:], table[1:2]]),
    "other columns": lambda table: table.rename(columns={"gap": "hole"}),
    "other regions": lambda table: edited(table, "region", "east"),
}


@pytest.mark.parametrize("spoil", TABLES_OF_NO_RUN.values(), ids=TABLES_OF_NO_RUN.keys())
def test_a_table_that_no_run_can_have_written_is_refused(kept, spoil) -> None:
    table = pd.read_csv(kept[1] / "results.csv", dtype=str, keep_default_na=False)
    signed(kept[1], "results.csv", spoil(table).to_csv(index=False))
    assert refused(kept[1]) == ["run-altered"]


@pytest.mark.parametrize(
    "name, fact, code",
    [
        ("scenario_file", "/etc/passwd", "run-altered"),
        ("scenario_file", "../../baseline.yaml", "run-altered"),
        ("scenario_file", "a\0b", "run-altered"),
        ("scenario_file", "\ud800", "run-altered"),
        ("scenario_file", "", "run-altered"),
        ("run_id", "\ud800", "run-format"),
        ("run_id", "../../..", "run-format"),
        ("draws", True, "run-format"),
        ("draws", -1, "run-format"),
        ("seed", 10**40, "run-format"),
        ("outputs", {"inputs/a\0b": "00", "\ud800": "00"}, None),
    ],
)
def test_a_manifest_that_no_run_can_have_written_is_refused(kept, name, fact, code) -> None:
    path = kept[1] / "manifest.json"
    told = json.loads(path.read_text(encoding="utf-8"))
    if name == "outputs":
        fact |= told["outputs"]
    path.write_text(json.dumps(told | {name: fact}), encoding="utf-8")
    assert set(refused(kept[1])) == {code or "run-altered"}
    done = capacity("chart", kept[1])
    assert done.returncode == 2 and "Traceback" not in done.stderr
    assert done.stderr.isprintable() or done.stderr.count("\n") == len(done.stderr.splitlines())


def test_a_run_that_is_replaced_while_it_is_read_is_read_again(
    kept, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All tables are of one run: the second one takes the first one's place in between."""
    result, folder = kept
    other = api.run(result.scenario.with_levers({"kind": "births", "times": 0.8}))
    read, times = runs.read_tables, []

    def replaced(*given: object) -> object:
        times.append(1)
        if len(times) == 1:
            keep(run_folder(other), folder, Options(charts=False), overwrite=True)
        return read(*given)

    monkeypatch.setattr(runs, "read_tables", replaced)
    found = load_run(folder)
    assert len(times) == 2
    pd.testing.assert_frame_equal(found.frame(), other.frame(), check_dtype=False)
    assert found.labels == other.labels


def test_a_folder_without_a_run_is_refused(tmp_path: Path) -> None:
    assert refused(tmp_path) == refused(tmp_path / "nothing") == ["run-missing"]


def test_seed_and_draws_are_those_of_the_run_not_of_the_file(tmp_path: Path) -> None:
    scenario = api.with_chance(api.load_scenario(write(tmp_path / "in")), draws=0, seed=7)
    api.keep(scenario, tmp_path / "run", Options(charts=False))
    assert load_run(tmp_path / "run").scenario.chance == scenario.chance
