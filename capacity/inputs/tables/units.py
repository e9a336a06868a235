"""Units of a region (schools, streets, wards): which region each lies in, and their counts summed.

A table of counts may name units of ``units.csv`` in place of a region. They are added up to it,
what is counted, and the rest said of all; those of a unit that lies in several regions by its
shares, while a project is never split.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.base.axes import ALL
from capacity.base.errors import At, Problems
from capacity.base.words import ranges
from capacity.inputs.tables.columns import PROJECTION, Table
from capacity.inputs.tables.names import Names
from capacity.inputs.tables.sheets import Change, Tally, first_named, place
from capacity.inputs.tables.values import plain_name
from capacity.inputs.tables.withheld import mark_of, marks_of

#: The table that says in which regions units lie.
UNITS = "units"
#: Columns of keys that tell parts of one count, of which a region's own row may hold any.
_PARTS = ("group", "school", "kind")
_TOLERANCE = 1e-6
#: Row and column to its place.
Place = Callable[[int, str], At]
#: Qualities from the least sure; a row that states none lies below those that are official.
_QUALITIES = ("RED", "", "AMBER", "GREEN")
#: Sources of a sum that are named before the rest is only counted.
_JOINED = 3


@dataclass(frozen=True)
class Units:
    """The units of a district.

    Attributes
    ----------
    shares : mapping of str to tuple of (str, float)
        The regions of each unit, and how much of it lies there.
    titles : mapping of str to str
        What else each may be called; itself where nothing else is stated.
    named : set of str
        Those that a table has named so far.
    """

    shares: Mapping[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set, compare=False)


def units_of(frame: pd.DataFrame, names: Names, problems: Problems) -> Units:
    """Return the units of the table ``units``, whose rows are its rows as read."""
    known = {plain_name(region): region for region in (*(names.regions or ()), ALL)}
    shares: dict[str, dict[str, float]] = {}
    titles: dict[str, str] = {}
    by_name: dict[str, str] = {}
    first: dict[str, int] = {}
    columns = (frame[name].tolist() for name in ("unit", "region", "share", "title"))
    for row, (unit, region, share, title) in enumerate(zip(*columns, strict=True)):
        first.setdefault(unit, row)
        shares.setdefault(unit, {})[region] = share
        titles[unit] = titles.get(unit) or title
        for name in filter(None, (unit, title)):
            if other := known.get(plain_name(name)):
                problems.error("unit-is-region", place(frame, row), found=name, region=other)
            elif by_name.setdefault(plain_name(name), unit) != unit:
                other = by_name[plain_name(name)]
                problems.error("unit-name-twice", place(frame, row), found=name, other=other)
    for unit, parts in shares.items():
        if len(parts) == 1 and np.isnan(next(iter(parts.values()))):
            parts.update(dict.fromkeys(parts, 1.0))
        total = sum(parts.values())
        if not abs(total - 1.0) <= _TOLERANCE:
            said = ", ".join(f"{region} {share:g}" for region, share in parts.items())
            problems.error("unit-shares", place(frame, first[unit]), unit=unit, shares=said)
    return Units(
        {unit: tuple(parts.items()) for unit, parts in shares.items()},
        {unit: titles[unit] or unit for unit in shares},
    )


def add_up(
    frame: pd.DataFrame,
    table: Table,
    units: Units,
    at: Place,
    problems: Problems,
    changes: list[Change],
) -> pd.DataFrame:
    """Return the frame of a table with the rows of units added up to their regions.

    Parameters
    ----------
    frame : DataFrame
        As it was read; ``at`` tells where its rows stand.
    table : Table
    units : Units
    at : callable
    problems : Problems
        Takes units beside their own region, units that lack years, and projects of a split unit.
    changes : list of Change
        Takes a change for each row of a unit.
    """
    is_unit = frame["region"].isin(list(units.shares)).to_numpy(bool)
    if not table.units or not is_unit.any():
        return frame
    rows = np.flatnonzero(is_unit)
    own = frame["region"].to_numpy(object)
    units.named.update(own[rows])
    pieces, source = _pieces(frame, rows, units, table)
    if table.name == "pipeline":
        _refuse_split(rows, own, units, at, problems)
    _refuse_beside(frame, ~is_unit, pieces, source, table, at, problems)
    _ask_about_gaps(frame, rows, pieces, table, at, problems)
    _count(rows, own, units, at, changes)
    if table.name == "pipeline":
        summed = pieces
    elif table.name == "places":  # years and kinds differ by unit: each stands as a school
        summed = pieces.assign(school=_schools_of(pieces, own[source]))
    else:
        summed = _summed_by_key(pieces, table)
    whole = pd.concat([frame[~is_unit], summed])
    return whole.sort_index(kind="stable").reset_index(drop=True)


def _pieces(
    frame: pd.DataFrame, rows: NDArray[np.intp], units: Units, table: Table
) -> tuple[pd.DataFrame, NDArray[np.intp]]:
    """Return a row for each region of each row of a unit, with its share, and the rows they are of.

    The index is the row of the frame.
    """
    parts = [units.shares[unit] for unit in frame["region"].to_numpy(object)[rows]]
    source = np.repeat(rows, [len(part) for part in parts])
    shares = np.array([share for part in parts for _, share in part])
    pieces = frame.iloc[source].copy()
    pieces["region"] = pd.array([region for part in parts for region, _ in part], dtype="str")
    split = shares != 1.0
    if split.any() and table.name != "pipeline":
        for column in _counted_in(table):
            values = pieces[column].to_numpy(float, copy=True)
            values[split] *= shares[split]
            pieces[column] = values
    return pieces, source


def _refuse_split(
    rows: NDArray[np.intp], own: NDArray[np.object_], units: Units, at: Place, problems: Problems
) -> None:
    """Refuse projects of units that lie in several regions."""
    for row in rows.tolist():
        if len(parts := units.shares[own[row]]) > 1:
            listed = ", ".join(region for region, _ in parts)
            problems.error("unit-split", at(row, "region"), found=own[row], regions=listed)


def _refuse_beside(
    frame: pd.DataFrame,
    is_region: NDArray[np.bool_],
    pieces: pd.DataFrame,
    source: NDArray[np.intp],
    table: Table,
    at: Place,
    problems: Problems,
) -> None:
    """Refuse units of a region for which the table has a row of its own, too."""
    if table.name == "pipeline":
        return
    cell = [name for name in table.key if name not in _PARTS]
    if table.name == "places":
        cell = [name for name in cell if name != "year"]
    regions = frame.loc[is_region, cell].reset_index(names="other").drop_duplicates(cell)
    both = pieces[cell].assign(row=source).merge(regions, on=cell)
    if len(both):
        first = both.sort_values("row", kind="stable").iloc[0]
        row, other = int(first["row"]), int(first["other"])
        facts = {"region": first["region"], "count": len(both)}
        there = int(frame["line"].iloc[other])
        found = frame["region"].iloc[row]
        problems.error("unit-beside", at(row, "region"), found=found, other=there, **facts)


def _ask_about_gaps(
    frame: pd.DataFrame,
    rows: NDArray[np.intp],
    pieces: pd.DataFrame,
    table: Table,
    at: Place,
    problems: Problems,
) -> None:
    """Warn of units that lack years, after their first, which others of their region have."""
    if "year" not in table.key or table.name == "places":
        return
    others = [name for name in table.key if name not in ("year", "region")]
    there = frame.iloc[rows][["region", "year", *others]].rename(columns={"region": "unit"})
    there = there.drop_duplicates()
    home = pieces[["region"]].assign(unit=frame["region"].to_numpy(object)[pieces.index])
    there = there.merge(home.drop_duplicates("unit"), on="unit")
    years = there[["region", *others, "year"]].drop_duplicates()
    lacking = there.groupby(["unit", "region", *others], dropna=False, sort=False)["year"].min()
    wanted = lacking.rename("first").reset_index().merge(years, on=["region", *others])
    wanted = wanted[wanted["year"] > wanted["first"]]
    found = wanted.merge(there.drop(columns="region"), how="left", indicator=True)
    gone = found[found["_merge"] == "left_only"]
    if len(gone):
        by_unit = gone.groupby("unit", sort=False)["year"]
        said = [f"{unit} ({', '.join(ranges(set(own)))})" for unit, own in by_unit]
        unit = gone["unit"].iloc[0]
        first = int(rows[np.flatnonzero(frame["region"].to_numpy(object)[rows] == unit)[0]])
        facts = {"count": len(said), "units": first_named(said)}
        problems.warning("units-lacking", at(first, "region"), **facts)


def _count(
    rows: NDArray[np.intp],
    own: NDArray[np.object_],
    units: Units,
    at: Place,
    changes: list[Change],
) -> None:
    """Put each row of a unit on record."""
    lies_in = {
        unit: " + ".join(region if share == 1 else f"{share:g} {region}" for region, share in parts)
        for unit, parts in units.shares.items()
    }
    tally = Tally(changes)
    for row, unit in zip(rows.tolist(), own[rows], strict=True):
        tally.add(lambda row=row: at(row, "region"), "summed", unit, lies_in[unit])  # type: ignore[misc]
    tally.close()


@dataclass
class Summing:
    """Adds up the units of one table after the other; the table of units comes first.

    Attributes
    ----------
    names : Names
        What cells may name, but for units.
    problems : Problems
        Those of the table of units.
    units : Units
    doubtful : set of str
        Tables that may name units which cannot be told.
    """

    names: Names
    problems: Problems
    units: Units = field(default_factory=Units)
    doubtful: set[str] = field(default_factory=set)

    def names_for(self, table: Table) -> Names:
        """Return what the cells of a table may name: any region where units cannot be told."""
        regions = None if self._is_doubtful(table) else self.names.regions
        return replace(self.names, regions=regions, units=self.units.titles, sums=table.units)

    def take(
        self,
        frame: pd.DataFrame,
        table: Table,
        at: Place,
        problems: Problems,
        changes: list[Change],
    ) -> pd.DataFrame:
        """Return the frame of a table with its units added up."""
        if table.name == UNITS:
            self.units = units_of(frame, self.names, problems)
        if self._is_doubtful(table):
            self.doubtful.add(table.name)
        elif table.units and not problems.errors:
            return add_up(frame, table, self.units, at, problems, changes)
        return frame

    def _is_doubtful(self, table: Table) -> bool:
        return table.units and bool(self.problems.errors)

    def say_unnamed(self, frame: pd.DataFrame) -> None:
        """Say in one line which units no table names."""
        if rest := [unit for unit in self.units.shares if unit not in self.units.named]:
            facts = {"count": len(rest), "units": first_named(rest)}
            self.problems.warning("units-unnamed", place(frame), **facts)


def _counted_in(table: Table) -> list[str]:
    """Return the columns whose figures are added up: those counted, and the value of an actual."""
    return [column.name for column in table.columns if column.counted]


def _schools_of(pieces: pd.DataFrame, own: NDArray[np.object_]) -> pd.Series[str]:
    """Return the school of each row: the unit, with the school that it states beside it."""
    stated = pieces["school"].to_numpy(object)
    both = [
        f"{unit} {school}".strip() if school != unit else unit
        for unit, school in zip(own, stated, strict=True)
    ]
    return pd.Series(both, index=pieces.index, dtype="str")


def _summed_by_key(pieces: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a row for each key, at the first row of its parts."""
    if "sought" in pieces:  # a unit without it counts by its pupils, as it would alone
        of_key = pieces["sought"].notna().groupby([pieces[name] for name in table.key])
        each = pieces["sought"].fillna(pieces["pupils"]).where(of_key.transform("any"))
        by_pupils = pieces["sought"].isna() & each.notna()
        sought, pupils = mark_of("sought"), mark_of("pupils")
        marks = pieces[sought] | (by_pupils & pieces[pupils])
        pieces = pieces.assign(**{"sought": each, sought: marks})
    by_key = pieces.groupby(list(table.key), sort=False, dropna=False)
    numbers = by_key.ngroup().to_numpy()
    first = np.unique(numbers, return_index=True)[1]
    summed = pieces.iloc[first].copy()
    for column in _counted_in(table):
        values = pieces[column].to_numpy(float)
        sums = np.bincount(numbers, np.nan_to_num(values))
        none = np.bincount(numbers, ~np.isnan(values)) == 0
        summed[column] = np.where(none, np.nan, sums)
    for mark in marks_of(table).values():
        summed[mark] = np.bincount(numbers, pieces[mark]) > 0
    summed["quality"] = _worst(pieces["quality"], numbers)
    for column in ("source", "note"):
        summed[column] = _joined(pieces[column], numbers, column == "source")
    summed["known"] = _latest(pieces["known"], numbers)
    return summed


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
