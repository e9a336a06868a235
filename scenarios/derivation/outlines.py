"""Schematic outlines of Haidian's five regions: plain geometry, no surveyed boundary.

Points and areas were made up for a map that can be looked at: a northern cap, a central block
between a western and an eastern one, and a southern tip. They lie roughly where Haidian does.
"""

from __future__ import annotations

import json
import math

#: Where borders meet, in degrees east and north.
_AT = {
    "nw": (116.06, 40.08), "n": (116.17, 40.14), "ne": (116.30, 40.11), "e": (116.37, 40.03),
    "nw2": (116.13, 40.03), "ne2": (116.28, 40.04), "w": (116.08, 39.99), "sw": (116.17, 39.95),
    "sw2": (116.21, 39.97), "se2": (116.29, 39.97), "se": (116.36, 39.96), "s": (116.25, 39.90),
    "s2": (116.33, 39.90),
}  # fmt: skip
#: The corners of each region, the same way round.
_REGIONS = {
    "north": ("nw", "nw2", "ne2", "e", "ne", "n"),
    "central": ("nw2", "sw2", "se2", "ne2"),
    "south": ("sw2", "sw", "s", "s2", "se", "se2"),
    "east": ("ne2", "se2", "se", "e"),
    "west": ("nw", "w", "sw", "sw2", "nw2"),
}
#: How far a border bends to its left, as a share of its length, and points on it.
_BEND, _POINTS = 0.06, 8


def _border(one: str, other: str) -> list[list[float]]:
    """Give the points of a border from a corner up to the next: the same from either side."""
    if one > other:
        whole = _border(other, one)
        return [list(_AT[one]), *whole[:0:-1]]
    (x0, y0), (x1, y1) = _AT[one], _AT[other]
    found = []
    for k in range(_POINTS):
        share = k / _POINTS
        bend = _BEND * math.sin(math.tau * share)
        found.append(
            [x0 + share * (x1 - x0) - bend * (y1 - y0), y0 + share * (y1 - y0) + bend * (x1 - x0)]
        )
    return [[round(x, 4), round(y, 4)] for x, y in found]


def outlines() -> str:
    """Give the text of regions.geojson."""
    features = []
    for region, corners in _REGIONS.items():
        ring = [
            point
            for one, other in zip(corners, (*corners[1:], corners[0]), strict=True)
            for point in _border(one, other)
        ]
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        features.append({"type": "Feature", "properties": {"region": region}, "geometry": geometry})
    lines = ",\n".join(json.dumps(feature) for feature in features)
    head = '{"type": "FeatureCollection", "schematic": true,\n'
    note = (
        '"note": "Written by scenarios/derive.py: schematic outlines, made up, no boundaries.",\n'
    )
    return f'{head}{note}"features": [\n{lines}\n]}}\n'
