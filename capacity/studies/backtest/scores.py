"""How good forecasts were: errors by method, level and years ahead, and how often ranges held."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from capacity.base.axes import ALL, Floats
from capacity.inputs.districts.measured import ENTRY, NAIVE
from capacity.studies.backtest.forecasts import MEASURED

#: Columns of accuracy.csv after method, level and horizon.
SCORES = ("n", "mape", "mpe", "wape", "p90", "coverage80", "coverage95", "crps")
#: What the tables that no contract names state beside: the median absolute error, and the sum of
#: errors ÷ the sum of pupils.
MORE = ("median", "wpe")
#: Calm years and shocks, in the column ``years``.
CALM, SHOCK = "calm", "shock"
#: Parts of equal number, by how much regions grew.
TENTHS = 10
#: Pupils of a region at the origin from which each size begins.
SIZES = (0, 200, 500, 2000)


def accuracy(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.DataFrame:
    """Score every method, level and horizon.

    Parameters
    ----------
    forecasts
        As in `capacity.studies.backtest.forecasts.Backtest`.
    leaves
        Regions over which errors are averaged.

    Returns
    -------
    DataFrame
        method, level, horizon, n (forecasts), mape, mpe, wape, p90 (of absolute errors),
        coverage80, coverage95 (each a share; error = forecast ÷ actual − 1) and crps (pupils).
        An empty coverage is that of a method without intervals. Last those of `MORE`, which one
        region that closed does not make large.
    """
    return _scored(forecasts, leaves, ["method", "level", "horizon"])


def by_target_year(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.DataFrame:
    """Score every method and target year, all levels together: shocks stand apart."""
    return _scored(forecasts[forecasts["level"] == ALL], leaves, ["method", "year"])


def by_size(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.DataFrame:
    """Score every method, years ahead and size of the region, all levels together.

    The column ``size`` is the least number of pupils at the origin, one of `SIZES`.
    """
    whole = forecasts[forecasts["level"] == ALL]
    place = np.searchsorted(SIZES, _at_origin(whole), side="right") - 1
    return _scored(whole.assign(size=np.array(SIZES)[place]), leaves, ["method", "size", "horizon"])


def by_calm(forecasts: pd.DataFrame, leaves: Sequence[str], shock: pd.Series) -> pd.DataFrame:
    """Score every method and years ahead, calm years and shocks apart, all levels together.

    Parameters
    ----------
    forecasts, leaves
        As in `accuracy`.
    shock
        Which forecasts are of a shock.
    """
    kinds = forecasts.assign(years=np.where(shock, SHOCK, CALM))
    return _scored(kinds[kinds["level"] == ALL], leaves, ["method", "years", "horizon"])


def by_growth(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.DataFrame:
    """Score every method, years ahead and tenth of growth, all levels together.

    Growth is the actual pupils ÷ those at the origin; the first ``tenth`` are the forecasts of
    the regions that shrank most, each about as many as the next. ``growth_low`` and
    ``growth_high`` are the least and the most growth in it, empty where nobody was there before.
    """
    whole = _of_leaves(forecasts[forecasts["level"] == ALL], leaves)
    before = _at_origin(whole, "year")  # of the levels that were counted
    growth = np.divide(whole["actual"], before, out=np.full(len(whole), np.inf), where=before > 0)
    whole = whole.assign(growth=growth)
    groups = whole.groupby(["method", "horizon"])["growth"]
    rank, count = groups.rank(method="first") - 1, groups.transform("size")
    whole["tenth"] = (rank * TENTHS // count).astype(int) + 1
    keys = ["method", "horizon", "tenth"]
    bounds = whole.groupby(keys)["growth"].agg(growth_low="min", growth_high="max")
    bounds = bounds.replace(np.inf, np.nan)
    found = _scored(whole, leaves, keys).merge(bounds, how="left", on=keys)
    return found[[*keys, *bounds, *SCORES, *MORE]]


def emptied(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.Series:
    """Count the model's forecasts of pupils where nobody came, by region: no mean holds them."""
    whole = forecasts["region"].isin(set(leaves)) & (forecasts["level"] == ALL)
    none = (forecasts["actual"] == 0) & (forecasts["forecast"] >= 0.5)
    rows = forecasts[whole & none & (forecasts["method"] == MEASURED)]
    return rows.groupby("region", sort=True).size()


def _at_origin(forecasts: pd.DataFrame, *more: str) -> Floats:
    """Return the pupils that each forecast started from: what holding them forecasts."""
    keys = ["origin", "region", *more]
    held = forecasts[forecasts["method"] == NAIVE].drop_duplicates(keys)
    start = forecasts[keys].merge(held[[*keys, "forecast"]], how="left", on=keys)
    return start["forecast"].to_numpy()


def _of_leaves(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.DataFrame:
    """Return the forecasts that are scored."""
    return forecasts[forecasts["region"].isin(set(leaves)) & (forecasts["actual"] > 0)].copy()


def _scored(forecasts: pd.DataFrame, leaves: Sequence[str], keys: list[str]) -> pd.DataFrame:
    rows = _of_leaves(forecasts, leaves)
    rows["error"] = rows["forecast"] / rows["actual"] - 1.0
    rows["absolute"] = rows["error"].abs()
    rows["over"] = rows["forecast"] - rows["actual"]
    rows["missed"] = rows["over"].abs()
    for name, low, high in (("coverage80", "p10", "p90"), ("coverage95", "p025", "p975")):
        inside = rows["actual"].between(rows[low], rows[high]).astype(float)
        rows[name] = np.where(rows[low].isna(), np.nan, inside)
    groups = rows.groupby(keys, sort=False)
    found = groups.agg(
        n=("error", "size"),
        mape=("absolute", "mean"),
        median=("absolute", "median"),
        mpe=("error", "mean"),
        over=("over", "sum"),
        missed=("missed", "sum"),
        actual=("actual", "sum"),
        coverage80=("coverage80", "mean"),
        coverage95=("coverage95", "mean"),
        crps=("crps", "mean"),
    )
    found["p90"] = groups["absolute"].quantile(0.9)
    found = found.reset_index()
    found["wape"] = found["missed"] / found["actual"]
    found["wpe"] = found["over"] / found["actual"]
    found = found.sort_values(
        keys, key=lambda labels: _rank(labels, forecasts), kind="stable", ignore_index=True
    )
    return found[[*keys, *SCORES, *MORE]]


def _rank(labels: pd.Series, forecasts: pd.DataFrame) -> pd.Series:
    """Order numbers by size, and names as forecasts have them, the first grade and the sum last.

    Those of all forecasts: a level that was empty at first has its place among the others.
    """
    if pd.api.types.is_numeric_dtype(labels):
        return labels
    last = (ENTRY, ALL)
    names = [name for name in forecasts[labels.name].unique() if name not in last]
    return labels.map({name: place for place, name in enumerate([*names, *last])})
