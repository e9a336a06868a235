"""The mean of the draws is the central run, and their middle lies where it should."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
import pytest

from capacity.base import Bools, Calibration, Floats
from capacity.base import Demand as DemandSettings
from capacity.inputs.to_model import build
from capacity.model import FACTOR_LIMIT
from capacity.model.draws import (
    BLOCK,
    Block,
    Spread,
    demand,
    demand_sampler,
    draw_pupils,
)
from tests.drawn import estimated, loud
from tests.random_districts import random_case, read_district
from tests.studies.public_sets import DATA, LEVELS, convert
from tests.worlds import Ran, Setup, axes_of, quiet_world, setup_of

SHRUNK = DemandSettings(
    progression=Calibration(method="shrunk"), entry=Calibration(method="shrunk")
)
#: Most and least that luck makes of a cohort.
BOUNDS = np.float32([FACTOR_LIMIT.value, 1.0 / FACTOR_LIMIT.value])
#: Methods §8: most cells beyond 3 standard errors of the central run, and none beyond 6.
BEYOND_3, FARTHEST = 0.005, 6.0
#: Most that the middle of an area below 200 pupils lies below, and what luck leaves of 4,096 draws.
MIDDLE_OF_FEW, MIDDLE_LUCK = -0.07, 0.01


@dataclass(frozen=True)
class Drawn:
    """Draws of pupils in figures, each ``(horizon, area, grade)``; the middle of areas' totals."""

    central: Floats
    mean: Floats
    error: Floats
    clipped: Bools
    middle: Floats
    total: Floats

    @property
    def apart(self) -> Floats:
        """Mean less central run, in standard errors, of cells that vary and were never cut."""
        some = ~self.clipped & (self.error > 1e-6 * np.maximum(self.central, 1.0))
        return np.asarray((self.mean - self.central)[some] / self.error[some])


def figures(ran: Ran, spread: Spread, seed: int, blocks: int = 1) -> Drawn:
    """Draw blocks of a run: ratios and births vary."""
    world, shape = ran.setup.world, ran.pupils.shape
    certain = np.zeros(len(world.axes.region))
    sampler = demand_sampler(world, ran.demand, ran.outcome.pupils, spread, split_sd=certain)
    mean, error, middle = np.zeros(shape), np.zeros(shape), np.zeros(shape[:2])
    clipped, total = np.zeros(shape, dtype=bool), np.zeros((shape[0], blocks * BLOCK))
    numbered = [draw_pupils(sampler, Block(seed, number, shape[0] - 1)) for number in range(blocks)]
    with watched() as cut:
        for parts in zip(*numbered, strict=True):
            drawn = np.concatenate([part.pupils for part in parts], axis=-1).astype(float)
            areas = list(parts[0].areas)
            mean[:, areas] = drawn.mean(axis=-1)
            error[:, areas] = drawn.std(axis=-1) / np.sqrt(drawn.shape[-1])
            middle[:, areas] = np.median(drawn.sum(axis=2), axis=-1)
            clipped[:, areas] = since(np.logical_or.reduce(cut))
            cut.clear()
            total += drawn.sum(axis=(1, 2))
    return Drawn(ran.pupils, mean, error, clipped, middle, total)


@contextmanager
def watched() -> Iterator[list[Bools]]:
    """Note for all that is drawn which cells ``(horizon, area, grade)`` any bound has cut.

    Of luck by ratios, of what is carried up where several meet, and none: of linked areas any.
    """
    cut: list[Bools] = []
    luck, roll = demand.made_of, demand.roll_forward

    def made_of(*given: Any) -> Any:
        made = luck(*given)
        at_bounds = (np.isin(made, BOUNDS)).any(axis=-1)
        cut.append(np.insert(at_bounds.swapaxes(0, 1), 0, False, axis=0))
        return made

    def roll_forward(*given: Any, limits: Any) -> Any:
        pupils, clipped = roll(*given, limits=limits)
        some = ((pupils != roll(*given)[0]) | (clipped > 0) | (pupils <= 0)).any(axis=-1)
        moves = given[3]  # who come by them enter as they are: where most do, luck is not theirs
        some[1:] |= (2.0 * moves > pupils[1:]).any(axis=-1)
        cut.append(np.repeat(some.any(axis=1, keepdims=True), some.shape[1], axis=1))
        return pupils, clipped

    with (
        patch.object(demand, "made_of", made_of),
        patch.object(demand, "roll_forward", roll_forward),
    ):
        yield cut


def since(cut: Bools) -> Bools:
    """Cells ``(horizon, area, grade)`` that what is cut has reached."""
    found = cut.copy()
    for year in range(1, len(found)):
        found[year, :, 1:] |= found[year - 1, :, :-1]
    return found


def centred(apart: Iterable[Floats]) -> None:
    """Fail unless these differences from the central run are those of chance."""
    every = np.abs(np.concatenate(list(apart)))
    print(
        f"{len(every)} cells: {(every > 3).mean():.2%} beyond 3 standard errors, at most "
        f"{every.max():.1f}"
    )
    assert (every > 3).mean() <= BEYOND_3
    assert every.max() <= FARTHEST


def of_case(seed: int) -> Floats:
    """Differences of a random district with every lever, where all varies or as is measured."""
    setup = setup_of(random_case(seed))
    spread = (loud, estimated)[seed % 2](setup)
    return figures(setup.run(), spread, seed).apart


def test_random_districts_are_centred() -> None:
    centred(map(of_case, range(16)))


@pytest.mark.slow
def test_many_random_districts_are_centred() -> None:
    centred(map(of_case, range(16, 3000)))


def public(name: str, every: int, folder: Path) -> Setup:
    """A public set at its last year, six years ahead; of a large one some areas."""
    own = name not in LEVELS
    district = read_district(DATA / name) if own else convert(name, folder, every=every)
    base = int(district.table("enrolment")["year"].max())
    return Setup(build(district, base, base + 6), SHRUNK)


#: Name, and of how many areas one is taken: Texas is drawn in its back-test.
SETS = [
    *((name, 1) for name in ("england_la", "nh_districts", "nh_k6", "nh_schools", "wy_districts")),
    pytest.param("texas_districts", 4, marks=pytest.mark.slow),
    pytest.param("texas_districts", 1, marks=pytest.mark.slow),
]


@pytest.mark.skipif(not DATA.exists(), reason="public sets are not beside")
@pytest.mark.parametrize(("name", "every"), SETS)
def test_public_sets_are_centred_and_the_middle_lies_a_little_below(
    name: str, every: int, tmp_path: Path
) -> None:
    """Shared shocks move all areas alike, so that cells of one seed are few: several of them."""
    setup = public(name, every, tmp_path)
    ran, spread = setup.run(), estimated(setup)
    assert spread.origins == 6
    found = figures(ran, spread, 1, blocks=4)
    seeds = range(2, 6) if ran.pupils.shape[1] < 500 else range(2, 4)
    centred(figures(ran, spread, seed).apart for seed in seeds)
    heads = ran.pupils.sum(axis=2)[1:]
    off = found.middle[1:] / np.maximum(heads, 1.0) - 1.0
    few = (1, 200, MIDDLE_OF_FEW)
    for least, most, low in ((1000, np.inf, -0.01), (200, 1000, -0.03), few):
        some = off[(heads >= least) & (heads < most)]
        if some.size:
            print(f"{name}, from {least} pupils: middle {some.min():.1%} to {some.max():.1%}")
            assert some.min() >= low
    assert off[heads >= 1].max() <= 0.01


def many_schools(schools: int, heads: float = 20.0, years: int = 6) -> Setup:
    """Schools of six grades and 120 pupils, whose pupils come and go without a trend."""
    axes = axes_of(schools, spans=(6,), last=axes_of().base + 10)
    rng = np.random.default_rng(5)
    pupils = np.full((len(axes.year), schools, 6), np.nan)
    past = slice(axes.start - years + 1, axes.start + 1)
    pupils[past] = rng.poisson(heads, pupils[past].shape)
    unknown = np.full(pupils.shape[:2], np.nan)
    given = np.full((len(axes.horizon), schools, 6), np.nan)
    world = quiet_world(axes, pupils=pupils, births=unknown, given=given)
    return Setup(world, SHRUNK)


def test_many_small_schools_do_not_drift() -> None:
    """Ten years ahead the middle and the mean of the district stay at its central run."""
    setup = many_schools(200)
    ran, spread = setup.run(), estimated(setup)
    central = ran.pupils.sum(axis=(1, 2))
    total = figures(ran, spread, 1, blocks=4).total
    print(f"mean ÷ central {np.round(total.mean(axis=1) / central, 4)}")
    print(f"median ÷ central {np.round(np.median(total, axis=1) / central, 4)}")
    np.testing.assert_allclose(total.mean(axis=1), central, rtol=0.005)
    np.testing.assert_allclose(np.median(total, axis=1), central, rtol=0.005)
    low, high = np.quantile(total, [0.1, 0.9], axis=1)
    assert ((low <= central) & (central <= high))[1:].all()
