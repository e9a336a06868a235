"""Writers of one folder at once, each a process of its own that writes runs of one scenario."""

from __future__ import annotations

import random
import time
from pathlib import Path

from capacity import api
from capacity.results import FolderInUseError, Options, Result, keep, run_folder

PLAIN = Options(charts=False)


def result(scenario: Path, factor: float) -> Result:
    lever = {"kind": "births", "times": factor}
    return api.run(api.with_chance(api.load_scenario(scenario).with_levers(lever), 0, 1))


def write_on(scenario: str, folder: str, factor: float, rounds: int, told: str) -> None:
    """Write a run again and again; say how often it was written, and what went wrong."""
    kept = run_folder(result(Path(scenario), factor))
    pick, written, wrong = random.Random(factor), 0, []
    for _ in range(rounds):
        try:
            keep(kept, Path(folder), PLAIN, overwrite=True)
            written += 1
        except FolderInUseError:
            pass
        except Exception as error:
            wrong.append(repr(error))
        time.sleep(pick.uniform(0, 0.1))
    Path(told).write_text(f"{written} {wrong}", encoding="utf-8")
