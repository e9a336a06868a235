"""A district as it was known at an origin, and what came after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.axes import Arrays, Floats
from capacity.inputs.arrays.build import build
from capacity.inputs.arrays.world import World
from capacity.inputs.districts.district import District
from capacity.model.roll import by_level, by_region

#: The first origin is the fourth year there is.
FIRST = 3


@dataclass(frozen=True, eq=False)
class Origin(Arrays):
    """One origin.

    Attributes
    ----------
    world
        What was known in its year: no later count, births, homes or stated ratio.
    actual : (horizon, region, level)
        What was counted then and after; nan where it was not, in full.
    """

    world: World
    actual: Floats

    @property
    def year(self) -> int:
        """The origin's year."""
        return self.world.axes.base


def origin_years(district: District) -> tuple[int, ...]:
    """Give the origins of a district: from its fourth year of enrolment to the last but one."""
    years = sorted(int(year) for year in district.table("enrolment")["year"].unique())
    return tuple(years[FIRST:-1])


def origins(district: District, years: Sequence[int], horizons: int) -> Iterator[Origin]:
    """Give the district at every origin, with what came in the ``horizons`` years after it."""
    last = int(district.table("enrolment")["year"].max())
    whole = build(district, last, last)
    counted = by_level(whole.pupils[..., None], whole.axes)[..., 0]
    for year in years:
        world = _known_in(district, year, min(year + horizons, last))
        there = [whole.axes.year.at(label) for label in world.axes.horizon.labels]
        unknown = np.isnan(world.pupils[[world.axes.start]]).any(axis=2).astype(float)
        gaps = by_region(unknown, world.axes)[0] > 0
        yield Origin(
            world=replace(world, pupils=_filled(world.pupils, world.axes.start)),
            actual=np.where(gaps[:, None], np.nan, counted[there]),
        )


def _filled(pupils: Floats, start: int) -> Floats:
    """Let an area with grades unknown in the origin's year count as empty; it is not scored."""
    unknown = np.isnan(pupils[start]).any(axis=1)
    return np.where(unknown[:, None], np.nan_to_num(pupils), pupils)


def _known_in(district: District, year: int, last: int) -> World:
    """Give what was known in a year; ratios that are stated today were not."""
    world = build(district, year, last, births_until=year)
    later = np.array(world.axes.year.labels) > year
    return replace(
        world,
        given=np.full_like(world.given, np.nan),
        given_per_child=np.full_like(world.given_per_child, np.nan),
        homes=np.where(later[:, None], np.nan, world.homes),
    )
