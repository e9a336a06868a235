"""``capacity run`` as a planner meets it: folders, exit codes, what is printed where."""

import hashlib
import json
import os
import select
import shutil
import time
from functools import partial
from pathlib import Path

import pandas as pd
import pytest

from tests.cli.command import Forked, capacity, full
from tests.inputs.folder import write
from tests.seeds import usually

SCENARIOS = Path(__file__).parents[2] / "scenarios"
BASELINE = SCENARIOS / "baseline.yaml"
#: Where folders are looked at, not numbers.
QUICK = ("--no-charts", "--draws", "0")
TABLES = ("results", "entry", "pupils", "levers", "checks", "assumptions")


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str, str]:
    folder = tmp_path_factory.mktemp("runs") / "with charts 图"
    done = capacity("run", BASELINE, "-o", folder)
    assert done.returncode == 0, done.stderr
    return folder, done.stdout, done.stderr


def test_the_folder_holds_everything_and_the_manifest_names_it(finished) -> None:
    folder, _, _ = finished
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert files - {"manifest.json"} == set(manifest["outputs"])
    assert {f"{name}.csv" for name in TABLES} <= files
    assert {f"charts/gap_{year}.png" for year in range(2020, 2036)} | {"charts/gap.png"} <= files
    assert "results.xlsx" in files
    assert {f"charts/{name}.png" for name in ("entry_2021", "heatmap", "fan")} <= files
    for name, digest in manifest["outputs"].items():
        assert hashlib.sha256((folder / name).read_bytes()).hexdigest() == digest
    assert not list(folder.parent.glob(".*")), "drafts are gone"


#: Variables of which draws give quantiles.
DRAWN = ("demand", "places", "gap", "shortage")


def test_results_have_exactly_the_rows_and_columns_of_the_contract(finished) -> None:
    frame = pd.read_csv(finished[0] / "results.csv", keep_default_na=False)
    assert list(frame.columns) == [
        "scenario",
        "year",
        "region",
        "level",
        "demand",
        "places",
        "places_listed",
        "gap",
        "shortage",
        "surplus",
        "shortage_after",
        "utilisation",
        "constrained",
        "shortage_by_grade",
        *(f"{name}_{end}" for name in DRAWN for end in ("p10", "p50", "p90")),
        "shortage_mean",
        "surplus_mean",
        "prob_shortage",
        "prob_idle",
    ]
    regions = ["north", "central", "south", "east", "west", "all"]
    levels = ["primary", "middle", "high", "all"]
    expected = [(y, r, v) for y in range(2020, 2036) for r in regions for v in levels]
    assert list(zip(frame.year, frame.region, frame.level, strict=True)) == expected
    assert not frame.isin(["nan", "NaN", "None"]).any(axis=None)
    pooled = frame[(frame.level == "high") & (frame.region != "all")]
    clipped = ["shortage", "surplus", "shortage_after", "prob_shortage", "shortage_p50"]
    assert (pooled[[*clipped, "shortage_mean", "surplus_mean"]] == "").all(axis=None)


def test_the_terminal_answers_in_words_with_units_and_signs(finished) -> None:
    _, out, err = finished
    for words in ("places are short", "regional split assumed", "Classes to open in 2021"):
        assert words in out
    assert "seed 1" in out
    assert "lower bound" in err


def test_chinese_is_spoken_where_the_locale_is_chinese(tmp_path: Path) -> None:
    done = capacity("run", BASELINE, "-o", tmp_path / "a", "--no-charts", LANG="zh_CN.UTF-8")
    assert "2025年（规划目标年）缺学位 3.8万个" in done.stdout
    assert "各区域数按假定比例拆分" in done.stdout


def test_a_gbk_console_shows_all_that_it_can(tmp_path: Path) -> None:
    command = ("run", BASELINE, "--lang", "zh", "--no-charts", "-o", tmp_path / "a")
    done = Forked(tmp_path / "said", *command, encoding="gbk").ended()
    assert done.returncode == 0
    assert "2025年（规划目标年）缺学位 3.8万个" in done.stdout


def test_the_same_run_again_is_unchanged_and_anything_else_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert capacity("run", BASELINE, "-o", folder, *QUICK).returncode == 0
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    again = capacity("run", BASELINE, "-o", folder, *QUICK)
    assert again.returncode == 0
    assert "unchanged" in again.stdout
    assert before == {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    other = capacity("run", SCENARIOS / "no-build.yaml", "-o", folder, *QUICK)
    assert other.returncode == 2
    assert "--overwrite" in other.stderr
    assert before == {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    replaced = capacity("run", SCENARIOS / "no-build.yaml", "-o", folder, *QUICK, "--overwrite")
    assert replaced.returncode == 0
    assert json.loads((folder / "manifest.json").read_text())["scenario"] == "no-build"


def test_an_altered_table_is_not_called_unchanged(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    capacity("run", BASELINE, "-o", folder, *QUICK)
    table = folder / "results.csv"
    table.write_bytes(table.read_bytes().replace(b"2", b"3", 1))
    assert capacity("run", BASELINE, "-o", folder, *QUICK).returncode == 2


def test_overwriting_never_loses_files_that_no_run_wrote(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("mine")
    assert capacity("run", BASELINE, "-o", tmp_path, *QUICK).returncode == 2
    for seed in (1, 2):
        done = capacity("run", BASELINE, "-o", tmp_path, *QUICK, "--overwrite", "--seed", seed)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "thesis.txt").read_text() == "mine"
        manifest = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
        assert manifest["seed"] == seed


def test_a_run_into_the_folder_of_its_scenario_leaves_the_scenario(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    shutil.copy(BASELINE, tmp_path)
    for seed in (1, 2):
        done = capacity(
            "run", tmp_path / "baseline.yaml", "-o", tmp_path, *QUICK, "--overwrite",
            "--seed", seed,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert (tmp_path / "baseline.yaml").read_bytes() == BASELINE.read_bytes()
        assert (tmp_path / "haidian" / "district.yaml").exists()


def test_files_of_others_are_never_replaced_nor_deleted(tmp_path: Path) -> None:
    """Own files under names of a run, a foreign or forged manifest, inputs kept in `inputs`."""
    work = tmp_path / "work"
    shutil.copytree(SCENARIOS / "haidian", work / "inputs" / "haidian")
    for name in ("baseline.yaml", "no-build.yaml"):
        shutil.copy(SCENARIOS / name, work / "inputs")
    (tmp_path / "victim.txt").write_text("mine")
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    for name in ("baseline.yaml", "no-build.yaml"):
        done = capacity("run", work / "inputs" / name, "-o", work, *QUICK, "--overwrite")
        assert done.returncode == 2, done.stdout
        assert "would be replaced" in done.stderr
    forged = [{"name": "web app"}, {"format": "capacity.run/1", "outputs": None}]
    forged.append({"format": "capacity.run/1", "outputs": {"../victim.txt": "00"}})
    for manifest in forged:
        (tmp_path / "web").mkdir(exist_ok=True)
        (tmp_path / "web" / "manifest.json").write_text(json.dumps(manifest))
        done = capacity("run", BASELINE, "-o", tmp_path / "web", *QUICK, "--overwrite")
        assert "Traceback" not in done.stderr
        assert done.returncode == (0 if manifest.get("outputs") else 2)
        shutil.rmtree(tmp_path / "web")
    assert before == {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}


def test_an_altered_table_is_replaced_when_asked(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    assert capacity("run", BASELINE, "-o", folder, *QUICK).returncode == 0
    (folder / "results.csv").write_text("annotated")
    done = capacity("run", BASELINE, "-o", folder, *QUICK, "--overwrite")
    assert done.returncode == 0, done.stderr
    assert (folder / "results.csv").read_text("utf-8-sig").startswith("scenario,year")


def test_a_link_to_a_folder_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for _ in range(2):
        done = capacity("run", BASELINE, "-o", tmp_path / "link", *QUICK)
        assert done.returncode == 0, done.stderr
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real" / "results.csv").exists()


def test_a_file_where_a_folder_is_needed_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "charts").write_text("mine")
    done = capacity("run", write(tmp_path / "d"), "-o", folder, "--overwrite")
    assert done.returncode == 2, done.stderr
    assert [p.name for p in folder.iterdir()] == ["charts"]
    assert not list(tmp_path.glob(".*"))


def test_workers_end_with_their_parent(tmp_path: Path) -> None:
    names = ("baseline", "no-build", "delayed", "inflow")
    files = [SCENARIOS / f"{name}.yaml" for name in names]
    read, held = os.pipe()
    process = Forked(
        tmp_path / "said", "run", *files, "-o", tmp_path / "out", "--workers", 2,
        before=lambda: os.dup2(held, 1),
    )  # fmt: skip
    os.close(held)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    until = time.monotonic() + 30
    while children.exists() and not children.read_text() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.5 if children.exists() else 2.5)
    process.kill()
    process.join()
    assert select.select([read], [], [], 30)[0]  # only when no worker holds the pipe any more
    os.close(read)


def test_a_lever_that_takes_too_much_is_named(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    (tmp_path / "s.yaml").write_text(
        "name: s\ndistrict: haidian\nhorizon: {base_year: 2020, last_year: 2022}\nlevers:\n"
        "  - {kind: places, add: -999999, where: {region: north, level: primary}}\n"
        "  - {kind: add_places, add: 100, where: {region: south, level: primary}}\n"
    )
    done = capacity("check", tmp_path / "s.yaml")
    assert done.returncode == 2
    assert done.stderr.count("places-below-zero") == 1
    assert "s.yaml:5:5: places-below-zero" in done.stderr


def test_a_plain_file_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    done = capacity("run", BASELINE, "-o", tmp_path / "out", *QUICK, "--overwrite")
    assert done.returncode == 2
    assert (tmp_path / "out").read_text() == "mine"
    assert not list(tmp_path.glob(".*"))


def test_other_charts_of_the_same_run_are_drawn(tmp_path: Path) -> None:
    folder, scenario = tmp_path / "run", write(tmp_path)
    assert capacity("run", scenario, "-o", folder, *QUICK).returncode == 0
    numbers = (folder / "results.csv").read_bytes()
    assert not (folder / "results.xlsx").exists()
    done = capacity("run", scenario, "-o", folder, "--draws", 0, "--lang", "zh")
    assert done.returncode == 0
    assert "结果未变" in done.stdout
    assert (folder / "charts" / "gap.png").exists() and (folder / "results.xlsx").exists()
    assert (folder / "results.csv").read_bytes() == numbers
    drawn = (folder / "charts" / "gap.png").stat().st_mtime_ns
    again = capacity("run", scenario, "-o", folder, *QUICK)
    assert again.returncode == 0
    assert (folder / "charts" / "gap.png").stat().st_mtime_ns == drawn


def test_a_base_that_cannot_stand_alone_is_no_fault(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    (tmp_path / "part.yaml").write_text("name: part\nsupply: {fill: immediate}\n")
    (tmp_path / "whole.yaml").write_text(
        "name: whole\nextends: part.yaml\ndistrict: haidian\n"
        "horizon: {base_year: 2020, last_year: 2022}\n"
    )
    done = capacity("run", tmp_path / "whole.yaml", "-o", tmp_path / "out", *QUICK)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_run_can_be_made_again_from_its_own_inputs(finished, tmp_path: Path) -> None:
    copied = finished[0] / "inputs" / "baseline.yaml"
    done = capacity("run", copied, "-o", tmp_path / "again", "--no-charts")
    assert done.returncode == 0, done.stderr
    for name in TABLES:
        first, second = (f / f"{name}.csv" for f in (finished[0], tmp_path / "again"))
        assert first.read_bytes() == second.read_bytes(), name


def test_several_scenarios_go_to_folders_of_their_names(tmp_path: Path) -> None:
    names = ("baseline", "no-build")
    done = capacity(
        "run", *(SCENARIOS / f"{n}.yaml" for n in names), "-o", tmp_path, *QUICK, "--json"
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert [run["scenario"] for run in said["runs"]] == list(names)
    for name, run in zip(names, said["runs"], strict=True):
        frame = pd.read_csv(tmp_path / name / "results.csv")
        whole = frame[(frame.region == "all") & (frame.level == "all")]
        assert [year["gap"] for year in run["years"]] == whole.gap.tolist()


def test_fail_on_shortage_sets_the_exit_code(tmp_path: Path) -> None:
    for bound, code in ((10**7, 0), (100, 1)):
        done = capacity(
            "run", BASELINE, "-o", tmp_path / str(bound), *QUICK, "--fail-on",
            f"shortage:{bound}",
        )  # fmt: skip
        assert done.returncode == code
        assert ("places are short in 2030, more than 100" in done.stderr) == bool(code)
    assert capacity("run", BASELINE, "--fail-on", "many", "-o", tmp_path / "x").returncode == 2


def test_bad_input_writes_nothing(tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    (tmp_path / "bad.yaml").write_text(
        BASELINE.read_text(encoding="utf-8").replace("horizon:", "horizn:"), encoding="utf-8"
    )
    done = capacity("run", tmp_path / "bad.yaml", "-o", tmp_path / "out")
    assert done.returncode == 2
    assert "horizn" in done.stderr
    assert "'horizon'" in done.stderr
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "out").exists()


def test_two_writers_do_not_meet(tmp_path: Path) -> None:
    import fcntl

    folder = tmp_path / "run"
    draft = tmp_path / ".run.writing"
    draft.mkdir()
    with (draft / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = capacity("run", BASELINE, "-o", folder, *QUICK)
    assert done.returncode == 4, done.stderr
    assert not folder.exists()
    assert capacity("run", BASELINE, "-o", folder, *QUICK).returncode == 0


@pytest.mark.parametrize("after", usually([0.1, 0.4, 0.8, 1.3], [0.4, 0.8]))
def test_a_killed_run_leaves_no_half_folder(tmp_path: Path, after: float) -> None:
    folder = tmp_path / "run"
    process = Forked(tmp_path / "said", "run", BASELINE, "-o", folder)
    time.sleep(after)
    process.kill()
    process.join()
    assert not folder.exists() or (folder / "manifest.json").exists()
    assert capacity("run", BASELINE, "-o", folder, "--no-charts").returncode == 0
    assert not list(tmp_path.glob(".*"))


def test_a_full_disk_is_said_and_leaves_the_old_run(tmp_path: Path) -> None:
    folder = tmp_path / "run"
    capacity("run", BASELINE, "-o", folder, *QUICK)
    before = (folder / "results.csv").read_bytes()
    command = ("run", SCENARIOS / "no-build.yaml", "-o", folder, *QUICK, "--overwrite")
    done = Forked(tmp_path / "said", *command, before=partial(full, 4096)).ended()
    assert done.returncode == 3, done.stderr
    assert (folder / "results.csv").read_bytes() == before
