"""The kinds of charts of one run: what each is drawn from, and what its file is called.

A new kind is a function ``capacity.outputs.charts.<name>.<name>``, an entry here and a method of
`capacity.outputs.result.Plots`. Nothing here imports matplotlib before something is drawn.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.outputs.labels import Labels

#: How a chart is saved.
FORMATS = ("png", "svg", "pdf")


@dataclass(frozen=True)
class Kind:
    """A kind of chart.

    Attributes
    ----------
    name : str
    frames : tuple of str
        The tables of a run that it is drawn from, in the order of its arguments.
    usual : str or None
        Of a kind that shows one year: the method of `Labels` that gives the year to draw where
        none is named. None: the kind shows all years.
    """

    name: str
    frames: tuple[str, ...]
    usual: str | None = None

    @property
    def yearly(self) -> bool:
        """Whether a chart of this kind shows one year."""
        return self.usual is not None

    def years(self, labels: Labels, known: Iterable[int]) -> list[int | None]:
        """Give the year to draw where none is named; none of a kind that shows all years."""
        return [getattr(labels, self.usual)(known) if self.usual else None]

    def draw(self, frames: Mapping[str, pd.DataFrame], labels: Labels, **options: Any) -> Axes:
        """Draw a chart; ``options`` are those of its function."""
        module = import_module(f"capacity.outputs.charts.{self.name}")
        axes: Axes = getattr(module, self.name)(
            *(frames[name] for name in self.frames), labels, **options
        )
        return axes

    def file_name(self, year: int | None, suffix: str) -> str:
        """Give the name of the chart's file, with its year where it shows one."""
        return f"{self.name}_{year}.{suffix}" if self.yearly else f"{self.name}.{suffix}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("gap", ("results",), usual="answer_year"),
        Kind("trend", ("results",)),
        Kind("heatmap", ("results",)),
        Kind("supply", ("supply", "results")),
        Kind("entry", ("entry",), usual="next_autumn"),
        Kind("wave", ("pupils",)),
    )
}
