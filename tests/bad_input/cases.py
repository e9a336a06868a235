"""A sound district with something wrong put into it, and what the command must make of it."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pytest

from capacity import api
from capacity.cli import main
from capacity.inputs.scenarios import Scenario
from tests.inputs.folder import DISTRICT, SCENARIO, tables, write

BAD_INPUT = 2
#: Nobody waits longer than this to be told what is wrong.
SECONDS = 5.0
_LINE = re.compile(r"(?P<mark>warning: |提示：)?(?P<at>.+?): (?P<code>[a-z0-9-]+): (?P<words>.+)")
#: What stands last where there are more problems than are shown.
_MORE = re.compile(r"… and \d+ more|……另有 \d+ 处")
_CHINESE = re.compile("[\u4e00-\u9fff]")

#: Texts of the sound files, by name in the folder of the scenario.
SOUND = {
    "baseline.yaml": SCENARIO,
    "demo/district.yaml": DISTRICT,
    **{f"demo/{name}.csv": text for name, text in tables().items()},
}
ENROLMENT, BIRTHS, PLACES, PIPELINE = (
    f"demo/{name}.csv" for name in ("enrolment", "births", "places", "pipeline")
)
DISTRICT_FILE, SCENARIO_FILE = "demo/district.yaml", "baseline.yaml"

#: What stands in a file: its text, its bytes, nothing (it is taken away), or what makes it.
Content = str | bytes | None | Callable[[Path], object]


class Said(NamedTuple):
    """What a command printed, and with which code it ended."""

    code: int
    out: str
    err: str


def capacity(*arguments: object) -> Said:
    """Run the command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as end:
        main([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return Said(end.value.code, out.getvalue(), err.getvalue())


def swap(name: str, old: str, new: str) -> dict[str, Content]:
    """Put ``new`` in place of the first ``old`` of a sound file."""
    assert old in SOUND[name], old
    return {name: SOUND[name].replace(old, new, 1)}


def more(name: str, *lines: str) -> dict[str, Content]:
    """Add lines at the end of a sound file."""
    return {name: SOUND[name] + "\n".join(lines) + "\n"}


def levers(*lines: str) -> dict[str, Content]:
    """Give the scenario levers; the first stands on line 7."""
    return more(SCENARIO_FILE, "levers:", *(f"  - {line}" for line in lines))


def built(root: Path, files: Mapping[str, Content]) -> Path:
    """Write the sound files, then the bad ones; give the scenario's path."""
    scenario = write(root)
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        if isinstance(content, str):
            path.write_bytes(content.encode())
        elif isinstance(content, bytes):
            path.write_bytes(content)
        elif content is not None:
            content(path)
    return scenario


def tree(root: Path) -> dict[str, tuple[int, int]]:
    """Give every file below a folder with its size and time, to see that none has changed."""
    found = ((path, path.lstat()) for path in root.rglob("*"))
    return {str(path): (stat.st_size, stat.st_mtime_ns) for path, stat in found}


def told(said: Said, root: Path) -> list[str]:
    """Give place and code of every error, each of which must be one readable line."""
    errors = []
    *lines, last = said.err.splitlines() or [""]
    for line in [*lines, last] if last and not _MORE.fullmatch(last) else lines:
        parts = _parts(line)
        if not parts["mark"]:
            errors.append(f"{parts['at'].removeprefix(f'{root}/')} {parts['code']}")
    return errors


def _parts(line: str) -> re.Match[str]:
    assert line.isprintable(), line
    match = _LINE.fullmatch(line)
    assert match, line
    return match


@dataclass(frozen=True)
class Refused:
    """Files that must be refused.

    Attributes
    ----------
    what : str
        In a few words.
    files : mapping of name to content
    errors : tuple of str
        Place and code of every error, and no others.
    words : tuple of str
        What the English message says, beside the code.
    """

    what: str
    files: Mapping[str, Content]
    errors: tuple[str, ...]
    words: tuple[str, ...] = ()

    def holds(self, root: Path, turn: int = 0) -> None:
        """Ask both commands, each in one language; but in the first turn only one of them."""
        scenario, before = built(root, self.files), tree(root)
        commands = (
            ("en", ("check", scenario)),
            ("zh", ("run", scenario, "-o", root / "out", "--no-charts")),
        )
        if turn:
            commands = commands[:1] if self.words or turn % 2 else commands[1:]
        for lang, command in commands:
            begun = time.perf_counter()
            said = capacity(*command, "--lang", lang)
            assert time.perf_counter() - begun < SECONDS, self.what
            assert told(said, root) == list(self.errors), (self.what, said.err)
            assert said.code == BAD_INPUT, self.what
            assert "Traceback" not in said.out
            assert tree(root) == before, f"{self.what}: something was written"
            if lang == "en":
                for word in self.words:
                    assert word in said.err, (self.what, said.err)
            else:
                for line in said.err.splitlines():
                    assert _CHINESE.search(_parts(line)["words"]), line


@dataclass(frozen=True)
class Read:
    """Files that must be read, as planners mean them.

    Attributes
    ----------
    what : str
    files : mapping of name to content
    value : callable
        Takes from the scenario what must be ``expected``.
    expected : object
    changes : tuple of str
        Kinds of the changes that the district remembers, in order of the files.
    warned : tuple of str
        Codes of all warnings of ``capacity check``, beside those of the sound files.
    """

    what: str
    files: Mapping[str, Content]
    value: Callable[[Scenario], object]
    expected: object
    changes: tuple[str, ...] = ()
    warned: tuple[str, ...] = field(default=())

    def holds(self, root: Path, _turn: int = 0) -> None:
        """Check and read the files."""
        path, before = built(root, self.files), tree(root)
        said = capacity("check", path, "--lang", "en")
        assert said.code == 0, (self.what, said.err)
        assert tree(root) == before
        codes = {_parts(line)["code"] for line in said.err.splitlines()}
        of_changes = ("read-otherwise",) if self.changes else ()
        assert codes - {"constrained"} == {*self.warned, *of_changes}, (self.what, said.err)
        scenario = api.load_scenario(path)
        assert self.value(scenario) == self.expected, self.what
        kinds = tuple(change.kind for change in scenario.district.changes)
        assert kinds == self.changes, self.what


Case = Refused | Read


def of(name: str, column: str, row: int = 0) -> Callable[[Scenario], object]:
    """Give a cell of a table as it was read."""
    return lambda scenario: scenario.district.table(name)[column].tolist()[row]


def every(rows: Iterable[int]) -> pytest.MarkDecorator:
    """Make a test of each row, numbered as in the table of bad inputs."""
    return pytest.mark.parametrize("row", sorted(rows), ids=lambda row: f"{row:02}")


def check_all(cases: Iterable[Case], root: Path, *, wholly: bool = False) -> None:
    """Hold every case of a row, each in a folder of its own: the first by both commands."""
    for number, case in enumerate(cases):
        case.holds(root / str(number), 0 if wholly else number)
