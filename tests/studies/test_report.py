"""What a report says of a run: its figures are those of the tables, and nothing is left unsaid."""

from __future__ import annotations

import math
import re
import warnings
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from matplotlib.text import Text as Text_

import capacity
from capacity.base import LANGUAGES, SOURCES, catalog, number
from capacity.inputs.districts import METHODS
from capacity.render import Table as Blocks
from capacity.render import Text, as_text
from capacity.render.charts import Kind, save
from capacity.render.report import document
from capacity.render.report.document import DATA, Sheet, is_report, report_html
from capacity.results import CHANGED, Result
from capacity.studies.backtest import store
from capacity.studies.report import (
    SECTIONS,
    WEIGHTS,
    claim,
    put,
    ranked,
    report_of,
    report_text,
    sheets,
)
from tests.cli.command import capacity as command
from tests.inputs.folder import DISTRICT, write
from tests.random_districts import Shape, random_case
from tests.render.report.read import Document, Table, svgs
from tests.studies.pasts import district

LANGS = pytest.mark.parametrize("lang", LANGUAGES)
DRAWS = 64
SCENARIOS = Path(__file__).parents[2] / "scenarios"
HOSTILE = {
    "North": "<script>alert(1)</script>",
    "Demo District": "</script><b onclick=x>$x$",
    "As planned": '=HYPERLINK(\\"http://x\\")',
}


@cache
def result() -> Result:
    """A small district that runs."""
    import tempfile

    folder = Path(tempfile.mkdtemp())
    return capacity.run(capacity.load_scenario(write(folder)), draws=DRAWS)


@cache
def text(lang: str = "en") -> str:
    return report_text([result()], lang)


@cache
def found(lang: str = "en") -> Document:
    return Document(text(lang))


def read(ran: Result, lang: str = "en", signed: tuple[str, ...] = ()) -> dict[str, str]:
    """Give the sections of a report as text, by code: no picture is drawn."""
    return {one.code: as_text(one.page) for one in sheets(report_of(ran, signed), lang)}


def plain(cell: str) -> str:
    """Return a figure as a file would have it."""
    return cell.replace(",", "").replace("\N{MINUS SIGN}", "-").replace("+", "")


def by_cell(table: Table) -> Iterator[tuple[int, str, str, str]]:
    """Give year, region and level of every cell of a table across years."""
    _, _, *years = table.rows[0]
    for region, level, *cells in table.rows[1:]:
        for year, cell in zip(years, cells, strict=True):
            yield int(year), region.strip(), level, cell


def known() -> pd.DataFrame:
    """Return results.csv by year and the titles of region and level."""
    frame, labels = result().frame(), result().labels
    frame["region"] = [labels.region_name(code, "en") for code in frame["region"]]
    names = {level.code: labels.level_name(level.code, "en") for level in labels.levels}
    frame["level"] = [names.get(code, "all levels") for code in frame["level"]]
    return frame.set_index(["year", "region", "level"])


@LANGS
def test_every_section_is_there_under_its_title(lang: str) -> None:
    titles = [one.text for one in found(lang).all("h2")]
    assert titles == [catalog("report")[f"sheet_{code}"][lang] for code in SECTIONS]
    anchors = [one.attributes["href"][1:] for one in found(lang).all("a")]
    frame = {"main", "report", "live"}  # the way past the head, and the tabs
    assert [code for code in anchors if code not in frame] == list(SECTIONS)
    assert len(svgs(text(lang))) == 4


@pytest.mark.parametrize(("name", "place"), [("shortage", 1), ("surplus", 2)])
def test_what_is_short_and_idle_is_what_results_csv_says(name: str, place: int) -> None:
    frame, cells = known(), list(by_cell(found().table(f"needs-table-{place}")))
    assert len(cells) == len(frame)
    for year, region, level, cell in cells:
        value = frame.loc[(year, region, level), name]
        assert cell == ("–" if math.isnan(value) else number(value)), (year, region, level)


def test_bands_and_their_chances_are_those_of_entry_csv() -> None:
    entry, labels = result().entry, result().labels
    words = {"红": "red", "黄": "yellow", "": ""}
    rows = {}
    for row in entry.to_dict("records"):
        names = labels.region_name(row["region"], "en"), labels.level_name(row["level"], "en")
        rows[int(row["year"]), *names] = row
    cells = list(by_cell(found().table("needs-table-3")))
    assert len(cells) == len(rows)
    for year, region, level, cell in cells:
        row = rows[year, region, level]
        band = words[str(row["band"])]
        share = row[f"prob_{band or 'red'}"]
        if math.isnan(share):
            assert cell == "–" and not band
            continue
        assert cell.startswith(band)
        percent = cell.removeprefix(band).strip()
        limits = {"<1%": (0, 0.01), ">99%": (0.99, 1)}
        low, high = limits.get(percent, (0, 0))
        near = round(100 * share) == (int(percent[:-1]) if percent not in limits else -1)
        assert near or low < share < high, (cell, share)


def test_classes_are_those_of_entry_csv() -> None:
    entry, labels = result().entry, result().labels
    year = labels.next_autumn(set(entry["year"]))
    rows = entry[entry["year"] == year]
    heads, *lines = found().table("classes-table-1").rows
    assert len(lines) == len(rows)
    wanted = {"entrants", "entry_places", "classes_needed", "classes_p10", "classes_p90"}
    names = {catalog("nouns")[name]["en"]: name for name in wanted}
    assert set(names) <= set(heads)
    for line in lines:
        cells = dict(zip(heads, line, strict=True))
        (row,) = (
            row
            for row in rows.to_dict("records")
            if labels.region_name(row["region"], "en") == cells["region"].strip()
            and labels.level_name(row["level"], "en") == cells["level"]
        )
        for head, name in names.items():
            assert cells[head] == number(row[name])


def test_years_grades_and_ranges_are_those_of_results_csv() -> None:
    frame, district = known(), result().labels.region_name("all", "en")
    whole = frame.xs((district, "all levels"), level=("region", "level"))
    heads, *lines = found().table("answer-table-1").rows
    names = ("demand", "places", "shortage", "shortage_p10", "shortage_p90", "shortage_by_grade")
    for line, name in zip(lines, names, strict=False):
        assert line[1:] == [number(whole.loc[int(year), name]) for year in heads[1:]]
    heads, *lines = found().table("grades-table-1").rows
    for line in lines:
        year = int(line[0])
        assert line[-2:] == [number(whole.loc[year, n]) for n in ("shortage", "shortage_by_grade")]
    heads, *lines = found().table("sure-table-1").rows
    for line in lines:
        ends = {number(whole.loc[int(line[0]), f"shortage_{end}"]) for end in ("p10", "p90")}
        assert set(line[-2].split("..")) == ends


def test_the_parts_of_places_add_up() -> None:
    frame, (heads, *lines) = known(), found().table("supply-table-1").rows
    assert heads[-1] == "places"
    for level, year, *parts, whole in lines:
        value = frame.loc[(int(year), result().labels.region_name("all", "en"), level), "places"]
        assert whole == number(value)
        assert abs(sum(int(plain(part) or 0) for part in parts) - value) <= len(parts) / 2
    projects = found().table("supply-table-2").rows
    assert [row[0] for row in projects[1:]] == ["P1", "P2", "P3"]


@LANGS
def test_nobody_has_signed_until_names_are_given(lang: str) -> None:
    unsigned = catalog("report")["unsigned"][lang]
    assert found(lang).one("header").text.count(unsigned) == 1
    assert unsigned in found(lang).one("section", id="caveats").text
    signed = read(result(), lang, ("A. Head", "李主任"))["caveats"]
    assert unsigned not in signed and "A. Head" in signed and "李主任" in signed


def test_what_was_not_read_checked_or_measured_is_said() -> None:
    said = found().one("section", id="caveats").text
    for name in ("housing", "flows", "children"):
        assert name in said
    assert "self" not in said.lower() or "passed" in said
    assert "Not measured" in said and "red" in said
    wrong = result().checks
    wrong.loc[0, "passed"] = False
    broken = replace(result(), _frames={**result()._frames, "checks": wrong})
    assert "FAILED: I1" in read(broken)["caveats"]


def test_which_run_this_is_and_what_it_read() -> None:
    table = found().table("identity-table-1")
    read = {record.name: record.sha256 for record in result().scenario.files}
    assert {row[0]: row[1] for row in table.rows[1:]} == read
    assert result().labels.run_id in found().one("section", id="identity").text
    assert result().labels.run_id in found().one("script", id=DATA).text


def test_assumptions_stand_by_quality_times_their_share_of_the_spread() -> None:
    of = report_of(result())
    year = result().labels.spoken_year(set(result().frame()["year"]))
    shares = {name: own[year] for name, own in of.parts.items()}
    assert set(shares) == set(SOURCES) and sum(shares.values()) == pytest.approx(1)
    rows = ranked(result().assumptions, shares)
    weights = [one.weight for one in rows]
    assert weights == sorted(weights, reverse=True) and weights[0] > 0
    for one in rows:
        assert one.share == shares.get(one.chance, 0.0)
        assert one.weight == one.share * WEIGHTS[one.quality]
    listed = sum(len(one.names) for one in rows if one.kind == "ratio")
    kinds = result().assumptions["kind"]
    assert listed == len(set(result().assumptions["name"][kinds == "ratio"]))
    parts = found().table("assumptions-table-1").rows[1:]
    assert len(parts) == len(SOURCES)


def test_a_run_read_back_has_the_same_report(tmp_path: Path) -> None:
    from capacity import api
    from capacity.results import Options

    write(tmp_path)
    scenario = api.with_chance(capacity.load_scenario(tmp_path / "baseline.yaml"), DRAWS, None)
    made, _ = api.keep(scenario, tmp_path / "run", Options(charts=False), report=True)
    kept = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert kept == report_text([made], "en")
    assert kept == capacity.report(tmp_path / "run", lang="en")


def test_a_hostile_district_is_only_text(tmp_path: Path) -> None:
    told = DISTRICT
    for name, hostile in HOSTILE.items():
        told = told.replace(f"en: {name}", f'en: "{hostile}"')
    pipeline = (
        "project,title,region,status,opens,places_primary\n"
        '"=HYPERLINK(""http://x"")",<img src=x onerror=alert(1)>,north,planned,2024,400\n'
    )
    scenario = (
        'name: baseline\ntitle: {en: "\\x1b[31m</title>\\u202e", zh: "$x$"}\n'
        'question: "<svg onload=alert(1)>?"\ndistrict: demo\n'
        "horizon: {base_year: 2021, last_year: 2026}\n"
    )
    path = write(tmp_path, district=told, scenario=scenario, pipeline=pipeline)
    ran = capacity.run(capacity.load_scenario(path), draws=8)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no font draws an escape
        html = report_text([ran], "en")
    page = Document(html)
    assert len(page.all("script")) == 4 and len(page.all("svg")) == 4
    assert not [name for one in page.elements for name in one.attributes if name[:2] == "on"]
    assert page.table("supply-table-2").rows[1][0] == '=HYPERLINK("http://x")'
    assert "<svg onload=alert(1)>?" in page.one("section", id="answer").text
    assert not re.search("[\x1b\u202e]", html)
    harmless_elsewhere(ran, path, tmp_path)


def harmless_elsewhere(ran: Result, path: Path, folder: Path) -> None:
    """Hold what else people see of it to the same: a notebook, a chart as SVG, a terminal."""
    shown = ran._repr_html_()
    assert shown and not re.search(r"<(script|img|svg|title)\b", shown)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        drawn = ElementTree.parse(save(ran.plot.trend(), folder / "trend.svg"))
    tags = {element.tag.rpartition("}")[2] for element in drawn.iter()}
    assert not tags & {"script", "a", "foreignObject", "image"}
    for more in ("--full", "--json"):
        said = command("run", path, "--draws", 8, "--no-charts", "--overwrite", more, cwd=folder)
        assert said.returncode == 0 and not re.search("[\x1b\u202e]", said.stdout + said.stderr)


@pytest.mark.parametrize("method", ["model", "ref3"])
def test_a_measured_forecast_shows_its_score(tmp_path: Path, method: str) -> None:
    from capacity import api

    folder = district(tmp_path)
    found = capacity.backtest(folder, horizons=3, draws=50)
    store(found, found.district)
    plan = capacity.load_scenario(tmp_path / "baseline.yaml")
    if method == "ref3":
        plan = replace(plan, demand=METHODS["ref3"])
    ran = api.run(plan, draws=8)
    said = read(ran)
    assert "on these data" in said["scorecard"] and "on these data" not in said["caveats"]
    before = read(replace(ran, measured=None))
    assert "not measured on these data" in before["caveats"]
    pages = {one.code: one.page for one in sheets(report_of(ran), "en")}
    blocks = (block for group in pages["scorecard"] for block in group)
    table = next(block for block in blocks if isinstance(block, Blocks))
    heads, rows = table.heads, table.rows
    scores = found.scores().query(f"method == '{method}' and level == 'all'")
    assert [row[0] for row in rows] == [str(horizon) for horizon in scores["horizon"]]
    at = heads.index(catalog("backtest")["half_within"]["en"])
    assert [row[at] for row in rows] == [f"{100 * half:.1f} %" for half in scores["median"]]


def test_without_draws_what_is_not_known_is_said() -> None:
    ran = capacity.run(result().scenario, draws=0)
    said = read(ran)
    assert "no draws were made" in said["sure"] and "--draws 1000" in said["caveats"]
    assert "not known" in said["assumptions"] and list(said) == list(SECTIONS)


def test_without_places_only_demand_is_shown(tmp_path: Path) -> None:
    path = write(tmp_path, places=None, pipeline=None)
    said = read(capacity.run(capacity.load_scenario(path), draws=8))
    assert set(said) == set(SECTIONS) - {"supply", "fullness", "grades"}


@LANGS
def test_several_runs_are_each_against_the_first(lang: str) -> None:
    plan = result().scenario
    late = plan.with_levers({"kind": "delay", "add": 2})
    none = plan.with_levers({"kind": "cancel", "where": {"status": ["planned"]}})
    runs = [result(), *(capacity.run(one, draws=8) for one in (late, none))]
    page = Document(report_text(runs, lang, ("A. Head",)))
    assert [one.attributes["id"] for one in page.all("section")] == [
        "answers", "side-by-side", "against-a", "against-b", "identity"
    ]  # fmt: skip
    ids = [one.attributes["id"] for one in page.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    gaps = page.table("side-by-side-table-1")
    for at, run in enumerate(runs, start=1):
        frame = run.frame()
        whole = frame[(frame["region"] == "all") & (frame["level"] == "all")].set_index("year")
        for row in gaps.rows[1:]:
            assert float(plain(row[at]) or 0) == round(whole.loc[int(row[0]), "gap"])


def test_a_later_study_joins_as_one_more_sheet() -> None:
    plain = [one for one in sheets(report_of(result()), "en") if one.code in ("answer", "grades")]
    more = Sheet("tornado", "What moves it most", [[Text("births")]])
    page = Document(report_html("t", [*plain, more], "en"))
    assert page.one("section", id="tornado").text.split() == [
        "What",
        "moves",
        "it",
        "most",
        "births",
    ]


def test_the_function_of_the_package_writes_and_returns_the_page(tmp_path: Path) -> None:
    path = tmp_path / "new" / "gap.html"
    assert capacity.report(result(), path=path, lang="zh") == text("zh")
    assert path.read_text(encoding="utf-8") == text("zh")
    with pytest.raises(TypeError):
        capacity.report()
    with pytest.raises(ValueError, match="en, zh"):
        capacity.report(result(), lang="fr")


def test_a_report_takes_the_place_of_another_and_of_nothing_else(tmp_path: Path) -> None:
    path, other = tmp_path / "gap.html", text("zh")
    assert [put(path, text()), put(path, text()), put(path, other)] == [
        "written", "unchanged", "written"
    ]  # fmt: skip
    assert [one.name for one in tmp_path.iterdir()] == ["gap.html"]
    path.write_text("<p>mine</p>", encoding="utf-8")
    for place, code in ((path, "report-other"), (tmp_path, "report-folder")):
        with pytest.raises(capacity.InputError, match=code):
            put(place, text())
        with pytest.raises(capacity.InputError, match=code):
            claim(place)
    assert put(path, text(), overwrite=True) == "written"
    assert path.with_name(path.name + CHANGED).read_text(encoding="utf-8") == "<p>mine</p>"


@pytest.mark.slow
def test_a_report_of_haidian_is_small() -> None:
    ran = capacity.run(capacity.load_scenario(SCENARIOS / "baseline.yaml"), draws=DRAWS)
    assert len(report_text([ran], "zh").encode()) < 1.5e6


@pytest.fixture
def bare_charts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Draw no charts: it is about what is said."""
    monkeypatch.setattr(Kind, "draw", lambda *_, **__: None)
    monkeypatch.setattr(document, "svg_of", lambda *_: "<svg></svg>")


def reported(seed: int, shape: Shape, folder: Path) -> None:
    """Make the reports of a random district: with and without draws, in both languages."""
    try:
        scenario = capacity.load_scenario(random_case(seed, shape).write(folder))
        results = [capacity.run(scenario, draws=draws) for draws in (0, 8)]
    except capacity.InputError:
        return
    for result in results:
        for lang in LANGUAGES:
            page = report_text([result], lang)
            assert is_report(page.encode()) and not re.search(r">(nan|NaN|None|inf)<", page)


@pytest.mark.parametrize("seed", [3, 8])
def test_any_district_has_a_report(seed: int, tmp_path: Path, bare_charts: None) -> None:
    reported(seed, Shape(wild=seed == 8), tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 60, 10))
@pytest.mark.parametrize("wild", [False, True])
def test_many_districts_have_reports(
    first: int, wild: bool, tmp_path: Path, bare_charts: None
) -> None:
    for seed in range(first, first + 10):
        (tmp_path / str(seed)).mkdir()
        reported(seed, Shape(wild=wild), tmp_path / str(seed))


def test_places_that_are_unknown_stay_so(tmp_path: Path, bare_charts: None) -> None:
    path = write(tmp_path)
    places = tmp_path / "demo" / "places.csv"
    head, _, *rest = places.read_text(encoding="utf-8").splitlines()
    places.write_text("\n".join([head, *rest, ""]), encoding="utf-8")
    result = capacity.run(capacity.load_scenario(path), draws=8)
    assert result.unknown
    page = Document(report_text([result], "en"))
    assert any(row[-1] == "" for row in page.table("supply-table-1").rows)


@LANGS
def test_a_fan_gives_no_range_where_places_are_not_all_known(lang: str, tmp_path: Path) -> None:
    path = write(tmp_path, places="region,level,places\nnorth,primary,2500\n")
    ran = capacity.run(capacity.load_scenario(path), draws=8)
    texts = [text.get_text() for text in ran.plot.fan(lang=lang).get_figure().findobj(Text_)]
    year = ran.labels.answer_year(ran.frame()["year"])
    told = catalog("charts")["supply_unknown"][lang].format(year=year)
    assert any(told in text for text in texts)
