"""What has been taken from an office's files so far, and what was changed, summed or left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from capacity.base.errors import At, Problems

#: What `Logged` tells of a cell.
CHANGED, SUMMED, LEFT_OUT = "changed", "summed", "left out"
#: What the office says of a block where two differ: it holds, or is a part to be added.
YES, ADD = "yes", "add"
Way = tuple[str, ...]


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
