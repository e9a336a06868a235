"""Words: both languages complete, signs and widths as people and consoles read them."""

from __future__ import annotations

import math
from importlib.resources import files

import pytest

from capacity.base import (
    LANGUAGES,
    catalog,
    cut,
    gap_text,
    language,
    number,
    sentence,
    text_in,
    width,
    word,
    wrap,
)
from capacity.results import BANDS, LevelLabel
from tests.render.frames import make_labels

#: Every phrase of every catalog, by key.
WORDS = {
    f"{path.name.removesuffix('.toml')}.{entry}": said
    for path in files("capacity").joinpath("words").iterdir()
    for entry, said in catalog(path.name.removesuffix(".toml")).items()
    if isinstance(said, dict) and isinstance(said.get("en"), str)
}


def test_words_exist_in_a_gbk_console():
    assert len(WORDS) > 1000
    for key, said in WORDS.items():
        for lang in LANGUAGES:
            assert said[lang].encode("gbk", "replace").decode("gbk") == said[lang], (key, lang)


def test_entry_tables_mark_bands_in_chinese_in_every_language():
    assert BANDS == {"黄": "yellow", "红": "red"}


@pytest.mark.parametrize(
    "value, text",
    [
        (1234.4, "+1,234"),
        (-1234.6, "-1,235"),
        (0.4, "0"),
        (-0.4, "0"),
        (math.nan, ""),
        (1234567, "+1,234,567"),
    ],
)
def test_signed_numbers(value, text):
    assert number(value, signed=True) == text


def test_gap_says_its_sign_in_words():
    assert gap_text(1234, "en") == "+1,234 short"
    assert gap_text(-1234, "en", minus="−") == "−1,234 idle"
    assert gap_text(-1234, "zh") == "-1,234 富余"
    assert gap_text(0.2, "en") == "0 balanced"
    assert gap_text(math.nan, "zh") == "无数据"


def test_braces_in_names_are_only_text():
    assert word("nouns.cell", "en", region="{x}", level="$5") == "{x} $5"


@pytest.mark.parametrize(
    "environment, choice, expected",
    [
        ({"LANG": "zh_CN.UTF-8"}, None, "zh"),
        ({"LC_ALL": "en_GB.UTF-8", "LANG": "zh_CN.UTF-8"}, None, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "en", "en"),
        ({"LANG": "C.UTF-8"}, "zh-Hans", "zh"),
        ({"LANG": "de_DE.UTF-8"}, None, "en"),
    ],
)
def test_language_of_choice_then_locale(monkeypatch, environment, choice, expected):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert language(choice) == expected


def test_width_counts_chinese_characters_twice_and_marks_not_at_all():
    assert width("north") == 5
    assert width("北部 1") == 6
    assert width("e\u0301") == 1


def test_cut_keeps_within_the_width():
    assert cut("Central", 7) == "Central"
    assert cut("Central north", 8) == "Central…"
    assert width(cut("海淀区北部新区", 7)) <= 7


def test_wrap_breaks_between_words_and_characters_but_not_before_a_full_stop():
    assert wrap("one two three", 8) == "one two\nthree"
    lines = wrap("区域拆分为假设；数据质量：红；来源", 13).split("\n")
    assert all(line[0] not in "；：，。" for line in lines)
    assert wrap("a " * 50, 10, lines=2).count("\n") == 1


def test_said_falls_back_to_another_language_then_the_code():
    assert text_in({"en": "North", "zh": "北部"}, "zh", "n") == "北部"
    assert text_in({"zh": "北部"}, "en", "n") == "北部"
    assert text_in({}, "en", "n") == "n"
    assert text_in({"en": "two\nlines\x07"}, "en", "n") == "two lines"


def test_levels_stand_in_sentences_without_a_capital():
    titles = {"a": "Junior High", "b": "K12", "c": "IB programme", "d": "高中"}
    levels = tuple(LevelLabel(code, {"en": title}, (1, 6)) for code, title in titles.items())
    labels = make_labels(levels=levels)
    names = [labels.level_name(code, "en") for code in titles]
    assert names == ["junior high", "K12", "IB programme", "高中"]


def test_sentence_only_raises_the_first_letter():
    assert sentence("regional split; RED") == "Regional split; RED"
    assert sentence("") == ""
