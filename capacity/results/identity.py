"""The manifest of a run: what went in, what came out, and with what it was made."""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from capacity import __version__
from capacity.results.draft import FORMAT

if TYPE_CHECKING:
    from capacity.inputs.scenarios.scenario import Scenario

#: Where the code stands that decides the numbers.
_METHOD = ("model", "inputs/to_model")
LIBRARIES = ("numpy", "pandas", "scipy", "matplotlib", "pydantic", "PyYAML")


def identity(scenario: Scenario) -> str:
    """Give the SHA-256 of all that decides the numbers: inputs, levers, seed and method."""
    parts = {
        "version": __version__,
        "method": method(),
        "name": scenario.name,
        "files": sorted((record.name, record.sha256) for record in scenario.files),
        "district": {
            name: repr(getattr(scenario.district, name))
            for name in ("name", "regions", "levels", "entry", "neighbours", "targets")
        },
        "levers": [_lever(lever) for lever in scenario.levers],
        "settings": {
            name: getattr(scenario, name).model_dump(mode="json")
            for name in ("horizon", "demand", "supply", "chance")
        },
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()


@cache
def method() -> str:
    """Give the SHA-256 of the code that makes the numbers: a version may be at work.

    Of the model and of the arrays that it reads; the files of the package as installed.
    """
    top = Path(__file__).parents[1]
    found = sorted(path for part in _METHOD for path in (top / part).rglob("*.py"))
    texts = (path.read_bytes().replace(b"\r\n", b"\n") for path in found)
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def _lever(lever: Any) -> dict[str, str]:
    shown = ("kind", "where", "from_", "until", "form", "value", "add_project")
    own = ("close", "convert", "rezone")
    return {name: repr(getattr(lever, name)) for name in (*shown, *own)}


def manifest(
    scenario: Scenario, outputs: Mapping[str, str], options: Mapping[str, Any], passed: bool
) -> dict[str, Any]:
    """Describe a finished run.

    Parameters
    ----------
    scenario
    outputs
        SHA-256 by path inside the run folder.
    options
        What was asked for beside the scenario: language, charts.
    passed
        True where every law holds.
    """
    return {
        "format": FORMAT,
        "scenario": scenario.name,
        "scenario_file": scenario.path.name,
        "identity": identity(scenario),
        "run_id": identity(scenario)[:8],
        "version": __version__,
        "seed": scenario.chance.seed,
        "draws": scenario.chance.draws,
        "options": dict(options),
        "checks_passed": passed,
        "inputs": [
            {
                "name": record.name,
                "sha256": record.sha256,
                "size": record.size,
                "encoding": record.encoding,
                "rows": record.rows,
            }
            for record in scenario.files
        ],
        "read_otherwise": [
            {"at": str(change.at), "kind": change.kind, "before": change.before}
            | {"after": change.after}
            for change in scenario.district.changes
        ],
        "outputs": dict(sorted(outputs.items())),
        "python": sys.version.split()[0],
        "platform": platform.machine(),
        "libraries": {name: version(name) for name in LIBRARIES},
    }
