"""Grades as Chinese offices write them: 一年级 is 1, and 初一 is 7 where the levels tell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from capacity.base.words import catalog
from capacity.inputs.tables.values import normal_code

_SAID = catalog("reading")["grades"]
_NUMBERS, _GRADE = _SAID["numbers"], _SAID["grade"]
_WORDS = {f"{number}{_GRADE}": grade for grade, number in enumerate(_NUMBERS, 1)}
#: The grade before the first of 初中 and of 高中, in six years, three and three.
_BEFORE = {_SAID["middle"]: 6, _SAID["high"]: 9}
_STAGED = re.compile(
    f"([{''.join(_BEFORE)}]){_SAID['school']}?([{''.join(_NUMBERS[:3])}])(?:{_GRADE})?"
)
_NUMBERED = re.compile(rf"(\d\d?)(?:{_GRADE})?", re.ASCII)

Levels = Mapping[str, tuple[int, int]]


def said_grade(text: str) -> int | None:
    """Return the grade that a word counts from the first of all.

    >>> said_grade("十二年级"), said_grade("12年级"), said_grade("初一")
    (12, None, None)
    """
    return _WORDS.get(normal_code(text))


def staged_grade(text: str) -> tuple[str, int] | None:
    """Return the stage (初 or 高) that a word counts from, and its grade in six years, 3 and 3.

    >>> staged_grade("初一"), staged_grade("高三")
    (('初', 7), ('高', 12))
    """
    match = _STAGED.fullmatch(normal_code(text))
    return (match[1], _BEFORE[match[1]] + _NUMBERS.index(match[2]) + 1) if match else None


def tells_stage(stage: str, levels: Levels) -> bool:
    """Whether the levels leave no doubt which grade is the first of a stage.

    It is for 初 where a level begins with grade 7 (in five years and four it would be 6), for 高
    where grades 10 to 12 are there.

    >>> tells_stage("初", {"primary": (1, 6), "middle": (7, 9)})
    True
    >>> tells_stage("初", {"primary": (1, 5), "middle": (6, 9)})
    False
    """
    before = _BEFORE[stage]
    grades = {grade for first, last in levels.values() for grade in range(first, last + 1)}
    begins = stage == _SAID["high"] or any(first == before + 1 for first, _ in levels.values())
    return begins and grades.issuperset(range(before + 1, before + 4))


def is_grade(name: str) -> bool:
    """Whether a header is a grade, as 一年级, 初一, 1年级 or 1 are."""
    text = normal_code(name)
    if match := _NUMBERED.fullmatch(text):
        return 1 <= int(match[1]) <= len(_NUMBERS)
    return said_grade(text) is not None or staged_grade(text) is not None
