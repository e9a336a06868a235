"""The Python API as researchers meet it: clear refusals, and results that stay as they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capacity
from capacity import InputError, Result, Scenario
from tests.inputs.folder import write


@pytest.fixture
def scenario(tmp_path: Path) -> Scenario:
    return capacity.load_scenario(write(tmp_path))


@pytest.fixture
def result(scenario: Scenario) -> Result:
    return capacity.run(scenario)


@pytest.mark.parametrize(
    ("asked", "kind", "words"),
    [
        ({"draws": "many"}, TypeError, "draws must be a whole number: 'many'"),
        ({"draws": True}, TypeError, "draws must be a whole number: True"),
        ({"draws": 10.0}, TypeError, "draws must be a whole number: 10.0"),
        ({"draws": -1}, ValueError, "draws must be from 0 to 1,000,000: -1"),
        ({"draws": 10**9}, ValueError, "draws must be from 0 to 1,000,000: 1000000000"),
        ({"seed": 1.5}, TypeError, "seed must be a whole number: 1.5"),
        ({"seed": -1}, ValueError, "seed must be from 0 to"),
    ],
)
def test_draws_and_seed_are_refused_in_plain_words(
    scenario: Scenario, asked: dict[str, object], kind: type[Exception], words: str
) -> None:
    with pytest.raises(kind) as refused:
        capacity.run(scenario, **asked)
    assert str(refused.value).startswith(words) and "\n" not in str(refused.value)


def test_whole_numbers_of_numpy_are_whole_numbers(scenario: Scenario) -> None:
    found = capacity.run(scenario, draws=np.int64(7), seed=np.int32(3)).scenario.chance
    assert (found.draws, found.seed) == (7, 3) and type(found.draws) is int
    assert scenario.chance.draws == 1000


def test_run_takes_a_scenario_and_says_how_to_get_one() -> None:
    with pytest.raises(TypeError, match=r"capacity\.load_scenario gives it: 'baseline\.yaml'"):
        capacity.run("baseline.yaml")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("demo", "this is a district folder and no scenario file; expected a scenario file"),
        ("demo/births.csv", "this is a table and no scenario file"),
        ("none.yaml", "there is no such file"),
        (".", "this folder has no district.yaml"),
    ],
)
def test_what_is_no_scenario_file_is_refused(tmp_path: Path, name: str, words: str) -> None:
    write(tmp_path)
    with pytest.raises(InputError) as refused:
        capacity.load_scenario(tmp_path / name)
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("lever", "words"),
    [
        ({"kind": "delay", "ad": 2}, "unknown key 'ad'; expected one of: kind, where, replaces"),
        ({"kind": "delay", "ad": 2}, "did you mean 'add'?"),
        ({"kind": "dleay", "add": 2}, "did you mean 'delay'?"),
        ({"kind": "births", "times": 2, "where": {"region": "nort"}}, "did you mean 'north'?"),
        ({"kind": "births", "times": -1}, "with_levers:2"),
    ],
)
def test_levers_at_fault_name_what_was_meant(
    scenario: Scenario, lever: dict[str, object], words: str
) -> None:
    with pytest.raises(InputError) as refused:
        scenario.with_levers({"kind": "delay", "add": 1}, lever)
    assert words in str(refused.value) and str(refused.value).startswith("with_levers:2")


@pytest.mark.parametrize("lever", ["delay", [{"kind": "delay", "add": 1}], None])
def test_levers_are_given_one_by_one(scenario: Scenario, lever: object) -> None:
    with pytest.raises(TypeError, match="a lever is a mapping"):
        scenario.with_levers(lever)


def test_only_the_sources_that_are_named_vary(scenario: Scenario) -> None:
    projects = capacity.run(scenario.with_sources("projects"), draws=200).frame()
    assert (projects["demand_p10"] == projects["demand_p90"]).all()
    assert (projects["places_p10"] < projects["places_p90"]).any()
    nothing = capacity.run(scenario.with_sources(), draws=200).frame()
    assert (nothing["places_p10"] == nothing["places_p90"]).all()


def test_a_source_that_is_none_is_refused(scenario: Scenario) -> None:
    with pytest.raises(ValueError, match="no source 'birth': one of births, ratios, projects"):
        scenario.with_sources("birth")


def test_levers_show_what_they_state_and_no_more(scenario: Scenario) -> None:
    levers = scenario.with_levers(
        {"kind": "delay", "set": 0, "where": {"project": "P1"}},
        {"kind": "close", "close": {"region": "north", "level": "high", "places": 5}, "from": 2023},
    ).levers
    assert repr(levers[0]) == "<Lever delay: set=0, project=('P1',)>"
    assert repr(levers[1]).startswith("<Lever close: from_=2023, close=Closing(region='north'")


def test_with_levers_leaves_the_scenario_as_it_is(scenario: Scenario) -> None:
    more = scenario.with_levers({"kind": "births", "times": 0.5})
    assert (len(scenario.levers), len(more.levers)) == (0, 1)
    assert more.district is scenario.district


def frames(result: Result) -> dict[str, pd.DataFrame]:
    names = ("entry", "supply", "pupils", "levers", "checks", "assumptions")
    return {"results": result.frame(), **{name: getattr(result, name) for name in names}}


def test_what_is_done_to_frames_changes_no_result(scenario: Scenario) -> None:
    result = capacity.run(scenario.with_levers({"kind": "births", "times": 0.9}))
    before, said = frames(result), result.summary()
    for frame in frames(result).values():
        assert len(frame)
        for column in frame.columns:
            frame[column] = -1
    births = scenario.district.table("births")
    births["births"] = 0
    assert scenario.district.table("births")["births"].sum() > 0
    for name, frame in frames(result).items():
        pd.testing.assert_frame_equal(frame, before[name])
    assert result.summary() == said
    pd.testing.assert_frame_equal(capacity.run(result.scenario).frame(), before["results"])


def test_what_is_frozen_stays(result: Result, scenario: Scenario) -> None:
    for thing in (result, scenario, scenario.district, result.labels):
        with pytest.raises(AttributeError):
            thing.scenario = None
    with pytest.raises(TypeError):
        result.labels.title["en"] = "mine"


def test_scenarios_are_equal_where_their_files_are(scenario: Scenario) -> None:
    assert capacity.load_scenario(scenario.path) == scenario
    assert scenario.with_levers({"kind": "delay", "add": 1}) != scenario
    births = scenario.path.parent / "demo" / "births.csv"
    births.write_text(births.read_text().replace(",120", ",121"))
    assert capacity.load_scenario(scenario.path) != scenario


@pytest.mark.parametrize("lang", ["fr", "", None])
def test_another_language_is_refused(result: Result, lang: str) -> None:
    with pytest.raises(ValueError, match="one of en, zh"):
        result.summary(lang)


@pytest.mark.parametrize("name", capacity.__all__)
def test_every_public_name_has_an_example(name: str) -> None:
    assert ">>> " in getattr(capacity, name).__doc__


def test_an_unknown_table_is_named_with_those_there_are(scenario: Scenario) -> None:
    with pytest.raises(KeyError, match="no table 'birth': one of enrolment, units, births"):
        scenario.district.table("birth")
