"""YAML files with the line and column of every key and value.

Values follow the YAML 1.2 core schema (`no` and `12:30` are text). What a planner's file
never needs and what can hide a mistake or an attack is refused: anchors, tags, merge keys,
more than one document, the same key twice, deep nesting, numbers written as `010` or `1_000`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path as FilePath

import yaml

from capacity.base.errors import At, Problems
from capacity.inputs.documents.events import WIDE_COLON, Builder, Mark, Path
from capacity.inputs.tables.records import InputFile
from capacity.inputs.tables.text import read_text

MAX_BYTES = 2**20
_WIDE_COLON = re.compile(r"^\s*(- +)?[^\s:#'\"\[{][^:#'\"]*?" + WIDE_COLON, re.MULTILINE)


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
        """Give the place of a value, or of the nearest thing around it that is there."""
        return self.mark.way(path)[-1].at

    def key_at(self, path: Path) -> At:
        """Give the place of the key at the end of ``path``."""
        mark = self.mark.way(path)[-1]
        return mark.key or mark.at

    def is_broken(self, path: Path) -> bool:
        """Tell whether a value, or the key that could be missing, was reported when it was read."""
        way = self.mark.way(path)
        return way[-1].broken or (len(way) <= len(path) and way[-1].partial)


def read_yaml(
    path: FilePath, problems: Problems, name: str | None = None
) -> tuple[Document | None, InputFile | None]:
    """Read one YAML file; messages show its path, the list of files its ``name``."""
    shown = str(path)
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        problems.error("yaml-size", At(shown, 1, 1), limit=MAX_BYTES // 2**20)
        return None, None
    text = read_text(path, problems, shown)
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
    builder = Builder(file, problems)
    try:
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if not builder.take(event):
                return None
    except yaml.YAMLError as error:
        _syntax(error, text, file, problems)
        return None
    return _document(builder, text, file, problems)


def _document(builder: Builder, text: str, file: str, problems: Problems) -> Document | None:
    if isinstance(builder.root, dict):
        return Document(builder.root, builder.mark)
    start = At(file, 1, 1)
    if wide := _WIDE_COLON.search(text):
        problems.error("yaml-wide-colon", _place(text, wide.end() - 1, file))
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
        if number >= 1 and (wide := _WIDE_COLON.search(lines[number - 1])):
            problems.error("yaml-wide-colon", At(file, number, wide.end()))
            return
    problems.error("yaml-syntax", at, detail=detail)


def _place(text: str, index: int, file: str) -> At:
    before = text[:index]
    return At(file, before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)
