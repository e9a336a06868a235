"""What ``capacity run`` says where it cannot go on, in the language that was chosen."""

from __future__ import annotations

import fcntl
from pathlib import Path

import pytest

from tests.bad_input.cases import BAD_INPUT, built, capacity, told, tree
from tests.inputs.folder import SCENARIO, write

ENVIRONMENT, IN_USE = 3, 4
QUICK = ("--no-charts", "--draws", "0")
LANGUAGES = ("en", "zh")


@pytest.fixture
def scenario(tmp_path: Path) -> Path:
    return write(tmp_path)


def text_in(lang: str, *arguments: object, code: int) -> str:
    done = capacity("run", *arguments, *QUICK, "--lang", lang)
    assert done.code == code, done.err
    (line,) = done.err.splitlines()
    return line


def test_two_scenarios_of_one_name(scenario: Path) -> None:
    other = scenario.with_name("again.yaml")
    other.write_text(SCENARIO, encoding="utf-8")
    words = [text_in(lang, scenario, other, code=BAD_INPUT) for lang in LANGUAGES]
    assert words == ["two scenarios are named baseline: rename one", "方案重名：baseline；请改名"]


def test_a_folder_with_something_else(scenario: Path, tmp_path: Path) -> None:
    taken, file = tmp_path / "taken", tmp_path / "file"
    taken.mkdir()
    for path in (taken / "mine.txt", file):
        path.write_text("mine")
    for folder in (taken, file):
        en, zh = (text_in(lang, scenario, "-o", folder, code=BAD_INPUT) for lang in LANGUAGES)
        assert (
            en == f"{folder}: holds something else; choose another folder with -o, or --overwrite"
        )
        assert zh == f"{folder}：已有其他内容；请用 -o 另选文件夹，或加 --overwrite"


def test_a_file_that_no_run_wrote_in_the_place_of_one(scenario: Path, tmp_path: Path) -> None:
    folder = tmp_path / "taken"
    folder.mkdir()
    (folder / "results.csv").write_text("mine")
    words = [
        text_in(lang, scenario, "-o", folder, "--overwrite", code=BAD_INPUT) for lang in LANGUAGES
    ]
    assert words == [
        f"{folder}: results.csv is not of a run and would be replaced; "
        "choose another folder with -o",
        f"{folder}：results.csv 不是运行写出的文件，不能替换；请用 -o 另选文件夹",
    ]


def test_a_folder_that_another_run_is_writing(scenario: Path, tmp_path: Path) -> None:
    draft = tmp_path / ".out.writing"
    draft.mkdir()
    folder = tmp_path / "out"
    with (draft / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        words = [text_in(lang, scenario, "-o", folder, code=IN_USE) for lang in LANGUAGES]
    assert words == [
        f"{folder}: another run is writing here; wait for it to end",
        f"{folder}：另一次运行正在写入，请等它结束",
    ]


def test_what_the_system_refuses(scenario: Path, tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    en, zh = (text_in(lang, scenario, "-o", file / "out", code=ENVIRONMENT) for lang in LANGUAGES)
    assert en == f"{file}: File exists"
    assert zh == f"{file}：已有同名文件"


def test_everything_wrong_is_told_at_once_and_nothing_is_written(tmp_path: Path) -> None:
    files = {
        "baseline.yaml": SCENARIO.replace("last_year", "lastyear")
        + "levers:\n  - {kind: delay, ad: 2}\n  - {kind: births, times: .nan}\n",
        "demo/births.csv": "year,region,births\n2014,北部,5\n2015,north,-5\n",
        "demo/places.csv": "region,level,places\nnorth,小学,5人人\n",
    }
    built(tmp_path, files)
    other = tmp_path / "other.yaml"
    other.write_text(SCENARIO.replace("name: baseline", "name: a/b"), encoding="utf-8")
    before = tree(tmp_path)
    done = capacity("run", tmp_path / "baseline.yaml", other, "-o", tmp_path / "out")
    assert done.code == BAD_INPUT
    assert tree(tmp_path) == before
    assert told(done, tmp_path) == [
        "baseline.yaml:5:10 key-missing",
        "baseline.yaml:5:28 key-unknown",
        "baseline.yaml:7:19 key-unknown",
        "baseline.yaml:8:27 yaml-not-finite",
        "demo/births.csv:2:6 title-for-code",
        "demo/births.csv:3:12 number-negative",
        "demo/places.csv:2:7 title-for-code",
        "demo/places.csv:2:10 number-invalid",
        "other.yaml:1:7 name-bad",
    ]
