"""Which cells and projects of a district a lever chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from capacity.inputs.districts.declared import titles_of
from capacity.inputs.districts.district import District
from capacity.inputs.levers.kinds import cells_of
from capacity.inputs.levers.lever import Lever

T = TypeVar("T")
Names = tuple[str | int, ...]
#: What a lever chooses on each axis of its kind.
Chosen = Mapping[str, frozenset[str] | frozenset[int]]
#: The tables and parts of district.yaml that hold the names of each axis.
NAMED: Mapping[str, tuple[str, ...]] = {
    "region": ("regions",),
    "level": ("levels",),
    "grade": ("levels",),
    "group": ("enrolment", "births"),
    "project": ("pipeline",),
    **dict.fromkeys(("from", "from_group", "to", "to_group"), ("flows",)),
}


class Cells:
    """What levers may name in a district: also the projects that levers so far have added.

    Attributes
    ----------
    district : District
    projects : dict of code to (region, status, kind)
    """

    def __init__(self, district: District) -> None:
        rows = district.table("pipeline")
        self.district = district
        self.projects = {
            str(code): (str(region), str(status), str(kind))
            for code, region, status, kind in zip(
                *(rows[name] for name in ("project", "region", "status", "kind")), strict=True
            )
        }
        self._names: Mapping[str, Names] = {
            "region": tuple(region.code for region in district.regions),
            "level": tuple(level.code for level in district.levels),
            "grade": district.grades,
            "group": district.groups,
        }

    def names(self, key: str) -> Names:
        """Return what a key of ``where`` may name."""
        return tuple(self.projects) if key == "project" else self._names[key]

    def titles(self, key: str) -> dict[str, tuple[str, str]]:
        """Return the titles of regions, or of levels, by their codes."""
        if key == "region":
            return titles_of(self.district.regions)
        return titles_of(self.district.levels) if key == "level" else {}

    def add(self, lever: Lever) -> None:
        """Take in the project that a lever adds, if it does: later ones may choose it."""
        row = lever.add_project
        if row is not None and row["project"] is not None:
            project, *of = (str(row.get(name)) for name in ("project", "region", "status", "kind"))
            self.projects[project] = (of[0], of[1], of[2])

    def chosen(self, lever: Lever) -> Chosen:
        """Return what a lever chooses on each axis of its kind.

        A region with others within it chooses those. Progression and onward shares lead into
        all grades and levels but the first.
        """
        choose = {
            "region": self.regions,
            "group": lambda lever: frozenset(_kept(["", *self.names("group")], lever.where.group)),
            "level": self._levels,
            "grade": self._grades,
            "project": self._projects,
        }
        if lever.kind == "flows":
            return self._flows(lever)
        chosen = {axis: choose[axis](lever) for axis in cells_of(lever.kind)}
        if "grade" in chosen:  # levels may share grades
            chosen["level"] = self._levels(lever)
        return chosen

    def rows_of_flows(self, lever: Lever) -> list[int]:
        """Return the positions of the rows of the flows that a lever chooses."""
        chosen = self._flows(lever)
        rows = zip(*(self.district.table("flows")[key] for key in chosen), strict=True)
        return [
            at
            for at, row in enumerate(rows)
            if all(cell in names for cell, names in zip(row, chosen.values(), strict=True))
        ]

    def _flows(self, lever: Lever) -> Chosen:
        """Return what a lever on flows chooses by each key; a region chooses those within it."""
        where, groups = lever.where, ["", *self.district.groups]
        return {
            "level": frozenset(_kept([v.code for v in self.district.levels], where.level)),
            "from": self._leaves(where.from_),
            "from_group": frozenset(_kept(groups, where.from_group)),
            "to": self._leaves(where.to),
            "to_group": frozenset(_kept(groups, where.to_group)),
        }

    def regions(self, lever: Lever) -> frozenset[str]:
        """Return the leaf regions that a lever chooses: a region chooses those within it."""
        return self._leaves(lever.where.region)

    def _leaves(self, regions: Iterable[str] | None) -> frozenset[str]:
        if regions is None:
            return frozenset(self.district.leaf_regions)
        within = map(self.district.children_of, regions)
        return frozenset(leaf for leaves in within for leaf in leaves)

    def _levels(self, lever: Lever) -> frozenset[str]:
        first = self.district.first_grade
        every = [
            level.code
            for level in self.district.levels
            if lever.kind != "onward_share" or level.grades[0] > first
        ]
        return frozenset(_kept(every, lever.where.level))

    def _grades(self, lever: Lever) -> frozenset[int]:
        levels, groups = self._levels(lever), _kept(["", *self.names("group")], lever.where.group)
        first = 1 if lever.kind == "progression" else 0
        return frozenset(
            grade
            for grade in _kept(self.district.grades[first:], lever.where.grade)
            for level in (self.district.level_of(grade, str(group)) for group in groups)
            if level is not None and level.code in levels
        )

    def _projects(self, lever: Lever) -> frozenset[str]:
        regions, where = self.regions(lever), lever.where
        return frozenset(
            code
            for code, (region, status, kind) in self.projects.items()
            if region in regions
            and (where.kind is None or kind in where.kind)
            and (where.project is None or code in where.project)
            and (where.status is None or status in where.status)
        )


def _kept(every: Iterable[T], chosen: Iterable[T] | None) -> list[T]:
    """Keep the chosen items; all without a choice."""
    if chosen is None:
        return list(every)
    wanted = set(chosen)
    return [item for item in every if item in wanted]
