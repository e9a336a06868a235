"""Draws of places by region and level, a block at a time."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from capacity.base.axes import Arrays, Axes, Floats
from capacity.model.data import World
from capacity.model.draws.luck import Block
from capacity.model.draws.projects import Fate, common_luck, fates, outcomes
from capacity.model.draws.streams import BLOCK
from capacity.model.draws.tables import SINGLE, Singles, draw, normals
from capacity.model.supply import Supply


@dataclass(frozen=True, eq=False)
class Sites(Arrays):
    """The supply side of a run as draws take it.

    Attributes
    ----------
    axes
    stock, altered : (horizon, region, level)
        Existing places; measures, closures and conversions.
    opening, opened : (horizon, region, level)
        Places of the projects as listed, used where no project is drawn.
    sd : (region, level)
        Standard deviation of the existing places, as a share of them.
    fates
        What may become of each project; none where projects do not vary.
    """

    axes: Axes
    stock: Floats
    altered: Floats
    opening: Floats
    opened: Floats
    sd: Floats
    fates: Sequence[Fate]

    @property
    def varies(self) -> bool:
        """Whether any place differs from draw to draw."""
        return bool(self.fates) or bool(self.sd.any())


def sites_of(
    world: World,
    supply: Supply,
    delay: Mapping[Any, Mapping[int, float]],
    *,
    slips: Collection[str],
    fails: Collection[str],
    rows: Floats,
) -> Sites:
    """Make places ready for draws.

    Parameters
    ----------
    world, supply
    delay
        As in `fates`.
    slips, fails
        Statuses that may open late, and statuses that may not be built.
    rows : (row)
        1 where a row of the stock varies, else 0.
    """
    stock, axes = world.stock, world.axes
    heads, strayed = np.zeros((2, len(axes.region), len(axes.level)))
    np.add.at(heads, (stock.region, stock.level), stock.places)
    np.add.at(strayed, (stock.region, stock.level), stock.places * stock.sd * rows)
    drawn = fates(supply.projects, axes, supply.scale, delay, slips=slips, fails=fails)
    return Sites(
        axes=axes,
        stock=supply.stock[..., 0],
        altered=supply.altered[..., 0],
        opening=supply.opening[..., 0],
        opened=supply.opened[..., 0],
        sd=np.divide(strayed, heads, out=np.zeros_like(heads), where=heads > 0),
        fates=drawn if slips or fails else (),
    )


def draw_places(sites: Sites, block: Block) -> tuple[Singles, Singles]:
    """Draw one block of usable and of listed places, each ``(horizon, region, level, draw)``.

    The draw axis has length 1 where nothing varies.
    """
    certain = _stock(sites, block) + sites.altered[..., None].astype(SINGLE)
    if sites.fates:
        usable, full = _projects(sites, block)
        usable += certain
        full += certain
    else:
        usable, full = (
            certain + side[..., None].astype(SINGLE) for side in (sites.opening, sites.opened)
        )
    for side in (usable, full):
        np.maximum(side, 0.0, out=side)  # a closure may take more than a draw has
    return usable, full


def _projects(sites: Sites, block: Block) -> tuple[Singles, Singles]:
    """Draw what projects offer, and their full size."""
    shape = (*sites.stock.shape, BLOCK)
    usable, full = np.zeros(shape, SINGLE), np.zeros(shape, SINGLE)
    common = common_luck(block)
    for fate in sites.fates:
        chosen = outcomes(block, fate, common)
        for level in np.flatnonzero(fate.full.any(axis=(0, 2))):
            usable[:, fate.region, level] += fate.usable[:, level].take(chosen, axis=-1)
            full[:, fate.region, level] += fate.full[:, level].take(chosen, axis=-1)
    return usable, full


def _stock(sites: Sites, block: Block) -> Singles:
    stock = sites.stock[..., None].astype(SINGLE)
    if not sites.sd.any():
        return stock
    factor = np.ones((*sites.sd.shape, BLOCK), SINGLE)
    for region, code in enumerate(sites.axes.region.labels):
        if sites.sd[region].any():
            drawn = draw(block.of("places", code), normals(), factor[region].shape)
            factor[region] += sites.sd[region, :, None].astype(SINGLE) * drawn
    return np.asarray(stock * np.maximum(factor, 0.0, out=factor))
