"""Forecasts of the past against plain second implementations, cell by cell."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.base import Demand
from capacity.inputs.districts import ENTRY, District, origin_years
from capacity.model import LookBack, history_of
from capacity.studies.backtest import backtest, origins
from tests.model.plain_shrunk import shrunk
from tests.seeds import seeds
from tests.studies.plain_rivals import Past, naive, ref3
from tests.studies.small_districts import random_past, write

HORIZONS = 6


def broken_lately(district: District, years: tuple[int, ...]) -> dict[int, set[str]]:
    """By origin the regions that jumped by themselves in the four years before, by the product."""
    found = {}
    for origin in origins(district, years, HORIZONS):
        axes = origin.data.axes
        lately = range(axes.start - 3, axes.start + 1)
        past = LookBack(history_of(origin.data), Demand())
        marked = past.broken(lately, len(axes.area))
        regions = [region for region, _ in axes.area.labels]
        found[origin.year] = {r for r, jumped in zip(regions, marked, strict=True) if jumped}
    return found


def expected(past: Past, levels: dict[str, range], broken: dict[int, set[str]]):
    """Every forecast that can be checked: ``{(origin, horizon, region, level, method): …}``."""
    grades = range(next(iter(levels.values()))[0], list(levels.values())[-1][-1] + 1)
    regions = sorted({region for region, _, _ in past.pupils})
    last = max(year for _, _, year in past.pupils)
    found = {}
    for origin, jumped in broken.items():
        whole = [r for r in regions if all((r, g, origin) in past.pupils for g in grades)]
        years = min(HORIZONS, last - origin)
        paths = {}
        if whole:
            paths["model"] = shrunk(past, whole, grades, origin, years, jumped)
        for name, method in (("naive", naive), ("ref3", ref3)):
            paths[name] = {r: method(past, r, grades, origin, years) for r in whole}
        for name, by_region in paths.items():
            for region, path in by_region.items():
                for ahead in range(1, years + 1):
                    for level, own in (levels | {ENTRY: grades[:1]}).items():
                        came = [past.pupils.get((region, g, origin + ahead)) for g in own]
                        if None not in came:
                            value = sum(path[ahead][g - grades[0]] for g in own)
                            found[origin, ahead, region, level, name] = (value, sum(came))
    return found


@pytest.mark.parametrize("seed", seeds(range(2), range(40)))
def test_every_forecast_is_that_of_the_plain_methods(seed: int, tmp_path: Path) -> None:
    past, levels = random_past(seed)
    district = write(tmp_path, past, levels)
    frame = backtest(district, horizons=HORIZONS, draws=0).forecasts
    frame = frame[frame["method"] != "pooled"]
    keys = ["origin", "horizon", "region", "level", "method"]
    rows = frame.set_index(keys)[["forecast", "actual"]]
    plain = expected(past, levels, broken_lately(district, origin_years(district)))
    cells = rows[~rows.index.get_level_values("level").isin(["all"])]
    cells = cells[~cells.index.get_level_values("region").isin(["all"])]
    assert set(cells.index) == set(plain)
    for key, (forecast, actual) in plain.items():
        assert cells.loc[key, "forecast"] == pytest.approx(forecast, rel=1e-9, abs=1e-9), key
        assert cells.loc[key, "actual"] == actual
    sums: dict[tuple, float] = {}
    for (origin, ahead, region, level, method), (forecast, _) in plain.items():
        of_all = [("all", level)]
        if level != ENTRY:  # a part of its level, counted once
            of_all += [(region, "all"), ("all", "all")]
        for place in of_all:
            key = (origin, ahead, *place, method)
            sums[key] = sums.get(key, 0.0) + forecast
    assert set(rows.index) - set(cells.index) == set(sums)
    for key, forecast in sums.items():
        assert rows.loc[key, "forecast"] == pytest.approx(forecast, rel=1e-9, abs=1e-9), key
