"""How good forecasts were: errors by method, level and years ahead, and how often bands held."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from capacity.base.axes import ALL

#: Columns of accuracy.csv after method, level and horizon.
SCORES = ("n", "mape", "mpe", "wape", "p90", "coverage80", "coverage95", "crps")
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
        An empty coverage is that of a method without intervals. Last the median absolute error.
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
    held = whole[whole["method"] == "naive"].drop_duplicates(["origin", "region"])
    pupils = whole[["origin", "region"]].merge(
        held[["origin", "region", "forecast"]], how="left", on=["origin", "region"]
    )["forecast"]
    place = np.searchsorted(SIZES, pupils, side="right") - 1
    return _scored(whole.assign(size=np.array(SIZES)[place]), leaves, ["method", "size", "horizon"])


def exclude_flagged(forecasts: pd.DataFrame, flags: pd.DataFrame) -> pd.DataFrame:
    """Leave out forecasts of years that flags.csv keeps out of calibration."""
    marked = set(zip(flags["year"], flags["region"], strict=True))
    years = forecasts["year"].tolist()
    kept = [
        (year, region) not in marked and (year, ALL) not in marked
        for year, region in zip(years, forecasts["region"], strict=True)
    ]
    return forecasts[kept]


def _scored(forecasts: pd.DataFrame, leaves: Sequence[str], keys: list[str]) -> pd.DataFrame:
    rows = forecasts[forecasts["region"].isin(set(leaves)) & (forecasts["actual"] > 0)].copy()
    rows["error"] = rows["forecast"] / rows["actual"] - 1.0
    rows["absolute"] = rows["error"].abs()
    rows["missed"] = (rows["forecast"] - rows["actual"]).abs()
    for name, low, high in (("coverage80", "p10", "p90"), ("coverage95", "p025", "p975")):
        inside = rows["actual"].between(rows[low], rows[high]).astype(float)
        rows[name] = np.where(rows[low].isna(), np.nan, inside)
    groups = rows.groupby(keys, sort=False)
    found = groups.agg(
        n=("error", "size"),
        mape=("absolute", "mean"),
        median=("absolute", "median"),
        mpe=("error", "mean"),
        missed=("missed", "sum"),
        actual=("actual", "sum"),
        p90=("absolute", lambda errors: errors.quantile(0.9)),
        coverage80=("coverage80", "mean"),
        coverage95=("coverage95", "mean"),
        crps=("crps", "mean"),
    ).reset_index()
    found["wape"] = found["missed"] / found["actual"]
    found = found.sort_values(keys, key=_rank, kind="stable", ignore_index=True)
    return found[[*keys, *SCORES, "median"]]


def _rank(labels: pd.Series) -> pd.Series:
    """Order numbers by size, and names as they come, the sum last."""
    if pd.api.types.is_numeric_dtype(labels):
        return labels
    names = [name for name in labels.unique() if name != ALL]
    return labels.map({name: place for place, name in enumerate([*names, ALL])})
