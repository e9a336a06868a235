"""Draws of small worlds of arrays: spreads that are known, and samples by the names of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from capacity.base import Bools, Floats
from capacity.base import Demand as DemandSettings
from capacity.model import History, LookBack, history_of
from capacity.model.draws import (
    KEPT,
    Samples,
    Scales,
    Spread,
    Variance,
    Worlds,
    counted_births,
    estimate_spread,
    sample,
    sampler_of,
    scales_of,
    sources_of,
)
from tests.worlds import Ran, Setup

SINGLE_PRECISION = 2e-5
#: Projects that neither slip nor fail, in the words of a scenario.
ON_TIME: dict[str, dict[int, float]] = {
    status: {0: 1.0} for status in ("building", "approved", "planned", "idea")
}


def spread_with(
    grades: int,
    *,
    area: tuple[float, float] = (0.0, 0.0),
    cell: tuple[float, float] = (0.0, 0.0),
    first: tuple[float, float] = (0.0, 0.0),
    births_area: tuple[float, float] = (0.0, 0.0),
    **scales: float,
) -> Spread:
    """A spread of these parts alone: variances as (fixed, per head), and scales."""
    fixed, per_head = np.full(grades, cell[0]), np.full(grades, cell[1])
    fixed[0], per_head[0] = first
    none = np.zeros(0, np.float32)
    scales = {"common": 0.0, "grade": 0.0, "entry": 0.0, "births": 0.0, "freedom": 9.0} | scales
    return Spread(
        origins=6,
        area=Variance(*area),
        cell_fixed=fixed,
        cell_per_head=per_head,
        births_area=Variance(*births_area),
        births_years=6,
        area_pool=none,
        cell_pool=none,
        entry_pool=none,
        irregular=np.zeros(0, dtype=bool),
        **scales,
    )


def scales_with(
    spread: Spread,
    pupils: Floats,
    *,
    stated: Floats | None = None,
    held: Sequence[bool] | None = None,
    starts: Bools | None = None,
    first: int = 1,
) -> Scales:
    """Scales for pupils ``(year ahead, area, grade)``; first grades alone start unless told."""
    anew = np.zeros(pupils.shape, dtype=bool) if starts is None else starts.copy()
    anew[:, :, 0] = True
    return scales_of(
        spread,
        pupils,
        range(first, first + pupils.shape[2]),
        stated=np.full(pupils.shape, np.nan) if stated is None else stated,
        held=np.zeros(pupils.shape[1], dtype=bool) if held is None else np.array(held),
        starts=anew,
    )


def silent(setup: Setup) -> Spread:
    """No spread at all."""
    return spread_with(len(setup.world.axes.grade))


def loud(setup: Setup) -> Spread:
    """A spread in which every part has its share."""
    return spread_with(
        len(setup.world.axes.grade),
        common=0.01,
        grade=0.01,
        entry=0.03,
        area=(0.0001, 0.3),
        cell=(0.0001, 0.3),
        first=(0.001, 0.5),
        births=0.03,
        births_area=(0.0004, 0.5),
    )


def measured(history: History, settings: DemandSettings, births: Floats) -> Spread:
    """The spread of a past's forecasts."""
    steps, grades = LookBack(history, settings).steps, history.pupils.shape[2]
    return estimate_spread(steps, grades, births, settings.births.after_last)


def estimated(setup: Setup) -> Spread:
    """What a run would take."""
    return measured(history_of(setup.world), setup.demand, counted_births(setup.world))


def unsure(setup: Setup, sd: float = 0.05, completion: float = 0.7) -> Setup:
    """The same with places, the regional split and projects that are not certain."""
    world = setup.world
    return setup.with_world(
        stock=replace(world.stock, sd=np.full_like(world.stock.sd, sd)),
        split_sd=np.full_like(world.split_sd, sd),
        projects=replace(
            world.projects, completion=np.full_like(world.projects.completion, completion)
        ),
    )


def drawn(
    setup: Setup,
    spread: Spread | None = None,
    sources: Sequence[str] | None = None,
    *,
    draws: int = 50,
    seed: int = 1,
    workers: int = 1,
    delay: Mapping[Any, Mapping[int, float]] | None = None,
    ran: Ran | None = None,
) -> Samples:
    """Draw a setup; a loud spread, every source and the documented delays by default."""
    ran = ran or setup.run()
    prepared = ran.prepared
    spread = loud(setup) if spread is None else spread
    chosen = sources_of(setup.world, sources)
    return sample(
        sampler_of(setup.world, prepared, ran.outcome, spread, chosen, delay or {}),
        draws,
        seed,
        workers,
    )


def samples_of(worlds: Worlds) -> Samples:
    """Every draw of a run."""
    return sample(worlds.sampler, worlds.draws, worlds.seed)


def each(samples: Samples) -> dict[str, Floats]:
    """Every array of some samples, by name."""
    return {name: getattr(samples, name) for name in KEPT} | dict(samples.entry)


def rows_of(samples: Samples, rows: Sequence[int]) -> dict[str, Floats]:
    """The same for some of the region rows."""
    return {name: array[:, list(rows)] for name, array in each(samples).items()}


def same_draws(one: Mapping[str, Floats], other: Mapping[str, Floats]) -> None:
    """Fail unless both hold the same bits (unknown equals unknown).

    Places have one draw where none of them varies.
    """
    assert one.keys() == other.keys()
    for name in one:
        assert one[name].shape[:-1] == other[name].shape[:-1]
        np.testing.assert_array_equal(*np.broadcast_arrays(one[name], other[name]), err_msg=name)


def near_central(samples: Samples, ran: Ran, tolerance: float = SINGLE_PRECISION) -> None:
    """Fail unless every draw equals the central run to single precision."""
    scale = max(float(np.nanmax(np.abs(ran.rows["demand"]))), 1.0)
    for name in KEPT:
        found = getattr(samples, name)
        expected = np.broadcast_to(ran.rows[name], found.shape)
        largest = max(scale, float(np.nanmax(np.abs(np.nan_to_num(ran.rows["places"])))))
        np.testing.assert_allclose(
            found, expected, rtol=tolerance, atol=tolerance * largest, err_msg=name
        )
