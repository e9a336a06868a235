"""Back-test: what forecasts of the past would have said, by what was known then, and what came."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from capacity.base.axes import (
    ALL,
    Arrays,
    Axes,
    Axis,
    Bools,
    Floats,
    along,
    dense,
    ordered_sum,
    tidy,
)
from capacity.inputs.districts.district import District
from capacity.inputs.districts.measured import ENTRY, METHODS, origin_years
from capacity.inputs.tables.withheld import mark_of
from capacity.inputs.to_model.district import build
from capacity.model.data import ModelData
from capacity.model.draws.streams import SINGLE, Singles
from capacity.model.draws.summary import quantiles
from capacity.model.rows import sum_members
from capacity.model.run import forecast
from capacity.studies.backtest.rivals import REFERENCES

#: Bounds of the 80 % and of the 95 % interval.
BOUNDS = {"p10": 0.1, "p90": 0.9, "p025": 0.025, "p975": 0.975}
#: The method whose intervals are measured.
MEASURED = "model"
#: What is told of a forecast that is not scored.
LEFT_OUT = ("origin", "year", "horizon", "region", "level", "forecast")


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts of the past and what came.

    Attributes
    ----------
    forecasts : DataFrame
        origin, year, horizon, region, level, method, forecast, p10, p90, p025, p975, actual
        (pupils; intervals of the model only), and crps: the mean distance of the drawn pupils
        from the actual ones less half their distance from each other; of a method without
        draws its absolute error. Beside the levels stands `ENTRY`, the first grade of the
        district, which ``all`` does not add.
    left_out : DataFrame
        origin, year, horizon, region, level and forecast of the model where the actual pupils
        hold a count that is withheld: what stands there is no truth. No other table has them.
    leaves : tuple of str
        Regions over which errors are averaged.
    draws, seed : int
    """

    forecasts: pd.DataFrame
    left_out: pd.DataFrame
    leaves: tuple[str, ...]
    draws: int
    seed: int


#: Bytes of an origin, as a multiple of its samples with sums and the first grade: measured up to
#: 4.0, and rounded up.
_ORIGIN = 4.5


def bytes_of_origin(district: District, horizons: int, draws: int) -> float:
    """Return the bytes that the forecasts of one origin take at most."""
    last = int(district.table("enrolment")["year"].max())
    ahead = min(horizons, last - origin_years(district)[0])
    cells = (ahead + 1) * (len(district.regions) + 1) * (len(district.levels) + 2)
    return _ORIGIN * np.dtype(SINGLE).itemsize * cells * draws


def backtest(
    district: District,
    *,
    horizons: int = 6,
    draws: int = 1000,
    seed: int = 1,
    workers: int = 1,
    progress: Callable[[str], None] = lambda step: None,
) -> Backtest:
    """Forecast from every origin of a district, and set what came beside it.

    Parameters
    ----------
    district
    horizons
        Years ahead, at most.
    draws
        Sampled worlds of the model; 0 gives no intervals.
    seed
    workers
        Threads; the same numbers for any.
    progress
        Told of each origin.

    Raises
    ------
    ValueError
        There are fewer than five years of enrolment: no origin with a year after it.
    """
    years = origin_years(district)
    if not years:
        raise ValueError("a back-test needs five years of enrolment or more")
    with ThreadPoolExecutor(workers) as pool:
        tasks = [
            pool.submit(_rows, origin, draws, seed) for origin in origins(district, years, horizons)
        ]
        parts = []
        for year, task in zip(years, tasks, strict=True):
            parts.append(task.result())
            progress(str(year))
    counted, held = (pd.concat(rows, ignore_index=True) for rows in zip(*parts, strict=True))
    left_out = held.loc[held["method"] == MEASURED, list(LEFT_OUT)].reset_index(drop=True)
    return Backtest(counted, left_out, district.leaf_regions, draws, seed)


def _rows(origin: Origin, draws: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the rows of one origin, every method over the same cells.

    Apart from them those whose actual pupils hold a count that is withheld.
    """
    axes, counted = origin.data.axes, ~np.isnan(origin.actual)
    actual = _sums(origin.actual[..., None], counted, axes)
    there, held = (
        _sums(marks[..., None].astype(float), counted, axes)[1:, ..., 0].reshape(-1) > 0
        for marks in (counted, origin.withheld)
    )
    parts = []
    for name, (values, sampled) in _said(origin.data, draws, seed).items():
        central = _sums(values, counted, axes)
        drawn = None if sampled is None else _sums(sampled, counted, axes)
        parts.append(_frame(name, axes, central, actual, drawn))
    scored, held_out = (
        pd.concat([part[rows] for part in parts], ignore_index=True)
        for rows in (there & ~held, there & held)
    )
    return scored, held_out


def _said(data: ModelData, draws: int, seed: int) -> dict[str, tuple[Floats, Singles | None]]:
    """Forecast by every method: ``(horizon, region, level, 1 | draw)``, the first grade last."""
    found: dict[str, tuple[Floats, Singles | None]] = {
        name: (_with_entry(*method(data)), None) for name, method in REFERENCES.items()
    }
    for name, settings in METHODS.items():
        if name in REFERENCES:
            continue
        said = forecast(data, settings, draws=draws if name == MEASURED else 0, seed=seed)
        drawn = None
        if said.draws is not None and said.entrant_draws is not None:
            drawn = _with_entry(said.draws, said.entrant_draws)
        found[name] = _with_entry(said.demand, said.entrants), drawn
    return found


def _with_entry(demand: Singles | Floats, entrants: Singles | Floats) -> Floats:
    """Put the district's first grade after its levels."""
    return np.concatenate([demand, entrants[:, :, :1]], axis=2)


def _sums(values: Floats, counted: Bools, axes: Axes) -> Floats:
    """Sum counted cells to rows: ``(horizon, region row, level row, draw)``, levels' sum last."""
    cells = np.where(counted[..., None], values, values.dtype.type(0))
    rows = sum_members(cells, axes.members)
    every = ordered_sum([rows[:, :, level] for level in range(len(axes.level))])
    return np.concatenate([rows, every[:, :, None]], axis=2)


def _frame(
    method: str, axes: Axes, central: Floats, actual: Floats, drawn: Singles | None
) -> pd.DataFrame:
    """Return a row per year ahead, region row and level row."""
    years = Axis("year", axes.horizon.labels[1:])
    across = (years, axes.row, Axis("level", (*axes.level.labels, ENTRY, ALL)))
    frame = tidy(central[1:, ..., 0], across, "forecast")
    frame.insert(0, "origin", axes.base)
    frame.insert(2, "horizon", frame["year"] - axes.base)
    frame.insert(5, "method", method)
    came = actual[1:]
    if drawn is None:
        bounds = np.full((len(BOUNDS), *came.shape[:3]), np.nan)
        score = np.abs(central[1:] - came)[..., 0]
    else:
        shares = tuple(BOUNDS.values())
        rows = range(drawn.shape[1])  # one at a time: sorted copies of all would fill memory
        bounds = np.stack([quantiles(drawn[1:, row], shares) for row in rows], axis=2)
        score = np.stack([crps(drawn[1:, row], came[:, row]) for row in rows], axis=1)
    for name, values in zip(BOUNDS, bounds, strict=True):
        frame[name] = values.reshape(-1)
    frame["actual"], frame["crps"] = came.reshape(-1), score.reshape(-1)
    return frame


def crps(draws: Singles, actual: Floats) -> Floats:
    """Continuous ranked probability score of draws along the last axis, in their unit.

    ``mean |X − y| − ½·mean |X − X'|``, the second from the order of the draws (Gneiting &
    Raftery 2007, eq. 21).
    """
    ordered, count = np.sort(draws, axis=-1).astype(np.float64), draws.shape[-1]
    weights = (2.0 * np.arange(count) - count + 1.0) / (count * count)
    apart = (ordered * weights).sum(axis=-1)
    return np.asarray(np.abs(ordered - actual).mean(axis=-1) - apart)


@dataclass(frozen=True, eq=False)
class Origin(Arrays):
    """One origin.

    Attributes
    ----------
    data
        What was known in its year: no later count, births, homes or stated ratio.
    actual : (horizon, region, level)
        What was counted then and after, the first grade last; nan where it was not, in full.
    withheld : (horizon, region, level)
        Where a count in it is withheld.
    """

    data: ModelData
    actual: Floats
    withheld: Bools

    @property
    def year(self) -> int:
        """The origin's year."""
        return self.data.axes.base


def origins(district: District, years: Sequence[int], horizons: int) -> Iterator[Origin]:
    """Yield the district at every origin, with what came in the ``horizons`` years after it."""
    counts = _Counts.of(district)
    last = counts.year.labels[-1]
    for year in years:
        data = _known_in(district, year, min(year + horizons, last))
        yield Origin(
            data=replace(data, pupils=_filled(data.pupils, data.axes.start)),
            actual=counts.after(year, data.axes),
            withheld=counts.withheld_after(data.axes),
        )


@dataclass(frozen=True, eq=False)
class _Counts(Arrays):
    """Every count of a district: ``pupils[year, region, group, grade]``, nan where there is none.

    Those of the whole table, as areas are born and vanish between an origin and what came.
    ``withheld`` marks those that are none.
    """

    year: Axis
    group: Axis
    pupils: Floats
    withheld: Bools

    @staticmethod
    def of(district: District) -> _Counts:
        table = district.table("enrolment")
        seen = table["year"]
        year = Axis("year", tuple(range(int(seen.min()), int(seen.max()) + 1)))
        group = Axis("group", tuple(sorted(set(table["group"]))))
        region = Axis("region", tuple(sorted(district.leaf_regions)))
        axes = (year, region, group, Axis("grade", district.grades))
        withheld = dense(table, axes, mark_of("pupils"), fill=0.0) > 0
        return _Counts(year, group, dense(table, axes, "pupils", fill=np.nan), withheld)

    def after(self, origin: int, axes: Axes) -> Floats:
        """Return pupils, ``(horizon, region, level)``; nan where they are not those of the origin.

        After the levels stands the first grade.
        A region must be whole at the origin, and have the same groups in every grade of a level.
        """
        known = ~np.isnan(self.pupils)
        then = known[self.year.at(origin)]
        whole = then.any(axis=(1, 2)) & (then == self._asked(axes)).all(axis=(1, 2))
        there = [self.year.at(label) for label in axes.horizon.labels]
        alike, pupils = known[there] == then, self.pupils[there]

        def by_grade(cells: Bools) -> Floats:
            same = (alike | ~cells).all(axis=2) & whole[:, None]
            return np.where(same, np.nansum(np.where(cells, pupils, np.nan), axis=2), np.nan)

        *levels, every = self._cells(axes)
        sums = [
            ordered_sum(along(by_grade(cells)[..., first : first + int(span)], 2))
            for cells, first, span in zip(levels, axes.entry, axes.span, strict=True)
        ]
        return np.stack([*sums, by_grade(every)[..., 0]], axis=-1)

    def withheld_after(self, axes: Axes) -> Bools:
        """Mark the pupils of `after`, in its shape, that hold a withheld count."""
        held = self.withheld[[self.year.at(label) for label in axes.horizon.labels]]
        *levels, _ = self._cells(axes)
        marks = [(held & cells).any(axis=(2, 3)) for cells in levels]
        return np.stack([*marks, held[..., 0].any(axis=2)], axis=-1)

    def _cells(self, axes: Axes) -> list[Bools]:
        """Mark the cells of each level, ``(group, grade)``; after the levels every cell."""
        level_of = np.array(
            [[axes.level_at(grade, of) for grade in axes.grade.labels] for of in self.group.labels]
        )
        levels = [level_of == level for level in range(len(axes.level))]
        return [*levels, np.ones_like(level_of, dtype=bool)]

    def _asked(self, axes: Axes) -> Bools:
        """Mark the cells that an origin must count to be whole, ``(region, group, grade)``."""
        asked = np.zeros((len(axes.region), len(self.group), len(axes.grade)), dtype=bool)
        for area, (region, group) in enumerate(axes.area.labels):
            asked[axes.region.at(region), self.group.at(group)] = ~axes.nowhere[area]
        return asked


def _filled(pupils: Floats, start: int) -> Floats:
    """Let an area with grades unknown in the origin's year be empty and without a past.

    It is not scored, and its counts say nothing of other areas.
    """
    unknown = np.isnan(pupils[start]).any(axis=1)
    filled = np.where(unknown[:, None], np.nan, pupils)
    filled[start, unknown] = 0.0
    return filled


def _known_in(district: District, year: int, last: int) -> ModelData:
    """Return what was known in a year; ratios that are stated today were not."""
    data = build(district, year, last, births_until=year)
    later = np.array(data.axes.year.labels) > year
    return replace(
        data,
        given=np.full_like(data.given, np.nan),
        given_per_child=np.full_like(data.given_per_child, np.nan),
        later_per_birth=np.full_like(data.later_per_birth, np.nan),
        later_per_child=np.full_like(data.later_per_child, np.nan),
        given_sd=np.full_like(data.given_sd, np.nan),
        homes=np.where(later[:, None], np.nan, data.homes),
    )
