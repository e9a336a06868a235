"""Commands that meet a fault: the n-th rename, write or the like fails, or is the last thing done.

Each command runs in a process of its own, forked from one that has everything loaded.
"""

from __future__ import annotations

import builtins
import errno
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

#: What is counted: functions of the system that change a disk, and `write` of a file.
CALLS = (
    *("rename", "replace", "unlink", "rmdir", "link", "symlink", "mkdir", "fsync", "ftruncate"),
    *("exchange", "write"),
)
ROOT = Path(__file__).parents[2]
#: Loaded once, for all commands.
LOADED = (
    *(f"capacity.cli.{name}" for name in ("run", "compare", "chart", "new", "ratios", "backtest")),
    *("capacity.api", "matplotlib.pyplot", "capacity.render.pages.run"),
    *("capacity.render.charts.style", "tests.results.test_folder"),
)
ERRORS = ("ENOSPC", "EIO", "EACCES", "EBUSY")
SIGNALS = ("SIGKILL", "SIGTERM", "SIGINT")


class Fault(NamedTuple):
    """What happens at the n-th call of a function: an error, or a signal before or after it."""

    call: str
    number: int
    act: str
    after: bool = False


class Ended(NamedTuple):
    """How a command ended, what it printed, and how often each function was called."""

    code: int
    out: str
    err: str
    counted: dict[str, int]


class _Counter:
    """Counts calls that touch a folder, and does what the fault says."""

    def __init__(self, top: Path, fault: Fault | None) -> None:
        self.top, self.fault = os.path.realpath(top), fault
        self.counted: Counter[str] = Counter()
        self.open, self.kill = builtins.open, os.kill

    def is_inside(self, place: object) -> bool:
        if isinstance(place, int):
            place = os.readlink(f"/proc/self/fd/{place}")
        path = os.path.abspath(os.fsdecode(place))  # type: ignore[arg-type]
        return path.startswith(self.top)

    def wrapped(self, call: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def inside(*arguments: Any, **named: Any) -> Any:
            place = named.get("dst", arguments[-1] if call == "symlink" else arguments[0])
            # The removal of a tree goes by descriptors.
            if "dir_fd" in named and named["dir_fd"] is not None:
                place = named["dir_fd"]
            if not self.is_inside(place):
                return function(*arguments, **named)
            return self.met(call, lambda: function(*arguments, **named))

        return inside

    def met(self, call: str, go_on: Callable[[], Any], half: Callable[[], Any] = int) -> Any:
        self.counted[call] += 1
        fault = self.fault
        if fault is None or (fault.call, fault.number) != (call, self.counted[call]):
            return go_on()
        if fault.act in ERRORS:
            half()
            number = getattr(errno, fault.act)
            raise OSError(number, os.strerror(number))
        try:
            done = go_on() if fault.after else half()
        finally:
            self.kill(os.getpid(), getattr(signal, fault.act))
        return done if fault.after else go_on()

    def opened(self, file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        found = self.open(file, mode, *arguments, **named)
        if set(mode) & set("wxa") and not isinstance(file, int) and self.is_inside(file):
            write = found.write

            def counted(data: Any) -> Any:
                def half() -> None:
                    write(data[: len(data) // 2])
                    found.flush()

                return self.met("write", lambda: write(data), half)

            try:
                found.write = counted
            except AttributeError:
                return _Written(found, counted)
        return found


class _Written:
    """A file of which every write is counted."""

    def __init__(self, file: Any, write: Callable[[Any], Any]) -> None:
        self._file, self.write = file, write

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _run(arguments: list[str], top: str, fault: Fault | None, one_step: bool) -> Ended:
    """Run a command in this process, with a fault."""
    from capacity.results import disk

    out, err = io.StringIO(), io.StringIO()
    counter = _Counter(Path(top), fault)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
    os.environ["LANG"] = "en_GB.UTF-8"
    os.chdir(top)
    for name in CALLS:
        if hasattr(os, name) and name != "write":
            setattr(os, name, counter.wrapped(name, getattr(os, name)))
    os.sendfile = lambda *given: counter.met("write", lambda: _sent(*given))  # type: ignore[assignment]
    builtins.open = io.open = counter.opened  # type: ignore[assignment]
    rename = disk._rename

    def exchange(one: Path, other: Path, flag: int) -> bool:
        return bool(one_step and counter.met("exchange", lambda: rename(one, other, flag)))

    patch.object(disk, "_rename", exchange).start()
    code: Any = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            _call(arguments)
    except SystemExit as end:
        code = end.code
    except BaseException as error:
        err.write(f"Traceback: {error!r}")
        code = 99
    return Ended(code, out.getvalue(), err.getvalue(), counter.counted)


def _call(arguments: list[str]) -> None:
    """Run a command; "keep" is the least of them: a small folder, without reading or modelling."""
    from capacity.cli import main
    from capacity.cli.ending import ended, leave

    if arguments[0] != "keep":
        main(arguments)
    from capacity.results import keep
    from tests.results.test_folder import PLAIN, kept

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    small = kept(float(arguments[1]))
    code, lines = ended(lambda: keep(small, Path("x"), PLAIN, overwrite=True), None)
    raise SystemExit(leave(code, lines))


_sent = os.sendfile


def serve() -> None:
    """Run each command that a line of the input asks for in a process forked for it."""
    for name in LOADED:
        import_module(name)
    from capacity.results import keep
    from tests.results.test_folder import PLAIN, kept

    with tempfile.TemporaryDirectory() as place:  # what is asked once of every process
        keep(kept(), Path(place, "x"), PLAIN)
    for line in sys.stdin:
        arguments, top, fault, one_step = json.loads(line)
        told, tell = os.pipe()
        if (child := os.fork()) == 0:
            done = _run(arguments, top, fault and Fault(*fault), one_step)
            os.write(tell, json.dumps(done).encode())
            os._exit(0)
        os.close(tell)
        with os.fdopen(told, "rb") as answer:
            said = answer.read().decode()
        _, status = os.waitpid(child, 0)
        print(said or json.dumps([os.waitstatus_to_exitcode(status), "", "", {}]), flush=True)


@cache
def _server() -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", "from tests.results.faults import serve; serve()"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip


def command(
    *arguments: object, top: Path, fault: Fault | None = None, one_step: bool = True
) -> Ended:
    """Run a command in a folder, in a process of its own, with a fault."""
    server = _server()
    assert server.stdin is not None and server.stdout is not None
    asked = [[str(one) for one in arguments], str(top), fault, one_step]
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    return Ended(*json.loads(server.stdout.readline()))


def snapshot(top: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder, but for places of drafts."""
    return {
        path.relative_to(top).as_posix(): path.read_bytes()
        for path in sorted(top.rglob("*"))
        if path.is_file() and not any(part.endswith(".writing") for part in path.parts)
    }


def hidden(top: Path) -> list[str]:
    """Return what commands have left behind."""
    return [str(path) for path in top.rglob(".*.writing")]


def fresh(source: Path, target: Path) -> Path:
    """Copy a folder with its links."""
    return Path(shutil.copytree(source, target, symlinks=True))
