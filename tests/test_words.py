"""The words that people read: in both languages, all in use, and none in the code."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import capacity
from capacity.base import LANGUAGES, WHOLE, catalog
from capacity.base import words as spoken

ROOT = Path(capacity.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))
#: Chinese words that are read, or put beside English names: not in two languages.
CHINESE_ONLY = {"terms", "reading", "layout"}
#: What tables and columns are, with the words for them: held by tests/inputs/test_columns.py.
SPECIFIED = {"tables", "layout", "offices"}
CATALOGS = sorted(path.stem for path in (ROOT / "words").glob("*.toml"))
PHRASES = [name for name in CATALOGS if name not in CHINESE_ONLY | SPECIFIED]
#: Facts that only the English words name: a reason in English, and what the Chinese leave out.
ENGLISH_ONLY = {
    "csv-quote.what": {"reason"},
    "title-for-code.fix": {"noun"},
    "lever-table.fix": {"table"},
}
CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
#: A language and the words in it.
Phrase = dict[str, str]


def phrases(name: str) -> Iterator[tuple[str, Phrase]]:
    """Give the phrases of a catalog with their keys; those of a problem one by one."""
    for key, entry in catalog(name).items():
        if name == "problems":
            yield from ((f"{key}.{part}", words) for part, words in entry.items())
        else:
            yield key, entry


def fillers(text: str) -> set[str]:
    """Give the names that a phrase is filled with."""
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


@pytest.mark.parametrize("name", PHRASES)
def test_an_entry_read_alone_is_that_of_the_whole_catalog(name: str) -> None:
    assert {key: spoken.entry(name, key) for key in catalog(name)} == catalog(name)


@pytest.mark.parametrize("name", PHRASES)
def test_every_phrase_says_the_same_in_both_languages(name: str) -> None:
    for key, words in phrases(name):
        assert tuple(words)[: len(WHOLE)] == WHOLE and set(words) <= set(LANGUAGES), key
        assert all(text.strip() for text in words.values()), key
        named = fillers(words["en"]) - ENGLISH_ONLY.get(key, set())
        assert all(fillers(text) == named for lang, text in words.items() if lang != "en"), key


def test_a_third_language_is_an_entry_and_english_where_there_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(spoken, "LANGUAGES", (*LANGUAGES, "fr"))
    monkeypatch.setitem(spoken.entry("nouns", "gap"), "fr", "écart")  # type: ignore[arg-type]
    assert spoken.language("fr") == spoken.language("fr_CA.UTF-8") == "fr"
    assert spoken.gap_text(5, "fr") == "+5 short"
    assert spoken.word("nouns.gap", "fr") == "écart"


@given(st.integers(0, 10**7), st.booleans())
def test_a_blank_stands_between_figures_and_their_measure_word_not_after_myriads(
    places: int, signed: bool
) -> None:
    figure = spoken.number(places, signed=signed) if signed else spoken.amount(places, "zh")
    said = spoken.word("brief.level", "zh", level="小学", places=figure)
    assert said == f"小学 {figure}{'' if figure.endswith('万') else ' '}个"


def test_measure_words_stand_apart_in_every_catalog() -> None:
    close = re.compile(r"\}(?:个|次|处|行|项(?!目)|人|班(?!额)|套|所|格)")
    for name in PHRASES:
        for key, words in phrases(name):
            assert not close.search(words["zh"]), (name, key)


def test_a_problem_says_what_it_is_and_nothing_that_is_never_shown() -> None:
    for code, words in catalog("problems").items():
        assert "what" in words and words.keys() <= {"what", "expected", "fix", "brief"}, code


def leaves(entry: Any) -> Iterator[object]:
    if isinstance(entry, dict):
        for part in entry.values():
            yield from leaves(part)
    else:
        yield entry


@pytest.mark.parametrize("name", sorted(CHINESE_ONLY))
def test_no_chinese_word_is_empty(name: str) -> None:
    assert all(leaf != "" for leaf in leaves(catalog(name)))


@cache
def texts() -> tuple[set[str], set[str]]:
    """Give the string literals of the package, and how its f-strings begin."""
    whole, begun = set(), set()
    for path in FILES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr) and node.values:
                first = node.values[0]
                begun |= {first.value} if isinstance(first, ast.Constant) else set()
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                whole.add(node.value)
    return whole, begun


def is_used(key: str, begins: re.Pattern[str]) -> bool:
    whole, begun = texts()
    return key in whole or any(begins.match(part) and key.startswith(part) for part in begun)


@pytest.mark.parametrize("name", PHRASES)
def test_every_phrase_is_used(name: str) -> None:
    if name == "problems":
        unused = [code for code in catalog(name) if not is_used(code, re.compile("[a-z]+-"))]
    else:
        begins = re.compile(rf"{name}\.")
        unused = [entry for entry in catalog(name) if not is_used(f"{name}.{entry}", begins)]
    assert not unused


def test_every_word_that_is_read_is_used() -> None:
    whole, _ = texts()
    reading = catalog("reading")
    parts = {part for name in ("years", "grades") for part in reading[name]}
    assert not (reading.keys() | parts) - whole


def docstrings(tree: ast.Module) -> set[tuple[int, int]]:
    """Give where the texts begin that are statements of their own."""
    return {
        (node.lineno, node.col_offset)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def has_chinese(path: Path) -> bool:
    """Tell whether Chinese characters stand as such in a text of a file, docstrings aside."""
    source = path.read_text(encoding="utf-8")
    if not CHINESE.search(source):
        return False
    explained = docstrings(ast.parse(source))
    kinds = {"STRING", "FSTRING_MIDDLE"}
    return any(
        CHINESE.search(token.string) is not None and token.start not in explained
        for token in tokenize.generate_tokens(io.StringIO(source).readline)
        if tokenize.tok_name[token.type] in kinds
    )


def test_no_chinese_word_stands_in_the_code() -> None:
    names = {path.relative_to(ROOT).as_posix(): path for path in FILES}
    found = {name for name, path in names.items() if has_chinese(path)}
    scripts = [path for end in ("js", "css", "j2") for path in ROOT.rglob(f"*.{end}")]
    found |= {path.name for path in scripts if CHINESE.search(path.read_text(encoding="utf-8"))}
    assert scripts and not found


#: Catalogs of what a run, a study and their charts say.
SAID = ("brief", "chance", "charts", "compare", "needs", "notebook", "nouns", "sentences")
#: A word that has a twin, and the twin that none of them says instead.
TWINS = {
    "en": {
        "short": "shortfall|lacking",
        "idle": "spare|vacant",
        "8 of 10": "80 ?%|80 per cent",
    },
    "zh": {
        "缺": "不足|短缺",
        "富余": "空余|闲置|剩余",
        "起始年级": "入学年级|首年级",
        "八成结果": "八成模拟|80 ?%",
        "假定": "假设",
        "模拟": "抽样",
    },
}


@pytest.mark.parametrize("lang", sorted(TWINS))
@pytest.mark.parametrize("name", SAID)
def test_terminal_and_charts_have_one_word_each(name: str, lang: str) -> None:
    """A reader who looks from the answer to a picture meets the same words."""
    twins = re.compile("|".join(TWINS[lang].values()))
    said = {key: re.sub(r"\{.*?\}", "", words.get(lang, "")) for key, words in phrases(name)}
    assert not {key: text for key, text in said.items() if twins.search(text)}
