"""The README tells the truth: its two lines, its example, its table of files."""

import re
from pathlib import Path

import pytest

import capacity

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


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
        "CapacityError",
        "Comparison",
        "InputError",
        "Result",
        "Scenario",
        "compare",
        "load_run",
        "load_scenario",
        "run",
    ]
    for name in capacity.__all__:
        assert getattr(capacity, name).__doc__


def test_what_the_readme_links_to_is_there() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
