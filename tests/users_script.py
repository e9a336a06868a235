"""What a type checker sees in a researcher's script; `mypy` of the house checks it too.

An ignore stands where an error must be: one that is not needed is an error itself.
"""

from __future__ import annotations

from typing import assert_type

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from matplotlib.axes import Axes

import capacity


def inputs() -> capacity.Scenario:
    district = capacity.load_district("demo")
    assert_type(district, capacity.District)
    assert_type(district.table("births"), pd.DataFrame)
    assert_type(capacity.District.from_frames({}), capacity.District)
    assert_type(capacity.Scenario.of(district, last_year=2030), capacity.Scenario)
    plan = capacity.load_scenario("demo/baseline.yaml")
    late = plan.with_levers({"kind": "delay", "add": 2}, name="late")
    other = late.with_settings(method="mean", horizon={"last_year": 2030}, margin=0.05)
    assert_type(other, capacity.Scenario)
    plan.with_settings(methods="mean")  # type: ignore[call-arg]
    capacity.load_scenarios("demo")  # type: ignore[attr-defined]
    return other


def results(plan: capacity.Scenario) -> None:
    result = capacity.run(plan, draws=100)
    assert_type(result, capacity.Result)
    assert_type(result.frame(), pd.DataFrame)
    assert_type(result.entry, pd.DataFrame)
    assert_type(result.to_iamc(), pd.DataFrame)
    assert_type(result.to_xarray(draws=True), xr.Dataset)
    assert_type(result.exceeds(1000, year=2030), float)
    assert_type(result.plot.gap(2030), Axes)
    assert_type(result.plot.fan(level="primary", title=False, footer=False), Axes)
    drawn = result.draws("gap", region="all", level=["primary", "middle"])
    values: npt.NDArray[np.float32] = drawn.values
    assert_type(drawn.to_frame(), pd.DataFrame)
    assert_type(drawn.to_xarray(), xr.DataArray)
    np.median(values, axis=-1)
    result.draws("gpa")  # type: ignore[arg-type]
    result.frames()  # type: ignore[attr-defined]


def studies(plan: capacity.Scenario, late: capacity.Scenario) -> None:
    assert_type(capacity.compare(plan, late).frame(), pd.DataFrame)
    assert_type(capacity.compare(plan, late).plot.difference(), Axes)
    assert_type(capacity.backtest("demo").accuracy, pd.DataFrame)
    assert_type(capacity.backtest("demo").plot.accuracy(), Axes)
    assert_type(capacity.calibrate("demo").frame(), pd.DataFrame)
    assert_type(capacity.calibrate("demo").plot.ratios(), Axes)
