"""The draws of a run from end to end: how far it strays, samples, summary, what is assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Floats
from capacity.base.settings import Chance, Settings
from capacity.base.settings import Demand as DemandSettings
from capacity.base.settings import Supply as SupplySettings
from capacity.model.data import World
from capacity.model.demand import Demand
from capacity.model.draws.cohorts import cohorts_of
from capacity.model.draws.demand import draw_demand
from capacity.model.draws.estimate import estimate_spread
from capacity.model.draws.luck import Block
from capacity.model.draws.projects import COMPLETION
from capacity.model.draws.sample import Samples, ready, sample
from capacity.model.draws.sources import sources_of, without_assumed
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import BLOCK, blocks
from capacity.model.draws.summary import Summary, summarise
from capacity.model.draws.tables import Singles
from capacity.model.history import history_of
from capacity.model.simulate import Outcome, Prepared


@dataclass(frozen=True, eq=False)
class Chances(Arrays):
    """What the draws of a run give.

    Attributes
    ----------
    samples, summary
    spread
        How far its forecasts stray.
    share_assumed : (horizon, region row, level row)
        Share of the variance of the gap that comes from RED inputs and documented defaults;
        0 where the gap does not vary, nan where it is unknown.
    """

    samples: Samples
    summary: Summary
    spread: Spread
    share_assumed: Floats


def completion_of(settings: SupplySettings) -> dict[str, float]:
    """Probability that a project of a status is built: as stated, else as documented."""
    stated: Mapping[str, float] = {str(key): value for key, value in settings.completion.items()}
    return COMPLETION | dict(stated)


def take_chances(
    world: World,
    prepared: Prepared,
    outcome: Outcome,
    settings: Settings,
    workers: int = 1,
) -> Chances:
    """Draw the worlds that a scenario asks for.

    Parameters
    ----------
    world, prepared, outcome
        The central run.
    settings
    workers
        Threads; the same bits for any number of them.
    """
    supply, chance = settings.supply, settings.chance
    spread = estimate_spread(history_of(world), settings.demand, counted_births(world))
    sources = sources_of(world, chance.sources)
    run = (world, prepared, outcome, spread)
    samples = sample(ready(*run, sources, supply.delay), chance.draws, chance.seed, workers)
    sure = without_assumed(sources, world, spread, supply)
    compared = min(chance.draws, BLOCK)
    known = sample(ready(*run, sure, supply.delay), compared, chance.seed, workers)
    return Chances(
        samples=samples,
        summary=summarise(samples, world.pooled, workers),
        spread=spread,
        share_assumed=_share(samples.gap[..., :compared], known.gap),
    )


def draw_demand_alone(
    world: World, demand: Demand, pupils: Floats, settings: DemandSettings, chance: Chance
) -> Singles:
    """Draw demand without supply: ratios and births not yet known vary, and nothing else.

    Parameters
    ----------
    world, demand
    pupils : (horizon, area, grade, 1)
        Of the central run.
    settings
        With which demand was prepared.
    chance
        At least one draw, and their seed.

    Returns
    -------
    (horizon, region, level, draw)
    """
    spread = estimate_spread(history_of(world), settings, counted_births(world))
    certain = np.zeros(len(world.axes.region))
    cohorts = replace(cohorts_of(world, demand, pupils, spread), split_sd=certain)
    ahead = len(world.axes.horizon) - 1
    parts = [
        draw_demand(cohorts, Block(chance.seed, block, ahead), spread, births=True)[0][
            ..., : at.stop - at.start
        ]
        for block, at in blocks(chance.draws)
    ]
    return np.concatenate(parts, axis=-1)


def counted_births(world: World) -> Floats:
    """Births that were counted by the base year, ``(year, area)``; projections are unknown."""
    years = np.arange(len(world.births))[:, None]
    return np.where(years <= world.births_counted, world.births, np.nan)


def _share(everything: Floats, known: Floats) -> Floats:
    """Share of a variance that goes when what is assumed no longer varies."""
    whole, rest = (part.var(axis=-1, dtype=np.float64) for part in (everything, known))
    share = 1.0 - np.divide(rest, whole, out=np.ones_like(whole), where=whole > 0)
    return np.where(np.isnan(everything[..., 0]), np.nan, np.clip(share, 0.0, 1.0))
