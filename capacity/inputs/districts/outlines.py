"""Outlines of regions, as GeoJSON (RFC 7946): for the map of a run; no number comes from them."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from capacity.base.axes import Floats
from capacity.base.errors import MOST_COMPARED, At, Problems, nearest
from capacity.base.fields import Fixed
from capacity.base.titles import Titles, listed
from capacity.base.words import catalog
from capacity.inputs.districts.declared import Region, titles_of
from capacity.inputs.documents.jsonfile import JsonDocument, read_json
from capacity.inputs.documents.yaml import Path as Way
from capacity.inputs.tables.files import InputFile, is_within
from capacity.inputs.tables.values import plain_name

OUTLINES_FILE = "regions.geojson"
SUFFIX = ".geojson"
#: Points of a file at most: more than a picture can show.
MOST_POINTS = 200_000
#: Degrees east and north reach so far.
LIMITS = (180.0, 90.0)
#: Numbers of a point at most: height and measure after them.
_LONGEST = 4
#: Faults of a kind in a file that are told. Of coordinates that are no degrees one tells them all.
_TOLD = {"outline-metres": 1, "outline-turned": 1}
_TOLD_OF_OTHERS = 100
#: Regions named at most, and parts of a list shown.
_NAMED, _PARTS = 12, 4

#: A ring and its holes, each ``(corner, [east, north])`` in degrees; the first corner is the last.
Polygon = tuple[Floats, ...]


@dataclass(frozen=True)
class Outlines:
    """The outlines of a district's regions.

    Attributes
    ----------
    regions : mapping of str to tuple of Polygon
        By code; a region may have several parts. A polygon is an outer ring and its holes, each
        an array ``(corner, 2)`` of degrees east and north (WGS 84), whose last corner is the first.
    schematic : bool
        Whether the file says that they are drawn by hand and no surveyed boundaries.
    """

    regions: Mapping[str, tuple[Polygon, ...]]
    schematic: bool = False


def read_outlines(
    folder: Path, regions: Sequence[Region] | None, titles: Titles, problems: Problems
) -> tuple[Outlines | None, InputFile | None]:
    """Read the outlines of a district folder.

    Parameters
    ----------
    folder : Path
    regions : sequence of Region, or None
        Those that a feature may name; None where they cannot be told: then none is asked for.
    titles : Titles
        Names them in messages.
    problems : Problems
        Takes what is wrong.

    Returns
    -------
    Outlines or None
        None where there is no such file, or it has errors.
    InputFile or None
    """
    path = _file(folder, problems)
    if path is None:
        return None, None
    own = Problems()
    document, record = read_json(path, own, path.name)
    problems.extend(own)
    if document is None:
        return None, record
    return outlines_of(document, regions, titles, problems), record


def outlines_of(
    document: JsonDocument, regions: Sequence[Region] | None, titles: Titles, problems: Problems
) -> Outlines | None:
    """Return the outlines that a document states; the rest as in `read_outlines`."""
    reader = _Reader(document, None if regions is None else _Names.of(regions))
    found = reader.outlines()
    reader.say(problems)
    if found is None or reader.faults:
        return None
    if regions is not None:
        _say_missing(found, regions, titles, At(document.file), problems)
    return found


def is_outlines(path: Path) -> bool:
    """Whether a path is that of outlines."""
    return path.name.casefold() == OUTLINES_FILE


def _file(folder: Path, problems: Problems) -> Path | None:
    """Return the file; of another name say which name it should have."""
    try:
        every = sorted(path for path in folder.iterdir() if path.suffix.casefold() == SUFFIX)
    except OSError:  # told where the tables are read
        return None
    every = [path for path in every if not path.name.startswith((".", "~"))]
    named = [path for path in every if is_outlines(path)]
    if not named:
        for path in every[:1]:
            problems.warning("outlines-name", At(str(path)), known=OUTLINES_FILE)
        return None
    if not is_within(named[0], folder):
        problems.error("file-outside", At(str(named[0]), 1, 1))
        return None
    return named[0]


def _say_missing(
    found: Outlines, regions: Sequence[Region], titles: Titles, at: At, problems: Problems
) -> None:
    """Name the regions that a map cannot show, neither by themselves nor in the one around."""
    around = {region.code: region.within for region in regions}
    parents = set(around.values())

    def shown(code: str | None) -> bool:
        return code is not None and (code in found.regions or shown(around[code]))

    lost = [code for code in around if code not in parents and not shown(code)]
    if lost:
        names = listed(map(titles.region, lost), _NAMED)
        problems.warning("outline-missing", at, names=names)


@dataclass(frozen=True)
class _Names:
    """What regions are called: codes, and titles in either language, by their plain form."""

    codes: Mapping[str, str]
    titles: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, regions: Sequence[Region]) -> _Names:
        codes = {plain_name(region.code): region.code for region in regions}
        titles: dict[str, tuple[str, ...]] = {}
        for code, own in titles_of(regions).items():
            for title in {plain_name(title) for title in own if title}:
                titles[title] = (*titles.get(title, ()), code)
        return cls(codes, titles)

    def meant(self, name: str) -> tuple[str, ...]:
        """Return the codes that a name can mean: its own, else those of its title."""
        form = plain_name(name)
        return (self.codes[form],) if form in self.codes else self.titles.get(form, ())


class _FaultError(Exception):
    """Something wrong in a feature, at a way from it."""

    def __init__(self, code: str, *way: str | int, **facts: object) -> None:
        self.code, self.way, self.facts = code, way, facts


@dataclass
class _Reader:
    """The features of a file, read one by one; what is wrong is placed at the end, all at once."""

    document: JsonDocument
    names: _Names | None
    faults: list[tuple[Way, _FaultError]] = field(default_factory=list)
    told: Counter[str] = field(default_factory=Counter)
    points: int = 0

    def outlines(self) -> Outlines | None:
        """Return what the file says; None where it is no collection of features."""
        root = self.document.data if isinstance(self.document.data, dict) else {}
        features, kind = root.get("features"), root.get("type")
        if not isinstance(features, list) or kind != "FeatureCollection":
            self._take((), _FaultError("outlines-form", found=_shown(kind)))
            return None
        regions: dict[str, tuple[Polygon, ...]] = {}
        for number, feature in enumerate(features):
            try:
                region, polygons = self._feature(feature)
            except _FaultError as fault:
                if not self._take(("features", number, *fault.way), fault):
                    break
                continue
            if polygons:
                regions[region] = regions.get(region, ()) + polygons
        schematic = root.get("schematic", False) not in (False, None)
        return Outlines(Fixed(regions), schematic)

    def say(self, problems: Problems) -> None:
        """Add what was wrong, each at its place."""
        places = self.document.places(way for way, _ in self.faults)
        for way, fault in self.faults:
            problems.error(fault.code, places[way], **fault.facts)

    def _take(self, way: Way, fault: _FaultError) -> bool:
        """Keep a fault, and return whether to read on: nobody reads hundreds of a kind."""
        self.told[fault.code] += 1
        if self.told[fault.code] <= _TOLD.get(fault.code, _TOLD_OF_OTHERS):
            self.faults.append((way, fault))
        many = fault.code not in _TOLD and self.told[fault.code] >= _TOLD_OF_OTHERS
        return not (many or fault.code == "outlines-points")

    def _feature(self, feature: object) -> tuple[str, tuple[Polygon, ...]]:
        self._count(1, ())
        if not isinstance(feature, dict) or feature.get("type") != "Feature":
            found = feature.get("type") if isinstance(feature, dict) else feature
            raise _FaultError("outline-feature", found=_shown(found))
        region = self._region(feature.get("properties"))
        geometry = feature.get("geometry")
        if geometry is None:
            return region, ()
        kind = geometry.get("type") if isinstance(geometry, dict) else geometry
        if kind not in ("Polygon", "MultiPolygon"):
            raise _FaultError("outline-kind", "geometry", found=_shown(kind))
        stated = geometry.get("coordinates")
        way: Way = ("geometry", "coordinates")
        if kind == "Polygon":
            return region, (self._polygon(stated, way),)
        polygons = _list(stated, "outline-rings", way)
        return region, tuple(self._polygon(one, (*way, k)) for k, one in enumerate(polygons))

    def _region(self, properties: object) -> str:
        """Return the region that a feature names, by the first property that does."""
        stated = properties if isinstance(properties, dict) else {}
        keys = {plain_name(key): key for key in stated}
        names = map(plain_name, catalog("reading")["outlines"])
        asked = [keys[name] for name in names if name in keys]
        said = {key: str(stated[key]) for key in asked if _is_name(stated[key])}
        if not said:
            way = ("properties",) if stated else ()
            raise _FaultError(
                "outline-nameless", *way, keys=", ".join(catalog("reading")["outlines"])
            )
        if self.names is None:
            return next(iter(said.values()))
        meant = {key: codes for key, name in said.items() if (codes := self.names.meant(name))}
        if not meant:
            key, name = next(iter(said.items()))
            valid = tuple(self.names.codes.values())
            few = self.told["region-unknown"] < MOST_COMPARED // len(valid)
            near = nearest(name, valid) if few else ()
            facts = {"found": name, "valid": ", ".join(valid), "nearest": near}
            raise _FaultError("region-unknown", "properties", key, **facts)
        every = tuple(dict.fromkeys(code for codes in meant.values() for code in codes))
        if len(every) > 1:
            key = next(key for key, codes in meant.items() if codes != every[:1])
            raise _FaultError("outline-two", "properties", key, regions=", ".join(every))
        return every[0]

    def _polygon(self, stated: object, way: Way) -> Polygon:
        rings = _list(stated, "outline-rings", way)
        return tuple(self._ring(ring, (*way, k)) for k, ring in enumerate(rings))

    def _ring(self, stated: object, way: Way) -> Floats:
        points = _list(stated, "outline-ring", way)
        self._count(len(points), way)
        ring = _closed(_numbers(points, way))
        _refuse_others(ring, way)
        if not _area(ring):  # that of fewer than three corners, or of a line
            raise _FaultError("outline-ring", *way, found=_shown(stated))
        ring.setflags(write=False)
        return ring

    def _count(self, points: int, way: Way) -> None:
        """Count points, and features as if each were one, so that no file of them is too large."""
        self.points += points
        if self.points > MOST_POINTS:
            raise _FaultError("outlines-points", *way, most=MOST_POINTS)


def _is_name(value: object) -> bool:
    """Whether a value is a name: text, or a whole number as a code."""
    if isinstance(value, str):
        return bool(value.strip())
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1e15


def _is_number(value: object) -> bool:
    return type(value) is int or (type(value) is float and not math.isnan(value))


def _list(stated: object, code: str, way: Way) -> list[Any]:
    if not isinstance(stated, list) or not stated:
        raise _FaultError(code, *way, found=_shown(stated))
    return stated


def _numbers(points: Sequence[object], way: Way) -> Floats:
    """Return positions as an array; what follows east and north, a height, does not count."""
    pairs: list[list[float]] = []
    for k, point in enumerate(points):
        if not (isinstance(point, list) and 2 <= len(point) <= _LONGEST):
            raise _FaultError("outline-point", *way, k, found=_shown(point))
        pairs.append(point[:2])
        if not all(map(_is_number, pairs[-1])):
            raise _FaultError("outline-point", *way, k, found=_shown(point))
    try:
        return np.array(pairs, dtype=np.float64)
    except OverflowError:  # a whole number larger than any float
        k = next(k for k, pair in enumerate(pairs) if max(map(abs, pair)) > max(LIMITS))
        raise _FaultError("outline-metres", *way, k, found=_shown(points[k])) from None


def _refuse_others(ring: Floats, way: Way) -> None:
    """Refuse what is no degree east and north: metres of a projection, or north before east."""
    beyond = (np.abs(ring) > LIMITS).any(axis=1)
    if beyond.any():
        k = int(np.argmax(beyond))
        turned = bool((np.abs(ring[:, ::-1]) <= LIMITS).all())
        code = "outline-turned" if turned else "outline-metres"
        raise _FaultError(code, *way, k, found=_shown(ring[k].tolist()))


def _closed(ring: Floats) -> Floats:
    return ring if (ring[0] == ring[-1]).all() else np.vstack([ring, ring[:1]])


def _area(ring: Floats) -> float:
    """Return the area that a ring encloses, in square degrees; counter-clockwise is positive."""
    x, y = (ring - ring[0]).T
    return float(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1]) / 2)


def _shown(value: object) -> str:
    """Return a value as the file has it, of a map or a long list only that it is one."""
    if isinstance(value, dict):
        return "{…}"
    if isinstance(value, list):
        parts = [_part(part) for part in value[:_PARTS]]
        return f"[{', '.join(parts + ['…'] * (len(value) > _PARTS))}]"
    return value if isinstance(value, str) else json.dumps(value)


def _part(value: object) -> str:
    if isinstance(value, list):
        return "[…]"
    return json.dumps(value, ensure_ascii=False) if isinstance(value, str) else _shown(value)
