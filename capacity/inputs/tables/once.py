"""Faults of many cells of a column that are told once: counts withheld, and unknown regions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from capacity.base.errors import FEW, Phrase, Problems, Term, phrase
from capacity.base.words import ranges
from capacity.inputs.tables import withheld
from capacity.inputs.tables.sheets import Sheet
from capacity.inputs.tables.values import Cell, CellError, show

#: Marks and names, and runs of lines, that are listed before the rest is only counted.
_MARKS, _NAMES, _RUNS = 6, 12, 12
_UNKNOWN = "unknown-region"


def told_once(special: Iterable[str | CellError], *, units: bool) -> frozenset[str]:
    """Return the codes of the faults of a column's distinct cells that are to be told once.

    Many unknown regions are where ``units`` may stand for regions.
    """
    codes = Counter(fault.code for fault in special if isinstance(fault, CellError))
    many = {_UNKNOWN} if units and codes[_UNKNOWN] > FEW else set[str]()
    return frozenset({withheld.CODE, *many})


def tell_once(
    rows: Mapping[str, Sequence[int]],
    cells: Sequence[Cell],
    sheet: Sheet,
    column: tuple[int, Term],
    problems: Problems,
) -> None:
    """Tell faults of one kind once, with the cells that have them and the ways out.

    Parameters
    ----------
    rows : mapping of code to rows
    cells : sequence of Cell
        The whole column.
    sheet : Sheet
    column : (int, Term)
        The index of the column and its name.
    problems : Problems
    """
    index, term = column
    for code, of_code in rows.items():
        found = Counter(show(cells[row]).strip() for row in of_code)
        facts = {"column": term, "count": len(of_code), "lines": runs(sheet, of_code)}
        at = sheet.at(of_code[0], index)
        if code == withheld.CODE:
            marks = found.most_common(_MARKS)
            said = tuple(phrase("facts.mark", mark=mark, count=n) for mark, n in marks)
            problems.error(code, at, **facts, marks=said)
        else:
            first = next(iter(found))
            listed = _listed(list(found))
            problems.error("regions-unknown", at, **facts, names=listed, many=len(found), one=first)


def _listed(names: Sequence[str]) -> tuple[Phrase, ...]:
    said = [phrase("facts.name", name=name) for name in names[:_NAMES]]
    more = len(names) - _NAMES
    return (*said, phrase("facts.more", count=more)) if more > 0 else tuple(said)


def runs(sheet: Sheet, rows: Iterable[int]) -> str:
    """Return the lines of rows, shortly."""
    lines = ranges(sheet.lines[row] for row in rows)
    more = [f"(+{len(lines) - _RUNS})"] if len(lines) > _RUNS else []
    return ", ".join((*lines[:_RUNS], *more))
