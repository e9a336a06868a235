"""What levers can name in a district, and which cells each one chooses."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from capacity.inputs.districts.declared import titles_of
from capacity.inputs.districts.district import District
from capacity.inputs.levers.lever import CELLS, Lever

T = TypeVar("T")
Names = tuple[str | int, ...]
#: The tables and parts of district.yaml that hold the names of each axis.
NAMED: Mapping[str, tuple[str, ...]] = {
    "region": ("regions",),
    "level": ("levels",),
    "grade": ("levels",),
    "group": ("enrolment", "births"),
    "project": ("pipeline",),
}


@dataclass
class Scope:
    """A district's names, and its projects with those added by the levers so far.

    Attributes
    ----------
    district : District
    groups : tuple of str
    born : frozenset of str
        Leaf regions with births or children.
    projects : dict of code to (region, status)
    """

    district: District
    groups: tuple[str, ...]
    born: frozenset[str]
    projects: dict[str, tuple[str, str]]

    @classmethod
    def of(cls, district: District) -> Scope:
        """Give the scope before any lever."""
        rows = district.table("pipeline")
        born = {*district.table("births")["region"], *district.table("children")["region"]}
        leaves = frozenset(district.leaf_regions)
        return cls(
            district,
            district.groups,
            leaves if "all" in born else leaves & born,
            {
                str(code): (str(region), str(status))
                for code, region, status in zip(
                    rows["project"], rows["region"], rows["status"], strict=True
                )
            },
        )

    def valid(self, key: str) -> Names:
        """Give what a key of ``where`` may name."""
        names: dict[str, Names] = {
            "region": tuple(region.code for region in self.district.regions),
            "level": tuple(level.code for level in self.district.levels),
            "grade": self.district.grades,
            "group": self.groups,
            "project": tuple(self.projects),
        }
        return names[key]

    def titles(self, key: str) -> dict[str, tuple[str, str]]:
        """Give the titles of regions, or of levels, by their codes."""
        if key == "region":
            return titles_of(self.district.regions)
        return titles_of(self.district.levels) if key == "level" else {}

    def regions(self, lever: Lever) -> frozenset[str]:
        """Give the leaf regions that a lever chooses."""
        if lever.where.region is None:
            return frozenset(self.district.leaf_regions)
        chosen = lever.where.region
        return frozenset(leaf for region in chosen for leaf in self.district.children_of(region))

    def levels(self, lever: Lever) -> frozenset[str]:
        """Give the levels that a lever chooses; an onward share leads into all but the first."""
        every = [level.code for level in self.district.levels]
        if lever.kind == "onward_share":
            every = every[1:]
        return frozenset(_kept(every, lever.where.level))

    def grades(self, lever: Lever) -> frozenset[int]:
        """Give the grades that a lever chooses; a progression leads into all but the first."""
        first = self.district.first_grade
        levels = _kept([level.code for level in self.district.levels], lever.where.level)
        grades = [g for g in self.district.grades if self.district.level_of(g).code in levels]
        later = [g for g in grades if lever.kind != "progression" or g != first]
        return frozenset(_kept(later, lever.where.grade))

    def chosen_projects(self, lever: Lever) -> frozenset[str]:
        """Give the projects that a lever chooses."""
        regions, where = self.regions(lever), lever.where
        return frozenset(
            code
            for code, (region, status) in self.projects.items()
            if region in regions
            and (where.project is None or code in where.project)
            and (where.status is None or status in where.status)
        )

    def cells(self, lever: Lever) -> tuple[frozenset[str] | frozenset[int], ...]:
        """Give what a lever chooses on each axis of its kind."""
        named: dict[str, frozenset[str] | frozenset[int]] = {}
        for axis in CELLS[lever.kind]:
            if axis == "region":
                named[axis] = self.regions(lever)
            elif axis == "group":
                named[axis] = frozenset(_kept(["", *self.groups], lever.where.group))
            elif axis == "level":
                named[axis] = self.levels(lever)
            elif axis == "grade":
                named[axis] = self.grades(lever)
            else:
                named[axis] = self.chosen_projects(lever)
        return tuple(named.values())


def _kept(every: Iterable[T], chosen: Iterable[T] | None) -> list[T]:
    """Keep the chosen items; all without a choice."""
    if chosen is None:
        return list(every)
    wanted = set(chosen)
    return [item for item in every if item in wanted]
