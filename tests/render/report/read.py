"""A page of a report as a browser reads it: its elements, texts and tables, without one."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

#: Elements that have no end.
VOID = {"meta", "br", "img", "link", "input"}
RAW = {"script", "style"}


@dataclass
class Element:
    """An element: its name, attributes, and the text that is in it and below it."""

    tag: str
    attributes: dict[str, str]
    text: str = ""
    above: tuple[str, ...] = ()


@dataclass
class Table:
    """A table: where it is, its caption and its cells, the heads first."""

    id: str
    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    tones: list[list[str]] = field(default_factory=list)


class Document(HTMLParser):
    """A page, which must be balanced."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[Element] = []
        self.tables: list[Table] = []
        self._open: list[Element] = []
        self.feed(text)
        self.close()
        assert not self._open, [one.tag for one in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        assert len(found) == len(attrs), attrs
        one = Element(tag, found, above=tuple(above.tag for above in self._open))
        self.elements.append(one)
        if tag == "table":
            self.tables.append(Table(found["id"]))
        if tag == "tr":
            self.tables[-1].rows.append([])
            self.tables[-1].tones.append([])
        if tag in ("td", "th"):
            self.tables[-1].rows[-1].append("")
            self.tables[-1].tones[-1].append(found.get("class", ""))
        if tag not in VOID:
            self._open.append(one)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop().tag == tag

    def handle_data(self, data: str) -> None:
        for one in self._open:
            one.text += data
        within = {one.tag for one in self._open}
        if within & {"td", "th"}:
            self.tables[-1].rows[-1][-1] += data
        elif "caption" in within:
            self.tables[-1].caption += data

    def all(self, *tags: str) -> list[Element]:
        """Return the elements of these names."""
        return [one for one in self.elements if one.tag in tags]

    def one(self, tag: str, **attributes: str) -> Element:
        """Return the only element of a name with these attributes."""
        (found,) = (one for one in self.all(tag) if attributes.items() <= one.attributes.items())
        return found

    def table(self, name: str) -> Table:
        """Return a table by its id."""
        (found,) = (one for one in self.tables if one.id == name)
        return found

    @property
    def policy(self) -> dict[str, str]:
        """What the content-security policy says, by directive."""
        said = self.one("meta", **{"http-equiv": "Content-Security-Policy"}).attributes["content"]
        pairs = (part.strip().partition(" ") for part in said.split(";"))
        return {name: value for name, _, value in pairs}


def svgs(text: str) -> list[str]:
    """Return every chart of a page, as its text has it."""
    return re.findall(r"<svg\b.*?</svg>", text, re.DOTALL)
