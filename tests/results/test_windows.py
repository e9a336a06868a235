"""What can be tried here of Windows: folders are written and commands end as they do elsewhere."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command import surroundings
from tests.results.faults import hidden
from tests.studies.pasts import district

ROOT = Path(__file__).parents[2]
SCRIPT = "from tests.results.windows import *; pretend(); "

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="pretends by means of Linux")


def as_windows(code: str, top: Path, *arguments: str) -> str:
    """Run Python as on Windows, in a folder; give what it prints."""
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT + code, *arguments],
        capture_output=True, text=True, check=False, cwd=top,
        env=surroundings(PYTHONPATH=str(ROOT)),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    assert "Traceback" not in done.stderr, done.stderr
    return done.stdout


def test_every_module_loads_without_what_windows_lacks(tmp_path: Path) -> None:
    code = (
        "import pkgutil, capacity; "
        "[import_module(m.name) for m in pkgutil.walk_packages(capacity.__path__, 'capacity.') "
        "if not m.name.endswith('__main__')]; "
        "from capacity.base.memory import free_bytes; free_bytes()"
    )
    as_windows(code, tmp_path)


def test_folders_and_files_are_written_and_replaced(tmp_path: Path) -> None:
    as_windows("write()", tmp_path)
    assert not hidden(tmp_path)


def test_commands_write_and_replace(tmp_path: Path) -> None:
    district(tmp_path)
    run = ["run", "baseline.yaml", "-o", "x", "--no-charts", "--draws", "0"]
    asked = [
        run,
        [*run, "--seed", "2"],
        [*run, "--seed", "2", "--overwrite"],
        ["run", "baseline.yaml", "-o", "y", "--no-charts", "--draws", "0", "--workers", "1"],
        ["compare", "x", "y", "-o", "z", "--no-charts"],
        ["chart", "x", "--kind", "wave"],
        ["ratios", "demo", "-o", "r", "--no-charts", "--write"],
        ["new", "d"],
        ["check", "d"],
    ]
    said = as_windows(
        "import json; commands(*json.loads(sys.argv[1]))", tmp_path, json.dumps(asked)
    )
    ended = [line.split()[1] for line in said.splitlines() if line.startswith("ended")]
    assert ended == ["0", "2", *["0"] * 7]
    assert not hidden(tmp_path)
