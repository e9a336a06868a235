"""What titles, names and rows that only name something say: years, regions, seasons, plans.

Years stand within a text, as a title or the name of a file. A row that only names something names
the region of the schools below it, or their year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import islice

from capacity.base.words import catalog
from capacity.inputs.importing.blocks import Block
from capacity.inputs.importing.columns import YEAR, Held
from capacity.inputs.importing.mapfile import FROM
from capacity.inputs.importing.vocabulary import plain
from capacity.inputs.tables.values import CellError, is_empty, normal_code, show
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


def sections_of(block: Block) -> dict[int, str]:
    """Return the rows of a block in which one name stands alone, above other rows, with the name.

    A text with a colon is a note.
    """
    found: dict[int, str] = {}
    first, second = (*block.columns, *block.columns)[:2]
    for row in block.rows[:-1]:
        own = block.grid.rows[row]
        if first != second and not (is_empty(own[first]) or is_empty(own[second])):
            continue
        every = map(own.__getitem__, block.columns)
        cells = [*islice((cell for cell in every if not is_empty(cell)), 2)]
        if len(cells) == 1 and isinstance(cells[0], str) and ":" not in normal_code(cells[0]):
            found[row] = " ".join(show(cells[0]).split())
    return found


def names_year(text: str) -> bool:
    """Whether a section is that of a year.

    >>> names_year("Fall 2023"), names_year("北部")
    (True, False)
    """
    return any(years_in(text))


def names_of(block: Block) -> tuple[str, ...]:
    """Return the name of the sheet, and that of the file."""
    return (block.grid.sheet, block.stem) if block.grid.sheet else (block.stem,)


def is_forecast(block: Block) -> bool:
    """Whether a table may hold what is expected, and not what was counted."""
    texts = (*block.titles, *names_of(block), *(name for one in block.names for name in one))
    forms = [plain(text) for text in texts]
    return any(plain(word) in form for word in catalog("offices")["forecasts"] for form in forms)


def tells_season(block: Block, held: Sequence[Held], year: str) -> bool:
    """Whether a bare year is no doubt that of an autumn: no word of a title speaks of spring."""
    if year not in FROM:
        return True
    texts = (*block.titles, *names_of(block), *(one.header for one in held))
    if not any(map(_speaks_of_spring, texts)):
        return True
    if year == "header":
        labels = [one.named[YEAR][0] for one in held if YEAR in one.named]
    elif year == "section":
        labels = list(sections_of(block).values())
    elif year == "column":
        column = next((one.index for one in held if one.role == "year"), None)
        labels = [] if column is None else [show(block.cell(r, column)) for r in block.rows]
    else:
        source = {"title": block.titles, "sheet": (block.grid.sheet,)}.get(year, (block.stem,))
        found = [match for text in source for match in spans().findall(text.replace("_", " "))]
        labels = [match.strip() for match in found]
    return not any(re.fullmatch(r"\d{4}(\.0)?", label.strip()) for label in labels)


def _speaks_of_spring(text: str) -> bool:
    """Whether a text has a word for a month or term after the new year."""
    words = {part for part in re.split(r"[\W_\d]+", text.casefold())}
    return any(
        word in words if word.isascii() else re.search(rf"(?<!\d){word}", text) is not None
        for word in catalog("offices")["seasons"]["spring"]
    )
