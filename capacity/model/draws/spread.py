"""How far forecasts of a district stray from what comes, by what their errors hit."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.model.assumptions import (
    AREA_PER_HEAD,
    CELL_PER_HEAD,
    COMMON_SPREAD,
    ENTRY_AREA_SPREAD,
    ENTRY_PER_HEAD,
    ENTRY_SPREAD,
    GRADE_SPREAD,
    PRIOR_ORIGINS,
)
from capacity.model.draws.streams import (
    Cumulant,
    Singles,
    cumulant_of,
    pooled,
    student_cumulant,
)


@dataclass(frozen=True)
class Cumulants:
    """Cumulants of the tables that shocks are drawn from, by what they hit."""

    shared: Cumulant
    area: Cumulant
    cell: Cumulant
    first: Cumulant


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
    irregular : (area)
        Areas that strayed so far that nothing was measured on them: they are drawn as far
        towards `SHOCK_LIMIT` as the middle of their draws allows. Empty: none.
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
    irregular: Bools

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

    @cached_property
    def cumulants(self) -> Cumulants:
        """Cumulants of what is drawn."""
        return Cumulants(
            shared=student_cumulant(self.freedom),
            area=cumulant_of(self.area_pool),
            cell=cumulant_of(self.cell_pool),
            first=cumulant_of(self.entry_pool),
        )

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
        irregular=np.zeros(0, dtype=bool),
    )
