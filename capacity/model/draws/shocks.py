"""How far forecasts stray from what comes, and the shocks that are drawn for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from capacity.base.axes import Arrays, Bools, Floats
from capacity.model.assumptions import (
    AREA_PER_HEAD,
    AREA_STAYS,
    AREA_STAYS_HALF,
    AREA_STAYS_MORE,
    CELL_PER_HEAD,
    CELL_STAYS,
    CELL_STAYS_HALF,
    CELL_STAYS_MORE,
    COMMON_PERSISTENCE,
    COMMON_SPREAD,
    EMPTY_COHORT,
    ENTRY_AREA_SPREAD,
    ENTRY_PER_HEAD,
    ENTRY_PERSISTENCE,
    ENTRY_SPREAD,
    FIRST_STAYS,
    FIRST_STAYS_HALF,
    FIRST_STAYS_HELD,
    FIRST_STAYS_MORE,
    GRADE_SPREAD,
    HELD_PERSISTENCE,
    PRIOR_ORIGINS,
    SHOCK_LIMIT,
    SHOCK_UNDONE,
    YOUNG_GRADE,
    YOUNG_MORE,
)
from capacity.model.draws.streams import (
    BLOCK,
    SINGLE,
    Block,
    Cumulant,
    Singles,
    cumulant_of,
    draw,
    normals,
    pooled,
    student_cumulant,
    students,
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
        Areas that strayed so far that nothing was measured on them: they are drawn at
        `SHOCK_LIMIT`. Empty: none.
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


@dataclass(frozen=True, eq=False)
class Scales(Arrays):
    """What scales the shocks of areas, from the sizes of the central run before levers.

    Attributes
    ----------
    own : (year ahead, area, grade)
        Standard deviation of a cohort's own shock; in the first grade of an area's entry.
    area : (year ahead, area)
        Of the shock on all grades of an area.
    own_stays : (area, grade)
        Share of a cohort's own shock that stays in its cell.
    area_stays : (area)
    young : (grade)
        How much of an area's shock hits a grade.
    held : (area)
        Areas whose first grade is held: common entry shocks stay.
    starts : (year ahead, area, grade)
        Cells whose pupils no ratio carries up within their area: their shocks begin anew.
    """

    own: Floats
    area: Floats
    own_stays: Floats
    area_stays: Floats
    young: Floats
    held: Bools
    starts: Bools


def scales_of(
    spread: Spread,
    pupils: Floats,
    grades: Sequence[int],
    *,
    stated: Floats,
    held: Bools,
    starts: Bools,
) -> Scales:
    """Return the scales of shocks.

    Parameters
    ----------
    spread
    pupils : (year ahead, area, grade)
        Of the central run before levers.
    grades
        Their numbers.
    stated : (year ahead, area, grade)
        Standard deviations that ratios.csv states; nan elsewhere.
    held, starts
        As in `Scales`.
    """
    heads, limit = _sizes(pupils), SHOCK_LIMIT.value
    every = np.where((pupils > 0).any(axis=2), pupils.sum(axis=2), heads.sum(axis=2))
    sized = np.sqrt(spread.cell_fixed + spread.cell_per_head / heads)
    own = np.where(np.isnan(stated) | (not spread.hits_ratios), sized, stated)
    more = np.where(held, FIRST_STAYS_HELD.value, FIRST_STAYS_MORE.value)
    soon = heads[:1].sum(axis=0)  # of the first year ahead; the base year may be the last
    stays = _stays(soon, CELL_STAYS.value, CELL_STAYS_MORE.value, CELL_STAYS_HALF.value)
    first = soon[:, 0]
    stays[:, 0] = _stays(first, FIRST_STAYS.value, more, FIRST_STAYS_HALF.value)
    of_area = np.sqrt(spread.area.of(every))
    if spread.hits_ratios and spread.irregular.any():
        own[:, spread.irregular] = of_area[:, spread.irregular] = limit
    by_area = (AREA_STAYS.value, AREA_STAYS_MORE.value, AREA_STAYS_HALF.value)
    return Scales(
        own=np.minimum(own, limit),
        area=np.minimum(of_area, limit),
        own_stays=stays,
        area_stays=_stays(every[:1].sum(axis=0), *by_area),
        young=young_loads(grades),
        held=held,
        starts=starts,
    )


def _sizes(pupils: Floats) -> Floats:
    """Pupils of each cell; where there are none before levers, the mean of its area's other ones.

    Not of other areas: what lies beside an area must not change its luck.
    """
    some = pupils > 0
    count = some.sum(axis=2, keepdims=True)
    total = np.where(some, pupils, 0.0).sum(axis=2, keepdims=True)
    mean = np.where(count > 0, total / np.maximum(count, 1), EMPTY_COHORT.value)
    return np.maximum(np.where(some, pupils, mean), 1.0)


def _stays(heads: Floats, least: float, more: Floats | float, half: float) -> Floats:
    """Return the share of a shock that stays: what falls with size does not."""
    return np.asarray(least + more * heads / (heads + half))


def young_loads(grades: Sequence[int]) -> Floats:
    """How much of an area's shock hits each grade; 1 on average over those above the first.

    ``1 + .5·(6 − g) ÷ 6``, divided by its mean.
    """
    reference = YOUNG_GRADE.value
    loads = 1.0 + YOUNG_MORE.value * (reference - np.array(grades, float)) / reference
    return np.asarray(loads / (loads[1:].mean() if len(loads) > 1 else 1.0))


@dataclass(frozen=True, eq=False)
class Shared(Arrays):
    """Log shocks that all areas share.

    Attributes
    ----------
    above : (year ahead, grade, draw)
        Of the grades above the first.
    entry, held : (year ahead, draw)
        Of first grades that follow births, and of those that are held.
    """

    above: Singles
    entry: Singles
    held: Singles


def shared_shocks(block: Block, spread: Spread, grades: int) -> Shared:
    """Draw what all areas share in a block."""
    years, table = block.years, students(spread.freedom)
    if not (spread.common or spread.grade or spread.entry):
        none = np.zeros((years, BLOCK), SINGLE)
        return Shared(np.zeros((years, grades - 1, BLOCK), SINGLE), none, none)
    common = draw(block.of("common"), table, (years, BLOCK))
    common *= SINGLE(spread.common)
    above = draw(block.of("grade"), table, (years, grades - 1, BLOCK))
    above *= SINGLE(spread.grade)
    above += common[:, None]
    persist(above, COMMON_PERSISTENCE.value)
    entry = draw(block.of("entry"), table, (years, BLOCK))
    entry *= SINGLE(spread.entry)
    held = entry.copy()
    persist(entry, ENTRY_PERSISTENCE.value)
    persist(held, HELD_PERSISTENCE.value)
    return Shared(above, entry, held)


def log_shocks(
    block: Block, code: str, spread: Spread, scales: Scales, area: int, shared: Shared
) -> Singles:
    """Log of what luck makes of each cohort of an area so far, ``(year ahead, grade, draw)``.

    The shocks of a cohort add up along its way through the grades, from the base year or from
    where it starts; of its own shock it loses a part a year later (`SHOCK_UNDONE`).

    Parameters
    ----------
    block
    code
        Of the area.
    spread, scales
    area
        Its position in `scales`.
    shared
        From `shared_shocks`.
    """
    total = np.empty((block.years, scales.own.shape[2], BLOCK), SINGLE)
    first = shared.held if scales.held[area] else shared.entry
    every = _area_shocks(block, code, spread, scales, area)
    stays = scales.own_stays[area, :, None].astype(SINGLE)
    young, undone = scales.young[:, None].astype(SINGLE), SINGLE(SHOCK_UNDONE.value)
    lasting, spare = np.zeros(total.shape[1:], SINGLE), np.empty(total.shape[1:], SINGLE)
    before = spare  # fresh shocks of the year before: none yet
    for year, fresh in enumerate(_own_shocks(block, code, spread, scales.own[:, area])):
        now = np.multiply(lasting, stays, out=total[year])
        now += fresh
        lasting += fresh
        now[0] += first[year]
        now[1:] += shared.above[year]
        if every is not None:
            now += np.multiply(young, every[year], out=spare)
        if year:
            carried = np.multiply(before[:-1], undone, out=spare[1:])
            np.subtract(total[year - 1, :-1], carried, out=carried)
            carried[scales.starts[year, area, 1:]] = 0.0
            now[1:] += carried
        before = fresh
    return total


def _own_shocks(block: Block, code: str, spread: Spread, sd: Floats) -> Iterator[Singles]:
    """Draw the fresh shocks of an area's cohorts, ``(grade, draw)`` a year."""
    cells, firsts = block.of("cell", code), block.of("first", code)
    for scale in sd[:, :, None].astype(SINGLE):
        own = np.empty((len(scale), BLOCK), SINGLE)
        own[1:] = draw(cells, spread.cells, own[1:].shape)
        own[0] = draw(firsts, spread.firsts, own[0].shape)
        own *= scale
        yield own


def _area_shocks(
    block: Block, code: str, spread: Spread, scales: Scales, area: int
) -> Singles | None:
    """Draw the shocks on all grades of an area, ``(year ahead, draw)``; None where none are."""
    sd = scales.area[:, area]
    if not sd.any():
        return None
    shocks = draw(block.of("area", code), spread.areas, (block.years, BLOCK))
    shocks *= sd[:, None].astype(SINGLE)
    persist(shocks, float(scales.area_stays[area]))
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
