"""The tab of live levers as people have it: by mouse, by keyboard alone, by a link."""

from __future__ import annotations

import csv
import json
import math
import re
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import capacity
from capacity.base import LANGUAGES, catalog
from capacity.render import Heading, Text
from capacity.render.report.document import Sheet, report_html
from capacity.results import Result
from capacity.studies.live import live_tab, words_of
from capacity.templates import write
from tests.browser import Opened, Opens
from tests.cli import command

ROOT = Path(__file__).parents[3]
SCENARIOS = ROOT / "scenarios"
PARTS = ROOT / "capacity" / "studies" / "live"
BOTH = pytest.mark.parametrize("lang", LANGUAGES)
#: A setting of every control, as the page writes it.
EVERY = (
    "births=92&entry=104,north,2023&progression=101,all,2024&onward_share=95,east,&class_size.primary=38"
    "&places.middle=105&margin=4&delay.planned=2&completion.approved=80&cancel=plan-cnu-science-city"
    "&project=south,2024,960,480,0&temporary=east,middle,400,2022,2027"
)


PAINTED = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"

#: The same but for what moves ranges alone.
CENTRAL = EVERY.replace("completion.approved=80&", "")


@cache
def haidian() -> Result:
    return capacity.run(capacity.load_scenario(SCENARIOS / "baseline.yaml"), draws=64)


@cache
def plain() -> Result:
    """Give the same without draws, for what has nothing to do with them: it is sooner moved."""
    return capacity.run(capacity.load_scenario(SCENARIOS / "baseline.yaml"), draws=0)


def page_of(result: Result, lang: str, path: Path) -> Path:
    """Write a report that has little beside the tab."""
    title = result.labels.title[lang]
    sheets = [Sheet("answer", title, [[Heading(title), Text(title)]])]
    html = report_html(title, sheets, lang, tab=live_tab(result, lang))
    path.write_text(html, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give the page of Haidian in each language, and one without draws."""
    folder = tmp_path_factory.mktemp("pages")
    found = {lang: page_of(haidian(), lang, folder / f"{lang}.html") for lang in LANGUAGES}
    return found | {"plain": page_of(plain(), "en", folder / "plain.html")}


def wait(page: Opened) -> None:
    """Wait until a move is painted, said and in the address."""
    page.do(page.page.wait_for_selector("#live .live-results:not([aria-busy=true])"))
    page.evaluate(PAINTED)


def move(page: Opened, key: str, value: float) -> None:
    """Move a slider as a hand does, and see it painted."""
    page.evaluate(
        """([key, value]) => new Promise(done => {
          const one = document.querySelector(`[data-key="${key}"]`);
          one.value = value;
          one.dispatchEvent(new Event("input", { bubbles: true }));
          requestAnimationFrame(() => setTimeout(done));
        })""",
        [key, value],
    )


def choose(page: Opened, what: str, code: str) -> None:
    """Choose the region or level that is shown, and see it painted."""
    page.do(page.page.select_option(f"#live-{what}", code))
    page.evaluate(PAINTED)


def figures(page: Opened) -> list[list[float | None]]:
    """Return demand, places, gap and shortage of every year, unrounded, as the page has them."""
    return page.evaluate(
        """[...document.querySelectorAll("#live-years tbody tr")].map(row => [1, 2, 3, 5].map(
             at => row.cells[at].figure))"""
    )


def values(page: Opened) -> dict[str, str]:
    """Return where every slider stands."""
    sliders = "[...document.querySelectorAll('#live [type=range]')]"
    return page.evaluate(f"Object.fromEntries({sliders}.map(one => [one.dataset.key, one.value]))")


def test_every_word_of_the_page_is_used() -> None:
    sources = (*PARTS.glob("panel/*.js"), PARTS / "panel.html.j2", PARTS / "page.py")
    text = "".join(path.read_text(encoding="utf-8") for path in sources)
    unused = {key for key in catalog("panel") if not re.search(rf"\b{key}\b", text)}
    built = {"later_one", "sooner_one", "short_level", "idle_level"}  # by their ends
    built |= {f"col_{name}" for name in ("demand", "places", "gap", "against", "shortage", "range")}
    assert unused <= built
    named = set(re.findall(r"words\.([a-z_]+)", text)) - {"items", "values"}
    assert named <= catalog("panel").keys()


@BOTH
def test_words_are_given_to_the_page_as_they_are(lang: str) -> None:
    assert words_of(lang) == {key: texts[lang] for key, texts in catalog("panel").items()}


@pytest.mark.parametrize(
    ("lang", "width", "dark"),
    [
        ("en", 1280, False),
        ("zh", 390, True),
        pytest.param("en", 390, True, marks=pytest.mark.slow),
        pytest.param("zh", 1280, False, marks=pytest.mark.slow),
    ],
)
def test_it_opens_in_silence_shuts_nobody_out_and_has_every_letter(
    lang: str, width: int, dark: bool, opened: Opens, pages: dict[str, Path]
) -> None:
    page = opened(pages[lang], width=width, dark=dark, fragment=f"#live={EVERY}")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    wait(page)
    assert page.text("#live-refused") == page.text("#live-failed") == ""
    assert page.said == [] and page.barriers() == []
    assert set(page.fonts("#live").values()) == {True}
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@BOTH
def test_at_rest_it_shows_the_run_and_moved_a_trial(
    lang: str, opened: Opens, pages: dict[str, Path]
) -> None:
    page, words, frame = opened(pages[lang], fragment="#live"), words_of(lang), haidian().frame()
    marks = "[...document.querySelectorAll('.live-mark')].map(one => one.textContent)"
    trials = "document.querySelectorAll('#live td.trial').length"
    assert set(page.evaluate(marks)) == {words["at_rest"]} and page.evaluate(trials) == 0
    whole = frame[(frame["region"] == "all") & (frame["level"] == "all")]
    columns = ["demand", "places", "gap", "shortage"]
    assert figures(page) == pytest.approx(whole[columns].to_numpy(dtype=float), rel=1e-9)
    first = whole.iloc[0]
    band = words["between"].format(
        low=f"{round(first['shortage_p10']):,}", high=f"{round(first['shortage_p90']):,}"
    )
    assert page.text("#live-years tbody tr:first-child td:last-child") == band
    move(page, "class_size.primary", 30)
    assert set(page.evaluate(marks)) == {words["trial"]}
    bare = "[...document.querySelectorAll('#live td')].filter(one => !one.matches('.trial'))"
    assert page.evaluate(f"{bare}.length") == 0
    before, after = whole["gap"].to_numpy(), [row[2] for row in figures(page)]
    assert after[0] == before[0] and all(after[1:] > before[1:])
    page.click("#live-reset")
    wait(page)
    assert set(page.evaluate(marks)) == {words["at_rest"]}
    assert page.evaluate("location.hash") in ("#live", "#live=")


def test_a_keyboard_alone_reaches_and_moves_every_slider(
    opened: Opens, pages: dict[str, Path]
) -> None:
    page = opened(pages["en"], fragment="#live")
    sliders, moved = values(page), {}
    here = """() => { const one = document.activeElement, style = getComputedStyle(one);
      return { key: one.dataset.key ?? "", value: one.value, said: one.ariaValueText ??
        one.getAttribute("aria-valuetext"), seen: style.outlineStyle !== "none" }; }"""
    for _ in range(90):
        if moved.keys() == sliders.keys():
            break
        page.press("Tab")
        was = page.evaluate(here)
        if was["key"] and was["key"] not in moved:
            page.press("ArrowRight" if float(was["value"]) < 100 else "ArrowLeft")
            now = page.evaluate(here)
            assert now["value"] != was["value"] and now["said"] != was["said"], was
            assert was["seen"] and re.search(r"\d (%|pupils|more year)", now["said"]), now
            moved[was["key"]] = now["value"]
    assert moved.keys() == sliders.keys() and len(moved) > 15
    wait(page)
    assert values(page) == moved
    assert page.text("#live-spoken") == page.text("#live-said")


def test_what_is_set_outlives_a_reload_and_back_undoes_it(
    opened: Opens, pages: dict[str, Path]
) -> None:
    page = opened(pages["plain"], fragment=f"#live={CENTRAL}")
    wait(page)
    shown, said = values(page), page.text("#live-said")
    assert page.evaluate("location.hash") == f"#live={CENTRAL}"
    move(page, "births", 110)
    wait(page)
    address = page.evaluate("location.hash")
    assert "births=110&" in address
    page.reload()
    wait(page)
    assert page.evaluate("location.hash") == address and values(page)["births"] == "110"
    page.do(page.page.go_back())
    wait(page)
    assert values(page) == shown and page.text("#live-said") == said
    assert page.said == []


def test_projects_and_places_are_added_taken_away_and_cancelled_by_hand(
    opened: Opens, pages: dict[str, Path]
) -> None:
    page = opened(pages["plain"], fragment="#live")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    before = figures(page)
    page.click("#live-project-add")  # without places it is no project
    assert page.text("#live-project-list") == ""
    page.do(page.page.fill("#live-project-level-1", "960"))
    page.do(page.page.select_option("#live-project-opens", "2024"))
    page.click("#live-project-add")
    page.do(page.page.fill("#live-places-number", "400"))
    page.do(page.page.select_option("#live-places-until", "2027"))
    page.click("#live-places-add")
    page.do(page.page.fill("#live-search", "育鹰"))
    page.click(".live-projects li:not([hidden]) label")
    wait(page)
    address = page.evaluate("location.hash")
    assert "project=north,2024,960,0,0&temporary=north,primary,400,2021,2027" in address
    assert "cancel=" in address and figures(page) != before
    assert "trial-1: North, opens 2024: 960 primary" in page.text("#live-project-list")
    for name in ("project", "places"):
        page.click(f"#live-{name}-list button")
    page.click(".live-projects li:not([hidden]) label")
    wait(page)
    assert figures(page) == before and page.evaluate("location.hash") == "#live="
    assert page.said == []


HOSTILE = (
    "births=1e3",
    "births=9999",
    "births=NaN",
    "births=<script>alert(1)</script>",
    "births=95,nowhere",
    "births=95,north,3000",
    "births=%E0%A4%A",
    "margin=5,north",
    "delay.planned=0x5",
    "%3Cimg%20src=x%20onerror=alert(1)%3E=1",
    "__proto__=1",
    "constructor.prototype=1",
    "cancel=%3Csvg%20onload=alert(1)%3E",
    "project=all,2024,100,0,0",
    "project=north,1999,100,0,0",
    "project=north,2024,-5,0,0",
    "project=north,2024,1,1",
    "temporary=north,primary,0,2024,2025",
    "temporary=north,primary,5,2026,2025",
    "x" * 9000,
)


def test_a_hostile_address_is_harmless_and_told(opened: Opens, pages: dict[str, Path]) -> None:
    page = opened(pages["plain"], fragment="#live")
    wait(page)
    at_rest, answer = values(page), page.text("#live-said")
    for text in HOSTILE:
        page.evaluate("address => { location.hash = address; }", f"live={text}")
        page.evaluate(PAINTED)
        assert page.text("#live-refused").startswith("Not taken"), text
        assert values(page) == at_rest and page.text("#live-said") == answer, text
        assert page.evaluate("document.querySelectorAll('#live :is(script, img)').length") == 0
    page.evaluate("address => { location.hash = address; }", "live=births=9999&births=95")
    page.evaluate(PAINTED)
    assert values(page)["births"] == "95" and page.text("#live-refused")
    assert page.said == []


SHOWN = (("all", "all"), ("north", "primary"), ("east", "middle"), ("all", "high"))


def results(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def beside(folder: Path) -> Path:
    """Give the scenario and its district in a folder of their own."""
    shutil.copytree(SCENARIOS / "haidian", folder / "haidian")
    shutil.copy(SCENARIOS / "baseline.yaml", folder)
    return folder


def test_the_scenario_that_it_writes_runs_and_gives_what_it_showed(
    opened: Opens, pages: dict[str, Path], tmp_path: Path
) -> None:
    page = opened(pages["zh"], fragment=f"#live={EVERY}")
    wait(page)
    name = "试算_1"
    page.do(page.page.fill("#live-file-name", name))
    page.do(page.page.fill("#live-file-title", 'A: "b" # {c} \\ \u202e\u2028 学位'))
    trial = beside(tmp_path) / f"{name}.yaml"
    trial.write_bytes(page.saved("#live-save"))
    scenario = capacity.load_scenario(trial)
    assert scenario.title.zh == 'A: "b" # {c} \\ \u202e\u2028 学位'
    kinds = {lever.kind for lever in scenario.levers}
    assert len(scenario.levers) == 12 and len(kinds) == 12
    ended = command.capacity("run", trial, "-o", tmp_path / "out", "--draws", 0, "--no-charts")
    assert ended.returncode == 0, ended.stderr
    rows = list(results(tmp_path / "out" / "results.csv"))
    for region, level in SHOWN:
        choose(page, "region", region)
        choose(page, "level", level)
        run = [row for row in rows if (row["region"], row["level"]) == (region, level)]
        for row, shown in zip(run, figures(page), strict=True):
            for name, value in zip(("demand", "places", "gap", "shortage"), shown, strict=True):
                there = float(row[name]) if row[name] else math.nan
                assert value == pytest.approx(there, rel=1e-9, abs=1e-7), (region, level, row, name)
    assert page.said == []


@BOTH
def test_what_was_changed_since_it_was_read_extends_no_file(lang: str) -> None:
    scenario = capacity.load_scenario(SCENARIOS / "baseline.yaml")
    late = capacity.run(scenario.with_levers({"kind": "delay", "add": 1}), draws=0)
    for result, extends in ((plain(), True), (late, False)):
        tab = live_tab(result, lang)
        assert tab.data["page"]["extends"] is extends
        assert (words_of(lang)["file_alone"] in tab.markup) is not extends


#: What titles may hold that pages, files and terminals might take for something else.
BAD = '</script><script>alert(1)</script> ${x} {{7*7}} =HYPERLINK(1) \u202eevil\' "q" & <b>'


def test_hostile_titles_are_texts(opened: Opens, tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    write(folder, "en")
    bad = f"title: {json.dumps(BAD)}"
    for path in folder.rglob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        text = re.sub(r"title: \{en: [^,}]+, zh: [^}]+\}", bad.replace("\\", "\\\\"), text)
        path.write_text(text, encoding="utf-8")
    result = capacity.run(capacity.load_scenario(folder / "baseline.yaml"), draws=0)
    page = opened(page_of(result, "en", tmp_path / "bad.html"), fragment="#live")
    assert page.evaluate("document.querySelectorAll('#live :is(script, b)').length") == 0
    assert "</script><script>alert(1)" in page.text("#live-compass")
    move(page, "births", 90)
    wait(page)
    trial = folder / "trial.yaml"
    trial.write_bytes(page.saved("#live-save"))
    shown = result.labels.title["en"].replace("\u202e", "")  # no page has what turns a line
    assert shown in capacity.load_scenario(trial).title.en
    assert page.said == []


def test_without_draws_it_moves_the_central_run_and_says_so(
    opened: Opens, pages: dict[str, Path]
) -> None:
    page = opened(pages["plain"], fragment="#live")
    assert page.text("#live-ranges") == words_of("en")["no_luck"]
    assert not any(key.startswith("completion") for key in values(page))
    before = figures(page)
    move(page, "births", 90)
    assert figures(page) != before and page.said == []
