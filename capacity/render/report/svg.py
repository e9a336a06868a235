"""A chart as SVG that stands in a page: real text, no style of its own, values on hover.

What matplotlib writes is read and written anew: only what a chart is made of, with presentation
attributes in place of styles, which a content-security policy would refuse, and names that no other
chart of the page has. Colours stay as they are: the page's style knows the neutral ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from capacity.render.html import clean

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

#: What a chart is made of; anything else is left out with all that is in it.
_MADE_OF = frozenset(
    ("svg", "g", "defs", "path", "rect", "use", "text", "tspan", "clipPath", "pattern", "image")
)
#: What says how something looks; the rest of a style is the page's.
_LOOKS = frozenset(
    ("fill", "stroke", "opacity", "font-size", "font-weight", "text-anchor", "fill-rule")
) | {
    *(f"fill-{name}" for name in ("opacity",)),
    *(f"stroke-{name}" for name in ("width", "opacity", "dasharray", "linejoin", "linecap")),
}
#: What says where it is.
_PLACES = frozenset(
    ("x", "y", "width", "height", "d", "transform", "viewBox", "patternUnits", "href", "clip-path")
)
_NUMBER = re.compile(r"(?<!\d)-?\d++\.\d+")
#: A reference to another part, alone or of a style.
_LINK = re.compile(r"(?<=url\(#)([\w.-]+)(?=\))|(?<=^#)([\w.-]+)$")
#: A turn by nothing.
_STILL = re.compile(r"rotate\(-?0(?: .*)?\)")


def svg_of(chart: object, name: str, shows: str = "") -> str:
    """Return a chart as an SVG element.

    Parameters
    ----------
    chart : Axes or Figure
        Axes, of which the whole figure is taken, or a figure.
    name
        Begins the id of every part: no other chart of the page may have it.
    shows
        What the picture shows, for those who do not see it.
    """
    figure = _figure(chart)
    root = ElementTree.fromstring(_drawn(figure))
    whole = "".join(_written(root, name, _linked(root), clean(shows)))
    return whole.removesuffix("</svg>") + "".join(_told(figure)) + "</svg>"


def _figure(chart: object) -> Any:
    from matplotlib.axes import Axes

    return chart.get_figure(root=True) if isinstance(chart, Axes) else chart


def _told(figure: Any) -> Iterator[str]:
    """Yield what lies over a chart unseen and tells its figures."""
    from capacity.render.charts.told import told_of

    for box, text in told_of(figure):
        x, y, wide, high = (f"{length:.1f}" for length in box)
        title = f"<title>{escape(clean(text), quote=False)}</title>"
        yield f'<rect class="told" x="{x}" y="{y}" width="{wide}" height="{high}">{title}</rect>'


def _drawn(figure: Any) -> str:
    from capacity.render.charts.style import styled

    stream = BytesIO()
    with styled():
        figure.savefig(stream, format="svg", metadata={"Date": None})
    return clean(stream.getvalue().decode("utf-8"))


def _linked(root: Element) -> frozenset[str]:
    """Return the names that anything refers to; all others go."""
    return frozenset(
        found[0]
        for element in root.iter()
        for value in element.attrib.values()
        for found in _LINK.finditer(value)
    )


def _written(element: Element, name: str, linked: frozenset[str], shows: str) -> Iterator[str]:
    tag = _local(element.tag)
    if tag not in _MADE_OF:
        return
    attributes = dict(_attributes(element, name, linked))
    if tag == "svg":
        attributes |= {"class": "chart", "role": "img", "stroke-linejoin": "round"}
        attributes |= {"aria-label": shows} if shows else {}
        attributes.pop("width", None), attributes.pop("height", None)
    inner = "".join(part for child in element for part in _written(child, name, linked, ""))
    text = element.text if tag in ("text", "tspan") else ""
    if tag in ("g", "defs") and not inner:
        return
    if tag == "g" and not attributes:  # says nothing of what is in it
        yield inner
        return
    said = "".join(f' {key}="{escape(value)}"' for key, value in attributes.items())
    yield f"<{tag}{said}>{escape(text or '', quote=False)}{inner}</{tag}>"


def _attributes(element: Element, name: str, linked: frozenset[str]) -> Iterator[tuple[str, str]]:
    """Yield the attributes that stay, those of a style among them."""
    for key, value in element.attrib.items():
        local = _local(key)
        if local == "id" and value in linked:
            yield "id", f"{name}-{value}"
        elif local == "style":
            yield from _looks(value, name)
        elif local in _PLACES and not (local == "transform" and _STILL.fullmatch(value)):
            yield local, _shorter(_LINK.sub(rf"{name}-\g<0>", value), local)
        elif local in _LOOKS:
            yield local, value


def _looks(style: str, name: str) -> Iterator[tuple[str, str]]:
    for part in style.split(";"):
        key, _, value = part.partition(":")
        if (key := key.strip()) in _LOOKS:
            value = value.strip()
            yield key, value if value.startswith("#") else _LINK.sub(rf"{name}-\g<0>", value)


def _shorter(value: str, key: str) -> str:
    """Return a place to a hundredth of a point, without spaces that mean nothing."""
    text = _NUMBER.sub(lambda found: f"{float(found[0]):.2f}".rstrip("0").rstrip("."), value)
    return re.sub(r" ?([A-Za-z]) ?", r"\1", " ".join(text.split())) if key == "d" else text


def _local(name: str) -> str:
    """Return a name without its namespace."""
    return name.rpartition("}")[2]
