"""Every problem has its words, also in a fresh process."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import capacity
from capacity.base import catalog
from tests.cli.command import capacity as capacity_here
from tests.inputs.folder import write

ROOT = Path(capacity.__file__).parent


def codes_of(path: Path) -> list[str]:
    """Give the codes that a file writes as the first argument of error(…) and the like."""
    names = ("error", "warning", "_error", "_warning", "Problem", "bad")
    calls = [n for n in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(n, ast.Call)]
    return sorted(
        {
            call.args[0].value
            for call in calls
            if getattr(call.func, "attr", getattr(call.func, "id", "")) in names
            and call.args
            and isinstance(call.args[0], ast.Constant)
            and isinstance(call.args[0].value, str)
        }
    )


def fresh_process(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_every_code_that_a_module_finds_has_words() -> None:
    used = {path: codes for path in sorted(ROOT.rglob("*.py")) if (codes := codes_of(path))}
    assert len(used) > 15
    lacking = {path: set(codes) - catalog("problems").keys() for path, codes in used.items()}
    assert not any(lacking.values()), lacking


def test_an_old_workbook_beside_tables_is_refused(tmp_path: Path) -> None:
    names, scenarios = ("births.xls", "data.xls", "births.xlsm"), []
    for name in names:
        births = None if name.startswith("births") else "year\n"
        scenarios.append(write(tmp_path / name, births=births))
        (tmp_path / name / "demo" / name).write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
        for table in ("enrolment", "births", "places", "pipeline") * (name == "data.xls"):
            (tmp_path / name / "demo" / f"{table}.csv").unlink()
    for done in (
        fresh_process("-m", "capacity", "check", *map(str, scenarios)),
        capacity_here("run", "--output", tmp_path / "out", *scenarios),
    ):
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        for name in names:
            assert f"{name}:1:1: workbook-type: " in done.stderr
