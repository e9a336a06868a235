"""Run as a programme: hashes of runs and back-tests, and of what differs by processor beside them.

`tests.test_bits` runs it under one choice of the libraries' code after another.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd

import capacity
from capacity.inputs.scenarios import Scenario
from capacity.model.draws import KEPT
from tests.drawn import samples_of
from tests.from_rows import scenario_of
from tests.random_districts import Shape, drawn_case
from tests.studies.small_districts import random_past, write

SHIPPED = Path(__file__).parents[1] / "scenarios" / "outlook-2026.yaml"
#: Random districts with a past, births by trend, mixing and many levers, and pasts alone: a few of
#: each, or many.
FEW, MANY = ((1, 3), (7,)), (range(5), (7, 10))
SHAPE = Shape(history=(9, 12), levers=25, methods=("shrunk",), lives=False)


def hashed(parts: Iterable[bytes]) -> str:
    found = sha256()
    for part in parts:
        found.update(part)
    return found.hexdigest()


def bits(frame: pd.DataFrame) -> bytes:
    """Every cell as text that no other number has."""
    return frame.to_csv().encode()


def of_run(scenario: Scenario, draws: int) -> str:
    """Hash every table of a run, and every draw."""
    result = capacity.run(scenario, draws=draws, seed=1)
    samples = samples_of(result._draws.worlds)
    drawn = (np.ascontiguousarray(getattr(samples, name)).tobytes() for name in KEPT)
    tables = (
        result.entry,
        result.pupils,
        result.supply,
        result.levers,
        result.checks,
        result.assumptions,
    )
    return hashed([*map(bits, (result.frame(), *tables)), *drawn])


def of_past(seed: int) -> str:
    """Hash calibration and accuracy of a random past."""
    with TemporaryDirectory() as folder:
        district = write(Path(folder), *random_past(seed))
    tested = capacity.backtest(district, draws=64, seed=1)
    found = capacity.calibrate(district)
    tables = (found.frame(), found.yearly, found.breaks)
    return hashed(map(bits, (tested.forecasts, tested.accuracy, *tables)))


def random_scenario(seed: int) -> Scenario:
    pick = Random(seed)
    return scenario_of(drawn_case(pick, pick, SHAPE))


def by_library() -> dict[str, str]:
    """Hash what the libraries make of the same numbers, each in its own way of computing."""
    x = np.random.default_rng(1).random((300, 300))
    called = [f(each) for each in x.flat[:9000] for f in (math.exp, math.log, math.cos)]
    called += [each**2.3 for each in x.flat[:9000].tolist()]
    doubles = [f(x) for f in (np.exp, np.log, np.tan)]
    return {
        "numpy": hashed(each.tobytes() for each in (*doubles, np.exp(x.astype(np.float32)))),
        "blas": hashed([(x @ x).tobytes()]),
        "libc": hashed([np.array(called).tobytes()]),
    }


def results(cases: Iterable[int], pasts: Iterable[int]) -> dict[str, str]:
    found = {f"random {seed}": of_run(random_scenario(seed), 100) for seed in cases}
    found |= {f"past {seed}": of_past(seed) for seed in pasts}
    return found | {"shipped": of_run(capacity.load_scenario(SHIPPED), 300)}


if __name__ == "__main__":
    which = {"few": FEW, "many": MANY}[sys.argv[1]]
    print(json.dumps({"results": results(*which), "libraries": by_library()}))
