"""Counts that are withheld: a back-test forecasts from what stands there, and scores none of it."""

from __future__ import annotations

import random
from pathlib import Path

import pandas as pd
import pytest

import capacity
from capacity import InputError
from capacity.inputs.districts import data_sha256, within_grades
from capacity.studies.backtest import backtest, backtest_folder
from tests.seeds import seeds
from tests.studies.plain_rivals import Past
from tests.studies.small_districts import STANDS, random_past, write

KEYS = ["origin", "year", "horizon", "region", "level", "method"]
Marks = dict[tuple[str, int, int], str]


def some_withheld(seed: int) -> tuple[Past, dict[str, range], Marks]:
    """A random past in which what stands for some counts is as if it were counted, and those."""
    past, levels = random_past(seed)
    pick = random.Random(seed + 1000)
    share = pick.choice([0.01, 0.05, 0.3])
    marks = {key: pick.choice(["*", "<10", "c"]) for key in past.pupils if pick.random() < share}
    past.pupils |= dict.fromkeys(marks, STANDS)
    return past, levels, marks


def holds_one(row: dict, levels: dict[str, range], marks: Marks) -> bool:
    """Whether a withheld count is in the actual pupils of a forecast, from a plain loop."""
    every = sorted(grade for grades in levels.values() for grade in grades)
    grades = {"all": every, "entry": every[:1]}.get(row["level"]) or levels[row["level"]]
    return any(
        year == row["year"] and grade in grades and row["region"] in (region, "all")
        for region, grade, year in marks
    )


@pytest.mark.parametrize("seed", seeds(range(4), range(40)))
def test_forecasts_are_the_same_but_for_those_of_what_is_no_count(
    seed: int, tmp_path: Path
) -> None:
    past, levels, marks = some_withheld(seed)
    counted, held = (
        backtest(write(tmp_path / name, past, levels, of), draws=64)
        for name, of in (("counted", None), ("held", marks))
    )
    every, left = counted.forecasts, held.left_out
    kept = every.merge(held.forecasts[KEYS], on=KEYS)  # in the order of every forecast
    pd.testing.assert_frame_equal(held.forecasts, kept, check_exact=True)
    model = every[every["method"] == "model"]
    gone = model.merge(held.forecasts[KEYS], how="left", on=KEYS, indicator=True)
    gone = gone.loc[gone["_merge"] == "left_only", [*KEYS[:-1], "forecast"]]
    pd.testing.assert_frame_equal(left, gone.reset_index(drop=True), check_exact=True)
    of_regions = every[every["region"] != "all"]  # a sum is of the regions that are whole
    want = [not holds_one(row, levels, marks) for row in of_regions.to_dict("records")]
    found = kept[kept["region"] != "all"]
    pd.testing.assert_frame_equal(
        found.reset_index(drop=True), of_regions[want].reset_index(drop=True), check_exact=True
    )


def test_scores_and_their_answer_are_of_counts_alone(tmp_path: Path) -> None:
    past, levels, _ = some_withheld(8)
    year, region = 2018, min(region for region, _, _ in past.pupils)
    grade = next(iter(levels.values()))[0]
    past.pupils[region, grade, year] = STANDS
    write(tmp_path, past, levels, {(region, grade, year): "<10"})
    found = capacity.backtest(tmp_path, draws=64)
    plain = capacity.backtest(write(tmp_path / "plain", past, levels), draws=64)
    own = plain.forecasts
    levels_hit = ["all", "entry", next(iter(levels))]
    hit = (own["year"] == year) & own["region"].isin([region, "all"])
    kept = own[~(hit & own["level"].isin(levels_hit))]
    pd.testing.assert_frame_equal(found.forecasts, kept.reset_index(drop=True), check_exact=True)
    assert len(found.left_out) == 2 * len(levels_hit) * len(found.left_out["origin"].unique())
    model = found.accuracy.query("method == 'model' and level == 'all'")["n"].sum()
    before = plain.accuracy.query("method == 'model' and level == 'all'")["n"].sum()
    origins = len(set(found.left_out["origin"]))
    assert before - model == origins
    assert backtest_folder(found).facts["left_out"] == len(found.left_out)
    said = f"withheld count is in them: 1 of the figures by region, level and year, {origins} of"
    assert said in found.summary("en") and "withheld" not in plain.summary("en")
    assert f"相应各学段合计的预测 {origins} 次" in found.summary("zh")


def test_what_is_withheld_can_move_scores_and_so_their_identity(tmp_path: Path) -> None:
    past, levels, marks = some_withheld(8)
    held, counted = (
        write(tmp_path / name, past, levels, of) for name, of in (("held", marks), ("all", None))
    )
    assert data_sha256(held) != data_sha256(counted)
    assert capacity.backtest(held, draws=0).identity != capacity.backtest(counted, draws=0).identity


def test_nothing_is_claimed_where_every_figure_holds_one(tmp_path: Path) -> None:
    past, levels = random_past(8)
    first = next(iter(levels.values()))[0]
    marks = {key: "*" for key in past.pupils if key[1] == first}
    past.pupils |= dict.fromkeys(marks, STANDS)
    district = write(tmp_path, past, levels, marks)
    with pytest.raises(InputError, match=r"backtest-withheld.*--grades") as told:
        capacity.backtest(district, draws=0)
    assert "未公布的数" in told.value.text("zh")
    rest = within_grades(district, first + 1, district.grades[-1])
    assert capacity.backtest(rest, draws=0).left_out.empty
