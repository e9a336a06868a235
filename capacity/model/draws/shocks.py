"""How far forecasts stray from what comes, and the shocks that are drawn for it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from capacity.base.axes import Arrays, Floats
from capacity.base.exact import exp_in_place
from capacity.model.assumptions import (
    AREA_PER_HEAD,
    AREA_PERSISTENCE,
    CELL_PER_HEAD,
    CELL_PERSISTENCE,
    COMMON_PERSISTENCE,
    COMMON_SPREAD,
    ENTRY_AREA_SPREAD,
    ENTRY_PER_HEAD,
    ENTRY_PERSISTENCE,
    ENTRY_SPREAD,
    GRADE_SPREAD,
    PRIOR_ORIGINS,
)
from capacity.model.draws.streams import (
    BLOCK,
    SINGLE,
    Block,
    Singles,
    draw,
    normals,
    pooled,
    students,
)


@dataclass(frozen=True)
class Variance:
    """A variance that falls with the number of pupils n: ``fixed + per_head ÷ n``."""

    fixed: float
    per_head: float

    def of(self, heads: Floats) -> Floats:
        """Return the variance at these numbers of pupils (below 1 as 1)."""
        return np.asarray(self.fixed + self.per_head / np.maximum(heads, 1.0))


@dataclass(frozen=True, eq=False)
class Spread(Arrays):
    """Spreads of one-step log errors, by what the error hits.

    Attributes
    ----------
    origins
        Past forecasts that they were measured on; 0: the documented defaults.
    common, grade, entry
        Scales of the shocks that all areas share: on all grades above the first, on each of
        them, on the first. Student's t with `freedom` degrees of freedom.
    freedom
    area : Variance
        Of an area's shock on all its grades, n its pupils; the cells' own part is off.
    cell_fixed : (grade)
        Part of a cell's variance that its size does not change; that of the first grade is
        the area's own on entry.
    cell_per_head : (grade)
    births
        Scale a year of births not yet known, all areas together.
    births_area : Variance
        Of an area's own error of births in a year, n its births: the fixed part adds up year by
        year, the part by size is that of one count.
    births_years
        Years of births that it was measured on; 0: the documented default.
    area_pool, cell_pool, entry_pool : (residual)
        Standardised residuals to draw from; empty: normal.
    """

    origins: int
    common: float
    grade: float
    entry: float
    freedom: float
    area: Variance
    cell_fixed: Floats
    cell_per_head: Floats
    births: float
    births_area: Variance
    births_years: int
    area_pool: Singles
    cell_pool: Singles
    entry_pool: Singles

    @cached_property
    def areas(self) -> Singles:
        """Table to draw the shocks of areas from."""
        return pooled(self.area_pool)

    @cached_property
    def cells(self) -> Singles:
        """Table to draw the shocks of cohorts from."""
        return pooled(self.cell_pool)

    @cached_property
    def firsts(self) -> Singles:
        """Table to draw the shocks of first grades from."""
        return pooled(self.entry_pool)

    @property
    def hits_ratios(self) -> bool:
        """Whether any ratio varies."""
        shared = self.common + self.grade + self.entry
        return bool(shared or self.cell_fixed.any() or self.cell_per_head.any())

    def without_ratio_shocks(self) -> Spread:
        """Return the same without any shock on ratios."""
        nothing = np.zeros_like(self.cell_fixed)
        return replace(
            self,
            common=0.0,
            grade=0.0,
            entry=0.0,
            area=Variance(0.0, 0.0),
            cell_fixed=nothing,
            cell_per_head=nothing,
        )


@dataclass(frozen=True)
class BirthsSpread:
    """How far births not yet known stray: of all areas, of one, and the years measured on."""

    common: float
    area: Variance
    years: int


#: Births that are not asked about.
NO_BIRTHS = BirthsSpread(0.0, Variance(0.0, 0.0), 0)


def default_spread(grades: int, births: BirthsSpread) -> Spread:
    """Return the documented defaults, where a district has no past forecast to measure on.

    ``births`` are measured by themselves: years of them may be known where only one of pupils is.
    """
    per_head = np.full(grades, CELL_PER_HEAD.value)
    per_head[0] = ENTRY_PER_HEAD.value
    fixed = np.zeros(grades)
    fixed[0] = ENTRY_AREA_SPREAD.value * ENTRY_AREA_SPREAD.value
    none = np.zeros(0, np.float32)
    return Spread(
        origins=0,
        common=COMMON_SPREAD.value,
        grade=GRADE_SPREAD.value,
        entry=ENTRY_SPREAD.value,
        freedom=PRIOR_ORIGINS.value,
        area=Variance(0.0, max(AREA_PER_HEAD.value - CELL_PER_HEAD.value, 0.0)),
        cell_fixed=fixed,
        cell_per_head=per_head,
        births=births.common,
        births_area=births.area,
        births_years=births.years,
        area_pool=none,
        cell_pool=none,
        entry_pool=none,
    )


def shared_shocks(block: Block, spread: Spread, grades: int) -> Singles:
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


def ratio_factors(
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
        From `shared_shocks`.
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
    exp_in_place(shocks)
    return shocks


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
