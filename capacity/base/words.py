"""Words that people read, in every language, from the catalogs in ``capacity/words``.

A catalog is a TOML file; an entry is a phrase, its languages side by side::

    [written]
    en = "{folder}: written"
    zh = "{folder}：已写入"

A key names the catalog and the entry: ``compare.written``. Catalogs are read when a word of
theirs is first wanted.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
_FOLDER = Path(__file__).parent.parent / "words"


@cache
def catalog(name: str) -> Mapping[str, Any]:
    """Return the entries of a catalog, by key."""
    import tomllib

    return tomllib.loads((_FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


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
