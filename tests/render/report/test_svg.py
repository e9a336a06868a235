"""Charts in a page: real text, no style, names of their own, figures on hover."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from functools import cache
from xml.etree import ElementTree

import pytest
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.text import Text

from capacity.base import number
from capacity.render.charts import KINDS, styled, tell, told_of
from capacity.render.report.svg import svg_of
from capacity.results import column, years_of
from tests.render.charts.test_kinds import draw, world

ALLOWED = {
    *("svg", "g", "defs", "path", "rect", "use", "text", "tspan"),
    *("clipPath", "pattern", "image", "title"),
}


def drawn(text: str, told: str = "") -> Axes:
    """Give a chart of one text."""
    with styled(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        axes = Figure(figsize=(4, 2)).add_axes((0.1, 0.2, 0.8, 0.6))
        axes.plot([0, 1], [0, 2], "o-")
        axes.text(0.5, 1, text)
        axes.bar([0, 1], [1, 2], hatch="////")
    tell(axes, (0, 1, 0, 2), told or text)
    return axes


def walk(text: str) -> Iterator[ElementTree.Element]:
    return ElementTree.fromstring(text).iter()


@cache
def chart(kind: str) -> Axes:
    """Give the chart of a kind; no other test looks at it, since saving it writes its ticks."""
    axes: Axes = draw(kind, *world())
    return axes


@cache
def shown(kind: str) -> str:
    """Give the chart of a kind as a page has it."""
    return svg_of(chart(kind), "one", "what it shows")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_made_of_shapes_and_text_alone(kind: str) -> None:
    text = shown(kind)
    names = {one.tag for one in walk(text)}
    assert names <= ALLOWED and {"svg", "path", "text"} <= names
    for one in walk(text):
        assert not {"style", "class"} & one.attrib.keys() or one.attrib["class"] in (
            "chart",
            "told",
        )
        assert one.attrib.get("id", "one-").startswith("one-")
    root = ElementTree.fromstring(text)
    assert root.attrib["aria-label"] == "what it shows" and "viewBox" in root.attrib
    assert "http" not in re.sub(r'xmlns="[^"]*"', "", text)


@pytest.mark.parametrize("kind", KINDS)
def test_every_text_of_a_chart_is_text_in_the_page(kind: str) -> None:
    axes = chart(kind)
    written = {one.text for one in walk(shown(kind)) if one.tag == "text"}
    texts = [one for one in axes.findobj(Text) if one.get_visible() and one.get_text()]
    lines = {line for one in texts for line in one.get_text().split("\n") if line}
    assert written <= lines
    inside = {line for line in lines if re.search(r"[^\W\d_]{3}", line)}  # ticks may lie beyond
    assert inside <= written


def test_what_is_referred_to_is_there_under_a_name_of_its_own() -> None:
    for name in ("a", "b-2"):
        text = svg_of(drawn("x"), name)
        ids = {one.attrib["id"] for one in walk(text) if "id" in one.attrib}
        referred = set(re.findall(r"url\(#([^)]+)\)", text)) | set(
            re.findall(r'href="#([^"]+)"', text)
        )
        assert referred == ids and all(one.startswith(f"{name}-") for one in ids)


def test_colours_and_lines_stay() -> None:
    text = svg_of(drawn("x"), "a")
    assert 'fill="#' in text and 'stroke="#' in text and "stroke-width" in text


def test_a_part_tells_its_text_where_it_is() -> None:
    axes = drawn("x", "2025\na < b & c")
    (box, said), *others = told_of(axes.get_figure(root=True))
    assert said == "2025\na < b & c" and not others
    left, right = axes.get_xlim()
    wide = 0.8 * 4 * 72
    x, y, width, height = box
    assert x == pytest.approx(0.1 * 4 * 72 + (0 - left) / (right - left) * wide)
    assert width == pytest.approx(wide / (right - left))
    bottom, top = axes.get_ylim()
    assert y + height == pytest.approx(
        2 * 72 * (1 - 0.2) - (0 - bottom) / (top - bottom) * 0.6 * 144
    )
    (rect,) = (one for one in walk(svg_of(axes, "a")) if one.attrib.get("class") == "told")
    assert rect.find("title").text == said  # type: ignore[union-attr]


@pytest.mark.parametrize("kind", ["trend", "supply", "fan", "heatmap"])
def test_what_is_told_are_the_figures_of_the_frame(kind: str) -> None:
    labels, frames = world()
    frame = frames["results"]
    said = [text for _, text in told_of(draw(kind, labels, frames).get_figure(root=True))]
    years = years_of(frame)
    assert len(said) % len(years) == 0 and len(said) >= 3 * len(years)
    levels = [level.code for level in labels.levels]
    known = {
        number(value)
        for name in ("demand", "places", "shortage", "gap_p10", "shortage_p10")
        for (year, region, level), value in column(frame, name).items()
        if year == years[3] and (kind in ("trend", "heatmap") or region == "all")
        if kind == "trend" or level in (*levels, "all")
    }
    own = [text for text in said if str(years[3]) in text.split("\n")[0]]
    assert len(own) == len(said) / len(years)
    if kind == "trend":
        known |= {
            number(sum(column(frame, name)[years[3], code, level] for level in levels[:2]))
            for code in [region.code for region in labels.regions]
            for name in ("demand", "places")
        }
    for text in own:
        _, first, *_ = text.split("\n")
        assert first.rsplit(" ", 1)[1].replace("+", "").replace("−", "-") in known, text


def test_pictures_tell_nothing() -> None:
    """What is told is kept beside the artists: a PNG is the same with and without."""
    plain, telling = drawn("x"), drawn("x", "something else")
    pictures = []
    for axes in (plain, telling):
        with styled():
            canvas = FigureCanvasAgg(axes.get_figure(root=True))
            canvas.draw()
            pictures.append(bytes(canvas.buffer_rgba()))
    assert pictures[0] == pictures[1]
