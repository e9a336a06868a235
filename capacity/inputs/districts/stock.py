"""Existing places where classes are known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from capacity.base.errors import Problems
from capacity.inputs.districts.declared import Level
from capacity.inputs.tables.sheets import place

#: Listed places may differ by rounding without a word.
TOLERANCE = 0.5


def with_counted_places(
    places: pd.DataFrame, levels: Sequence[Level], problems: Problems
) -> pd.DataFrame:
    """Put classes x class size in place of places, wherever classes are given.

    Parameters
    ----------
    places : DataFrame
        The table as read.
    levels : sequence of Level
        Their class size serves rows without one.
    problems : Problems
        Takes a warning where listed places differ.
    """
    norm = places["level"].map({level.code: level.class_size for level in levels})
    size = places["class_size"].fillna(norm.astype(float))
    counted, listed = places["classes"] * size, places["places"]
    for row in np.flatnonzero((counted - listed).abs() > TOLERANCE):
        problems.warning(
            "places-differ",
            place(places, int(row)),
            listed=listed.iloc[row],
            classes=places["classes"].iloc[row],
            size=size.iloc[row],
            counted=counted.iloc[row],
        )
    return places.assign(places=counted.fillna(listed))
