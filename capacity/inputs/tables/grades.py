"""Grades as Chinese offices write them: 一年级 is 1, and 初一 is 7 where the levels tell."""

from __future__ import annotations

import re
from collections.abc import Mapping

from capacity.inputs.tables.values import normal_code

_DIGITS = ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")
_WORDS = {f"{digits}年级": grade for grade, digits in enumerate(_DIGITS, 1)}
#: The grade before the first of 初中 and of 高中, in six years, three and three.
_BEFORE = {"初": 6, "高": 9}
_STAGED = re.compile("([初高])中?([一二三])(?:年级)?")
_NUMBERED = re.compile(r"(\d{1,2})(?:年级)?", re.ASCII)

Levels = Mapping[str, tuple[int, int]]


def said_grade(text: str) -> int | None:
    """Give the grade that a word counts from the first of all.

    >>> said_grade("十二年级"), said_grade("12年级"), said_grade("初一")
    (12, None, None)
    """
    return _WORDS.get(normal_code(text))


def staged_grade(text: str) -> tuple[str, int] | None:
    """Give the stage (初 or 高) that a word counts from, and its grade in six years, 3 and 3.

    >>> staged_grade("初一"), staged_grade("高三")
    (('初', 7), ('高', 12))
    """
    match = _STAGED.fullmatch(normal_code(text))
    return (match[1], _BEFORE[match[1]] + _DIGITS.index(match[2]) + 1) if match else None


def tells_stage(stage: str, levels: Levels) -> bool:
    """Tell whether the levels leave no doubt which grade is the first of a stage.

    It is for 初 where a level begins with grade 7 (in five years and four it would be 6), for 高
    where grades 10 to 12 are there.

    >>> tells_stage("初", {"primary": (1, 6), "middle": (7, 9)})
    True
    >>> tells_stage("初", {"primary": (1, 5), "middle": (6, 9)})
    False
    """
    before = _BEFORE[stage]
    grades = {grade for first, last in levels.values() for grade in range(first, last + 1)}
    begins = stage == "高" or any(first == before + 1 for first, _ in levels.values())
    return begins and grades.issuperset(range(before + 1, before + 4))


def is_grade(name: str) -> bool:
    """Tell whether a header is a grade, as 一年级, 初一, 1年级 or 1 are."""
    text = normal_code(name)
    if match := _NUMBERED.fullmatch(text):
        return 1 <= int(match[1]) <= len(_DIGITS)
    return said_grade(text) is not None or staged_grade(text) is not None
