"""Words and numbers as people read them; words come from the catalogs in ``capacity/words``.

A catalog is a TOML file; an entry is a phrase, its languages side by side::

    [written]
    en = "{folder}: written"
    zh = "{folder}：已写入"

A key names the catalog and the entry: ``compare.written``. Catalogs are read when a word of
theirs is first wanted. Words have plain ASCII signs, so that a console in any encoding shows
them; charts, which carry their own font, ask for the real minus sign.
"""

from __future__ import annotations

import locale
import math
import os
import re
import unicodedata
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path, PurePath
from typing import Any, TypeVar

T = TypeVar("T")
#: The languages that every entry of a catalog has.
WHOLE = ("en", "zh")
#: Those that can be asked for; what an entry lacks is said in English.
LANGUAGES = WHOLE
#: What a locale of Windows calls a language, where that does not begin with its code.
_LOCALES = {"zh": "chinese"}
MINUS = "−"
#: From here on these languages count in units of so many.
_MYRIAD, _COUNTS_MYRIADS = 10_000, ("zh",)
_FOLDER = Path(__file__).parent.parent / "words"
_HEAD = re.compile(r"^\[(.+)\]$", re.MULTILINE)


@cache
def catalog(name: str) -> Mapping[str, Any]:
    """Return the entries of a catalog, by key."""
    import tomllib

    return tomllib.loads(_text(name))


@cache
def entry(name: str, key: str) -> Mapping[str, Any]:
    """Return one entry of a catalog; to parse all of them would cost every command 20 ms.

    Raises
    ------
    KeyError
        There is no such entry.
    """
    import tomllib

    return tomllib.loads(_entries(name)[key])


@cache
def _entries(name: str) -> dict[str, str]:
    """Return the text of every entry, by key."""
    _, *parts = _HEAD.split(_text(name))
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _text(name: str) -> str:
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def word(key: str, lang: str, **facts: object) -> str:
    """Return the words of a key, such as ``charts.base_year``, filled with facts.

    An entry that lacks the language is said in English.

    Raises
    ------
    ValueError
        The language is none of `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"the language must be one of {', '.join(LANGUAGES)}: {lang!r}")
    name, _, own = key.partition(".")
    languages = entry(name, own)
    text: str = languages.get(lang) or languages["en"]
    said = {name: _in_line(fact) for name, fact in facts.items()}
    return _measured(text, said, lang).format(**said)


def _measured(text: str, facts: Mapping[str, object], lang: str) -> str:
    """Return a text whose figures in myriads have no blank before the measure word of places."""
    measure = entry("nouns", "measure").get(lang, "") if lang in _COUNTS_MYRIADS else ""
    if not measure or measure not in text:
        return text
    myriads: str = entry("nouns", "myriads")[lang].removeprefix("{n}")
    for name, fact in facts.items():
        if isinstance(fact, str) and fact.endswith(myriads):
            text = text.replace(f"{{{name}}}{measure}", f"{{{name}}}{measure.lstrip()}")
    return text


def _in_line(fact: object) -> object:
    """Return a path without what would break or colour a line; any other fact as it is."""
    if not isinstance(fact, PurePath) or (text := str(fact)).isprintable():
        return fact
    kept = (mark.isprintable() or unicodedata.category(mark) == "Zs" for mark in text)
    pairs = zip(text, kept, strict=True)
    return "".join(mark if keep else repr(mark)[1:-1] for mark, keep in pairs)


def has_words(key: str) -> bool:
    """Whether a catalog has an entry of this key; none of it is parsed."""
    name, _, own = key.partition(".")
    return own in _entries(name)


def language(choice: str | None = None) -> str:
    """Return the language of outputs: the one chosen, else of CAPACITY_LANG, else of the locale."""
    if choice in LANGUAGES:
        return str(choice)
    asked = ("CAPACITY_LANG", "LC_ALL", "LC_MESSAGES")
    names = [choice] if choice else [os.environ.get(name) for name in asked]
    names += [] if choice else [os.environ.get("LANG"), locale.getlocale()[0]]
    first = next((name for name in names if name), "").lower()
    known = (one for one in LANGUAGES if first.startswith((one, _LOCALES.get(one, one))))
    return next(known, "en")


def number(value: float, *, signed: bool = False, minus: str = "-") -> str:
    """Return a number rounded to whole units, with thousands separators; NaN is empty.

    >>> number(-1234.4, signed=True), number(0.4, signed=True), number(1234, signed=True)
    ('-1,234', '0', '+1,234')
    """
    if math.isnan(value):
        return ""
    whole = round(value)
    text = f"{whole:+,}" if signed and whole else f"{whole:,}"
    return text.replace("-", minus)


def amount(value: float, lang: str) -> str:
    """Return a number as a sentence says it: whole, in Chinese from ten thousand on in 万.

    >>> amount(37_624.2, "en"), amount(37_624.2, "zh"), amount(7_293.4, "zh")
    ('37,624', '3.8万', '7,293')
    """
    if lang not in _COUNTS_MYRIADS or math.isnan(value) or round(abs(value)) < _MYRIAD:
        return number(value)
    return word("nouns.myriads", lang, n=f"{value / _MYRIAD:,.1f}".removesuffix(".0"))


def grade_name(grade: int, lang: str, *, short: bool = False) -> str:
    """Return a grade as people call it; ``short`` where no other grade may be meant.

    >>> grade_name(7, "en"), grade_name(7, "zh"), grade_name(-2, "zh"), grade_name(13, "zh")
    ('grade 7', '初一（七年级）', '小班（-2年级）', '13年级')
    >>> grade_name(7, "en", short=True), grade_name(7, "zh", short=True)
    ('grade 7', '初一')
    """
    if short and has_words(named := f"nouns.short_{grade}"):
        return word(named, lang)
    if has_words(named := f"nouns.grade_{grade}"):
        return word(named, lang)
    return word("nouns.grade_of", lang, n=grade)


def gap_text(value: float, lang: str, *, minus: str = "-") -> str:
    """Return a signed gap with its word: "+1,234 short", "-1,234 idle".

    >>> gap_text(-1234, "zh")
    '-1,234 富余'
    """
    if math.isnan(value):
        return word("nouns.no_data", lang)
    key = (
        "nouns.short"
        if round(value) > 0
        else "nouns.idle"
        if round(value) < 0
        else "nouns.balanced"
    )
    return f"{number(value, signed=True, minus=minus)} {word(key, lang)}"


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal: 2 for a Chinese character."""
    return sum(_columns(character) for character in text)


def sentence(text: str) -> str:
    """Return a text with a capital first letter."""
    return text[:1].upper() + text[1:]


def cut(text: str, room: float, size: Callable[[str], float] = width) -> str:
    """Shorten a text to a width, marked by an ellipsis; in columns unless measured otherwise."""
    if size(text) <= room:
        return text
    kept = text[: _most(len(text), lambda n: size(text[:n] + "…") <= room)]
    return kept.rstrip() + "…"


def cut_within(text: str, room: int) -> str:
    """Return a text, of one that is too wide its beginning and its end.

    >>> cut_within("/a/very/long/path", 9)
    '/a/v…path'
    """
    if width(text) <= room:
        return text
    begun = cut(text, room // 2 + 1)
    ended = cut(text[::-1], room - width(begun) + 1).removesuffix("…")
    return begun + ended[::-1]


def wrap(text: str, room: float, lines: int = 3, size: Callable[[str], float] = width) -> str:
    """Break a text into at most ``lines`` lines of a width, between words or Chinese characters."""
    done: list[str] = []
    pieces = _pieces(text)
    while pieces:
        line, pieces = _first_line([pieces[0].lstrip(), *pieces[1:]], room, size)
        done.append(line)
    if len(done) > lines:
        done[lines - 1 :] = ["".join(done[lines - 1 :])]
    return "\n".join(cut(line.rstrip(), room, size) for line in done)


def _first_line(
    pieces: list[str], room: float, size: Callable[[str], float]
) -> tuple[str, list[str]]:
    """Return as many pieces as fit, at least one, and the rest."""

    def fits(more: int) -> bool:
        return size("".join(pieces[:more]) + pieces[more].rstrip()) <= room

    count = 1 + _most(len(pieces) - 1, fits)
    return "".join(pieces[:count]), pieces[count:]


def _most(count: int, fits: Callable[[int], bool]) -> int:
    """Return how many of ``count`` fit, found by halves: measuring takes time."""
    return bisect_left(range(1, count + 1), True, key=lambda n: not fits(n))


def _pieces(text: str) -> list[str]:
    """Cut after spaces and Chinese characters, never before closing punctuation."""
    pieces: list[str] = []
    for character in text:
        closes = unicodedata.category(character) in {"Pe", "Po"}
        breaks = not pieces or pieces[-1][-1] == " " or _columns(pieces[-1][-1]) == 2
        if pieces and (closes or not (breaks or _columns(character) == 2)):
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces


@cache
def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def together(things: Iterable[T], key: Callable[[T], Hashable], few: int) -> list[list[T]]:
    """Put together things with one key, where there are more than ``few``; each at its first.

    >>> together("abacab", str, 2)
    [['a', 'a', 'a'], ['b'], ['c'], ['b']]
    """
    every = list(things)
    count = Counter(map(key, every))
    groups: list[list[T]] = []
    begun: dict[Hashable, list[T]] = {}
    for thing in every:
        group = begun.get(key(thing))
        if group is not None and count[key(thing)] > few:
            group.append(thing)
        else:
            groups.append(begun.setdefault(key(thing), [thing]) if group is None else [thing])
    return groups


def varied(kinds: Sequence[Hashable], most: int, first: Collection[int] = ()) -> list[int]:
    """Choose at most ``most`` of a list by place: the firsts of all kinds, then the seconds.

    Those at the places ``first`` come before all.

    >>> varied("aaaabc", 4), varied("aaaabc", 3, first={3})
    ([0, 1, 4, 5], [0, 3, 4])
    """
    seen: Counter[Hashable] = Counter()
    ranked = []
    for index, kind in enumerate(kinds):
        ranked.append((-1 if index in first else seen[kind], index))
        seen[kind] += 1
    return sorted(index for _, index in sorted(ranked)[:most])


def ranges(numbers: Iterable[int]) -> list[str]:
    """Write whole numbers shortly.

    >>> ranges([1, 2, 3, 5])
    ['1–3', '5']
    """
    parts: list[str] = []
    for _, run in groupby(enumerate(sorted(set(numbers))), key=lambda pair: pair[1] - pair[0]):
        values = [value for _, value in run]
        parts.append(f"{values[0]}–{values[-1]}" if len(values) > 1 else str(values[0]))
    return parts
