"""One-step errors of a district's own past forecasts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from capacity.base.axes import Arrays, Floats
from capacity.base.settings import Demand as DemandSettings
from capacity.model.assumptions import SPREAD_ORIGINS
from capacity.model.history import History
from capacity.model.ratios import Estimate, estimate
from capacity.model.roll import mix


@dataclass(frozen=True, eq=False)
class OneStep(Arrays):
    """What one origin expected a year later, and what came.

    Attributes
    ----------
    expected, counted : (area, grade)
        Pupils; nan where there was no forecast, or no count that counts.
    """

    expected: Floats
    counted: Floats


def one_steps(history: History, settings: DemandSettings) -> list[OneStep]:
    """Forecast the last years one step ahead, each from what was known a year before.

    The latest `SPREAD_ORIGINS` years, from the third there is: the second one has the first
    ratio.
    """
    first = max(2, len(history) - int(SPREAD_ORIGINS.value))
    return [one_step(history, settings, year) for year in range(first, len(history))]


def one_step(history: History, settings: DemandSettings, year: int) -> OneStep:
    """Forecast the year at a position from what was known a year before, and give what came."""
    found = estimate(history.until(year), settings)
    expected = np.full(history.pupils.shape[1:], np.nan)
    expected[:, 1:] = found.progression[:, 1:] * history.pupils[year - 1, :, :-1]
    for grade, share in history.flows.items():
        leavers = history.pupils[year - 1, :, grade - 1, None]
        expected[:, grade] = found.progression[:, grade] * mix(leavers, share)[:, 0]
    expected[:, 0] = _entrants(history, found, year)
    counted = history.into[year].copy()
    counted[:, 0] = history.entrants[year]
    known = (expected > 0) & (counted > 0)  # nan: neither
    return OneStep(np.where(known, expected, np.nan), np.where(known, counted, np.nan))


def _entrants(history: History, found: Estimate, year: int) -> Floats:
    by_children = found.per_child * history.children[year]
    by_births = found.per_birth * history.born[year]
    either = np.where(np.isnan(by_children), by_births, by_children)
    return np.where(np.isnan(either), found.entrants, either)
