"""The numbers themselves: when they move, the version of the numbers is raised with them.

A run folder is `unchanged` where inputs, seed and that version are its own; so numbers that move
without it would leave old tables standing under a new method.
"""

from __future__ import annotations

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pandas as pd

import capacity
from capacity.results import NUMBERS
from capacity.templates import write

GOLDEN = Path(__file__).with_name("numbers.json")
SCENARIOS = Path(__file__).parents[1] / "scenarios"
DRAWS = 50
#: A last bit may differ between machines.
CLOSE = 1e-9
MOVED = (
    "the numbers moved: if they were meant to, raise NUMBERS in capacity/results/identity.py, run"
    " `python -m tests.test_numbers` and say in CHANGELOG.md which numbers move and why"
)

#: Of each column of numbers: its sum, its sum weighted by row, and how many cells are known.
Numbers = dict[str, list[float]]


def sums(what: str, tables: dict[str, pd.DataFrame]) -> Numbers:
    found = {}
    for table, frame in tables.items():
        for name, column in frame.select_dtypes("number").items():
            cells = column.to_numpy(float)
            weighted = cells * np.arange(1, len(cells) + 1) / len(cells)
            known = int(np.isfinite(cells).sum())
            found[f"{what}: {table}.{name}"] = [
                float(np.nansum(cells)), float(np.nansum(weighted)), known
            ]  # fmt: skip
    return found


def of_run(what: str, scenario: Path) -> Numbers:
    result = capacity.run(capacity.load_scenario(scenario), draws=DRAWS, seed=1)
    tables = {name: getattr(result, name) for name in ("entry", "pupils", "supply")}
    return sums(what, {"results": result.frame()} | tables)


def of_backtest(what: str, district: Path) -> Numbers:
    found = capacity.backtest(district, draws=DRAWS, seed=1)
    return sums(what, {"accuracy": found.accuracy, "forecasts": found.forecasts})


def numbers(folder: Path) -> Numbers:
    """Return the numbers of now; the example district is written into a folder."""
    write(folder / "demo", "en")
    return {
        **of_run("baseline", SCENARIOS / "baseline.yaml"),
        **of_run("outlook-2026", SCENARIOS / "outlook-2026.yaml"),
        **of_run("example", folder / "demo" / "baseline.yaml"),
        **of_backtest("back-test of the example", folder / "demo"),
    }


def moved(old: Numbers, new: Numbers) -> list[str]:
    """Return each column that differs, with its old and its new sums."""
    return [
        f"{name}: {old.get(name)} → {new.get(name)}"
        for name in {**old, **new}
        if not (
            name in old
            and name in new
            and np.allclose(old[name], new[name], rtol=CLOSE, atol=CLOSE)
        )
    ]


def golden() -> dict[str, Any]:
    return json.loads(GOLDEN.read_text(encoding="utf-8"))


def test_the_golden_numbers_are_of_this_version() -> None:
    assert golden()["version"] == NUMBERS, MOVED


def test_no_number_moves_unnoticed(tmp_path: Path) -> None:
    found = moved(golden()["numbers"], numbers(tmp_path))
    assert not found, "\n".join([MOVED, *found])


def test_a_number_that_moves_is_named() -> None:
    old = {"a: results.gap": [1.0, 0.5, 2], "a: results.demand": [1.0, 0.5, 2]}
    new = old | {"a: results.gap": [1.0, 0.6, 2]}
    assert moved(old, new) == ["a: results.gap: [1.0, 0.5, 2] → [1.0, 0.6, 2]"]
    assert moved(old, {}) and moved({}, old) and not moved(old, old)


def regenerate() -> None:
    """Write the golden numbers; refuse to where they moved and their version did not."""
    with TemporaryDirectory() as folder:
        found = numbers(Path(folder))
    if GOLDEN.exists() and golden()["version"] == NUMBERS and moved(golden()["numbers"], found):
        raise SystemExit(MOVED)
    rows = ",\n".join(f"{json.dumps(name)}: {json.dumps(row)}" for name, row in found.items())
    GOLDEN.write_text(f'{{"version": {NUMBERS}, "numbers": {{\n{rows}\n}}}}\n', encoding="utf-8")


if __name__ == "__main__":
    regenerate()
