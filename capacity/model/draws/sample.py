"""Samples of a run: every block of draws through one kernel, on threads, with the same bits."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.model.data import World
from capacity.model.draws.cohorts import Cohorts, cohorts_of
from capacity.model.draws.demand import draw_demand
from capacity.model.draws.luck import Block
from capacity.model.draws.sources import Sources
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import blocks
from capacity.model.draws.supply import Sites, draw_places, sites_of
from capacity.model.draws.tables import SINGLE, Singles
from capacity.model.entry import reached
from capacity.model.simulate import Outcome, Prepared
from capacity.model.totals import balance_rows, sum_members

#: Variables of which every draw is kept, ``(horizon, region row, level row, draw)``.
KEPT = ("demand", "places", "gap", "shortage")


@dataclass(frozen=True, eq=False)
class Samples(Arrays):
    """The draws of a run.

    Attributes
    ----------
    demand, places, gap, shortage : (horizon, region row, level row, draw)
        Single precision; the draw axis of places has length 1 where nothing varies.
    bands : (horizon, region row, level, band)
        Share of the draws in each early-warning band, 黄 and 红; nan where empty.
    """

    demand: Singles
    places: Singles
    gap: Singles
    shortage: Singles
    bands: Floats

    def __len__(self) -> int:
        """Draws."""
        return int(self.demand.shape[-1])


@dataclass(frozen=True)
class Drawn:
    """A run ready for draws: both sides, and how far they stray."""

    world: World
    cohorts: Cohorts
    sites: Sites
    spread: Spread
    births: bool


def ready(
    world: World,
    prepared: Prepared,
    outcome: Outcome,
    spread: Spread,
    sources: Sources,
    delay: Mapping[Any, Mapping[int, float]],
) -> Drawn:
    """Make a run ready for draws.

    Parameters
    ----------
    world, prepared, outcome
        The central run.
    spread
        Of its forecasts.
    sources
        What varies.
    delay
        Probability of each delay in years, by status; the documented ones where not stated.
    """
    own = spread if sources.ratios else spread.still()
    cohorts = cohorts_of(world, prepared.demand, outcome.pupils, own)
    sites = sites_of(
        world,
        prepared.supply,
        delay,
        slips=sources.slips,
        fails=sources.fails,
        rows=sources.stock.astype(float),
    )
    split = np.where(sources.split, world.split_sd, 0.0)
    return Drawn(world, replace(cohorts, split_sd=split), sites, own, sources.births)


def sample(drawn: Drawn, draws: int, seed: int, workers: int = 1) -> Samples:
    """Draw worlds and balance each: clip in each draw, then sum; quantiles come last.

    Parameters
    ----------
    drawn
    draws
        At least 1.
    seed
    workers
        Threads; the same bits for any number of them.
    """
    axes, stores = drawn.world.axes, _Stores.of(drawn, draws)
    with ThreadPoolExecutor(workers) as pool:
        tasks = [
            pool.submit(_block, drawn, Block(seed, number, len(axes.horizon) - 1), at, stores)
            for number, at in blocks(draws)
        ]
        bands = np.sum([task.result() for task in tasks], axis=0) / draws
    return Samples(**stores.kept, bands=bands)


@dataclass(frozen=True)
class _Stores:
    draws: int
    kept: dict[str, Singles]

    @classmethod
    def of(cls, drawn: Drawn, draws: int) -> _Stores:
        axes = drawn.world.axes
        rows = (len(axes.horizon), len(axes.row), len(axes.level) + 1)
        vary = drawn.sites.varies
        depth = {name: draws if name != "places" or vary else 1 for name in KEPT}
        return cls(draws, {name: np.empty((*rows, depth[name]), SINGLE) for name in KEPT})


def _block(drawn: Drawn, block: Block, at: slice, stores: _Stores) -> Floats:
    """Draw one block into its place; give how many of its draws are in each band."""
    world, count = drawn.world, at.stop - at.start
    axes = world.axes
    demand, entrants = draw_demand(drawn.cohorts, block, drawn.spread, births=drawn.births)
    usable, full = draw_places(drawn.sites, block)
    rows = balance_rows(demand[..., :count], usable[..., :count], axes.members, world.pooled)
    for name, store in stores.kept.items():
        store[..., at if store.shape[-1] == stores.draws else slice(0, 1)] = rows[name]
    return _bands(entrants[..., :count], full[..., :count], axes, world.pooled)


def _bands(entrants: Singles, full: Singles, axes: Axes, pooled: Bools) -> Floats:
    """Count the draws in each band, ``(horizon, region row, level, band)``."""
    rooms = sum_members(np.asarray(full / axes.span[:, None], SINGLE), axes.members)
    yellow, red = reached(sum_members(entrants, axes.members), rooms)
    reds = red.sum(axis=-1)
    counts = np.stack([yellow.sum(axis=-1) - reds, reds], axis=-1).astype(np.float64)
    counts[np.isnan(rooms[..., 0])] = np.nan
    counts[:, :-1, pooled] = np.nan
    return np.asarray(counts)
