"""Arrays of a run to the tables of its folder: results, entry, pupils, levers, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from capacity.base.axes import ALL, Axes, Axis, Bools, Floats, tidy
from capacity.model.checks import Check
from capacity.model.draws.chances import Chances
from capacity.model.draws.summary import Summary
from capacity.model.roll import by_region
from capacity.model.totals import sum_members
from capacity.results.labels import BANDS

#: Marks of the early-warning bands (学位预警) by their number.
_MARKS = ("", *BANDS)
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
SUPPLY = ("year", "region", "level", "part", "places", "places_listed")
CHANCE = ("year", "region", "level", "prob_shortage", "statement", "share_assumed")
#: From this share of the draws on a statement holds.
HOLDS = 0.8
#: Above this share of the variance a figure is mainly assumed.
MAINLY = 0.5
#: The central run is an outcome of its own, with one draw.
_CENTRAL = 0


def results_frame(
    scenario: str,
    axes: Axes,
    rows: Mapping[str, Floats],
    constrained: Bools,
    chance: Summary | None = None,
) -> pd.DataFrame:
    """Give the rows of results.csv, with what draws say where there are any; empty is nan."""
    across = (axes.horizon, axes.row, Axis("level", (*axes.level.labels, ALL)))
    frame = tidy(rows["demand"][..., _CENTRAL], across, "demand")
    for name in RESULTS[5:12]:
        frame[name] = rows[name][..., _CENTRAL].reshape(-1)
    frame["constrained"] = np.tile(constrained.reshape(-1), len(axes.horizon))
    frame.insert(0, "scenario", scenario)
    frame = frame[list(RESULTS)]
    for name, values in drawn_columns(chance).items() if chance else ():
        frame[name] = values.reshape(-1)
    return frame


def drawn_columns(chance: Summary) -> dict[str, Floats]:
    """Give the columns of results.csv that draws add, each ``(horizon, region row, level row)``."""
    means = ("shortage_mean", "surplus_mean", "prob_shortage")
    return chance.quantiles | {name: getattr(chance, name) for name in means}


def entry_frame(
    axes: Axes, rows: Mapping[str, Floats], chance: Summary | None = None
) -> pd.DataFrame:
    """Give the rows of entry.csv; an empty cell is nan, and an empty band ``""``."""
    across = (axes.horizon, axes.row, axes.level)
    frame = tidy(rows["entrants"][..., _CENTRAL], across, "entrants")
    for name in ENTRY[4:7]:
        frame[name] = rows[name][..., _CENTRAL].reshape(-1)
    frame["classes_needed"] = frame["classes_needed"].astype(int)
    marks = np.nan_to_num(rows["band"][..., _CENTRAL]).astype(int).reshape(-1)
    frame["band"] = [_MARKS[mark] for mark in marks]
    frame = frame[list(ENTRY)]
    if chance is not None:
        for at, name in enumerate(("prob_yellow", "prob_red")):
            frame[name] = chance.bands[..., at].reshape(-1)
    return frame


def chance_frame(axes: Axes, chances: Chances | None) -> pd.DataFrame:
    """Give the rows of chance.csv: what may be said of every row, and how much is assumed.

    Parameters
    ----------
    axes
    chances
        None where nothing was drawn: a table without rows.
    """
    if chances is None:
        return pd.DataFrame({name: [] for name in (*CHANCE, "mainly_assumed")})
    across = (axes.horizon, axes.row, Axis("level", (*axes.level.labels, ALL)))
    frame = tidy(chances.summary.prob_shortage, across, "prob_shortage")
    frame["statement"] = [statement(share) for share in frame["prob_shortage"]]
    frame["share_assumed"] = chances.share_assumed.reshape(-1)
    frame["mainly_assumed"] = frame["share_assumed"] > MAINLY
    return frame


def statement(share: float) -> str:
    """Say what holds in `HOLDS` of the draws: ``short``, ``not short`` or ``undetermined``.

    >>> [statement(share) for share in (0.85, 0.5, 0.1, float("nan"))]
    ['short', 'undetermined', 'not short', '']
    """
    if np.isnan(share):
        return ""
    return "short" if share >= HOLDS else "not short" if share <= 1 - HOLDS else "undetermined"


def supply_frame(axes: Axes, parts: Mapping[str, tuple[Floats, Floats]]) -> pd.DataFrame:
    """Give the rows of supply.csv: what the places of each cell are made of.

    Parameters
    ----------
    axes
    parts
        Usable and listed places, each ``(year, region, level, draw)``, by part.
    """
    across = (axes.horizon, axes.row, axes.level, Axis("part", tuple(parts)))
    usable, listed = (
        np.stack([sum_members(part[..., _CENTRAL], axes.members) for part in side], axis=-1)
        for side in zip(*parts.values(), strict=True)
    )
    frame = tidy(usable, across, "places")
    frame["places_listed"] = listed.reshape(-1)
    return frame[list(SUPPLY)]


def pupils_frame(axes: Axes, pupils: Floats) -> pd.DataFrame:
    """Give the rows of pupils.csv: pupils by year, region (and ``all``) and grade.

    Parameters
    ----------
    axes
    pupils : (year, area, grade, draw)
    """
    leaves = by_region(pupils[..., _CENTRAL], axes)
    return tidy(sum_members(leaves, axes.members), (axes.horizon, axes.row, axes.grade), "pupils")


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
