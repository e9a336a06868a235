"""Places that stand and places that are being built."""

from __future__ import annotations

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.model import (
    NEVER,
    Projects,
    open_share,
    project_places,
    project_shares,
    standing,
    stock_by_cell,
)
from tests.worlds import BASE, arrays, axes_of, pipelines, projects_of, same_bits, stock_of, whole

AXES = axes_of(2, spans=(3, 1))
YEARS = np.arange(BASE, BASE + 6)


def filling_of(projects: Projects) -> np.ndarray:
    return project_shares(projects, projects.opens[:, None], YEARS, AXES.span)[0][..., 0]


def full_of(projects: Projects) -> np.ndarray:
    return project_shares(projects, projects.opens[:, None], YEARS, AXES.span)[1][..., 0]


def share(opens: float, by_grade: bool) -> np.ndarray:
    return filling_of(projects_of(AXES, (0, "planned", opens, by_grade, [300.0, 40.0])))[:, 0]


def test_each_draw_may_open_in_a_year_of_its_own() -> None:
    opens = np.array([[BASE + 1.0, BASE + 2.0]])
    found = open_share(opens, np.array([True]), YEARS, AXES.span)[:, 0, 0]
    assert found[:, 0] == pytest.approx([0, 1 / 3, 2 / 3, 1, 1, 1])
    assert found[:, 1] == pytest.approx([0, 0, 1 / 3, 2 / 3, 1, 1])


def test_a_new_school_fills_a_grade_a_year() -> None:
    found = share(BASE + 1, by_grade=True)
    assert found[:, 0] == pytest.approx([0, 1 / 3, 2 / 3, 1, 1, 1], rel=1e-15)
    assert found[:, 1].tolist() == [0, 1, 1, 1, 1, 1]  # one grade is full at once


def test_an_extension_is_full_at_once() -> None:
    assert share(BASE + 1, by_grade=False)[:, 0].tolist() == [0, 1, 1, 1, 1, 1]


def test_an_open_school_goes_on_filling_from_the_year_it_opened() -> None:
    assert share(BASE - 1, by_grade=True)[:, 0] == pytest.approx([2 / 3, 1, 1, 1, 1, 1])


def test_a_project_without_a_year_never_opens() -> None:
    projects = projects_of(AXES, (0, "planned", NEVER, True, [300.0, 40.0]))
    assert not filling_of(projects).any()
    assert not full_of(projects).any()


@given(pipelines(AXES, min_size=1))
def test_a_project_fills_up_to_its_full_size_and_no_further(projects: Projects) -> None:
    filling, full = filling_of(projects), full_of(projects)
    assert (filling >= 0).all()
    assert (filling <= full).all()  # places listed are all that has opened
    assert (np.diff(filling, axis=0) >= 0).all()
    assert ((filling > 0) == (full > 0)).all()  # `opens` is the first autumn in use
    same_bits(filling[:, ~projects.by_grade], full[:, ~projects.by_grade])


@given(pipelines(AXES), arrays((len(YEARS), 2, 2), whole(1, 3)))
def test_projects_add_up_in_their_region(projects: Projects, factor: np.ndarray) -> None:
    full = full_of(projects)
    found = project_places(projects, YEARS, AXES.span, factor[..., None])[1][..., 0]
    for region in range(2):
        own = projects.region == region
        expected = (full * projects.places)[:, own].sum(axis=1) * factor[:, region]
        same_bits(found[:, region], expected)


def test_closes_is_the_first_autumn_not_in_use() -> None:
    stock = stock_of(AXES, [(0, 0)], [90.0], closes=np.array([BASE + 2.0]))
    none = np.zeros((len(YEARS), 1), dtype=bool)
    found = standing(stock, YEARS, np.ones((len(YEARS), 1)), none)
    assert found[:, 0].tolist() == [90, 90, 0, 0, 0, 0]
    shut = none.copy()
    shut[1] = True
    found = standing(stock, YEARS, np.full((len(YEARS), 1), 1.5), shut)
    assert found[:, 0].tolist() == [135, 0, 0, 0, 0, 0]


@given(st.permutations(range(4)))
def test_rows_of_a_cell_add_up_and_a_cell_without_rows_is_unknown(order: list[int]) -> None:
    cells = [(0, 0), (0, 0), (0, 1), (1, 1)]
    rows = np.array([[90.0, 10.0, 0.0, 7.0]])
    stock = stock_of(AXES, [cells[row] for row in order], rows[0, order])
    stated = np.array([[True, True], [False, True]])
    found = stock_by_cell(rows[:, order], stock, stated)[0]
    same_bits(found, [[100, 0], [np.nan, 7]])
