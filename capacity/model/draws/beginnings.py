"""The luck with which cohorts begin: births not known yet, and the division over regions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.base.exact import exp_in_place
from capacity.model.data import ModelData
from capacity.model.demand import Demand
from capacity.model.draws.shocks import Whole, walk
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import SINGLE, Block, Singles, normal_cumulant, normals
from capacity.model.roll import by_region

#: Births years before the base year from which unknown births may begin.
BIRTHS_BACK = 20


@dataclass(frozen=True, eq=False)
class UnknownBirths(Arrays):
    """The births of a run that are not counted yet, as draws take them.

    Attributes
    ----------
    share : (area, year ahead, births year)
        Share of a year's cohort that is born in each year from `BIRTHS_BACK` before the base.
    known : (area)
        Position of the last counted births year on that axis.
    until : (area)
        Position after the last births year that a cohort is born in.
    common : float
        Standard deviation of a year's step that all areas share; 0 where births do not vary.
    own : (area, 2)
        Of an area's own: of a year's step, and of one count.
    """

    share: Singles
    known: Sequence[int]
    until: Sequence[int]
    common: float
    own: Singles

    def common_steps(self, block: Block) -> Singles:
        """Draw what all areas share, added up by births year: ``(births year, draw)``."""
        years = self.share.shape[2]
        return walk(block, "births", "", range(years)) * SINGLE(self.common)

    def strayed(self, area: int, code: str, block: Block, common: Singles) -> Singles | None:
        """Draw how far births that are not counted yet stray, as factors ``(births year, draw)``.

        Of the years after the last counted one; None where none stray. ``common`` is from
        `common_steps`.
        """
        known, until = self.known[area], self.until[area]
        years = range(known + 1, until)
        if not self.common or not years:
            return None
        strayed = common[known + 1 : until] - common[known]
        step, count = self.own[area]
        if step:
            strayed += step * walk(block, "born", code, years)
        if count:
            shape = (len(years),)
            strayed += count * block.draw(
                normals(), "counted", code, shape=shape, after=years.start
            )
        strayed -= self._centre(area, len(years))[:, None]
        exp_in_place(strayed)
        return np.asarray(strayed)

    def factor(self, area: int, strayed: Singles | None) -> Singles:
        """Return what luck makes of an area's cohorts by their births, ``(year ahead, draw)``.

        One factor of 1 where it makes nothing. ``strayed`` is from the method of that name.
        """
        if strayed is None:
            return np.ones((1, 1), SINGLE)
        known, until = self.known[area], self.until[area]
        share = self.share[area]
        counted = share[:, : known + 1].sum(axis=1, keepdims=True)
        counted[share.sum(axis=1) == 0] = 1.0
        factor = np.repeat(counted, strayed.shape[1], axis=1)
        for part, born in zip(share.T[known + 1 : until], strayed, strict=True):
            some = np.flatnonzero(part)  # of a year's births a cohort or two
            for year in some.tolist():
                factor[year] += part[year] * born
        return factor

    def _centre(self, area: int, years: int) -> Singles:
        """Return what is taken off the log errors of births not yet known, ``(births year)``."""
        step, count = self.own[area].tolist()
        common, own, once = normal_cumulant().of(np.array([self.common, step, count]))
        return np.asarray((common + own) * np.arange(1.0, years + 1.0) + once, SINGLE)


def unknown_births(
    data: ModelData, demand: Demand, spread: Spread, ahead: int, *, varies: bool
) -> UnknownBirths:
    """Return the births of a run that are not counted yet.

    Parameters
    ----------
    data, demand, spread
    ahead
        Years ahead.
    varies
        Whether they vary.
    """
    share = _birth_year_share(data, demand, ahead).astype(SINGLE)
    last = share.any(axis=1) * np.arange(1, share.shape[2] + 1)
    since = np.maximum(data.births_counted - data.axes.start, -BIRTHS_BACK) + BIRTHS_BACK
    return UnknownBirths(
        share=share,
        known=since.tolist(),
        until=last.max(axis=1).tolist(),
        common=spread.births if varies else 0.0,
        own=_own(data, demand, spread).astype(SINGLE),
    )


def _own(data: ModelData, demand: Demand, spread: Spread) -> Floats:
    """Return how far an area's own births stray: a year's step, and one count, ``(area, 2)``.

    As first grades show them: where they pass on in part, so does what they stray. Births are
    those last counted, before levers.
    """
    births = np.nan_to_num(data.births[data.births_counted, np.arange(len(data.births_counted))])
    step = np.full(len(births), spread.births_area.fixed)
    sd = np.sqrt([step, spread.births_area.per_head / np.maximum(births, 1.0)]).T
    passing = demand.stated.estimate.passing
    in_part = passing.takes_part & np.isnan(data.given[1:, :, 0]).all(axis=0)
    return np.where(in_part[:, None], passing.share, 1.0) * sd


def _birth_year_share(data: ModelData, demand: Demand, ahead: int) -> Floats:
    """Share of each cohort by births year, where it is counted in births; else nothing."""
    axes, start = data.axes, data.axes.start
    shares = np.zeros((len(axes.area), ahead, BIRTHS_BACK + ahead + 1))
    by_births = demand.basis[1:] == "births"
    for lag, weight in data.weights.items():
        for year in range(ahead):
            at = start + year + 1 - lag
            if 0 <= at < len(demand.births) and lag - year - 1 <= BIRTHS_BACK:
                born = weight * np.nan_to_num(demand.births[at])
                shares[:, year, at - start + BIRTHS_BACK] += np.where(by_births[year], born, 0.0)
    total = shares.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.zeros_like(shares), where=total > 0))


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


def beginnings(starts: Bools, by_births: Bools, later: Sequence[int]) -> Whole:
    """Tell with what each cell's cohort began, ``(year ahead, area, grade)``.

    Rows are the years ahead in which cohorts enter the first grade, then the grades of the base
    year: those who are held are as many as there were, in their grade.

    Parameters
    ----------
    starts, by_births : (year ahead, area, grade)
        Cells whose cohort begins there, and those that it enters by its births.
    later : (grade)
        Years after the first grade in which a cohort comes into each.
    """
    years, _, grades = starts.shape
    base = years + np.arange(grades)
    entered = np.arange(years)[:, None] - np.array(later)
    entering = np.where(entered >= 0, entered, base)
    found = np.zeros(starts.shape, np.intp)
    before = np.broadcast_to(base, starts.shape[1:])
    for year, anew in enumerate(starts):
        found[year, :, 1:] = before[:, :-1]
        found[year] = np.where(anew, np.where(by_births[year], entering[year], base), found[year])
        found[year, :, 0] = year
        before = found[year]
    return found
