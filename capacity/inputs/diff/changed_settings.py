"""Settings that differ: of the scenario file, and of district.yaml."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from capacity.inputs.diff.changed import DISTRICT, SETTING, Changed, as_text, between
from capacity.inputs.districts.district import District
from capacity.inputs.scenarios.scenario import Scenario

SETTINGS = ("horizon", "demand", "supply", "chance")
#: Parts of district.yaml that are lists of things with a code.
_CODED = ("regions", "levels")


def changed_settings(a: Scenario, b: Scenario) -> tuple[Changed, ...]:
    """Name every key of the scenario files with another value; name, title and question apart."""
    one, other = (
        {name: getattr(side, name).model_dump(mode="json") for name in SETTINGS} for side in (a, b)
    )
    return tuple(_changed(SETTING, one, other))


def changed_district(a: District, b: District) -> tuple[Changed, ...]:
    """Name every key of district.yaml with another value; regions and levels by their code."""
    return tuple(_changed(DISTRICT, _district(a), _district(b)))


def _changed(what: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Changed]:
    one, other = (dict(_flat(side)) for side in (a, b))
    for key in dict.fromkeys([*one, *other]):
        old, new = one.get(key, ""), other.get(key, "")
        if old != new:
            yield Changed(what, "", between(old, new), key, "", old, new)


def _flat(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, (*path, str(key)))
    else:
        yield ".".join(path), as_text(value)


def _district(district: District) -> dict[str, Any]:
    said: dict[str, Any] = {"name": district.name, "title": district.title.model_dump()}
    for name in _CODED:
        parts = {part.code: part.model_dump(mode="json") for part in getattr(district, name)}
        said[name] = parts
    said["entry"] = district.entry.model_dump(mode="json") if district.entry else {}
    said["neighbours"] = {
        level: {" - ".join(sorted(pair)): "yes" for pair in pairs}
        for level, pairs in district.neighbours.items()
    }
    return said | {"targets": district.targets.model_dump(mode="json")}
