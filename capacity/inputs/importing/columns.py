"""What the columns of a block hold: words of their headers, and the years and grades they name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from capacity.base.words import catalog
from capacity.inputs.importing.blocks import Axis, Block, parted
from capacity.inputs.importing.vocabulary import (
    TOTAL,
    System,
    plain,
    role_of,
    total_of,
    without_unit,
)
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.values import CellError
from capacity.inputs.tables.years import is_year_word

#: What a column may be named by, beside what it counts.
YEAR, GRADE, LEVEL, AGE, MONTH = "year", "grade", "level", "age", "month"
#: What else stands in the name of a column that is named by a year, grade or level alone.
ALONE = "*"
_DIGIT = re.compile(r"\d{4}|\d\d[/-]\d\d")


@dataclass(frozen=True)
class Held:
    """What one column of a block holds.

    Attributes
    ----------
    index : int
        Of the column in its block.
    header : str
        As the map names it; of a column that is named by a year, grade or level what else stands
        in its name.
    role : str
        What the words of the header say; empty where they say nothing.
    named : mapping of axis to (label, value)
        The year, grade and level by which it is named.
    """

    index: int
    header: str
    role: str
    named: Mapping[str, tuple[str, int | str]] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Whether the column is one of several, named by years, grades or levels."""
        return bool(self.named)


def axis_of(system: System) -> Axis:
    """Return what tells whether a text names a year, a grade or a level of a school system."""
    spans = {level.code: level.grades for level in system.levels}

    @lru_cache(maxsize=4096)
    def axis(text: str) -> tuple[str, int | str] | None:
        bare = without_unit(text) or text
        if _DIGIT.search(bare) and is_year_word(bare):
            return YEAR, bare
        if (age := age_of(bare)) is not None:
            return AGE, age
        if _months().fullmatch(bare.strip()):
            return MONTH, bare
        try:
            if (grade := grade_of(bare, spans)) is not None:
                return GRADE, grade
        except CellError:
            return None
        codes = system.level_codes(bare) if not role_of(bare) else ()
        return (LEVEL, codes[0]) if len(codes) == 1 else None

    return axis


def age_of(text: str) -> int | None:
    """Return the age in years that a text names; None where it names none.

    >>> age_of("3岁"), age_of("Age 4"), age_of("5 周岁"), age_of("4"), age_of("Year 4")
    (3, 4, 5, None, None)
    """
    match = _ages().fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(match[1] or match[2]) if match else None


@cache
def _ages() -> re.Pattern[str]:
    before, after = (
        "|".join(sorted(map(re.escape, catalog("offices")["ages"][key]), key=len, reverse=True))
        for key in ("before", "after")
    )
    return re.compile(rf"(?i)(?:{before})\s*(\d\d?)|(\d\d?)\s*(?:{after})")


@cache
def _months() -> re.Pattern[str]:
    said = catalog("offices")["months"]
    after = "|".join(sorted(map(re.escape, said["after"]), key=len, reverse=True))
    return re.compile(rf"(?i)(?:\d\d?\s*(?:{after})|{'|'.join(said['names'])})")


def columns_of(block: Block, axis: Axis) -> tuple[Held, ...]:
    """Return what each column of a block holds, as far as its header says."""
    return tuple(_held(index, names, axis) for index, names in enumerate(block.names))


def _held(index: int, names: Sequence[str], axis: Axis) -> Held:
    named: dict[str, tuple[str, int | str]] = {}
    rest: list[str] = []
    for name in names:
        if role_of(name) or total_of(name) is not None:
            rest.append(name)
        elif (found := axis(name)) is not None:
            named[found[0]] = name, found[1]
        elif (parts := parted(name, axis)) is not None:
            label, (kind, value), more = parts
            named[kind] = label, value
            rest.append(more)
        else:
            rest.append(name)
    header = " ".join(rest) or (ALONE if named else "")
    roles = [role for text in (header, *rest[::-1]) if (role := role_of(text))]
    if total_of(header) is not None:
        return Held(index, header, TOTAL, named)
    return Held(index, header, roles[0] if roles else "", named)


def signature(held: Iterable[Held]) -> frozenset[str]:
    """Return the headers by which a table is known again next year."""
    return frozenset(plain(one.header) for one in held if not one.is_wide and one.header)
