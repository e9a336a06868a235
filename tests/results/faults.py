"""Commands that meet a fault: the n-th rename, write or the like fails, or is the last thing done.

Each command runs in a process of its own, forked from one that has everything loaded. For many
faults of one command it is forked where the command first touches the disk.
"""

from __future__ import annotations

import builtins
import errno
import gc
import io
import json
import os
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from functools import cache, partial
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple
from unittest.mock import patch

import numpy as np

#: What is counted: functions of the system that change a disk, and `write` of a file.
CALLS = (
    *("rename", "replace", "unlink", "rmdir", "link", "symlink", "mkdir", "fsync", "ftruncate"),
    *("chmod", "open", "exchange", "write"),
)
ROOT = Path(__file__).parents[2]
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


class _Asked(NamedTuple):
    """A command, where, and whether it is to be taken up many times where it touches the disk."""

    arguments: list[str]
    top: str
    fault: Fault | None
    one_step: bool
    branches: bool
    #: Where the pictures stand that were drawn before.
    album: str


class _Counter:
    """Counts calls that touch a folder, and does what the fault says."""

    def __init__(self, top: str, fault: Fault | None, tell: int, *, branches: bool) -> None:
        self.top, self.fault, self.tell = os.path.realpath(top), fault, tell
        self.waits = branches
        self.counted: Counter[str] = Counter()
        self.open, self.open_low, self.kill = builtins.open, os.open, os.kill

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
        if self.waits:
            self.branch()
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

    def branch(self) -> None:
        """Go on from here with each fault that is asked for, in a process forked for it."""
        self.waits = False
        os.write(1, b"null\n")  # what it is asked then is not read by who was asked for it
        while (fault := json.loads(sys.stdin.readline())) is not None:
            told, self.tell = os.pipe()
            if (child := os.fork()) == 0:
                self.fault = Fault(*fault)
                return
            _answer(child, told, self.tell)
        os._exit(0)

    def opened_low(self, path: Any, flags: int, *arguments: Any, **named: Any) -> int:
        def go_on() -> int:
            return self.open_low(path, flags, *arguments, **named)

        is_made = flags & os.O_CREAT and self.is_inside(path)
        return int(self.met("open", go_on)) if is_made else go_on()

    def opened(self, file: Any, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        is_written = set(mode) & set("wxa") and not isinstance(file, int) and self.is_inside(file)

        def go_on() -> Any:
            return self.open(file, mode, *arguments, **named)

        found = self.met("open", go_on) if is_written else go_on()
        if is_written:
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


def _run(asked: _Asked, tell: int) -> None:
    """Run a command in this process, with a fault, and tell how it ended."""
    from capacity.results import disk

    out, err = io.StringIO(), io.StringIO()
    counter = _Counter(asked.top, asked.fault, tell, branches=asked.branches)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # ignored in the background
    os.environ["LANG"] = "en_GB.UTF-8"
    os.chdir(asked.top)
    for name in CALLS:
        if hasattr(os, name) and name not in ("open", "write"):
            setattr(os, name, counter.wrapped(name, getattr(os, name)))
    os.sendfile = lambda *given: counter.met("write", lambda: _sent(*given))  # type: ignore[assignment]
    builtins.open = io.open = counter.opened  # type: ignore[assignment]
    os.open = counter.opened_low
    rename = disk._rename

    def exchange(one: Path, other: Path, flag: int) -> bool:
        go_on = partial(rename, one, other, flag)
        return bool(asked.one_step and counter.met("exchange", go_on))

    patch.object(disk, "_rename", exchange).start()
    _draw_once(asked)
    code: Any = 0
    try:
        with redirect_stdout(out), redirect_stderr(err):
            _call(asked.arguments)
    except SystemExit as end:
        code = end.code
    except BaseException as error:
        err.write(f"Traceback: {error!r}")
        code = 99
    done = Ended(code, out.getvalue(), err.getvalue(), counter.counted)
    os.write(counter.tell, json.dumps(done).encode())


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


def _draw_once(asked: _Asked) -> None:
    """Take a picture that a command of the same words has drawn before: it is the same again.

    What is spared is the drawing in memory alone; its file is made and written as ever.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    draw = FigureCanvasAgg.draw
    shown: dict[FigureCanvasAgg, np.ndarray] = {}

    def drawn(canvas: FigureCanvasAgg) -> None:
        words = [text.get_text() for text in canvas.figure.findobj(Text)]
        facts = (asked.arguments, len(shown), canvas.get_width_height(), words)
        path = Path(asked.album, f"{sha256(repr(facts).encode()).hexdigest()}.npy")
        if not path.exists():
            draw(canvas)
            half = path.with_suffix(f".{os.getpid()}.npy")
            np.save(half, canvas.renderer.buffer_rgba())
            half.rename(path)
        shown[canvas] = np.load(path)

    patch.object(FigureCanvasAgg, "draw", drawn).start()
    patch.object(FigureCanvasAgg, "buffer_rgba", lambda canvas: shown[canvas]).start()


_sent = os.sendfile


def serve() -> None:
    """Run each command that a line of the input asks for in a process forked for it."""
    import capacity
    from capacity.results import keep
    from tests.results.test_folder import PLAIN, kept

    for module in pkgutil.walk_packages(capacity.__path__, "capacity."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    with tempfile.TemporaryDirectory() as place:  # what is asked once of every process
        keep(kept(), Path(place, "x"), PLAIN)
    with tempfile.TemporaryDirectory() as album:
        gc.freeze()  # else a child that clears its memory up would copy all of it first
        _serve(album)


def _serve(album: str) -> None:
    while line := sys.stdin.readline():
        arguments, top, fault, one_step, branches = json.loads(line)
        asked = _Asked(arguments, top, fault and Fault(*fault), one_step, branches, album)
        told, tell = os.pipe()
        if (child := os.fork()) == 0:
            _run(asked, tell)
            os._exit(0)
        _answer(child, told, tell)


def _answer(child: int, told: int, tell: int) -> None:
    """Print in a line how a child has ended, as it tells or the system does."""
    os.close(tell)
    with os.fdopen(told, "rb") as answer:
        said = answer.read().decode()
    _, status = os.waitpid(child, 0)
    said = said or json.dumps([os.waitstatus_to_exitcode(status), "", "", {}])
    os.write(1, f"{said}\n".encode())


class _Server:
    """The process that commands are forked from."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", "from tests.results.faults import serve; serve()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
        )  # fmt: skip

    def ask(self, what: object) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Ended:
        assert self.process.stdout is not None
        return Ended(*json.loads(self.process.stdout.readline()))


@cache
def _server(what: str) -> _Server:
    return _Server()


def command(*arguments: object, top: Path, one_step: bool = True) -> Ended:
    """Run a command in a folder, in a process of its own."""
    server = _server("whole")
    server.ask([[str(one) for one in arguments], str(top), None, one_step, False])
    return server.answer()


@contextmanager
def branching(
    *arguments: object, top: Path, one_step: bool = True
) -> Iterator[Callable[[Fault], Ended]]:
    """Run a command in a folder up to where it first touches the disk.

    What is given takes it from there to its end with a fault, as often as it is called; the
    folder must be each time as it was at first.
    """
    server = _server("branching")
    server.ask([[str(one) for one in arguments], str(top), None, one_step, True])
    assert server.process.stdout is not None
    assert server.process.stdout.readline() == "null\n", "it touches nothing"

    def go_on(fault: Fault) -> Ended:
        server.ask(fault)
        return server.answer()

    try:
        yield go_on
    finally:
        server.ask(None)
        server.answer()


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


def state(top: Path) -> frozenset[tuple[object, ...]]:
    """Return all by which a command can tell one folder from another, whatever numbers files have.

    Locks name a draft by its number, for which its path stands here.
    """
    found = sorted(top.rglob("*"))
    first: dict[int, str] = {}
    for path in found:
        first.setdefault(path.lstat().st_ino, path.relative_to(top).as_posix())
    kinds = set()
    for path in found:
        about = path.lstat()
        data = path.read_bytes() if path.is_file() and not path.is_symlink() else b""
        if path.name == ".lock":
            numbers = re.finditer(rb"(?<=\[)\d+", data)
            data += b"".join(first.get(int(one[0]), "none").encode() for one in numbers)
            data = re.sub(rb"(?<=\[)\d+", b"", data)
        led = os.readlink(path) if path.is_symlink() else ""
        name = path.relative_to(top).as_posix()
        kinds.add((name, about.st_mode, first[about.st_ino], data, led))
    return frozenset(kinds)


def fresh(source: Path, target: Path) -> Path:
    """Make a folder a copy of another, with its links; the folder itself stays if there is one."""
    for path in target.iterdir() if target.exists() else ():
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
    return Path(shutil.copytree(source, target, symlinks=True, dirs_exist_ok=True))
