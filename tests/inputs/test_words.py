"""Chinese words in cells: listed values and grades as offices write them, each counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from capacity.base import InputError, Problem
from capacity.inputs.scenarios import Scenario, check, load_scenario
from capacity.inputs.tables import (
    CHOICES,
    TABLES,
    CellError,
    Names,
    cell_reader,
    listed_words,
    unclear_words,
)
from tests.inputs.folder import DISTRICT, write

_PIPELINE = "项目,区域,状态,启用年份,建设类型,启用方式,小学学位数,数据质量\n"
#: Six years, three and three; and five years and four.
_LEVELS = DISTRICT[DISTRICT.index("levels:") : DISTRICT.index("entry:")]


def levels(*spans: tuple[str, int, int]) -> str:
    rows = "".join(
        f"  - {{code: {code}, grades: [{first}, {last}], class_size: 40}}\n"
        for code, first, last in spans
    )
    return DISTRICT.replace(_LEVELS, f"levels:\n{rows}")


SIX_THREE_THREE = levels(("primary", 1, 6), ("middle", 7, 9), ("high", 10, 12))
FIVE_FOUR = levels(("primary", 1, 5), ("middle", 6, 9))


def pipeline(root: Path, *cells: str) -> Path:
    return write(root, pipeline=f"{_PIPELINE}P1,north,{','.join(cells)}\n")


def read(path: Path, table: str, column: str) -> tuple[Scenario, object]:
    scenario = load_scenario(path)
    return scenario, scenario.district.table(table)[column].tolist()[0]


@pytest.mark.parametrize(
    ("column", "word", "value"),
    [
        *(
            ("status", word, value)
            for value, words in {
                "open": "已启用 已开办 已建成",
                "building": "在建",
                "approved": "已批 已批复 已立项",
                "planned": "规划 计划 拟建",
                "idea": "设想 意向",
                "cancelled": "取消 已取消",
            }.items()
            for word in words.split()
        ),
        *(
            ("kind", word, value)
            for word, value in (
                ("新建", "new"),
                ("扩建", "extension"),
                ("改建", "rebuild"),
                ("购置", "bought"),
                ("腾退", "vacated"),
                ("临时", "temporary"),
                ("接收配套", "new"),
                ("回购", "bought"),
                ("租赁", "temporary"),
            )
        ),
        ("fill", "一次到位", "immediate"),
        ("quality", "绿", "GREEN"),
        ("quality", "黄", "AMBER"),
        ("quality", "红", "RED"),
    ],
)
def test_a_chinese_word_is_read_as_its_choice_and_counted(
    tmp_path: Path, column: str, word: str, value: str
) -> None:
    cells = {"status": "building", "kind": "new", "fill": "by_grade", "quality": "GREEN"}
    cells[column] = word
    order = (cells["status"], "2024", cells["kind"], cells["fill"], "400", cells["quality"])
    scenario, found = read(pipeline(tmp_path, *order), "pipeline", column)
    assert found == value
    (change,) = scenario.district.changes
    assert (change.kind, change.before, change.after) == ("word", word, value)


def test_every_word_of_an_office_means_its_choice_or_is_asked_about() -> None:
    names = Names(("north",), {"primary": (1, 3)})
    for table in TABLES.values():
        for column in table.columns:
            if not column.choices:
                continue
            read = cell_reader(column, names)
            for word, choice in {
                **listed_words(column.words),
                **dict(zip(*[column.choices] * 2, strict=True)),
            }.items():
                for spelt in (word, word.upper(), f" {word.title()} "):
                    assert read(spelt).value == choice
            for word, meant in unclear_words(column.words).items():
                assert len(meant) > 1
                with pytest.raises(CellError, match="word-unclear"):
                    read(word.title())


def refused(path: Path) -> Problem:
    with pytest.raises(InputError) as error:
        load_scenario(path)
    first, *_ = error.value.problems
    return first


def test_a_word_of_two_choices_is_refused_with_both(tmp_path: Path) -> None:
    problem = refused(pipeline(tmp_path, "在建", "2024", "改扩建", "", "400", ""))
    assert problem.code == "word-unclear"
    assert "extension（扩建）、rebuild（改建）" in problem.text("zh")
    assert "extension (extension), rebuild (rebuilt)" in problem.text("en")


@pytest.mark.parametrize("word", ["筹建", "在建2", "建", "openn", "已取消在建"])
def test_any_other_word_is_refused_with_the_words_there_are(tmp_path: Path, word: str) -> None:
    problem = refused(pipeline(tmp_path, word, "2024", "new", "", "400", ""))
    assert problem.code == "unknown-value"
    assert "open（已启用）、building（在建）" in problem.text("zh")


def test_a_word_means_one_choice_and_is_none_itself() -> None:
    for table in TABLES.values():
        for column in table.columns:
            words = listed_words(column.words) if column.choices else {}
            assert not {*words} & {*column.choices}
            assert {*words.values()} == {*column.choices}
            if column.choices:
                choices = CHOICES[column.words].values()
                every = sum(len(said.get("also", ())) for said in choices)
                assert len(words) == len(column.choices) + every, column.name
                assert not {*words} & {*unclear_words(column.words)}


def school(root: Path, word: str, number: int, district: str) -> Path:
    """Write a district with levels of its own, and one grade of its pupils in words."""
    last = 12 if district == SIX_THREE_THREE else 9
    rows = ["year,region,grade,pupils"]
    rows += [
        f"2021,{region},{word if (region, grade) == ('north', number) else grade},100"
        for region in ("north", "south")
        for grade in range(1, last + 1)
    ]
    enrolment = "\n".join(rows) + "\n"
    return write(
        root, district=district, enrolment=enrolment, births=None, places=None, pipeline=None
    )


@pytest.mark.parametrize(
    ("word", "grade", "district"),
    [
        *(
            (f"{digits}年级", grade, SIX_THREE_THREE)
            for grade, digits in enumerate(
                ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"], 1
            )
        ),
        ("初一", 7, SIX_THREE_THREE),
        ("初中二年级", 8, SIX_THREE_THREE),
        ("高三", 12, SIX_THREE_THREE),
        ("一年级", 1, FIVE_FOUR),
    ],
)
def test_a_grade_in_words_is_its_number(
    tmp_path: Path, word: str, grade: int, district: str
) -> None:
    path = school(tmp_path, word, grade, district)
    scenario, _ = read(path, "enrolment", "grade")
    assert scenario.district.table("enrolment")["grade"].tolist()[grade - 1] == grade
    assert [change.kind for change in scenario.district.changes] == ["grade"]


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("初一", "grade-unclear"),
        ("高一", "grade-unclear"),
        ("十年级", "grade-outside"),
        ("初三", "grade-unclear"),
        ("十三年级", "grade-outside"),
        ("年级", "grade-unknown"),
    ],
)
def test_a_grade_that_the_levels_do_not_tell_is_refused(
    tmp_path: Path, word: str, code: str
) -> None:
    path = school(tmp_path, word, 6, FIVE_FOUR)
    assert code in {problem.code for problem in check(path).errors}
