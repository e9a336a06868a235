"""docs/inputs.md and docs/inputs.zh.md say what the code does, and what they show runs."""

from __future__ import annotations

import importlib
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest

import capacity
from capacity.base import Problems
from capacity.cli import main
from capacity.inputs.districts import load_district
from capacity.inputs.scenarios import district_schema, scenario_schema
from capacity.inputs.tables import TABLES

ROOT = Path(__file__).parents[1]
DOCS, SCENARIOS = ROOT / "docs", ROOT / "scenarios"
OURS = ("make_inputs", "inputs_read", "inputs_say")
#: Words of the pages, by sort and key.
Words = dict[str, dict[str, object]]
ROWS = {
    path.stem: path.read_text(encoding="utf-8") for path in (DOCS / "inputs" / "rows").iterdir()
}


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    yield importlib.import_module("make_inputs")
    sys.path.remove(str(DOCS))
    for name in OURS:
        sys.modules.pop(name, None)


@pytest.fixture(scope="module")
def words(maker: ModuleType) -> Words:
    return sys.modules["inputs_say"].WORDS


@pytest.fixture(params=["inputs.md", "inputs.zh.md"])
def page(request: pytest.FixtureRequest) -> str:
    return (DOCS / request.param).read_text(encoding="utf-8")


def section(page: str, number: int) -> str:
    return re.search(rf"^## {number} .*?(?=^## |\Z)", page, re.MULTILINE | re.DOTALL)[0]


def fences(text: str, kind: str) -> list[str]:
    return re.findall(rf"^```{kind}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)


def lever_lines(page: str) -> dict[str, str]:
    return {
        kind: line
        for kind, line in re.findall(r"^\| `(\w+)` .*`(- \{kind: .*\})` \|$", page, re.MULTILINE)
    }


def errors(problems: Problems) -> list[str]:
    return [problem.text() for problem in problems.errors]


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("language", ["en", "zh"])
def test_pages_are_what_the_script_makes(maker: ModuleType, language: str) -> None:
    committed = (DOCS / maker.file_name(language)).read_text(encoding="utf-8")
    assert maker.page(language) == committed, "run python docs/make_inputs.py"


def test_smallest_district_runs_as_shown(
    page: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = section(page, 1)
    shown = re.findall(r"`([\w/.]+)`[:：]\n\n```(?:yaml|csv)\n(.*?)^```$", text, re.M | re.S)
    assert len(shown) == 4
    write(tmp_path, dict(shown))
    monkeypatch.chdir(tmp_path)
    for command in fences(text, "sh")[0].splitlines():
        name, *arguments = command.split()
        with pytest.raises(SystemExit) as done:
            sys.exit(main([*arguments, *(["--no-charts"] if arguments[0] == "run" else [])]))
        assert name == "capacity" and not done.value.code, command
    results = pd.read_csv(tmp_path / "runs" / "first" / "results.csv")
    assert results["year"].max() == 2030 and results["region"].nunique() == 3
    assert results["gap"].notna().all() and results["gap"].abs().max() > 0


def test_example_district_is_read(page: str, tmp_path: Path) -> None:
    tables = {f"{name}.csv": rows for name, rows in ROWS.items()}
    write(tmp_path, {"district.yaml": fences(section(page, 2), "yaml")[0], **tables})
    problems = Problems()
    district = load_district(tmp_path, problems)
    assert not errors(problems)
    assert district is not None and all(district.has(name) for name in TABLES)


def test_scenario_and_what_extends_it_are_read(page: str, tmp_path: Path) -> None:
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    under, over, together = fences(section(page, 4), "yaml")
    files = {"question.yaml": under, "cautious.yaml": over, "together.yaml": together}
    write(tmp_path, files)
    laid = capacity.load_scenario(tmp_path / "cautious.yaml")
    one = capacity.load_scenario(tmp_path / "together.yaml")
    for key in ("name", "horizon", "demand", "supply", "chance"):
        assert getattr(laid, key) == getattr(one, key)
    assert [lever.kind for lever in laid.levers] == [lever.kind for lever in one.levers]


def test_both_pages_show_the_same_lever_lines(words: Words) -> None:
    shown = [
        lever_lines(section((DOCS / name).read_text(encoding="utf-8"), 5))
        for name in ("inputs.md", "inputs.zh.md")
    ]
    assert shown[0] == shown[1]
    assert list(shown[0]) == list(words["levers"])


def test_every_lever_line_loads_runs_and_changes_something(tmp_path: Path) -> None:
    """Of both pages, which show the same; a lever acts on the central run."""
    shutil.copytree(SCENARIOS / "haidian", tmp_path / "haidian")
    shutil.copy(SCENARIOS / "baseline.yaml", tmp_path)
    tables = {f"haidian/{name}.csv": ROWS[name] for name in ("housing", "yields")}
    others = "".join(f"middle,{region},{region},1,,,,\n" for region in ("east", "west"))
    write(tmp_path, tables | {"haidian/flows.csv": ROWS["flows"] + others})
    write(tmp_path, {"none.yaml": "name: none\nextends: baseline.yaml\n"})
    before = capacity.run(capacity.load_scenario(tmp_path / "none.yaml"), draws=0).frame()
    page = (DOCS / "inputs.md").read_text(encoding="utf-8")
    for kind, line in lever_lines(section(page, 5)).items():
        text = f"name: {kind}\nextends: baseline.yaml\nlevers:\n  {line}\n"
        write(tmp_path, {f"{kind}.yaml": text})
        scenario = capacity.load_scenario(tmp_path / f"{kind}.yaml")
        assert not [one.text() for one in scenario.warnings if one.code.startswith("lever")]
        after = capacity.run(scenario, draws=0).frame()
        figures = ["demand", "places", "gap", "shortage"]
        changed = not after[figures].equals(before[figures])
        assert changed or kind == "completion", f"{kind}: the line changes nothing"


def descriptions(part: object) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(text := part.get("description"), str):
            yield text
        for below in part.values():
            yield from descriptions(below)
    elif isinstance(part, list):
        for below in part:
            yield from descriptions(below)


def test_words_are_of_what_is_there(maker: ModuleType, words: Words) -> None:
    """A table, lever or field of the code has words or rows, and none outlive theirs."""
    assert set(ROWS) == set(TABLES)
    kinds = {
        part["properties"]["kind"]["const"]
        for part in scenario_schema()["definitions"].values()
        if "const" in part.get("properties", {}).get("kind", {})
    }
    assert set(words["levers"]) == kinds
    said = {*descriptions(district_schema()), *descriptions(scenario_schema())}
    assert set(words["fields"]) <= said


def without(book: dict[str, object], key: str) -> dict[str, object]:
    """Return the words without a key; put back into a book it would stand last."""
    return {name: one for name, one in book.items() if name != key}


def test_a_source_of_chance_without_words_stops_the_script(
    maker: ModuleType, words: Words, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(words, "sources", without(words["sources"], "births"))
    with pytest.raises(SystemExit, match="births"):
        maker.page("en")


@pytest.mark.parametrize(
    ("book", "key"),
    [
        ("levers", "rezone"),
        ("fields", "Levels of school."),
    ],
)
def test_missing_words_stop_the_script(
    maker: ModuleType, words: Words, monkeypatch: pytest.MonkeyPatch, book: str, key: str
) -> None:
    monkeypatch.setitem(words, book, without(words[book], key))
    with pytest.raises(SystemExit, match=re.escape(key)):
        maker.page("zh")
