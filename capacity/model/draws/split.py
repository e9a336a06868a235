"""Draws of how a district's pupils divide among its regions, where that is not certain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Floats
from capacity.model.draws.luck import Block
from capacity.model.draws.streams import BLOCK
from capacity.model.draws.tables import SINGLE, Singles, draw, normals


@dataclass(frozen=True, eq=False)
class Split(Arrays):
    """Factors on each region's pupils that leave those of the district as they are.

    Attributes
    ----------
    base : (region, grade, draw)
    entrants : (year ahead, region, draw)
    """

    base: Singles
    entrants: Singles


def draw_split(
    axes: Axes, sd: Floats, base: Floats, entrants: Floats, block: Block
) -> Split | None:
    """Draw one block; None where the division is certain.

    Parameters
    ----------
    axes
    sd : (region)
        Standard deviation of a region's share, as a share of it.
    base : (area, grade)
        Pupils of the base year.
    entrants : (year ahead, area)
    block
    """
    if not sd.any():
        return None
    factor = np.ones((len(axes.region), BLOCK), SINGLE)
    for region, spread in enumerate(sd):
        if spread > 0:
            drawn = draw(block.of("split", axes.region.labels[region]), normals(), (BLOCK,))
            factor[region] += SINGLE(spread) * drawn
    np.maximum(factor, 0.0, out=factor)
    of_base = _kept(factor, _by_region(base.T, axes))
    return Split(np.moveaxis(of_base, 0, 1), _kept(factor, _by_region(entrants, axes)))


def _by_region(heads: Floats, axes: Axes) -> Floats:
    """Sum ``(part, area)`` to ``(part, region)``."""
    regions = np.zeros((len(heads), len(axes.region)))
    for area, region in enumerate(axes.region_of):
        regions[:, region] += heads[:, area]
    return regions


def _kept(factor: Singles, heads: Floats) -> Singles:
    """Divide factors by their mean in each part, ``(part, region, draw)``."""
    total = heads.sum(axis=1, keepdims=True)
    share = np.divide(heads, total, out=np.zeros_like(heads), where=total > 0).astype(SINGLE)
    mean = np.zeros((len(heads), factor.shape[1]), SINGLE)
    for region, one in enumerate(factor):
        mean += share[:, region, None] * one
    kept = np.ones((len(heads), *factor.shape), SINGLE)
    return np.divide(factor, mean[:, None], out=kept, where=mean[:, None] > 0)
