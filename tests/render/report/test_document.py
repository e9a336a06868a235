"""What holds of every page, whatever stands in it: nothing foreign acts, and nothing is lost."""

from __future__ import annotations

import gc
import json
import re
import warnings
from base64 import b64decode, b64encode
from functools import cache
from hashlib import sha256
from io import BytesIO
from itertools import pairwise

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from capacity.base import LANGUAGES
from capacity.render import FONT, Coded, Heading, Notes, Picture, Table, Text
from capacity.render.report.document import DATA, Sheet, Tab, is_report, report_html
from tests.render.report.read import Document, svgs
from tests.render.report.test_svg import drawn

HOSTILE = (
    "<script>alert(1)</script>",
    "</script><script>alert(2)</script>",
    '"><img src=x onerror=alert(3)>',
    '=HYPERLINK("http://x")',
    "$x$ ${alert(4)} {{ 7 * 7 }}",
    "\x1b[31mred\x1b[0m",
    "\u202eright to left\u2066",
    "<!-- ]]> </style></svg>",
    'it\'s & "quoted"\u2028',
)
#: What is not shown of them.
HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def whole(text: str) -> list[Sheet]:
    """Give sheets with every kind of block, all of one text."""
    blocks = [
        Heading(text, (text,)),
        Text(f"{text}\n{text}"),
        Text(text, small=True),
        Table(text, (text, "n"), ((text, "-1,234"), ("b", text)), tones=(("", "red"), ("", ""))),
        Table(text, ("a", text), ((text, "1"),), folded=True),
        Notes(text, (text, Coded(text, text), Notes(text, (text,)))),
        Notes(text, (text,), folded=True, numbered=True),
        Picture(lambda: drawn(text), text),
    ]
    return [Sheet("first", text, [blocks]), Sheet("second", text, [[Text(text)]])]


def page(text: str, lang: str = "en", **options: object) -> str:
    return report_html(text, whole(text), lang, **options)  # type: ignore[arg-type]


def tab(text: str) -> Tab:
    script = "window.capacity = JSON.parse(document.getElementById('capacity-data').textContent);"
    data = {"title": text, "values": [1.5, None], text: {"deep": [text]}}
    return Tab("live", text, "<p id='here'>…</p>", "#here { color: red; }", (script,), data, "试算")


@cache
def held(text: str) -> str:
    """Give a page whose every text is this one."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # no font draws an escape
        return page(text, tab=tab(text))


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_that_a_title_holds_acts(text: str) -> None:
    html = held(text)
    found = Document(html)
    scripts = found.all("script")
    assert [one.attributes.get("type") for one in scripts] == ["application/json", None, None]
    assert scripts[2].text == tab(text).scripts[0]
    assert not found.all("img", "iframe", "object", "embed", "form", "base")
    for one in found.elements:
        assert not any(name.startswith("on") for name in one.attributes), one
        assert "style" not in one.attributes, one
        assert one.attributes.get("href", "#").startswith("#"), one
        assert "src" not in one.attributes, one
    clean = HIDDEN.sub("", text)
    assert found.one("h1").text == clean and found.all("title")[0].text == clean
    assert found.table("first-table-1").rows[1][0] == clean
    assert not HIDDEN.search(html)


@pytest.mark.parametrize("text", HOSTILE)
def test_data_come_back_as_they_were(text: str) -> None:
    data = Document(held(text)).one("script", id=DATA).text
    assert not re.search("[<>&\u2028\u2029\u202e]", data)
    assert json.loads(data) == {"format": "capacity.report/1", **tab(text).data}


@pytest.mark.parametrize("text", HOSTILE)
def test_every_chart_is_sound_xml_with_the_text_that_it_was_given(text: str) -> None:
    from xml.etree import ElementTree

    (chart,) = svgs(held(text))
    root = ElementTree.fromstring(chart)
    assert root.attrib["aria-label"] == HIDDEN.sub("", text)
    assert any(HIDDEN.sub("", text) == one.text for one in root.iter("text"))


def test_the_policy_names_what_acts_and_nothing_else() -> None:
    found = Document(page("title", tab=tab("title")))
    policy = found.policy
    assert policy["default-src"] == "'none'" and "unsafe" not in str(policy)
    for kind in ("style", "script"):
        texts = [one.text for one in found.all(kind) if "type" not in one.attributes]
        hashes = [b64encode(sha256(text.encode()).digest()).decode() for text in texts]
        assert policy[f"{kind}-src"] == " ".join(f"'sha256-{one}'" for one in hashes)
    assert policy["font-src"] == policy["img-src"] == "data:"
    assert "connect-src" not in policy


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_page_can_be_walked_by_ear_and_by_keyboard(lang: str) -> None:
    found = Document(page("title", lang, tab=tab("title"), about="one\ntwo"))
    ids = [one.attributes["id"] for one in found.elements if "id" in one.attributes]
    assert len(ids) == len(set(ids))
    for one in found.elements:
        for name in ("aria-labelledby", "aria-controls"):
            assert one.attributes.get(name, ids[0]) in ids, one
        if one.tag == "a":
            assert one.attributes["href"][1:] in ids
    levels = [int(one.tag[1]) for one in found.all("h1", "h2", "h3", "h4")]
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert all(one.attributes["scope"] in ("col", "row") for one in found.all("th"))
    assert len(found.all("main")) == 1 and len(found.all("nav")) == 1
    assert found.elements[0].attributes["lang"] == {"en": "en", "zh": "zh-Hans"}[lang]
    scrolled = [
        one for one in found.all("div", "figure") if one.attributes.get("class") == "scroll"
    ]
    assert scrolled and all(one.attributes["tabindex"] == "0" for one in scrolled)
    pictures = found.all("svg")
    assert pictures and all(one.attributes["role"] == "img" for one in pictures)


def test_no_file_waits_for_the_garbage_collector() -> None:
    gc.collect()
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", ResourceWarning)
        page("犇骉羴", "zh")  # characters that no other page here has: its font is cut anew
        gc.collect()
    assert not [str(one.message) for one in found]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_font_has_what_the_page_shows_and_little_else(lang: str) -> None:
    text = "喆翀堃镕 北部小学 −1,234 ≥ 黄"
    html = page(text, lang, tab=tab("海淀"))
    (address,) = re.findall(r"url\(data:font/woff;base64,([^)]+)\)", html)
    with TTFont(BytesIO(b64decode(address))) as font, TTFont(FONT, lazy=True) as brought:
        has, ours = set(font.getBestCmap()), set(brought.getBestCmap())
    found = Document(html)
    body = found.one("body").text
    for one in found.all("script"):
        body = body.replace(one.text, "")
    said = "".join(value for one in found.elements for value in one.attributes.values())
    shown = {ord(mark) for mark in body + said + tab("海淀").glyphs if not mark.isspace()}
    assert shown & ours <= has and {ord(mark) for mark in text} - {ord(" ")} <= has
    assert len(has) < len(shown) + 120


def test_a_table_shows_signs_tones_and_what_is_folded() -> None:
    found = Document(page("title"))
    table = found.table("first-table-1")
    assert table.rows == [["title", "n"], ["title", "−1,234"], ["b", "title"]]
    assert table.tones[1][1] == "red" and table.caption == "title"
    folded = [one for one in found.all("table") if "details" in one.above]
    assert [one.attributes["id"] for one in folded] == ["first-table-2"]


def test_the_same_page_is_the_same_bytes() -> None:
    assert page("title", tab=tab("title")) == page("title", tab=tab("title"))


def test_a_page_knows_itself() -> None:
    assert is_report(page("title").encode()[:1024])
    assert not is_report(b"<!doctype html><title>capacity.report/1</title>")


@pytest.mark.parametrize("codes", [("a", "a"), ("report",), ("a b",), ("A",), ('"',), ("",)])
def test_codes_are_anchors_each_its_own(codes: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match="anchors"):
        report_html("title", [Sheet(code, "x", [[Text("x")]]) for code in codes], "en")


@pytest.mark.parametrize("script", ["'</script>'", "<!-- x", "</SCRIPT >"])
def test_a_script_that_would_end_its_element_is_refused(script: str) -> None:
    bad = Tab("live", "x", "", scripts=(script,))
    with pytest.raises(ValueError, match="end"):
        report_html("title", whole("x"), "en", tab=bad)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=40))
def test_any_text_comes_back_from_a_cell(text: str) -> None:
    rows = ((text, text),)
    html = report_html("t", [Sheet("s", "s", [[Table("c", ("a", "b"), rows, left=2)]])], "en")
    cell = Document(html).table("s-table-1").rows[1][1]
    pair = (HIDDEN.sub("", text), cell)
    lines = [one.replace("\r\n", "\n").replace("\r", "\n") for one in pair]
    assert lines[0] == lines[1] and not HIDDEN.search(cell)
