"""The result of a run: tidy frames, and what they mean in words and pictures."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.errors import Problem
    from capacity.inputs.scenarios.scenario import Scenario
    from capacity.outputs.labels import Labels


@dataclass(frozen=True, repr=False)
class Result:
    """What one scenario gives.

    Attributes
    ----------
    scenario : Scenario
    labels : Labels
        Names, targets and provenance, for charts and text.
    notes : tuple of Problem
        What a reader must know: held grades, missing places, homes taken off.
    """

    scenario: Scenario
    labels: Labels
    notes: tuple[Problem, ...]
    _frames: dict[str, pd.DataFrame] = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Give the rows and columns of results.csv, unrounded; an empty cell is nan."""
        return self._frames["results"].copy()

    @property
    def entry(self) -> pd.DataFrame:
        """Entrants, entry places and classes needed: the rows of entry.csv."""
        return self._frames["entry"].copy()

    @property
    def supply(self) -> pd.DataFrame:
        """Places by what they are made of (existing, projects by status, measures): supply.csv."""
        return self._frames["supply"].copy()

    @property
    def pupils(self) -> pd.DataFrame:
        """Pupils by year, region and grade: the rows of pupils.csv."""
        return self._frames["pupils"].copy()

    @property
    def levers(self) -> pd.DataFrame:
        """What each lever changed, old → new: the rows of levers.csv."""
        return self._frames["levers"].copy()

    @property
    def checks(self) -> pd.DataFrame:
        """The laws of the model on this run: the rows of checks.csv."""
        return self._frames["checks"].copy()

    @property
    def assumptions(self) -> pd.DataFrame:
        """What the run rests on, with source and quality: the rows of assumptions.csv."""
        return self._frames["assumptions"].copy()

    @property
    def passed(self) -> bool:
        """True where every law holds."""
        return bool(self._frames["checks"]["passed"].all())

    def greatest_shortage(self) -> tuple[int, float]:
        """Give the year of the greatest shortage of the district, and that shortage (places).

        Where places of a part are unknown, the parts that are known count: a lower bound.
        """
        frame = self._frames["results"]
        counted = set(self.labels.counted)
        parts = [cell in counted for cell in zip(frame["region"], frame["level"], strict=True)]
        by_year = frame[parts].groupby("year")["shortage"].sum()
        worst = int(by_year.to_numpy().argmax())
        return int(by_year.index[worst]), float(by_year.iloc[worst])

    def summary(self, lang: str = "en") -> str:
        """Answer the scenario's question in a sentence, with peaks and turning years."""
        from capacity.outputs import sentences, terminal

        frame = self._frames["results"]
        return "\n".join(
            (
                sentences.headline(frame, self.labels, lang),
                terminal.turning(frame, self.labels, lang),
            )
        )

    def against(self, base: Result, lang: str = "en") -> str:
        """Say in one sentence how this result differs from the one that it builds on."""
        from capacity.outputs import sentences
        from capacity.outputs.labels import said

        of = said(base.labels.title, lang, base.scenario.name)
        return sentences.against(
            self._frames["results"], base._frames["results"], self.labels, of, lang
        )

    @property
    def plot(self) -> Plots:
        """Charts of this result, each ``plot.<kind>(…, ax=None) -> Axes``."""
        return Plots(self)

    def __repr__(self) -> str:
        years = self._frames["results"]["year"]
        return f"<Result {self.scenario.name}: {years.min()}–{years.max()}>"


@dataclass(frozen=True)
class Plots:
    """The charts of one result."""

    result: Result

    def gap(self, year: int, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw the gap of one year by region and level."""
        from capacity.outputs.charts.gap import gap

        return gap(self.result.frame(), self.result.labels, year=year, lang=lang, ax=ax)

    def trend(self, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw demand, places and the gap over the years, on the compass."""
        from capacity.outputs.charts.trend import trend

        return trend(self.result.frame(), self.result.labels, lang=lang, ax=ax)
