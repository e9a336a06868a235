"""Small pieces of HTML without scripts, links or remote assets; every text is escaped.

No background and no colour of text is set, so that pages show alike on light and dark themes.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

#: Jupyter has MathJax set formulas in all HTML that is shown, also ``$…$`` that a file's title
#: holds, however it is escaped. These classes have MathJax 2 and 3 leave a page alone.
_NO_FORMULAS = "tex2jax_ignore mathjax_ignore"


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(text: str) -> Html:
    """Escape a text, also for attributes; HTML stays as it is.

    >>> safe('<b onload="x">')
    '&lt;b onload=&quot;x&quot;&gt;'
    """
    return text if isinstance(text, Html) else Html(html.escape(text))


def element(name: str, *content: str, style: str = "", classes: str = "") -> Html:
    """Put content into an element; name, style and classes are ours, the content may be anybody's.

    >>> element("p", "a < b", element("b", "!"))
    '<p>a &lt; b<b>!</b></p>'
    """
    styled = f' style="{style}"' if style else ""
    classed = f' class="{classes}"' if classes else ""
    return Html(f"<{name}{classed}{styled}>{''.join(map(safe, content))}</{name}>")


def line(*parts: str) -> Html:
    """Put parts after each other, with spaces."""
    return Html(" ".join(map(safe, parts)))


def page(*parts: str) -> Html:
    """Put the parts of an object under each other; empty ones are left out."""
    shown = filter(None, parts)
    return element("div", *shown, style="max-width: 60em", classes=_NO_FORMULAS)


def heading(title: str, *more: str) -> Html:
    """Give the title of an object and, in plain type, what it is called in files."""
    return element("p", element("b", title), *(f" · {text}" for text in more if text))


def listed(lines: Iterable[str], kind: str = "ul") -> Html:
    """Give a list; ``ol`` numbers it."""
    return element(kind, *(element("li", line) for line in lines))


def folded(summary: str, content: str) -> Html:
    """Give content that opens when its summary is clicked."""
    return element("details", element("summary", summary), content)


def table(
    caption: str, heads: Sequence[str], rows: Iterable[Sequence[str]], *, left: int = 1
) -> Html:
    """Give a table under its caption.

    Parameters
    ----------
    caption : str
        What it shows, with unit and sign.
    heads : sequence of str
    rows : iterable of sequences of str
        Cells, already formatted.
    left : int
        How many columns, from the first, are text set to the left; numbers stand to the right.
    """
    body = [_row("td", row, left) for row in rows]
    head = element("thead", _row("th", heads, left))
    titled = element("p", caption, style="margin-bottom: 0")
    return Html(titled + element("table", head, element("tbody", *body)))


def _row(name: str, cells: Sequence[str], left: int) -> Html:
    sides = ("left" if k < left else "right" for k in range(len(cells)))
    styles = (f"text-align: {side}; white-space: nowrap; padding: .1em .6em" for side in sides)
    return element(
        "tr",
        *(element(name, cell, style=style) for cell, style in zip(cells, styles, strict=True)),
    )
