"""Shocks: how large, how lasting, and whose."""

from __future__ import annotations

import numpy as np
import pytest

from capacity.model import AREA_PERSISTENCE, CELL_PERSISTENCE, COMMON_PERSISTENCE, ENTRY_PERSISTENCE
from capacity.model.draws import (
    BLOCK,
    Block,
    Singles,
    Spread,
    persist,
    ratio_factors,
    shared_shocks,
    walk,
)
from tests.drawn import spread_with

YEARS, GRADES, BLOCKS = 6, 4, 20


def logs(spread: Spread, area: float = 0.0, code: str = "north") -> Singles:
    """Log factors of one area, ``(year, grade, draw)``."""
    sd = np.sqrt(np.tile(spread.cell_fixed, (YEARS, 1))).astype(np.float32)
    of_area = np.full(YEARS, area, np.float32)
    parts = []
    for number in range(BLOCKS):
        block = Block(1, number, YEARS)
        common = shared_shocks(block, spread, GRADES)
        parts.append(np.log(ratio_factors(block, code, spread, sd, of_area, common)))
    return np.concatenate(parts, axis=-1)


def growing(scale: float, stays: float) -> np.ndarray:
    """Standard deviation of the error of each step: ε_h = ξ_h + α·Σ_{j<h} ξ_j."""
    return scale * np.sqrt(1 + stays**2 * np.arange(YEARS))


def test_errors_persist_in_part() -> None:
    shocks = np.float32([[1], [10], [100]])
    persist(shocks, 0.5)
    assert shocks[:, 0].tolist() == [1, 10 + 0.5, 100 + 0.5 * 11]


@pytest.mark.parametrize(
    ("part", "stays", "grades"),
    [
        ({"common": 0.02}, COMMON_PERSISTENCE, slice(1, None)),
        ({"grade": 0.02}, COMMON_PERSISTENCE, slice(1, None)),
        ({"entry": 0.02}, ENTRY_PERSISTENCE, slice(0, 1)),
        ({"cell": (0.0004, 0)}, CELL_PERSISTENCE, slice(1, None)),
        ({"first": (0.0004, 0)}, ENTRY_PERSISTENCE, slice(0, 1)),
    ],
)
def test_each_shock_hits_its_grades_with_its_size(part, stays, grades) -> None:
    found = logs(spread_with(GRADES, freedom=30.0, **part)).std(axis=-1)
    scale = 0.02 * (np.sqrt(30 / 28) if next(iter(part)) in ("common", "grade", "entry") else 1)
    expected = np.broadcast_to(growing(scale, stays.value)[:, None], found[:, grades].shape)
    np.testing.assert_allclose(found[:, grades], expected, rtol=0.03)
    others = found.copy()
    others[:, grades] = 0
    np.testing.assert_allclose(others, 0, atol=1e-6)


def test_the_shock_of_an_area_hits_all_its_grades_alike() -> None:
    found = logs(spread_with(GRADES), area=0.02)
    np.testing.assert_allclose(found, found[:, :1].repeat(GRADES, axis=1), atol=1e-6)
    np.testing.assert_allclose(
        found[:, 0].std(axis=-1), growing(0.02, AREA_PERSISTENCE.value), rtol=0.03
    )


def test_shared_shocks_are_shared_and_others_are_not() -> None:
    common, own = spread_with(GRADES, common=0.02, entry=0.02), spread_with(GRADES, cell=(0.01, 0))
    np.testing.assert_array_equal(logs(common, code="north"), logs(common, code="east"))
    one, other = logs(own, code="north")[0, 1], logs(own, code="east")[0, 1]
    assert abs(np.corrcoef(one, other)[0, 1]) < 0.03


def test_variances_of_parts_add_up() -> None:
    spread = spread_with(GRADES, freedom=30.0, common=0.01, grade=0.02, cell=(0.0009, 0))
    found = logs(spread, area=0.04)[0, 1:].var(axis=-1)
    whole = (0.01**2 + 0.02**2) * 30 / 28 + 0.03**2 + 0.04**2
    np.testing.assert_allclose(found, whole, rtol=0.05)


def test_tails_of_the_common_shock_are_those_of_student() -> None:
    found = logs(spread_with(GRADES, freedom=3.0, common=0.01))[0, 1]
    assert (np.abs(found) > 0.01 * 5.841).mean() == pytest.approx(0.01, abs=0.003)


def test_a_walk_adds_a_step_a_year() -> None:
    found = np.concatenate(
        [walk(Block(1, n, YEARS), "births", "", 9) for n in range(BLOCKS)], axis=1
    )
    assert found.shape == (9, BLOCKS * BLOCK)
    np.testing.assert_allclose(found.std(axis=1), np.sqrt(np.arange(1, 10)), rtol=0.03)
