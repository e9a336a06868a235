"""The workbook of a run: equal to its tables, the same bytes, plain to every program that reads."""

from __future__ import annotations

import math
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

import pandas as pd
import pytest
from python_calamine import CalamineWorkbook

import capacity
from capacity import Result
from capacity.base import LANGUAGES, catalog, word
from capacity.render.workbook import (
    LONGEST,
    NAME,
    NAMED,
    figures_of,
    head,
    plain,
    sheet_names,
    write_workbook,
)
from capacity.render.workbook import table_sheet as tables_written
from capacity.results import csv_of
from tests.benchmarks.many import write_many
from tests.inputs.folder import DISTRICT, write
from tests.random_districts import random_case
from tests.seeds import seeds

DRAWS = 20
#: Sheets in their order.
SHEETS = (
    *("summary", "charts", "gap", "results", "entry", "pupils", "supply", "pipeline"),
    *("assumptions", "checks"),
)
HOSTILE = (
    '=HYPERLINK("http://x.y","z")',
    "+1+1",
    "-2",
    "@SUM(A1)",
    "http://x.y",
    "_x0041_ <&> é𠮷",
)
MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
CHART = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"


def result_of(scenario: Path, draws: int = DRAWS) -> Result:
    return capacity.run(capacity.load_scenario(scenario), draws=draws)


class Made:
    """Runs by name, so many regions or a random district of a seed, with their workbooks: once."""

    def __init__(self, folder: Callable[[str], Path]) -> None:
        self.folder = folder
        self.runs: dict[str, Result] = {}
        self.books: dict[tuple[str, str], Path] = {}

    def run(self, name: str) -> Result:
        if name not in self.runs:
            kind, _, number = name.partition(" ")
            folder = self.folder("district")
            if kind == "demo":
                path = write(folder)
            elif kind == "regions":
                path = write_many(folder, int(number), parents=int(number) // 40, ahead=3)
            elif kind == "nowhere":
                path = write(folder, places=None, pipeline=None)
            else:
                path = random_case(int(number)).write(folder)
            self.runs[name] = result_of(path, 0 if kind == "nowhere" else DRAWS)
        return self.runs[name]

    def book(self, name: str, lang: str = "en") -> Path:
        if (name, lang) not in self.books:
            self.books[name, lang] = written(self.run(name), self.folder("book"), lang)
        return self.books[name, lang]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return Made(tmp_path_factory.mktemp)


def sheet_name(key: str, lang: str) -> str:
    return word(f"workbook.sheet_{key}", lang)


def rows_of(path: Path, key: str, lang: str) -> list[list[Any]]:
    book = CalamineWorkbook.from_path(str(path))
    return book.get_sheet_by_name(sheet_name(key, lang)).to_python(skip_empty_area=False)


def table_of(path: Path, key: str, lang: str) -> pd.DataFrame:
    heads, *rows = rows_of(path, key, lang)
    return pd.DataFrame(rows, columns=[str(cell) for cell in heads])


def parts_of(path: Path) -> dict[str, bytes]:
    with ZipFile(path) as book:
        return {name: book.read(name) for name in book.namelist()}


def same_number(cell: Any, text: str) -> bool:
    return cell == "" if text == "" else math.isclose(float(cell), float(text), rel_tol=1e-15)


def written(result: Result, folder: Path, lang: str = "en") -> Path:
    path = folder / f"{lang}.xlsx"
    write_workbook(result, path, lang)
    return path


CASES = ("demo", "regions 1", "regions 17", "nowhere", "random 1", "random 2")


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("name", CASES)
def test_what_is_read_back_equals_results_csv(made: Made, name: str, lang: str) -> None:
    result = made.run(name)
    kept = csv_of(result.frame()).decode("utf-8-sig")
    csv = pd.read_csv(StringIO(kept), dtype=str, keep_default_na=False)
    found = table_of(made.book(name, lang), "results", lang)
    codes = [word(f"workbook.code_{key}", lang) for key in ("region", "level")]
    assert [*found.columns] == [*(head(column, lang) for column in csv.columns), *codes]
    assert len(found) == len(csv)
    for column in csv.columns:
        cells, texts = found[head(column, lang)].tolist(), csv[column].tolist()
        if column in ("region", "level"):
            assert found[word(f"workbook.code_{column}", lang)].tolist() == texts
        elif column == "constrained":
            words = {key: word(f"workbook.mark_{key}", lang) for key in ("yes", "no")}
            assert cells == [words["yes" if text == "True" else "no"] for text in texts]
        elif column == "scenario":
            assert cells == texts
        else:
            assert all(map(same_number, cells, texts)), column


@pytest.mark.parametrize("name", CASES)
def test_every_other_table_has_the_figures_of_its_file(made: Made, name: str) -> None:
    result = made.run(name)
    path, frame, labels = made.book(name), result.frame(), result.labels
    entry = table_of(path, "entry", "en")
    assert entry[head("entrants", "en")].tolist() == pytest.approx(
        result.entry["entrants"].tolist()
    )
    bands = {"黄": "yellow", "红": "red", "": ""}
    assert entry[head("band", "en")].tolist() == [bands[band] for band in result.entry["band"]]
    title = labels.region_name("all", "en")
    gap, pupils = (table_of(path, key, "en") for key in ("gap", "pupils"))
    for year in frame["year"].unique():
        whole = frame[(frame["year"] == year) & (frame["level"] == "all")].set_index("region")
        cells = gap[gap[head("level", "en")] == word("workbook.all_levels", "en")]
        shown = dict(zip(cells[head("region", "en")], cells[f"{float(year)}"], strict=True))
        known = whole["gap"]["all"]
        assert shown[title] == ("" if math.isnan(known) else pytest.approx(known))
        assert pupils[f"{float(year)}"].sum() == pytest.approx(
            result.pupils[result.pupils["year"] == year]["pupils"].sum()
        )
    supply = table_of(path, "supply", "en")
    sums = supply[head("part", "en")] == word("workbook.places_sum", "en")
    keys = [supply[head(name, "en")] for name in ("region", "level")]
    numbers = supply.iloc[:, 3:].apply(pd.to_numeric, errors="coerce")
    whole, parts = (numbers[rows].groupby(keys).sum(min_count=1) for rows in (sums, ~sums))
    known = whole.notna() & (whole != 0)
    assert (whole - parts)[known].abs().max().max() < 1e-6 or not known.any().any()
    assert len(table_of(path, "checks", "en")) == len(result.checks)
    assert len(table_of(path, "assumptions", "en")) == len(result.assumptions)


def test_the_same_run_gives_the_same_bytes(made: Made, tmp_path: Path) -> None:
    again = written(made.run("demo"), tmp_path, "zh").read_bytes()
    assert made.book("demo", "zh").read_bytes() == again != made.book("demo").read_bytes()


def hostile(folder: Path) -> Result:
    """Run a district of which titles, codes, names and notes are what a program could act on."""
    formula, plus, minus, at, link, odd = (text.replace("'", "''") for text in HOSTILE)
    district = DISTRICT.replace("{en: North, zh: 北部}", f"'{formula}'").replace("南部", f"'{odd}'")
    district = district.replace("{en: Primary, zh: 小学}", f"'{plus}'")
    district = district.replace("{en: Demo District, zh: 示例区}", f"'{at}'")
    quoted = formula.replace('"', '""')
    projects = "project,region,status,opens,places_primary,title,source,note\n"
    projects += f'"=1+1",north,planned,2024,40,"{quoted}",{link},"{minus}"\n'
    return result_of(write(folder, district=district, pipeline=projects))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_text_of_somebody_stays_a_text(lang: str, tmp_path: Path) -> None:
    path = written(hostile(tmp_path), tmp_path, lang)
    for name, data in parts_of(path).items():
        if name.startswith("xl/worksheets/"):
            tree = ElementTree.fromstring(data) if name.endswith(".xml") else None
            assert tree is None or not [*tree.iter(f"{MAIN}f"), *tree.iter(f"{MAIN}hyperlink")]
            assert b"TargetMode" not in data, "nothing leads out of the file"
    texts = {cell for key in SHEETS for row in rows_of(path, key, lang) for cell in row}
    assert {HOSTILE[0], HOSTILE[1], HOSTILE[2], HOSTILE[4], HOSTILE[5], "=1+1"} <= texts


def test_a_cell_holds_no_more_than_programs_take() -> None:
    assert plain("a\x00\x0b\ufffe\ud800b\r\nc\td") == "a����b\nc\td"
    for text in ("x" * 40_000, "𠮷" * 20_000):
        kept = plain(text)
        assert len(kept.encode("utf-16-le")) // 2 <= LONGEST and kept.endswith("…")
    names = sheet_names(["[a]:*?/\\b", "x" * 40, "X" * 40, "'", "", "a  b"])
    assert all(1 <= len(name) <= NAME and not re.search(r"[\[\]:*?/\\]", name) for name in names)
    assert len({name.casefold() for name in names}) == len(names)


def test_more_rows_than_a_sheet_has_are_left_to_the_file(
    made: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables_written, "ROWS", 10)
    result = made.run("demo")
    rows = rows_of(written(result, tmp_path), "results", "en")
    left = len(result.frame()) - 8
    assert len(rows) == 10
    assert rows[-1][0] == word("workbook.left_out", "en", n=left, file="CSV")


def caches(data: bytes) -> Iterator[tuple[str, list[str]]]:
    """Give each reference of a chart with the values that it keeps."""
    for tag in ("numRef", "strRef"):
        for reference in ElementTree.fromstring(data).iter(f"{CHART}{tag}"):
            formula = reference.find(f"{CHART}f")
            assert formula is not None and formula.text is not None
            kept = reference.find(f"{CHART}{tag[:3]}Cache")
            assert kept is not None, formula.text
            points = [point.text or "" for point in kept.iter(f"{CHART}v")]
            count = kept.find(f"{CHART}ptCount")
            assert points and count is not None and len(points) <= int(count.attrib["val"])
            yield formula.text, points


@pytest.mark.parametrize("name", CASES)
def test_every_program_finds_what_it_must(made: Made, name: str) -> None:
    """What WPS and others are known to choke on is not there."""
    result = made.run(name)
    parts = parts_of(made.book(name, "zh"))
    types = ElementTree.fromstring(parts["[Content_Types].xml"])
    stated = {item.attrib.get("PartName", "").lstrip("/") for item in types}
    ends = {item.attrib.get("Extension") for item in types}
    for part, data in parts.items():
        assert part in stated or part.rpartition(".")[2] in ends
        assert b"extLst" not in data and b"mc:AlternateContent" not in data, part
        ElementTree.fromstring(data)
    charts = [data for part, data in parts.items() if part.startswith("xl/charts/chart")]
    frame, labels = result.frame(), result.labels
    assert len(charts) == len(list(figures_of(frame, labels, "zh"))) > 0
    assert all(list(caches(data)) for data in charts)
    book = ElementTree.fromstring(parts["xl/workbook.xml"])
    names = [sheet.attrib["name"] for sheet in book.iter(f"{MAIN}sheet")]
    assert names == [sheet_name(key, "zh") for key in SHEETS]
    defined = [item.attrib["name"] for item in book.iter(f"{MAIN}definedName")]
    assert defined.count("_xlnm.Print_Area") == len(names)
    assert defined.count("_xlnm.Print_Titles") == len(names) - 2
    sheets = [data for part, data in parts.items() if part.startswith("xl/worksheets/sheet")]
    assert all(b"<pane " in data and b"<autoFilter " in data for data in sheets[2:])


def test_a_chart_keeps_the_figures_of_its_cells(made: Made) -> None:
    path = made.book("regions 17")
    rows = rows_of(path, "charts", "en")
    for part, data in parts_of(path).items():
        if not part.startswith("xl/charts/chart"):
            continue
        for formula, kept in caches(data):
            found = re.fullmatch(r"Charts!\$([A-Z])\$(\d+)(?::\$([A-Z])\$\2)?", formula)
            assert found is not None, formula
            first = ord(found[1]) - ord("A")
            last = ord(found[3] or found[1]) - ord("A")
            cells = rows[int(found[2]) - 1][first : last + 1]
            if isinstance(cells[0], str):
                assert kept == cells
            else:
                assert list(map(float, kept)) == pytest.approx(cells)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["demo", "regions 17", "random 0", pytest.param("regions 150", marks=pytest.mark.slow)]
)
def test_what_is_stacked_adds_up_to_the_district(made: Made, name: str, lang: str) -> None:
    frame, labels = made.run(name).frame(), made.run(name).labels
    counted = [cell in labels.counted for cell in zip(frame["region"], frame["level"], strict=True)]
    whole = frame[counted].groupby("year")["shortage"].sum().tolist()
    stacked = [figure for figure in figures_of(frame, labels, lang) if figure.stacked]
    assert len(stacked) == 2
    for figure in stacked:
        sums = [sum(cells) for cells in zip(*figure.rows.values(), strict=True)]
        assert sums == pytest.approx(whole)
        assert len(figure.rows) <= NAMED + 1 + len(labels.levels)


def test_where_no_places_are_known_demand_is_drawn(made: Made) -> None:
    result = made.run("nowhere")
    (figure,) = figures_of(result.frame(), result.labels, "en")
    assert figure.title == word("workbook.chart_demand", "en")


def test_projects_stand_as_listed_and_as_levers_leave_them(tmp_path: Path) -> None:
    path = write(tmp_path)
    levers = [
        {"kind": "delay", "add": 2, "where": {"project": "P1"}},
        {"kind": "cancel", "where": {"project": "P2"}},
        {
            "kind": "add_project",
            "add_project": {"project": "P9", "region": "north", "status": "idea", "opens": 2025}
            | {"places_primary": 40},
        },
    ]
    scenario = capacity.load_scenario(path).with_levers(*levers)
    found = table_of(written(capacity.run(scenario, draws=0), tmp_path), "pipeline", "en")
    found = found.set_index(head("project", "en"))
    now = found[word("workbook.opens_now", "en")].to_dict()
    assert now == {"P1": 2026, "P2": "", "P3": 2021, "P9": 2025}
    counted = {key: word(f"workbook.counted_{key}", "en") for key in ("yes", "no", "cancelled")}
    assert found[word("workbook.counted", "en")].to_dict() == {
        "P1": counted["yes"],
        "P2": counted["cancelled"],
        "P3": counted["yes"],
        "P9": counted["no"],
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_column_and_sheet_has_words_of_its_own(made: Made, lang: str) -> None:
    result = made.run("demo")
    frames = (result.frame(), result.entry, result.assumptions, result.checks)
    for frame in frames:
        heads = [head(str(name), lang) for name in frame.columns]
        assert len(set(heads)) == len(heads)
        said = [f"column_{name}" in catalog("workbook") for name in frame.columns]
        drawn = [re.search("_p[159]0$", str(name)) is not None for name in frame.columns]
        assert all(one or other for one, other in zip(said, drawn, strict=True))
    names = [sheet_name(key, lang) for key in SHEETS]
    assert sheet_names(names) == names
    kinds = set(result.assumptions["kind"])
    assert all(f"kind_{kind}" in catalog("workbook") for kind in kinds)


def test_the_first_sheet_says_what_the_terminal_says(made: Made) -> None:
    result = made.run("demo")
    rows = rows_of(made.book("demo"), "summary", "en")
    texts = [str(row[0]) for row in rows]
    assert texts[0] == "Demo District: As planned"
    assert texts[1] == "What if all opens as planned?"
    assert texts[2].startswith("In 2025, the year of the plan's target, ")
    at = next(k for k, text in enumerate(texts) if text == "region")
    classes = result.entry[result.entry["year"] == 2022].set_index(["region", "level"])
    for row, region in zip(rows[at + 1 : at + 4], ("north", "south", "all"), strict=True):
        own = [classes["classes_needed"][region, level] for level in ("primary", "middle", "high")]
        assert row[1:4] == own


@pytest.mark.slow
@pytest.mark.parametrize("seed", seeds([], range(40)))
def test_random_districts_are_written_whole(made: Made, seed: int) -> None:
    for lang in LANGUAGES:
        test_what_is_read_back_equals_results_csv(made, f"random {seed}", lang)
    test_every_other_table_has_the_figures_of_its_file(made, f"random {seed}")
    test_every_program_finds_what_it_must(made, f"random {seed}")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("lang", LANGUAGES)
def test_libreoffice_opens_it_and_keeps_every_figure(made: Made, lang: str, tmp_path: Path) -> None:
    path = made.book("regions 17", lang)
    home, out = (tmp_path / "profile").as_uri(), tmp_path / "out"
    for kind in ("xlsx", "pdf"):
        command = ["soffice", f"-env:UserInstallation={home}", "--headless", "--convert-to", kind]
        subprocess.run([*command, "--outdir", out, path], check=True, capture_output=True)
    assert (out / f"{lang}.pdf").stat().st_size > 50_000
    for key in SHEETS:
        ours, theirs = (rows_of(file, key, lang) for file in (path, out / path.name))
        for row, other in zip(ours, theirs, strict=False):
            for cell, found in zip(row, other, strict=False):
                same = isinstance(cell, float) and isinstance(found, float)
                assert found == (pytest.approx(cell, rel=1e-14) if same else cell), key
