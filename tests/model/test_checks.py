"""The self-checks of a run: they pass on every run, and each fails when its law is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from capacity.model import Check, Outcome, check, totals
from tests.worlds import BASE, Ran, Setup, axes_of, members_of, quiet_world, setups, stock_of

CODES = ["I1", "I2", "I5", "I16", "I24", "grade", "after"]
Rows = dict[str, Any]


def failed(checks: list[Check]) -> list[str]:
    return [one.code for one in checks if not one.passed]


@given(setups())
def test_every_run_keeps_every_law(setup: Setup) -> None:
    checks = setup.run().checks
    assert [one.code for one in checks] == CODES
    assert failed(checks) == []
    assert all(one.residual >= 0 and one.law for one in checks)


def test_a_pooled_level_lends_nothing_that_another_region_needs() -> None:
    """Level 1 is pooled: region 0 has 100 to spare, region 1 lacks 100, so it is not short. Level 0
    of region 0 lacks 100 and does not get them."""
    axes = axes_of(2, spans=(1, 1), last=BASE + 1)
    stock = stock_of(
        axes,
        [(0, 0), (0, 1), (1, 0), (1, 1)],
        [0, 200, 100, 0],
        convertible=np.array([[False, False], [True, False], [False, False], [False, False]]),
    )
    ran = Setup(quiet_world(axes, stock=stock, pooled=np.array([False, True]))).run()
    assert ran.rows["shortage"][0, -1, :, 0].tolist() == [100, 0, 100]
    assert ran.rows["shortage_after"][0, -1, :, 0].tolist() == [100, 0, 100]
    assert failed(ran.checks) == []


# Breaking ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ran() -> Ran:
    """Two regions, one of them short, in a district that is short on the whole; in the third year
    moves of -250 empty a grade."""
    axes = axes_of(2, spans=(2, 1), last=BASE + 3)
    stock = stock_of(
        axes, [(0, 0), (0, 1), (1, 0), (1, 1)], [120, 90, 220, 95], closes=np.full(4, np.inf)
    )
    setup = Setup(quiet_world(axes, stock=stock)).and_then(
        "migration", "add", -250.0, [False, False, True, False], [True, False], [False, True, False]
    )
    return setup.run()


def broken_outcome(ran: Ran, **changes: Any) -> list[str]:
    """Codes that fail once arrays of the outcome are changed (and rows worked out from them)."""
    outcome: Outcome = replace(ran.outcome, **changes)
    members, pools = members_of(2), ran.setup.world.pools
    return failed(check(outcome, ran.demand, totals(outcome, members, pools), members, pools))


def broken_rows(ran: Ran, name: str, change: Callable[[Any], None]) -> list[str]:
    rows: Rows = {key: value.copy() for key, value in ran.rows.items()}
    change(rows[name])
    return failed(check(ran.outcome, ran.demand, rows, members_of(2), ran.setup.world.pools))


def bumped(array: Any, by: float, at: tuple[int, ...]) -> Any:
    array = array.copy()
    array[at] += by
    return array


def test_nothing_fails_while_nothing_is_broken(ran: Ran) -> None:
    assert failed(ran.checks) == []
    assert ran.outcome.clipped.any()  # so that a lost clip can be seen


def test_what_is_forgiven_is_the_rounding_of_what_was_added_up(ran: Ran) -> None:
    """10⁻¹² of the largest number for each one that a sum adds; more would hide what is missing."""
    _, areas, grades, _ = ran.outcome.pupils.shape
    _, regions, levels, _ = ran.outcome.demand.shape
    cells = areas * grades
    added = {"I1": cells, "I2": cells, "I5": 0, "I16": 0, "I24": levels}
    added |= {"grade": cells, "after": regions}
    forgiven = {code: 1e-12 * count for code, count in added.items()}
    found = {one.code: one.tolerance for one in ran.checks}
    assert found == pytest.approx(forgiven, rel=1e-9, abs=0.0)


@pytest.mark.parametrize("by", [1e-6, -1.0, 1e6])
def test_i01_a_pupil_from_nowhere_is_seen(ran: Ran, by: float) -> None:
    assert "I1" in broken_outcome(ran, pupils=bumped(ran.outcome.pupils, by, (1, 0, 1, 0)))


def test_i01_a_clip_that_is_not_counted_is_seen(ran: Ran) -> None:
    assert broken_outcome(ran, clipped=np.zeros_like(ran.outcome.clipped)) == ["I1"]


def test_i02_demand_that_is_not_the_pupils_is_seen(ran: Ran) -> None:
    assert "I2" in broken_outcome(ran, demand=bumped(ran.outcome.demand, 1e-6, (1, 0, 0, 0)))


@pytest.mark.filterwarnings("ignore:invalid value")  # endless less endless
@pytest.mark.parametrize("name", ["pupils", "demand", "places", "listed"])
@pytest.mark.parametrize("value", [-1e4, np.inf, -np.inf])
def test_i05_a_count_below_none_or_without_end_is_seen(ran: Ran, name: str, value: float) -> None:
    assert "I5" in broken_outcome(
        ran, **{name: bumped(getattr(ran.outcome, name), value, (1, 0, 0, 0))}
    )


@pytest.mark.parametrize("name", ["pupils", "demand"])
def test_i05_pupils_that_are_no_number_are_seen(ran: Ran, name: str) -> None:
    assert "I5" in broken_outcome(
        ran, **{name: bumped(getattr(ran.outcome, name), np.nan, (1, 0, 0, 0))}
    )


@pytest.mark.parametrize("name", ["places", "listed", "shortage_kept", "surplus_kept"])
def test_i05_unknown_places_are_no_error(ran: Ran, name: str) -> None:
    assert "I5" not in broken_outcome(
        ran, **{name: bumped(getattr(ran.outcome, name), np.nan, (1, 0, 0, 0))}
    )


@pytest.mark.parametrize("name", ["margin_gap", "shortage", "surplus"])
def test_i16_a_gap_that_is_not_shortage_less_surplus_is_seen(ran: Ran, name: str) -> None:
    def change(array: Any) -> None:
        array[1, 0, 0, 0] += 0.5

    assert "I16" in broken_rows(ran, name, change)


def test_i16_a_cell_both_short_and_idle_is_seen(ran: Ran) -> None:
    rows: Rows = {key: value.copy() for key, value in ran.rows.items()}
    for name in ("shortage", "surplus"):
        rows[name][1, 0, 0] += 5.0
    found = check(ran.outcome, ran.demand, rows, members_of(2), ran.setup.world.pools)
    assert "I16" in failed(found)


def test_i16_a_shortage_below_none_is_seen(ran: Ran) -> None:
    rows: Rows = {key: value.copy() for key, value in ran.rows.items()}
    for name in ("shortage", "surplus"):
        rows[name][1, 0, 0] -= 500.0  # the gap is still their difference
    found = check(ran.outcome, ran.demand, rows, members_of(2), ran.setup.world.pools)
    assert "I16" in failed(found)


def test_a_shortage_by_grade_below_the_shortage_is_seen(ran: Ran) -> None:
    def change(array: Any) -> None:
        array -= 1.0

    assert broken_rows(ran, "shortage_by_grade", change) == ["grade"]


def test_i24_shortages_that_add_up_to_less_than_the_net_are_seen(ran: Ran) -> None:
    def change(array: Any) -> None:
        array[:, -1, :-1] = 0.0

    assert "I24" in broken_rows(ran, "shortage", change)


@pytest.mark.parametrize("by", [1e-3, 1e3, -1e3])
def test_a_shortage_after_that_is_more_than_the_shortage_or_below_none_is_seen(
    ran: Ran, by: float
) -> None:
    outcome = ran.outcome
    assert broken_outcome(ran, shortage_after=outcome.shortage_after + max(by, -1e3)) == ["after"]
    kept = outcome.shortage_kept + by
    assert broken_outcome(ran, shortage_kept=kept) == ["after"]


def test_i24_tells_what_is_missing_as_a_share_of_the_largest_cohort(ran: Ran) -> None:
    rows: Rows = {key: value.copy() for key, value in ran.rows.items()}
    rows["shortage"][:, -1, :-1] = np.maximum(ran.rows["gap"][:, -1, :-1], 0.0) - 5.0
    found = check(ran.outcome, ran.demand, rows, members_of(2), ran.setup.world.pools)
    missing = next(one.residual for one in found if one.code == "I24")
    assert missing == pytest.approx(5.0 / ran.outcome.pupils.max())
