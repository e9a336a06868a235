"""What differs in inputs: lever by lever, setting by setting, row by row, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.inputs import Changed, changed_inputs, inputs_frame
from capacity.inputs.scenarios import Scenario, load_scenario
from tests.inputs.folder import DISTRICT, SCENARIO, tables, write

DELAY = {"kind": "delay", "add": 2, "where": {"status": ["planned"]}}


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    return load_scenario(write(tmp_path_factory.mktemp("plan")))


def said(changes: tuple[Changed, ...]) -> list[tuple[str, ...]]:
    return [(c.change, c.key, c.column, c.a, c.b) for c in changes]


def other(tmp_path: Path, **changed: str) -> Scenario:
    return load_scenario(write(tmp_path, **changed))


def test_the_same_files_elsewhere_do_not_differ(plan: Scenario, tmp_path: Path) -> None:
    assert changed_inputs(plan, other(tmp_path)) == ()


def test_names_titles_and_the_order_of_rows_do_not_count(plan: Scenario, tmp_path: Path) -> None:
    head, *rows = tables()["births"].splitlines()
    renamed = SCENARIO.replace("name: baseline", "name: again").replace("As planned", "Again")
    births = "\n".join([head, *reversed(rows)]) + "\n"
    assert changed_inputs(plan, other(tmp_path, scenario=renamed, births=births)) == ()


def test_a_lever_of_one_side_is_added_or_removed(plan: Scenario) -> None:
    late = plan.with_levers(DELAY)
    (added,) = changed_inputs(plan, late)
    assert said((added,)) == [("added", "delay: status planned", "", "", "add 2")]
    assert added.at == "with_levers:1"
    (removed,) = changed_inputs(late, plan)
    assert said((removed,)) == [("removed", "delay: status planned", "", "add 2", "")]


def test_the_same_lever_with_another_value_is_changed_old_to_new(plan: Scenario) -> None:
    two, three = plan.with_levers(DELAY), plan.with_levers({**DELAY, "add": 3})
    assert said(changed_inputs(two, three)) == [
        ("changed", "delay: status planned", "add", "2", "3")
    ]


def test_the_same_lever_in_other_years_is_changed(plan: Scenario) -> None:
    births = {"kind": "births", "times": 0.9, "from": 2022}
    one, late = plan.with_levers(births), plan.with_levers({**births, "from": 2023})
    assert said(changed_inputs(one, late)) == [
        ("changed", "births: from 2023", "from", "2022", "2023")
    ]


def test_years_tell_levers_of_the_same_cells_apart(plan: Scenario) -> None:
    early = {"kind": "births", "times": 0.9, "until": 2021}
    later = {"kind": "births", "times": 0.8, "from": 2022}
    a = plan.with_levers(early, later)
    b = plan.with_levers(early, {**later, "times": 0.7})
    assert said(changed_inputs(a, b)) == [("changed", "births: from 2022", "times", "0.8", "0.7")]


def test_levers_of_other_cells_are_other_levers(plan: Scenario) -> None:
    a, b = (
        plan.with_levers({"kind": "births", "times": 0.9, "where": {"region": region}})
        for region in ("north", "south")
    )
    assert [c.change for c in changed_inputs(a, b)] == ["removed", "added"]


def test_how_cells_are_listed_does_not_count(plan: Scenario) -> None:
    a, b = (
        plan.with_levers({"kind": "births", "times": 0.9, "where": {"region": regions}})
        for regions in (["north", "south"], ["south", "north"])
    )
    assert changed_inputs(a, b) == ()


def test_levers_in_another_order_are_said_to_be(plan: Scenario) -> None:
    levers = [{"kind": "births", "set": 100.0}, {"kind": "births", "add": 20}]
    a, b = plan.with_levers(*levers), plan.with_levers(*reversed(levers))
    assert changed_inputs(a, a) == ()
    assert [c.key for c in changed_inputs(a, b)] == ["order"]


def test_an_added_project_without_numbers_is_the_same_twice(plan: Scenario) -> None:
    lever = {
        "kind": "add_project",
        "add_project": {
            "project": "X", "region": "north", "status": "planned", "opens": 2024,
            "places_primary": 100,
        },
    }  # fmt: skip
    a, b = plan.with_levers(lever), plan.with_levers(lever)
    assert changed_inputs(a, b) == ()
    more = {"kind": "add_project", "add_project": {**lever["add_project"], "places_primary": 200}}
    assert said(changed_inputs(a, plan.with_levers(more))) == [
        ("changed", "add_project: project X", "add_project.places_primary", "100", "200")
    ]


def test_settings_are_named_by_their_path(plan: Scenario, tmp_path: Path) -> None:
    text = SCENARIO.replace("2026}", "2028}")
    text += "supply: {completion: {planned: .9}}\ndemand: {births: {after_last: hold}}\n"
    assert set(said(changed_inputs(plan, other(tmp_path, scenario=text)))) == {
        ("changed", "horizon.last_year", "", "2026", "2028"),
        ("added", "supply.completion.planned", "", "", "0.9"),
        ("changed", "demand.births.after_last", "", "trend", "hold"),
    }


def test_district_keys_go_by_the_codes_of_regions_and_levels(
    plan: Scenario, tmp_path: Path
) -> None:
    text = DISTRICT.replace("grades: [1, 3], class_size: 40", "grades: [1, 3], class_size: 45")
    text = text.replace("neighbours: {middle: [[north, south]]}\n", "")
    assert said(changed_inputs(plan, other(tmp_path, district=text))) == [
        ("changed", "levels.primary.class_size", "", "40", "45"),
        ("removed", "neighbours.middle.north - south", "", "yes", ""),
    ]


def test_rows_are_met_by_their_key_and_compared_cell_by_cell(
    plan: Scenario, tmp_path: Path
) -> None:
    pipeline = (
        "project,region,status,opens,places_primary,places_middle,kind,note\n"
        "P3,south,open,2021,100,0,rebuild,\n"
        "P1,north,planned,2025,400,0,new,seen\n"
        "P4,south,idea,2026,50,0,,\n"
    )
    changes = changed_inputs(plan, other(tmp_path, pipeline=pipeline))
    assert {c.table for c in changes} == {"pipeline"}
    assert said(changes) == [
        ("removed", "P2", "region", "south", ""),
        ("removed", "P2", "status", "building", ""),
        ("removed", "P2", "opens", "2023", ""),
        ("removed", "P2", "places_primary", "0", ""),
        ("removed", "P2", "places_middle", "200", ""),
        ("removed", "P2", "places_high", "0", ""),
        ("removed", "P2", "kind", "extension", ""),
        ("changed", "P1", "opens", "2024", "2025"),
        ("changed", "P1", "note", "", "seen"),
        ("added", "P4", "region", "", "south"),
        ("added", "P4", "status", "", "idea"),
        ("added", "P4", "opens", "", "2026"),
        ("added", "P4", "places_primary", "", "50"),
        ("added", "P4", "places_middle", "", "0"),
        ("added", "P4", "places_high", "", "0"),
    ]
    assert [c.at for c in changes if c.change == "changed"] == ["pipeline.csv:3"] * 2


def test_rows_of_a_table_that_one_side_lacks_are_all_named(plan: Scenario, tmp_path: Path) -> None:
    flags = "year,region,reason\n2019,all,boundary moved\n"
    changes = changed_inputs(plan, other(tmp_path, flags=flags))
    assert said(changes) == [("added", "2019, all", "reason", "", "boundary moved")]


def test_the_frame_has_a_row_per_change_and_its_columns_without_any(plan: Scenario) -> None:
    columns = ["what", "table", "change", "key", "column", "a", "b", "at"]
    assert list(inputs_frame(()).columns) == columns
    made = inputs_frame(changed_inputs(plan, plan.with_levers(DELAY)))
    assert list(made.columns) == columns
    assert len(made) == 1
