"""Which forecasts are of a shock: a year that flags.csv names, or that all regions missed alike."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from capacity.base.axes import ALL
from capacity.model.assumptions import (
    AREA_PER_HEAD,
    SHOCK_LEAST,
    SHOCK_LUCK,
    SHOCK_REGIONS,
    SHOCK_TIMES,
    SHOCK_YEARS,
)
from capacity.studies.backtest.forecasts import MEASURED


def common_errors(forecasts: pd.DataFrame, leaves: Sequence[str]) -> pd.DataFrame:
    """Return the error of all regions together, one year ahead, by target year.

    Parameters
    ----------
    forecasts
        As in `capacity.studies.backtest.forecasts.Backtest`; those of the model count.
    leaves
        Regions.

    Returns
    -------
    DataFrame
        ``error``: forecast ÷ actual − 1 of their sums; ``pupils``: the actual ones. Without the
        years in which fewer than `SHOCK_REGIONS` were forecast, as the error of a few is their own.
    """
    said = forecasts["region"].isin(set(leaves)) & (forecasts["actual"] > 0)
    said &= (forecasts["level"] == ALL) & (forecasts["horizon"] == 1)
    years = forecasts[said & (forecasts["method"] == MEASURED)].groupby("year")
    sums = years[["forecast", "actual"]].sum()[years.size() >= SHOCK_REGIONS.value]
    return pd.DataFrame(
        {"error": sums["forecast"] / sums["actual"] - 1.0, "pupils": sums["actual"]}
    )


def told_shocks(common: pd.DataFrame) -> tuple[int, ...]:
    """Return the years whose common error is far beyond the usual one of the other years.

    The usual one is the median of the others' absolute errors: neither the year itself nor a
    few other shocks make a shock look usual. Where pupils are few, or their years nearly all
    alike, an error that the luck of single pupils explains is no shock.

    Parameters
    ----------
    common
        As `common_errors` gives it.
    """
    if len(common) < SHOCK_YEARS.value:
        return ()
    sizes = common["error"].abs()
    usual = pd.Series({year: sizes.drop(year).median() for year in sizes.index})
    beyond = (sizes > SHOCK_TIMES.value * usual) & (sizes > SHOCK_LEAST.value)
    beyond &= sizes**2 > SHOCK_LUCK.value**2 * AREA_PER_HEAD.value / common["pupils"]
    return tuple(int(year) for year in sizes.index[beyond])


def is_flagged(forecasts: pd.DataFrame, flags: pd.DataFrame) -> pd.Series:
    """Mark forecasts of years that flags.csv names, for their region or for all."""
    marked = set(zip(flags["year"], flags["region"], strict=True))
    years, regions = forecasts["year"].tolist(), forecasts["region"]
    named = [
        (year, region) in marked or (year, ALL) in marked
        for year, region in zip(years, regions, strict=True)
    ]
    return pd.Series(named, index=forecasts.index, dtype=bool)


def is_shock(forecasts: pd.DataFrame, leaves: Sequence[str], flags: pd.DataFrame) -> pd.Series:
    """Mark forecasts of shocks: flagged ones, and every one of a year that the data tell."""
    told = told_shocks(common_errors(forecasts, leaves))
    return is_flagged(forecasts, flags) | forecasts["year"].isin(told)
