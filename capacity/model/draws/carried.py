"""The luck of some draws by itself, apart from all that levers change: for who draws elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays
from capacity.model.draws.beginnings import split_factor
from capacity.model.draws.samples import Sampler
from capacity.model.draws.shocks import Whole, log_shocks, shared_shocks
from capacity.model.draws.streams import BLOCK, Block, Singles
from capacity.model.draws.supply import project_shocks, stock_factor


@dataclass(frozen=True, eq=False)
class Carried(Arrays):
    """The luck of the first draws of a run.

    Attributes
    ----------
    logs : (year ahead, area, grade, draw)
        Log of what luck has made of each cohort so far, centred; without births and split.
    came : (year ahead, area, grade)
        With what each cell's cohort began, as `beginnings` tells.
    births : tuple of (births year, draw) or None
        By area, factors on births that are not counted; None where none stray.
    known, until : tuple of int
        By area, the position of the last counted births year, and that after the last needed.
    split : (region, draw)
        Factors on each region's pupils of the base year; None where the division is certain.
    stock : (region, level, draw)
        Factors on the existing places; None where they are certain.
    projects : (late or unbuilt, project, draw)
        Standard normal shocks; None where none are wanted.
    """

    logs: Singles
    came: Whole
    births: tuple[Singles | None, ...]
    known: tuple[int, ...]
    until: tuple[int, ...]
    split: Singles | None
    stock: Singles | None
    projects: Singles | None


def carried_luck(sampler: Sampler, seed: int, draws: int, projects: Sequence[str]) -> Carried:
    """Return the luck of the first draws.

    Parameters
    ----------
    sampler
    seed
    draws
        At most `BLOCK`.
    projects
        Codes of the projects whose luck is wanted, in order; none where they do not vary.

    Raises
    ------
    ValueError
        More draws than a block has.
    """
    if not 0 < draws <= BLOCK:
        raise ValueError(f"draws must be from 1 to {BLOCK}: {draws}")
    demand, supply, axes = sampler.demand, sampler.supply, sampler.data.axes
    block = Block(seed, 0, len(demand.ratios))
    shared = shared_shocks(block, demand.spread, len(axes.grade))
    logs = log_shocks(block, demand.codes, demand.spread, demand.scales, shared)
    logs = logs.swapaxes(0, 1)[..., :draws] - demand.centre[..., None]
    steps = demand.births.common_steps(block)
    strayed = [demand.births.strayed(*one, block, steps) for one in enumerate(demand.codes)]
    every = range(len(axes.region))
    return Carried(
        logs=logs,
        came=demand.came,
        births=tuple(None if one is None else one[:, :draws].copy() for one in strayed),
        known=tuple(demand.births.known),
        until=tuple(demand.births.until),
        split=_split(sampler, block, draws),
        stock=stock_factor(supply, block, every)[..., :draws] if supply.sd.any() else None,
        projects=project_shocks(block, projects)[..., :draws] if projects else None,
    )


def _split(sampler: Sampler, block: Block, draws: int) -> Singles | None:
    if not sampler.demand.split_sd.any():
        return None
    factor = split_factor(sampler.data.axes, sampler.demand.split_sd, block)
    return np.asarray(factor[:, :draws])
