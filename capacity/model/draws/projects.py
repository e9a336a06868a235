"""Luck of projects: whether each is built, and how late it opens, with a part that all share."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Axes, Floats
from capacity.model import places
from capacity.model.assumptions import (
    COMPLETION_APPROVED,
    COMPLETION_BUILDING,
    COMPLETION_IDEA,
    COMPLETION_PLANNED,
    LATE,
    LATE_1,
    LATE_2,
    LATE_4,
    LATE_10,
    LATE_BUILDING,
    PROJECTS_COMMON,
)
from capacity.model.data import Projects
from capacity.model.draws.luck import Block
from capacity.model.draws.streams import BLOCK
from capacity.model.draws.tables import SINGLE, Singles, draw, normals

#: Probability that a project is built where none is stated.
COMPLETION = {
    "building": COMPLETION_BUILDING.value,
    "approved": COMPLETION_APPROVED.value,
    "planned": COMPLETION_PLANNED.value,
    "idea": COMPLETION_IDEA.value,
}
_LATE = {
    years: LATE.value * share.value
    for years, share in {1: LATE_1, 2: LATE_2, 4: LATE_4, 10: LATE_10}.items()
}
#: Probability of each delay in years where none is stated; the rest is on time.
DELAY = {
    "building": {1: LATE_BUILDING.value},
    "approved": _LATE,
    "planned": _LATE,
    "idea": _LATE,
}
#: Statuses that neither slip nor fail.
SURE = ("open",)


@dataclass(frozen=True, eq=False)
class Fate(Arrays):
    """What may become of one project.

    Attributes
    ----------
    code : str
    region : int
        Position.
    built_below : float
        Standard normal luck below which it is built; its probability as a quantile.
    late_from : (delay)
        Luck from which it is late by the next delay.
    usable, full : (horizon, level, outcome)
        Places that it offers, and its full size: not built, then on time and each delay.
    """

    code: str
    region: int
    built_below: float
    late_from: Floats
    usable: Singles
    full: Singles


def fates(
    projects: Projects,
    axes: Axes,
    scale: Floats,
    delay: Mapping[Any, Mapping[int, float]],
    *,
    slips: Collection[str],
    fails: Collection[str],
) -> list[Fate]:
    """Work out what may become of every project that counts.

    Parameters
    ----------
    projects
        Levers applied, uncounted statuses left out.
    axes
    scale : (horizon, region, level, 1)
        Class size ÷ listed class size.
    delay
        Probability of each delay in years by status; `DELAY` for a status not stated.
    slips, fails
        Statuses that may open late, and statuses that may not be built at all; others open as
        listed.
    """
    found = []
    for row, status in enumerate(projects.status):
        chances = dict(delay.get(status, DELAY[status])) if status in slips else {}
        chances.pop(0, None)
        years = sorted(chances)
        built = float(projects.completion[row]) if status in fails else 1.0
        late = np.cumsum([chances[year] for year in reversed(years)])[::-1]
        usable, full = _offered(projects, row, [0, *years], axes, scale)
        found.append(
            Fate(
                code=projects.code[row],
                region=int(projects.region[row]),
                built_below=_luck(built),
                late_from=np.array([_luck(1.0 - share) for share in late]),
                usable=usable,
                full=full,
            )
        )
    return found


def _luck(probability: float) -> float:
    """Give the standard normal luck that is below with a probability."""
    if not 0.0 < probability < 1.0:
        return float("-inf") if probability <= 0.0 else float("inf")
    return NormalDist().inv_cdf(probability)


def _offered(
    projects: Projects, row: int, delays: list[int], axes: Axes, scale: Floats
) -> tuple[Singles, Singles]:
    """Places of a project: none, then those with each delay; ``(horizon, level, outcome)``."""
    years = np.array(axes.horizon.labels)
    opens = (projects.opens[row] + np.array(delays, dtype=float))[None]
    sizes = (projects.places[row] * scale[:, projects.region[row], :, 0])[..., None]
    filling = places.open_share(opens, projects.by_grade[[row]], years, axes.span)[:, 0]
    full = places.opened(opens, years, len(axes.level))[:, 0]
    return tuple(  # type: ignore[return-value]
        np.concatenate([np.zeros_like(sizes), share * sizes], axis=-1).astype(SINGLE)
        for share in (filling, full)
    )


def common_luck(block: Block) -> Singles:
    """Draw the luck that all projects share, of being late and of being built, ``(2, draw)``."""
    return draw(block.of("projects"), normals(), (2, BLOCK))


def outcomes(block: Block, fate: Fate, common: Singles) -> NDArray[np.intp]:
    """Draw what becomes of a project: a row of its outcomes for every draw.

    ``common`` is from `common_luck`; high luck is bad luck. Being late and being built are
    independent, so that of the projects that are built as many are late as stated.
    """
    shared, own = PROJECTS_COMMON.value**0.5, (1.0 - PROJECTS_COMMON.value) ** 0.5
    luck = draw(block.of("project", fate.code), normals(), (2, BLOCK))
    luck = SINGLE(own) * luck + SINGLE(shared) * common
    late = np.searchsorted(fate.late_from, luck[0], side="right")
    return np.where(luck[1] < fate.built_below, late + 1, 0)
