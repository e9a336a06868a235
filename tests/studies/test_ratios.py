"""Calibrated ratios as people get them: tables against plain pandas, breaks by line, texts."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capacity
from capacity.base import html, word
from capacity.inputs.tables import TABLES
from capacity.studies.ratios import BREAKS, COLUMNS, YEARLY, stated_rows
from tests.studies.pasts import district, doubled, enrolment

CHINESE = re.compile("[\u4e00-\u9fff]")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return district(tmp_path_factory.mktemp("demo"))


@pytest.fixture(scope="module")
def jumped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return district(tmp_path_factory.mktemp("jumped"), enrolment=enrolment(doubled))


def yearly_ratios(folder: Path) -> pd.Series:
    """Ratio by region, grade and year, from the file alone."""
    rows = pd.read_csv(folder / "enrolment.csv")
    before = rows.assign(year=rows["year"] + 1, grade=rows["grade"] + 1)
    both = rows.merge(before, on=["year", "region", "grade"], suffixes=("", "_before"))
    return (
        both.assign(ratio=both["pupils"] / both["pupils_before"])
        .set_index(["region", "grade", "year"])["ratio"]
        .sort_index()
    )


def test_means_spreads_and_years_are_those_of_the_file(demo: Path) -> None:
    found = capacity.calibrate(demo, method="mean", window=4)
    yearly = yearly_ratios(demo)
    rows = found.frame()
    assert tuple(rows.columns) == COLUMNS
    assert len(rows) == 2 * 6
    for row in rows[rows["basis"] == ""].to_dict("records"):
        last = yearly[row["region"], row["grade"]].loc[2018:2021]
        assert row["ratio"] == pytest.approx(last.mean(), rel=1e-14)
        assert row["sd"] == pytest.approx(last.std(), rel=1e-12)
        assert (row["years"], row["first_year"], row["last_year"]) == (4, 2018, 2021)
    assert rows[["recent", "long_run", "all_areas", "recent_share"]].isna().all(axis=None)
    assert (rows["shrunk_towards"] == "").all()


def test_pooled_is_sum_over_sum(demo: Path) -> None:
    rows = capacity.calibrate(demo, method="pooled").frame().set_index(["region", "grade"])
    file = pd.read_csv(demo / "enrolment.csv").set_index(["region", "grade", "year"])["pupils"]
    file = file.sort_index()
    into = file["north", 4].loc[2019:2021].sum()
    assert rows.loc[("north", 4), "ratio"] == pytest.approx(
        into / file["north", 3].loc[2018:2020].sum(), rel=1e-14
    )


def test_shrunk_says_what_it_leans_on(demo: Path) -> None:
    rows = capacity.calibrate(demo).frame()
    share = rows["recent_share"]
    np.testing.assert_allclose(
        rows["ratio"], share * rows["recent"] + (1 - share) * rows["long_run"]
    )
    assert rows.loc[rows["basis"] == "", "all_areas"].notna().all()
    assert rows.loc[rows["basis"] == "births", "all_areas"].isna().all()
    assert (rows["shrunk_towards"] == "long_run").all()
    assert (rows["years"] == 8).all()


def test_small_regions_are_drawn_towards_all_areas(tmp_path: Path) -> None:
    rows = capacity.calibrate(district(tmp_path, enrolment=enrolment(size=30))).frame()
    assert (rows.loc[rows["basis"] == "", "shrunk_towards"] == "all_areas").all()


def test_calibrated_ratios_are_those_of_a_run(demo: Path) -> None:
    rows = capacity.calibrate(demo, method="mean").frame()
    text = "name: m\ndistrict: demo\nhorizon: {base_year: 2021, last_year: 2023}\ndemand: "
    text += "{progression: {method: mean}, entry: {method: mean}}\n"
    (demo.parent / "m.yaml").write_text(text, encoding="utf-8")
    plain = capacity.run(capacity.load_scenario(demo.parent / "m.yaml"), draws=0).pupils
    plain = plain.set_index(["year", "region", "grade"])["pupils"]
    for row in rows[rows["basis"] == ""].to_dict("records"):
        below = plain[2021, row["region"], row["grade"] - 1]
        expected = row["ratio"] * below
        assert plain[2022, row["region"], row["grade"]] == pytest.approx(expected, rel=1e-12)


def test_flagged_years_are_counted_and_kept_out(jumped: Path, tmp_path: Path) -> None:
    flags = "year,region,reason\n2018,south,virtual school\n"
    flagged = district(tmp_path, enrolment=enrolment(doubled), flags=flags)
    found = capacity.calibrate(flagged)
    rows = found.frame().set_index(["region", "grade"])
    assert rows.loc[("south", 3), "flagged"] == 1
    assert rows.loc[("south", 3), "years"] == 7
    assert rows.loc[("north", 3), "flagged"] == 0
    assert rows.loc[("south", 3), "ratio"] == pytest.approx(1, abs=0.02)
    unflagged = capacity.calibrate(jumped).frame().set_index(["region", "grade"])
    assert rows.loc[("south", 3), "sd"] < 0.05 < unflagged.loc[("south", 3), "sd"]
    assert found.breaks.empty
    years = found.yearly[lambda r: (r["region"] == "south") & (r["year"] == 2018)]
    assert years["flagged"].all()
    assert not years["used"].any()
    assert (years["ratio"] > 1.8).all()


def test_a_break_is_named_once_at_its_row_with_what_to_do(jumped: Path) -> None:
    found = capacity.calibrate(jumped)
    assert tuple(found.breaks.columns) == BREAKS
    row = found.breaks.to_dict("records")[0]
    assert (row["year"], row["region"], row["grades"]) == (2018, "south", "1-6")
    assert row["change"] == pytest.approx(1, abs=0.1)
    assert len(found.breaks) == 1
    (note,) = [note for note in found.notes if note.code.endswith("break")]
    lines = (jumped / "enrolment.csv").read_text(encoding="utf-8").splitlines()
    assert lines[note.at.line - 1].startswith("2018,south,1,")
    assert note.severity == "warning"
    assert "(year,region,reason,grade,kind): 2018,south,break,,odd" in note.text("en")
    assert "progression or migration" in note.text("en")
    assert "2018,south,break,,odd" in note.text("zh")


def test_a_break_that_reading_calls_a_slip_is_not_said_twice(tmp_path: Path) -> None:
    """Ten times the pupils of one cohort look like a digit too many."""

    def slip(year: int, region: str, grade: int) -> float:
        return {(2018, "north", 3): 10.0, (2019, "north", 4): 0.1}.get((year, region, grade), 1.0)

    found = capacity.calibrate(district(tmp_path, enrolment=enrolment(slip)))
    places = [note.at for note in found.notes]
    assert len(places) == len(set(places))
    assert {note.code for note in found.notes} == {"cohort-jump"}
    assert len(found.breaks) == 2


def test_a_break_where_nobody_was_expected_has_no_percentage(tmp_path: Path) -> None:
    def gone(year: int, region: str, grade: int) -> float:
        return 0.0 if (year, region, grade) == (2018, "north", 3) else 1.0

    found = capacity.calibrate(district(tmp_path, enrolment=enrolment(gone)))
    assert (found.breaks["expected"] == 0).any() and (found.breaks["expected"] > 0).any()
    for lang in LANGUAGES:
        said = [note.text(lang) for note in found.notes]
        assert not any("nan" in text for text in said)
        assert any("-100%" in text for text in said)
    assert "of 2 regions" in found.summary("en")


def test_without_births_the_first_grade_is_held(tmp_path: Path) -> None:
    found = capacity.calibrate(district(tmp_path, births=None))
    rows = found.frame().set_index(["region", "grade"])
    row = rows.loc[("north", 1)]
    assert row["basis"] == "neither"
    assert np.isnan(row["ratio"])
    assert row["held"] > 0
    assert row["years"] == 0


def test_children_and_births_each_have_a_ratio(tmp_path: Path) -> None:
    children = "\n".join(
        ["year,region,age,children"]
        + [f"{year},{region},5,800" for year in range(2015, 2021) for region in ("north", "south")]
    )
    rows = capacity.calibrate(district(tmp_path, children=children + "\n")).frame()
    bases = rows.loc[rows["grade"] == 1, ["region", "basis"]].to_numpy().tolist()
    assert bases == [[r, b] for r in ("north", "south") for b in ("births", "children")]


def test_groups_have_rows_of_their_own(tmp_path: Path) -> None:
    rows = [line.split(",") for line in enrolment().splitlines()[1:]]
    grouped = ["year,region,grade,pupils,group"]
    grouped += [",".join([*row, group]) for row in rows for group in ("hukou", "other")]
    found = capacity.calibrate(district(tmp_path, enrolment="\n".join(grouped) + "\n"))
    assert found.frame()["group"].unique().tolist() == ["hukou", "other"]
    assert len(found.frame()) == 2 * 2 * 6


def test_the_base_year_is_the_last_whole_one(demo: Path, tmp_path: Path) -> None:
    assert capacity.calibrate(demo).base_year == 2021
    partial = enrolment() + "2022,north,1,900\n"
    assert capacity.calibrate(district(tmp_path, enrolment=partial)).base_year == 2021
    earlier = capacity.calibrate(demo, base_year=2016)
    assert earlier.frame()["last_year"].max() == 2016
    assert earlier.yearly["year"].max() == 2016


def test_what_cannot_be_is_refused(demo: Path) -> None:
    with pytest.raises(ValueError, match="method must be one of mean, pooled, shrunk"):
        capacity.calibrate(demo, method="median")
    with pytest.raises(ValueError, match="window must be from 1 to 50"):
        capacity.calibrate(demo, window=0)
    with pytest.raises(TypeError, match="whole number"):
        capacity.calibrate(demo, window=2.5)
    with pytest.raises(capacity.InputError, match="base-outside"):
        capacity.calibrate(demo, base_year=1999)


def test_frames_are_copies(demo: Path) -> None:
    found = capacity.calibrate(demo)
    rows = found.frame()
    rows["ratio"] = 0.0
    assert (found.frame()["ratio"] > 0).all()


def test_yearly_rows_are_those_of_the_file(demo: Path) -> None:
    found = capacity.calibrate(demo).yearly
    assert tuple(found.columns) == YEARLY
    above = found[found["basis"] == ""].set_index(["region", "grade", "year"])["ratio"]
    assert above.sort_index().to_dict() == yearly_ratios(demo).to_dict()
    used = found[found["used"]]["year"]
    assert (used.min(), used.max()) == (2014, 2021)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_texts_say_what_was_found_in_their_language(demo: Path, jumped: Path, lang: str) -> None:
    quiet, loud = capacity.calibrate(demo), capacity.calibrate(jumped)
    text = quiet.summary(lang)
    assert bool(CHINESE.search(text.replace("南部", ""))) == (lang == "zh")  # of one name
    no_breaks = word("ratios.no_breaks", lang, first=2014)
    assert no_breaks.lower() in text.lower()
    assert word("ratios.breaks", lang, n=1).lower() in loud.summary(lang).lower()
    ratio = quiet.frame().iloc[0]["ratio"]
    assert f"{ratio:.4f}" in text
    page = html(quiet, lang)
    assert f"{ratio:.4f}" in page
    assert page.count("<tr>") == 13


def test_many_regions_are_summed_up_by_grade(tmp_path: Path) -> None:
    codes = [f"r{k:02}" for k in range(30)]
    yaml = "name: many\nregions:\n" + "".join(f"  - {{code: {code}}}\n" for code in codes)
    yaml += "levels:\n  - {code: primary, grades: [1, 3], class_size: 40}\n"
    rows = ["year,region,grade,pupils"]
    rows += [
        f"{year},{code},{grade},{300 + 10 * k + year - 2000}"
        for year in range(2015, 2022)
        for k, code in enumerate(codes)
        for grade in (1, 2, 3)
    ]
    (tmp_path / "district.yaml").write_text(yaml, encoding="utf-8")
    (tmp_path / "enrolment.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    text = capacity.calibrate(tmp_path).summary("en")
    assert "over 30 regions" in text
    assert len(text.splitlines()) < 15


def test_hostile_names_are_text_in_notebooks(tmp_path: Path) -> None:
    folder = district(tmp_path)
    file = folder / "district.yaml"
    hostile = file.read_text(encoding="utf-8").replace("Demo District", "<script>x</script>")
    file.write_text(hostile, encoding="utf-8")
    page = capacity.calibrate(folder)._repr_html_()
    assert "<script>" not in page
    assert "&lt;script&gt;" in page


def test_rows_for_the_district_are_those_of_the_contract(demo: Path) -> None:
    rows = stated_rows(capacity.calibrate(demo))
    table = TABLES["ratios"]
    assert set(rows.columns) <= {column.name for column in table.columns}
    assert not rows.duplicated(["grade", "region", "group", "basis"]).any()
    assert rows["source"].unique().tolist() == ["calibrated by shrunk from the years 2014-2021"]
    assert (rows["quality"] == "AMBER").all()
