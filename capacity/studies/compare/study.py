"""Two results side by side: what differs in the numbers, and in the inputs behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from capacity.base.errors import At, Problem, Problems
from capacity.base.shown import HtmlRepr
from capacity.inputs.diff.changed import Changed
from capacity.inputs.diff.changed_inputs import changed_inputs, inputs_frame
from capacity.results.assumptions import QUALITIES
from capacity.results.identity import identity
from capacity.results.labels import Labels
from capacity.results.result import Result
from capacity.studies.compare.cells import Difference, OneSided, difference, headline

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False, eq=False)
class Comparison(HtmlRepr, page="capacity.studies.compare.html"):
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

    Examples
    --------
    Where ``capacity new demo`` has written an example district:

    >>> import capacity
    >>> found = capacity.compare("demo/baseline.yaml", "demo/delayed.yaml")
    >>> found
    <Comparison of baseline and delayed: 2025–2035>
    >>> found.inputs["key"].tolist()
    ['delay: status approved, planned']
    """

    a: Result
    b: Result
    labels: Labels
    changes: tuple[Changed, ...]
    notes: tuple[Problem, ...]
    _difference: Difference = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Give the rows of difference.csv: year, region, level, variable, a, b, change.

        Unrounded; an empty cell is nan. In places, but utilisation and prob_shortage, which are
        shares. What draws say (gap_p10, shortage_mean and so on) is there where both sides have
        draws.
        """
        return self._difference.rows.copy()

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
        return headline(self._difference.rows)

    def summary(self, lang: str = "en") -> str:
        """Say how B differs from A: by year, where most, and what differs in the inputs."""
        from capacity.studies.compare import page as comparison_text

        found = self._difference
        return comparison_text.summary(self.a, self.b, self.labels, found, self.changes, lang)

    @property
    def one_drawn(self) -> bool:
        """Whether one side alone has draws, so that ranges are not compared."""
        return self._difference.one_drawn

    @property
    def plot(self) -> ComparisonPlots:
        """Charts of this comparison, each ``plot.<kind>(…, ax=None) -> Axes``."""
        return ComparisonPlots(self)

    def __repr__(self) -> str:
        years = self._difference.rows["year"]
        names = f"{self.a.scenario.name} and {self.b.scenario.name}"
        return f"<Comparison of {names}: {years.min()}–{years.max()}>"


@dataclass(frozen=True)
class ComparisonPlots:
    """The charts of one comparison."""

    comparison: Comparison

    def difference(self, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw how the gap changes by year, for the district and by region and level."""
        from capacity.studies.compare.chart import difference as draw

        titles = [side.labels.title for side in (self.comparison.a, self.comparison.b)]
        frame, labels = self.comparison.frame(), self.comparison.labels
        return draw(frame, labels, titles=(titles[0], titles[1]), lang=lang, ax=ax)


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
        _difference=found,
    )


def joint_labels(a: Labels, b: Labels) -> Labels:
    """Give the labels of B with what only A has, and the provenance of both."""
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
    """Say what only one side has, and what the one run notes but not the other."""
    problems = Problems()
    sides: Mapping[str, Result] = {"a": a, "b": b}
    if a.scenario.district.name != b.scenario.district.name:
        names = {side: result.scenario.district.name for side, result in sides.items()}
        problems.warning("two-districts", At(b.scenario.name), **names)
    for side, result in sides.items():
        at = At(result.scenario.name)
        if left_out := getattr(found.years, side):
            problems.warning("years-left-out", at, years=_years(left_out), side=side.upper())
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


def _years(years: tuple[int, ...]) -> str:
    """Name years as spans: 2020–2024, 2030.

    >>> _years((2020, 2021, 2030))
    '2020–2021, 2030'
    """
    spans: list[list[int]] = []
    for year in sorted(years):
        if spans and spans[-1][-1] == year - 1:
            spans[-1] = [spans[-1][0], year]
        else:
            spans.append([year])
    return ", ".join("–".join(map(str, span)) for span in spans)
