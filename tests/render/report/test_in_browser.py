"""A page as people have it: silent, sorted by click and by key, copied into a spreadsheet."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from capacity.render import Heading, Notes, Picture, Table, Text
from capacity.render.report.document import Sheet, Tab, report_html
from tests.render.report.test_svg import drawn

ROWS = (
    ("North", "1,234", "3.8万", "< 1 %"),
    ("=A1+1", "-56", "7,293", "12 %"),
    ("中部", "–", "400", "1 %"),
    ("East", "+78", "1.5万", "> 99 %"),
)
NAMES = "[...document.querySelectorAll('#one tbody th')].map(one => one.textContent)"
#: Takes what is copied: nobody allows a browser of tests to write into the clipboard.
CATCH = "() => { navigator.clipboard.writeText = async text => { window.caught = text; }; }"


@pytest.fixture
def opens(request: pytest.FixtureRequest) -> Any:
    """Give what opens a page in a browser, where the tests have one."""
    try:
        return request.getfixturevalue("opened")
    except pytest.FixtureLookupError:
        pytest.skip("no browser to open pages")


def written(folder: Path, lang: str, tab: bool = False) -> Path:
    path = folder / "page.html"
    path.write_text(made(lang, tab), encoding="utf-8")
    return path


@cache
def made(lang: str, tab: bool) -> str:
    blocks = [
        Heading("a heading", ("more",)),
        Text("海淀区缺学位 3.8万个"),
        Table("caption", ("region", "places", "about", "share"), ROWS, tones=(("", "red"),) * 4),
        Table("folded", ("a", "b"), (("x", "1"),), folded=True),
        Notes("notes", ("one", "two")),
        Picture(lambda: drawn("in the chart", "told\n1"), "a chart"),
    ]
    sheets = [Sheet("one", "One", [blocks]), Sheet("two", "Two", [[Text("last")]])]
    live = Tab("live", "Live", "<p id='inside'>in the tab</p>", glyphs="试算") if tab else None
    return report_html("A title", sheets, lang, tab=live)


@pytest.mark.parametrize(("lang", "dark"), [("en", False), ("zh", True)])
def test_a_page_opens_without_a_word_and_shuts_nobody_out(
    opens: Any, tmp_path: Path, lang: str, dark: bool
) -> None:
    page = opens(written(tmp_path, lang), dark=dark)
    assert page.said == [] and page.barriers() == []
    narrow = opens(written(tmp_path, lang), width=390, dark=dark)
    assert narrow.evaluate("document.documentElement.scrollWidth") <= 390
    assert narrow.said == []


def test_rows_are_sorted_by_click_and_by_key(opens: Any, tmp_path: Path) -> None:
    page = opens(written(tmp_path, "zh"))
    heads = page.evaluate("document.querySelectorAll('#one-table-1 th button').length")
    assert heads == 4
    orders = {
        1: ["=A1+1", "East", "North", "中部"],  # what is no number comes last, whichever way
        2: ["中部", "=A1+1", "East", "North"],
        3: ["North", "中部", "=A1+1", "East"],
    }
    for column, order in orders.items():
        page.click(f"#one-table-1 th:nth-child({column + 1}) button")
        assert page.evaluate(NAMES)[:4] == order
    assert page.evaluate("document.activeElement.textContent") == "share"
    page.press("Enter")
    assert page.evaluate(NAMES)[:4] == ["East", "=A1+1", "中部", "North"]
    sorts = "[...document.querySelectorAll('#one-table-1 th')].map(one => one.ariaSort)"
    assert page.evaluate(sorts)[:4] == [None, None, None, "descending"]
    page.click("#one-table-1 th:nth-child(2) button")
    page.press("Space")
    assert page.evaluate(NAMES)[:4] == ["North", "East", "=A1+1", "中部"]


def test_a_table_is_copied_as_a_spreadsheet_takes_it(opens: Any, tmp_path: Path) -> None:
    page = opens(written(tmp_path, "en"))
    page.evaluate(CATCH)
    page.click(".tools button")
    assert page.evaluate("window.caught").split("\n") == [
        "region\tplaces\tabout\tshare",
        "North\t1234\t3.8万\t< 1 %",
        "'=A1+1\t-56\t7293\t12%",
        "中部\t–\t400\t1%",
        "East\t78\t1.5万\t> 99 %",
    ]
    assert "copied" in page.text(".tools [role=status]")


def test_a_chart_tells_its_figures_on_hover(opens: Any, tmp_path: Path) -> None:
    page = opens(written(tmp_path, "en"))
    assert page.evaluate("document.getElementById('tip').hidden")
    page.do(page.page.hover(".told"))
    assert page.text("#tip") == "told\n1"
    page.do(page.page.hover("h1"))
    assert page.evaluate("document.getElementById('tip').hidden")


def test_tabs_follow_keys_and_the_address(opens: Any, tmp_path: Path) -> None:
    path = written(tmp_path, "en", tab=True)
    page = opens(path)
    shown = "[...document.querySelectorAll('[role=tabpanel]')].filter(one => !one.hidden)[0].id"
    assert page.evaluate(shown) == "report"
    page.do(page.page.focus("#report-tab"))
    page.press("ArrowRight")
    assert page.evaluate(shown) == "live"
    assert page.evaluate("document.activeElement.id") == "live-tab"
    page.press("Home")
    assert page.evaluate(shown) == "report"
    for fragment, panel in (("#live", "live"), ("#live=births", "live"), ("#two", "report")):
        page.go(path.absolute().as_uri() + fragment)
        assert page.evaluate(shown) == panel, fragment
    assert page.said == [] and page.barriers() == []


def test_the_skip_link_is_the_first_stop(opens: Any, tmp_path: Path) -> None:
    page = opens(written(tmp_path, "zh"))
    page.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_a_machine_without_chinese_fonts_needs_none(opens: Any, tmp_path: Path) -> None:
    fonts = opens(written(tmp_path, "zh")).fonts()
    assert fonts and all(fonts.values()), fonts


def test_print_is_a4_without_controls(opens: Any, tmp_path: Path) -> None:
    page = opens(written(tmp_path, "en"), dark=True)
    page.do(page.page.emulate_media(media="print"))
    for name in (".tools", ".skip"):
        style = f"getComputedStyle(document.querySelector('{name}')).display"
        assert page.evaluate(style) == "none"
    page.pdf(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
