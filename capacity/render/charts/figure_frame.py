"""The frame of every chart: title and headline above it, key, notes and provenance below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from capacity.base.words import sentence
from capacity.render.charts import style
from capacity.render.charts.canvas import Canvas
from capacity.render.charts.wording import Wording

SIDE, BOTTOM = 0.25, 0.8  # inches beside and under what is drawn
#: Inches of what is drawn, at least: as wide as its title.
LEAST = 9.0
KEY = 0.22  # inches of a row of the key
TITLE, HEADLINE, NOTES = 13, 11, 8  # points
PIXELS = 90  # of an inch in a notebook


class FigureAxes(Axes):
    """Axes on a figure of their own; a notebook shows the whole figure for them."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        figure, stream = self.get_figure(root=True), BytesIO()
        assert figure is not None
        with style.styled():
            figure.savefig(stream, format="png")
        wide = figure.get_size_inches()[0]
        return stream.getvalue(), {"width": round(wide * PIXELS)}


@contextmanager
def figure_frame(
    ax: Axes | None,
    size: tuple[float, float],
    say: Wording,
    *,
    title: str,
    headline: str,
    notes: Iterable[str],
) -> Iterator[Axes]:
    """Yield axes to draw on, in our style; what stands around them is written at the end.

    Parameters
    ----------
    ax
        Axes to draw on; None makes a figure of the size.
    size
        Width and height of what is drawn, in inches: x goes to the right, y down.
    say
        Names the provenance.
    title, headline
        What stands above, folded to the width.
    notes
        What stands below; those that are empty are left out.
    """
    inches, height = size
    with style.styled():
        title = style.wrap_to(title, inches, TITLE)
        headline = style.wrap_to(headline, inches, HEADLINE)
        host = _own_axes(inches, height, title, headline) if ax is None else ax
        bare(host)
        host.set_xlim(0, inches)
        host.set_ylim(height, 0)
        yield host
        _write_above(host, title, headline)
        parts = (say.joined(part, "semicolon") for part in (notes, say.provenance))
        below = [style.wrap_to(sentence(part), inches, NOTES) for part in parts if part]
        _annotate(host, "\n".join(below), (0, 0), -10, NOTES, style.MUTED, 1.35)
        if ax is not None:
            _shrink_text(host, inches)


def _own_axes(inches: float, height: float, title: str, headline: str) -> Axes:
    above = 0.8 + (17 * title.count("\n") + 15 * headline.count("\n")) / 72
    width, tall = inches + 2 * SIDE, height + BOTTOM + above
    figure = Figure(figsize=(width, tall), dpi=style.DPI)
    Canvas(figure)
    # Differences as they fall out of the size: another order would round to another pixel.
    box = (width - SIDE - SIDE, tall - BOTTOM - above)
    share = (SIDE / width, BOTTOM / tall, box[0] / width, box[1] / tall)
    return figure.add_axes(share, axes_class=FigureAxes)


def _write_above(ax: Axes, title: str, headline: str) -> None:
    ax.set_title(
        title,
        loc="left",
        fontsize=TITLE,
        pad=12 + 15 * (1 + headline.count("\n")),
        # Given axes have had a title, and its font, since before our style.
        fontfamily=list(style.families()),
        parse_math=False,
        color=style.TEXT,
    )
    _annotate(ax, headline, (0, 1), 6, HEADLINE, "#3A3A3A", 1.25)


def _annotate(
    ax: Axes,
    text: str,
    corner: tuple[float, float],
    points: float,
    size: float,
    colour: str,
    spacing: float,
) -> None:
    """Write a text above a corner of axes, or below it where ``points`` are less than 0."""
    ax.annotate(
        text,
        corner,
        xytext=(0, points),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top" if points < 0 else "baseline",
        fontsize=size,
        color=colour,
        linespacing=spacing,
    )


def _shrink_text(ax: Axes, inches: float) -> None:
    """Shrink all text of given axes that are narrower than the ``inches`` it was set for."""
    figure = ax.get_figure(root=True)
    share = ax.bbox.width / figure.dpi / inches if figure is not None else 1.0
    if share >= 1:
        return
    for text in ax.findobj(Text):
        if isinstance(text, Text):
            text.set_fontsize(float(text.get_fontsize()) * max(share, 0.55))


def bare(ax: Axes) -> None:
    """Take off axis lines and ticks; ticks that are only hidden would still be laid out."""
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])


def write(ax: Axes, x: float, y: float, text: str, points: float, **how: Any) -> None:
    """Write a text whose middle line is at ``y``; to the right of ``x`` unless told otherwise."""
    ax.text(x, y, text, fontsize=points, **{"va": "center"} | how)


def key(ax: Axes, handles: Sequence[Artist], *, rows: int = 1) -> None:
    """Write the key in the lower left corner of a frame."""
    ax.legend(
        handles=list(handles),
        loc="lower left",
        bbox_to_anchor=(0, 0),
        ncols=-(-len(handles) // rows),
        frameon=False,
        fontsize=9,
        borderaxespad=0,
        borderpad=0,
        columnspacing=1.8,
        handlelength=1.8,
    )
