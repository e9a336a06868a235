"""The charts of one result, each a method that returns axes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from inspect import Parameter, Signature
from numbers import Integral
from typing import TYPE_CHECKING, Any

from capacity.base.shown import HtmlRepr
from capacity.render.charts.kinds import KINDS, Kind
from capacity.results.labels import years_of

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.results.labels import Labels


@dataclass(frozen=True, repr=False, eq=False)
class Plots(HtmlRepr, page="capacity.render.pages.run"):
    """The charts of one result: a method for every kind.

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
        """Return the year to draw; where none is named the one that the command draws."""
        if year is None:
            return kind.usual_year(self.labels, years_of(self._frames[kind.frames[0]]))
        if isinstance(year, bool) or not isinstance(year, Integral):
            raise TypeError(f"the year must be a whole number, such as 2030: {year!r}")
        return int(year)

    if TYPE_CHECKING:

        def __getattr__(self, kind: str) -> Callable[..., Axes]: ...


_OPTIONS = """On the axes ``ax`` all of it stands in their place, smaller where that is small.
    ``title=False`` leaves out title and headline, ``footer=False`` notes and provenance."""


def _method(kind: Kind) -> Callable[..., Axes]:
    """Return the method that draws a kind, with the options that it has."""
    place = Parameter.POSITIONAL_OR_KEYWORD
    options = [Parameter(name, place, default=usual) for name, usual in kind.options.items()]
    signature = Signature([Parameter("self", place), *options])

    def method(*given: Any, **named: Any) -> Axes:
        chosen = signature.bind(*given, **named)
        chosen.apply_defaults()
        plots = chosen.arguments.pop("self")
        axes: Axes = plots.kind(kind.name, **chosen.arguments)
        return axes

    method.__name__, method.__qualname__ = kind.name, f"Plots.{kind.name}"
    method.__doc__ = f"Draw {kind.shows}.\n\n    {_OPTIONS}"
    method.__signature__ = signature  # type: ignore[attr-defined]
    return method


for _kind in KINDS.values():
    setattr(Plots, _kind.name, _method(_kind))
