"""Which font draws each character: ours first, so that pictures do not differ by machine."""

from __future__ import annotations

from functools import cache, lru_cache
from pathlib import Path
from unicodedata import category, normalize

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.font_manager import FontProperties

from capacity.render.fonts import BOX_FONT, BOXES, FAMILY, FONT

#: What matplotlib brings along itself: Latin, Greek and Cyrillic with every accent.
OWN = "DejaVu Sans"
#: Asked before other fonts of the machine: of the first that has a character, all have its looks.
INSTALLED = (
    "Noto Sans CJK SC",
    "Microsoft YaHei",
    "PingFang SC",
    "SimHei",
    "WenQuanYi Micro Hei",
    "Malgun Gothic",
    "Apple SD Gothic Neo",
    "Leelawadee UI",
    "Thonburi",
    "Nirmala UI",
    "Kohinoor Devanagari",
    "Noto Sans",
    "Arial Unicode MS",
)
REGULAR = (400, "normal", "regular")
#: Choose how the character before them looks; nothing is drawn of them.
_SELECTORS = (range(0xFE00, 0xFE10), range(0xE0100, 0xE01F0))


@cache
def families() -> tuple[str, ...]:
    """Return the font families to try for each character: ours, matplotlib's, boxes."""
    fonts = font_manager.fontManager
    for path in (FONT, BOX_FONT):
        if str(path) not in {font.fname for font in fonts.ttflist}:
            fonts.addfont(path)
            # Before an installed font of the same name.
            fonts.ttflist.insert(0, fonts.ttflist.pop())
    return FAMILY, OWN, BOXES


@lru_cache(4096)
def families_for(text: str) -> tuple[str, ...]:
    """Return the font families to try for a text: what ours lack is of the machine's fonts.

    A letter with an accent that the first font lacks would be put together of two characters, and
    the accent stand on the next letter: such a text begins with the font that has the letter.
    """
    first, own, boxes = families()
    rare = [mark for mark in dict.fromkeys(text) if not mark.isascii() and not _draws(first, mark)]
    lead = [family_of(mark) for mark in rare if _is_composed(mark)]
    order = dict.fromkeys([*lead, first, own, *map(family_of, rare)])
    return (*filter(None, order), boxes)


def missing(text: str) -> list[str]:
    """Return the characters of a text that no font draws: boxes stand for them."""
    return [mark for mark in dict.fromkeys(text) if not mark.isascii() and not family_of(mark)]


@cache
def family_of(mark: str) -> str:
    """Return the first family that draws a character; empty where none does."""
    first, own, _ = families()
    if mark.isspace() or category(mark) == "Cf" or any(ord(mark) in each for each in _SELECTORS):
        return first  # nothing is drawn
    return next((name for name in (first, own, *installed()) if _draws(name, mark)), "")


@cache
def installed() -> tuple[str, ...]:
    """Return the families of this machine with an upright, regular face, the legible first."""
    brought = Path(mpl.get_data_path())  # for formulas, and boxes of another kind
    found = {
        font.name
        for font in font_manager.fontManager.ttflist
        if (font.style, font.stretch) == ("normal", "normal")
        and font.weight in REGULAR  # of a family without it matplotlib would tell
        and not Path(font.fname).is_relative_to(brought)
    }
    found -= set(families())
    known = [name for name in INSTALLED if name in found]
    return (*known, *sorted(found.difference(known)))


@lru_cache(4096)
def _draws(family: str, mark: str) -> bool:
    """Whether a font has a character, with an outline: pictures in colour cannot be drawn."""
    try:
        path = font_manager.findfont(FontProperties(family=[family]), fallback_to_default=False)
        font = font_manager.get_font(path)
        if not font.get_char_index(ord(mark)):
            return False
        font.set_size(12, 72)
        font.load_char(ord(mark))
        return bool(len(font.get_path()[0]))
    except (OSError, RuntimeError, ValueError):  # a font that cannot be read draws nothing
        return False


def _is_composed(letter: str) -> bool:
    """Whether the first font has the parts of a letter that it lacks."""
    parts = normalize("NFD", letter)
    return len(parts) > 1 and all(_draws(families()[0], part) for part in parts)
