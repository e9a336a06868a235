"""Sheets of blocks as one HTML file: no network, every text escaped, what may act named by hash.

The page holds its font, its style and its scripts; a content-security policy names each by its
SHA-256, so that nothing else in it acts, whatever a title holds. What a later study adds is one
more sheet of the same blocks.
"""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from capacity.base.words import word
from capacity.render.blocks import Block, Page, Picture
from capacity.render.fonts import FAMILY
from capacity.render.html import environment
from capacity.render.report.glyphs import address
from capacity.render.report.svg import svg_of

_FOLDER = Path(__file__).parent
#: What the page says of itself, by which it is known again.
FORMAT = "capacity.report/1"
#: Words of a share that is only near 0, or 1.
_NEAR = ("below", "above")
#: Where the page has its data.
DATA = "capacity-data"
#: Names of sheets and tabs, which begin the ids of all that is in them.
_CODE = re.compile("[a-z][a-z-]*")
#: What may not stand in a script as it is: it would end it, break a line of it, or hide.
_UNSAFE = re.compile("[<>&\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
#: The report itself, where it is one of two tabs; and the ids of the page's own frame.
REPORT, _OWN = "report", ("report", "main", "tabs", "contents", DATA)
#: What the page may do: nothing that is not named.
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; font-src data:; img-src data:; "
    "worker-src blob:; base-uri 'none'; form-action 'none'"
)


@dataclass(frozen=True)
class Sheet:
    """One section of a page.

    Attributes
    ----------
    code : str
        Its anchor: small letters and hyphens.
    title : str
    page : Page
        Its blocks.
    """

    code: str
    title: str
    page: Page


@dataclass(frozen=True)
class Tab:
    """A tab that is more than blocks, of parts that come with the package.

    Attributes
    ----------
    code, title : str
        As of a `Sheet`.
    markup : str
        HTML of its body, made with autoescape; it has no style and no script in it.
    style : str
        CSS.
    scripts : tuple of str
        JavaScript, each in an element of its own, in this order.
    data : mapping
        What they read from the element `DATA`, as JSON.
    glyphs : str
        Every character that it may show, beside those of its markup.
    """

    code: str
    title: str
    markup: str
    style: str = ""
    scripts: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    glyphs: str = ""


def report_html(
    title: str,
    sheets: Sequence[Sheet],
    lang: str,
    *,
    tab: Tab | None = None,
    about: str = "",
    data: Mapping[str, Any] | None = None,
) -> str:
    """Return sheets, and a tab beside them, as one HTML file.

    Parameters
    ----------
    title
        Of the whole.
    sheets
        In their order; their codes differ.
    lang
        "en" or "zh".
    tab
        What stands beside the report.
    about
        Lines under the title.
    data
        What the page says of itself as JSON, where no tab brings data.

    Raises
    ------
    ValueError
        Codes are no anchors, or not each its own.
    """
    _refuse_codes([*(sheet.code for sheet in sheets), *([tab.code] if tab else [])])
    made = [(sheet, list(_blocks(sheet))) for sheet in sheets]
    scripts = [_own("report.js"), *(tab.scripts if tab else ())]
    body = (
        environment()
        .get_template("report/report.html.j2")
        .render(
            lang=lang,
            title=title,
            about=about,
            sheets=made,
            tab=tab,
            report=REPORT,
            said=lambda key: word(f"report.{key}", lang),
            marks=_marks(lang),
        )
    )
    facts = {"format": FORMAT} | dict((tab.data if tab else data) or {})
    font = address(f"{title}{body}{tab.glyphs if tab else ''}{_own('report.css')}")
    face = f'@font-face{{font-family:"{FAMILY}";src:url({font}) format("woff")}}\n'
    style = face + _own("report.css") + (tab.style if tab else "")
    _refuse_ends(style, scripts)
    whole = environment().get_template("report/frame.html.j2")
    return whole.render(
        lang={"zh": "zh-Hans"}.get(lang, lang),
        title=title,
        format=FORMAT,
        policy=_POLICY.format(scripts=_hashes(scripts), styles=_hashes([style])),
        style=style,
        body=body,
        data=_json(facts),
        data_id=DATA,
        scripts=scripts,
    )


def _marks(lang: str) -> dict[str, str]:
    """Return what stands beside numbers in words, by which a table is sorted."""
    near = {of: word(f"chance.{of}", lang, n=1).partition("1")[0].strip() for of in _NEAR}
    myriads = word("nouns.myriads", lang, n="")
    return near | {"tens": "" if any(map(str.isdigit, myriads)) else myriads}


def is_report(head: bytes) -> bool:
    """Whether a file that begins like this is a page that was written here."""
    return f'content="{FORMAT}"'.encode() in head


def _blocks(sheet: Sheet) -> Iterator[tuple[str, Block, str]]:
    """Yield the blocks of a sheet, each with an id of its own and, of a picture, its SVG."""
    numbers = Counter[str]()
    for group in sheet.page:
        for block in group:
            kind = type(block).__name__.lower()
            numbers[kind] += 1
            name = f"{sheet.code}-{kind}-{numbers[kind]}"
            drawn = svg_of(block.draw(), name, block.shows) if isinstance(block, Picture) else ""
            yield name, block, drawn


def _refuse_codes(codes: Sequence[str]) -> None:
    wrong = [code for code in codes if not _CODE.fullmatch(code) or code in _OWN]
    twice = [code for code, count in Counter(codes).items() if count > 1]
    if wrong or twice:
        raise ValueError(f"codes of sheets must be anchors, each its own: {[*wrong, *twice]}")


def _refuse_ends(style: str, scripts: Iterable[str]) -> None:
    """Refuse what would end its own element: parts of the package never do."""
    if "</" in style or any("</script" in one.lower() or "<!--" in one for one in scripts):
        raise ValueError("a style or script has the end of its element in it")


def _hashes(texts: Iterable[str]) -> str:
    """Return what a policy names texts by."""
    found = (b64encode(sha256(text.encode()).digest()).decode("ascii") for text in texts)
    return " ".join(f"'sha256-{one}'" for one in found)


def _json(data: Mapping[str, Any]) -> str:
    """Return data as JSON that stands in an element of a page."""
    text = json.dumps(data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return _UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


@cache
def _own(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8").replace("\r\n", "\n")
