"""Levers as a scenario file or a caller in Python gives them, each read by itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import Field

from capacity.base.errors import At, Problems
from capacity.base.fields import Strict
from capacity.inputs.districts.base_year import Listed
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import Document, Mark
from capacity.inputs.levers.declared import Declaration
from capacity.inputs.levers.lever import Lever, lever_of
from capacity.inputs.levers.part import Part, may_add, part_of


class _Levers(Strict):
    """Nothing but levers."""

    levers: tuple[Declaration, ...] = Field(default=())


def stated_levers(document: Document) -> tuple[tuple[Lever, ...], bool]:
    """Read each lever by itself, and tell whether no project is lost with those at fault."""
    levers: list[Lever] = []
    whole, stated = True, document.data.get("levers")
    marks = document.mark.below["levers"].below if isinstance(stated, tuple) else {}
    for index, lever in enumerate(stated if isinstance(stated, tuple) else ()):
        one = Document({"levers": (lever,)}, Mark(marks[index].at))
        if (declared := checked(_Levers, one, Problems())) is not None:
            levers.append(lever_of(declared.levers[0], marks[index]))
            continue
        part = part_of(lever, marks[index])
        levers += [part] if part is not None else []
        whole = whole and not may_add(lever, part)
    return tuple(levers), whole


def given_levers(
    levers: tuple[Mapping[str, Any] | Lever, ...], problems: Problems
) -> tuple[list[Lever], bool]:
    """Check levers given in Python; their place is their number.

    Tells also whether no project is lost with those at fault.
    """
    given: list[Lever] = []
    whole = True
    for number, lever in enumerate(levers, 1):
        if isinstance(lever, Lever):
            given.append(lever)
            continue
        if not isinstance(lever, Mapping):
            raise TypeError(f"a lever is a mapping, like {{'kind': 'delay', 'add': 2}}: {lever!r}")
        said = {("from" if key == "from_" else key): value for key, value in lever.items()}
        mark = Mark(At("with_levers", number))
        marks = Mark(mark.at, below={"levers": Mark(mark.at, below={0: mark})})
        plain = _plain(said)
        declared = checked(_Levers, Document({"levers": (plain,)}, marks), problems)
        if declared is not None:
            given.append(lever_of(declared.levers[0], mark))
            continue
        part = part_of(plain, mark)
        given += [part] if part is not None else []
        whole = whole and not may_add(plain, part)
    return given, whole


def _plain(value: Any) -> Any:
    """Turn lists into tuples and numbers of numpy into Python's, as YAML gives them."""
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(_plain(item) for item in value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value


def added_projects(levers: Iterable[Lever]) -> list[Listed]:
    """Give the projects that sound levers add."""
    found: list[Listed] = []
    for lever in levers:
        if (row := lever.add_project) is not None and not isinstance(lever, Part):
            at = lever.at("add_project", "opens")
            opens = row["opens"]
            assert isinstance(opens, int)
            found.append(Listed(str(row["project"]), str(row["status"]), opens, at))
    return found
