"""Panels of a sheet: a grid of small charts over the years, and the key under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from capacity.base.words import MINUS, cut, number
from capacity.render.charts import style
from capacity.render.charts.sheet import LEAST

PANEL = (4.2, 2.9)  # inches, with its tick labels and title
KEY = 0.22  # inches of a row of the key
COLUMNS = 3
LEFT, RIGHT = 0.72, 0.18  # inches of a panel beside its axes
TITLE = 10  # points


@dataclass(frozen=True)
class Grid:
    """Where so many panels stand on a sheet."""

    columns: int
    rows: int
    keys: int = 1  # rows of the key

    @classmethod
    def of(cls, count: int, *, keys: int = 1) -> Grid:
        """Give rows of at most `COLUMNS`, all alike where that can be."""
        columns = 2 if count == 4 else min(COLUMNS, count)
        return cls(columns, -(-count // columns), keys)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the sheet, in inches."""
        return (max(LEAST, self.columns * PANEL[0]), self.rows * PANEL[1] + self.keys * KEY)

    def panel(self, host: Axes, number_: int) -> Axes:
        """Put the next panel on the sheet; they are numbered from 0, row by row."""
        row, at = divmod(number_, self.columns)
        (inches, height), wide = self.size, 1 / self.columns
        high = PANEL[1] / height
        box = (at * wide + LEFT / inches, 1 - (row + 1) * high + 0.1 * high)
        return host.inset_axes((*box, wide - (LEFT + RIGHT) / inches, 0.74 * high))

    @property
    def title_room(self) -> float:
        """Inches that the title of a panel may take."""
        return self.size[0] / self.columns - LEFT - 0.1


def title(ax: Axes, name: str, said: str, colour: str, inches: float) -> None:
    """Name a panel, and say its figures on a line of their own; a long name is shortened."""
    points = TITLE * min(1.0, inches / max(style.measured(TITLE)(said), 0.1))
    name = cut(name, inches, style.measured(points))
    ax.set_title(
        f"{name}\n{said}", loc="left", fontsize=points, color=colour, pad=4, linespacing=1.2
    )


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


def year_ticks(years: tuple[int, ...]) -> list[int]:
    """Give the years to name on an axis: the first, the last, and some between."""
    step = 5 if len(years) > 8 else 2 if len(years) > 4 else 1
    ticks = [*range(years[0], years[-1] + 1, step)]
    return ticks if years[-1] - ticks[-1] < step / 2 else [*ticks, years[-1]]
