"""The reader of each kind of column: values that must be known to the district or within limits.

A count that is withheld has a mark in its place: ``*``, ``c``, ``<10``, ``…``.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache

from capacity.base.axes import ALL
from capacity.base.errors import Phrase, Term, nearest, phrase
from capacity.base.formulas import unguarded
from capacity.base.limits import RELATIVE, as_share, percentage
from capacity.base.words import catalog, word
from capacity.inputs.tables.columns import (
    CHOICES,
    CLASSES,
    HUGE,
    PLACES,
    Column,
    chinese,
    listed_words,
    unclear_words,
)
from capacity.inputs.tables.grades import grade_of
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.values import (
    MAX_WORD,
    YEARS,
    Cell,
    CellError,
    Value,
    is_empty,
    is_plain,
    normal_code,
    plain_name,
    read_code,
    read_month,
    read_number,
    show,
    without_marks,
)
from capacity.inputs.tables.withheld import AS_WITHHELD
from capacity.inputs.tables.years import Sense, read_year

_READING = catalog("reading")
_MARKED = _READING["withheld"]
#: The code of the problem of a count that is withheld.
WITHHELD = "counts-withheld"


def cell_reader(column: Column, names: Names, beside: Collection[Cell] = ()) -> Reader:
    """Return the function that reads a filled cell of ``column``, whose cells are ``beside``."""
    readers: dict[str, Callable[[], Reader]] = {
        "year": lambda: _year_reader(column, names, beside),
        "month": lambda: read_month,
        "size": lambda: lambda cell: _read_size(cell, names),
        "text": lambda: lambda cell: Value(show(cell).strip()),
        "code": lambda: lambda cell: _free_code(cell, column, names),
        "choice": lambda: _choice(column),
        "region": lambda: _region(column, names),
        "level": lambda: _declared("unknown-level", names.levels, column, names),
        "levels": lambda: lambda cell: _read_levels(cell, names),
        "grade": lambda: lambda cell: _read_grade(cell, column, names),
        "whole": lambda: lambda cell: _read_whole(cell, column),
        "number": lambda: _count_reader(column, names),
    }
    return readers[column.kind]()


def _free_code(cell: Cell, column: Column, names: Names) -> Value[str]:
    """Read a code that no file declares; other spellings of it become the first one.

    Two codes that differ in case or blanks alone are refused: they may be one or two.
    """
    text = unguarded(read_code(cell).value)
    form = normal_code(text)
    if form == ALL and not column.all:
        raise CellError("code-all")
    if form == ALL:
        return Value(ALL)
    first = names.cases.setdefault((column.name, plain_name(text)), text)
    if normal_code(first) != form:
        raise CellError("code-case", other=first)
    code = names.spellings.setdefault((column.name, form), text)
    return Value(code, "code" if code != cell else "")


def _declared(
    code: str,
    valid: Iterable[str] | None,
    column: Column,
    names: Names,
    said: tuple[Term, ...] = (),
) -> Reader:
    """Read a code of district.yaml; any code where its codes cannot be told."""
    if valid is None:
        return lambda cell: _free_code(cell, column, names)
    known = (*valid, ALL) if column.all else tuple(valid)
    return _one_of(code, known, all=column.all, said=said, noun=column.kind, names=names)


def _region(column: Column, names: Names) -> Reader:
    """Read a region, or a unit that lies in regions where the table adds such up."""
    known_as: tuple[Term, ...] = ()
    if names.sums and names.regions is not None:
        known_as = (phrase("facts.region_or_unit", regions=", ".join(names.regions)),)
    read_region = _declared("unknown-region", names.regions, column, names, said=known_as)
    if names.regions is None or not names.units:
        return read_region
    units = {
        plain_name(name): unit for unit, title in names.units.items() for name in (title, unit)
    }
    known = {normal_code(region) for region in (*names.regions, ALL)}

    def read(cell: Cell) -> Value[str]:
        form = normal_code(cell) if isinstance(cell, str) else ""
        unit = units.get(plain_name(form)) if form not in known else None
        if unit is None:
            return read_region(cell)
        if not names.sums:
            raise CellError("unit-elsewhere", unit=unit)
        return Value(unit, "code" if unit != cell else "")

    return read


def _year_reader(column: Column, names: Names, beside: Collection[Cell]) -> Reader:
    """Read the years of a column, of which all cells are known."""
    first = int(column.low) or YEARS[0]
    sense = Sense(column.sense)

    def read(cell: Cell) -> Value[int]:
        return read_year(
            cell, first, sense=sense, ends=names.stated.births_year_ends, beside=beside
        )

    return read


def _choice(column: Column) -> Reader:
    """Read one of a column's words, or a further word for it, whatever its case and blanks."""
    words = {plain_name(word): name for word, name in listed_words(column.words).items()}
    unclear = {plain_name(word): meant for word, meant in unclear_words(column.words).items()}
    said = tuple(Term(name, chinese(column.words, name)) for name in column.choices)
    read_name = _one_of("unknown-value", column.choices, said=said, noun=column.words)

    def read(cell: Cell) -> Value[str]:
        form = plain_name(cell) if isinstance(cell, str) else ""
        if form in words:
            return Value(words[form], "word")
        if meant := unclear.get(form):
            raise CellError("word-unclear", meant=tuple(_meaning(column, name) for name in meant))
        return read_name(cell)

    return read


def _meaning(column: Column, choice: str) -> Phrase:
    """Return a choice with what it means."""
    said = CHOICES[column.words][choice]
    return Phrase(
        f"{choice} ({said['en']})", word("common.name", "zh", name=choice, word=said["zh"])
    )


def titled(name: str, titles: Mapping[str, Sequence[str]]) -> tuple[str, ...]:
    """Return the codes whose title a name is.

    >>> titled("小学", {"primary": ("小学", "Primary"), "middle": ("初中", "Middle")})
    ('primary',)
    """
    form = normal_code(name).casefold()
    return tuple(
        code
        for code, own in titles.items()
        if form in {normal_code(title).casefold() for title in own if title != code}
    )


def _one_of(
    code: str,
    valid: tuple[str, ...],
    *,
    all: bool = True,
    said: tuple[Term, ...] = (),
    noun: str = "",
    names: Names | None = None,
) -> Reader:
    """Read a code that must be one of ``valid``; two spellings of a code are one.

    Messages list it as ``said``, and name the code of the region or level (``noun``) whose title
    the cell has.
    """
    by_form = {normal_code(name): name for name in valid}
    plain = Counter(map(plain_name, valid))
    by_plain = {plain_name(name): name for name in valid if plain[plain_name(name)] == 1}
    titles = names.titles.get(noun, {}) if names else {}

    def read(cell: Cell) -> Value[str]:
        form = normal_code(read_code(cell).value)
        form = form if form in by_form else unguarded(form)
        if form == ALL and not all:
            raise CellError("code-all")
        if form in by_form:
            return Value(by_form[form], "code" if by_form[form] != cell else "")
        if noun and plain_name(form) in by_plain:
            return Value(by_plain[plain_name(form)], "code")
        meant = titled(form, titles)
        if len(meant) == 1:
            raise CellError("title-for-code", title=form, noun=noun, name=meant[0])
        raise CellError(code, known=said or ", ".join(valid), nearest=nearest(form, valid))

    return read


def _read_levels(cell: Cell, names: Names) -> Value[str]:
    """Read level codes separated by ``;``; the frame has them joined by a bare ``;``."""
    if not isinstance(cell, str):
        return read_code(cell)
    read: Reader = read_code
    if names.levels is not None:
        read = _one_of("unknown-level", tuple(names.levels), noun="level", names=names)
    parts = cell.replace("\N{FULLWIDTH SEMICOLON}", ";").split(";")
    codes = [str(read(part).value) for part in parts if not is_empty(part)]
    text = ";".join(dict.fromkeys(codes))
    return Value(text, "code" if text != cell else "")


def _count_reader(column: Column, names: Names) -> Reader:
    """Read a number; of people, a mark in its place is a count that is withheld.

    In a column of places or classes of a level it may be said otherwise: 24班, 12轨, 2FE.
    """
    prefix = next((one for one in (PLACES, CLASSES) if column.name.startswith(one)), "")
    if prefix and names.levels is not None:
        return _size_reader(column, prefix, names)

    def read(cell: Cell) -> Value[float]:
        if not is_withheld(cell):
            return _read_number(cell, column)
        if names.stated.withheld is None:
            raise CellError(WITHHELD)
        return Value(names.stated.withheld, AS_WITHHELD)

    return read if column.heads else lambda cell: _read_number(cell, column)


def _size_reader(column: Column, prefix: str, names: Names) -> Reader:
    """Read the places or classes of a level, as a number or as what is built."""
    level = column.name.removeprefix(prefix)

    def read(cell: Cell) -> Value[float]:
        try:
            return _read_number(cell, column)
        except CellError as fault:
            if fault.code != "number-invalid" or not isinstance(cell, str):
                raise
            sizes = names.sizes.read(cell, level)
            if sizes is None:
                raise
        if sizes.keys() != {level} or (prefix == CLASSES and sizes[level].unit != "classes"):
            raise CellError("size-elsewhere", levels=", ".join(sizes))
        number = sizes[level].number
        return Value(names.sizes.places(sizes)[level] if prefix == PLACES else number, "size")

    return read


def _read_size(cell: Cell, names: Names) -> Value[str]:
    """Read what is built to the places of each level, as a JSON map."""
    sizes = names.sizes.read(show(cell), "")
    if sizes is None:
        raise CellError("size-unclear")
    places = names.sizes.places(sizes)
    return Value(json.dumps(places, ensure_ascii=False), "size")


def _read_number(cell: Cell, column: Column) -> Value[float]:
    try:
        value = read_number(cell, column.units)
    except CellError as fault:
        if fault.code == "number-percent" and column.high <= RELATIVE:
            raise CellError(fault.code, nearest=percentage(show(cell))) from None
        raise
    if value.value < 0 and column.low >= 0:
        raise CellError("number-negative")
    if not column.low <= value.value <= column.high:
        facts: dict[str, object] = {"low": column.low, "high": column.high}
        if meant := as_share(value.value, column.high):
            facts["nearest"] = meant
        raise CellError("number-range", **facts)
    return value


def _read_whole(cell: Cell, column: Column) -> Value[int]:
    """Read a whole number within the limits of its column."""
    number, change = _read_number(cell, column)
    if number != int(number):
        raise CellError("number-whole")
    return Value(int(number), change)


def _grade_number(cell: Cell, column: Column) -> Value[float]:
    """Read a grade in figures; a word that is none is no number that was meant."""
    try:
        return read_number(cell, column.units)
    except CellError as fault:
        is_word = isinstance(cell, str) and any(map(str.isalpha, cell))
        if fault.code == "number-invalid" and is_word:
            raise CellError("grade-unknown") from None
        raise


def _read_grade(cell: Cell, column: Column, names: Names) -> Value[int]:
    """Read a grade in figures or words; without levels any grade is one."""
    known = ", ".join(map(str, names.grades))
    grade = None
    if isinstance(cell, str) and not is_plain(normal_code(without_marks(cell)[0])):
        try:
            grade = grade_of(cell, names.levels, names.titles.get("level", {}))
        except CellError as fault:
            raise CellError(fault.code, **fault.facts, known=known) from None
    if grade is not None:
        number, said = float(grade), "" if cell == str(grade) else "grade"  # -1 is as written
    else:
        number, said = _grade_number(cell, column)
    if names.levels is None and grade is None:
        return _read_whole(cell, replace(column, low=-HUGE))
    if names.levels is not None and number not in names.grades:
        raise CellError("grade-outside", known=known)
    return Value(int(number), said)


def is_withheld(cell: Cell) -> bool:
    """Whether a mark stands where a count is withheld or not known.

    A number below which it lies and a range of numbers are such marks.

    >>> [is_withheld(cell) for cell in ("*", "<10", "≤5", "1–4", "少于10", "n/a", "12", "0", "")]
    [True, True, True, True, True, True, False, False, False]
    """
    if not isinstance(cell, str) or len(cell) > MAX_WORD:
        return False
    form = " ".join(unicodedata.normalize("NFKC", cell).casefold().split())
    return form in _marks() or cell.strip() in _marks() or _LIMIT.fullmatch(form) is not None


@cache
def _marks() -> frozenset[str]:
    """Return the marks, as they are written and in the form by which cells are compared."""
    stated = _MARKED["marks"]
    return frozenset({*stated, *(unicodedata.normalize("NFKC", mark) for mark in stated)})


def _limit() -> re.Pattern[str]:
    """Return the pattern of a number with what says that a count is below or above it."""
    before, after, to = (
        "|".join(sorted(map(re.escape, words), key=len, reverse=True))
        for words in (_MARKED["before"], _MARKED["after"], _READING["years"]["to"])
    )
    number = r"\d{1,3}"
    return re.compile(
        rf"(?:{before}) ?{number}|{number} ?(?:{after})|{number} ?(?:{to}) ?{number}", re.ASCII
    )


_LIMIT = _limit()
