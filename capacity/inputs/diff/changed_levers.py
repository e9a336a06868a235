"""Levers that differ: each is met with the one on the other side that does the same thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from capacity.inputs.diff.changed import ADDED, CHANGED, LEVER, REMOVED, Changed, as_text
from capacity.inputs.levers.lever import Lever

_OWN = ("close", "convert", "rezone")
_YEARS = frozenset({"from", "until"})
#: Fields that say how much, not what: two levers that differ in these are one lever, changed.
_VALUES = frozenset(
    {"set", "add", "times", "replaces", "close.places", "convert.places", "rezone.share"}
)
#: What a lever says, field by field, as text.
Said = Mapping[str, str]
Pair = tuple[int, int]


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
    one, other = [said_by(lever) for lever in a], [said_by(lever) for lever in b]
    pairs = _pairs(one, other, [], lambda said: tuple(said.items()))
    pairs = _pairs(one, other, pairs, lambda said: _what(said, _VALUES))
    pairs = _pairs(one, other, pairs, lambda said: _what(said, _VALUES | _YEARS))
    left, right = ({pair[side] for pair in pairs} for side in (0, 1))
    found = [LeverChange(lever, None) for i, lever in enumerate(a) if i not in left]
    for i, k in sorted(pairs, key=lambda pair: pair[1]):
        found += [LeverChange(a[i], b[k])] if one[i] != other[k] else []
    found += [LeverChange(None, lever) for k, lever in enumerate(b) if k not in right]
    return LeverChanges(tuple(found), _order(pairs, one))


def changed_levers(changes: LeverChanges) -> tuple[Changed, ...]:
    """Give a row for every lever that one side alone has, and for every other value."""
    rows: list[Changed] = []
    for change in changes.levers:
        if change.a is None or change.b is None:
            rows.append(_whole(change))
        else:
            rows += _fields(change.a, change.b)
    if changes.reordered:
        rows.append(Changed(LEVER, "", CHANGED, "order", "", *changes.reordered))
    return tuple(rows)


def said_by(lever: Lever) -> dict[str, str]:
    """Give all that a lever says: dotted fields as text; lists of cells in one order."""
    said = {"kind": lever.kind}
    for name, chosen in vars(lever.where).items():
        if chosen is not None:
            said[f"where.{name}"] = as_text(tuple(sorted(chosen)))
    said |= {"from": as_text(lever.from_), "until": as_text(lever.until)}
    said |= {form: as_text(getattr(lever, form)) for form in ("set", "add", "times")}
    said["replaces"] = "true" if lever.replaces else ""
    for name, value in (lever.add_project or {}).items():
        said[f"add_project.{name}"] = as_text(value)
    for name in _OWN:
        if isinstance(own := getattr(lever, name), BaseModel):
            said |= {f"{name}.{key}": as_text(value) for key, value in own}
    return {key: text for key, text in said.items() if text}


def _what(said: Said, values: frozenset[str]) -> tuple[tuple[str, str], ...]:
    """Give what tells a lever from others: not its values; of a project, its code alone."""
    project = "add_project.project"
    return tuple(
        (key, text)
        for key, text in said.items()
        if key not in values and (key == project or not key.startswith("add_project."))
    )


def _pairs(
    one: Sequence[Said], other: Sequence[Said], met: list[Pair], key: Callable[[Said], object]
) -> list[Pair]:
    """Meet the levers that are left by a key, in their order."""
    left, right = {i for i, _ in met}, {k for _, k in met}
    waiting: dict[object, list[int]] = {}
    for i, said in enumerate(one):
        if i not in left:
            waiting.setdefault(key(said), []).append(i)
    more = []
    for k, said in enumerate(other):
        if k not in right and (found := waiting.get(key(said))):
            more.append((found.pop(0), k))
    return [*met, *more]


def _name(said: Said) -> str:
    """Name a lever as a person would: its kind, where and when."""
    parts = [
        f"{key.rpartition('.')[2]} {text}"
        for key, text in _what(said, _VALUES | _YEARS)
        if key != "kind"
    ]
    years = [f"{key} {said[key]}" for key in ("from", "until") if key in said]
    cells = "; ".join([*parts, *years])
    return f"{said['kind']}: {cells}" if cells else said["kind"]


def _whole(change: LeverChange) -> Changed:
    """Give a lever of one side, with what it does."""
    lever = change.b or change.a
    assert lever is not None
    said = said_by(lever)
    told = {key for key, _ in _what(said, _VALUES)}
    does = ", ".join(f"{key.rpartition('.')[2]} {said[key]}" for key in said if key not in told)
    kind, old, new = (ADDED, "", does) if change.a is None else (REMOVED, does, "")
    return Changed(LEVER, "", kind, _name(said), "", old, new, _at(lever))


def _fields(a: Lever, b: Lever) -> Iterator[Changed]:
    one, other = said_by(a), said_by(b)
    for field in dict.fromkeys([*one, *other]):
        old, new = one.get(field, ""), other.get(field, "")
        if old != new:
            yield Changed(LEVER, "", CHANGED, _name(other), field, old, new, _at(b))


def _order(pairs: Sequence[Pair], one: Sequence[Said]) -> tuple[str, str] | None:
    """Give both orders of levers that both sides have, where they differ."""
    firsts, others = sorted(i for i, _ in pairs), [i for i, _ in sorted(pairs, key=lambda p: p[1])]
    if firsts == others:
        return None
    old, new = (" | ".join(_name(one[i]) for i in order) for order in (firsts, others))
    return old, new


def _at(lever: Lever) -> str:
    return f"{Path(lever.file).name}:{lever.line}" if lever.file else ""
