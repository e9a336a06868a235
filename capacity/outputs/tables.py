"""Arrays of a run to the tables of its folder: results, entry, pupils, levers, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from capacity.axes import Axes, Axis, Bools, Floats, tidy
from capacity.model.checks import Check
from capacity.model.entry import BANDS

if TYPE_CHECKING:
    from capacity.inputs.district import District

ALL = "all"
RESULTS = (
    "scenario",
    "year",
    "region",
    "level",
    "demand",
    "places",
    "places_listed",
    "gap",
    "shortage",
    "surplus",
    "shortage_after",
    "utilisation",
    "constrained",
)
ENTRY = (
    "year",
    "region",
    "level",
    "entrants",
    "entry_places",
    "entry_gap",
    "classes_needed",
    "band",
)
#: The central run is the first draw.
_CENTRAL = 0


def result_rows(district: District, axes: Axes) -> tuple[Axis, list[list[int]]]:
    """Name the region rows of the results, and the leaf regions that each adds up.

    Returns
    -------
    rows : Axis
        Regions in the order of the district, then ``all``.
    members
        Positions of their leaf regions in code order.
    """
    codes = [region.code for region in district.regions]
    members = [sorted(axes.region.at(leaf) for leaf in district.children_of(c)) for c in codes]
    return Axis("region", (*codes, ALL)), [*members, list(range(len(axes.region)))]


def results_frame(
    scenario: str, axes: Axes, regions: Axis, rows: Mapping[str, Floats], constrained: Bools
) -> pd.DataFrame:
    """Give the rows of results.csv; an empty cell is nan."""
    across = (axes.horizon, regions, Axis("level", (*axes.level.labels, ALL)))
    frame = tidy(rows["demand"][..., _CENTRAL], across, "demand")
    for name in RESULTS[5:12]:
        frame[name] = rows[name][..., _CENTRAL].reshape(-1)
    frame["constrained"] = np.tile(constrained.reshape(-1), len(axes.horizon))
    frame.insert(0, "scenario", scenario)
    return frame[list(RESULTS)]


def entry_frame(axes: Axes, regions: Axis, rows: Mapping[str, Floats]) -> pd.DataFrame:
    """Give the rows of entry.csv; an empty cell is nan, and an empty band ``""``."""
    across = (axes.horizon, regions, axes.level)
    frame = tidy(rows["entrants"][..., _CENTRAL], across, "entrants")
    for name in ENTRY[4:7]:
        frame[name] = rows[name][..., _CENTRAL].reshape(-1)
    frame["classes_needed"] = frame["classes_needed"].astype(int)
    marks = np.nan_to_num(rows["band"][..., _CENTRAL]).astype(int).reshape(-1)
    frame["band"] = [BANDS[mark] for mark in marks]
    return frame[list(ENTRY)]


def pupils_frame(
    axes: Axes, regions: Axis, members: Sequence[Sequence[int]], pupils: Floats
) -> pd.DataFrame:
    """Give the rows of pupils.csv: pupils by year, region (and ``all``) and grade.

    Parameters
    ----------
    axes, regions, members
    pupils : (year, area, grade, draw)
    """
    by_region = np.zeros((len(axes.horizon), len(axes.region), len(axes.grade)))
    for area, region in enumerate(axes.region_of):
        by_region[:, region] += pupils[:, area, :, _CENTRAL]
    rows = np.stack([by_region[:, list(leaves)].sum(axis=1) for leaves in members], axis=1)
    return tidy(rows, (axes.horizon, regions, axes.grade), "pupils")


def checks_frame(checks: Sequence[Check]) -> pd.DataFrame:
    """Give the rows of checks.csv: every law, how far it is missed, and whether it holds."""
    return pd.DataFrame(
        {
            "check": [check.code for check in checks],
            "law": [check.law for check in checks],
            "residual": [check.residual for check in checks],
            "tolerance": [check.tolerance for check in checks],
            "passed": [check.passed for check in checks],
        }
    )
