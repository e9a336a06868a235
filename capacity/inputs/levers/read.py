"""Levers as a scenario file or a caller in Python gives them, read one by one; and the way back.

Of a lever at fault the names are read all the same, so that these are checked too.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from pydantic import BaseModel, Field
from pydantic_core import PydanticCustomError

from capacity.base.errors import At, Problems, nearest
from capacity.base.fields import Fixed, Strict, as_code
from capacity.inputs.districts.base_year import Listed
from capacity.inputs.districts.district import District
from capacity.inputs.documents.shapes import checked
from capacity.inputs.documents.yaml import Document, Mark, plain
from capacity.inputs.levers.kinds import KINDS, OWN_KEYS, Declaration
from capacity.inputs.levers.lever import NAMES_OF, Lever, PartialLever, ProjectRow, Where
from capacity.inputs.tables.columns import PER_LEVEL, TABLES
from capacity.inputs.tables.values import normal_code

_FIELDS = tuple(ProjectRow.model_fields)
_NUMBERS = {one.name for one in TABLES["pipeline"].columns if one.kind in ("number", "year")}
#: Levers of a scenario, those of the files extended among them: each is held against the others.
MAX_LEVERS = 5000


class _Levers(Strict):
    """Nothing but levers."""

    levers: tuple[Declaration, ...] = Field(default=())


def without_many(document: Document, problems: Problems) -> Document:
    """Return a scenario with its first `MAX_LEVERS` levers; refuse more."""
    stated = document.data.get("levers")
    if not isinstance(stated, tuple) or len(stated) <= MAX_LEVERS:
        return document
    at = document.at(("levers", MAX_LEVERS))
    problems.error("levers-many", at, count=len(stated), limit=MAX_LEVERS)
    return replace(document, data={**document.data, "levers": stated[:MAX_LEVERS]})


def stated_levers(document: Document, problems: Problems) -> tuple[tuple[Lever, ...], bool]:
    """Return the levers of a scenario, and whether no project is lost with those at fault."""
    stated = document.data.get("levers")
    marks = document.mark.below["levers"].below if isinstance(stated, tuple) else {}
    levers = stated if isinstance(stated, tuple) else ()
    read = [_read(lever, marks[index], problems) for index, lever in enumerate(levers)]
    return tuple(lever for lever, _ in read if lever), all(whole for _, whole in read)


def given_levers(
    levers: tuple[Mapping[str, Any] | Lever, ...], problems: Problems
) -> tuple[list[Lever], bool]:
    """Return levers given in Python, whose place is their number, likewise.

    Raises
    ------
    TypeError
        One is no mapping.
    """
    if len(levers) > MAX_LEVERS:
        at = At("with_levers", MAX_LEVERS + 1)
        problems.error("levers-many", at, count=len(levers), limit=MAX_LEVERS)
    read: list[tuple[Lever | None, bool]] = []
    for number, lever in enumerate(levers[:MAX_LEVERS], 1):
        if isinstance(lever, Lever):
            read.append((lever, True))
        elif isinstance(lever, Mapping):
            keys = {("from" if key == "from_" else key): value for key, value in lever.items()}
            read.append(_read(plain(keys), Mark(At("with_levers", number)), problems))
        else:
            raise TypeError(f"a lever is a mapping, like {{'kind': 'delay', 'add': 2}}: {lever!r}")
    return [lever for lever, _ in read if lever], all(whole for _, whole in read)


def _read(stated: object, mark: Mark, problems: Problems) -> tuple[Lever | None, bool]:
    """Read one lever, or what can be read of it; False where it may add a project unread."""
    marks = Mark(mark.at, below={"levers": Mark(mark.at, below={0: mark})})
    declared = checked(_Levers, Document({"levers": (stated,)}, marks), problems)
    if declared is not None:
        return lever_of(declared.levers[0], mark), True
    part = _partial_lever(stated, mark)
    return part, not _may_add(stated, part)


def lever_of(declared: Declaration, mark: Mark) -> Lever:
    """Return a declaration in the form that all levers share.

    Parameters
    ----------
    declared : Declaration
        What the file says.
    mark : Mark
        Where it says it.
    """
    stated = {name: getattr(declared, name) for name in type(declared).model_fields}
    if isinstance(where := stated.get("where"), BaseModel):
        stated["where"] = Where(**{name: getattr(where, name) for name in type(where).model_fields})
    if isinstance(row := stated.get("add_project"), ProjectRow):
        stated["add_project"] = _project(row)
    return Lever(**stated, file=mark.at.file, line=mark.at.line or 0, mark=mark)


def _project(row: ProjectRow) -> Fixed[str, object]:
    """Return a project as a row of the pipeline table, with places_<level> as stated."""
    empty: dict[str, object] = {name: float("nan") if name in _NUMBERS else "" for name in _FIELDS}
    stated = {name: getattr(row, name) for name in _FIELDS} | (row.model_extra or {})
    return Fixed(empty | {name: value for name, value in stated.items() if value is not None})


def _partial_lever(stated: object, mark: Mark) -> PartialLever | None:
    """Return the part of a lever that can be read, as of the kind that is clearly meant.

    Parameters
    ----------
    stated : object
        What the file says.
    mark : Mark
        Where it says it.
    """
    if not isinstance(stated, Mapping):
        return None
    kind = _meant(stated.get("kind"))
    model = KINDS.get(kind)
    keys = ("where", "add_project", *OWN_KEYS) if model is None else tuple(model.model_fields)
    maps = {key: value for key in keys if isinstance(value := stated.get(key), Mapping)}
    read: dict[str, Any] = {key: _own(key, maps[key]) for key in OWN_KEYS if key in maps}
    if "where" in maps:
        read["where"] = _where(maps["where"], model)
    if "add_project" in maps:
        read["add_project"] = _row(maps["add_project"])
    return PartialLever(kind, **read, file=mark.at.file, line=mark.at.line or 0, mark=mark)


def _may_add(stated: object, part: PartialLever | None) -> bool:
    """Whether a lever at fault may add a project whose name cannot be read."""
    if part is None or not isinstance(stated, Mapping):
        return True
    if part.add_project is not None:
        return part.add_project.get("project") is None
    unsure = part.kind not in KINDS and any(key not in ("kind", "where") for key in stated)
    maps = [
        v for k, v in stated.items() if k not in ("where", *OWN_KEYS) and isinstance(v, Mapping)
    ]
    return part.kind == "add_project" or (unsure and bool(maps))


def _meant(kind: object) -> str:
    """Return the kind, or the one that is clearly nearest; else nothing."""
    if not isinstance(kind, str) or kind in KINDS:
        return kind if isinstance(kind, str) else ""
    close = nearest(kind, KINDS)
    return close[0] if len(close) == 1 else ""


def _code(value: object) -> str | None:
    try:
        return as_code(value) if isinstance(value, str) else None
    except PydanticCustomError:
        return None


def _own(key: str, stated: Mapping[str, object]) -> BaseModel:
    """Read the regions and levels under the own key of a kind."""
    names = OWN_KEYS[key].model_fields
    codes = {name: _code(stated.get(name)) for name in names if name.endswith(("region", "level"))}
    return OWN_KEYS[key].model_construct(**dict.fromkeys(names) | codes)


def _where(stated: Mapping[str, object], model: type[BaseModel] | None) -> Where:
    """Read the names under each key; one that cannot be read keeps its place as None."""
    keys = set(NAMES_OF)
    if model is not None:
        declared: Any = model.model_fields["where"].annotation
        keys &= set(declared.model_fields)
    chosen: dict[str, Any] = {}
    for key in keys:
        if (written := key.rstrip("_")) not in stated:
            continue
        names = value if isinstance(value := stated[written], tuple) else (value,)
        chosen[key] = tuple(map(_grade if key == "grade" else _code, names))
    return Where(**chosen)


def _grade(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _row(stated: Mapping[str, object]) -> Fixed[str, object]:
    codes = {key: _code(stated.get(key)) for key in ("project", "region", "status")}
    return Fixed({key: value for key, value in stated.items() if isinstance(key, str)} | codes)


def added_projects(levers: Iterable[Lever]) -> list[Listed]:
    """Return the projects that sound levers add."""
    found: list[Listed] = []
    for lever in levers:
        if (row := lever.add_project) is not None and not isinstance(lever, PartialLever):
            at = lever.at("add_project", "opens")
            opens = row["opens"]
            assert isinstance(opens, int)
            found.append(Listed(str(row["project"]), str(row["status"]), opens, at))
    return found


def canonical_codes(levers: Sequence[Lever], district: District) -> tuple[Lever, ...]:
    """Return the same levers with every name as the district, or an added project, spells it.

    Two spellings of a code are one code.
    """
    named: Mapping[str, Iterable[str]] = {
        "region": (region.code for region in district.regions),
        "level": (level.code for level in district.levels),
        "group": district.groups,
        "project": district.table("pipeline")["project"],
        "school": district.table("places")["school"].unique(),
    }
    spellings: dict[str, dict[str, str]] = {key: {} for key in named}
    for key, names in named.items():
        for name in names:
            spellings[key].setdefault(normal_code(name), name)

    def spelt(key: str, name: Any) -> Any:
        """Spell the value of a key such as ``region`` or ``from_region``; others stay."""
        known = spellings.get(NAMES_OF.get(key, key.rpartition("_")[2]), {})
        return known.get(normal_code(name), name) if isinstance(name, str) else name

    found = []
    for lever in levers:
        found.append(_respelt(lever, spelt))
        if lever.add_project is not None and (project := lever.add_project["project"]):
            spellings["project"].setdefault(normal_code(str(project)), str(project))
    return tuple(found)


def _of_level(key: str, spelt: Callable[[str, Any], Any]) -> str:
    """Spell the level in a key such as ``places_<level>``; others stay."""
    for prefix in PER_LEVEL:
        if key.startswith(prefix):
            return prefix + str(spelt("level", key.removeprefix(prefix)))
    return key


def _respelt(lever: Lever, spelt: Callable[[str, Any], Any]) -> Lever:
    changed: dict[str, Any] = {
        key: own.model_copy(update={name: spelt(name, value) for name, value in own})
        for key in OWN_KEYS
        if isinstance(own := getattr(lever, key), BaseModel)
    }
    where = {
        key: tuple(spelt(key, name) for name in chosen)
        for key, chosen in vars(lever.where).items()
        if chosen is not None
    }
    if lever.add_project is not None:
        changed["add_project"] = Fixed(
            {_of_level(key, spelt): spelt(key, value) for key, value in lever.add_project.items()}
        )
    return replace(lever, where=replace(lever.where, **where), **changed)


def as_stated(lever: Lever) -> dict[str, Any]:
    """Return a lever as a scenario file states it; read again it is the same lever."""
    where = {key.rstrip("_"): of for key, of in vars(lever.where).items() if of is not None}
    found: dict[str, Any] = {"kind": lever.kind, "where": where} if where else {"kind": lever.kind}
    years = {"from": lever.from_, "until": lever.until}
    found |= {key: year for key, year in years.items() if year is not None}
    if lever.form is not None:
        found[lever.form] = getattr(lever, lever.form)
    if lever.replaces:
        found["replaces"] = True
    if lever.add_project is not None:
        cells = lever.add_project.items()
        found["add_project"] = {key: cell for key, cell in cells if not _is_empty(cell)}
    for key in OWN_KEYS:
        if isinstance(own := getattr(lever, key), BaseModel):
            found[key] = own.model_dump(exclude_none=True)
    return found


def _is_empty(cell: object) -> bool:
    return cell == "" or (isinstance(cell, float) and math.isnan(cell))
