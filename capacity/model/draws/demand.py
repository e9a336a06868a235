"""Draws of demand and of entrants by region and level, a block at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from capacity.base.axes import Arrays, Axes, Bools, Floats
from capacity.model.balance import components
from capacity.model.data import ModelData
from capacity.model.demand import Demand
from capacity.model.draws.beginnings import (
    Split,
    UnknownBirths,
    beginnings,
    draw_split,
    unknown_births,
)
from capacity.model.draws.centre import centres
from capacity.model.draws.middle import near_middle
from capacity.model.draws.scales import Scales, scales_of
from capacity.model.draws.shocks import (
    Shared,
    Whole,
    bounded,
    limits_of,
    log_shocks,
    made_of,
    shared_shocks,
    steps_of,
)
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import SINGLE, Block, Singles
from capacity.model.roll import Transfers, progressed, roll_forward

#: Areas × blocks drawn at a time: of few large arrays threads make more than of many small ones.
_TOGETHER = 4


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
    pupils : (horizon, area, grade)
        Of the central run.
    by_ratios : (year ahead, area, grade)
        Cells of one cohort that comes by ratios alone: what luck makes of it times the central
        run. Only the others are rolled, so that what moves in one cell or year changes no bit of
        those that it does not reach.
    entrants : (year ahead, area)
    ratios : (year ahead, area, grade)
        Small-area mixing is inside: a shock on a cohort then moves the mixture too.
    moves : (year ahead, area, grade)
        Migration and homes.
    anew : (year ahead, area, grade)
        Pupils whom no ratio carries, and whom shocks meet all the same: of grades that are held,
        those who enter a later grade, and those whom small-area mixing brings where nobody is
        below. Their cohorts start there.
    transfers
    scales
        Of the shocks on ratios.
    centre : (year ahead, area, grade)
        What is taken off them (`centres`).
    least, most : (year ahead, area, grade)
        The fewest and the most whom ratios carry up (`limits_of`).
    came : (year ahead, area, grade)
        With what each cell's cohort began (`beginnings`).
    births
        Those that are not counted yet.
    split_sd : (region)
        Of a region's share of the district's pupils, as a share of it; 0 where certain.
    spread
    """

    axes: Axes
    linked: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]
    pupils: Floats
    by_ratios: Bools
    entrants: Floats
    ratios: Floats
    moves: Floats
    anew: Floats
    transfers: Transfers
    scales: Scales
    centre: Singles
    least: Singles
    most: Singles
    came: Whole
    births: UnknownBirths
    split_sd: Floats
    spread: Spread


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
    spread, split_sd
        As in `DemandSampler`.
    births
        Whether births that are not yet known vary.
    """
    axes, ahead, central = data.axes, len(pupils) - 1, pupils[..., 0]
    ratios, moves, unfed = _with_small_area(demand, central)
    by_births, counted = (side[1:, ..., 0] for side in (demand.later_births, demand.later_children))
    starts = demand.held[1:] | (by_births + counted + unfed != 0)
    starts[:, :, 0] = True
    for flow in demand.transfers.flows:
        starts[:, flow.into, flow.grade] = True
    scales = _scales(data, demand, spread, starts)
    later = [grade - axes.grade.labels[0] for grade in axes.grade.labels]
    entrants, transfers = demand.entrants[1:, :, 0], demand.transfers
    anew = demand.held_pupils[1:, ..., 0] + counted + by_births + unfed
    carry = partial(_carried, ratios=ratios, transfers=transfers)
    least, most, mixed = limits_of(central, entrants, ratios, moves, anew, starts, transfers, carry)
    return DemandSampler(
        axes=axes,
        linked=_linked(len(axes.area), transfers),
        codes=tuple("\x1f".join(label) for label in axes.area.labels),
        pupils=central,
        by_ratios=~mixed,
        entrants=entrants,
        ratios=ratios,
        moves=moves,
        anew=anew,
        transfers=transfers,
        scales=scales,
        centre=centres(spread, scales).astype(SINGLE),
        least=least,
        most=most,
        came=beginnings(starts, by_births != 0, later),
        births=unknown_births(data, demand, spread, ahead, varies=births),
        split_sd=split_sd,
        spread=spread,
    )


def _scales(data: ModelData, demand: Demand, spread: Spread, starts: Bools) -> Scales:
    pupils, stated = demand.before_levers[1:], data.given_sd[1:]
    scales = scales_of(
        spread,
        pupils,
        data.axes.grade.labels,
        stated=stated,
        held=np.asarray((demand.basis[1:2] == "held").any(axis=0)),  # the base year may be the last
        starts=starts,
    )
    return near_middle(spread, scales, pupils, ~np.isnan(stated))


def _with_small_area(demand: Demand, central: Floats) -> tuple[Floats, Floats, Floats]:
    """Put small-area mixing into the ratios: ρ·(1 + M ÷ what ρ carries on the central path).

    Returns
    -------
    ratios, moves, unfed : (year ahead, area, grade)
        Moves without mixing, and pupils whom it brings, or takes, where ρ carries nobody or too
        few.
    """
    ratios, mixed = demand.ratios[1:, ..., 0], demand.small_area[1:, ..., 0]
    moves = (demand.migration + demand.housing)[1:, ..., 0]
    if not mixed.any():
        return ratios, moves, np.zeros_like(moves)
    flow = _carried(central, ratios, demand.transfers)
    part = (flow > 0) & (flow + mixed >= 0)  # no ratio is below 0: levers may leave less to take
    share = np.divide(mixed, flow, out=np.zeros_like(mixed), where=part)
    return ratios * (1.0 + share), moves, np.where(part, 0.0, mixed)


def _carried(pupils: Floats, ratios: Floats, transfers: Transfers) -> Floats:
    """Return the pupils ``(horizon, area, grade)`` whom ratios carry up, by year ahead."""
    found = np.zeros(ratios.shape)
    for year, (before, ratio) in enumerate(zip(pupils[:-1], ratios, strict=True)):
        progressed(before[..., None], ratio[..., None], transfers, year, out=found[year, ..., None])
    return found


def _linked(areas: int, transfers: Transfers) -> tuple[tuple[int, ...], ...]:
    """Return the sets of areas that exchange pupils."""
    every = [*(flow.share for flow in transfers.flows), *transfers.rezoned.values()]
    shares = [share.sum(axis=0) for share in every]
    pairs = [(int(a), int(b)) for share in shares for a, b in np.argwhere(share > 0)]
    return tuple(map(tuple, components(areas, pairs)))


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
    shape = (block.years + 1, len(wanted), len(axes.level), block.draws)
    demand, entrants = np.zeros(shape, SINGLE), np.zeros(shape, SINGLE)
    begun = np.zeros(shape[1:3], dtype=bool)
    for area, row, pupils in _of_regions(sampler, block, wanted):
        for level, first in enumerate(axes.entry):
            if axes.level_of[area][first] != level:
                continue
            grades = pupils[:, first : first + int(axes.span[level])]
            if begun[row, level]:
                entrants[:, row, level] += grades[:, 0]
                for grade in grades.swapaxes(0, 1):
                    demand[:, row, level] += grade
            else:  # at once, in the same order
                entrants[:, row, level] = grades[:, 0]
                np.add.reduce(grades, axis=1, out=demand[:, row, level])
            begun[row, level] = True
    return demand, entrants


def draw_grades(
    sampler: DemandSampler,
    block: Block,
    regions: Sequence[int],
    levels: Sequence[int] | None = None,
) -> Singles:
    """Draw one block of pupils by region and grade, ``(horizon, region, grade, draw)``.

    Parameters
    ----------
    sampler, block, regions
        As in `draw_demand`.
    levels
        Positions of the levels whose pupils count; all by default.
    """
    axes = sampler.axes
    every = range(-1, len(axes.level))
    counted = np.isin(axes.level_of, list(every if levels is None else levels))
    found = np.zeros((block.years + 1, len(regions), len(axes.grade), block.draws), SINGLE)
    for area, row, pupils in _of_regions(sampler, block, regions):
        found[:, row, counted[area]] += pupils[:, counted[area]]
    return found


def _of_regions(
    sampler: DemandSampler, block: Block, regions: Sequence[int]
) -> Iterator[tuple[int, int, Singles]]:
    """Yield the areas of some regions, the place of its region, ``(horizon, grade, draw)``."""
    rows, of = {region: row for row, region in enumerate(regions)}, sampler.axes.region_of.tolist()
    linked = [
        areas for areas in sampler.linked if not rows.keys().isdisjoint(of[area] for area in areas)
    ]
    for drawn in draw_pupils(sampler, block, linked):
        for at, area in enumerate(drawn.areas):
            if (row := rows.get(of[area])) is not None:
                yield area, row, drawn.pupils[:, at]


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
    split: Split | None


def draw_pupils(
    sampler: DemandSampler, block: Block, linked: Sequence[tuple[int, ...]] | None = None
) -> Iterator[Pupils]:
    """Roll one block of draws, some areas at a time, linked ones together; all by default."""
    axes, spread = sampler.axes, sampler.spread
    common = _Shared(
        block,
        shocks=shared_shocks(block, spread, len(axes.grade)),
        births=sampler.births.common_steps(block),
        split=draw_split(axes, sampler.split_sd, sampler.pupils[0], sampler.entrants, block),
    )
    every, most = sampler.linked if linked is None else linked, _TOGETHER // block.count
    for areas in _together(every, max(most, 1)):
        yield Pupils(areas, _rolled(sampler, list(areas), common))


def _together(linked: Sequence[tuple[int, ...]], most: int) -> Iterator[tuple[int, ...]]:
    """Lay areas that are linked to none together, so many at a time."""
    alone: tuple[int, ...] = ()
    for areas in linked:
        if alone and (len(areas) > 1 or len(alone) == most):
            yield alone
            alone = ()
        if len(areas) > 1:
            yield areas
        else:
            alone += areas
    if alone:
        yield alone


def _rolled(sampler: DemandSampler, areas: list[int], common: _Shared) -> Singles:
    """Roll linked areas forward, ``(horizon, area, grade, draw)``."""
    begun, made = _luck(sampler, areas, common)
    base = sampler.pupils[0, areas].astype(SINGLE)[..., None]
    if common.split is not None:
        base = base * begun
    central = sampler.pupils[1:, areas, :, None].astype(SINGLE)
    alone, lucky = sampler.by_ratios[:, areas], made.swapaxes(0, 1)
    if alone.all():
        pupils = np.empty((len(central) + 1, *central.shape[1:3], made.shape[-1]), SINGLE)
        pupils[0] = base
        np.multiply(lucky, central, out=pupils[1:])
        return pupils
    own = lucky[alone] * central[alone]
    steps = steps_of(made, begun, sampler.scales.starts[:, areas]).swapaxes(0, 1)
    entrants = sampler.entrants[:, areas, None].astype(SINGLE) * steps[:, :, 0]
    moves = sampler.moves[:, areas, :, None].astype(SINGLE)
    anew = sampler.anew[:, areas, :, None].astype(SINGLE)
    if anew.any():
        moves = moves + anew * steps
    steps *= sampler.ratios[:, areas, :, None].astype(SINGLE)
    transfers = _among(sampler.transfers, areas)
    least, most = (side[:, areas, :, None] for side in (sampler.least, sampler.most))
    limits = (least, most) if np.isfinite(most).any() else None
    pupils, _ = roll_forward(base, entrants, steps, moves, transfers, limits=limits)
    pupils[1:][alone] = own
    return pupils


def _luck(sampler: DemandSampler, areas: list[int], common: _Shared) -> tuple[Singles, Singles]:
    """Draw what luck makes of areas' cohorts: of the base year's, and of all so far.

    Returns
    -------
    begun : (area, grade, draw)
        Length 1 where the base year is certain.
    made : (area, year ahead, grade, draw)
    """
    block, codes = common.block, [sampler.codes[area] for area in areas]
    logs = log_shocks(block, codes, sampler.spread, sampler.scales.of(areas), common.shocks)
    begun, began = _begun(sampler, areas, common)
    return begun, made_of(logs, sampler.centre[:, areas], began, sampler.came[:, areas])


def _begun(
    sampler: DemandSampler, areas: list[int], common: _Shared
) -> tuple[Singles, Singles | None]:
    """Draw the luck with which cohorts begin: the base year's grades, and all as `made_of` asks."""
    regions = sampler.axes.region_of[areas]
    begun = np.ones((len(areas), len(sampler.axes.grade), 1), SINGLE)
    births, block = sampler.births, common.block
    strayed = [births.strayed(area, sampler.codes[area], block, common.births) for area in areas]
    entering = [births.factor(*one) for one in zip(areas, strayed, strict=True)]
    if common.split is not None:
        begun = bounded(np.stack([common.split.of_base(region) for region in regions]))
        entering = [
            factor * common.split.of_entrants(region)
            for factor, region in zip(entering, regions, strict=True)
        ]
    if all(factor.shape[-1] == 1 for factor in entering):
        return begun, None
    years = block.years
    began = np.empty((len(areas), years + begun.shape[1], block.draws), SINGLE)
    began[:, years:] = begun
    for factors, factor in zip(began, entering, strict=True):
        factors[:years] = factor
    return begun, began


def _among(transfers: Transfers, areas: Sequence[int]) -> Transfers:
    """Return the transfers among some of the areas."""
    flows = tuple(flow.among(areas) for flow in transfers.flows)
    rezoned = {
        grade: share[np.ix_(range(len(share)), areas, areas)]
        for grade, share in transfers.rezoned.items()
    }
    return Transfers(flows, rezoned)
