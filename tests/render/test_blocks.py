"""Blocks: the same content as text and as HTML, aligned in the one and escaped in the other."""

from __future__ import annotations

import re

import pytest

from capacity.base import width
from capacity.render import Coded, Heading, Notes, Page, Picture, Table, Text, as_html, as_text

INNER = Notes("inner", ["below", "last"])
PAGE: Page = [
    (Heading("Plan", ("", "How many?")), Text("One line.\nAnother."), Text("by whom", small=True)),
    (
        Table("Gaps (+ short, - idle)", ["区域", "when", "gap"], [["-1 部", "2015-24", "-1,2"]]),
        Notes("Levers", [Coded("a.csv:2", "twice"), INNER], numbered=True),
        Notes("Two", ["x", "y"], folded=True),
        Notes("", ["bare"]),
    ),
]


def plain(html: str) -> list[str]:
    """The texts of a page, without its elements."""
    return [text for text in re.split(r"<[^>]*>", html) if text.strip()]


def test_text_has_a_blank_line_between_groups_and_indents_lists() -> None:
    assert as_text(PAGE).splitlines() == [
        "Plan",
        "",
        "How many?",
        "One line.",
        "Another.",
        "by whom",
        "",
        "Gaps (+ short, - idle)",
        "区域      when   gap",
        "-1 部  2015-24  -1,2",
        "Levers",
        "  1. a.csv:2 twice",
        "  inner",
        "    below",
        "    last",
        "Two",
        "  x",
        "  y",
        "  bare",
    ]


def test_html_has_every_text_and_the_real_minus_in_numbers_alone() -> None:
    found = as_html(PAGE)
    assert plain(found) == [
        *("Plan", " · How many?", "One line.", "Another.", "by whom"),
        *("Gaps (+ short, − idle)", "区域", "when", "gap", "-1 部", "2015-24", "−1,2"),
        *("Levers", "a.csv:2", " twice", "inner", "below", "last", "Two", "x", "y", "bare"),
    ]
    assert "<ol><li><code>" in found and "<details><summary>Two</summary>" in found
    assert "<li>inner<ul><li>below</li>" in found and "<p><small>by whom</small></p>" in found


@pytest.mark.parametrize("text", ["<b>", '"onload=', "a & b", "'x'", "</p><script>", "{{ 1 }}"])
def test_what_blocks_hold_is_never_markup(text: str) -> None:
    page: Page = [
        (
            Heading(text, (text,)),
            Text(text),
            Table(text, [text], [[text], [text]]),
            Notes(text, [text, Coded(text, text), Notes(text, [text])]),
            Notes(text, [text], folded=True),
            Picture(Chart, text),
        )
    ]
    found = as_html(page)
    escaped = as_html([(Text(text),)]).split("<p>")[1].split("</p>")[0]
    assert found.count(escaped) == 16
    assert len(plain(found)) == 15, "only elements and attributes of the template"
    if escaped != text:
        assert text not in re.sub(r"(?<=<p>)<b>", "", found)


class Chart:
    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        return b"\x89PNG", {"width": 100}


def test_a_picture_is_in_the_page_and_in_words_in_text() -> None:
    page: Page = [(Picture(Chart, "the gap"),)]
    assert as_text(page) == "the gap"
    assert '<img alt="the gap" src="data:image/png;base64,iVBORw==">' in as_html(page)


def test_columns_line_up_in_both_scripts() -> None:
    rows = [["北部新区", "+1", "5"], ["n", "-1,234", "50"]]
    lines = as_text([(Table("", ["区域", "gap", "不足"], rows),)]).splitlines()
    assert {width(line) for line in lines} == {8 + 2 + 6 + 2 + 4}
    assert [line[-2:] for line in lines] == ["不足", " 5", "50"]
