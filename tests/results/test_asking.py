"""What is asked of a result in Python, and how what cannot be answered is refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capacity
from capacity import Result
from capacity.render.charts import KINDS
from capacity.results import Options
from tests.inputs.folder import write


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory):
    return capacity.load_scenario(write(tmp_path_factory.mktemp("plan")))


@pytest.fixture(scope="module")
def drawn(plan) -> Result:
    return capacity.run(plan, draws=50)


def test_a_run_without_draws_and_one_read_back_are_refused_for_what_they_are(
    plan, tmp_path: Path
) -> None:
    with pytest.raises(ValueError, match="there are no draws"):
        capacity.run(plan, draws=0).exceeds(0, year=2026)
    capacity.api.keep(plan, tmp_path / "run", Options(charts=False))
    stored = capacity.load_run(tmp_path / "run")
    for ask in (
        lambda: stored.exceeds(0, year=2026),
        lambda: stored.first_short(year=2026, level="primary"),
    ):
        with pytest.raises(ValueError, match="keeps what draws say, not the draws: run"):
            ask()


@pytest.mark.parametrize(
    "places, error", [(float("nan"), ValueError), ("x", TypeError), (None, TypeError),
                      (True, TypeError)],
)  # fmt: skip
def test_places_that_are_no_number_are_refused(drawn: Result, places, error) -> None:
    with pytest.raises(error, match="places must be a number"):
        drawn.exceeds(places, year=2026)


def test_draws_that_are_not_kept_give_the_same_answers(drawn: Result) -> None:
    draws = drawn._draws
    assert draws is not None
    assert draws.worlds.kept
    again = replace(drawn, _draws=replace(draws, worlds=replace(draws.worlds, kept={})))
    for region in (*drawn.frame()["region"].unique()[:2], "all"):
        asked = {"year": 2026, "level": "primary", "region": region}
        assert again.exceeds(0, **asked) == drawn.exceeds(0, **asked)
    pd.testing.assert_frame_equal(
        *(one.first_short(year=2026, level="primary") for one in (drawn, again)), check_exact=True
    )


def test_numbers_of_numpy_are_numbers(drawn: Result) -> None:
    plain = drawn.exceeds(10, year=2026)
    assert (
        plain == drawn.exceeds(np.float32(10), year=2026) == drawn.exceeds(np.int64(10), year=2026)
    )
    assert 0 <= plain <= 1


def test_a_pooled_level_is_referred_to_the_district(drawn: Result) -> None:
    with pytest.raises(ValueError, match="serve several regions") as error:
        drawn.first_short(year=2026, level="high")
    asked = str(error.value).split("ask ")[1]
    assert asked == "exceeds(0, year=2026, level='high')"
    assert 0 <= drawn.exceeds(0, year=2026, level="high") <= 1


@pytest.mark.parametrize("kind", [name for name, one in KINDS.items() if one.yearly])
@pytest.mark.parametrize("year", ["2025", 2025.0, True])
def test_a_year_that_is_no_whole_number_is_refused(drawn: Result, kind: str, year) -> None:
    with pytest.raises(TypeError, match="the year must be a whole number"):
        getattr(drawn.plot, kind)(year)


def test_an_unknown_chart_is_answered_with_those_there_are(drawn: Result) -> None:
    with pytest.raises(ValueError) as error:
        drawn.plot.kind("nope")
    assert all(name in str(error.value) for name in ("'nope'", *KINDS))


def test_without_a_year_the_usual_one_is_drawn(drawn: Result) -> None:
    years = sorted(set(drawn.frame()["year"]))
    for kind, labelled in (("gap", "answer_year"), ("entry", "next_autumn")):
        usual = getattr(drawn.labels, labelled)(years)
        titles = {
            getattr(drawn.plot, kind)(*year).get_title(loc="left")
            for year in ((), (usual,), (np.int64(usual),))
        }
        assert len(titles) == 1 and str(usual) in titles.pop()
