"""The generator of districts: what occurs in the small ones, and the way to them without files."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capacity
from tests.from_rows import scenario_of
from tests.random_districts import STATUSES, VALUE_FORMS, drawn_case, random_case
from tests.seeds import seeds
from tests.worlds import SMALL, Setup, setup_of

slow = pytest.mark.slow
#: Of 150 small districts those in which whatever is rare among them occurs most often.
TELLING = (
    *(0, 1, 3, 5, 13, 17, 24, 33, 38, 44, 47, 53, 61, 63, 71, 77, 80, 82, 96, 98, 113, 117),
    *(121, 122, 123, 128, 132, 133, 140, 144),
)


def small(seed: int, **shape: object) -> Setup:
    """The setup of a seed: what `setups` draws, hypothesis apart."""
    chance = random.Random(seed)
    own = replace(SMALL, methods=(*SMALL.methods, "shrunk"), **shape)
    return setup_of(drawn_case(chance, chance, own))


@pytest.mark.parametrize("seed", seeds(range(2), range(20)))
def test_rows_are_read_as_their_files_are(seed: int, tmp_path: Path) -> None:
    case = random_case(seed)
    found, expected = scenario_of(case), capacity.load_scenario(case.write(tmp_path))
    for name in ("horizon", "demand", "supply"):
        assert getattr(found, name) == getattr(expected, name)
    assert list(map(repr, found.levers)) == list(map(repr, expected.levers))
    one, other = found.district, expected.district
    for name in ("regions", "levels", "entry", "neighbours", "groups", "invalid"):
        assert getattr(one, name) == getattr(other, name)
    for name in one._frames:
        tables = (district.table(name).drop(columns="file") for district in (one, other))
        pd.testing.assert_frame_equal(*tables, check_exact=True)


def occurs(setup: Setup) -> set[str]:
    """What a law meets in a setup and its run."""
    assert setup.case is not None
    world, ran = setup.world, setup.run()
    axes, rows = world.axes, ran.rows
    events = {
        "one region": len(axes.region) == 1,
        "one grade": len(axes.grade) == 1,
        "three levels": len(axes.level) == 3,
        "missing cell": not world.stated.all(),
        "births of two years": len(world.weights) > 1,
        "closed": np.isfinite(world.stock.closes).any(),
        "by grade and at once": len(set(world.projects.by_grade)) == 2,
        "no pupils": (ran.pupils[0] == 0).any(),
        "clip": ran.outcome.clipped.any(),
        "held": ran.demand.held.any(),
        "small areas": ran.demand.small_area.any(),
        "relief": (rows["shortage_after"] < rows["shortage"] - 1e-6).any(),
    }
    found = {name for name, here in events.items() if here}
    return found | setup.case.features | {f"entry by {way}" for way in np.unique(ran.demand.basis)}


@pytest.mark.parametrize(
    ("cases", "times"), [(TELLING, 2), pytest.param(range(150), 2, marks=slow)]
)
def test_every_special_case_occurs_in_small_districts(cases: Iterable[int], times: int) -> None:
    seen = Counter(name for seed in cases for name in occurs(small(seed)))
    valued = "births entry progression onward_share migration housing class_size places completion"
    wanted = {f"lever {kind} {form}" for kind in valued.split() for form in VALUE_FORMS}
    wanted |= {f"lever {kind}" for kind in ("cancel", "add_project", "close", "convert", "rezone")}
    wanted |= {"lever delay add", "lever delay set", "lever add_places add", "close school"}
    wanted |= {f"pipeline status {status}" for status in STATUSES}
    wanted |= {"one region", "one grade", "three levels", "missing cell", "births of two years"}
    wanted |= {"by grade and at once", "no pupils", "clip", "held", "small areas", "relief"}
    wanted |= {"enrolment group", "enrolment sought", "table flags", "table flows", "table yields"}
    wanted |= {"places convertible_to", "places year", "closed", "level pool", "level onward"}
    wanted |= {"district neighbours", "ratios year", "ratios basis children", "children all"}
    wanted |= {f"entry by {way}" for way in ("births", "children", "held")}
    wanted |= {f"after_last {way}" for way in ("trend", "hold", "change")}
    wanted |= {f"lever margin {form}" for form in VALUE_FORMS} | {"supply margin"}
    wanted |= {"level pool sets", "places entry_places", "district bands"}
    wanted |= {"fill by_grade", "fill immediate", "progression shrunk", "entry shrunk"}
    assert {name: seen[name] for name in wanted if seen[name] < times} == {}


@pytest.mark.parametrize("seed", seeds(range(5), range(40)))
def test_a_shape_keeps_its_word(seed: int) -> None:
    certain = small(seed, given=True, trend=False, mixing=False, missing=False, levers=0)
    ran, world = certain.run(), certain.world
    assert not ran.demand.held.any()
    assert (ran.demand.basis[1:] != "held").all()
    assert not np.isnan(world.given).any()
    assert certain.demand.births.after_last != "trend"
    assert not world.flows
    assert world.stated.all()
    assert not certain.adjustments.values.keys() - {"margin"}  # which is drawn beside them
    assert not small(seed, mixing=False).adjustments.rezonings
