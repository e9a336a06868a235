"""What levers come to, checked on arrays: a class has pupils, and places are not below 0."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capacity.axes import Axes, Bools, Floats
from capacity.errors import At, Message, Problems, register

if TYPE_CHECKING:
    from capacity.inputs.levers.lever import Lever
    from capacity.inputs.scenarios.scenario import Scenario

register(
    {
        "places-below-zero": {
            "en": Message(
                "levers take more {level} places from {region} in {year} than there are",
                "0 or more",
                "close or convert fewer places",
            ),
            "zh": Message(
                "{year} 年 {region} 的 {level} 学位被减到负数", "0 或更多", "请减少关闭或改建的学位"
            ),
        },
        "class-size-below": {
            "en": Message(
                "the class size of {level} in {region} is no more above 0 in {year}",
                "pupils a class above 0",
            ),
            "zh": Message("{year} 年 {region} 的 {level} 班额不大于 0", "大于 0 的班额"),
        },
    }
)


def check_class_size(
    scenario: Scenario, axes: Axes, class_size: Floats, problems: Problems
) -> None:
    """Refuse levers that leave no class size, ``(horizon, region, level, draw)``."""
    _check(scenario, axes, class_size, np.asarray(class_size <= 0), "class-size-below", problems)


def check_places(scenario: Scenario, axes: Axes, places: Floats, problems: Problems) -> None:
    """Refuse levers that take places below 0, ``(horizon, region, level, draw)``."""
    _check(scenario, axes, places, np.asarray(places < 0), "places-below-zero", problems)


def _check(
    scenario: Scenario, axes: Axes, values: Floats, wrong: Bools, code: str, problems: Problems
) -> None:
    """Tell the first year of each cell that is wrong, at the lever that makes it so."""
    told = set()
    for year, region, level, draw in np.argwhere(wrong):
        cell = axes.region.labels[region], axes.level.labels[level]
        if cell in told:
            continue
        told.add(cell)
        lever = _taking(scenario, cell, code)
        facts = {"year": axes.horizon.labels[year], "region": cell[0], "level": cell[1]}
        at = lever.at() if lever else At(scenario.name)
        problems.error(code, at, **facts, found=f"{values[year, region, level, draw]:g}")


def _taking(scenario: Scenario, cell: tuple[str, str], code: str) -> Lever | None:
    """Find the last lever that takes from a cell."""
    kinds = ("class_size",) if code == "class-size-below" else ("places", "add_places")
    for lever in reversed(scenario.levers):
        if lever.close and (lever.close.region, lever.close.level) == cell:
            return lever
        if lever.convert and (lever.convert.region, lever.convert.from_level) == cell:
            return lever
        if lever.kind in kinds:
            return lever
    return None
