"""Problems: their one form, their order, and that all are raised at once."""

from __future__ import annotations

import re

import hypothesis.strategies as st
import pytest
from hypothesis import given

import capacity.base.words as catalogs
from capacity.base import (
    LANGUAGES,
    At,
    InputError,
    Problem,
    Problems,
    Term,
    nearest,
    problem_lines,
    quote,
)

WORDS = {
    "test-strange": """
what = {en = "a strange {thing}", zh = "{thing} 不对"}
expected = {en = "one of {options}", zh = "{options} 之一"}
fix = {en = "write another", zh = "请改写"}
""",
    "test-plain": 'what.en = "something plain"',
}


@pytest.fixture(autouse=True)
def _entries(monkeypatch: pytest.MonkeyPatch) -> None:
    for code, words in WORDS.items():
        monkeypatch.setitem(catalogs._entries("problems"), code, words)


def strange(at: At, **facts: object) -> Problem:
    return Problem("test-strange", at, tuple({"thing": "code", "options": "a, b", **facts}.items()))


def test_a_problem_says_where_what_found_expected_and_what_to_do() -> None:
    problem = strange(At("places.csv", 3, 7), found="x")
    assert problem.text() == (
        "places.csv:3:7: test-strange: a strange code; found 'x'; expected one of a, b; "
        "write another"
    )
    assert problem.text("zh") == (
        "places.csv:3:7: test-strange: code 不对；实际为：'x'；应为：a, b 之一；请改写"
    )


def test_a_problem_without_more_to_say_is_short() -> None:
    problem = Problem("test-plain", At("a.csv"))
    assert problem.text() == "a.csv: test-plain: something plain"
    assert problem.text("zh") == problem.text("en")  # no Chinese words: the English ones


def test_the_nearest_names_are_offered() -> None:
    problem = strange(At("a.csv", 1), nearest=("north", "south"))
    assert problem.text().endswith("did you mean 'north' / 'south'?")
    assert problem.text("zh").endswith("是否应为 'north' / 'south'？")


@pytest.mark.parametrize(
    ("at", "text"),
    [
        (At("a.csv"), "a.csv"),
        (At("a.csv", 4), "a.csv:4"),
        (At("a.csv", 4, 2), "a.csv:4:2"),
        (At("book.xlsx", 4, 2, cell="Sheet!B4"), "book.xlsx[Sheet!B4]"),
    ],
)
def test_a_place_reads_as_editors_read_it(at: At, text: str) -> None:
    assert str(at) == text


@given(st.permutations([At("a", 2), At("a", 10), At("b", 1), At("a", 2, 5), At("a")]))
def test_problems_stand_by_file_and_line_however_they_were_found(found: list[At]) -> None:
    problems = Problems()
    for at in found:
        problems.error("test-plain", at)
    assert [str(problem.at) for problem in problems] == ["a", "a:2", "a:2:5", "a:10", "b:1"]


def test_the_same_problem_is_told_once() -> None:
    problems = Problems()
    for _ in range(3):
        problems.error("test-plain", At("a", 1))
    problems.extend(list(problems))
    assert len(problems.errors) == 1


def test_all_errors_are_raised_at_once_and_warnings_never() -> None:
    problems = Problems()
    problems.warning("test-plain", At("a", 1))
    problems.raise_errors()
    problems.error("test-plain", At("b", 1))
    problems.error("test-plain", At("c", 1))
    with pytest.raises(InputError) as raised:
        problems.raise_errors()
    assert [problem.at.file for problem in raised.value.problems] == ["b", "c"]
    assert [problem.at.file for problem in problems.warnings] == ["a"]


@pytest.mark.parametrize(("extra", "lines"), [(0, 100), (1, 101), (900, 101)])
def test_past_a_hundred_problems_only_their_number_is_told(extra: int, lines: int) -> None:
    found = tuple(Problem("test-plain", At(f"{n}", n)) for n in range(1, 101 + extra))
    for language, more in (("en", f"… and {extra} more"), ("zh", f"……另有 {extra} 处")):
        text = InputError(found).text(language).splitlines()
        assert len(text) == lines
        assert extra == 0 or text[-1] == more
    assert str(InputError(found)) == InputError(found).text("en")


def alike(*lines: int, found: str = "x") -> list[Problem]:
    """Give a problem that stands in several lines, each in a column of its own."""
    return [Problem("test-plain", At("a", n, 3 + n), (("found", found),)) for n in lines]


def test_a_problem_of_many_rows_is_told_once_with_the_rows() -> None:
    problems = [*alike(2, 3, 4, 5, 9), *alike(7, found="y")]
    first, other = problem_lines(problems, "en")
    assert first == f"{problems[0].text()}; and 4 more like it (lines 3–5, 9)"
    assert other == problems[-1].text()
    first, _ = problem_lines(problems, "zh")
    assert first.endswith("；另有 4 处相同（第 3–5、9 行）")
    assert len(InputError(tuple(problems)).problems) == 6


def test_a_problem_of_few_rows_or_of_several_files_is_told_in_each() -> None:
    assert len(problem_lines(alike(2, 3, 4), "en")) == 3
    files = [Problem("test-plain", At(file, 1)) for file in "abcde"]
    assert len(problem_lines(files, "en")) == 5


def test_scattered_rows_are_told_by_the_first_and_last() -> None:
    (line,) = problem_lines(alike(*range(2, 90, 3)), "en")
    assert line.endswith("; and 29 more like it (lines 5 … 89)")


def test_where_not_all_can_be_shown_every_kind_is() -> None:
    problems = [p for n in range(1, 500) for p in alike(n, found=str(n))]
    problems.append(Problem("test-strange", At("a", 900), (("thing", "b"), ("options", "c"))))
    *lines, last = problem_lines(problems, "en")
    assert len(lines) == 100 and last == "… and 400 more"
    assert "test-strange" in lines[-1]
    assert [line.partition(":")[2] for line in lines[:2]] == [
        problem.text().partition(":")[2] for problem in problems[:2]
    ]


@given(st.lists(st.tuples(st.integers(1, 5), st.sampled_from("abc")), max_size=60))
def test_no_problem_goes_untold(places: list[tuple[int, str]]) -> None:
    found = [p for line, said in sorted(set(places)) for p in alike(line, found=said)]
    lines = problem_lines(found, "en", 4)
    told = [int(n) for line in lines for n in re.findall(r"(?:and) (\d+) more", line)]
    shown = sum(not line.startswith("…") for line in lines)
    assert shown + sum(told) == len(found)


def test_what_was_found_is_shown_as_written() -> None:
    assert quote("a\tb\x00") == r"'a\tb\x00'"
    assert quote(3.5) == "3.5"


@pytest.mark.parametrize(
    ("name", "valid", "expected"),
    [
        ("reigon", ["region", "level"], ("region",)),
        ("NORTH", ["north", "south"], ("north",)),
        ("xyz", ["north", "south"], ()),
        ("leve", ["level", "lever"], ("level", "lever")),
        ("anything", [], ()),
    ],
)
def test_the_nearest_valid_name(name: str, valid: list[str], expected: tuple[str, ...]) -> None:
    assert sorted(nearest(name, valid)) == sorted(expected)


@pytest.mark.parametrize("fact", ["a\nb", "\x1b[2J", "\u2028", "\t", "\u202e"])
def test_a_problem_is_one_line_whatever_its_facts_hold(fact: str) -> None:
    for problem in (strange(At("a.csv"), thing=fact), strange(At(f"{fact}.csv", 1))):
        for language in LANGUAGES:
            text = problem.text(language)
            assert text.isprintable()
            assert repr(fact)[1:-1] in text


def test_a_name_has_its_chinese_word_beside_it_in_chinese() -> None:
    problem = strange(
        At("a.csv"), thing=Term("pupils", "在校生数"), options=(Term("a", "甲"), Term("b"))
    )
    english, chinese = (problem.text(language) for language in LANGUAGES)
    assert english.endswith(": a strange pupils; expected one of a, b; write another")
    assert chinese.endswith(": pupils（在校生数）不对；应为：a（甲）、b 之一；请改写")
