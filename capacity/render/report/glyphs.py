"""The font of a page: of ours the characters that it shows, as a file can carry them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from io import BytesIO

from capacity.render.fonts import FONT

#: What a page shows whatever stands in it: a console's characters.
ALWAYS = frozenset(map(chr, range(0x20, 0x7F)))


def subset(text: Iterable[str]) -> bytes:
    """Return our font with the characters of a text alone, as WOFF.

    What it lacks is left to the fonts of the reader's machine.
    """
    return _subset(ALWAYS | set(text))


@lru_cache(4)
def _subset(marks: frozenset[str]) -> bytes:
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont

    options = Options(hinting=False, layout_features=[], name_IDs=[], notdef_outline=True)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=sorted(map(ord, marks)))
    stream = BytesIO()
    with TTFont(FONT, lazy=True, recalcBBoxes=False, recalcTimestamp=False) as font:
        # Its glyphs have no names; to make some of their characters took as long as all the rest.
        font.setGlyphOrder([".notdef", *(f"glyph{at}" for at in range(1, font["maxp"].numGlyphs))])
        subsetter.subset(font)
        font.flavor = "woff"
        font.save(stream)
    return stream.getvalue()


def address(text: Iterable[str]) -> str:
    """Return the font with the characters of a text as an address that a style can name."""
    return f"data:font/woff;base64,{b64encode(subset(text)).decode('ascii')}"
