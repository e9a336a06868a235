"""YAML files to values, each with its line and column; and values to YAML text.

Values follow the YAML 1.2 core schema (`no` and `12:30` are text). What a planner's file
never needs and what can hide a mistake or an attack is refused: anchors, tags, merge keys,
more than one document, the same key twice, deep nesting, numbers written as `010` or `1_000`.
The parser's events are taken one by one, so that a refused file costs no more than its text.
"""

from __future__ import annotations

import math
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

import yaml

from capacity.base.errors import At, Problems
from capacity.inputs.tables.files import InputFile, is_file, read_text

MAX_BYTES = 2**20
MAX_DEPTH = 32
#: Keys and values in a file: a district of 2,000 regions has a third of them.
MAX_SCALARS = 100_000
#: What a Chinese keyboard writes for a colon.
WIDE_COLON = "\N{FULLWIDTH COLON}"
#: A key with one, on a line of its own: looked for line by line, lest blank lines be read again
#: from each of them.
_WIDE_COLON = re.compile(r"[^\S\n]*(?:- +)?[^\s:#'\"\[{][^:#'\"\n]*?" + WIDE_COLON)
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
        """Return the marks along ``path``, as far as the file has it."""
        marks = [self]
        for step in path:
            if step not in marks[-1].below:
                break
            marks.append(marks[-1].below[step])
        return marks


@dataclass(frozen=True)
class Document:
    """What a YAML file says, and where it says it.

    Attributes
    ----------
    data : dict
        Maps as dicts, lists as tuples, and the scalars of YAML 1.2.
    mark : Mark
        Where it all stands.
    """

    data: dict[str | int, object]
    mark: Mark

    def at(self, path: Path) -> At:
        """Return the place of a value, or of the nearest thing around it that is there."""
        return self.mark.way(path)[-1].at

    def key_at(self, path: Path) -> At:
        """Return the place of the key at the end of ``path``."""
        mark = self.mark.way(path)[-1]
        return mark.key or mark.at

    def is_broken(self, path: Path) -> bool:
        """Whether a value, or the key that could be missing, was reported when it was read."""
        way = self.mark.way(path)
        return way[-1].broken or (len(way) <= len(path) and way[-1].partial)


def as_document(stated: Mapping[str, object], name: str) -> Document:
    """Return what a mapping states as a file would; ``name`` stands in messages."""
    return Document({key: plain(value) for key, value in stated.items()}, Mark(At(name)))


def plain(value: Any) -> Any:
    """Turn lists into tuples and numbers of numpy into Python's, as YAML gives them."""
    if isinstance(value, Mapping):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return tuple(plain(item) for item in value)
    if hasattr(value, "item") and getattr(value, "ndim", None) == 0:
        return value.item()
    return value


def read_yaml(
    path: FilePath, problems: Problems, name: str | None = None
) -> tuple[Document | None, InputFile | None]:
    """Read one YAML file; messages show its path, the list of files its ``name``."""
    shown = str(path)
    if is_file(path) and path.stat().st_size > MAX_BYTES:
        problems.error("yaml-size", At(shown, 1, 1), limit=MAX_BYTES // 2**20)
        return None, None
    text = read_text(path, problems)
    if text is None:
        return None, None
    record = InputFile(path, name or path.name, text.sha256, text.size, text.encoding, 0)
    return parse_yaml(text.text, shown, problems), record


def parse_yaml(text: str, file: str, problems: Problems) -> Document | None:
    """Read the text of one YAML file.

    Parameters
    ----------
    text : str
        The decoded file.
    file : str
        Its name as messages show it.
    problems : Problems
        Takes what is wrong.

    Returns
    -------
    Document or None
        None where the text is no map of keys and values at all.
    """
    if len(text) > MAX_BYTES:
        problems.error("yaml-size", At(file, 1, 1), limit=MAX_BYTES // 2**20)
        return None
    builder = _Builder(file, text.count("\n"), problems)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if not builder.take(event):
                return None
    except yaml.YAMLError as error:
        _syntax(error, text, file, problems)
        return None
    return _document(builder, text, file, problems)


def _document(builder: _Builder, text: str, file: str, problems: Problems) -> Document | None:
    if isinstance(builder.root, dict):
        return Document(builder.root, builder.mark)
    start = At(file, 1, 1)
    wide = ((number, _WIDE_COLON.match(line)) for number, line in enumerate(text.split("\n"), 1))
    if found := next(((number, match) for number, match in wide if match), None):
        problems.error("yaml-wide-colon", At(file, found[0], found[1].end()))
    elif builder.root is None:
        problems.error("yaml-empty", start)
    else:
        problems.error("yaml-not-map", start)
    return None


def _syntax(error: yaml.YAMLError, text: str, file: str, problems: Problems) -> None:
    """Explain a syntax error by what is usually behind it: a tab or a full-width colon."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        at = At(file, error.problem_mark.line + 1, error.problem_mark.column + 1)
        detail = error.problem or error.context or ""
    else:
        at = _place(text, getattr(error, "position", 0) or 0, file)
        detail = str(getattr(error, "reason", error))
    lines = text.splitlines() or [""]
    line = min(at.line or 1, len(lines))
    if "\t" in (indent := re.match(r"\s*", lines[line - 1]).group()):  # type: ignore[union-attr]
        problems.error("yaml-tab", At(file, line, indent.index("\t") + 1))
        return
    for number in (line, line - 1):
        if number >= 1 and (wide := _WIDE_COLON.match(lines[number - 1])):
            problems.error("yaml-wide-colon", At(file, number, wide.end()))
            return
    problems.error("yaml-syntax", at, detail=detail)


def _place(text: str, index: int, file: str) -> At:
    before = text[:index]
    return At(file, before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)


@dataclass
class _Open:
    """A map or list whose end has not come yet."""

    items: dict[str | int, object] | list[object]
    mark: Mark
    key: str | int | None = None
    key_at: At | None = None


class _Builder:
    """Values and their places, built from the parser's events."""

    def __init__(self, file: str, lines: int, problems: Problems) -> None:
        self.file, self.lines, self.problems = file, lines, problems
        self.root: object = None
        self.mark = Mark(At(file, 1, 1))
        self.stack: list[_Open] = []
        self.documents, self.scalars = 0, 0

    def take(self, event: yaml.Event) -> bool:
        """Take one event; False where reading on makes no sense."""
        if refusal := self._refused(event):
            self.problems.error(refusal, self._at(event), limit=MAX_DEPTH)
            return False
        if self.scalars > MAX_SCALARS:
            at = self._at(event)
            more = self.lines - (at.line or 0)
            self.problems.error("yaml-many", at, limit=MAX_SCALARS, more=more)
            return False
        if isinstance(event, yaml.DocumentStartEvent):
            self.documents += 1
        elif isinstance(event, yaml.ScalarEvent):
            self.scalars += 1
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


def is_plain_text(text: str) -> bool:
    """Whether a text without quotes is read as that very text.

    >>> [is_plain_text(text) for text in ("north", "08-31", "010", "1e3", "null")]
    [True, True, False, False, False]
    """
    return core_value(text) == text and not _bad_number(text)


def _bad_number(text: str) -> str | None:
    if _LEADING_ZERO.fullmatch(text):
        return "yaml-leading-zero"
    if _UNDERSCORE.fullmatch(text):
        return "yaml-underscore"
    if _NOT_FINITE.fullmatch(text):
        return "yaml-not-finite"
    if _FLOAT.fullmatch(text) and not math.isfinite(float(text)):
        return "yaml-not-finite"
    if _BASED.fullmatch(text) and (len(text) > _MAX_DIGITS or int(text, 0) > sys.maxsize):
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
    if _BASED.fullmatch(text) and len(text) <= _MAX_DIGITS:
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    return text


class _Dumper(yaml.SafeDumper):
    """Quotes every text that YAML 1.1 and 1.2 read differently, and folds none."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = None if is_plain_text(text) and WIDE_COLON not in text else '"'
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)


def yaml_text(stated: Mapping[str, object]) -> str:
    """Return what a mapping states as the text of a YAML file.

    >>> print(yaml_text({"name": "late", "levers": ({"kind": "delay", "add": 2},)}), end="")
    name: late
    levers:
    - kind: delay
      add: 2
    """
    text: str = yaml.dump(
        _dumpable(stated), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=2**20
    )
    return text


def _dumpable(value: object) -> object:
    if isinstance(value, Mapping):
        return {key: _dumpable(item) for key, item in value.items()}
    return [*map(_dumpable, value)] if isinstance(value, list | tuple) else value
