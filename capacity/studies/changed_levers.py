"""Levers that differ: each is met with the one on the other side that does the same thing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from pydantic import BaseModel

from capacity.inputs.levers.lever import Lever
from capacity.studies.changed import ADDED, CHANGED, LEVER, REMOVED, Changed, as_text

_OWN = ("close", "convert", "rezone")
_YEARS = frozenset({"from", "until"})
#: Fields that say how much, not what: two levers that differ in these are one lever, changed.
_VALUES = frozenset(
    {"set", "add", "times", "replaces", "close.places", "convert.places", "rezone.share"}
)
#: What a lever says, field by field, as text.
Said = Mapping[str, str]
Pair = tuple[int, int]


def changed_levers(a: Sequence[Lever], b: Sequence[Lever]) -> tuple[Changed, ...]:
    """Name every lever that only one side has, and every field of one that both have.

    The same lever is one of the same kind, cells and years; where none is left, of the same kind
    and cells in other years. Its place in a file does not count, its place in the order does.
    """
    one, other = [said_by(lever) for lever in a], [said_by(lever) for lever in b]
    same = _pairs(one, other, [], lambda said: tuple(said.items()))
    pairs = _pairs(one, other, same, lambda said: _what(said, _VALUES))
    pairs = _pairs(one, other, pairs, lambda said: _what(said, _VALUES | _YEARS))
    left, right = ({pair[side] for pair in pairs} for side in (0, 1))
    found = [_whole(REMOVED, one[k], a[k]) for k in range(len(a)) if k not in left]
    for i, k in sorted(pairs, key=lambda pair: pair[1]):
        found += _fields(one[i], other[k], b[k])
    found += [_whole(ADDED, other[k], b[k]) for k in range(len(b)) if k not in right]
    return (*found, *_order(pairs, one))


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


def _whole(change: str, said: Said, lever: Lever) -> Changed:
    """Give a lever of one side, with what it does."""
    told = {key for key, _ in _what(said, _VALUES)} - {"kind"}
    does = ", ".join(
        f"{key.rpartition('.')[2]} {text}"
        for key, text in said.items()
        if key not in told | {"kind"}
    )
    old, new = ("", does) if change == ADDED else (does, "")
    return Changed(LEVER, "", change, _name(said), "", old, new, _at(lever))


def _fields(one: Said, other: Said, lever: Lever) -> Iterator[Changed]:
    for field in dict.fromkeys([*one, *other]):
        old, new = one.get(field, ""), other.get(field, "")
        if old != new:
            yield Changed(LEVER, "", CHANGED, _name(other), field, old, new, _at(lever))


def _order(pairs: Sequence[Pair], one: Sequence[Said]) -> Iterator[Changed]:
    """Say that levers of both sides stand in another order, in which they may do other things."""
    firsts, others = sorted(i for i, _ in pairs), [i for i, _ in sorted(pairs, key=lambda p: p[1])]
    if firsts != others:
        old, new = (" | ".join(_name(one[i]) for i in order) for order in (firsts, others))
        yield Changed(LEVER, "", CHANGED, "order", "", old, new)


def _at(lever: Lever) -> str:
    return f"{Path(lever.file).name}:{lever.line}" if lever.file else ""
