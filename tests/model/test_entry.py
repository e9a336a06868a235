"""First-grade classes: rooms, gap, bands, and the classes that each region must open."""

from __future__ import annotations

from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from capacity.base import Floats
from capacity.model import Bands, band, entrants_by_level, entry_rows, share_used
from tests.worlds import (
    BASE,
    Setup,
    axes_of,
    projects_of,
    quiet_world,
    same_bits,
    setups,
    stock_of,
)


def rows_of(setup: Setup) -> dict[str, Floats]:
    axes = setup.world.axes
    return entry_rows(setup.run().outcome, axes, setup.world.pools)


def one(entrants: tuple[float, float], places: tuple[float, float], **changes: Any) -> Any:
    """Entry of two regions with one level of two grades: entry places are half of all."""
    axes = axes_of(2, spans=(2,), last=BASE + 1)
    pupils = np.full((len(axes.year), 2, 2), np.nan)
    pupils[axes.start, :, 0] = entrants
    pupils[axes.start, :, 1] = 0.0
    stock = stock_of(axes, [(0, 0), (1, 0)], [2 * value for value in places])
    found = rows_of(Setup(quiet_world(axes, pupils=pupils, stock=stock, **changes)))
    return {name: array[0, :, 0, 0].tolist() for name, array in found.items()}


def test_classes_are_whole_and_their_number_is_the_sum_of_the_regions() -> None:
    found = one((81.0, 41.0), (100.0, 30.0))
    assert found["entrants"] == [81, 41, 122]
    assert found["entry_places"] == [100, 30, 130]
    assert found["entry_gap"] == [-19, 11, -8]
    assert found["classes_needed"] == [3, 2, 5]  # the district as one would need ⌈122 / 40⌉ = 4
    assert found["band"] == [0, 2, 1]  # .81, 1.37, .94


def test_a_class_is_not_opened_for_a_rounding_error() -> None:
    assert one((np.nextafter(80.0, 99), 80.1), (99.0, 99.0))["classes_needed"][:2] == [2, 3]


def test_a_school_that_fills_has_all_its_entry_rooms_from_its_first_autumn() -> None:
    axes = axes_of(1, spans=(2,), last=BASE + 1)
    project = projects_of(axes, (0, "planned", BASE + 1, True, [80.0]))
    found = rows_of(Setup(quiet_world(axes, projects=project)))["entry_places"]
    assert found[:, 0, 0, 0].tolist() == [100, 140]


def test_a_pooled_level_has_gap_and_band_for_the_district_alone() -> None:
    found = one((81.0, 40.0), (100.0, 30.0), pooled=np.array([True]))
    assert found["entry_gap"][2] == -9
    assert np.isnan(found["entry_gap"][:2]).all()
    assert np.isnan(found["band"][:2]).all()
    assert found["entrants"] == [81, 40, 121]


@pytest.mark.parametrize(
    ("entrants", "expected"),
    [(0.0, 0), (89.999, 0), (90.0, 1), (99.999, 1), (100.0, 2), (250.0, 2)],
)
def test_bands_start_at_nine_tenths_and_at_full(entrants: float, expected: int) -> None:
    assert band(np.array([entrants]), np.array([100.0])).tolist() == [expected]


@given(st.integers(1, 200), st.integers(1, 500), st.sampled_from([float, np.float32]))
def test_who_stands_on_a_line_reaches_it(hundredths: int, hundreds: int, precision: type) -> None:
    """Whole entrants who are the line times whole places, in either precision; one fewer are not.

    Not so of products: 1.1 · 100 is more than 110, and in single precision .6 · 100 than 60.
    """
    entrants, line = hundredths * hundreds + np.array([0, -1], precision), hundredths / 100
    places = np.full(2, 100 * hundreds, precision)
    assert band(entrants, places, Bands(line, np.inf, 0.0)).tolist() == [1, 0]
    assert (share_used(entrants, places) < precision(line)).tolist() == [False, True]


def test_without_places_any_entrant_is_red_and_none_is_not() -> None:
    assert band(np.array([1.0, 0.0]), np.zeros(2)).tolist() == [2, 0]
    assert np.isnan(band(np.array([1.0]), np.array([np.nan]))).all()


@given(setups())
def test_entry_follows_pupils_and_places(setup: Setup) -> None:
    world, found = setup.world, rows_of(setup)
    ran, axes = setup.run(), setup.world.axes
    first = entrants_by_level(ran.outcome.pupils, axes)[..., 0].sum(axis=1)
    np.testing.assert_allclose(found["entrants"][:, -1, :, 0], first, rtol=1e-12)
    rooms = ran.outcome.listed[..., 0] / axes.span + ran.supply.entry_more[..., 0]
    rooms = np.maximum(rooms, 0.0).sum(axis=1)
    np.testing.assert_allclose(found["entry_places"][:, -1, :, 0], rooms, rtol=1e-12)
    regions = found["classes_needed"][:, :-1]
    same_bits(regions.sum(axis=1), found["classes_needed"][:, -1])
    size = ran.outcome.class_size
    assert (regions * size >= found["entrants"][:, :-1] - 1e-6).all()
    assert ((regions - 1) * size < found["entrants"][:, :-1] + 1e-6).all()
    assert np.isnan(found["band"][:, ~world.pools.holds(axes.members)]).all()


@given(setups(), st.integers(0, 9))
def test_i14_more_entrants_never_need_fewer_classes(setup: Setup, more: int) -> None:
    ahead = [year > BASE for year in setup.world.axes.horizon.labels]
    found, after = (
        rows_of(setup),
        rows_of(setup.and_then("migration", "add", more, ahead, None, None)),
    )
    assert (after["classes_needed"] >= found["classes_needed"]).all()
    known = ~np.isnan(found["band"])
    assert (after["band"][known] >= found["band"][known]).all()
