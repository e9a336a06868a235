"""Axes, and the two doors between frames and arrays."""

from __future__ import annotations

from dataclasses import dataclass

import hypothesis.strategies as st
import numpy as np
import pandas as pd
import pytest
from hypothesis import given

from capacity.base import Arrays, Axis, dense, fingerprint, ordered_sum, tidy
from tests.worlds import BASE, FIRST, Setup, arrays, axes_of, quiet_world, same_bits, whole

YEAR, REGION = Axis("year", (2024, 2025)), Axis("region", ("a", "b", "c"))


def test_an_axis_knows_where_its_labels_stand() -> None:
    assert [REGION.at(code) for code in ("a", "b", "c")] == [0, 1, 2]
    assert "b" in REGION
    assert "d" not in REGION
    assert len(REGION) == 3
    assert REGION.mask(None).tolist() == [True, True, True]
    assert REGION.mask(["c", "a", "z"]).tolist() == [True, False, True]
    with pytest.raises(KeyError, match="region"):
        REGION.at("d")


def test_grades_and_levels_hang_together() -> None:
    axes = axes_of(2, 2, (3, 1, 2))
    assert axes.grade.labels == (1, 2, 3, 4, 5, 6)
    assert (axes.first, axes.last) == ((1, 4, 5), (3, 4, 6))
    assert axes.level_of[0].tolist() == [0, 0, 0, 1, 2, 2]
    assert axes.entry == (0, 3, 4)
    assert axes.span.tolist() == [3, 1, 2]
    assert axes.region_of.tolist() == [0, 0, 1, 1]


def test_the_horizon_starts_in_the_base_year() -> None:
    axes = axes_of(last=BASE + 2)
    assert axes.start == BASE - FIRST
    assert axes.horizon.labels == (BASE, BASE + 1, BASE + 2)


@given(st.integers(1, 12))
def test_a_window_ends_in_the_base_year(length: int) -> None:
    axes = axes_of()
    years = [axes.year.labels[position] for position in axes.window(length)]
    assert years == list(range(max(BASE - length + 1, FIRST), BASE + 1))


@given(arrays((2, 3), whole(-9, 9)), st.randoms(use_true_random=False))
def test_i31_frames_and_arrays_give_each_other_back_whatever_the_order(
    array: np.ndarray, random: object
) -> None:
    frame = tidy(array, (YEAR, REGION), "value")
    assert list(frame) == ["year", "region", "value"]
    assert frame["year"].tolist() == [2024] * 3 + [2025] * 3
    rows = list(range(len(frame)))
    random.shuffle(rows)  # type: ignore[attr-defined]
    same_bits(dense(frame.iloc[rows], (YEAR, REGION), "value", fill=np.nan), array)


def test_a_cell_without_a_row_holds_what_the_caller_says() -> None:
    frame = pd.DataFrame({"year": [2025], "region": ["b"], "value": [7]})
    same_bits(dense(frame, (YEAR, REGION), "value", fill=0.0), [[0, 0, 0], [0, 7, 0]])
    assert np.isnan(dense(frame, (YEAR, REGION), "value", fill=np.nan)).sum() == 5
    same_bits(dense(frame.iloc[:0], (YEAR,), "value", fill=1.0), [1, 1])


def test_a_cell_named_twice_or_not_on_the_axis_is_refused() -> None:
    frame = pd.DataFrame({"year": [2025, 2025], "region": ["b", "b"], "value": [7, 8]})
    with pytest.raises(ValueError, match="year/region"):
        dense(frame, (YEAR, REGION), "value", fill=0.0)
    with pytest.raises(KeyError, match="region"):
        dense(frame.assign(region="z").iloc[:1], (YEAR, REGION), "value", fill=0.0)


def test_an_array_that_does_not_fit_its_axes_is_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        tidy(np.zeros((3, 2)), (YEAR, REGION), "value")


def test_sums_run_in_order() -> None:
    # 1 is lost beside 1e16 when it is added last, and not when it is added to 1 first.
    parts = [np.array([value]) for value in (1.0, 1.0, 1e16)]
    assert ordered_sum(parts)[0] == 1e16 + 2
    assert ordered_sum(parts[::-1])[0] == 1e16
    assert parts[0][0] == 1.0  # what was summed is not changed


def test_no_array_of_a_run_can_be_written_to() -> None:
    ran = Setup(quiet_world(axes_of())).run()
    for array in (
        ran.setup.world.pupils,
        ran.setup.world.stock.places,
        ran.setup.world.projects.opens,
        ran.demand.ratios,
        ran.supply.stock,
        ran.supply.lenders.places,
        ran.outcome.pupils,
    ):
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 1.0


def test_a_fingerprint_is_that_of_what_is_held() -> None:
    """Cells, kinds and shapes tell arrays apart, wherever they stand; nothing else does."""
    cells = np.arange(6.0)
    held = (Held(cells, (Held(cells[:2], ()),)), "shrunk")
    again = (Held(cells.copy(), (Held(np.arange(2.0), ()),)), "shrunk")
    assert fingerprint(*held) == fingerprint(*again)
    others = [
        (Held(cells.reshape(2, 3), held[0].parts), "shrunk"),
        (Held(cells.astype(np.float32), held[0].parts), "shrunk"),
        (Held(cells, (Held(-cells[:2], ()),)), "shrunk"),
        (Held(cells, held[0].parts * 2), "shrunk"),
        (held[0], "mean"),
    ]
    assert len({fingerprint(*held), *(fingerprint(*one) for one in others)}) == 6


@dataclass(frozen=True, eq=False)
class Held(Arrays):
    cells: np.ndarray
    parts: tuple[Held, ...]
