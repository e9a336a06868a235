"""The one style of all charts: fonts, colours, how text is measured, and how it is saved.

Nothing here changes matplotlib's global settings: charts are drawn and saved inside `styled`,
on figures that pyplot does not know.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from capacity.base.words import wrap
from capacity.render.charts.canvas import text_width
from capacity.render.charts.typeface import families, families_for

# Okabe-Ito, told apart by colour-blind readers; the darker ones are for text on white.
SHORT, IDLE = "#D55E00", "#0072B2"
BOTH = "#7A7A7A"  # hatch: short and idle at once, at different levels or regions
SHORT_TEXT, IDLE_TEXT = "#A84300", "#005A8C"
DEMAND, PLACES, LISTED, TARGET = "#1A1A1A", "#009E73", "#6E6E6E", "#8E3B76"
YELLOW, RED = "#F5CF57", "#C1271F"  # early-warning bands; red is darker in grey, too
TEXT, MUTED, RULE = "#1A1A1A", "#5F5F5F", "#D9D9D9"
STRIPE = "#F3F3F3"  # a row that is the sum of those below it
DPI = 110
#: Compression of a PNG: higher levels take far longer for a few bytes.
LEVEL = 1
#: Inches that one terminal column takes at one point of font size (a Chinese character: two).
COLUMN = 0.0073
#: Share of a line that its last one has at least: no word stands alone.
LAST = 0.25
#: What lines are broken at and measured by, so that a text is not set anew for every break that
#: is tried: words, spaces, and characters of scripts that write no spaces between words.
_SOLID = r"\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
_PARTS = re.compile(rf"[{_SOLID}]|\s|[^\s{_SOLID}]+")
#: How something is drawn, as matplotlib takes it.
Looks = dict[str, Any]


@contextmanager
def styled() -> Iterator[None]:
    """Hold the style of charts while one is drawn or saved."""
    rc: Any = {
        "font.family": list(families()),
        "font.size": 9,
        "text.color": TEXT,
        "text.parse_math": False,  # a "$" in a title is a dollar sign
        "text.usetex": False,
        "text.hinting": "no_hinting",  # as wide at every size and resolution, evenly spaced
        "axes.unicode_minus": True,
        "axes.edgecolor": "#8C8C8C",
        "axes.linewidth": 0.8,
        "axes.titley": 1.0,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "xtick.color": MUTED,
        "ytick.color": MUTED,
        "hatch.linewidth": 0.6,
        "figure.facecolor": "white",
        "axes.facecolor": "white",
        "savefig.bbox": None,
        "svg.fonttype": "none",
        "svg.hashsalt": "capacity",
        "pdf.fonttype": 42,
    }
    with mpl.rc_context(rc):
        yield


def measured(points: float) -> Callable[[str], float]:
    """Return what measures a text of a size, in inches, by the fonts that draw it."""

    def inches(text: str) -> float:
        fonts = families_for(text)
        return sum(_inches(part, points, fonts) for part in _PARTS.findall(text))

    return inches


@lru_cache(4096)
def _inches(text: str, points: float, fonts: tuple[str, ...]) -> float:
    fine = 10 * DPI  # where whole pixels, on which letters may stand, do not matter
    return 1.01 * text_width(text, FontProperties(family=list(fonts), size=points), fine) / fine


def wrap_to(text: str, inches: float, points: float, lines: int = 2) -> str:
    """Break a text into lines of a width, the last of them not of a word alone."""
    size = measured(points)
    folded = wrap(text, inches, lines, size)
    for share in (0.95, 0.9, 0.85, 0.8, 0.75, 0.7):
        rows = folded.split("\n")
        if len(rows) == 1 or size(rows[-1]) >= LAST * inches:
            break
        narrower = wrap(text, share * inches, lines, size)
        if narrower.count("…") == folded.count("…"):
            folded = narrower
    return folded


def mix(one: str, other: str, share: float) -> str:
    """Return two colours mixed: 0 gives the first, 1 the second."""
    share = min(max(share, 0.0), 1.0)
    pairs = ((int(c[k : k + 2], 16) for c in (one, other)) for k in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)


def of_balance(short: float, idle: float, neither: str = TEXT) -> str:
    """Return the text colour of what is short, else of what is idle, else ``neither``."""
    if not math.isnan(short) and round(short) > 0:
        return SHORT_TEXT
    return IDLE_TEXT if not math.isnan(idle) and round(idle) > 0 else neither


def text_colour(colour: str) -> str:
    """Return black or white, what stands out more from a colour: by 4.5 : 1 or more."""
    white, black = "#FFFFFF", "#000000"
    return max((black, white), key=lambda text: contrast(text, colour))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it: 1 for the same, at most 21."""
    dark, light = sorted(map(_luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    light = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    red, green, blue = (((c + 0.055) / 1.055) ** 2.4 if c > 0.04045 else c / 12.92 for c in light)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def save(chart: Axes | Figure, path: str | Path, *, dpi: int = DPI) -> Path:
    """Save a chart as PNG, SVG or PDF by the suffix of ``path``; the same chart, the same bytes."""
    path = Path(path)
    figure = chart if isinstance(chart, Figure) else chart.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes are on no figure")
    kind = path.suffix.lower().lstrip(".") or "png"
    undated: dict[str, dict[str, Any]] = {
        "png": {"Software": None},
        "svg": {"Date": None},
        "pdf": {"CreationDate": None},
    }
    fast: Looks = {"pil_kwargs": {"compress_level": LEVEL}} if kind == "png" else {}
    with styled():
        figure.savefig(path, format=kind, dpi=dpi, metadata=undated.get(kind), **fast)
    return path
