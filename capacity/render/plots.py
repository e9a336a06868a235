"""The charts of one result, each a method that gives axes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from numbers import Integral
from typing import TYPE_CHECKING, Any

from capacity.base.shown import Shown
from capacity.render.charts.kinds import KINDS, Kind
from capacity.results.labels import years_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.results.labels import Labels


@dataclass(frozen=True, repr=False, eq=False)
class Plots(Shown):
    """The charts of one result.

    Attributes
    ----------
    labels : Labels
        Names, targets and provenance.
    """

    labels: Labels
    _frames: Mapping[str, pd.DataFrame]

    def __repr__(self) -> str:
        return f"<Plots {self.labels.scenario}>"

    def kind(self, name: str, **options: Any) -> Axes:
        """Draw a chart by the name of its kind (`capacity.render.charts.kinds.KINDS`).

        Raises
        ------
        ValueError
            There is no such kind, year or region, or the run has no draws to show.
        TypeError
            The year is no whole number.
        """
        kind = KINDS.get(name)
        if kind is None:
            raise ValueError(f"no chart {name!r}: one of {', '.join(KINDS)}")
        if kind.yearly:
            options["year"] = self._year(kind, options.get("year"))
        return kind.draw(self._frames, self.labels, **options)

    def _year(self, kind: Kind, year: object) -> int | None:
        """Give the year to draw; where none is named the one that the command draws."""
        if year is None:
            return kind.years(self.labels, years_of(self._frames[kind.frames[0]]))[0]
        if isinstance(year, bool) or not isinstance(year, Integral):
            raise TypeError(f"the year must be a whole number, such as 2030: {year!r}")
        return int(year)

    def gap(self, year: int | None = None, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw the gap of one year by region and level; by default of the plan's, else the last."""
        return self.kind("gap", year=year, lang=lang, ax=ax)

    def trend(self, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw demand, places and the gap over the years, on the compass."""
        return self.kind("trend", lang=lang, ax=ax)

    def heatmap(self, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw how full regions and levels are by year, with the early-warning bands."""
        return self.kind("heatmap", lang=lang, ax=ax)

    def supply(self, region: str = "all", lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw demand against places by what they are made of; by default of the district."""
        return self.kind("supply", region=region, lang=lang, ax=ax)

    def entry(self, year: int | None = None, lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw the entry classes that each region must open; by default next autumn."""
        return self.kind("entry", year=year, lang=lang, ax=ax)

    def wave(self, region: str = "all", lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw pupils by grade over the years, the greatest cohort marked."""
        return self.kind("wave", region=region, lang=lang, ax=ax)

    def fan(self, region: str = "all", lang: str = "en", ax: Axes | None = None) -> Axes:
        """Draw the shortage and the gaps with the band of 8 of 10 draws; the run needs draws."""
        return self.kind("fan", region=region, lang=lang, ax=ax)
