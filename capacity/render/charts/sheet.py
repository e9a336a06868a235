"""A chart as a sheet: axes measured in inches from the top left, between its head and its foot."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from capacity.base.words import cut, width, word
from capacity.render.charts import style
from capacity.results.labels import ALL, Labels, named, said

SIDE, BOTTOM = 0.25, 0.8  # inches beside and under the sheet
#: Inches of a sheet, at least: as wide as its head.
LEAST = 9.0
#: Terminal columns of a region's name at most.
NAME = 28
#: All regions up to so many; of more, the worst `WORST` of each level.
ALL_SHOWN, WORST = 20, 12
#: Left, top, width and height in inches.
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Around:
    """What stands above and below a sheet."""

    title: str
    headline: str
    notes: list[str]


@contextmanager
def sheet(
    ax: Axes | None, size: tuple[float, float], around: Around, labels: Labels, lang: str
) -> Iterator[Axes]:
    """Give axes to draw on, in our style; head and foot are written at the end.

    Parameters
    ----------
    ax
        Axes to draw on; None makes a figure of the size.
    size
        Width and height of what is drawn, in inches: x goes to the right, y down.
    around
    labels
    lang
    """
    inches, height = size
    head = (around.title, around.headline)
    with style.styled():
        host = ax
        if host is None:
            top = style.head_height(*head, inches=inches)
            full = (inches + 2 * SIDE, height + BOTTOM + top)
            host = style.canvas(*full, (SIDE, BOTTOM, SIDE, top))
        style.bare(host)
        host.set_xlim(0, inches)
        host.set_ylim(height, 0)
        yield host
        style.head(host, *head, inches=inches)
        style.foot(host, around.notes, labels, lang, inches=inches)
        if ax is not None:
            style.fit(host, inches)


def cell_width(left: float, count: int, least: float) -> float:
    """Give the inches of a column, wide enough that ``count`` of them fill a sheet."""
    return min(max(least, (LEAST - left) / count), 2 * least)


def lead(labels: Labels, lang: str, region: str = ALL) -> str:
    """Give the words that a headline begins with: which district or region, which scenario."""
    names = [labels.region_name(region, lang), said(labels.title, lang, labels.scenario)]
    return word("nouns.comma", lang).join(names) + word("nouns.colon", lang)


def paint(ax: Axes, boxes: Sequence[Box], colours: Sequence[str], **how: Any) -> None:
    """Draw cells side by side, with a thin white line between them."""
    shapes = [Rectangle(box[:2], *box[2:]) for box in boxes]
    facts: dict[str, Any] = {
        "facecolor": list(colours),
        "edgecolor": "white",
        "linewidth": 0.8,
    } | how
    if shapes:
        ax.add_collection(PatchCollection(shapes, **facts), autolim=False)


def name_inches(labels: Labels, codes: Sequence[str], lang: str) -> float:
    """Give the width of a column of the names of levels and regions."""
    names = [cut(labels.region_name(code, lang), NAME) for code in (*codes, ALL)]
    levels = [cut(labels.level_name(level.code, lang), NAME) for level in labels.levels]
    wide = max(9.5 * max(map(width, names)), 11 * max(map(width, levels)))
    return 0.2 + style.COLUMN * wide


def chosen(labels: Labels, worst: Callable[[str], float]) -> tuple[str, ...]:
    """Give the regions to show: all in their order, or the `WORST`; those of nan come last."""
    codes = [region.code for region in labels.leaves]
    if len(codes) <= ALL_SHOWN:
        return tuple(codes)
    sizes = {code: worst(code) for code in codes}
    ranks = {code: -math.inf if math.isnan(sizes[code]) else sizes[code] for code in codes}
    return tuple(sorted(codes, key=lambda code: (-ranks[code], code))[:WORST])


def pooled_names(labels: Labels, lang: str) -> str:
    """Name the pooled levels in a list; nothing where there are none."""
    pooled = [labels.level_name(level.code, lang) for level in labels.levels if level.pooled]
    return word("nouns.list", lang).join(pooled)


def missing_places(labels: Labels, values: Mapping[tuple[str, str], float], lang: str) -> list[str]:
    """Say of which cells (region, level) the places are not known; nothing where all are."""
    cells = [cell for cell in labels.counted if math.isnan(values.get(cell, math.nan))]
    return [word("sentences.no_places", lang, cells=named(cells, labels, lang))] if cells else []


def mix(one: str, other: str, share: float) -> str:
    """Mix two colours: 0 gives the first, 1 the second."""
    share = min(max(share, 0.0), 1.0)
    pairs = ((int(c[k : k + 2], 16) for c in (one, other)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def ink(colour: str) -> str:
    """Give the text colour, black or white, that stands out more from a colour: 4.5 : 1 or more."""
    white, black = "#FFFFFF", "#000000"
    return max((black, white), key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """Give the contrast of two colours as WCAG 2 defines it: 1 for the same, at most 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    light = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92 for c in light)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
