"""What a chart tells of places in it where it is read in a page: its figures, on hover.

Pictures show nothing of it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple
from weakref import WeakKeyDictionary

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from capacity.base.words import MINUS, number
from capacity.render.charts.wording import Wording

#: Points of an inch, in which an SVG measures.
POINTS = 72


class Told(NamedTuple):
    """A part of axes, ``(left, right, bottom, top)`` in their data, and its text."""

    box: tuple[float, float, float, float]
    text: str


_TOLD: WeakKeyDictionary[Axes, list[Told]] = WeakKeyDictionary()


def tell(ax: Axes, box: tuple[float, float, float, float], text: str) -> None:
    """Have a part of axes tell a text."""
    _TOLD.setdefault(ax, []).append(Told(box, text))


def tell_years(
    ax: Axes,
    years: Sequence[int],
    name: str,
    figures: Mapping[str, Sequence[float]],
    say: Wording,
    *,
    signed: bool = False,
) -> None:
    """Have each year of a panel tell its figures, a line each under their label.

    Parameters
    ----------
    ax
        As it is scaled in the end.
    years
    name
        Of the panel.
    figures
        By label, a figure for each year; what is not known is left out.
    say
    signed
        Whether signs are shown.
    """
    bottom, top = ax.get_ylim()
    for at, year in enumerate(years):
        lines = [say.joined([name, say.year(year)], "comma")]
        lines += [
            say("common.told", name=label, figure=number(values[at], signed=signed, minus=MINUS))
            for label, values in figures.items()
            if not math.isnan(values[at])
        ]
        tell(ax, (year - 0.5, year + 0.5, bottom, top), "\n".join(lines))


def told_of(figure: Figure) -> Iterator[tuple[tuple[float, float, float, float], str]]:
    """Yield what a figure that was drawn tells: x, y, width and height in points, and the text."""
    scale, high = POINTS / figure.dpi, figure.get_size_inches()[1] * POINTS
    for ax in _every(figure.axes):
        frame = ax.get_window_extent()
        ax.get_xlim(), ax.get_ylim()  # which has limits set that wait to be
        for (left, right, bottom, top), text in _TOLD.get(ax, ()):
            corners = ax.transData.transform([(left, bottom), (right, top)]).tolist()
            (x0, y0), (x1, y1) = ([max(p[0], frame.x0), p[1]] for p in corners)
            x1, (low, up) = min(x1, frame.x1), sorted((y0, y1))
            box = (x0 * scale, high - up * scale, (x1 - x0) * scale, (up - low) * scale)
            yield box, text


def _every(axes: Sequence[Any]) -> Iterator[Axes]:
    """Yield axes and those inside them."""
    for ax in axes:
        yield ax
        yield from _every(ax.child_axes)
