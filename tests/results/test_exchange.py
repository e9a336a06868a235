"""Draws with named axes, and results as xarray and pyam take them: nothing is lost on the way."""

from __future__ import annotations

import builtins
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import capacity
from capacity import Result
from capacity.base import QUANTILES
from capacity.model.draws import KEPT
from capacity.results import IAMC, VARIABLES, Drawn, described, unit_of, variable
from tests.from_rows import scenario_of
from tests.inputs.folder import DISTRICT, write
from tests.random_districts import random_case

KEYS = ["year", "region", "level"]
DRAWS = 1100  # more than a block of them


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> Result:
    path = write(tmp_path_factory.mktemp("plan"), district=nested(DISTRICT))
    return capacity.run(capacity.load_scenario(path), draws=DRAWS)


def nested(district: str) -> str:
    """Give regions a parent, so that some rows are sums."""
    within = "  - {code: all-of-it, title: Both}\nlevels:"
    return district.replace("levels:", within).replace("{code: south,", WITHIN)


WITHIN = "{code: south, within: all-of-it,"


def quantile(values: np.ndarray, share: float) -> np.ndarray:
    """Between neighbours by straight lines, as the columns are, in double precision."""
    ordered = np.sort(values, axis=-1).astype(np.float64)
    at = share * (ordered.shape[-1] - 1)
    low = int(at)
    high = min(low + 1, ordered.shape[-1] - 1)
    return ordered[..., low] + (at - low) * (ordered[..., high] - ordered[..., low])


@pytest.mark.parametrize("name", KEPT)
def test_quantiles_of_draws_are_the_columns_of_the_frame(result: Result, name: str) -> None:
    drawn, frame = result.draws(name), result.frame()
    assert drawn.dims == (*KEYS, "draw") and drawn.values.dtype == np.float32
    rows = pd.MultiIndex.from_product([drawn.coords[key] for key in KEYS])
    assert rows.equals(pd.MultiIndex.from_frame(frame[KEYS]))
    for end, share in QUANTILES.items():
        np.testing.assert_array_equal(quantile(drawn.values, share).ravel(), frame[f"{name}_{end}"])


def test_quantiles_of_entrants_are_the_columns_of_entry(result: Result) -> None:
    drawn = result.draws("entrants")
    for end, share in QUANTILES.items():
        columns = quantile(drawn.values, share).ravel()
        np.testing.assert_array_equal(columns, result.entry[f"entrants_{end}"])


def test_the_share_of_draws_is_what_exceeds_gives(result: Result) -> None:
    drawn = result.draws("shortage", region="all", level="middle")
    year = drawn.coords["year"].index(2026)
    for places in (0, 20, 60):
        share = result.exceeds(places, year=2026, level="middle")
        assert (drawn.values[year] > places).mean() == share


def test_what_is_drawn_of_every_cell_can_be_asked_for() -> None:
    assert (*KEPT, "pupils", "entrants") == VARIABLES


def sums_hold(result: Result) -> None:
    """Pupils of a level's grades are its demand, those of its first grade its entrants."""
    levels = [level.code for level in result.labels.levels]
    demand, entrants = result.draws("demand"), result.draws("entrants")
    for at, level in enumerate(levels):
        pupils = result.draws("pupils", level=level)
        first, last = result.labels.levels[at].grades
        assert pupils.coords["grade"] == tuple(range(first, last + 1))
        np.testing.assert_allclose(pupils.values.sum(axis=2), demand.values[:, :, at], rtol=1e-5)
        np.testing.assert_allclose(pupils.values[:, :, 0], entrants.values[:, :, at], rtol=1e-6)
    every = result.draws("pupils").values
    np.testing.assert_allclose(every.sum(axis=2), demand.values[:, :, -1], rtol=1e-5)
    leaves = result.draws("pupils", region=[leaf.code for leaf in result.labels.leaves]).values
    np.testing.assert_allclose(
        leaves.sum(axis=1), result.draws("pupils", region="all").values, rtol=1e-5
    )


def test_pupils_add_up_to_demand(result: Result) -> None:
    sums_hold(result)


@pytest.mark.parametrize("seed", range(3))
def test_pupils_add_up_in_districts_with_groups_flows_and_streams(seed: int) -> None:
    sums_hold(capacity.run(scenario_of(random_case(seed)), draws=20))


@pytest.mark.parametrize("name", VARIABLES)
def test_a_part_of_the_draws_is_that_part_of_all(result: Result, name: str) -> None:
    every = result.draws(name)
    one = result.draws(name, region="south", level="middle")
    some = result.draws(name, region=["south"], level=["middle"])
    assert one.dims == (*(["year", "grade", "draw"] if name == "pupils" else ["year", "draw"]),)
    np.testing.assert_array_equal(some.values.reshape(one.values.shape), one.values)
    rows = every.values[:, every.coords["region"].index("south")]
    kept = [4, 5] if name == "pupils" else "middle"
    along = every.coords["grade" if name == "pupils" else "level"]
    at = [along.index(grade) for grade in kept] if name == "pupils" else along.index(kept)
    np.testing.assert_array_equal(rows[:, at], one.values)


def test_draws_that_are_not_kept_are_drawn_again_to_the_same_bits(result: Result) -> None:
    draws = result._draws
    assert draws is not None and draws.worlds.kept
    again = replace(result, _draws=replace(draws, worlds=replace(draws.worlds, kept={})))
    for asked in ({}, {"region": ["all", "north"], "level": ["high"]}):
        np.testing.assert_array_equal(
            again.draws("shortage", **asked).values, result.draws("shortage", **asked).values
        )


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"variable": "surplus"}, "no draws of 'surplus': one of demand, places, gap, shortage"),
        ({"variable": "gap", "region": "nort"}, "no region 'nort': one of north, south"),
        ({"variable": "gap", "level": ["high", "hgh"]}, "no level 'hgh': one of primary, middle"),
        ({"variable": "entrants", "level": "all"}, "no level 'all': one of primary, middle, high$"),
        ({"variable": "gap", "region": ["north", "north"]}, "each region once"),
        ({"variable": "gap", "region": []}, "one at least"),
    ],
)
def test_what_is_not_there_is_refused_by_name(result: Result, asked, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        result.draws(**asked)


def test_draws_stay_as_they_are(result: Result) -> None:
    drawn = result.draws("gap", region="all", level="all")
    with pytest.raises(FrozenInstanceError):
        drawn.unit = "pupils"
    with pytest.raises(ValueError, match="read-only"):
        drawn.values[0] = 0
    with pytest.raises(TypeError):
        drawn.coords["draw"] = ()
    assert repr(drawn) == f"<Drawn gap (places): year 6, draw {DRAWS}>"
    np.testing.assert_array_equal(np.asarray(drawn), drawn.values)
    kept = result._draws.worlds.kept
    assert not any(np.shares_memory(drawn.values, one.gap) for one in kept.values())


def same_cells(drawn: Drawn, frame: pd.DataFrame) -> None:
    shape = tuple(len(drawn.coords[dim]) for dim in drawn.dims)
    assert drawn.values.shape == shape
    assert frame.columns.tolist() == [*drawn.dims, drawn.name]
    np.testing.assert_array_equal(frame[drawn.name].to_numpy().reshape(shape), drawn.values)


def test_a_frame_of_draws_has_a_row_per_cell(result: Result) -> None:
    for name in VARIABLES:
        drawn = result.draws(name, region=["north", "all"])
        same_cells(drawn, drawn.to_frame())


def test_xarray_takes_draws_as_they_stand(result: Result) -> None:
    pytest.importorskip("xarray")
    for name in VARIABLES:
        drawn = result.draws(name, region=["north", "all"])
        array = drawn.to_xarray()
        assert (array.dims, array.name, array.dtype) == (drawn.dims, name, np.float32)
        assert array.attrs == {"units": drawn.unit, "long_name": described(name)}
        same_cells(drawn, array.to_dataframe().reset_index())


def test_xarray_gives_the_frame_back(result: Result) -> None:
    pytest.importorskip("xarray")
    for lang in ("en", "zh"):
        data = result.to_xarray(lang=lang)
        assert tuple(data.dims) == tuple(KEYS) and data.attrs["run"] == result.labels.run_id
        for name, column in data.data_vars.items():
            assert column.attrs == {"units": unit_of(str(name)) or "1",
                                    "long_name": described(str(name), lang)}  # fmt: skip
        table = data.to_dataframe().reset_index()
        frame = result.frame().drop(columns="scenario")
        pd.testing.assert_frame_equal(table[frame.columns], frame, check_exact=True)


def test_draws_stand_beside_them_in_a_dimension_of_their_own(result: Result) -> None:
    pytest.importorskip("xarray")
    data = result.to_xarray(draws=True)
    assert data.sizes["draw"] == DRAWS
    assert "draw" not in data["gap"].dims and data["gap_draws"].dims == (*KEYS, "draw")
    for name in KEPT:
        np.testing.assert_array_equal(data[f"{name}_draws"], result.draws(name).values)


def test_without_xarray_what_brings_it_is_said(result: Result, monkeypatch) -> None:
    found = builtins.__import__

    def without(name: str, *rest, **more):
        if name == "xarray":
            raise ImportError(name)
        return found(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    for ask in (result.to_xarray, result.draws("gap", region="all").to_xarray):
        with pytest.raises(ImportError, match=r'pip install "capacity\[notebook\]"'):
            ask()


def back(rows: pd.DataFrame, result: Result) -> pd.DataFrame:
    """Make the frame of rows in the IAMC format again, by the scheme that `to_iamc` states."""
    levels = {f"|{level.title['en']}": level.code for level in result.labels.levels} | {"": "all"}
    regions = {region.title["en"]: region.code for region in result.labels.regions}
    regions[result.labels.district["en"]] = "all"
    columns = {variable(name): name for name in result.frame().columns}
    parts = rows["variable"].str.extract(r"^([^|]*)(\|.*)?$").fillna("")
    keys = {"year": rows["year"], "region": rows["region"].map(regions)}
    keys |= {"level": parts[1].map(levels), "column": parts[0].map(columns)}
    wide = rows.assign(**keys).pivot(index=KEYS, columns="column", values="value")
    return wide.reset_index()


def gives_the_frame_back(rows: pd.DataFrame, result: Result) -> None:
    names = [name for name in result.frame().columns if name not in ("scenario", "constrained")]
    frame = result.frame()[names].sort_values(KEYS, ignore_index=True)
    found = back(rows, result)[names].sort_values(KEYS, ignore_index=True)
    pd.testing.assert_frame_equal(
        found,
        frame,
        check_exact=True,
        check_names=False,
        check_dtype=False,
        check_column_type=False,
    )


def test_rows_in_the_iamc_format_give_the_frame_back(result: Result) -> None:
    rows = result.to_iamc()
    assert tuple(rows.columns) == IAMC and not rows.isna().any().any()
    assert not rows.duplicated(list(IAMC[:-1])).any()
    assert set(rows["unit"]) == {"pupils", "places", ""}
    assert rows["model"].unique().tolist() == [f"capacity {capacity.__version__}"]
    gives_the_frame_back(rows, result)


def test_names_that_are_alike_or_part_a_variable_are_told_apart(tmp_path) -> None:
    district = DISTRICT.replace("{en: North, zh: 北部}", '"Demo District"').replace("南部", '"a|b"')
    rows = capacity.run(capacity.load_scenario(write(tmp_path, district=district)), draws=0)
    said = rows.to_iamc()
    assert set(said["region"]) == {"Demo District", "Demo District (north)", "a/b"}
    assert not said.duplicated(list(IAMC[:-1])).any()


@pytest.mark.slow
def test_pyam_reads_the_rows_as_they_stand(
    result: Result, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """pyam brings 50 packages, so that it is in no extra; `.ci/run` says how it is installed."""
    monkeypatch.setenv("IAM_UNITS_CACHE", str(tmp_path))  # that of a user may be of another place
    pyam = pytest.importorskip("pyam")
    rows = result.to_iamc()
    data = pyam.IamDataFrame(rows)
    gives_the_frame_back(data.as_pandas(meta_cols=False), result)
    only = data.filter(variable="Gap|*", region="North", year=2026)
    assert only.variable == ["Gap|Middle", "Gap|Primary", "Gap|high"]
    assert data.check_aggregate("Demand") is None
    assert data.check_aggregate_region("Demand", "Demo District", ["North", "Both"]) is None


def test_a_run_without_draws_and_one_read_back_have_none(tmp_path) -> None:
    from capacity.results import Options

    plan = capacity.load_scenario(write(tmp_path / "in"))
    bare = capacity.run(plan, draws=0)
    with pytest.raises(ValueError, match="there are no draws"):
        bare.draws("gap")
    capacity.api.keep(capacity.api.with_chance(plan, 20, 1), tmp_path / "run",
                      Options(charts=False))  # fmt: skip
    stored = capacity.load_run(tmp_path / "run")
    with pytest.raises(ValueError, match="keeps what draws say, not the draws: run"):
        stored.draws("gap")
    pytest.importorskip("xarray")
    with pytest.raises(ValueError, match="keeps what draws say"):
        stored.to_xarray(draws=True)
    ran = capacity.run(plan, draws=20)
    assert stored.to_xarray().identical(ran.to_xarray().assign_attrs(seed=1))
    pd.testing.assert_frame_equal(stored.to_iamc(), ran.to_iamc())
