"""The browser of the tests sees what it should: else pages would pass unseen."""

from __future__ import annotations

from pathlib import Path

from tests.browser import Opens

PAGE = """<!doctype html><html lang="en"><title>t</title><meta charset="utf-8">
<body><main><h1>One</h1><button>go</button>{more}</main></body></html>"""


def write(folder: Path, more: str) -> Path:
    path = folder / "page.html"
    path.write_text(PAGE.format(more=more), encoding="utf-8")
    return path


def test_a_plain_page_says_nothing_and_shuts_nobody_out(opened: Opens, tmp_path: Path) -> None:
    page = opened(write(tmp_path, ""))
    assert page.said == [] and page.barriers() == []
    page.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "go"
    assert page.text("h1") == "One"
    page.pdf(tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_messages_errors_dialogs_and_the_network_are_heard(opened: Opens, tmp_path: Path) -> None:
    scripts = ("console.warn('w')", "alert('a')", "fetch('https://example.org/x')", "oops()")
    more = "".join(f"<script>{one}</script>" for one in scripts)
    said = "\n".join(opened(write(tmp_path, more)).said)
    for heard in ("warning: w", "dialog: a", "network: https://example.org/x", "oops is not"):
        assert heard in said


def test_axe_finds_a_picture_without_words(opened: Opens, tmp_path: Path) -> None:
    found = opened(write(tmp_path, '<img src="data:,">')).barriers()
    assert any(one.startswith("image-alt") for one in found)


def test_its_machine_has_no_chinese_font(opened: Opens, tmp_path: Path) -> None:
    assert opened(write(tmp_path, "<p>学位</p>")).fonts("p") == {"DejaVu Sans": False}
