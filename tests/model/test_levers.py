"""Levers on arrays and on the pipeline: values, their log, and their order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.model import Adjustment, ProjectAdjustment, Projects, adjust, adjust_projects, formed
from tests.worlds import BASE, arrays, axes_of, marks, pipelines, projects_of, same_bits, whole

AXES = axes_of(2, spans=(2, 1))
PLACES = [100.0, 50.0]


def lever(form: str, value: float, *chosen: Any, number: int = 1) -> Adjustment:
    return Adjustment(number, form, value, tuple(np.array(mask) for mask in chosen))


def test_set_add_and_times() -> None:
    old = np.array([10.0, 20.0])
    assert formed(old, "set", 5).tolist() == [5, 5]
    assert formed(old, "add", 5).tolist() == [15, 25]
    assert formed(old, "times", 1.5).tolist() == [15, 30]


def test_a_lever_acts_on_the_cells_that_it_chooses_and_logs_them() -> None:
    values = np.array([[1.0, 2, 3], [4, 5, 6]])
    found, steps = adjust("x", values, [lever("add", 10, [False, True], [True, False, True])])
    same_bits(found, [[1, 2, 3], [14, 5, 16]])
    (step,) = steps
    assert step.cells.tolist() == [[1, 0], [1, 2]]
    assert step.old.tolist() == [4, 6]
    assert step.new.tolist() == [14, 16]
    same_bits(values, [[1, 2, 3], [4, 5, 6]])  # what is adjusted is not changed


def test_levers_compose_in_their_order() -> None:
    both = [lever("add", 10, [True], number=1), lever("times", 2, [True], number=2)]
    assert adjust("x", np.array([1.0]), both)[0].tolist() == [22]
    assert adjust("x", np.array([1.0]), both[::-1])[0].tolist() == [12]


@given(arrays((3, 2), whole(-9, 9)), marks(3), marks(2), st.sampled_from(["set", "add", "times"]))
def test_what_is_not_chosen_keeps_its_bits(
    values: np.ndarray, rows: Any, columns: Any, form: str
) -> None:
    found, (step,) = adjust("x", values, [lever(form, 7.0, rows, columns)])
    chosen = np.outer(rows, columns).astype(bool)
    same_bits(found[~chosen], values[~chosen])
    assert len(step.cells) == chosen.sum() == len(step.old) == len(step.new)
    same_bits(step.old, values[chosen])
    same_bits(step.new, found[chosen])
    same_bits([found[tuple(cell)] for cell in step.cells], step.new)


@given(arrays((3, 2), whole(-9, 9)), marks(3), marks(2))
def test_i30_adding_nothing_or_taking_once_changes_no_bit(
    values: np.ndarray, rows: Any, columns: Any
) -> None:
    for form, value in (("add", 0.0), ("times", 1.0)):
        same_bits(adjust("x", values, [lever(form, value, rows, columns)])[0], values)


# Projects ----------------------------------------------------------------------------------------


@pytest.fixture
def projects() -> Projects:
    return projects_of(
        AXES,
        (0, "open", BASE - 1, True, PLACES),
        (0, "building", BASE + 1, True, PLACES),
        (1, "planned", BASE + 2, False, PLACES),
    )


def change(kind: str, **said: Any) -> ProjectAdjustment:
    return ProjectAdjustment(1, kind, **said)


def test_delay_moves_what_is_not_open_yet(projects: Projects) -> None:
    later, steps = adjust_projects(projects, [change("delay", form="add", value=2.0)])
    assert later.opens.tolist() == [BASE - 1, BASE + 3, BASE + 4]
    assert later.opens_listed.tolist() == projects.opens_listed.tolist()
    assert [step.project for step in steps] == ["P1", "P2"]
    assert (steps[0].old, steps[0].new) == (str(BASE + 1), str(BASE + 3))


def test_delays_add_up_and_a_set_delay_counts_from_the_listed_year(projects: Projects) -> None:
    twice = [change("delay", form="add", value=2.0)] * 2
    assert adjust_projects(projects, twice)[0].opens[1] == BASE + 5
    again = [*twice, change("delay", form="set", value=1.0)]
    assert adjust_projects(projects, again)[0].opens[1] == BASE + 2


def test_completion_stays_a_probability_and_an_open_project_does_not_fail(
    projects: Projects,
) -> None:
    found = adjust_projects(projects, [change("completion", form="times", value=0.5)])[0]
    assert found.completion.tolist() == [1, 0.5, 0.5]
    found = adjust_projects(found, [change("completion", form="add", value=0.9)])[0]
    assert found.completion.tolist() == [1, 1, 1]


def test_cancel_removes_whatever_it_chooses(projects: Projects) -> None:
    found, steps = adjust_projects(projects, [change("cancel", statuses=("open", "planned"))])
    assert found.code == ("P1",)
    assert [(step.project, step.old, step.new) for step in steps] == [
        ("P0", "open", "cancelled"),
        ("P2", "planned", "cancelled"),
    ]


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ({"codes": ("P0", "P2")}, ("P1",)),
        ({"regions": np.array([True, False])}, ("P2",)),
        ({"codes": ("P0",), "statuses": ("planned",)}, ("P0", "P1", "P2")),
        ({}, ()),
    ],
)
def test_what_a_lever_chooses(projects: Projects, said: Any, left: tuple[str, ...]) -> None:
    assert adjust_projects(projects, [change("cancel", **said)])[0].code == left


def test_an_added_project_is_seen_by_later_levers_only(projects: Projects) -> None:
    new = replace(projects_of(AXES, (1, "planned", BASE + 1, True, PLACES)), code=("Added",))
    add, delay = change("add_project", added=new), change("delay", form="add", value=1.0)
    after = adjust_projects(projects, [add, delay])[0]
    before = adjust_projects(projects, [delay, add])[0]
    assert after.code == before.code == ("Added", "P0", "P1", "P2")  # by code
    assert after.opens[0] == BASE + 2
    assert before.opens[0] == BASE + 1
    found, steps = adjust_projects(after, [change("cancel", codes=("Added",))])
    assert found.code == projects.code
    assert len(steps) == 1


@given(pipelines(AXES), st.data())
def test_i17_a_pipeline_taken_apart_and_joined_is_the_same(
    projects: Projects, data: st.DataObject
) -> None:
    rows = list(range(len(projects.code)))
    first = [row for row in rows if data.draw(st.booleans())]
    rest = [row for row in rows if row not in first]
    for one, other in ((first, rest), (rest, first)):
        whole_again = projects.take(one).join(projects.take(other))
        for name, value in vars(projects).items():
            same_bits(getattr(whole_again, name), value)
