"""``capacity compare`` as a planner meets it: what is printed where, folders, exit codes."""

import fcntl
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.command import capacity

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINE, DELAYED, NO_BUILD = (
    SCENARIOS / f"{name}.yaml" for name in ("baseline", "delayed", "no-build")
)


@pytest.fixture(scope="module", autouse=True)
def _without_draws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The shipped plans without draws: how sure they are is not looked at here."""
    here = shutil.copytree(SCENARIOS, tmp_path_factory.mktemp("plans") / "scenarios")
    with (here / "baseline.yaml").open("a", encoding="utf-8") as file:
        file.write("chance: {draws: 0}\n")
    with pytest.MonkeyPatch.context() as patched:
        patched.setitem(globals(), "SCENARIOS", here)
        for name in ("BASELINE", "DELAYED", "NO_BUILD"):
            patched.setitem(globals(), name, here / globals()[name].name)
        yield


def files(folder: Path) -> set[str]:
    return {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}


def test_two_scenarios_by_default_go_to_a_folder_of_their_names(tmp_path: Path) -> None:
    done = capacity("compare", BASELINE, DELAYED, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert files(tmp_path) == {
        f"comparisons/baseline-delayed/{name}"
        for name in (
            "difference.csv", "headline.csv", "inputs.csv", "manifest.json",
            "charts/difference.png",
        )
    }  # fmt: skip
    assert "B: Two-year construction delay" in done.stdout
    assert "projects open 2 years later (status approved, planned) (delayed.yaml:8)" in done.stdout
    inputs = pd.read_csv(tmp_path / "comparisons/baseline-delayed/inputs.csv")
    assert len(inputs) == 1  # both extend the same file: the lever and nothing else


def test_the_delay_moves_places_and_nothing_of_demand(tmp_path: Path) -> None:
    capacity("compare", BASELINE, DELAYED, "-o", tmp_path / "x", "--no-charts")
    rows = pd.read_csv(tmp_path / "x" / "difference.csv")
    cells = rows.pivot_table("change", ["year", "region", "level"], "variable")
    assert (cells["demand"] == 0).all()
    assert (cells["gap"] + cells["places"]).abs().max() < 1e-6
    assert cells["gap"].min() == 0 and cells["gap"].max() > 10_000


def test_runs_and_scenarios_mix_and_several_go_to_folders_of_their_own(tmp_path: Path) -> None:
    capacity("run", BASELINE, "--no-charts", "-o", tmp_path / "plan")
    done = capacity(
        "compare", tmp_path / "plan", DELAYED, NO_BUILD, "-o", tmp_path / "x", "--no-charts"
    )
    assert done.returncode == 0, done.stderr
    assert {name.split("/")[0] for name in files(tmp_path / "x")} == {"delayed", "no-build"}
    heads = [line.split() for line in done.stdout.splitlines() if line.startswith("year")]
    assert ["year", "baseline", "delayed", "no-build"] in heads
    again = capacity("compare", BASELINE, DELAYED, "-o", tmp_path / "x/delayed", "--no-charts")
    assert again.returncode == 0 and "unchanged" in again.stdout


def test_json_stands_alone_on_stdout(tmp_path: Path) -> None:
    arguments = ("-o", tmp_path / "x", "--json", "--no-charts")
    said = json.loads(capacity("compare", BASELINE, DELAYED, *arguments).stdout)
    assert said["format"] == "capacity.comparison/1" and said["state"] == "written"
    assert (said["a"]["scenario"], said["b"]["scenario"]) == ("baseline", "delayed")
    assert said["inputs_changed"] == {"lever": 1}
    for year in said["years"]:
        assert year["gap_change"] == year["gap_b"] - year["gap_a"]
    several = json.loads(capacity("compare", BASELINE, BASELINE, DELAYED, *arguments).stdout)
    assert [one["b"]["scenario"] for one in several["comparisons"]] == ["baseline", "delayed"]


def test_the_same_thing_twice_differs_in_nothing(tmp_path: Path) -> None:
    arguments = ("-o", tmp_path / "x", "--lang", "zh")
    done = capacity("compare", BASELINE, BASELINE, *arguments)
    assert done.returncode == 0
    assert "结果完全相同" in done.stdout and "输入没有差异" in done.stdout
    assert (tmp_path / "x" / "charts" / "difference.png").exists()


def test_another_comparison_is_kept_unless_told_otherwise(tmp_path: Path) -> None:
    folder = tmp_path / "x"
    capacity("compare", BASELINE, DELAYED, "-o", folder, "--no-charts")
    before = {name: (folder / name).read_bytes() for name in files(folder)}
    other = ("compare", BASELINE, NO_BUILD, "-o", folder, "--no-charts")
    refused = capacity(*other)
    assert refused.returncode == 2 and "--overwrite" in refused.stderr
    assert "已有其他内容" in capacity(*other, "--lang", "zh").stderr
    assert before == {name: (folder / name).read_bytes() for name in files(folder)}
    assert capacity(*other, "--overwrite").returncode == 0
    assert json.loads((folder / "manifest.json").read_text())["b"]["scenario"] == "no-build"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_neither_run_nor_scenario_is_refused_and_nothing_written(
    tmp_path: Path, lang: str
) -> None:
    capacity("compare", BASELINE, DELAYED, "-o", tmp_path / "x", "--no-charts")
    before = files(tmp_path)
    for what in (SCENARIOS / "haidian", tmp_path / "nothing", tmp_path / "x"):
        done = capacity("compare", BASELINE, what, "--lang", lang, cwd=tmp_path)
        assert done.returncode == 2
        assert f"{what}: compare-neither: " in done.stderr
        assert {"en": "expected a run folder", "zh": "运行文件夹（含 manifest.json）"}[
            lang
        ] in done.stderr
    assert files(tmp_path) == before


def test_an_altered_run_is_refused(tmp_path: Path) -> None:
    capacity("run", BASELINE, "--no-charts", "-o", tmp_path / "plan")
    table = tmp_path / "plan" / "results.csv"
    table.write_bytes(table.read_bytes().replace(b"2", b"3", 1))
    done = capacity("compare", tmp_path / "plan", DELAYED, cwd=tmp_path)
    assert done.returncode == 2 and "run-altered" in done.stderr
    assert not (tmp_path / "comparisons").exists()


def test_problems_of_all_arguments_are_shown(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    text = BASELINE.read_text(encoding="utf-8")
    for name in ("one", "two"):
        (tmp_path / f"{name}.yaml").write_text(text.replace("last_year", f"last_{name}"))
    done = capacity("compare", tmp_path / "one.yaml", tmp_path / "two.yaml", cwd=tmp_path)
    assert done.returncode == 2
    assert "one.yaml:" in done.stderr and "two.yaml:" in done.stderr


def test_one_argument_and_one_named_twice_are_refused(tmp_path: Path) -> None:
    assert capacity("compare", BASELINE, cwd=tmp_path).returncode == 2
    done = capacity("compare", BASELINE, DELAYED, DELAYED, cwd=tmp_path)
    assert done.returncode == 2 and "delayed stands twice" in done.stderr
    assert files(tmp_path) == set()


def test_runs_of_one_name_are_told_apart_by_their_id(tmp_path: Path) -> None:
    for seed in (1, 2):
        options = ("--no-charts", "--draws", 20, "--seed", seed)
        capacity("run", BASELINE, *options, "-o", tmp_path / str(seed))
    done = capacity("compare", *(tmp_path / name for name in "12"), "--no-charts", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert "chance.seed 1 → 2" in done.stdout
    (folder,) = (tmp_path / "comparisons").iterdir()
    first, second = (
        json.loads((tmp_path / name / "manifest.json").read_text())["run_id"] for name in "12"
    )
    assert folder.name == f"baseline-{first}-baseline-{second}"


def test_a_folder_in_use_and_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    draft = tmp_path / ".x.writing"
    draft.mkdir()
    with (draft / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        arguments = ("compare", BASELINE, DELAYED, "--no-charts", "-o")
        assert capacity(*arguments, tmp_path / "x").returncode == 4
        chinese = capacity(*arguments, tmp_path / "x", "--lang", "zh")
        assert chinese.returncode == 4 and "另一个比较正在写入" in chinese.stderr
    file = tmp_path / "file"
    file.write_text("")
    for lang, said in (("en", f"{file}: File exists\n"), ("zh", f"{file}：已有同名文件\n")):
        done = capacity(*arguments, file / "x", "--lang", lang)
        assert done.returncode == 3 and done.stderr.endswith(said)
