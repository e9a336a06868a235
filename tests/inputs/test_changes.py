"""A scenario changed in Python is the one that a file with the same words asks, and is kept so."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import capacity
from capacity import District, InputError, Result, Scenario
from capacity.base import At, Problems
from capacity.inputs.documents import Mark, parse_yaml, yaml_text
from capacity.inputs.levers import Lever, as_stated, given_levers
from capacity.results import Options, run_folder
from tests.inputs.folder import write
from tests.inputs.test_outlines import NORTH, SOUTH, collection
from tests.random_districts import random_case

PLAIN = Options(charts=False)
LATE = {"kind": "delay", "add": 2, "where": {"status": ["planned"]}}


def both(ratios: dict[str, Any]) -> dict[str, Any]:
    return {"demand": {"entry": ratios, "progression": dict(ratios)}}


#: Arguments, and the same in the words of a file.
SETTINGS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"method": "mean"}, both({"method": "mean"})),
    ({"method": "pooled", "window": 2}, both({"method": "pooled", "window": 2})),
    ({"horizon": {"last_year": 2024}}, {"horizon": {"last_year": 2024}}),
    ({"horizon": {"base_year": 2020}}, {"horizon": {"base_year": 2020}}),
    ({"completion": {"planned": 0.5}}, {"supply": {"completion": {"planned": 0.5}}}),
    ({"margin": 0.05}, {"supply": {"margin": 0.05}}),
]  # fmt: skip


@pytest.fixture
def plan(tmp_path: Path) -> Scenario:
    return capacity.load_scenario(write(tmp_path))


def in_a_file(plan: Scenario, **keys: object) -> Scenario:
    """Read a file that extends the plan and states these keys."""
    path = plan.path.with_name("other.yaml")
    path.write_text(yaml.safe_dump({"name": "other", "extends": plan.path.name} | keys), "utf-8")
    return capacity.load_scenario(path)


def identity(scenario: Scenario) -> str:
    return run_folder(capacity.run(scenario, draws=0)).identity


def asked(scenario: Scenario) -> list[object]:
    """Give all that decides numbers, but the files and the name."""
    settings = [getattr(scenario, name) for name in ("horizon", "demand", "supply", "chance")]
    words = [scenario.title, scenario.question, scenario.district.regions]
    return [*settings, *words, *map(as_stated, scenario.levers)]


def asks_the_same(one: Scenario, other: Scenario) -> None:
    assert asked(one) == asked(other)


def same_numbers(one: Result, other: Result) -> None:
    frames = [result.frame().drop(columns="scenario") for result in (one, other)]
    pd.testing.assert_frame_equal(*frames, check_exact=True, check_dtype=False)


@pytest.mark.parametrize(("given", "keys"), SETTINGS)
def test_settings_are_those_of_a_file(plan: Scenario, given: dict, keys: dict) -> None:
    before, changed = asked(plan), plan.with_settings(**given, name="other")
    stated = in_a_file(plan, **keys)
    asks_the_same(changed, stated)
    told = [[p.text().partition(": ")[2] for p in one.warnings] for one in (changed, stated)]
    assert sorted(told[0]) == sorted(told[1])
    assert asked(changed) != before == asked(plan)


def test_the_identity_of_a_run_moves_with_its_settings(plan: Scenario) -> None:
    every = [plan, *(plan.with_settings(**given) for given, _ in (SETTINGS[1], SETTINGS[4]))]
    assert len({identity(one) for one in (*every, plan.with_levers(name="other"))}) == 4


def test_settings_give_the_numbers_of_a_file(plan: Scenario) -> None:
    (given, keys), (more, further) = SETTINGS[1], SETTINGS[4]
    asked = plan.with_settings(**given, **more, name="other")
    same_numbers(
        *(capacity.run(one, draws=50) for one in (asked, in_a_file(plan, **keys | further)))
    )


def test_settings_one_after_the_other_are_settings_together(plan: Scenario) -> None:
    together = {name: value for given, _ in SETTINGS for name, value in given.items()}
    together |= {"horizon": {"base_year": 2020, "last_year": 2024}, "method": "mean", "window": 2}
    step = plan
    for name, value in together.items():
        step = step.with_settings(**{name: value})
    asks_the_same(step, plan.with_settings(**together))
    assert step.since == plan.with_settings(**together).since


@pytest.mark.parametrize(
    ("given", "code", "words"),
    [
        ({"method": "men"}, "value-unlisted", "did you mean 'mean'"),
        ({"window": 0}, "value-range", "expected ≥ 1"),
        ({"window": 3.5}, "want-whole", "'window'"),
        ({"margin": 5}, "value-range", "did you mean 0.05"),
        ({"horizon": {"last": 2024}}, "key-unknown", "did you mean 'last_year'"),
        ({"horizon": 2024}, "want-map", "'horizon'"),
        ({"horizon": {"last_year": 2019}}, "horizon-order", "expected 2021 or later"),
        ({"horizon": {"last_year": 2100}}, "horizon-long", "60"),
        ({"horizon": {"base_year": 1990, "last_year": 2000}}, "base-outside", "1990"),
        ({"completion": {"open": 0.5}}, "key-unknown", "building, approved, planned"),
        ({"completion": {"planned": 95}}, "value-range", "did you mean 0.95"),
        ({"name": "a b"}, "name-bad", "'a b'"),
    ],
)
def test_settings_are_as_strict_as_a_file(plan: Scenario, given, code: str, words: str) -> None:
    with pytest.raises(InputError) as refused:
        plan.with_settings(**given)
    (problem,) = refused.value.problems
    assert problem.code == code and str(problem.at) == "with_settings"
    assert words in str(refused.value)


def test_a_setting_without_effect_is_told_and_no_longer_where_it_has_one(plan: Scenario) -> None:
    idle = plan.with_settings(window=4)
    assert {one.code for one in idle.warnings} - {one.code for one in plan.warnings} == {
        "setting-unused"
    }
    assert "setting-unused" not in {one.code for one in idle.with_settings(method="mean").warnings}
    stated = in_a_file(plan, demand={"entry": {"window": 4}})
    assert "setting-unused" in {one.code for one in stated.warnings}
    used = stated.with_settings(method="mean")
    assert "setting-unused" not in {one.code for one in used.warnings}


def test_a_project_that_opens_too_late_is_told_of_the_new_horizon_alone(plan: Scenario) -> None:
    short = plan.with_settings(horizon={"last_year": 2022})
    late = [one for one in short.warnings if one.code == "project-late"]
    assert len(late) == 2 and dict(late[0].facts)["last"] == 2022
    back = short.with_settings(horizon={"last_year": 2026})
    assert "project-late" not in {one.code for one in back.warnings}


def test_another_name_is_a_title_as_in_a_file(plan: Scenario) -> None:
    late = plan.with_levers(LATE, name="late")
    asks_the_same(late, replace(in_a_file(plan, levers=[LATE]), name="late", title=late.title))
    assert (late.name, late.title.zh, late.question) == ("late", "late", None)
    assert capacity.run(late, draws=0).frame()["scenario"].unique().tolist() == ["late"]
    assert plan.with_levers(LATE).question == plan.question is not None
    with pytest.raises(InputError, match="with_levers: name-bad"):
        plan.with_levers(LATE, name="con")


def test_nothing_of_a_change_can_be_changed(plan: Scenario) -> None:
    given = {"kind": "delay", "add": 2, "where": {"status": ["planned"]}}
    late = plan.with_levers(given).with_settings(completion={"planned": 0.5})
    given["where"]["status"].append("approved")
    assert late.levers[0].where.status == ("planned",)
    for part in (late.since, late.since["levers"][0], late.since["supply"]["completion"]):
        with pytest.raises(TypeError):
            part["add"] = 3
    with pytest.raises(AttributeError):
        late.since = {}
    assert plan.since == {}


# kept -------------------------------------------------------------------------------------------


def of_frames(plan: Scenario) -> Scenario:
    tables = {path.stem: pd.read_csv(path) for path in plan.district.folder.glob("*.csv")}
    stated = yaml.safe_load((plan.district.folder / "district.yaml").read_text("utf-8"))
    district = District.from_frames({"district": stated, **tables})
    return Scenario.of(district, last_year=2026, name="framed").with_levers(LATE)


CHANGES: dict[str, Callable[[Scenario], Scenario]] = {
    "levers": lambda plan: plan.with_levers(LATE, {"kind": "births", "times": 0.9}),
    "a name": lambda plan: plan.with_levers(name="010"),
    "settings": lambda plan: plan.with_settings(method="mean", margin=0.1, name="mean"),
    "the years": lambda plan: plan.with_settings(horizon={"last_year": 2024}),
    "sources": lambda plan: plan.with_sources("projects"),
    "levers on levers": lambda plan: in_a_file(plan, levers=[LATE]).with_levers(
        {"kind": "cancel", "where": {"project": "P1"}}
    ),
    "of a district": lambda plan: Scenario.of(plan.district, last_year=2026, name="asked"),
    "of frames": of_frames,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())
def test_a_run_folder_holds_what_was_run(plan: Scenario, change, tmp_path: Path) -> None:
    changed = capacity.api.with_chance(change(plan), 20, 3)
    folder = tmp_path / "run"
    result, state = capacity.api.keep(changed, folder, PLAIN)
    assert state == "written" and capacity.api.keep(changed, folder, PLAIN)[1] == "unchanged"
    found = capacity.load_run(folder)
    asks_the_same(found.scenario, changed)
    assert found.scenario.name == changed.name and found.labels == result.labels
    same_numbers(capacity.run(found.scenario), result)
    assert set(folder.rglob("baseline.yaml")) <= {folder / "inputs" / "baseline.yaml"}


def test_what_was_not_changed_is_kept_as_its_files_alone(plan: Scenario, tmp_path: Path) -> None:
    capacity.api.keep(capacity.api.with_chance(plan, 20, 3), tmp_path / "run", PLAIN)
    inside = {path.name for path in (tmp_path / "run" / "inputs").iterdir()}
    assert inside == {"baseline.yaml", "demo"}


def test_frames_that_differ_are_another_run(plan: Scenario) -> None:
    tables = {path.stem: pd.read_csv(path) for path in plan.district.folder.glob("*.csv")}
    stated = yaml.safe_load((plan.district.folder / "district.yaml").read_text("utf-8"))
    ids = set()
    for more in (0, 1):
        tables["births"]["births"] += more
        district = District.from_frames({"district": stated, **tables})
        ids.add(identity(Scenario.of(district, last_year=2026)))
    assert len(ids) == 2


def test_frames_come_with_outlines(plan: Scenario) -> None:
    tables = {path.stem: pd.read_csv(path) for path in plan.district.folder.glob("*.csv")}
    stated = yaml.safe_load((plan.district.folder / "district.yaml").read_text("utf-8"))
    drawn = yaml.safe_load(collection(NORTH, SOUTH))
    district = District.from_frames({"district": stated, **tables, "outlines": drawn})
    (plan.district.folder / "regions.geojson").write_text(collection(NORTH, SOUTH), "utf-8")
    of_files = capacity.load_district(plan.district.folder).outlines
    assert district.outlines.regions.keys() == of_files.regions.keys() == {"north", "south"}
    drawn["features"][0]["properties"] = {"region": "nort"}
    with pytest.raises(InputError, match=r"frames\[outlines\].*did you mean 'north'"):
        District.from_frames({"district": stated, **tables, "outlines": drawn})


# words ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(8))
def test_a_lever_is_read_again_as_it_was_stated(seed: int) -> None:
    problems = Problems()
    levers, _ = given_levers(tuple(random_case(seed).scenario["levers"]), problems)
    text = yaml_text({"levers": tuple(map(as_stated, levers))})
    document = parse_yaml(text, "levers", problems)
    again, _ = given_levers(document.data["levers"], problems)
    assert not problems.errors and len(levers) == len(again)
    for one, other in zip(levers, again, strict=True):
        assert same(one) == same(other)


def same(lever: Lever) -> str:
    """Give all of a lever but its place; nan is nan."""
    placeless = replace(lever, file="", line=0, mark=Mark(At("")))
    return repr((placeless.kind, placeless.where, placeless, placeless.replaces))


SCALARS = st.one_of(
    st.text(max_size=8), st.integers(-(10**9), 10**9), st.none(), st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(["no", "010", "1_000", "12:30", "1e3", "0x1F", "~", "", "- a", "键：值"]),
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3).map(tuple)
        | st.dictionaries(st.sampled_from(["name", "no", "north", "010", 3]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["name", "title", "levers"]), VALUES, min_size=1))
def test_values_written_as_yaml_are_read_as_they_were(stated: dict[str, object]) -> None:
    problems = Problems()
    document = parse_yaml(yaml_text(stated), "written", problems)
    assert [problem.text() for problem in problems] == []
    assert document is not None and document.data == stated
