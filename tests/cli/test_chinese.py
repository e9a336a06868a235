"""Nothing English is left in what a command says in Chinese, but names that are typed or read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from capacity.base import catalog
from capacity.cli import COMMANDS
from capacity.cli import capacity as group
from capacity.inputs.tables import TABLES
from capacity.render.charts import KINDS
from tests.cli.command import capacity
from tests.inputs.folder import DISTRICT, SCENARIO, enrolment, tables, write

ZH = {"CAPACITY_LANG": "zh"}
#: Units, kinds of files and programs, and what stands for what is typed.
NAMES = {
    *(
        "CSV",
        "Excel",
        "JSON",
        "Schema",
        "YAML",
        "UTF",
        "BOM",
        "GB",
        "png",
        "svg",
        "pdf",
        "xlsx",
        "html",
        "HTML",
    ),
    *(
        "SCENARIO",
        "SOURCE",
        "MAP",
        "DIR",
        "FILE",
        "NAME",
        "RUN",
        "REGION",
        "DISTRICT",
        "AB",
        "Noto",
        "Sans",
        "SC",
        "Python",
    ),
    *(
        "capacity",
        "python",
        "CAPACITY",
        "LANG",
        "en",
        "zh",
        "README",
        "jupyterlab",
        "xarray",
        "pytest",
    ),
}
#: What the district of the tests is made of.
CODES = {"north", "south", "primary", "middle", "high", "demo", "baseline", "fewer", "shrunk"}
#: What is typed or read as it is: options, code, places in files, files, and problems' codes.
TYPED = re.compile(
    r"--?[a-z][\w-]*(?:=\S+)?|`[^`]*`|\S*/\S*|[\w-]+\.(?:csv|yaml|xlsx|txt|json|zh|en|png|md)\S*"
    r"|\[[a-z0-9|-]+\]|'[^']*'|shortage:\w+|运行 [0-9a-f]{8}"
)


def allowed() -> set[str]:
    """Give the words that files and commands have, whatever the language."""
    columns = {
        name for table in TABLES.values() for column in table.columns for name in [column.name]
    }
    keys = {part for key in catalog("terms")["keys"] for part in key.split("_")}
    parts = {part for name in columns for part in re.split(r"[_<>]", name)}
    kinds = {key for part in catalog("terms")["values"].values() for key in part}
    kinds |= {"progression", "migration", "step", "odd", "break"}
    codes = {part for code in catalog("problems") for part in code.split("-")}
    return {*COMMANDS, *KINDS, *NAMES, *CODES, *TABLES, *columns, *parts, *keys, *kinds, *codes}


def english(text: str, known: set[str]) -> set[str]:
    """Give the words of a text in Latin letters that are no names."""
    left = TYPED.sub(" ", text)
    return set(re.findall(r"[A-Za-z]{2,}", left)) - known


def home(folder: Path, **changed: str | None) -> Path:
    """Write the district and its scenario with Chinese titles alone."""
    district = DISTRICT.replace("code: high,", "code: high, title: 高中,")
    scenario = SCENARIO.replace("What if all opens as planned?", "全部按期建成会怎样？")
    return write(folder, district=district, scenario=scenario, **changed)


def said(*arguments: object, code: int | None = 0) -> Iterator[str]:
    done = capacity(*arguments, **ZH)
    if code is not None:
        assert done.returncode == code, done.stderr
    yield from (*done.stdout.splitlines(), *done.stderr.splitlines())


def runs(folder: Path) -> Iterator[str]:
    years = enrolment(range(2013, 2022))
    plan = home(folder / "plan", enrolment=years)
    fewer = plan.with_name("fewer.yaml")
    levers = "levers:\n  - {kind: births, times: 0.9}\n  - {kind: delay, add: 2}\n"
    fewer.write_text(
        f"name: fewer\ntitle: 少生\nextends: baseline.yaml\n{levers}", encoding="utf-8"
    )
    district, out = plan.parent / "demo", folder / "out"
    quick = ("--no-charts", "--draws", 30)
    yield from said("check", plan, fewer, district)
    yield from said("run", plan, fewer, "-o", out, *quick)
    yield from said("run", fewer, "-o", out / "fewer", *quick, "--full")
    yield from said("run", plan, "-o", out / "sole", "--no-charts", "--draws", 0)
    yield from said("run", plan, "-o", out / "x", *quick, "--fail-on", "shortage:1", code=None)
    yield from said("compare", out / "baseline", out / "fewer", "-o", out / "both", "--no-charts")
    yield from said("ratios", district, "-o", out / "ratios", "--no-charts", "--write")
    yield from said("backtest", district, "-o", out / "back", *quick, "--write")
    yield from said("run", plan, "-o", out / "again", *quick)
    yield from said("chart", out / "sole", "--kind", "wave")


def spoilt(folder: Path) -> Iterator[str]:
    """Give what is said where data are lacking, odd or wrong."""
    some = "\n".join(tables()["places"].splitlines()[:2]) + "\n"
    holes = "\n".join(row for row in enrolment().splitlines() if "2019,north" not in row) + "\n"
    zeros = tables()["enrolment"].replace("2021,south,5,105", "2021,south,5,0")
    zeros = zeros.replace("2021,south,4,104", "2021,south,4,0")
    jump = tables()["enrolment"].replace("2020,north,2,102", "2020,north,2,1020")
    homes = "year,region,homes\n2023,north,500\n2024,south,300\n"
    yields = "level,years_since,pupils_per_home\nprimary,0,.2\nmiddle,0,.1\n"
    for at, changed in enumerate(
        (
            {"places": None},
            {"places": some},
            {"births": None},
            {"enrolment": holes},
            {"enrolment": zeros},
            {"enrolment": jump},
            {"housing": homes, "yields": yields},
        )
    ):
        plan = home(folder / str(at), **changed)
        out = folder / f"out{at}"
        yield from said("check", plan, code=None)
        yield from said("run", plan, "-o", out, "--no-charts", "--draws", 20, code=None)
        yield from said("run", plan, "-o", out, "--no-charts", "--draws", 20, "--full", code=None)
        yield from said(
            "ratios", plan.parent / "demo", "-o", folder / f"r{at}", "--no-charts", code=None
        )


def calls() -> Iterator[str]:
    """Give help, and what is said of calls that are wrong."""
    yield from said("--help")
    for command in COMMANDS:
        yield from said(command, "--help")
    for wrong in (
        ("ruin",),
        ("run",),
        ("run", "x", "--ful"),
        ("run", "x", "--draws", "many"),
        ("run", "x", "--draws", -1),
        ("run", "x", "--lang"),
        ("run", "x", "--lang", "fr"),
        ("run", "x", "--json=1"),
        ("run", "x", "--fail-on", "much"),
        ("run", "x.yaml"),
        ("check",),
        ("compare", "x"),
        ("backtest", "x", "--grades", "all"),
        ("chart", "x", "y"),
        ("chart", "x", "--kind", "supply", "--year", 2027),
        ("chart", "x", "--kind", "gap", "--region", "north"),
        ("chart", "x", "--year", 2027, "--every-year"),
        ("new", "a", "b"),
    ):
        yield from said(*wrong, code=2)


@pytest.mark.parametrize(
    "corpus", [runs, spoilt, lambda _: calls()], ids=["runs", "spoilt", "calls"]
)
def test_nothing_english_is_left(
    corpus: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    known = allowed()
    found = {line: words for line in corpus(tmp_path) if (words := english(line, known))}
    assert not found, "\n".join(f"{words}: {line}" for line, words in found.items())


@pytest.mark.parametrize(
    ("arguments", "environment"),
    [
        (("--lang", "zh", "run", "--help"), {}),
        (("run", "--help", "--lang", "zh"), {}),
        (("run", "--lang=zh", "--help"), {}),
        (("--help",), {"CAPACITY_LANG": "zh"}),
        (("--help",), {"LANG": "zh_CN.UTF-8"}),
        (("run", "--help"), {"CAPACITY_LANG": "zh", "LANG": "en_GB.UTF-8"}),
    ],
)
def test_help_is_in_the_language_asked_for(
    arguments: tuple[str, ...], environment: dict[str, str]
) -> None:
    done = capacity(*arguments, **environment)
    assert done.returncode == 0
    assert done.stdout.startswith("用法：") and "选项：" in done.stdout
    assert capacity("--help").stdout.startswith("Usage: ")


def test_every_option_has_words_and_no_word_is_left_over() -> None:
    used = {"capacity", "help", "version", "lang"}
    for name in COMMANDS:
        command = group.get_command(click.Context(group), name)
        assert command is not None
        used |= {name, f"short_{name}"}
        for param in command.params:
            if param.param_type_name == "option":
                own = f"{name}_{param.name}"
                used.add(own if own in catalog("help") else param.name)
    marks = {"usage", "options_piece", "command_piece", "options", "commands", "default", "try"}
    assert used | marks | {"error"} <= set(catalog("help"))
