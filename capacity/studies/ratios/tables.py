"""Calibrated ratios as tables: every ratio and what it rests on, every year, every break."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Bools, Floats
from capacity.base.settings import Calibration
from capacity.base.settings import Demand as DemandSettings
from capacity.model.breaks import Break, find_breaks
from capacity.model.data import ModelData
from capacity.model.history import History, history_of, spell
from capacity.model.ratios import Estimate, estimate
from capacity.model.shrunk import ShrunkRatio
from capacity.results.past import BREAKS, break_row, largest_first

KEYS = ("region", "group", "grade", "basis")
#: What a ratio of the first grade is per; "" for progression, and neither where it is held.
BIRTHS, CHILDREN, NEITHER = "births", "children", "neither"
#: What weighs most in what a ratio was drawn towards.
LONG_RUN, ALL_AREAS = "long_run", "all_areas"
COLUMNS = (
    *KEYS,
    *("ratio", "sd", "years", "first_year", "last_year", "flagged", "method"),
    *("shrunk_towards", "recent", "recent_share", "long_run", "all_areas", "held"),
)
YEARLY = ("year", *KEYS, "pupils", "came_from", "ratio", "flagged", "used")
_HALF = 0.5


@dataclass(frozen=True)
class _Series:
    """A ratio of every area: all its years, those that it rests on, and what was found.

    Arrays are ``(year, area)``, and of the ratio ``(area)``.
    """

    basis: str
    grade: int
    into: Floats
    source: Floats
    used: Bools
    found: ShrunkRatio

    @property
    def yearly(self) -> Floats:
        """The ratio of each year, flagged or not; nan where nobody came from below."""
        known = ~np.isnan(self.into) & (np.nan_to_num(self.source) > 0)
        none = np.full(known.shape, np.nan)
        return np.asarray(np.divide(self.into, self.source, out=none, where=known))


@dataclass(frozen=True, eq=False)
class Found:
    """What calibration finds in a district's past, before it becomes tables."""

    data: ModelData
    settings: Calibration

    @property
    def _both(self) -> DemandSettings:
        return DemandSettings(progression=self.settings, entry=self.settings)

    @cached_property
    def _history(self) -> History:
        return history_of(self.data)

    @cached_property
    def estimate(self) -> Estimate:
        """The ratios as calibration gives them."""
        return estimate(self._history, self._both)

    @property
    def _axes(self) -> Axes:
        return self.data.axes

    @property
    def _years(self) -> Sequence[int]:
        return self._axes.year.labels[: len(self._history)]

    @property
    def _flagged(self) -> Bools:
        return self.data.flagged[: len(self._history)]

    @cached_property
    def _all(self) -> tuple[_Series, ...]:
        """Return the ratios into every grade; into the first per birth and per child."""
        unflagged = replace(self.data, flagged=np.zeros_like(self.data.flagged))
        every, kept = estimate(history_of(unflagged), self._both), self.estimate
        series = []
        for basis, raw, found in (
            (BIRTHS, every.per_birth, kept.per_birth),
            (CHILDREN, every.per_child, kept.per_child),
        ):
            sides = raw.past.into, found.past.source
            series.append(_Series(basis, 0, *sides, found.used, found.found))
        for grade in range(1, len(self._axes.grade)):
            raw, found = (side.progression.of_grade(grade) for side in (every, kept))
            sides = raw.past.into, raw.past.source
            series.append(_Series("", grade, *sides, found.used, found.found))
        return tuple(series)

    def frame(self) -> pd.DataFrame:
        """Return a row per ratio, and per grade that is held for want of one."""
        rows: list[dict[str, Any]] = []
        for series in self._all:
            rows += self._rows(series)
        rows += self._held()
        frame = pd.DataFrame(rows, columns=list(COLUMNS))
        frame = frame.sort_values(["region", "group", "grade", "basis"], kind="stable")
        whole = ("years", "first_year", "last_year", "flagged")
        return frame.astype(dict.fromkeys(whole, "Int64")).reset_index(drop=True)

    def _rows(self, series: _Series) -> Iterator[dict[str, Any]]:
        found, yearly = series.found, series.yearly
        spells = spell(yearly, series.used)
        without = self._flagged[:, :, series.grade] & ~np.isnan(yearly)
        there = ~self._axes.nowhere[:, series.grade]
        for area in np.flatnonzero(~np.isnan(found.ratio) & there):
            any_year = bool(spells.years[area])
            yield {
                **self._key(int(area), series.grade, series.basis),
                "ratio": found.ratio[area],
                "sd": spells.sd[area],
                "years": int(spells.years[area]),
                "first_year": self._years[spells.first[area]] if any_year else None,
                "last_year": self._years[spells.last[area]] if any_year else None,
                "flagged": int(without[:, area].sum()),
                "method": self.settings.method,
                "shrunk_towards": _towards(float(found.own_share[area])),
                **{
                    name: getattr(found, name)[area]
                    for name in ("recent", "recent_share", "long_run", "all_areas")
                },
                "held": np.nan,
            }

    def _held(self) -> Iterator[dict[str, Any]]:
        """Yield the grades without a ratio, which stay as they are."""
        estimated, last = self.estimate, self._history.pupils[-1]
        first = np.isnan(estimated.per_birth.ratio) & np.isnan(estimated.per_child.ratio)
        none = np.isnan(estimated.progression.ratio)
        none[:, 0] = first
        for area, grade in np.argwhere(none).tolist():
            heads = estimated.entrants[area] if grade == 0 else last[area, grade]
            basis = NEITHER if grade == 0 else ""
            none_used = {"years": 0, "flagged": 0, "shrunk_towards": ""}
            rest = {"method": self.settings.method, "held": heads}
            yield self._key(area, grade, basis) | none_used | rest

    def yearly(self) -> pd.DataFrame:
        """Return a row per year of every ratio; ``used`` where it counts."""
        parts = [self._yearly(series) for series in self._all]
        frame = pd.concat(parts, ignore_index=True)
        return frame.sort_values([*KEYS, "year"], kind="stable").reset_index(drop=True)

    def _yearly(self, series: _Series) -> pd.DataFrame:
        ratio = series.yearly
        year, area = np.nonzero(~np.isnan(ratio))
        codes = [self._axes.area.labels[at] for at in area]
        columns = {
            "year": np.array(self._years)[year],
            "region": [region for region, _ in codes],
            "group": [group for _, group in codes],
            "grade": self._axes.grade.labels[series.grade],
            "basis": series.basis,
            "pupils": series.into[year, area],
            "came_from": series.source[year, area],
            "ratio": ratio[year, area],
            "flagged": self._flagged[year, area, series.grade],
            "used": series.used[year, area],
        }
        return pd.DataFrame(columns, columns=list(YEARLY))

    @cached_property
    def jumps(self) -> tuple[Break, ...]:
        """Breaks, the largest in pupils first."""
        return largest_first(find_breaks(self._history, self._both))

    def breaks(self) -> pd.DataFrame:
        """Return a row per break."""
        rows = [break_row(one, self._axes) for one in self.jumps]
        return pd.DataFrame(rows, columns=list(BREAKS))

    def _key(self, area: int, grade: int, basis: str) -> dict[str, Any]:
        region, group = self._axes.area.labels[area]
        label = self._axes.grade.labels[grade]
        return {"region": region, "group": group, "grade": label, "basis": basis}


def _towards(own_share: float) -> str:
    """Return what weighs most in what a ratio was drawn towards; "" where it was not."""
    if np.isnan(own_share):
        return ""
    return LONG_RUN if own_share >= _HALF else ALL_AREAS
