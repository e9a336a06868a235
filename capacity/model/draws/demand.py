"""Draws of demand and of entrants by region and level, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.base.exact import exp_in_place
from capacity.model.assumptions import FACTOR_LIMIT
from capacity.model.balance import components
from capacity.model.data import ModelData
from capacity.model.demand import Demand
from capacity.model.draws.centre import centres
from capacity.model.draws.middle import near_middle
from capacity.model.draws.scales import Scales, scales_of
from capacity.model.draws.shocks import Shared, log_shocks, shared_shocks, walk
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import (
    BLOCK,
    SINGLE,
    Block,
    Singles,
    draw,
    normal_cumulant,
    normals,
)
from capacity.model.roll import Transfers, by_region, progressed, roll_forward

#: Births years before the base year from which unknown births may begin.
_BIRTHS_BACK = 20


@dataclass(frozen=True, eq=False)
class DemandSampler(Arrays):
    """The demand side of a run as draws take it: everything that does not change with a draw.

    Attributes
    ----------
    axes
    linked : tuple of tuple of int
        Areas that exchange pupils; each set is rolled by itself.
    codes : tuple of str
        Of the areas.
    base : (area, grade)
    entrants : (year ahead, area)
    ratios : (year ahead, area, grade)
        Small-area mixing is inside: a shock on a cohort then moves the mixture too.
    moves : (year ahead, area, grade)
        Migration, homes and what no ratio carries.
    held : (year ahead, area, grade)
        Pupils of grades that are held, and those who enter a later grade by children counted.
    later_births : (year ahead, area, grade)
        Those who enter a later grade by births.
    transfers
    scales
        Of the shocks on ratios.
    centre : (year ahead, area, grade)
        What is taken off them (`centres`).
    birth_year_share : (area, year ahead, births year)
        Share of a year's cohort that is born in each year from `_BIRTHS_BACK` before the base.
    known : (area)
        Position of the last counted births year on that axis.
    born_sd : (area, 2)
        Standard deviation of births not yet known: of a year's step, and of one count.
    split_sd : (region)
        Of a region's share of the district's pupils, as a share of it; 0 where certain.
    spread
    births : bool
        Whether births that are not yet known vary.
    """

    axes: Axes
    linked: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]
    base: Floats
    entrants: Floats
    ratios: Floats
    moves: Floats
    held: Floats
    later_births: Floats
    transfers: Transfers
    scales: Scales
    centre: Singles
    birth_year_share: Singles
    known: Sequence[int]
    born_sd: Singles
    split_sd: Floats
    spread: Spread
    births: bool


def demand_sampler(
    data: ModelData,
    demand: Demand,
    pupils: Floats,
    spread: Spread,
    *,
    split_sd: Floats,
    births: bool = True,
) -> DemandSampler:
    """Return the demand side of a run, ready for draws.

    Parameters
    ----------
    data, demand
    pupils : (horizon, area, grade, 1)
        Of the central run.
    spread, split_sd, births
        As in `DemandSampler`.
    """
    axes = data.axes
    central = pupils[..., 0]
    ratios, moves = _with_small_area(demand, central)
    scales = _scales(data, demand, spread)
    return DemandSampler(
        axes=axes,
        linked=_linked(len(axes.area), demand.transfers),
        codes=tuple("\x1f".join(label) for label in axes.area.labels),
        base=central[0],
        entrants=demand.entrants[1:, :, 0],
        ratios=ratios,
        moves=moves,
        held=(demand.held_pupils + demand.later_children)[1:, ..., 0],
        later_births=demand.later_births[1:, ..., 0],
        transfers=demand.transfers,
        scales=scales,
        centre=centres(spread, scales).astype(SINGLE),
        birth_year_share=_birth_year_share(data, demand, len(central) - 1).astype(SINGLE),
        known=(np.maximum(data.births_counted - axes.start, -_BIRTHS_BACK) + _BIRTHS_BACK).tolist(),
        born_sd=_born_sd(data, demand, spread).astype(SINGLE),
        split_sd=split_sd,
        spread=spread,
        births=births,
    )


def _born_sd(data: ModelData, demand: Demand, spread: Spread) -> Floats:
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


def _scales(data: ModelData, demand: Demand, spread: Spread) -> Scales:
    later = (demand.later_births + demand.later_children)[1:, ..., 0]
    starts = demand.held[1:] | (later != 0)
    starts[:, :, [0, *demand.transfers.flows]] = True
    pupils, irregular = demand.before_levers[1:], np.zeros(len(data.axes.area), dtype=bool)
    irregular[: len(spread.irregular)] = spread.irregular
    scales = scales_of(
        spread,
        pupils,
        data.axes.grade.labels,
        stated=data.given_sd[1:],
        held=np.asarray((demand.basis[1:2] == "held").any(axis=0)),  # the base year may be the last
        starts=starts,
    )
    return near_middle(spread, scales, pupils, ~np.isnan(data.given_sd[1:]), irregular)


def _with_small_area(demand: Demand, central: Floats) -> tuple[Floats, Floats]:
    """Put small-area mixing into the ratios: ρ·(1 + M ÷ what ρ carries on the central path)."""
    ratios, mixed = demand.ratios[1:, ..., 0], demand.small_area[1:, ..., 0]
    others = (demand.migration + demand.housing)[1:, ..., 0]
    if not mixed.any():
        return ratios, others
    flow = np.stack(
        [
            progressed(before[..., None], ratio[..., None], demand.transfers)[..., 0]
            for before, ratio in zip(central[:-1], ratios, strict=True)
        ]
    )
    share = np.divide(mixed, flow, out=np.zeros_like(mixed), where=flow > 0)
    return ratios * (1.0 + share), others + np.where(flow > 0, 0.0, mixed)


def _linked(areas: int, transfers: Transfers) -> tuple[tuple[int, ...], ...]:
    """Return the sets of areas that exchange pupils."""
    shares = [*transfers.flows.values(), *(part.sum(axis=0) for part in transfers.rezoned.values())]
    pairs = [(int(a), int(b)) for share in shares for a, b in np.argwhere(share > 0)]
    return tuple(map(tuple, components(areas, pairs)))


def _birth_year_share(data: ModelData, demand: Demand, ahead: int) -> Floats:
    """Share of each cohort by births year, where it is counted in births; else nothing."""
    axes, start = data.axes, data.axes.start
    shares = np.zeros((len(axes.area), ahead, _BIRTHS_BACK + ahead + 1))
    by_births = demand.basis[1:] == "births"
    for lag, weight in data.weights.items():
        for year in range(ahead):
            at = start + year + 1 - lag
            if 0 <= at < len(demand.births) and lag - year - 1 <= _BIRTHS_BACK:
                born = weight * np.nan_to_num(demand.births[at])
                shares[:, year, at - start + _BIRTHS_BACK] += np.where(by_births[year], born, 0.0)
    total = shares.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.zeros_like(shares), where=total > 0))


def draw_demand(
    sampler: DemandSampler, block: Block, regions: Sequence[int] | None = None
) -> tuple[Singles, Singles]:
    """Draw one block of demand by region and level.

    Parameters
    ----------
    sampler, block
    regions
        Positions of the regions that are wanted, in the order of the rows returned; all by
        default. Areas linked to theirs are drawn with them.

    Returns
    -------
    demand, entrants : (horizon, region, level, draw)
        Pupils, and pupils of each level's first grade. Areas are added in code order.
    """
    axes = sampler.axes
    wanted = range(len(axes.region)) if regions is None else regions
    rows, of = {region: row for row, region in enumerate(wanted)}, axes.region_of.tolist()
    linked = [
        areas for areas in sampler.linked if not rows.keys().isdisjoint(of[area] for area in areas)
    ]
    shape = (block.years + 1, len(rows), len(axes.level), BLOCK)
    demand, entrants = np.zeros(shape, SINGLE), np.zeros(shape, SINGLE)
    for drawn in draw_pupils(sampler, block, linked):
        for at, area in enumerate(drawn.areas):
            pupils, row = drawn.pupils[:, at], rows.get(of[area])
            if row is None:
                continue
            for grade, level in enumerate(axes.level_of):
                demand[:, row, level] += pupils[:, grade]
            for level, first in enumerate(axes.entry):
                entrants[:, row, level] += pupils[:, first]
    return demand, entrants


@dataclass(frozen=True)
class Pupils:
    """Pupils of a block by linked areas: ``(horizon, area, grade, draw)`` and which areas."""

    areas: tuple[int, ...]
    pupils: Singles


@dataclass(frozen=True)
class _Shared:
    """What all areas share in a block of draws.

    Attributes
    ----------
    block
    shocks
    births : (births year, draw)
    split
    """

    block: Block
    shocks: Shared
    births: Singles
    split: _Split | None


def draw_pupils(
    sampler: DemandSampler, block: Block, linked: Sequence[tuple[int, ...]] | None = None
) -> Iterator[Pupils]:
    """Roll one block of draws, a set of linked areas at a time; all sets by default."""
    spread, births_years = sampler.spread, sampler.birth_year_share.shape[2]
    strays = SINGLE(spread.births if sampler.births else 0.0)
    common = _Shared(
        block,
        shocks=shared_shocks(block, spread, len(sampler.axes.grade)),
        births=walk(block, "births", "", births_years) * strays,
        split=_draw_split(sampler.axes, sampler.split_sd, sampler.base, sampler.entrants, block),
    )
    for areas in sampler.linked if linked is None else linked:
        yield Pupils(areas, _rolled(sampler, list(areas), common))


def _rolled(sampler: DemandSampler, areas: list[int], common: _Shared) -> Singles:
    """Roll linked areas forward, ``(horizon, area, grade, draw)``."""
    births = [_birth_factor(sampler, area, common.block, common.births) for area in areas]
    luck = [
        _luck(sampler, area, common, factor) for area, factor in zip(areas, births, strict=True)
    ]
    steps = luck[0][1][:, None] if len(luck) == 1 else np.stack([step for _, step in luck], axis=1)
    base = sampler.base[areas].astype(SINGLE)[..., None]
    if common.split is not None:
        base = base * np.stack([begun for begun, _ in luck])
    entrants = sampler.entrants[:, areas, None].astype(SINGLE) * steps[:, :, 0]
    moves = sampler.moves[:, areas, :, None].astype(SINGLE)
    held = sampler.held[:, areas, :, None].astype(SINGLE)
    if held.any():
        if common.split is not None:
            held = held * np.stack([common.split.of_base(sampler.axes.region_of[a]) for a in areas])
        moves = moves + held * steps
    if sampler.later_births[:, areas].any():
        moves = moves + _later_entry(sampler, areas, births) * steps
    steps *= sampler.ratios[:, areas, :, None].astype(SINGLE)
    transfers = _among(sampler.transfers, areas)
    return np.asarray(roll_forward(base, entrants, steps, moves, transfers)[0])


#: Most that luck makes of a cohort, and the least.
_MOST, _LEAST = SINGLE(FACTOR_LIMIT.value), SINGLE(1.0 / FACTOR_LIMIT.value)


def _luck(
    sampler: DemandSampler, area: int, common: _Shared, births: Singles
) -> tuple[Singles, Singles]:
    """Draw what luck makes of an area's cohorts: of the base year's, and then in each step.

    What it has made of a cohort so far, births and the regional split included, is cut to
    `FACTOR_LIMIT` and its inverse; a step is what it makes of it in one year.

    Returns
    -------
    begun : (grade, draw)
        Length 1 where the base year is certain.
    steps : (year ahead, grade, draw)
    """
    made = log_shocks(
        common.block, sampler.codes[area], sampler.spread, sampler.scales, area, common.shocks
    )
    made -= sampler.centre[:, area, :, None]
    exp_in_place(made)
    starts, split = sampler.scales.starts[:, area], common.split
    region = sampler.axes.region_of[area]
    begun = np.ones((made.shape[1], 1), SINGLE)
    if split is not None:
        begun = np.clip(split.of_base(region), _LEAST, _MOST)
    if split is not None or births.shape[-1] > 1:
        entering = births if split is None else births * split.of_entrants(region)
        _begin(made, begun, np.broadcast_to(entering, made[:, 0].shape), starts)
    np.clip(made, _LEAST, _MOST, out=made)
    for year in range(len(made) - 1, -1, -1):
        before = (made[year - 1] if year else begun)[:-1]
        goes = ~starts[year, 1:]
        if goes.all():
            made[year, 1:] /= before
        else:
            made[year, 1:][goes] /= np.broadcast_to(before, made[year, 1:].shape)[goes]
    return begun, made


def _begin(made: Singles, begun: Singles, entering: Singles, starts: Bools) -> None:
    """Multiply what was made of each cohort by what it began with, in place."""
    now = np.broadcast_to(begun, made.shape[1:])
    for year in range(len(made)):
        now = np.concatenate([entering[year][None], now[:-1]])
        now[1:][starts[year, 1:]] = 1.0
        made[year] *= now


def _later_entry(
    sampler: DemandSampler, areas: Sequence[int], births: Sequence[Singles]
) -> Singles:
    """Pupils who enter later grades by births, ``(year, area, grade, draw)``.

    Their cohort strays as it does in the first grade, as many years later as the grade is.
    """
    entering = sampler.later_births[:, areas].astype(SINGLE)
    drawn = np.repeat(entering[..., None], BLOCK, axis=-1)
    labels = sampler.axes.grade.labels
    for row, factor in enumerate(births):
        strayed = np.broadcast_to(factor, (len(entering), factor.shape[-1]))
        for grade in np.flatnonzero(entering[:, row].any(axis=0)):
            later = labels[grade] - labels[0]
            drawn[later:, row, grade] *= strayed[: max(len(entering) - later, 0)]
    return drawn


def _birth_factor(sampler: DemandSampler, area: int, block: Block, births: Singles) -> Singles:
    """Factor on the cohorts of an area for births that are not known yet, ``(year, draw)``."""
    known = sampler.known[area]
    shares = sampler.birth_year_share[area]
    if not births.any() or not shares[:, known + 1 :].any():
        return np.ones((1, 1), SINGLE)
    strayed = births[known + 1 :] - births[known]
    if sampler.born_sd[area].any():
        strayed += _own_births(sampler, area, block)
    strayed -= _births_centre(sampler, area, len(strayed))[:, None]
    exp_in_place(strayed)
    counted = shares[:, : known + 1].sum(axis=1, keepdims=True)
    counted[shares.sum(axis=1) == 0] = 1.0
    factor = np.repeat(counted, BLOCK, axis=1)
    for share, born in zip(shares.T[known + 1 :], strayed, strict=True):
        some = share > 0  # of a year's births a cohort or two
        factor[some] += share[some, None] * born
    return factor


def _births_centre(sampler: DemandSampler, area: int, years: int) -> Singles:
    """Return what is taken off the log errors of births not yet known, ``(births year)``."""
    step, count = sampler.born_sd[area].tolist()
    common, own, once = normal_cumulant().of(np.array([sampler.spread.births, step, count]))
    return np.asarray((common + own) * np.arange(1.0, years + 1.0) + once, SINGLE)


def _own_births(sampler: DemandSampler, area: int, block: Block) -> Singles:
    """Log error of an area's own births after the last counted year, ``(births year, draw)``."""
    years, (step, count) = sampler.birth_year_share.shape[2], sampler.born_sd[area]
    code, known = sampler.codes[area], sampler.known[area]
    steps = walk(block, "born", code, years)
    counted = draw(block.of("counted", code), normals(), (years, BLOCK))
    return np.asarray(step * (steps[known + 1 :] - steps[known]) + count * counted[known + 1 :])


def _among(transfers: Transfers, areas: Sequence[int]) -> Transfers:
    """Return the transfers among some of the areas."""
    flows = {grade: share[np.ix_(areas, areas)] for grade, share in transfers.flows.items()}
    rezoned = {
        grade: share[np.ix_(range(len(share)), areas, areas)]
        for grade, share in transfers.rezoned.items()
    }
    return Transfers(flows, rezoned)


@dataclass(frozen=True, eq=False)
class _Split(Arrays):
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


def _draw_split(
    axes: Axes, sd: Floats, base: Floats, entrants: Floats, block: Block
) -> _Split | None:
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
    of_base, of_entrants = (by_region(heads, axes) for heads in (base.T, entrants))
    return _Split(factor, _mean(factor, of_base), _mean(factor, of_entrants))


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
