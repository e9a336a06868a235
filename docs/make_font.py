"""Write the fonts of the charts: ``python docs/make_font.py SOURCE UNIHAN``.

SOURCE is NotoSansSC-Regular.ttf, version 2.004-H2, of Google Fonts (the wheel of zhplot 1.0.0 on
PyPI carries it, with the licence that stands beside what is written here); UNIHAN is
Unihan_OtherMappings.txt of the Unicode Character Database (Debian's package unicode-data has it as
.bz2), which names the characters of 通用规范汉字表. The same sources give the same bytes.

NotoSansSC.ttf is what of SOURCE draws that table, GB 2312, our own words, and all that is no
ideograph. Its licence reserves the name "Source" alone, so that it is called as it was, and its
version says that it is a part. Boxes.ttf, drawn here, has a box for any character at all: where no
other font has one, that stands in the picture.
"""

from __future__ import annotations

import bz2
import re
import sys
from hashlib import sha256
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter, load_font, save_font
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "capacity" / "render" / "font"
SHA256 = "5cf8b2a0576d5680284ab03a7a8219499d59bbe981a79bb3dc0031f251c39736"
#: What is no ideograph: letters, signs and symbols; punctuation; full-width forms.
PLAIN = (range(0x2E80), range(0x3000, 0x3040), range(0xFF00, 0xFFF0))
JAMO = range(0x1100, 0x1200)  # parts of Hangul, which is not here
#: What a box stands for: all planes with scripts, ideographs and emoji; tags and selectors.
BOXED = (range(0x20, 0xD800), range(0xE000, 0x40000), range(0xE0000, 0xE0200))
#: Seconds from 1904 to 2026: when the boxes were drawn.
MADE = 3_850_000_000
#: How letters are put together and set apart; not what Japanese or upright text does.
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga"]


def main(source: Path, unihan: Path) -> None:
    """Rewrite both fonts."""
    if sha256(source.read_bytes()).hexdigest() != SHA256:
        sys.exit(f"{source}: not version 2.004-H2 of Noto Sans SC Regular")
    _part(source, marks(unihan) | _own(), FOLDER / "NotoSansSC.ttf")
    _boxes(FOLDER / "Boxes.ttf")


def marks(unihan: Path) -> set[int]:
    """Return GB 2312 and the 8,105 characters of 通用规范汉字表."""
    opened = bz2.open if unihan.suffix == ".bz2" else open
    with opened(unihan, "rt", encoding="utf-8") as lines:
        table = re.findall(r"^U\+([0-9A-F]+)\tkTGH\t", lines.read(), re.MULTILINE)
    return gb2312() | {int(code, 16) for code in table}


def gb2312() -> set[int]:
    """Return the characters of GB 2312: its rows and cells, as they are coded."""
    coded = (bytes([row, cell]) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(mark) for pair in coded for mark in pair.decode("gb2312", "ignore")}


def _own() -> set[int]:
    """Return the characters of what the product says and of the examples that it writes."""
    folders = (ROOT / "capacity" / "words", ROOT / "capacity" / "templates", ROOT / "scenarios")
    files = [path for folder in folders for path in folder.rglob("*")]
    texts = (path.read_text("utf-8") for path in files if path.suffix in (".toml", ".yaml", ".csv"))
    return {ord(mark) for text in texts for mark in text}


def _part(source: Path, wanted: set[int], path: Path) -> None:
    options = Options()
    options.layout_features = FEATURES
    options.name_IDs = ["*"]  # with the copyright and the licence
    options.notdef_outline = True
    options.hinting = False
    options.recalc_timestamp = False
    options.drop_tables += ["vhea", "vmtx", "BASE", "STAT"]
    font = load_font(source, options)
    plain = {code for code in font.getBestCmap() if any(code in block for block in PLAIN)}
    part = Subsetter(options)
    part.populate(unicodes=wanted | plain - set(JAMO))
    part.subset(font)
    version = font["name"].getDebugName(5)
    for key, text in {3: f"{version}; part for capacity", 5: f"{version}; part"}.items():
        font["name"].setName(text, key, 3, 1, 0x409)
    save_font(font, path, options)


def _boxes(path: Path) -> None:
    names = [".notdef", "box"]
    build = FontBuilder(1000, isTTF=True)
    build.setupGlyphOrder(names)
    build.setupCharacterMap({0x25A1: "box"})
    build.setupGlyf(dict.fromkeys(names, _box()))
    build.setupHorizontalMetrics(dict.fromkeys(names, (800, 80)))
    build.setupHorizontalHeader(ascent=880, descent=-120)
    build.setupNameTable({"familyName": "Capacity Boxes", "styleName": "Regular"})
    build.setupPost()  # no OS/2: to say which scripts it has takes a second for every PDF
    every = CmapSubtable.newSubtable(13)  # one glyph for whole ranges
    every.platformID, every.platEncID, every.language = 3, 10, 0
    every.cmap = {code: "box" for block in BOXED for code in block}
    build.font["cmap"].tables.append(every)
    build.updateHead(created=MADE, modified=MADE)
    build.font.recalcTimestamp = False
    build.save(path)


def _box() -> object:
    pen = TTGlyphPen(None)
    for corners in (
        [(80, -80), (80, 760), (720, 760), (720, -80)],
        [(140, -20), (660, -20), (660, 700), (140, 700)],
    ):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
