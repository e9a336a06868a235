"""What decides numbers, as one hash: inputs, levers, settings, seed and the numbers' version."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.inputs.districts.measured import data_sha256
from capacity.inputs.districts.outlines import is_outlines
from capacity.inputs.levers.kinds import OWN_KEYS

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District
    from capacity.inputs.scenarios.scenario import Scenario

#: Raised whenever the same inputs give other numbers; tests/test_numbers.py sees when they do.
NUMBERS = 9

#: What decides the effect of a lever; not where it stands.
_LEVER = (
    *("kind", "where", "from_", "until", "form", "value"),
    *("add_project", *OWN_KEYS),
)
_DISTRICT = ("name", "regions", "levels", "entry", "neighbours", "bands", "targets")
_SETTINGS = ("horizon", "demand", "supply", "chance")


def identity(scenario: Scenario) -> str:
    """Return the SHA-256 of all that decides the numbers of a run."""
    return sha256_of(
        name=scenario.name,
        files=sorted(
            (record.name, record.sha256)
            for record in scenario.files
            if not is_outlines(record.path)  # a map of the same run
        ),
        district={name: getattr(scenario.district, name) for name in _DISTRICT},
        levers=[{name: getattr(lever, name) for name in _LEVER} for lever in scenario.levers],
        settings={name: getattr(scenario, name) for name in _SETTINGS},
    )


def district_identity(district: District, *settings: object) -> str:
    """Return the SHA-256 of all that decides what a study finds in a district's past."""
    return sha256_of(
        data=data_sha256(district),
        names=(district.name, district.title, district.regions),
        levels=district.levels,
        settings=settings,
    )


def sha256_of(**parts: object) -> str:
    """Return the SHA-256 of what decides numbers, and of the version that makes them."""
    stated = {"version": __version__, "numbers": NUMBERS, **parts}
    return hashlib.sha256(json.dumps(_plain(stated), sort_keys=True).encode()).hexdigest()


def _plain(value: object) -> Any:
    """Return what an object states as JSON has it; what its class is called does not count."""
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json")
    if is_dataclass(value):
        return {one.name: _plain(getattr(value, one.name)) for one in fields(value) if one.compare}
    if isinstance(value, Mapping):
        return {str(name): _plain(part) for name, part in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(part) for part in value]
    return value if isinstance(value, str | int | float | None) else repr(value)
