"""What a past cannot tell: asked for before anything is simulated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from capacity.base.axes import Bools, Floats
from capacity.base.errors import At, Problems, phrase
from capacity.inputs.tables.sheets import pasted, place
from capacity.model.assumptions import RATIO_LIMIT
from capacity.model.births import birth_cohorts
from capacity.model.demand import cohorts_by_grade
from capacity.model.history import History, history_of
from capacity.model.ratios import Estimate, estimate
from capacity.model.zeros import closed_alone

if TYPE_CHECKING:
    from capacity.base.settings import Demand
    from capacity.inputs.districts.district import District
    from capacity.model.data import ModelData


def check_past(district: District, data: ModelData, demand: Demand) -> None:
    """Ask for what nobody can tell from the past of a district.

    Raises
    ------
    capacity.InputError
        A grade has no pupils in the base year alone, while others of its level have some; or the
        ratio of a district of one region is beyond the limit of ratios.
    """
    if len(data.axes.horizon) < 2:
        return
    history, problems = history_of(data), Problems()
    found = estimate(history, demand)
    _closed_alone(district, data, history, found, problems)
    if len(data.axes.area) == 1:
        _beyond(district, data, found, problems)
    problems.raise_errors()


def _closed_alone(
    district: District, data: ModelData, history: History, found: Estimate, problems: Problems
) -> None:
    axes, titles, rows = data.axes, district.titles, district.table("enrolment")
    ratios = _stated_or(data.given[1], found.progression.everywhere)
    entering, answered = _entering(data, found), _answered(district, data)
    usual, before = closed_alone(history, ratios, entering, axes.level_of, answered)
    rows = rows[rows["year"] == axes.base]
    keys = zip(rows["region"], rows["group"], rows["grade"], strict=True)
    row_of = {key: row for row, key in enumerate(keys)}
    for cell in map(tuple, np.argwhere(usual > 0)):
        (region, group), label = axes.area.labels[cell[0]], axes.grade.labels[cell[1]]
        counted = "never" if np.isnan(before[cell]) else "count"
        if cell[1] and not np.isnan(entering[cell]):
            by = "cohort"
        elif cell[1] in (0, *axes.unlinked_grades):
            by = "above" if counted == "never" else "last"
        else:
            by = "below"
        problems.error(
            "grade-closed-alone",
            place(rows, row_of[region, group, label]),
            region=titles.coded(region, group),
            grade=label,
            year=axes.base,
            before=phrase(f"facts.{counted}_before", before=before[cell]),
            level=titles.level(axes.level.labels[axes.level_of[cell]]),
            usual=phrase(f"facts.usual_{by}", usual=usual[cell]),
            row=pasted(label, region, 0, group),
        )


def _stated_or(stated: Floats, otherwise: Floats) -> Floats:
    return np.where(np.isnan(stated), otherwise, stated)


def _entering(data: ModelData, found: Estimate) -> Floats:
    """Return who would have entered in the base year by their cohort, ``(area, grade)``.

    By children where these are counted and have a ratio, else by births; nan where by neither.
    """
    born = cohorts_by_grade(birth_cohorts(data.births, data.weights), data.axes)[0]
    children = cohorts_by_grade(data.children, data.axes)[0]
    per_birth, per_child = data.later_per_birth[1].copy(), data.later_per_child[1].copy()
    per_birth[:, 0] = _stated_or(data.given[1, :, 0], found.per_birth.everywhere)
    known = found.per_child.past.counts.any()
    everywhere = np.where(known, found.per_child.everywhere, np.nan)
    per_child[:, 0] = _stated_or(data.given_per_child[1], everywhere)
    return _stated_or(per_child * children, per_birth * born)


def _answered(district: District, data: ModelData) -> Bools:
    """Mark the cells whose ratio of the next year stands in a row of their region, or is 0.

    A row for all regions says nothing of one of them.
    """
    axes, rows = data.axes, district.table("ratios")
    rows = rows[~(rows["year"] > axes.base + 1)]
    named = set(zip(rows["region"], rows["group"], rows["grade"], strict=True))
    per_child = np.where(np.arange(len(axes.grade)) == 0, data.given_per_child[1][:, None], np.nan)
    stated = (data.given[1], data.later_per_birth[1], data.later_per_child[1], per_child)
    marked = np.any([one == 0 for one in stated], axis=0)
    for area, (region, group) in enumerate(axes.area.labels):
        for grade, label in enumerate(axes.grade.labels):
            keys = {(region, group, label), (region, "", label)}
            marked[area, grade] |= not keys.isdisjoint(named)
    return np.asarray(marked, bool)


def _beyond(district: District, data: ModelData, found: Estimate, problems: Problems) -> None:
    axes = data.axes
    stated = ~np.isnan(data.given[1, 0]) | ~np.isnan(data.later_per_birth[1, 0])
    stated |= ~np.isnan(data.later_per_child[1, 0])
    stated[0] |= ~np.isnan(data.given_per_child[1, 0])
    own = found.progression.own[0].copy()
    beyond = found.progression.replaced[0].copy()
    own[0], beyond[0] = found.per_birth.own[0], found.per_birth.replaced[0]
    at, region = At(str(district.folder / "enrolment.csv")), axes.area.labels[0][0]
    for grade in np.flatnonzero(beyond & ~stated):
        label, ratio = axes.grade.labels[grade], float(own[grade])
        facts = {"grade": label, "ratio": ratio, "limit": RATIO_LIMIT.value}
        problems.error("ratio-beyond", at, **facts, row=pasted(label, region, 1))
