"""What can be read of a lever that is not as declared: its names are checked all the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, get_args

from pydantic import BaseModel
from pydantic_core import PydanticCustomError

from capacity.base.errors import nearest
from capacity.base.fields import Fixed, as_code
from capacity.inputs.documents.yaml import Mark
from capacity.inputs.levers.declared import Declaration
from capacity.inputs.levers.lever import Lever, Where
from capacity.inputs.levers.rows import Closing, Converting, Rezoning

_KINDS: Mapping[str, type[BaseModel]] = {
    get_args(model.model_fields["kind"].annotation)[0]: model
    for model in get_args(get_args(Declaration)[0])
}
_OWN: Mapping[str, type[BaseModel]] = {
    "close": Closing,
    "convert": Converting,
    "rezone": Rezoning,
}


@dataclass(frozen=True)
class Part(Lever):
    """The names in a lever at fault; None stands for one that cannot be read."""


def part_of(said: object, mark: Mark) -> Part | None:
    """Give the part of a lever that can be read, as of the kind that is clearly meant.

    Parameters
    ----------
    said : object
        What the file says.
    mark : Mark
        Where it says it.
    """
    if not isinstance(said, Mapping):
        return None
    kind = _meant(said.get("kind"))
    model = _KINDS.get(kind)
    keys = ("where", "add_project", *_OWN) if model is None else tuple(model.model_fields)
    maps = {key: value for key in keys if isinstance(value := said.get(key), Mapping)}
    read: dict[str, Any] = {key: _own(key, maps[key]) for key in _OWN if key in maps}
    if "where" in maps:
        read["where"] = _where(maps["where"], model)
    if "add_project" in maps:
        read["add_project"] = _row(maps["add_project"])
    return Part(kind, **read, file=mark.at.file, line=mark.at.line or 0, mark=mark)


def may_add(said: object, part: Part | None) -> bool:
    """Tell whether a lever at fault may add a project whose name cannot be read."""
    if part is None or not isinstance(said, Mapping):
        return True
    if part.add_project is not None:
        return part.add_project.get("project") is None
    unsure = part.kind not in _KINDS and any(key not in ("kind", "where") for key in said)
    maps = [v for k, v in said.items() if k not in ("where", *_OWN) and isinstance(v, Mapping)]
    return part.kind == "add_project" or (unsure and bool(maps))


def _meant(kind: object) -> str:
    """Give the kind, or the one that is clearly nearest; else nothing."""
    if not isinstance(kind, str) or kind in _KINDS:
        return kind if isinstance(kind, str) else ""
    close = nearest(kind, _KINDS)
    return close[0] if len(close) == 1 else ""


def _code(value: object) -> str | None:
    try:
        return as_code(value) if isinstance(value, str) else None
    except PydanticCustomError:
        return None


def _own(key: str, said: Mapping[str, object]) -> BaseModel:
    """Read the regions and levels under the own key of a kind."""
    names = _OWN[key].model_fields
    codes = {name: _code(said.get(name)) for name in names if name.endswith(("region", "level"))}
    return _OWN[key].model_construct(**dict.fromkeys(names) | codes)


def _where(said: Mapping[str, object], model: type[BaseModel] | None) -> Where:
    """Read the names under each key; one that cannot be read keeps its place as None."""
    keys = {axis.name for axis in fields(Where)} - {"status"}
    if model is not None:
        declared: Any = model.model_fields["where"].annotation
        keys &= set(declared.model_fields)
    chosen: dict[str, Any] = {}
    for key in keys & set(said):
        names = value if isinstance(value := said[key], tuple) else (value,)
        chosen[key] = tuple(map(_grade if key == "grade" else _code, names))
    return Where(**chosen)


def _grade(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _row(said: Mapping[str, object]) -> Fixed[str, object]:
    codes = {key: _code(said.get(key)) for key in ("project", "region", "status")}
    return Fixed({key: value for key, value in said.items() if isinstance(key, str)} | codes)
