"""Two results side by side: how the numbers differ, cell by cell, and the inputs behind them.

Why they differ (the waterfall of components) has its place beside this module: it will take the
same two runs and explain the change of one year, which is a sum of rows given here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from capacity.base.axes import ALL
from capacity.base.errors import At, Problem, Problems
from capacity.base.settings import QUANTILES
from capacity.base.shown import HtmlRepr, page_of
from capacity.base.words import ranges
from capacity.inputs.diff import Changed, changed_inputs, inputs_frame
from capacity.model.rows import ROWS
from capacity.results.assumptions import QUALITIES
from capacity.results.identity import identity
from capacity.results.labels import Labels
from capacity.results.result import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Results that are compared; in places, but utilisation, which is demand ÷ places.
VARIABLES = ROWS
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


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(HtmlRepr, page="capacity.studies.compare.page"):
    """How result B differs from result A; a change is B − A.

    Attributes
    ----------
    a, b : Result
    labels : Labels
        Names and provenance of both, for charts and text.
    changes : tuple of Changed
        What differs in the inputs: levers, settings, district.yaml, tables.
    notes : tuple of Problem
        What a reader must know: what only one side has, and what only one run notes.
    difference : Difference
        The numbers side by side, and what only one side has.

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> found = capacity.compare("demo/baseline.yaml", "demo/delayed.yaml")
    >>> found
    <Comparison of demo-baseline and demo-late: 2025–2035>
    >>> found.inputs["key"].tolist()
    ['delay: status approved, planned']
    """

    a: Result
    b: Result
    labels: Labels
    changes: tuple[Changed, ...]
    notes: tuple[Problem, ...]
    difference: Difference = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Return the rows of difference.csv: year, region, level, variable, a, b, change.

        Unrounded; an empty cell is nan. In places, but utilisation and prob_shortage, which are
        shares. What draws say (gap_p10, shortage_mean and so on) is there where both sides have
        draws.
        """
        return self.difference.rows.copy()

    @property
    def inputs(self) -> pd.DataFrame:
        """What differs in the inputs, old → new: the rows of inputs.csv."""
        return inputs_frame(self.changes)

    @property
    def headline(self) -> pd.DataFrame:
        """The district by year, in places: demand, places, gap, shortage, shortage_after.

        Each has the columns _a, _b and _change; so has the range of the shortage
        (shortage_p10, _p50, _p90) where both sides have draws.
        """
        return headline(self.difference.rows)

    def summary(self, lang: str = "en") -> str:
        """Say how B differs from A: by year, where most, and what differs in the inputs."""
        return str(page_of(self).summary(self, lang))

    @property
    def plot(self) -> ComparisonPlots:
        """Charts of this comparison, each ``plot.<kind>(…, ax=None) -> Axes``."""
        return ComparisonPlots(self)

    def __repr__(self) -> str:
        years = self.difference.rows["year"]
        names = f"{self.a.scenario.name} and {self.b.scenario.name}"
        return f"<Comparison of {names}: {years.min()}–{years.max()}>"


@dataclass(frozen=True)
class ComparisonPlots:
    """The charts of one comparison."""

    comparison: Comparison

    def difference(
        self, lang: str = "en", ax: Axes | None = None, title: bool = True, footer: bool = True
    ) -> Axes:
        """Draw how the gap changes by year, for the district and by region and level."""
        from capacity.render.charts.figure_frame import Around
        from capacity.studies.compare.chart import difference_chart as draw

        titles = [side.labels.title for side in (self.comparison.a, self.comparison.b)]
        frame, labels = self.comparison.frame(), self.comparison.labels
        around = Around(title, footer)
        return draw(frame, labels, titles=(titles[0], titles[1]), lang=lang, ax=ax, around=around)


def comparison_of(a: Result, b: Result) -> Comparison:
    """Compare B with A.

    Raises
    ------
    capacity.InputError
        The two have no year in common.
    """
    found = difference(a.frame(), b.frame())
    if found.rows.empty:
        problems = Problems()
        problems.error("compare-years", At(b.scenario.name))
        problems.raise_errors()
    return Comparison(
        a=a,
        b=b,
        labels=joint_labels(a.labels, b.labels),
        changes=changed_inputs(a.scenario, b.scenario),
        notes=_notes(a, b, found),
        difference=found,
    )


def names_of(results: Sequence[Result]) -> list[str]:
    """Name results by their scenario; runs of one name that differ, also by their id."""
    ids: dict[str, set[str]] = {}
    for result in results:
        ids.setdefault(result.scenario.name, set()).add(result.labels.run_id)
    return [
        name if len(ids[name]) == 1 else f"{name}-{result.labels.run_id}"
        for result in results
        for name in [result.scenario.name]
    ]


def joint_labels(a: Labels, b: Labels) -> Labels:
    """Return the labels of B with what only A has, and the provenance of both."""
    regions = {region.code for region in b.regions}
    levels = {level.code for level in b.levels}
    sources = dict.fromkeys(part for part in (b.sources, a.sources) if part)
    return replace(
        b,
        regions=(*b.regions, *(region for region in a.regions if region.code not in regions)),
        levels=(*b.levels, *(level for level in a.levels if level.code not in levels)),
        quality=max((a.quality, b.quality), key=_rank),
        split_assumed=a.split_assumed or b.split_assumed,
        sources="; ".join(sources),
        run_id=f"A {a.run_id}, B {b.run_id}",
    )


def _rank(quality: str) -> int:
    return QUALITIES.index(quality) if quality in QUALITIES else -1


def _notes(a: Result, b: Result, found: Difference) -> tuple[Problem, ...]:
    """Return what only one side has, and what the one run notes but not the other."""
    problems = Problems()
    sides: Mapping[str, Result] = {"a": a, "b": b}
    if a.scenario.district.name != b.scenario.district.name:
        names = {side: result.scenario.district.name for side, result in sides.items()}
        problems.warning("two-districts", At(b.scenario.name), **names)
    for side, result in sides.items():
        at = At(result.scenario.name)
        if left_out := getattr(found.years, side):
            problems.warning(
                "years-left-out", at, years=", ".join(ranges(left_out)), side=side.upper()
            )
        one_sided: tuple[tuple[str, OneSided], ...] = (
            ("regions-of-one", found.regions), ("levels-of-one", found.levels)
        )  # fmt: skip
        for code, labels in one_sided:
            if names_ := getattr(labels, side):
                problems.warning(code, at, names=", ".join(names_), side=side.upper())
        if result.labels.run_id != identity(result.scenario)[:8]:
            problems.warning("inputs-beyond-file", at)
    known = [{(note.code, note.facts) for note in result.notes} for result in (b, a)]
    for result, others in zip((a, b), known, strict=True):
        problems.extend(note for note in result.notes if (note.code, note.facts) not in others)
    return problems.warnings


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
    """Return the columns of a results frame that draws add; none of a run without draws."""
    return tuple(name for name in frame.columns if name.endswith(_DRAWN) or name == "prob_shortage")


def headline(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the district by year: for each of `HEADLINE` the columns _a, _b and _change (places).

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
    """Return the labels of both, those of the first in its order before the others; sums last."""
    labels = dict.fromkeys([*a, *b])
    return [label for label in labels if label != ALL] + [ALL] * (ALL in labels)
