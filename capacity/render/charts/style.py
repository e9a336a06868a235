"""The one style of all charts: fonts, colours, notes under a chart, and how it is saved.

Nothing here changes matplotlib's global settings: charts are drawn and saved inside `styled`,
on figures that pyplot does not know.
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache, partial
from io import BytesIO
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text

from capacity.base.words import MINUS, sentence, word, wrap
from capacity.render.fonts import FAMILY, bundled_font
from capacity.results.labels import Labels

# Okabe-Ito, told apart by colour-blind readers; the darker ones are for text on white.
SHORT, IDLE = "#D55E00", "#0072B2"
BOTH = "#7A7A7A"  # hatch: short and idle at once, at different levels or regions
SHORT_TEXT, IDLE_TEXT = "#A84300", "#005A8C"
DEMAND, PLACES, LISTED, TARGET = "#1A1A1A", "#009E73", "#6E6E6E", "#8E3B76"
YELLOW, RED = "#F5CF57", "#C1271F"  # early-warning bands; red is darker in grey, too
TEXT, MUTED, RULE = "#1A1A1A", "#5F5F5F", "#D9D9D9"
DPI = 110
PIXELS = 90  # of an inch in a notebook
GRADES = ("GREEN", "AMBER", "UNSTATED", "RED")
#: Inches that one terminal column takes at one point of font size (a Chinese character: two).
COLUMN = 0.0073
#: Share of a line that its last one has at least: no word stands alone.
LAST = 0.25
#: Used after the bundled font, where it lacks a character.
INSTALLED = (
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "DejaVu Sans",
)


class MissingGlyphs(UserWarning):
    """A picture has boxes in place of characters that no font here can draw."""


@cache
def families() -> tuple[str, ...]:
    """Give the font families to try for each character, the bundled Chinese font first."""
    fonts = font_manager.fontManager
    bundled = bundled_font()
    if bundled is not None and str(bundled) not in {font.fname for font in fonts.ttflist}:
        fonts.addfont(bundled)
        # Before an installed font of the same name: pictures must not differ by machine.
        fonts.ttflist.insert(0, fonts.ttflist.pop())
    known = {font.name for font in fonts.ttflist}
    first = (FAMILY,) if FAMILY in known else ()
    return first + tuple(name for name in INSTALLED if name in known)


def readable(lang: str) -> str:
    """Give the language, or English with a warning where no font here draws Chinese."""
    if lang == "en" or set(families()) - {"DejaVu Sans"}:
        return lang
    warnings.warn("no Chinese font found: the chart is in English", MissingGlyphs, stacklevel=3)
    return "en"


@contextmanager
def styled() -> Iterator[None]:
    """Hold the style of charts while one is drawn or saved."""
    rc: Any = {
        "font.family": list(families()),
        "font.size": 9,
        "text.color": TEXT,
        "text.parse_math": False,  # a "$" in a title is a dollar sign
        "text.usetex": False,
        "axes.unicode_minus": True,
        "axes.edgecolor": "#8C8C8C",
        "axes.linewidth": 0.8,
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


class Picture(Axes):
    """Axes on a figure of their own; a notebook shows the whole figure for them."""

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        figure, stream = self.get_figure(root=True), BytesIO()
        assert figure is not None
        with styled():
            figure.savefig(stream, format="png")
        wide = figure.get_size_inches()[0]
        return stream.getvalue(), {"width": round(wide * PIXELS)}


def canvas(width: float, height: float, margins: tuple[float, float, float, float]) -> Axes:
    """Give axes on a new figure of a size in inches; margins are left, bottom, right, top."""
    left, bottom, right, top = margins
    figure = Figure(figsize=(width, height), dpi=DPI)
    box = (left, bottom, width - left - right, height - bottom - top)
    share = (box[0] / width, box[1] / height, box[2] / width, box[3] / height)
    return figure.add_axes(share, axes_class=Picture)


def bare(ax: Axes) -> None:
    """Take off axis lines and ticks; ticks that are only hidden would still be laid out."""
    ax.set_axis_off()
    ax.set_xticks([])
    ax.set_yticks([])


def measured(points: float) -> Callable[[str], float]:
    """Give what measures a text of a size, in inches, by the fonts that draw it."""
    return partial(_inches, points=points, fonts=families())


@lru_cache(4096)
def _inches(text: str, points: float, fonts: tuple[str, ...]) -> float:
    with warnings.catch_warnings():  # `save` names the characters that no font has
        warnings.simplefilter("ignore")
        font = FontProperties(family=list(fonts), size=points)
        renderer: Any = RendererAgg(1, 1, DPI)  # type: ignore[no-untyped-call]
        wide, _, _ = renderer.get_text_width_height_descent(text, font, False)
    return 1.01 * float(wide) / DPI  # letters stand on whole pixels, in print they do not


def fold(text: str, inches: float, points: float, lines: int = 2) -> str:
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


def head_height(title: str, headline: str, *, inches: float) -> float:
    """Give the inches that title and headline take above axes that are ``inches`` wide."""
    titles = fold(title, inches, 13).count("\n")
    lines = fold(headline, inches, 11).count("\n")
    return 0.8 + (17 * titles + 15 * lines) / 72


def head(ax: Axes, title: str, headline: str, *, inches: float) -> None:
    """Write the title and the headline above axes that are ``inches`` wide."""
    second = fold(headline, inches, 11)
    lines = 1 + second.count("\n")
    ax.set_title(
        fold(title, inches, 13),
        loc="left",
        fontsize=13,
        pad=12 + 15 * lines,
        # Given axes have had a title, and its font, since before our style.
        fontfamily=list(families()),
        parse_math=False,
        color=TEXT,
    )
    ax.annotate(
        second,
        (0, 1),
        xytext=(0, 6),
        xycoords="axes fraction",
        textcoords="offset points",
        fontsize=11,
        color="#3A3A3A",
        linespacing=1.25,
    )


def foot(ax: Axes, notes: list[str], labels: Labels, lang: str, *, inches: float) -> None:
    """Write notes and provenance under axes that are ``inches`` wide."""
    parts = [notes, provenance(labels, lang)]
    texts = [fold(sentence(word("nouns.semicolon", lang).join(p)), inches, 8) for p in parts if p]
    ax.annotate(
        "\n".join(texts),
        (0, 0),
        xytext=(0, -10),
        xycoords="axes fraction",
        textcoords="offset points",
        va="top",
        fontsize=8,
        color=MUTED,
        linespacing=1.35,
    )


def provenance(labels: Labels, lang: str) -> list[str]:
    """Give what a reader of any figure must know about where it comes from, most needed first."""
    known = [word("nouns.split_assumed", lang)] if labels.split_assumed else []
    if labels.quality:
        quality = (
            word(f"nouns.{labels.quality}", lang) if labels.quality in GRADES else labels.quality
        )
        known.append(word("nouns.quality", lang, quality=quality))
    if labels.run_id:
        known.append(word("nouns.run", lang, run=labels.run_id))
    if labels.sources:
        known.append(word("nouns.source", lang, sources=" ".join(labels.sources.split())))
    return known


def fit(ax: Axes, inches: float) -> None:
    """Shrink all text of given axes that are narrower than the ``inches`` it was set for."""
    figure = ax.get_figure(root=True)
    share = ax.bbox.width / figure.dpi / inches if figure is not None else 1.0
    if share >= 1:
        return
    for text in ax.findobj(Text):
        if isinstance(text, Text):
            text.set_fontsize(float(text.get_fontsize()) * max(share, 0.55))


def span(years: Sequence[int], lang: str) -> str:
    """Give the first and the last year as a title says them; one year alone."""
    key = "charts.span" if len(years) > 1 else "charts.span_one"
    return word(key, lang, first=years[0], last=years[-1])


def sign(lang: str) -> str:
    """Give what the sign of a gap means, with the real minus sign."""
    return word("nouns.sign", lang).replace("-", MINUS)


def save(chart: Axes | Figure, path: str | Path, *, dpi: int = DPI) -> Path:
    """Save a chart as PNG, SVG or PDF by the suffix of ``path``; the same chart, the same bytes.

    Characters that no font can draw are named in one `MissingGlyphs` warning.
    """
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
    with styled(), _missing_glyphs_named(path.name):
        figure.savefig(path, format=kind, dpi=dpi, metadata=undated.get(kind))
    return path


@contextmanager
def _missing_glyphs_named(name: str) -> Iterator[None]:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        yield
    missing: dict[str, None] = {}
    for warning in caught:
        found = re.match(r"Glyph (\d+) ", str(warning.message))
        if found:
            missing[chr(int(found.group(1)))] = None
        else:
            warnings.warn_explicit(
                warning.message, warning.category, warning.filename, warning.lineno
            )
    if missing:
        text = f"{name}: no font draws {' '.join(map(repr, missing))}"
        warnings.warn(text, MissingGlyphs, stacklevel=4)
