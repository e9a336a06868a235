"""Samples of a run: what varies, and a run made ready for draws."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.base.settings import SOURCES
from capacity.base.settings import Supply as SupplySettings
from capacity.model.data import ModelData
from capacity.model.draws.demand import DemandSampler, demand_sampler
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import Singles
from capacity.model.draws.supply import COMPLETION, SupplySampler, supply_sampler
from capacity.model.simulation import Outcome, Prepared

#: Variables of samples, ``(horizon, region row, level row, draw)``.
KEPT = ("demand", "places", "gap", "shortage")


@dataclass(frozen=True, eq=False)
class Samples(Arrays):
    """The draws of a run, of all its region rows or of some.

    Attributes
    ----------
    rows : tuple of int
        Positions of these region rows.
    demand, places, gap, shortage : (horizon, region row, level row, draw)
        Single precision; the draw axis of places has length 1 where nothing varies.
    margin_gap : (horizon, region row, level row, draw)
        The gap from which shortage is clipped; the gap itself where no place is kept free.
    entry : dict
        Columns of first grades by name, ``(horizon, region row, level)``; nan where empty.
    """

    rows: tuple[int, ...]
    demand: Singles
    places: Singles
    gap: Singles
    shortage: Singles
    margin_gap: Singles
    entry: Mapping[str, Floats]

    def __len__(self) -> int:
        """Draws."""
        return int(self.demand.shape[-1])

    def by_row(self) -> dict[int, Samples]:
        """Return the samples of each row by its position."""
        return {row: self._of(row, slice(at, at + 1)) for at, row in enumerate(self.rows)}

    def _of(self, row: int, part: slice) -> Samples:
        cells = {name: getattr(self, name)[:, part] for name in KEPT}
        same = self.margin_gap is self.gap
        cells["margin_gap"] = cells["gap"] if same else self.margin_gap[:, part]
        entry = {name: one[:, part] for name, one in self.entry.items()}
        return Samples((row,), **cells, entry=entry)


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

    def moves_like(self, other: Sources) -> bool:
        """Whether ratios and births vary in both, or in neither."""
        return (self.ratios, self.births) == (other.ratios, other.births)


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
    sources: Sources
    demand: DemandSampler
    supply: SupplySampler

    @cached_property
    def holds(self) -> Bools:
        """Where a row is short by itself, ``(region row, level)``."""
        return self.data.pools.holds(self.data.axes.members)

    @cached_property
    def alone(self) -> Bools:
        """Cells of regions that share no places, ``(region, level)``."""
        return self.data.pools.alone(len(self.data.axes.region))


def sampler_of(
    data: ModelData,
    prepared: Prepared,
    outcome: Outcome,
    spread: Spread,
    sources: Sources,
    delay: Mapping[Any, Mapping[int, float]],
    like: Sampler | None = None,
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
    like
        One of the same run and spread: its demand is taken where the same of it varies.
    """
    split_sd = np.where(sources.split, data.split_sd, 0.0)
    if like is not None and like.sources.moves_like(sources):
        demand = replace(like.demand, split_sd=split_sd)
    else:
        demand = demand_sampler(
            data,
            prepared.demand,
            outcome.pupils,
            spread if sources.ratios else spread.without_ratio_shocks(),
            split_sd=split_sd,
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
    return Sampler(data, sources, demand, supply)
