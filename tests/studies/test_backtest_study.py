"""Back-tests: what they say, draw and write, in both languages."""

from __future__ import annotations

import dataclasses
import json
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

import capacity
from capacity import BacktestResult, InputError
from capacity.render import as_text
from capacity.render.charts import save
from capacity.results import FolderTakenError, LevelLabel, Options, keep
from capacity.studies.backtest import (
    LEVELS,
    Card,
    accuracy_chart,
    backtest_folder,
    card_of,
    headline,
    scorecard,
    tables,
)
from tests.fonts import no_other_fonts
from tests.render.frames import make_labels
from tests.studies.small_districts import random_past, write

LABELS = make_labels()
PLAIN = Options(charts=False)
NONE_LEFT_OUT = pd.DataFrame(columns=["origin", "year", "horizon", "region", "level", "forecast"])
FLAGS = "year,region,reason\n2017,all,pandemic\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("small")
    write(path, *random_past(8))
    (path / "flags.csv").write_text(FLAGS, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def found(folder: Path) -> BacktestResult:
    return capacity.backtest(folder, draws=100, workers=1)


def scores_of(model: float, naive: float, horizons: int = 6, drawn: bool = True) -> pd.DataFrame:
    """Scores of every method and level that grow with the horizon; the model leans upwards."""
    rows = []
    for method, size in (("naive", naive), ("ref3", 2 * model), ("model", model)):
        for level in ("primary", "middle", "high", "all"):
            for horizon in range(1, horizons + 1):
                error = size * horizon
                held = (0.83, 0.94) if method == "model" and drawn else (np.nan, np.nan)
                facts = (
                    1200,
                    9 * error,
                    9.0,
                    error,
                    2 * error,
                    *held,
                    5.0,
                    0.8 * error,
                    0.3 * error,
                )
                rows.append((method, level, horizon, *facts))
    names = "method level horizon n mape mpe wape p90 coverage80 coverage95 crps median wpe"
    return pd.DataFrame(rows, columns=names.split())


def years_of(scores: pd.DataFrame, flagged: tuple[int, ...] = (2020,)) -> pd.DataFrame:
    frame = scores[scores["level"] == "all"].drop(columns="level")
    frame = frame.rename(columns={"horizon": "year"})
    frame["year"] += 2016
    frame.insert(2, "flagged", frame["year"].isin(flagged))
    frame.insert(3, "shock", frame["year"].isin((*flagged, 2021)))
    return frame


def card_with(scores: pd.DataFrame, **changed) -> Card:
    whole = scores[scores["level"] == "all"].drop(columns="level")
    tenths = [whole.assign(tenth=k, growth_low=0.0, growth_high=k / 10.0) for k in range(1, 11)]
    facts = {
        "labels": LABELS, "origins": (2014, 2015, 2016), "grades": (1, 12),
        "flagged": (), "shocks": (), "emptied": pd.Series(dtype=int), "left_out": NONE_LEFT_OUT,
        "by_level": scores, "by_year": years_of(scores), "by_size": whole.assign(size=2000),
        "by_calm": whole.assign(years="calm"), "by_growth": pd.concat(tenths),
    }  # fmt: skip
    return Card(**facts | changed)


def card_text(card: Card, lang: str) -> str:
    return as_text(scorecard(card, lang))


def texts(ax) -> list[str]:
    return [text.get_text() for text in ax.findobj(Text) if text.get_text()]


# what is said


def test_the_answer_is_one_that_a_planner_understands() -> None:
    said = headline(card_with(scores_of(0.00375, 0.012)), "en")
    assert said.splitlines()[0] == (
        "Haidian District, grades 1–12: forecasts from 3 past years (2014–2016), each by what was "
        "known then."
    )
    assert said.splitlines()[1] == (
        "Three years ahead, half of the forecasts by region were within 0.9 %, nine of ten within "
        "2.2 %; the range given for 8 of 10 cases held in 83 of 100; all together they were "
        "0.3 % too high; closer than repeating last year's numbers, however many years ahead."
    )
    assert headline(card_with(scores_of(0.00375, 0.012)), "zh").splitlines()[1] == (
        "提前 3 年的分区域预测，半数误差不超过 0.9%，九成不超过 2.2%；给出的“八成可能”范围，"
        "100 次中有 83 次包含实际人数；合计偏高 0.3%；无论提前几年，都比沿用上年人数更准。"
    )


@pytest.mark.parametrize(
    "origins, grades, said, said_zh",
    [
        ((2014, 2016), (0, 6), "grades 0–6: forecasts from 2 past years (2014–2016),", "0—6年级"),
        (
            (2014,),
            (3, 3),
            "grade 3: forecasts from one past year (2014), by",
            "只有 1 个起点年（2014）",
        ),
    ],
)
def test_years_and_grades_are_named_one_or_more(origins, grades, said: str, said_zh: str) -> None:
    card = card_with(scores_of(0.004, 0.012), origins=origins, grades=grades)
    assert said in headline(card, "en") and said_zh in headline(card, "zh")


@pytest.mark.parametrize(
    "worse, said, said_zh",
    [
        ([1], "NOT closer than repeating last year's numbers one year", "提前 1 年时并不比"),
        ([1, 4], "NOT closer than repeating last year's numbers 1, 4 y", "提前 1、4 年时并不比"),
        (range(1, 7), "NOT closer than repeating last year's numbers, how", "提前几年，都不比"),
    ],
)
@pytest.mark.parametrize("column", ["wape", "median"])
def test_where_it_is_no_better_it_says_so(worse, said: str, said_zh: str, column: str) -> None:
    scores = scores_of(0.004, 0.012)
    hit = (scores["method"] == "naive") & (scores["level"] == "all")
    scores.loc[hit & scores["horizon"].isin(worse), column] = 0.0001
    assert said in headline(card_with(scores), "en")
    assert said_zh in headline(card_with(scores), "zh")


@pytest.mark.parametrize(
    "closer, said, said_zh",
    [
        (
            [2],
            "survival missed fewer pupils two years ahead.",
            "但提前 2 年时简单升级率法的总误差",
        ),
        ([1, 5], "survival missed fewer pupils 1, 5 years ahead.", "提前 1、5 年时简单升级率法"),
        (
            range(1, 7),
            "survival missed fewer pupils, however many years ahead.",
            "但无论提前几年，简单升级率法",
        ),
    ],
)
def test_where_plain_cohort_survival_is_closer_the_same_sentence_says_so(
    closer, said: str, said_zh: str
) -> None:
    scores = scores_of(0.004, 0.012)
    for lang, rival in (("en", "plain cohort survival"), ("zh", "简单升级率法")):
        assert rival not in headline(card_with(scores), lang)
    hit = (scores["method"] == "ref3") & (scores["level"] == "all")
    scores.loc[hit & scores["horizon"].isin(closer), "wape"] = 0.0001
    english = headline(card_with(scores), "en")
    assert f"last year's numbers, however many years ahead, but plain cohort {said}" in english
    assert said_zh in headline(card_with(scores), "zh")
    scores.loc[scores["method"] == "naive", ["wape", "median"]] = 0.0001
    assert "however many years ahead, and plain cohort" in headline(card_with(scores), "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_few_forecasts_are_to_be_read_with_care(lang: str) -> None:
    care = {"en": "only 29 forecasts: read with care", "zh": "仅 29 次预测，请谨慎看待"}[lang]
    few = scores_of(0.004, 0.012)
    few.loc[few["horizon"] >= 3, "n"] = 29
    assert care in headline(card_with(few), lang)
    (table, *_, note), *_ = tables(card_with(few), lang)
    assert [row[1] for row in table.rows] == ["1,200"] * 2 + ["29#"] * 4
    assert note.text[1:].startswith("# ") and "30" in note.text
    enough = scores_of(0.004, 0.012).assign(n=30)
    assert "#" not in card_text(card_with(enough), lang)
    assert care.replace("29", "30") not in headline(card_with(enough), lang)


@pytest.mark.parametrize(
    "mean, said, said_zh",
    [
        (0.012, "1.2 % too high", "偏高 1.2%"),
        (-0.012, "1.2 % too low", "偏低 1.2%"),
        (0.0004, "neither too high nor too low", "不偏高也不偏低"),
    ],
)
def test_the_bias_has_its_sign_in_words(mean: float, said: str, said_zh: str) -> None:
    card = card_with(scores_of(0.004, 0.012).assign(wpe=mean))
    assert said in headline(card, "en")
    assert said_zh in headline(card, "zh")


def test_without_draws_no_band_is_claimed() -> None:
    text = card_text(card_with(scores_of(0.004, 0.012, drawn=False)), "en")
    assert "no ranges were drawn" in text and "nan" not in text


def test_few_horizons_are_spoken_of_as_far_as_they_go() -> None:
    assert "\nTwo years ahead, half" in headline(card_with(scores_of(0.004, 0.01, 2)), "en")


def test_small_regions_are_set_apart_and_their_errors_called_larger() -> None:
    scores = scores_of(0.004, 0.012)
    assert "By size" not in card_text(card_with(scores), "en")
    sizes = scores[scores["level"] == "all"].drop(columns="level")
    few, many = (
        pd.concat([sizes.assign(size=low) for low in lows])
        for lows in ((0, 200, 2000), (500, 2000))
    )
    text = card_text(card_with(scores, by_size=few), "en")
    assert "read the ranges rather than the figures" in text
    for name in ("below 200", "200 to 500", "2,000 and more"):
        assert f"\n{name} " in text
    assert "请看范围" in card_text(card_with(scores, by_size=few), "zh")
    text = card_text(card_with(scores, by_size=many), "en")
    assert "\n500 to 2,000 " in text and "read the ranges" not in text


@pytest.mark.parametrize("column", ["wape", "median"])
def test_sizes_at_which_it_is_no_better_are_those_of_the_scores(column: str) -> None:
    scores = scores_of(0.004, 0.012)
    sizes = scores[scores["level"] == "all"].drop(columns="level")
    sizes = pd.concat([sizes.assign(size=low) for low in (0, 200, 2000)], ignore_index=True)
    assert "no closer" not in card_text(card_with(scores, by_size=sizes), "en")
    hit = (sizes["method"] == "naive") & sizes["size"].isin([200, 2000]) & (sizes["horizon"] == 3)
    sizes.loc[hit, column] = 0.0001
    sizes.loc[sizes["size"] == 2000, "n"] = 29  # too few to be named
    text = card_text(card_with(scores, by_size=sizes), "en")
    assert "(no closer than repeating last year's numbers: 200 to 500)" in text
    assert "（不比沿用上年人数更准：200—500 人）" in card_text(
        card_with(scores, by_size=sizes), "zh"
    )


def test_shocks_are_marked_and_told_apart_from_calm_years() -> None:
    scores = scores_of(0.004, 0.012)
    calm, shock = (scores_of(size, 0.012).query("level == 'all'") for size in (0.002, 0.006))
    shock["coverage80"] = 0.64
    both = pd.concat([calm.assign(years="calm"), shock.assign(years="shock")])
    card = card_with(scores, flagged=(2020,), shocks=(2020, 2021), by_calm=both)
    text = card_text(card, "en")
    assert all(f"\n{year}  " in text for year in ("2019 ", "2020*", "2021!"))
    assert (
        "\nIn years of shock (2020, 2021), one year ahead, half of the forecasts were within "
        "0.5 %, in calm years within 0.2 %; the range given for 8 of 10 cases held in 64 % "
        "and 83 %." in text
    )
    assert "over 3.5 times the usual error" in text and "\nCalm years and shocks apart:" in text
    assert "异常年（2020年、2021年）：提前 1 年的预测" in card_text(card, "zh")
    late = both[(both["years"] == "calm") | (both["horizon"] > 1)]  # no shock one year ahead
    card = card_with(scores, flagged=(2020,), shocks=(2020, 2021), by_calm=late)
    assert "2021), two years ahead, half of the forecasts were within 1.0 %" in card_text(
        card, "en"
    )
    some = card_with(scores, flagged=(2019,), shocks=(2021,), by_calm=both)
    assert "years of shock (2019 in some regions, 2021)" in card_text(some, "en")
    assert "异常年（2019年部分区域、2021年）" in card_text(some, "zh")
    assert "#" not in text and "29#" in card_text(
        card_with(scores, by_calm=both.assign(n=29)), "en"
    )
    for left, said in ((shock, "every forecast one year ahead is"), (calm, "no forecast one")):
        kind = "shock" if left is shock else "calm"
        some = card_with(scores, flagged=(2020,), by_calm=left.assign(years=kind))
        assert said in card_text(some, "en") and "nan" not in card_text(some, "zh")
    assert "shock" not in card_text(card_with(scores), "en").replace("2021!", "")


def growth_with(first: float, last: float, bounds: tuple[float, float]) -> pd.DataFrame:
    """Scores whose first and last tenth of growth have these errors and bounds."""
    whole = scores_of(0.004, 0.012).query("level == 'all'")
    parts = [
        whole.assign(tenth=tenth, median=error, growth_low=bound, growth_high=bound)
        for tenth, error, bound in ((1, first, bounds[0]), (10, last, bounds[1]))
    ]
    return pd.concat(parts)


@pytest.mark.parametrize(
    "growth, said, said_zh",
    [
        (
            (0.05, 0.02, (0.9, 1.1)),
            "shrank most, by 10.0 %",
            "减少最多的一成区域（减少 10",
        ),
        (
            (0.02, 0.05, (0.9, 1.1)),
            "grew most, by 10.0 %",
            "增长最多的一成区域（增长 10",
        ),
        ((0.05, 0.02, (1.01, 1.1)), "regions that grew least,", "增长最少的一成区域："),
        ((0.02, 0.05, (0.8, 0.9)), "regions that shrank least,", "减少最少的一成区域："),
    ],
)
def test_the_worse_end_of_growth_has_a_sentence(growth, said: str, said_zh: str) -> None:
    scores, frame = scores_of(0.004, 0.012), growth_with(*growth)
    text = card_text(card_with(scores, by_growth=frame), "en")
    assert f"Of the tenth of regions that {said.removeprefix('regions that ')}" in text
    assert "half were forecast within 5.0 %; together they were forecast 0.4 % too high" in text
    assert said_zh in card_text(card_with(scores, by_growth=frame), "zh")
    assert "tenth of" not in card_text(card_with(scores, by_growth=frame.assign(n=2)), "en")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_tenths_of_growth_are_a_table_with_the_bounds_of_their_file(lang: str) -> None:
    whole = scores_of(0.004, 0.012).query("level == 'all'")
    bounds = [(0.5, 0.755), *((1.0 + k / 100, 1.01 + k / 100) for k in range(8)), (1.2, np.nan)]
    frame = pd.concat(
        whole.assign(tenth=k, growth_low=low, growth_high=high)
        for k, (low, high) in enumerate(bounds, 1)
    )
    found = [
        block for blocks in tables(card_with(whole, by_growth=frame), lang) for block in blocks
    ]
    (table,) = (one for one in found if getattr(one, "heads", [""])[0] in ("growth", "增减"))
    first, second, *_, last = [row[0] for row in table.rows]
    said = {
        "en": ["-50.0 % to -24.5 %", "+0.0 % to +1.0 %", "+20.0 % and more"],
        "zh": ["-50.0% 至 -24.5%", "+0.0% 至 +1.0%", "+20.0% 及以上"],
    }
    assert [first, second, last] == said[lang] and len(table.rows) == 10


def test_of_one_level_the_first_grade_stands_beside_it() -> None:
    (level,) = (level for level in LABELS.levels if level.code == "primary")
    labels = make_labels(levels=(level,))
    scores = scores_of(0.004, 0.012).query("level in ('primary', 'all')")
    scores = pd.concat([scores, scores.query("level == 'primary'").assign(level="entry")])
    text = card_text(card_with(scores, labels=labels), "en")
    assert "\nprimary " in text and "\nfirst grade " in text and "\nall levels" not in text
    alone = card_text(card_with(scores, labels=labels, grades=(1, 1)), "en")
    assert "By level" not in alone  # the first grade is the level


def test_forecasts_where_nobody_came_are_named() -> None:
    scores = scores_of(0.004, 0.012)
    assert "nobody came" not in card_text(card_with(scores), "en")
    regions = {f"r{k}": 2 for k in range(7)}
    text = card_text(card_with(scores, emptied=pd.Series(regions)), "en")
    assert (
        "(in no mean: 14 forecasts of regions where nobody came: r0, r1, r2, r3, r4 and 2" in text
    )
    one = card_text(card_with(scores, emptied=pd.Series({"r1": 3})), "zh")
    assert "（未计入均值：3 次预测的区域后来没有学生：r1）" in one


def test_scores_by_what_there_is_not_are_refused(found: BacktestResult) -> None:
    with pytest.raises(ValueError, match="no scores by 'region': one of level, year, size"):
        found.scores(by="region")


def test_tables_hold_the_figures_of_the_scores(found: BacktestResult) -> None:
    scores = found.scores().set_index(["method", "level", "horizon"])
    (table, *_), *_ = tables(card_of(found), "en")
    assert [row[0] for row in table.rows] == [str(k) for k in range(1, found.horizons + 1)]
    for row in table.rows:
        cell = dict(zip(table.heads, row, strict=True))
        own = scores.loc[("model", "all", int(row[0]))]
        assert cell["half within"] == f"{100 * own['median']:.1f} %"
        assert cell["8 of 10 held"] == f"{100 * own['coverage80']:.0f} %"
        naive = scores.loc[("naive", "all", int(row[0])), "median"]
        assert cell["same as last year"] == f"{100 * naive:.1f} %"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_summary_is_for_any_console(found: BacktestResult, lang: str) -> None:
    text = found.summary(lang)
    text.encode("gbk")
    assert "2017*" in text and "nan" not in text


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_notebooks_show_it_escaped(
    found: BacktestResult, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", {"en": "en_GB.UTF-8", "zh": "zh_CN.UTF-8"}[lang])
    titles = {"en": "<script>", "zh": "<script>"}
    spoilt = dataclasses.replace(found, labels=dataclasses.replace(found.labels, district=titles))
    shown = spoilt._repr_html_()
    assert shown.count("<table>") >= 2
    assert "<script>" not in shown and "&lt;script&gt;" in shown
    assert {"en": "years ahead", "zh": "提前年数"}[lang] in shown


# what is given and refused


def test_frames_are_those_of_the_files_and_copies(found: BacktestResult) -> None:
    assert found.accuracy.columns.tolist() == [
        *("method", "level", "horizon", "n", "mape", "mpe", "wape", "p90"),
        *("coverage80", "coverage95", "crps"),
    ]
    assert found.forecasts.columns.tolist() == [
        *("origin", "year", "horizon", "region", "level", "method", "forecast"),
        *("p10", "p90", "p025", "p975", "actual"),
    ]
    assert set(found.accuracy["method"]) >= {"naive", "ref3", "model"}
    copy = found.accuracy
    copy["n"] = 0
    assert (found.accuracy["n"] > 0).all()
    rows = found.by_year.set_index(["method", "year"])["flagged"]
    assert rows.loc["model", 2017] and not rows.loc["model", 2016]
    assert 2017 in found.shocks and found.by_year.query("year == 2017")["shock"].all()


def test_too_few_years_are_refused(folder: Path, tmp_path: Path) -> None:
    past, levels = random_past(8)
    past.pupils = {key: n for key, n in past.pupils.items() if key[2] > 2015}
    write(tmp_path, past, levels)
    with pytest.raises(InputError) as error:
        capacity.backtest(tmp_path)
    assert [problem.code for problem in error.value.problems] == ["backtest-years"]
    assert "2016, 2017, 2018, 2019" in str(error.value)
    assert "五年" in error.value.text("zh")


def test_years_that_cannot_be_checked_are_refused(tmp_path: Path) -> None:
    past, levels = random_past(8)
    years = (2010, 2011, 2012, 2013, 2019)
    past.pupils = {key: n for key, n in past.pupils.items() if key[2] in years}
    write(tmp_path, past, levels)
    with pytest.raises(InputError, match="backtest-nothing"):
        capacity.backtest(tmp_path, horizons=3, draws=0)


def test_a_level_called_as_first_grades_are_is_refused(folder: Path, tmp_path: Path) -> None:
    past, levels = random_past(8)
    write(tmp_path, past, {"entry": next(iter(levels.values()))} | dict(list(levels.items())[1:]))
    with pytest.raises(InputError) as error:
        capacity.backtest(tmp_path, draws=0)
    (problem,) = error.value.problems
    assert problem.code == "backtest-entry" and str(problem.at).endswith("district.yaml")
    assert "entry" in error.value.text("en") and "起始年级" in error.value.text("zh")


@pytest.mark.parametrize(
    "settings, error",
    [({"horizons": 0}, ValueError), ({"draws": -1}, ValueError), ({"seed": 1.5}, TypeError)],
)
def test_numbers_that_are_none_are_refused(folder: Path, settings, error) -> None:
    with pytest.raises(error):
        capacity.backtest(folder, **settings)


def test_a_workbook_or_district_file_stands_for_its_folder(folder: Path) -> None:
    one = capacity.backtest(folder / "district.yaml", draws=0)
    assert one.forecasts.equals(capacity.backtest(folder, draws=0).forecasts)


# what is drawn


def test_lines_are_the_errors_and_shares_of_the_tables(found: BacktestResult) -> None:
    ax = found.plot.accuracy()
    *panels, by_horizon, by_year = ax.child_axes
    levels = ["all", *(level.code for level in found.labels.levels), "entry"]
    assert len(panels) == len(levels) > 3
    scores = found.scores().set_index(["method", "level", "horizon"])["median"].sort_index()
    assert all((np.diff(line.get_xdata()) > 0).all() for one in panels for line in one.lines)
    for level, panel in zip(levels, panels, strict=True):
        for method, line in zip(("naive", "ref3", "model"), panel.lines, strict=True):
            assert line.get_ydata() == pytest.approx(100 * scores[method, level].to_numpy())
            assert list(line.get_xdata()) == list(scores[method, level].index)
    model = found.accuracy.query("method == 'model' and level == 'all'")
    years = found.by_year.query("method == 'model'").sort_values("year")
    for panel, rows in ((by_horizon, model), (by_year, years)):
        held80, promised80, held95, promised95 = panel.lines
        assert held80.get_ydata() == pytest.approx(100 * rows["coverage80"].to_numpy())
        assert held95.get_ydata() == pytest.approx(100 * rows["coverage95"].to_numpy())
        assert set(promised80.get_ydata()) == {80} and set(promised95.get_ydata()) == {95}
    assert "2017*" in [tick.get_text() for tick in by_year.get_xticklabels()]


def test_without_draws_no_band_is_drawn() -> None:
    scores = scores_of(0.004, 0.012, drawn=False)
    ax = accuracy_chart(scores, years_of(scores), LABELS)
    assert len(ax.child_axes) == 4
    assert not any("range" in text for text in texts(ax))


@pytest.mark.parametrize("levels", [1, 3, 12])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_pictures_have_no_missing_character(tmp_path: Path, levels: int, lang: str) -> None:
    """Warnings are errors here; only the bundled font and DejaVu may be used."""
    scores, codes = scores_of(0.004, 0.012), [f"l{k}" for k in range(levels)]
    one = scores[scores["level"] == "all"]
    scores = pd.concat([one, *(one.assign(level=code) for code in [*codes, "entry"])])
    titles = [{"en": f"Level {k} $5", "zh": f"第{k}学段"} for k in range(levels)]
    made = tuple(
        LevelLabel(c, t, (k, k + 1)) for k, (c, t) in enumerate(zip(codes, titles, strict=True))
    )
    labels = make_labels(levels=made)
    with warnings.catch_warnings(), no_other_fonts():
        warnings.simplefilter("error")
        ax = accuracy_chart(scores, years_of(scores), labels, lang=lang)
        assert save(ax, tmp_path / "a.png", dpi=60).stat().st_size > 5000
    names = {"en": "First grade", "zh": "起始年级"}
    assert names[lang] in [panel.get_title(loc="left") for panel in ax.child_axes]
    assert not any("band" in text for text in texts(ax))
    assert len(ax.child_axes) == 2 + (2 if levels == 1 else min(levels, LEVELS) + 2)
    fewer = {"en": "7 of 12 levels shown", "zh": "共 12 个学段，仅示 7 个"}[lang]
    assert any(fewer in text for text in texts(ax)) == (levels == 12)


def test_given_axes_are_drawn_on() -> None:
    host = Figure(figsize=(6, 4)).subplots()
    scores = scores_of(0.004, 0.012)
    assert accuracy_chart(scores, years_of(scores), LABELS, ax=host) is host


# what is written


def test_the_folder_holds_the_tables_and_the_manifest_last(
    found: BacktestResult, tmp_path: Path
) -> None:
    folder = tmp_path / "x"
    assert keep(backtest_folder(found), folder, Options()) == "written"
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    files = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert manifest["format"] == "capacity.backtest/1"
    assert files - {"manifest.json"} == set(manifest["outputs"])
    assert set(manifest["outputs"]) == {
        *("accuracy.csv", "forecasts.csv", "years.csv", "calm.csv", "sizes.csv", "growth.csv"),
        "charts/accuracy.png",
    }
    assert manifest["seed"] == 1 and manifest["draws"] == 100
    for name, frame in (("accuracy", found.accuracy), ("forecasts", found.forecasts)):
        rows = pd.read_csv(folder / f"{name}.csv", dtype={"region": str, "level": str})
        pd.testing.assert_frame_equal(rows, frame, check_dtype=False, rtol=1e-15)


def test_the_same_again_is_unchanged_and_anything_else_is_refused(
    found: BacktestResult, folder: Path, tmp_path: Path
) -> None:
    place = tmp_path / "x"
    keep(backtest_folder(found), place, PLAIN)
    before = {p: p.read_bytes() for p in place.rglob("*") if p.is_file()}
    again = capacity.backtest(folder, draws=100, workers=2)
    assert keep(backtest_folder(again), place, PLAIN) == "unchanged"
    other = capacity.backtest(folder, draws=101)
    with pytest.raises(FolderTakenError):
        keep(backtest_folder(other), place, PLAIN)
    assert before == {p: p.read_bytes() for p in place.rglob("*") if p.is_file()}
    assert keep(backtest_folder(other), place, PLAIN, overwrite=True) == "written"
    assert keep(backtest_folder(other), place, Options("zh")) == "redrawn"
