"""Which groups of pupils are in which levels, and the flows that lead them there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Axis, Bools
from capacity.base.errors import At, Problems
from capacity.inputs.districts.streams import counted_grades
from capacity.model.roll import Flow

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

#: What tells the rows of flows.csv apart.
KEY = ("level", "from", "from_group", "to", "to_group")


def absent_cells(district: District, axes: Axes) -> frozenset[tuple[int, int]]:
    """Return the cells ``(area, grade)`` of a group that is not there at all.

    Those in which it need not be counted, and those of a group that some level names, in a level
    that does not, where nobody of the group has ever been in any region.
    """
    enrolment = district.table("enrolment")[["year", "region", "group", "grade", "pupils"]]
    now = enrolment[enrolment["year"] == axes.base]
    counted = counted_grades(district.levels, now, axes.region.labels)
    named = {group for groups in axes.groups for group in groups}
    been: set[tuple[str, int]] = set()
    if named:
        some = enrolment[(enrolment["year"] <= axes.base) & (enrolment["pupils"] > 0)]
        been.update(zip(some["group"].tolist(), some["grade"].tolist(), strict=True))
    found = set()
    for area, (levels, (region, group)) in enumerate(
        zip(axes.level_of.tolist(), axes.area.labels, strict=True)
    ):
        for grade, (level, label) in enumerate(zip(levels, axes.grade.labels, strict=True)):
            if level < 0 or label not in counted.get((region, group), ()):
                found.add((area, grade))
            elif group in named and group not in axes.groups[level]:
                span = range(axes.first[level], axes.last[level] + 1)
                if not any((group, one) in been for one in span):
                    found.add((area, grade))
    return frozenset(found)


# Flows -------------------------------------------------------------------------------------------


def flow_axis(flows: pd.DataFrame) -> Axis:
    """Return the rows of the flows, in their order, by what tells them apart."""
    return Axis("flow", tuple(zip(*(flows[name] for name in KEY), strict=True)))


class _Row(NamedTuple):
    """A row of flows.csv, and where it stands."""

    level: str
    source: str
    source_group: str
    target: str
    target_group: str
    share: float
    at: At


def flows_of(district: District, axes: Axes) -> tuple[Flow, ...]:
    """Return the flows into each level that has any, as its rows state them.

    Raises
    ------
    capacity.InputError
        A row sends pupils to a group that the level has not in that region.
    """
    frame, problems = district.table("flows"), Problems()
    places = [
        At(file, int(line), 1) for file, line in zip(frame["file"], frame["line"], strict=True)
    ]
    columns = (frame[name] for name in (*KEY, "share"))
    rows = [_Row(*cells) for cells in zip(*columns, places, strict=True)]
    found = []
    for level in dict.fromkeys(row.level for row in rows):
        at = axes.level.at(level)
        grade, into = axes.entry[at], entered(axes, at)
        states = np.full((len(axes.area), len(axes.area)), -1, dtype=np.int64)
        for number, row in enumerate(rows):
            if row.level == level:
                for one, other in _pairs(row, axes, into, problems):
                    states[one, other] = number
        flow = Flow(at, grade, into, np.zeros((1, *states.shape)), states)
        if into.any() and flow.feeding.any():
            found.append(flow.stating(frame["share"].to_numpy(float)[None]))
    problems.raise_errors()
    return tuple(found)


def entered(axes: Axes, level: int) -> Bools:
    """Mark the areas of a level: those that pupils may be sent to."""
    return axes.entering(level) & ~axes.nowhere[:, axes.entry[level]]


def _pairs(row: _Row, axes: Axes, into: Bools, problems: Problems) -> list[tuple[int, int]]:
    """Return the areas ``(from, to)`` between which a row sends pupils.

    Without a group it sends those of every group: to the one group of the level, where it has one
    alone, else each to its own.
    """
    grade, found = axes.entry[axes.level.at(row.level)], []
    feeds = ~axes.nowhere[:, grade - 1]
    every = {group for (_, group), taken in zip(axes.area.labels, into, strict=True) if taken}
    there = {
        group: area
        for area, (region, group) in enumerate(axes.area.labels)
        if region == row.target and into[area]
    }
    for one, (region, group) in enumerate(axes.area.labels):
        if region != row.source or row.source_group not in ("", group) or not feeds[one]:
            continue
        own = row.target_group or (next(iter(every)) if len(every) == 1 else group)
        other = there.get(own)
        if other is not None:
            found.append((one, other))
        elif row.share > 0:
            facts = {"region": row.target, "source": row.source, "group": own}
            problems.error("group-missing", row.at, **facts)
    return found


def missing_groups(axes: Axes, level: int, source: str, target: str) -> list[str]:
    """Return the groups of a level in a region that another has not: nobody counts them there."""
    own = entered(axes, level)
    here, there = (
        [group for area, (of, group) in enumerate(axes.area.labels) if of == region and own[area]]
        for region in (source, target)
    )
    return [group for group in here if group not in there]
