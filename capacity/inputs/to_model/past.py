"""What a past cannot tell: asked for before anything is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capacity.base.axes import Axes
from capacity.base.errors import At, Problems
from capacity.inputs.tables.sheets import place
from capacity.model.assumptions import RATIO_LIMIT
from capacity.model.history import history_of
from capacity.model.ratios import Estimate, estimate

if TYPE_CHECKING:
    from capacity.base.settings import Demand
    from capacity.inputs.districts.district import District
    from capacity.model.data import ModelData


def check_past(district: District, data: ModelData, demand: Demand) -> None:
    """Ask for what nobody can tell from the past of a district.

    Raises
    ------
    capacity.InputError
        A grade lost its pupils in the base year alone, while others of its level have some; or
        the ratio of a district of one region is beyond the limit of ratios.
    """
    if len(data.axes.horizon) < 2:
        return
    problems, found = Problems(), estimate(history_of(data), demand)
    stated = ~np.isnan(data.given[1])
    stated |= ~np.isnan(data.later_per_birth[1]) | ~np.isnan(data.later_per_child[1])
    stated[:, 0] |= ~np.isnan(data.given_per_child[1])
    _closed_alone(district, data, found, problems, stated)
    if len(data.axes.area) == 1:
        _beyond(district, data.axes, found, problems, stated)
    problems.raise_errors()


def _closed_alone(
    district: District, data: ModelData, found: Estimate, problems: Problems, stated: np.ndarray
) -> None:
    axes, base = data.axes, data.pupils[data.axes.start]
    alone = found.progression.past.alone.copy()
    entry = (found.per_birth, found.per_child)
    alone[:, 0] = found.without_cohort.alone | np.any([one.past.alone for one in entry], axis=0)
    of_level = np.arange(len(axes.level))[:, None, None] == axes.level_of
    open_levels = ((base > 0) & of_level).any(axis=2).T  # area, level
    has_open = np.take_along_axis(open_levels, np.maximum(axes.level_of, 0), axis=1)
    enrolment = district.table("enrolment")
    for area, grade in np.argwhere(alone & ~stated & has_open):
        (region, group), label = axes.area.labels[area], axes.grade.labels[grade]
        here = (enrolment["region"] == region) & (enrolment["group"] == group)
        here &= (enrolment["year"] == axes.base) & (enrolment["grade"] == label)
        past = data.pupils[: axes.start, area, grade]
        before = float(past[np.flatnonzero(~np.isnan(past))[-1]])
        if before == 0:  # of a flagged year: it has been so for longer
            continue
        problems.error(
            "grade-closed-alone",
            place(enrolment[here]),
            region=f"{region} {group}".strip(),
            grade=label,
            year=axes.base,
            before=before,
            level=axes.level.labels[axes.level_of[area, grade]],
            row=f"{label},{region},0,{group}".rstrip(","),
        )


def _beyond(
    district: District, axes: Axes, found: Estimate, problems: Problems, stated: np.ndarray
) -> None:
    own = found.progression.own[0].copy()
    beyond = found.progression.replaced[0].copy()
    own[0], beyond[0] = found.per_birth.own[0], found.per_birth.replaced[0]
    at, region = At(str(district.folder / "enrolment.csv")), axes.area.labels[0][0]
    for grade in np.flatnonzero(beyond & ~stated[0]):
        label, ratio = axes.grade.labels[grade], float(own[grade])
        facts = {"grade": label, "ratio": ratio, "limit": RATIO_LIMIT.value}
        problems.error("ratio-beyond", at, **facts, row=f"{label},{region},1")
