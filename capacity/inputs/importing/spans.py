"""Years that stand within a text, as a title or the name of a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from functools import cache

from capacity.base.words import catalog
from capacity.inputs.tables.values import CellError
from capacity.inputs.tables.years import is_year_word, read_year

#: A year within a text, with what belongs to it: a word before it, a second year, a month.
_SPAN = (
    r"(?:\b(?:SY|{words})[\s,]+)?(?<!\d)(?:\d{{4}}|\d{{3}}(?=\s*(?:{school}|{plain})))(?:\s*(?:{to})\s*(?:\d{{4}}|\d\d)(?!\d))?"
    r"\s*(?:{school}|{plain})?(?:\s*\d\d?{month})?(?!\d)"
)


def pattern(where: str) -> str:
    """Return a name in which * stands for a year, so that next year's is the same.

    >>> pattern("pupils 2024-25.xlsx[2024学年]"), pattern("births.csv")
    ('pupils *.xlsx[*]', 'births.csv')
    """
    return spans().sub(lambda found: "*" if is_year_word(found[0].strip()) else found[0], where)


@cache
def spans() -> re.Pattern[str]:
    """Return the pattern of years within a text."""
    stated = catalog("reading")["years"]
    words = {
        name: "|".join(sorted(map(re.escape, stated[key]), key=len, reverse=True))
        for name, key in (("to", "to"), ("school", "school_year"), ("plain", "plain"))
    }
    named = [w for key in ("months", "parts") for w in stated[key] if w.isascii() and w.isalpha()]
    words["words"] = "|".join(sorted(named, key=len, reverse=True))
    words["month"] = stated["month"]
    return re.compile(_SPAN.format(**words), re.IGNORECASE)


def years_in(text: str) -> Iterator[int]:
    """Give the school years that a text names.

    >>> list(years_in("海淀区2024-2025学年小学在校生统计表")), list(years_in("pupils 2023"))
    ([2024], [2023])
    >>> list(years_in("2024年3月在校生")), list(years_in("January 2021 census"))
    ([2023], [2020])
    """
    for found in spans().findall(unicodedata.normalize("NFKC", text.replace("_", " "))):
        with suppress(CellError):
            yield read_year(found.strip()).value
