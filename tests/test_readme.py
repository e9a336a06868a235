"""The README tells the truth: its two lines, its example, its table of files."""

import re
from configparser import ConfigParser
from pathlib import Path

import pytest

import capacity
from capacity.cli import COMMANDS

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CHINESE = (ROOT / "README.zh.md").read_text(encoding="utf-8")
BOTH = pytest.mark.parametrize("page", [README, CHINESE], ids=["en", "zh"])


def test_there_are_exactly_two_set_up_lines() -> None:
    lines = re.findall(r"^python3 -m venv .*$", README, re.MULTILINE)
    assert len(lines) == 2
    assert lines[0].endswith(".venv/bin/capacity run scenarios/baseline.yaml")
    assert lines[1].endswith(".venv/bin/pytest")


def test_the_example_runs_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    (block,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    exec(compile(block, "README.md", "exec"), {})


def test_every_public_name_is_there_and_says_what_it_does() -> None:
    assert capacity.__all__ == [
        "BacktestResult",
        "CalibratedRatios",
        "CapacityError",
        "Comparison",
        "District",
        "Imported",
        "InputError",
        "Result",
        "Scenario",
        "backtest",
        "calibrate",
        "compare",
        "import_tables",
        "load_district",
        "load_run",
        "load_scenario",
        "report",
        "run",
    ]
    for name in capacity.__all__:
        assert getattr(capacity, name).__doc__


@BOTH
def test_what_the_readme_links_to_is_there(page: str) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page):
        assert (ROOT / target).exists(), target


@BOTH
def test_every_command_and_no_other_is_named(page: str) -> None:
    named = re.findall(r"^    capacity (\w+)", page, re.MULTILINE)
    assert sorted(named) == sorted(COMMANDS)


@BOTH
def test_every_dependency_has_its_reason(page: str) -> None:
    setup = ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    needed = re.findall(r"^[\w-]+", setup["options"]["install_requires"], re.MULTILINE)
    rows = re.findall(r"^\| ([\w, 、-]+) \| ", page.rsplit("## ", maxsplit=1)[-1], re.MULTILINE)
    assert {name for row in rows[1:] for name in re.split("[,、] ?", row)} == set(needed)


def test_both_pages_say_the_same_of_others_and_of_us() -> None:
    marks = {"yes": "有", "part": "部分", "no": "无", "not yet": "尚无", "?": "?"}
    tables = [
        [cells for line in page.splitlines() if len(cells := line.split(" | ")) == 9]
        for page in (README, CHINESE)
    ]
    assert len(tables[0]) == len(tables[1]) > 15
    for english, chinese in zip(*(table[1:] for table in tables), strict=True):
        said = [cell.strip(" |") for cell in english[1:]]
        assert [marks[cell] for cell in said] == [cell.strip(" |") for cell in chinese[1:]]


def test_both_pages_have_the_same_parts_and_start_lines() -> None:
    parts = [len(re.findall(r"^## ", page, re.MULTILINE)) for page in (README, CHINESE)]
    assert parts[0] == parts[1]
    starts = [re.findall(r"^python3 -m venv .*$", page, re.MULTILINE) for page in (README, CHINESE)]
    assert [f"{starts[0][0]} --lang zh", starts[0][1]] == starts[1]


def test_the_top_of_the_house_holds_what_it_should() -> None:
    kept = {"capacity", "scenarios", "notebooks", "tests", "docs", "setup.cfg", "pyproject.toml"}
    kept |= {"constraints.txt", "README.md", "README.zh.md", "CHANGELOG.md", "CONTRIBUTING.md"}
    kept |= {"LICENSE"}
    made = {"runs", "comparisons", "backtests", "ratios", "build", "dist", "wheelhouse"}  # ignored
    found = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert {name for name in found if not name.endswith(".egg-info")} - made <= kept
