"""``capacity new``: what is said and refused, and that the next command works."""

from functools import partial
from itertools import product
from pathlib import Path

import pytest

from tests.bad_input.cases import capacity
from tests.cli.command import Forked, full
from tests.seeds import usually


@pytest.mark.parametrize(
    ("lang", "options"),
    usually(product(("en", "zh"), ([], ["--excel"])), [("en", []), ("zh", ["--excel"])]),
)
def test_the_next_command_that_is_named_works(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, lang: str, options: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    made = capacity("new", "my district 区", "--lang", lang, *options)
    assert made.code == 0, made.err
    (line,) = [line for line in made.out.splitlines() if "capacity run" in line]
    done = capacity("run", line.split("capacity run ")[1].strip("'\""), "--no-charts")
    assert done.code == 0 and not done.err
    assert capacity("check", "my district 区").code == 0


def test_what_is_there_is_never_touched(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").write_text("mine")
    before = sorted(tmp_path.rglob("*"))
    for name in ("file", "full"):
        for lang, word in (("en", "already"), ("zh", "已有内容")):
            refused = capacity("new", tmp_path / name, "--lang", lang)
            assert refused.code == 2 and word in refused.err
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize("lang, said", [("en", ": File exists"), ("zh", "：已有同名文件")])
def test_a_file_in_the_way_is_said_in_the_language(tmp_path: Path, lang: str, said: str) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    refused = capacity("new", file / "demo", "--lang", lang)
    assert refused.code == 3 and refused.err == f"{file}{said}\n"


def test_a_district_with_errors_is_not_copied(tmp_path: Path) -> None:
    capacity("new", tmp_path / "a")
    births = tmp_path / "a" / "births.csv"
    births.write_text(births.read_text(encoding="utf-8-sig").replace("543", "5l3"))
    refused = capacity("new", tmp_path / "b", "--like", tmp_path / "a", "--excel")
    assert refused.code == 2 and "births.csv:2:" in refused.err
    assert not (tmp_path / "b").exists()


def test_a_disk_that_takes_nothing_is_said(tmp_path: Path) -> None:
    for options in ([], ["--excel"]):
        command = ("new", tmp_path / "a", *options)
        done = Forked(tmp_path.with_name("said"), *command, before=partial(full, 2048)).ended()
        assert done.returncode == 3, done.stderr
        assert not list(tmp_path.iterdir())
