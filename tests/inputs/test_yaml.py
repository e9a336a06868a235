from __future__ import annotations

from pathlib import Path

import pytest

from capacity.base import Problems
from capacity.inputs.documents import parse_yaml, read_yaml


def parsed(text: str):
    problems = Problems()
    return parse_yaml(text, "f.yaml", problems), problems


def codes(text: str) -> list[tuple[str, str]]:
    """Give place and code of every problem."""
    return [(str(p.at).removeprefix("f.yaml:"), p.code) for p in parsed(text)[1]]


def test_every_key_and_value_has_its_place():
    document, problems = parsed("名称: 甲\nlist:\n  - {a: 1, 乙: [x, y]}\n")
    assert not list(problems)
    assert document.data == {"名称": "甲", "list": ({"a": 1, "乙": ("x", "y")},)}
    assert str(document.at(("名称",))) == "f.yaml:1:5"
    assert str(document.key_at(("list", 0, "乙"))) == "f.yaml:3:12"
    assert str(document.at(("list", 0, "乙", 1))) == "f.yaml:3:19"


def test_a_missing_path_stands_at_what_is_around_it():
    document, _ = parsed("a:\n  b: 1\n")
    assert str(document.at(("a", "c", "d"))) == "f.yaml:2:3"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"),
        ("on", "on"),
        ("Yes", "Yes"),
        ("true", True),
        ("null", None),
        ("", None),
        ("12:30", "12:30"),
        ("2024:09", "2024:09"),
        ("2026-09-01", "2026-09-01"),
        ("1e3", 1000.0),
        ("1.0e3", 1000.0),
        ("-.5", -0.5),
        ("+7", 7),
        ("0", 0),
        ("0.5", 0.5),
        ("0o17", 15),
        ("0x1F", 31),
        ("'010'", "010"),
        ('"1_000"', "1_000"),
        ("a_1", "a_1"),
        ("=", "="),
        ("问：答", "问：答"),
    ],
)
def test_scalars_follow_yaml_1_2(text, value):
    document, problems = parsed(f"v: {text}\n")
    assert not list(problems)
    assert document.data["v"] == value
    assert type(document.data["v"]) is type(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: !!python/object/apply:os.system [x]\n", [("1:4", "yaml-tag")]),
        ("a: !!binary aGk=\n", [("1:4", "yaml-tag")]),
        ("a: !x 1\n", [("1:4", "yaml-tag")]),
        ("a: &x 1\nb: *x\n", [("1:4", "yaml-anchor")]),
        ("a: *x\n", [("1:4", "yaml-anchor")]),
        ("a:\n  <<: {b: 1}\n", [("2:3", "yaml-anchor")]),
        ("a: 1\nb: 2\na: 3\n", [("3:1", "yaml-duplicate")]),
        ("a: 1\n'a': 3\n", [("2:1", "yaml-duplicate")]),
        ("a: 010\nb: 00123\n", [("1:4", "yaml-leading-zero"), ("2:4", "yaml-leading-zero")]),
        ("a: 1_000\n", [("1:4", "yaml-underscore")]),
        ("a: .nan\n", [("1:4", "yaml-not-finite")]),
        ("a: [-.inf, 1e400]\n", [("1:5", "yaml-not-finite"), ("1:12", "yaml-not-finite")]),
        ("a:\n\tb: 1\n", [("2:1", "yaml-tab")]),
        ("v：5\n", [("1:2", "yaml-wide-colon")]),
        ("a: 1\nv：5\n", [("2:2", "yaml-wide-colon")]),
        ("a: {kind：delay}\n", [("1:9", "yaml-wide-colon")]),
        ("--- {a: 1}\n--- {b: 1}\n", [("2:1", "yaml-documents")]),
        ("", [("1:1", "yaml-empty")]),
        ("# nothing\n", [("1:1", "yaml-empty")]),
        ("- a\n- b\n", [("1:1", "yaml-not-map")]),
        ("true: 1\n", [("1:1", "yaml-key")]),
        ("? [a]\n: 1\n", [("1:3", "yaml-key")]),
        ("1.5: a\n", [("1:1", "yaml-key")]),
        ("a: [1\n", [("2:1", "yaml-syntax")]),
        ("a: b: c\n", [("1:5", "yaml-syntax")]),
        ("a: @b\n", [("1:4", "yaml-syntax")]),
        ("a: \x01\n", [("1:4", "yaml-syntax")]),
        ("a: 1\nb: \0\n", [("2:4", "yaml-syntax")]),
    ],
)
def test_what_is_refused(text, expected):
    assert codes(text) == expected


def test_a_duplicate_names_both_lines():
    _, problems = parsed("a: 1\nb: 2\na: 3\n")
    (problem,) = problems
    assert "'a' stands here and in line 1" in problem.text()
    assert "第 1 行" in problem.text("zh")


def test_all_scalars_and_keys_are_reported_in_one_pass():
    assert [code for _, code in codes("a: 01\na: 2\nb: .inf\nnull: 3\n")] == [
        "yaml-leading-zero",
        "yaml-duplicate",
        "yaml-not-finite",
        "yaml-key",
    ]


@pytest.mark.parametrize("depth", [33, 5_000, 300_000])
def test_deep_nesting_is_refused_before_anything_recurses(depth):
    assert [code for _, code in codes("a: " + "[" * depth)] == ["yaml-depth"]


def test_thirty_two_levels_are_read():
    document, problems = parsed("a: " + "[" * 31 + "]" * 31 + "\n")
    assert document is not None
    assert not list(problems)


def test_an_alias_bomb_costs_nothing():
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{f'*a{i - 1}, ' * 9}]\n" for i in range(1, 10))
    assert [code for _, code in codes(bomb)] == ["yaml-anchor"]


def test_large_files_are_refused_unread(tmp_path: Path):
    path = tmp_path / "big.yaml"
    path.write_text("a: " + "x" * 2**20, encoding="utf-8")
    problems = Problems()
    assert read_yaml(path, problems) == (None, None)
    assert [problem.code for problem in problems] == ["yaml-size"]


@pytest.mark.parametrize(
    ("encoding", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8-sig"), ("utf-16", "utf-16"), ("gbk", "gb18030")],
)
def test_encodings_are_told_apart(tmp_path: Path, encoding, found):
    path = tmp_path / "a.yaml"
    path.write_text("title: 海淀区\nnote: 小学\n", encoding=encoding)
    problems = Problems()
    document, record = read_yaml(path, problems)
    assert document is not None and record is not None
    assert document.data["title"] == "海淀区"
    assert record.encoding == found
    assert record.size == path.stat().st_size


def test_a_file_that_is_none_is_said(tmp_path: Path):
    problems = Problems()
    assert read_yaml(tmp_path, problems)[0] is None
    assert read_yaml(tmp_path / "none.yaml", problems)[0] is None
    assert {problem.code for problem in problems} == {"file-kind", "file-missing"}
