"""Tables of a back-test against plain second implementations, on random forecasts."""

from __future__ import annotations

import random
import statistics
import warnings
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.inputs.districts import ENTRY
from capacity.model import (
    AREA_PER_HEAD,
    SHOCK_LEAST,
    SHOCK_LUCK,
    SHOCK_REGIONS,
    SHOCK_TIMES,
    SHOCK_YEARS,
)
from capacity.studies.backtest import (
    accuracy,
    backtest,
    by_calm,
    by_growth,
    by_size,
    common_errors,
    emptied,
    is_shock,
    told_shocks,
)
from tests.random_districts import read_district
from tests.seeds import seeds
from tests.studies.small_districts import random_past, write

LEAVES = ["a", "b", "c", "d"]
METHODS = ("naive", "ref3", "model")
BOUNDS = {"p10": 0.995, "p90": 1.005, "p025": 0.99, "p975": 1.01}


def random_forecasts(seed: int, regions: int = 4) -> pd.DataFrame:
    """Forecasts of random regions: some closed, some new, one year that all of them missed."""
    pick, rows = random.Random(seed), []
    leaves = LEAVES[:regions]
    pupils = {
        (r, y): pick.choice([0, 3, 40, 400, 6000, pick.randint(1, 9999)])
        for r in leaves
        for y in range(2010, 2020)
    }
    shock = pick.randint(2014, 2019)
    for origin in range(2013, 2019):
        for year in range(origin + 1, 2020):
            for region in leaves:
                actual, start = pupils[region, year], pupils[region, origin]
                for method in METHODS:
                    luck = pick.gauss(1.0, 0.002) + (0.08 if year == shock else 0.0)
                    said = float(start) if method == "naive" else actual * luck
                    row = {"origin": origin, "year": year, "horizon": year - origin}
                    row |= {"region": region, "level": "all", "method": method, "forecast": said}
                    for name, by in BOUNDS.items():
                        row[name] = said * by if method == "model" else float("nan")
                    rows.append(row | {"actual": float(actual), "crps": abs(said - actual)})
    frame = pd.DataFrame(rows)
    keys = ["origin", "year", "horizon", "method"]
    summed = frame.groupby(keys, as_index=False)[["forecast", "actual", "crps"]].sum()
    return pd.concat([frame, summed.assign(region="all", level="all")], ignore_index=True)


def scored(rows: list[dict]) -> dict[str, float]:
    errors = [row["forecast"] / row["actual"] - 1 for row in rows]
    over = [row["forecast"] - row["actual"] for row in rows]
    came = sum(row["actual"] for row in rows)
    inside = [row["p10"] <= row["actual"] <= row["p90"] for row in rows]
    return {
        "n": len(rows),
        "mape": statistics.mean(map(abs, errors)),
        "mpe": statistics.mean(errors),
        "median": statistics.median(map(abs, errors)),
        "wape": sum(map(abs, over)) / came,
        "wpe": sum(over) / came,
        "coverage80": statistics.mean(inside),
    }


def rows_of(frame: pd.DataFrame, **chosen: object) -> list[dict]:
    """Scored rows that hold some values."""
    return [
        row
        for row in frame.to_dict("records")
        if row["region"] != "all"
        and row["level"] == "all"
        and row["actual"] > 0
        and all(row[name] == value for name, value in chosen.items())
    ]


def same(found: dict, plain: dict[str, float]) -> None:
    for name, value in plain.items():
        assert found[name] == pytest.approx(value, rel=1e-9, abs=1e-12), name


@pytest.mark.parametrize("seed", seeds(range(2), range(10)))
def test_tenths_of_growth_are_those_of_a_plain_sort_and_hold_every_forecast(seed: int) -> None:
    frame = random_forecasts(seed)
    table = by_growth(frame, LEAVES)
    for method in METHODS:
        for horizon in range(1, 7):
            rows = rows_of(frame, method=method, horizon=horizon)
            naive = rows_of(frame, method="naive", horizon=horizon)
            start = {(r["origin"], r["region"]): r["forecast"] for r in naive}

            def growth(row: dict, start: dict = start) -> float:
                before = start[row["origin"], row["region"]]
                return row["actual"] / before if before else float("inf")

            rows.sort(key=growth)
            own = table[(table["method"] == method) & (table["horizon"] == horizon)]
            assert own["n"].sum() == len(rows)
            assert own["n"].max() - own["n"].min() <= 1 or len(rows) < 10
            for row in own.to_dict("records"):
                part = [r for k, r in enumerate(rows) if k * 10 // len(rows) + 1 == row["tenth"]]
                plain = scored(part)
                if method != "model":
                    del plain["coverage80"]
                same(row, plain)
                assert row["growth_low"] == growth(part[0]) or growth(part[0]) == float("inf")
                assert row["growth_high"] == growth(part[-1]) or growth(part[-1]) == float("inf")


@pytest.mark.parametrize("seed", seeds(range(2), range(10)))
def test_calm_and_shock_are_all_and_each_that_of_a_plain_loop(seed: int) -> None:
    frame = random_forecasts(seed)
    pick = random.Random(seed)
    flags = pd.DataFrame(
        [{"year": pick.randint(2014, 2019), "region": pick.choice([*LEAVES, "all"])}]
    )
    shock = is_shock(frame, LEAVES, flags)
    table = by_calm(frame, LEAVES, shock)
    whole = accuracy(frame, LEAVES).set_index(["method", "level", "horizon"])["n"]
    told = plain_shocks(frame)
    (flag,) = flags.to_dict("records")
    for (method, horizon), own in table.groupby(["method", "horizon"]):
        assert own["n"].sum() == whole[method, "all", horizon]
        for row in own[own["method"] == "model"].to_dict("records"):
            part = [
                r
                for r in rows_of(frame, method=method, horizon=horizon)
                if (
                    r["year"] in told
                    or (r["year"] == flag["year"] and flag["region"] in (r["region"], "all"))
                )
                == (row["years"] == "shock")
            ]
            same(row, scored(part))


def plain_shocks(frame: pd.DataFrame) -> set[int]:
    errors, luck = {}, {}
    for year in range(2014, 2020):
        rows = rows_of(frame, method="model", horizon=1, year=year)
        if len(rows) >= SHOCK_REGIONS.value:
            said, came = (sum(row[name] for row in rows) for name in ("forecast", "actual"))
            errors[year] = abs(said / came - 1)
            luck[year] = SHOCK_LUCK.value * (AREA_PER_HEAD.value / came) ** 0.5
    if len(errors) < SHOCK_YEARS.value:
        return set()
    usual = {y: statistics.median(e for x, e in errors.items() if x != y) for y in errors}
    least = {y: max(SHOCK_TIMES.value * usual[y], SHOCK_LEAST.value, luck[y]) for y in errors}
    return {y for y, e in errors.items() if e > least[y]}


def common(errors: dict[int, float], pupils: float = 1e7) -> pd.DataFrame:
    return pd.DataFrame({"error": pd.Series(errors), "pupils": pupils})


@pytest.mark.parametrize("seed", seeds(range(2), range(10)))
def test_the_data_tell_the_year_that_all_regions_missed(seed: int) -> None:
    frame = random_forecasts(seed)
    found = told_shocks(common_errors(frame, LEAVES))
    assert set(found) == plain_shocks(frame)
    years = dict.fromkeys(range(2014, 2020), 0.001)
    assert told_shocks(common(years)) == ()
    assert told_shocks(common(years | {2017: -0.05})) == (2017,)
    assert told_shocks(common(years | {2017: 0.0039})) == ()  # small, though unusual
    assert told_shocks(common(years | {2018: 0.05, 2019: 0.05})) == (2018, 2019)


@given(
    st.dictionaries(st.integers(2000, 2020), st.floats(-0.2, 0.2), min_size=4),
    st.floats(1, 1e7),
    st.floats(1, 1e7),
)
def test_fewer_pupils_tell_no_shock_that_more_do_not(
    errors: dict[int, float], one: float, other: float
) -> None:
    few, many = sorted((one, other))
    assert set(told_shocks(common(errors, few))) <= set(told_shocks(common(errors, many)))


@pytest.mark.parametrize("pupils, told", [(1_800, ()), (18_000, ()), (7e6, (2020,))])
def test_what_single_pupils_may_make_is_no_shock(pupils: float, told: tuple[int, ...]) -> None:
    """In districts nearly without noise a total that moved by .42 % was told as one."""
    errors = dict.fromkeys(range(2014, 2020), 0.0002) | {2020: 0.0042}
    assert told_shocks(common(errors, pupils)) == told
    assert told_shocks(common(errors | {2020: 0.2}, pupils)) == (2020,)


def test_the_errors_of_few_regions_or_years_are_no_shock() -> None:
    frame = random_forecasts(1, regions=2)
    assert common_errors(frame, LEAVES).empty
    none = pd.DataFrame({"year": [], "region": []})
    assert not is_shock(frame, LEAVES, none).any()
    assert told_shocks(common({2014: 0.001, 2015: 0.001, 2016: 0.5})) == ()


@pytest.mark.parametrize("seed", seeds(range(2), range(5)))
def test_sizes_hold_every_forecast(seed: int) -> None:
    frame = random_forecasts(seed)
    sums = by_size(frame, LEAVES).groupby(["method", "horizon"])["n"].sum()
    whole = accuracy(frame, LEAVES).set_index(["method", "horizon"])["n"]
    assert sums.to_dict() == whole.to_dict()


@pytest.mark.parametrize("seed", seeds(range(2), range(5)))
def test_every_forecast_of_pupils_is_in_a_mean_or_counted_as_of_an_emptied_region(
    seed: int,
) -> None:
    frame = random_forecasts(seed)
    said = (frame["actual"] == 0) & (frame["method"] == "model") & (frame["region"] != "all")
    frame.loc[said, "forecast"] = [0.4, 30.0] * (said.sum() // 2) + [7.0] * (said.sum() % 2)
    gone = emptied(frame, LEAVES)
    assert gone.sum() > 0
    own = frame[(frame["method"] == "model") & (frame["region"] != "all")]
    none = own[(own["actual"] == 0) & (own["forecast"] >= 0.5)]
    assert gone.to_dict() == none["region"].value_counts().to_dict()
    nobody = ((own["actual"] == 0) & (own["forecast"] < 0.5)).sum()
    scored_rows = accuracy(frame, LEAVES).query("method == 'model'")["n"].sum()
    assert scored_rows + gone.sum() + nobody == len(own)


def test_levels_stand_in_their_order_also_one_that_was_empty_at_first() -> None:
    frame = random_forecasts(1).query("region != 'all'").assign(actual=50.0)
    parts = [frame.assign(level=name) for name in ("primary", "special", "middle", "entry", "all")]
    parts[1].loc[parts[1]["origin"] == 2013, "actual"] = 0.0
    together = pd.concat(parts).sort_values(["origin", "year"], kind="stable")
    found = accuracy(together, LEAVES)
    for method in METHODS:
        own = found[found["method"] == method]["level"].unique().tolist()
        assert own == ["primary", "special", "middle", "entry", "all"]


def test_one_region_that_closes_moves_means_and_not_what_is_said() -> None:
    frame = random_forecasts(3)
    frame = frame[(frame["method"] != "ref3") & (frame["region"] != "all")]
    frame["actual"] = frame["actual"].clip(lower=300)
    frame["forecast"] = frame["actual"] * 1.01
    before = accuracy(frame, LEAVES).query("method == 'model' and horizon == 1").iloc[0]
    one = frame["horizon"].eq(1) & frame["region"].eq("a") & frame["origin"].eq(2015)
    frame.loc[one, ["actual", "forecast"]] = [3.0, 400.0]
    after = accuracy(frame, LEAVES).query("method == 'model' and horizon == 1").iloc[0]
    assert after["mape"] > 3 and before["mape"] < 0.02
    assert after["median"] == pytest.approx(before["median"])
    assert after["wape"] < 0.05


# the first grade


@pytest.mark.parametrize("seed", seeds(range(2), range(8)))
def test_rows_of_the_first_grade_are_those_of_enrolment(seed: int, tmp_path: Path) -> None:
    past, levels = random_past(seed)
    frame = backtest(write(tmp_path, past, levels), draws=60, horizons=3).forecasts
    rows = frame[frame["level"] == ENTRY]
    assert len(rows) and set(rows["method"]) == set(frame["method"])
    first = next(iter(levels.values()))[0]
    for row in rows.to_dict("records"):
        if row["region"] != "all":
            assert row["actual"] == past.pupils[row["region"], first, row["year"]]
            if row["method"] == "naive":
                assert row["forecast"] == past.pupils[row["region"], first, row["origin"]]
    model = rows[rows["method"] == "model"]
    ordered = ["p025", "p10", "p90", "p975"]
    assert (model[ordered].diff(axis=1).iloc[:, 1:] >= 0).all(axis=None)
    assert model["crps"].notna().all()
    keys = ["origin", "year", "method", "region"]
    levels_of = frame[~frame["level"].isin(["all", ENTRY])].groupby(keys)["forecast"].sum()
    whole = frame[frame["level"] == "all"].set_index(keys)["forecast"]
    pd.testing.assert_series_equal(levels_of.sort_index(), whole.sort_index(), rtol=1e-9)


# draws that explode


def irregular(root: Path) -> Path:
    """A district of 6,000 with a group of some 60 that comes and goes."""
    (root / "district.yaml").write_text(
        "name: z\nregions: [{code: north}]\n"
        "levels: [{code: primary, grades: [1, 6], class_size: 30}]\n",
        encoding="utf-8",
    )
    few = ((40, 40, 60, 50, 40, 260), (62, 2, 1, 2, 1, 310), (1, 62, 2, 1, 1, 290))
    rows = ["year,region,grade,group,pupils"]
    for year in range(2016, 2024):
        for grade in range(1, 7):
            rows.append(f"{year},north,{grade},public,{1000 + year % 3 - 2 * grade}")
            rows.append(f"{year},north,{grade},college,{few[year % 3][grade - 1]}")
    (root / "enrolment.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return root


def test_a_small_irregular_group_leaves_no_cell_empty_and_no_library_speaks(
    tmp_path: Path,
) -> None:
    district = read_district(irregular(tmp_path))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = backtest(district, draws=1000).forecasts
    model = frame[frame["method"] == "model"]
    assert model.notna().all(axis=None)
    scores = accuracy(frame, ["north"])
    assert scores[scores["method"] == "model"].notna().all(axis=None)
