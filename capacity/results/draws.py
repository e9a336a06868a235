"""Questions to the draws of a run: how likely is more than so many places, and where first."""

from __future__ import annotations

import math
from collections.abc import Sequence
from numbers import Real

import numpy as np
import numpy.typing as npt
import pandas as pd

from capacity.model.draws.runs import Worlds
from capacity.results.frames import HOLDS
from capacity.results.labels import Labels

Draws = npt.NDArray[np.float32]


def shortage_draws(
    worlds: Worlds, frame: pd.DataFrame, year: int, regions: Sequence[str], level: str
) -> Draws:
    """Return the shortage of regions in every draw, ``(region, draw)``, in places.

    Parameters
    ----------
    worlds
    frame
        Rows of results.csv, whose order is that of the region rows.
    year, regions, level
        Of the rows; ``all`` for sums.

    Raises
    ------
    ValueError
        There is no such row, or its shortage is not known: no places are given, or the level
        is pooled over the district.
    """
    (at_year,), rows, (at_level,) = (
        _positions(frame, name, wanted)
        for name, wanted in (("year", [year]), ("region", regions), ("level", [level]))
    )
    drawn: Draws = worlds.shortage(rows, at_year, at_level)
    unknown = np.isnan(drawn[:, 0])
    if unknown.any():
        raise ValueError(
            f"the shortage of {regions[int(unknown.argmax())]} {level} is not known: its places "
            "are not given, or serve other regions too"
        )
    return drawn


def _positions(frame: pd.DataFrame, name: str, wanted: Sequence[object]) -> list[int]:
    at = {label: position for position, label in enumerate(frame[name].unique().tolist())}
    for label in wanted:
        if label not in at:
            raise ValueError(f"no {name} {label!r}: one of {', '.join(map(str, at))}")
    return [at[label] for label in wanted]


def known_places(places: object) -> float:
    """Return a number of places as a float.

    Raises
    ------
    TypeError
        It is no number.
    ValueError
        It is nan.
    """
    if isinstance(places, bool | np.bool_) or not isinstance(places, Real):
        raise TypeError(f"places must be a number: {places!r}")
    if math.isnan(places):
        raise ValueError("places must be a number, and nan is none")
    return float(places)


def first_short(
    worlds: Worlds, frame: pd.DataFrame, labels: Labels, level: str, year: int
) -> pd.DataFrame:
    """Rank the regions of a level by how likely each one's shortage is the greatest.

    Parameters
    ----------
    worlds, frame
        As in `shortage_draws`.
    labels
    level
        One that each region serves by itself.
    year

    Returns
    -------
    DataFrame
        region; prob_short; prob_greatest (share of the draws in which its shortage is the
        greatest of all regions); short_from (the first year in which it is short in 8 of 10
        draws; empty where there is none); shortage_p50 (places). The likeliest first.
    """
    if any(one.shared for one in labels.levels if one.code == level):
        raise ValueError(
            f"the places of {level} serve several regions, so that not each is short by "
            f"itself: ask exceeds(0, year={year}, level={level!r})"
        )
    codes = [region.code for region in labels.leaves]
    drawn = shortage_draws(worlds, frame, year, codes, level)
    greatest = np.where(drawn.max(axis=0) > 0, drawn.argmax(axis=0), -1)
    found = pd.DataFrame(
        {
            "region": codes,
            "prob_short": (drawn > 0).mean(axis=1),
            "prob_greatest": [(greatest == row).mean() for row in range(len(codes))],
            "short_from": [_since(frame, code, level) for code in codes],
            "shortage_p50": np.median(drawn, axis=1).astype(np.float64),
        }
    )
    order = ["prob_greatest", "prob_short", "shortage_p50"]
    return found.sort_values(order, ascending=False, kind="stable").reset_index(drop=True)


def _since(frame: pd.DataFrame, region: str, level: str) -> float:
    """Return the first year of a lasting statement: short in `HOLDS` of the draws."""
    rows = frame[(frame["region"] == region) & (frame["level"] == level)]
    years: Sequence[int] = rows.loc[rows["prob_shortage"] >= HOLDS, "year"].tolist()
    return float(min(years)) if years else float("nan")
