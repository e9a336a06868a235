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


#: Loads every module without what Windows lacks.
LOAD = (
    "import json, pkgutil, capacity; "
    "[import_module(m.name) for m in pkgutil.walk_packages(capacity.__path__, 'capacity.') "
    "if not m.name.endswith('__main__')]; "
    "from capacity.base.memory import free_bytes; free_bytes(); print('loaded'); "
)
#: Writes, replaces and leaves folders and files.
WRITE = "os.mkdir('by hand'); os.chdir('by hand'); write(); os.chdir('..'); print('replaced'); "


def test_modules_load_and_folders_and_commands_write_and_replace(tmp_path: Path) -> None:
    """One after the other in one process, which takes most of its time to begin."""
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
    every = LOAD + WRITE + "commands(*json.loads(sys.argv[1]))"
    said = as_windows(every, tmp_path, json.dumps(asked))
    assert {"loaded", "replaced"} <= set(said.splitlines())
    ended = [line.split()[1] for line in said.splitlines() if line.startswith("ended")]
    assert ended == ["0", "2", *["0"] * 7]
    assert not hidden(tmp_path)
