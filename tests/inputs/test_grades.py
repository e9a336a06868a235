"""Words for grades of a dozen school systems, where the levels tell which grade each is."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import catalog
from capacity.inputs.tables import CellError, grade_of, is_grade_word

Levels = Mapping[str, tuple[int, int]]

CHINA = {"kindergarten": (-2, 0), "primary": (1, 6), "middle": (7, 9), "high": (10, 12)}
FIVE_FOUR = {"primary": (1, 5), "middle": (6, 9), "high": (10, 12)}
STATES = {"elementary": (-1, 5), "middle": (6, 8), "high": (9, 12)}
ENGLAND = {"primary": (0, 6), "secondary": (7, 11), "sixth": (12, 13)}
SCOTLAND = {"primary": (1, 7), "secondary": (8, 13)}
FRANCE = {"primaire": (1, 5), "college": (6, 9), "lycee": (10, 12)}
UNTOLD = {"a": (1, 6), "b": (7, 9), "c": (10, 12)}
ALL = (CHINA, FIVE_FOUR, STATES, ENGLAND, SCOTLAND, FRANCE, UNTOLD)

#: Words, their grades in order, and the levels.
READ: Sequence[tuple[str, Sequence[int], Levels]] = [
    ("1 01 1.0 １ 001 -1", (1, 1, 1, 1, 1, -1), CHINA),
    ("一年级 一年級 小学一年级 小一 小1 十二年级", (1, 1, 1, 1, 1, 12), CHINA),
    ("初一 七年级 初中一年级 初中七年级 初三 高三 高中一年级", (7, 7, 7, 7, 9, 12, 10), CHINA),
    ("大班 中班 小班 幼儿园大班 K1 K3", (0, -1, -2, 0, -2, 0), CHINA),
    ("初一 初二 高一 小六", (7, 8, 10, 6), UNTOLD),
    ("初四 六年级 小五", (9, 6, 5), FIVE_FOUR),
    ("中一 中1 國中一年級 初中3", (7, 7, 7, 9), CHINA),
    ("초1 중1 고1 중학교2학년", (1, 7, 10, 8), CHINA),
    ("小学1年 中1 高1 中学校2年生", (1, 7, 10, 8), CHINA),
    ("4학년 4年", (4, 4), CHINA),
    ("G1 Gr.1 grade_3 3rd-Grade First-Grade Gr05", (1, 1, 3, 3, 1, 5), STATES),
    ("K KG PK Pre-K Kindergarten Grade-K 12th", (0, 0, -1, -1, 0, 0, 12), STATES),
    (
        "R Reception YR NCY-R Nursery N2 Year-7 Y7 Yr-13 NCY-6",
        (0, 0, 0, 0, -1, -1, 7, 7, 13, 6),
        ENGLAND,
    ),
    ("P1 P7 S1 S6 Primary-3", (1, 7, 8, 13, 3), SCOTLAND),
    ("Standard-1 Std.4 Class-IX Form-1 Form-II", (1, 4, 9, 8, 9), SCOTLAND),
    ("CP CE1 CM2 6e 6ème 5e 3e 2nde 1ère Tle", (1, 2, 5, 6, 6, 7, 9, 10, 11, 12), FRANCE),
    ("1º-ano 1.º-EF 1º-EM 9º 3ª-série-EM", (1, 1, 10, 9, 12), UNTOLD),
    ("Klasse-4 4.-Klasse Klasse-10 Groep-3 Årskurs-4 Förskoleklass", (4, 4, 10, 1, 4, 0), UNTOLD),
    ("JK SK Junior-Infants LKG UKG Prep", (-1, 0, -1, -1, 0, 0), CHINA),
]
#: Words that more than one grade of the levels, or none that they tell, may be.
UNCLEAR: Sequence[tuple[str, Levels]] = [
    ("初一 初三", FIVE_FOUR),
    ("高一 TK 5e", STATES),
    ("P1 P3 F2 1st-year sixth-form", ENGLAND),
    ("1학년 3年", CHINA),
    ("初四", UNTOLD),
    ("P8", SCOTLAND),
    ("초1 K1", {"x": (7, 9)}),
]


def read(word: str, levels: Levels | None) -> int | str | None:
    """Give the grade, or the code of why there is none; `-` stands for a blank in the tables."""
    try:
        return grade_of(word, levels)
    except CellError as fault:
        return fault.code


@pytest.mark.parametrize(
    ("word", "grade", "levels"),
    [
        (word.replace("-", " ") if word != "-1" else word, grade, levels)
        for words, grades, levels in READ
        for word, grade in zip(words.split(), grades, strict=True)
    ],
)
def test_a_grade_is_read_where_the_levels_tell_it(word: str, grade: int, levels: Levels) -> None:
    assert read(word, levels) == grade
    assert is_grade_word(word)


@pytest.mark.parametrize(
    ("word", "levels"),
    [(word.replace("-", " "), levels) for words, levels in UNCLEAR for word in words.split()],
)
def test_a_word_of_two_grades_is_none(word: str, levels: Levels) -> None:
    assert read(word, levels) == "grade-unclear" and is_grade_word(word)


@pytest.mark.parametrize("levels", ALL)
def test_parts_and_pupils_of_no_grade_are_named_so(levels: Levels) -> None:
    assert {read(word, levels) for word in ("KF", "KH", "Half Day Kindergarten")} == {"grade-part"}
    assert {read(word, levels) for word in ("UG", "ungraded", "不分年级", "X")} == {"grade-none"}


@pytest.mark.parametrize(
    "word", ["", "1-2", "1–3", "pupils", "99", "12½", "year", "grade", "-", "合计"]
)
def test_what_is_no_grade(word: str) -> None:
    assert grade_of(word, CHINA) is None and not is_grade_word(word)


def forms() -> list[str]:
    """Give every word and every form of the catalog; with the numbers 1 to 13."""
    stated = catalog("reading")["grades"]
    stages = [form for stage in stated["stages"].values() for form in stage["forms"]]
    every = [*stated["numbered"], *stated["shifted"], *stages, *stated["each"]["forms"]]
    every += stated["down"]["forms"]
    numbers = [1, 2, 3, 9, 12, "一", "三", "十一", "one", "seven"]
    numbered = [form.replace("{n}", str(n)) for form in every if "{n}" in form for n in numbers]
    ordinals = ["first", "seventh", "1st", "2nd", "3º", "9.", "5"]
    numbered += [form.replace("{o}", one) for form in every if "{o}" in form for one in ordinals]
    return [*numbered, *stated["words"], *stated["maybe"]]


def test_every_word_is_a_grade_of_the_levels_or_refused() -> None:
    """No word of the catalog is passed over; what has one meaning has it in every spelling."""
    luck = random.Random(0)
    refused = ("grade-unclear", "grade-none", "grade-part")
    for word in forms():
        spelt = luck.choice((word.upper(), f" {word} ", word.title(), f"{word}\u00b9"))
        for levels in ALL:
            found = read(word, levels)
            assert isinstance(found, int) or found in refused, word
            assert read(spelt, levels) == found, spelt


@given(st.sampled_from(ALL), st.sampled_from(forms()))
def test_levels_that_are_not_there_take_no_grade_away(levels: Levels, word: str) -> None:
    """What is read under some levels is read alike, or is unclear, once there is a further one."""
    found, more = read(word, levels), read(word, {**levels, "further": (14, 16)})
    assert more in (found, "grade-unclear") or found == "grade-unclear"


def test_titles_tell_a_stage_as_codes_do() -> None:
    levels = {"a": (1, 9), "b": (10, 12)}
    with pytest.raises(CellError):
        grade_of("1º ESO", {"a": (1, 9)})
    assert grade_of("3ª série EM", levels, {"b": ("Ensino Médio",)}) == 12
    assert grade_of("S1", {"a": (1, 7), "b": (8, 13)}, {"b": ("Secondary", "中学")}) == 8
