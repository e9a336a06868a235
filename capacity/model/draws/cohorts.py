"""Draws of pupils: shocks on the ratios, births and base year of a run, rolled forward."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Axes, Floats
from capacity.model.data import World
from capacity.model.demand import Demand
from capacity.model.draws.luck import Block, factors, shared, walk
from capacity.model.draws.split import Split, draw_split
from capacity.model.draws.spread import Spread
from capacity.model.draws.streams import BLOCK
from capacity.model.draws.tables import SINGLE, Singles, draw, normals
from capacity.model.neighbours import components
from capacity.model.roll import Paths, carried, roll_forward

#: Births years before the base year from which unknown births may begin.
_BIRTHS_BACK = 20


@dataclass(frozen=True, eq=False)
class Cohorts(Arrays):
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
        Pupils of grades that are held.
    paths
    sd : (year ahead, area, grade)
        Standard deviation of a cohort's own shock.
    area_sd : (year ahead, area)
        Of the shock on all grades of an area.
    unborn : (area, year ahead, births year)
        Share of a year's cohort that is born in each year from `_BIRTHS_BACK` before the base.
    known : (area)
        Position of the last counted births year on that axis.
    born_sd : (area, 2)
        Standard deviation of births not yet known: of a year's step, and of one count.
    split_sd : (region)
    """

    axes: Axes
    linked: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]
    base: Floats
    entrants: Floats
    ratios: Floats
    moves: Floats
    held: Floats
    paths: Paths
    sd: Singles
    area_sd: Singles
    unborn: Singles
    known: Sequence[int]
    born_sd: Singles
    split_sd: Floats


def cohorts_of(world: World, demand: Demand, pupils: Floats, spread: Spread) -> Cohorts:
    """Make a run ready for draws.

    Parameters
    ----------
    world, demand
    pupils : (horizon, area, grade, 1)
        The central run.
    spread
    """
    axes = world.axes
    central = pupils[..., 0]
    ahead, heads = central[1:], np.maximum(central[1:], 1.0)
    ratios, moves = _with_mixing(demand, central)
    above = ahead[:, :, 1:].sum(axis=2)
    return Cohorts(
        axes=axes,
        linked=tuple(_linked(len(axes.area), demand.paths)),
        codes=tuple("\x1f".join(label) for label in axes.area.labels),
        base=central[0],
        entrants=demand.entrants[1:, :, 0],
        ratios=ratios,
        moves=moves,
        held=demand.held_pupils[1:, ..., 0],
        paths=demand.paths,
        sd=_own(world, spread, heads).astype(SINGLE),
        area_sd=np.sqrt(spread.area.of(above)).astype(SINGLE),
        unborn=_unborn(world, demand, len(ahead)).astype(SINGLE),
        known=(
            np.maximum(world.births_counted - axes.start, -_BIRTHS_BACK) + _BIRTHS_BACK
        ).tolist(),
        born_sd=_born_sd(world, demand, spread).astype(SINGLE),
        split_sd=world.split_sd,
    )


def _born_sd(world: World, demand: Demand, spread: Spread) -> Floats:
    """Give how far an area's own births stray: a year's step, and one count, ``(area, 2)``."""
    births = np.nan_to_num(demand.births[world.axes.start])
    step = np.full(len(births), spread.births_area.fixed)
    return np.sqrt([step, spread.births_area.per_head / np.maximum(births, 1.0)]).T


def _own(world: World, spread: Spread, heads: Floats) -> Floats:
    """Take each cohort's own standard deviation as stated with its ratio, else by its size."""
    sized = np.sqrt(spread.cell_fixed + spread.cell_per_head / heads)
    stated = world.given_sd[1:]
    return np.where(np.isnan(stated) | spread.is_still, sized, stated)


def _with_mixing(demand: Demand, central: Floats) -> tuple[Floats, Floats]:
    """Put small-area mixing into the ratios: ρ·(1 + M ÷ what ρ carries on the central path)."""
    ratios, mixed = demand.ratios[1:, ..., 0], demand.mixing[1:, ..., 0]
    others = (demand.migration + demand.housing)[1:, ..., 0]
    if not mixed.any():
        return ratios, others
    flow = np.stack(
        [
            carried(before[..., None], ratio[..., None], demand.paths)[..., 0]
            for before, ratio in zip(central[:-1], ratios, strict=True)
        ]
    )
    share = np.divide(mixed, flow, out=np.zeros_like(mixed), where=flow > 0)
    return ratios * (1.0 + share), others + np.where(flow > 0, 0.0, mixed)


def _linked(areas: int, paths: Paths) -> Iterator[tuple[int, ...]]:
    shares = [*paths.flows.values(), *(part.sum(axis=0) for part in paths.rezoned.values())]
    pairs = [(int(a), int(b)) for share in shares for a, b in np.argwhere(share > 0)]
    yield from map(tuple, components(areas, pairs))


def _unborn(world: World, demand: Demand, ahead: int) -> Floats:
    """Share of each cohort by births year, where it is counted in births; else nothing."""
    axes, start = world.axes, world.axes.start
    shares = np.zeros((len(axes.area), ahead, _BIRTHS_BACK + ahead + 1))
    by_births = demand.basis[1:] == "births"
    for lag, weight in world.weights.items():
        for year in range(ahead):
            at = start + year + 1 - lag
            if 0 <= at < len(demand.births) and lag - year - 1 <= _BIRTHS_BACK:
                born = weight * np.nan_to_num(demand.births[at])
                shares[:, year, at - start + _BIRTHS_BACK] += np.where(by_births[year], born, 0.0)
    total = shares.sum(axis=2, keepdims=True)
    return np.asarray(np.divide(shares, total, out=np.zeros_like(shares), where=total > 0))


@dataclass(frozen=True)
class Pupils:
    """Pupils of a block by linked areas: ``(horizon, area, grade, draw)`` and which areas."""

    areas: tuple[int, ...]
    pupils: Singles


def draw_pupils(cohorts: Cohorts, block: Block, spread: Spread, births: bool) -> Iterator[Pupils]:
    """Roll one block of draws, a set of linked areas at a time.

    ``births`` tells whether births that are not yet known vary too.
    """
    common = shared(block, spread, len(cohorts.axes.grade))
    regional = (cohorts.split_sd, cohorts.base, cohorts.entrants)
    split = draw_split(cohorts.axes, *regional, block)
    born = spread.births if births else 0.0
    step = walk(block, "births", "", cohorts.unborn.shape[2]) * SINGLE(born)
    for areas in cohorts.linked:
        yield Pupils(areas, _rolled(cohorts, areas, block, spread, common, step, split))


def _rolled(
    cohorts: Cohorts,
    areas: tuple[int, ...],
    block: Block,
    spread: Spread,
    common: Singles,
    births: Singles,
    split: Split | None,
) -> Singles:
    chosen = list(areas)
    shocks = np.stack(
        [
            factors(
                block, cohorts.codes[a], spread, cohorts.sd[:, a], cohorts.area_sd[:, a], common
            )
            for a in areas
        ],
        axis=1,
    )
    base = cohorts.base[chosen].astype(SINGLE)[..., None]
    entrants = cohorts.entrants[:, chosen, None].astype(SINGLE) * shocks[:, :, 0]
    for row, area in enumerate(areas):
        entrants[:, row] *= _birth_factor(cohorts, area, block, births)
    moves = cohorts.moves[:, chosen, :, None].astype(SINGLE)
    held = cohorts.held[:, chosen, :, None].astype(SINGLE)
    if split is not None:
        of = cohorts.axes.region_of[chosen]
        base, held = base * split.base[of], held * split.base[of]
        entrants *= split.entrants[:, of]
    if held.any():
        moves = moves + held * shocks
    shocks *= cohorts.ratios[:, chosen, :, None].astype(SINGLE)
    return np.asarray(roll_forward(base, entrants, shocks, moves, _among(cohorts.paths, chosen))[0])


def _birth_factor(cohorts: Cohorts, area: int, block: Block, births: Singles) -> Singles:
    """Factor on the cohorts of an area for births that are not known yet, ``(year, draw)``."""
    known = cohorts.known[area]
    shares = cohorts.unborn[area]
    if not births.any() or not shares[:, known + 1 :].any():
        return np.ones((1, 1), SINGLE)
    strayed = births[known + 1 :] - births[known]
    if cohorts.born_sd[area].any():
        strayed += _own_births(cohorts, area, block)[known + 1 :]
    np.exp(strayed, out=strayed)
    counted = shares[:, : known + 1].sum(axis=1, keepdims=True)
    counted[shares.sum(axis=1) == 0] = 1.0
    return np.asarray(counted + np.einsum("yb,bd->yd", shares[:, known + 1 :], strayed))


def _own_births(cohorts: Cohorts, area: int, block: Block) -> Singles:
    """Log error of an area's own births from the last counted year on, ``(births year, draw)``."""
    years, (step, count) = cohorts.unborn.shape[2], cohorts.born_sd[area]
    code, known = cohorts.codes[area], cohorts.known[area]
    steps = walk(block, "born", code, years)
    counted = draw(block.of("counted", code), normals(), (years, BLOCK))
    return np.asarray(step * (steps - steps[known]) + count * counted)


def _among(paths: Paths, areas: Sequence[int]) -> Paths:
    flows = {grade: share[np.ix_(areas, areas)] for grade, share in paths.flows.items()}
    rezoned = {
        grade: share[np.ix_(range(len(share)), areas, areas)]
        for grade, share in paths.rezoned.items()
    }
    return Paths(flows, rezoned)
