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
from capacity.model.simulation import Outcome, Prepared

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
    data, spread
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


@dataclass(frozen=True)
class Sampler:
    """A run ready for draws."""

    data: ModelData
    demand: DemandSampler
    supply: SupplySampler


def sampler_of(
    data: ModelData,
    prepared: Prepared,
    outcome: Outcome,
    spread: Spread,
    sources: Sources,
    delay: Mapping[Any, Mapping[int, float]],
) -> Sampler:
    """Return a run ready for draws.

    Parameters
    ----------
    data, prepared, outcome
        The central run.
    spread
        Of its forecasts.
    sources
        What varies.
    delay
        Probability of each delay in years, by status; the documented ones where not stated.
    """
    demand = demand_sampler(
        data,
        prepared.demand,
        outcome.pupils,
        spread if sources.ratios else spread.without_ratio_shocks(),
        split_sd=np.where(sources.split, data.split_sd, 0.0),
        births=sources.births,
    )
    supply = supply_sampler(
        data,
        prepared.supply,
        delay,
        slips=sources.slips,
        fails=sources.fails,
        rows=sources.stock.astype(float),
    )
    return Sampler(data, demand, supply)


def sample(sampler: Sampler, draws: int, seed: int, workers: int = 1) -> Samples:
    """Draw worlds and balance each: clip in each draw, then sum; quantiles come last.

    Parameters
    ----------
    sampler
    draws
        At least 1.
    seed
    workers
        Threads; the same bits for any number of them.
    """
    axes = sampler.data.axes
    rows, ahead = (len(axes.horizon), len(axes.row), len(axes.level) + 1), len(axes.horizon) - 1
    depth = dict.fromkeys(KEPT, draws) | ({} if sampler.supply.varies else {"places": 1})
    kept = {name: np.empty((*rows, depth[name]), SINGLE) for name in KEPT}
    with ThreadPoolExecutor(workers) as pool:
        tasks = [
            pool.submit(_draw_block, sampler, Block(seed, number, ahead), at, kept)
            for number, at in blocks(draws)
        ]
        bands = np.sum([task.result() for task in tasks], axis=0) / draws
    return Samples(**kept, bands=bands)


def _draw_block(sampler: Sampler, block: Block, at: slice, kept: Mapping[str, Singles]) -> Floats:
    """Draw one block into its place; return how many of its draws are in each band."""
    data, count = sampler.data, at.stop - at.start
    axes = data.axes
    demand, entrants = draw_demand(sampler.demand, block)
    usable, full = draw_places(sampler.supply, block)
    rows = balance_rows(demand[..., :count], usable[..., :count], axes.members, data.pooled)
    for name, cells in kept.items():
        cells[..., at if cells.shape[-1] > 1 else slice(0, 1)] = rows[name]
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
