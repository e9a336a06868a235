"""What varies from draw to draw, and what of it is an assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.axes import Arrays, Bools
from capacity.inputs.arrays.world import World
from capacity.model.chance.projects import SURE
from capacity.model.chance.spread import Spread
from capacity.model.supply import Supply

#: Sources of a scenario's ``chance.sources``.
ALL_SOURCES = ("births", "ratios", "projects", "places", "regions")


@dataclass(frozen=True, eq=False)
class Sources(Arrays):
    """What varies from draw to draw.

    Attributes
    ----------
    ratios, births : bool
        Shocks on ratios; births that are not known yet.
    delays, failures : bool
        Whether projects slip, and whether they may fail.
    stock : (row)
        Rows of the existing places that vary.
    split : (region)
        Regions whose share of the base-year pupils varies.
    """

    ratios: bool
    births: bool
    delays: bool
    failures: bool
    stock: Bools
    split: Bools

    @property
    def projects(self) -> bool:
        """Whether projects vary at all."""
        return self.delays or self.failures


def sources_of(world: World, chosen: Sequence[str] | None) -> Sources:
    """Let vary what a scenario says; everything where it says nothing."""
    named = ALL_SOURCES if chosen is None else chosen
    return Sources(
        ratios="ratios" in named,
        births="births" in named,
        delays="projects" in named,
        failures="projects" in named,
        stock=np.full(len(world.stock.sd), "places" in named),
        split=np.full(len(world.split_sd), "regions" in named),
    )


def without_assumed(
    sources: Sources, world: World, spread: Spread, supply: Supply, stated: Sequence[str]
) -> Sources:
    """Let vary only what is no assumption: no RED input, and no documented default.

    Parameters
    ----------
    sources
    world, spread, supply
    stated
        Statuses whose probability of completion the scenario states.
    """
    unsure = {status for status in supply.projects.status if status not in SURE}
    return replace(
        sources,
        ratios=sources.ratios and spread.origins > 0,
        births=sources.births and spread.births_years > 0,
        failures=sources.failures and unsure <= set(stated),
        stock=sources.stock & ~world.stock.assumed,
        split=sources.split & ~world.split_assumed,
    )
