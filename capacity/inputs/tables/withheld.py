"""Counts that are withheld and stand as what district.yaml states: marked in frames, told once.

A mark goes with its row: to the region to which units are added up, into the part of a district,
to a back-test, which must not take such a figure for what came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import PurePath

from capacity.base.errors import Phrase, Problems, phrase
from capacity.base.titles import filled, in_words
from capacity.base.words import ranges
from capacity.inputs.tables.columns import TABLES, Table
from capacity.inputs.tables.sheets import Change

#: The kind of change where a count that is withheld is filled.
AS_WITHHELD = "withheld"
#: What columns of marks begin with; the name of the column of counts follows.
_MARK = "withheld_"
#: Marks, and runs of lines, that are listed before the rest is only counted.
MARKS, RUNS = 6, 12


def marks_of(table: Table) -> dict[str, str]:
    """Return the columns of a frame that mark withheld counts, by the columns of these."""
    return {column.name: mark_of(column.name) for column in table.columns if column.heads}


def mark_of(column: str) -> str:
    """Return the column of a frame that marks where the count of a column is withheld."""
    return f"{_MARK}{column}"


def is_mark(column: str) -> bool:
    """Whether a column of a frame marks withheld counts: no file has it."""
    return column.startswith(_MARK)


def say_withheld(
    found: Mapping[str, Sequence[Change]], value: float | None, problems: Problems
) -> None:
    """Say in one line how many counts of which tables are withheld, and what stands there.

    Parameters
    ----------
    found
        The changes of each table.
    value
        What stands for each.
    problems
        Takes a warning where there are any.
    """
    own = {
        name: [change for change in changes if change.kind == AS_WITHHELD]
        for name, changes in found.items()
    }
    own = {name: changes for name, changes in own.items() if changes}
    if not own:
        return
    every = [change for changes in own.values() for change in changes]
    marks = Counter[str]()
    for change in every:
        marks[change.before.strip()] += change.count
    counts = {name: sum(change.count for change in changes) for name, changes in own.items()}
    problems.warning(
        "withheld-filled",
        every[0].at,
        count=marks.total(),
        value=value,
        marks=mark_phrases(marks),
        tables=tuple(_told(name, counts[name], changes) for name, changes in own.items()),
        counts=tuple(
            filled("facts.withheld_count", table=_term(name), count=n) for name, n in counts.items()
        ),
    )


def mark_phrases(marks: Counter[str]) -> tuple[Phrase, ...]:
    """Return the words for marks, the most frequent ones, each with how many there are."""
    return tuple(phrase("facts.mark", mark=mark, count=n) for mark, n in marks.most_common(MARKS))


def runs_of(lines: Sequence[int]) -> str:
    """Return lines, shortly."""
    runs = ranges(lines)
    more = [f"(+{len(runs) - RUNS})"] if len(runs) > RUNS else []
    return ", ".join((*runs[:RUNS], *more))


def _term(name: str) -> Phrase:
    return in_words(TABLES[name].term.text)


def _told(name: str, count: int, changes: Sequence[Change]) -> Phrase:
    """Return the words for the counts of a table: how many, and in which lines of which file."""
    lines: dict[str, list[int]] = {}
    for change in changes:
        lines.setdefault(PurePath(change.at.file).name, []).append(change.at.line or 0)
    several = len(lines) > 1
    said = "; ".join(
        f"{file} {runs_of(own)}" if several else runs_of(own) for file, own in lines.items()
    )
    return filled("facts.withheld_cells", table=_term(name), count=count, lines=said)
