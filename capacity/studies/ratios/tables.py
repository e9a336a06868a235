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
from capacity.base.words import ranges
from capacity.model.breaks import Break, find_breaks
from capacity.model.data import ModelData
from capacity.model.history import History, Yearly, history_of, progressions, spell, years_used
from capacity.model.ratios import Estimate, estimate, shrunk_ratios
from capacity.model.shrunk import ShrunkRatio

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
BREAKS = (
    *("year", "region", "group", "grades", "pupils", "expected", "change"),
    *("ratio", "expected_ratio", "deviations"),
)
_HALF = 0.5


@dataclass(frozen=True)
class _Series:
    """A ratio of every area: its years, with and without flagged ones, and what was found."""

    basis: str
    grade: int
    raw: Yearly
    kept: Yearly
    found: ShrunkRatio


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
    def _estimate(self) -> Estimate:
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
    def _used(self) -> range:
        return years_used(self._history, self.settings.method, self.settings.window)

    @cached_property
    def _all(self) -> tuple[_Series, ...]:
        """Return the ratios into every grade; into the first per birth and per child."""
        unflagged = history_of(replace(self.data, flagged=np.zeros_like(self.data.flagged)))
        past, found = self._history, shrunk_ratios(self._history, self._both)
        entry = ((BIRTHS, "born", found.per_birth), (CHILDREN, "children", found.per_child))
        series = []
        for basis, cohort, ratios in entry:
            raw, kept = (Yearly(h.entrants, getattr(h, cohort)) for h in (unflagged, past))
            series.append(_Series(basis, 0, raw, kept, ratios))
        every, left = progressions(unflagged), progressions(past)
        for grade in range(1, len(self._axes.grade)):
            raw, kept = (Yearly(y.into[:, :, grade], y.source[:, :, grade]) for y in (every, left))
            series.append(_Series("", grade, raw, kept, _of_grade(found.progression, grade)))
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
        used, found = self._used, series.found
        spells = spell(series.kept.ratio, used)
        without = self._flagged[used] & ~np.isnan(series.raw.ratio[used])
        for area in np.flatnonzero(~np.isnan(found.ratio)):
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
        estimated, last = self._estimate, self._history.pupils[-1]
        first = np.isnan(estimated.per_birth) & np.isnan(estimated.per_child)
        none = np.isnan(estimated.progression)
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
        ratio = series.raw.ratio
        year, area = np.nonzero(~np.isnan(ratio))
        codes = [self._axes.area.labels[at] for at in area]
        used = np.zeros(ratio.shape, dtype=bool)
        used[self._used] = ~np.isnan(series.kept.ratio[self._used])
        columns = {
            "year": np.array(self._years)[year],
            "region": [region for region, _ in codes],
            "group": [group for _, group in codes],
            "grade": self._axes.grade.labels[series.grade],
            "basis": series.basis,
            "pupils": series.raw.into[year, area],
            "came_from": series.raw.source[year, area],
            "ratio": ratio[year, area],
            "flagged": self._flagged[year, area],
            "used": used[year, area],
        }
        return pd.DataFrame(columns, columns=list(YEARLY))

    @cached_property
    def jumps(self) -> tuple[Break, ...]:
        """Breaks, the largest in pupils first."""
        found = find_breaks(self._history, self._both)
        return tuple(sorted(found, key=lambda one: -abs(one.counted - one.expected)))

    def breaks(self) -> pd.DataFrame:
        """Return a row per break."""
        return pd.DataFrame([self.broken(one) for one in self.jumps], columns=list(BREAKS))

    def broken(self, one: Break) -> dict[str, Any]:
        """Return the row of a break; the region is ``all`` where all areas jump alike."""
        axes = self._axes
        region, group = ("all", "") if one.area is None else axes.area.labels[one.area]
        per = 1.0 / one.before if one.before > 0 else np.nan
        grades = ", ".join(ranges(axes.grade.labels[at] for at in one.grades))
        return {
            "year": self._years[one.year],
            "region": region,
            "group": group,
            "grades": grades.replace("–", "-"),
            "pupils": one.counted,
            "expected": one.expected,
            "change": one.counted / one.expected - 1.0,
            "ratio": one.counted * per,
            "expected_ratio": one.expected * per,
            "deviations": one.deviations,
        }

    def _key(self, area: int, grade: int, basis: str) -> dict[str, Any]:
        region, group = self._axes.area.labels[area]
        label = self._axes.grade.labels[grade]
        return {"region": region, "group": group, "grade": label, "basis": basis}


def _of_grade(found: ShrunkRatio, grade: int) -> ShrunkRatio:
    names = ("ratio", "recent", "recent_share", "long_run", "own_share", "all_areas")
    parts: list[Floats] = [getattr(found, name)[:, grade] for name in names]
    return ShrunkRatio(*parts)


def _towards(own_share: float) -> str:
    """Return what weighs most in what a ratio was drawn towards; "" where it was not."""
    if np.isnan(own_share):
        return ""
    return LONG_RUN if own_share >= _HALF else ALL_AREAS
