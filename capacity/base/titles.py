"""Titles of regions and levels, as sentences name them: in both languages, told apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from capacity.base.errors import CLOSING, Phrase, Term
from capacity.base.words import WHOLE, ranges, word

#: Titles by code, each a text by language.
ByCode = Mapping[str, Mapping[str, str]]


def text_in(text: Mapping[str, str], lang: str, instead: str) -> str:
    """Return the text in a language, else in any language, else ``instead``; on one line.

    >>> text_in({"zh": "北部"}, "en", "north")
    '北部'
    """
    found = text.get(lang) or next((words for words in text.values() if words), "") or instead
    return "".join(c for c in " ".join(found.split()) if c.isprintable())


def names_in(titles: ByCode, lang: str) -> dict[str, str]:
    """Return the titles by code, each with its code where another has the same title."""
    texts = {code: text_in(title, lang, code) for code, title in titles.items()}
    same = Counter(text.casefold() for text in texts.values())
    return {
        code: text
        if same[text.casefold()] < 2
        else word("nouns.with_code", lang, title=text, code=code)
        for code, text in texts.items()
    }


def within_sentence(name: str) -> str:
    """Return a title as it stands inside a sentence: "primary", not "Primary"."""
    plain = all(part.isalpha() for part in name.split())
    return name.lower() if plain and name.istitle() else name


def cell_name(region: str, level: str, lang: str) -> str:
    """Return a region's name with a level's; names in Latin letters are not run together.

    >>> cell_name("东部", "小学", "zh"), cell_name("Kent", "primary", "zh")
    ('东部小学', 'Kent primary')
    """
    latin = region[-1:].isascii() and level[:1].isascii()
    return word("nouns.cell", "en" if latin else lang, region=region, level=level)


def in_words(say: Callable[[str], str]) -> Phrase:
    """Return what is said in each language as the fact of a problem."""
    return Phrase(*(say(lang) for lang in WHOLE))


@dataclass(frozen=True)
class Titles:
    """The titles of a district's regions and levels, as facts of problems."""

    regions: ByCode
    levels: ByCode

    @cached_property
    def _regions(self) -> dict[str, dict[str, str]]:
        return {lang: names_in(self.regions, lang) for lang in WHOLE}

    @cached_property
    def _levels(self) -> dict[str, dict[str, str]]:
        return {lang: names_in(self.levels, lang) for lang in WHOLE}

    def region(self, code: str, group: str = "") -> Phrase:
        """Return the title of a region, with the code of a group of its pupils."""
        after = f"/{group}" if group else ""
        return in_words(lambda lang: self._regions[lang].get(code, code) + after)

    def coded(self, code: str, group: str = "") -> Phrase:
        """Return a region as files write it, in Chinese with its title beside it."""
        title = self._regions["zh"].get(code, code)
        written = f"{code} {group}".strip()
        return Phrase(written, written if title == code else Term(written, title).text("zh"))

    def level(self, code: str) -> Phrase:
        """Return the title of a level."""
        return in_words(lambda lang: within_sentence(self._levels[lang].get(code, code)))

    def cell(self, region: str, level: str) -> Phrase:
        """Return the titles of a region and a level."""
        one, other = self.region(region), self.level(level)
        return in_words(lambda lang: cell_name(one.text(lang), other.text(lang), lang))


def filled(key: str, **facts: object) -> Phrase:
    """Return the words of a key, facts among them that are phrases in the language of each."""

    def say(lang: str) -> str:
        said = {k: v.text(lang) if isinstance(v, Phrase) else v for k, v in facts.items()}
        return word(key, lang, **said).replace(f"{CLOSING} ", CLOSING)

    return in_words(say)


def listed(names: Iterable[Phrase], most: int, mark: str = "nouns.list") -> Phrase:
    """Return the first names with a mark between them, and how many more there are."""
    every = list(names)
    more = len(every) - most
    shown = [*every[:most], *([filled("facts.more", count=more)] if more > 0 else [])]
    return in_words(lambda lang: word(mark, lang).join(name.text(lang) for name in shown))


def spans(numbers: Iterable[int]) -> Phrase:
    """Return whole numbers written shortly: 1–3, 5."""
    parts = ranges(numbers)
    return in_words(lambda lang: word("nouns.list", lang).join(parts))


def with_grades(area: Phrase, grades: Iterable[int]) -> Phrase:
    """Return an area with grades of it."""
    return filled("facts.cell_grades", area=area, grades=spans(grades))
