"""The command as its tests call it: in this process, or in a fork of it, which both are faster
than one that has everything to load.
"""

from __future__ import annotations

import io
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

import pytest

from capacity.cli import main


class Ended(NamedTuple):
    """How a command ended, with what it printed; named as `subprocess` names it."""

    returncode: int
    stdout: str
    stderr: str


def surroundings(**extra: str) -> dict[str, str]:
    """Give the environment of a command: English, but for what is said."""
    known = {name: value for name, value in os.environ.items() if name != "LC_ALL"}
    return {**known, "LANG": "en_GB.UTF-8", "PYTHONIOENCODING": "utf-8", **extra}


def capacity(*arguments: object, cwd: Path | None = None, **extra: str) -> Ended:
    """Run the command in this process, in a folder and an environment of its own."""
    out, err = io.StringIO(), io.StringIO()
    with (
        patch.dict(os.environ, surroundings(**extra), clear=True),
        chdir(cwd or Path.cwd()),
        redirect_stdout(out),
        redirect_stderr(err),
        pytest.raises(SystemExit) as end,
    ):
        main([str(argument) for argument in arguments])
    assert isinstance(end.value.code, int)
    return Ended(end.value.code, out.getvalue(), err.getvalue())


def full(size: int) -> None:
    """Let no file of this process become larger, as on a disk that is full."""
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
    sys.dont_write_bytecode = True  # no compiled module is cut off


#: Not on Windows, where none of these tests runs.
ForkProcess = getattr(multiprocessing.context, "ForkProcess", multiprocessing.Process)


class Forked(ForkProcess):  # type: ignore[misc, valid-type]
    """A command in a process of its own that has loaded what this one has, begun at once.

    What it prints is kept in files beside ``said``. What cannot be taken back is done ``before``.
    """

    def __init__(
        self,
        said: Path,
        *arguments: object,
        before: Callable[[], object] = lambda: None,
        encoding: str = "utf-8",
        **extra: str,
    ) -> None:
        super().__init__()
        self.said, self.arguments = said, [str(argument) for argument in arguments]
        self.before, self.encoding, self.extra = before, encoding, extra
        self.start()

    def run(self) -> None:
        """Do in the fork what Python does where it starts, then run the command."""
        signal.signal(signal.SIGINT, signal.default_int_handler)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        for number, name in ((1, "stdout"), (2, "stderr")):
            kept = os.open(f"{self.said}.{name}", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(kept, number)
            os.close(kept)
        self.before()
        for number, name in ((1, "stdout"), (2, "stderr")):
            errors = "strict" if number == 1 else "backslashreplace"
            try:
                stream = os.fdopen(number, "w", -1, self.encoding, errors, closefd=False)
            except OSError:  # it is closed
                stream = None
            setattr(sys, name, stream)
        os.environ.clear()
        os.environ.update(surroundings(**self.extra))
        main(self.arguments)

    def ended(self, timeout: float = 60) -> Ended:
        """Wait for its end; give its code and what it has printed."""
        self.join(timeout)
        assert self.exitcode is not None, self.arguments
        out, err = (
            Path(f"{self.said}.{name}").read_text(encoding=self.encoding)
            for name in ("stdout", "stderr")
        )
        assert "Traceback" not in err, err
        return Ended(self.exitcode, out, err)
