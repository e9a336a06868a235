"""Limits of levers: what they say, and what they come to, keeps to what tables may state."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import given

import capacity
from capacity.base import FACTORS as FACTORS_OF_LEVERS
from capacity.base import InputError
from capacity.inputs.levers import LIMITS
from capacity.inputs.scenarios import Scenario, check, load_scenario, scenario_schema
from capacity.inputs.tables import TABLES
from capacity.model import RATIO_LIMIT, SHOCK_LIMIT
from tests.inputs.folder import SCENARIO, tables, write

#: By kind the greatest value that may be set; of the first four a percentage is recognised.
HIGHEST = {
    **{"entry": 5, "progression": 5, "onward_share": 1, "completion": 1},
    **{"class_size": 200, "births": 1e9, "housing": 1e9, "places": 1e9},
}
RELATIVE = ("entry", "progression", "onward_share", "completion")
WHERE: dict[str, dict[str, Any]] = {"onward_share": {"where": {"level": "middle"}}}
YIELDS = "level,years_since,pupils_per_home\nprimary,1,.2\n"


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(write(tmp_path_factory.mktemp("limits"), yields=YIELDS))


def refused(scenario: Scenario, *levers: dict[str, Any], ran: bool = False) -> list[Any]:
    try:
        changed = scenario.with_levers(*levers)
        if ran:
            capacity.run(changed, draws=0)
    except InputError as error:
        for problem in error.problems:
            assert problem.text("zh") != problem.text("en")
        return list(error.problems)
    return []


@given(st.data(), st.sampled_from(sorted(HIGHEST)), st.sampled_from(["set", "add", "times"]))
def test_a_value_beyond_the_limits_is_refused_where_it_stands(
    scenario: Scenario, data: st.DataObject, kind: str, form: str
) -> None:
    high = 5 if form == "times" else HIGHEST[kind]
    value = data.draw(st.floats(high * 1.001, high * 99))
    [problem] = refused(scenario, {"kind": kind, form: value} | WHERE.get(kind, {}))
    assert (problem.code, str(problem.at)) == ("value-range", "with_levers:1")
    facts = dict(problem.facts)
    assert facts["limit"] == f"≤ {high:.15g}"
    if (form == "times" and value >= 20) or (kind in RELATIVE and form != "times" and value >= 10):
        assert facts["nearest"] == (pytest.approx(value / 100),)


@given(st.data(), st.sampled_from(sorted(HIGHEST)), st.sampled_from(["set", "add", "times"]))
def test_a_value_within_the_limits_is_taken(
    scenario: Scenario, data: st.DataObject, kind: str, form: str
) -> None:
    low, high = (1, 5) if form == "times" or kind == "class_size" else (0, HIGHEST[kind])
    value = data.draw(st.floats(low, high))
    lever = {"kind": kind, form: value} | WHERE.get(kind, {})
    assert refused(scenario, lever) == []
    asked = {p.code for p in scenario.with_levers(lever).warnings} - {
        p.code for p in scenario.warnings
    }
    if form == "times":
        assert asked == ({"times-unusual"} if value > 2 else set())
    if form == "add":
        assert asked == ({"add-unusual"} if kind in RELATIVE and value >= 0.5 else set())


FACTORS = st.lists(st.floats(0.3, 4.9), min_size=1, max_size=4)


@given(st.sampled_from(["births", "entry", "progression", "class_size", "places"]), FACTORS)
def test_factors_on_one_cell_compose_within_the_limits(
    scenario: Scenario, kind: str, factors: list[float]
) -> None:
    """A class of 40 stays between 1 and 200, a ratio up to 5; every product up to 5."""
    where = {} if kind == "births" else {"where": {"region": "north"}}
    levers = [{"kind": kind, "times": factor} | where for factor in factors]
    total = 1.0
    for factor in factors:
        total *= factor
    found = refused(scenario, *levers, ran=True)
    if total > 5.2:
        assert {p.code for p in found} >= {"lever-compound"}
        assert {str(p.at) for p in found} == {f"with_levers:{len(levers)}"}
        assert "region: north" in found[-1].text("en")
    elif 0.1 < total < 3.2:  # ratios of the district are up to 1.5
        assert found == []


@given(st.floats(-2, 8))
def test_what_is_added_keeps_a_ratio_and_a_class_within_the_limits(
    scenario: Scenario, more: float
) -> None:
    start = {"kind": "progression", "set": 1.0, "where": {"grade": 3}}
    added = {"kind": "progression", "add": more / 2, "where": {"grade": 3}}
    found = [p.code for p in refused(scenario, start, added, added, ran=True)]
    assert found == (["lever-result"] if not -1 <= more <= 4 else [])
    wider = {"kind": "class_size", "add": more * 25, "where": {"level": "primary"}}
    found = [p.code for p in refused(scenario, wider, ran=True)]
    assert found == (["lever-result"] if not 1 <= 40 + more * 25 <= 200 else [])


def test_a_result_beyond_the_limits_names_lever_cell_and_limit(scenario: Scenario) -> None:
    where = {"region": "south", "grade": 5}
    levers = (
        {"kind": "progression", "set": 0.9, "where": where},
        {"kind": "progression", "times": 4, "where": where},
        {"kind": "progression", "times": 3, "where": where},
    )
    [result, compound] = refused(scenario, *levers, ran=True)
    text = result.text("en")
    assert text.startswith("with_levers:3: lever-")
    for part in ("region: south, grade: 5", "2022"):
        assert part in text, text
    assert "10.8" in result.text("en") + compound.text("en")


def test_a_school_of_smaller_classes_keeps_to_the_limits_too(tmp_path: Path) -> None:
    places = tables()["places"].splitlines()
    rows = [f"{places[0]},class_size,school", *(f"{row},,others" for row in places[1:])]
    rows += ["north,primary,20,6,Hill"]
    scenario = load_scenario(write(tmp_path, places="\n".join(rows) + "\n"))
    [problem] = refused(scenario, {"kind": "class_size", "add": -6}, ran=True)
    assert problem.code == "lever-result"
    assert "from 6 to 0" in problem.text("en")


@given(st.one_of(st.floats(0.31, 400), st.floats(-400, -0.31)))
def test_a_yearly_change_beyond_the_limit_is_refused_with_what_was_meant(
    tmp_path_factory: pytest.TempPathFactory, after: float
) -> None:
    root = tmp_path_factory.getbasetemp() / "after"
    line = f"demand: {{births: {{after_last: {after:.6f}}}}}\n"
    [problem] = check(write(root, scenario=SCENARIO + line)).errors
    assert (problem.code, problem.at.line) == ("after-last-far", 6)
    meant = dict(problem.facts)["nearest"]
    assert all(abs(one) <= 0.3 for one in meant)
    if 0.7 <= after <= 1.3:
        assert meant == (pytest.approx(after - 1, abs=1e-6),)


def test_the_schema_carries_the_limits() -> None:
    schema = scenario_schema()["definitions"]
    for name, high in {"Progression": 5, "ClassSize": 200, "OnwardShare": 1}.items():
        said = json.dumps(schema[name]["properties"]["set"])
        assert f'"maximum": {high}' in said.replace(".0", ""), said
        assert '"maximum": 5' in json.dumps(schema[name]["properties"]["times"]).replace(".0", "")
    assert '"maximum": 0.3' in json.dumps(schema["BirthsAhead"])


@pytest.mark.parametrize(
    ("table", "text", "code", "meant"),
    [
        ("ratios", "grade,region,ratio\n2,all,98\n", "number-range", 0.98),
        ("ratios", "grade,region,ratio\n2,all,98%\n", "number-percent", 0.98),
        ("ratios", "grade,region,ratio,sd\n2,all,1,2\n", "number-range", 0.02),
        ("places", "region,level,places,sd\nnorth,primary,300,500\n", "number-range", 5),
        ("yields", "level,years_since,pupils_per_home\nprimary,0,35\n", "number-range", 0.35),
        ("yields", "level,years_since,pupils_per_home\nprimary,0,3\n", "number-unusual", 0.03),
        ("flows", "level,from,to,share\nmiddle,north,north,100\n", "number-range", 1),
    ],
)
def test_a_percentage_in_a_table_is_asked_about(
    tmp_path: Path, table: str, text: str, code: str, meant: float
) -> None:
    found = check(write(tmp_path, **{table: text}))
    [problem] = [problem for problem in found if problem.code == code]
    assert problem.at.line == 2
    assert dict(problem.facts)["nearest"] == (meant,)


def test_a_ratio_has_one_limit_whether_it_is_stated_factored_or_calibrated() -> None:
    assert LIMITS["progression"][1] == FACTORS_OF_LEVERS[1] == RATIO_LIMIT.value


def test_a_stated_spread_keeps_to_what_is_drawn() -> None:
    (column,) = (one for one in TABLES["ratios"].columns if one.name == "sd")
    assert column.high == SHOCK_LIMIT.value
