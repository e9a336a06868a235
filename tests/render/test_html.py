"""What notebooks show: small, true to the numbers, in both languages, every text escaped."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import pytest

import capacity
from capacity.base import MINUS, HtmlRepr, InputError, Problems, catalog, html, number
from capacity.inputs.levers import Lever, Where
from capacity.inputs.scenarios import Scenario
from capacity.inputs.tables import CHOICES, chinese
from capacity.render import lever_words
from capacity.render.charts import KINDS
from capacity.render.pages import LISTED
from capacity.results import Result, labels_of
from tests.inputs.folder import DISTRICT, write

LANGUAGES = ("en", "zh")
CHINESE = re.compile("[\u4e00-\u9fff]")
LEVERS = (
    {"kind": "delay", "add": 2, "where": {"status": ["approved", "planned"]}},
    {"kind": "delay", "add": -1, "where": {"project": "P1"}},
    {"kind": "births", "times": 0.9, "from": 2022},
    {"kind": "migration", "add": -20, "where": {"region": "north", "grade": [1, 2]}},
    {"kind": "class_size", "set": 35, "where": {"level": "primary"}, "until": 2024},
    {"kind": "add_places", "add": 300, "where": {"region": "south", "level": "middle"}},
    {"kind": "cancel", "where": {"project": "P2"}},
    {"kind": "close", "close": {"region": "north", "level": "primary", "places": 60}},
    {
        "kind": "convert",
        "convert": {"region": "south", "from_level": "high", "to_level": "middle", "places": 45},
    },
    {
        "kind": "rezone",
        "rezone": {"from_region": "north", "to_region": "south", "level": "middle", "share": 0.02},
        "from": 2023,
        "until": 2025,
    },
    {
        "kind": "add_project",
        "add_project": {
            "project": "P9", "region": "north", "status": "planned", "opens": 2024,
            "places_primary": 720,
        },
    },
)  # fmt: skip


class Page(HTMLParser):
    """Elements, attributes and the cells of tables; fails on what is not balanced."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.rows: list[list[str]] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag == "tr":
            self.rows.append([])
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in {"td", "th"}:
            self.rows[-1][-1] += data


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return capacity.load_scenario(write(tmp_path)).with_levers(*LEVERS)


@pytest.fixture
def result(scenario: Scenario) -> Result:
    return capacity.run(scenario)


def views(scenario: Scenario, result: Result, lang: str) -> dict[str, str]:
    problems = Problems()
    problems.extend(scenario.warnings)
    with pytest.raises(InputError) as refused:
        scenario.with_levers({"kind": "delay", "ad": 2})
    return {
        "result": html(result, lang),
        "plots": html(result.plot, lang),
        "scenario": html(scenario, lang),
        "district": html(scenario.district, lang),
        "problems": html(problems, lang),
        "refused": html(refused.value, lang),
    }


def test_pages_are_plain_and_small(scenario: Scenario, result: Result) -> None:
    for lang in LANGUAGES:
        for name, text in views(scenario, result, lang).items():
            page = Page(text)
            plain = {"div", "p", "b", "small", "code", "ul", "ol", "li", "details", "summary"}
            assert page.names <= plain | {"table", "thead", "tbody", "tr", "th", "td"}, name
            assert page.attributes <= {"style", "class"}
            assert "background" not in text and "color:" not in text, name
            assert len(text) < 15_000, name
            assert bool(CHINESE.search(text.replace("南部", ""))) == (lang == "zh"), name


def test_no_page_lets_mathjax_set_formulas_in_texts_of_files(tmp_path: Path) -> None:
    """Both classes: MathJax 2 knows the one, MathJax 3 the other; escapes would not stop it."""
    district = DISTRICT.replace("{en: North, zh: 北部}", r"'$\frac{1}{0}$'")
    plan = capacity.load_scenario(write(tmp_path, district=district)).with_levers(*LEVERS)
    ran = capacity.run(plan)
    pages = views(plan, ran, "en") | {"comparison": capacity.compare(plan, plan)._repr_html_()}
    assert any(r"$\frac{1}{0}$" in text for text in pages.values())
    for name, text in pages.items():
        assert text.startswith('<div class="tex2jax_ignore mathjax_ignore" style='), name
        assert text.count("<div") == 1 and text.endswith("</div>"), name


def test_the_language_is_that_of_the_locale(
    result: Result, scenario: Scenario, monkeypatch: pytest.MonkeyPatch
) -> None:
    for locale, lang in (("en_GB.UTF-8", "en"), ("zh_CN.UTF-8", "zh")):
        monkeypatch.setenv("LC_ALL", locale)
        every = views(scenario, result, lang)
        assert result._repr_html_() == every["result"]
        assert result.plot._repr_html_() == every["plots"]
        assert scenario._repr_html_() == every["scenario"]
        assert scenario.district._repr_html_() == every["district"]


def test_what_names_no_page_has_none() -> None:
    assert html(object()) is None


def test_every_class_that_is_shown_names_the_module_that_shows_it() -> None:
    assert {Result, Scenario, Problems, InputError} <= set(HtmlRepr.__subclasses__())
    for kind in HtmlRepr.__subclasses__():
        assert callable(import_module(kind._page).shown), kind


def test_years_and_regions_show_the_numbers_of_the_frame(result: Result) -> None:
    frame = result.frame()
    rows = Page(html(result, "en")).rows
    whole = frame[(frame["region"] == "all") & (frame["level"] == "all")].set_index("year")
    shown = {row[0]: row[1:] for row in rows}
    for year, row in whole.iterrows():
        demand, places, gap, shortage = shown[str(year)]
        assert demand == number(row["demand"]) and places == number(row["places"])
        assert gap.split()[0] == number(row["gap"], signed=True, minus=MINUS)
        assert gap.split()[1] == ("short" if row["gap"] > 0 else "idle")
        assert shortage == number(row["shortage"])
    last = frame[(frame["year"] == result.labels.answer_year(set(frame["year"])))]
    shortages = last[last["level"] == "all"].set_index("region")["shortage"]
    regions = [name for name in shown if name in {"North", "南部"}]
    codes = {"North": "north", "南部": "south"}
    found = [shortages[codes[name]] for name in regions]
    assert found == sorted(found, reverse=True) and len(found) == 2
    assert "regional split assumed" in html(result, "en") or not result.labels.split_assumed
    assert result.labels.run_id in html(result, "en")


def test_what_is_unknown_is_said_and_not_0(tmp_path: Path) -> None:
    places = "region,level,places\nnorth,primary,300\nsouth,primary,300\nnorth,middle,200\n"
    found = capacity.run(capacity.load_scenario(write(tmp_path, places=places)))
    text = html(found, "en")
    assert "no data on places" in text and "nan" not in text
    assert all("no data" in row[3] for row in Page(text).rows if row[0] == "2026")


def test_many_regions_are_cut_and_counted(tmp_path: Path) -> None:
    codes = [f"r{k:02}" for k in range(30)]
    regions = "\n".join(f"  - {{code: {code}}}" for code in codes)
    district = re.sub(
        r"regions:\n.*?levels:", f"regions:\n{regions}\nlevels:", DISTRICT, flags=re.S
    )
    district = district.replace("neighbours: {middle: [[north, south]]}\n", "")
    enrolment = ["year,region,grade,pupils"]
    enrolment += [f"2021,{code},{grade},100" for code in codes for grade in range(1, 7)]
    places = ["region,level,places", *(f"{code},primary,{k * 10}" for k, code in enumerate(codes))]
    tables = {"enrolment": "\n".join(enrolment) + "\n", "places": "\n".join(places) + "\n"}
    births = "year,region,births\n2015,all,3000\n"
    path = write(tmp_path, district=district, births=births, pipeline=None, **tables)
    scenario = capacity.load_scenario(path)
    shown = {row[0] for row in Page(html(capacity.run(scenario), "en")).rows}
    assert len(shown & set(codes)) == LISTED and "r00" in shown and "r29" not in shown
    text = html(scenario.district, "en")
    assert "(20 of 30 regions shown)" in text


def test_a_scenario_says_what_it_changes(scenario: Scenario, tmp_path: Path) -> None:
    (tmp_path / "late.yaml").write_text(
        "name: late\nextends: baseline.yaml\nsupply: {fill: immediate, completion: {planned: .9}}\n"
        "demand: {births: {after_last: hold}}\n"
    )
    text = html(capacity.load_scenario(tmp_path / "late.yaml"), "en")
    assert "builds on baseline.yaml" in text and "No levers" in text
    for setting in (
        "<code>demand.births.after_last:</code> hold (default trend)",
        "<code>supply.fill:</code> immediate (default as_listed)",
        "<code>supply.completion:</code> {planned: 0.9} (default none)",
    ):
        assert setting in text
    assert text.count("(default") == 3
    assert "All settings are the defaults" in html(scenario, "en")


def test_levers_are_said_as_a_person_would(scenario: Scenario) -> None:
    labels = labels_of(scenario)
    assert [lever_words(lever, labels) for lever in scenario.levers] == [
        "projects open 2 years later (status approved, planned)",
        "projects open 1 year sooner (project P1)",
        f"births a year: × 0.9 ({MINUS}10 %) (from 2022)",
        f"pupils who come, in each grade and year: {MINUS}20 (North; grade 1, 2)",
        "class size (pupils): set to 35 (primary; until 2024)",
        "+300 places in each region and level chosen (南部; middle)",
        "projects are not built (project P2)",
        "60 primary places close in North",
        "the rooms of 45 high places in 南部 go to middle",
        "2 % of the middle entrants of North go to 南部 (2023–2025)",
        "project P9 is added in North: +720 primary places, opens 2024",
    ]
    for lever in scenario.levers:
        assert CHINESE.search(lever_words(lever, labels, "zh").replace("南部", ""))


def test_levers_say_a_status_as_the_tables_do(scenario: Scenario) -> None:
    labels = labels_of(scenario)
    for status in CHOICES["status"]:
        lever = Lever("cancel", Where(status=(status,)))
        assert lever_words(lever, labels, "en").endswith(f"(status {status})")
        assert chinese("status", status) in lever_words(lever, labels, "zh")


def test_every_chart_is_named_in_words(result: Result) -> None:
    told = {key for key in catalog("notebook") if key.startswith("plot_")}
    assert {f"plot_{kind}" for kind in KINDS} == told
    text = html(result.plot, "en")
    assert all(f".plot.{kind}(" in text for kind in KINDS) and ".plot.gap(year)" in text


def test_reprs_are_one_short_line(scenario: Scenario, result: Result) -> None:
    problems = Problems()
    problems.extend(scenario.warnings)
    for thing in (scenario, scenario.district, result, result.plot, problems):
        assert len(repr(thing)) < 80 and "\n" not in repr(thing)
    assert repr(scenario) == "<Scenario baseline: 2021–2026, levers=11>"


def test_importing_changes_nothing(tmp_path: Path) -> None:
    """No settings of others, no file, no heavy library; also where everything is imported."""
    code = """if True:
        import os, sys, warnings, locale
        before = dict(os.environ), list(warnings.filters), locale.setlocale(locale.LC_ALL)
        import capacity
        assert not {"numpy", "pandas", "matplotlib"} & set(sys.modules)
        capacity.load_scenario, capacity.run, capacity.load_run, capacity.Result
        assert "matplotlib" not in sys.modules
        import matplotlib
        settings = dict(matplotlib.rcParams)
        warnings.filters[:] = before[1]  # those of the libraries are not ours
        import pkgutil, importlib
        for module in pkgutil.walk_packages(capacity.__path__, "capacity."):
            if module.name != "capacity.__main__":
                importlib.import_module(module.name)
        assert dict(matplotlib.rcParams) == settings
        assert not [f for f in warnings.filters if "capacity" in str(f)]
        assert before[0] == dict(os.environ) and before[2] == locale.setlocale(locale.LC_ALL)
    """
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    assert done.returncode == 0, done.stderr
    assert not done.stdout and not list(tmp_path.iterdir())


def test_a_notebook_shows_a_chart_that_is_returned(result: Result) -> None:
    data, facts = result.plot.gap(2025)._repr_png_()
    assert data.startswith(b"\x89PNG") and 300 < facts["width"] < 2_000
