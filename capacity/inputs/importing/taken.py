"""What has been taken from an office's files so far: changed, added up or left out."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from capacity.base.errors import At, Problems
from capacity.inputs.importing.mapfile import SKIP

#: What `Logged` tells of a cell.
CHANGED, SUMMED, LEFT_OUT = "changed", "summed", "left out"
#: What the office says of a block where two differ: it holds, or is a part to be added.
YES, ADD = "yes", "add"
Way = tuple[str, ...]
#: Two sums are the same to so many pupils, places or homes.
_NEAR = 1e-6


class Logged(NamedTuple):
    """A cell or row that is not in the district's tables as it stood in its file.

    ``what`` is one of `CHANGED`, `SUMMED` and `LEFT_OUT`; ``why`` names the reason in a word.
    """

    at: At
    what: str
    why: str
    table: str
    before: str
    after: str = ""


@dataclass(frozen=True)
class Row:
    """One count, with the cell that it comes from.

    Attributes
    ----------
    table : str
    key : tuple
        Values of the table's key: year, place, grade.
    value : float
    at : At
    block : int
        Number of the block; rows of one block with one key are parts that are added up.
    parts : tuple of str
        What else stands in the row, such as its school: tells rows of one key apart.
    names : tuple of str
        Those of them that name a part; others stand in columns that are left out.
    """

    table: str
    key: tuple[Any, ...]
    value: float
    at: At
    block: int
    parts: tuple[str, ...]
    names: tuple[str, ...]


@dataclass
class Taken:
    """What has been taken from the blocks so far.

    Attributes
    ----------
    rows : list of Row
        Counts, which are added up.
    records : list of (table, dict, At)
        Rows of places and projects, which are not.
    changes : list of Logged
    asked : dict of way to candidates
        What only the office can know, by its place in the map.
    problems : Problems
    apart : set of int
        Blocks of which it is said that columns which are left out tell their rows apart.
    outside : dict of str to At
        Words for grades that are in no level, with the first place of each.
    """

    rows: list[Row] = field(default_factory=list)
    records: list[tuple[str, dict[str, Any], At]] = field(default_factory=list)
    changes: list[Logged] = field(default_factory=list)
    asked: dict[Way, tuple[str, ...]] = field(default_factory=dict)
    problems: Problems = field(default_factory=Problems)
    apart: set[int] = field(default_factory=set)
    outside: dict[str, At] = field(default_factory=dict)


class EnoughError(Exception):
    """So many rows of a table are at fault that the others are not looked at."""


class OpenError(Exception):
    """A cell cannot be read before the office has said what it means."""


def summed(
    taken: Taken, labels: Mapping[int, str], said: Mapping[str, str]
) -> dict[str, dict[tuple[Any, ...], float]]:
    """Return the counts of each table by key, parts of one block added up.

    The same key in two blocks, with the same sum of the same names, is one count that stands twice,
    of which one is left out. Else it is asked what each block is: the one that holds, one to leave
    out, or a part that is added to the others.

    Parameters
    ----------
    taken
    labels
        What each block is called where it is asked about.
    said
        What the office says of a block, by this name: `YES`, or `ADD`.
    """
    by_key: dict[tuple[str, tuple[Any, ...]], dict[int, list[Row]]] = {}
    for row in taken.rows:
        by_key.setdefault((row.table, row.key), {}).setdefault(row.block, []).append(row)
    found: dict[str, dict[tuple[Any, ...], float]] = {}
    for (table, key), blocks in by_key.items():
        sums = {block: _sum(rows, taken) for block, rows in blocks.items()}
        answers = {said.get(labels[block], "") for block in blocks}
        if answers == {ADD}:
            found.setdefault(table, {})[key] = math.fsum(sums.values())
            continue
        first, *others = blocks
        for other in others:
            if abs(sums[other] - sums[first]) <= _NEAR and _same_names(
                blocks[first], blocks[other]
            ):
                taken.changes += [
                    Logged(row.at, LEFT_OUT, "again", table, f"{row.value:.15g}")
                    for row in blocks[other]
                ]
            elif "" in answers:
                for block in (first, other):
                    taken.asked["words", "latest", labels[block]] = (YES, SKIP, ADD)
            else:
                _refuse_two(blocks[first][0], blocks[other][0], taken)
        found.setdefault(table, {})[key] = sums[first]
    return found


def _same_names(one: Sequence[Row], other: Sequence[Row]) -> bool:
    """Whether rows of two blocks name the same parts, as schools; a sum names none."""
    mine, its = ({name for row in rows for name in row.names if name} for rows in (one, other))
    return mine == its or not mine or not its


def _refuse_two(one: Row, other: Row, taken: Taken) -> None:
    """Refuse two blocks of which the office says that both hold."""
    if taken.problems.room("import-two", other.at.file):
        key = ", ".join(map(str, other.key))
        taken.problems.error("import-two", other.at, found=key, other=str(one.at))
    else:
        taken.problems.count("import-two", other.at.file)


def _sum(rows: Sequence[Row], taken: Taken) -> float:
    """Add up the parts of one count; two that nothing tells apart are refused."""
    if len(rows) == 1:
        return rows[0].value
    seen: dict[tuple[str, ...], Row] = {}
    named: dict[tuple[str, ...], Row] = {}
    for row in rows:
        if (like := named.setdefault(row.names, row)) is not row and like.parts != row.parts:
            _warn_apart(row, like, taken)
        if (before := seen.setdefault(row.parts, row)) is not row:
            if not taken.problems.room("import-twice", row.at.file):
                taken.problems.count("import-twice", row.at.file)
                continue
            found = ", ".join(map(str, (*row.key, *filter(None, row.parts))))
            taken.problems.error("import-twice", row.at, found=found, other=str(before.at))
    key = " ".join(map(str, rows[0].key))
    for row in rows:
        taken.changes.append(Logged(row.at, SUMMED, "parts", row.table, f"{row.value:.15g}", key))
    return math.fsum(row.value for row in rows)


def _warn_apart(row: Row, other: Row, taken: Taken) -> None:
    """Warn, once in a block, of counts that only a column which is left out tells apart."""
    if row.block not in taken.apart:
        taken.apart.add(row.block)
        pairs = zip(row.parts, other.parts, strict=True)
        found, like = zip(*((own, its) for own, its in pairs if own != its), strict=True)
        facts = {"other": ", ".join(like), "where": str(other.at)}
        taken.problems.warning("import-apart", row.at, found=", ".join(found), **facts)
