"""The rows of units of one region to one row: what is counted added up, the rest said of all."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.inputs.tables.columns import PROJECTION, Table

#: Qualities from the least sure; a row that states none lies below those that are official.
_QUALITIES = ("RED", "", "AMBER", "GREEN")
#: Sources of a sum that are named before the rest is only counted.
_JOINED = 3


def counted_in(table: Table) -> list[str]:
    """Return the columns whose figures are added up: those counted, and the value of an actual."""
    return [column.name for column in table.columns if column.counted]


def schools_of(pieces: pd.DataFrame, own: NDArray[np.object_]) -> pd.Series[str]:
    """Return the school of each row: the unit, with the school that it states beside it."""
    stated = pieces["school"].to_numpy(object)
    both = [
        f"{unit} {school}".strip() if school != unit else unit
        for unit, school in zip(own, stated, strict=True)
    ]
    return pd.Series(both, index=pieces.index, dtype="str")


def sums_of(pieces: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a row for each key, at the first row of its parts."""
    if "sought" in pieces:  # a unit without it counts by its pupils, as it would alone
        pieces = pieces.assign(sought=_sought(pieces, list(table.key)))
    by_key = pieces.groupby(list(table.key), sort=False, dropna=False)
    numbers = by_key.ngroup().to_numpy()
    first = np.unique(numbers, return_index=True)[1]
    summed = pieces.iloc[first].copy()
    for column in counted_in(table):
        values = pieces[column].to_numpy(float)
        sums = np.bincount(numbers, np.nan_to_num(values))
        none = np.bincount(numbers, ~np.isnan(values)) == 0
        summed[column] = np.where(none, np.nan, sums)
    summed["quality"] = _worst(pieces["quality"], numbers)
    for column in ("source", "note"):
        summed[column] = _joined(pieces[column], numbers, column == "source")
    summed["known"] = _latest(pieces["known"], numbers)
    return summed


def _sought(pieces: pd.DataFrame, key: list[str]) -> pd.Series[float]:
    """Return registrations, in sums where any unit has them of every one."""
    some = pieces["sought"].notna().groupby([pieces[name] for name in key]).transform("any")
    return pieces["sought"].fillna(pieces["pupils"]).where(some)


def _worst(quality: pd.Series[str], numbers: NDArray[np.integer[Any]]) -> NDArray[np.object_]:
    """Return the least sure quality of each group."""
    ranks = quality.map({name: rank for rank, name in enumerate(_QUALITIES)}).to_numpy(int)
    worst = np.full(numbers.max() + 1, len(_QUALITIES) - 1)
    np.minimum.at(worst, numbers, ranks)
    return np.array(_QUALITIES, dtype=object)[worst]


def _latest(texts: pd.Series[str], numbers: NDArray[np.integer[Any]]) -> NDArray[np.object_]:
    """Return the greatest text of each group."""
    ordered, ranks = np.unique(texts.to_numpy(object).astype(str), return_inverse=True)
    last = np.zeros(numbers.max() + 1, dtype=np.intp)
    np.maximum.at(last, numbers, ranks)
    return ordered.astype(object)[last]


def _joined(
    texts: pd.Series[str], numbers: NDArray[np.integer[Any]], is_source: bool
) -> NDArray[np.object_]:
    """Return the distinct texts of each group; of sources a projection wins."""
    found = np.full(numbers.max() + 1, "", dtype=object)
    parts = pd.DataFrame({"number": numbers, "text": texts.to_numpy(object)})
    parts = parts[parts["text"] != ""].drop_duplicates()
    texts_of: dict[int, list[str]] = {}
    for number, text in zip(parts["number"].tolist(), parts["text"].tolist(), strict=True):
        texts_of.setdefault(number, []).append(text)
    for number, every in texts_of.items():
        planned = [text for text in every if text.strip().casefold() in PROJECTION]
        more = [f"(+{len(every) - _JOINED})"] if len(every) > _JOINED else []
        said = "; ".join([*every[:_JOINED], *more])
        found[number] = planned[0] if is_source and planned else said
    return found
