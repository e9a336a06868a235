"""The door by which objects get what is made of them further up: words, pages, pictures.

Inputs, errors and results stand below what people see of them. So a class names, as its ``page``,
the module that makes it; the module is imported when something is first asked for. There
``shown(thing, lang)`` gives the blocks that a notebook shows.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import ClassVar

from capacity.base.words import language


class HtmlRepr:
    """An object that a notebook shows as HTML, in the language of the locale."""

    _page: ClassVar[str]

    def __init_subclass__(cls, page: str = "", **others: object) -> None:
        super().__init_subclass__(**others)
        if page:
            cls._page = page

    def _repr_html_(self) -> str | None:
        return html(self)


def page_of(thing: HtmlRepr) -> ModuleType:
    """Return the module that makes what people see of an object."""
    return import_module(thing._page)


def html(thing: object, lang: str | None = None) -> str | None:
    """Return an object as HTML; None where no page is named for it."""
    if not hasattr(thing, "_page"):
        return None
    page = import_module(type(thing)._page).shown(thing, lang or language())
    return str(import_module("capacity.render.html").as_html(page))
