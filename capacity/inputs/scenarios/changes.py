"""What of a scenario is changed in Python: in the words of its file, and checked as it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from capacity.base.errors import Problems
from capacity.base.fields import UNTITLED, Fixed, Name, Strict, Texts, Title, titled_by
from capacity.base.settings import Demand, Horizon, Supply
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import Document, as_document


class Changed(Strict):
    """The settings that `with_settings` changes, as a scenario file has them."""

    horizon: Horizon
    demand: Demand
    supply: Supply


class _Named(Strict):
    """What a scenario is called."""

    name: Name
    title: Title = UNTITLED

    _titled = titled_by("name")


def given_settings(
    *, method: object, window: object, horizon: object, completion: object, margin: object
) -> dict[str, Any]:
    """Return settings as root keys of a file; what is None is not given.

    Method and window are those of entry and progression alike.
    """
    if isinstance(horizon, Horizon):
        horizon = horizon.model_dump()
    ratios = _given(method=method, window=window)
    supply = _given(completion=completion, margin=margin)
    demand = {"progression": ratios, "entry": ratios} if ratios else None
    return _given(horizon=horizon, demand=demand, supply=supply or None)


def _given(**stated: object) -> dict[str, Any]:
    return {name: value for name, value in stated.items() if value is not None}


def changed(old: Changed, given: Document, problems: Problems) -> Changed | None:
    """Lay settings over those of a scenario, as a file that extends another one does.

    Parameters
    ----------
    old, given
    problems
        Takes what is wrong, at the place of ``given``.

    Returns
    -------
    Changed or None
        None where there are errors.
    """
    stated = {name: getattr(old, name).model_dump() for name in type(old).model_fields}
    document = as_document(laid(stated, given.data), given.mark.at.file)
    return checked(Changed, document, problems)


def named(name: str, place: str, problems: Problems) -> tuple[str, Texts] | None:
    """Return a name and the title that a file without one has."""
    found = checked(_Named, as_document({"name": name}, place), problems)
    return None if found is None else (found.name, found.title)


def laid(under: Mapping[Any, Any], over: Mapping[Any, Any]) -> dict[Any, Any]:
    """Lay maps over each other key by key; levers are appended, all else replaces.

    >>> laid({"demand": {"entry": 1, "births": 2}}, {"demand": {"entry": 3}})
    {'demand': {'entry': 3, 'births': 2}}
    """
    return {**under, **{key: _over(key, under.get(key), value) for key, value in over.items()}}


def _over(key: object, old: Any, value: Any) -> Any:
    if isinstance(value, Mapping) and isinstance(old, Mapping):
        return laid(old, value)
    return (*old, *value) if key == "levers" and isinstance(old, tuple) else value


def fixed(value: Any) -> Any:
    """Return plain values so that nothing in them can be changed.

    >>> fixed({"levers": [{"kind": "delay"}]})
    {'levers': ({'kind': 'delay'},)}
    """
    if isinstance(value, BaseModel):
        value = value.model_dump()
    if isinstance(value, Mapping):
        return Fixed({key: fixed(item) for key, item in value.items()})
    return tuple(map(fixed, value)) if isinstance(value, list | tuple) else value
