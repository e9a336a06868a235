"""The package is typed: a checker sees frames, arrays and axes, and what is not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from configparser import ConfigParser
from importlib import resources
from pathlib import Path

import pytest

from tests import users_script

ROOT = Path(__file__).parents[1]
SCRIPT = Path(users_script.__file__)


def test_the_package_says_that_it_is_typed_and_the_house_checks_the_script() -> None:
    assert resources.files("capacity").joinpath("py.typed").is_file()
    declared = ConfigParser()
    declared.read(ROOT / "setup.cfg", encoding="utf-8")
    assert SCRIPT.relative_to(ROOT).as_posix() in declared["mypy"]["files"]


@pytest.mark.slow
def test_a_strict_checker_finds_in_a_users_script_what_is_there(tmp_path: Path) -> None:
    """As a user has it: elsewhere, without the settings of the house, the package installed."""
    pytest.importorskip("mypy")
    shutil.copy(SCRIPT, tmp_path / "script.py")
    command = ["--strict", "--config-file=", "--follow-imports=silent", "script.py"]
    done = subprocess.run(
        [sys.executable, "-m", "mypy", *command],
        cwd=tmp_path,
        env={**os.environ, "MYPYPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("Success: no issues found in 1 source file"), done.stdout
