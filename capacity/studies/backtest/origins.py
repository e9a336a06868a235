"""A district as it was known at an origin, and what came after."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Arrays, Axes, Axis, Floats, along, dense, ordered_sum
from capacity.inputs.districts.district import District
from capacity.inputs.to_model.build import build
from capacity.model.data import ModelData

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

    world: ModelData
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
    counts = _Counts.of(district)
    last = counts.year.labels[-1]
    for year in years:
        world = _known_in(district, year, min(year + horizons, last))
        yield Origin(
            world=replace(world, pupils=_filled(world.pupils, world.axes.start)),
            actual=counts.after(year, world.axes),
        )


@dataclass(frozen=True, eq=False)
class _Counts(Arrays):
    """Every count of a district: ``pupils[year, region, group, grade]``, nan where there is none.

    Those of the whole table, as areas are born and vanish between an origin and what came.
    """

    year: Axis
    pupils: Floats

    @staticmethod
    def of(district: District) -> _Counts:
        table = district.table("enrolment")
        seen = table["year"]
        year = Axis("year", tuple(range(int(seen.min()), int(seen.max()) + 1)))
        axes = (
            year,
            Axis("region", tuple(sorted(district.leaf_regions))),
            Axis("group", tuple(sorted(set(table["group"])))),
            Axis("grade", district.grades),
        )
        return _Counts(year, dense(table, axes, "pupils", fill=np.nan))

    def after(self, origin: int, axes: Axes) -> Floats:
        """Give pupils by ``(horizon, region, level)``; nan where they are not those of the origin.

        A region must be whole at the origin, and have the same groups in every grade of a level.
        """
        known = ~np.isnan(self.pupils)
        then = known[self.year.at(origin)]
        whole = then.any(axis=(1, 2)) & (then.all(axis=2) | ~then.any(axis=2)).all(axis=1)
        there = [self.year.at(label) for label in axes.horizon.labels]
        same = (known[there] == then).all(axis=2) & whole[:, None]
        by_grade = np.where(same, np.nansum(self.pupils[there], axis=2), np.nan)
        levels = [
            ordered_sum(along(by_grade[..., axes.level_of == level], 2))
            for level in range(len(axes.level))
        ]
        return np.stack(levels, axis=-1)


def _filled(pupils: Floats, start: int) -> Floats:
    """Let an area with grades unknown in the origin's year be empty and without a past.

    It is not scored, and its counts say nothing of other areas.
    """
    unknown = np.isnan(pupils[start]).any(axis=1)
    filled = np.where(unknown[:, None], np.nan, pupils)
    filled[start, unknown] = 0.0
    return filled


def _known_in(district: District, year: int, last: int) -> ModelData:
    """Give what was known in a year; ratios that are stated today were not."""
    world = build(district, year, last, births_until=year)
    later = np.array(world.axes.year.labels) > year
    return replace(
        world,
        given=np.full_like(world.given, np.nan),
        given_per_child=np.full_like(world.given_per_child, np.nan),
        given_sd=np.full_like(world.given_sd, np.nan),
        homes=np.where(later[:, None], np.nan, world.homes),
    )
