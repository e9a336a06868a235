"""Where a region's name and figure stand: inside it, or beside the map with a line to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from capacity.base.axes import Floats
from capacity.base.words import cut, width, wrap
from capacity.render.charts import style
from capacity.render.charts.plane import Polygon, distances, extent, inside, thinned

#: Points of a figure inside a region, the largest that fits; its name is a point smaller.
SIZES = (10.0, 8.5, 7.5, 7.0)
LINE = 1.3  # of a line's height to its points
PAD = 0.04  # inches around a text
GRID, TRIED = 11, 48  # places across and down a region, the roomiest of which are tried
#: Points across and down a text that must lie inside.
ASKED = (7, 5)
#: Inches between lines beside a map, and of a name in them.
ROW, NAME = 0.17, 1.6
#: Names wider than so many columns are cut to fit; others are written whole or beside the map.
LONG = 24
#: Share of a name's width that its two lines have.
FOLDED = 0.64


@dataclass(frozen=True)
class Spot:
    """Where a region is named: the middle of its text, or a point inside it for a line to end.

    ``points`` is the size of its figure; 0 where there is no room inside.
    """

    x: float
    y: float
    name: str
    points: float


def spot(polygons: Sequence[Polygon], name: str, figure: str) -> Spot:
    """Return where a region's name stands with a figure that is as wide as any of its own."""
    thin = [tuple(map(thinned, polygon)) for polygon in polygons]
    low, high = extent(ring for polygon in thin for ring in polygon)
    tried = _grid(low, high)
    tried = tried[inside(tried, thin)]
    if not len(tried):  # a sliver: any of its corners
        x, y = thin[0][0][0]
        return Spot(float(x), float(y), name, 0)
    middle = np.hypot(*(tried - (low + high) / 2).T)
    roomy = np.round(distances(tried, thin), 1)
    tried = tried[np.lexsort((middle, -roomy))][:TRIED]
    room = float(high[0] - low[0]) - 2 * PAD
    for points in SIZES:
        for shown in _names(name, room, points, last=points == SIZES[-1]):
            size = style.measured(points - 1)
            figures = map(style.measured(points), figure.split("\n"))
            wide = max(*map(size, shown.split("\n")), *figures)
            box = wide + 2 * PAD, heights(shown, figure, points)[0] + 2 * PAD
            if (found := _first_fitting(tried, box, high - low, thin)) is not None:
                return Spot(*found, shown, points)
    return Spot(float(tried[0, 0]), float(tried[0, 1]), name, 0)


def _grid(low: Floats, high: Floats) -> Floats:
    steps = (np.arange(GRID) + 0.5) / GRID
    x, y = np.meshgrid(low[0] + steps * (high[0] - low[0]), low[1] + steps * (high[1] - low[1]))
    return np.column_stack([x.ravel(), y.ravel()])


def _names(name: str, room: float, points: float, *, last: bool) -> list[str]:
    """Return a name whole, in two lines, and at the last size a long one cut to its region."""
    size = style.measured(points - 1)
    folded = wrap(name, FOLDED * size(name), 2, size)
    found = [name, *([folded] if "\n" in folded and "…" not in folded else [])]
    if last and width(name) > LONG:
        found += [cut(name, share * room, size) for share in (0.95, 0.6)]
    return found


def heights(name: str, figure: str, points: float) -> tuple[float, float, float]:
    """Return the height of a name with its figure, and where the two are: above its middle, below.

    In inches, from the middle of both.
    """
    lines = [text.count("\n") + 1 for text in (name, figure)]
    named, figured = lines[0] * (points - 1) * LINE / 72, lines[1] * points * LINE / 72
    whole = named + figured
    return whole, (named - whole) / 2, (whole - figured) / 2


def _first_fitting(
    tried: Floats, box: tuple[float, float], size: Floats, polygons: Sequence[Polygon]
) -> tuple[float, float] | None:
    """Return the first place at which a box lies inside, the roomiest first."""
    if box[0] > size[0] or box[1] > size[1]:
        return None
    across, down = (np.linspace(-0.5, 0.5, count) for count in ASKED)
    x, y = np.meshgrid(across * box[0], down * box[1])
    offsets = np.column_stack([x.ravel(), y.ravel()])
    every = (tried[:, None, :] + offsets).reshape(-1, 2)
    fits = inside(every, polygons).reshape(len(tried), -1).all(axis=1)
    if not fits.any():
        return None
    x, y = tried[int(np.argmax(fits))]
    return float(x), float(y)


def alike(spots: Mapping[str, Spot]) -> dict[str, Spot]:
    """Return spots of one size: the smallest of those that have room."""
    least = min((one.points for one in spots.values() if one.points), default=0)
    return {code: replace(one, points=min(one.points, least)) for code, one in spots.items()}


def spread(wanted: Mapping[str, float], low: float, high: float) -> dict[str, float]:
    """Return heights near those wanted, a `ROW` apart, from ``low`` to ``high``.

    >>> spread({"a": 0.0, "b": 0.0}, 0.0, 2.0)
    {'a': 0.0, 'b': 0.17}
    """
    codes = sorted(wanted, key=lambda code: (wanted[code], code))
    found: dict[str, float] = {}
    for number, code in enumerate(codes):
        least = low if not number else found[codes[number - 1]] + ROW
        found[code] = max(wanted[code], least)
    most = high
    for code in reversed(codes):
        found[code] = min(found[code], most)
        most = found[code] - ROW
    return found
