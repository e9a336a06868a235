"""What differs in the inputs of two scenarios: levers, settings, district.yaml and tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path, PurePath
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import BaseModel

from capacity.inputs.districts.district import District
from capacity.inputs.levers.kinds import OWN_KEYS
from capacity.inputs.levers.lever import Lever
from capacity.inputs.scenarios.scenario import Scenario
from capacity.inputs.tables.columns import PLACES, TABLES
from capacity.inputs.tables.withheld import is_mark

#: What a change is of, in the order in which it is listed.
LEVER, SETTING, DISTRICT, TABLE = "lever", "setting", "district", "table"
ADDED, REMOVED, CHANGED = "added", "removed", "changed"

#: Parts of a scenario that are settings.
SETTINGS = ("horizon", "demand", "supply", "chance")
#: Parts of district.yaml that are lists of things with a code.
_CODED = ("regions", "levels")
_YEARS = frozenset({"from", "until"})
#: Fields that say how much, not what: two levers that differ in these are one lever, changed.
_VALUES = frozenset(
    {"set", "add", "times", "replaces"}
    | {f"{key}.{name}" for key in OWN_KEYS for name in ("places", "share")}
)
#: Columns of the frames that are not of the files.
_PLACE = ("line", "file")
#: What a lever says, field by field, as text.
Stated = Mapping[str, str]
Pair = tuple[int, int]


@dataclass(frozen=True)
class Changed:
    """One input that is not the same on both sides.

    Attributes
    ----------
    what : str
        ``lever``, ``setting`` (of the scenario file), ``district`` (district.yaml) or ``table``.
    table : str
        Of a row of a table: which.
    change : str
        ``added`` (only in b), ``removed`` (only in a) or ``changed``.
    key : str
        The lever by kind and cells, the path of a setting, or the key of a row.
    column : str
        The field of the lever or the column of the table; empty for a setting.
    a, b : str
        Old and new; empty where there is none.
    at : str
        File and line where it stands: in b, of what was removed in a.
    """

    what: str
    table: str
    change: str
    key: str
    column: str
    a: str
    b: str
    at: str = ""


def as_text(value: Any) -> str:
    """Return a value as it would stand in a file: whole numbers without a point, no value empty.

    >>> as_text(1200.0), as_text(0.69), as_text(float("nan")), as_text(("north", "south"))
    ('1200', '0.69', '', 'north, south')
    """
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, tuple | list):
        return ", ".join(map(as_text, value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def between(a: str, b: str) -> str:
    """Name the change from a text to another, of which one may be empty."""
    return CHANGED if a and b else ADDED if b else REMOVED


def changed_inputs(a: Scenario, b: Scenario) -> tuple[Changed, ...]:
    """Name every lever, setting, key of district.yaml and cell of a table that differs.

    Names, titles and questions of the scenarios do not count, nor does the order of rows.
    """
    return (
        *changed_levers(lever_changes(a.levers, b.levers)),
        *_changed_keys(SETTING, _settings(a), _settings(b)),
        *_changed_keys(DISTRICT, _district(a.district), _district(b.district)),
        *changed_tables(a.district, b.district),
    )


def inputs_frame(changes: tuple[Changed, ...]) -> pd.DataFrame:
    """Return changes as rows: what, table, change, key, column, a, b, at."""
    columns = [field.name for field in fields(Changed)]
    return pd.DataFrame([asdict(change) for change in changes], columns=columns, dtype="str")


@dataclass(frozen=True)
class LeverChange:
    """A lever that one side alone has (the other is None), or that both have with other values."""

    a: Lever | None
    b: Lever | None


@dataclass(frozen=True)
class LeverChanges:
    """All levers that differ, and whether those that both have stand in another order."""

    levers: tuple[LeverChange, ...]
    reordered: tuple[str, str] | None = None


def lever_changes(a: Sequence[Lever], b: Sequence[Lever]) -> LeverChanges:
    """Meet every lever with the one on the other side that does the same thing.

    The same lever is one of the same kind, cells and years; where none is left, of the same kind
    and cells in other years. Its place in a file does not count, its place in the order does.
    """
    one, other = [stated_by(lever) for lever in a], [stated_by(lever) for lever in b]
    pairs = _pairs(one, other, [], lambda stated: tuple(stated.items()))
    pairs = _pairs(one, other, pairs, lambda stated: _what(stated, _VALUES))
    pairs = _pairs(one, other, pairs, lambda stated: _what(stated, _VALUES | _YEARS))
    left, right = ({pair[side] for pair in pairs} for side in (0, 1))
    found = [LeverChange(lever, None) for i, lever in enumerate(a) if i not in left]
    for i, k in sorted(pairs, key=lambda pair: pair[1]):
        found += [LeverChange(a[i], b[k])] if one[i] != other[k] else []
    found += [LeverChange(None, lever) for k, lever in enumerate(b) if k not in right]
    return LeverChanges(tuple(found), _order(pairs, one))


def changed_levers(changes: LeverChanges) -> tuple[Changed, ...]:
    """Return a row for every lever that one side alone has, and for every other value."""
    rows: list[Changed] = []
    for change in changes.levers:
        if change.a is None or change.b is None:
            rows.append(_whole_lever(change))
        else:
            rows += _fields(change.a, change.b)
    if changes.reordered:
        rows.append(Changed(LEVER, "", CHANGED, "order", "", *changes.reordered))
    return tuple(rows)


def stated_by(lever: Lever) -> dict[str, str]:
    """Return all that a lever says: dotted fields as text; lists of cells in one order."""
    stated = {"kind": lever.kind}
    for name, chosen in vars(lever.where).items():
        if chosen is not None:
            stated[f"where.{name}"] = as_text(tuple(sorted(chosen)))
    stated |= {"from": as_text(lever.from_), "until": as_text(lever.until)}
    stated |= {form: as_text(getattr(lever, form)) for form in ("set", "add", "times")}
    stated["replaces"] = "true" if lever.replaces else ""
    for name, value in (lever.add_project or {}).items():
        stated[f"add_project.{name}"] = as_text(value)
    for name in OWN_KEYS:
        if isinstance(own := getattr(lever, name), BaseModel):
            stated |= {f"{name}.{key}": as_text(value) for key, value in own}
    return {key: text for key, text in stated.items() if text}


def _what(stated: Stated, values: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Return what tells a lever from others: not its values; of a project, its code alone."""
    project = "add_project.project"
    return tuple(
        (key, text)
        for key, text in stated.items()
        if key not in values and (key == project or not key.startswith("add_project."))
    )


def _pairs(
    one: Sequence[Stated], other: Sequence[Stated], met: list[Pair], key: Callable[[Stated], object]
) -> list[Pair]:
    """Meet the levers that are left by a key, in their order."""
    left, right = {i for i, _ in met}, {k for _, k in met}
    waiting: dict[object, list[int]] = {}
    for i, stated in enumerate(one):
        if i not in left:
            waiting.setdefault(key(stated), []).append(i)
    more = []
    for k, stated in enumerate(other):
        if k not in right and (found := waiting.get(key(stated))):
            more.append((found.pop(0), k))
    return [*met, *more]


def _name(stated: Stated) -> str:
    """Name a lever as a person would: its kind, where and when."""
    parts = [
        f"{key.rpartition('.')[2]} {text}"
        for key, text in _what(stated, _VALUES | _YEARS)
        if key != "kind"
    ]
    years = [f"{key} {stated[key]}" for key in ("from", "until") if key in stated]
    cells = "; ".join([*parts, *years])
    return f"{stated['kind']}: {cells}" if cells else stated["kind"]


def _whole_lever(change: LeverChange) -> Changed:
    """Return a lever of one side, with what it does."""
    lever = change.b or change.a
    assert lever is not None
    stated = stated_by(lever)
    told = {key for key, _ in _what(stated, _VALUES)}
    does = ", ".join(f"{key.rpartition('.')[2]} {stated[key]}" for key in stated if key not in told)
    kind, old, new = (ADDED, "", does) if change.a is None else (REMOVED, does, "")
    return Changed(LEVER, "", kind, _name(stated), "", old, new, _lever_at(lever))


def _fields(a: Lever, b: Lever) -> Iterator[Changed]:
    one, other = stated_by(a), stated_by(b)
    for field in dict.fromkeys([*one, *other]):
        old, new = one.get(field, ""), other.get(field, "")
        if old != new:
            yield Changed(LEVER, "", CHANGED, _name(other), field, old, new, _lever_at(b))


def _order(pairs: Sequence[Pair], one: Sequence[Stated]) -> tuple[str, str] | None:
    """Return both orders of levers that both sides have, where they differ."""
    firsts, others = sorted(i for i, _ in pairs), [i for i, _ in sorted(pairs, key=lambda p: p[1])]
    if firsts == others:
        return None
    old, new = (" | ".join(_name(one[i]) for i in order) for order in (firsts, others))
    return old, new


def _lever_at(lever: Lever) -> str:
    return f"{Path(lever.file).name}:{lever.line}" if lever.file else ""


def _settings(of: Scenario) -> dict[str, Any]:
    """Return the keys of a scenario file; name, title and question apart."""
    return {name: getattr(of, name).model_dump(mode="json") for name in SETTINGS}


def _changed_keys(what: str, a: Mapping[str, Any], b: Mapping[str, Any]) -> Iterator[Changed]:
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
    """Return the keys of district.yaml, regions and levels by their code."""
    stated: dict[str, Any] = {"name": district.name, "title": district.title.model_dump()}
    for name in _CODED:
        parts = {part.code: part.model_dump(mode="json") for part in getattr(district, name)}
        stated[name] = parts
    stated["entry"] = district.entry.model_dump(mode="json") if district.entry else {}
    stated["neighbours"] = {
        level: {" - ".join(sorted(pair)): "yes" for pair in pairs}
        for level, pairs in district.neighbours.items()
    }
    for name in ("bands", "targets"):
        stated[name] = getattr(district, name).model_dump(mode="json")
    stated["headline"], stated["school_years"] = district.headline, district.school_years
    stated["grade_names"] = {g: name.model_dump() for g, name in district.grade_names.items()}
    return stated


def changed_tables(a: District, b: District) -> tuple[Changed, ...]:
    """Name every cell of every table that is not the same on both sides."""
    return tuple(
        change
        for name, table in TABLES.items()
        for change in _changed_rows(name, table.key, a.table(name), b.table(name))
    )


def _changed_rows(
    name: str, key: tuple[str, ...], a: pd.DataFrame, b: pd.DataFrame
) -> Iterator[Changed]:
    columns = [c for c in dict.fromkeys([*b, *a]) if c not in (*key, *_PLACE) and not is_mark(c)]
    one, other = (dict(zip(_keys(side, key), range(len(side)), strict=True)) for side in (a, b))
    for k, row in one.items():
        if k not in other:
            yield from _whole_row(name, REMOVED, k, a, row, columns)
    both = [k for k in one if k in other]
    old, new = (
        side.iloc[[rows[k] for k in both]].reset_index(drop=True)
        for side, rows in ((a, one), (b, other))
    )
    differs = np.column_stack([_differs(old, new, column) for column in columns])
    for row, number in np.argwhere(differs).tolist():
        column = columns[number]
        before, after = _cell(old, row, column), _cell(new, row, column)
        yield Changed(
            TABLE, name, CHANGED, _key_text(both[row]), column, before, after, _row_at(new, row)
        )
    for k, row in other.items():
        if k not in one:
            yield from _whole_row(name, ADDED, k, b, row, columns)


def _keys(frame: pd.DataFrame, key: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Return the key of each row as text, part by part."""
    parts = [[as_text(cell) for cell in frame[name].tolist()] for name in key]
    if "basis" in key:  # without one, a ratio is per birth
        parts[key.index("basis")] = [cell or "births" for cell in frame["basis"].tolist()]
    return list(zip(*parts, strict=True))


def _key_text(key: tuple[str, ...]) -> str:
    return ", ".join(part for part in key if part)


def _differs(a: pd.DataFrame, b: pd.DataFrame, column: str) -> NDArray[Any]:
    one, other = (_column(frame, column) for frame in (a, b))
    empty = (one != one) & (other != other)  # noqa: PLR0124 - nan is not itself
    return np.asarray((one != other) & ~empty, dtype=bool)


def _column(frame: pd.DataFrame, column: str) -> NDArray[Any]:
    if column in frame:
        return frame[column].to_numpy()
    return np.full(len(frame), 0.0 if column.startswith(PLACES) else np.nan)


def _cell(frame: pd.DataFrame, row: int, column: str) -> str:
    return as_text(frame[column].iloc[row]) if column in frame else ""


def _whole_row(
    name: str,
    change: str,
    key: tuple[str, ...],
    frame: pd.DataFrame,
    row: int,
    columns: list[str],
) -> Iterator[Changed]:
    """Yield the filled cells of a row that one side alone has; a row without any, once."""
    cells = {column: _cell(frame, row, column) for column in columns}
    filled = {column: text for column, text in cells.items() if text} or {"": ""}
    for column, text in filled.items():
        old, new = ("", text) if change == ADDED else (text, "")
        yield Changed(TABLE, name, change, _key_text(key), column, old, new, _row_at(frame, row))


def _row_at(frame: pd.DataFrame, row: int) -> str:
    file = PurePath(str(frame["file"].iloc[row])).name
    return f"{file}:{frame['line'].iloc[row]}"
