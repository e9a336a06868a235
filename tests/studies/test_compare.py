"""Differences of results: exact where equal, antisymmetric, honest about what one side lacks."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.studies.compare import COLUMNS, RANGE, VARIABLES, difference, headline

FIGURES = st.one_of(st.floats(-1e9, 1e9), st.just(float("nan")))


@st.composite
def results(draw: st.DrawFn) -> pd.DataFrame:
    years = draw(st.lists(st.integers(2020, 2024), min_size=1, max_size=3, unique=True))
    regions = [*draw(st.lists(st.sampled_from("abc"), max_size=3, unique=True)), "all"]
    keys = [(year, r, k) for year in years for r in regions for k in ("primary", "all")]
    frame = pd.DataFrame(keys, columns=["year", "region", "level"])
    for name in VARIABLES:
        frame[name] = draw(st.lists(FIGURES, min_size=len(keys), max_size=len(keys)))
    return frame


def cells(frame: pd.DataFrame) -> dict[tuple[object, ...], float]:
    return {tuple(key): value for *key, value in frame.to_numpy().tolist()}


@given(results())
def test_a_result_differs_from_itself_by_exactly_nothing(frame: pd.DataFrame) -> None:
    found = difference(frame, frame)
    assert len(found.rows) == len(frame) * len(VARIABLES)
    assert (found.rows["change"].dropna() == 0).all()
    assert (found.rows["change"].isna() == found.rows["a"].isna()).all()
    assert not (found.years or found.regions or found.levels)


@given(results(), results())
def test_the_other_way_round_every_change_has_the_other_sign(
    a: pd.DataFrame, b: pd.DataFrame
) -> None:
    one, other = difference(a, b), difference(b, a)
    names = ["year", "region", "level", "variable", "change"]
    back = {key: -value for key, value in cells(other.rows[names]).items()}
    there = cells(one.rows[names])
    assert there.keys() == back.keys()
    assert all(np.array_equal(there[k], back[k], equal_nan=True) for k in there)
    assert (one.years.a, one.regions.b) == (other.years.b, other.regions.a)


@given(results(), results())
def test_every_row_gives_back_the_figures_of_both_sides(a: pd.DataFrame, b: pd.DataFrame) -> None:
    rows = difference(a, b).rows
    assert list(rows.columns) == list(COLUMNS)
    assert set(rows["year"]) == set(a["year"]) & set(b["year"])
    for side, frame in (("a", a), ("b", b)):
        melted = frame.melt(["year", "region", "level"], list(VARIABLES), "variable")
        known = cells(melted)
        for *key, value in rows[["year", "region", "level", "variable", side]].to_numpy().tolist():
            assert np.array_equal(value, known.get(tuple(key), np.nan), equal_nan=True)


def frame(years: range, regions: str, value: float) -> pd.DataFrame:
    keys = [(y, r, k) for y in years for r in (*regions, "all") for k in ("primary", "all")]
    made = pd.DataFrame(keys, columns=["year", "region", "level"])
    return made.assign(**dict.fromkeys(VARIABLES, value))


def test_what_one_side_lacks_is_named_and_its_rows_have_an_empty_side() -> None:
    found = difference(frame(range(2020, 2024), "xy", 5.0), frame(range(2022, 2026), "yz", 7.0))
    assert (found.years.a, found.years.b) == ((2020, 2021), (2024, 2025))
    assert (found.regions.a, found.regions.b) == (("x",), ("z",))
    assert list(dict.fromkeys(found.rows["region"])) == ["x", "y", "z", "all"]
    by_region = found.rows.groupby("region")[["a", "b", "change"]].first()
    assert by_region.loc["y"].tolist() == [5.0, 7.0, 2.0]
    assert by_region.loc["x"].isna().tolist() == [False, True, True]
    assert by_region.loc["z"].isna().tolist() == [True, False, True]


def test_the_headline_is_the_district_by_year() -> None:
    rows = difference(frame(range(2020, 2022), "x", 5.0), frame(range(2020, 2022), "x", 8.0)).rows
    table = headline(rows)
    assert table["year"].tolist() == [2020, 2021]
    assert table[["gap_a", "gap_b", "gap_change"]].to_numpy().tolist() == [[5, 8, 3], [5, 8, 3]]


DRAWN = ("gap_p10", *RANGE, "shortage_mean", "prob_shortage")


def test_what_draws_say_stands_after_the_central_figures_of_each_cell() -> None:
    a, b = (
        frame(range(2020, 2022), "x", value).assign(**dict.fromkeys(DRAWN, 10 * value))
        for value in (5.0, 7.0)
    )
    found = difference(a, b)
    assert found.drawn == DRAWN and not found.one_drawn
    assert found.rows["variable"].tolist() == [*VARIABLES, *DRAWN] * len(a)
    drawn = found.rows[found.rows["variable"].isin(DRAWN)]
    assert drawn[["a", "b", "change"]].drop_duplicates().to_numpy().tolist() == [[50, 70, 20]]
    table = headline(found.rows)
    assert all((table[f"{name}_change"] == 20).all() for name in RANGE)


def test_where_one_side_alone_has_draws_they_are_not_compared() -> None:
    plain = frame(range(2020, 2022), "x", 5.0)
    drawn = plain.assign(**dict.fromkeys(DRAWN, 1.0))
    for found in (difference(plain, drawn), difference(drawn, plain)):
        assert found.one_drawn and found.drawn == ()
        assert set(found.rows["variable"]) == set(VARIABLES)
        assert "shortage_p10_a" not in headline(found.rows)


def test_order_of_rows_does_not_count() -> None:
    a, b = frame(range(2020, 2024), "xy", 5.0), frame(range(2020, 2024), "xy", 7.0)
    shuffled = b.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(difference(a, b).rows, difference(a, shuffled).rows)


@pytest.mark.parametrize("years", [range(2030, 2032)])
def test_without_a_common_year_there_are_no_rows(years: range) -> None:
    assert difference(frame(range(2020, 2022), "x", 1.0), frame(years, "x", 1.0)).rows.empty
