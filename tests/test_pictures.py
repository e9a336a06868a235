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

from capacity.outputs.charts.kinds import KINDS

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


def test_the_pictures_that_are_kept_are_those_that_are_drawn(maker: ModuleType) -> None:
    names = [*KINDS, "difference", "contact-sheet"]
    expected = {maker.file_name(name, lang) for name in names for lang in maker.LANGUAGES}
    kept = {path.name: path.stat().st_size for path in (DOCS / "pictures").iterdir()}
    assert set(kept) == expected, "run python docs/make_pictures.py"
    assert max(kept.values()) < 400_000


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


def test_pages_show_pictures_that_are_there() -> None:
    pages = [*ROOT.glob("*.md"), *DOCS.glob("*.md"), *(ROOT / "scenarios").glob("*.md")]
    for page in pages:
        for shown in re.findall(r"!\[[^]]*\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / shown).is_file(), f"{page.name}: {shown}"
