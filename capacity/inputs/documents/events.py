"""YAML events to values, each with its line and column.

Values follow the YAML 1.2 core schema. The parser's events are taken one by one, so that a
refused file costs no more than its text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import yaml

from capacity.base.errors import At, Problems

MAX_DEPTH = 32
#: What a Chinese keyboard writes for a colon.
WIDE_COLON = "\N{FULLWIDTH COLON}"

#: A key's or value's way from the root: keys of maps and indices of lists.
Path = tuple[str | int, ...]

_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+(\.[0-9]*)?([eE][-+]?[0-9]+)?")
_UNDERSCORE = re.compile(r"[-+]?[0-9]+(_[0-9]+)+(\.[0-9_]*)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
#: Longer whole numbers are past the largest finite one.
_MAX_DIGITS = 308
_WORDS: dict[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass
class Mark:
    """Where a value stands, and under its keys or indices, where all that is in it stands.

    Attributes
    ----------
    at : At
        First character of the value.
    key : At or None
        First character of its key, in a map.
    broken : bool
        Already reported; a check that stumbles over it stays silent.
    partial : bool
        A key in this map was refused, so a missing key may be that one.
    below : dict of key or index to Mark
    """

    at: At
    key: At | None = None
    broken: bool = False
    partial: bool = False
    below: dict[str | int, Mark] = field(default_factory=dict)

    def way(self, path: Path) -> list[Mark]:
        """Give the marks along ``path``, as far as the file has it."""
        marks = [self]
        for step in path:
            if step not in marks[-1].below:
                break
            marks.append(marks[-1].below[step])
        return marks


@dataclass
class _Open:
    """A map or list whose end has not come yet."""

    items: dict[str | int, object] | list[object]
    mark: Mark
    key: str | int | None = None
    key_at: At | None = None


class Builder:
    """Values and their places, built from the parser's events."""

    def __init__(self, file: str, problems: Problems) -> None:
        self.file, self.problems = file, problems
        self.root: object = None
        self.mark = Mark(At(file, 1, 1))
        self.stack: list[_Open] = []
        self.documents = 0

    def take(self, event: yaml.Event) -> bool:
        """Take one event; False where reading on makes no sense."""
        if refusal := self._refused(event):
            self.problems.error(refusal, self._at(event), limit=MAX_DEPTH)
            return False
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.CollectionStartEvent):
            is_map = isinstance(event, yaml.MappingStartEvent)
            self.stack.append(_Open({} if is_map else [], Mark(self._at(event))))
        elif isinstance(event, yaml.CollectionEndEvent):
            ended = self.stack.pop()
            items = ended.items
            self._put(tuple(items) if isinstance(items, list) else items, ended.mark)
        return True

    def _refused(self, event: yaml.Event) -> str | None:
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            return "yaml-anchor"
        if getattr(event, "tag", None):
            return "yaml-tag"
        if isinstance(event, yaml.DocumentStartEvent) and self.documents:
            return "yaml-documents"
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.stack) >= MAX_DEPTH:
                return "yaml-depth"
            if self._wants_key():
                return "yaml-key"
        return None

    def _at(self, event: yaml.Event) -> At:
        mark = event.start_mark
        assert mark is not None
        return At(self.file, mark.line + 1, mark.column + 1)

    def _wants_key(self) -> bool:
        if not self.stack:
            return False
        return isinstance(self.stack[-1].items, dict) and self.stack[-1].key_at is None

    def _scalar(self, event: yaml.ScalarEvent) -> None:
        at = self._at(event)
        plain = bool(event.implicit[0])
        if self._wants_key():
            self._key(event.value, plain, at)
            return
        mark = Mark(at)
        if plain and (code := _bad_number(event.value)):
            self.problems.error(code, at, found=event.value)
            mark.broken = True
        self._put(core_value(event.value) if plain else event.value, mark)

    def _key(self, text: str, plain: bool, at: At) -> None:
        """Note the key of the value that follows; without one that value is dropped."""
        top = self.stack[-1]
        key = core_value(text) if plain else text
        top.key_at = at
        if plain and text == "<<":
            self.problems.error("yaml-anchor", at)
        elif plain and WIDE_COLON in text:
            column = (at.column or 1) + text.index(WIDE_COLON)
            self.problems.error("yaml-wide-colon", At(at.file, at.line, column))
        elif plain and (code := _bad_number(text)):
            self.problems.error(code, at, found=text)
        elif isinstance(key, bool) or not isinstance(key, str | int):
            self.problems.error("yaml-key", at, found=text)
        elif (first := top.mark.below.get(key)) is not None:
            line = first.key.line if first.key else None
            self.problems.error("yaml-duplicate", at, key=key, line=line)
        else:
            top.key = key

    def _put(self, value: object, mark: Mark) -> None:
        if not self.stack:
            self.root, self.mark = value, mark
            return
        top = self.stack[-1]
        if isinstance(top.items, list):
            top.mark.below[len(top.items)] = mark
            top.items.append(value)
            return
        if top.key is None:
            top.mark.partial = True
        else:
            mark.key = top.key_at
            top.items[top.key] = value
            top.mark.below[top.key] = mark
        top.key, top.key_at = None, None


def _bad_number(text: str) -> str | None:
    if _LEADING_ZERO.fullmatch(text):
        return "yaml-leading-zero"
    if _UNDERSCORE.fullmatch(text):
        return "yaml-underscore"
    if _NOT_FINITE.fullmatch(text):
        return "yaml-not-finite"
    if _FLOAT.fullmatch(text) and not math.isfinite(float(text)):
        return "yaml-not-finite"
    return None


def core_value(text: str) -> object:
    """Read an unquoted scalar by the YAML 1.2 core schema.

    >>> [core_value(text) for text in ("no", "true", "12:30", "1e3", "-4", "")]
    ['no', True, '12:30', 1000.0, -4, None]
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text) if len(text) <= _MAX_DIGITS else float(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text
