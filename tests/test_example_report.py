"""The example reports of the documents are what ``docs/make_report.py`` makes today."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import capacity
from capacity.base import LANGUAGES
from capacity.render.report import document
from capacity.results import Result

DOCS = Path(__file__).parents[1] / "docs"
DATA = re.compile(r'<script type="application/json" id="capacity-data">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    yield import_module("make_report")
    sys.path.remove(str(DOCS))
    sys.modules.pop("make_report", None)


@cache
def result(path: Path) -> Result:
    return capacity.run(capacity.load_scenario(path))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_example_report_says_what_a_report_says_today(
    lang: str, maker: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All but its pictures, whose bytes are for the libraries that draw them."""
    monkeypatch.setattr(document, "svg_of", lambda *_: "")
    kept = (DOCS / maker.file_name(lang)).read_text(encoding="utf-8")
    made = capacity.report(result(maker.SCENARIO), lang=lang)
    assert said(kept) == said(made), "run python docs/make_report.py"
    assert data(kept) == data(made), "run python docs/make_report.py"
    assert len(kept.encode()) < 1_500_000


def said(page: str) -> list[str]:
    """Return the texts of a page without its pictures, its styles and its scripts."""
    bare = re.sub(r"<(svg|style|script)\b.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"<[^>]*>", "\n", bare.partition("<body")[2]).split()


def data(page: str) -> object:
    found = DATA.search(page)
    assert found is not None
    return json.loads(found[1])
