"""Blocks as HTML, for a notebook: without scripts, links or remote assets, every text escaped.

No background and no colour of text is set, so that pages show alike on light and dark themes.
"""

from __future__ import annotations

import re
from base64 import b64encode
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from capacity.base.words import MINUS
from capacity.render.blocks import Block, Coded, Page, Picture

if TYPE_CHECKING:
    from jinja2 import Environment

_FOLDER = Path(__file__).parent
#: A sign before a number, or one that is itself explained ("- idle"); never a hyphen.
_SIGN = re.compile(r"(?<!\S)-(?=[\d ])")
#: What no page shows: control characters, and those that turn the direction of what follows.
_HIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")


def as_html(page: Page) -> str:
    """Return a page as HTML that stands in any other page."""
    template = environment().get_template("page.html.j2")
    return template.render(blocks=[block for group in page for block in group])


@cache
def environment() -> Environment:
    """Return what fills templates, every text escaped.

    Made when the first page is shown: jinja2 takes longer to import than a page.
    """
    from jinja2 import Environment, FileSystemLoader

    made = Environment(
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FileSystemLoader(_FOLDER),
        finalize=_finished,
    )
    for kind in (*get_args(Block), Coded):
        made.tests[kind.__name__.lower()] = lambda one, kind=kind: isinstance(one, kind)
    made.filters |= {"real_minus": real_minus, "drawn": _drawn}
    return made


def clean(text: str) -> str:
    """Return a text without what no page shows."""
    return _HIDDEN.sub("", text)


def _finished(value: Any) -> Any:
    """Return a text without what is not to be seen; what is HTML already as it is."""
    return clean(value) if type(value) is str else value


def real_minus(text: str) -> str:
    """Put the minus sign in place of the plain one, which any console has.

    >>> real_minus("-1,234 idle (+ short, - idle), 2015-2024")
    '−1,234 idle (+ short, − idle), 2015-2024'
    """
    return _SIGN.sub(MINUS, text)


def _drawn(picture: Picture) -> str:
    """Draw a picture as the text of a PNG that an address can hold."""
    drawn: Any = picture.draw()
    png, _ = drawn._repr_png_()
    return b64encode(png).decode("ascii")
