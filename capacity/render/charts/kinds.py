"""The kinds of charts of one run: what each is drawn from, and what its file is called.

A new kind is a function ``capacity.render.charts.<name>.<name>``, an entry here and a method of
`capacity.render.plots.Plots`. Nothing here imports matplotlib before something is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from capacity.results.labels import Labels

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
    regional : bool
        Whether it can show one region in place of the district.
    drawn : bool
        Whether it shows draws, which a run may lack.
    """

    name: str
    frames: tuple[str, ...]
    usual: str | None = None
    regional: bool = False
    drawn: bool = False

    @property
    def yearly(self) -> bool:
        """Whether a chart of this kind shows one year."""
        return self.usual is not None

    def years(self, labels: Labels, known: Iterable[int]) -> list[int | None]:
        """Give the year to draw where none is named; none of a kind that shows all years."""
        return [getattr(labels, self.usual)(known) if self.usual else None]

    def draw(self, frames: Mapping[str, pd.DataFrame], labels: Labels, **options: Any) -> Axes:
        """Draw a chart; ``options`` are those of its function."""
        module = import_module(f"capacity.render.charts.{self.name}")
        axes: Axes = getattr(module, self.name)(
            *(frames[name] for name in self.frames), labels, **options
        )
        return axes

    def file_name(self, suffix: str, *, year: int | None = None, region: str | None = None) -> str:
        """Give the name of the chart's file, with the region and the year that it shows.

        >>> KINDS["wave"].file_name("png", region="North/East")
        'wave_North%2FEast.png'
        """
        parts = [self.name, *([] if region is None else [_UNSAFE.sub(_escaped, region)])]
        parts += [] if year is None else [str(year)]
        return f"{'_'.join(parts)}.{suffix}"


#: What a file name cannot hold on every system, and the sign that stands before its number.
_UNSAFE = re.compile(r'[\\/:*?"<>|%]')


def _escaped(found: re.Match[str]) -> str:
    return f"%{ord(found[0]):02X}"


KINDS = {
    kind.name: kind
    for kind in (
        Kind("gap", ("results",), usual="answer_year"),
        Kind("trend", ("results",)),
        Kind("heatmap", ("results",)),
        Kind("supply", ("supply", "results"), regional=True),
        Kind("entry", ("entry",), usual="next_autumn"),
        Kind("wave", ("pupils",), regional=True),
        Kind("fan", ("results", "chance"), regional=True, drawn=True),
    )
}
