"""Sources of the register of assumptions: what the program states, in words of any language."""

from __future__ import annotations

import re
from functools import cache
from string import Formatter

from capacity.base.settings import METHODS
from capacity.base.words import catalog, word

#: What may stand in the facts of a source; what a file states as its own is seldom of that form.
_FACTS = {
    "method": "|".join(METHODS),
    "years": r"\d{4}(?:-\d{4})?",
    "n": r"\d+",
    "file": r"[^;]+\.ya?ml",
}


def source_in(source: str, lang: str) -> str | None:
    """Return a source in words of a language; None where the program did not state it.

    >>> source_in("shrunk of 2018-2025", "zh"), source_in("Bureau of Statistics", "zh")
    ('2018-2025 年数据（shrunk）', None)
    """
    for key, form in _forms().items():
        if found := form.fullmatch(source):
            return word(f"sources.{key}", lang, **found.groupdict())
    return None


@cache
def _forms() -> dict[str, re.Pattern[str]]:
    """Return what each source of the catalog looks like in English, by its key."""
    return {key: re.compile(_form(words["en"])) for key, words in catalog("sources").items()}


def _form(text: str) -> str:
    return "".join(
        re.escape(before) + (f"(?P<{field}>{_FACTS[field]})" if field else "")
        for before, field, _, _ in Formatter().parse(text)
    )
