"""Names in levers, in the spelling of the district: two spellings of a code are one code."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from capacity.base.fields import Fixed
from capacity.inputs.districts.district import District
from capacity.inputs.levers.lever import Lever
from capacity.inputs.tables.columns import PLACES
from capacity.inputs.tables.values import normal_code

_KEYS = ("region", "level", "group", "project", "school")


def as_spelt(levers: Sequence[Lever], district: District) -> tuple[Lever, ...]:
    """Give the same levers with every name as the district, or an added project, spells it."""
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
        for own in ("close", "convert", "rezone"):
            if (said := getattr(lever, own)) is not None:
                spelt = {key: self._one(key, getattr(said, key)) for key in type(said).model_fields}
                changed[own] = said.model_copy(update=spelt)
        if lever.add_project is not None:
            self._add("project", filter(None, [lever.add_project["project"]]))
            changed["add_project"] = Fixed(
                {self._column(key): self._one(key, v) for key, v in lever.add_project.items()}
            )
        return replace(lever, **changed)

    def _column(self, key: str) -> str:
        return PLACES + self._one("level", key[len(PLACES) :]) if key.startswith(PLACES) else key
