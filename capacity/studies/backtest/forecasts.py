"""Back-test: what forecasts of the past would have said, beside what came."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from capacity.base.axes import ALL, Axes, Axis, Bools, Floats, ordered_sum, tidy
from capacity.inputs.districts.district import District
from capacity.inputs.districts.measured import METHODS
from capacity.model.draws.run_draws import quantiles
from capacity.model.draws.streams import Singles
from capacity.model.rows import sum_members
from capacity.model.run import forecast
from capacity.studies.backtest.benchmarks import naive
from capacity.studies.backtest.origins import Origin, origin_years, origins

#: Bounds of the 80 % and of the 95 % interval.
BOUNDS = {"p10": 0.1, "p90": 0.9, "p025": 0.025, "p975": 0.975}
#: The method whose intervals are measured.
MEASURED = "model"


@dataclass(frozen=True, eq=False)
class Backtest:
    """Forecasts of the past and what came.

    Attributes
    ----------
    forecasts : DataFrame
        origin, year, horizon, region, level, method, forecast, p10, p90, p025, p975, actual
        (pupils; intervals of the model only), and crps: the mean distance of the drawn pupils
        from the actual ones less half their distance from each other; of a method without
        draws its absolute error.
    leaves : tuple of str
        Regions over which errors are averaged.
    draws, seed : int
    """

    forecasts: pd.DataFrame
    leaves: tuple[str, ...]
    draws: int
    seed: int


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
    return Backtest(pd.concat(parts, ignore_index=True), district.leaf_regions, draws, seed)


def _rows(origin: Origin, draws: int, seed: int) -> pd.DataFrame:
    """Give the rows of one origin: every method over the same cells."""
    axes, counted = origin.world.axes, ~np.isnan(origin.actual)
    actual = _sums(origin.actual[..., None], counted, axes)
    there = _sums(counted[..., None].astype(float), counted, axes)[1:, ..., 0] > 0
    found: dict[str, tuple[Floats, Singles | None]] = {
        "naive": (naive(origin.world)[..., None], None)
    }
    for name, settings in METHODS.items():
        wanted = draws if name == MEASURED else 0
        said = forecast(origin.world, settings, draws=wanted, seed=seed)
        found[name] = said.demand, said.draws
    parts = []
    for name, (values, sampled) in found.items():
        central = _sums(values, counted, axes)
        drawn = None if sampled is None else _sums(sampled, counted, axes)
        parts.append(_frame(name, axes, central, actual, drawn)[there.reshape(-1)])
    return pd.concat(parts, ignore_index=True)


def _sums(values: Floats, counted: Bools, axes: Axes) -> Floats:
    """Sum counted cells to rows: ``(horizon, region row, level row, draw)``, levels' sum last."""
    cells = np.where(counted[..., None], values, values.dtype.type(0))
    rows = sum_members(cells, axes.members)
    every = ordered_sum([rows[:, :, level] for level in range(rows.shape[2])])
    return np.concatenate([rows, every[:, :, None]], axis=2)


def _frame(
    method: str, axes: Axes, central: Floats, actual: Floats, drawn: Singles | None
) -> pd.DataFrame:
    """Give a row per year ahead, region row and level row."""
    years = Axis("year", axes.horizon.labels[1:])
    across = (years, axes.row, Axis("level", (*axes.level.labels, ALL)))
    frame = tidy(central[1:, ..., 0], across, "forecast")
    frame.insert(0, "origin", axes.base)
    frame.insert(2, "horizon", frame["year"] - axes.base)
    frame.insert(5, "method", method)
    came = actual[1:]
    if drawn is None:
        bounds = np.full((len(BOUNDS), *came.shape[:3]), np.nan)
        score = np.abs(central[1:] - came)[..., 0]
    else:
        bounds, score = quantiles(drawn[1:], tuple(BOUNDS.values())), crps(drawn[1:], came)
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
    weights = (2.0 * np.arange(count) - count + 1.0) / count**2
    apart = ordered @ weights
    return np.asarray(np.abs(ordered - actual).mean(axis=-1) - apart)
