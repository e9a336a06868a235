"""Where panels and cells stand on a figure frame, in inches: as on the map, in rows, in tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter, MaxNLocator

from capacity.base.words import MINUS, cut, number, width
from capacity.render.charts import style
from capacity.render.charts.figure_frame import LEAST
from capacity.render.charts.wording import Wording
from capacity.results.labels import ALL, Labels

#: Left, top, width and height in inches.
Box = tuple[float, float, float, float]
#: A row and a column.
Place = tuple[int, int]
#: Regions on a tile grid at most.
TILES = 16
TITLE = 10  # points of a panel's title
#: Terminal columns of a name in a table of cells at most.
NAME = 28
#: In a table of cells all regions up to so many; of more, the worst `WORST` of each level.
ALL_SHOWN, WORST = 20, 12


@dataclass(frozen=True)
class Panels:
    """Rows of equal cells, each with axes inside, in inches.

    Attributes
    ----------
    shape : tuple of int
        Rows and columns.
    cell : tuple of float
        Width and height of a cell.
    room : tuple of float
        What a cell leaves free beside its axes, for title and ticks: left, top, right, bottom.
    top : float
        Where the first row begins.
    """

    shape: tuple[int, int]
    cell: tuple[float, float]
    room: tuple[float, float, float, float]
    top: float = 0.0

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of all cells."""
        return self.shape[1] * self.cell[0], self.shape[0] * self.cell[1]

    @property
    def title_width(self) -> float:
        """Inches that the title of a panel may take."""
        return self.cell[0] - self.room[0] - 0.1

    def box(self, place: Place) -> Box:
        """Return where the axes of a cell are."""
        left, top, right, bottom = self.room
        x, y = place[1] * self.cell[0] + left, self.top + place[0] * self.cell[1] + top
        return x, y, self.cell[0] - left - right, self.cell[1] - top - bottom

    def axes(self, host: Axes, place: Place) -> Axes:
        """Return new axes in a cell."""
        return inset(host, self.box(place))

    def places(self, count: int) -> list[Place]:
        """Return the cells of so many panels, row by row."""
        return [divmod(k, self.shape[1]) for k in range(count)]


def level_panels(count: int) -> Panels:
    """Return rows of at most three wide panels, all alike where that can be."""
    columns = 2 if count == 4 else min(3, count)
    each = max(LEAST, columns * 4.2) / columns
    return Panels((-(-count // columns), columns), (each, 2.9), (0.72, 0.464, 0.18, 0.29))


def tile_grid(labels: Labels) -> list[Place] | None:
    """Return the tiles of the district and of each top region, then a free one, as on the map.

    The district and the free tile are in corners without a region, or in a column more. None
    where the regions have no tiles of their own, or too many.
    """
    tops = labels.tops
    cells = [region.cell for region in tops if region.cell is not None]
    if not (len(cells) == len(tops) == len(set(cells)) and len(tops) <= TILES):
        return None
    first = (min(row for row, _ in cells), min(col for _, col in cells))
    placed = [(row - first[0], col - first[1]) for row, col in cells]
    row, column = max(row for row, _ in placed), max(col for _, col in placed)
    corners = dict.fromkeys([(0, 0), (0, column), (row, 0), (row, column)])
    free = [place for place in corners if place not in placed]
    if len(free) < 2:
        free = [(0, column + 1), (1, column + 1)]
    return [free[0], *placed, free[1]]


def inset(host: Axes, box: Box) -> Axes:
    """Return new axes inside a figure frame."""
    wide, high = host.get_xlim()[1], host.get_ylim()[0]
    left, top, width_, height = box
    return host.inset_axes((left / wide, 1 - (top + height) / high, width_ / wide, height / high))


def panel_title(ax: Axes, name: str, figures: str, colour: str, inches: float) -> None:
    """Name a panel, its figures on a line of their own; a long name is shortened."""
    points = TITLE * min(1.0, inches / max(style.measured(TITLE)(figures), 0.1))
    text = f"{cut(name, inches, style.measured(points))}\n{figures}"
    ax.set_title(text, loc="left", fontsize=points, color=colour, pad=4, linespacing=1.2)


def over_years(
    ax: Axes, years: tuple[int, ...], say: Wording, ticks: int = 5, *, signed: bool = False
) -> None:
    """Write a panel's years below it, its places to the left; of gaps with their sign."""
    if say.labels.both_years:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda year, _: say.year(round(year))))
    ax.xaxis.set_major_locator(FixedLocator(year_ticks(years)))
    ax.yaxis.set_major_locator(MaxNLocator(ticks))
    write = partial(number, signed=signed, minus=MINUS)
    ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: write(value)))
    ax.tick_params(labelsize=8, length=2.5)


def year_ticks(years: tuple[int, ...]) -> list[int]:
    """Return the years to name on an axis: the first, the last, and some between."""
    step = 5 if len(years) > 8 else 2 if len(years) > 4 else 1
    ticks = [*range(years[0], years[-1] + 1, step)]
    return ticks if years[-1] - ticks[-1] < step / 2 else [*ticks, years[-1]]


def greatest(
    codes: Sequence[str], size: Callable[[str], float], all_up_to: int, most: int
) -> tuple[str, ...]:
    """Return all codes, or of more than ``all_up_to`` the ``most`` greatest; nan comes last."""
    if len(codes) <= all_up_to:
        return tuple(codes)
    sizes = {code: size(code) for code in codes}
    ranks = {code: -math.inf if math.isnan(size) else size for code, size in sizes.items()}
    return tuple(sorted(codes, key=lambda code: (-ranks[code], code))[:most])


def worst_regions(labels: Labels, size: Callable[[str], float]) -> tuple[str, ...]:
    """Return the regions that a table of cells shows, below those that they lie in."""
    leaves = [region.code for region in labels.leaves]
    return labels.under_parents(greatest(leaves, size, ALL_SHOWN, WORST))


def shown_leaves(labels: Labels, blocks: Iterable[Sequence[str]]) -> int:
    """Return the regions without others within them that a table shows, of its longest block."""
    return max(sum(not labels.is_sum(code) for code in block) for block in blocks)


def cell_width(left: float, count: int, least: float) -> float:
    """Return the inches of a column, wide enough that ``count`` of them fill a frame."""
    return min(max(least, (LEAST - left) / count), 2 * least)


def name_width(say: Wording, codes: Sequence[str]) -> float:
    """Return the inches of a column of the names of levels and regions."""
    names = [width(cut(say.row(code), NAME)) for code in (*codes, ALL)]
    levels = [width(cut(say.level(level.code), NAME)) for level in say.labels.levels]
    return 0.2 + style.COLUMN * max(9.5 * max(names), 11 * max(levels))


def draw_cells(ax: Axes, boxes: Sequence[Box], colours: Sequence[str], **how: Any) -> None:
    """Draw cells side by side, with a thin white line between them."""
    shapes = [Rectangle(box[:2], *box[2:]) for box in boxes]
    looks: style.Looks = {"edgecolor": "white", "linewidth": 0.8} | how
    if shapes:
        cells = PatchCollection(shapes, facecolor=list(colours), **looks)
        ax.add_collection(cells, autolim=False)
