"""Blocks as HTML, for a notebook: without scripts, links or remote assets, every text escaped.

No background and no colour of text is set, so that pages show alike on light and dark themes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from capacity.base.words import MINUS
from capacity.render.blocks import Block, Coded, Page, Picture

if TYPE_CHECKING:
    from jinja2 import Template

_TEMPLATE = Path(__file__).with_name("page.html.j2")
#: A sign before a number, or one that is itself explained ("- idle"); never a hyphen.
_SIGN = re.compile(r"(?<!\S)-(?=[\d ])")


def as_html(page: Page) -> str:
    """Return a page as HTML that stands in any other page."""
    return _template().render(blocks=[block for group in page for block in group])


@cache
def _template() -> Template:
    """Read the template when the first page is shown; jinja2 takes longer to import than a page."""
    from jinja2 import Environment

    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    for kind in (*get_args(Block), Coded):
        environment.tests[kind.__name__.lower()] = lambda one, kind=kind: isinstance(one, kind)
    environment.filters |= {"real_minus": _real_minus, "drawn": _drawn}
    return environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))


def _real_minus(text: str) -> str:
    """Put the minus sign in place of the plain one, which any console has.

    >>> _real_minus("-1,234 idle (+ short, - idle), 2015-2024")
    '−1,234 idle (+ short, − idle), 2015-2024'
    """
    return _SIGN.sub(MINUS, text)


def _drawn(picture: Picture) -> str:
    """Draw a picture as the text of a PNG that an address can hold."""
    png, _ = picture.draw()._repr_png_()
    return b64encode(png).decode("ascii")
