"""Outlines of regions: what is read of GeoJSON, whose it is, and what is refused."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from capacity.base import Problems
from capacity.inputs.districts import (
    MOST_POINTS,
    OUTLINES_FILE,
    load_district,
    within_grades,
)
from capacity.inputs.documents import read_json
from capacity.inputs.scenarios import load_scenario
from tests.inputs.folder import write
from tests.seeds import seeds

SECONDS = 5.0


def square(x: float, y: float, side: float = 0.1) -> list[list[float]]:
    corners = [(x, y), (x + side, y), (x + side, y + side), (x, y + side), (x, y)]
    return [list(corner) for corner in corners]


def feature(properties: object, coordinates: object, kind: str = "Polygon") -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **more: object) -> str:
    stated = {"type": "FeatureCollection", **more, "features": list(features)}
    return json.dumps(stated, ensure_ascii=False)


NORTH = feature({"region": "north"}, [square(116, 40)])
SOUTH = feature({"region": "south"}, [square(116, 39.9)])


def read(top: Path, text: str, name: str = OUTLINES_FILE):
    """Return the outlines of a district, and the codes of its problems."""
    folder = write(top).parent / "demo"
    (folder / name).write_text(text, "utf-8")
    problems = Problems()
    district = load_district(folder, problems)
    found = [problem.code for problem in problems]
    return (None if district is None else district.outlines), found


def test_rings_are_read_as_they_stand_closed_and_frozen(tmp_path: Path) -> None:
    hole, island = square(116.02, 40.02, 0.02), square(117, 40)[:-1]
    both = feature({"region": "north"}, [[square(116, 40), hole], [island]], "MultiPolygon")
    outlines, found = read(tmp_path, collection(both, SOUTH))
    assert found == [] and not outlines.schematic
    (outer, inner), (other,) = outlines.regions["north"]
    np.testing.assert_array_equal(outer, square(116, 40))
    np.testing.assert_array_equal(inner, hole)
    np.testing.assert_array_equal(other, [*island, island[0]])
    with pytest.raises(ValueError, match="read-only"):
        outer[0, 0] = 0.0
    with pytest.raises(TypeError):
        outlines.regions["north"] = ()


def test_heights_and_other_members_do_not_count(tmp_path: Path) -> None:
    high = feature({"region": "north"}, [[[*point, 52.5] for point in square(116, 40)]])
    empty = {"type": "Feature", "properties": {"region": "north"}, "geometry": None}
    text = collection(high | {"id": 7, "bbox": []}, empty, SOUTH, crs={"type": "name"})
    outlines, found = read(tmp_path, text)
    assert found == []
    assert outlines.regions["north"][0][0].shape == (5, 2)


@pytest.mark.parametrize("stated", [True, False, None, "yes"])
def test_what_is_schematic_says_so(stated: object, tmp_path: Path) -> None:
    outlines, _ = read(tmp_path, collection(NORTH, SOUTH, schematic=stated))
    assert outlines.schematic == bool(stated)


@pytest.mark.parametrize("bom", ["", "\ufeff"])
@pytest.mark.parametrize("name", ["regions.geojson", "Regions.GeoJSON"])
def test_the_file_is_one_of_those_read(name: str, bom: str, tmp_path: Path) -> None:
    _, found = read(tmp_path, bom + collection(NORTH, SOUTH), name)
    assert found == []
    record = load_scenario(tmp_path / "baseline.yaml").files[-1]
    assert record.name == f"demo/{name}" and record.size > 0


@pytest.mark.parametrize(
    "properties",
    [
        {"region": "south"},
        {"REGION": " South "},
        {"name": "南部"},
        {"Title": "ｓｏｕｔｈ"},
        {"区域": "南 部", "name": "whatever"},
        {"code": 110108, "name": "south"},
        {"region": "", "code": "south"},
    ],
)
def test_a_region_is_named_as_elsewhere_by_code_or_title(properties, tmp_path: Path) -> None:
    outlines, found = read(tmp_path, collection(NORTH, feature(properties, SOUTH_RINGS)))
    assert found == [] and set(outlines.regions) == {"north", "south"}


SOUTH_RINGS = SOUTH["geometry"]["coordinates"]


def test_two_features_of_one_region_are_joined(tmp_path: Path) -> None:
    again = feature({"name": "North"}, [square(118, 40)])
    outlines, found = read(tmp_path, collection(NORTH, SOUTH, again))
    assert found == []
    assert [ring[0, 0] for (ring,) in outlines.regions["north"]] == [116, 118]


def test_regions_without_an_outline_are_named_unless_one_around_them_has_one(
    tmp_path: Path,
) -> None:
    folder = write(tmp_path).parent / "demo"
    (folder / OUTLINES_FILE).write_text(collection(SOUTH), "utf-8")
    problems = Problems()
    load_district(folder, problems)
    (only,) = problems.warnings
    assert only.code == "outline-missing" and "of North:" in only.text("en")
    assert "北部" in only.text("zh")
    text = (folder / "district.yaml").read_text("utf-8")
    more = "regions:\n  - {code: park}\n"
    inside = text.replace("regions:\n", more).replace("{code: north", "{within: park, code: north")
    (folder / "district.yaml").write_text(inside, "utf-8")
    around = feature({"region": "park"}, [square(116, 40)])
    (folder / OUTLINES_FILE).write_text(collection(SOUTH, around), "utf-8")
    problems = Problems()
    district = load_district(folder, problems)
    assert not list(problems) and set(district.outlines.regions) == {"park", "south"}


def test_without_a_file_there_are_no_outlines_and_other_names_are_told(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    assert load_district(folder, Problems()).outlines is None
    outlines, found = read(tmp_path, "no matter", "north.geojson")
    assert outlines is None and found == ["outlines-name"]


def test_a_link_out_of_the_folder_is_refused(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    (tmp_path / "other.geojson").write_text(collection(NORTH, SOUTH), "utf-8")
    (folder / OUTLINES_FILE).symlink_to(tmp_path / "other.geojson")
    problems = Problems()
    load_district(folder, problems)
    assert [problem.code for problem in problems] == ["file-outside"]


def test_part_of_a_district_keeps_them(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "demo" / OUTLINES_FILE).write_text(collection(NORTH, SOUTH), "utf-8")
    district = load_district(tmp_path / "demo", Problems())
    assert within_grades(district, 1, 3).outlines is district.outlines


def test_an_unknown_region_is_refused_with_the_nearest(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    lost = feature({"name": "Nort"}, [square(116, 40)])
    (folder / OUTLINES_FILE).write_text(collection(lost), "utf-8")
    problems = Problems()
    assert load_district(folder, problems) is None
    (error,) = problems.errors
    assert error.code == "region-unknown" and "did you mean 'north'?" in error.text("en")


def test_faults_of_district_yaml_hide_none_of_the_outlines(tmp_path: Path) -> None:
    folder = write(tmp_path).parent / "demo"
    text = (folder / "district.yaml").read_text("utf-8")
    (folder / "district.yaml").write_text(text.replace("code: north", "kode: north"), "utf-8")
    line = feature({"region": "anywhere"}, [[1, 2]], "LineString")
    (folder / OUTLINES_FILE).write_text(collection(NORTH, line), "utf-8")
    problems = Problems()
    load_district(folder, problems)
    codes = {problem.code for problem in problems.errors}
    assert "outline-kind" in codes and "region-unknown" not in codes


# What costs much


HUGE: dict[str, Callable[[], object]] = {
    "features": lambda: [[]] * 2_600_000,
    "points": lambda: [feature({"region": "north"}, [[[1, 2]] * 300_000])],
    "rings": lambda: [feature({"region": "north"}, [square(1, 2)] * 60_000)],
    "metres": lambda: [feature({"region": "north"}, [square(1e6, 2)])] * 40_000,
    "names": lambda: [feature({"region": f"x{k}"}, [square(1, 2)]) for k in range(30_000)],
    "depth": lambda: json.loads("[" * 900 + "]" * 900),
}


@pytest.mark.slow
@pytest.mark.parametrize("what", HUGE)
def test_a_hostile_file_is_refused_in_seconds(what: str, tmp_path: Path) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": HUGE[what]()})
    begun = time.process_time()
    outlines, found = read(tmp_path, text)
    assert time.process_time() - begun < SECONDS
    assert outlines is None and 1 <= len(found) <= 101


def test_as_many_points_as_may_be_are_read(tmp_path: Path) -> None:
    angles = np.linspace(0, 2 * np.pi, MOST_POINTS - 20)
    ring = np.column_stack([116 + 0.1 * np.cos(angles), 40 + 0.1 * np.sin(angles)]).round(9)
    many = feature({"region": "north"}, [ring.tolist()])
    assert read(tmp_path, collection(many, SOUTH))[1] == []


# Places


@pytest.mark.parametrize("seed", seeds(range(5), range(50)))
def test_every_value_is_found_where_it_stands(seed: int, tmp_path: Path) -> None:
    """The text from a value's place on begins with that value."""
    luck = random.Random(seed)

    def value(depth: int) -> Any:
        kind = luck.randrange(6) if depth else luck.randrange(4)
        if kind == 4:
            return [value(depth - 1) for _ in range(luck.randrange(4))]
        if kind == 5:
            keys = luck.sample(["a", 'b"\\]{', "区域", "", ":,[", "e"], luck.randrange(4))
            return {key: value(depth - 1) for key in keys}
        return luck.choice([None, True, -1.5e-3, 12, "", '"[{', "北\n部", "\\"])

    root = [value(4) for _ in range(4)]
    text = json.dumps(root, ensure_ascii=luck.random() < 0.5, indent=luck.choice([None, 1]))
    path = tmp_path / "a.json"
    path.write_text(text, "utf-8")
    document, _ = read_json(path, Problems(), "a.json")
    ways = dict(walk(root))
    lines = text.split("\n")
    for way, at in document.places(ways).items():
        rest = "\n".join([lines[at.line - 1][at.column - 1 :], *lines[at.line :]])
        assert json.JSONDecoder().raw_decode(rest)[0] == ways[way]


def walk(value: Any, way: tuple[str | int, ...] = ()):
    yield way, value
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from walk(part, (*way, key))
