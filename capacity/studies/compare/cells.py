"""How the results of two runs differ, cell by cell.

Why they differ (the waterfall of components) has its place beside this module: it will take the
same two runs and explain the change of one year, which is a sum of rows given here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from capacity.base.axes import ALL
from capacity.base.settings import QUANTILES

#: Results that are compared; in places, but utilisation, which is demand ÷ places.
VARIABLES = (
    "demand",
    "places",
    "places_listed",
    "gap",
    "shortage",
    "surplus",
    "shortage_after",
    "utilisation",
)
KEY = ("year", "region", "level")
#: How columns end that draws add: quantiles, means, and probabilities before them.
_DRAWN = (*(f"_{end}" for end in QUANTILES), "_mean")
#: Range of the shortage of the whole district, in places, where both sides have draws.
RANGE = tuple(f"shortage_{end}" for end in QUANTILES)
#: Results of the whole district that a headline gives, in places.
HEADLINE = ("demand", "places", "gap", "shortage", "shortage_after")
COLUMNS = (*KEY, "variable", "a", "b", "change")


@dataclass(frozen=True)
class OneSided:
    """Labels that only one of two results has.

    Attributes
    ----------
    a, b : tuple
        Those that stand in the first result alone, and in the second alone.
    """

    a: tuple[Any, ...] = ()
    b: tuple[Any, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.a or self.b)


@dataclass(frozen=True)
class Difference:
    """Two results put side by side.

    Attributes
    ----------
    rows : DataFrame
        A row per year, region, level and variable: ``a``, ``b`` and ``change`` = b − a. A side
        that has no such cell is nan, and so is the change. Variables are `VARIABLES`, then
        `drawn`.
    years : OneSided
        Years of one result alone; they have no rows.
    regions, levels : OneSided
        Regions and levels of one result alone; their rows have an empty side.
    drawn : tuple of str
        Columns that draws add, where both results have draws.
    one_drawn : bool
        Whether one result alone has draws: what they say is not compared.
    """

    rows: pd.DataFrame
    years: OneSided
    regions: OneSided
    levels: OneSided
    drawn: tuple[str, ...] = ()
    one_drawn: bool = False


def difference(a: pd.DataFrame, b: pd.DataFrame) -> Difference:
    """Put two results frames side by side.

    Parameters
    ----------
    a, b : DataFrame
        Rows by year, region and level with the columns `VARIABLES`, each cell once; columns
        that draws add are compared where both have them.

    Examples
    --------
    >>> import pandas as pd
    >>> cell = {"year": [2025], "region": ["all"], "level": ["all"]}
    >>> one, other = (pd.DataFrame(cell | dict.fromkeys(VARIABLES, v)) for v in (100.0, 70.0))
    >>> difference(one, other).rows.query("variable == 'gap'")
       year region level variable      a     b  change
    3  2025    all   all      gap  100.0  70.0   -30.0
    """
    years, regions, levels = (_one_sided(a[name], b[name]) for name in KEY)
    order = pd.MultiIndex.from_product(
        [
            sorted(set(a["year"]) & set(b["year"])),
            _both(a["region"], b["region"]),
            _both(a["level"], b["level"]),
        ],
        names=list(KEY),
    )
    sides = [drawn_columns(frame) for frame in (a, b)]
    drawn = tuple(name for name in sides[0] if name in sides[1])
    names = (*VARIABLES, *drawn)
    one, other = (_by_cell(frame, names) for frame in (a, b))
    order = order[order.isin(one.index.union(other.index))]
    rows = order.repeat(len(names)).to_frame(index=False)
    rows["variable"] = list(names) * len(order)
    rows["a"], rows["b"] = (side.reindex(order).to_numpy().reshape(-1) for side in (one, other))
    rows["change"] = rows["b"] - rows["a"]
    one_drawn = bool(sides[0]) != bool(sides[1])
    return Difference(rows[list(COLUMNS)], years, regions, levels, drawn, one_drawn)


def drawn_columns(frame: pd.DataFrame) -> tuple[str, ...]:
    """Name the columns of a results frame that draws add; none of a run without draws."""
    return tuple(name for name in frame.columns if name.endswith(_DRAWN) or name == "prob_shortage")


def headline(rows: pd.DataFrame) -> pd.DataFrame:
    """Give the district by year: for each of `HEADLINE` the columns _a, _b and _change (places).

    Where both sides have draws, also for each of `RANGE`.

    Parameters
    ----------
    rows : DataFrame
        Those of a `Difference`.
    """
    whole = rows[(rows["region"] == ALL) & (rows["level"] == ALL)]
    table = whole[["year"]].drop_duplicates().reset_index(drop=True)
    known = set(whole["variable"])
    for name in (*HEADLINE, *(name for name in RANGE if name in known)):
        own = whole[whole["variable"] == name]
        for side in ("a", "b", "change"):
            table[f"{name}_{side}"] = own[side].to_numpy()
    return table


def _by_cell(frame: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    return frame.set_index(list(KEY))[list(names)].astype(float)


def _one_sided(a: Iterable[Any], b: Iterable[Any]) -> OneSided:
    one, other = dict.fromkeys(a), dict.fromkeys(b)
    return OneSided(
        tuple(label for label in one if label not in other),
        tuple(label for label in other if label not in one),
    )


def _both(a: Iterable[str], b: Iterable[str]) -> Sequence[str]:
    """Give the labels of both, those of the first in its order before the others; sums last."""
    labels = dict.fromkeys([*a, *b])
    return [label for label in labels if label != ALL] + [ALL] * (ALL in labels)
