"""Words that people read, in every language, from the catalogs in ``capacity/words``.

A catalog is a TOML file; an entry is a phrase, its languages side by side::

    [written]
    en = "{folder}: written"
    zh = "{folder}：已写入"

A key names the catalog and the entry: ``compare.written``. Catalogs are read when a word of
theirs is first wanted.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en", "zh")


@cache
def catalog(name: str) -> Mapping[str, Any]:
    """Return the entries of a catalog, by key."""
    text = files("capacity").joinpath("words", f"{name}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def word(key: str, lang: str, **facts: object) -> str:
    """Return the words of a key, such as ``charts.base_year``, filled with facts.

    Raises
    ------
    ValueError
        The language is none of `LANGUAGES`.
    """
    if lang not in LANGUAGES:
        raise ValueError(f"the language must be one of {', '.join(LANGUAGES)}: {lang!r}")
    name, _, entry = key.partition(".")
    text: str = catalog(name)[entry][lang]
    return text.format(**facts)
