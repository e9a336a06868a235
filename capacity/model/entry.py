"""How many first-grade classes each region must open."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from capacity.base.axes import Axes, Bools, Floats
from capacity.model.assumptions import BAND_RED, BAND_YELLOW
from capacity.model.roll import by_region
from capacity.model.simulate import Outcome
from capacity.model.totals import sum_members

#: A whole number of classes that came out of divisions may stand a rounding error above it.
_ROUNDING = 1e-9


def entry_rows(
    outcome: Outcome, axes: Axes, members: Sequence[Sequence[int]], pooled: Bools
) -> dict[str, Floats]:
    """Work out entrants, entry places, their gap and the classes needed.

    Parameters
    ----------
    outcome
    axes
    members
        Positions of the leaf regions of each row, the whole district last.
    pooled : (level)

    Returns
    -------
    dict
        ``entrants``, ``entry_places``, ``entry_gap``, ``classes_needed``, each
        ``(year, region row, level, draw)``, and ``band``: 0 below .9 of entry places, 1 from
        there, 2 from 1, nan where empty.
    """
    first = outcome.pupils[:, :, list(axes.entry)]
    entrants = by_region(first, axes)
    rooms = outcome.listed / axes.span[:, None] + 0.0 * entrants
    classes = np.ceil(entrants / outcome.class_size - _ROUNDING)
    classes = np.maximum(classes, 0.0)
    arriving, rooms = sum_members(entrants, members), sum_members(rooms, members)
    rows = {
        "entrants": arriving,
        "entry_places": rooms,
        "entry_gap": arriving - rooms,
        "classes_needed": sum_members(classes, members),
        "band": band(arriving, rooms),
    }
    for name in ("entry_gap", "band"):
        rows[name][:, :-1, pooled] = np.nan
    return rows


def band(entrants: Floats, places: Floats) -> Floats:
    """Early-warning band: 0, 1 (黄) from .9 of the entry places, 2 (红) from 1."""
    yellow, red = reached(entrants, places)
    return np.where(np.isnan(places), np.nan, yellow.astype(float) + red)


def reached(entrants: Floats, places: Floats) -> tuple[Bools, Bools]:
    """Mark what reaches 黄, and what reaches 红; where places are nan neither."""
    some = entrants > 0
    return tuple(  # type: ignore[return-value]
        some & (entrants >= places.dtype.type(limit.value) * places)
        for limit in (BAND_YELLOW, BAND_RED)
    )
