"""Outlines on a plane, and points in them: an equal-area map by plain formulas."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from capacity.base.axes import Bools, Floats

#: An outer ring and its holes, each ``(corner, [right, down])``.
Polygon = tuple[Floats, ...]
#: Corners of a ring that are asked where a point lies: more change nothing that can be seen.
ASKED = 160


def equal_area(degrees: Floats, centre: Sequence[float]) -> Floats:
    """Return points by Lambert's azimuthal equal-area projection of the sphere.

    By equations 24-2 to 24-4 of J. P. Snyder, Map projections: a working manual, USGS
    Professional Paper 1395, 1987.

    Parameters
    ----------
    degrees : array, (point, [east, north])
    centre : (float, float)
        Degrees east and north of the middle of the map, which becomes the origin.

    Returns
    -------
    array, (point, [right, up])
        In radii of the sphere.

    >>> equal_area(np.array([[116.0, 40.0], [116.0, 41.0]]), (116.0, 40.0)).round(5).tolist()
    [[0.0, 0.0], [0.0, 0.01745]]
    """
    east, north = np.radians(degrees[:, 0] - centre[0]), np.radians(degrees[:, 1])
    middle = np.radians(centre[1])
    across = np.cos(north) * np.cos(east)
    near = 1 + np.sin(middle) * np.sin(north) + np.cos(middle) * across
    scale = np.sqrt(2 / np.maximum(near, 1e-12))  # of the antipode no map can tell where it is
    right = scale * np.cos(north) * np.sin(east)
    up = scale * (np.cos(middle) * np.sin(north) - np.sin(middle) * across)
    return np.column_stack([right, up])


def extent(rings: Iterable[Floats]) -> tuple[Floats, Floats]:
    """Return the lowest and the highest coordinates of rings."""
    every = np.vstack(list(rings))
    return every.min(axis=0), every.max(axis=0)


def area(ring: Floats) -> float:
    """Return the area of a closed ring; the sign tells which way round it goes."""
    x, y = (ring - ring[0]).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def wound(polygon: Polygon) -> Polygon:
    """Return a polygon whose holes go the other way round than its outer ring.

    What draws paths leaves a hole empty only then.
    """
    return tuple(
        ring if (area(ring) > 0) == (number == 0) else ring[::-1]
        for number, ring in enumerate(polygon)
    )


def thinned(ring: Floats, most: int = ASKED) -> Floats:
    """Return a closed ring of fewer corners."""
    step = -(-(len(ring) - 1) // most)
    return ring if step <= 1 else np.vstack([ring[:-1:step], ring[:1]])


def inside(points: Floats, polygons: Iterable[Polygon]) -> Bools:
    """Tell which points lie in polygons and in no hole of them, ``(point)``.

    A point is inside where a line from it to the right crosses rings an odd number of times.
    """
    x, y = points[:, :1], points[:, 1:]
    crossings = np.zeros(len(points), dtype=int)
    for ring in (ring for polygon in polygons for ring in polygon):
        (x0, y0), (x1, y1) = ring[:-1].T, ring[1:].T
        rise = np.where(y1 == y0, 1.0, y1 - y0)  # no line crosses what is level
        spans = (y0 <= y) != (y1 <= y)
        right = x < x0 + (y - y0) / rise * (x1 - x0)
        crossings += (spans & right).sum(axis=1)
    odd: Bools = crossings % 2 == 1
    return odd


def distances(points: Floats, polygons: Iterable[Polygon]) -> Floats:
    """Return how far points are from the nearest ring, ``(point)``."""
    least = np.full(len(points), np.inf)
    for ring in (ring for polygon in polygons for ring in polygon):
        start, way = ring[:-1], np.diff(ring, axis=0)
        length = np.maximum((way**2).sum(axis=1), 1e-300)
        from_start = points[:, None, :] - start
        along = np.clip((from_start * way).sum(axis=2) / length, 0, 1)
        apart = from_start - along[:, :, None] * way
        least = np.minimum(least, np.sqrt((apart**2).sum(axis=2)).min(axis=1))
    return least
