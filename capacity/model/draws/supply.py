"""Draws of places: what becomes of each project, and how sure the stock is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby, zip_longest
from math import prod, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

from capacity.base.axes import Arrays, Axes, Floats
from capacity.base.exact import normal_quantile
from capacity.base.settings import UNSURE
from capacity.base.settings import Supply as SupplySettings
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
from capacity.model.data import ModelData, Projects
from capacity.model.draws.streams import SINGLE, Block, Singles, normals
from capacity.model.supply import Supply, project_shares

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
DELAY = dict.fromkeys(UNSURE, _LATE) | {"building": {1: LATE_BUILDING.value}}
#: Outcomes of projects together that are looked up at once: a year's places stay in near memory.
_TOGETHER = 1 << 10


def completion_of(settings: SupplySettings) -> dict[str, float]:
    """Probability that a project of a status is built: as stated, else as documented."""
    stated: Mapping[str, float] = {str(key): value for key, value in settings.completion.items()}
    return COMPLETION | dict(stated)


@dataclass(frozen=True, eq=False)
class SupplySampler(Arrays):
    """The supply side of a run as draws take it.

    Attributes
    ----------
    axes
    stock, altered : (horizon, region, level)
        Existing places; measures, closures and conversions.
    opening, opened : (horizon, region, level)
        Places of the projects as listed, used where no project is drawn.
    sd : (region, level)
        Standard deviation of the existing places, as a share of them.
    entry_more, margin, class_size : (horizon, region, level)
        As in `Supply`; none of them varies.
    project_outcomes
        What may become of each; none where projects do not vary.
    project_places
        What they offer, a few together.
    """

    axes: Axes
    stock: Floats
    altered: Floats
    opening: Floats
    opened: Floats
    sd: Floats
    entry_more: Floats
    margin: Floats
    class_size: Floats
    project_outcomes: Sequence[ProjectOutcomes]
    project_places: Sequence[ProjectPlaces]

    @property
    def varies(self) -> bool:
        """Whether any place differs from draw to draw."""
        return bool(self.project_outcomes) or bool(self.sd.any())


def supply_sampler(
    data: ModelData,
    supply: Supply,
    delay: Mapping[Any, Mapping[int, float]],
    *,
    slips: Collection[str],
    fails: Collection[str],
    rows: Floats,
) -> SupplySampler:
    """Make places ready for draws.

    Parameters
    ----------
    data, supply
    delay
        As in `project_outcomes`.
    slips, fails
        Statuses that may open late, and statuses that may not be built.
    rows : (row)
        1 where a row of the stock varies, else 0.
    """
    stock, axes = data.stock, data.axes
    heads, strayed = np.zeros((2, len(axes.region), len(axes.level)))
    np.add.at(heads, (stock.region, stock.level), stock.places)
    np.add.at(strayed, (stock.region, stock.level), stock.places * stock.sd * rows)
    outcomes = project_outcomes(
        supply.projects, axes, supply.scale, delay, slips=slips, fails=fails
    )
    drawn = outcomes if slips or fails else ()
    return SupplySampler(
        axes=axes,
        stock=supply.stock[..., 0],
        altered=supply.altered[..., 0],
        opening=supply.opening[..., 0],
        opened=supply.opened[..., 0],
        sd=np.divide(strayed, heads, out=np.zeros_like(heads), where=heads > 0),
        entry_more=supply.entry_more[..., 0],
        margin=supply.margin[..., 0],
        class_size=supply.class_size[..., 0],
        project_outcomes=drawn,
        project_places=places_together(drawn),
    )


def draw_places(
    sampler: SupplySampler, block: Block, regions: Sequence[int] | None = None
) -> tuple[Singles, Singles]:
    """Draw one block of usable and of listed places, each ``(horizon, region, level, draw)``.

    The draw axis has length 1 where nothing varies. ``regions`` are the positions of those
    wanted, in the order of the rows returned; all by default.
    """
    of = list(range(len(sampler.axes.region)) if regions is None else regions)
    rest = _stock(sampler, block, of) + sampler.altered[:, of, :, None].astype(SINGLE)
    if sampler.project_outcomes:
        both = np.empty((2, *rest.shape[:-1], block.draws), SINGLE)
        both[...] = rest
        _add_projects(sampler, block, of, both)
    else:
        sides = np.stack([sampler.opening, sampler.opened])[:, :, of, :, None]
        both = rest + sides.astype(SINGLE)
    if (both < 0).any():  # a closure may take more than a draw has
        np.maximum(both, 0.0, out=both)
    usable, full = both
    return usable, full


def _stock(sampler: SupplySampler, block: Block, regions: Sequence[int]) -> Singles:
    stock = sampler.stock[:, regions, :, None].astype(SINGLE)
    return np.asarray(stock * stock_factor(sampler, block, regions)) if sampler.sd.any() else stock


def stock_factor(sampler: SupplySampler, block: Block, regions: Sequence[int]) -> Singles:
    """Draw the factors on the existing places, ``(region, level, draw)``, ≥ 0."""
    sd = sampler.sd[regions]
    factor = np.ones((*sd.shape, block.draws), SINGLE)
    for row in np.flatnonzero(sd.any(axis=1)).tolist():
        code = sampler.axes.region.labels[regions[row]]
        drawn = block.draw(normals(), "places", code, shape=(sd.shape[1],))
        factor[row] += sd[row, :, None].astype(SINGLE) * drawn
    return np.asarray(np.maximum(factor, 0.0, out=factor))


def _add_projects(
    sampler: SupplySampler, block: Block, regions: Sequence[int], both: Singles
) -> None:
    """Draw what projects offer, and add it to both sides ``(side, horizon, region, level, draw)``.

    Usable places, and full size.
    """
    rows = {region: row for row, region in enumerate(regions)}
    places = [one for one in sampler.project_places if one.region in rows]
    if not places:
        return
    numbers = sorted({number for one in places for number in one.projects})
    drawn = draw_outcomes(block, [sampler.project_outcomes[number] for number in numbers])
    outcomes = dict(zip(numbers, drawn, strict=True))
    for (region, level), some in groupby(places, key=lambda one: (one.region, one.level)):
        first, *others = some
        offered = first.offered(outcomes)
        for one in others:  # exact, as within each
            offered += one.offered(outcomes)
        both[:, first.first :, rows[region], level] += offered.astype(SINGLE, copy=False)


@dataclass(frozen=True, eq=False)
class ProjectOutcomes(Arrays):
    """What may become of one project.

    Attributes
    ----------
    code : str
    region : int
        Position.
    built_below : float
        Standard normal shock below which it is built; its probability as a quantile.
    late_from : (delay)
        Shock from which it is late by the next delay.
    usable, full : (horizon, level, outcome)
        Places that it offers, and its full size: not built, then on time and each delay.
    """

    code: str
    region: int
    built_below: float
    late_from: Floats
    usable: Singles
    full: Singles


@dataclass(frozen=True, eq=False)
class ProjectPlaces(Arrays):
    """What a few projects offer together in one region and level, by what becomes of each.

    Sums of single-precision numbers are exact in double precision, so that what all projects of a
    cell offer does not depend on which of them are laid together: it is rounded once, as a whole.

    Attributes
    ----------
    region, level : int
        Positions.
    projects : tuple of int
        Positions.
    counts : tuple of int
        Outcomes of each.
    first : int
        Year of the horizon in which the first of the cell's projects may offer any.
    places : (side, horizon, outcome of all)
        Usable places and full size from that year on; outcomes of the last project run first.
        In single precision where they are all of the cell, else in double.
    """

    region: int
    level: int
    projects: Sequence[int]
    counts: Sequence[int]
    first: int
    places: Floats

    def offered(self, outcomes: Mapping[int, NDArray[np.uint16]]) -> Floats:
        """Return what they offer in each draw, ``(side, horizon, draw)``, from `first` on."""
        # A clipped place is looked up faster than one that is checked.
        return self.places.take(self.together(outcomes), axis=-1, mode="clip")

    def together(self, outcomes: Mapping[int, NDArray[np.uint16]]) -> NDArray[np.intp]:
        """Return the outcome of all in each draw, of the outcomes ``(draw)`` by project."""
        first, *others = (outcomes[number] for number in self.projects)
        found = first.astype(np.intp)
        for count, outcome in zip(self.counts[1:], others, strict=True):
            found *= count
            found += outcome
        return found


def places_together(projects: Sequence[ProjectOutcomes]) -> list[ProjectPlaces]:
    """Lay projects of a region and level together, as many as have `_TOGETHER` outcomes at most."""
    cells: dict[tuple[int, int], list[list[int]]] = {}
    for number, project in enumerate(projects):
        both = np.stack([project.usable, project.full])
        for level in np.flatnonzero(both.any(axis=(0, 1, -1))).tolist():
            several = cells.setdefault((project.region, level), [[]])
            counts = [projects[one].usable.shape[-1] for one in (*several[-1], number)]
            if several[-1] and prod(counts) > _TOGETHER:
                several.append([])
            several[-1].append(number)
    return [one for cell, several in cells.items() for one in _places_of(projects, cell, several)]


def _places_of(
    projects: Sequence[ProjectOutcomes], cell: tuple[int, int], several: Sequence[Sequence[int]]
) -> Iterator[ProjectPlaces]:
    region, level = cell
    tables = [_summed([projects[number] for number in numbers], level) for numbers in several]
    first = min(int(np.flatnonzero(table.any(axis=(0, 2)))[0]) for table in tables)
    for numbers, table in zip(several, tables, strict=True):
        counts = [projects[number].usable.shape[-1] for number in numbers]
        places = table[:, first:]
        exact = places.astype(SINGLE) if len(several) == 1 else places.copy()
        yield ProjectPlaces(region, level, numbers, counts, first, exact)


def _summed(projects: Sequence[ProjectOutcomes], level: int) -> Floats:
    """Add up what projects offer in a level, ``(side, horizon, outcome of all)``."""
    offers = (np.stack([one.usable[:, level], one.full[:, level]]) for one in projects)
    places, *others = (own.astype(np.float64) for own in offers)
    for own in others:
        places = (places[..., None] + own[..., None, :]).reshape(*own.shape[:2], -1)
    return places


def project_outcomes(
    projects: Projects,
    axes: Axes,
    scale: Floats,
    delay: Mapping[Any, Mapping[int, float]],
    *,
    slips: Collection[str],
    fails: Collection[str],
) -> list[ProjectOutcomes]:
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
    late_by: dict[str, dict[int, float]] = {key: {} for key in projects.status}
    for status in late_by.keys() & slips:
        stated = sorted(delay.get(status, DELAY[status]).items())
        late_by[status] = {years: share for years, share in stated if years}
    delays = sorted({0}.union(*late_by.values()))
    offered = _offered(projects, delays, axes, scale)
    found = []
    for row, status in enumerate(projects.status):
        built = float(projects.completion[row]) if status in fails else 1.0
        late = np.cumsum([*reversed(late_by[status].values())])[::-1]
        own = [0, *(1 + delays.index(years) for years in (0, *late_by[status]))]
        usable, full = offered[:, :, row][..., own]
        found.append(
            ProjectOutcomes(
                code=projects.code[row],
                region=int(projects.region[row]),
                built_below=_threshold(built),
                late_from=np.array([_threshold(1.0 - share) for share in late]),
                usable=usable,
                full=full,
            )
        )
    return found


@cache
def _threshold(probability: float) -> float:
    """Return the standard normal shock that is below with a probability."""
    if not 0.0 < probability < 1.0:
        return float("-inf") if probability <= 0.0 else float("inf")
    return normal_quantile(probability)


def _offered(projects: Projects, delays: Sequence[int], axes: Axes, scale: Floats) -> Singles:
    """Places of projects, usable and full: none, then those with each delay.

    One that is not built takes nothing away either; one that is late does so for longer.

    Returns
    -------
    (side, horizon, project, level, outcome)
    """
    years, opens = np.array(axes.horizon.labels), projects.opens[:, None] + np.array(delays, float)
    factor = scale[:, projects.region]
    sizes, decant = (places[..., None] * factor for places in (projects.places, projects.decant))
    filling, full, taken = project_shares(projects, opens, years, axes.span)
    places = np.stack([filling * sizes - taken * decant, full * sizes])
    return np.concatenate([np.zeros_like(places[..., :1]), places], axis=-1).astype(SINGLE)


def draw_outcomes(block: Block, projects: Sequence[ProjectOutcomes]) -> NDArray[np.uint16]:
    """Draw what becomes of each project: the row of its outcomes, ``(project, draw)``.

    A part of a shock all projects share; a high one is bad. Being late and being built are
    independent, so that of the projects that are built as many are late as stated.
    """
    late, built = project_shocks(block, [project.code for project in projects])
    outcome = np.ones(late.shape, np.uint16)
    for late_from in zip_longest(*(project.late_from for project in projects), fillvalue=np.inf):
        outcome += late >= _least(late_from)
    outcome *= built < _least([project.built_below for project in projects])
    return outcome


def _least(limits: Sequence[float]) -> Singles:
    """Return the least numbers in single precision that reach limits, ``(limit, 1)``."""
    exact = np.array(limits)[:, None]
    near = exact.astype(SINGLE)
    return np.where(near < exact, np.nextafter(near, SINGLE(np.inf)), near)


def project_shocks(block: Block, codes: Sequence[str]) -> Singles:
    """Draw the standard normal shocks that make projects late, and that leave them unbuilt.

    Returns
    -------
    (late or unbuilt, project, draw)
    """
    shared, own = sqrt(PROJECTS_COMMON.value), sqrt(1.0 - PROJECTS_COMMON.value)
    common = block.draw(normals(), "projects", shape=(2,)) * SINGLE(shared)
    shocks = block.draw_each(normals(), "project", codes, shape=(2,)) * SINGLE(own) + common
    return np.asarray(shocks.swapaxes(0, 1))
