"""Draws against the random numbers that they need, in ratios measured in one go."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from capacity import api
from capacity.base import Settings
from capacity.inputs.to_model import build, resolve
from capacity.model import LookBack, any_part, history_of, prepare, simulate, totals
from capacity.model.draws import (
    Block,
    completion_of,
    counted_births,
    estimate_spread,
    in_order,
    joined,
    sampled,
    sampler_of,
    sources_of,
    summarise,
)
from capacity.results import results_frame
from tests.benchmarks.many import write_many
from tests.studies.small_districts import random_past, write

BASELINE = Path(__file__).parents[2] / "scenarios" / "baseline.yaml"
DRAWS = 10_000
#: Measured so often at least and at most, and no more where the limit is kept already.
FIRST, ROUNDS, LIMIT = 5, 25, 2.0
#: What others on the machine may add: they slow memory, and threads, more than a fill.
BUSY = 1.1
WORKERS = os.cpu_count() or 1

alone = pytest.mark.benchmark


def baseline(workers: int = WORKERS) -> Callable[[], object]:
    """What remains to be done once arrays are loaded and the central run is there."""
    scenario = api.load_scenario(BASELINE)
    horizon, completion = scenario.horizon, completion_of(scenario.supply)
    world = build(scenario.district, horizon.base_year, horizon.last_year, completion=completion)
    axes = world.axes
    levers = resolve(scenario, axes, completion)
    prepared = prepare(world, Settings(demand=scenario.demand, supply=scenario.supply), levers)
    outcome = simulate(world, prepared)

    def draw() -> object:
        steps = LookBack(history_of(world), scenario.demand).steps
        births, ahead = counted_births(world), scenario.demand.births.after_last
        spread = estimate_spread(steps, len(axes.grade), births, ahead)
        sources, delay = sources_of(world, None), scenario.supply.delay
        sampler = sampler_of(world, prepared, outcome, spread, sources, delay)
        parts = sampled(sampler, DRAWS, 1, workers)
        told = map(lambda part: (part.rows, summarise(part, world.bands.idle, workers)), parts)
        at, found = zip(*told, strict=True)
        rows = totals(outcome, axes.members, world.pools)
        full = any_part(np.zeros(world.stated.shape, dtype=bool), axes.members)
        return results_frame("baseline", axes, rows, full, joined(found, in_order(at)))

    return draw


def seconds(task: Callable[[], object]) -> float:
    start = time.perf_counter()
    task()
    return time.perf_counter() - start


def count_values(task: Callable[[], object]) -> int:
    """How many random values a task draws; those drawn twice, for other regions, once."""
    seen: dict[tuple[str, str, int], int] = {}
    drawing = Block.draw_each

    def counted(block: Block, table: Any, component: str, codes: Any, **where: Any) -> Any:
        found = drawing(block, table, component, codes, **where)
        for code in codes:
            for number in range(block.number, block.number + block.count):
                seen[component, code, number] = found[0].size // block.count
        return found

    with patch.object(Block, "draw_each", counted):
        task()
    return sum(seen.values())


def fill(normals: int) -> None:
    """One thread of the generator that draws use fills so many standard normal numbers."""
    np.random.Generator(np.random.PCG64DXSM(1)).standard_normal(normals)


@alone
def test_draws_of_the_baseline_cost_at_most_twice_their_normals() -> None:
    """The least of each over rounds, as what others do on the machine only ever adds."""
    draws = [baseline(workers) for workers in sorted({1, WORKERS})]
    normals = count_values(draws[0])
    tasks = [*draws, partial(fill, normals)]
    rounds: list[list[float]] = []
    ratio = LIMIT + 1.0
    while len(rounds) < FIRST or (ratio > LIMIT and len(rounds) < ROUNDS):
        rounds.append([seconds(task) for task in tasks])
        *drawing, filling = map(min, zip(*rounds, strict=True))
        ratio = min(drawing) / filling
    ratios = ", ".join(f"{one / filling:.2f}" for one in drawing)
    print(f"10,000 draws ÷ {normals / 1e6:.1f} million normals: {ratios} by threads")
    assert ratio <= LIMIT * BUSY


MEMORY = """
from pathlib import Path
from tests.benchmarks.test_chance import baseline
def held(name):
    return int(Path("/proc/self/status").read_text().split(name + ":")[1].split()[0])
draw = baseline()
before = held("VmRSS")
draw()
print(held("VmHWM") - before)
"""
MANY = """
import sys
from pathlib import Path
import capacity
scenario = capacity.load_scenario(sys.argv[1])
capacity.run(scenario, draws=1000)
# Of this process alone: the most that getrusage tells may be that of who started it.
print(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
"""
linux = pytest.mark.skipif(
    sys.platform != "linux", reason="Linux alone tells the peak in kilobytes"
)


def kilobytes(script: str, *arguments: str) -> int:
    """Run a script in a process of its own and return the number that it prints."""
    found = subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(found.stdout)


@linux
def test_draws_of_the_baseline_take_at_most_200_mb_more() -> None:
    megabytes = kilobytes(MEMORY) / 1024
    print(f"10,000 draws: {megabytes:.0f} MB above start")
    assert megabytes <= 200


@pytest.mark.slow
@linux
def test_an_area_of_very_many_takes_no_more_memory_than_one_of_few(tmp_path: Path) -> None:
    found = {}
    for areas in (150, 1921):
        path = write_many(tmp_path / str(areas), areas, history=3, ahead=4)
        found[areas] = kilobytes(MANY, str(path))
        print(f"{areas} areas, 1,000 draws: {found[areas] / 1024:.0f} MB at most")
    assert found[1921] / 1921 <= found[150] / 150
    # What is added an area is its tables; its draws, kept, would be 320 kB more.
    assert found[1921] - found[150] <= 100 * (1921 - 150)


BACKTEST = """
import sys
from pathlib import Path
from capacity.studies.backtest import backtest, bytes_of_origin
from tests.random_districts import read_district
def held(name):
    return int(Path("/proc/self/status").read_text().split(name + ":")[1].split()[0])
district, draws = read_district(Path(sys.argv[1])), 20_000
before = held("VmRSS")
backtest(district, horizons=6, draws=draws, workers=1)
print((held("VmHWM") - before) * 100 * 1024 // int(bytes_of_origin(district, 6, draws)))
"""


@linux
def test_draws_of_a_back_test_take_what_is_reckoned(tmp_path: Path) -> None:
    write(tmp_path, *random_past(8))
    percent = kilobytes(BACKTEST, str(tmp_path))
    print(f"a back-test takes {percent} % of what is reckoned")
    assert 40 <= percent <= 100
