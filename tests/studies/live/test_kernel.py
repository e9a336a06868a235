"""The kernel of a page against the package: the same numbers for every lever that it offers."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import capacity
from capacity.inputs.levers import KINDS
from capacity.inputs.scenarios import Scenario
from capacity.studies.live import DRAWS, kernel, live_data
from capacity.templates import write
from tests.browser import Opened, Opens
from tests.random_districts import Shape, random_case
from tests.studies.live.same_luck import same_luck
from tests.studies.live.settings import MOVES, lever

SCENARIOS = Path(__file__).parents[3] / "scenarios"
Levers = list[dict[str, Any]]
ROWS = (
    *("demand", "places", "places_listed", "gap", "shortage", "surplus", "shortage_after"),
    *("utilisation", "shortage_by_grade"),
)
ENTRY = ("entrants", "entry_places", "entry_gap", "classes_needed")
BANDS = {"": "none", "黄": "yellow", "红": "red"}
#: Random districts, and what they have between them.
SEEDS = (52, 43, 35, 19, 33)
FEATURES = {
    *("table flows", "table housing", "table children", "level groups", "level pool sets"),
    *("region within", "places convertible_to", "district neighbours", "ratios basis births"),
    *("lever rezone", "lever convert", "lever close", "lever migration add", "lever flows set"),
    *("lever class_size times", "lever margin add", "pipeline starts"),
}
#: Has the kernel run each of some settings.
ASK = """([all, draws]) => all.map((levers) => {
    try { return capacity.run(levers, { draws }); }
    catch (error) { return { error: error.message }; }
})"""
#: Settings of the levers that are tried on each scenario.
FEW, MANY, AT_ONCE = 3, 500, 25


class Ready(NamedTuple):
    """A scenario, and all that a page has of it."""

    scenario: Scenario
    data: dict[str, Any]


def ready(scenario: Scenario, draws: int = 0) -> Ready:
    return Ready(scenario, live_data(capacity.run(scenario, draws=draws), "en"))


@cache
def shipped(name: str) -> Scenario:
    return capacity.load_scenario(SCENARIOS / f"{name}.yaml")


def made(name: str, folder: Path) -> Scenario:
    """Return a scenario by its name: one of those shipped, the example, or a random one."""
    if name == "example":
        write(folder / "demo", "en")
        return capacity.load_scenario(folder / "demo" / "baseline.yaml")
    if name.isdecimal():
        return capacity.load_scenario(random_case(int(name), Shape()).write(folder))
    return shipped(name)


@pytest.fixture
def kernel_of(opened: Opens, tmp_path: Path) -> Callable[[Mapping[str, Any]], Opened]:
    """Give what opens a page that has the kernel, and nothing else."""

    def opens(data: Mapping[str, Any]) -> Opened:
        told = json.dumps(data, allow_nan=False).replace("<", "\\u003c")
        path = tmp_path / "kernel.html"
        tag = f'<script type="application/json" id="capacity-data">{told}</script>'
        text = f"<!doctype html><meta charset=utf-8>{tag}<script>{kernel()}</script>"
        path.write_text(text, encoding="utf-8")
        return opened(path)

    return opens


def asked(page: Opened, settings: Sequence[Levers], *, draws: bool = False) -> list[dict[str, Any]]:
    """Return what the kernel gives for each setting; an error by its message."""
    found: list[dict[str, Any]] = []
    for at in range(0, len(settings), AT_ONCE):
        found += page.evaluate(ASK, [list(settings[at : at + AT_ONCE]), draws])
    return found


def settings_of(of: Ready, number: int, seed: object, draws: int = 0) -> list[tuple[Levers, Any]]:
    """Return random settings with what the package makes of each; None where it refuses it."""
    pick = random.Random(f"{seed}")
    found: list[tuple[Levers, Any]] = [([], capacity.run(of.scenario, draws=draws))]
    while len(found) <= number:
        levers = [lever(pick, of.data) for _ in range(pick.randint(1, 4))]
        try:
            result = capacity.run(of.scenario.with_levers(*levers), draws=draws)
        except capacity.InputError:
            result = None
        found.append((levers, result))
    return found


def array(rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> Any:
    return np.array([[np.nan if row[n] is None else row[n] for n in names] for row in rows], float)


def keys(rows: Any) -> list[tuple[int, str, str]]:
    return [(int(row["year"]), str(row["region"]), str(row["level"])) for row in rows]


def same(frame: pd.DataFrame, rows: Sequence[Mapping[str, Any]], names: Sequence[str]) -> None:
    """Hold the rows of the kernel to those of a table, to 1e-9 of a place or of the figure."""
    assert keys(frame.to_dict("records")) == keys(rows)
    np.testing.assert_allclose(
        array(rows, names), frame[[*names]].to_numpy(float), rtol=1e-9, atol=1e-9, equal_nan=True
    )


def hold_central(page: Opened, settings: Sequence[tuple[Levers, Any]]) -> int:
    """Hold every cell of every setting to the package; give how many both took."""
    taken = 0
    found = asked(page, [levers for levers, _ in settings])
    for (levers, result), answer in zip(settings, found, strict=True):
        if result is None:
            assert "error" in answer, levers
            continue
        if "rest: run it" in answer.get("error", ""):
            continue  # it says of itself that it cannot
        assert "error" not in answer, (levers, answer["error"])
        same(result.frame(), answer["rows"], ROWS)
        same(result.entry, answer["entry"], ENTRY)
        told = [row["band"] or "none" for row in answer["entry"]]
        assert told == [BANDS[band] for band in result.entry["band"]]
        taken += 1
    return taken


@pytest.mark.parametrize("name", ["baseline", "example", *map(str, SEEDS)])
def test_central_numbers_are_those_of_the_package(name: str, kernel_of, tmp_path: Path) -> None:
    of = ready(made(name, tmp_path))
    settings = settings_of(of, FEW, name)
    assert hold_central(kernel_of(of.data), settings) > FEW // 2


def test_the_districts_tried_have_all_that_a_run_may_have() -> None:
    found = set().union(*(random_case(seed, Shape()).features for seed in SEEDS))
    assert found >= FEATURES


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["baseline", "example", "school-districts", "special", "convertible"]
)
def test_five_hundred_settings(name: str, kernel_of, tmp_path: Path) -> None:
    of = ready(made(name, tmp_path))
    assert hold_central(kernel_of(of.data), settings_of(of, MANY, f"many {name}")) > MANY * 0.8


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, 200, 20))
def test_random_districts(first: int, kernel_of, tmp_path: Path) -> None:
    for seed in range(first, first + 20):
        folder = tmp_path / str(seed)
        folder.mkdir()
        try:
            of = ready(made(str(seed), folder))
        except capacity.InputError:
            continue
        hold_central(kernel_of(of.data), settings_of(of, 2 * FEW, seed))


def hold_bands(of: Ready, page: Opened, settings: Sequence[tuple[Levers, Any]]) -> int:
    """Hold bands to those of the package on the same luck; give how many settings had any."""
    kept = [(levers, result) for levers, result in settings if result is not None]
    drawn = 0
    for (_, result), found in zip(
        kept, asked(page, [one for one, _ in kept], draws=True), strict=True
    ):
        if found.get("error") or not found["draws"]:
            continue
        drawn += 1
        for frame, rows in ((result.frame(), found["bands"]), (result.entry, found["entry_bands"])):
            assert keys(frame.to_dict("records")) == keys(rows)
            names = [name for name in rows[0] if name not in ("year", "region", "level")]
            miss = np.abs(array(rows, names) - frame[names].to_numpy(float))
            assert (np.isnan(array(rows, names)) == frame[names].isna().to_numpy()).all()
            heads = "demand_p50" if "demand_p50" in frame else "entrants_p50"
            size = frame[heads].to_numpy(float)[:, None] + 1.0
            # a draw on the very line may fall on either side of it, a class more or less
            steps = np.array([_step(name) for name in names])
            assert (np.nan_to_num(miss) <= np.maximum(1e-4 * size, steps)).all()
    return drawn


def _step(name: str) -> float:
    return 1.0 if name.startswith("classes") else 2.0 / DRAWS if name.startswith("prob") else 0.0


@pytest.mark.parametrize("name", ["baseline", "52"])
def test_bands_are_those_of_the_package_on_the_same_luck(name: str, kernel_of, tmp_path) -> None:
    of = ready(made(name, tmp_path), draws=DRAWS)
    with same_luck(of.data["luck"]):
        settings = settings_of(of, 2, name, DRAWS)
    assert hold_bands(of, kernel_of(of.data), settings)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["baseline", "example", "school-districts", "special"])
def test_bands_of_many_settings(name: str, kernel_of, tmp_path: Path) -> None:
    of = ready(made(name, tmp_path), draws=DRAWS)
    with same_luck(of.data["luck"]):
        settings = settings_of(of, 60, name, DRAWS)
    assert hold_bands(of, kernel_of(of.data), settings) > 40


def test_every_kind_that_is_offered_is_tried_and_no_other_taken(kernel_of) -> None:
    of = ready(shipped("baseline"))
    tried = {*MOVES, "delay", "cancel", "add_project", "add_places"}
    assert tried == set(of.data["offered"])
    others = set(KINDS) - tried
    said = " ".join(of.data["left_out"])
    assert others and all(kind in said for kind in others)
    odd: list[Levers] = [
        *([{"kind": kind, "where": {}, "times": 1.1}] for kind in sorted(others)),
        *([{"kind": "births", key: 1}] for key in ("until_", "value", "__proto__")),
        [{"kind": "births"}],
        [{"kind": "births", "times": 1.1, "add": 1}],
        [{"kind": "births", "times": 95}],
        [{"kind": "births", "times": "1.1"}],
        [{"kind": "births", "times": 1.1, "from": 2030, "until": 2029}],
        [{"kind": "births", "times": 1.1, "where": {"region": "nowhere"}}],
        [{"kind": "births", "times": 1.1, "where": {"level": "primary"}}],
        [{"kind": "delay", "where": {"kind": "new"}, "add": 1}],
        [{"kind": "delay", "add": 0.5}],
        [{"kind": "cancel", "where": {}}],
        [{"kind": "places", "set": -1}],
        [{"kind": "places", "add": -1e9}],
        [{"kind": "progression", "where": {"level": "high", "grade": 3}, "times": 1.1}],
        [{"kind": "constructor"}],
    ]
    found = asked(kernel_of(of.data), odd)
    assert [
        levers for levers, answer in zip(odd, found, strict=True) if "error" not in answer
    ] == []


def test_places_below_none_are_refused_also_where_others_are_unknown(
    kernel_of, tmp_path: Path
) -> None:
    write(tmp_path / "demo", "en")
    places = tmp_path / "demo" / "places.csv"
    head, _, *rest = places.read_text(encoding="utf-8-sig").splitlines()
    places.write_text("\n".join([head, *rest, ""]), encoding="utf-8")
    of = ready(capacity.load_scenario(tmp_path / "demo" / "baseline.yaml"))
    region, level = rest[0].split(",")[:2]
    where = {"region": region, "level": level}
    levers: Levers = [{"kind": "places", "where": where, "add": -100_000}]
    with pytest.raises(capacity.InputError, match="places-below-zero"):
        capacity.run(of.scenario.with_levers(*levers), draws=0)
    (found,) = asked(kernel_of(of.data), [levers])
    assert "more places away" in found["error"]


def test_a_lever_that_opens_what_had_no_luck_has_no_bands(kernel_of, tmp_path: Path) -> None:
    """A grade that the run held for want of a ratio has its shocks anew once a lever carries it."""
    of = ready(made("5", tmp_path), draws=DRAWS)
    levels = [level["code"] for level in of.data["levels"]][1:]
    levers = {"kind": "progression", "where": {"level": levels}, "set": 1.041}
    (found,) = asked(kernel_of(of.data), [[levers]], draws=True)
    assert found["rows"] and not found["draws"] and not found["bands"]


def test_too_many_cells_have_no_luck_and_the_page_says_so(monkeypatch) -> None:
    from capacity.studies.live import luck

    monkeypatch.setattr(luck, "MOST_BYTES", 1000)
    found = ready(shipped("baseline"), draws=DRAWS).data
    assert found["luck"] is None
    assert any("ranges" in line for line in found["left_out"])
