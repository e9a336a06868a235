"""Words for grades as school systems have them, and the grade that each is where the levels tell.

A word counts from the first grade of all (Year 7, 七年级), from the first of a stage (初一, S2,
1º EM), of each level (1학년) or down (5e); or it is a grade by itself (K, 大班, CE1). Where more
than one grade of the levels fits, the word is unclear and gives no figure. The words stand in
``words/reading.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, NamedTuple

from capacity.base.errors import Phrase, phrase
from capacity.base.words import catalog
from capacity.inputs.tables.values import (
    MAX_WORD,
    CellError,
    Levels,
    without_accents,
    without_marks,
)

_GRADES: Mapping[str, Any] = catalog("reading")["grades"]
_SIGNED = re.compile(r"([+-]?)0*(\d{1,2})(?:\.0+)?", re.ASCII)
#: What stands between parts of a word, but between two digits, where it is a range.
_BETWEEN = re.compile(r"(?<!\d)[\s.\-_'’()/:·]+|[\s.\-_'’()/:·]+(?!\d)")
#: Letters beside a Roman numeral without which it may be a letter.
_ROMAN_BESIDE = 3
#: So far from the first grade of all lies what is still called a grade.
_HIGHEST = 14

Titles = Mapping[str, Sequence[str]]


class Said(NamedTuple):
    """How a word may count: from where, and how far.

    ``whence`` is a stage, ``each`` (level), ``down``, or empty for the first grade of all.
    """

    whence: str
    number: int


def folded(text: str) -> str:
    """Return a word without case, width, accents, blanks, and marks that are not between digits.

    >>> folded("1.º Ano"), folded("Pré-K"), folded("1-2")
    ('1oano', 'prek', '1-2')
    """
    return _BETWEEN.sub("", without_accents(unicodedata.normalize("NFKC", text).casefold()))


def grade_of(text: str, levels: Levels | None, titles: Titles | None = None) -> int | None:
    """Return the grade that a word is in a district of these levels; None where it is no grade.

    Parameters
    ----------
    text : str
        The word, as ``Year 7``, ``初一``, ``K`` or ``01``.
    levels : mapping of str to (int, int), or None
        First and last grade of each level; None where they cannot be told.
    titles : mapping of str to sequence of str, optional
        Titles of the levels, which tell a stage as their codes do.

    Raises
    ------
    CellError
        ``grade-unclear`` where the word may be several grades of the levels, or the levels do
        not tell which; ``grade-part`` of a part of a grade, as full-day kindergarten;
        ``grade-none`` of pupils of no grade.

    Examples
    --------
    >>> levels = {"primary": (0, 6), "secondary": (7, 13)}
    >>> [grade_of(word, levels) for word in ("Reception", "Year 7", "S2", "三年级", "north")]
    [0, 7, 8, 3, None]
    """
    said = _said(text)
    if said is None:
        return None
    grades = None if levels is None else _grades(levels)
    titles = titles or {}
    down = frozenset(one for one in said if one.whence == "down")
    if down and any("down" in stages_of((code, *titles.get(code, ()))) for code in levels or ()):
        said = down  # the levels are called as those of the system that counts down
    meant = {grade for one in said for grade in _meanings(one, levels, titles)}
    if len(meant) == 1:
        return meant.pop()
    there = sorted(meant if grades is None else meant & grades)
    if len(there) == 1:
        return there[0]
    if meant and not there:
        return min(meant)  # outside of every level, whichever it is
    listed = ", ".join(map(str, there))
    said_so = phrase("facts.meant_grades", grades=listed) if there else Phrase("", "")
    raise CellError("grade-unclear", meant=said_so)


def is_grade_word(text: str) -> bool:
    """Whether a text is a grade in words or figures, whatever the levels are.

    >>> [is_grade_word(text) for text in ("一年级", "Grade 3", "KF", "12", "1-2", "pupils")]
    [True, True, True, True, False, False]
    """
    try:
        return _said(text) is not None
    except CellError:
        return True


@lru_cache(maxsize=1024)
def stages_of(names: tuple[str, ...]) -> frozenset[str]:
    """Return the stages that the code and titles of a level tell it to be.

    >>> sorted(stages_of(("Junior High",))), sorted(stages_of(("初中",)))
    (['middle', 'secondary'], ['middle', 'secondary'])
    """
    longest: dict[str, int] = {}
    for name in names:
        for word, stages in _stage_words().items():
            if _has(name, word):
                for stage in stages:
                    longest[stage] = max(longest.get(stage, 0), len(word))
    most = max(longest.values(), default=0)
    return frozenset(stage for stage, length in longest.items() if length == most)


@cache
def _stage_words() -> dict[str, tuple[str, ...]]:
    """Return the words by which levels are told, with the stages they tell."""
    stages = {**_GRADES["stages"], "down": _GRADES["down"]}
    words = {folded(word) for stated in stages.values() for word in stated["levels"]}
    return {
        word: tuple(s for s, stated in stages.items() if word in map(folded, stated["levels"]))
        for word in words
    }


def _has(name: str, word: str) -> bool:
    """Whether a name has a word: anywhere if it is not Latin, else as whole words of it."""
    if not word.isascii():
        return word in folded(name)
    parts = [folded(part) for part in re.split(r"[\W_]+", name) if part]
    ends = range(1, len(parts) + 1)
    return any(word == "".join(parts[first:end]) for end in ends for first in range(end))


@lru_cache(maxsize=4096)
def _said(text: str) -> frozenset[Said] | None:
    """Return every way in which a text may count; None where it is no grade.

    Raises
    ------
    CellError
        It is a part of a grade, or says that there is none.
    """
    if len(text) > MAX_WORD:
        return None
    bare, _ = without_marks(text)
    plain = unicodedata.normalize("NFKC", bare).strip()
    if match := _SIGNED.fullmatch(plain):
        number = int(match[1] + match[2])
        return frozenset({Said("", number)}) if abs(number) <= _HIGHEST else None
    form = folded(bare)
    if form in _words("parts"):
        raise CellError("grade-part", grade=_words("parts")[form])
    if form in _without():
        raise CellError("grade-none")
    found = {Said("", grade) for grade in _words("maybe").get(form, ())}
    if form in _words("words"):
        found.add(Said("", _words("words")[form]))
    for start, end, whence, ordinal, shift in _forms():
        if form.startswith(start) and form.endswith(end) and len(form) > len(start) + len(end):
            middle = form[len(start) : len(form) - len(end)]
            roman = len(start) + len(end) >= _ROMAN_BESIDE
            if not whence and (roman or start == "yr") and middle in _GRADES["letters"]:
                found.add(Said("", _GRADES["letters"][middle]))
            if (number_said := _number(middle, ordinal, roman)) is not None:
                found.add(Said(whence, number_said + shift))
    return frozenset(found) or None


@cache
def _words(part: str) -> dict[str, Any]:
    return {folded(word): grade for word, grade in _GRADES[part].items()}


@cache
def _without() -> frozenset[str]:
    return frozenset(map(folded, _GRADES["without"]["words"]))


@cache
def _forms() -> tuple[tuple[str, str, str, bool, int], ...]:
    """Return what stands before and after a number, whence it counts, and how it is said."""
    whences = {"": _GRADES["numbered"], "each": _GRADES["each"]["forms"]}
    whences["down"] = _GRADES["down"]["forms"]
    whences |= {stage: stated["forms"] for stage, stated in _GRADES["stages"].items()}
    stated = [(form, whence, 0) for whence, forms in whences.items() for form in forms]
    stated += [(form, "", shift) for form, shift in _GRADES["shifted"].items()]
    forms = []
    for form, whence, shift in stated:
        ordinal = "{o}" in form
        start, _, end = form.partition("{o}" if ordinal else "{n}")
        forms.append((folded(start), folded(end), whence, ordinal, shift))
    return tuple(forms)


@cache
def _numbers(key: str) -> dict[str, int]:
    return {folded(word): number for number, word in enumerate(_GRADES[key], 1)}


def _number(text: str, ordinal: bool, roman: bool) -> int | None:
    """Return the number that a text says, to twenty; None where it is none."""
    if ordinal:
        ending = next((e for e in _endings() if text.endswith(e) and text[: -len(e)].isdigit()), "")
        text = text.removesuffix(ending)
    if text.isdigit() and text.isascii():
        number = int(text) if len(text) <= 2 else _HIGHEST + 1
        return number if number <= _HIGHEST else None
    keys = ("numbers", "cardinals", *(("ordinals",) if ordinal else ()))
    for key in (*keys, *(("romans",) if roman else ())):
        if text in _numbers(key):
            return _numbers(key)[text]
    return None


@cache
def _endings() -> tuple[str, ...]:
    return tuple(sorted(_GRADES["endings"], key=len, reverse=True))


def _grades(levels: Levels) -> set[int]:
    return {grade for first, last in levels.values() for grade in range(first, last + 1)}


def _meanings(said: Said, levels: Levels | None, titles: Titles) -> set[int]:
    """Return the grades that one way of counting may mean; none where the levels do not tell."""
    whence, number = said
    if not whence:
        return {number}
    if whence == "down":
        return _counted_down(number, levels)
    if whence == "each":
        firsts = {1} if levels is None else {first for first, _ in levels.values()}
        spans = [(first, _HIGHEST) for first in firsts] if levels is None else levels.values()
        return {first + number - 1 for first, last in spans if first + number - 1 <= last}
    return _of_stage(whence, number, levels, titles)


def _of_stage(name: str, number: int, levels: Levels | None, titles: Titles) -> set[int]:
    """Return the grades that a number in a stage may mean: its place there, or the grade itself."""
    stage = _GRADES["stages"][name]
    begins, usual = stage.get("begins"), stage.get("usual", False)
    if levels is None:
        beyond = begins is None or begins <= number
        return set() if begins is None else {number if beyond else begins + number - 1}
    spans = [
        span for code, span in levels.items() if name in stages_of((code, *titles.get(code, ())))
    ]
    firsts = {first for first, _ in spans} | ({begins} if usual else set())
    if not spans and begins is not None and _is_usual(begins, levels):
        firsts = {begins}
        spans = [(begins, last) for first, last in levels.values() if first <= begins <= last]
    if not spans:
        return set()
    low, high = min(first for first, _ in spans), max(last for _, last in spans)
    high = high if usual else max(_grades(levels))
    meant = {first + number - 1 for first in firsts} | ({number} if usual else set())
    return {grade for grade in meant if low <= grade <= high}


def _is_usual(begins: int, levels: Levels) -> bool:
    """Whether the levels have the grades of a stage that none is called, from its usual first.

    The last stage may begin within a level.
    """
    last = max(stated.get("begins", 0) for stated in _GRADES["stages"].values())
    starts = begins == last or any(first == begins for first, _ in levels.values())
    return starts and _grades(levels).issuperset(range(begins, begins + 3))


def _counted_down(number: int, levels: Levels | None) -> set[int]:
    """Return the grade of 6e … 1re, where a level begins with the first of them."""
    down = _GRADES["down"]
    begins = levels is not None and any(first == down["grade"] for first, _ in levels.values())
    counts = begins and 1 <= number <= down["number"]
    return {down["grade"] + down["number"] - number} if counts else set()
