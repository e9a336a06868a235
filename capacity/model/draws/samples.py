"""Samples of a run: what varies, and every block of draws through one kernel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.base.settings import SOURCES
from capacity.base.settings import Supply as SupplySettings
from capacity.model.data import ModelData
from capacity.model.draws.demand import DemandSampler, demand_sampler, draw_demand
from capacity.model.draws.shocks import Spread
from capacity.model.draws.streams import SINGLE, Block, Singles, blocks
from capacity.model.draws.supply import COMPLETION, SupplySampler, draw_places, supply_sampler
from capacity.model.rows import balance_rows, reached, sum_members
from capacity.model.simulate import Outcome, Prepared


@dataclass(frozen=True, eq=False)
class Sources(Arrays):
    """What varies from draw to draw.

    Attributes
    ----------
    ratios, births : bool
        Shocks on ratios; births that are not known yet.
    slips, fails : frozenset of str
        Statuses whose projects may open late, and statuses whose projects may not be built.
    stock : (row)
        Rows of the existing places that vary.
    split : (region)
        Regions whose share of the base-year pupils varies.
    """

    ratios: bool
    births: bool
    slips: frozenset[str]
    fails: frozenset[str]
    stock: Bools
    split: Bools


def sources_of(data: ModelData, chosen: Sequence[str] | None) -> Sources:
    """Let vary what a scenario says; everything where it says nothing."""
    named = SOURCES if chosen is None else chosen
    unsure = frozenset(COMPLETION if "projects" in named else ())
    return Sources(
        ratios="ratios" in named,
        births="births" in named,
        slips=unsure,
        fails=unsure,
        stock=np.full(len(data.stock.sd), "places" in named),
        split=np.full(len(data.split_sd), "regions" in named),
    )


def without_assumed(
    sources: Sources, data: ModelData, spread: Spread, settings: SupplySettings
) -> Sources:
    """Let vary only what is no assumption: no RED input, and no documented default.

    Parameters
    ----------
    sources
    world, spread
    settings
        Of supply: the statuses whose probability of completion, and whose delay, are stated.
    """
    return replace(
        sources,
        ratios=sources.ratios and spread.origins > 0,
        births=sources.births and spread.births_years > 0,
        slips=sources.slips.intersection(settings.delay),
        fails=sources.fails.intersection(settings.completion),
        stock=sources.stock & ~data.stock.assumed,
        split=sources.split & ~data.split_assumed,
    )


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
class Sampler:
    """A run ready for draws: both sides, and how far they stray."""

    data: ModelData
    cohorts: DemandSampler
    sites: SupplySampler
    spread: Spread
    births: bool


def sampler_of(
    data: ModelData,
    prepared: Prepared,
    outcome: Outcome,
    spread: Spread,
    sources: Sources,
    delay: Mapping[Any, Mapping[int, float]],
) -> Sampler:
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
    cohorts = demand_sampler(data, prepared.demand, outcome.pupils, own)
    sites = supply_sampler(
        data,
        prepared.supply,
        delay,
        slips=sources.slips,
        fails=sources.fails,
        rows=sources.stock.astype(float),
    )
    split = np.where(sources.split, data.split_sd, 0.0)
    return Sampler(data, replace(cohorts, split_sd=split), sites, own, sources.births)


def sample(drawn: Sampler, draws: int, seed: int, workers: int = 1) -> Samples:
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
    axes, stores = drawn.data.axes, _Stores.of(drawn, draws)
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
    def of(cls, drawn: Sampler, draws: int) -> _Stores:
        axes = drawn.data.axes
        rows = (len(axes.horizon), len(axes.row), len(axes.level) + 1)
        vary = drawn.sites.varies
        depth = {name: draws if name != "places" or vary else 1 for name in KEPT}
        return cls(draws, {name: np.empty((*rows, depth[name]), SINGLE) for name in KEPT})


def _block(drawn: Sampler, block: Block, at: slice, stores: _Stores) -> Floats:
    """Draw one block into its place; give how many of its draws are in each band."""
    data, count = drawn.data, at.stop - at.start
    axes = data.axes
    demand, entrants = draw_demand(drawn.cohorts, block, drawn.spread, births=drawn.births)
    usable, full = draw_places(drawn.sites, block)
    rows = balance_rows(demand[..., :count], usable[..., :count], axes.members, data.pooled)
    for name, store in stores.kept.items():
        store[..., at if store.shape[-1] == stores.draws else slice(0, 1)] = rows[name]
    return _bands(entrants[..., :count], full[..., :count], axes, data.pooled)


def _bands(entrants: Singles, full: Singles, axes: Axes, pooled: Bools) -> Floats:
    """Count the draws in each band, ``(horizon, region row, level, band)``."""
    rooms = sum_members(np.asarray(full / axes.span[:, None], SINGLE), axes.members)
    yellow, red = reached(sum_members(entrants, axes.members), rooms)
    reds = red.sum(axis=-1)
    counts = np.stack([yellow.sum(axis=-1) - reds, reds], axis=-1).astype(np.float64)
    counts[np.isnan(rooms[..., 0])] = np.nan
    counts[:, :-1, pooled] = np.nan
    return np.asarray(counts)
