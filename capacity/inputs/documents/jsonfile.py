"""JSON files to values; where a value stands is looked for only once it is asked.

A file of outlines is nearly all coordinates, of which nobody asks: no place of them is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any

from capacity.base.errors import At, Problems
from capacity.inputs.documents.yaml import Path
from capacity.inputs.tables.files import InputFile, is_file, read_text

#: Larger files are refused unread: 400,000 points are more than any picture shows.
MAX_BYTES = 8 * 2**20
#: Characters of what is no JSON that are shown.
_SHOWN = 20
_DECODER = json.JSONDecoder()
_BETWEEN = re.compile(r"[\s,:]*")


@dataclass(frozen=True)
class JsonDocument:
    """What a JSON file says.

    Attributes
    ----------
    data : object
        Maps as dicts, lists as lists, as `json` reads them.
    text : str
    file : str
        As messages show it.
    """

    data: object
    text: str
    file: str

    def places(self, paths: Iterable[Path]) -> dict[Path, At]:
        """Return where values begin, all of them found in one pass; else the file's beginning."""
        wanted = dict.fromkeys(paths, At(self.file, 1, 1))
        search = _Search(self.text, len(wanted))
        for path in wanted:
            search.ask(path)
        with suppress(RecursionError):  # it was read nearer to the ground
            search.walk(0, search.root)
        return wanted | {path: _at(self.text, k, self.file) for path, k in search.found.items()}


@dataclass
class _Step:
    """The values that are asked for in one: whether itself is, and those below it."""

    path: Path | None = None
    below: dict[str | int, _Step] = field(default_factory=dict)


@dataclass
class _Search:
    """A text in which values are looked for; what nobody asks for is passed over whole."""

    text: str
    wanted: int
    root: _Step = field(default_factory=_Step)
    found: dict[Path, int] = field(default_factory=dict)

    def ask(self, path: Path) -> None:
        """Look for the value at a path."""
        at = self.root
        for step in path:
            at = at.below.setdefault(step, _Step())
        at.path = path

    def walk(self, index: int, asked: _Step) -> int:
        """Note where the value at an index has what is asked for, and return where it ends."""
        index = _next(self.text, index)
        if asked.path is not None:
            self.found[asked.path] = index
        opening, number = self.text[index], 0
        if not asked.below or opening not in "[{":
            return self._over(index)[1]
        index += 1
        while len(self.found) < self.wanted:
            index = _next(self.text, index)
            if self.text[index] in "]}":
                return index + 1
            step: Any = number
            if opening == "{":
                step, index = self._over(index)
                index = _next(self.text, index)
            number += 1
            inner = asked.below.get(step)
            index = self._over(index)[1] if inner is None else self.walk(index, inner)
        return index

    def _over(self, index: int) -> tuple[Any, int]:
        return _DECODER.raw_decode(self.text, index)


def _next(text: str, index: int) -> int:
    """Return where the next key or value begins, or the brackets end."""
    found = _BETWEEN.match(text, index)
    assert found is not None
    return found.end()


def read_json(
    path: FilePath, problems: Problems, name: str
) -> tuple[JsonDocument | None, InputFile | None]:
    """Read one JSON file; messages show its path, the list of files its ``name``."""
    shown = str(path)
    if is_file(path) and path.stat().st_size > MAX_BYTES:
        problems.error("json-size", At(shown, 1, 1), limit=MAX_BYTES // 2**20)
        return None, None
    text = read_text(path, problems)
    if text is None:
        return None, None
    record = InputFile(path, name, text.sha256, text.size, text.encoding, 0)
    return parse_json(text.text, shown, problems), record


def parse_json(text: str, file: str, problems: Problems) -> JsonDocument | None:
    """Read the text of a JSON file, which messages show as ``file``."""
    try:
        return JsonDocument(json.loads(text), text, file)
    except json.JSONDecodeError as error:
        found = text[error.pos : error.pos + _SHOWN].partition("\n")[0]
        problems.error("json-syntax", _at(text, error.pos, file), found=found)
    except RecursionError:
        problems.error("json-depth", At(file, 1, 1))
    except ValueError:  # Python refuses to read whole numbers of thousands of digits
        problems.error("json-number", At(file, 1, 1))
    return None


def _at(text: str, index: int, file: str) -> At:
    before = text[:index]
    return At(file, before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1)
