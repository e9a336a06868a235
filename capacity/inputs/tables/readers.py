"""The reader of each kind of column: values that must be known to the district or within limits."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from capacity.base.errors import Term, nearest
from capacity.inputs.tables.columns import HUGE, Column, chinese, listed_words, unclear_words
from capacity.inputs.tables.values import (
    YEARS,
    Cell,
    Fault,
    Value,
    bad,
    is_empty,
    normal_code,
    read_code,
    read_month,
    read_number,
    read_year,
    said_grade,
    show,
    tells_stage,
)

ALL = "all"


@dataclass(frozen=True)
class Names:
    """What the cells of a district's tables may name.

    Attributes
    ----------
    regions : tuple of str, or None
        Leaf regions; None where district.yaml does not tell: any code is one.
    levels : mapping of str to (int, int), or None
        First and last grade of each level; None where any level and grade may be.
    titles : mapping of kind to (mapping of code to its titles)
        Of the kinds region and level.
    spellings : dict of (column, matched form) to str
        The codes read so far in other columns, each as it was first written.
    """

    regions: tuple[str, ...] | None
    levels: Mapping[str, tuple[int, int]] | None
    titles: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    spellings: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def grades(self) -> tuple[int, ...]:
        """All grades of all levels, in order."""
        spans = (self.levels or {}).values()
        return tuple(sorted({grade for a, b in spans for grade in range(a, b + 1)}))


def cell_reader(column: Column, names: Names) -> Callable[[Cell], Value]:
    """Return the function that reads a filled cell of ``column``."""
    readers: dict[str, Callable[[], Callable[[Cell], Value]]] = {
        "year": lambda: lambda cell: _read_year(cell, column),
        "month": lambda: read_month,
        "text": lambda: lambda cell: Value(show(cell).strip()),
        "code": lambda: lambda cell: _free_code(cell, column, names),
        "choice": lambda: _choice(column),
        "region": lambda: _declared("unknown-region", names.regions, column, names),
        "level": lambda: _declared("unknown-level", names.levels, column, names),
        "levels": lambda: lambda cell: _read_levels(cell, names),
        "grade": lambda: lambda cell: _read_grade(cell, column, names),
        "whole": lambda: lambda cell: _read_whole(cell, column),
        "number": lambda: lambda cell: _read_number(cell, column),
    }
    return readers[column.kind]()


def _free_code(cell: Cell, column: Column, names: Names) -> Value:
    """Read a code that no file declares; other spellings of it become the first one."""
    value = read_code(cell)
    if value.fault is not None:
        return value
    text = str(value.value)
    form = normal_code(text)
    if form == ALL:
        return Value(ALL) if column.all else bad("code-all")
    code = names.spellings.setdefault((column.name, form), text)
    return Value(code, "code" if code != cell else "")


def _declared(
    code: str, valid: Iterable[str] | None, column: Column, names: Names
) -> Callable[[Cell], Value]:
    """Read a code of district.yaml; any code where its codes cannot be told."""
    if valid is None:
        return lambda cell: _free_code(cell, column, names)
    known = (*valid, ALL) if column.all else tuple(valid)
    return _one_of(code, known, all=column.all, title=_titled(column.kind, names))


def _read_year(cell: Cell, column: Column) -> Value:
    first = int(column.low) or YEARS[0]
    return read_year(cell, first, spans=not column.calendar, autumn=column.autumn)


def _choice(column: Column) -> Callable[[Cell], Value]:
    """Read one of a column's words, or a Chinese word for it."""
    words = {normal_code(word): name for word, name in listed_words(column.name).items()}
    unclear = unclear_words(column.name)
    said = tuple(Term(name, chinese(column.name, name)) for name in column.choices)
    read_name = _one_of("unknown-value", column.choices, said=said)

    def read(cell: Cell) -> Value:
        form = normal_code(cell) if isinstance(cell, str) else ""
        if form in words:
            return Value(words[form], "word")
        if meant := unclear.get(form):
            return bad("unknown-value", known=said, nearest=meant)
        return read_name(cell)

    return read


def _titled(kind: str, names: Names) -> Callable[[str], Fault | None]:
    """Return the function that finds the one region or level of a title."""

    def fault(cell: str) -> Fault | None:
        meant = titled(cell, names.titles.get(kind, {}))
        facts: dict[str, object] = {"title": normal_code(cell), "noun": kind}
        return Fault("title-for-code", {**facts, "name": meant[0]}) if len(meant) == 1 else None

    return fault


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
    title: Callable[[str], Fault | None] = lambda cell: None,
) -> Callable[[Cell], Value]:
    """Read a code that must be one of ``valid``; two spellings of a code are one.

    Messages list it as ``said``, and name the code whose ``title`` the cell says.
    """
    by_form = {normal_code(name): name for name in valid}

    def read(cell: Cell) -> Value:
        value = read_code(cell)
        if value.fault is not None:
            return value
        form = normal_code(str(value.value))
        if form == ALL and not all:
            return bad("code-all")
        name = by_form.get(form)
        if name is None and (fault := title(form)):
            return Value(None, "", fault)
        if name is None:
            return bad(code, known=said or ", ".join(valid), nearest=nearest(form, valid))
        return Value(name, "code" if name != cell else "")

    return read


def _read_levels(cell: Cell, names: Names) -> Value:
    """Read level codes separated by ``;``; the frame has them joined by a bare ``;``."""
    if not isinstance(cell, str):
        return read_code(cell)
    read: Callable[[Cell], Value] = read_code
    if names.levels is not None:
        title = _titled("level", names)
        read = _one_of("unknown-level", tuple(names.levels), title=title)
    parts = cell.replace("\N{FULLWIDTH SEMICOLON}", ";").split(";")
    values = [read(part) for part in parts if not is_empty(part)]
    for value in values:
        if value.fault is not None:
            return value
    text = ";".join(dict.fromkeys(str(value.value) for value in values))
    return Value(text, "code" if text != cell else "")


def _read_number(cell: Cell, column: Column) -> Value:
    value = read_number(cell, column.units)
    if value.fault is not None:
        return value
    number = value.value
    assert isinstance(number, float)
    if number < 0 and column.low >= 0:
        return bad("number-negative")
    if not column.low <= number <= column.high:
        return bad("number-range", low=column.low, high=column.high)
    return value


def _read_whole(cell: Cell, column: Column) -> Value:
    value = _read_number(cell, column)
    if value.fault is not None:
        return value
    assert isinstance(value.value, float)
    if value.value != int(value.value):
        return bad("number-whole")
    return Value(int(value.value), value.change)


def _read_grade(cell: Cell, column: Column, names: Names) -> Value:
    value = _said_grade(cell, names) or read_number(cell, column.units)
    if value.fault is not None:
        return value
    if names.levels is None:
        return _read_whole(cell, replace(column, low=-HUGE)) if value.change != "word" else value
    if value.value not in names.grades:
        return bad("grade-outside", known=", ".join(map(str, names.grades)))
    assert isinstance(value.value, int | float)
    return Value(int(value.value), value.change)


def _said_grade(cell: Cell, names: Names) -> Value | None:
    """Read a grade in words; return None where it is none."""
    said = said_grade(cell) if isinstance(cell, str) else None
    if said is None:
        return None
    stage, grade = said
    if stage and names.levels is not None and not tells_stage(stage, names.levels):
        return bad("grade-unclear", known=", ".join(map(str, names.grades)))
    return Value(grade, "word")
