"""The shapes of regions on a map: outlines, else tiles on the compass grid or side by side."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from capacity.base.axes import Floats
from capacity.inputs.districts.outlines import Outlines
from capacity.render.charts.layout import Box
from capacity.render.charts.plane import Polygon, equal_area, extent, wound
from capacity.results.labels import Labels

#: Of a tile in no given place: its width ÷ its height, as names are wide.
WIDE = 1.6
#: Between tiles, as a share of one.
GAP = 0.05
#: Inches of a tile, and of a map of one region, a few, more and many.
LEAST, MOST = 0.8, 1.5
ACROSS = {1: 2.6, 20: 3.7, 60: 5.6, 3000: 8.4}
#: Tiles side by side, of a few and more.
COLUMNS = {20: 5, 60: 8, 3000: 12}
#: Inches of a map of tiles at most.
BROADEST = 12.6


@dataclass(frozen=True)
class Shapes:
    """What a map is made of, in inches: x to the right, y down, from its upper left corner.

    Attributes
    ----------
    of : mapping of str to tuple of Polygon
        The parts of each region that is shown, by code.
    size : tuple of float
        Width and height of all of them.
    kind : str
        "outlines", "cells" of the compass grid, or "packed": tiles in the order of the district.
    around : tuple of ring
        Outlines of regions that have shown ones within them.
    missing : tuple of str
        Codes of the leaf regions that are not on the map.
    schematic : bool
        Whether outlines are no surveyed boundaries.
    """

    of: Mapping[str, tuple[Polygon, ...]]
    size: tuple[float, float]
    kind: Literal["outlines", "cells", "packed"]
    around: tuple[Floats, ...] = ()
    missing: tuple[str, ...] = ()
    schematic: bool = False


def shapes_of(labels: Labels, least: float = LEAST) -> Shapes:
    """Return the shapes of a district's regions; tiles are so wide at least, in inches."""
    return _outlined(labels, labels.outlines) or _tiled(labels, max(LEAST, min(least, MOST)))


def _outlined(labels: Labels, outlines: Outlines | None) -> Shapes | None:
    """Return the outlines; None where no region that could be shown has one."""
    known = {} if outlines is None else outlines.regions
    shown = [code for top in labels.tops for code in _shown(top.code, labels, known)]
    if outlines is None or not shown:
        return None
    inner = {leaf for code in shown for leaf in labels.leaves_of(code)}
    missing = tuple(region.code for region in labels.leaves if region.code not in inner)
    parents = {code for one in shown for code in labels.around(one) if code in known}
    low, high = extent(ring for code in (*shown, *parents) for ring in _rings(known[code]))
    centre = ((low + high) / 2).tolist()
    flat = {
        code: tuple(
            wound(tuple(equal_area(ring, centre) * (1, -1) for ring in polygon))
            for polygon in known[code]
        )
        for code in (*shown, *sorted(parents))
    }
    low, high = extent(ring for polygons in flat.values() for ring in _rings(polygons))
    wide, tall = np.maximum(high - low, 1e-12)
    scale = min(_across(len(shown)) / wide, 0.9 * _across(len(shown)) / tall)
    placed = {
        code: tuple(tuple((ring - low) * scale for ring in polygon) for polygon in polygons)
        for code, polygons in flat.items()
    }
    return Shapes(
        {code: placed[code] for code in shown},
        (wide * scale, tall * scale),
        "outlines",
        tuple(ring for code in sorted(parents) for ring in _rings(placed[code])),
        missing,
        outlines.schematic,
    )


def _rings(polygons: Sequence[Polygon]) -> list[Floats]:
    return [ring for polygon in polygons for ring in polygon]


def _shown(code: str, labels: Labels, known: Mapping[str, object]) -> list[str]:
    """Return the innermost regions in one that have outlines."""
    children = [region.code for region in labels.regions if region.within == code]
    inner = [found for child in children for found in _shown(child, labels, known)]
    return inner or [code] * (code in known)


def _across(count: int) -> float:
    """Return the inches of a map of so many regions."""
    return next(inches for most, inches in ACROSS.items() if count <= most)


def _tiled(labels: Labels, least: float) -> Shapes:
    """Return tiles: of top regions in their cells, those within them as parts of one tile."""
    tops = labels.tops
    cells = [region.cell for region in tops if region.cell is not None]
    if not len(cells) == len(tops) == len(set(cells)):
        return _packed_all([region.code for region in labels.leaves], least)
    rows, columns = ([cell[k] for cell in cells] for k in (0, 1))
    shape = max(rows) - min(rows) + 1, max(columns) - min(columns) + 1
    parts = max(len(labels.leaves_of(top.code)) for top in tops)
    side = max(ACROSS[20] / max(shape), least * math.ceil(math.sqrt(parts)))
    side = min(side, BROADEST / shape[1], MOST * math.ceil(math.sqrt(parts)))
    of: dict[str, tuple[Polygon, ...]] = {}
    for top, (row, column) in zip(tops, cells, strict=True):
        inner, edge = labels.leaves_of(top.code), 0.0
        if len(inner) > 1:  # what lies in one region stands together
            edge = GAP / 2 * side
        x, y = (column - min(columns)) * side + edge, (row - min(rows)) * side + edge
        of |= _packed(inner, (x, y, side - 2 * edge, side - 2 * edge))
    return Shapes(of, (shape[1] * side, shape[0] * side), "cells")


def _packed_all(codes: Sequence[str], least: float) -> Shapes:
    """Return tiles in rows, in the order of the district."""
    count = len(codes)
    columns = next(columns for most, columns in COLUMNS.items() if count <= most)
    columns = min(count, columns, int(BROADEST / least))
    rows = -(-count // columns)
    wide = max(least, min(MOST, ACROSS[20] / columns)) if count <= 20 else least
    size = columns * wide, rows * wide / WIDE
    return Shapes(_packed(codes, (0.0, 0.0, *size), columns), size, "packed")


def _packed(codes: Sequence[str], box: Box, columns: int = 0) -> dict[str, tuple[Polygon, ...]]:
    """Return tiles of regions that fill a box row by row."""
    left, top, wide, tall = box
    rows = -(-len(codes) // columns) if columns else math.ceil(math.sqrt(len(codes)))
    columns = columns or -(-len(codes) // rows)
    each = wide / columns, tall / rows
    gap = GAP * min(each)
    found: dict[str, tuple[Polygon, ...]] = {}
    for number, code in enumerate(codes):
        row, column = divmod(number, columns)
        x, y = left + column * each[0] + gap / 2, top + row * each[1] + gap / 2
        found[code] = ((_rectangle(x, y, each[0] - gap, each[1] - gap),),)
    return found


def _rectangle(x: float, y: float, wide: float, tall: float) -> Floats:
    corners = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)]
    return np.array(corners)
