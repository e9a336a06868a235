"""What levers can name in a district: which cells each one chooses, and how names are spelt."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from capacity.base.fields import Fixed
from capacity.inputs.districts.declared import titles_of
from capacity.inputs.districts.district import District
from capacity.inputs.levers.kinds import OWN_KEYS, cells_of
from capacity.inputs.levers.lever import Lever
from capacity.inputs.tables.columns import PLACES
from capacity.inputs.tables.values import normal_code

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
_KEYS = ("region", "level", "group", "project", "school")


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
        """Return the scope before any lever."""
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
        """Return what a key of ``where`` may name."""
        names: dict[str, Names] = {
            "region": tuple(region.code for region in self.district.regions),
            "level": tuple(level.code for level in self.district.levels),
            "grade": self.district.grades,
            "group": self.groups,
            "project": tuple(self.projects),
        }
        return names[key]

    def titles(self, key: str) -> dict[str, tuple[str, str]]:
        """Return the titles of regions, or of levels, by their codes."""
        if key == "region":
            return titles_of(self.district.regions)
        return titles_of(self.district.levels) if key == "level" else {}

    def regions(self, lever: Lever) -> frozenset[str]:
        """Return the leaf regions that a lever chooses."""
        if lever.where.region is None:
            return frozenset(self.district.leaf_regions)
        chosen = lever.where.region
        return frozenset(leaf for region in chosen for leaf in self.district.children_of(region))

    def levels(self, lever: Lever) -> frozenset[str]:
        """Return the levels that a lever chooses; an onward share leads into all but the first."""
        every = [level.code for level in self.district.levels]
        first = 1 if lever.kind == "onward_share" else 0
        return frozenset(_kept(every[first:], lever.where.level))

    def grades(self, lever: Lever) -> frozenset[int]:
        """Return the grades that a lever chooses; a progression leads into all but the first."""
        levels, first = self.levels(lever), 1 if lever.kind == "progression" else 0
        grades = _kept(self.district.grades[first:], lever.where.grade)
        return frozenset(g for g in grades if self.district.level_of(g).code in levels)

    def chosen_projects(self, lever: Lever) -> frozenset[str]:
        """Return the projects that a lever chooses."""
        regions, where = self.regions(lever), lever.where
        return frozenset(
            code
            for code, (region, status) in self.projects.items()
            if region in regions
            and (where.project is None or code in where.project)
            and (where.status is None or status in where.status)
        )

    def groups_of(self, lever: Lever) -> frozenset[str]:
        """Return the groups that a lever chooses; "" is pupils without one."""
        return frozenset(_kept(["", *self.groups], lever.where.group))

    def cells(self, lever: Lever) -> tuple[frozenset[str] | frozenset[int], ...]:
        """Return what a lever chooses on each axis of its kind."""
        choose: Mapping[str, Callable[[Lever], frozenset[Any]]] = {
            "region": self.regions,
            "group": self.groups_of,
            "level": self.levels,
            "grade": self.grades,
            "project": self.chosen_projects,
        }
        return tuple(choose[axis](lever) for axis in cells_of(lever.kind))


def _kept(every: Iterable[T], chosen: Iterable[T] | None) -> list[T]:
    """Keep the chosen items; all without a choice."""
    if chosen is None:
        return list(every)
    wanted = set(chosen)
    return [item for item in every if item in wanted]


def canonical_codes(levers: Sequence[Lever], district: District) -> tuple[Lever, ...]:
    """Return the same levers with every name as the district, or an added project, spells it."""
    spellings = _Spellings(district)
    return tuple(spellings.lever(lever) for lever in levers)


class _Spellings:
    """The district's names by the form in which they are matched."""

    def __init__(self, district: District) -> None:
        self.names: dict[str, dict[str, str]] = {key: {} for key in _KEYS}
        self._add("region", (region.code for region in district.regions))
        self._add("level", (level.code for level in district.levels))
        self._add("group", district.groups)
        self._add("project", district.table("pipeline")["project"])
        self._add("school", district.table("places")["school"].unique())

    def _add(self, key: str, names: Iterable[Any]) -> None:
        for name in names:
            self.names[key].setdefault(normal_code(name), name)

    def _one(self, key: str, name: Any) -> Any:
        """Spell the value of a key such as ``region`` or ``from_region``; others stay."""
        known = self.names.get(key.rpartition("_")[2])
        return known.get(normal_code(name), name) if known and isinstance(name, str) else name

    def lever(self, lever: Lever) -> Lever:
        changed: dict[str, Any] = {
            "where": replace(
                lever.where,
                **{
                    key: tuple(self._one(key, name) for name in chosen)
                    for key in _KEYS[:-1]
                    if (chosen := getattr(lever.where, key)) is not None
                },
            )
        }
        for own in OWN_KEYS:
            if (stated := getattr(lever, own)) is not None:
                spelt = {
                    key: self._one(key, getattr(stated, key)) for key in type(stated).model_fields
                }
                changed[own] = stated.model_copy(update=spelt)
        if lever.add_project is not None:
            self._add("project", filter(None, [lever.add_project["project"]]))
            changed["add_project"] = Fixed(
                {self._column(key): self._one(key, v) for key, v in lever.add_project.items()}
            )
        return replace(lever, **changed)

    def _column(self, key: str) -> str:
        return PLACES + self._one("level", key[len(PLACES) :]) if key.startswith(PLACES) else key
