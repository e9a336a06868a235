"""The canvas of a chart on a figure of its own: as matplotlib's, with each text set once.

Most of what a chart costs are its texts, which matplotlib sets to lay them out and again to draw
them, in every figure anew.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg, get_hinting_flag
from matplotlib.font_manager import FontProperties, fontManager, get_font

#: Texts that are kept as they are set.
TEXTS = 8192
#: How outlines are fitted to pixels, by the settings of matplotlib.
_hinting: Any = get_hinting_flag
#: Width, height and descent of a text, in pixels.
Extent = tuple[float, float, float]
#: Grey levels of a text, and by how much it hangs out to the left and below, in pixels.
Image = tuple[npt.NDArray[np.uint8], float, float]


def text_width(text: str, font: FontProperties, dpi: float) -> float:
    """Return how far a line of text goes, in pixels."""
    return float(_set(text, font, dpi, _hinting()).get_width_height()[0]) / 64


def _set(text: str, font: FontProperties, dpi: float, hinting: Any) -> Any:
    face = get_font(_paths(font))
    face.set_size(font.get_size_in_points(), dpi)
    face.set_text(text, 0.0, flags=hinting)
    return face


@lru_cache(TEXTS)
def _line(
    text: str, font: FontProperties, dpi: float, hinting: Any, smooth: bool
) -> tuple[Extent, Image]:
    """Set a line of text."""
    face = _set(text, font, dpi, hinting)
    wide, high = face.get_width_height()
    down = face.get_descent()
    face.draw_glyphs_to_bitmap(antialiased=smooth)
    left, below = face.get_bitmap_offset()
    image = np.array(face.get_image())
    return (wide / 64, high / 64, down / 64), (image, left / 64, (below + down) / 64)


@lru_cache(64)
def _paths(font: FontProperties) -> Any:
    return fontManager._find_fonts_by_props(font)


class Renderer(RendererAgg):
    """Draws lines of text from what is kept of them."""

    def get_text_width_height_descent(self, s: str, prop: FontProperties, ismath: Any) -> Extent:
        """Return how much room a text takes, in pixels."""
        if ismath:
            base: Any = super()
            found: Extent = base.get_text_width_height_descent(s, prop, ismath)
            return found
        return _line(s, prop.copy(), self.dpi, _hinting(), True)[0]

    def draw_text(
        self,
        gc: Any,
        x: float,
        y: float,
        s: str,
        prop: FontProperties,
        angle: float,
        ismath: Any = False,
        mtext: Any = None,
    ) -> None:
        """Draw a text with its origin at x and y, in pixels."""
        if ismath or angle:
            base: Any = super()
            base.draw_text(gc, x, y, s, prop, angle, ismath, mtext)
            return
        smooth = bool(gc.get_antialiased())
        image, left, down = _line(s, prop.copy(), self.dpi, _hinting(), smooth)[1]
        self._renderer.draw_text_image(image, round(x + left), round(y + down), 0, gc)


class Canvas(FigureCanvasAgg):
    """The canvas of a figure: its texts are kept."""

    figure: Any
    renderer: Renderer
    _drawn_for: tuple[float, ...] = ()

    def get_renderer(self) -> Renderer:
        """Return what draws, anew where the figure has another size."""
        size = (*self.figure.bbox.size, self.figure.dpi)
        if size != self._drawn_for:
            made: Any = Renderer
            self.renderer, self._drawn_for = made(*size), size
        return self.renderer
