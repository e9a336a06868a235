"""The draws of a run from end to end: samples, what they say, and how much is assumed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Floats, ordered_sum
from capacity.base.settings import Demand as DemandSettings
from capacity.base.settings import Settings
from capacity.model.data import ModelData
from capacity.model.demand import Demand
from capacity.model.draws.demand import demand_sampler, draw_demand, draw_grades
from capacity.model.draws.estimate import estimate_spread
from capacity.model.draws.samples import (
    Sampler,
    Samples,
    sampler_of,
    sources_of,
    without_assumed,
)
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import BLOCK, SINGLE, Block, Singles, blocks
from capacity.model.draws.summary import Summary, by_row, in_order, joined, summarise
from capacity.model.draws.worlds import MOST_KEPT, bytes_of_a_row, sampled
from capacity.model.simulation import Outcome, Prepared


@dataclass(frozen=True, eq=False)
class Worlds(Arrays):
    """The worlds of a run: a row that is not kept is drawn again, to the same bits.

    Attributes
    ----------
    sampler
    draws
        Number of them.
    seed
    kept : dict
        Samples by the position of their region row.
    """

    sampler: Sampler
    draws: int
    seed: int
    kept: Mapping[int, Samples]

    def of(self, rows: Sequence[int]) -> Iterator[Samples]:
        """Yield the samples of some region rows, in any order."""
        known = [row for row in rows if row in self.kept]
        yield from (self.kept[row] for row in known)
        if absent := [row for row in rows if row not in self.kept]:
            yield from sampled(self.sampler, self.draws, self.seed, rows=absent)

    def cells(self, name: str, rows: Sequence[int], levels: Sequence[int]) -> Singles:
        """Return one of `KEPT` in region rows and level rows, ``(horizon, row, level, draw)``.

        No row stands twice.
        """
        years = len(self.sampler.data.axes.horizon)
        found = np.empty((years, len(rows), len(levels), self.draws), SINGLE)

        def taken(part: Samples) -> tuple[Sequence[int], Singles]:
            return part.rows, getattr(part, name)[:, :, list(levels)]

        at = {row: number for number, row in enumerate(rows)}
        # Mapped, so that samples are gone before the next are drawn.
        for some, drawn in map(taken, self.of(rows)):
            found[:, [at[row] for row in some]] = drawn
        return found

    def shortage(self, rows: Sequence[int], year: int, level: int) -> Singles:
        """Return the shortage of region rows in one year and level row, ``(row, draw)``."""
        found = np.empty((len(rows), self.draws), SINGLE)
        at, parts = {row: number for number, row in enumerate(rows)}, self.of(rows)
        # Mapped, so that samples are gone before the next are drawn.
        for some, drawn in map(lambda one: (one.rows, one.shortage[year, :, level].copy()), parts):
            found[[at[row] for row in some]] = drawn
        return found

    def entrants(self, rows: Sequence[int]) -> Singles:
        """Draw the pupils of each level's first grade again, ``(horizon, row, level, draw)``."""
        wanted = self._regions(rows)

        def block(one: Block) -> Singles:
            return draw_demand(self.sampler.demand, one, wanted)[1]

        return self._by_row(block, wanted, rows)

    def pupils(self, rows: Sequence[int], levels: Sequence[int] | None = None) -> Singles:
        """Draw the pupils of each grade again, ``(horizon, row, grade, draw)``.

        Those of some levels, or of all; other grades, and pupils of other levels, are 0.
        """
        wanted = self._regions(rows)

        def block(one: Block) -> Singles:
            return draw_grades(self.sampler.demand, one, wanted, levels)

        return self._by_row(block, wanted, rows)

    def _regions(self, rows: Sequence[int]) -> list[int]:
        members = self.sampler.data.axes.members
        return sorted({region for row in rows for region in members[row]})

    def _by_row(
        self, drawn: Callable[[Block], Singles], regions: Sequence[int], rows: Sequence[int]
    ) -> Singles:
        """Draw block after block of regions, and add them up in code order, as `Sums` does."""
        axes, at = self.sampler.data.axes, {region: k for k, region in enumerate(regions)}
        parts: list[Singles] = []
        for block, where in blocks(self.draws, self.seed, len(axes.horizon) - 1):
            cells = drawn(block)[..., : where.stop - where.start]
            members = [[cells[:, at[region]] for region in axes.members[row]] for row in rows]
            parts.append(np.stack([ordered_sum(own) for own in members], axis=1))
        return np.concatenate(parts, axis=-1)


def keeps(sampler: Sampler, draws: int, samples: Samples) -> bool:
    """Whether a run keeps these samples: all where they are few, else those of the district."""
    axes = sampler.data.axes
    few = len(axes.row) * bytes_of_a_row(axes, draws) <= MOST_KEPT
    return few or samples.rows == (len(axes.row) - 1,)


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
    sure = sampler_of(data, prepared, outcome, spread, known, supply.delay, like=sampler)
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
