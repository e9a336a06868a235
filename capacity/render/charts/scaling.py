"""A chart on axes of somebody else's: in the place that these had, as large as fits there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection
from matplotlib.lines import Line2D
from matplotlib.offsetbox import DrawingArea, OffsetBox, PackerBase
from matplotlib.patches import Patch
from matplotlib.text import Annotation, Text
from matplotlib.transforms import Affine2D, Bbox

MARGIN = 0.06  # inches beside and under a chart in its place
#: Points of a panel's ticks where it does not say otherwise.
TICKS: dict[str, float] = {"labelsize": 8.0, "length": 2.5, "pad": 3.5, "width": 0.8}


@dataclass(frozen=True)
class Within:
    """Where given axes stand: inside the place that they had, with room for what is around them.

    Attributes
    ----------
    before
        What placed them so far; None where nothing did.
    box : tuple of float
        Left, bottom, width and height, as shares of that place.
    """

    before: Any
    box: tuple[float, float, float, float]

    def __call__(self, ax: Any, renderer: Any) -> Bbox:
        """Return where the axes are, as shares of their figure."""
        whole = place_of(ax, self.before, renderer)
        left, bottom, wide, high = self.box
        x, y = whole.x0 + left * whole.width, whole.y0 + bottom * whole.height
        return Bbox.from_bounds(x, y, wide * whole.width, high * whole.height)


def fit(ax: Axes, size: tuple[float, float], around: tuple[float, float]) -> float:
    """Put given axes inside the place that they have, and return by how much points shrink there.

    Parameters
    ----------
    ax
        Drawn on again, they begin with the same place.
    size
        Width and height of what is drawn on them, in inches, at its natural size.
    around
        Inches above and below that.

    Returns
    -------
    float
        1 where there is room for the natural size or more.
    """
    now = ax.get_axes_locator()
    before = now.before if isinstance(now, Within) else now
    wide, high = size[0] + 2 * MARGIN, size[1] + sum(around)
    shares = (MARGIN / wide, around[1] / high, size[0] / wide, size[1] / high)
    locator = Within(before, shares)
    ax.set_axes_locator(locator)
    ax.apply_aspect(locator(ax, None))
    figure = ax.get_figure(root=False)
    assert figure is not None
    pixels, dpi = place_of(ax, before, None).transformed(figure.transSubfigure), dpi_of(ax)
    return float(min(1.0, pixels.width / dpi / wide, pixels.height / dpi / high))


def dpi_of(ax: Axes) -> float:
    """Return the pixels of an inch on the figure of axes."""
    figure = ax.get_figure(root=True)
    assert figure is not None
    return float(figure.dpi)


def place_of(ax: Axes, locator: Any, renderer: Any) -> Bbox:
    """Return the place of axes as shares of their figure."""
    return ax.get_position(original=True) if locator is None else locator(ax, renderer)


def shrink(ax: Axes, share: float) -> None:
    """Shrink all that is measured in points: text, lines, marks, ticks, titles, legends."""
    for each in (ax, *ax.child_axes):
        assert isinstance(each, Axes)
        _shrink_title(each, share)
        if (legend := each.get_legend()) is not None:
            legend.borderaxespad *= share
            for part in legend.get_children():
                if isinstance(part, OffsetBox):
                    _shrink_box(part, share)
    for artist in ax.findobj(include_self=False):
        _shrink(artist, share)
    for each in (ax, *ax.child_axes):
        _shrink_ticks(each, share)  # last: what of them is there already has the size told here


def _shrink(artist: Artist, share: float) -> None:
    if isinstance(artist, Text):
        artist.set_fontsize(float(artist.get_fontsize()) * share)
        if isinstance(artist, Annotation) and artist.anncoords == "offset points":
            artist.xyann = (artist.xyann[0] * share, artist.xyann[1] * share)
    elif isinstance(artist, Line2D):
        artist.set_linewidth(artist.get_linewidth() * share)
        artist.set_markersize(artist.get_markersize() * share)
        artist.set_markeredgewidth(artist.get_markeredgewidth() * share)
    elif isinstance(artist, Patch):
        artist.set_linewidth(artist.get_linewidth() * share)
    elif isinstance(artist, Collection):
        artist.set_linewidth(
            [float(wide) * share for wide in np.atleast_1d(artist.get_linewidth())]
        )
        if isinstance(artist, PathCollection):
            artist.set_sizes(artist.get_sizes() * share**2)


def _shrink_ticks(ax: Any, share: float) -> None:
    for axis in (ax.xaxis, ax.yaxis):
        own = axis.get_tick_params()
        axis.set_tick_params(**{key: own.get(key, usual) * share for key, usual in TICKS.items()})


def _shrink_title(ax: Axes, share: float) -> None:
    """Bring the title of axes nearer to them; its size is of `_shrink`."""
    text = ax.get_title(loc="left")
    titles = [one for one in ax.get_children() if isinstance(one, Text) and one.get_text() == text]
    if text and titles:
        (_, above), (_, top) = (
            way.transform((0.0, 1.0)) for way in (titles[0].get_transform(), ax.transAxes)
        )
        pad = 72 * (above - top) / dpi_of(ax)
        same: dict[str, Any] = {
            "fontsize": titles[0].get_fontsize(),
            "fontweight": titles[0].get_fontweight(),
            "color": titles[0].get_color(),
        }
        ax.set_title(text, loc="left", pad=pad * share, **same)


def _shrink_box(box: OffsetBox, share: float) -> None:
    """Shrink the parts of a legend: distances, and the samples that are drawn in them."""
    if isinstance(box, PackerBase):
        box.pad, box.sep = (box.pad or 0.0) * share, (box.sep or 0.0) * share
    if isinstance(box, DrawingArea):
        for name in ("width", "height", "xdescent", "ydescent"):
            setattr(box, name, getattr(box, name) * share)
        for sample in box.get_children():
            sample.set_transform(Affine2D().scale(share) + box.get_transform())
        return
    for part in box.get_children():
        if isinstance(part, OffsetBox):
            _shrink_box(part, share)
