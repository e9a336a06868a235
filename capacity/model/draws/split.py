"""How the district's pupils of the base year may be divided otherwise over its regions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Floats
from capacity.model.draws.streams import SINGLE, Block, Singles, normals
from capacity.model.roll import by_region


@dataclass(frozen=True, eq=False)
class Split(Arrays):
    """Factors on each region's pupils, and by what to divide them that the district's stay.

    Attributes
    ----------
    factor : (region, draw)
    base : (grade, draw)
    entrants : (year ahead, draw)
    """

    factor: Singles
    base: Singles
    entrants: Singles

    def of_base(self, region: int) -> Singles:
        """Return the factors on a region's pupils of the base year, ``(grade, draw)``."""
        return _kept(self.factor[region], self.base)

    def of_entrants(self, region: int) -> Singles:
        """Return those on its entrants, ``(year ahead, draw)``."""
        return _kept(self.factor[region], self.entrants)


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
    factor = split_factor(axes, sd, block)
    of_base, of_entrants = (by_region(heads, axes) for heads in (base.T, entrants))
    return Split(factor, _mean(factor, of_base), _mean(factor, of_entrants))


def split_factor(axes: Axes, sd: Floats, block: Block) -> Singles:
    """Draw the factors on each region's pupils, ``(region, draw)``, ≥ 0."""
    factor = np.ones((len(axes.region), block.draws), SINGLE)
    for region, spread in enumerate(sd):
        if spread > 0:
            drawn = block.draw(normals(), "split", axes.region.labels[region])
            factor[region] += SINGLE(spread) * drawn
    return np.asarray(np.maximum(factor, 0.0, out=factor))


def _mean(factor: Singles, heads: Floats) -> Singles:
    """Return the mean of factors in each part, by heads ``(part, region)``: ``(part, draw)``."""
    total = heads.sum(axis=1, keepdims=True)
    share = np.divide(heads, total, out=np.zeros_like(heads), where=total > 0).astype(SINGLE)
    mean = np.zeros((len(heads), factor.shape[1]), SINGLE)
    for region, one in enumerate(factor):
        mean += share[:, region, None] * one
    return mean


def _kept(factor: Singles, mean: Singles) -> Singles:
    """Divide a region's factors by the mean of all in each part, ``(part, draw)``."""
    return np.divide(factor, mean, out=np.ones_like(mean), where=mean > 0)
