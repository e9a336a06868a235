"""What levers come to, checked on arrays: a class has pupils, and places are not below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capacity.base.axes import Axes, Bools, Floats
from capacity.base.errors import At, Problems

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.inputs.levers.lever import Lever
    from capacity.inputs.scenarios.scenario import Scenario


def check_class_size(scenario: Scenario, axes: Axes, class_size: Floats) -> None:
    """Refuse levers that leave no class size.

    Parameters
    ----------
    scenario, axes
    class_size : (horizon, region, level, draw)
        Pupils a class, levers applied.

    Raises
    ------
    capacity.InputError
        At the lever that takes a class size to 0 or below.
    """
    _check(scenario, axes, class_size, np.asarray(class_size <= 0), "class-size-below")


def check_places(scenario: Scenario, axes: Axes, places: Floats) -> None:
    """Refuse levers that take places below 0; parameters and errors as in `check_class_size`."""
    _check(scenario, axes, places, np.asarray(places < 0), "places-below-zero")


def _check(scenario: Scenario, axes: Axes, values: Floats, wrong: Bools, code: str) -> None:
    """Tell the first year of each cell that is wrong, at the lever that makes it so."""
    problems, told = Problems(), set()
    for year, region, level, draw in np.argwhere(wrong):
        cell = axes.region.labels[region], axes.level.labels[level]
        if cell in told:
            continue
        told.add(cell)
        when = axes.horizon.labels[year]
        takers = [
            lever
            for lever in scenario.levers
            if _acts_in(lever, when) and _takes(lever, scenario.district, *cell, code)
        ]
        at = takers[-1].at() if takers else At(str(scenario.path), 1, 1)
        facts = {"year": when, "region": cell[0], "level": cell[1]}
        problems.error(code, at, **facts, found=_plain(values[year, region, level, draw]))
    problems.raise_errors()


def _plain(value: float) -> float:
    return int(value) if value == int(value) else float(f"{value:.6g}")


def _acts_in(lever: Lever, year: int) -> bool:
    after = lever.from_ is None or lever.from_ <= year
    return after and (lever.until is None or year <= lever.until)


def _takes(lever: Lever, district: District, region: str, level: str, code: str) -> bool:
    """Tell whether a lever takes from a cell what a code is about."""
    if code == "class-size-below":
        return lever.kind == "class_size" and _chooses(lever, district, region, level)
    if lever.close:
        return (lever.close.region, lever.close.level) == (region, level)
    if lever.convert:
        return (lever.convert.region, lever.convert.from_level) == (region, level)
    lowers = (lever.add or 0.0) < 0 or (lever.times or 1.0) < 1 or lever.set is not None
    return lever.kind == "places" and lowers and _chooses(lever, district, region, level)


def _chooses(lever: Lever, district: District, region: str, level: str) -> bool:
    regions, levels = lever.where.region, lever.where.level
    inside = regions is None or any(region in district.children_of(code) for code in regions)
    return inside and (levels is None or level in levels)
