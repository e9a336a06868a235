"""What a run says of what it does not know, or does not use."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

import pytest

import capacity
from capacity.render.charts import KINDS
from capacity.results import Result
from tests.cli.command import capacity as command
from tests.inputs.folder import enrolment, tables, write
from tests.seeds import seeds

#: What may not be said where no places are known.
NO_WORDS = ("shortage", "short:", "no data", "idle", "surplus", "not short")


def run(scenario: Path, draws: int = 0) -> Result:
    return capacity.run(capacity.load_scenario(scenario), draws=draws)


def notes(result: Result) -> dict[str, str]:
    """Give the words of the notes by code."""
    return {note.code: note.text("en") for note in result.notes}


@pytest.fixture(scope="module")
def without_places(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("none"), places=None)


@pytest.mark.parametrize("draws", [0, 50])
def test_without_places_demand_alone_is_said(without_places: Path, draws: int) -> None:
    done = command(
        "run",
        without_places,
        "-o",
        without_places.parent / f"o{draws}",
        "--no-charts",
        "--draws",
        draws,
    )
    assert done.returncode == 0
    said = done.stdout
    assert "demand" in said and "no places are known" in said
    assert not [words for words in NO_WORDS if words in said], said
    assert done.stderr.count("no places, so the gap stays empty") == 1
    chinese = command(
        "run",
        without_places,
        "-o",
        without_places.parent / f"z{draws}",
        "--no-charts",
        "--draws",
        draws,
        "--lang",
        "zh",
    ).stdout
    assert "不足" not in chinese and "无数据" not in chinese and "缺学位" not in chinese


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_without_places_charts_and_pages_say_so(without_places: Path, lang: str) -> None:
    result = run(without_places, draws=20)
    page = result._repr_html_()
    assert "no shortage" not in page
    never = {"en": "no shortage", "zh": "不缺学位"}[lang]
    for name in KINDS:
        axes = getattr(result.plot, name)(lang=lang)
        texts = [axes.get_title(loc="left"), *(text.get_text() for text in axes.texts)]
        said = " ".join(" ".join(texts).split())
        assert never not in said, name
    heads = [text.get_text() for text in result.plot.trend(lang=lang).texts]
    year = result.labels.spoken_year(result.frame()["year"])
    assert any({"en": f"In {year}, ", "zh": f"{year}年"}[lang] in head for head in heads)
    gap = result.plot.gap(2026, lang=lang)
    assert {"en": "Demand", "zh": "需求"}[lang] in gap.get_title(loc="left")
    frame = result.frame().set_index(["year", "region", "level"])["demand"]
    drawn = sorted(round(bar.get_width(), 6) for bar in gap.patches)
    levels = [level.code for level in result.labels.levels]
    cells = itertools.product(("north", "south"), levels)
    assert drawn == sorted(round(float(frame[2026, r, k]), 6) for r, k in cells)


def test_with_some_places_what_is_known_is_said(tmp_path: Path) -> None:
    some = "\n".join(tables()["places"].splitlines()[:2]) + "\n"
    done = command("run", write(tmp_path, places=some), "-o", tmp_path / "o", "--no-charts")
    assert "as far as places are known" in done.stdout


@pytest.mark.parametrize("seed", seeds(range(2), range(6)))
def test_a_limit_that_cannot_be_judged_fails(seed: int, tmp_path: Path) -> None:
    luck = random.Random(seed)
    head, *rows = tables()["places"].splitlines()
    high = [row for row in rows if ",high," in row]
    gone = luck.choice(rows)
    left = [row for row in rows if row != gone] if seed else []
    text = "\n".join([head, *left]) + "\n" if left else None
    scenario = write(tmp_path, places=text)
    limit = f"shortage:{10**6}"
    done = command("run", scenario, "-o", tmp_path / "o", "--no-charts", "--fail-on", limit)
    assert done.returncode == 1
    line = next(line for line in done.stderr.splitlines() if line.startswith("--fail-on"))
    assert "not known" in line
    assert not left or gone in high or gone.split(",")[1] in line.lower()
    whole = write(tmp_path / "whole")
    kept = command("run", whole, "-o", tmp_path / "w", "--no-charts", "--fail-on", limit)
    assert kept.returncode == 0


def test_a_project_without_pupils_is_told(tmp_path: Path) -> None:
    rows = tables()["enrolment"].splitlines()
    none = ("4", "5")
    empty = [
        f"{row.rpartition(',')[0]},0"
        if row.split(",")[1:3] in [["south", g] for g in none]
        else row
        for row in rows
    ]
    ratios = "grade,region,ratio\n4,south,0\n5,south,0\n"
    scenario = write(tmp_path, enrolment="\n".join(empty) + "\n", ratios=ratios)
    found = notes(run(scenario))
    assert "P2 (南部 middle)" in found["project-without-pupils"]
    assert "P1" not in found["project-without-pupils"]
    assert "project-without-pupils" not in notes(run(write(tmp_path / "sound")))


def test_the_years_in_which_the_first_grade_is_held_are_named(tmp_path: Path) -> None:
    children = "year,region,age,children\n" + "".join(
        f"{year},{region},{age},120\n"
        for region in ("north", "south")
        for year, age in ((2017, 5), (2018, 5), (2019, 5), (2020, 5), (2021, 4), (2021, 5))
    )
    found = notes(run(write(tmp_path, births=None, children=children)))
    assert "(2024–2026)" in found["entry-held"]
    assert "North, 南部" in found["entry-held"]


def test_grades_that_a_region_does_not_have_are_not_called_held(tmp_path: Path) -> None:
    rows = tables()["enrolment"].splitlines()
    empty = [f"{row.rpartition(',')[0]},0" if ",south,5," in row else row for row in rows]
    one_year = [row for row in empty if not row.startswith(("2018", "2019", "2020"))]
    for text in ("\n".join(one_year) + "\n", "\n".join(empty) + "\n"):
        folder = tmp_path / str(len(text))
        found = notes(run(write(folder, enrolment=text, births=None)))
        held = [
            note.text("en")
            for note in run(folder / "baseline.yaml").notes
            if note.code == "grades-held"
        ]
        assert not [line for line in held if "5" in line.split(" are held")[0] and "south" in line]
        assert "entry-held" in found


def test_groups_of_the_base_year_only_are_called_so(tmp_path: Path) -> None:
    rows = tables()["enrolment"].splitlines()
    text = "\n".join(
        [f"{rows[0]},group"]
        + [f"{row},{'hukou' if row.startswith('2021') else ''}" for row in rows[1:]]
    )
    found = notes(run(write(tmp_path, enrolment=text + "\n")))
    assert "earlier years by these groups" in found["grades-held"]


def test_the_spread_of_ratios_and_of_births_are_two_statements(tmp_path: Path) -> None:

    years = enrolment(range(2010, 2022))
    with_births = command(
        "run",
        write(tmp_path / "a", enrolment=years),
        "-o",
        tmp_path / "oa",
        "--no-charts",
        "--full",
    ).stdout
    without = command(
        "run",
        write(tmp_path / "b", enrolment=years, births=None),
        "-o",
        tmp_path / "ob",
        "--no-charts",
        "--full",
    ).stdout
    measured = "how far ratios stray: measured on past forecasts"
    assert measured in with_births and "births not yet known:" in with_births
    assert measured in without and "no births are known: the first grade is held" in without
