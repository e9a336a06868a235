"""Which level takes which pupils, and in which levels a group is counted."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache, partial
from typing import Protocol, TypeVar

import pandas as pd

from capacity.base.axes import taking
from capacity.inputs.districts.declared import Level

Area = tuple[str, str]


class Taking(Protocol):
    """A level: its first and last grade, and the groups that it names."""

    @property
    def grades(self) -> tuple[int, int]:
        """First and last grade."""

    @property
    def groups(self) -> tuple[str, ...]:
        """Groups that it takes; none where it takes all that others leave."""


T = TypeVar("T", bound=Taking)


def level_taking(levels: Iterable[T], grade: int, group: str = "") -> T | None:
    """Return the level to which the pupils of a group belong in a grade; None where none does."""
    every = tuple(levels)
    spans, groups = (level.grades for level in every), [level.groups for level in every]
    at = taking(spans, groups, grade, group)
    return every[at] if at >= 0 else None


def counted_grades(
    levels: Sequence[Level], rows: pd.DataFrame, regions: Collection[str]
) -> Mapping[Area, frozenset[int]]:
    """Return the grades in which each area has to be counted; it is in no other.

    A group that a level names is counted in that level, and elsewhere where it has rows; any other
    in every level, but for those in which pupils without a group stand in its place, or it in
    theirs.

    Parameters
    ----------
    levels
    rows
        Those of the enrolment in one year.
    regions
        The leaf regions: one without rows is an area without a group.
    """
    there: dict[str, dict[str, set[int]]] = {region: {} for region in regions}
    cells = (rows[name].tolist() for name in ("region", "group", "grade"))
    for region, group, grade in zip(*cells, strict=True):
        there.setdefault(region, {}).setdefault(group, set()).add(grade)
    streams = {group for level in levels for group in level.groups}
    taken = cache(partial(_taken, levels))
    found: dict[Area, frozenset[int]] = {}
    for region, groups in there.items():
        counted = _counted(levels, groups, streams, taken)
        found |= {(region, group): grades for group, grades in counted.items()}
    return found


def _taken(levels: Sequence[Level], group: str) -> list[set[int]]:
    """Return the grades of a group that belong to each level."""
    spans = (range(level.grades[0], level.grades[1] + 1) for level in levels)
    grades = {grade for span in spans for grade in span}
    return [
        {grade for grade in grades if level_taking(levels, grade, group) is level}
        for level in levels
    ]


def _counted(
    levels: Sequence[Level],
    groups: Mapping[str, set[int]],
    streams: Collection[str],
    taken: Callable[[str], list[set[int]]],
) -> dict[str, frozenset[int]]:
    """Return the grades of each group of a region, of the grades in which it has rows."""
    named = groups if set(groups) - set(streams) else {"": set(), **groups}
    found: dict[str, frozenset[int]] = {}
    for group, rows in named.items():
        asked: set[int] = set()
        for level, own in zip(levels, taken(group), strict=True):
            others = {one for one, seen in groups.items() if one != group and own & seen}
            instead = others if group == "" else "" in others
            if rows & own or (group in level.groups if group in streams else not instead):
                asked |= own
        if asked or rows:
            found[group] = frozenset(asked)
    return found
