"""The reader of each kind of column: values that must be known to the district or within limits."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from capacity.base.axes import ALL
from capacity.base.errors import Phrase, Term, nearest, phrase
from capacity.base.formulas import unguarded
from capacity.base.words import word
from capacity.inputs.tables.columns import (
    CHOICES,
    Column,
    chinese,
    listed_words,
    unclear_words,
)
from capacity.inputs.tables.figures import (
    count_reader,
    read_grade,
    read_size,
    read_whole,
)
from capacity.inputs.tables.names import Names, Reader
from capacity.inputs.tables.values import (
    YEARS,
    Cell,
    CellError,
    Value,
    is_empty,
    normal_code,
    plain_name,
    read_code,
    read_month,
    show,
)
from capacity.inputs.tables.years import Sense, read_year


def cell_reader(column: Column, names: Names, beside: Collection[Cell] = ()) -> Reader:
    """Return the function that reads a filled cell of ``column``, whose cells are ``beside``."""
    readers: dict[str, Callable[[], Reader]] = {
        "year": lambda: _year_reader(column, names, beside),
        "month": lambda: read_month,
        "size": lambda: lambda cell: read_size(cell, names),
        "text": lambda: lambda cell: Value(show(cell).strip()),
        "code": lambda: lambda cell: _free_code(cell, column, names),
        "choice": lambda: _choice(column),
        "region": lambda: _region(column, names),
        "level": lambda: _declared("unknown-level", names.levels, column, names),
        "levels": lambda: lambda cell: _read_levels(cell, names),
        "grade": lambda: lambda cell: read_grade(cell, column, names),
        "whole": lambda: lambda cell: read_whole(cell, column),
        "number": lambda: count_reader(column, names),
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
