"""How much of the spread each source of chance makes: what it moves when it varies alone."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pytest

import capacity
from capacity.base import SOURCES, Settings
from capacity.inputs.to_model import build, resolve
from capacity.model import Prepared, Run, run_model
from capacity.model.draws import completion_of, parts_of_spread
from tests.inputs.folder import tables, write


@cache
def run(sources: tuple[str, ...] | None = None, draws: int = 1000) -> Run:
    """Run a small district whose places and regional split are assumed."""
    red = {}
    for name in ("enrolment", "places"):
        head, *rows = tables()[name].splitlines()
        red[name] = "\n".join([f"{head},quality", *(f"{row},RED" for row in rows)]) + "\n"
    scenario = capacity.load_scenario(write(Path(mkdtemp()), **red))
    completion, horizon = completion_of(scenario.supply), scenario.horizon
    data = build(scenario.district, horizon.base_year, horizon.last_year, completion=completion)
    chance = scenario.chance.model_copy(update={"draws": draws, "sources": sources})
    settings = Settings(demand=scenario.demand, supply=scenario.supply, chance=chance)
    return run_model(data, settings, resolve(scenario, data.axes, completion))


def parts(of: Run) -> dict[str, np.ndarray]:
    prepared = Prepared(of.demand, of.supply)
    return parts_of_spread(of.data, prepared, of.outcome, of.settings)


def test_shares_add_up_to_one_where_anything_varies() -> None:
    found = parts(run())
    assert tuple(found) == SOURCES
    whole = np.sum(list(found.values()), axis=0)
    assert whole == pytest.approx(1)
    assert all((share >= 0).all() for share in found.values())


@pytest.mark.parametrize("source", ["ratios", "projects", "places"])
def test_a_source_alone_makes_all_of_it(source: str) -> None:
    (share,) = parts(run((source,))).values()
    assert set(share.round(9).tolist()) <= {0.0, 1.0} and share[-1] == pytest.approx(1)


def test_who_goes_where_leaves_the_district_as_it_is() -> None:
    assert (parts(run())["regions"] == 0).all()


def test_the_parts_are_those_of_runs_of_one_source_each() -> None:
    found, variances = parts(run()), {}
    for source in ("ratios", "projects", "places"):
        one = run((source,), draws=1024)
        assert one.draws is not None
        (samples,) = one.draws.worlds.of([len(one.data.axes.row) - 1])
        variances[source] = samples.gap[:, 0, -1].astype(float).var(axis=-1)
    for year in range(2, 6):
        ratio = found["places"][year] / found["ratios"][year]
        wanted = variances["places"][year] / variances["ratios"][year]
        assert ratio == pytest.approx(wanted, rel=1e-3)


def test_no_number_of_draws_moves_a_share() -> None:
    few, many = parts(run(draws=1)), parts(run(draws=1000))
    assert all((few[name] == many[name]).all() for name in SOURCES)


def test_nothing_that_varies_is_no_share() -> None:
    assert parts(run(())) == {}


def test_an_unknown_gap_has_no_shares() -> None:
    of = run()
    lost = replace(of.data, stock=replace(of.data.stock, places=of.data.stock.places * np.nan))
    assert np.isnan(parts(run_model(lost, of.settings))["places"]).all()
