"""The pictures of the documents: every kind of chart in both languages, and who shows them."""

from __future__ import annotations

import importlib
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from PIL import Image

from capacity.render.charts import KINDS

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"


@pytest.fixture(scope="module")
def maker() -> Iterator[ModuleType]:
    sys.path.insert(0, str(DOCS))
    yield importlib.import_module("make_pictures")
    sys.path.remove(str(DOCS))
    sys.modules.pop("make_pictures", None)


def test_every_kind_of_chart_is_drawn_from_a_shipped_scenario(maker: ModuleType) -> None:
    assert set(maker.SHOWN) == set(KINDS)
    for name in (*maker.SHOWN.values(), *maker.COMPARED):
        assert (ROOT / "scenarios" / f"{name}.yaml").is_file()


def test_the_pictures_that_are_kept_are_drawn_here_or_shown_by_a_page(maker: ModuleType) -> None:
    names = [*KINDS, "difference", "accuracy", "contact-sheet"]
    drawn = {maker.file_name(name, lang) for name in names for lang in maker.LANGUAGES}
    kept = {path.name: path.stat().st_size for path in (DOCS / "pictures").iterdir()}
    assert drawn <= set(kept), "run python docs/make_pictures.py"
    assert set(kept) - drawn <= {path.name for _, path in shown()}, "left over"
    assert max(kept.values()) < 500_000


def test_a_contact_sheet_holds_every_chart_whole(maker: ModuleType) -> None:
    colours = ["#FF0000", "#00FF00", "#0000FF"]
    heights = (300, 900, 450)
    images = [
        Image.new("RGB", (1280, high), colour)
        for colour, high in zip(colours, heights, strict=True)
    ]
    sheet = maker.contact_sheet(images)
    found = {colour: count for count, colour in sheet.getcolors()}
    for image, high in zip(images, heights, strict=True):
        scaled = maker.COLUMN * round(high * maker.COLUMN / 1280)
        assert found[image.getpixel((0, 0))] == scaled


def shown() -> list[tuple[str, Path]]:
    """Give the pictures in the pages, each with the page's name."""
    pages = [*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "scenarios").glob("*.md")]
    return [
        (page.name, page.parent / name)
        for page in pages
        for name in re.findall(r"!\[[^]]*\]\(([^)#]+)\)", page.read_text(encoding="utf-8"))
    ]


def test_pages_show_pictures_that_are_there() -> None:
    missing = [(page, path.name) for page, path in shown() if not path.is_file()]
    assert shown() and not missing
