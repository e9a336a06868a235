"""What varies from draw to draw, and what of it is an assumption."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Bools
from capacity.base.settings import Supply as SupplySettings
from capacity.model.data import World
from capacity.model.draws.projects import COMPLETION
from capacity.model.draws.spread import Spread

#: Sources of a scenario's ``chance.sources``.
ALL_SOURCES = ("births", "ratios", "projects", "places", "regions")


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


def sources_of(world: World, chosen: Sequence[str] | None) -> Sources:
    """Let vary what a scenario says; everything where it says nothing."""
    named = ALL_SOURCES if chosen is None else chosen
    unsure = frozenset(COMPLETION if "projects" in named else ())
    return Sources(
        ratios="ratios" in named,
        births="births" in named,
        slips=unsure,
        fails=unsure,
        stock=np.full(len(world.stock.sd), "places" in named),
        split=np.full(len(world.split_sd), "regions" in named),
    )


def without_assumed(
    sources: Sources, world: World, spread: Spread, settings: SupplySettings
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
        stock=sources.stock & ~world.stock.assumed,
        split=sources.split & ~world.split_assumed,
    )
