"""Panels of a sheet: a grid of small charts over the years, and the key under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from capacity.outputs.charts.sheet import LEAST
from capacity.outputs.charts.trend import year_ticks
from capacity.outputs.words import MINUS, number

PANEL = (4.2, 2.9)  # inches, with its tick labels and title
KEY = 0.5  # inches of the key
COLUMNS = 3
LEFT, RIGHT = 0.72, 0.18  # inches of a panel beside its axes


@dataclass(frozen=True)
class Grid:
    """Where so many panels stand on a sheet."""

    columns: int
    rows: int

    @classmethod
    def of(cls, count: int) -> Grid:
        """Give rows of at most `COLUMNS`, all alike where that can be."""
        columns = 2 if count == 4 else min(COLUMNS, count)
        return cls(columns, -(-count // columns))

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet, in inches."""
        return (max(LEAST, self.columns * PANEL[0]), self.rows * PANEL[1] + KEY)

    def panel(self, host: Axes, number_: int) -> Axes:
        """Put the next panel on the sheet; they are numbered from 0, row by row."""
        row, at = divmod(number_, self.columns)
        (inches, height), wide = self.size, 1 / self.columns
        high = PANEL[1] / height
        box = (at * wide + LEFT / inches, 1 - (row + 1) * high + 0.1 * high)
        return host.inset_axes((*box, wide - (LEFT + RIGHT) / inches, 0.76 * high))


def over_years(ax: Axes, years: tuple[int, ...]) -> None:
    """Give a panel its years below and its places to the left."""
    ax.xaxis.set_major_locator(FixedLocator(year_ticks(years)))
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, minus=MINUS)))
    ax.tick_params(labelsize=8, length=2.5)


def key(ax: Axes, handles: Sequence[Artist], *, rows: int = 1) -> None:
    """Write the key in the lower left corner of a sheet."""
    ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0, 0),
        ncols=-(-len(handles) // rows),
        frameon=False,
        fontsize=9,
        borderaxespad=0,
        borderpad=0,
        columnspacing=1.8,
        handlelength=1.8,
    )
