"""Places and pipeline of a district as arrays: the stock at the base year, and every project."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from capacity.base.axes import Axes, Bools, Floats, dense
from capacity.model.data import NEVER, Projects, Stock

if TYPE_CHECKING:
    from capacity.inputs.districts.district import District

#: Standard deviation, as a share, of a figure whose quality is all that is stated; none where
#: not even that is.
SPREAD_OF_QUALITY = {"GREEN": 0.0, "AMBER": 0.02, "RED": 0.05}
#: Kinds of project that open with their first grade and fill a grade a year.
FILLS_BY_GRADE = ("new", "")


def stock_of(district: District, axes: Axes) -> tuple[Stock, Bools, Floats]:
    """Find the latest rows up to the base year, and what stood in earlier years.

    What stands changes only in the years that rows or closures name.
    """
    sizes = {level.code: float(level.class_size) for level in district.levels}
    rows = district.table("places")
    rows["year"] = rows["year"].fillna(-NEVER)
    rows = rows[rows["year"] <= axes.base]
    rows["size"] = rows["class_size"].fillna(rows["level"].map(sizes))
    rows["full"] = (rows["classes"] * rows["size"]).fillna(rows["places"])
    rows["closes"] = rows["closes"].fillna(NEVER)
    key = ["region", "level", "school", "kind"]
    rows = rows.sort_values([*key, "year"], kind="stable")
    latest = rows.drop_duplicates(key, keep="last")
    cells = (axes.year, axes.region, axes.level)
    then = np.full(tuple(len(axis) for axis in cells), np.nan)
    marks = sorted({*rows["year"], *rows["closes"]} - {NEVER, -NEVER})
    spans = [axes.year.labels[0], *(mark for mark in marks if axes.year.labels[0] < mark)]
    for first, following in zip(spans, [*spans[1:], NEVER], strict=True):
        standing = rows[rows["year"] <= first].drop_duplicates(key, keep="last").copy()
        standing["full"] = standing["full"].where(standing["closes"] > first, 0.0)
        summed = standing.groupby(["region", "level"], as_index=False)[["full"]].sum()
        years = [first <= year < following and year <= axes.base for year in axes.year.labels]
        then[years] = dense(summed, cells[1:], "full", fill=np.nan)
    stated = latest.groupby(["region", "level"], as_index=False)[["full"]].sum()
    known: Bools = ~np.isnan(dense(stated, cells[1:], "full", fill=np.nan))
    return _stock_rows(latest, axes), known, then


def _stock_rows(rows: pd.DataFrame, axes: Axes) -> Stock:
    convertible = np.zeros((len(rows), len(axes.level)), dtype=bool)
    for row, levels in enumerate(rows["convertible_to"]):
        for level in filter(None, (name.strip() for name in levels.split(";"))):
            convertible[row, axes.level.at(level)] = True
    return Stock(
        region=np.array([axes.region.at(code) for code in rows["region"]], dtype=np.int64),
        level=np.array([axes.level.at(code) for code in rows["level"]], dtype=np.int64),
        places=rows["full"].to_numpy(float),
        class_size=rows["size"].to_numpy(float),
        closes=rows["closes"].to_numpy(float),
        convertible=convertible,
        sd=rows["sd"].fillna(rows["quality"].map(SPREAD_OF_QUALITY)).fillna(0.0).to_numpy(float),
        assumed=(rows["quality"] == "RED").to_numpy(bool),
        school=tuple(rows["school"]),
    )


def pipeline(rows: pd.DataFrame, axes: Axes, completion: Mapping[Any, float]) -> Projects:
    """Turn rows of pipeline.csv into projects, by code."""
    rows = rows.sort_values("project", kind="stable")
    fill = rows["fill"].where(
        ~rows["fill"].isin(["", "as_listed"]),
        rows["kind"].isin(FILLS_BY_GRADE).map({True: "by_grade", False: "immediate"}),
    )
    opens: Floats = rows["opens"].to_numpy(dtype=np.float64)
    places = [rows[f"places_{level}"].fillna(0.0).to_numpy(float) for level in axes.level.labels]
    return Projects(
        code=tuple(rows["project"]),
        status=tuple(rows["status"]),
        region=np.array([axes.region.at(code) for code in rows["region"]], dtype=np.int64),
        places=np.stack(places, axis=1),
        opens_listed=opens,
        opens=opens.copy(),
        by_grade=(fill == "by_grade").to_numpy(bool),
        completion=np.array([completion.get(status, 1.0) for status in rows["status"]]),
    )
