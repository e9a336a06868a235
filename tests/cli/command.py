"""The command as its tests call it: in this process, which is faster than one of its own."""

from __future__ import annotations

import io
import os
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
