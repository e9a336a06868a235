"""A run by its conductor: complete, from arrays alone, and the same by its parts."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from capacity.base import Chance, Floats, ordered_sum
from capacity.model import (
    NO_LEVERS,
    Closure,
    Prepared,
    ProjectAdjustment,
    Run,
    entrants_by_level,
    forecast,
    run_model,
)
from capacity.model.draws import KEPT
from tests.drawn import samples_of
from tests.worlds import BASE, Setup, axes_of, projects_of, quiet_world, same_bits, setups


def run_of(setup: Setup, draws: int = 0, **options: int) -> Run:
    settings = setup.settings.model_copy(update={"chance": Chance(draws=draws, seed=7)})
    return run_model(setup.world, settings, setup.adjustments, **options)


@given(setups())
def test_a_run_is_what_its_parts_give(setup: Setup) -> None:
    run, ran = run_of(setup), setup.run()
    assert run.draws is None
    assert list(run.checks) == ran.checks
    for name, cells in ran.rows.items():
        same_bits(run.rows[name], cells)
    places = ordered_sum([usable for usable, _ in run.composition.values()])
    np.testing.assert_allclose(places, run.rows["places"][:, :, :-1], rtol=1e-12, atol=1e-9)


@given(setups(levers=False))
def test_demand_alone_is_that_of_a_run(setup: Setup) -> None:
    found = forecast(setup.world, setup.demand)
    assert found.draws is None
    run = run_of(setup)
    same_bits(found.demand, run.outcome.demand)
    same_bits(found.entrants, entrants_by_level(run.outcome.pupils, run.data.axes))


def test_demand_alone_is_drawn_as_in_a_run_of_which_nothing_else_varies() -> None:
    axes = axes_of(1, spans=(2,))
    pupils = np.full((len(axes.year), 1, 2), np.nan)
    pupils[: axes.start + 1] = np.linspace(90, 110, axes.start + 1)[:, None, None]
    setup = Setup(quiet_world(axes, pupils=pupils))
    found = forecast(setup.world, setup.demand, draws=50, seed=7)
    drawn = run_of(setup, draws=50).draws
    assert drawn is not None and found.draws is not None
    assert found.draws[1:].std(axis=-1).all()
    same_bits(found.draws[:, 0, 0], samples_of(drawn.worlds).demand[:, 0, 0])
    assert found.entrant_draws is not None and found.entrant_draws[1:].std(axis=-1).all()
    assert (found.entrant_draws <= found.draws).all()


def test_workers_change_no_bit() -> None:
    setup = Setup(quiet_world(axes_of()))

    def found(workers: int) -> list[Floats]:
        drawn = run_of(setup, draws=1500, workers=workers).draws
        assert drawn is not None
        kept = [getattr(drawn.worlds.kept[row], name) for row in drawn.worlds.kept for name in KEPT]
        return [*kept, *drawn.summary.columns.values(), drawn.share_assumed]

    for one, other in zip(found(1), found(3), strict=True):
        same_bits(one, other)


def test_what_cannot_be_is_refused_before_anything_is_simulated() -> None:
    setup = Setup(quiet_world(axes_of())).and_then("class_size", "set", 0.0)

    def refuse(prepared: Prepared) -> None:
        if (prepared.supply.class_size <= 0).any():
            raise ValueError("no class size")

    with pytest.raises(ValueError, match="no class size"):
        run_model(setup.world, setup.settings, setup.adjustments, refuse=refuse)
    sound = replace(setup, adjustments=NO_LEVERS)
    assert run_model(sound.world, sound.settings, refuse=refuse).draws is not None


def test_a_lever_acted_where_it_changed_anything() -> None:
    """Each in its own way, beside one of its kind that changes nothing: `and_then` numbers its
    lever 99."""
    axes = axes_of(1)
    never = np.zeros(len(axes.horizon), dtype=bool)
    setup = Setup(
        quiet_world(axes, projects=projects_of(axes, (0, "planned", BASE + 2.0, False, [60, 60])))
    )
    delay = ProjectAdjustment(1, "delay", "add", 1.0)
    levers = replace(
        NO_LEVERS,
        projects=(delay, replace(delay, lever=2, value=0.0), replace(delay, lever=3, codes=())),
        closures=(Closure(4, ~never, 0, 0, 10.0, ""), Closure(5, never, 0, 0, 10.0, "")),
    )
    assert run_of(setup).acted == frozenset()
    assert run_of(replace(setup, adjustments=levers)).acted == {1, 4}
    assert run_of(setup.and_then("births", "times", 1.0)).acted == frozenset()
    both = replace(setup, adjustments=levers).and_then("births", "times", 1.1)
    assert run_of(both).acted == {1, 4, 99}
