"""What the columns of a block hold: words of their headers, and the years and grades they name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from operator import or_

from capacity.base.words import catalog
from capacity.inputs.importing.blocks import LEAST, Axis, Block, parted
from capacity.inputs.importing.mapfile import ImportMap
from capacity.inputs.importing.vocabulary import (
    PLACES_NAMED,
    SKIP,
    TOTAL,
    System,
    plain,
    role_of,
    total_of,
    without_unit,
)
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.readers import is_withheld
from capacity.inputs.tables.sheets import total_word
from capacity.inputs.tables.values import (
    DASHES,
    CellError,
    is_empty,
    is_plain,
    show,
    without_accents,
)
from capacity.inputs.tables.years import is_year_word

#: What a column may be named by, beside what it counts.
YEAR, GRADE, LEVEL, AGE, MONTH = "year", "grade", "level", "age", "month"
PLACE = "place"
#: What else stands in the name of a column that is named by a year, grade or level alone.
ALONE = "*"
_DIGIT = re.compile(r"\d{3}|\d\d[/-]\d\d")


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


#: What columns hold where the header names places, and whether that is sure; None: it does not.
Across = tuple[tuple[Held, ...], bool] | None


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
    match = _ages().fullmatch(without_accents(text).strip())
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
    """Return what each column of a block holds, as far as its header says.

    Of several columns that name the region, one that says the same in every row tells nothing, and
    one of codes says what the names beside it say.
    """
    held = [_held(index, names, axis) for index, names in enumerate(block.names)]
    places = [one for one in held if one.role == "region" and not one.is_wide]
    texts = {one.index: _texts(block, one.index) for one in places}
    various = [one for one in places if len(set(texts[one.index])) > 1]
    named = [one for one in various if not all(map(_is_code, texts[one.index]))] or various
    kept = named or places
    if len(kept) == 1:
        spare = {one.index for one in places} - {kept[0].index}
        held = [replace(one, role=SKIP) if one.index in spare else one for one in held]
    return tuple(held)


def _texts(block: Block, index: int) -> list[str]:
    """Return the different texts in a column, totals apart."""
    cells = dict.fromkeys(block.column(index))
    return [show(cell).strip() for cell in cells if not is_empty(cell) and not total_word(cell)]


def _is_code(text: str) -> bool:
    """Whether a text is a code: it has a digit, and no word."""
    return any(map(str.isdigit, text)) and not re.search(r"[^\W\d_]{3}", text)


def places_across(block: Block, held: Sequence[Held], axis: Axis, regions: Iterable[str]) -> Across:
    """Return what columns hold where names in the header may be places, and whether they are.

    None where places stand elsewhere, or fewer than two columns of figures have a name of their
    own. That they are is sure where half of the names are known, or all end as names of places do.
    """
    if any(one.role in PLACES_NAMED and not one.is_wide for one in held):
        return None
    found: dict[int, Held] = {}
    for one in held:
        names = block.names[one.index]
        own = [n for n in names if not (role_of(n) or axis(n) or parted(n, axis))]
        own = [n for n in own if total_of(n) is None]
        if len(own) == 1 and _counts(block, one.index):
            rest = [n for n in names if n not in own and not axis(n)]
            header = " ".join(rest) or ALONE
            named = {**one.named, PLACE: (own[0], own[0])}
            role = TOTAL if total_of(header) is not None else role_of(header)
            found[one.index] = Held(one.index, header, role, named)
    labels = dict.fromkeys(plain(str(one.named[PLACE][1])) for one in found.values())
    if len(labels) < LEAST:
        return None
    known = {plain(region) for region in regions}
    ends = tuple(map(plain, catalog("offices")["places"]["ends"]))
    is_sure = 2 * len(known & labels.keys()) >= len(labels) or all(
        label.endswith(ends) for label in labels
    )
    return tuple(found.get(one.index, one) for one in held), is_sure


def across_of(
    known: ImportMap | None,
    blocks: Sequence[Block],
    held: Sequence[Sequence[Held]],
    axis: Axis,
    named: Sequence[str],
) -> list[Across]:
    """Return, for each block, what its columns hold where its header may name places.

    ``named`` are the regions that columns name, for where there is no map.
    """
    regions = named if known is None else [*known.regions, *known.units]
    pairs = zip(blocks, held, strict=True)
    return [places_across(block, columns, axis, regions) for block, columns in pairs]


def _counts(block: Block, index: int) -> bool:
    """Whether figures stand in a column, and nothing else but marks in place of them."""
    cells = [block.cell(row, index) for row in block.rows]
    cells = [cell for cell in cells if not is_empty(cell) and show(cell).strip() not in DASHES]
    figures = [isinstance(cell, float) or is_plain(cell) for cell in cells]
    marks = [is_withheld(cell) for cell in cells]
    return any(figures) and all(map(or_, figures, marks))


def _held(index: int, names: Sequence[str], axis: Axis) -> Held:
    named: dict[str, tuple[str, int | str]] = {}
    rest: list[str] = []
    for name in names:
        if role_of(name) or total_of(name) is not None:
            rest.append(name)
        elif (found := axis(name)) is not None:
            named[found[0]] = name, found[1]
        elif (parts := parted(name, axis)) is not None:
            named |= parts[0]
            rest.append(parts[1])
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
