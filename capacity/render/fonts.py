"""The fonts that charts bring along, and what is said where none draws a character."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from capacity.base.errors import Phrase
from capacity.base.words import word

_FOLDER = Path(__file__).parent / "font"
#: Each family with its file, which docs/make_font.py makes: the font of all charts, and the boxes
#: that stand for characters that no font has.
FAMILY, FONT = "Noto Sans SC", _FOLDER / "NotoSansSC.ttf"
BOXES, BOX_FONT = "Capacity Boxes", _FOLDER / "Boxes.ttf"
#: Characters, and titles, that are named at most.
NAMED_MARKS, NAMED_TITLES = 12, 6


class MissingGlyphs(UserWarning):
    """Charts have boxes in place of characters that no font of this machine draws.

    Attributes
    ----------
    marks : tuple of str
        The characters.
    titles : tuple of str
        Of regions, levels and the like that they stand in.
    said : Phrase
        What it says in either language.
    """

    def __init__(self, marks: Iterable[str], titles: Iterable[str]) -> None:
        self.marks, self.titles = (tuple(dict.fromkeys(each)) for each in (marks, titles))
        self.said = Phrase(*(_said(self.marks, self.titles, lang) for lang in ("en", "zh")))
        super().__init__(self.said.name)

    def __reduce__(self) -> tuple[type[MissingGlyphs], tuple[tuple[str, ...], tuple[str, ...]]]:
        # From a process of its own, as what it was made of.
        return type(self), (self.marks, self.titles)

    @classmethod
    def of_all(cls, several: Iterable[MissingGlyphs]) -> MissingGlyphs:
        """Return one that says what several say."""
        every = tuple(several)
        return cls(
            (mark for one in every for mark in one.marks),
            (title for one in every for title in one.titles),
        )


def _said(marks: tuple[str, ...], titles: tuple[str, ...], lang: str) -> str:
    shown = _some(
        [mark if mark.isprintable() else ascii(mark) for mark in marks], NAMED_MARKS, lang
    )
    if not titles:
        return word("charts.no_font", lang, marks=shown)
    return word("charts.no_font_in", lang, marks=shown, titles=_some(titles, NAMED_TITLES, lang))


def _some(names: Sequence[str], most: int, lang: str) -> str:
    more = len(names) - most
    rest = [word("common.more", lang, count=more)] if more > 0 else []
    return word("nouns.list", lang).join([*names[:most], *rest])
