"""The draws of a run from end to end: samples, what they say, and how much is assumed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Floats
from capacity.base.settings import QUANTILES, Settings
from capacity.base.settings import Demand as DemandSettings
from capacity.model.data import ModelData
from capacity.model.demand import Demand
from capacity.model.draws.demand import demand_sampler, draw_demand
from capacity.model.draws.estimate import estimate_spread
from capacity.model.draws.ranges import between, neighbours, share_of
from capacity.model.draws.samples import (
    KEPT,
    Sampler,
    Samples,
    sampler_of,
    sources_of,
    without_assumed,
)
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import BLOCK, Singles, blocks
from capacity.model.draws.threads import by_year
from capacity.model.draws.worlds import (
    Worlds,
    by_row,
    columns_by_row,
    in_order,
    keeps,
    sampled,
)
from capacity.model.rows import MARGIN_GAP
from capacity.model.simulation import Outcome, Prepared


@dataclass(frozen=True, eq=False)
class Draws(Arrays):
    """What the draws of a run give.

    Attributes
    ----------
    worlds, summary
    spread
        How far its forecasts stray.
    share_assumed : (horizon, region row, level row)
        Share of the variance of the gap that comes from RED inputs and documented defaults;
        0 where the gap does not vary, nan where it is unknown.
    """

    worlds: Worlds
    summary: Summary
    spread: Spread
    share_assumed: Floats


def run_draws(
    data: ModelData,
    prepared: Prepared,
    outcome: Outcome,
    settings: Settings,
    workers: int = 1,
) -> Draws:
    """Draw the worlds that a scenario asks for.

    Parameters
    ----------
    data, prepared, outcome
        The central run.
    settings
    workers
        Threads; the same bits for any number of them.
    """
    supply, chance = settings.supply, settings.chance
    spread, sampler = sampler_of_run(data, prepared, outcome, settings)
    draws, seed, compared = chance.draws, chance.seed, min(chance.draws, BLOCK)
    kept: dict[int, Samples] = {}

    def told(samples: Samples) -> tuple[Sequence[int], Summary, Floats]:
        if keeps(sampler, draws, samples):
            kept.update(samples.by_row())
        return (
            samples.rows,
            summarise(samples, data.bands.idle, workers),
            _variance(samples, compared),
        )

    def varying(samples: Samples) -> tuple[Sequence[int], Floats]:
        return samples.rows, _variance(samples, compared)

    # Mapped, so that samples are gone before the next are drawn.
    rows, found, whole = zip(*map(told, sampled(sampler, draws, seed, workers)), strict=True)
    known = without_assumed(sources_of(data, chance.sources), data, spread, supply)
    sure = sampler_of(data, prepared, outcome, spread, known, supply.delay)
    at, rest = zip(*map(varying, sampled(sure, compared, seed, workers)), strict=True)
    return Draws(
        worlds=Worlds(sampler, draws, seed, kept),
        summary=joined(found, in_order(rows)),
        spread=spread,
        share_assumed=_share(by_row(whole, in_order(rows)), by_row(rest, in_order(at))),
    )


def sampler_of_run(
    data: ModelData, prepared: Prepared, outcome: Outcome, settings: Settings
) -> tuple[Spread, Sampler]:
    """Return how far the forecasts of a run stray, and the run ready for draws; none is drawn."""
    spread = spread_of_run(data, prepared.demand, settings.demand)
    sources = sources_of(data, settings.chance.sources)
    delay = settings.supply.delay
    return spread, sampler_of(data, prepared, outcome, spread, sources, delay)


def _variance(samples: Samples, draws: int) -> Floats:
    """Return the variance of the gap over the first draws, nan where it is unknown."""
    return np.asarray(samples.gap[..., :draws].var(axis=-1, dtype=np.float64))


def _share(whole: Floats, rest: Floats) -> Floats:
    """Share of a variance that goes when what is assumed no longer varies."""
    share = 1.0 - np.divide(rest, whole, out=np.ones_like(whole), where=whole > 0)
    return np.where(np.isnan(whole), np.nan, np.clip(share, 0.0, 1.0))


def spread_of_run(data: ModelData, demand: Demand, settings: DemandSettings) -> Spread:
    """Measure how far forecasts stray, on the past that demand was prepared from."""
    births = counted_births(data)
    steps, grades = demand.past.steps, len(data.axes.grade)
    return estimate_spread(steps, grades, births, settings.births.after_last)


def counted_births(data: ModelData) -> Floats:
    """Births that were counted by the base year, ``(year, area)``; projections are unknown."""
    years = np.arange(len(data.births))[:, None]
    return np.where(years <= data.births_counted, data.births, np.nan)


def draw_demand_alone(
    data: ModelData,
    demand: Demand,
    pupils: Floats,
    settings: DemandSettings,
    draws: int,
    seed: int,
) -> tuple[Singles, Singles]:
    """Draw demand without supply: ratios and births not yet known vary, and nothing else.

    Parameters
    ----------
    data, demand
    pupils : (horizon, area, grade, 1)
        Of the central run.
    settings
        With which demand was prepared.
    draws
        At least 1.
    seed

    Returns
    -------
    demand, entrants : (horizon, region, level, draw)
        As `draw_demand` gives them.
    """
    spread = spread_of_run(data, demand, settings)
    certain, ahead = np.zeros(len(data.axes.region)), len(data.axes.horizon) - 1
    sampler = demand_sampler(data, demand, pupils, spread, split_sd=certain)
    parts = []
    for block, at in blocks(draws, seed, ahead):
        both = draw_demand(sampler, block)
        parts.append([one[..., : at.stop - at.start] for one in both])
    demanded, entering = (np.concatenate(part, axis=-1) for part in zip(*parts, strict=True))
    return demanded, entering


#: Columns beside the quantiles.
_SHARES = ("shortage_mean", "surplus_mean", "prob_shortage", "prob_idle")


@dataclass(frozen=True, eq=False)
class Summary(Arrays):
    """Draws in figures, each ``(horizon, region row, level row)``; nan is an empty cell.

    Attributes
    ----------
    quantiles : dict
        By column name, of `KEPT`: the variable, then a label of `QUANTILES`.
    shortage_mean, surplus_mean
    prob_shortage
        Share of the draws with gap > 0, of places less those that are kept free.
    prob_idle
        Share of the draws in which fewer of the places are used than the line of idleness.
    entry_columns : dict
        Columns that draws add to the rows of first grades, by name, as in `entry_columns`.
    """

    quantiles: dict[str, Floats]
    shortage_mean: Floats
    surplus_mean: Floats
    prob_shortage: Floats
    prob_idle: Floats
    entry_columns: dict[str, Floats]

    @property
    def columns(self) -> dict[str, Floats]:
        """Columns that draws add to the rows of the results, by name."""
        return self.quantiles | {name: getattr(self, name) for name in _SHARES}


def summarise(samples: Samples, idle: float, workers: int = 1) -> Summary:
    """Sum draws up.

    Parameters
    ----------
    samples
    idle
        Utilisation below which places stand idle.
    workers
        Threads; the same bits for any number of them.
    """
    cells = {name: getattr(samples, name) for name in (*KEPT, MARGIN_GAP)}
    found = by_year(lambda some: _columns(some, idle), cells, workers)
    shares = {name: found.pop(name) for name in _SHARES}
    return Summary(quantiles=found, entry_columns=dict(samples.entry), **shares)


def _columns(cells: Mapping[str, Singles], idle: float) -> dict[str, Floats]:
    """Return quantiles and `_SHARES` of cells, each ``(horizon, region row, level row)``."""
    shortage, short = cells["shortage"], cells[MARGIN_GAP]
    prob = np.where(np.isnan(short[..., 0]), np.nan, share_of(short > 0))
    prob[:, :, :-1][np.isnan(shortage[:, :, :-1, 0])] = np.nan  # rows of a pooled level
    mean = shortage.mean(axis=-1, dtype=np.float64)
    return {
        **_quantiles(cells),
        "shortage_mean": mean,
        "surplus_mean": _surplus(mean, short.mean(axis=-1, dtype=np.float64)),
        "prob_shortage": prob,
        "prob_idle": _idle(cells["demand"], cells["places"], idle),
    }


def _quantiles(cells: Mapping[str, Singles]) -> dict[str, Floats]:
    """Return the quantiles of `KEPT` by column name."""
    shares, shortage = tuple(QUANTILES.values()), cells["shortage"]
    clipped = (shortage == np.maximum(cells["gap"], 0.0)).all(axis=-1)  # no sum of several
    beside = {name: neighbours(cells[name], shares) for name in ("demand", "places", "gap")}
    beside["shortage"] = np.maximum(beside["gap"], 0.0)  # what is the gap needs no sorting
    beside["shortage"][:, :, ~clipped] = neighbours(shortage[~clipped], shares)
    return {
        f"{name}_{label}": values
        for name in KEPT
        for label, values in zip(
            QUANTILES, between(beside[name], shares, cells[name].shape[-1]), strict=True
        )
    }


def joined(parts: Sequence[Summary], order: Sequence[int]) -> Summary:
    """Join what was said of some rows each."""
    return Summary(
        quantiles=columns_by_row([part.quantiles for part in parts], order),
        entry_columns=columns_by_row([part.entry_columns for part in parts], order),
        **{name: by_row([getattr(part, name) for part in parts], order) for name in _SHARES},
    )


def _idle(used: Singles, places: Singles, line: float) -> Floats:
    """Share of the draws in which fewer than a share of the places are used; nan without any."""
    share = share_of(used < places.dtype.type(line) * places)
    return np.where((places > 0).any(axis=-1), share, np.nan)


def _surplus(shortage: Floats, gap: Floats) -> Floats:
    """Mean surplus, from surplus = shortage − gap in every cell and the sums over levels."""
    surplus = shortage - gap
    own, every = surplus[:, :, :-1], surplus[:, :, -1:]
    unknown = np.isnan(shortage[:, :, -1:])
    every[...] = np.where(unknown, np.nan, np.nansum(own, axis=2, keepdims=True))
    return np.maximum(surplus, 0.0)  # single precision may leave a trace below
