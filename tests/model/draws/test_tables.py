"""Tables of equally probable values against the distributions that they stand for."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest

from capacity.model.draws import VALUES, Block, normals, pooled, students

MIDDLES = (np.arange(VALUES) + 0.5) / VALUES


@pytest.mark.parametrize("freedom", [3, 4.0, 9.0, 30.0])
def test_students(freedom: float) -> None:
    """None beyond six scales."""
    from scipy import stats  # imported where it is used: a second, which nothing else takes

    expected = np.clip(stats.t.ppf(MIDDLES, freedom), -6, 6)
    np.testing.assert_allclose(students(freedom), expected, rtol=1e-4, atol=1e-4)


def test_normals() -> None:
    from scipy import stats

    np.testing.assert_allclose(normals(), stats.norm.ppf(MIDDLES), atol=1e-4)


def test_residuals_are_drawn_equally_often() -> None:
    residuals = np.float32([3, -1, 2, 0, -4])
    values, counts = np.unique(pooled(residuals), return_counts=True)
    np.testing.assert_array_equal(values, np.sort(residuals))
    assert counts.max() - counts.min() <= 1


def test_many_residuals_keep_their_mean_and_spread() -> None:
    residuals = np.random.default_rng(1).standard_normal(100_000).astype(np.float32)
    table = pooled(residuals)
    assert table.mean() == pytest.approx(residuals.mean(), abs=1e-3)
    assert table.std() == pytest.approx(residuals.std(), abs=1e-3)


def test_without_residuals_draws_are_normal() -> None:
    np.testing.assert_array_equal(pooled(np.zeros(0, np.float32)), normals())


def test_draws_come_from_the_table_and_longer_ones_begin_alike() -> None:
    few, more = (Block(1, 0, years).draw(normals(), "cell", shape=(years, 3)) for years in (2, 5))
    np.testing.assert_array_equal(few, more[:2])
    assert np.isin(more, normals()).all()
    assert Block(1, 0, 1, 98).draw(normals(), "cell").std() == pytest.approx(1, abs=0.01)


def test_the_bits_of_tables_stay() -> None:
    """A run written down today can be drawn again, on any processor: these are known values."""
    residuals = (np.arange(1, 100) % 37 / 16).astype(np.float32)
    tables = [normals(), students(5.0), students(12.5), pooled(residuals)]
    assert [sha256(table.astype("<f4").tobytes()).hexdigest()[:16] for table in tables] == [
        "f0c28247970184e0",
        "a4635af238962de6",
        "3eb7052db14a0848",
        "b60749b4d3de6739",
    ]
