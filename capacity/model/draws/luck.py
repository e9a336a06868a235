"""Shocks of one block of draws: drawn once, kept as factors, the kernel only multiplies.

A shock of a year stays in part: the error of step h is ``ε_h = ξ_h + α·Σ_{j<h} ξ_j``.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.model.assumptions import (
    AREA_PERSISTENCE,
    CELL_PERSISTENCE,
    COMMON_PERSISTENCE,
    ENTRY_PERSISTENCE,
)
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import BLOCK, stream
from capacity.model.draws.tables import SINGLE, Singles, draw, normals, students


@dataclass(frozen=True)
class Block:
    """A block of draws of one run: its number, the seed, and the years ahead."""

    seed: int
    number: int
    years: int

    def of(self, component: str, code: str = "") -> np.random.Generator:
        """Give the stream of a component for a code."""
        return stream(self.seed, component, code, self.number)


def shared(block: Block, spread: Spread, grades: int) -> Singles:
    """Log shocks that all areas share, ``(year ahead, grade, draw)``."""
    if not (spread.common or spread.grade or spread.entry):
        return np.zeros((block.years, grades, BLOCK), SINGLE)
    shocks, table = np.empty((block.years, grades, BLOCK), SINGLE), students(spread.freedom)
    common = draw(block.of("common"), table, (block.years, BLOCK))
    persist(common, COMMON_PERSISTENCE.value)
    by_grade = draw(block.of("grade"), table, (block.years, grades - 1, BLOCK))
    persist(by_grade, COMMON_PERSISTENCE.value)
    np.multiply(by_grade, SINGLE(spread.grade), out=shocks[:, 1:])
    shocks[:, 1:] += (common * SINGLE(spread.common))[:, None]
    entry = draw(block.of("entry"), table, (block.years, BLOCK))
    persist(entry, ENTRY_PERSISTENCE.value)
    np.multiply(entry, SINGLE(spread.entry), out=shocks[:, 0])
    return shocks


def factors(
    block: Block, code: str, spread: Spread, sd: Singles, of_area: Singles, common: Singles
) -> Singles:
    """Shocks of one area as factors on its ratios, ``(year ahead, grade, draw)``.

    Parameters
    ----------
    block
    code
        Of the area.
    spread
    sd : (year ahead, grade)
        Standard deviation of each cohort's own shock.
    of_area : (year ahead)
        Of the shock on all grades of the area.
    common : (year ahead, grade, draw)
        From `shared`.
    """
    if not (sd.any() or of_area.any() or common.any()):
        return np.ones(common.shape, SINGLE)
    shocks = np.empty((block.years, sd.shape[1], BLOCK), SINGLE)
    shocks[:, 1:] = draw(block.of("cell", code), spread.cells, shocks[:, 1:].shape)
    persist(shocks[:, 1:], CELL_PERSISTENCE.value)
    shocks[:, 0] = draw(block.of("first", code), spread.firsts, shocks[:, 0].shape)
    persist(shocks[:, :1], ENTRY_PERSISTENCE.value)
    shocks *= sd[:, :, None]
    shocks += common
    if of_area.any():
        area = draw(block.of("area", code), spread.areas, (block.years, BLOCK))
        persist(area, AREA_PERSISTENCE.value)
        shocks += (area * of_area[:, None])[:, None]
    return np.asarray(np.exp(shocks, out=shocks))


def persist(shocks: Singles, stays: float) -> None:
    """Turn yearly shocks ``(year, …)`` into errors of which a part stays, in place."""
    before = np.zeros(shocks.shape[1:], SINGLE)
    for year in shocks:
        staying = year * SINGLE(stays)
        np.add(year, before, out=year)
        before += staying


def walk(block: Block, component: str, code: str, years: int) -> Singles:
    """Add standard normal steps up year by year, ``(year, draw)``."""
    steps = draw(block.of(component, code), normals(), (years, BLOCK))
    for year in range(1, years):
        steps[year] += steps[year - 1]
    return steps
