"""What overlaps: a total among its parts, and rows without a part beside some with one.

A column such as ``group`` or ``school`` splits one count, that of a cell (a region, grade and year
or a region and level), into parts that are added up.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from capacity.base.errors import At, Problems, Term
from capacity.base.exact import log
from capacity.base.words import catalog
from capacity.inputs.tables.sheets import TOTALS
from capacity.inputs.tables.values import normal_code, plain_name

_READ = catalog("reading")
_ALL, _MAYBE_ALL = frozenset(_READ["part_totals"]), frozenset(_READ["maybe_totals"])
_OF_WHICH = tuple(_READ["of_which"])
#: Words for totals that may stand at an end of a longer name, as in 北部合计; short ones may not.
_ENDS = tuple(word for word in {*TOTALS, *_ALL} if not word.isascii() and len(word) > 1)
#: A part without such a name is a total where as much agreement is rarer than one in so many:
#: figures that are multiples of a common step, as of a class, agree by chance once in as many as
#: there are steps in the total.
BY_CHANCE = 100.0
Mask = NDArray[np.bool_]


def numbered(columns: Sequence[NDArray[Any]]) -> NDArray[np.int64]:
    """Return the number of what each row holds in some columns, in the order in which it comes.

    Rows that hold the same have one number; nan is the same as nan.

    >>> numbered([np.array(["b", "a", "b", "b"]), np.array([1, 1, 2, 1])]).tolist()
    [0, 1, 2, 0]
    """
    found = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        own, values = pd.factorize(column, use_na_sentinel=False)
        found = pd.factorize(found * len(values) + own)[0]
    return found


@dataclass(frozen=True)
class Parts:
    """A table's rows as parts of its cells.

    Attributes
    ----------
    frame : DataFrame
        Indexed by the rows of the table.
    part : str
        The column that names the part; "" is none.
    cell : sequence of str
        The columns that tell one count.
    figures : Series
        What is added up; nan where it is not known.
    term : Term
        The column in messages.
    at : callable
        Row and column to the place for a message.
    """

    frame: pd.DataFrame
    part: str
    cell: Sequence[str]
    figures: pd.Series[float]
    term: Term
    at: Callable[[int, str], At]

    def place(self, row: int) -> At:
        """Return where the name of the part stands in a row."""
        return self.at(int(self.frame.index[row]), self.part)

    def line(self, row: int) -> int:
        """Return the line of a row."""
        return int(self.frame["line"].iloc[row])


def names_total(code: str) -> bool:
    """Whether a code can mean nothing but a total.

    >>> [names_total(name) for name in ("District Total", "北部合计", "西部小学全部", "合作小学")]
    [True, True, True, False]
    """
    form = _form(code)
    words = re.split(r"[^a-z]+", normal_code(code).casefold())
    ends = form.startswith(_ENDS) or form.endswith(_ENDS)
    return form in _ALL or ends or not TOTALS.isdisjoint(words)


def _form(code: str) -> str:
    return plain_name(code).strip(":()[]")


def check_parts(parts: Parts, problems: Problems) -> None:
    """Refuse rows without a part beside rows with one, and totals written as parts."""
    names = parts.frame[parts.part]
    if not (names != "").any():
        return
    cells = _cells(parts)
    _check_empty(parts, cells, problems)
    _check_totals(parts, cells, problems)


def check_all_or_none(parts: Parts, problems: Problems) -> None:
    """Refuse rows without a part beside rows with one."""
    cells = parts.frame.groupby(list(parts.cell), dropna=False, sort=False).ngroup()
    _check_empty(parts, cells, problems)


def check_regions(parts: Parts, problems: Problems) -> None:
    """Refuse a region that has the sum of all others, whatever its name."""
    _check_unnamed(parts, _each(parts, _cells(parts)), "region-is-total", problems)


def _cells(parts: Parts) -> pd.Series[int]:
    """Return the number of the cell of each row, in the order in which they come."""
    cells = numbered([parts.frame[column].to_numpy() for column in parts.cell])
    return pd.Series(cells, index=parts.frame.index)


def _check_empty(parts: Parts, cells: pd.Series[int], problems: Problems) -> None:
    """Name the first row without a part in a cell that has parts too."""
    frame = parts.frame
    filled = frame[parts.part] != ""
    beside = ~filled & filled.groupby(cells).transform("any")
    if "closes" in frame:  # a total that ends before its schools begin overlaps with none
        begins = frame["year"].where(filled).groupby(cells).transform("min")
        beside &= ~(frame["closes"] <= begins)
    rows = np.flatnonzero(beside.to_numpy())
    if not len(rows):
        return
    row = int(rows[0])
    others = np.flatnonzero((filled & (cells == cells.iloc[row])).to_numpy())
    facts = {"column": parts.term, "other": parts.line(int(others[0])), "count": len(rows)}
    figure, total = parts.figures.iloc[row], parts.figures.iloc[others].sum(skipna=False)
    year = frame["year"].iloc[[row, *others]] if "closes" in frame else None
    if year is not None and year.iloc[0] < year.iloc[1:].min():
        then, since = int(year.iloc[0]), int(year.iloc[1:].min())
        problems.error("total-older", parts.place(row), **facts, then=then, since=since)
    elif len(others) > 1 and np.isclose(figure, total, rtol=1e-9, atol=1e-9):
        problems.error("total-unnamed", parts.place(row), **facts, total=float(total))
    else:
        problems.error("part-unnamed", parts.place(row), **facts)


def _check_totals(parts: Parts, cells: pd.Series[int], problems: Problems) -> None:
    """Name every part that is a total of the others, or is called one, at its first row."""
    each = _each(parts, cells)
    codes = each["name"].unique()
    _check_of_which(parts, each, [c for c in codes if _form(c).startswith(_OF_WHICH)], problems)
    named = [code for code in codes if names_total(code)]
    maybe = [code for code in codes if _form(code) in _MAYBE_ALL and code not in named]
    for code in (*named, *maybe):
        own = each["name"] == code
        others = each[~each["name"].isin([*named, *maybe])]
        _check_named(parts, each[own], others, code, sure=code in named, problems=problems)
    rest = each[~each["name"].isin([*named, *maybe])]
    _check_unnamed(parts, rest, "part-is-total", problems)


def _each(parts: Parts, cells: pd.Series[int]) -> pd.DataFrame:
    """Return the figure of each part of each cell, nan where any of it is, and its first row."""
    names = parts.frame[parts.part].to_numpy()
    rows = np.flatnonzero(names != "")
    columns = {"cell": cells.to_numpy(), "name": names, "figure": parts.figures.to_numpy()}
    table = pd.DataFrame({name: column[rows] for name, column in columns.items()} | {"row": rows})
    if not table.empty and numbered([columns["cell"][rows], names[rows]])[-1] == len(rows) - 1:
        return table  # nothing is added up
    by_name = table.groupby(["cell", "name"], sort=False)
    each = by_name.agg(figure=("figure", "sum"), known=("figure", "count"), size=("row", "size"))
    each["row"] = by_name["row"].first()
    each = each.reset_index()
    each.loc[each["known"] < each["size"], "figure"] = np.nan
    return each


def _check_of_which(
    parts: Parts, each: pd.DataFrame, codes: Sequence[str], problems: Problems
) -> None:
    """Refuse a part that says itself that another part holds it (其中：女)."""
    for code in codes:
        own = each[each["name"] == code]
        beside = each[each["cell"].isin(own["cell"]) & (each["name"] != code)]
        if len(beside):
            row = int(own.loc[own["cell"] == beside["cell"].iloc[0], "row"].iloc[0])
            other = parts.line(int(beside["row"].iloc[0]))
            facts = {"found": code, "column": parts.term, "other": other, "count": len(own)}
            problems.error("part-of-which", parts.place(row), **facts)


def _check_named(
    parts: Parts,
    own: pd.DataFrame,
    others: pd.DataFrame,
    code: str,
    *,
    sure: bool,
    problems: Problems,
) -> None:
    """Refuse a part that is called a total; one whose name may mean it only where it is one."""
    by_cell = others.groupby("cell")["figure"]
    sums = by_cell.sum().where(by_cell.count() == by_cell.size())
    beside = own[own["cell"].isin(sums.index)]
    if beside.empty:
        return
    total = beside["cell"].map(sums)
    differs = ~np.isclose(beside["figure"], total, rtol=1e-9, atol=1e-9)
    index = int(np.argmax(differs)) if differs.any() else 0
    row, cell = int(beside["row"].iloc[index]), beside["cell"].iloc[index]
    other = parts.line(int(others.loc[others["cell"] == cell, "row"].iloc[0]))
    facts = {"found": code, "column": parts.term, "other": other, "count": len(beside)}
    if not differs.any():
        problems.error("part-is-total", parts.place(row), **facts, total=float(total.iloc[0]))
    elif sure:
        found = float(beside["figure"].iloc[index])
        rest = {"figure": found, "total": float(total.iloc[index])}
        problems.error("part-named-total", parts.place(row), **facts, **rest)


def _check_unnamed(parts: Parts, each: pd.DataFrame, code: str, problems: Problems) -> None:
    """Find parts that equal the sum of at least two others in every cell where they have them.

    It is the error ``code`` where so much agreement is no chance, and else a warning.
    """
    if len(each) < 3 or not _may_be_total(each):
        return
    cells = each.groupby("cell", sort=False)["figure"]
    total, size = cells.transform("sum"), cells.transform("size")
    whole = cells.transform("count") == size
    judged = size >= 3
    equal = whole & np.isclose(each["figure"], total - each["figure"], rtol=1e-9, atol=1e-9)
    positive = (each["figure"] > 0).groupby(each["cell"]).transform("sum")
    telling = judged & equal & (positive >= 3) & (each["figure"] > 0)
    every = (~judged | equal).groupby(each["name"]).transform("all") & judged
    found = each[telling & every].assign(steps=_steps(each)[telling & every])
    for name, own in found.groupby("name", sort=False):
        row, cell = int(own["row"].iloc[0]), own["cell"].iloc[0]
        beside = each[(each["cell"] == cell) & (each["name"] != name)]
        facts = {"found": name, "column": parts.term, "count": len(own)}
        facts |= {"other": parts.line(int(beside["row"].iloc[0]))}
        facts |= {"total": float(own["figure"].iloc[0])}
        if log(own["steps"]).sum() >= log(BY_CHANCE):
            problems.error(code, parts.place(row), **facts)
        else:
            problems.warning("part-maybe-total", parts.place(row), **facts)


def _may_be_total(each: pd.DataFrame) -> bool:
    """Whether any figure is near the sum of two or more others; tells most tables at once."""
    cells, figures = each["cell"].to_numpy(), np.nan_to_num(each["figure"].to_numpy(float))
    positive = figures > 0
    judged = positive & (np.bincount(cells, positive)[cells] >= 3)
    others = np.bincount(cells, figures)[cells] - figures
    return bool((judged & np.isclose(figures, others, rtol=1e-8, atol=1e-8)).any())


def _steps(each: pd.DataFrame) -> NDArray[np.float64]:
    """Return how many times the greatest common divisor of its cell lies in each figure."""
    figures = each["figure"].to_numpy(float)
    broken = ~(figures == np.floor(figures))
    order = np.argsort(each["cell"].to_numpy(), kind="stable")
    cells = each["cell"].to_numpy()[order]
    starts = np.flatnonzero(np.r_[True, cells[1:] != cells[:-1]])
    whole = np.where(broken, 1, np.nan_to_num(figures)).astype(np.int64)
    divisor = np.repeat(np.gcd.reduceat(whole[order], starts), np.diff(np.r_[starts, len(cells)]))
    steps = np.empty(len(figures))
    steps[order] = np.nan_to_num(figures)[order] / np.maximum(divisor, 1)
    return np.where(broken, BY_CHANCE, np.maximum(steps, 1.0))
