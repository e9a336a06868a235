"""Back-tests: nothing of later years is known, any number of workers gives the same bits."""

from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from capacity.base import Fixed
from capacity.inputs.districts import District, origin_years
from capacity.studies.backtest import (
    accuracy,
    backtest,
    by_size,
    by_target_year,
    crps,
    is_flagged,
)
from tests.seeds import seeds
from tests.studies.small_districts import LAST, random_past, write


def frames_with(district: District, **changed: pd.DataFrame) -> District:
    tables = {name: district.table(name) for name in district._frames}
    return dataclasses.replace(district, _frames=Fixed(tables | changed))


@pytest.mark.parametrize("seed", seeds(range(2), range(12)))
def test_what_comes_after_an_origin_changes_none_of_its_forecasts(
    seed: int, tmp_path: Path
) -> None:
    past, levels = random_past(seed)
    district, pick = write(tmp_path, past, levels), random.Random(seed)
    origin = pick.choice(origin_years(district))
    changed = {}
    for name, column in (("enrolment", "pupils"), ("births", "births")):
        frame = district.table(name)
        later = frame["year"] > origin
        frame.loc[later, column] = [pick.randint(0, 9999) for _ in range(int(later.sum()))]
        changed[name] = frame
    forecasts = []
    for one in (district, frames_with(district, **changed)):
        frame = backtest(one, draws=70).forecasts
        assert len(frame)
        frame = frame[frame["origin"] == origin].drop(columns=["actual", "crps"])
        forecasts.append(frame.reset_index(drop=True))
    pd.testing.assert_frame_equal(*forecasts, check_exact=True)


def test_an_origin_does_read_its_own_year(tmp_path: Path) -> None:
    past, levels = random_past(3)
    district = write(tmp_path, past, levels)
    origin = origin_years(district)[-1]
    frame = district.table("enrolment")
    frame.loc[frame["year"] == origin, "pupils"] += 50
    found = [
        backtest(one, draws=0).forecasts
        for one in (district, frames_with(district, enrolment=frame))
    ]
    rows = [one[(one["origin"] == origin) & (one["method"] == "model")] for one in found]
    before, after = (one["forecast"].to_numpy() for one in rows)
    assert len(before) and not np.array_equal(before, after)


def test_workers_change_no_bit_and_more_draws_no_forecast(tmp_path: Path) -> None:
    district = write(tmp_path, *random_past(8))
    one, two, seven = (backtest(district, draws=300, workers=n).forecasts for n in (1, 2, 7))
    pd.testing.assert_frame_equal(one, two, check_exact=True)
    pd.testing.assert_frame_equal(one, seven, check_exact=True)
    none = backtest(district, draws=0).forecasts
    pd.testing.assert_series_equal(one["forecast"], none["forecast"], check_exact=True)
    assert none["p10"].isna().all() and one.loc[one["method"] == "model", "p10"].notna().all()
    assert one.loc[one["method"] != "model", "p10"].isna().all()
    other = backtest(district, draws=300, seed=2).forecasts
    assert not other["p10"].equals(one["p10"])


def test_regions_that_come_and_go_are_scored_only_where_they_are_known(tmp_path: Path) -> None:
    past, levels = random_past(0)
    grades = [g for own in levels.values() for g in own]
    for key in [k for k in past.pupils if k[0] == "r0"]:
        del past.pupils[key]
    for region, years in (("gone", range(2010, 2016)), ("new", range(2016, LAST + 1))):
        for grade in grades:
            past.pupils |= {(region, grade, year): 100.0 for year in years}
    past.pupils |= {("r0", g, y): 70.0 for g in grades for y in range(2010, LAST + 1)}
    frame = backtest(write(tmp_path, past, levels), draws=0).forecasts
    rows = frame[frame["method"] == "naive"].set_index("region")
    assert rows.loc["gone", "year"].max() == 2015
    assert rows.loc["new", "origin"].min() == 2016
    assert (rows.loc["gone", "actual"] > 0).all() and (rows.loc["new", "forecast"] > 0).all()


# scores


def one(region: str, level: str, forecast: float, actual: float, **more) -> dict:
    bounds = {"p10": np.nan, "p90": np.nan, "p025": np.nan, "p975": np.nan, "crps": 1.0}
    named = {"origin": 2015, "year": 2016, "horizon": 1, "region": region, "level": level}
    return named | {"method": "model", "forecast": forecast, "actual": actual} | bounds | more


def test_scores_are_those_worked_by_hand() -> None:
    band = {"p10": 95.0, "p90": 115.0, "p025": 90.0, "p975": 130.0}
    rows = [
        one("a", "all", 110.0, 100.0, **band, crps=4.0),  # 10 % too high, in both bands
        one("b", "all", 190.0, 200.0, **band, crps=6.0),  # 5 % too low, in neither
        one("c", "all", 40.0, 0.0, **band),  # nobody came: not scored
        one("all", "all", 340.0, 300.0, **band),  # a sum: not scored
    ]
    scored = accuracy(pd.DataFrame(rows), ["a", "b", "c"]).iloc[0]
    assert scored["n"] == 2
    assert scored["mape"] == pytest.approx(0.075)
    assert scored["mpe"] == pytest.approx(0.025)
    assert scored["wape"] == pytest.approx(20 / 300)
    assert scored["p90"] == pytest.approx(0.05 + 0.9 * 0.05)
    assert scored["median"] == pytest.approx(0.075)
    assert (scored["coverage80"], scored["coverage95"], scored["crps"]) == (0.5, 0.5, 5.0)


def test_scores_stand_in_order_however_forecasts_came() -> None:
    rows = [
        one("a", level, 110.0, 100.0, horizon=horizon, method=method)
        for method in ("naive", "model")
        for horizon in (2, 10, 1)
        for level in ("primary", "all", "middle")
    ]
    keys = accuracy(pd.DataFrame(rows), ["a"])[["method", "level", "horizon"]]
    assert [tuple(key) for key in keys.to_numpy()] == [
        (method, level, horizon)
        for method in ("naive", "model")
        for level in ("primary", "middle", "all")
        for horizon in (1, 2, 10)
    ]


def test_a_method_without_bands_has_no_coverage() -> None:
    scored = accuracy(pd.DataFrame([one("a", "all", 110.0, 100.0)]), ["a"])
    assert scored["coverage80"].isna().all() and scored["mape"].notna().all()


def test_years_sizes_and_flags_are_told_apart() -> None:
    rows = [
        one("a", "all", n, 100.0, year=year, origin=year - 1, method=method)
        for year, n in ((2016, 150.0), (2017, 600.0))
        for method in ("naive", "model")
    ]
    rows += [one("a", "primary", 1.0, 100.0, year=2016)]
    frame = pd.DataFrame(rows)
    years = by_target_year(frame, ["a"]).set_index(["method", "year"])["mape"]
    assert years["model", 2016] == pytest.approx(0.5) and years["model", 2017] == 5.0
    sizes = by_size(frame, ["a"]).set_index(["method", "size"])["mape"]
    assert sizes["model", 0] == pytest.approx(0.5) and sizes["model", 500] == 5.0
    flags = pd.DataFrame({"year": [2016, 2017], "region": ["a", "b"]})
    assert set(frame[~is_flagged(frame, flags)]["year"]) == {2017}
    everywhere = pd.DataFrame({"year": [2017], "region": ["all"]})
    assert set(frame[~is_flagged(frame, everywhere)]["year"]) == {2016}


def test_crps_is_the_mean_distance_less_half_the_spread() -> None:
    rng = np.random.default_rng(5)
    draws = rng.normal(100, 9, (3, 2, 37)).astype(np.float32)
    actual = rng.normal(100, 15, (3, 2, 1))
    found = crps(draws, actual)
    for cell in np.ndindex(3, 2):
        xs, y = [float(x) for x in draws[cell]], float(actual[cell][0])
        apart = sum(abs(a - b) for a in xs for b in xs) / len(xs) ** 2
        distance = sum(abs(x - y) for x in xs) / len(xs)
        assert found[cell] == pytest.approx(distance - apart / 2, rel=1e-9)


def test_crps_of_one_draw_is_its_error() -> None:
    assert crps(np.array([[7.0]], np.float32), np.array([[10.0]])) == pytest.approx(3.0)
