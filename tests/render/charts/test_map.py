"""The map: what is read back from it stands in the tables, and areas are as on the globe."""

from __future__ import annotations

import dataclasses
import math
from functools import cache
from itertools import pairwise

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import PathPatch

from capacity.inputs.districts import Outlines
from capacity.render.charts import (
    DEPTHS,
    IDLE,
    SHORT,
    STEPS,
    area,
    colour_of,
    contrast,
    equal_area,
    inside,
    map_chart,
    mix,
    shapes_of,
    text_colour,
    wound,
)
from capacity.results import column
from tests.render.frames import make_frame, make_labels, nested

YEAR = 2025


def box(x: float, y: float, wide: float = 0.1, tall: float = 0.1, points: int = 1) -> np.ndarray:
    """Return a ring along meridians and parallels, each side of so many parts."""
    corners = [(x, y), (x + wide, y), (x + wide, y + tall), (x, y + tall), (x, y)]
    sides = [np.linspace(a, b, points, endpoint=False) for a, b in pairwise(corners)]
    return np.vstack([*sides, corners[:1]])


def grid(labels, columns: int, side: float = 0.1, **changes):
    """Return labels with an outline of each leaf: squares in rows."""
    of = {
        region.code: ((box(116 + side * (k % columns), 40 - side * (k // columns), side, side),),)
        for k, region in enumerate(labels.leaves)
    }
    return dataclasses.replace(labels, outlines=Outlines(of | changes.pop("more", {}), **changes))


LABELS = make_labels()
FRAME = make_frame(LABELS)
SHAPES = {"tiles": LABELS, "outlines": grid(LABELS, 2)}


@cache
def drawn(shape: str = "outlines", lang: str = "en", year: int = YEAR):
    return map_chart(FRAME, SHAPES[shape], year=year, lang=lang)


def patches(ax) -> dict[tuple[str, str], PathPatch]:
    """Return what is painted of each region and level."""
    found = [patch for patch in ax.findobj(PathPatch) if " " in str(patch.get_label())]
    made = {tuple(patch.get_label().split(" ")): patch for patch in found}
    assert len(made) == len(found)
    return made


@cache
def written(ax) -> list[tuple[float, float, str]]:
    """Return every text on the maps with its middle, in inches."""
    figure = ax.get_figure(root=True)
    figure.draw_without_rendering()
    back, found = ax.transData.inverted(), []
    for text in ax.texts:
        if text.get_transform().contains_branch(ax.transData):
            extent = text.get_window_extent().transformed(back)
            found.append((*((extent.min + extent.max) / 2), text.get_text()))
    return found


def figures_in(ax, patch: PathPatch) -> list[str]:
    """Return the texts that stand in a region."""
    path = patch.get_path()
    return [text for x, y, text in written(ax) if path.contains_point((x, y))]


def signed(value: float) -> str:
    return f"{round(value):+,}".replace("-", "−") if round(value) else "0"


# The plane


@pytest.mark.parametrize("at", [(116.05, 39.9), (-0.1, 51.4), (151.0, -34.0), (25.0, 78.0)])
@pytest.mark.parametrize("side", [0.01, 0.3, 3.0])
def test_areas_are_those_of_the_sphere(at: tuple[float, float], side: float) -> None:
    x, y = at
    flat = equal_area(box(x, y, side, side, points=60), (x + 0.4 * side, y + 0.7 * side))
    south, north = np.radians(y), np.radians(y + side)
    sphere = np.radians(side) * (math.sin(north) - math.sin(south))
    assert area(flat) == pytest.approx(sphere, rel=1e-3)


def test_north_is_up_and_east_is_right_and_near_shapes_are_kept() -> None:
    right, up = equal_area(np.array([[116.2, 40.0], [116.1, 40.1]]), (116.1, 40.0))
    assert right[0] > 0 and abs(right[1]) < 1e-3 * right[0]
    assert up[1] > 0 and abs(up[0]) < 1e-9
    assert right[0] / up[1] == pytest.approx(math.cos(math.radians(40)), rel=1e-3)


def test_the_antipode_breaks_nothing() -> None:
    assert np.isfinite(equal_area(np.array([[-64.0, -40.0], [116.0, 40.0]]), (116.0, 40.0))).all()


def test_a_point_in_a_hole_is_not_inside_and_an_island_in_it_is() -> None:
    holed = (box(0, 0, 10, 10), box(2, 2, 6, 6))
    points = np.array([[1.0, 1.0], [3.0, 3.0], [4.5, 4.5], [11.0, 5.0]])
    assert inside(points, [holed]).tolist() == [True, False, False, False]
    island = (box(4, 4, 1, 1),)
    assert inside(points, [holed, island]).tolist() == [True, False, True, False]


def test_holes_go_the_other_way_round_however_they_are_written() -> None:
    outer, inner = box(0, 0, 10, 10), box(2, 2, 6, 6)
    for one in (outer, outer[::-1]):
        for other in (inner, inner[::-1]):
            first, second = wound((one, other))
            assert area(first) > 0 > area(second)


# What is painted


def test_a_hole_is_not_filled_and_parts_are() -> None:
    """By the pixels: the region itself, its hole, the island in it, and between its parts."""
    label = make_labels(1, pooled=False)
    label = dataclasses.replace(label, levels=label.levels[:1])
    frame, (region,) = make_frame(label), label.leaves
    holed = (box(116, 40, 0.5, 0.5), box(116.1, 40.1, 0.3, 0.3)[::-1])
    parts = (holed, (box(116.2, 40.2, 0.1, 0.1),), (box(116.7, 40, 0.3, 0.5),))
    label = dataclasses.replace(label, outlines=Outlines({region.code: parts}))
    ax = map_chart(frame, label, year=YEAR)
    for text in ax.texts:
        text.set_visible(False)
    (patch,) = patches(ax).values()
    extents = patch.get_path().get_extents()

    def colour(x: float, y: float) -> str:
        """Return the colour at shares of the map, from the left and from the top."""
        point = extents.x0 + x * extents.width, extents.y0 + y * extents.height
        across, up = ax.transData.transform(point)
        return mpl.colors.to_hex(pixels[int(len(pixels) - up), int(across)] / 255)

    canvas = FigureCanvasAgg(ax.get_figure(root=True))
    canvas.draw()
    pixels = np.asarray(canvas.buffer_rgba())
    fill = mpl.colors.to_hex(patch.get_facecolor())
    assert fill != "#ffffff"
    assert colour(0.05, 0.5) == colour(0.25, 0.5) == colour(0.85, 0.5) == fill
    assert colour(0.15, 0.5) == colour(0.6, 0.5) == "#ffffff"


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("year", [2022, YEAR])
def test_every_figure_and_colour_is_that_of_the_table(shape: str, year: int) -> None:
    ax = drawn(shape, year=year)
    gap, places = (column(FRAME, name, year=year) for name in ("gap", "places"))
    painted = patches(ax)
    assert len(painted) == 5 * 4
    for region in LABELS.regions:
        for level in ("primary", "middle"):
            cell, patch = (year, region.code, level), painted[region.code, level]
            assert figures_in(ax, patch) == [region.title["en"], signed(gap[cell])]
            expected = colour_of(gap[cell] / places[cell]).lower()
            assert mpl.colors.to_hex(patch.get_facecolor()) == expected


@pytest.mark.parametrize("shape", SHAPES)
def test_all_levels_are_what_is_short_and_what_is_idle_and_never_set_off(shape: str) -> None:
    ax = drawn(shape)
    short, idle, places = (column(FRAME, n, year=YEAR) for n in ("shortage", "surplus", "places"))
    for region in LABELS.regions:
        cell, patch = (YEAR, region.code, "all"), patches(ax)[region.code, "all"]
        parts = [signed(n) for n in (short[cell], -idle[cell]) if round(n)]
        assert figures_in(ax, patch) == [region.title["en"], "\n".join(parts) or "0"]
        own = sum(places[YEAR, region.code, level] for level in ("primary", "middle"))
        most = short[cell] if round(short[cell]) else -idle[cell]
        assert mpl.colors.to_hex(patch.get_facecolor()) == colour_of(most / own).lower()


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_map_has_the_districts_figures_above_it(lang: str) -> None:
    texts = [text for _, _, text in written(drawn(lang=lang))]
    short, idle = (column(FRAME, name, year=YEAR) for name in ("shortage", "surplus"))
    for level, name in (
        ("primary", "小学"),
        ("middle", "初中"),
        ("high", "高中"),
        ("all", "各学段合计"),
    ):
        cell = YEAR, "all", level
        head = name if lang == "zh" else {"all": "All levels"}.get(level, level.capitalize())
        after = texts[texts.index(head) + 1]
        for value, word in ((short[cell], "缺"), (idle[cell], "富余")):
            said = f"{word} {value:,.0f}" if lang == "zh" else f"{value:,.0f} {_EN[word]}"
            assert (said in after) == (round(value) > 0)


_EN = {"缺": "short", "富余": "idle"}


def test_a_level_that_all_share_is_hatched_without_figures() -> None:
    ax = drawn()
    for region in LABELS.regions:
        patch = patches(ax)[region.code, "high"]
        assert patch.get_hatch() and figures_in(ax, patch) == []
    keyed = [text.get_text() for text in ax.get_legend().get_texts()]
    assert "serves more than its region" in keyed


def test_unknown_places_are_no_data_and_hatched_otherwise() -> None:
    frame = make_frame(LABELS, missing=[("west", "middle")])
    ax = map_chart(frame, SHAPES["outlines"], year=YEAR)
    patch = patches(ax)["west", "middle"]
    assert figures_in(ax, patch) == ["West", "no data"]
    assert patch.get_hatch() != patches(ax)["west", "high"].get_hatch()
    assert any("no data on places: West middle" in text.get_text() for text in ax.texts)


def test_lower_bounds_are_marked_and_told() -> None:
    frame = make_frame(LABELS, full=[("north", "primary")])
    ax = map_chart(frame, SHAPES["tiles"], year=YEAR)
    name, figure = figures_in(ax, patches(ax)["north", "primary"])
    assert name == "North" and figure.startswith("≥ ")
    assert any("demand is a lower bound" in text.get_text() for text in ax.texts)


def test_without_any_places_it_shows_demand() -> None:
    every = [(region.code, level.code) for region in LABELS.regions for level in LABELS.levels]
    frame = make_frame(LABELS, missing=every)
    ax = map_chart(frame, SHAPES["outlines"], year=YEAR)
    demand = column(frame, "demand", year=YEAR)
    for (region, level), patch in patches(ax).items():
        if level != "all":
            assert figures_in(ax, patch)[1] == f"{demand[YEAR, region, level]:,.0f}"
    assert "no places are known" in ax.get_title(loc="left").replace("\n", " ")


# Colours


def test_steps_have_one_colour_each_darker_the_farther_and_by_sign() -> None:
    for sign, full in ((1, SHORT), (-1, IDLE)):
        shades = [colour_of(sign * (step + 0.01)) for step in STEPS]
        assert shades == [mix("#FFFFFF", full, depth) for depth in DEPTHS]
        light = [contrast("#FFFFFF", shade) for shade in shades]
        assert all(one < other - 0.1 for one, other in pairwise(light))
    assert colour_of(math.inf) == SHORT and colour_of(-math.inf) == IDLE
    assert colour_of(0.1) == colour_of(0.19) != colour_of(0.0999)


def test_names_stand_out_from_every_colour() -> None:
    shades = [colour_of(sign * step) for step in STEPS for sign in (1, -1)]
    assert min(contrast(text_colour(shade), shade) for shade in shades) >= 4.5


@pytest.mark.parametrize("shape", SHAPES)
def test_years_can_be_leafed_through(shape: str) -> None:
    """The same shapes in the same places, and the same colours with the same meaning."""
    one, other = drawn(shape, year=2022), drawn(shape)
    for pair, patch in patches(one).items():
        np.testing.assert_array_equal(
            patch.get_path().vertices, patches(other)[pair].get_path().vertices
        )
    keys = [
        [
            (t.get_text(), p.get_facecolor())
            for t, p in zip(k.get_texts(), k.get_patches(), strict=True)
        ]
        for k in (one.get_legend(), other.get_legend())
    ]
    assert keys[0] == keys[1]


# Where regions are


def test_outlines_keep_their_shape_and_tiles_their_cells() -> None:
    for shape, places in (
        (
            "tiles",
            {"north": (0, 1), "central": (1, 1), "south": (2, 1), "east": (1, 2), "west": (1, 0)},
        ),
        (
            "outlines",
            {"north": (0, 0), "central": (0, 1), "south": (1, 0), "east": (1, 1), "west": (2, 0)},
        ),
    ):
        middles = {
            code: np.mean([ring[:-1].mean(axis=0) for ring in polygons[0]], axis=0)
            for code, polygons in shapes_of(SHAPES[shape]).of.items()
        }
        for code, (row, col) in places.items():
            for other, (row2, col2) in places.items():
                (x, y), (x2, y2) = middles[code], middles[other]
                assert (x2 > x + 0.1) == (col2 > col)
                assert (y2 > y + 0.1) == (row2 > row)


@pytest.mark.parametrize("regions", [1, 7, 17, 150])
def test_tiles_without_cells_are_side_by_side_and_apart(regions: int) -> None:
    shapes = shapes_of(make_labels(regions))
    assert len(shapes.of) == regions and shapes.kind == "packed"
    boxes = np.array([[*r.min(axis=0), *r.max(axis=0)] for ((r,),) in shapes.of.values()])
    low, high = boxes[:, None, :2], boxes[:, None, 2:]
    shared = np.minimum(high, high.swapaxes(0, 1)) - np.maximum(low, low.swapaxes(0, 1))
    assert not np.triu((shared > 0).all(axis=2), k=1).any()
    assert (boxes[:, 2:] <= shapes.size).all()


def test_regions_that_lie_in_one_share_its_tile() -> None:
    labels = nested(make_labels(5), 1, 2)
    tops = [dataclasses.replace(r, cell=(k, 0)) for k, r in enumerate(labels.tops)]
    inner = [region for region in labels.regions if region.within]
    labels = dataclasses.replace(labels, regions=(*tops, *inner))
    shapes = shapes_of(labels)
    assert shapes.kind == "cells" and set(shapes.of) == {leaf.code for leaf in labels.leaves}
    tall = shapes.size[1] / len(tops)
    rows = {code: ring[0, 1] // tall for code, ((ring,),) in shapes.of.items()}
    assert rows["north"] == rows["central"] == 0 and sorted(rows.values()) == [0, 0, 1, 2, 3]


def test_a_region_is_the_sum_of_those_in_it_where_it_alone_has_an_outline() -> None:
    labels = nested(make_labels(5, pooled=False), 1, 2)
    frame = make_frame(labels)
    outlined = grid(labels, 2, more={"park0": ((box(116, 40.1, 0.2, 0.1),),)}).outlines
    alone = {code: of for code, of in outlined.regions.items() if code not in ("north", "central")}
    ax = map_chart(frame, dataclasses.replace(labels, outlines=Outlines(alone)), year=YEAR)
    gap = column(frame, "gap", year=YEAR)
    parts = sum(gap[YEAR, code, "primary"] for code in ("north", "central"))
    assert figures_in(ax, patches(ax)["park0", "primary"]) == ["Park 0", signed(parts)]
    assert any("with others in it the net gap" in text.get_text() for text in ax.texts)
    # where its parts have outlines of their own, it is a line around them
    shapes = shapes_of(dataclasses.replace(labels, outlines=outlined))
    assert "park0" not in shapes.of and len(shapes.around) == 1 and not shapes.missing


@pytest.mark.parametrize("lang, said", [("en", "Outlines schematic"), ("zh", "轮廓为示意")])
def test_schematic_outlines_say_so_at_the_foot(lang: str, said: str) -> None:
    for schematic in (True, False):
        labels = grid(LABELS, 2, schematic=schematic)
        texts = map_chart(FRAME, labels, year=YEAR, lang=lang).texts
        assert any(said in text.get_text() for text in texts) == schematic


def test_regions_without_an_outline_are_named_at_the_foot() -> None:
    some = grid(LABELS, 2).outlines.regions
    kept = {code: of for code, of in some.items() if code not in ("east", "west")}
    ax = map_chart(FRAME, dataclasses.replace(LABELS, outlines=Outlines(kept)), year=YEAR)
    assert {region for region, _ in patches(ax)} == set(kept)
    assert any("o outline of East, West" in text.get_text() for text in ax.texts)
    none = dataclasses.replace(LABELS, outlines=Outlines({}))
    assert shapes_of(none).kind == "cells"


# Where there is little room


def test_small_regions_are_named_beside_the_map_with_a_line_into_them() -> None:
    labels = make_labels(17, pooled=False)
    labels = dataclasses.replace(grid(labels, 17), levels=labels.levels[:1])
    frame = make_frame(labels)
    ax = map_chart(frame, labels, year=YEAR)
    gap = column(frame, "gap", year=YEAR)
    beside = {text: x for x, _, text in written(ax) if "  " in text}
    ends = [line.get_xydata()[1] for line in ax.lines]
    assert beside and len(beside) == len(ends)
    for region in labels.regions:
        patch, figure = (
            patches(ax)[region.code, "primary"],
            signed(gap[YEAR, region.code, "primary"]),
        )
        name = region.title["en"]
        if f"{name}  {figure}" in beside:
            assert figures_in(ax, patch) == []
            assert sum(patch.get_path().contains_point(end) for end in ends) == 1
        else:
            assert figures_in(ax, patch) == [name, figure]
    extents = [patch.get_path().get_extents() for patch in patches(ax).values()]
    left, right = min(one.x0 for one in extents), max(one.x1 for one in extents)
    assert all(x < left or x > right for x in beside.values())


def test_of_many_without_room_the_greatest_gaps_are_named() -> None:
    labels = make_labels(60, pooled=False)
    labels = dataclasses.replace(grid(labels, 30), levels=labels.levels[:1])
    frame = make_frame(labels)
    ax = map_chart(frame, labels, year=YEAR)
    gap = column(frame, "gap", year=YEAR)
    named = {text.split("  ")[0] for _, _, text in written(ax) if "  " in text}
    sizes = {r.title["en"]: abs(gap[YEAR, r.code, "primary"]) for r in labels.regions}
    top = sorted(sizes, key=sizes.__getitem__)[-len(named) :]
    assert 10 <= len(named) <= 20 and named == set(top)
    assert any("only the greatest gaps are written" in text.get_text() for text in ax.texts)


def test_a_year_that_was_not_run_is_refused() -> None:
    with pytest.raises(ValueError, match="2050"):
        map_chart(FRAME, LABELS, year=2050)
