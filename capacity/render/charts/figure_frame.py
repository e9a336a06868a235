"""The frame of every chart: title and headline above it, key, notes and provenance below."""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from capacity.base.words import sentence
from capacity.render.charts import style
from capacity.render.charts.canvas import Canvas
from capacity.render.charts.scaling import MARGIN, fit, shrink
from capacity.render.charts.typeface import families, families_for, missing
from capacity.render.charts.wording import Wording
from capacity.render.fonts import MissingGlyphs

SIDE, BOTTOM = 0.25, 0.8  # inches beside and under what is drawn
#: Inches of what is drawn, at least: as wide as its title.
LEAST = 9.0
KEY = 0.22  # inches of a row of the key
TITLE, HEADLINE, NOTES = 13, 11, 8  # points
GAP, SPACING = 10, 1.35  # points above the notes; their lines, in heights of text
TOP = 0.2  # inches above a title on a figure of its own that given axes do not need
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


@dataclass(frozen=True)
class Around:
    """What stands around a chart: title with headline above it, notes with provenance below."""

    title: bool = True
    footer: bool = True


WHOLE = Around()


@contextmanager
def figure_frame(
    ax: Axes | None,
    size: tuple[float, float],
    say: Wording,
    *,
    title: str,
    headline: str,
    notes: Iterable[str],
    around: Around = WHOLE,
) -> Iterator[Axes]:
    """Yield axes to draw on, in our style; what stands around them is written at the end.

    Parameters
    ----------
    ax
        Axes to draw on: all of the chart stands in the place that they have, its text and lines
        smaller where that is small. None makes a figure of the size.
    size
        Width and height of what is drawn, in inches: x goes to the right, y down.
    say
        Names the provenance.
    title, headline
        What stands above, each line folded to the width.
    notes
        What stands below; those that are empty are left out.
    around
        Which of them are left out.
    """
    inches, height = size
    with style.styled():
        title, headline = (
            "\n".join(style.wrap_to(line, inches, points) for line in text.split("\n"))
            if around.title
            else ""
            for text, points in ((title, TITLE), (headline, HEADLINE))
        )
        below = _below(notes, say, inches) if around.footer else ""
        if ax is None:
            host, share = _own_axes(inches, height, title, headline, below), 1.0
        else:
            host, room = ax, (_above(title, headline) - TOP, _under(below))
            share = fit(host, size, room)
        bare(host)
        host.set_xlim(0, inches)
        host.set_ylim(height, 0)
        yield host
        if around.title:
            _write_above(host, title, headline)
        if below:
            _annotate(host, below, (0, 0), -GAP, NOTES, style.MUTED, SPACING)
        if share < 1:
            shrink(host, share)
        _choose_fonts(host, say)


def _below(notes: Iterable[str], say: Wording, inches: float) -> str:
    """Return notes and provenance, each folded to the width."""
    parts = (say.joined(part, "semicolon") for part in (notes, say.provenance))
    return "\n".join(style.wrap_to(sentence(part), inches, NOTES) for part in parts if part)


def _above(title: str, headline: str) -> float:
    """Return the inches above what is drawn."""
    return 0.8 + (17 * title.count("\n") + 15 * headline.count("\n")) / 72 if title else SIDE


def _under(below: str) -> float:
    """Return the inches that the lines below what is drawn take."""
    lines = below.count("\n") + 1 if below else 0
    return MARGIN + (GAP + NOTES * SPACING * lines) / 72 * bool(lines)


def _own_axes(inches: float, height: float, title: str, headline: str, below: str) -> Axes:
    above, bottom = _above(title, headline), BOTTOM if below else SIDE
    width, tall = inches + 2 * SIDE, height + bottom + above
    figure = Figure(figsize=(width, tall), dpi=style.DPI)
    Canvas(figure)
    # Differences as they fall out of the size: another order would round to another pixel.
    box = (width - SIDE - SIDE, tall - bottom - above)
    share = (SIDE / width, bottom / tall, box[0] / width, box[1] / tall)
    return figure.add_axes(share, axes_class=FigureAxes)


def _write_above(ax: Axes, title: str, headline: str) -> None:
    ax.set_title(
        title,
        loc="left",
        fontsize=TITLE,
        pad=12 + 15 * (1 + headline.count("\n")),
        # Given axes have had a title, and its font, since before our style.
        fontfamily=list(families()),
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


def _choose_fonts(ax: Axes, say: Wording) -> None:
    """Have each text drawn by fonts that have its characters; name those that none has."""
    lacking: dict[str, None] = {}
    for text in ax.findobj(Text):
        assert isinstance(text, Text)
        shown = text.get_text()
        if (fonts := families_for(shown)) != families():
            text.set_fontfamily(list(fonts))
        lacking |= dict.fromkeys(missing(shown))
    if lacking:
        titles = [title for title in say.titles if not lacking.keys().isdisjoint(title)]
        warnings.warn(MissingGlyphs(lacking, titles), stacklevel=6)


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
