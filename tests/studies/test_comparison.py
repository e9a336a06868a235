"""Comparisons: what they say, draw and write, in both languages."""

from __future__ import annotations

import dataclasses
import json
import math
import warnings
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import capacity
import capacity.api
from capacity import InputError, Result
from capacity.base import number
from capacity.render import as_text
from capacity.render.charts import save
from capacity.results import FolderTakenError, Options, keep
from capacity.studies.compare import (
    SHOWN,
    VARIABLES,
    Comparison,
    comparison_folder,
    difference,
    difference_chart,
    where_most,
)
from tests.fonts import no_other_fonts
from tests.inputs.folder import DISTRICT, SCENARIO, write
from tests.render.frames import make_frame, make_labels

LABELS = make_labels()
TITLES = ({"en": "As planned", "zh": "按计划"}, {"en": "Late", "zh": "延期"})
DELAY = {"kind": "delay", "add": 1, "where": {"status": ["planned", "building"]}}
PLAIN = Options(charts=False)


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory):
    return capacity.load_scenario(write(tmp_path_factory.mktemp("plan")))


@pytest.fixture(scope="module")
def late(plan) -> Comparison:
    return capacity.compare(plan, plan.with_levers(DELAY))


def rows_of(labels=LABELS, *, last=2036, missing=(), same=False) -> pd.DataFrame:
    """Give two results that differ by region: those of even place are shorter, others less."""
    a, b = make_frame(labels, last), make_frame(labels, last, missing=missing)
    if not same:
        codes = {region.code: k for k, region in enumerate(labels.leaves)}
        for code, k in codes.items():
            cell = (b.region == code) & (b.level == "primary") & (b.year > 2023)
            b.loc[cell, "gap"] += (100 + k) * (-1) ** k
        whole = (b.region == "all") & (b.level == "all") & (b.year > 2023)
        b.loc[whole, "gap"] -= 1234
    return difference(a, b).rows


@cache
def shown(lang: str = "en"):
    """Give the chart of `rows_of`, drawn once for all that look at it."""
    return difference_chart(rows_of(), LABELS, titles=TITLES, lang=lang)


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


# what is said


def test_a_scenario_compared_with_itself_differs_in_nothing(plan) -> None:
    same = capacity.compare(plan, plan)
    assert (same.frame()["change"].dropna() == 0).all()
    assert same.inputs.empty and not same.notes
    assert "give the same numbers" in same.summary()
    assert "输入没有差异" in same.summary("zh")


def test_the_summary_names_both_sides_the_signs_and_the_lever(late: Comparison) -> None:
    text = late.summary()
    assert "A: As planned (baseline, run " in text and "change = B - A" in text
    assert "+ short, - idle" in text and "+ more short in B" in text
    assert "Unchanged in every year: demand" in text
    assert "projects open 1 year later" in text and "(with_levers:1)" in text
    text = late.summary("zh")
    assert "正 = 缺，负 = 富余" in text and "正 = B 更缺" in text and "各年不变：学位需求" in text


def test_figures_of_the_summary_are_those_of_the_results(late: Comparison) -> None:
    frames = [side.frame().query("year == 2024 and region == 'all' and level == 'all'")
              for side in (late.a, late.b)]  # fmt: skip
    a, b = (frame["gap"].item() for frame in frames)
    assert b > a
    line = next(line for line in late.summary().splitlines() if line.startswith("2024  ")
                and f"{a:+,.0f}" in line)  # fmt: skip
    assert f"{b:+,.0f}" in line and f"{b - a:+,.0f}" in line


def test_a_run_and_a_scenario_compare_alike(plan, late: Comparison, tmp_path: Path) -> None:
    capacity.api.keep(plan, tmp_path / "run", PLAIN)
    stored = capacity.compare(tmp_path / "run", late.b)
    pd.testing.assert_frame_equal(stored.frame(), late.frame())
    assert stored.changes == late.changes


def test_two_horizons_and_two_districts_are_said(plan, tmp_path: Path) -> None:
    district = DISTRICT.replace("name: demo\n", "name: other\n")
    scenario = SCENARIO.replace("2026}", "2029}")
    found = capacity.compare(plan, write(tmp_path, district=district, scenario=scenario))
    assert {note.code for note in found.notes} == {"two-districts", "years-left-out"}
    assert any("2027–2029" in note.text("zh") for note in found.notes)
    assert found.frame()["year"].max() == 2026


def test_regions_of_one_side_are_said_and_left_empty(plan, tmp_path: Path) -> None:
    text = DISTRICT.replace("code: south", "code: harbour").replace(
        "north, south", "north, harbour"
    )
    folder = write(tmp_path, district=text).parent / "demo"
    for path in folder.glob("*.csv"):
        path.write_text(path.read_text(encoding="utf-8").replace("south", "harbour"), "utf-8")
    found = capacity.compare(plan, tmp_path / "baseline.yaml")
    assert [note.code for note in found.notes].count("regions-of-one") == 2
    rows = found.frame().set_index("region")
    assert rows.loc["harbour", "a"].isna().all() and rows.loc["south", "b"].isna().all()
    assert "nan" not in found.summary().lower()
    assert rows.loc["all", "change"].dropna().eq(0).all()


def test_years_apart_are_refused(plan, tmp_path: Path) -> None:
    path = write(tmp_path, scenario=SCENARIO.replace("{base_year: 2021", "{base_year: 2019"))
    path.write_text(path.read_text(encoding="utf-8").replace("2026}", "2020}"), "utf-8")
    with pytest.raises(InputError) as error:
        capacity.compare(plan, path)
    assert [problem.code for problem in error.value.problems] == ["compare-years"]


def test_what_was_given_beside_a_file_is_said_not_to_be_listed(plan, tmp_path: Path) -> None:
    capacity.api.keep(plan.with_levers(DELAY), tmp_path / "run", PLAIN)
    found = capacity.compare(plan, tmp_path / "run")
    assert "inputs-beyond-file" in {note.code for note in found.notes}
    assert (found.frame()["change"].dropna() != 0).any()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notebooks_show_it_escaped(plan, lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", {"en": "en_GB.UTF-8", "zh": "zh_CN.UTF-8"}[lang])
    title = plan.title.model_copy(update={"en": "<script>", "zh": "<script>"})
    found = capacity.compare(plan, dataclasses.replace(plan, title=title))
    shown = found._repr_html_()
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert {"en": "change = B − A", "zh": "变化 = B − A"}[lang] in shown


@pytest.fixture(scope="module")
def seeds(plan) -> dict[int, Result]:
    return {seed: capacity.run(plan, draws=100, seed=seed) for seed in (1, 2)}


def test_two_seeds_have_one_central_run_and_other_draws(plan, seeds: dict[int, Result]) -> None:
    found = capacity.compare(seeds[1], seeds[2])
    rows = found.frame().set_index("variable")
    assert (rows.loc[list(VARIABLES), "change"].dropna() == 0).all()
    assert (rows.loc["demand_p90", "change"].dropna() != 0).any()
    said = found.summary()
    assert "the draws differ" in said and "give the same numbers" not in said
    assert "模拟结果不同" in found.summary("zh") and "完全相同" not in found.summary("zh")
    assert "Where the gap changes most" not in said
    again = capacity.compare(seeds[1], capacity.run(plan, draws=100, seed=1))
    assert "also the draws are the same" in again.summary()
    assert (again.frame()["change"].dropna() == 0).all()


def test_drawn_rows_are_the_columns_of_both_results(seeds: dict[int, Result]) -> None:
    rows = capacity.compare(seeds[1], seeds[2]).frame()
    names = [name for name in seeds[1].frame().columns if name.startswith("gap_p")]
    assert names == ["gap_p10", "gap_p50", "gap_p90"]
    for side, seed in (("a", 1), ("b", 2)):
        for name in (*names, "shortage_mean", "prob_shortage"):
            own = rows.loc[rows["variable"] == name, side].to_numpy()
            assert np.array_equal(own, seeds[seed].frame()[name].to_numpy(), equal_nan=True)


def test_the_shortage_stands_with_its_range_by_year(plan, seeds: dict[int, Result]) -> None:
    late = capacity.run(plan.with_levers(DELAY), draws=100, seed=1)
    found = capacity.compare(seeds[1], late)
    row = found.headline.set_index("year").loc[2024]
    ends = [number(row[f"shortage_{end}_{side}"]) for side in "ab" for end in ("p10", "p90")]
    line = next(
        text for text in found.summary().splitlines()
        if text.startswith("2024 ") and f"{row['gap_b']:+,.0f}" in text
    )  # fmt: skip
    assert line.endswith(f"{ends[2]}..{ends[3]}") and f"{ends[0]}..{ends[1]}" in line
    assert len(line) <= 120
    assert "range: of the shortage, in 8 of 10 draws" in found.summary()
    assert "range A" in found._repr_html_() or "区间 A" in found._repr_html_()


def test_ranges_of_one_side_are_said_not_to_be_compared(plan, seeds: dict[int, Result]) -> None:
    plain = capacity.run(plan, draws=0)
    for found in (capacity.compare(plain, seeds[1]), capacity.compare(seeds[1], plain)):
        assert "only one of A and B has draws: ranges are not compared" in found.summary()
        assert "The central run is the same" in found.summary()
        assert "未比较范围" in found.summary("zh")
        assert set(found.frame()["variable"]) == set(VARIABLES)
    neither = capacity.compare(plain, capacity.run(plan.with_levers(DELAY), draws=0))
    assert "draws" not in neither.summary().split("What differs")[0]


def test_districts_without_a_common_region_are_said_to_have_none(plan, tmp_path: Path) -> None:
    names = {"north": "hills", "south": "harbour"}
    district = DISTRICT.replace("name: demo\n", "name: other\n").replace(", pool: district", "")
    path = write(tmp_path, district=district)
    for file in (tmp_path / "demo").iterdir():
        text = file.read_text(encoding="utf-8")
        for old, new in names.items():
            text = text.replace(old, new)
        file.write_text(text, encoding="utf-8")
    said = capacity.compare(plan, path)
    assert "A and B share no region" in said.summary()
    assert "changes by a whole place" not in said.summary()
    assert "没有共同的区域" in said.summary("zh")


def test_of_years_that_tie_the_first_is_named_whatever_the_noise_of_floats() -> None:
    rows = rows_of()
    cells = (rows["variable"] == "gap") & (rows["region"] == "north") & (rows["change"] > 0)
    rows.loc[cells & (rows["year"] == 2030), "change"] += 1e-9
    (line,) = (
        text for text in as_text([where_most(rows, LABELS, "en")]).splitlines() if "North" in text
    )
    assert " 2024 " in line
    whole = (rows["variable"] == "gap") & (rows["region"] == "all") & (rows["level"] == "all")
    rows.loc[whole & (rows["year"] == 2031), "change"] -= 1e-9
    drawn = texts(difference_chart(rows, LABELS, titles=TITLES))
    assert any("changes most in 2024: −1,234" in text for text in drawn)


# what is drawn


@pytest.mark.parametrize(
    "lang, title",
    [
        (
            "en",
            "Change of the gap, 2021–2036 (places; B − A: + more short in B, − less short in B)",
        ),
        ("zh", "2021—2036年学位缺口的变化（个；B − A：正 = B 更缺，负 = B 有缓解）"),
    ],
)
def test_the_title_states_what_unit_and_sign(lang: str, title: str) -> None:
    ax = shown(lang)
    assert ax.get_title(loc="left") == title


def test_bars_are_the_changes_of_the_district_on_the_side_of_their_sign() -> None:
    ax = shown()
    bars = [bar.get_height() for bar in ax.child_axes[0].patches]
    assert bars == pytest.approx([0, 0, 0] + [-1234] * 13)
    assert "−1,234" in texts(ax)
    assert any("the district's gap changes most in 2024: −1,234" in text for text in texts(ax))


def test_the_map_has_the_changes_of_the_cells_that_change() -> None:
    ax = shown()
    heat = ax.child_axes[1]
    names = [label.get_text() for label in heat.get_yticklabels()]
    assert names == [f"{name} primary" for name in ("North", "Central", "South", "East", "West")]
    (mesh,) = heat.collections[:1]
    array = mesh.get_array().reshape(5, 16)
    assert array[:, :3].tolist() == [[0] * 3] * 5
    assert array[:, 5].tolist() == pytest.approx([100, -101, 102, -103, 104])
    assert mesh.norm.vmin == -mesh.norm.vmax
    foot = "\n".join(texts(ax))
    assert "6 rows without any change are not shown" in foot.lower()
    assert "run 3f2a9c01" in foot and "source: Haidian" in foot and "split assumed" in foot


def test_the_foot_names_both_runs(late: Comparison) -> None:
    runs = f"run A {late.a.labels.run_id}, B {late.b.labels.run_id}"
    assert any(runs in text for text in texts(late.plot.difference()))


def test_what_is_not_known_is_hatched_and_said() -> None:
    ax = difference_chart(rows_of(missing=[("west", "middle")]), LABELS, titles=TITLES)
    said = texts(ax)
    assert any("hatched: no data in A or B" in text for text in said)
    assert said.count("no data") == 16
    assert any("not known in A or B" in text for text in said)
    assert not any("nan" in text.lower() for text in said)
    assert not any(map(math.isnan, ax.child_axes[0].get_ylim()))


def test_without_any_change_there_is_no_map_and_it_is_said() -> None:
    ax = difference_chart(rows_of(same=True), LABELS, titles=TITLES, lang="zh")
    assert len(ax.child_axes) == 1
    assert any("全区缺口不变" in text for text in texts(ax))
    assert "2036" in texts(ax)


def test_many_regions_are_cut_to_those_that_change_most_and_it_is_said() -> None:
    labels = make_labels(150)
    ax = difference_chart(rows_of(labels), labels, titles=TITLES)
    names = [label.get_text() for label in ax.child_axes[1].get_yticklabels()]
    assert names == [f"School area {k} primary" for k in range(131, 151)]
    assert len(names) == SHOWN
    assert any("20 of 150 rows that change shown" in text for text in texts(ax))


def test_many_years_show_colours_and_their_scale() -> None:
    ax = difference_chart(rows_of(last=2060), LABELS, titles=TITLES)
    assert any("darkest colour: 104 places" in text.lower() for text in texts(ax))
    assert "−1,234" not in texts(ax)


@pytest.mark.parametrize(
    ("lang", "count"),
    [
        *(("en", 1), ("zh", 5)),
        *(
            pytest.param(*pair, marks=pytest.mark.slow)
            for pair in (("zh", 1), ("en", 5), ("en", 150), ("zh", 150))
        ),
    ],
)
def test_pictures_have_no_missing_character(tmp_path: Path, count: int, lang: str) -> None:
    """Warnings are errors here; only the bundled font and DejaVu may be used."""
    labels = make_labels(count)
    with warnings.catch_warnings(), no_other_fonts():
        warnings.simplefilter("error")
        ax = difference_chart(rows_of(labels), labels, titles=TITLES, lang=lang)
        assert save(ax, tmp_path / "a.png", dpi=60).stat().st_size > 5000


def test_given_axes_are_drawn_on_with_smaller_text() -> None:
    from matplotlib.figure import Figure

    host = Figure(figsize=(6, 4)).subplots()
    assert difference_chart(rows_of(), LABELS, titles=TITLES, ax=host) is host
    assert all(text.get_fontsize() < 10 for text in host.texts)


# what is written


def test_the_files_are_the_frames_and_the_manifest_names_them(
    late: Comparison, tmp_path: Path
) -> None:
    folder = tmp_path / "x"
    assert keep(comparison_folder(late), folder, Options()) == "written"
    found = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert found["format"] == "capacity.comparison/1"
    assert files - {"manifest.json"} == set(found["outputs"])
    assert found["a"]["run_id"] == late.a.labels.run_id != found["b"]["run_id"]
    rows = pd.read_csv(folder / "difference.csv")
    assert list(rows.columns) == ["year", "region", "level", "variable", "a", "b", "change"]
    pd.testing.assert_frame_equal(rows, late.frame(), check_dtype=False, check_exact=True)
    assert (rows["change"].dropna() == (rows["b"] - rows["a"]).dropna()).all()


def test_the_same_again_is_unchanged_and_anything_else_is_refused(
    late: Comparison, plan, tmp_path: Path
) -> None:
    folder = tmp_path / "x"
    keep(comparison_folder(late), folder, PLAIN)
    before = {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert keep(comparison_folder(late), folder, PLAIN) == "unchanged"
    back = capacity.compare(late.b, late.a)
    with pytest.raises(FolderTakenError):
        keep(comparison_folder(back), folder, PLAIN)
    assert before == {p: p.stat().st_mtime_ns for p in folder.rglob("*")}
    assert keep(comparison_folder(back), folder, PLAIN, overwrite=True) == "written"
    (folder / "difference.csv").write_text("mine")
    with pytest.raises(FolderTakenError):
        keep(comparison_folder(back), folder, PLAIN)


def test_a_chart_is_added_or_redrawn_in_another_language(late: Comparison, tmp_path: Path) -> None:
    folder = tmp_path / "x"
    assert keep(comparison_folder(late), folder, PLAIN) == "written"
    for lang in ("en", "zh"):
        assert keep(comparison_folder(late), folder, Options(lang)) == "redrawn"
    assert keep(comparison_folder(late), folder, Options("zh")) == "unchanged"
    assert keep(comparison_folder(late), folder, PLAIN) == "unchanged"


def test_a_run_is_never_replaced_by_a_comparison(late: Comparison, plan, tmp_path: Path) -> None:
    capacity.api.keep(plan, tmp_path / "run", PLAIN)
    before = {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}
    with pytest.raises(FolderTakenError):
        keep(comparison_folder(late), tmp_path / "run", PLAIN, overwrite=True)
    assert before == {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()}


def test_texts_of_the_inputs_are_no_formulas_for_a_spreadsheet(plan, tmp_path: Path) -> None:
    pipeline = (
        "project,region,status,opens,places_primary,title\n=1+1,north,planned,2024,400,@cmd\n"
    )
    text = SCENARIO + "demand: {births: {after_last: -0.03}}\n"
    found = capacity.compare(plan, write(tmp_path / "in", pipeline=pipeline, scenario=text))
    keep(comparison_folder(found), tmp_path / "x", PLAIN)
    cells = pd.read_csv(tmp_path / "x" / "inputs.csv", dtype=str, keep_default_na=False)
    assert "-0.03" in set(cells["b"])
    assert {"'@cmd"} <= set(cells["b"]) and {"'=1+1"} <= set(cells["key"])
    assert not cells["key"].str.startswith("=").any()
