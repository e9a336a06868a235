"""Births beyond the last known year, and the cohorts that they make."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from capacity.base.axes import Floats, ordered_sum
from capacity.base.exact import exp, log, power
from capacity.model.assumptions import TREND_DAMPING, TREND_YEARS


def extend_births(births: Floats, rule: str | float) -> Floats:
    """Continue every series beyond its last known year.

    Parameters
    ----------
    births : (year, area)
        Births by births year; nan where unknown.
    rule
        ``"trend"``: the common slope of the last known years, damped year by year
        (methods.md §1.5, McKenzie & Gardner's damped trend in logs); ``"hold"``: the last
        known value; a number: its change a year, as a share.

    Returns
    -------
    (year, area)
        The same, with the years after each series' last known one filled.
    """
    years = np.arange(len(births))
    known = ~np.isnan(births)
    last = np.where(known.any(axis=0), len(births) - 1 - known[::-1].argmax(axis=0), 0)
    ahead = np.maximum(years[:, None] - last, 0)
    at_last = births[last, np.arange(births.shape[1])]
    return np.where(ahead > 0, at_last * _growth(births, rule)[ahead], births)


def _growth(births: Floats, rule: str | float) -> Floats:
    """Factor on the last known value, by years ahead."""
    ahead = np.arange(len(births))
    if rule == "hold":
        return np.ones(len(births))
    if rule == "trend":
        damped = np.cumsum(np.where(ahead > 0, power(TREND_DAMPING.value, ahead), 0.0))
        return exp(log_slope(births) * damped)
    return power(1.0 + float(rule), ahead)


def log_slope(births: Floats) -> float:
    """Slope a year of ln(births of all areas) over the last years that all series know.

    Least squares over `TREND_YEARS` years, fewer where fewer are known; 0 with one or none.
    Areas that have no births at all do not count.
    """
    series = births[:, ~np.isnan(births).all(axis=0)]
    common = np.flatnonzero(~np.isnan(series).any(axis=1)) if series.size else np.array([], int)
    years = common[-int(TREND_YEARS.value) :]
    if len(years) < 2:
        return 0.0
    total = ordered_sum([series[years, area] for area in range(series.shape[1])])
    if np.any(total <= 0):
        return 0.0
    away = years - years.mean()
    return float(np.sum(away * log(total)) / np.sum(away * away))


def birth_cohorts(births: Floats, weights: Mapping[int, float]) -> Floats:
    """Births of the cohort that enters in each year: ``Σ_c ω_c·B[t−c]``.

    Parameters
    ----------
    births : (year, area)
    weights
        ``ω_c`` by years before entry ``c`` (`capacity.inputs.calendar.entry_weights`); empty
        where the district states no entry age.

    Returns
    -------
    (year, area)
        nan where a year that is needed is unknown.
    """
    if not weights:
        return np.full_like(births, np.nan)
    lagged = [weight * _before(births, lag) for lag, weight in weights.items()]
    return ordered_sum(lagged)


def _before(births: Floats, lag: int) -> Floats:
    """Return the births of t − lag at year t; lag may be 0, or negative for late cut-offs."""
    shifted = np.full_like(births, np.nan)
    years = len(births)
    here, there = slice(max(lag, 0), years + min(lag, 0)), slice(max(-lag, 0), years - max(lag, 0))
    if abs(lag) < years:
        shifted[here] = births[there]
    return shifted
